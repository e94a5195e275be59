"""Who may begin an attempt, and until when it lasts. Times are aware UTC; the server's clock alone decides."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol

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


def why_not_start(exam: Exam, tried: Sequence[Tried], now: datetime.datetime) -> Refused | None:
    """Why an attempt may not begin now, or None when it may. The first of these reasons:

    1. One has been passed.                      2. An earlier attempt is still being marked.
    3. No attempts are left.                     4. The exam is not open yet, or closed.
    5. The waiting time since the last attempt is not over.
    """
    if any(attempt.passed for attempt in tried):
        return Refused("You have already passed this exam.")
    if any(attempt.pending for attempt in tried):
        return Refused("Your last attempt is still being marked.")
    if exam.attempts and len(tried) >= exam.attempts:
        return Refused("No attempts are left.")
    if exam.opens_at and now < exam.opens_at:
        return Refused("The exam is not open yet.")
    if exam.closes_at and now >= exam.closes_at:
        return Refused("The exam is closed.")
    again_at = may_start_again_at(exam, tried)
    if again_at and now < again_at:
        return Refused("The waiting time between two attempts is not over yet.")
    return None


def may_start_again_at(exam: Exam, tried: Sequence[Tried]) -> datetime.datetime | None:
    """When the waiting time after the last attempt is over; None when there is none to wait for."""
    ended = [attempt.submitted_at for attempt in tried if attempt.submitted_at is not None]
    return max(ended) + datetime.timedelta(hours=exam.wait_hours) if ended and exam.wait_hours else None


def deadline(exam: Exam, now: datetime.datetime) -> datetime.datetime:
    """When an attempt begun now ends: after its minutes, or when the exam closes if that is sooner."""
    ends_at = now + datetime.timedelta(minutes=exam.minutes)
    return min(ends_at, exam.closes_at) if exam.closes_at else ends_at
