"""Below 60 twice running: when people have to look."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

from hypothesis import given, strategies as st

from ladder.core.review import Outcome, review_flag

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
MARKS = st.none() | st.decimals(0, 100, places=2)


def outcomes(*marks: float | str | None) -> list[Outcome]:
    """Results one day after the other."""
    return [
        Outcome(day, f"exam-{day}", 1, START + datetime.timedelta(days=day), None if mark is None else Decimal(str(mark)))
        for day, mark in enumerate(marks)
    ]


def test_two_results_running_below_60_are_for_people_to_look_at():
    flag = review_flag(outcomes(80, 59.99, 0))
    assert flag is not None
    assert [outcome.attempt for outcome in flag.evidence] == [1, 2]
    assert flag.since == 0


def test_sixty_is_not_below_sixty():
    assert review_flag(outcomes(59, 60, 59)) is None


def test_one_result_is_no_row_of_two():
    assert review_flag(outcomes(12)) is None
    assert review_flag([]) is None


def test_what_is_not_released_yet_is_neither_pass_nor_fail():
    assert review_flag(outcomes(30, None, 30)) is None
    assert review_flag(outcomes(30, None)) is None


def test_a_later_pass_does_not_hide_that_it_happened():
    flag = review_flag(outcomes(30, 40, 90))
    assert flag is not None
    assert flag.since == 1


def test_the_newest_two_are_the_evidence():
    flag = review_flag(outcomes(10, 20, 70, 30, 40))
    assert flag is not None
    assert [outcome.attempt for outcome in flag.evidence] == [3, 4]


@given(st.lists(MARKS, max_size=12), st.randoms())
def test_the_order_of_handing_in_decides_whatever_the_order_of_reading(marks, chance):
    rows = outcomes(*marks)
    mixed = list(rows)
    chance.shuffle(mixed)
    flag = review_flag(mixed)
    assert flag == review_flag(rows)
    below = [mark is not None and mark < 60 for mark in marks]
    assert (flag is not None) == any(a and b for a, b in itertools.pairwise(below))
