"""What staff have granted or set for one learner: extra minutes and attempts, marks set by hand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.sitting import NOTHING_EXTRA, Allowed
from ladder.records.journal import rows_of, together
from ladder.records.models import Allowance, Attempt, Override

# Written out because every page of an exam asks for it.
_NEWEST = "SELECT * FROM ladder_allowance WHERE learner_id = %s AND course = %s AND block = %s ORDER BY id DESC LIMIT 1"


def allowance(learner_id: int, course: str, block: str) -> Allowed:
    """What a learner may have beyond the rules of an exam."""
    rows = rows_of(Allowance, _NEWEST, [learner_id, course, block])
    return next((Allowed(row.minutes, row.attempts, row.reason) for row in rows), NOTHING_EXTRA)


def allowances(course: str, block: str) -> dict[int, Allowed]:
    """The same for everybody who has one, by learner id."""
    rows = Allowance.objects.filter(course=course, block=block).order_by("id")
    return {row.learner_id: Allowed(row.minutes, row.attempts, row.reason) for row in rows}


def grant(learner_id: int, course: str, block: str, allowed: Allowed, staff_id: int | None, now: datetime.datetime) -> None:
    """Keep what a learner is allowed; it takes the place of what was. A running attempt gets the difference in time at once."""

    @together
    def keep_and_give() -> None:
        Allowance.objects.create(
            learner_id=learner_id, course=course, block=block, minutes=allowed.minutes, attempts=allowed.attempts,
            reason=allowed.reason, staff_id=staff_id, granted_at=now,
        )
        settle(learner_id, course, block)

    keep_and_give()
    settle(learner_id, course, block)  # an attempt that has begun meanwhile


@together
def settle(learner_id: int, course: str, block: str) -> None:
    """Let the running attempt end when the newest allowance says.

    Whoever grants and whoever begins an attempt calls this once their own row is committed: the later of them sees both rows.
    """
    # All attempts are locked, not those that run: by the index of what runs InnoDB does not find a row that another grant,
    # for which we waited, has moved in it.
    attempts = list(Attempt.objects.select_for_update().filter(learner_id=learner_id, course=course, block=block))
    minutes = allowance(learner_id, course, block).minutes
    for attempt in attempts:
        if attempt.submitted_at is None and attempt.voided_at is None and attempt.extra_minutes != minutes:
            attempt.deadline_at += datetime.timedelta(minutes=minutes - attempt.extra_minutes)
            attempt.extra_minutes = minutes
            attempt.save(update_fields=["deadline_at", "extra_minutes"])


@dataclass(frozen=True)
class ByHand:
    """Marks of an exam, of 100, that staff have set; `passed` by the exam's own pass mark."""

    marks: Decimal
    passed: bool


def override(learner_id: int, course: str, block: str) -> ByHand | None:
    """The marks set by hand, or None."""
    rows = Override.objects.filter(learner_id=learner_id, course=course, block=block).order_by("-id")[:1]
    return next((ByHand(row.marks, row.passed) for row in rows if row.marks is not None), None)


@together
def record_override(
    learner_id: int, course: str, block: str, by_hand: ByHand | None, staff_id: int | None, now: datetime.datetime
) -> None:
    """Keep marks set by hand; None takes back what was set."""
    Override.objects.create(
        learner_id=learner_id, course=course, block=block, marks=by_hand.marks if by_hand else None,
        passed=bool(by_hand and by_hand.passed), staff_id=staff_id, made_at=now,
    )


def empty_grounds(learner_id: int) -> int:
    """Empty why a learner was allowed more than the rules of an exam. Returns how many rows said."""
    return int(Allowance.objects.filter(learner_id=learner_id).exclude(reason="").update(reason=""))
