"""Web pages under the name of a workbook: what many systems give people who ask them for Excel."""

from __future__ import annotations

import re

from lxml import etree, html

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.encoding import clean, decode
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.tables.cells import MAX_ROWS, Budget, Cell, Sheet, Span
from ladder_tools.formats.tables.headers import find_header
from ladder_tools.formats.tables.sheet import read_sheets

_HEAD = 4000
_TAG = re.compile(rb"<(?:html|table|meta|head|body|style)\b", re.IGNORECASE)
_BREAKS = frozenset(("br", "p", "div", "li"))
_MAX_PAGE = 5_000_000
_MAX_COLUMNS = 200


def is_web_page(data: bytes) -> bool:
    """Whether bytes are a page rather than a workbook, also one that Excel wrote as XML."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and _TAG.search(head) is not None and b"<?mso-application" not in head


def read_page(source: Source) -> Reading:
    """Read the first table of a page that has a header; the line of an item is its row in the table. Raises `Hostile`."""
    reading = Reading(source.file)
    text = decode(source, reading)
    if text is None:
        return reading
    if len(source.data) > _MAX_PAGE:
        raise Hostile("source-too-big", limit=_MAX_PAGE // 1_000_000)
    budget, parser = Budget(), html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*>", "", text), parser=parser)
    except etree.ParserError:  # nothing but comments
        return reading.fail("source-empty")
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        raise Hostile("xml-deep", limit=256)  # lxml's HTML parser leaves out what is deeper
    if sum(1 for _ in root.iter("tr")) > MAX_ROWS:
        raise Hostile("sheet-too-big", limit=MAX_ROWS)
    sheets = (_sheet(table, budget) for table in root.iter("table"))
    sheet = next((sheet for sheet in sheets if find_header(sheet.rows)), None)
    return read_sheets(reading, [sheet]) if sheet else reading.fail("source-page")


def _sheet(table: etree._Element, budget: Budget) -> Sheet:
    """A table as rows and columns. A cell with a table in it is layout and says nothing itself."""
    sheet = Sheet("")
    until: dict[int, int] = {}  # the last row that a cell above takes, by column
    parts = [table, *table.iterchildren("thead", "tbody", "tfoot")]
    for number, row in enumerate((row for part in parts for row in part.iterchildren("tr")), 1):
        column = 1
        for cell in row.iterchildren("td", "th"):
            while until.get(column, 0) >= number:
                column += 1
            if column > _MAX_COLUMNS:
                break
            bottom, right = number + _span(cell, "rowspan") - 1, column + _span(cell, "colspan") - 1
            text = _text(cell) if cell.find(".//table") is None else ""
            if text:
                budget.keep(sheet, number, column, Cell(text))
            if bottom > number:
                sheet.spans.append(Span(number, column, bottom, right))
                until |= dict.fromkeys(range(column, right + 1), bottom)
            column = right + 1
    return sheet


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    most = _MAX_COLUMNS if name == "colspan" else MAX_ROWS
    return min(max(int(value), 1), most) if re.fullmatch(r"[0-9]{1,5}", value) else 1


def _text(cell: etree._Element) -> str:
    """The words of a cell, a line for each of its paragraphs."""
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            parts += ["\n"] if element.tag in _BREAKS else []
            parts.append(" ".join((element.text or "").split()))
        elif element is not cell:
            parts.append(" ".join((element.tail or "").split()))
    return re.sub(r"\s*\n\s*", "\n", clean("".join(parts))).strip()
