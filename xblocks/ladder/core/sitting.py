"""Who may begin an attempt, and until when it lasts. Times are aware UTC; the server's clock alone decides."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from ladder.core.errors import Refused
from ladder.core.exam import Exam


class Tried(Protocol):
    """An earlier attempt, as far as these rules need it."""

    @property
    def submitted_at(self) -> datetime.datetime | None: ...
    @property
    def pending(self) -> bool: ...
    @property
    def passed(self) -> bool: ...


@dataclass(frozen=True)
class Allowed:
    """What one learner may have beyond the rules of an exam."""

    minutes: int = 0
    attempts: int = 0
    reason: str = ""


NOTHING_EXTRA = Allowed()


class Rules(Protocol):
    """An exam as far as it says who may begin: the exam itself, or what the plan knows of it."""

    @property
    def attempts(self) -> int: ...
    @property
    def wait_hours(self) -> int: ...
    @property
    def opens_at(self) -> datetime.datetime | None: ...
    @property
    def closes_at(self) -> datetime.datetime | None: ...


class Hindrance(StrEnum):
    """Why an attempt may not begin; the first that applies."""

    PASSED = "passed"
    PENDING = "pending"
    USED_UP = "used-up"
    NOT_OPEN = "not-open"
    CLOSED = "closed"
    WAITING = "waiting"


T = TypeVar("T", bound="Voidable")


class Voidable(Protocol):
    """An attempt that may have been declared void, or be a trial of staff."""

    @property
    def voided(self) -> bool: ...
    @property
    def trial(self) -> bool: ...


def counting(past: Iterable[T], *, trials: bool) -> list[T]:
    """The attempts that count: all but the voided ones and, but for somebody who is trying things out now, the trials."""
    return [attempt for attempt in past if not attempt.voided and (trials or not attempt.trial)]


def why_not_start(
    exam: Exam, tried: Sequence[Tried], used: int, now: datetime.datetime, allowed: Allowed = NOTHING_EXTRA
) -> Refused | None:
    """Why an attempt may not begin now, or None when it may. `used` is how many of those tried count against the limit.

    The first of these reasons:

    1. One has been passed.                      2. An earlier attempt is still being marked.
    3. No attempts are left.                     4. The exam is not open yet, or closed.
    5. The waiting time since the last attempt is not over.
    """
    found = hindrance(
        exam, passed=any(attempt.passed for attempt in tried), pending=any(attempt.pending for attempt in tried),
        left=attempts_left(exam, used, allowed), again_at=may_start_again_at(exam, tried), now=now,
    )
    return {
        Hindrance.PASSED: Refused("You have already passed this exam."),
        Hindrance.PENDING: Refused("Your last attempt is still being marked."),
        Hindrance.USED_UP: Refused("No attempts are left."),
        Hindrance.NOT_OPEN: Refused("The exam is not open yet."),
        Hindrance.CLOSED: Refused("The exam is closed."),
        Hindrance.WAITING: Refused("The waiting time between two attempts is not over yet."),
    }[found] if found else None


def hindrance(
    exam: Rules, *, passed: bool, pending: bool, left: int | None, again_at: datetime.datetime | None, now: datetime.datetime
) -> Hindrance | None:
    """What keeps somebody from beginning an attempt, of whom this much is known."""
    if passed:
        return Hindrance.PASSED
    if pending:
        return Hindrance.PENDING
    if left == 0:
        return Hindrance.USED_UP
    if exam.opens_at and now < exam.opens_at:
        return Hindrance.NOT_OPEN
    if exam.closes_at and now >= exam.closes_at:
        return Hindrance.CLOSED
    return Hindrance.WAITING if again_at and now < again_at else None


def may_start_again_at(exam: Rules, tried: Sequence[Tried]) -> datetime.datetime | None:
    """When the waiting time after the last attempt is over; None when there is none to wait for."""
    ended = [attempt.submitted_at for attempt in tried if attempt.submitted_at is not None]
    return wait_over_at(exam, max(ended, default=None))


def wait_over_at(exam: Rules, ended_at: datetime.datetime | None) -> datetime.datetime | None:
    """The same, of an attempt that was handed in at that moment."""
    return ended_at + datetime.timedelta(hours=exam.wait_hours) if ended_at and exam.wait_hours else None


def attempts_left(exam: Rules, used: int, allowed: Allowed = NOTHING_EXTRA) -> int | None:
    """How many attempts are left; None when there may be any number."""
    return max(exam.attempts + allowed.attempts - used, 0) if exam.attempts else None


def deadline(exam: Exam, begun_at: datetime.datetime, allowed: Allowed = NOTHING_EXTRA) -> datetime.datetime:
    """When an attempt ends: after its minutes, or when the exam closes if that is sooner; extra minutes come on top of both."""
    ends_at = begun_at + datetime.timedelta(minutes=exam.minutes)
    ends_at = min(ends_at, exam.closes_at) if exam.closes_at else ends_at
    return ends_at + datetime.timedelta(minutes=allowed.minutes)


def seconds_left(ends_at: datetime.datetime, now: datetime.datetime) -> int:
    """Whole seconds until an attempt ends; 0 from then on."""
    return max(int((ends_at - now).total_seconds()), 0)


@dataclass(frozen=True)
class Lasting:
    """How long an attempt lasts: so many minutes or, unless they are `whole`, somewhat less than that.

    `cut_short`: it ends because the exam closes, before its minutes are over.
    """

    minutes: int
    whole: bool
    cut_short: bool


def lasting(exam: Exam, now: datetime.datetime, allowed: Allowed = NOTHING_EXTRA) -> Lasting:
    """How long an attempt begun now would last; begun at the opening, where that is still to come.

    Of an exam that has closed, and can be begun no more, the minutes that it gave.
    """
    full = exam.minutes + allowed.minutes
    begun_at = max(now, exam.opens_at) if exam.opens_at else now
    if exam.closes_at and begun_at >= exam.closes_at:
        return Lasting(full, whole=True, cut_short=False)
    left, minute = deadline(exam, begun_at, allowed) - begun_at, datetime.timedelta(minutes=1)
    return Lasting(-(-left // minute), whole=not left % minute, cut_short=left < full * minute)


def is_over(exam: Exam, ends_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether nothing is taken any more of an attempt that ends at that moment: answers under way then have the exam's grace."""
    return now > ends_at + datetime.timedelta(seconds=exam.grace_seconds)


def waits_for_others(exam: Exam, now: datetime.datetime) -> bool:
    """Whether keys are kept back for nothing but those who may still be sitting the exam: its window has closed."""
    return exam.review == "window" and exam.closes_at is not None and now >= exam.closes_at


def may_be_reviewed(
    exam: Exam, released_at: datetime.datetime | None, now: datetime.datetime, sat_until: datetime.datetime | None = None
) -> bool:
    """Whether a learner may see keys and explanations of an attempt whose marks were released at that moment.

    `sat_until` is the last deadline of those still sitting the exam: extra time and grace may go on after it has closed.
    """
    if released_at is None or exam.review == "never":
        return False
    if exam.review == "release" or exam.closes_at is None:
        return True
    return now >= exam.closes_at and (sat_until is None or is_over(exam, sat_until, now))
