"""Taking back what was done: it counts for nothing and stays on record."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ladder.core.errors import Refused
from ladder.records.journal import together
from ladder.records.models import COUNTS, Attempt, Call, LessonProgress, StageOpening, Voiding


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
def void_all(learner_id: int, course: str, block: str, staff_id: int | None, reason: str, now: datetime.datetime) -> int:
    """Void every attempt of a learner at an exam. Returns how many."""
    attempts = Attempt.objects.filter(learner_id=learner_id, course=course, block=block, voided_at=None)
    return int(attempts.update(voided_at=now, voided_by=staff_id, void_reason=reason))


@together
def void_lesson(learner_id: int, course: str, block: str, staff_id: int | None, reason: str, now: datetime.datetime) -> int:
    """Take back what a learner has read of a lesson. Returns how many rows that were, its being finished among them."""
    rows = LessonProgress.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS)
    return _void(rows, learner_id, course, block, staff_id, reason, now)


@together
def void_calls(learner_id: int, course: str, block: str, staff_id: int | None, reason: str, now: datetime.datetime) -> int:
    """Take back a learner's calls of a case. Returns how many."""
    rows = Call.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS)
    return _void(rows, learner_id, course, block, staff_id, reason, now)


@together
def void_opening(learner_id: int, course: str, stage: str, staff_id: int | None, reason: str, now: datetime.datetime) -> int:
    """Take back that a stage has opened; it opens again when its rule is met. Returns whether it was open: 0 or 1."""
    rows = StageOpening.objects.filter(learner_id=learner_id, course=course, stage=stage, voiding=COUNTS)
    return _void(rows, learner_id, course, stage, staff_id, reason, now)


def void_unmarked(learner_id: int, now: datetime.datetime) -> int:
    """Void what a learner has not handed in, and what waits for marks that nobody can give any more. Returns how many."""
    open_ = Attempt.objects.filter(Q(submitted_at=None) | Q(pending=True), learner_id=learner_id, voided_at=None)
    ids = list(open_.values_list("id", flat=True))  # rows are locked by columns that never change
    return int(Attempt.objects.filter(id__in=ids).update(voided_at=now))


def empty_reasons(learner_id: int) -> int:
    """Empty why something of a learner was taken back. Returns how many rows said."""
    attempts = Attempt.objects.filter(learner_id=learner_id).exclude(void_reason="").update(void_reason="")
    return int(attempts + Voiding.objects.filter(learner_id=learner_id).exclude(reason="").update(reason=""))


def _void(
    rows: QuerySet[Any], learner_id: int, course: str, block: str, staff_id: int | None, reason: str, now: datetime.datetime
) -> int:
    if not rows.exists():
        return 0
    made = Voiding.objects.create(
        learner_id=learner_id, course=course, block=block, staff_id=staff_id, reason=reason, voided_at=now
    )
    return int(rows.update(voiding=made.id))
