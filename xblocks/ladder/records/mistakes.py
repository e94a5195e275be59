"""What a learner got wrong in the exams of a course, and how the questions were answered again."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from ladder.core.errors import Malformed
from ladder.core.mistakes import Event
from ladder.records.exam import paper_on_record, points_on_record
from ladder.records.journal import together
from ladder.records.models import Answer, Attempt, Mark, Redo

# Every attempt with the newest marks of each question that was not fully right, and what was answered where a person marked it:
# one statement. The paper is read of running attempts only, which have no marks yet.
_ATTEMPTS = """
SELECT a.id, a.block, a.number, a.source_id, a.key_id, a.submitted_at, a.released_at,
       CASE WHEN a.submitted_at IS NULL THEN a.paper END AS paper,
       m.question AS question, m.marks AS earned, m.possible AS possible, m.points AS points, m.comment AS comment,
       w.value AS written
  FROM ladder_attempt a
  LEFT JOIN ladder_mark m
    ON m.attempt_id = a.id AND m.marks < m.possible
   AND NOT EXISTS (SELECT 1 FROM ladder_mark n
                    WHERE n.attempt_id = m.attempt_id AND n.question = m.question AND n.revision > m.revision)
  LEFT JOIN ladder_answer w
    ON w.attempt_id = m.attempt_id AND w.question = m.question AND m.points IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM ladder_answer v
                    WHERE v.attempt_id = w.attempt_id AND v.question = w.question AND v.revision > w.revision)
 WHERE a.learner_id = %s AND a.course = %s AND a.voided_at IS NULL
 ORDER BY a.id, m.id
"""


@dataclass(frozen=True)
class Wrong:
    """An answer without full marks. `points` and `comment` are of the person who marked it, `written` is what they read."""

    question: str
    earned: Decimal
    possible: Decimal
    points: tuple[str, ...] | None
    comment: str
    written: tuple[object, ...]


@dataclass(frozen=True)
class Sat:
    """An attempt that was handed in. `digest` and `key` name the texts it was drawn from and marked by (empty: the same)."""

    id: int
    block: str
    number: int
    digest: str
    key: str
    submitted_at: datetime.datetime
    released_at: datetime.datetime | None
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Sittings:
    """All that was handed in, oldest first, and the questions on papers that are still running. Void attempts are left out."""

    sat: tuple[Sat, ...]
    running: frozenset[str]


@dataclass
class _Rows:
    first: Any
    wrong: list[Wrong] = field(default_factory=list)


def read_sittings(learner_id: int, course: str) -> Sittings:
    """What a learner has sat in a course. One statement."""
    found: dict[int, _Rows] = {}
    running: set[str] = set()
    for row in Attempt.objects.raw(_ATTEMPTS, [learner_id, course]):
        if row.submitted_at is None:
            running.update(_asked(row.paper))
            continue
        rows = found.setdefault(row.id, _Rows(row))
        if row.question is not None:
            rows.wrong.append(_wrong(row))
    return Sittings(tuple(_sat(rows) for rows in found.values()), frozenset(running))


def read_running(learner_id: int, course: str) -> frozenset[str]:
    """The questions on a learner's running papers. One statement."""
    rows = Attempt.objects.filter(learner_id=learner_id, course=course, submitted_at=None, voided_at=None)
    return frozenset(question for paper in rows.values_list("paper", flat=True) for question in _asked(paper))


def _asked(rows: Any) -> list[str]:
    paper = paper_on_record(rows)
    return [item.question for item in paper.items] if paper else []


def _sat(rows: _Rows) -> Sat:
    row = rows.first
    return Sat(row.id, row.block, row.number, row.source_id, row.key_id or "", row.submitted_at, row.released_at,
               tuple(rows.wrong))


def _wrong(row: Any) -> Wrong:
    points, written = (
        model._meta.get_field(name).from_db_value(value, None, connection)
        for model, name, value in ((Mark, "points", row.points), (Answer, "value", row.written))
    )
    return Wrong(row.question, Decimal(str(row.earned)), Decimal(str(row.possible)),
                 points_on_record(points), row.comment or "", tuple(written or ()))


# -- answering again ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """A redo that was made: its place in the order of all redos, and whether it was right."""

    id: int
    op_id: str
    at: datetime.datetime
    right: bool

    @property
    def event(self) -> Event:
        """As the rule counts it."""
        return Event(self.at, self.right, redo=True, number=self.id)


Redos = dict[str, list[Done]]


def read_redos(learner_id: int, course: str) -> Redos:
    """All redos of a learner in a course by question, in the order made. One statement."""
    return _by_question(Redo.objects.filter(learner_id=learner_id, course=course).order_by("id"))


def _by_question(rows: Iterable[Redo]) -> Redos:
    found: Redos = {}
    for row in rows:
        found.setdefault(row.question, []).append(_done(row))
    return found


def _done(row: Redo) -> Done:
    return Done(row.id, row.op_id, row.answered_at, row.right)


@together
def record_redo(
    learner_id: int, course: str, attempt_id: int, question: str, op_id: str, now: datetime.datetime,
    decide: Callable[[Sequence[Done]], bool | None],
) -> tuple[Redos, list[Done] | None]:
    """Keep one redo. `decide` is given those made before, under the lock, and says whether this one is right, or refuses.

    Windows take turns at the row of `attempt_id`: the same attempt of the learner for all of them. There may be no redo yet whose
    row could be locked.

    Returns all redos there are now, and those of this question up to and with this one. A repeat of `op_id` keeps nothing and
    returns the same of the latter; Malformed when it comes with another question or verdict: answers are not kept. It is None,
    and nothing kept, when `decide` says None: that is not asked any more.
    """
    # Locked by a statement of its own: PostgreSQL shows one that has waited what was there when it began.
    if connection.features.has_select_for_update:
        Attempt.objects.select_for_update().filter(id=attempt_id).values_list("id").first()
    redos = read_redos(learner_id, course)
    mine = redos.setdefault(question, [])
    if any(done.op_id == op_id for name, others in redos.items() if name != question for done in others):
        raise Malformed("op_id")
    for place, done in enumerate(mine):
        if done.op_id == op_id:
            right = decide(mine[:place])
            if right not in (None, done.right):
                raise Malformed("op_id")
            return redos, None if right is None else mine[: place + 1]
    right = decide(mine)
    if right is None:
        return redos, None
    made = Redo(learner_id=learner_id, course=course, question=question, right=right, op_id=op_id, answered_at=now)
    made.save(force_insert=True)
    mine.append(_done(made))
    return redos, mine
