"""What staff have granted or set for one learner: extra minutes and attempts, marks set by hand."""

from __future__ import annotations

import datetime
from decimal import Decimal

from ladder.core.sitting import NOTHING_EXTRA, Allowed
from ladder.records.journal import together
from ladder.records.models import Allowance, Attempt, Override

# Written out because every page of an exam asks for it.
_NEWEST = "SELECT * FROM ladder_allowance WHERE learner_id = %s AND course = %s AND block = %s ORDER BY id DESC LIMIT 1"


def allowance(learner_id: int, course: str, block: str) -> Allowed:
    """What a learner may have beyond the rules of an exam."""
    rows = Allowance.objects.raw(_NEWEST, [learner_id, course, block])
    return next((Allowed(row.minutes, row.attempts, row.reason) for row in rows), NOTHING_EXTRA)


def allowances(course: str, block: str) -> dict[int, Allowed]:
    """The same for everybody who has one, by learner id."""
    rows = Allowance.objects.filter(course=course, block=block).order_by("id")
    return {row.learner_id: Allowed(row.minutes, row.attempts, row.reason) for row in rows}


@together
def grant(learner_id: int, course: str, block: str, allowed: Allowed, staff_id: int | None, now: datetime.datetime) -> None:
    """Keep what a learner is allowed; it takes the place of what was. A running attempt gets the difference in time at once."""
    # Locked before what stood is read: of two who grant at once, the second must see what the first has given.
    # All attempts are, not those that run: by the index of what runs InnoDB would not find a row that the first has just moved
    # in it, as its time changed.
    attempts = list(Attempt.objects.select_for_update().filter(learner_id=learner_id, course=course, block=block))
    before = allowance(learner_id, course, block)
    Allowance.objects.create(
        learner_id=learner_id, course=course, block=block, minutes=allowed.minutes, attempts=allowed.attempts,
        reason=allowed.reason, staff_id=staff_id, granted_at=now,
    )
    for attempt in attempts:
        if attempt.submitted_at is None and attempt.voided_at is None:
            attempt.deadline_at += datetime.timedelta(minutes=allowed.minutes - before.minutes)
            attempt.save(update_fields=["deadline_at"])


def override(learner_id: int, course: str, block: str) -> Decimal | None:
    """The marks set by hand, or None."""
    rows = Override.objects.filter(learner_id=learner_id, course=course, block=block).order_by("-id")[:1]
    return next((row.marks for row in rows), None)


@together
def record_override(
    learner_id: int, course: str, block: str, marks: Decimal | None, staff_id: int | None, now: datetime.datetime
) -> None:
    """Keep marks set by hand; None takes back what was set."""
    Override.objects.create(
        learner_id=learner_id, course=course, block=block, marks=marks, staff_id=staff_id, made_at=now
    )
