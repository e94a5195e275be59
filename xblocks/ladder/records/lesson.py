"""Which sections of a lesson a learner has read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ladder.records.journal import together
from ladder.records.models import COUNTS, LessonProgress

_FINISHED = ""


def sections_read(learner_id: int, course: str, block: str) -> set[str]:
    """Slugs of the sections that were read; holds the empty string when the lesson was finished."""
    rows = LessonProgress.objects.filter(learner_id=learner_id, course=course, block=block, voiding=COUNTS)
    return set(rows.values_list("section", flat=True))


def is_finished(sections: set[str]) -> bool:
    """Whether `sections_read` says that the lesson was finished."""
    return _FINISHED in sections


@together
def record_sections(learner_id: int, course: str, block: str, sections: Iterable[str], now: datetime.datetime) -> None:
    """Keep that sections were read. Reading again changes nothing."""
    LessonProgress.objects.bulk_create(
        [LessonProgress(learner_id=learner_id, course=course, block=block, section=section, read_at=now) for section in sections],
        ignore_conflicts=True,
    )


def record_finish(learner_id: int, course: str, block: str, now: datetime.datetime) -> None:
    """Keep that the lesson was finished."""
    record_sections(learner_id, course, block, [_FINISHED], now)
