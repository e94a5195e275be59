"""Telling the gradebook where a learner stands in a case or an exam."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from ladder import lms
from ladder.core.sitting import counting
from ladder.records.allowance import override
from ladder.records.case import best_call, called
from ladder.records.exam import examined, sittings

_log = logging.getLogger(__name__)
# Marks of 100, None if there are none any more, and the number of the attempt or call that earned them, 0 when set by hand.
Standing = tuple[Decimal | None, int]


def publish(kind: str, learner: int, course: str, block: str) -> None:
    """Tell the gradebook where a learner stands.

    Where another request changes that, and tells it, between our reading and our telling, ours would be the last word and wrong.
    So we read again until what we have told is what stands.
    """
    if not lms.has_gradebook():
        return
    told: Standing | None = None
    while (standing := _STANDING[kind](learner, course, block)) != told:
        lms.publish_score(kind, course, block, learner, *standing)
        told = standing


def exam_standing(learner: int, course: str, block: str) -> Standing:
    """Marks set by hand; else the best that are released. Trials count for nobody."""
    by_hand = override(learner, course, block)
    if by_hand is not None:
        return by_hand.marks, 0
    released = [
        (sitting.marks, -sitting.number) for sitting in counting(sittings(learner, course, block))
        if sitting.marks is not None and not sitting.trial
    ]
    marks, number = max(released, default=(None, 0))
    return marks, -number


def publish_course(course: str) -> tuple[int, list[tuple[str, str, int]]]:
    """Tell the gradebook where everybody of a course stands.

    Returns how many results were told, and those that could not be, as (kind, block, learner): one of them keeps no other back.
    """
    results = [("case", *row) for row in called(course)] + [("exam", *row) for row in examined(course)]
    failed = []
    for kind, block, learner in results:
        try:
            publish(kind, learner, course, block)
        except (DatabaseError, ObjectDoesNotExist, lms.NotTold):  # ObjectDoesNotExist: the account is gone
            _log.exception("The %s %s of user %s was not told to the gradebook.", kind, block, learner)
            failed.append((kind, block, learner))
    return len(results) - len(failed), failed


_STANDING: dict[str, Callable[[int, str, str], Standing]] = {"case": best_call, "exam": exam_standing}
