"""The book of mistakes: when a question leaves it and comes back, and how it is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from ladder.core.document import parse_document
from ladder.core.mistakes import (
    Event,
    Rulebook,
    Standing,
    card_name,
    earned,
    is_right,
    mistakes_document,
    parse_mistakes,
    redo_item,
    redos_needed,
    standing,
)
from ladder.core.paper import read_answer
from ladder.core.problems import Report
from ladder.core.question import Choice, KeyPoint, Question, Type
from ladder.core.reading import Files, Reading, Source, read_file
from ladder.core.stage import Part

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def lapse(day: int) -> Event:
    return Event(DAY + timedelta(days=day), right=False, redo=False)


def redo(day: int, right: bool, number: int = 0) -> Event:
    return Event(DAY + timedelta(days=day), right=right, redo=True, number=number)


@pytest.mark.parametrize(("events", "row", "mastered"), [
    ([lapse(0)], 0, False),
    ([lapse(0), redo(1, True)], 1, False),
    ([lapse(0), redo(1, True), redo(2, True)], 2, True),
    ([lapse(0), redo(1, True), redo(2, False), redo(3, True)], 1, False),
    ([lapse(0), redo(1, True), redo(2, False), redo(3, True), redo(4, True)], 2, True),
    ([lapse(0), redo(1, True), redo(2, True), redo(3, False)], 0, False),
    ([lapse(0), redo(1, True), redo(2, True), lapse(3)], 0, False),
    ([lapse(0), redo(1, True), lapse(2), redo(3, True)], 1, False),
    ([lapse(0), redo(0, True, 1), redo(0, True, 2)], 2, True),
    ([lapse(0), redo(0, False, 1), redo(0, True, 2), redo(0, True, 3)], 2, True),
    ([lapse(0), redo(0, True, 1), redo(0, True, 2), redo(0, False, 3)], 0, False),
])
def test_a_question_leaves_after_two_right_redos_in_a_row_and_comes_back_when_it_is_got_wrong(events, row, mastered):
    found = standing(events, 2)
    assert (found.row, found.mastered) == (row, mastered)
    assert found.wrong == sum(not event.redo for event in events)


EVENTS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30).map(
    lambda rows: [Event(DAY + timedelta(hours=hour), right=right and is_redo, redo=is_redo, number=hour)
                  for hour, (right, is_redo) in enumerate(rows)])


@given(EVENTS, st.integers(1, 5), st.randoms())
def test_the_order_in_which_events_are_given_does_not_matter(events, needed, chance):
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert standing(shuffled, needed) == standing(events, needed)


@given(EVENTS, st.integers(1, 5))
def test_it_is_mastered_exactly_when_the_last_events_are_enough_right_redos(events, needed):
    last = events[-needed:]
    assert standing(events, needed).mastered == (len(last) == needed and all(event.redo and event.right for event in last))


@given(EVENTS, st.integers(1, 5))
def test_whatever_came_before_the_needed_number_of_right_redos_takes_it_out_and_one_wrong_brings_it_back(events, needed):
    later = [redo(9, True, 100 + turn) for turn in range(needed)]
    assert standing([*events, *later], needed).mastered
    assert not standing([*events, *later[1:]], needed + len(events)).mastered
    for back in (redo(10, False, 200), lapse(10)):
        assert standing([*events, *later, back], needed) == Standing(
            sum(not event.redo for event in events) + (not back.redo), 0, needed)


def question(**changes: object) -> Question:
    made = Question(
        "limit", "时限", Type.SINGLE, "最迟多久?", tuple(Choice(text, text == "b") for text in "abcdef"), (), (), 1, None, None,
        False, "因为。", 1)
    return replace(made, **changes)  # type: ignore[arg-type] # any field may be changed


def test_the_order_is_known_again_and_changes_from_redo_to_redo_and_from_learner_to_learner():
    orders = {(learner, redos): redo_item(question(), Decimal(2), learner, redos).order for learner in range(3) for redos in range(20)}
    assert orders == {key: redo_item(question(), Decimal(2), *key).order for key in orders}
    assert all(sorted(order) == list(range(6)) for order in orders.values())
    assert len(set(orders.values())) > 50
    places = {order.index(1) for order in orders.values()}
    assert places == set(range(6)), "the right one stands in every place some time"


def test_pinned_choices_and_fixed_questions_keep_their_places():
    pinned = question(choices=(*(Choice(text, text == "a") for text in "abcde"), Choice("以上都对", False, pinned=True)))
    assert {redo_item(pinned, Decimal(1), 1, redos).order[-1] for redos in range(20)} == {5}
    assert {redo_item(question(fixed=True), Decimal(1), 1, redos).order for redos in range(20)} == {tuple(range(6))}


def test_a_card_is_another_when_what_it_shows_is_another_and_tells_nothing_of_the_key():
    card = card_name(question(), 3)
    assert card == card_name(question(choices=tuple(Choice(text, text == "c") for text in "abcdef"), explanation="别的"), 3)
    others = [
        card_name(question(), 4), card_name(question(stem="最快多久?"), 3), card_name(question(fixed=True), 3),
        card_name(question(type=Type.MULTIPLE), 3), card_name(question(choices=question().choices[:5]), 3),
        card_name(question(choices=(), blanks=(("48",),), type=Type.BLANK), 3),
    ]
    assert len({card, *others}) == 7
    blank = question(choices=(), blanks=(("48", "四十八"),), type=Type.BLANK)
    assert card_name(blank, 0) == card_name(replace(blank, blanks=(("72",),)), 0)


SEVERAL = question(type=Type.MULTIPLE, choices=tuple(Choice(text, text in "abc") for text in "abcd"))
BLANKS = question(type=Type.BLANK, choices=(), blanks=(("48",), ("3", "三")))


@pytest.mark.parametrize("rule", ["", "half", "each", "1", "100"])
def test_only_what_is_fully_right_counts_whatever_the_question_gives_for_a_part(rule):
    several = replace(SEVERAL, multiple=rule)
    assert is_right(several, (0, 1, 2))
    assert not is_right(several, (0, 1))
    assert not is_right(several, (0, 1, 2, 3))
    assert earned(several, (0, 1), Decimal(1)) == 0
    assert earned(several, (0, 1, 2), Decimal(1)) == 1


@pytest.mark.parametrize("possible", [Decimal("0.01"), Decimal(4)])
def test_some_of_the_blanks_are_never_all_of_them_however_little_the_question_is_worth(possible):
    assert is_right(BLANKS, ("48", "三"))
    assert earned(BLANKS, ("48", "三"), possible) == possible
    assert not is_right(BLANKS, ("48", "?"))
    assert earned(BLANKS, ("48", "?"), possible) < possible


@given(st.integers(0, 10**6), st.integers(0, 50))
def test_the_right_place_on_any_card_is_right_and_every_other_is_wrong(learner, redos):
    item = redo_item(question(), Decimal(1), learner, redos)
    right = [place for place in range(6) if is_right(question(), read_answer([place], item, question()))]
    assert right == [item.order.index(1)]


def test_what_only_a_person_can_mark_is_ticked_off_once():
    short = question(type=Type.SHORT, choices=(), key_points=(KeyPoint(Decimal(4), "先听", ()),))
    assert (redos_needed(short, 3), redos_needed(question(), 3)) == (1, 3)


# -- the unit -------------------------------------------------------------------------------------------------------


def read(text: str) -> tuple[Rulebook, list[str]]:
    report = Report("mistakes.md")
    document = parse_document(text, report)
    assert document is not None
    return parse_mistakes(document), [problem.code for problem in report.problems]


@pytest.mark.parametrize("exams", [(), (Part("first-exam", '入门"考核"'), Part("second-exam", "退款: 考核"))])
def test_the_units_document_is_read_as_it_was_written(exams):
    assert read(mistakes_document(3, exams)) == (Rulebook(3, exams), [])


@pytest.mark.parametrize(("line", "code"), [
    ("leaves_after: 0", "out-of-range"), ("leaves_after: 6", "out-of-range"), ("leaves_after: zwei", "wrong-type"),
    ("leave_after: 2", "unknown-key"), ("exams:\n  - {id: A B, title: x}", "bad-id"), ("exams:\n  - {id: a}", "missing-key"),
    ("exams:\n  - {id: a, title: x, stage: y}", "unknown-key"),
])
def test_a_wrong_setting_is_told(line, code):
    assert read(f"---\nkind: mistakes\n{line}\n---\n")[1] == [code]


def test_two_is_what_it_takes_when_nothing_is_said():
    assert read("---\nkind: mistakes\n---\n") == (Rulebook(2, ()), [])


# -- the course -----------------------------------------------------------------------------------------------------

COURSE = """---
kind: course
title: 小店
org: Shop
number: A
run: "2026"
start: 2026-01-01
end: 2027-01-01
{more}
---
"""


@pytest.mark.parametrize(("more", "leaves_after", "codes"), [
    ("", 2, []), ("mistakes: {leaves_after: 5}", 5, []), ("mistakes: {leaves_after: 0}", 2, ["out-of-range"]),
    ("mistakes: {leave_after: 3}", 2, ["unknown-key"]), ("mistakes: 3", 2, ["wrong-type"]),
])
def test_the_course_says_when_a_question_leaves_and_a_wrong_setting_is_told(more, leaves_after, codes):
    reading, source = Reading(), Source("course.md", "course.md", COURSE.format(more=more))
    read_file(source, reading, Files((source,), (), frozenset()))
    assert reading.settings is not None
    assert reading.settings.leaves_after == leaves_after
    assert [problem.code for problem in reading.report(source).problems] == codes
