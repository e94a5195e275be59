"""Whether the blocks that a course holds agree with the plan of its ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ladder.core.membership import LISTED, PARTS
from ladder.core.stage import Plan, PlannedStage


@dataclass(frozen=True)
class Held:
    """A block of a course. `stage` is the stage that opens it; `plan` the plan it carries, None where it carries none."""

    kind: str
    name: str
    stage: str = ""
    plan: Plan | None = None


class Fault(StrEnum):
    """What may be wrong between plan and blocks."""

    NO_PLAN = "no-plan"  # a stage block without one
    OTHER_PLAN = "other-plan"  # a block whose plan is not the one of the others
    NO_STAGE = "no-stage"  # a planned stage without its block
    STAGE_NOT_PLANNED = "stage-not-planned"
    NO_PART = "no-part"  # a planned lesson, case or exam without its block
    PART_NOT_PLANNED = "part-not-planned"
    OTHER_STAGE = "other-stage"  # planned for one stage, opened by another
    UNKNOWN_STAGE = "unknown-stage"  # opened by a stage that is not planned: by none


@dataclass(frozen=True)
class Mismatch:
    """One fault, and the block it is about; `stage` is the stage that the plan, or else the block, names."""

    fault: Fault
    kind: str
    name: str
    stage: str = ""


def parts_of(stage: PlannedStage) -> list[tuple[str, str]]:
    """Everything that is planned for a stage, as (kind, id)."""
    return [(kind, part.id) for kind in PARTS for part in getattr(stage, f"{kind}s")]


def plan_of(blocks: Iterable[Held]) -> Plan | None:
    """The plan of a course: the one that most of its blocks carry; None when none does."""
    plans = Counter(block.plan for block in blocks if block.plan is not None and block.plan.stages)
    return plans.most_common(1)[0][0] if plans else None


def mismatches(blocks: Sequence[Held]) -> list[Mismatch]:
    """Everything in which the blocks of a course and its plan disagree."""
    plan = plan_of(blocks)
    there = {(block.kind, block.name): block for block in blocks}
    return [*_carried(blocks, plan), *(_planned(plan, there) if plan else ()), *(_placed(blocks, plan) if plan else ())]


def _carried(blocks: Iterable[Held], plan: Plan | None) -> Iterator[Mismatch]:
    for block in blocks:
        if block.plan is not None and block.plan.stages:
            if block.plan != plan:
                yield Mismatch(Fault.OTHER_PLAN, block.kind, block.name)
        elif block.kind == "stage":
            yield Mismatch(Fault.NO_PLAN, block.kind, block.name)


def _planned(plan: Plan, there: Mapping[tuple[str, str], Held]) -> Iterator[Mismatch]:
    for stage in plan.stages:
        if ("stage", stage.id) not in there:
            yield Mismatch(Fault.NO_STAGE, "stage", stage.id)
        for kind, name in parts_of(stage):
            block = there.get((kind, name))
            if block is None:
                yield Mismatch(Fault.NO_PART, kind, name, stage.id)
            elif block.stage != stage.id:
                yield Mismatch(Fault.OTHER_STAGE, kind, name, stage.id)


def _placed(blocks: Iterable[Held], plan: Plan) -> Iterator[Mismatch]:
    stages = {stage.id for stage in plan.stages}
    planned = {part for stage in plan.stages for part in parts_of(stage)}
    for block in blocks:
        if block.kind == "stage" and block.name not in stages:
            yield Mismatch(Fault.STAGE_NOT_PLANNED, block.kind, block.name)
        elif block.kind in PARTS and (block.kind, block.name) not in planned:
            yield Mismatch(Fault.PART_NOT_PLANNED, block.kind, block.name, block.stage)
        elif block.kind not in LISTED and block.stage and block.stage not in stages:
            yield Mismatch(Fault.UNKNOWN_STAGE, block.kind, block.name, block.stage)
