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
    """What a call has earned so far. The marks of an option count once a call: going round in a loop brings nothing."""
    return _outcome(case, steps, again=False)


def score_on_record(case: Case, steps: Sequence[Step], marks: int) -> Outcome:
    """What a call that ended with these marks had earned: before options counted once, they counted each time."""
    outcome = score(case, steps)
    return outcome if outcome.marks == marks else _outcome(case, steps, again=True)


def _outcome(case: Case, steps: Iterable[Step], *, again: bool) -> Outcome:
    earned = tuple(0 for _ in case.criteria)
    mood, fatal, taken = case.mood, list[str](), set[Step]()
    for step in steps:
        option = case.by_id[step.scene].options[step.option]
        earned = _after(earned, option, case.criteria) if again or step not in taken else earned
        taken.add(step)
        mood = min(max(mood + option.mood, 0), 100)
        if option.fatal and option.fatal not in fatal:
            fatal.append(option.fatal)
    criteria = tuple((name, points, weight) for points, (name, weight) in zip(earned, case.criteria, strict=True))
    return Outcome(criteria, mood, tuple(fatal), case.pass_marks)


# -- all paths ------------------------------------------------------------------------------------------------------


def best_marks(case: Case) -> int | None:
    """The most that any call without a fatal fault earns; None when there are too many ways to walk.

    Marks count once a call, so where a call stands is told by its scene, its marks, and which of the options that can be met
    again it has taken.
    """
    best = 0
    start = (case.start.id, tuple(0 for _ in case.criteria), frozenset[Step]())
    todo, seen, again = [start], {start}, _met_again(case)
    while todo:
        id_, earned, taken = todo.pop()
        scene = case.by_id[id_]
        if scene.end:
            best = max(best, sum(earned))
        for place, option in enumerate(scene.options):
            if option.fatal:
                continue
            step = Step(id_, place)
            after = earned if step in taken else _after(earned, option, case.criteria)
            state = (option.target, after, taken | {step} if step in again else taken)
            if state not in seen:
                seen.add(state)
                todo.append(state)
        if len(seen) > MAX_STATES:
            return None
    return best


def marks_bound(case: Case) -> int:
    """Marks that no call can exceed, whatever its way: every gain that can be reached, each once."""
    options = [option for id_ in reachable(case, [case.start.id]) for option in case.by_id[id_].options if not option.fatal]
    return sum(
        min(weight, sum(max(_gain(option, name), 0) for option in options)) for name, weight in case.criteria
    )


def reachable(case: Case, todo: list[str]) -> set[str]:
    """The scenes that can follow, those to begin with among them."""
    reached: set[str] = set()
    while todo:
        id_ = todo.pop()
        if id_ not in reached:
            reached.add(id_)
            todo += [option.target for option in case.by_id[id_].options]
    return reached


def _met_again(case: Case) -> set[Step]:
    """The options with marks that may lie on a way round: those whose marks a call could try to earn twice.

    What is left when scenes that nothing leads to, or that lead nowhere, are taken away until there are none.
    """
    leads_to = {scene.id: {option.target for option in scene.options} for scene in case.scenes}
    led_from: dict[str, set[str]] = {scene.id: set() for scene in case.scenes}
    for id_, targets in leads_to.items():
        for target in targets:
            led_from[target].add(id_)
    todo = [*leads_to]
    while todo:
        id_ = todo.pop()
        if id_ in leads_to and not (leads_to[id_] and led_from[id_]):
            for target in leads_to.pop(id_):
                led_from[target].discard(id_)
                todo.append(target)
            for source in led_from.pop(id_):
                leads_to[source].discard(id_)
                todo.append(source)
    return {
        Step(id_, place)
        for id_ in leads_to for place, option in enumerate(case.by_id[id_].options)
        if option.target in leads_to and any(points for _, points in option.effects)
    }


def _gain(option: Option, criterion: str) -> int:
    return sum(points for name, points in option.effects if name == criterion)


def _after(earned: Sequence[int], option: Option, criteria: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    """Marks per criterion after an option: never under 0, never over the criterion's weight."""
    return tuple(
        min(max(points + _gain(option, name), 0), weight)
        for points, (name, weight) in zip(earned, criteria, strict=True)
    )


def best_path(case: Case, *, careless: bool = False) -> list[Step]:
    """The path with most marks, or, for somebody careless, with fewest. No scene is walked through twice."""
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
