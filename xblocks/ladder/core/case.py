"""A scenario case: a call as a graph of scenes, what may be said in each, and what it earns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ladder.core.document import SLUG, Document, Line
from ladder.core.errors import Malformed, Refused
from ladder.core.kb import HEADING, Link, column_in_braces, find_links
from ladder.core.problems import Report, nearest

ENDS = ("good", "fair", "poor")
MOOD = "情绪"
MAX_STATES = 20_000  # a second of walking; no script that people wrote comes near
_OPTION = re.compile(r"[-*]\s+(?P<words>.+?)\s*(?:→|->)\s*\[(?P<label>[^\]]*)\]\(#(?P<target>[^)]*)\)\s*\Z")
_ROW = re.compile(r"\s+[-*]\s+(?P<name>[^:\uff1a\s]+)\s*[:\uff1a]\s*(?P<text>.*)\Z")
_EFFECT = re.compile(r"\s*(?P<name>[^\s+\-−\d][^+\-−]*?)\s*(?P<sign>[+\-−])\s*(?P<points>\d{1,3})\s*\Z")
_ROW_NAMES = {"得分": "effects", "score": "effects", "理由": "why", "why": "why", "致命": "fatal", "fatal": "fatal"}


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


# -- reading --------------------------------------------------------------------------------------------------------


def parse_case(document: Document, default_id: str, report: Report) -> Case:
    """Read a case and check its graph."""
    meta = document.meta
    criteria = _parse_criteria(document, report)
    fatal = meta.texts("fatal")
    names = [name for name, _ in criteria]
    briefing, scenes, whole = _parse_scenes(document.lines, names, fatal, report)
    case = Case(
        id=meta.slug("id", default_id),
        title=meta.text("title", required=True),
        minutes=meta.integer("minutes", 10, 1, 120),
        customer=meta.text("customer", required=True),
        mood=meta.integer("mood", 50, 0, 100),
        pass_marks=meta.integer("pass", 60, 1, 100),
        criteria=criteria,
        fatal=fatal,
        briefing=briefing,
        scenes=scenes,
        links=find_links(document.lines),
    )
    meta.done()
    if not scenes and whole:
        report.error("no-scenes", meta.start.line)
    elif whole and _check_targets(case, report) and not report.problems:
        _check_paths(case, report)
    return case


def _parse_criteria(document: Document, report: Report) -> tuple[tuple[str, int], ...]:
    meta = document.meta
    table = meta.mapping("criteria")
    if table is None:
        if meta.values.get("criteria") is None:
            report.error("missing-key", meta.start.line, meta.start.column, key="criteria")
        return ()
    criteria = []
    for name, weight in table.items():
        sound = isinstance(weight, int) and not isinstance(weight, bool) and 0 < weight <= 100
        if not sound:
            place = table.place(name)
            report.error("bad-marks", place.line, place.column, place.length, value=weight)
        criteria.append((name, weight if sound else 0))
    total = sum(weight for _, weight in criteria)
    if total != 100 and all(weight for _, weight in criteria):
        place = meta.keys["criteria"]
        report.error("criteria-not-100", place.line, place.column, place.length, total=total)
    return tuple(criteria)


def _parse_scenes(
    lines: Sequence[Line], criteria: Sequence[str], fatal: Sequence[str], report: Report
) -> tuple[str, tuple[Scene, ...], bool]:
    """The briefing, the scenes, and whether every heading became a scene: links to one that did not cannot be judged."""
    briefing: list[str] = []
    parts: list[tuple[Line, list[Line]]] = []
    for line in lines:
        if re.match(r"##\s", line.text):
            parts.append((line, []))
        elif parts:
            parts[-1][1].append(line)
        else:
            briefing.append(line.text)
    scenes: list[Scene] = []
    for heading, body in parts:
        scene = _parse_scene(heading, body, criteria, fatal, report)
        if scene and any(other.id == scene.id for other in scenes):
            column = column_in_braces(heading, f"#{scene.id}")
            report.error("duplicate-id", heading.number, column, len(scene.id) + 1, id=scene.id)
        if scene:
            scenes.append(scene)
    return "\n".join(briefing).strip(), tuple(scenes), len(scenes) == len(parts)


def _parse_scene(
    heading: Line, lines: Sequence[Line], criteria: Sequence[str], fatal: Sequence[str], report: Report
) -> Scene | None:
    match = HEADING.match(heading.text)
    words = ((match["braces"] or "") if match else "").split()
    id_ = next((word[1:] for word in words if word.startswith("#")), "")
    if not SLUG.match(id_):
        report.error("scene-id", heading.number, column_in_braces(heading, "#"), 1, id=id_)
        return None
    end = next((word[4:] for word in words if word.startswith("end=")), "")
    if end and end not in ENDS:
        report.error("unknown-value", heading.number, column_in_braces(heading, "end=") + 4, len(end),
                     key="end", value=end, known=nearest(end, ENDS))
    said: list[str] = []
    happens: list[str] = []
    options: list[Option] = []
    faults = len(report.problems)
    for line in lines:
        _read_scene_line(line, said, happens, options, criteria, fatal, report)
    if end and options:
        report.error("end-with-options", heading.number, column_in_braces(heading, "end="), 4 + len(end), scene=id_)
    if not end and not options and len(report.problems) == faults:
        report.error("dead-end", heading.number, 1, len(heading.text), scene=id_)
    title = match["title"] if match else ""
    paragraphs = (part.strip() for part in " ".join(said).split("\x1f"))
    return Scene(id_, title, end, tuple(part for part in paragraphs if part),
                 "\n".join(happens).strip(), tuple(options), heading.number)


def _read_scene_line(
    line: Line, said: list[str], happens: list[str], options: list[Option],
    criteria: Sequence[str], fatal: Sequence[str], report: Report,
) -> None:
    text = line.text.rstrip()
    row = _ROW.match(text)
    if re.match(r"[-*]\s", text):
        match = _OPTION.match(text)
        if not match:
            report.error("bad-option", line.number, 1, len(text))
        else:
            options.append(Option(match["words"], match["target"].strip(), (), 0, "", "", line.number, match.start("target") + 1))
    elif row and options:
        options[-1] = _read_option_row(line, row, options[-1], criteria, fatal, report)
    elif text.startswith(">"):
        words = text[1:].strip()
        said.append(words if words else "\x1f")
    elif options and text:
        report.error("stray-text", line.number, 1, len(text))
    else:
        happens.append(text)
        said.append("\x1f")  # the customer pauses


def _read_option_row(
    line: Line, row: re.Match[str], option: Option, criteria: Sequence[str], fatal: Sequence[str], report: Report
) -> Option:
    name, text, column = _ROW_NAMES.get(row["name"], ""), row["text"].strip(), row.start("text") + 1
    changed = dict(option.__dict__)
    if name == "effects":
        changed["effects"], changed["mood"] = _read_effects(line, text, column, criteria, report)
    elif name == "why":
        changed["why"] = text
    elif name == "fatal":
        if text not in fatal:
            report.error("unknown-fatal", line.number, column, len(text), text=text, known=nearest(text, fatal))
        changed["fatal"] = text
    else:
        report.error("unknown-row", line.number, row.start("name") + 1, len(row["name"]),
                     name=row["name"], known=nearest(row["name"], _ROW_NAMES))
    return Option(**changed)


def _read_effects(
    line: Line, text: str, column: int, criteria: Sequence[str], report: Report
) -> tuple[tuple[tuple[str, int], ...], int]:
    effects: list[tuple[str, int]] = []
    mood = 0
    for part in re.finditer(r"[^,;\uff0c\uff1b、]+", text):
        at = column + part.start() + len(part[0]) - len(part[0].lstrip())
        match = _EFFECT.match(part[0])
        if not match:
            report.error("bad-effect", line.number, at, len(part[0].strip()), text=part[0].strip())
            continue
        points = int(match["points"]) * (1 if match["sign"] == "+" else -1)
        if match["name"] == MOOD:
            mood = points
        elif match["name"] in criteria or not criteria:
            effects.append((match["name"], points))
        else:
            report.error("unknown-criterion", line.number, at, len(match["name"]),
                         name=match["name"], known=nearest(match["name"], [*criteria, MOOD]))
    return tuple(effects), mood


# -- checking the graph ---------------------------------------------------------------------------------------------


def _check_targets(case: Case, report: Report) -> bool:
    sound = True
    for scene in case.scenes:
        for option in scene.options:
            if option.target not in case.by_id:
                sound = False
                report.error("unknown-scene", option.line, option.target_column, len(option.target),
                             scene=option.target, known=nearest(option.target, case.by_id))
    return sound


def _check_paths(case: Case, report: Report) -> None:
    reached = _reachable(case, [case.start.id])
    for scene in case.scenes:
        if scene.id not in reached:
            report.error("unreachable-scene", scene.line, 1, 2, scene=scene.id)
        elif not scene.end and not any(case.by_id[id_].end for id_ in _reachable(case, [scene.id])):
            report.error("endless-scene", scene.line, 1, 2, scene=scene.id)
    best = best_marks(case)
    if best is not None and best < case.pass_marks:
        report.error("no-passing-path", case.start.line, 1, 2, best=best, needed=case.pass_marks)
    elif best is not None and best < 100:
        report.warning("best-under-100", case.start.line, 1, 2, best=best)


def _reachable(case: Case, todo: list[str]) -> set[str]:
    reached: set[str] = set()
    while todo:
        id_ = todo.pop()
        if id_ not in reached:
            reached.add(id_)
            todo += [option.target for option in case.by_id[id_].options]
    return reached


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


# -- playing --------------------------------------------------------------------------------------------------------


def position(case: Case, steps: Sequence[Step]) -> Scene:
    """Where a call stands after these steps."""
    scene = case.start
    for step in steps:
        scene = case.by_id[scene.options[step.option].target]
    return scene


def still_fits(case: Case, steps: Sequence[Step]) -> bool:
    """Whether steps taken earlier still lead through this script (the author may have changed it meanwhile)."""
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
    """The step for an option offered at this moment. Only what is offered now can be chosen."""
    if not still_fits(case, steps):
        raise Refused("The script of this call has changed. Please take the call again.")
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
