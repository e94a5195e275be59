"""Theory results of everybody in a course, for the review of those who failed twice running."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from decimal import Decimal

from ladder.core.review import Flag, Outcome, review_flag
from ladder.records.exam import read_marks
from ladder.records.isolation import each
from ladder.records.models import Attempt


def outcomes(course: str, learner_id: int | None = None) -> dict[int, list[Outcome]]:
    """What was handed in and is not void, by learner id. One statement."""
    rows = Attempt.objects.filter(course=course, voided_at=None, trial=False).exclude(submitted_at=None)
    if learner_id is not None:
        rows = rows.filter(learner_id=learner_id)
    found: dict[int, list[Outcome]] = defaultdict(list)
    for learner, *values in rows.values_list("learner_id", "id", "block", "number", "submitted_at", "marks"):
        found[learner].append(Outcome(*values))
    return dict(found)


def flags(course: str, counts: Callable[[str], bool] = lambda _: True) -> dict[int, Flag]:
    """Who is to be reviewed by people, by learner id. One statement. `counts` says of which exams: copies count nowhere."""
    rows = outcomes(course)

    def flag_of(learner: int) -> Flag | None:
        return review_flag([outcome for outcome in rows[learner] if counts(outcome.exam)])

    found = each(rows, flag_of, "Looking at the results of user {}".format).results
    return {learner: flag for learner, flag in found if flag is not None}


def lost_marks(attempts: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """Marks lost by question, by attempt id: what the weak points are read from. One statement."""
    return {
        attempt: {question: mark.possible - mark.earned for question, mark in marks.items() if mark.earned < mark.possible}
        for attempt, marks in read_marks(attempts).items()
    }
