"""Papers: what the banks must hold, what is drawn from them, and how answers are read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from examiner import CHAPTERS, EXAMS, QUESTIONS, SUPPLIED, ask, bank_of, drawn, exam_of, row_of, supply_problems
from ladder.core.bank import Bank
from ladder.core.errors import Malformed, Refused
from ladder.core.exam import Exam, Row
from ladder.core.paper import Item, Paper, is_answered, read_answer, shown_answer
from ladder.core.question import Question, Type

# -- supply -----------------------------------------------------------------------------------------------------------


def test_a_bank_that_holds_enough_supplies_the_exam() -> None:
    assert supply_problems(exam_of([row_of(2)]), bank_of(ask("a"), ask("b"))) == []


def test_only_questions_that_fit_the_row_count() -> None:
    banks = bank_of(ask("a"), ask("b", kb="calming"), ask("c", difficulty=4), ask("d", Type.JUDGE))

    assert supply_problems(exam_of([row_of(2, kb="limits", high=3)]), banks) == ["9:5 short-supply 1"]


def test_two_rows_cannot_have_the_same_question() -> None:
    assert supply_problems(exam_of([row_of(1)], [row_of(1)]), bank_of(ask("a"))) == ["9:5 short-supply 0"]


def test_rows_that_compete_share_when_sharing_is_possible() -> None:
    """Each of three rows fits two of three questions: whoever takes its first blindly may leave the last with none."""
    banks = bank_of(
        ask("a", difficulty=1), ask("b", difficulty=2), ask("c", difficulty=3, kb="calming"),
        ask("d", difficulty=1, kb="calming"),
    )
    exam = exam_of([row_of(1, low=1, high=2), row_of(1, low=2, high=3), row_of(2, kb="calming")])

    assert supply_problems(exam, banks) == []
    for seed in range(20):
        assert len(drawn(exam, banks, seed).items) == 4


def test_unknown_banks_articles_and_chapters_are_told_in_their_cells() -> None:
    exam = exam_of([replace(row_of(1), bank="basic"), row_of(1, kb="limit"), row_of(1, chapter="时间")])

    assert supply_problems(exam, bank_of(ask("a"))) == ["9:2 unknown-bank", "9:3 unknown-article", "9:4 unknown-chapter"]


def test_a_row_draws_from_every_article_of_its_chapter_and_from_no_other() -> None:
    banks = bank_of(*(ask(f"{kb or 'none'}-{number}", kb=kb) for kb in ("limits", "calming", "greeting", "") for number in range(2)))
    exam = exam_of([row_of(4, chapter="沟通")])

    assert supply_problems(exam, banks) == []
    assert {item.question for item in drawn(exam, banks).items} == {"calming-0", "calming-1", "greeting-0", "greeting-1"}
    assert supply_problems(exam_of([row_of(5, chapter="沟通")]), banks) == ["9:5 short-supply 4"]
    assert supply_problems(exam_of([row_of(3, chapter="沟通", kb="calming")]), banks) == ["9:5 short-supply 2"]
    assert supply_problems(exam_of([row_of(1, chapter="时限", kb="calming")]), banks) == ["9:5 short-supply 0"]


# -- rubrics and twins ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "marks", "problems"), [
    (("4", "4"), "8", []), (("2.5", "2.5"), "5.0", []), (("0.1",) * 10, "1", []),
    (("4", "4"), "10", ["9:6 rubric-sum"]), (("2.5", "2.4"), "5", ["9:6 rubric-sum"]),
])
@pytest.mark.parametrize("type_", [Type.SHORT, Type.ESSAY])
def test_key_points_add_up_to_what_the_row_gives(type_: Type, points: Sequence[str], marks: str, problems: list[str]) -> None:
    exam = exam_of([row_of(1, type_, marks=marks)])

    assert supply_problems(exam, bank_of(ask("a", type_, points=points))) == problems


def test_only_rubrics_of_questions_that_may_be_drawn_matter() -> None:
    banks = bank_of(ask("a", Type.SHORT, points=["8"]), ask("b", Type.SHORT, points=["5"], kb="calming"), ask("c", Type.ESSAY))

    assert supply_problems(exam_of([row_of(1, Type.SHORT, kb="limits", marks="8")]), banks) == []
    assert supply_problems(exam_of([row_of(1, Type.SHORT, marks="8")]), banks) == ["9:6 rubric-sum"]


@pytest.mark.parametrize(("other", "problems"), [
    (ask("b", stem="问 A？"), ["9:2 same-question"]),
    (ask("b", stem="问ａ？", choices="丁丙乙甲", key="丁", difficulty=5), ["9:2 same-question"]),
    (ask("b", stem="问A？", choices="甲乙丙"), []),
    (ask("b", stem="问B？"), []),
    (ask("b", Type.MULTIPLE, stem="问A？"), []),
    (ask("b", stem="问A？", kb="calming"), []),
])
def test_the_same_question_must_not_meet_itself_on_one_paper(other: Question, problems: list[str]) -> None:
    banks = bank_of(ask("a", stem="问A？"), other, ask("c"), ask("d"))

    assert supply_problems(exam_of([row_of(2, kb="limits")]), banks) == problems
    assert supply_problems(exam_of([row_of(1, kb="limits")]), banks) == [], "one question is no pair"


def test_two_rows_may_draw_the_same_question_twice_too() -> None:
    banks = bank_of(ask("a", stem="问？", kb="limits"), ask("b", stem="问？", kb="calming"))

    assert supply_problems(exam_of([row_of(1, kb="limits")], [row_of(1, kb="calming")]), banks) == ["9:2 same-question"]
    assert supply_problems(exam_of([row_of(1)]), banks) == []


# -- the paper --------------------------------------------------------------------------------------------------------

def dealt(exam: Exam, banks: dict[str, Bank], paper: Paper) -> bool:
    """Whether the questions of a paper can be told off to the rows of the blueprint, section by section, one to one."""
    questions = {question.id: question for question in banks["basics"].questions}

    def fill(slots: list[Row], left: list[Question]) -> bool:
        if not slots:
            return not left
        return any(fill(slots[1:], left[:at] + left[at + 1 :]) for at, question in enumerate(left) if slots[0].fits(question, CHAPTERS))

    return all(
        fill([row for row in section.rows for _ in range(row.count)],
             [questions[item.question] for item in paper.items if item.section == number])
        for number, section in enumerate(exam.sections)
    )


@settings(max_examples=100)
@given(SUPPLIED, st.text(max_size=8))
def test_a_bank_that_holds_enough_always_gives_the_paper_that_the_blueprint_asks_for(
    supplied: tuple[Exam, dict[str, Bank]], seed: str
) -> None:
    exam, banks = supplied

    assert supply_problems(exam, banks) == []
    assert dealt(exam, banks, drawn(exam, banks, seed))


@settings(max_examples=100)
@given(EXAMS, QUESTIONS, st.text(max_size=8))
def test_an_exam_is_drawn_exactly_when_it_passes_the_check(exam: Exam, banks: dict[str, Bank], seed: str) -> None:
    if supply_problems(exam, banks):
        with pytest.raises(Refused):
            drawn(exam, banks, seed)
        return
    paper = drawn(exam, banks, seed)

    assert dealt(exam, banks, paper)
    assert max(Counter(item.question for item in paper.items).values()) == 1
    assert sum(item.marks for item in paper.items) == exam.marks


@settings(max_examples=100)
@given(SUPPLIED, st.text(max_size=8), st.sets(st.integers(0, 19)))
def test_questions_seen_before_come_only_when_unseen_ones_run_out(
    supplied: tuple[Exam, dict[str, Bank]], seed: str, numbers: set[int]
) -> None:
    exam, banks = supplied
    seen = {f"q{number}" for number in numbers}
    repeated = [item.question for item in drawn(exam, banks, seed, seen).items if item.question in seen]

    # Without one of the repeated questions, the unseen ones and the other repeated ones could not fill the paper.
    for question in repeated:
        kept = [q for q in banks["basics"].questions if q.id not in seen or (q.id in repeated and q.id != question)]
        assert supply_problems(exam, {"basics": replace(banks["basics"], questions=tuple(kept))}) != []


def test_a_second_paper_repeats_nothing_while_the_bank_lasts() -> None:
    banks, exam = bank_of(*(ask(f"q{i}") for i in range(10))), exam_of([row_of(5)])
    first = {item.question for item in drawn(exam, banks, "1").items}

    assert first.isdisjoint(item.question for item in drawn(exam, banks, "2", first).items)


def test_the_same_seed_gives_the_same_paper_and_another_seed_another() -> None:
    banks, exam = bank_of(*(ask(f"q{i}") for i in range(40))), exam_of([row_of(10)])

    assert drawn(exam, banks, "seed") == drawn(exam, banks, "seed")
    assert drawn(exam, banks, "seed") != drawn(exam, banks, "other")


def test_every_question_and_every_order_of_choices_has_its_turn() -> None:
    banks, exam = bank_of(*(ask(f"q{i}", choices="甲乙丙") for i in range(6))), exam_of([row_of(2)])
    items = [item for seed in range(120) for item in drawn(exam, banks, seed).items]

    assert len(Counter(item.question for item in items)) == 6
    assert min(Counter(item.question for item in items).values()) > 15
    assert len({item.order for item in items}) == 6


def test_fixed_choices_keep_the_order_in_which_they_were_written() -> None:
    banks, exam = bank_of(ask("a", fixed=True), ask("b", Type.JUDGE, choices="对错", key="对", fixed=True)), exam_of(
        [row_of(1), row_of(1, Type.JUDGE)])

    for seed in range(20):
        paper = drawn(exam, banks, seed)
        assert {item.question: item.order for item in paper.items} == {"a": (0, 1, 2, 3), "b": (0, 1)}


@pytest.mark.parametrize("pinned", ["丙", "戊", "甲戊", "乙丙丁", "甲乙丙丁戊"])
def test_pinned_choices_keep_their_place_and_the_others_take_every_other_one(pinned: str) -> None:
    banks, exam = bank_of(ask("a", choices="甲乙丙丁戊", pinned=pinned)), exam_of([row_of(1)])
    orders = [drawn(exam, banks, seed).items[0].order for seed in range(200)]
    stay = {"甲乙丙丁戊".index(letter) for letter in pinned}

    assert all(sorted(order) == [0, 1, 2, 3, 4] and all(order[place] == place for place in stay) for order in orders)
    loose = set(range(5)) - stay
    assert all({order.index(choice) for order in orders} == loose for choice in loose)


def test_without_shuffling_the_paper_stands_as_the_bank_was_written() -> None:
    banks = bank_of(*(ask(f"q{i}", Type.SINGLE if i % 2 else Type.JUDGE) for i in range(8)))
    paper = drawn(exam_of([row_of(4), row_of(4, Type.JUDGE)], shuffle=False), banks, "seed", ["q1", "q2"])

    assert [item.question for item in paper.items] == ["q1", "q3", "q5", "q7", "q0", "q2", "q4", "q6"]
    assert {item.order for item in paper.items} == {(0, 1, 2, 3)}


def test_sections_stay_in_order_and_rows_mix_within_one() -> None:
    banks = bank_of(*(ask(f"q{i}", Type.SINGLE if i % 2 else Type.JUDGE) for i in range(20)))
    exam = exam_of([row_of(5), row_of(5, Type.JUDGE)], [row_of(5)])
    types = {question.id: question.type for question in banks["basics"].questions}
    paper = drawn(exam, banks, "seed")
    first = [types[item.question] for item in paper.items if item.section == 0]

    assert [item.section for item in paper.items] == [0] * 10 + [1] * 5
    assert first not in ([Type.SINGLE] * 5 + [Type.JUDGE] * 5, [Type.JUDGE] * 5 + [Type.SINGLE] * 5)


def test_a_missing_bank_refuses_politely() -> None:
    with pytest.raises(Refused, match="not ready"):
        drawn(exam_of([row_of(1)]), {}, "seed")


def test_a_paper_survives_storage() -> None:
    paper = drawn(exam_of([row_of(3, marks="2.50")], [row_of(2)]), bank_of(*(ask(f"q{i}") for i in range(9))), "seed")

    assert Paper.from_json(json.loads(json.dumps(paper.to_json()))) == paper


# -- answers ----------------------------------------------------------------------------------------------------------

SHOWN = Item("a", 0, Decimal(2), (2, 0, 3, 1))


def test_positions_on_the_paper_become_the_authors_choices() -> None:
    assert read_answer([0], SHOWN, ask("a")) == (2,)
    assert read_answer([], SHOWN, ask("a")) == ()
    assert read_answer([3, 0], SHOWN, ask("a", Type.MULTIPLE)) == (1, 2)


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_a_stored_answer_is_shown_where_it_was_given(order: list[int], positions: set[int]) -> None:
    item, multiple = Item("a", 0, Decimal(2), tuple(order)), ask("a", Type.MULTIPLE)

    assert shown_answer(read_answer(sorted(positions), item, multiple), item) == sorted(positions)


def test_what_was_typed_is_kept_as_typed() -> None:
    blank, item = ask("a", Type.BLANK, blanks=(("48",), ("3",))), Item("a", 0, Decimal(2), ())

    assert read_answer([" 48 ", ""], item, blank) == (" 48 ", "")
    assert shown_answer((" 48 ", ""), item) == [" 48 ", ""]
    assert read_answer(["长" * 200, ""], item, blank) == ("长" * 200, "")
    assert read_answer(["先听" * 10_000], item, ask("a", Type.SHORT)) == ("先听" * 10_000,)
    with pytest.raises(Malformed):
        read_answer(["先听" * 10_000 + "。"], item, ask("a", Type.SHORT))


@pytest.mark.parametrize("value", [None, 0, "0", {"0": 1}, [4], [-1], ["0"], [True], [0.0], [0, 0], [0, 1], [[0]]])
def test_a_choice_that_no_page_of_ours_sends_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        read_answer(value, SHOWN, ask("a"))


@pytest.mark.parametrize(
    "value", [None, "48", [], ["48"], ["48", 3], ["48", None], ["48", "3", ""], ["48", "\0"], ["48", "长" * 201], ["9" * 5000, "3"]]
)
def test_a_text_that_no_page_of_ours_sends_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        read_answer(value, Item("a", 0, Decimal(2), ()), ask("a", Type.BLANK, blanks=(("48",), ("3",))))


@pytest.mark.parametrize(("answer", "answered"), [
    (None, False), ((), False), (("", " "), False), ((0,), True), (("", "3"), True),
])
def test_an_answer_counts_as_given_when_something_was_chosen_or_written(answer: Sequence[object] | None, answered: bool) -> None:
    assert is_answered(answer) is answered
