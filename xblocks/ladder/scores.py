"""Telling the platform where a learner stands in a case or an exam: the gradebook its marks, completion whether it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from ladder import lms
from ladder.core.sitting import counting
from ladder.records.allowance import override
from ladder.records.case import called, finished_calls
from ladder.records.exam import examined, sittings
from ladder.records.isolation import each


class Standing(NamedTuple):
    """Where a learner stands; trials count for nobody.

    `marks` of 100, None if there are none any more; `number` of the attempt or call that earned them, 0 when set by hand.
    """

    marks: Decimal | None
    number: int
    passed: bool


def publish_result(kind: str, learner: int, course: str, block: str) -> None:
    """Tell the platform where a learner stands.

    Where another request changes that, and tells it, between our reading and our telling, ours would be the last word and wrong.
    So we read again until what we have told is what stands.
    """
    if not (lms.has_gradebook() or lms.has_completion()):
        return
    told: Standing | None = None
    while (standing := _STANDING[kind](learner, course, block)) != told:
        lms.publish_score(kind, course, block, learner, standing.marks, standing.number)
        lms.record_completion(kind, course, block, learner, float(standing.passed))
        told = standing


def publish_results(kind: str, learners: Iterable[int], course: str, block: str) -> list[int]:
    """The same for several learners. Returns those whose result the platform did not take: one keeps no other back."""
    done = each(
        learners, lambda learner: publish_result(kind, learner, course, block),
        lambda learner: f"Telling the platform of the {kind} {block} of user {learner}", database=True,
    )
    return [failure.item for failure in done.failed]


def publish_course(course: str) -> tuple[int, list[tuple[str, str, int]]]:
    """Tell where everybody of a course stands. Returns how many results were told, and the others as (kind, block, learner)."""
    results = [("case", *row) for row in called(course)] + [("exam", *row) for row in examined(course)]
    failed = [
        (kind, block, learner) for kind, block, learner in results if publish_results(kind, [learner], course, block)
    ]
    return len(results) - len(failed), failed


def exam_standing(learner: int, course: str, block: str) -> Standing:
    """Marks set by hand; else the best that are released."""
    by_hand = override(learner, course, block)
    if by_hand is not None:
        return Standing(by_hand.marks, 0, by_hand.passed)
    real = counting(sittings(learner, course, block), trials=False)
    best = max(((sitting.marks, -sitting.number) for sitting in real if sitting.marks is not None), default=(None, 0))
    return Standing(best[0], -best[1], any(sitting.passed for sitting in real))


def case_standing(learner: int, course: str, block: str) -> Standing:
    """The best call."""
    calls = finished_calls(learner, course, block)
    marks, number = max(((Decimal(marks), -number) for number, marks, _ in calls), default=(None, 0))
    return Standing(marks, -number, any(passed for *_, passed in calls))


_STANDING: dict[str, Callable[[int, str, str], Standing]] = {"case": case_standing, "exam": exam_standing}
