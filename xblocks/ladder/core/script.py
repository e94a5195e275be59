"""Reading a case: the script as its author writes it, and whether its graph holds together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ladder.core.case import ENDS, Case, Option, Scene, best_marks, marks_bound, reachable
from ladder.core.document import SLUG, Document, Line
from ladder.core.kb import HEADING, column_in_braces, find_links
from ladder.core.markup import join_lines
from ladder.core.problems import Report, nearest

MOOD = "情绪"
_OPTION = re.compile(r"[-*]\s+(?P<words>.+?)\s*(?:→|->)\s*\[(?P<label>[^\]]*)\]\(#(?P<target>[^)]*)\)\s*\Z")
_ROW = re.compile(r"\s+[-*]\s+(?P<name>[^:\uff1a\s]+)\s*[:\uff1a]\s*(?P<text>.*)\Z")
_EFFECT = re.compile(r"\s*(?P<name>[^\s+\-−\d][^+\-−]*?)\s*(?P<sign>[+\-−])\s*(?P<points>\d{1,3})\s*\Z")
_ROW_NAMES = {"得分": "effects", "score": "effects", "理由": "why", "why": "why", "致命": "fatal", "fatal": "fatal"}


def parse_case(document: Document, default_id: str, report: Report) -> Case:
    """Read a case and check that it can be won, lost and left."""
    case = parse_script(document, default_id, report)
    if not report.problems:
        _check_paths(case, report)
    return case


def parse_script(document: Document, default_id: str, report: Report) -> Case:
    """Read a case. Without an error it can be played; whether anybody should be called by it is for `parse_case` to say."""
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
    elif whole:
        _check_targets(case, report)
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
    for mark in ("#", "end="):
        if sum(word.startswith(mark) for word in words) > 1:
            report.error("written-twice", heading.number, heading.text.rindex(mark) + 1, len(mark), name=mark.rstrip("="))
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
    paragraphs = (part.strip() for part in join_lines("\n".join(said)).replace("\n", " ").split("\x1f"))
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
    if changed.get(name) or (name == "effects" and option.mood):
        report.error("written-twice", line.number, row.start("name") + 1, len(row["name"]), name=row["name"])
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
    mood: int | None = None
    for part in re.finditer(r"[^,;\uff0c\uff1b、]+", text):
        at = column + part.start() + len(part[0]) - len(part[0].lstrip())
        match = _EFFECT.match(part[0])
        if not match:
            report.error("bad-effect", line.number, at, len(part[0].strip()), text=part[0].strip())
            continue
        points = int(match["points"]) * (1 if match["sign"] == "+" else -1)
        if match["name"] == MOOD:
            if mood is not None:
                report.error("written-twice", line.number, at, len(MOOD), name=MOOD)
            mood = points
        elif match["name"] in criteria or not criteria:
            effects.append((match["name"], points))
        else:
            report.error("unknown-criterion", line.number, at, len(match["name"]),
                         name=match["name"], known=nearest(match["name"], [*criteria, MOOD]))
    return tuple(effects), mood or 0


# -- the graph -------------------------------------------------------------------------------------------------------


def _check_targets(case: Case, report: Report) -> None:
    for scene in case.scenes:
        for option in scene.options:
            if option.target not in case.by_id:
                report.error("unknown-scene", option.line, option.target_column, len(option.target),
                             scene=option.target, known=nearest(option.target, case.by_id))


def _check_paths(case: Case, report: Report) -> None:
    reached = reachable(case, [case.start.id])
    for scene in case.scenes:
        if scene.id not in reached:
            report.error("unreachable-scene", scene.line, 1, 2, scene=scene.id)
        elif not scene.end and not any(case.by_id[id_].end for id_ in reachable(case, [scene.id])):
            report.error("endless-scene", scene.line, 1, 2, scene=scene.id)
    bound = marks_bound(case)
    best = best_marks(case) if bound >= case.pass_marks else bound
    if best is not None and best < case.pass_marks:
        report.error("no-passing-path", case.start.line, 1, 2, best=best, needed=case.pass_marks)
    elif best is not None and best < 100:
        report.warning("best-under-100", case.start.line, 1, 2, best=best)

