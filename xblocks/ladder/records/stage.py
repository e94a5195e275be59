"""What a learner has done in a course, in one statement; and the stages that have opened."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection

from ladder.core.opening import Opening, rule_of
from ladder.core.stage import Journey, Locked, Mark, News, Open, Tries
from ladder.records.isolation import each
from ladder.records.journal import rows_of, together
from ladder.records.models import COUNTS, StageOpening

# Openings, lessons, calls and attempts as rows of one shape: one statement whatever the course holds. It is written out because
# the ORM would put it together anew for every request, which takes longer than everything else in the request.
# Of an exam, `opened_at` is when the last attempt was handed in, `finished_at` when the running one ends; both bear the names of
# columns of the table that Django reads the rows as, so that it makes times of them whatever the database gives.
_ROWS = """
SELECT 0 AS id, learner_id, 'stage' AS kind, stage, opened_at, CAST(NULL AS DECIMAL(6, 2)) AS best,
       CASE WHEN finished_at IS NULL THEN 0 ELSE 1 END AS any_passed, 0 AS any_pending, 0 AS times, finished_at
  FROM ladder_stageopening WHERE {where} AND voiding = 0
UNION ALL
SELECT 0, learner_id, 'lesson', block, MAX(read_at), NULL, MAX(CASE WHEN section = '' THEN 1 ELSE 0 END), 0, COUNT(*), NULL
  FROM ladder_lessonprogress WHERE {where} AND voiding = 0 GROUP BY learner_id, block
UNION ALL
SELECT 0, learner_id, 'case', block, MIN(started_at), MAX(marks), MAX(CASE WHEN passed THEN 1 ELSE 0 END),
       MAX(CASE WHEN ended_at IS NULL THEN 1 ELSE 0 END), COUNT(*), NULL
  FROM ladder_call WHERE {where} AND voiding = 0 {real} GROUP BY learner_id, block
UNION ALL
SELECT 0, learner_id, 'exam', block, MAX(submitted_at), MAX(CASE WHEN submitted_at IS NOT NULL AND NOT pending THEN marks END),
       MAX(CASE WHEN passed THEN 1 ELSE 0 END), MAX(CASE WHEN pending THEN 1 ELSE 0 END), COUNT(*),
       MAX(CASE WHEN submitted_at IS NULL THEN deadline_at END)
  FROM ladder_attempt WHERE {where} AND voided_at IS NULL {real} GROUP BY learner_id, block
UNION ALL
SELECT 0, learner_id, 'override', block, made_at, marks, CASE WHEN passed THEN 1 ELSE 0 END, 0, 0, NULL
  FROM ladder_override newest WHERE {where} AND id = (
       SELECT MAX(id) FROM ladder_override other
        WHERE other.learner_id = newest.learner_id AND other.course = newest.course AND other.block = newest.block)
UNION ALL
SELECT 0, learner_id, 'allowance', block, granted_at, NULL, 0, 0, attempts, NULL
  FROM ladder_allowance newest WHERE {where} AND id = (
       SELECT MAX(id) FROM ladder_allowance other
        WHERE other.learner_id = newest.learner_id AND other.course = newest.course AND other.block = newest.block)
"""
_BRANCHES = _ROWS.count("{where}")
_REAL = "AND NOT trial"
_EVERYBODY = _ROWS.format(where="course = %s", real=_REAL)
_ONE = _ROWS.format(where="learner_id = %s AND course = %s", real=_REAL)
_ONE_TRYING = _ROWS.format(where="learner_id = %s AND course = %s", real="")


def journeys(course: str) -> dict[int, Journey]:
    """The journeys of everybody in a course, by learner id."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(StageOpening, _EVERYBODY, [course] * _BRANCHES):
        found[row.learner_id].append(row)
    return dict(each(found, lambda learner: _journey(found[learner]), "Reading the journey of user {}".format).results)


def journey(learner_id: int, course: str, *, trials: bool = False) -> Journey:
    """What one learner has done in a course. `trials` count only for somebody who is trying things out now."""
    return _journey(rows_of(StageOpening, _ONE_TRYING if trials else _ONE, [learner_id, course] * _BRANCHES))


def _journey(rows: Iterable[Any]) -> Journey:
    opened: dict[str, datetime.datetime] = {}
    finished: set[str] = set()
    lessons: dict[str, datetime.datetime] = {}
    started: set[str] = set()
    marks: dict[str, dict[str, Mark]] = {"case": {}, "exam": {}}
    calling: set[str] = set()
    tries: dict[str, Tries] = {}
    by_hand: dict[str, Mark] = {}
    extra: dict[str, int] = {}
    for row in rows:  # in whatever order the database gives them
        if row.kind == "stage":
            opened[row.stage] = row.opened_at
            finished |= {row.stage} if row.any_passed else set()
            continue
        if row.kind == "override":
            if row.best is not None:
                by_hand[row.stage] = Mark(Decimal(str(row.best)), bool(row.any_passed), False, 0, by_hand=True)
            continue
        if row.kind == "allowance":
            extra[row.stage] = row.times
            continue
        started.add(row.stage)
        if row.kind == "lesson" and row.any_passed:
            lessons[row.stage] = row.opened_at
        elif row.kind != "lesson":
            best = None if row.best is None else Decimal(str(row.best))
            is_exam = row.kind == "exam"
            marks[row.kind][row.stage] = Mark(best, bool(row.any_passed), is_exam and bool(row.any_pending), row.times)
            if is_exam:
                tries[row.stage] = Tries(row.times, 0, row.finished_at, row.opened_at)
            elif row.any_pending:
                calling.add(row.stage)
    marks["exam"] |= by_hand  # stands over every attempt
    tries |= {exam: replace(tries.get(exam, Tries()), extra=times) for exam, times in extra.items()}
    return Journey(
        opened, lessons, frozenset(started), marks["case"], marks["exam"], frozenset(finished), tries, frozenset(calling)
    )


def openings(learner_id: int, course: str) -> list[Opening]:
    """The stages that have opened to a learner, oldest first, with the rules that stood then."""
    rows = StageOpening.objects.filter(learner_id=learner_id, course=course, voiding=COUNTS).order_by("opened_at", "id")
    return [Opening(row.stage, row.opened_at, row.finished_at, row.rule) for row in rows]


@together
def record_news(learner_id: int, course: str, news: News, states: Iterable[Open | Locked], now: datetime.datetime) -> None:
    """Keep which stages have opened, with the evidence and the rule, and which are finished.

    A stage already open keeps its first row.

    One statement, as an opening and a finish mostly come together; one more when a stage is finished no longer.
    """
    rows = [
        StageOpening(learner_id=learner_id, course=course, stage=state.stage.id, opened_at=now,
                     evidence=[row.to_json() for row in state.evidence], rule=rule_of(state),
                     finished_at=now if state.stage.id in news.finished else None)
        for state in states if isinstance(state, Open) and (state in news.opened or state.stage.id in news.finished)
    ]
    if rows:
        told = connection.features.supports_update_conflicts_with_target
        StageOpening.objects.bulk_create(
            rows, update_conflicts=True, update_fields=("finished_at",),
            unique_fields=("learner_id", "course", "stage", "voiding") if told else None,
        )
    if news.unfinished:
        opened = StageOpening.objects.filter(learner_id=learner_id, course=course, voiding=COUNTS)
        opened.filter(stage__in=news.unfinished).update(finished_at=None)
