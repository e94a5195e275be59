"""The statistics of an exam: against examples reckoned by hand, against Python's own functions, and what holds for any papers."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from ladder.core.item_flags import Flag, flags_of
from ladder.core.question import Choice, Question, Reference, Type
from ladder.core.reliability import FEWEST
from ladder.core.statistics import ItemNumbers, MarkedItem, MarkedPaper, Pick, by_article, reckon


def item(question: str, earned: int, possible: int = 200, section: int = 0, chosen: tuple[int, ...] = ()) -> MarkedItem:
    return MarkedItem(question, section, earned, possible, chosen)


def paper(*items: MarkedItem) -> MarkedPaper:
    total = sum(row.earned for row in items)
    return MarkedPaper(total, total >= 6000, items)


def same_questions(rows: list[list[int]], possible: int = 200) -> list[MarkedPaper]:
    """Papers that hold the same questions, `q0`, `q1` …, with these marks in hundredths."""
    return [paper(*(item(f"q{place}", earned, possible) for place, earned in enumerate(row))) for row in rows]


def numbers_of(papers: list[MarkedPaper], question: str) -> ItemNumbers:
    return next(row for row in reckon(papers).items if row.question == question)


def alpha_by_definition(columns: list[list[int]]) -> float | None:
    """k / (k - 1) (1 - sum of variances / variance of sums), with Python's own variance."""
    totals = [sum(row) for row in zip(*columns, strict=True)]
    whole = statistics.variance([Fraction(total) for total in totals])
    if not whole:
        return None
    parts = sum(statistics.variance([Fraction(mark) for mark in column]) for column in columns)
    return float(Fraction(len(columns), len(columns) - 1) * (1 - parts / whole))


def correlation_by_definition(left: list[int], right: list[int]) -> float | None:
    if len(set(left)) == 1 or len(set(right)) == 1:
        return None
    return statistics.correlation(left, right)


# -- by hand --------------------------------------------------------------------------------------------------------

# Ten papers with three questions, each harder than the one before: two papers with none right, three with the first, three with the
# first two, two with all. Shares right .8, .5, .2, so the variances (of a population) are .16, .25 and .16, together .57; totals
# 0 0 1 1 1 2 2 2 3 3 have the variance 3.3 - 1.5² = 1.05. KR-20 = 3/2 (1 - .57/1.05) = 24/35.
LADDER = same_questions([[200 * (place < right) for place in range(3)] for right in (0, 0, 1, 1, 1, 2, 2, 2, 3, 3)])


def test_reliability_of_right_and_wrong_answers_is_kuder_richardson_20():
    assert reckon(LADDER).reliability == pytest.approx(24 / 35)


@pytest.mark.parametrize(("question", "facility", "discrimination"), [
    # For the first, sums over ten papers of x, r, x², r² and xr are 8, 7, 8, 11 and 7: (70 - 56) / √((80 - 64)(110 - 49)).
    ("q0", Fraction(8, 10), 14 / 976**0.5),
    ("q1", Fraction(5, 10), 20 / 1000**0.5),
    ("q2", Fraction(2, 10), 14 / 976**0.5),
])
def test_facility_and_discrimination_by_hand(question, facility, discrimination):
    numbers = numbers_of(LADDER, question)
    assert numbers.n == 10
    assert numbers.facility == facility
    assert numbers.discrimination == pytest.approx(discrimination)


def test_a_question_that_only_the_weak_get_right_discriminates_negatively():
    rows = [[200, 0, 0]] * 5 + [[0, 200, 200]] * 5
    assert numbers_of(same_questions(rows), "q0").discrimination == -1
    assert reckon(same_questions(rows)).reliability < 0


def test_facility_is_the_mean_share_whatever_the_question_was_worth_on_a_paper():
    papers = [paper(item("q", 100, 200)) for _ in range(5)] + [paper(item("q", 1000, 1000)) for _ in range(5)]
    assert numbers_of(papers, "q").facility == Fraction(3, 4)


# -- the whole exam -------------------------------------------------------------------------------------------------


def test_the_exam_as_a_whole():
    marks = [0, 999, 1000, 5999, 6000, 6000, 8999, 9000, 9999, 10000]
    numbers = reckon(MarkedPaper(mark, mark >= 6000, ()) for mark in marks)
    assert numbers.n == 10
    assert numbers.passed == 6
    assert numbers.mean == pytest.approx(57.996)
    assert numbers.median == 60
    assert numbers.deviation == pytest.approx(statistics.stdev(mark / 100 for mark in marks))
    assert numbers.bins == (2, 1, 0, 0, 0, 1, 2, 0, 1, 3)
    assert numbers.items == ()
    assert numbers.reliability is None


def test_no_papers_at_all():
    numbers = reckon([])
    assert (numbers.n, numbers.mean, numbers.median, numbers.deviation, numbers.passed) == (0, None, None, None, 0)
    assert numbers.bins == (0,) * 10
    assert numbers.reliability is None
    assert by_article(numbers.items, {}) == ()


def test_one_paper_has_no_deviation():
    assert reckon([MarkedPaper(5000, False, ())]).deviation is None


# -- reliability ----------------------------------------------------------------------------------------------------


def test_papers_drawn_at_random_are_taken_by_their_places():
    """Everybody has questions of their own; the first and the second of the section take part, whichever they are."""
    rows = [[200, 200], [200, 0], [0, 0], [200, 200], [0, 0], [0, 200], [200, 200], [0, 0], [200, 200], [0, 0]]
    drawn = [
        paper(item("for-all" if person % 2 else f"a{person}", first), item("for-all" if not person % 2 else f"b{person}", second))
        for person, (first, second) in enumerate(rows)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert reckon(drawn).reliability == pytest.approx(alpha_by_definition(columns))
    assert alpha_by_definition(columns) == pytest.approx(0.75)  # each column 5 of 10 right, totals 4 4 4 4 2 2 0 0 0 0


def test_only_questions_worth_the_same_in_the_same_section_stand_in_for_one_another():
    """Where a shuffled paper puts the dear question makes no difference: it is a place of its own."""
    marks = [(3000, 2000), (0, 2000), (3000, 0), (0, 0), (3000, 2000), (0, 0), (3000, 2000), (3000, 0), (0, 0), (3000, 2000)]
    cheap_last = [
        paper(item(f"d{n}", dear, 3000), item(f"c{n}", cheap, 2000), item(f"s{n}", cheap, 2000, section=1))
        for n, (dear, cheap) in enumerate(marks)
    ]
    shuffled = [
        paper(*(row.items if n % 2 else (row.items[1], row.items[0], row.items[2]))) for n, row in enumerate(cheap_last)
    ]
    dear, cheap = ([row[place] for row in marks] for place in (0, 1))
    assert reckon(cheap_last).reliability == reckon(shuffled).reliability
    assert reckon(shuffled).reliability == pytest.approx(alpha_by_definition([dear, cheap, cheap]))


def test_when_the_blueprint_was_changed_the_commonest_shape_of_paper_counts():
    old = [paper(item(f"a{n}", 200 * (n % 2)), item(f"b{n}", 200 * (n % 3 > 0), section=1)) for n in range(10)]
    new = [paper(item(f"d{n}", 200 * (n % 2)), item(f"e{n}", 200 * (n % 4 > 0))) for n in range(12)]
    columns = [[200 * (n % 2) for n in range(12)], [200 * (n % 4 > 0) for n in range(12)]]
    assert reckon(old + new).reliability == pytest.approx(alpha_by_definition(columns))


@pytest.mark.parametrize("rows", [
    [[200, 0]] * 4 + [[0, 0]] * 5,  # nine papers
    [[200, 0]] * 12,  # all the same
    [[200, 0]] * 6 + [[0, 200]] * 6,  # all the same together
    [[200]] * 6 + [[0]] * 6,  # one question
])
def test_there_is_no_reliability_of_too_few_papers_or_of_marks_that_do_not_vary(rows):
    assert reckon(same_questions(rows)).reliability is None


# -- questions ------------------------------------------------------------------------------------------------------


def test_below_ten_papers_nothing_but_their_number_is_told():
    papers = [paper(item("q", 200 * (n % 2), chosen=(0,)), item("r", 200 * (n % 3 > 0))) for n in range(FEWEST - 1)]
    numbers = numbers_of(papers, "q")
    assert (numbers.n, numbers.facility, numbers.discrimination, numbers.picks) == (9, None, None, {})
    assert flags_of(numbers, CHOICES) == ()
    tenth = numbers_of([*papers, paper(item("q", 0, chosen=(1,)), item("r", 0))], "q")
    assert tenth.facility == Fraction(4, 10)
    assert tenth.discrimination is not None
    assert set(tenth.picks) == {0, 1}


@pytest.mark.parametrize("rows", [[[200, 0], [200, 200]] * 6, [[0, 200], [200, 200]] * 6])
def test_discrimination_is_undefined_when_the_question_or_the_rest_does_not_vary(rows):
    assert [row.discrimination for row in reckon(same_questions(rows)).items] == [None, None]


def test_picks_are_counted_with_what_the_rest_of_the_paper_brought():
    rest = item("r", 6000, 9000)
    papers = [paper(item("q", 200, chosen=(0,)), rest) for _ in range(4)]
    papers += [paper(item("q", 0, chosen=(2,)), rest._replace(earned=3000)) for _ in range(3)]
    papers += [paper(item("q", 0, chosen=(0, 2)), rest._replace(earned=0)) for _ in range(2)]
    papers += [paper(item("q", 0), rest)]
    numbers = numbers_of(papers, "q")
    assert numbers.picks == {0: Pick(6, 40.0), 2: Pick(5, 18.0)}
    assert (numbers.n, numbers.answered) == (10, 9)


# -- any papers -----------------------------------------------------------------------------------------------------

matrices = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 400), min_size=width, max_size=width), min_size=10, max_size=25)
)


@given(matrices)
def test_numbers_are_those_that_the_definitions_give(rows):
    numbers = reckon(same_questions(rows, 400))
    columns = [list(column) for column in zip(*rows, strict=True)]
    totals = [sum(row) for row in rows]
    assert numbers.reliability == pytest.approx(alpha_by_definition(columns))
    for found, column in zip(numbers.items, columns, strict=True):
        rest = [total - mark for total, mark in zip(totals, column, strict=True)]
        assert found.facility == Fraction(sum(column), 400 * len(column))
        assert found.discrimination == pytest.approx(correlation_by_definition(column, rest), abs=1e-9)


@given(matrices)
def test_numbers_stay_within_their_bounds(rows):
    numbers = reckon(same_questions(rows, 400))
    assert numbers.reliability is None or numbers.reliability <= 1
    assert sum(numbers.bins) == numbers.n == len(rows)
    assert all(0 <= row.facility <= 1 for row in numbers.items)
    assert all(row.discrimination is None or -1 <= row.discrimination <= 1 for row in numbers.items)


@given(matrices, st.integers(1, 300), st.integers(2, 5), st.randoms())
def test_a_shift_a_scale_and_another_order_change_neither_reliability_nor_discrimination(rows, shift, scale, chance):
    plain = reckon(same_questions(rows, 400))
    changed = [[(row[0] + shift) * scale, *(mark * scale for mark in row[1:])] for row in rows]
    chance.shuffle(changed)
    moved = reckon(same_questions(changed, 10_000))
    assert moved.reliability == plain.reliability
    assert [row.discrimination for row in moved.items] == pytest.approx([row.discrimination for row in plain.items], abs=1e-12)


@given(st.lists(st.integers(0, 200), min_size=10, max_size=20).filter(lambda marks: len(set(marks)) > 1))
def test_questions_that_say_the_same_are_fully_reliable(marks):
    numbers = reckon(same_questions([[mark] * 3 for mark in marks]))
    assert numbers.reliability == 1
    assert [row.discrimination for row in numbers.items] == pytest.approx([1.0] * 3)


# -- flags ----------------------------------------------------------------------------------------------------------


def question(id_: str = "q", article: str = "", keys: tuple[bool, ...] = ()) -> Question:
    choices = tuple(Choice(str(place), right) for place, right in enumerate(keys))
    type_ = Type.BLANK if not keys else Type.MULTIPLE if sum(keys) > 1 else Type.SINGLE
    return Question(id_, id_, type_, "?", choices, (), (), 2, Reference(article, "") if article else None, None, False, "", 1)


CHOICES = question(keys=(True, False, False))
SOUND = {0: Pick(30, 70.0), 1: Pick(5, 40.0), 2: Pick(5, 50.0)}


def made(facility: str = "0.6", discrimination: float | None = 0.3, picks: dict[int, Pick] | None = None, n: int = 40) -> ItemNumbers:
    return ItemNumbers("q", n, Fraction(facility) * n, discrimination, n, SOUND if picks is None else picks)


def test_a_question_that_works_has_no_flag():
    assert flags_of(made(), CHOICES) == ()


@pytest.mark.parametrize(("numbers", "flags"), [
    (made("0.95"), [Flag.TOO_EASY]), (made("0.9499"), []), (made("1", None), [Flag.TOO_EASY]),
    (made("0.25"), [Flag.TOO_HARD]), (made("0.2501"), []), (made("0", None), [Flag.TOO_HARD]),
    (made(discrimination=0.1499), [Flag.POOR]), (made(discrimination=0.15), []), (made(discrimination=0.0), [Flag.POOR]),
    (made(discrimination=-0.001), [Flag.NEGATIVE]), (made("0.2", -0.2), [Flag.NEGATIVE, Flag.TOO_HARD]),
    (made("0.2", -0.2, n=9), []),
])
def test_facility_and_discrimination_are_flagged_from_their_bounds_on(numbers, flags):
    assert flags_of(numbers, None) == flags_of(numbers, question()) == flags_of(numbers, CHOICES) == tuple(flags)


@pytest.mark.parametrize(("picks", "flags"), [
    ({0: Pick(30, 70.0), 1: Pick(10, 40.0)}, [Flag.UNPICKED]),
    ({1: Pick(20, 40.0), 2: Pick(20, 40.0)}, [Flag.WRONG_KEY]),  # nobody picks the key
    ({0: Pick(30, 70.0), 1: Pick(5, 70.1), 2: Pick(5, 50.0)}, [Flag.WRONG_KEY]),
    ({0: Pick(30, 70.0), 1: Pick(5, 70.0), 2: Pick(5, 50.0)}, []),  # as good as, not better
    ({0: Pick(31, 70.0), 1: Pick(4, 90.0), 2: Pick(5, 50.0)}, []),  # four may be chance
    ({1: Pick(40, 60.0)}, [Flag.WRONG_KEY, Flag.UNPICKED]),
])
def test_choices_are_flagged_when_nobody_or_the_better_ones_pick_a_wrong_one(picks, flags):
    assert flags_of(made(picks=picks), CHOICES) == tuple(flags)
    assert flags_of(made(picks=picks), None) == ()


def test_of_several_right_choices_the_best_is_compared():
    several = question(keys=(True, True, False))
    picks = {0: Pick(30, 40.0), 1: Pick(30, 70.0), 2: Pick(10, 60.0)}
    assert flags_of(made(picks=picks), several) == ()
    assert flags_of(made(picks=picks | {2: Pick(10, 71.0)}), several) == (Flag.WRONG_KEY,)


# -- knowledge points -----------------------------------------------------------------------------------------------


def test_marks_by_knowledge_point_come_weakest_first_and_only_with_enough_answers():
    papers = [
        paper(item("a", 200), item("b", 100), item("c", 0), item("d", 150), *([item("e", 200)] if n < 4 else [])) for n in range(6)
    ]
    questions = {
        "a": question("a", "limits"), "b": question("b", "limits"), "c": question("c", "calls"), "d": question("d", "calls"),
        "e": question("e"),
    }
    rows = by_article(reckon(papers).items, questions)
    assert [(row.article, row.n, row.share) for row in rows] == [("calls", 12, 0.375), ("limits", 12, 0.75), ("", 4, None)]
    assert by_article(reckon(papers).items, {"a": questions["a"]})[0].n == 6, "questions no longer in the banks are left out"
