"""Declaring attempts void: they count for nothing and stay on record."""

from __future__ import annotations

import datetime

from ladder.core.errors import Refused
from ladder.records.journal import together
from ladder.records.models import Attempt


@together
def void(attempt_id: int, course: str, block: str, staff_id: int | None, reason: str, now: datetime.datetime) -> int:
    """Void one attempt of an exam. Returns the learner's id. Voiding again changes nothing."""
    attempt = Attempt.objects.select_for_update().filter(id=attempt_id, course=course, block=block).first()
    if attempt is None:
        raise Refused("This attempt does not exist.")
    if attempt.voided_at is None:
        Attempt.objects.filter(id=attempt.id).update(voided_at=now, voided_by=staff_id, void_reason=reason)
    return int(attempt.learner_id)


@together
def void_all(learner_id: int, course: str, block: str, staff_id: int | None, now: datetime.datetime) -> None:
    """Void every attempt of a learner at an exam, as the instructor tools' "delete state" wants it."""
    attempts = Attempt.objects.filter(learner_id=learner_id, course=course, block=block, voided_at=None)
    attempts.update(voided_at=now, voided_by=staff_id, void_reason="")
