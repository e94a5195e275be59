"""What ties a block to the stage it names, and whether it counts."""

from __future__ import annotations

import pytest

from ladder.core.membership import Membership, membership
from ladder.core.stage import Finish, Part, Plan, PlannedStage

PLAN = Plan((
    PlannedStage("start", "一", "", Finish(), (Part("welcome", "欢迎"),), (Part("late-van", "迟到"),), ()),
    PlannedStage("calls", "二", "start", Finish(), (), (), (Part("second-exam", "考试"),)),
))


@pytest.mark.parametrize(("kind", "id_", "stage"), [
    ("stage", "start", "start"), ("lesson", "welcome", "start"), ("case", "late-van", "start"), ("exam", "second-exam", "calls"),
    ("article", "anything", "start"), ("article", "anything", ""), ("mistakes", "mistakes", ""),
])
def test_what_the_build_made_is_fine(kind: str, id_: str, stage: str) -> None:
    assert membership(kind, id_, stage, PLAN, missing=False) is Membership.FINE


@pytest.mark.parametrize(("kind", "id_"), [
    ("stage", "welcome"), ("lesson", "8de4bb39"), ("case", "welcome"), ("exam", "late-van"), ("exam", "8de4bb39"),
])
def test_an_id_that_the_plan_does_not_hold_for_this_kind_does_not_count(kind: str, id_: str) -> None:
    found = membership(kind, id_, "start", PLAN, missing=False)
    assert found is Membership.UNLISTED
    assert not found.counts


@pytest.mark.parametrize("kind", ["stage", "lesson", "case", "exam"])
def test_a_block_of_no_stage_stands_alone_and_counts(kind: str) -> None:
    found = membership(kind, "8de4bb39", "", None, missing=False)
    assert found is Membership.ALONE
    assert found.counts


@pytest.mark.parametrize("kind", ["article", "lesson", "exam"])
def test_a_block_whose_stage_the_course_does_not_have_is_for_nobody(kind: str) -> None:
    found = membership(kind, "welcome", "elsewhere", None, missing=True)
    assert found is Membership.NO_STAGE
    assert not found.counts


@pytest.mark.parametrize("plan", [None, Plan(())])
def test_where_no_plan_can_be_had_nobody_loses_a_grade(plan: Plan | None) -> None:
    found = membership("exam", "second-exam", "calls", plan, missing=False)
    assert found is Membership.NO_PLAN
    assert found.counts
