"""Everybody's attempts at an exam, as its trainers see them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ladder.records.isolation import each
from ladder.records.models import Attempt, Mark


class State(StrEnum):
    """Where an attempt stands."""

    RUNNING = "running"
    TRIAL = "trial"  # handed in by staff with written answers, which nobody marks
    UNMARKABLE = "unmarkable"  # something is wrong with it, and a person has to decide
    MARKING = "marking"
    READY = "ready"
    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


@dataclass(frozen=True)
class Attempted:
    """One attempt. `unmarked` answers wait for a person's marks; `marks` None while they are not released.

    A `trial` is one of staff. `digest` names the text it was drawn from.
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
    digest: str


_COLUMNS = ("id", "learner_id", "number", "started_at", "deadline_at", "submitted_at", "marks", "trial", "source_id", "pending",
            "passed", "voided_at")


def attempted(course: str, block: str) -> list[Attempted]:
    """Everybody's attempts, the newest first. One statement, one more while marks are not released."""
    mine = Attempt.objects.filter(course=course, block=block)
    rows = list(mine.order_by("-id").values_list(*_COLUMNS))
    unmarked: dict[int, int] = {}
    if any(pending for *_, pending, _, _ in rows):
        marked = Mark.objects.filter(attempt=OuterRef("id")).values("attempt").values_list(Count("question", distinct=True))
        waiting = mine.filter(pending=True).values_list("id", "paper", Coalesce(Subquery(marked), 0))
        counted = each(waiting, lambda row: len(row[1]) - row[2], lambda row: f"Counting the marks of attempt {row[0]}")
        unmarked = {row[0]: count for row, count in counted.results}
    return [_attempted(*row, unmarked=unmarked.get(row[0], 0)) for row in rows]


def _attempted(
    id_: int, learner: int, number: int, started_at: datetime.datetime, deadline_at: datetime.datetime,
    submitted_at: datetime.datetime | None, marks: Decimal | None, trial: bool, digest: str, pending: bool, passed: bool,
    voided_at: datetime.datetime | None, *, unmarked: int,
) -> Attempted:
    state = _state(voided_at is not None, submitted_at, pending, passed, trial, unmarked)
    return Attempted(id_, learner, number, started_at, deadline_at, submitted_at, marks, state, unmarked, trial, digest)


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
