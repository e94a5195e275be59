"""What is read from a Word file: lines of text as a reader of the page sees them, and how they look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ladder_tools.formats.word.styles import Look, Mark

PICTURE = "\ufffc"  # before and after the number of a picture, counted from 1


@dataclass(frozen=True)
class Line:
    """One line, with the stretches of it that look marked: mark, start and end."""

    text: str
    marks: tuple[tuple[Mark, int, int], ...] = ()


def stretches(line: Line, mark: Mark) -> list[tuple[int, int]]:
    """Where a line has a mark, runs that go on from each other taken together."""
    found: list[tuple[int, int]] = []
    for mark_, start, end in line.marks:
        if mark_ is not mark:
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _with_blanks(line: Line) -> Line:
    """A line under nothing is a blank to write on; one space is only carelessness."""
    text = line.text
    for start, end in stretches(line, Mark.UNDERLINE):
        gap = line.text[start:end]
        if not gap.strip() and gap != " ":
            text = text[:start] + "＿" * len(gap) + text[end:]
    return Line(text, line.marks)


def joined(lines: Iterable[Line], between: str) -> Line:
    """Several lines as one."""
    text, marks = "", list[tuple[Mark, int, int]]()
    for index, line in enumerate(lines):
        text += between if index else ""
        marks += [(mark, start + len(text), end + len(text)) for mark, start, end in line.marks]
        text += line.text
    return Line(text, tuple(marks))


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, counted from 1 through the whole text and its tables. Line breaks within it make several lines."""

    number: int
    lines: tuple[Line, ...]
    is_title: bool = False

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(line.text for line in self.lines)


Cell = tuple[Paragraph, ...]


@dataclass(frozen=True)
class Table:
    """A table by rows and cells; a table within a cell is paragraphs of that cell."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Told:
    """Something at a paragraph that does not come along as it is."""

    code: str
    paragraph: int
    text: str


@dataclass(frozen=True)
class Picture:
    """A picture in the text: its bytes, its kind as the end of a file name, and what it shows, in words."""

    data: bytes
    kind: str
    alt: str


@dataclass
class Writing:
    """The lines of a paragraph while it is read."""

    parts: list[list[str]] = field(default_factory=lambda: [[]])
    marks: list[list[tuple[Mark, int, int]]] = field(default_factory=lambda: [[]])
    length: int = 0

    def write(self, text: str, look: Look) -> None:
        """Add text; a line end in it begins a line."""
        for index, part in enumerate(text.split("\n")):
            if index:
                self.parts.append([])
                self.marks.append([])
                self.length = 0
            if part:
                self.parts[-1].append(part)
                self.marks[-1] += [(mark, self.length, self.length + len(part)) for mark in look.marks]
                self.length += len(part)

    def lines(self) -> Iterator[Line]:
        """The lines as they stand; empty ones go."""
        for parts, marks in zip(self.parts, self.marks, strict=True):
            text = "".join(parts)
            if text.strip():
                yield _with_blanks(Line(text, tuple(marks)))
