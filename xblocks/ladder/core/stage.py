"""The ladder: what each stage needs, and which stages are open to a learner."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

from ladder.core.document import Document, Meta, quoted
from ladder.core.marks import FULL_MARKS, plain
from ladder.core.problems import Report

_FINISH = ("lessons", "cases", "theory", "practice", "days")


@dataclass(frozen=True)
class Finish:
    """What finishes a stage; None or False: does not count."""

    lessons: bool = False
    cases: bool = False
    theory: int | None = None
    practice: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Stage:
    """A stage as its author wrote it."""

    id: str
    title: str
    opens_after: str
    finish: Finish
    body: str


@dataclass(frozen=True)
class Part:
    """A lesson, case or exam of a stage, as far as the ladder needs to know it.

    The rest is an exam's: `attempts` 0 means as often as one likes; moments are aware UTC.
    """

    id: str
    title: str
    pass_marks: int = 60
    attempts: int = 0
    wait_hours: int = 0
    opens_at: datetime.datetime | None = None
    closes_at: datetime.datetime | None = None


@dataclass(frozen=True)
class PlannedStage:
    """A stage with what it holds."""

    id: str
    title: str
    opens_after: str
    finish: Finish
    lessons: tuple[Part, ...] = ()
    cases: tuple[Part, ...] = ()
    exams: tuple[Part, ...] = ()

    @property
    def parts(self) -> list[tuple[str, Part]]:
        """Everything it holds, each with its kind, in the order of the outline."""
        found = (("lesson", self.lessons), ("case", self.cases), ("exam", self.exams))
        return [(kind, part) for kind, parts in found for part in parts]

    @property
    def unwritten(self) -> tuple[str, ...]:
        """What its rule asks for and nobody has written yet: kinds of requirements."""
        finish = self.finish
        asked = (
            ("lessons", finish.lessons, self.lessons), ("cases", finish.cases, self.cases),
            ("theory", finish.theory is not None, self.exams), ("practice", finish.practice is not None, self.cases),
        )
        return tuple(kind for kind, is_asked, parts in asked if is_asked and not parts)

    @property
    def in_preparation(self) -> bool:
        """Whether it cannot be finished because of what is not written yet: nothing at all, or a kind that its rule asks for."""
        return not self.parts or bool(self.unwritten)


@dataclass(frozen=True)
class Plan:
    """The whole ladder in order. The build writes it into every stage block."""

    stages: tuple[PlannedStage, ...]

    def stage(self, id_: str) -> PlannedStage:
        """A stage by id; KeyError when the ladder has none."""
        for stage in self.stages:
            if stage.id == id_:
                return stage
        raise KeyError(id_)


@dataclass(frozen=True)
class Mark:
    """A learner's best result in one case or exam. `marks` is None while nothing is marked yet.

    Marks set `by_hand` stand over every attempt.
    """

    marks: Decimal | None
    passed: bool
    pending: bool = False
    attempts: int = 1
    by_hand: bool = False

    @property
    def marks_shown(self) -> str:
        """Marks as people write them; a dash while there are none."""
        return "–" if self.marks is None else plain(self.marks)


@dataclass(frozen=True)
class Tries:
    """A learner's attempts at one exam, as far as they say whether another may begin.

    `used` count against the limit; `extra` were granted beyond it. `until` is the deadline of the one that is running, `ended_at`
    when the last was handed in.
    """

    used: int = 0
    extra: int = 0
    until: datetime.datetime | None = None
    ended_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Journey:
    """What one learner has done in one course, from the records. Times are aware UTC.

    `finished` are the stages on record as finished; the rule of today may say otherwise. In the cases of `calling` the customer
    is still on the line.
    """

    opened: Mapping[str, datetime.datetime] = field(default_factory=dict)
    lessons: Mapping[str, datetime.datetime] = field(default_factory=dict)
    started: frozenset[str] = frozenset()
    cases: Mapping[str, Mark] = field(default_factory=dict)
    exams: Mapping[str, Mark] = field(default_factory=dict)
    finished: frozenset[str] = frozenset()
    tries: Mapping[str, Tries] = field(default_factory=dict)
    calling: frozenset[str] = frozenset()


def with_lesson(journey: Journey, lesson: str, now: datetime.datetime) -> Journey:
    """The journey after a lesson was finished."""
    return replace(journey, lessons={**journey.lessons, lesson: now})


def with_call(journey: Journey, case: str, marks: int, passed: bool) -> Journey:
    """The journey after a call has ended."""
    cases = {**journey.cases, case: _better(journey.cases.get(case), Mark(Decimal(marks), passed))}
    return replace(journey, cases=cases, calling=journey.calling - {case})


def with_sitting(journey: Journey, exam: str, mark: Mark, ended_at: datetime.datetime | None = None) -> Journey:
    """The journey after an exam was handed in."""
    tries = replace(journey.tries.get(exam, Tries()), until=None, ended_at=ended_at)
    exams = {**journey.exams, exam: _better(journey.exams.get(exam), mark)}
    return replace(journey, exams=exams, tries={**journey.tries, exam: tries})


def with_mark(journey: Journey, exam: str, mark: Mark) -> Journey:
    """The journey with another mark of an exam in place of the one it has."""
    return replace(journey, exams={**journey.exams, exam: mark})


def _better(before: Mark | None, now: Mark) -> Mark:
    if before is None or before.by_hand:
        return before or now
    known = [mark.marks for mark in (before, now) if mark.marks is not None]
    return Mark(max(known, default=None), before.passed or now.passed, before.pending or now.pending,
                max(before.attempts, now.attempts))


@dataclass(frozen=True)
class Requirement:
    """One row of what a stage needs. `mine` and `needed` are in units of the row; the parts `missing` could meet it, in order.

    Kinds: lessons, cases (counts), theory, practice (marks of 100), days; these are there at the moment `due_at`. A row is
    `unwritten` when the stage has no part that it could be about.
    """

    kind: str
    mine: Decimal | None
    needed: Decimal
    met: bool
    pending: bool = False
    missing: tuple[Part, ...] = ()
    unwritten: bool = False
    due_at: datetime.datetime | None = None

    @property
    def mine_shown(self) -> str:
        """Mine as people write it; a dash while there is nothing."""
        return "–" if self.mine is None else plain(self.mine)

    @property
    def needed_shown(self) -> str:
        """What is needed as people write it."""
        return plain(self.needed)

    def to_json(self) -> dict[str, Any]:
        """As kept with a stage opening as evidence."""
        mine = None if self.mine is None else str(self.mine)
        return {"kind": self.kind, "mine": mine, "needed": str(self.needed)}


@dataclass(frozen=True)
class Open:
    """The stage may be entered. `finished` when nothing is missing any more.

    It follows the stage `before`, if any. It was open already where it is not `given` by what the rule says today.
    """

    stage: PlannedStage
    requirements: tuple[Requirement, ...]
    opened_at: datetime.datetime | None
    evidence: tuple[Requirement, ...]
    before: PlannedStage | None = None
    given: bool = True

    @property
    def finished(self) -> bool:
        """Whether the stage's own rule is met. One that asks for nothing, or is still being written, is never finished."""
        return bool(self.requirements) and not self.stage.in_preparation and all(row.met for row in self.requirements)


@dataclass(frozen=True)
class Locked:
    """The stage may not be entered yet.

    `before` is the stage it follows. `waits_for` is the lowest stage still to be finished, `why` what that one needs: what the
    learner can do now.
    """

    stage: PlannedStage
    before: PlannedStage
    waits_for: PlannedStage
    why: tuple[Requirement, ...]


def unlock(plan: Plan, journey: Journey, now: datetime.datetime) -> dict[str, Open | Locked]:
    """Decide which stages are open.

    1. A stage opened once stays open: the opening is kept with its evidence.
    2. A stage that waits for no other is open.
    3. A stage is open when the one it waits for is open and finished.
    Anything else is locked; the reason is what the awaited stage still needs.
    """
    states: dict[str, Open | Locked] = {}
    for stage in plan.stages:
        before = states.get(stage.opens_after)
        opened_at = journey.opened.get(stage.id)
        given = not stage.opens_after or (isinstance(before, Open) and before.finished)
        if opened_at is None and not given:
            states[stage.id] = _locked(stage, before)
            continue
        evidence = before.requirements if isinstance(before, Open) else ()
        rows = requirements(stage, journey, opened_at, now)
        states[stage.id] = Open(stage, rows, opened_at, evidence, before.stage if before else None, given)
    return states


def _locked(stage: PlannedStage, before: Open | Locked | None) -> Locked:
    """Why a stage is locked: what the one before it needs, or what that one waits for. What no plan holds is never finished."""
    if isinstance(before, Open):
        return Locked(stage, before.stage, before.stage, before.requirements)
    return Locked(stage, before.stage, before.waits_for, before.why) if before else Locked(stage, stage, stage, ())


def requirements(
    stage: PlannedStage, journey: Journey, opened_at: datetime.datetime | None, now: datetime.datetime
) -> tuple[Requirement, ...]:
    """The rows of a stage's rule: mine, needed, what to do next."""
    finish = stage.finish
    rows = []
    if finish.lessons:
        rows.append(_count("lessons", stage.lessons, lambda part: part.id in journey.lessons))
    if finish.cases:
        rows.append(_count("cases", stage.cases, lambda part: is_passed(journey.cases.get(part.id))))
    if finish.theory is not None:
        rows.append(_theory(stage, journey, finish.theory))
    if finish.practice is not None:
        rows.append(_practice(stage, journey, finish.practice))
    if finish.days is not None:
        days = (now - opened_at).days if opened_at else 0
        due_at = opened_at + datetime.timedelta(days=finish.days) if opened_at else None
        rows.append(Requirement("days", Decimal(days), Decimal(finish.days), days >= finish.days, due_at=due_at))
    return tuple(replace(row, unwritten=True) if row.kind in stage.unwritten else row for row in rows)


def is_passed(mark: Mark | None) -> bool:
    """Whether there is a pass."""
    return mark is not None and mark.passed


def _count(kind: str, parts: Sequence[Part], done: Callable[[Part], bool]) -> Requirement:
    missing = tuple(part for part in parts if not done(part))
    mine, needed = Decimal(len(parts) - len(missing)), Decimal(len(parts))
    return Requirement(kind, mine, needed, not missing and bool(parts), missing=missing)


def _theory(stage: PlannedStage, journey: Journey, needed: int) -> Requirement:
    """The lowest of the stage's exams decides; one that waits for marks is neither pass nor fail."""
    marks = {part.id: journey.exams.get(part.id) for part in stage.exams}
    missing = tuple(part for part in stage.exams if not _reaches(marks[part.id], needed))
    known = [mark.marks for mark in marks.values() if mark and mark.marks is not None]
    pending = any(mark is not None and mark.pending for mark in marks.values())
    mine = min(known) if known and len(known) == len(marks) else None
    met = bool(stage.exams) and not missing
    return Requirement("theory", mine, Decimal(needed), met, pending and not met, missing)


def _reaches(mark: Mark | None, needed: int) -> bool:
    return mark is not None and mark.marks is not None and mark.marks >= needed


def _practice(stage: PlannedStage, journey: Journey, needed: int) -> Requirement:
    """The average of the stage's cases; the lowest call can raise it most."""
    marks = {part: journey.cases.get(part.id) for part in stage.cases}
    earned = {part: mark.marks if mark and mark.marks is not None else None for part, mark in marks.items()}
    known = [mark for mark in earned.values() if mark is not None]
    mine = (sum(known, Decimal(0)) / len(marks)).quantize(Decimal("0.01"), ROUND_DOWN) if known else None
    met = mine is not None and mine >= needed
    lowest = sorted(stage.cases, key=lambda part: -1 if earned[part] is None else earned[part] or 0)
    missing = () if met else tuple(part for part in lowest if (earned[part] or 0) < FULL_MARKS)
    return Requirement("practice", mine, Decimal(needed), met, missing=missing)


@dataclass(frozen=True)
class News:
    """What the rule says and the records do not: stages that have opened, and the ids of those finished, or not any more."""

    opened: tuple[Open, ...]
    finished: tuple[str, ...]
    unfinished: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.opened or self.finished or self.unfinished)


def news_of(states: Iterable[Open | Locked], journey: Journey) -> News:
    """What is to be recorded of these states."""
    found = [state for state in states if isinstance(state, Open)]
    done = {state.stage.id for state in found if state.finished}
    return News(
        tuple(state for state in found if state.opened_at is None),
        tuple(sorted(done - journey.finished)),
        tuple(sorted({state.stage.id for state in found} & journey.finished - done)),
    )


def current(states: Iterable[Open | Locked]) -> PlannedStage | None:
    """Where the learner stands: the first open stage that is not finished, else the last open one.

    Nobody stands in a stage of which nothing is written yet, unless there is no other.
    """
    opened = [state for state in states if isinstance(state, Open)]
    held = [state for state in opened if state.stage.parts] or opened[:1]
    return next((state.stage for state in held if not state.finished), held[-1].stage if held else None)


def rung_state(state: Open | Locked, *, staff: bool = False) -> str:
    """The word for a rung: locked, finished, in preparation (nothing is written yet) or open."""
    if isinstance(state, Open) and state.finished and not staff:
        return "finished"
    if isinstance(state, Locked) and not staff:
        return "locked"
    return "open" if state.stage.parts else "preparation"


# -- reading --------------------------------------------------------------------------------------------------------


def parse_stage(document: Document, default_id: str, report: Report) -> Stage:
    """Read a `stage.md`."""
    meta = document.meta
    stage = Stage(
        id=meta.slug("id", default_id),
        title=meta.text("title", required=True),
        opens_after=meta.text("opens_after"),
        finish=_parse_finish(meta.mapping("finish"), report),
        body=document.body,
    )
    meta.done()
    return stage


def _parse_finish(meta: Meta | None, report: Report) -> Finish:
    if meta is None:
        return Finish()
    meta.asked.update(_FINISH)
    for key, place in meta.keys.items():
        if meta.values[key] is None:
            report.error("missing-value", place.line, place.column, place.length, key=key)
    marks = {key: meta.integer(key, 0, 0, 1000 if key == "days" else 100) for key in _FINISH[2:] if key in meta.values}
    for key in _FINISH[:2]:
        if key in meta.values:
            meta.choice(key, ("all",), "all")
    finish = Finish("lessons" in meta.values, "cases" in meta.values,
                    marks.get("theory"), marks.get("practice"), marks.get("days"))
    meta.done()
    return finish


def plan_document(plan: Plan) -> str:
    """The plan as a document, for the payload of the stage blocks."""
    rows = ["---", "kind: plan", "stages:"]
    for stage in plan.stages:
        rows += [f"  - id: {quoted(stage.id)}", f"    title: {quoted(stage.title)}"]
        rows += [f"    opens_after: {quoted(stage.opens_after)}"] if stage.opens_after else []
        finish = [f"{key}: {'all' if value is True else value}"
                  for key, value in stage.finish.__dict__.items() if value is not None and value is not False]
        rows += [f"    finish: {{{', '.join(finish)}}}"] if finish else []
        for name in ("lessons", "cases", "exams"):
            parts = getattr(stage, name)
            rows += [f"    {name}:"] if parts else []
            rows += [f"      - {{{_part_row(part)}}}" for part in parts]
    return "\n".join([*rows, "---", ""])


def _part_row(part: Part) -> str:
    row = f"id: {quoted(part.id)}, title: {quoted(part.title)}, pass: {part.pass_marks}"
    row += f", attempts: {part.attempts}" if part.attempts else ""
    row += f", wait_hours: {part.wait_hours}" if part.wait_hours else ""
    row += f", opens: {quoted(part.opens_at.isoformat())}" if part.opens_at else ""
    return row + (f", closes: {quoted(part.closes_at.isoformat())}" if part.closes_at else "")


def parse_plan(document: Document, report: Report) -> Plan:
    """Read what `plan_document` wrote."""
    stages = tuple(_planned(row, report) for row in document.meta.rows("stages"))
    document.meta.done()
    return Plan(stages)


def _planned(meta: Meta, report: Report) -> PlannedStage:
    def parts(name: str) -> tuple[Part, ...]:
        return tuple(
            Part(
                row.slug("id", ""), row.text("title"), row.integer("pass", 60, 0, 100), row.integer("attempts", 0, 0, 100),
                row.integer("wait_hours", 0, 0, 24 * 60), row.moment("opens"), row.moment("closes"),
            )
            for row in meta.rows(name)
        )

    stage = PlannedStage(
        meta.slug("id", ""), meta.text("title"), meta.text("opens_after"), _parse_finish(meta.mapping("finish"), report),
        parts("lessons"), parts("cases"), parts("exams"),
    )
    meta.done()
    return stage
