"""Word files, as trainers write papers in them: numbers that Word counts, answers in red, choices in tables, pictures.

Only lines leave this module; what they mean is for the readers of Chinese text and of tables to say. Word's XML is read here
itself: what a page shows of numbers, changes, fields and hidden words, python-docx does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ladder_tools.formats.archive import Hostile, is_zip
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.tables.cells import Sheet
from ladder_tools.formats.tables.sheet import read_sheets
from ladder_tools.formats.text import text
from ladder_tools.formats.word.body import Body
from ladder_tools.formats.word.key import marked_choices
from ladder_tools.formats.word.lines import Line, Paragraph, Table
from ladder_tools.formats.word.place import place_pictures, place_told
from ladder_tools.formats.word.table import NumberedLine, as_sheet, lines_of

__all__ = ["looks_like", "read"]
MAX_LINE = 20_000  # characters
MAX_TEXT = 5_000_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also around a .docx with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SUFFIXES = (".docx", ".docm", ".doc", ".wps")


def looks_like(source: Source) -> bool:
    """Whether a source is a Word file, or has the name of one: then it is for `read` to say what is wrong with it."""
    return source.suffix in _SUFFIXES or (is_zip(source.data) and b"word/document" in source.data)


def read(source: Source) -> Reading:
    """Read a Word file. The line of an item is the paragraph, of one from a table under a header the row."""
    reading = Reading(source.file)
    if not is_zip(source.data):
        locked, old = _LOCKED in source.data, source.data.startswith(_OLD)
        return reading.fail("docx-locked" if locked else "docx-old" if old else "docx-other")
    body = Body(source.data)
    blocks = list(_blocks(body))
    title = next((block for block in blocks if isinstance(block, Paragraph) and block.is_title), None)
    if title:
        blocks.remove(title)
        reading.title = " ".join(title.text.split())
    lines = list(_lines(blocks))
    lengths = [len(line.text) for _, line in lines]
    if max(lengths, default=0) > MAX_LINE or sum(lengths) > MAX_TEXT:
        raise Hostile("docx-too-long")
    spans = marked_choices([line for _, line in lines])
    rows = [text.Row(number, line.text, marked) for (number, line), marked in zip(lines, spans, strict=True)]
    if rows:
        text.read_rows(rows, reading)
    place_told(reading, body.told)
    for sheet in (block for block in blocks if isinstance(block, Sheet)):
        found = read_sheets(Reading(source.file), [sheet])
        reading.items += found.items
        reading.problems += found.problems
    place_pictures(reading, body.pictures)
    return reading


def _blocks(body: Body) -> Iterator[Paragraph | Table | Sheet]:
    """What the text is made of; tables of questions under a header as sheets, named by their number."""
    number = 0
    for block in body.blocks:
        number += isinstance(block, Table)
        yield (as_sheet(block, f"表{number}") or block) if isinstance(block, Table) else block


def _lines(blocks: Iterable[Paragraph | Table | Sheet]) -> Iterator[NumberedLine]:
    for block in blocks:
        if isinstance(block, Table):
            yield from lines_of(block)
        elif isinstance(block, Paragraph):
            yield from ((block.number, line) for line in block.lines or (Line(""),))
