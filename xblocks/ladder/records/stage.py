"""What a learner has done in a course, in one statement; and the stages that have opened."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DecimalField,
    F,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)

from ladder.core.stage import Journey, Mark, Open
from ladder.records.models import Attempt, Call, LessonProgress, StageOpening

_NO_TIME = Value(None, output_field=DateTimeField())
_NO_MARKS = Value(None, output_field=DecimalField(max_digits=6, decimal_places=2))
_COLUMNS = ("learner", "kind", "name", "at", "marks", "passed", "pending", "times")


def _any(condition: Q) -> Any:
    return Max(Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField()))


def _kind(kind: str) -> Value:
    return Value(kind, output_field=CharField())


def _rows(**where: object) -> QuerySet[Any]:
    """Openings, lessons, calls and attempts as rows of one shape. A UNION: one statement whatever the course holds."""
    zero = Value(0, output_field=IntegerField())
    openings = StageOpening.objects.filter(**where).annotate(
        learner=F("learner_id"), kind=_kind("stage"), name=F("stage"), at=F("opened_at"), marks=_NO_MARKS,
        passed=zero, pending=zero, times=zero,
    ).values_list(*_COLUMNS)
    lessons = LessonProgress.objects.filter(**where).values("learner_id", "block").annotate(
        learner=F("learner_id"), kind=_kind("lesson"), name=F("block"), at=Max("read_at"), marks_=_NO_MARKS,
        passed=_any(Q(section="")), pending=zero, times=Count("id"),
    ).values_list("learner", "kind", "name", "at", "marks_", "passed", "pending", "times")
    calls = Call.objects.filter(**where).values("learner_id", "block").annotate(
        learner=F("learner_id"), kind=_kind("case"), name=F("block"), at=Min("started_at"), best=Max("marks"),
        passed_=_any(Q(passed=True)), pending=_any(Q(ended_at=None)), times=Count("id"),
    ).values_list("learner", "kind", "name", "at", "best", "passed_", "pending", "times")
    attempts = Attempt.objects.filter(**where).values("learner_id", "block").annotate(
        learner=F("learner_id"), kind=_kind("exam"), name=F("block"), at=Min("started_at"),
        best=Max("marks", filter=Q(submitted_at__isnull=False, pending=False)), passed_=_any(Q(passed=True)),
        pending_=_any(Q(pending=True)), times=Count("id"),
    ).values_list("learner", "kind", "name", "at", "best", "passed_", "pending_", "times")
    return openings.union(lessons, calls, attempts, all=True)


def journeys(course: str, learner_id: int | None = None) -> dict[int, Journey]:
    """The journeys of everybody in a course, or of one learner, by learner id."""
    where: dict[str, object] = {"course": course}
    if learner_id is not None:
        where["learner_id"] = learner_id
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _rows(**where):
        found[row[0]].append(row[1:])
    return {learner: _journey(rows) for learner, rows in found.items()}


def journey(learner_id: int, course: str) -> Journey:
    """What one learner has done in a course."""
    return journeys(course, learner_id).get(learner_id, Journey())


def _journey(rows: Iterable[tuple[Any, ...]]) -> Journey:
    opened: dict[str, datetime.datetime] = {}
    lessons: dict[str, datetime.datetime] = {}
    started: set[str] = set()
    marks: dict[str, dict[str, Mark]] = {"case": {}, "exam": {}}
    for kind, name, at, best, passed, pending, times in rows:
        if kind == "stage":
            opened[name] = at
        elif kind == "lesson":
            started.add(name)
            if passed:
                lessons[name] = at
        else:
            started.add(name)
            exact = None if best is None else Decimal(str(best))
            marks[kind][name] = Mark(exact, bool(passed), bool(pending) and kind == "exam", times)
    return Journey(opened, lessons, frozenset(started), marks["case"], marks["exam"])


def record_openings(learner_id: int, course: str, states: Iterable[Open], now: datetime.datetime) -> None:
    """Keep that these stages are open, with the evidence. A stage already recorded keeps its first row."""
    rows = [
        StageOpening(learner_id=learner_id, course=course, stage=state.stage.id, opened_at=now,
                     evidence=[row.to_json() for row in state.evidence])
        for state in states
    ]
    if rows:
        StageOpening.objects.bulk_create(rows, ignore_conflicts=True)
