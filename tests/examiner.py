"""Small banks and exams, built by program, for tests of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from ladder.core.bank import Bank
from ladder.core.drawing import check_supply, draw_paper, make_pool
from ladder.core.exam import Exam, Row, Section
from ladder.core.paper import Paper
from ladder.core.problems import Report
from ladder.core.question import Choice, KeyPoint, Question, Reference, Type

CHAPTERS = {"limits": "时限", "calming": "沟通", "greeting": "沟通"}


def ask(
    id_: str, type_: Type = Type.SINGLE, *, kb: str = "limits", difficulty: int = 2, choices: str = "甲乙丙丁", key: str = "甲",
    pinned: str = "", blanks: tuple[tuple[str, ...], ...] = (), points: Sequence[str] = ("2",), fixed: bool = False,
    stem: str = "", line: int = 1,
) -> Question:
    """A question; each letter of `choices` is one, those in `key` are right, those in `pinned` keep their place."""
    closed = type_ in (Type.SINGLE, Type.MULTIPLE, Type.JUDGE)
    shown = tuple(Choice(letter, letter in key, letter in pinned) for letter in choices) if closed else ()
    written = type_ in (Type.SHORT, Type.ESSAY)
    rubric = tuple(KeyPoint(Decimal(marks), f"要点{number}", ()) for number, marks in enumerate(points)) if written else ()
    reference = Reference(kb, "") if kb else None
    return Question(id_, "题", type_, stem or f"问{id_}？", shown, blanks, rubric, difficulty, reference, None, fixed, "解", line)


def bank_of(*questions: Question) -> dict[str, Bank]:
    """One bank, `basics`, in which these questions stand one below the other."""
    placed = tuple(replace(question, line=line) for line, question in enumerate(questions, start=1))
    return {"basics": Bank("basics", "基础", placed, (), ())}


def row_of(
    count: int, type_: Type = Type.SINGLE, *, kb: str = "", chapter: str = "", low: int = 1, high: int = 5, marks: str = "1"
) -> Row:
    """A row that draws from `basics`; it stands in line 9."""
    cells = (("bank", 2, 6), ("kb", 3, 4), ("chapter", 4, 2), ("count", 5, 1), ("marks", 6, 1))
    return Row("basics", kb, chapter, type_, low, high, count, Decimal(marks), 9, cells)


def exam_of(*sections: Sequence[Row], shuffle: bool = True) -> Exam:
    """An exam whose sections hold these rows."""
    return Exam("test", "小考", 20, 0, 60, shuffle, 30, "all", tuple(Section("", "", tuple(rows)) for rows in sections), 1)


def drawn(exam: Exam, banks: Mapping[str, Bank], seed: object = "seed", seen: Sequence[str] | set[str] = ()) -> Paper:
    """A paper of this exam."""
    return draw_paper(make_pool(exam, banks, CHAPTERS), str(seed), seen)


def supply_problems(exam: Exam, banks: Mapping[str, Bank]) -> list[str]:
    """What an author is told about the supply: `line:column code found`."""
    report = Report("30-test.md")
    check_supply(make_pool(exam, banks, CHAPTERS), banks, CHAPTERS, report)
    return [f"{told.line}:{told.column} {told.code} {dict(told.words).get('found', '')}".strip() for told in report.problems]


# -- any exam, for properties ---------------------------------------------------------------------------------------

_KINDS = st.tuples(st.sampled_from([Type.SINGLE, Type.JUDGE]), st.sampled_from(["limits", "calming", "greeting", ""]), st.integers(1, 5))
QUESTIONS = st.lists(_KINDS, min_size=1, max_size=24).map(
    lambda kinds: bank_of(*(ask(f"q{i}", type_, kb=kb, difficulty=d) for i, (type_, kb, d) in enumerate(kinds)))
)
_ROWS = st.builds(
    lambda count, type_, kb, chapter, span: row_of(count, type_, kb=kb, chapter=chapter, low=min(span), high=max(span)),
    st.integers(1, 4), st.sampled_from([Type.SINGLE, Type.JUDGE]), st.sampled_from(["", "", "limits", "calming"]),
    st.sampled_from(["", "", "沟通", "时限"]), st.tuples(st.integers(1, 5), st.integers(1, 5)),
)
EXAMS = st.lists(st.lists(_ROWS, min_size=1, max_size=3), min_size=1, max_size=2).map(lambda sections: exam_of(*sections))


def _supplied(kinds: list[tuple[tuple[Type, str, int], int]]) -> tuple[Exam, dict[str, Bank]]:
    """An exam whose rows are cut to groups 0, 1 and 2 of the questions drawn, so that the bank is sure to hold enough."""
    banks = bank_of(*(ask(f"q{i}", type_, kb=kb, difficulty=d) for i, ((type_, kb, d), _) in enumerate(kinds)))
    groups: dict[tuple[int, Type], list[Question]] = {}
    for question, (_, group) in zip(banks["basics"].questions, kinds, strict=True):
        groups.setdefault((group, question.type), []).append(question)
    return exam_of([_row_for(group, type_) for (number, type_), group in groups.items() if number < 3]), banks


def _row_for(group: Sequence[Question], type_: Type) -> Row:
    levels = [question.difficulty for question in group]
    articles = {question.kb.article if question.kb else "" for question in group}
    chapters = {CHAPTERS.get(article, "") for article in articles}
    return row_of(len(group), type_, low=min(levels), high=max(levels), kb="limits" if articles == {"limits"} else "",
                  chapter="沟通" if chapters == {"沟通"} else "")


SUPPLIED = st.lists(st.tuples(_KINDS, st.integers(0, 4)), min_size=2, max_size=20).map(_supplied)
