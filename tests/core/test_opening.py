"""An opening keeps the rule that gave it: one that today's rule would not give is known as such."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from ladder.core.opening import Basis, Rule, basis_of, rule_of
from ladder.core.stage import Finish, Journey, Mark, Open, Part, Plan, PlannedStage, unlock

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
FIRST = PlannedStage("start", "一", "", Finish(lessons=True, theory=60), (Part("welcome", "欢迎"), Part("rules", "规定")), (), (Part("exam", "小考"),))
SECOND = PlannedStage("calls", "二", "start", Finish(lessons=True), (Part("listening", "倾听"),))
PLAN = Plan((FIRST, SECOND))
DONE = Journey(lessons={"welcome": NOON, "rules": NOON}, exams={"exam": Mark(Decimal(80), True)})


def opened_by(plan: Plan, journey: Journey = DONE) -> Rule:
    """The rule that is kept when the second stage opens, as it comes back from the records."""
    state = unlock(plan, journey, NOON)["calls"]
    assert isinstance(state, Open)
    kept: Rule = json.loads(json.dumps(rule_of(state)))
    return kept


def basis_today(rule: Rule | None, plan: Plan = PLAN, journey: Journey = DONE) -> Basis:
    """What the opening rests on, of somebody to whom the second stage is open on record."""
    return basis_of(rule, unlock(plan, replace(journey, opened={"start": NOON, "calls": NOON}), NOON).get("calls"))


def test_the_rule_says_which_stage_comes_first_and_what_finishes_it() -> None:
    assert opened_by(PLAN) == {"after": "start", "lessons": ["welcome", "rules"], "exams": ["exam"], "theory": 60}
    assert opened_by(Plan((FIRST, replace(SECOND, opens_after=""))), Journey()) == {"after": ""}


def test_what_todays_rule_gives_rests_on_it_whatever_gave_it_then() -> None:
    for rule in (opened_by(PLAN), {"after": ""}, None):
        assert basis_today(rule) is Basis.RULE


@pytest.mark.parametrize("wrong", [
    Plan((FIRST, replace(SECOND, opens_after=""))),
    Plan((replace(FIRST, finish=Finish(lessons=True)), SECOND)),
    Plan((replace(FIRST, finish=Finish(lessons=True, theory=0)), SECOND)),
    Plan((replace(FIRST, lessons=FIRST.lessons[:1], finish=Finish(lessons=True)), SECOND)),
])
def test_a_rule_that_was_wrong_for_a_second_leaves_a_mark(wrong: Plan) -> None:
    beginner = Journey(lessons={"welcome": NOON, "rules": NOON}, exams={"exam": Mark(Decimal(10), False)})
    assert basis_today(opened_by(wrong, beginner), journey=beginner) is Basis.OTHER_RULE


def test_what_met_the_rule_was_taken_back() -> None:
    assert basis_today(opened_by(PLAN), journey=Journey(lessons=DONE.lessons)) is Basis.LOST


def test_of_an_old_opening_nobody_knows_the_rule() -> None:
    assert basis_today(None, journey=Journey()) is Basis.UNKNOWN_RULE


def test_a_stage_that_is_on_no_ladder_any_more_has_no_rule_today() -> None:
    assert basis_today(opened_by(PLAN), Plan((FIRST,))) is Basis.NO_STAGE
