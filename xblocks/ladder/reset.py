"""Taking back what a learner has done in one part of a course, for the instructor tools and the command line.

Nothing is deleted: what is taken back counts for nothing and stays on record. Gradebook and completion are told.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from ladder import lms
from ladder.records.allowance import override, record_override
from ladder.records.voiding import void_all, void_calls, void_lesson, void_opening
from ladder.scores import publish_result

Void = Callable[[int, str, str, int | None, str, datetime.datetime], int]


def _void_exam(learner: int, course: str, block: str, staff: int | None, reason: str, now: datetime.datetime) -> int:
    if override(learner, course, block):
        record_override(learner, course, block, None, staff, now)
    return void_all(learner, course, block, staff, reason, now)


_VOID: dict[str, Void] = {"lesson": void_lesson, "case": void_calls, "exam": _void_exam, "stage": void_opening}

RESETTABLE = frozenset(_VOID)


def reset_part(
    kind: str, learner: int, course: str, block: str, staff: int | None, reason: str, now: datetime.datetime
) -> int:
    """Take back what a learner has done in a lesson, case or exam, or that a stage has opened. Returns how many rows that were.

    A stage that this part had opened stays open until it is reset itself; then it opens again as soon as its rule is met.
    """
    taken_back = _VOID[kind](learner, course, block, staff, reason, now)
    lms.record_completion(kind, course, block, learner, 0.0)
    if kind in ("case", "exam"):
        publish_result(kind, learner, course, block)
    return taken_back
