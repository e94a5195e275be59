"""A theory exam as its author writes it: a blueprint over banks, and the rules of sitting it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from ladder.core.document import Document, Line, Meta
from ladder.core.kb import HEADING
from ladder.core.marks import FULL_MARKS, is_too_fine
from ladder.core.problems import Report, nearest
from ladder.core.question import Question, Type, is_multiple_rule

PASS_MARKS = 60
REVIEWS = ("never", "release", "window")
ROUNDINGS = ("exact", "half", "whole", "up", "down")
_COLUMNS = {
    "bank": "bank", "题库": "bank", "kb": "kb", "知识点": "kb", "chapter": "chapter", "章节": "chapter",
    "type": "type", "题型": "type", "d": "d", "难度": "d",
    "count": "count", "题数": "count", "marks": "marks", "每题分": "marks", "每题分值": "marks",
}
_TYPES = {
    "single": Type.SINGLE, "单选": Type.SINGLE, "单选题": Type.SINGLE, "multiple": Type.MULTIPLE, "多选": Type.MULTIPLE,
    "多选题": Type.MULTIPLE, "judge": Type.JUDGE, "判断": Type.JUDGE, "判断题": Type.JUDGE, "blank": Type.BLANK,
    "填空": Type.BLANK, "填空题": Type.BLANK, "short": Type.SHORT, "简答": Type.SHORT, "简答题": Type.SHORT,
    "essay": Type.ESSAY, "论述": Type.ESSAY, "论述题": Type.ESSAY,
}
_NEEDED = ("bank", "type", "count", "marks")
MAX_QUESTIONS = 300  # of a paper, and so of its rows: nobody sits more, and what a paper costs grows with them


@dataclass(frozen=True)
class Row:
    """One row of the blueprint: draw `count` questions of this kind, `marks` each.

    `kb` is an article's id, `chapter` a category of the knowledge base; empty: any.
    """

    bank: str
    kb: str
    chapter: str
    type: Type
    low: int
    high: int
    count: int
    marks: Decimal
    line: int
    columns: tuple[tuple[str, int, int], ...]

    def fits(self, question: Question, chapters: Mapping[str, str]) -> bool:
        """Whether a question may be drawn for this row. `chapters` names the category of each article."""
        article = question.kb.article if question.kb else ""
        return (
            question.type is self.type
            and self.low <= question.difficulty <= self.high
            and self.kb in ("", article)
            and self.chapter in ("", chapters.get(article))
        )

    def place(self, column: str) -> tuple[int, int, int]:
        """Line, column and length of a cell, for problems."""
        at, length = next(((at, length) for name, at, length in self.columns if name == column), (1, 1))
        return self.line, at, length


@dataclass(frozen=True)
class Section:
    """A part of the paper with its own heading and instructions."""

    title: str
    instructions: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Exam:
    """The author's blueprint and rules. `attempts` 0 means as often as one likes; moments are aware UTC.

    `review`: when learners see keys and explanations: `never`, after the `release` of their marks, or when the `window` of the
    exam has closed as well.
    """

    id: str
    title: str
    minutes: int
    attempts: int
    pass_marks: int
    shuffle: bool
    grace_seconds: int
    multiple: str
    sections: tuple[Section, ...]
    start_line: int
    rounding: str = "exact"
    wait_hours: int = 0
    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None
    review: str = "release"

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows in the order of the paper."""
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def marks(self) -> Decimal:
        """What the whole paper is worth."""
        return sum((row.count * row.marks for row in self.rows), Decimal(0))

    @property
    def count(self) -> int:
        """How many questions the paper holds."""
        return sum(row.count for row in self.rows)


def parse_exam(document: Document, default_id: str, report: Report) -> Exam:
    """Read an exam. Whether the banks can supply it is checked by `check_supply`."""
    meta = document.meta
    sections = _parse_sections(document.lines, report)
    sound = not report.problems
    exam = Exam(
        id=meta.slug("id", default_id),
        title=meta.text("title", required=True),
        minutes=meta.integer("minutes", 40, 1, 600),
        attempts=meta.integer("attempts", 0, 0, 100),
        pass_marks=meta.integer("pass", PASS_MARKS, 1, 100),
        shuffle=meta.flag("shuffle", True),
        grace_seconds=meta.integer("grace_seconds", 30, 0, 600),
        multiple=_parse_multiple(meta, report),
        rounding=meta.choice("rounding", ROUNDINGS, "exact"),
        wait_hours=meta.integer("wait_hours", 0, 0, 24 * 60),
        opens_at=meta.moment("opens"),
        closes_at=meta.moment("closes"),
        review=meta.choice("review", REVIEWS, "release"),
        sections=sections,
        start_line=document.lines[0].number if document.lines else 1,
    )
    meta.done()
    _check_length(exam, report)
    if exam.opens_at and exam.closes_at and exam.closes_at <= exam.opens_at:
        place = meta.place("closes")
        report.error("closes-before-open", place.line, place.column, place.length)
    if exam.review == "window" and meta.values.get("closes") is None:
        place = meta.place("review")
        report.error("review-without-close", place.line, place.column, place.length)
    if not exam.rows and sound:
        report.error("no-blueprint", exam.start_line)
    elif exam.rows and exam.marks != FULL_MARKS and not report.problems:
        first = exam.rows[0]
        report.error("marks-not-100", *first.place("marks"), marks=exam.marks)
    return exam


def _check_length(exam: Exam, report: Report) -> None:
    """A paper of thousands is a slip of somebody's, and dealing it would take long."""
    asked = 0
    for row in exam.rows:
        asked += row.count
        if asked > MAX_QUESTIONS:
            report.error("too-many-questions", *row.place("count"), asked=asked, most=MAX_QUESTIONS)
            return


def _parse_multiple(meta: Meta, report: Report) -> str:
    value = meta.values.get("multiple")
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else meta.text("multiple", "all")
    meta.asked.add("multiple")
    if is_multiple_rule(text):
        return text
    place = meta.place("multiple")
    report.error("bad-multiple", place.line, place.column, place.length, value=text)
    return "all"


def _parse_sections(lines: Sequence[Line], report: Report) -> tuple[Section, ...]:
    sections: list[Section] = []
    title, words, table = "", list[str](), list[Line]()

    def close() -> None:
        rows = _parse_table(table, report)
        if rows or title:
            sections.append(Section(title, "\n".join(words).strip(), tuple(rows)))

    for line in lines:
        match = HEADING.match(line.text)
        if match:
            close()
            title, words, table = match["title"], [], []
        elif line.text.lstrip().startswith("|"):
            table.append(line)
        else:
            words.append(line.text)
    close()
    return tuple(sections)


def _cells(line: Line) -> list[tuple[str, int]]:
    """The cells of a table row with the column each begins at."""
    cells = []
    for match in re.finditer(r"\|([^|]*)", line.text):
        text = match[1]
        cells.append((text.strip(), match.start(1) + len(text) - len(text.lstrip()) + 1))
    return cells[:-1] if cells and not cells[-1][0] else cells


def _parse_table(table: list[Line], report: Report) -> list[Row]:
    if not table:
        return []
    header = []
    for text, column in _cells(table[0]):
        name = _COLUMNS.get(text.lower())
        if name is None:
            report.error("unknown-column", table[0].number, column, len(text),
                         name=text, known=nearest(text, _COLUMNS))
        elif name in header:
            report.error("written-twice", table[0].number, column, len(text), name=text)
        header.append(name or "?")
    missing = [name for name in _NEEDED if name not in header]
    if missing and "?" not in header:
        report.error("missing-column", table[0].number, 1, len(table[0].text), columns=", ".join(missing))
    if missing or "?" in header:
        return []
    rows = []
    for line in table[1:]:
        if not re.match(r"[\s|:-]+\Z", line.text):
            row = _parse_row(line, header, report)
            rows += [row] if row else []
    return rows


def _parse_row(line: Line, header: list[str], report: Report) -> Row | None:
    cells = _cells(line)
    if len(cells) != len(header):
        report.error("wrong-cells", line.number, 1, len(line.text), found=len(cells), needed=len(header))
        return None
    values = {name: text for name, (text, _) in zip(header, cells, strict=True)}
    columns = tuple((name, column, len(text) or 1) for name, (text, column) in zip(header, cells, strict=True))
    place = {name: (line.number, column, length) for name, column, length in columns}
    faults = len(report.problems)
    type_ = _TYPES.get(values["type"].lower())
    if type_ is None:
        report.error("unknown-value", *place["type"], key="type", value=values["type"],
                     known=nearest(values["type"], _TYPES))
    span = re.fullmatch(r"([1-5])(?:\s*[-–~]\s*([1-5]))?", values.get("d") or "1-5")
    if not span or span[1] > (span[2] or span[1]):
        report.error("bad-difficulty", *place["d"], value=values["d"])
    if not re.fullmatch(r"[1-9]\d{0,2}", values["count"]):
        report.error("bad-count", *place["count"], value=values["count"])
    try:
        marks = Decimal(values["marks"])
    except InvalidOperation:
        marks = Decimal(0)
    if not (marks.is_finite() and 0 < marks <= FULL_MARKS):
        report.error("bad-marks", *place["marks"], value=values["marks"])
    if len(report.problems) > faults or type_ is None or span is None:
        return None
    if is_too_fine(marks):  # the row is read anyway: papers may have been drawn by it
        report.error("fine-marks", *place["marks"], value=values["marks"])
    return Row(values["bank"], values.get("kb", ""), values.get("chapter", ""), type_, int(span[1]), int(span[2] or span[1]),
               int(values["count"]), marks, line.number, columns)
