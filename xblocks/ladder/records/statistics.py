"""The marked papers of an exam, read for its statistics."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import TextField

from ladder import __version__
from ladder.core.statistics import ExamNumbers, MarkedItem, MarkedPaper, reckon
from ladder.records.isolation import Done, each

CACHE_SECONDS = 7 * 24 * 3600

# Trials of staff count for nothing. Of each learner the first attempt that counts: who sits again has learnt from the first time,
# so that later papers would make questions look easier than they are.
_COUNTED = """
a.course = %s AND a.block = %s AND a.released_at IS NOT NULL AND a.voided_at IS NULL AND NOT a.trial AND NOT EXISTS (
  SELECT 1 FROM ladder_attempt b WHERE b.learner_id = a.learner_id AND b.course = a.course AND b.block = a.block
  AND b.number < a.number AND b.released_at IS NOT NULL AND b.voided_at IS NULL)
"""
_STAMP = """
SELECT COUNT(*), MAX(m.id), MAX(a.released_at) FROM ladder_attempt a JOIN ladder_mark m ON m.attempt_id = a.id
WHERE a.course = %s AND a.block = %s AND a.released_at IS NOT NULL AND a.voided_at IS NULL
"""
_PAPERS = f"SELECT a.id, ROUND(a.marks * 100), a.passed, a.paper, a.source_id FROM ladder_attempt a WHERE {_COUNTED}"  # noqa: S608 (ours)
# Written answers stay in the database: only choices, lists of numbers, are counted.
_ITEMS = f"""
SELECT m.attempt_id, m.question, ROUND(m.marks * 100), ROUND(m.possible * 100),
       CASE WHEN CAST(v.value AS {{text}}) LIKE '%%"%%' THEN NULL ELSE CAST(v.value AS {{text}}) END
FROM ladder_attempt a
JOIN ladder_mark m ON m.attempt_id = a.id
LEFT JOIN ladder_answer v ON v.attempt_id = m.attempt_id AND v.question = m.question AND NOT EXISTS (
  SELECT 1 FROM ladder_answer w WHERE w.attempt_id = v.attempt_id AND w.question = v.question AND w.revision > v.revision)
WHERE {_COUNTED} AND NOT EXISTS (
  SELECT 1 FROM ladder_mark n WHERE n.attempt_id = m.attempt_id AND n.question = m.question AND n.revision > m.revision)
ORDER BY a.id
"""  # noqa: S608 (ours)


# Where the choices of each question stand today, by the digest of the text it was asked from and its id.
Places = Mapping[str, Mapping[str, Sequence[int]]]


def exam_numbers(
    course: str, block: str, today: str = "", places_of: Callable[[Collection[str]], Places] = lambda _: {}
) -> ExamNumbers:
    """The statistics of an exam over each learner's first released attempt.

    `today` names the exam's text of today, `places_of` says how its choices stand to those of the texts that papers were drawn
    from. Reckoned again when either has changed, or marks have come or gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [course, block])
        stamp = cursor.fetchone()
    named = hashlib.sha256(repr((course, block, stamp, today)).encode()).hexdigest()
    key = f"ladder-statistics-{__version__}-{named}"
    found: ExamNumbers | None = cache.get(key)
    if found is None:
        papers = _papers(course, block, places_of)
        found = replace(reckon(papers.values), left_out=len(papers.failed))
        cache.set(key, found, CACHE_SECONDS)
    return found


def _papers(course: str, block: str, places_of: Callable[[Collection[str]], Places]) -> Done[int, MarkedPaper]:
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS, [course, block])
        attempts = {id_: rest for id_, *rest in cursor}
        cursor.execute(_ITEMS.format(text=TextField().cast_db_type(connection)), [course, block])
        rows = {attempt: list(items) for attempt, items in groupby(cursor, itemgetter(0))}
    chosen, places = _Choices(), places_of({digest for *_, digest in attempts.values()})

    def paper_of(attempt: int) -> MarkedPaper:
        marks, passed, paper, digest = attempts[attempt]
        mine = places.get(digest, {})
        given = {
            question: (int(earned), int(possible), _moved(chosen[value], mine.get(question, ())))
            for _, question, earned, possible, value in rows[attempt]
        }
        return MarkedPaper(int(marks), bool(passed), tuple(_items(json.loads(paper), given)))

    counted = [attempt for attempt in rows if attempt in attempts]  # or it was released between the two statements
    return each(counted, paper_of, "Reading the paper of attempt {}".format)


def _moved(chosen: tuple[int, ...], places: Sequence[int]) -> tuple[int, ...]:
    """What was chosen, by the places of today."""
    return tuple(sorted({places[choice] if choice < len(places) else choice for choice in chosen})) if places else chosen


def _items(paper: list[list[Any]], given: Mapping[str, tuple[int, int, tuple[int, ...]]]) -> Iterator[MarkedItem]:
    """The questions in the order of the paper."""
    for question, section, *_ in paper:
        if question in given:
            yield MarkedItem(question, section, *given[question])


class _Choices(dict[str | None, tuple[int, ...]]):
    """Stored answers, each text read once: the choices made, or nothing."""

    def __missing__(self, value: str | None) -> tuple[int, ...]:
        read = json.loads(value) if value else []
        chosen = tuple(sorted({choice for choice in read if isinstance(choice, int)})) if isinstance(read, list) else ()
        self[value] = chosen
        return chosen
