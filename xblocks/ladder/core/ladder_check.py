"""What `walk` finds in a course, told to its authors: in the text of the stage or of the exam that is to be changed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TypeVar

from ladder.core.case import Case
from ladder.core.document import Meta, Place
from ladder.core.exam import Exam
from ladder.core.problems import Report, errors
from ladder.core.reading import Leaf, Reading, Settings, Source
from ladder.core.stage import Plan
from ladder.core.walk import EARLIEST, LATEST, Ladder, Stop, closed_exams, stops

T = TypeVar("T")
# Nobody is kept from going on by these who passes, and passes in time.
WARNINGS = ("opens-unpassed", "attempt-too-late", "repeaters-too-late", "closed-for-newcomers")


def check_ladder(plan: Plan, reading: Reading, settings: Settings, now: datetime.datetime | None = None) -> None:
    """Walk the ladder as somebody who begins with the course and, while it runs, as somebody who begins `now`.

    The rules of a faulty file say nothing yet: what is wrong in it is told already.
    """
    stages = {
        stage.id: source for folder, (stage, source) in reading.stages.items()
        if folder not in reading.doubtful and _is_sound(source, reading)
    }
    leaves = {
        leaf.id: (leaf, source) for found in reading.leaves.values() for leaf, source in found if _is_sound(source, reading)
    }
    starts_at, ends_at = EARLIEST, LATEST
    if not any(errors(reading.reports["course.md"].problems)):
        starts_at, ends_at = (min(max(_midnight(day), EARLIEST), LATEST) for day in (settings.start, settings.end))
    ladder = Ladder(plan, _only(leaves, Exam), _only(leaves, Case), ends_at)
    found = stops(ladder, starts_at)
    if now is not None and starts_at < now < ends_at:
        known = {stop.exam for stop in found if stop.code == "never-in-time"}
        found += [replace(stop, code="closed-for-newcomers") for stop in closed_exams(ladder, now) if stop.exam not in known]
    for stop in found:
        if stop.stage in stages and stop.parts <= leaves.keys():
            source = leaves[stop.exam][1] if stop.exam else stages[stop.stage]
            tell(stop, place_of(stop, reading.documents[source.name].meta), reading.report(source))


def place_of(stop: Stop, meta: Meta) -> Place:
    """Where the rule stands that is to be changed, in the text of its exam or stage."""
    if stop.exam:
        return meta.place(stop.key)
    finish = meta.mapping("finish")
    return finish.keys.get(stop.key, meta.start) if finish else meta.start


def tell(stop: Stop, place: Place, report: Report) -> None:
    """Report a stop."""
    told = report.warning if stop.code in WARNINGS else report.error
    told(stop.code, place.line, place.column, place.length, **dict(stop.words))


def _is_sound(source: Source, reading: Reading) -> bool:
    return not any(errors(reading.report(source).problems))


def _only(leaves: dict[str, tuple[Leaf, Source]], kind: type[T]) -> dict[str, T]:
    return {id_: leaf for id_, (leaf, _) in leaves.items() if isinstance(leaf, kind)}


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)
