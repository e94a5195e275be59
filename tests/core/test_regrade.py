"""Marking again: which questions have a corrected key, and what a person reads of the change."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from examiner import ask
from ladder.core.marking import Rules, mark
from ladder.core.question import Question, Type
from ladder.core.regrade import Change, rekeyed, with_key

ASKED = ask("a", key="甲")
BLANK = ask("b", Type.BLANK, blanks=(("48",), ("3",)))
WRITTEN = ask("s", Type.SHORT, points=("4", "4"))
FULL = Decimal(4)


def test_a_corrected_key_is_taken_over_with_its_explanation() -> None:
    now = rekeyed(ASKED, replace(ask("a", key="乙"), explanation="改了"))

    assert now == replace(ASKED, choices=ask("a", key="乙").choices, explanation="改了")


@given(st.permutations("甲乙丙丁"), st.sampled_from("甲乙丙丁"))
def test_choices_that_have_changed_places_keep_their_key_and_the_papers_order(order: list[str], key: str) -> None:
    now = rekeyed(ASKED, ask("a", choices="".join(order), key=key))

    assert now is not None
    assert [choice.text for choice in now.choices] == [*"甲乙丙丁"], "answers are kept as places in the order that was asked"
    assert [choice.text for choice in now.choices if choice.correct] == [key]
    assert mark(now, ("甲乙丙丁".index(key),), FULL, Rules()) == FULL


def test_words_may_differ_in_what_does_not_count() -> None:
    asked = ask("a", choices="ab", key="a")

    assert rekeyed(asked, ask("a", choices="Ｂ A".replace(" ", ""), key="Ｂ")) == ask("a", choices="ab", key="b")


def test_one_right_choice_may_become_several_and_several_one() -> None:
    several = rekeyed(ASKED, replace(ask("a", Type.MULTIPLE, key="甲丙"), multiple="half"))
    one = rekeyed(ask("a", Type.MULTIPLE, key="甲丙"), ASKED)

    assert several is not None
    assert (several.type, several.key, several.multiple) == (Type.MULTIPLE, (0, 2), "half")
    assert mark(several, (0,), FULL, Rules()) == 2, "who chose one of two when one could be chosen has half"
    assert one is not None
    assert (one.type, one.key) == (Type.SINGLE, (0,))
    assert mark(one, (0, 2), FULL, Rules()) == 0


@pytest.mark.parametrize("today", [
    None,
    ask("a", choices="甲乙丙"), ask("a", choices="甲乙丙丁戊"), ask("a", choices="甲乙丙己"), ask("a", choices="甲乙丙丁丁"),
    ask("a", Type.BLANK, blanks=(("48",),)), ask("a", Type.SHORT), ask("a", Type.ESSAY),
])
def test_a_question_that_asks_something_else_today_keeps_the_key_it_was_asked_with(today: Question | None) -> None:
    assert rekeyed(ASKED, today) is None
    assert with_key({"a": ASKED}, {"a": today} if today else {}) == {"a": ASKED}


def test_the_words_that_were_asked_stay() -> None:
    now = rekeyed(ASKED, replace(ask("a", key="乙", stem="问得更清楚？", difficulty=5, kb="calming"), title="新"))

    assert now is not None
    assert (now.stem, now.difficulty, now.kb, now.title) == (ASKED.stem, ASKED.difficulty, ASKED.kb, ASKED.title)


def test_blanks_take_todays_answers_as_long_as_there_are_as_many() -> None:
    more = replace(BLANK, blanks=(("48", "两天"), ("3",)), any_order=True, explanation="改了")

    assert rekeyed(BLANK, replace(more, stem="别的 {{1}} {{2}}")) == more
    assert rekeyed(BLANK, replace(BLANK, blanks=(("48",),))) is None
    assert rekeyed(BLANK, replace(BLANK, blanks=(*BLANK.blanks, ("7",)))) is None
    assert rekeyed(BLANK, ask("b")) is None


@pytest.mark.parametrize("type_", [Type.SHORT, Type.ESSAY])
def test_what_a_person_marks_has_no_key_and_keeps_its_rubric(type_: Type) -> None:
    asked = ask("s", type_, points=("4", "4"))

    assert rekeyed(asked, replace(ask("s", type_, points=("8",)), explanation="改了")) == replace(asked, explanation="改了")
    other = Type.ESSAY if type_ is Type.SHORT else Type.SHORT
    for today in (ask("s", other, points=("4", "4")), ask("s", Type.BLANK, blanks=(("甲",),)), ask("s")):
        assert rekeyed(asked, today) is None


def test_only_questions_that_were_asked_are_given() -> None:
    today = {"a": ask("a", key="乙"), "new": ask("new"), "b": BLANK}

    found = with_key({"a": ASKED, "s": WRITTEN}, today)
    assert found == {"a": replace(ASKED, choices=ask("a", key="乙").choices), "s": WRITTEN}


def test_the_same_key_changes_nothing() -> None:
    asked = {"a": ASKED, "b": BLANK, "s": WRITTEN}

    assert with_key(asked, asked) == asked


@pytest.mark.parametrize(("before", "after", "kept"), [
    (Decimal("59.50"), Decimal("61.50"), ["59.50", "61.50"]), (None, None, [None, None]), (None, Decimal(60), [None, "60"]),
])
def test_a_change_is_kept_in_exact_numbers(before: Decimal | None, after: Decimal | None, kept: list[str | None]) -> None:
    change = Change(7, 3, 2, before, after, False, after is not None, (("a", Decimal("0.5"), Decimal("2.50")),))
    stored = json.loads(json.dumps(change.to_json()))

    assert stored == {
        "attempt": 7, "learner": 3, "number": 2, "marks": kept, "passed": [False, after is not None],
        "questions": [["a", "0.5", "2.50"]],
    }
