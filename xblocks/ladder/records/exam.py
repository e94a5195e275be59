"""Attempts at an exam, the journal of answers, marks."""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from ladder.core.errors import Refused
from ladder.core.marking import Result
from ladder.core.paper import Paper
from ladder.records.journal import append, together
from ladder.records.models import Answer, Attempt, Mark, Source

# Written out because every request of an exam asks for them, and the ORM takes longer to put a statement together than to run it.
_ANSWERS = "SELECT question, revision, value, op_id FROM ladder_answer WHERE attempt_id = %s ORDER BY revision"
_ATTEMPTS = "SELECT * FROM ladder_attempt WHERE learner_id = %s AND course = %s AND block = %s ORDER BY number"


@dataclass(frozen=True)
class Sitting:
    """One attempt. Times are aware UTC; `submitted_at` None while it is running."""

    id: int
    number: int
    digest: str
    paper: Paper
    started_at: datetime.datetime
    deadline_at: datetime.datetime
    submitted_at: datetime.datetime | None
    marks: Decimal | None
    pending: bool
    passed: bool


@dataclass(frozen=True)
class Saved:
    """The newest answer to a question."""

    revision: int
    value: Sequence[object]


@dataclass(frozen=True)
class Save:
    """One answer to save. `revision` is one more than the revision the page had seen."""

    op_id: str
    question: str
    revision: int
    value: Sequence[object]


@dataclass(frozen=True)
class HandedIn:
    """What handing in has left: all attempts, oldest first, and the answers and marks of the one handed in."""

    sitting: Sitting
    past: Sequence[Sitting]
    saved: Mapping[str, Saved]
    marks: Mapping[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Conflict:
    """Another window has saved a newer answer."""

    question: str
    saved: Saved


@functools.lru_cache(maxsize=128)
def digest_of(content: str) -> str:
    """Names one version of a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def sittings(learner_id: int, course: str, block: str) -> list[Sitting]:
    """All attempts of a learner at an exam, oldest first."""
    return [_sitting(row) for row in _attempts(learner_id, course, block)]


def _attempts(learner_id: int, course: str, block: str, *, locked: bool = False) -> list[Attempt]:
    """The rows, oldest first. Locked, saving and submitting take turns."""
    lock = " FOR UPDATE" if locked and connection.features.has_select_for_update else ""
    return list(Attempt.objects.raw(_ATTEMPTS + lock, [learner_id, course, block]))


def _sitting(row: Attempt) -> Sitting:
    return Sitting(row.id, row.number, row.source_id, Paper.from_json(row.paper), row.started_at, row.deadline_at,
                   row.submitted_at, row.marks, row.pending, row.passed)


def source_text(digest: str) -> str:
    """The text an attempt was drawn from."""
    return str(Source.objects.values_list("content", flat=True).get(digest=digest))


def questions_seen(earlier: Sequence[Sitting]) -> frozenset[str]:
    """Questions of earlier attempts."""
    return frozenset(item.question for sitting in earlier for item in sitting.paper.items)


@together
def start_sitting(
    learner_id: int, course: str, block: str, content: str, paper: Paper, number: int,
    now: datetime.datetime, deadline_at: datetime.datetime,
) -> Sitting:
    """Begin attempt `number` with its paper; if another window has just begun it, that one goes on.

    The text the paper was drawn from is kept with it.
    """
    begun = Attempt.objects.filter(learner_id=learner_id, course=course, block=block, number=number).first()
    if begun is not None:
        return _sitting(begun)
    digest = digest_of(content)
    Source.objects.bulk_create([Source(digest=digest, content=content)], ignore_conflicts=True)
    row = Attempt(learner_id=learner_id, course=course, block=block, number=number, source_id=digest, paper=paper.to_json(),
                  started_at=now, deadline_at=deadline_at)
    row.save(force_insert=True)
    return _sitting(row)


def answers(sitting_id: int) -> dict[str, Saved]:
    """The newest answer to each question, by question id."""
    return _newest(_rows(sitting_id))


def _rows(sitting_id: int) -> list[tuple[Any, ...]]:
    read = Answer._meta.get_field("value").from_db_value
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [sitting_id])
        return [(question, revision, read(value, None, connection), op_id) for question, revision, value, op_id in cursor]


def _newest(rows: Sequence[tuple[Any, ...]]) -> dict[str, Saved]:
    return {question: Saved(revision, value) for question, revision, value, _ in rows}


def _numbered(past: Sequence[Sitting], number: int) -> Sitting:
    for sitting in past:
        if sitting.number == number:
            return sitting
    raise Refused("This attempt does not exist.")


@together
def save_answers(
    learner_id: int, course: str, block: str, number: int, now: datetime.datetime,
    read: Callable[[Sitting], Sequence[Save]],
) -> tuple[Sitting, dict[str, Saved], list[Conflict]]:
    """Append answers to a running attempt.

    `read` turns the request into typed saves for this attempt, or refuses. Returns the attempt, what now stands for the questions
    saved, and the conflicts: a save whose revision is not the next one changed nothing.
    """
    past = [_sitting(row) for row in _attempts(learner_id, course, block, locked=True)]
    sitting = _numbered(past, number)
    saves = read(sitting)
    rows = _rows(sitting.id)
    done = {op_id for *_, op_id in rows}
    newest = _newest(rows)
    fresh: list[Save] = []
    conflicts: list[Conflict] = []
    for save in saves:
        if save.op_id in done:
            continue
        now_at = newest.get(save.question)
        if save.revision != (now_at.revision if now_at else 0) + 1:
            conflicts.append(Conflict(save.question, now_at or Saved(0, ())))
            continue
        fresh.append(save)
        newest[save.question] = Saved(save.revision, save.value)
        done.add(save.op_id)
    if fresh:
        append(Answer, {"attempt": sitting.id, "saved_at": now}, ("question", "revision", "value", "op_id"), [
            (save.question, save.revision, list(save.value), save.op_id) for save in fresh
        ])
    return sitting, {save.question: newest[save.question] for save in saves if save.question in newest}, conflicts


@together
def submit(
    learner_id: int, course: str, block: str, number: int, now: datetime.datetime,
    mark: Callable[[Sitting, Mapping[str, Saved]], tuple[Result, bool]],
) -> HandedIn:
    """Close an attempt with its marks. Closing it again changes nothing.

    `mark` is given the attempt and its answers under the lock and returns the result and whether it is a pass.
    """
    past = [_sitting(row) for row in _attempts(learner_id, course, block, locked=True)]
    sitting = _numbered(past, number)
    saved = answers(sitting.id)
    if sitting.submitted_at is not None:
        return HandedIn(sitting, past, saved, marks(sitting.id))
    result, passed = mark(sitting, saved)
    total = None if result.pending else result.marks
    submitted_at = min(now, sitting.deadline_at)
    Attempt.objects.filter(id=sitting.id).update(submitted_at=submitted_at, marks=total, pending=result.pending, passed=passed)
    marked = [(item.question, item.earned, item.possible) for item in result.items if item.earned is not None]
    append(Mark, {"attempt": sitting.id, "marked_at": now}, ("question", "marks", "possible"), marked)
    closed = replace(sitting, submitted_at=submitted_at, marks=total, pending=result.pending, passed=passed)
    return HandedIn(closed, [closed if other is sitting else other for other in past], saved,
                    {question: (earned, possible) for question, earned, possible in marked})


def marks(sitting_id: int) -> dict[str, tuple[Decimal, Decimal]]:
    """(earned, possible) by question; the newest mark counts."""
    rows = Mark.objects.filter(attempt_id=sitting_id).order_by("id").values_list("question", "marks", "possible")
    return {question: (earned, possible) for question, earned, possible in rows}
