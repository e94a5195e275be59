"""Marking: what each answer earns."""

from __future__ import annotations

import random
from decimal import ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from any_question import questions
from core.test_blank import TEXTS
from examiner import ask
from ladder.core.marking import Rules, _worth, grade, mark
from ladder.core.paper import Item, Paper
from ladder.core.question import Question, Type

FULL = Decimal(4)
MULTIPLE = ask("m", Type.MULTIPLE, key="甲乙")
BLANKS = ask("b", Type.BLANK, blanks=(("48", "四十八"), ("3",), ("A b",)))


@pytest.mark.parametrize(("answer", "marks"), [((0,), 4), ((1,), 0), ((), 0), (None, 0)])
def test_a_single_choice_is_right_or_wrong(answer: tuple[int, ...] | None, marks: int) -> None:
    assert mark(ask("a"), answer, FULL, Rules("half")) == marks


@pytest.mark.parametrize(("answer", "all_or_nothing", "half"), [
    ((0, 1), 4, 4), ((0,), 0, 2), ((1,), 0, 2), ((0, 2), 0, 0), ((0, 1, 2), 0, 0), ((2,), 0, 0), ((), 0, 0),
])
def test_a_partly_right_answer_earns_half_where_the_exam_says_so(answer: tuple[int, ...], all_or_nothing: int, half: int) -> None:
    assert mark(MULTIPLE, answer, FULL, Rules("all")) == all_or_nothing
    assert mark(MULTIPLE, answer, FULL, Rules("half")) == half


@pytest.mark.parametrize(("answer", "marks"), [
    (("48", "3", "ab"), "4"), (("４８ ", "３", "ＡＢ"), "4"), (("四十八", "", "a b"), "2.67"), (("48小时", "3", ""), "2.67"),
    (("48天吧", "3", ""), "1.33"),
    (("", "", ""), "0"),
])
def test_each_right_blank_earns_its_share(answer: tuple[str, ...], marks: str) -> None:
    assert mark(BLANKS, answer, FULL, Rules("all")) == Decimal(marks)


def test_written_answers_wait_for_a_person() -> None:
    result = grade(
        Paper((Item("s", 0, Decimal(8), ()), Item("a", 0, FULL, (0, 1, 2, 3)))), {"s": ask("s", Type.SHORT), "a": ask("a")},
        {"s": ("先听",), "a": (0,)}, Rules(),
    )

    assert result.pending
    assert [(item.earned, item.possible) for item in result.items] == [(None, Decimal(8)), (FULL, FULL)]
    assert result.marks == FULL


@pytest.mark.parametrize("answer", [None, (), ("",), (" \n\t",), ("\u3000",)])
@pytest.mark.parametrize("type_", [Type.SHORT, Type.ESSAY])
def test_an_empty_written_answer_earns_nothing_and_waits_for_nobody(type_: Type, answer: tuple[str, ...] | None) -> None:
    result = grade(Paper((Item("s", 0, FULL, ()),)), {"s": ask("s", type_)}, {} if answer is None else {"s": answer}, Rules())

    assert not result.pending
    assert [item.earned for item in result.items] == [0]


@pytest.mark.parametrize("type_", [Type.SHORT, Type.ESSAY])
def test_one_written_answer_among_empty_ones_is_waited_for(type_: Type) -> None:
    items = tuple(Item(id_, 0, FULL, ()) for id_ in "stu")
    result = grade(Paper(items), {id_: ask(id_, type_) for id_ in "stu"}, {"s": ("",), "t": ("。",)}, Rules())

    assert result.pending
    assert [item.earned for item in result.items] == [0, None, 0]
    assert result.marks == 0


_PAPERS = st.lists(
    st.tuples(
        st.sampled_from([Type.SINGLE, Type.MULTIPLE, Type.JUDGE, Type.BLANK]),
        st.integers(1, 5000).map(lambda hundredths: Decimal(hundredths) / 100) | st.sampled_from([Decimal("0.125")]),
        st.lists(st.one_of(st.integers(0, 3), st.sampled_from(["48", "3", "x", ""])), min_size=0, max_size=4, unique=True),
    ),
    min_size=1, max_size=8,
)

Drawn = list[tuple[Type, Decimal, list[object]]]


def sat(drawn: Drawn) -> tuple[Paper, dict[str, Question], dict[str, list[object]]]:
    """A paper, its questions, and answers of the right shape but any content."""
    questions, items, answers = {}, [], {}
    for number, (type_, marks, parts) in enumerate(drawn):
        id_ = f"q{number}"
        questions[id_] = ask(id_, type_, key="甲乙" if type_ is Type.MULTIPLE else "甲", blanks=(("48",), ("3",), ("x", "y")))
        items.append(Item(id_, 0, marks, (0, 1, 2, 3)))
        numbers = [part for part in parts if isinstance(part, int)]
        answers[id_] = [*map(str, [*parts, "", "", ""][:3])] if type_ is Type.BLANK else [*numbers]
    return Paper(tuple(items)), questions, answers


@settings(max_examples=150)
@given(_PAPERS, st.sampled_from(["all", "half"]))
def test_marks_lie_between_none_and_all(drawn: Drawn, multiple: str) -> None:
    paper, questions, answers = sat(drawn)
    result = grade(paper, questions, answers, Rules(multiple))

    assert all(item.earned is not None and 0 <= item.earned <= item.possible for item in result.items)
    assert 0 <= result.marks <= sum(item.marks for item in paper.items)


@settings(max_examples=100)
@given(_PAPERS, st.sampled_from(["all", "half"]))
def test_the_full_key_earns_full_marks(drawn: Drawn, multiple: str) -> None:
    paper, questions, _ = sat(drawn)
    keys = {id_: [blank[-1] for blank in q.blanks] if q.type is Type.BLANK else q.key for id_, q in questions.items()}

    assert grade(paper, questions, keys, Rules(multiple)).marks == sum(item.marks for item in paper.items)


@settings(max_examples=100)
@given(_PAPERS, st.randoms(), st.sampled_from(["all", "half"]))
def test_the_order_in_which_answers_were_given_does_not_matter(drawn: Drawn, chance: random.Random, multiple: str) -> None:
    paper, questions, answers = sat(drawn)
    turned = dict(reversed(answers.items()))
    for id_, question in questions.items():
        if question.choices:
            chance.shuffle(turned[id_])

    assert grade(paper, questions, turned, Rules(multiple)) == grade(paper, questions, answers, Rules(multiple))


@given(_PAPERS)
def test_nothing_answered_earns_nothing(drawn: Drawn) -> None:
    paper, questions, _ = sat(drawn)

    assert grade(paper, questions, {}, Rules("half")).marks == 0


@settings(max_examples=300)
@given(st.lists(questions(), min_size=1, max_size=3), st.data())
def test_no_answer_to_any_question_stops_the_marking(asked: list[Question], data: st.DataObject) -> None:
    """Answers of any shape: those of a question that has changed its type, of rows that somebody has written by hand."""
    parts = st.integers(-1, 30) | TEXTS | st.none() | st.booleans() | st.just([0]) | st.just({})
    given_ = {f"q{place}": data.draw(st.none() | st.lists(parts, max_size=4)) for place in range(len(asked))}
    paper = Paper(tuple(Item(f"q{place}", 0, FULL, ()) for place in range(len(asked))))

    result = grade(paper, {f"q{place}": question for place, question in enumerate(asked)}, given_, Rules("each"))

    assert all(item.earned is None or 0 <= item.earned <= FULL for item in result.items)


# -- marks add up ---------------------------------------------------------------------------------------------------


def thirds(*marks: str, right: int = 1) -> tuple[Paper, dict[str, Question], dict[str, list[object]]]:
    """Questions of three blanks each, so many of them filled rightly, worth these marks."""
    items = tuple(Item(f"q{place}", 0, Decimal(worth), ()) for place, worth in enumerate(marks))
    asked = {item.question: ask(item.question, Type.BLANK, blanks=(("甲",), ("乙",), ("丙",))) for item in items}
    return Paper(items), asked, {id_: [*["甲", "乙", "丙"][:right], "", "", ""][:3] for id_ in asked}


@pytest.mark.parametrize("marks", ["10", "4", "20", "0.5", "33.34"])
def test_three_thirds_are_the_whole(marks: str) -> None:
    result = grade(*thirds(marks, marks, marks), Rules())

    assert result.marks == sum(item.earned for item in result.items if item.earned is not None) == Decimal(marks)
    assert all(abs(3 * (item.earned or 0) - Decimal(marks)) < Decimal("0.03") for item in result.items)


def test_who_has_truly_earned_sixty_is_not_told_of_less() -> None:
    paper, asked, answers = thirds(*["10"] * 9, right=2)
    marked = Paper((*paper.items, Item("none", 0, Decimal(10), (0, 1, 2, 3))))

    assert grade(marked, asked | {"none": ask("none")}, answers, Rules()).marks == 60


def test_a_fixed_number_of_marks_for_some_of_the_right_choices_is_not_rounded() -> None:
    result = grade(Paper((Item("m", 0, FULL, (0, 1, 2, 3)),)), {"m": MULTIPLE}, {"m": (0,)}, Rules("1.5", "whole"))

    assert result.marks == mark(MULTIPLE, (0,), FULL, Rules("1.5", "whole")) == Decimal("1.5")


@settings(max_examples=150)
@given(_PAPERS, st.sampled_from(["half", "each"]))
def test_the_marks_shown_add_up_to_what_the_exact_shares_do(drawn: Drawn, multiple: str) -> None:
    paper, questions_, answers = sat(drawn)
    paper = Paper(tuple(item._replace(marks=item.marks.quantize(Decimal("0.01"), ROUND_UP)) for item in paper.items))
    exact = [_worth(questions_[item.question], answers.get(item.question), item.marks, Rules(multiple)) for item in paper.items]
    result = grade(paper, questions_, answers, Rules(multiple))

    whole = sum((Fraction(worth or 0) for worth in exact), Fraction(0))
    assert abs(Fraction(result.marks) - whole) <= Fraction(1, 200)
    for item, worth in zip(result.items, exact, strict=True):
        assert abs(Fraction(item.earned or 0) - Fraction(worth or 0)) <= Fraction(1, 100)
        assert not isinstance(worth, Decimal) or item.earned == worth


@settings(max_examples=60)
@given(_PAPERS, st.randoms(), st.sampled_from(["half", "each"]))
def test_the_sum_does_not_depend_on_the_order_of_the_paper(drawn: Drawn, chance: random.Random, multiple: str) -> None:
    paper, questions_, answers = sat(drawn)
    turned = Paper(tuple(chance.sample(paper.items, len(paper.items))))

    assert grade(turned, questions_, answers, Rules(multiple)).marks == grade(paper, questions_, answers, Rules(multiple)).marks


@pytest.mark.parametrize(("rounding", "earned"), [("half", "3.5"), ("whole", "3"), ("up", "4"), ("down", "3")])
def test_where_the_author_rounds_each_answer_is_rounded_by_itself(rounding: str, earned: str) -> None:
    assert [item.earned for item in grade(*thirds("10", "10", "10"), Rules(rounding=rounding)).items] == [Decimal(earned)] * 3
