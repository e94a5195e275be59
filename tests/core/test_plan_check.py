"""A course whose blocks and plan disagree: each fault is found, and named by its block."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ladder.core.plan_check import Fault, Held, Mismatch, mismatches
from ladder.core.stage import Finish, Part, Plan, PlannedStage

PLAN = Plan((
    PlannedStage("start", "认识小店", "", Finish(lessons=True), (Part("welcome", "欢迎"),), (Part("late-van", "货车"),), (Part("basics", "基础"),)),
    PlannedStage("calls", "接听来电", "start", Finish(lessons=True), (Part("listening", "倾听"),)),
))
OTHER = Plan(PLAN.stages[:1])
WHOLE = (
    Held("stage", "start", "start", PLAN), Held("lesson", "welcome", "start"), Held("case", "late-van", "start"),
    Held("exam", "basics", "start"), Held("stage", "calls", "calls", PLAN), Held("lesson", "listening", "calls"),
    Held("article", "limits", "start"), Held("mistakes", "mistakes", "", PLAN),
)


def without(kind: str, name: str) -> tuple[Held, ...]:
    return tuple(block for block in WHOLE if (block.kind, block.name) != (kind, name))


def changed(kind: str, name: str, /, **changes: object) -> tuple[Held, ...]:
    return tuple(replace(block, **changes) if (block.kind, block.name) == (kind, name) else block for block in WHOLE)


def test_a_course_as_it_was_built_has_no_fault():
    assert mismatches(WHOLE) == []


@pytest.mark.parametrize(("blocks", "wrong"), [
    (without("stage", "calls"), Mismatch(Fault.NO_STAGE, "stage", "calls")),
    (without("lesson", "welcome"), Mismatch(Fault.NO_PART, "lesson", "welcome", "start")),
    (without("exam", "basics"), Mismatch(Fault.NO_PART, "exam", "basics", "start")),
    (without("case", "late-van"), Mismatch(Fault.NO_PART, "case", "late-van", "start")),
    ((*WHOLE, Held("exam", "8de4bb39", "start")), Mismatch(Fault.PART_NOT_PLANNED, "exam", "8de4bb39", "start")),
    ((*WHOLE, Held("stage", "copied", "", PLAN)), Mismatch(Fault.STAGE_NOT_PLANNED, "stage", "copied")),
    (changed("stage", "calls", plan=None), Mismatch(Fault.NO_PLAN, "stage", "calls")),
    (changed("stage", "calls", plan=Plan(())), Mismatch(Fault.NO_PLAN, "stage", "calls")),
    (changed("stage", "calls", plan=OTHER), Mismatch(Fault.OTHER_PLAN, "stage", "calls")),
    (changed("mistakes", "mistakes", plan=OTHER), Mismatch(Fault.OTHER_PLAN, "mistakes", "mistakes")),
    (changed("lesson", "listening", stage="start"), Mismatch(Fault.OTHER_STAGE, "lesson", "listening", "calls")),
    (changed("lesson", "listening", stage=""), Mismatch(Fault.OTHER_STAGE, "lesson", "listening", "calls")),
    (changed("article", "limits", stage="gone"), Mismatch(Fault.UNKNOWN_STAGE, "article", "limits", "gone")),
])
def test_each_fault_is_found_alone(blocks, wrong):
    assert mismatches(blocks) == [wrong]


def test_the_plan_that_most_blocks_carry_is_the_plan():
    blocks = changed("stage", "start", plan=OTHER)
    assert mismatches(blocks) == [Mismatch(Fault.OTHER_PLAN, "stage", "start")]


def test_a_kind_and_a_name_make_a_part_not_a_name_alone():
    blocks = changed("lesson", "welcome", kind="case")
    assert {wrong.fault for wrong in mismatches(blocks)} == {Fault.NO_PART, Fault.PART_NOT_PLANNED}


def test_blocks_without_any_plan_are_said_to_have_none_and_no_more():
    blocks = [replace(block, plan=None) for block in WHOLE]
    assert mismatches(blocks) == [Mismatch(Fault.NO_PLAN, "stage", "start"), Mismatch(Fault.NO_PLAN, "stage", "calls")]
