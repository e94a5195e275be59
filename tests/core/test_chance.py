"""Ten thousand papers: nothing favours a place on the paper, a place among the choices or a question of the bank."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import pytest

from examiner import ask, bank_of, drawn, exam_of, row_of
from ladder.core.paper import Item
from ladder.core.question import Type

PAPERS = 10_000
# Two of four easy and two of four hard ones; then two rows that want the same four, told apart by their marks.
FIRST = [ask(f"q{number}", difficulty=1 if number < 4 else 5) for number in range(8)]
SECOND = [ask(f"m{number}", Type.MULTIPLE, choices="甲乙丙丁戊", key="甲", pinned="丙") for number in range(4)]
EXAM = exam_of([row_of(4)], [row_of(1, Type.MULTIPLE, marks="2"), row_of(1, Type.MULTIPLE, marks="3")])


@cache
def papers() -> Sequence[tuple[Item, ...]]:
    banks = bank_of(*FIRST, *SECOND)
    return [drawn(EXAM, banks, seed).items for seed in range(PAPERS)]


def chi_squared(found: Iterable[int], *, scale: float = 1) -> float:
    """How likely counts at least as uneven as these are when all are equally likely."""
    counts = list(found)
    expected = sum(counts) / len(counts)
    value, freedom = scale * sum((count - expected) ** 2 for count in counts) / expected / 2, len(counts) - 1
    likely, half = (math.erfc(math.sqrt(value)), 0.5) if freedom % 2 else (math.exp(-value), 1.0)
    while half < freedom / 2:
        likely += value**half * math.exp(-value) / math.gamma(half + 1)
        half += 1
    return likely


@pytest.mark.parametrize(("counts", "likely"), [  # chi-squared 4, 20/3, 8, 10 and 0; from tables
    ([40, 60], 0.0455), ([20, 30, 40], 0.0357), ([35, 15, 25, 25], 0.0460), ([30, 10, 20, 20, 20], 0.0404), ([25] * 4, 1),
])
def test_the_measure_is_the_one_of_the_books(counts: list[int], likely: float) -> None:
    assert chi_squared(counts) == pytest.approx(likely, abs=0.00005)


def test_the_right_choice_stands_in_every_place_equally_often() -> None:
    single = Counter(item.order.index(0) for items in papers() for item in items if item.section == 0)
    pinned = Counter(item.order.index(0) for items in papers() for item in items if item.section == 1)

    assert sorted(single) == [0, 1, 2, 3]
    assert chi_squared(single.values()) > 0.001
    assert sorted(pinned) == [0, 1, 3, 4], "the pinned one keeps the third place"
    assert chi_squared(pinned.values()) > 0.001


def test_every_order_of_the_choices_is_equally_likely() -> None:
    orders = Counter(item.order for items in papers() for item in items if item.section == 0)

    assert len(orders) == 24
    assert chi_squared(orders.values()) > 0.001


@pytest.mark.parametrize("question", [question.id for question in FIRST])
def test_a_question_stands_in_every_place_of_its_section_equally_often(question: str) -> None:
    places = Counter(place for items in papers() for place, item in enumerate(items) if item.question == question)

    assert sorted(places) == [0, 1, 2, 3]
    assert chi_squared(places.values()) > 0.001


def test_of_one_difficulty_every_question_is_drawn_equally_often() -> None:
    times = Counter(item.question for items in papers() for item in items)

    # Two of four without putting back: counts vary less than if each were drawn alone, by (4 - 2) / (4 - 1).
    for level in (FIRST[:4], FIRST[4:], SECOND):
        assert chi_squared([times[question.id] for question in level], scale=3 / 2) > 0.001


def test_every_two_questions_meet_equally_often() -> None:
    easy = {question.id for question in FIRST[:4]}
    pairs = Counter(tuple(sorted(item.question for item in items if item.question in easy)) for items in papers())

    assert len(pairs) == 6
    assert chi_squared(pairs.values()) > 0.001


def test_rows_that_want_the_same_questions_get_each_equally_often() -> None:
    for marks in (2, 3):
        times = Counter(item.question for items in papers() for item in items if item.section == 1 and item.marks == marks)
        assert len(times) == 4
        assert chi_squared(times.values()) > 0.001


def test_the_place_of_a_question_says_nothing_about_its_right_choice() -> None:
    cells = Counter((place, item.order.index(0)) for items in papers() for place, item in enumerate(items[:4]))

    assert len(cells) == 16
    assert chi_squared(cells.values()) > 0.001
