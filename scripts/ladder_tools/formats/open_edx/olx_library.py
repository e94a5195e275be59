"""Banks as a library of Studio of the older kind, which "Import library" takes; newer ones take `content-library`."""

from __future__ import annotations

from lxml import etree

from ladder_tools.build import archive_of
from ladder_tools.formats.model import Feature, Holds, Output
from ladder_tools.formats.open_edx.olx_course import ORG
from ladder_tools.formats.open_edx.olx_write import HOLDS as PROBLEM_HOLDS, named, pictures_of, problem_file, xml_file

# Studio keeps no files for these libraries: the pictures are in the archive, and have to be uploaded to the course.
HOLDS = Holds(PROBLEM_HOLDS.types, PROBLEM_HOLDS.features - {Feature.PICTURES})
_FOLDER = "library"  # where Studio looks for library.xml


def write(output: Output) -> None:
    """Write one archive with every question."""
    first, problems = output.banks[0], named(output.banks)
    root = etree.Element("library", {"xblock-family": "xblock.v1"}, display_name=first.title, org=ORG, library=first.id)
    for one in problems:
        etree.SubElement(root, "problem", url_name=one.name)
    files = {"library.xml": xml_file(root), "policies/assets.json": b"{}\n"}
    for one in problems:
        files[f"problem/{one.name}.xml"] = problem_file(output, one)
        files |= {f"static/{name}": data for name, data in pictures_of(one.question, output.pictures).items()}
    output.files[""] = archive_of(_FOLDER, files)
