"""A theory exam: a blueprint over banks, a paper drawn from it, answers read, marks given."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property

from ladder.core.bank import STAFF_MARKED, Bank, Question, Type, fold
from ladder.core.document import Document, Line
from ladder.core.errors import Malformed, Refused
from ladder.core.kb import HEADING
from ladder.core.marks import FULL_MARKS
from ladder.core.problems import Report, nearest

PASS_MARKS = 60
MAX_TEXT = 20_000
_COLUMNS = {
    "bank": "bank", "题库": "bank", "kb": "kb", "知识点": "kb", "type": "type", "题型": "type", "d": "d", "难度": "d",
    "count": "count", "题数": "count", "marks": "marks", "每题分": "marks", "每题分值": "marks",
}
_TYPES = {
    "single": Type.SINGLE, "单选": Type.SINGLE, "单选题": Type.SINGLE, "multiple": Type.MULTIPLE, "多选": Type.MULTIPLE,
    "多选题": Type.MULTIPLE, "judge": Type.JUDGE, "判断": Type.JUDGE, "判断题": Type.JUDGE, "blank": Type.BLANK,
    "填空": Type.BLANK, "填空题": Type.BLANK, "short": Type.SHORT, "简答": Type.SHORT, "简答题": Type.SHORT,
    "essay": Type.ESSAY, "论述": Type.ESSAY, "论述题": Type.ESSAY,
}
_NEEDED = ("bank", "type", "count", "marks")


@dataclass(frozen=True)
class Row:
    """One row of the blueprint: draw `count` questions of this kind, `marks` each."""

    bank: str
    kb: str
    type: Type
    low: int
    high: int
    count: int
    marks: Decimal
    line: int
    columns: tuple[tuple[str, int, int], ...]

    def fits(self, question: Question) -> bool:
        """Whether a question may be drawn for this row."""
        return (
            question.type is self.type
            and self.low <= question.difficulty <= self.high
            and (not self.kb or (question.kb is not None and question.kb.article == self.kb))
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
    """The author's blueprint and rules. `attempts` 0 means as often as one likes."""

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


# -- reading the blueprint ------------------------------------------------------------------------------------------


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
        multiple=meta.choice("multiple", ("all", "half"), "all"),
        sections=sections,
        start_line=document.lines[0].number if document.lines else 1,
    )
    meta.done()
    if not exam.rows and sound:
        report.error("no-blueprint", exam.start_line)
    elif exam.rows and exam.marks != FULL_MARKS and not report.problems:
        first = exam.rows[0]
        report.error("marks-not-100", *first.place("marks"), marks=exam.marks)
    return exam


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
    elif type_ in STAFF_MARKED:
        report.error("staff-marked", *place["type"], type=values["type"])
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
    return Row(values["bank"], values.get("kb", ""), type_, int(span[1]), int(span[2] or span[1]),
               int(values["count"]), marks, line.number, columns)


def check_supply(exam: Exam, banks: Mapping[str, Bank], articles: Collection[str], report: Report) -> None:
    """Whether the banks hold what the blueprint asks for; rows may compete for the same questions."""
    for row, drawn in zip(exam.rows, _deal(exam.rows, _supply(exam, banks)), strict=True):
        if row.bank not in banks:
            report.error("unknown-bank", *row.place("bank"), bank=row.bank, known=nearest(row.bank, banks))
        elif row.kb and row.kb not in articles:
            report.error("unknown-article", *row.place("kb"), id=row.kb, known=nearest(row.kb, articles))
        elif len(drawn) < row.count:
            report.error("short-supply", *row.place("count"), needed=row.count, found=len(drawn))


Supply = list[tuple[str, Question]]


def _supply(exam: Exam, banks: Mapping[str, Bank]) -> Supply:
    """Every question of the exam's banks, with its bank's id."""
    names = dict.fromkeys(row.bank for row in exam.rows if row.bank in banks)
    return [(name, question) for name in names for question in banks[name].questions]


def _deal(rows: Sequence[Row], supply: Supply) -> list[Supply]:
    """Deal questions to the rows they fit, as many as can be; what stands earlier in `supply` is dealt first.

    When a row is full, a question of it moves to another row that it fits (augmenting paths): rows that compete for the same
    questions come out short only when no dealing could fill them.
    """
    hands: list[Supply] = [[] for _ in rows]

    def deal(card: tuple[str, Question], tried: set[int]) -> bool:
        for index, row in enumerate(rows):
            if index in tried or row.bank != card[0] or not row.fits(card[1]):
                continue
            tried.add(index)
            full = len(hands[index]) == row.count
            moved = next((other for other in hands[index] if deal(other, tried)), None) if full else None
            if moved:
                hands[index].remove(moved)
            if len(hands[index]) < row.count:
                hands[index].append(card)
                return True
        return False

    for card in supply:
        deal(card, set())
    return hands


# -- the paper ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One question on a paper. `order` lists the author's choice indices in the order shown."""

    question: str
    section: int
    marks: Decimal
    order: tuple[int, ...]


@dataclass(frozen=True)
class Paper:
    """What one learner was given. Frozen at the start of the attempt."""

    items: tuple[Item, ...]

    def to_json(self) -> list[list[object]]:
        """As stored in the attempt: `[[question, section, marks, [order]], …]`."""
        return [[item.question, item.section, str(item.marks), list(item.order)] for item in self.items]

    @classmethod
    def from_json(cls, rows: Sequence[Sequence[object]]) -> Paper:
        """The stored form, back."""
        return cls(tuple(Item(str(q), int(str(s)), Decimal(str(m)), tuple(o)) for q, s, m, o in rows))  # type: ignore[arg-type]


def draw_paper(exam: Exam, banks: Mapping[str, Bank], seed: str, seen: Collection[str] = ()) -> Paper:
    """Draw a paper. The same seed gives the same paper; questions not in `seen` come first."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, not secret: the seed is)
    supply = _supply(exam, banks)
    chance.shuffle(supply)
    supply.sort(key=lambda card: card[1].id in seen)
    hands = _deal(exam.rows, supply)
    if any(len(hand) < row.count for row, hand in zip(exam.rows, hands, strict=True)):
        raise Refused("This exam is not ready yet.")
    return Paper(tuple(_items(exam, hands, chance)))


def _items(exam: Exam, hands: Sequence[Supply], chance: random.Random) -> Iterable[Item]:
    """What was dealt, as it stands on the paper: shuffled, or row by row in the order of the bank."""
    dealt = iter(hands)
    for number, section in enumerate(exam.sections):
        part = []
        for row in section.rows:
            for _, question in sorted(next(dealt), key=lambda card: card[1].line):
                order = list(range(len(question.choices)))
                if exam.shuffle and not question.fixed:
                    chance.shuffle(order)
                part.append(Item(question.id, number, row.marks, tuple(order)))
        if exam.shuffle:
            chance.shuffle(part)
        yield from part


# -- answers --------------------------------------------------------------------------------------------------------

Answer = tuple[int, ...] | tuple[str, ...]


def read_answer(value: object, item: Item, question: Question) -> Answer:
    """An untrusted answer, typed. Choices arrive as positions on this paper and leave as the author's indices.

    Shapes: `[2]` or `[]` for one choice, `[0, 2]` for several, `["48", ""]` for blanks, `["text"]` for written answers.
    """
    if not isinstance(value, list):
        raise Malformed("answer")
    if question.choices:
        return _read_choices(value, item, question)
    length = len(question.blanks) or 1
    if len(value) != length or any(not isinstance(text, str) or len(text) > MAX_TEXT for text in value):
        raise Malformed("answer")
    if any("\0" in text for text in value):
        raise Malformed("answer")
    return tuple(value)


def _read_choices(value: list[object], item: Item, question: Question) -> tuple[int, ...]:
    positions = [v for v in value if isinstance(v, int) and not isinstance(v, bool) and 0 <= v < len(item.order)]
    several = question.type is Type.MULTIPLE
    if len(positions) != len(value) or len(set(positions)) != len(positions) or (len(value) > 1 and not several):
        raise Malformed("answer")
    return tuple(sorted(item.order[position] for position in positions))


def shown_answer(answer: Answer | Sequence[object], item: Item) -> list[object]:
    """A stored answer as this paper's page knows it (the inverse of `read_answer`)."""
    if item.order:
        return [*sorted(item.order.index(int(str(choice))) for choice in answer)]
    return list(answer)


def is_answered(answer: Sequence[object] | None) -> bool:
    """Whether anything was chosen or written."""
    return bool(answer) and any(not isinstance(part, str) or part.strip() for part in answer or ())


# -- marking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemResult:
    """Marks of one question; None while a person has yet to mark it."""

    question: str
    earned: Decimal | None
    possible: Decimal


@dataclass(frozen=True)
class Result:
    """Marks of a paper, item by item in the paper's order."""

    items: tuple[ItemResult, ...]

    @property
    def pending(self) -> bool:
        """Whether something waits for a person's marks."""
        return any(item.earned is None for item in self.items)

    @property
    def marks(self) -> Decimal:
        """What has been earned so far, of 100."""
        return sum((item.earned for item in self.items if item.earned is not None), Decimal(0))


def grade(
    paper: Paper, questions: Mapping[str, Question], answers: Mapping[str, Sequence[object]], multiple: str
) -> Result:
    """Mark a paper. `answers` are the stored answers by question id; what is not there earns nothing."""
    return Result(tuple(
        ItemResult(item.question, mark(questions[item.question], answers.get(item.question), item.marks, multiple), item.marks)
        for item in paper.items
    ))


def mark(question: Question, answer: Sequence[object] | None, possible: Decimal, multiple: str) -> Decimal | None:
    """Marks for one answer: full, part or none; None for what only a person may mark."""
    if question.type in STAFF_MARKED:
        return None
    if not answer:
        return Decimal(0)
    if question.type is Type.BLANK:
        right = sum(_fills(text, accepted) for text, accepted in zip(answer, question.blanks, strict=True))
        return _share(possible, right, len(question.blanks))
    chosen, key = set(answer), set(question.key)
    if chosen == key:
        return possible
    if multiple == "half" and question.type is Type.MULTIPLE and chosen < key:
        return _share(possible, 1, 2)
    return Decimal(0)


def _share(possible: Decimal, right: int, parts: int) -> Decimal:
    """Part of the marks, to the hundredth; all parts right earn all marks, whatever their decimals."""
    return min(possible, (possible * right / parts).quantize(Decimal("0.01"), ROUND_HALF_UP)) if right < parts else possible


def _fills(text: object, accepted: Iterable[str]) -> bool:
    return fold(str(text)) in {fold(answer) for answer in accepted}
