"""Attempts at an exam, the journal of answers, marks."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max

from ladder.core.errors import Malformed, Refused
from ladder.core.marking import Result
from ladder.core.paper import Paper
from ladder.records.journal import append, change, rows_of, together
from ladder.records.late import Late, late_answers
from ladder.records.models import Answer, Attempt, Mark, Override
from ladder.records.source import keep_source

# Written out because every request of an exam asks for them, and the ORM takes longer to put a statement together than to run it.
_ANSWERS = "SELECT question, revision, value, op_id FROM ladder_answer WHERE attempt_id = %s ORDER BY revision"
_ATTEMPTS = (
    "SELECT a.*, EXISTS (SELECT 1 FROM ladder_lateanswer l WHERE l.attempt_id = a.id) AS has_late FROM ladder_attempt a "
    "WHERE a.learner_id = %s AND a.course = %s AND a.block = %s ORDER BY a.number"
)


@dataclass(frozen=True)
class Sitting:
    """One attempt. Times are aware UTC; `submitted_at` None while it is running, `released_at` while its marks are not shown.

    `key` names the text whose key marked it when that is not the one it was drawn from. A `trial` is one of staff. `has_late`
    says, where all attempts of a learner were asked for, that answers came after its end. `lost`: what is on record as its paper
    is none; it can be neither shown nor marked.
    """

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
    released_at: datetime.datetime | None = None
    voided: bool = False
    key: str = ""
    trial: bool = False
    has_late: bool = False
    lost: bool = False


class Marked(NamedTuple):
    """What an answer has earned. `points` are the marks of each key point when a person gave them."""

    earned: Decimal
    possible: Decimal
    revision: int = 1
    points: tuple[str, ...] | None = None
    comment: str = ""


class Saved(NamedTuple):
    """The newest answer to a question."""

    revision: int
    value: Sequence[object]


class Save(NamedTuple):
    """One answer to save. `revision` is one more than the revision the page had seen."""

    op_id: str
    question: str
    revision: int
    value: Sequence[object]


@dataclass(frozen=True)
class HandedIn:
    """What handing in has left: all attempts, oldest first, and of the one handed in answers, marks and what came too late."""

    sitting: Sitting
    past: Sequence[Sitting]
    saved: Mapping[str, Saved]
    marks: Mapping[str, Marked]
    late: Mapping[str, Late] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """What an attempt begins with. Of the time until its deadline, `extra_minutes` were granted to this learner."""

    paper: Paper
    deadline_at: datetime.datetime
    extra_minutes: int = 0


@dataclass(frozen=True)
class Conflict:
    """Another window has saved a newer answer."""

    question: str
    saved: Saved


@dataclass(frozen=True)
class Stored:
    """What saving answers has left.

    `standing` is what counts now for the questions saved. In `conflicts` are those of which nothing was kept as the revision
    was not the next one; in `overtaken` those repeated after another window had gone on: they were kept, and do not stand.
    """

    sitting: Sitting
    standing: Mapping[str, Saved]
    conflicts: Sequence[Conflict]
    overtaken: Sequence[Conflict]


def sittings(learner_id: int, course: str, block: str) -> list[Sitting]:
    """All attempts of a learner at an exam, oldest first; voided ones too."""
    return [replace(sitting_of(row), has_late=bool(row.has_late)) for row in _attempts(learner_id, course, block)]


def _attempts(learner_id: int, course: str, block: str, *, locked: bool = False) -> list[Any]:
    """The rows, oldest first. Locked, saving and submitting take turns."""
    lock = " FOR UPDATE" if locked and connection.features.has_select_for_update else ""
    return rows_of(Attempt, _ATTEMPTS + lock, [learner_id, course, block])


def sitting_of(row: Attempt) -> Sitting:
    """A row as an attempt."""
    paper = paper_on_record(row.paper)
    return Sitting(row.id, row.number, row.source_id, paper or Paper(()), row.started_at, row.deadline_at,
                   row.submitted_at, row.marks, row.pending, row.passed, row.released_at, row.voided_at is not None,
                   row.key_id or "", row.trial, lost=paper is None)


def paper_on_record(rows: Any) -> Paper | None:
    """What an attempt's row holds as its paper; None when that is none, so that the attempt can be told of and declared void."""
    try:
        return Paper.from_json(rows)
    except (TypeError, ValueError, ArithmeticError):
        return None


def sitting_by_id(sitting_id: int, course: str, block: str) -> tuple[int, Sitting] | None:
    """An attempt of this exam with its learner's id, or None."""
    row = Attempt.objects.filter(id=sitting_id, course=course, block=block).first()
    return None if row is None else (int(row.learner_id), sitting_of(row))


def questions_seen(earlier: Sequence[Sitting]) -> frozenset[str]:
    """Questions of earlier attempts."""
    return frozenset(item.question for sitting in earlier for item in sitting.paper.items)


@together
def start_sitting(
    learner_id: int, course: str, block: str, content: str, now: datetime.datetime,
    draw: Callable[[Sequence[Sitting]], Drawn | None], *, trial: bool = False,
) -> tuple[list[Sitting], Drawn | None]:
    """Begin an attempt. A `trial` is one of staff.

    `draw` is given all attempts so far, oldest first, and says what the next begins with, None when the last of them goes on, or
    refuses. If another window begins it just then, `draw` is asked again. The text the paper was drawn from is kept with it.

    Returns all attempts there are now, and what the last has begun with; None when nothing was begun.
    """
    past = sittings(learner_id, course, block)
    drawn = draw(past)
    if drawn is None:
        return past, None
    digest = keep_source(content)
    number = past[-1].number + 1 if past else 1
    row = Attempt(learner_id=learner_id, course=course, block=block, number=number, source_id=digest, paper=drawn.paper.to_json(),
                  started_at=now, deadline_at=drawn.deadline_at, extra_minutes=drawn.extra_minutes, trial=trial)
    row.save(force_insert=True)
    return [*past, sitting_of(row)], drawn


def answers(sitting_id: int) -> dict[str, Saved]:
    """The newest answer to each question, by question id."""
    return _newest(_rows(sitting_id))


def _rows(sitting_id: int) -> list[tuple[Any, ...]]:
    return rows_of(Answer, _ANSWERS, [sitting_id])


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
) -> Stored:
    """Append answers to a running attempt. `read` turns the request into typed saves for this attempt, or refuses.

    A repeat keeps nothing again; Malformed when an op_id comes back with something else than it named the first time.
    """
    past = [sitting_of(row) for row in _attempts(learner_id, course, block, locked=True)]
    sitting = _numbered(past, number)
    saves = read(sitting)
    rows = _rows(sitting.id)
    done = {op_id: (question, value) for question, _, value, op_id in rows}
    newest, last_by = _newest(rows), {question: op_id for question, _, _, op_id in rows}
    own = {save.op_id for save in saves}
    fresh: list[Save] = []
    conflicts: list[Conflict] = []
    overtaken: list[Conflict] = []
    for save in saves:
        now_at, named = newest.get(save.question), (save.question, [*save.value])
        if done.get(save.op_id, named) != named:
            raise Malformed("op_id")
        if save.op_id in done:
            if now_at and last_by[save.question] not in own:
                overtaken.append(Conflict(save.question, now_at))
            continue
        if save.revision != (now_at.revision if now_at else 0) + 1:
            conflicts.append(Conflict(save.question, now_at or Saved(0, ())))
            continue
        fresh.append(save)
        newest[save.question] = Saved(save.revision, save.value)
        last_by[save.question] = save.op_id
        done[save.op_id] = named
    if fresh:
        append(Answer, {"attempt": sitting.id, "saved_at": now}, ("question", "revision", "value", "op_id"), [
            (save.question, save.revision, list(save.value), save.op_id) for save in fresh
        ])
    standing = {save.question: newest[save.question] for save in saves if save.question in newest}
    return Stored(sitting, standing, conflicts, overtaken)


@together
def submit(
    learner_id: int, course: str, block: str, number: int, now: datetime.datetime,
    mark: Callable[[Sitting, Mapping[str, Saved]], tuple[Result, bool]],
) -> HandedIn:
    """Close an attempt with its marks. Closing it again changes nothing. Refused when it is void.

    `mark` is given the attempt and its answers under the lock and returns the result and whether it is a pass.
    """
    past = [sitting_of(row) for row in _attempts(learner_id, course, block, locked=True)]
    sitting = _numbered(past, number)
    if sitting.voided:
        raise Refused("This attempt is void.")
    saved = answers(sitting.id)
    if sitting.submitted_at is not None:
        return HandedIn(sitting, past, saved, marks(sitting.id), late_answers(sitting.id))
    done = as_handed_in(past, sitting, saved, now, *mark(sitting, saved))
    closed = done.sitting
    change(Attempt, sitting.id, {
        "submitted_at": closed.submitted_at, "released_at": closed.released_at, "marks": closed.marks, "pending": closed.pending,
        "passed": closed.passed,
    })
    shared = {"attempt": sitting.id, "revision": 1, "comment": "", "marked_at": now}
    append(Mark, shared, ("question", "marks", "possible"), [
        (question, mark.earned, mark.possible) for question, mark in done.marks.items()
    ])
    return done


def as_handed_in(
    past: Sequence[Sitting], sitting: Sitting, saved: Mapping[str, Saved], now: datetime.datetime, result: Result, passed: bool
) -> HandedIn:
    """What handing in one of the attempts `past` leaves, whether or not it is written yet."""
    closed = replace(
        sitting, submitted_at=min(now, sitting.deadline_at), released_at=None if result.pending else now,
        marks=None if result.pending else result.marks, pending=result.pending, passed=passed,
    )
    given = {item.question: Marked(item.earned, item.possible) for item in result.items if item.earned is not None}
    return HandedIn(closed, [closed if other is sitting else other for other in past], saved, given)


def marks(sitting_id: int) -> dict[str, Marked]:
    """The marks by question; the newest revision counts."""
    rows = Mark.objects.filter(attempt_id=sitting_id).order_by("revision").values_list(*MARKED)
    return {question: marked(*values) for question, *values in rows}


def read_answers(sitting_ids: Collection[int]) -> dict[int, dict[str, Saved]]:
    """The newest answers of many attempts: by attempt id, then by question id."""
    found: dict[int, dict[str, Saved]] = {}
    rows = Answer.objects.filter(attempt_id__in=sitting_ids).order_by("revision")
    for attempt_id, question, revision, value in rows.values_list("attempt_id", "question", "revision", "value"):
        found.setdefault(attempt_id, {})[question] = Saved(revision, value)
    return found


def read_marks(sitting_ids: Collection[int]) -> dict[int, dict[str, Marked]]:
    """The newest marks of many attempts: by attempt id, then by question id."""
    found: dict[int, dict[str, Marked]] = {}
    rows = Mark.objects.filter(attempt_id__in=sitting_ids).order_by("revision")
    for attempt_id, question, *values in rows.values_list("attempt_id", *MARKED):
        found.setdefault(attempt_id, {})[question] = marked(*values)
    return found


MARKED = ("question", "marks", "possible", "revision", "points", "comment")


def marked(earned: Decimal, possible: Decimal, revision: int, points: Sequence[str] | None, comment: str) -> Marked:
    """A row of marks."""
    return Marked(earned, possible, revision, points_on_record(points), comment)


def points_on_record(points: Any) -> tuple[str, ...] | None:
    """The marks of each key point; None when none were given one by one, or what is on record is no list."""
    return tuple(points) if isinstance(points, list) else None


def receipt(sitting: Sitting, saved: Mapping[str, Saved]) -> str:
    """A short code for what was handed in and when: the same answers give the same code, any other another."""
    given = {question: answer.value for question, answer in saved.items()}
    rows = sorted((question, [*value] if isinstance(value, tuple) else value) for question, value in given.items())
    assert sitting.submitted_at is not None
    told = json.dumps([sitting.id, sitting.submitted_at.isoformat(), rows], ensure_ascii=False)
    code = hashlib.sha256(told.encode()).hexdigest()[:12].upper()
    return "-".join((code[:4], code[4:8], code[8:]))


def sat_until(course: str, block: str) -> datetime.datetime | None:
    """The last deadline of the attempts at an exam that are running; None when there are none."""
    running = Attempt.objects.filter(course=course, block=block, submitted_at=None, voided_at=None, trial=False)
    latest: datetime.datetime | None = running.aggregate(latest=Max("deadline_at"))["latest"]
    return latest


def all_sat_until(course: str) -> dict[str, datetime.datetime]:
    """The same for every exam of a course that somebody is sitting, by block. One statement."""
    running = Attempt.objects.filter(course=course, submitted_at=None, voided_at=None, trial=False)
    return dict(running.values_list("block").annotate(Max("deadline_at")))


def examined(course: str) -> list[tuple[str, int]]:
    """Who has sat which exam of a course, or has marks set by hand there: (block, learner id). Two statements."""
    sat = Attempt.objects.filter(course=course, trial=False).values_list("block", "learner_id")
    by_hand = Override.objects.filter(course=course).values_list("block", "learner_id")
    return sorted({*sat, *by_hand})


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """An attempt that runs past its deadline; grace is the caller's business."""

    id: int
    learner: int
    course: str
    block: str
    number: int
    digest: str


def overdue(now: datetime.datetime, course: str = "", block: str = "") -> list[Overdue]:
    """Running attempts whose deadline is over, the earliest first."""
    rows = Attempt.objects.filter(submitted_at=None, voided_at=None, deadline_at__lt=now).order_by("deadline_at")
    if block:
        rows = rows.filter(course=course, block=block)
    return [
        Overdue(id=id_, learner=learner, course=of_course, block=of_block, number=number, digest=digest)
        for id_, learner, of_course, of_block, number, digest
        in rows.values_list("id", "learner_id", "course", "block", "number", "source_id")
    ]


_AT_A_TIME = 500  # rows: SQLite takes a thousand parameters in a statement, and texts need not lie in memory all together


def empty_answers(sitting_ids: Collection[int]) -> int:
    """Take out of the answers of these attempts what was written; what was chosen stays. Returns how many rows held a text."""
    rows = Answer.objects.filter(attempt_id__in=sitting_ids).values_list("id", "value").iterator(_AT_A_TIME)
    by_length: dict[int, list[int]] = {}
    for id_, value in rows:
        if any(isinstance(text, str) and text for text in value):
            by_length.setdefault(len(value), []).append(id_)
    for length, ids in by_length.items():
        for at in range(0, len(ids), _AT_A_TIME):
            Answer.objects.filter(id__in=ids[at : at + _AT_A_TIME]).update(value=[""] * length)
    return sum(map(len, by_length.values()))
