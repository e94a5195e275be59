"""Everybody's attempts at an exam as the desk tells of them: with those that cannot be marked, and why."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import DatabaseError

from ladder.desk.reasons import reason_of
from ladder.exam_file import files_of
from ladder.exam_results import close_overdue
from ladder.records.desk import Attempted, State, attempted

_WAITING = (State.MARKING, State.READY)


@dataclass(frozen=True)
class Attempts:
    """The newest first. `reasons`, by attempt id: why one cannot be marked."""

    all: Sequence[Attempted]
    reasons: Mapping[int, str]


def attempts_now(course: str, block: str, content: str, now: datetime.datetime) -> Attempts:
    """The attempts as they stand, those that were left open past their end handed in."""
    failed = close_overdue(now, course, block).failed
    # A database that could not write just now says nothing of the attempt: the next look finds it due again.
    late = {failure.item.id: reason_of(failure.error) for failure in failed if not isinstance(failure.error, DatabaseError)}
    found = attempted(course, block)
    lost = {
        failure.item: reason_of(failure.error)
        for failure in files_of({attempt.digest for attempt in found if attempt.state in _WAITING}, content).failed
    }
    reasons = {attempt.id: late[attempt.id] for attempt in found if attempt.state is State.RUNNING and attempt.id in late}
    reasons |= {attempt.id: lost[attempt.digest] for attempt in found if attempt.state in _WAITING and attempt.digest in lost}
    told = [replace(attempt, state=State.UNMARKABLE) if attempt.id in reasons else attempt for attempt in found]
    return Attempts(told, reasons)
