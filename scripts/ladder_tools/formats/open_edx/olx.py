"""Open edX's native problems (OLX): one file, a course or a library as Studio exports them, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from ladder_tools.formats.archive import Hostile, open_archive, parse_xml
from ladder_tools.formats.encoding import clean, head_of
from ladder_tools.formats.model import Output, Reading, Source
from ladder_tools.formats.open_edx.olx_page import Shelf, line_number, refuse
from ladder_tools.formats.open_edx.olx_problem import read_problem
from ladder_tools.formats.open_edx.olx_write import HOLDS, Named, named, pictures_of, problem, problem_file, xml_file

__all__ = ["HOLDS", "looks_like", "read", "write"]

MAX_DEPTH = 30
# What holds other blocks. Whatever else is no problem is counted and left out.
_CONTAINERS = frozenset((
    "course", "library", "chapter", "sequential", "vertical", "videosequence", "problemset", "unit", "wrapper", "randomize",
    "conditional", "split_test", "library_content", "legacy_library_content", "itembank",
))
_ASIDE = frozenset(("wiki", "textbook", "pdf_textbook", "html_textbook", "static_tab", "show", "problem", *_CONTAINERS))
_PROLOG = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_DRAFT = re.compile(r"(?:\A|/)drafts/")
_ROOT = re.compile(r"<(?:problem|library|course|chapter|sequential|vertical|problemset)[\s>/]")


def looks_like(source: Source) -> bool:
    """Whether a source is OLX: XML whose first element is a block, or a tar archive."""
    if _is_archive(source):
        return source.suffix != ".mbz"  # a backup of Moodle is such an archive too
    return _ROOT.match(_PROLOG.sub("", head_of(source.data)).lstrip()) is not None


def _is_archive(source: Source) -> bool:
    return source.data.startswith(b"\x1f\x8b") or source.data[257:262] == b"ustar"


def read(source: Source) -> Reading:
    """Read every problem, in the order of the course. Raises `Hostile` for what must not be opened."""
    reading = Reading(source.file)
    if _is_archive(source) or source.suffix in (".tar.gz", ".tar"):
        _Course(reading, open_archive(source.data)).read()
        return reading
    root = parse_xml(source.data)
    course = _Course(reading, {}, shelf=Shelf(None))
    course.block(root, "", 0)
    course.shelf.tell(reading)
    return reading


@dataclass
class _Course:
    """An exported course or library while it is walked; `root` is the folder that its files stand in, with its slash."""

    reading: Reading
    files: Mapping[str, bytes]
    root: str = ""
    shelf: Shelf = field(default_factory=lambda: Shelf({}))
    seen: set[str] = field(default_factory=set)

    def read(self) -> None:
        """Walk from `course.xml` or `library.xml`; without either, every problem file by name."""
        starts = sorted((path for path in self.files if re.search(r"(?:\A|/)(?:course|library)\.xml\Z", path)), key=_nearness)
        self.root = starts[0].rpartition("/")[0] + "/" if starts and "/" in starts[0] else ""
        self.shelf.pictures = {
            path.rpartition("/")[2]: data for path, data in self.files.items() if re.search(r"(?:\A|/)(?:static|assets)/", path)
        }
        for start in starts[:1]:
            self.file(start, 0)
        problems = [path for path in sorted(self.files) if re.search(r"(?:\A|/)problem/[^/]+\.xml\Z", path)]
        unused = [path for path in problems if path not in self.seen and not _DRAFT.search(path)]
        drafts = sum(1 for path in problems if path not in self.seen and _DRAFT.search(path))
        if not starts:
            for path in unused:
                self.file(path, 0)
        elif unused:
            self.reading.warn("olx-unused", count=len(unused))
        if drafts:
            self.reading.warn("olx-drafts", count=drafts)
        self.shelf.tell(self.reading)

    def file(self, path: str, depth: int) -> None:
        """Read the block in a file, once."""
        if path in self.seen:
            return
        self.seen.add(path)
        try:
            self.block(parse_xml(self.files[path]), path, depth)
        except Hostile as error:
            self._broken(path, error)

    def block(self, element: etree._Element, path: str, depth: int) -> None:
        """Read a block that stands in the file `path`: a problem, or what its container holds."""
        pointed = _pointed(element) if self.files else ""
        if pointed:
            self._follow(element, pointed, path, depth)
        elif element.tag == "problem":
            self._problem(element, path)
        elif depth < MAX_DEPTH:
            self._title(element)
            for child in element:
                if child.tag in _CONTAINERS or child.tag == "problem":
                    self.block(child, path, depth + 1)
                elif child.tag not in _ASIDE:
                    self.shelf.others[child.tag] += 1

    def _title(self, element: etree._Element) -> None:
        if element.tag in ("course", "library") and not self.reading.title:
            self.reading.title = " ".join(clean(element.get("display_name", "")).split())

    def _follow(self, element: etree._Element, pointed: str, path: str, depth: int) -> None:
        to = f"{self.root}{element.tag}/{pointed.replace(':', '/')}.xml"
        if to in self.files:
            self.file(to, depth + 1)
        elif element.tag == "problem":
            refuse(self.reading, self._called(path), pointed, "olx-no-file", line_number(element), name=to)
        else:
            self.reading.problems += Reading(self._called(path)).fail("olx-no-file", line_number(element), name=to).problems

    def _broken(self, path: str, error: Hostile) -> None:
        """A problem that cannot be parsed is an item all the same."""
        if re.search(r"(?:\A|/)problem/[^/]+\Z", path):
            name = path.rpartition("/")[2]
            refuse(self.reading, self._called(path), name, error.code, error.line, error.column, **error.words)
        else:
            failed = Reading(self._called(path)).fail(error.code, error.line, error.column, **error.words)
            self.reading.problems += failed.problems

    def _problem(self, element: etree._Element, path: str) -> None:
        name = path.rpartition("/")[2].removesuffix(".xml")
        if name and not element.get("url_name") and element.getparent() is None:
            element.set("url_name", name)
        inside = Reading(self._called(path), pictures=self.reading.pictures)
        read_problem(element, inside, self.shelf)
        self.reading.items += inside.items

    def _called(self, path: str) -> str:
        """A file of the archive as people find it."""
        return f"{self.reading.file}/{path}" if path else self.reading.file


def _pointed(element: etree._Element) -> str:
    """The url_name of the file that an element stands for; `""` when it holds its block itself."""
    more = {"org", "course"} if element.tag == "course" else set()
    if len(element) or (element.text or "").strip() or set(element.attrib) - more != {"url_name"}:
        return ""
    return element.get("url_name", "")


def _nearness(path: str) -> tuple[int, str]:
    """Archives may hold one folder around everything, and courses a second `course.xml` further in."""
    return path.count("/"), path


# -- writing ----------------------------------------------------------------------------------------------------------


def write(output: Output) -> None:
    """Write problems: a folder of them, one file, or, for an archive, a course that Studio imports."""
    problems = named(output.banks)
    if Source(output.name, b"").suffix in (".tar.gz", ".tar"):
        from ladder_tools.formats.open_edx.olx_course import course_archive  # needs what builds courses

        output.files[""] = course_archive(output, problems)
    elif output.name:
        output.files[""] = xml_file(_single(output, problems))
    else:
        for one in problems:
            output.files[f"problem/{one.name}.xml"] = problem_file(output, one)
            pictures = pictures_of(one.question, output.pictures)
            output.files |= {f"static/{name}": data for name, data in pictures.items()}


def _single(output: Output, problems: Sequence[Named]) -> etree._Element:
    """One problem, or a unit that holds them all."""
    if len(problems) == 1:
        return problem(output, problems[0])
    unit = etree.Element("vertical", display_name=output.banks[0].title)
    unit.extend(problem(output, one) for one in problems)
    return unit
