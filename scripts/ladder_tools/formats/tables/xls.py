"""Tables of Excel 97 to 2003. Read only."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.tables.cells import MAX_ROWS, Budget, Cell, Kind, Picture, Sheet, Span, shown
from ladder_tools.formats.tables.sheet import HOLDS, read_sheets
from ladder_tools.formats.tables.web_page import is_web_page, read_page
from ladder_tools.formats.tables.xls_pictures import Record, find_pictures

if TYPE_CHECKING:
    import xlrd

__all__ = ["HOLDS", "looks_like", "read"]
MAX_XLS = 20_000_000
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Workbook", "Book")  # of Excel 97 and 95
_MULBLANK = 0x00BE  # a record of empty cells, with two bytes for the format of each
_MAX_RECORDS = 1_000_000
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)  # xlrd's types of cells
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
# What the parsers of binary records raise for records that are cut or lie.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RecursionError, TypeError,
    ValueError, struct.error,
)


def looks_like(source: Source) -> bool:
    """Whether a source is such a table: a compound file with a workbook in it, or a web page that goes by the name of one."""
    if source.suffix == ".xls" and is_web_page(source.data):
        return True
    return source.data.startswith(_SIGNATURE) and (_STREAMS[0].encode("utf-16-le") in source.data or source.suffix == ".xls")


def read(source: Source) -> Reading:
    """Read every sheet; each row under a header is an item. Raises `Hostile`."""
    import xlrd

    if is_web_page(source.data):
        return read_page(source)
    if len(source.data) > MAX_XLS:
        raise Hostile("source-too-big", limit=MAX_XLS // 1_000_000)
    budget = Budget()
    try:
        stream = workbook_stream(source.data)
        pictures = find_pictures(records(stream))
        book = xlrd.open_workbook(file_contents=stream, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        sheets = [_sheet(book, sheet, budget, pictures.get(number, [])) for number, sheet in enumerate(book.sheets())]
    except (xlrd.XLRDError, *_BROKEN) as error:
        raise Hostile("xls-broken", detail=" ".join(str(error).split())[:80] or type(error).__name__) from error
    return read_sheets(Reading(source.file), sheets)


def workbook_stream(data: bytes) -> bytes:
    """The workbook in a compound file. Raises `OSError`. Not read by xlrd, which follows a chain of sectors round in circles."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as document:
        name = next(filter(document.exists, _STREAMS), None)
        if name is None:
            raise EOFError("no workbook")
        return document.openstream(name).read()


def records(stream: bytes) -> Iterator[Record]:
    """The records of a workbook. Raises `Hostile` for too many: xlrd keeps each empty cell that has a format."""
    at = seen = 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        seen += size // 2 if code == _MULBLANK else 1
        if seen > _MAX_RECORDS:
            raise Hostile("sheet-too-big", limit=MAX_ROWS)
        yield Record(code, at, stream[at + 4 : at + 4 + size])
        at += 4 + size


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet, budget: Budget, pictures: list[Picture]) -> Sheet:
    table = Sheet(clean(sheet.name), pictures=pictures, hidden=sheet.visibility != 0)
    table.spans = [Span(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
    table.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    for row in range(sheet.nrows):
        for column, value in enumerate(sheet.row(row), 1):
            cell = _cell(book, value)
            if cell.text:
                budget.keep(table, row + 1, column, cell)
    return table


def _cell(book: xlrd.Book, cell: xlrd.sheet.Cell) -> Cell:
    if cell.ctype == _TEXT:
        return Cell(clean(cell.value).strip())
    if cell.ctype in (_NUMBER, _DATE):
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return shown(cell.value, code, from_1904=book.datemode == 1)
    if cell.ctype == _BOOLEAN:
        return Cell("TRUE" if cell.value else "FALSE", Kind.BOOLEAN)
    if cell.ctype == _ERROR:
        return Cell(_ERRORS.get(cell.value, "#ERROR!"), Kind.ERROR)
    return Cell("")
