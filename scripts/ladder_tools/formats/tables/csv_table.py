"""Tables as text: CSV with commas, semicolons or bars, and tables pasted from Excel with tabs. Read only."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from ladder_tools.formats.encoding import decode
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.tables.cells import MAX_ROWS, Budget, Cell, Kind, Sheet
from ladder_tools.formats.tables.headers import SEARCHED_ROWS, find_header
from ladder_tools.formats.tables.sheet import HOLDS, read_sheets

__all__ = ["HOLDS", "looks_like", "read"]
_DELIMITERS = (",", "\t", ";", "|")
_FORCED = re.compile(r'="([^"]*)"\Z')  # how Excel is told that 0755 is a text
_RULE = re.compile(r"\s*(?::?-{2,}:?\s*)?")  # of what tables with bars have below their header
_HEAD = 20_000
_MAX_LINES = 500_000
# A record longer than this has lost a quote. Only so many are read again line by line, so that the time stays linear.
_MAX_RECORD = 200
_MAX_MENDED = 500


def looks_like(source: Source) -> bool:
    """Whether a source is a table: by its name and a delimiter, or by a header that names stem, answer and one more."""
    head = source.data[:_HEAD]
    if len(head) < len(source.data) and b"\x00" not in head:
        head = head[: head.rfind(b"\n") + 1]
    text = decode(Source(source.file, head), Reading(source.file))
    if not text or text.lstrip().startswith(("<", "{", "---")):
        return False
    lines = text.splitlines(keepends=True)
    delimiter = _delimiter(lines)
    header = find_header(_records(lines[:_MAX_RECORD], delimiter).rows)
    if source.suffix in (".csv", ".tsv"):
        return header is not None or any(delimiter in line for line in lines[:SEARCHED_ROWS])
    return header is not None and "answer" in header.fields and header.known > 2


def read(source: Source) -> Reading:
    """Read a table; each record under the header is an item, with the line it begins on."""
    reading = Reading(source.file)
    text = decode(source, reading)
    if text is None:
        return reading
    if text.count("\n") > _MAX_LINES:
        return reading.fail("sheet-too-big", limit=MAX_ROWS)
    lines = text.splitlines(keepends=True)
    return read_sheets(reading, [_records(lines, _delimiter(lines))])


def _delimiter(lines: Sequence[str]) -> str:
    """What separates cells: that by which the header names most, else that which the first lines hold most often."""
    first = [line[:_HEAD] for line in lines[:SEARCHED_ROWS]]

    def rank(delimiter: str) -> tuple[int, int]:
        header = find_header(_records(first, delimiter).rows)
        return (header.known if header else 0, sum(line.count(delimiter) for line in first))

    return max(_DELIMITERS, key=rank)


def _records(lines: Sequence[str], delimiter: str) -> Sheet:
    """The records by the line that each begins on."""
    sheet, budget = Sheet(""), Budget()
    width = max((line.count(delimiter) for line in lines[:SEARCHED_ROWS]), default=0)
    at, mended = 0, 0
    while at < len(lines):
        values, used, whole = _record(lines, at, delimiter, width)
        if not whole and mended < _MAX_MENDED:
            values, used, mended = lines[at].split(delimiter), 1, mended + 1
        values = [] if all(map(_RULE.fullmatch, values)) else values
        for column, value in enumerate(values, 1):
            text = value.strip()
            if text:
                kind = Kind.TEXT if whole or (used == 1 and text.count('"') % 2 == 0) else Kind.UNCLOSED
                budget.keep(sheet, at + 1, column, Cell(_FORCED.sub(r"\1", text), kind))
        at += used
    return sheet


def _record(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[list[str], int, bool]:
    """The cells of the record that begins on a line, how many lines it takes, and whether its quotes close where they should."""
    if '"' not in lines[at]:
        return lines[at].split(delimiter), 1, True
    reader = csv.reader(lines[at : at + _MAX_RECORD], delimiter=delimiter)
    try:
        values = next(reader)
    except csv.Error:  # a cell of more than 128 KB
        return [lines[at]], 1, False
    used = reader.line_num
    if used == 1:
        return values, 1, True
    taken = lines[at : at + used]
    closed = used < _MAX_RECORD and sum(line.count('"') for line in taken) % 2 == 0
    swallowed = width > 2 and any(line.count(delimiter) >= width for line in taken[1:-1])
    return values, used, closed and not swallowed
