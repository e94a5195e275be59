"""Everybody's attempts at an exam, as its trainers see them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ladder.records.models import Attempt, Mark


class State(StrEnum):
    """Where an attempt stands."""

    RUNNING = "running"
    TRIAL = "trial"  # handed in by staff with written answers, which nobody marks
    MARKING = "marking"
    READY = "ready"
    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


@dataclass(frozen=True)
class Attempted:
    """One attempt. `unmarked` answers wait for a person's marks; `marks` None while they are not released.

    A `trial` is one of staff.
    """

    id: int
    learner: int
    number: int
    started_at: datetime.datetime
    deadline_at: datetime.datetime
    submitted_at: datetime.datetime | None
    marks: Decimal | None
    state: State
    unmarked: int
    trial: bool


_COLUMNS = ("id", "learner_id", "number", "started_at", "deadline_at", "submitted_at", "marks", "pending", "passed", "voided_at",
            "trial")


def attempted(course: str, block: str) -> list[Attempted]:
    """Everybody's attempts, the newest first. One statement, one more while marks are not released."""
    mine = Attempt.objects.filter(course=course, block=block)
    rows = list(mine.order_by("-id").values_list(*_COLUMNS))
    unmarked: dict[int, int] = {}
    if any(pending for *_, pending, _, _, _ in rows):
        marked = Mark.objects.filter(attempt=OuterRef("id")).values("attempt").values_list(Count("question", distinct=True))
        waiting = mine.filter(pending=True).values_list("id", "paper", Coalesce(Subquery(marked), 0))
        unmarked = {id_: len(paper) - count for id_, paper, count in waiting}
    return [
        Attempted(id_, learner, number, started_at, deadline_at, submitted_at, marks,
                  _state(voided_at is not None, submitted_at, pending, passed, trial, unmarked.get(id_, 0)), unmarked.get(id_, 0),
                  trial)
        for id_, learner, number, started_at, deadline_at, submitted_at, marks, pending, passed, voided_at, trial in rows
    ]


def _state(voided: bool, submitted_at: object, pending: bool, passed: bool, trial: bool, unmarked: int) -> State:
    if voided:
        return State.VOID
    if submitted_at is None:
        return State.RUNNING
    if pending:
        return State.TRIAL if trial else State.MARKING if unmarked else State.READY
    return State.PASSED if passed else State.FAILED


@dataclass(frozen=True)
class Voided:
    """Why an attempt counts for nothing, and who has said so (None: the instructor tools)."""

    by: int | None
    at: datetime.datetime
    reason: str


def voided(attempt: int) -> Voided | None:
    """Why an attempt is void; None when it counts."""
    row = Attempt.objects.filter(id=attempt).exclude(voided_at=None).values_list("voided_by", "voided_at", "void_reason").first()
    return None if row is None else Voided(*row)
