"""What a learner can do now: where they stand with each part, and which of them comes next."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ladder.core.sitting import Allowed, attempts_left, hindrance, wait_over_at
from ladder.core.stage import Journey, Locked, Mark, Open, Part, Plan, PlannedStage, Requirement, Tries, current, is_passed

_KIND = {"lessons": "lesson", "cases": "case", "practice": "case", "theory": "exam"}


class PartState(StrEnum):
    """How things are between one learner and one part of an open stage."""

    NEW = "new"
    BEGUN = "begun"  # a lesson that was looked into, a call with the customer still on the line
    RUNNING = "running"  # an exam, until its deadline
    OVER = "over"  # an exam whose time is up, and which nobody has handed in
    AGAIN = "again"  # tried without success, and may be tried again
    DONE = "done"
    PENDING = "pending"  # handed in, not marked
    USED_UP = "used-up"
    NOT_OPEN = "not-open"
    CLOSED = "closed"
    WAITING = "waiting"  # for the time between two attempts to be over
    BY_HAND = "by-hand"  # staff have set marks that do not pass, and they stand over every attempt
    SHORT = "short"  # passed, so that it cannot be sat again, with fewer marks than the stage asks for


MAY = frozenset((PartState.NEW, PartState.BEGUN, PartState.RUNNING, PartState.OVER, PartState.AGAIN))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a learner stands with one part.

    `at` is the moment that its state is about: when a running exam ends, one that waits begins, one that is closed has closed.
    `minutes` are left of a running exam, `left` are the attempts that remain (None: any number), `needed` the marks that a part
    which falls short would need.
    """

    kind: str
    part: Part
    state: PartState
    mark: Mark | None = None
    at: datetime.datetime | None = None
    minutes: int = 0
    left: int | None = None
    needed: int = 0

    @property
    def may(self) -> bool:
        """Whether something can be done there now."""
        return self.state in MAY


def standing(kind: str, part: Part, journey: Journey, now: datetime.datetime) -> Standing:
    """Where a learner stands with a part. That its stage is open is the caller's business."""
    if kind == "exam":
        return _exam(part, journey, now)
    mark = journey.cases.get(part.id) if kind == "case" else None
    if kind == "case" and part.id in journey.calling:
        state = PartState.BEGUN
    elif part.id in journey.lessons or is_passed(mark):
        state = PartState.DONE
    elif mark is not None and mark.marks is not None:
        state = PartState.AGAIN
    else:
        state = PartState.BEGUN if kind == "lesson" and part.id in journey.started else PartState.NEW
    return Standing(kind=kind, part=part, state=state, mark=mark)


def _exam(part: Part, journey: Journey, now: datetime.datetime) -> Standing:
    mark, tries = journey.exams.get(part.id), journey.tries.get(part.id, Tries())
    left = attempts_left(part, tries.used, Allowed(attempts=tries.extra))
    found = Standing(kind="exam", part=part, state=PartState.NEW, mark=mark, left=left)
    by_hand = mark is not None and mark.by_hand
    if by_hand:
        return replace(found, state=PartState.DONE if is_passed(mark) else PartState.BY_HAND)
    if tries.until is not None and not is_passed(mark):
        left_now = tries.until - now
        state = PartState.RUNNING if left_now >= datetime.timedelta() else PartState.OVER
        return replace(found, state=state, at=tries.until, minutes=max(int(left_now.total_seconds()) // 60, 0))
    again_at = wait_over_at(part, tries.ended_at)
    pending = mark is not None and mark.pending
    hindered = hindrance(part, passed=is_passed(mark), pending=pending, left=left, again_at=again_at, now=now)
    if hindered is None:
        return replace(found, state=PartState.NEW if mark is None else PartState.AGAIN)
    moments = {"not-open": part.opens_at, "closed": part.closes_at, "waiting": again_at}
    state = PartState.DONE if hindered == "passed" else PartState(hindered.value)
    return replace(found, state=state, at=moments.get(hindered.value))


def used_up(plan: Plan, journey: Journey) -> frozenset[str]:
    """The exams of which no attempt seems to be left, as far as the records tell."""
    left = {
        part.id: attempts_left(part, tries.used, Allowed(attempts=tries.extra))
        for stage in plan.stages for part in stage.exams if (tries := journey.tries.get(part.id))
    }
    return frozenset(exam for exam, number in left.items() if number == 0)


def with_counted(journey: Journey, counted: Mapping[str, int]) -> Journey:
    """The journey where fewer attempts count than are on record, by exam."""
    tries = {
        exam: replace(journey.tries[exam], used=min(journey.tries[exam].used, number))
        for exam, number in counted.items() if exam in journey.tries
    }
    return replace(journey, tries={**journey.tries, **tries})


def standings(stage: PlannedStage, journey: Journey, now: datetime.datetime) -> tuple[Standing, ...]:
    """Where a learner stands with everything in an open stage."""
    return tuple(standing(kind, part, journey, now) for kind, part in stage.parts)


def row_action(row: Requirement, journey: Journey, now: datetime.datetime) -> Standing | None:
    """What meets a requirement: the first part that something can be done about; else the first of those that are waited for.

    None when there is no part that could.
    """
    found = [_towards(row, standing(_KIND[row.kind], part, journey, now)) for part in row.missing]
    on_the_line = [one for one in found if one.kind == "case" and one.state is PartState.BEGUN]
    return next((one for one in (*on_the_line, *found) if one.may), found[0] if found else None)


def _towards(row: Requirement, one: Standing) -> Standing:
    """A part that is done, and not well enough: a call may be made again, an exam may not."""
    if one.state is not PartState.DONE:
        return one
    if one.kind == "case":
        return replace(one, state=PartState.AGAIN)
    return replace(one, state=PartState.SHORT, needed=int(row.needed))


@dataclass(frozen=True, kw_only=True)
class Next:
    """What comes next. `go` is where to go now; None when there is nothing to be done, and then these say why:

    parts that are `waited` for, `days` that are not over, a stage `preparing` of which not everything is written yet. None of
    them: everything is finished that the ladder asks for.
    """

    go: Standing | None = None
    waited: tuple[Standing, ...] = ()
    days: Requirement | None = None
    preparing: PlannedStage | None = None


def next_action(states: Iterable[Open | Locked], journey: Journey, now: datetime.datetime) -> Next:
    """What a learner does next. It never leads to what cannot be done.

    1. The exam whose clock runs.
    2. What meets the requirements of the stage where they stand, in the order of its rule.
    3. Anything else in that stage.
    4. The same in the other stages that are open and not finished.
    """
    opened = [state for state in states if isinstance(state, Open)]
    everything = [one for state in opened for one in standings(state.stage, journey, now)]
    timed = [one for one in everything if one.state in (PartState.RUNNING, PartState.OVER)]
    if timed:
        return Next(go=min(timed, key=lambda one: (one.at is None, one.at)))
    here = current(opened)
    unfinished = [state for state in opened if not state.finished]
    for state in sorted(unfinished, key=lambda state: state.stage != here):
        go = _in_stage(state, journey, now)
        if go is not None:
            return Next(go=go)
    return _nothing(unfinished, journey, now)


def _in_stage(state: Open, journey: Journey, now: datetime.datetime) -> Standing | None:
    asked = [row_action(row, journey, now) for row in state.requirements if not row.met]
    wanted: Sequence[Standing | None] = (*asked, *standings(state.stage, journey, now))
    return next((one for one in wanted if one is not None and one.may), None)


def _nothing(unfinished: Sequence[Open], journey: Journey, now: datetime.datetime) -> Next:
    """Why there is nothing to do now."""
    rows = [row for state in unfinished for row in state.requirements if not row.met]
    waited = [one for row in rows if (one := row_action(row, journey, now)) is not None]
    return Next(
        waited=tuple(dict.fromkeys(waited)),
        days=next((row for row in rows if row.kind == "days"), None),
        preparing=next((state.stage for state in unfinished if state.stage.in_preparation), None),
    )
