"""A scenario case: a call as a graph of scenes, what may be said in each, and what it earns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ladder.core.errors import Malformed, Refused
from ladder.core.kb import Link

ENDS = ("good", "fair", "poor")
MAX_STATES = 20_000  # a second of walking; no script that people wrote comes near


@dataclass(frozen=True)
class Option:
    """Something the trainee may say or do."""

    words: str
    target: str
    effects: tuple[tuple[str, int], ...]
    mood: int
    why: str
    fatal: str
    line: int
    target_column: int


@dataclass(frozen=True)
class Scene:
    """One moment of the call. A scene with an `end` has no options."""

    id: str
    title: str
    end: str
    said: tuple[str, ...]
    happens: str
    options: tuple[Option, ...]
    line: int


@dataclass(frozen=True)
class Case:
    """A whole scenario. Criteria weights add up to 100."""

    id: str
    title: str
    minutes: int
    customer: str
    mood: int
    pass_marks: int
    criteria: tuple[tuple[str, int], ...]
    fatal: tuple[str, ...]
    briefing: str
    scenes: tuple[Scene, ...]
    links: tuple[Link, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Scene]:
        """Scenes by id."""
        return {scene.id: scene for scene in self.scenes}

    @property
    def start(self) -> Scene:
        """Where the call begins."""
        return self.scenes[0]


class Step(NamedTuple):
    """One choice made: the option at that place of that scene."""

    scene: str
    option: int


@dataclass(frozen=True)
class Outcome:
    """Marks per criterion (name, earned, weight); a broken fatal rule fails the case whatever its marks."""

    criteria: tuple[tuple[str, int, int], ...]
    mood: int
    fatal: tuple[str, ...]
    pass_marks: int

    @property
    def marks(self) -> int:
        """Of 100."""
        return sum(earned for _, earned, _ in self.criteria)

    @property
    def passed(self) -> bool:
        """Enough marks and no fatal fault."""
        return self.marks >= self.pass_marks and not self.fatal


def position(case: Case, steps: Sequence[Step]) -> Scene:
    """Where a call stands after these steps."""
    scene = case.start
    for step in steps:
        scene = case.by_id[scene.options[step.option].target]
    return scene


def still_fits(case: Case, steps: Sequence[Step]) -> bool:
    """Whether steps lead through this script: nobody knows by which version a call was begun whose script was not kept."""
    scene = case.start
    for step in steps:
        if step.scene != scene.id or not 0 <= step.option < len(scene.options):
            return False
        scene = case.by_id[scene.options[step.option].target]
    return True


def read_choice(data: object) -> tuple[int, int]:
    """The position and option a page asks for: `{"position": 2, "option": 0}`."""
    numbers = (data.get("position"), data.get("option")) if isinstance(data, dict) else (None, None)
    if any(not isinstance(n, int) or isinstance(n, bool) or not 0 <= n < 1000 for n in numbers):
        raise Malformed("choice")
    return numbers[0], numbers[1]  # type: ignore[return-value]


def choose(case: Case, steps: Sequence[Step], at: int, option: int) -> Step:
    """The step for an option offered at this moment, after steps that fit. Only what is offered now can be chosen."""
    if at != len(steps):
        raise Refused("The call has moved on in another window. It is shown as it stands.")
    scene = position(case, steps)
    if scene.end or not 0 <= option < len(scene.options):
        raise Malformed("option")
    return Step(scene.id, option)


def score(case: Case, steps: Iterable[Step]) -> Outcome:
    """What a call has earned so far."""
    earned = tuple(0 for _ in case.criteria)
    mood, fatal = case.mood, list[str]()
    for step in steps:
        option = case.by_id[step.scene].options[step.option]
        earned = _after(earned, option, case.criteria)
        mood = min(max(mood + option.mood, 0), 100)
        if option.fatal and option.fatal not in fatal:
            fatal.append(option.fatal)
    criteria = tuple((name, points, weight) for points, (name, weight) in zip(earned, case.criteria, strict=True))
    return Outcome(criteria, mood, tuple(fatal), case.pass_marks)


# -- all paths ------------------------------------------------------------------------------------------------------


def best_marks(case: Case) -> int | None:
    """The most that any path without a fatal fault earns; None when there are too many paths to walk."""
    best = 0
    start = (case.start.id, tuple(0 for _ in case.criteria))
    todo, seen = [start], {start}
    while todo:
        scene_id, earned = todo.pop()
        scene = case.by_id[scene_id]
        if scene.end:
            best = max(best, sum(earned))
        for option in scene.options:
            if option.fatal:
                continue
            state = (option.target, _after(earned, option, case.criteria))
            if state not in seen:
                seen.add(state)
                todo.append(state)
        if len(seen) > MAX_STATES:
            return None
    return best


def _after(earned: Sequence[int], option: Option, criteria: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    """Marks per criterion after an option: never under 0, never over the criterion's weight."""
    return tuple(
        min(max(points + sum(gain for criterion, gain in option.effects if criterion == name), 0), weight)
        for points, (name, weight) in zip(earned, criteria, strict=True)
    )


def best_path(case: Case, *, careless: bool = False) -> list[Step]:
    """The path with most marks, or, for somebody careless, with fewest. Scripts have no loops worth walking twice."""
    best: tuple[int, list[Step]] | None = None
    todo: list[tuple[str, list[Step]]] = [(case.start.id, [])]
    while todo:
        scene_id, steps = todo.pop()
        scene = case.by_id[scene_id]
        if scene.end:
            outcome = score(case, steps)
            marks = -outcome.marks if careless else outcome.marks * (0 if outcome.fatal else 1)
            if best is None or marks > best[0]:
                best = (marks, steps)
        elif len(steps) < 40 and all(step.scene != scene_id for step in steps):
            todo += [(option.target, [*steps, Step(scene_id, place)]) for place, option in enumerate(scene.options)]
    return best[1] if best else []
