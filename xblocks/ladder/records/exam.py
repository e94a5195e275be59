"""Attempts at an exam, the journal of answers, marks."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ladder.core.errors import Refused
from ladder.core.marking import Result
from ladder.core.paper import Paper
from ladder.records.journal import together
from ladder.records.models import Answer, Attempt, Mark, Source


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
class Conflict:
    """Another window has saved a newer answer."""

    question: str
    saved: Saved


def digest_of(content: str) -> str:
    """Names one version of a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def sittings(learner_id: int, course: str, block: str) -> list[Sitting]:
    """All attempts of a learner at an exam, oldest first."""
    rows = Attempt.objects.filter(learner_id=learner_id, course=course, block=block).order_by("number")
    return [_sitting(row) for row in rows]


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
    rows = Answer.objects.filter(attempt_id=sitting_id).order_by("revision")
    return list(rows.values_list("question", "revision", "value", "op_id"))


def _newest(rows: Sequence[tuple[Any, ...]]) -> dict[str, Saved]:
    return {question: Saved(revision, value) for question, revision, value, _ in rows}


def _running(learner_id: int, course: str, block: str, number: int) -> Attempt:
    """The attempt, locked, so that saving and submitting take turns."""
    rows = Attempt.objects.select_for_update().filter(learner_id=learner_id, course=course, block=block, number=number)
    row = rows.first()
    if row is None:
        raise Refused("This attempt does not exist.")
    return row


@together
def save_answers(
    learner_id: int, course: str, block: str, number: int, now: datetime.datetime,
    read: Callable[[Sitting], Sequence[Save]],
) -> tuple[Sitting, dict[str, Saved], list[Conflict]]:
    """Append answers to a running attempt.

    `read` turns the request into typed saves for this attempt, or refuses. Returns the attempt, what now stands for the questions
    saved, and the conflicts: a save whose revision is not the next one changed nothing.
    """
    row = _running(learner_id, course, block, number)
    sitting = _sitting(row)
    saves = read(sitting)
    rows = _rows(row.id)
    done = {op_id for *_, op_id in rows}
    newest = _newest(rows)
    fresh: list[Answer] = []
    conflicts: list[Conflict] = []
    for save in saves:
        if save.op_id in done:
            continue
        now_at = newest.get(save.question)
        if save.revision != (now_at.revision if now_at else 0) + 1:
            conflicts.append(Conflict(save.question, now_at or Saved(0, ())))
            continue
        fresh.append(Answer(attempt_id=row.id, question=save.question, revision=save.revision, value=list(save.value),
                            op_id=save.op_id, saved_at=now))
        newest[save.question] = Saved(save.revision, save.value)
        done.add(save.op_id)
    if fresh:
        Answer.objects.bulk_create(fresh)
    return sitting, {save.question: newest[save.question] for save in saves if save.question in newest}, conflicts


@together
def submit(
    learner_id: int, course: str, block: str, number: int, now: datetime.datetime,
    mark: Callable[[Sitting, Mapping[str, Saved]], tuple[Result, bool]],
) -> tuple[Sitting, bool]:
    """Close an attempt with its marks. Closing it again changes nothing and returns it with False.

    `mark` is given the attempt and its answers under the lock and returns the result and whether it is a pass.
    """
    row = _running(learner_id, course, block, number)
    if row.submitted_at is not None:
        return _sitting(row), False
    sitting = _sitting(row)
    result, passed = mark(sitting, answers(row.id))
    total = None if result.pending else result.marks
    submitted_at = min(now, row.deadline_at)
    Attempt.objects.filter(id=row.id).update(submitted_at=submitted_at, marks=total, pending=result.pending, passed=passed)
    Mark.objects.bulk_create([
        Mark(attempt_id=row.id, question=item.question, marks=item.earned, possible=item.possible, marked_at=now)
        for item in result.items
        if item.earned is not None
    ])
    return replace(sitting, submitted_at=submitted_at, marks=total, pending=result.pending, passed=passed), True


def marks(sitting_id: int) -> dict[str, tuple[Decimal, Decimal]]:
    """(earned, possible) by question; the newest mark counts."""
    rows = Mark.objects.filter(attempt_id=sitting_id).order_by("id").values_list("question", "marks", "possible")
    return {question: (earned, possible) for question, earned, possible in rows}
