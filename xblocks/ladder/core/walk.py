"""Walking the ladder before anybody has to: where rules contradict, somebody stops who keeps to all of them.

The walkers are as quick as can be and obey the rules that learners obey (`stage.unlock`, `sitting.why_not_start`): what stops
them stops everybody. Whoever has stopped is let into the next stage, so that one fault does not hide those behind it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from ladder.core.case import Case, best_marks
from ladder.core.drawing import Pool, draw_paper
from ladder.core.exam import Exam
from ladder.core.marks import FULL_MARKS
from ladder.core.sitting import deadline, may_start_again_at, why_not_start
from ladder.core.stage import (
    Journey,
    Locked,
    Mark,
    Open,
    Part,
    Plan,
    PlannedStage,
    Requirement,
    unlock,
    with_call,
    with_lesson,
    with_sitting,
)

EARLIEST = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(3000, 1, 1, tzinfo=datetime.UTC)
MAX_STATES = 200_000  # of stages looked at by one walker: a second or two; six stages take some hundred


class Walker(Enum):
    """Who walks."""

    JUST_PASSES = "each part at the first attempt, with the pass mark and no more"
    REPEATS = "each exam at the last attempt only"
    AS_ASKED = "with the marks that the stage asks for and no more"


@dataclass(frozen=True)
class Stop:
    """Where somebody stops, or goes on who should not: the code of the problem and its words.

    `key` is what to change: in the text of `exam`, or, where that is empty, in the `finish` of the stage. `parts` are those that
    it is about.
    """

    code: str
    stage: str
    key: str
    exam: str = ""
    parts: frozenset[str] = frozenset()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ladder:
    """What is walked. Of an exam that is not there the plan says what is known; a case that is not there can be passed.

    The course ends at `ends_at`.
    """

    plan: Plan
    exams: Mapping[str, Exam]
    cases: Mapping[str, Case]
    ends_at: datetime.datetime = LATEST


@dataclass(frozen=True)
class Attempt:
    """An attempt of a walker's, marked at once."""

    submitted_at: datetime.datetime
    passed: bool
    pending: bool = False


def stops(ladder: Ladder, starts_at: datetime.datetime = EARLIEST) -> list[Stop]:
    """Where the rules of a ladder contradict each other, for who begins at that moment."""
    found: dict[Stop, None] = {}
    for walker in Walker:
        found |= dict.fromkeys(_Walk(ladder, walker, starts_at).to_the_end())
    closed = {stop.exam for stop in found if stop.code == "never-in-time"}
    return [stop for stop in found if stop.code != "repeaters-too-late" or stop.exam not in closed]


def closed_exams(ladder: Ladder, now: datetime.datetime) -> list[Stop]:
    """The exams that nobody can sit any more who begins now."""
    return [stop for stop in _Walk(ladder, Walker.JUST_PASSES, now).to_the_end() if stop.code == "never-in-time"]


def passed_by_heart(pool: Pool) -> tuple[int, Decimal] | None:
    """The first attempt that can be passed by remembering the ones before, and the marks of what it asks again.

    None when there is none; where keys are not shown between attempts there is nothing to remember.
    """
    exam, seen = pool.exam, set[str]()
    for number in range(1, exam.attempts + 1 if exam.review == "release" else 1):
        items = draw_paper(pool, f"{exam.id} {number}", seen).items
        known = sum((item.marks for item in items if item.question in seen), Decimal(0))
        if known >= exam.pass_marks:
            return number, known
        seen.update(item.question for item in items)
    return None


class _Walk:
    """One walker on the way: what has been done, what time it is, where it stopped."""

    def __init__(self, ladder: Ladder, walker: Walker, starts_at: datetime.datetime) -> None:
        self.ladder, self.walker, self.now = ladder, walker, starts_at
        self.journey = Journey()
        self.attempts: dict[str, list[Attempt]] = defaultdict(list)
        self.found: list[Stop] = []

    def to_the_end(self) -> list[Stop]:
        """Do what can be done, wait for what opens later, and be let through where nothing helps."""
        opened: list[Open] = []
        for _ in range(MAX_STATES // max(len(self.ladder.plan.stages), 1)):
            states = unlock(self.ladder.plan, self.journey, self.now)
            opened = [state for state in states.values() if isinstance(state, Open)]
            self._enter(state.stage for state in opened if state.opened_at is None)
            if self._study(opened) or self._wait(opened):
                continue
            locked = next((state.stage for state in states.values() if isinstance(state, Locked)), None)
            if locked is None:
                break
            self._enter([locked])
        else:
            return self.found  # too long a way: what was not done yet says nothing
        for state in opened:
            self.found += self._unmet(state)
            self.found += self._unpassed(state)
        return self.found

    def _enter(self, stages: Iterable[PlannedStage]) -> None:
        opened = {**self.journey.opened, **{stage.id: self.now for stage in stages}}
        self.journey = Journey(opened, self.journey.lessons, cases=self.journey.cases, exams=self.journey.exams)

    # -- doing ------------------------------------------------------------------------------------------------------

    def _study(self, opened: Iterable[Open]) -> bool:
        """Do everything that can be done at this moment. False when that is nothing."""
        before = self.journey
        for state in opened:
            for lesson in state.stage.lessons:
                if lesson.id not in self.journey.lessons:
                    self.journey = with_lesson(self.journey, lesson.id, self.now)
            for case in state.stage.cases:
                self._call(state, case)
            for exam in state.stage.exams:
                if self._left(exam) and not self._refused(exam):
                    self._sit(state.stage, exam)
        return self.journey is not before

    def _call(self, state: Open, case: Part) -> None:
        """A case may be taken again as often as one likes: when its stage asks for more, as well as can be."""
        finish, before = state.stage.finish, self.journey.cases.get(case.id)
        if before is None:
            marks = finish.practice if self.walker is Walker.AS_ASKED and not finish.cases else None
            marks = marks or case.pass_marks
        elif any(row.kind == "practice" and not row.met for row in state.requirements):
            marks = self._best(case)
        else:
            return
        if before is None or before.marks is None or marks > before.marks:
            self.journey = with_call(self.journey, case.id, marks, marks >= case.pass_marks)

    def _best(self, case: Part) -> int:
        script = self.ladder.cases.get(case.id)
        best = best_marks(script) if script else None
        return int(FULL_MARKS) if best is None else best

    def _exam(self, part: Part) -> Exam:
        known = self.ladder.exams.get(part.id)
        return known or Exam(
            id=part.id, title=part.title, minutes=1, attempts=part.attempts, pass_marks=part.pass_marks, shuffle=True,
            grace_seconds=0, multiple="all", sections=(), start_line=1, wait_hours=part.wait_hours, opens_at=part.opens_at,
            closes_at=part.closes_at,
        )

    def _left(self, part: Part) -> int:
        """How many times more this walker means to sit the exam."""
        means = (self._exam(part).attempts or 2) if self.walker is Walker.REPEATS else 1
        return means - len(self.attempts[part.id])

    def _refused(self, part: Part) -> bool:
        tried = self.attempts[part.id]
        return why_not_start(self._exam(part), tried, len(tried), self.now) is not None

    def _sit(self, stage: PlannedStage, part: Part) -> None:
        """Begin, and hand in at once: nobody is quicker."""
        exam, tried = self._exam(part), self.attempts[part.id]
        minutes = (deadline(exam, self.now) - self.now) // datetime.timedelta(minutes=1)
        if minutes < exam.minutes and self.walker is not Walker.REPEATS:  # who comes late has less time, and knows why
            self._stop("window-short", stage, "closes", part, minutes=minutes, needed=exam.minutes)
        marks = part.pass_marks if self._left(part) == 1 else part.pass_marks - 1
        if self.walker is Walker.AS_ASKED:
            marks = stage.finish.theory or marks  # `theory: 0` asks for an exam that was sat, passed or not: that is meant
        tried.append(Attempt(self.now, marks >= part.pass_marks))
        self.journey = with_sitting(self.journey, part.id, Mark(Decimal(marks), tried[-1].passed))

    # -- waiting ----------------------------------------------------------------------------------------------------

    def _wait(self, opened: Iterable[Open]) -> bool:
        """Let the time come at which the next thing can be done. False when there is none, or only after the course."""
        moments = []
        for at, stage, key, exam in self._awaited(opened):
            if at < self.ladder.ends_at:
                moments.append(at)
            elif self.walker is not Walker.REPEATS:
                self._stop("ends-too-soon", stage, key, exam, at=_shown(at), end=f"{self.ladder.ends_at:%Y-%m-%d}")
            elif exam:
                self._too_late(stage, exam, at)
        self.now = min(moments, default=self.now)
        return bool(moments)

    def _awaited(self, opened: Iterable[Open]) -> Iterator[tuple[datetime.datetime, PlannedStage, str, Part | None]]:
        """What a walker waits for, until when, and the key that says so."""
        for state in opened:
            since, days = self.journey.opened[state.stage.id], state.stage.finish.days or 0
            if since + datetime.timedelta(days=days) > self.now:
                yield since + datetime.timedelta(days=days), state.stage, "days", None
            for part in state.stage.exams:
                if not self._left(part) or not self._refused(part):
                    continue
                exam = self._exam(part)
                again_at = may_start_again_at(exam, self.attempts[part.id]) or self.now
                at = max(self.now, again_at, exam.opens_at or self.now)
                if exam.closes_at and at >= exam.closes_at:
                    self._too_late(state.stage, part, at)
                elif at > self.now:
                    yield at, state.stage, "wait_hours" if at == again_at else "opens", part

    def _too_late(self, stage: PlannedStage, part: Part, at: datetime.datetime) -> None:
        tried = len(self.attempts[part.id])
        if tried:
            self._stop("attempt-too-late", stage, "wait_hours", part, attempt=tried + 1, at=_shown(at))
        elif self.walker is Walker.REPEATS:
            self._stop("repeaters-too-late", stage, "closes", part, at=_shown(at))
        else:
            self._stop("never-in-time", stage, "closes", part, at=_shown(at))

    # -- looking back -----------------------------------------------------------------------------------------------

    def _unmet(self, state: Open) -> Iterator[Stop]:
        """Why the stage is not finished although everything in it was done. One of which nothing is written yet is let be."""
        stage = state.stage
        held = {"lessons": stage.lessons, "cases": stage.cases, "practice": stage.cases, "theory": stage.exams}
        for row in state.requirements if any(held.values()) else ():
            if not row.met and row.kind in held:
                if not held[row.kind]:
                    yield _stop("cannot-finish", stage, row.kind, (), key=row.kind)
                elif row.kind == "practice":
                    yield _stop("practice-too-high", stage, row.kind, stage.cases, best=row.mine_shown, needed=row.needed_shown)
                elif row.kind == "theory":
                    yield from self._passed_too_low(stage, row)

    def _passed_too_low(self, stage: PlannedStage, row: Requirement) -> Iterator[Stop]:
        for part in stage.exams:
            mark = self.journey.exams.get(part.id)
            if mark and mark.passed and mark.marks is not None and mark.marks < row.needed:
                yield _about_marks("passed-too-low", stage, row, part)

    def _unpassed(self, state: Open) -> Iterator[Stop]:
        """What counts as done for the stage and is shown to the learner as not passed."""
        stage = state.stage
        for row in state.requirements:
            marks = {"theory": self.journey.exams, "practice": self.journey.cases}.get(row.kind, {})
            for part in stage.exams if row.kind == "theory" else stage.cases:
                mark = marks.get(part.id)
                if row.met and mark and not mark.passed:
                    yield _about_marks("opens-unpassed", stage, row, part)

    def _stop(self, code: str, stage: PlannedStage, key: str, part: Part | None, **words: object) -> None:
        """Note a stop on the way, once: it is met again at every moment that is waited for."""
        stop = _stop(code, stage, key, [part] if part else (), exam=part.id if part else "", **words)
        if all(replace(stop, words=other.words) != other for other in self.found):
            self.found.append(stop)


def _stop(code: str, stage: PlannedStage, key_: str, parts: Iterable[Part], *, exam: str = "", **words: object) -> Stop:
    told = tuple(sorted((name, str(value)) for name, value in words.items()))
    return Stop(code, stage.id, key_, exam, frozenset(part.id for part in parts), told)


def _about_marks(code: str, stage: PlannedStage, row: Requirement, part: Part) -> Stop:
    """A stop where the pass mark of a part is not what its stage asks for."""
    return _stop(code, stage, row.kind, [part], title=part.title, needed=row.needed_shown, passes=part.pass_marks)


def _shown(at: datetime.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
