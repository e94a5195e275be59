"""The two-way table of an exam (双向细目表): what a paper asks by knowledge point and type, as the blueprint makes it likely."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ladder.core.bank import Bank
from ladder.core.drawing import levels_drawn
from ladder.core.exam import Exam, Row
from ladder.core.question import Type


@dataclass(frozen=True)
class Cell:
    """Questions that may be drawn, and the marks they bring on average."""

    questions: int
    marks: Fraction


@dataclass(frozen=True)
class RowSupply:
    """A row of the blueprint with the questions that fit it."""

    section: str
    row: Row
    fitting: int


@dataclass(frozen=True)
class TwoWayTable:
    """`cells` by (article id, type); the article is empty for questions that name none."""

    rows: tuple[RowSupply, ...]
    cells: Mapping[tuple[str, Type], Cell]

    @property
    def articles(self) -> tuple[str, ...]:
        """Knowledge points, those with most marks first."""
        marks: dict[str, Fraction] = defaultdict(Fraction)
        for (article, _), cell in self.cells.items():
            marks[article] += cell.marks
        return tuple(sorted(marks, key=lambda article: (-marks[article], article)))

    @property
    def types(self) -> tuple[Type, ...]:
        """The types that occur, in their usual order."""
        return tuple(type_ for type_ in Type if any(type_ is other for _, other in self.cells))


def two_way_table(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str]) -> TwoWayTable:
    """What the blueprint draws on. Average marks of first papers: of one difficulty, each fitting question is equally likely."""
    questions: dict[tuple[str, Type], set[str]] = defaultdict(set)
    marks: dict[tuple[str, Type], Fraction] = defaultdict(Fraction)
    rows = []
    levels = iter(levels_drawn(exam, banks, chapters))
    for section in exam.sections:
        for row in section.rows:
            fitting = [question for question in banks[row.bank].questions if row.fits(question, chapters)]
            held, drawn = Counter(question.difficulty for question in fitting), next(levels)
            rows.append(RowSupply(section.title, row, len(fitting)))
            for question in fitting:
                key = (question.kb.article if question.kb else "", question.type)
                questions[key].add(question.id)
                marks[key] += Fraction(drawn[question.difficulty], held[question.difficulty]) * Fraction(row.marks)
    return TwoWayTable(tuple(rows), {key: Cell(len(ids), marks[key]) for key, ids in questions.items()})
