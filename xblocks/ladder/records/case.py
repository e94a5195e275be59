"""Calls of a case and the steps taken in them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.case import Outcome, Step
from ladder.core.errors import Refused
from ladder.records.journal import together
from ladder.records.models import COUNTS, Call, CaseStep


@dataclass(frozen=True)
class Played:
    """A call with its steps. `ended_at` None while it is running."""

    id: int
    number: int
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    marks: int | None
    passed: bool
    steps: tuple[Step, ...] = ()
    op_ids: tuple[str, ...] = ()


def calls(learner_id: int, course: str, block: str) -> list[Played]:
    """All calls of a learner in a case, oldest first, without their steps."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS).order_by("number")
    return [_played(row) for row in rows]


def best_call(learner_id: int, course: str, block: str) -> tuple[Decimal | None, int]:
    """The best marks of a learner's calls and the number of the first that earned them; trials count for nobody."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS, trial=False)
    best = rows.exclude(marks=None).order_by("-marks", "number").values_list("marks", "number").first()
    return best or (None, 0)


def called(course: str) -> list[tuple[str, int]]:
    """Who has played which case of a course: (block, learner id). One statement."""
    return sorted(set(Call.objects.filter(course=course, trial=False).values_list("block", "learner_id")))


def with_steps(call: Played) -> Played:
    """The call with its steps in order."""
    return _played_with(call, list(CaseStep.objects.filter(call_id=call.id).order_by("position")))


def _played(row: Call) -> Played:
    marks = None if row.marks is None else int(row.marks)
    return Played(row.id, row.number, row.started_at, row.ended_at, marks, row.passed)


def _played_with(call: Played, rows: Sequence[CaseStep]) -> Played:
    steps = tuple(Step(row.scene, row.option) for row in rows)
    return Played(call.id, call.number, call.started_at, call.ended_at, call.marks, call.passed,
                  steps, tuple(row.op_id for row in rows))


@together
def start_call(learner_id: int, course: str, block: str, now: datetime.datetime) -> Played:
    """Begin a call; the one that is running, if any, goes on instead."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block).order_by("-number")[:1]
    last = next(iter(rows), None)
    if last is not None and last.ended_at is None and last.voiding == COUNTS:
        return _played(last)
    number = last.number + 1 if last else 1
    return _played(Call.objects.create(learner_id=learner_id, course=course, block=block, number=number, started_at=now))


@together
def abandon(call: Played, now: datetime.datetime) -> None:
    """Close a call whose script has changed underneath it. It counts nothing."""
    Call.objects.filter(id=call.id, ended_at=None).update(ended_at=now)


@together
def take_step(
    learner_id: int, course: str, block: str, op_id: str, now: datetime.datetime,
    decide: Callable[[Played], tuple[Step, Outcome | None]],
) -> Played:
    """Take one step in the running call.

    `decide` is given the call as it stands under the lock and says which step is taken and, when it ends the call, the outcome.
    The same `op_id` again answers with the call as it stands.
    """
    row = Call.objects.select_for_update().filter(learner_id=learner_id, course=course, block=block).order_by("-number").first()
    if row is None or row.voiding != COUNTS:
        raise Refused("The call has not begun.")
    call = with_steps(_played(row))
    if op_id in call.op_ids:
        return call
    if call.ended_at is not None:
        raise Refused("The call is over.")
    step, outcome = decide(call)
    made = CaseStep(call_id=row.id, position=len(call.steps), scene=step.scene, option=step.option, op_id=op_id, chosen_at=now)
    made.save(force_insert=True)
    if outcome is not None:
        Call.objects.filter(id=row.id).update(ended_at=now, marks=outcome.marks, passed=outcome.passed)
    return Played(call.id, call.number, call.started_at, now if outcome else None, outcome.marks if outcome else None,
                  bool(outcome and outcome.passed), (*call.steps, step), (*call.op_ids, op_id))
