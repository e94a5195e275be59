"""Why a stage has opened: the rule that stood then, held against today's."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ladder.core.stage import Locked, Open, PlannedStage

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """A stage on record as open. `rule` is None for openings older than the keeping of rules: nobody knows which one stood."""

    stage: str
    opened_at: datetime.datetime
    finished_at: datetime.datetime | None
    rule: Rule | None


class Basis(StrEnum):
    """What an opening rests on today."""

    RULE = "rule"  # today's rule gives it
    OTHER_RULE = "other-rule"  # it was given by a rule that is another today, and today's would not give it
    LOST = "lost"  # today's rule is the one that gave it, and is not met any more: what met it was taken back
    UNKNOWN_RULE = "unknown-rule"  # today's rule would not give it, and nobody knows the one that did
    NO_STAGE = "no-stage"  # the ladder of today has no such stage


def rule_of(state: Open) -> Rule:
    """The rule by which a stage opens, as kept with the opening: the stage it waits for, and what finishes that one.

    `{"after": "start", "lessons": ["welcome"], "cases": ["late-van"], "passed": true, "exams": ["basics"], "theory": 60}`
    """
    if not state.stage.opens_after:
        return {"after": ""}
    return {"after": state.stage.opens_after} | (_finish_of(state.before) if state.before else {})


def _finish_of(stage: PlannedStage) -> dict[str, Any]:
    finish = stage.finish
    asked = {"lessons": finish.lessons, "cases": finish.cases or finish.practice is not None, "exams": finish.theory is not None}
    kept: dict[str, Any] = {kind: [part.id for part in getattr(stage, kind)] for kind, is_asked in asked.items() if is_asked}
    numbers = {"passed": finish.cases or None, "theory": finish.theory, "practice": finish.practice, "days": finish.days}
    return kept | {kind: number for kind, number in numbers.items() if number is not None}


def basis_of(rule: Rule | None, state: Open | Locked | None) -> Basis:
    """What an opening that was given by `rule` rests on, where the stage stands so by today's rule."""
    if state is None:
        return Basis.NO_STAGE
    if isinstance(state, Open) and state.given:
        return Basis.RULE
    if rule is None:
        return Basis.UNKNOWN_RULE
    return Basis.LOST if isinstance(state, Open) and rule == rule_of(state) else Basis.OTHER_RULE
