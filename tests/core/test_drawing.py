"""What drawing a paper costs, and that rows which compete favour nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations

import pytest

from examiner import CHAPTERS, ask, bank_of, drawn, exam_of, row_of
from ladder.core.bank import Bank
from ladder.core.drawing import draw_paper, make_pool
from ladder.core.exam import Exam, Row
from ladder.core.question import Question

COMPETING = exam_of([row_of(10, low=1, high=3), row_of(8, kb="limits"), row_of(10, low=2, high=4), row_of(8, kb="calming")])


def bank_holding(number: int) -> dict[str, Bank]:
    """So many questions of every difficulty, two thirds of them on `limits`."""
    return bank_of(*(ask(f"q{i}", difficulty=i % 5 + 1, kb="limits" if i % 3 else "calming") for i in range(number)))


def calls(work: Callable[[], object]) -> int:
    """How many functions are called while this works."""
    found = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found


# -- what it costs --------------------------------------------------------------------------------------------------


def test_a_trainee_waits_for_the_questions_of_the_paper_not_for_those_of_the_bank() -> None:
    """Five hundred begin at once: which questions fit which rows was the same for all of them, and was found out for each."""
    small, large = (make_pool(COMPETING, bank_holding(number), CHAPTERS) for number in (100, 2000))

    assert calls(lambda: draw_paper(large, "seed")) < 1.1 * calls(lambda: draw_paper(small, "seed"))


def test_a_second_paper_costs_little_more_than_the_first() -> None:
    pool = make_pool(COMPETING, bank_holding(100), CHAPTERS)
    seen = {item.question for item in draw_paper(pool, "first").items}

    assert calls(lambda: draw_paper(pool, "second", seen)) < 2.5 * calls(lambda: draw_paper(pool, "second"))


def test_a_paper_of_six_hundred_rows_that_want_the_same_questions_is_drawn() -> None:
    exam, banks = exam_of([row_of(1) for _ in range(600)]), bank_holding(600)

    assert len(drawn(exam, banks).items) == 600


# -- what it favours ------------------------------------------------------------------------------------------------


def filled(rows: Collection[Row], questions: Collection[Question]) -> int:
    """How many places these questions can take (König's theorem, by trying every few of the rows)."""
    return min(
        sum(row.count for row in rows if row not in some) + sum(any(row.fits(question, CHAPTERS) for row in some) for question in questions)
        for size in range(len(rows) + 1) for some in combinations(rows, size)
    )


def from_a_shuffled_pack(exam: Exam, banks: dict[str, Bank]) -> dict[frozenset[str], Fraction]:
    """How likely each set of questions is when a pack is shuffled and each card is kept that the rows still have room for."""
    found: Counter[frozenset[str]] = Counter()
    packs = list(permutations(banks["basics"].questions))
    room = cache(lambda questions: filled(exam.rows, questions))
    for pack in packs:
        kept: frozenset[Question] = frozenset()
        for question in pack:
            kept |= {question} if room(kept | {question}) > len(kept) else set()
        found[frozenset(question.id for question in kept)] += 1
    return {questions: Fraction(number, len(packs)) for questions, number in found.items()}


@pytest.mark.parametrize("exam", [
    exam_of([row_of(2), row_of(1, kb="limits")]),
    exam_of([row_of(1, kb="limits"), row_of(1, chapter="沟通"), row_of(1, kb="calming"), row_of(1)]),
])
def test_rows_that_compete_get_what_a_shuffled_pack_gives(exam: Exam) -> None:
    banks = bank_of(*(ask(f"q{number}", kb=kb) for number, kb in enumerate(["limits", "limits", "limits", "calming", "calming", "greeting"])))
    papers, pool = 4000, make_pool(exam, banks, CHAPTERS)
    found = Counter(frozenset(item.question for item in draw_paper(pool, str(seed)).items) for seed in range(papers))
    likely = from_a_shuffled_pack(exam, banks)

    assert found.keys() == likely.keys()
    for questions, share in likely.items():
        expected = float(share) * papers
        assert abs(found[questions] - expected) < 5 * expected**0.5
