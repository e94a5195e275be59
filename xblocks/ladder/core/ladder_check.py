"""What `walk` finds in a course, told to its authors: in the text of the stage or of the exam that is to be changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ladder.core.case import Case
from ladder.core.document import Document, Meta, Place
from ladder.core.exam import Exam
from ladder.core.problems import Report, errors, nearest
from ladder.core.reading import Leaf, Reading, Settings, Source
from ladder.core.stage import Finish, Part, Plan, parse_plan
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


def check_plan(document: Document, report: Report) -> None:
    """Walk the plan that a stage carries: what it says of its exams and cases is all that is known of them."""
    read = Report(report.file)
    plan = parse_plan(document, read)
    found = document.meta.rows("stages")
    rows = {row.values.get("id"): row for row in found}
    order, finishes = [stage.id for stage in plan.stages], {stage.id: stage.finish for stage in plan.stages}
    for number, (stage, row) in enumerate(zip(plan.stages, found, strict=True)):
        if stage.opens_after:
            check_opening(stage.opens_after, order[:number], finishes, row.place("opens_after"), report)
    for stop in stops(Ladder(plan, {}, {})) if not any(errors(read.problems)) else ():
        tell(stop, place_of(stop, rows[stop.stage]), report)


def check_opening(
    awaited: str, earlier: Sequence[str], finishes: Mapping[str, Finish], place: Place, report: Report
) -> None:
    """The stage that must be finished first has to be there, come earlier, and say what finishes it."""
    if awaited not in finishes:
        report.error("unknown-stage", place.line, place.column, place.length, stage=awaited, known=nearest(awaited, finishes))
    elif awaited not in earlier:
        report.error("stage-order", place.line, place.column, place.length, stage=awaited)
    elif finishes[awaited] == Finish():
        report.error("never-opens", place.line, place.column, place.length, stage=awaited)


def check_part(plan: Plan, leaf: Exam | Case, meta: Meta, report: Report) -> None:
    """Walk a plan with one exam or case as it is to be from now on: what contradicts its stage is told at its pass mark."""

    def put(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(part, pass_marks=leaf.pass_marks) if part.id == leaf.id else part for part in parts)

    stages = tuple(replace(stage, cases=put(stage.cases), exams=put(stage.exams)) for stage in plan.stages)
    known = {leaf.id: (leaf, report)}
    for stop in stops(Ladder(Plan(stages), _only(known, Exam), _only(known, Case))):
        if leaf.id in stop.parts:
            tell(stop, meta.place(stop.key if stop.exam else "pass"), report)


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


def _only(leaves: Mapping[str, tuple[Leaf, object]], kind: type[T]) -> dict[str, T]:
    return {id_: leaf for id_, (leaf, _) in leaves.items() if isinstance(leaf, kind)}


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)
