"""A paper and its key as a Word file to go on working with: plain numbers, plain styles, the key in a section of its own."""

from __future__ import annotations

import zipfile
from io import BytesIO

from ladder_tools.formats.model import Output
from ladder_tools.formats.paper.paper import HOLDS, make_paper

__all__ = ["HOLDS", "write"]


def write(output: Output) -> None:
    """Write all banks as one paper."""
    from ladder_tools.formats.paper.docx_body import make_document

    file = BytesIO()
    make_document(make_paper(output), output).save(file)
    output.files[""] = _steady(file)


def _steady(file: BytesIO) -> bytes:
    """The same archive with the same time on each of its files."""
    steady = BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            archive.writestr(zipfile.ZipInfo(name), made.read(name), zipfile.ZIP_DEFLATED)
    return steady.getvalue()
