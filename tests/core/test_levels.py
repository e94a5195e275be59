"""Even difficulty: everybody's paper holds the same number of questions of each difficulty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

import pytest
from hypothesis import assume, given, settings, strategies as st

from examiner import CHAPTERS, EXAMS, QUESTIONS, SUPPLIED, ask, bank_of, drawn, exam_of, row_of, supply_problems
from ladder.core.bank import Bank
from ladder.core.drawing import levels_drawn
from ladder.core.exam import Exam, Row
from ladder.core.paper import Paper
from ladder.core.question import Question


def bank_holding(**numbers: int) -> dict[str, Bank]:
    """`bank_holding(d1=3, d4=2)`: three questions of difficulty 1, two of 4; their ids are d1-0, d1-1, …"""
    return bank_of(*(
        ask(f"{level}-{number}", difficulty=int(level[1])) for level, held in numbers.items() for number in range(held)
    ))


def told_apart(exam: Exam) -> Exam:
    """The exam with other marks in each row, so that a paper tells which row drew a question."""
    numbers = iter(range(1, 100))
    return replace(exam, sections=tuple(
        replace(section, rows=tuple(replace(row, marks=Decimal(next(numbers))) for row in section.rows))
        for section in exam.sections
    ))


def levels_of(paper: Paper, exam: Exam, banks: dict[str, Bank]) -> list[Counter[int]]:
    """How many questions of each difficulty a paper holds for each row of an exam whose rows are told apart."""
    levels = {question.id: question.difficulty for question in banks["basics"].questions}
    return [Counter(levels[item.question] for item in paper.items if item.marks == row.marks) for row in exam.rows]


def can_be_dealt(parts: Sequence[Row], questions: Iterable[Question]) -> bool:
    """Hall's theorem: rows can be filled when any few of them, taken together, fit as many questions as they ask for."""
    fitting = [{question.id for question in questions if part.fits(question, CHAPTERS)} for part in parts]
    return all(
        len(set().union(*(fitting[place] for place in some))) >= sum(parts[place].count for place in some)
        for size in range(1, len(parts) + 1) for some in combinations(range(len(parts)), size)
    )


def by_level(rows: Sequence[Row], levels: Sequence[Counter[int]]) -> list[Row]:
    """Each row as one row for each difficulty."""
    return [
        replace(row, low=level, high=level, count=count)
        for row, counts in zip(rows, levels, strict=True) for level, count in counts.items() if count
    ]


def fair_shares(row: Row, questions: Sequence[Question]) -> Counter[int]:
    """The largest remainders, worked out one question at a time: the next goes where most is missing."""
    held = Counter(question.difficulty for question in questions if row.fits(question, CHAPTERS))
    exact = {level: Fraction(row.count * held[level], max(held.total(), 1)) for level in sorted(held)}
    shares = Counter({level: floor(share) for level, share in exact.items()})
    while exact and shares.total() < row.count:
        shares[max(exact, key=lambda level: (exact[level] - shares[level], -level))] += 1
    return +shares


# -- one row --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "count", "drawn_of_each"), [
    ({"d1": 6, "d3": 6}, 4, {1: 2, 3: 2}),
    ({"d1": 10, "d2": 10, "d3": 10}, 4, {1: 2, 2: 1, 3: 1}),
    ({"d1": 6, "d2": 3, "d5": 1}, 5, {1: 3, 2: 2}),
    ({"d1": 1, "d2": 1, "d3": 8}, 4, {1: 1, 3: 3}),
    ({"d1": 1, "d2": 1, "d3": 8}, 1, {3: 1}),
    ({"d1": 2, "d2": 3}, 5, {1: 2, 2: 3}),
    ({"d4": 2, "d5": 3}, 1, {5: 1}),
    ({"d3": 9}, 2, {3: 2}),
])
def test_a_row_takes_of_each_difficulty_what_the_bank_holds_of_it(
    held: dict[str, int], count: int, drawn_of_each: dict[int, int]
) -> None:
    banks, exam = bank_holding(**held), exam_of([row_of(count)])

    assert levels_drawn(exam, banks, CHAPTERS) == [Counter(drawn_of_each)]
    for seed in range(30):
        assert levels_of(drawn(exam, banks, seed), exam, banks) == [Counter(drawn_of_each)]


def test_difficulties_that_the_row_does_not_ask_for_have_no_share() -> None:
    assert levels_drawn(exam_of([row_of(4, low=2, high=3)]), bank_holding(d1=90, d2=5, d3=5), CHAPTERS) == [Counter({2: 2, 3: 2})]


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5), st.integers(1, 20))
def test_a_share_differs_from_the_exact_one_by_less_than_a_question(held: list[int], count: int) -> None:
    assume(count <= sum(held))
    banks, row = bank_holding(**{f"d{level}": number for level, number in enumerate(held, start=1)}), row_of(count)
    [levels] = levels_drawn(exam_of([row]), banks, CHAPTERS)

    assert levels == fair_shares(row, banks["basics"].questions)
    for level, number in enumerate(held, start=1):
        exact = Fraction(count * number, sum(held))
        assert floor(exact) <= levels[level] <= ceil(exact)


# -- many rows ------------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(SUPPLIED, st.lists(st.text(max_size=8), min_size=2, max_size=4))
def test_no_first_paper_is_harder_than_another(supplied: tuple[Exam, dict[str, Bank]], seeds: list[str]) -> None:
    exam, banks = told_apart(supplied[0]), supplied[1]
    levels = levels_drawn(exam, banks, CHAPTERS)

    for seed in seeds:
        assert levels_of(drawn(exam, banks, seed), exam, banks) == levels


@settings(max_examples=200)
@given(SUPPLIED)
def test_every_row_has_its_shares_whenever_any_dealing_gives_them(supplied: tuple[Exam, dict[str, Bank]]) -> None:
    exam, questions = supplied[0], supplied[1]["basics"].questions
    shares = [fair_shares(row, questions) for row in exam.rows]
    assume(can_be_dealt(by_level(exam.rows, shares), questions))

    assert levels_drawn(exam, supplied[1], CHAPTERS) == shares


@settings(max_examples=200)
@given(EXAMS, QUESTIONS)
def test_what_is_drawn_of_each_difficulty_fills_every_row_whenever_any_dealing_does(exam: Exam, banks: dict[str, Bank]) -> None:
    questions, levels = banks["basics"].questions, levels_drawn(exam, banks, CHAPTERS)
    filled = [counts.total() for counts in levels] == [row.count for row in exam.rows]

    assert filled == can_be_dealt(exam.rows, questions) == (supply_problems(exam, banks) == [])
    assert can_be_dealt(by_level(exam.rows, levels), questions)


def test_rows_that_cannot_both_have_their_shares_draw_the_same_for_everybody() -> None:
    """The first row's share would be one of each difficulty, but the second needs both of the hard ones."""
    banks, exam = bank_holding(d1=2, d3=2), told_apart(exam_of([row_of(2), row_of(2, low=3, high=3)]))

    assert levels_drawn(exam, banks, CHAPTERS) == [Counter({1: 2}), Counter({3: 2})]
    for seed in range(30):
        assert levels_of(drawn(exam, banks, seed), exam, banks) == [Counter({1: 2}), Counter({3: 2})]


def test_a_row_that_nothing_fits_draws_nothing_and_a_short_one_all_there_is() -> None:
    banks = bank_holding(d1=2, d2=1)

    assert levels_drawn(exam_of([row_of(3, low=4, high=5)]), banks, CHAPTERS) == [Counter()]
    assert levels_drawn(exam_of([row_of(9)]), banks, CHAPTERS) == [Counter({1: 2, 2: 1})]
    assert levels_drawn(exam_of([row_of(1)]), {}, CHAPTERS) == [Counter()]


# -- later papers ---------------------------------------------------------------------------------------------------


def test_a_later_paper_is_as_hard_as_the_first_while_unseen_questions_last() -> None:
    banks, exam, seen = bank_holding(d1=4, d4=2), exam_of([row_of(3)]), set[str]()

    for number in range(4):  # two papers use the bank up; from then on everything has been seen
        paper = drawn(exam, banks, number, seen)
        assert levels_of(paper, exam, banks) == [Counter({1: 2, 4: 1})]
        assert seen.isdisjoint(item.question for item in paper.items) == (number < 2)
        seen |= {item.question for item in paper.items}


def test_what_was_not_seen_goes_before_even_difficulty() -> None:
    banks, exam = bank_holding(d1=6, d4=6), exam_of([row_of(4)])
    hard = {f"d4-{number}" for number in range(6)}

    assert levels_of(drawn(exam, banks, 1, hard), exam, banks) == [Counter({1: 4})]
    assert levels_of(drawn(exam, banks, 1, hard - {"d4-0"}), exam, banks) == [Counter({1: 3, 4: 1})]


def test_when_something_must_come_again_it_comes_where_the_shares_miss_it() -> None:
    banks, exam = bank_holding(d1=3, d4=3), exam_of([row_of(4)])
    seen = {"d1-0", "d4-0", "d4-1"}  # three unseen ones are left: two easy, one hard
    paper = drawn(exam, banks, 1, seen)

    assert levels_of(paper, exam, banks) == [Counter({1: 2, 4: 2})]
    assert {item.question for item in paper.items} >= {"d1-1", "d1-2", "d4-2"}


def test_where_unseen_questions_are_not_enough_for_all_shares_as_many_shares_as_can_be_are_kept() -> None:
    banks, exam = bank_holding(d1=10, d2=10, d3=10), exam_of([row_of(6)])
    hard = {f"d3-{number}" for number in range(9)}  # one of the two that the share asks for is left

    for seed in range(30):
        [levels] = levels_of(drawn(exam, banks, seed, hard), exam, banks)
        assert (levels[3], sorted((levels[1], levels[2]))) == (1, [2, 3])


@settings(max_examples=150)
@given(SUPPLIED, st.text(max_size=8), st.sets(st.integers(0, 19)))
def test_a_later_paper_is_even_whenever_the_unseen_questions_allow_it(
    supplied: tuple[Exam, dict[str, Bank]], seed: str, numbers: set[int]
) -> None:
    exam, banks = told_apart(supplied[0]), supplied[1]
    seen, levels = {f"q{number}" for number in numbers}, levels_drawn(exam, banks, CHAPTERS)
    paper = drawn(exam, banks, seed, seen)
    unseen = [question for question in banks["basics"].questions if question.id not in seen]

    if can_be_dealt(by_level(exam.rows, levels), unseen):
        assert levels_of(paper, exam, banks) == levels
    if can_be_dealt(exam.rows, unseen):
        assert seen.isdisjoint(item.question for item in paper.items)
