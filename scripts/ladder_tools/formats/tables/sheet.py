"""Tables of questions: which sheets and which rows ask something, whatever program they come from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ladder.core.problems import Report
from ladder.core.question import Type
from ladder_tools.formats.model import Feature, Holds, Reading
from ladder_tools.formats.tables.cells import Cell, Picture, Sheet, Span
from ladder_tools.formats.tables.headers import Header, find_headers
from ladder_tools.formats.tables.options import numbers_of
from ladder_tools.formats.tables.row import CONTENT, Row, RowReader, Section
from ladder_tools.formats.text.words import SECTION, half_width

# What a table of questions holds beside stem, choices and key, in the template of 14 columns and in others alike.
HOLDS = Holds.of(
    Type, Feature.DIFFICULTY, Feature.EXPLANATION, Feature.ALTERNATIVES, Feature.SPANS, Feature.KEY_POINTS,
    Feature.KEY_POINT_MARKS, Feature.KEYWORDS,
)
MAX_HEADING = 40
_ENDLESS = 1 << 30  # a row that no sheet has
_BESIDE_HEADINGS = frozenset(("stem", "number", "id", "chapter"))  # columns whose cells may be headings between the rows
_ASKS = frozenset(("stem", "part", "options", "choices"))
_ONE = re.compile(r"(?:[(（]?[A-Z]\s*[.、．:：)）])?(?:(?![A-Z][.、．])[^|；;])*")  # one choice on a line
_SIGNED = re.compile(r"(?:审核|审批|复核|校对|制表|编制|出题|命题|填表)\w{0,3}\s*[:：]|(?:合计|总计|总分|小计)\s*[:：]?\s*\d*\Z")
_NO_QUESTIONS = re.compile(r"说明|须知|版本|注意|字典|readme|notes?\Z|instructions", re.IGNORECASE)
_EACH = re.compile(r"每[小个]?题\s*(\d{1,2}(?:\.\d)?)\s*分")


def read_sheets(reading: Reading, sheets: Iterable[Sheet]) -> Reading:
    """Read every sheet that shows questions; the reading says which are left out and why."""
    lines: Sheet | None = None
    for sheet in sheets:
        headers = find_headers(sheet.rows)
        report = reading.report(sheet.name)
        if not headers:
            if sheet.rows and not sheet.hidden and _is_notes(sheet):
                lines = lines or sheet
            elif not sheet.hidden and not _is_notes(sheet):
                report.warning("sheet-no-header", min(sheet.rows), min(sheet.rows[min(sheet.rows)]))
        elif sheet.hidden:
            report.warning("sheet-hidden", headers[0].row)
        else:
            section = _section_above(sheet, headers[0])
            for header, below in zip(headers, [*(header.top for header in headers[1:]), _ENDLESS], strict=True):
                rows = {row: cells for row, cells in sheet.rows.items() if header.row <= row < below}
                part = replace(sheet, rows=rows, pictures=[one for one in sheet.pictures if header.row < one.row < below])
                _tell_unknown(part, header, report)
                section = _Table(reading, part, header).read(section)
        reading.problems.extend(report.problems)
    if not reading.items:
        if lines and not reading.problems:
            report = reading.report(lines.name)
            report.warning("sheet-no-header", min(lines.rows), min(lines.rows[min(lines.rows)]))
            reading.problems.extend(report.problems)
        reading.fail("source-empty")
    return reading


def _is_notes(sheet: Sheet) -> bool:
    """Whether a sheet without a header is meant to be read by people: notes, a version, or nothing."""
    return _NO_QUESTIONS.search(sheet.name) is not None or all(len(cells) < 2 for cells in sheet.rows.values())


def _tell_unknown(sheet: Sheet, header: Header, report: Report) -> None:
    used = {column for row, cells in sheet.rows.items() if row > header.row for column in cells}
    for column in sorted(used & header.unknown.keys()):
        report.warning("column-unknown", header.row, column, name=" ".join(header.unknown[column].split())[:30])


class _Table:
    """The rows of one sheet under its header."""

    def __init__(self, reading: Reading, sheet: Sheet, header: Header) -> None:
        self.reading, self.sheet, self.header = reading, sheet, header
        self.section = Section()
        self.merged = _merged(sheet, header)
        self.pictures: dict[int, list[Picture]] = {}
        for picture in sheet.pictures:
            self.pictures.setdefault(picture.row, []).append(picture)

    def read(self, section: Section) -> Section:
        """Add an item for each question; what stands above the table is in this section. Returns the last section."""
        digits = self.header.digits or self._counts_from_one()
        at = self.header.fields.get("answer", 0)
        in_stems = not any(at in cells for row, cells in self.sheet.rows.items() if row > self.header.row)
        names = self._numbers_are_names()
        reader = RowReader(self.header, numbers_are_names=names, digits=digits, in_stems=in_stems)
        column, part = self.header.fields["stem"], self.header.fields.get("part", 0)
        self.section = section
        for section, row in self._rows():
            report = self.reading.report(self.sheet.name)
            if row.number in self.sheet.hidden_rows:
                report.warning("row-hidden", row.number, column)
            question, said = reader.read(row, section, report)
            if question:
                self.reading.pictures.update({picture.name: picture.data for picture in row.pictures if picture.data})
            stem = " ".join(row.cells[place].text for place in (column, part) if place in row.cells)
            self.reading.add(report, row.number, stem, question, said, column)
        return self.section

    def _numbers_are_names(self) -> bool:
        """Whether the serial numbers say more than the row's place, which changes when rows are sorted."""
        columns = {self.header.fields.get("number", 0), self.header.fields["stem"]}
        rows = (cells for row, cells in self.sheet.rows.items() if row > self.header.row and columns <= cells.keys())
        numbers = [cells[self.header.fields["number"]].text for cells in rows]
        return len(set(numbers)) == len(numbers) and not all(number.isdecimal() for number in numbers)

    def _counts_from_one(self) -> bool:
        """Whether all answers to lettered choices are numbers, and one shows that these count from 1: that of a last choice."""
        counts = False
        for row, cells in self.sheet.rows.items():
            offered = sum(column in cells for column in self.header.choices.values())
            if row > self.header.row and offered > 1 and (answer := cells.get(self.header.fields.get("answer", 0))):
                numbers = numbers_of(answer.text, offered)
                if not numbers or min(numbers) < 1 or max(numbers) > offered:
                    return False
                counts = counts or max(numbers) == offered
        return counts

    def _rows(self) -> Iterator[tuple[Section, Row]]:
        """The questions, each with the section it stands in. A row that only has options goes on with the question above it."""
        question = None
        for number in sorted({*self.sheet.rows, *self.pictures}):
            cells, pictures = self.sheet.rows.get(number, {}), self.pictures.get(number, [])
            if number <= self.header.row or cells == self.sheet.rows[self.header.row]:  # once more on each printed page
                continue
            own = {self.header.names[column] for column in cells if column in self.header.names}
            if question and self._goes_on(question, own, cells):
                question.go_on(cells, pictures, (self.header.fields[name] for name in own))
                continue
            heading = None if pictures or own - _BESIDE_HEADINGS else _section(cells)
            # Rows numbered in advance, or with nothing but a type chosen from a list, ask nothing.
            if not heading and not pictures and (not own & CONTENT or (not own & _ASKS and _signs(cells))):
                continue
            if question:
                yield self.section, question
            self.section = heading or self.section
            question = None if heading else Row(number, {**self._merged_into(number), **cells}, list(pictures))
        if question:
            yield self.section, question

    def _goes_on(self, question: Row, own: set[str], cells: Mapping[int, Cell]) -> bool:
        """Whether a row with these fields goes on with the question above it: options, one of them with its missing answer."""
        if own != {"options", "answer"} or self.header.fields["answer"] in question.cells:
            return own == {"options"}
        column = self.header.fields["options"]
        above, below = question.cells.get(column, Cell("")).text, cells[column].text
        return "\n" not in below and all(map(_ONE.fullmatch, (*above.split("\n"), below)))

    def _merged_into(self, row: int) -> dict[int, Cell]:
        """What merged cells that begin in a row above say to this one, by column."""
        cells = {}
        for column, spans in self.merged.items():
            at = bisect_left(spans, row, key=lambda span: span.top) - 1
            if at >= 0 and row <= spans[at].bottom:
                cells[column] = self.sheet.rows[spans[at].top][column]
        return cells


def _merged(sheet: Sheet, header: Header) -> dict[int, list[Span]]:
    """The merged ranges of several rows that say something under the header, by column, from the top."""
    merged: dict[int, list[Span]] = {}
    for span in sorted(sheet.spans, key=lambda span: span.top):
        if header.row < span.top < span.bottom and span.left in header.names and span.left in sheet.rows.get(span.top, ()):
            merged.setdefault(span.left, []).append(span)
    return merged


def _section_above(sheet: Sheet, header: Header) -> Section:
    """The section that a table begins in: by the last heading above it, else by the name of the sheet."""
    above = [_section(cells) for row, cells in sorted(sheet.rows.items()) if row < header.row]
    return next(filter(None, reversed(above)), _section_of_name(sheet.name))


def _section_of_name(name: str) -> Section:
    """The section that a whole sheet is: 判断 and 判断题 are, 第一章 is not."""
    heading = name if name.endswith("题") else f"{name}题"
    return Section(heading) if len(name) <= MAX_HEADING and SECTION.match(half_width(heading)) else Section()


def _signs(cells: Mapping[int, Cell]) -> bool:
    """Whether a row closes a table: with who has looked at it, or with a sum."""
    return _SIGNED.match(cells[min(cells)].text) is not None


def _section(cells: Mapping[int, Cell]) -> Section | None:
    """The section that a row of one cell begins."""
    text = next(iter(cells.values())).text if len(cells) == 1 else ""
    if len(text) > MAX_HEADING or not SECTION.match(half_width(text)):
        return None
    marks = _EACH.search(text)
    return Section(text, marks[1] if marks else "")
