"""Calls of a case and the steps taken in them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from ladder.core.case import Outcome, Step
from ladder.core.errors import Malformed, Refused
from ladder.records.journal import together
from ladder.records.models import COUNTS, Call, CaseStep
from ladder.records.source import digest_of, keep_source


@dataclass(frozen=True)
class Played:
    """A call with its steps. `ended_at` None while it is running, `marks` None while it counts nothing.

    `digest` names the script it is played by; empty for a call older than the keeping of scripts: nobody knows its version.
    """

    id: int
    number: int
    digest: str
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    marks: int | None
    passed: bool
    steps: tuple[Step, ...] = ()


def last_call(learner_id: int, course: str, block: str, *, trials: bool) -> Played | None:
    """A learner's newest call of a case, without its steps. `trials` count only for somebody who is trying things out now."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS)
    rows = rows if trials else rows.filter(trial=False)
    return next((_played(row) for row in rows.order_by("-number")[:1]), None)


def finished_calls(learner_id: int, course: str, block: str) -> list[tuple[int, Decimal, bool]]:
    """The calls that count, trials aside: number, marks of 100, whether passed. One statement."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS, trial=False)
    return list(rows.exclude(marks=None).values_list("number", "marks", "passed"))


def called(course: str) -> list[tuple[str, int]]:
    """Who has played which case of a course: (block, learner id). One statement."""
    return sorted(set(Call.objects.filter(course=course, trial=False).values_list("block", "learner_id")))


def with_steps(call: Played) -> Played:
    """The call with its steps in order."""
    rows = CaseStep.objects.filter(call_id=call.id).order_by("position")
    return replace(call, steps=tuple(Step(row.scene, row.option) for row in rows))


def _played(row: Call) -> Played:
    marks = None if row.marks is None else int(row.marks)
    return Played(row.id, row.number, row.source_id or "", row.started_at, row.ended_at, marks, row.passed)


def start_call(
    learner_id: int, course: str, block: str, content: str, now: datetime.datetime, *, trial: bool = False
) -> Played:
    """Begin a call by the script `content`, which is kept with it. A `trial` is one of staff.

    The call that is running, if any, goes on instead, by the script it was begun by.
    """
    digest_of(content)  # found here and remembered: nothing is hashed while a lock is held
    return _start(learner_id, course, block, content, now, trial=trial)


@together
def _start(learner_id: int, course: str, block: str, content: str, now: datetime.datetime, *, trial: bool) -> Played:
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block).order_by("-number")[:1]
    last = next(iter(rows), None)
    if last is not None and last.ended_at is None and last.voiding == COUNTS and (trial or not last.trial):
        return with_steps(_played(last))
    row = Call(learner_id=learner_id, course=course, block=block, number=last.number + 1 if last else 1, started_at=now,
               source_id=keep_source(content), trial=trial)
    row.save(force_insert=True)
    return _played(row)


@together
def abandon(call: Played, now: datetime.datetime) -> None:
    """Close a call that cannot go on. It counts nothing."""
    Call.objects.filter(id=call.id, ended_at=None).update(ended_at=now)


def _was_taken(learner_id: int, course: str, block: str, op_id: str, sent: tuple[int, int]) -> bool:
    """Whether this step has been taken, in this call or in one before it: a repeat may come late."""
    mine = CaseStep.objects.filter(op_id=op_id, call__learner_id=learner_id, call__course=course, call__block=block)
    taken = mine.values_list("position", "option").first()
    if taken not in (None, sent):
        raise Malformed("op_id")
    return taken is not None


@together
def take_step(
    learner_id: int, course: str, block: str, op_id: str, sent: tuple[int, int], now: datetime.datetime,
    decide: Callable[[Played], tuple[Step, Outcome | None]], *, trial: bool = False,
) -> Played:
    """Take one step in the running call. `sent` is the position and option that the page has asked for.

    `decide` is given the call as it stands and says which step is taken and, when it ends the call, the outcome. No lock is held
    meanwhile: a window that was overtaken finds the place of its step taken, and `decide` is asked again.
    The same `op_id` again answers with the call as it stands; Malformed when it comes with another step.
    """
    last = last_call(learner_id, course, block, trials=trial)
    if last is None:
        raise Refused("The call has not begun.")
    call = with_steps(last)
    if _was_taken(learner_id, course, block, op_id, sent):
        return with_steps(last_call(learner_id, course, block, trials=trial) or last)  # taken, perhaps, since the steps were read
    if call.ended_at is not None:
        raise Refused("The call is over.")
    step, outcome = decide(call)
    made = CaseStep(call_id=call.id, position=len(call.steps), scene=step.scene, option=step.option, op_id=op_id, chosen_at=now)
    made.save(force_insert=True)
    after = replace(call, steps=(*call.steps, step))
    if outcome is None:
        return after
    running = Call.objects.filter(id=call.id, ended_at=None, voiding=COUNTS)
    if not running.update(ended_at=now, marks=outcome.marks, passed=outcome.passed):
        raise Refused("The call is over.")  # closed or taken back meanwhile: the step is undone, too
    return replace(after, ended_at=now, marks=outcome.marks, passed=outcome.passed)
