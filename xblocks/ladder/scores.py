"""Telling the gradebook where a learner stands in a case or an exam."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ladder import lms
from ladder.core.sitting import counting
from ladder.records.allowance import override
from ladder.records.case import best_call
from ladder.records.exam import sittings

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


_STANDING: dict[str, Callable[[int, str, str], Standing]] = {"case": best_call, "exam": exam_standing}
