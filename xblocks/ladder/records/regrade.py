"""Reading attempts to be marked again, and keeping what that has changed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ladder.core.regrade import Change
from ladder.records.exam import MARKED, Marked, Saved, Sitting, marked, read_answers, sitting_of
from ladder.records.isolation import each
from ladder.records.journal import append, together
from ladder.records.models import Attempt, Mark, Regrade
from ladder.records.source import keep_source


@dataclass(frozen=True)
class Graded:
    """An attempt that was handed in, with its newest answers and marks. `by_person` are the questions a person has marked."""

    learner: int
    sitting: Sitting
    saved: Mapping[str, Saved]
    marks: Mapping[str, Marked]
    by_person: frozenset[str]


@dataclass(frozen=True)
class PastRegrade:
    """A regrade that was applied: how many attempts it changed, and which questions, by id."""

    staff: int | None
    applied_at: datetime.datetime
    attempts: int
    questions: tuple[str, ...]


def graded(course: str, block: str, learners: Collection[int] | None = None) -> list[Graded]:
    """Every attempt at an exam that was handed in and counts. Three statements."""
    return _graded(Attempt.objects.all(), course, block, learners)


def _graded(rows: QuerySet[Attempt], course: str, block: str, learners: Collection[int] | None) -> list[Graded]:
    # The database is not asked for what was handed in: rows are locked by columns that never change.
    rows = rows.filter(course=course, block=block).order_by("id")
    if learners is not None:
        rows = rows.filter(learner_id__in=learners)
    attempts = [row for row in rows if row.submitted_at is not None and row.voided_at is None]
    ids = [attempt.id for attempt in attempts]
    saved = read_answers(ids)
    marks: dict[int, dict[str, Marked]] = defaultdict(dict)
    persons: dict[int, set[str]] = defaultdict(set)
    given = Mark.objects.filter(attempt_id__in=ids).order_by("revision")
    for attempt_id, marker, question, *values in given.values_list("attempt_id", "marker_id", *MARKED):
        marks[attempt_id][question] = marked(*values)
        if marker is not None:
            persons[attempt_id].add(question)
    return each(attempts, lambda row: Graded(
        row.learner_id, sitting_of(row), saved.get(row.id, {}), marks.get(row.id, {}), frozenset(persons[row.id])
    ), lambda row: f"Reading attempt {row.id}").values


@together
def record_regrade(
    course: str, block: str, content: str, learners: Collection[int] | None, staff_id: int | None, now: datetime.datetime,
    decide: Callable[[Sequence[Graded]], tuple[Sequence[Change], Collection[int]]],
) -> Sequence[Change]:
    """Mark again.

    `decide` is given the attempts as they stand under the lock and says what changes, and which attempts could not be marked:
    they keep their marks and the key that gave them. If nothing changes, nothing is kept.
    """
    found = _graded(Attempt.objects.select_for_update(), course, block, learners)
    changes, left = decide(found)
    if not changes:
        return changes
    digest = keep_source(content)
    made = Regrade.objects.create(
        course=course, block=block, source_id=digest, staff_id=staff_id, applied_at=now,
        changes=[change.to_json() for change in changes],
    )
    marks = {graded.sitting.id: graded.marks for graded in found}
    columns = ("attempt", "question", "revision", "marks", "possible")
    append(Mark, {"regrade": made.id, "comment": "", "marked_at": now}, columns, [
        (change.attempt, question, _next(marks[change.attempt].get(question)), after, _possible(found, change.attempt, question))
        for change in changes for question, _, after in change.questions
    ])
    after = [Attempt(id=change.attempt, marks=change.marks_after, passed=change.passed_after) for change in changes]
    Attempt.objects.bulk_update(after, ["marks", "passed"], batch_size=50)
    Attempt.objects.filter(id__in={graded.sitting.id for graded in found} - {*left}).update(key=digest)
    return changes


def _next(mark: Marked | None) -> int:
    return mark.revision + 1 if mark else 1


def _possible(found: Sequence[Graded], attempt: int, question: str) -> object:
    sitting = next(graded.sitting for graded in found if graded.sitting.id == attempt)
    return next(item.marks for item in sitting.paper.items if item.question == question)


def regrades(course: str, block: str) -> list[PastRegrade]:
    """What was applied, newest first."""
    rows = Regrade.objects.filter(course=course, block=block).order_by("-id")
    return [PastRegrade(row.staff_id, row.applied_at, len(row.changes), _questions(row.changes)) for row in rows]


def _questions(changes: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The questions in what `Change.to_json` wrote."""
    return tuple(sorted({str(question) for change in changes for question, *_ in change["questions"]}))
