"""Whether the ladder knows a block. The build lists every one; what is copied or made in Studio has an id that no plan holds."""

from __future__ import annotations

from enum import Enum

from ladder.core.stage import Plan

PARTS = ("lesson", "case", "exam")
LISTED = ("stage", *PARTS)  # the kinds that a plan lists


class Membership(Enum):
    """What ties a block to its stage."""

    FINE = "fine"  # the plan holds it, or need not
    ALONE = "alone"  # it names no stage
    UNLISTED = "unlisted"  # the plan of its stage does not hold it
    NO_STAGE = "no-stage"  # the course has no block of that stage
    NO_PLAN = "no-plan"  # the block of the stage carries no plan that can be read

    @property
    def counts(self) -> bool:
        """Whether its marks count. Where no plan can be had they do: a text that broke must not take anybody's grade."""
        return self not in (Membership.UNLISTED, Membership.NO_STAGE)


def membership(kind: str, id_: str, stage: str, plan: Plan | None, *, missing: bool) -> Membership:
    """What ties a block to the stage it names. `plan` is what that stage's block carries; `missing`: there is no such block."""
    if not stage:
        return Membership.ALONE if kind in LISTED else Membership.FINE
    if missing:
        return Membership.NO_STAGE
    if plan is None or not plan.stages:
        return Membership.NO_PLAN
    return Membership.FINE if kind not in LISTED or holds(plan, kind, id_) else Membership.UNLISTED


def holds(plan: Plan, kind: str, id_: str) -> bool:
    """Whether the plan lists a stage, lesson, case or exam."""
    if kind == "stage":
        return any(stage.id == id_ for stage in plan.stages)
    return any(part.id == id_ for stage in plan.stages for part in getattr(stage, f"{kind}s"))
