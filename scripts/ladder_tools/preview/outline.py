"""What the outline shows: stages, units, ticks and locks; and for trainers, who is where on the ladder."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model

from ladder import lms
from ladder.core.mistakes import BOOK
from ladder.core.next_action import PartState, Standing, next_action, standings
from ladder.core.stage import Journey, Locked, Open, current, news_of, rung_state, unlock
from ladder.next_page import next_entry, row_entries
from ladder.records.journal import afterwards
from ladder.records.review import flags
from ladder.records.stage import journey, journeys, record_news
from ladder.visit import Visit
from ladder_tools.olx import Chapter, Unit
from ladder_tools.preview.content import Position, Site


def course_page(site: Site, user: Any) -> dict[str, Any]:
    """The context of the course page."""
    key, now = str(site.key), lms.now()
    mine = Journey() if user.is_staff else journey(user.id, key)
    states = unlock(site.course.plan, mine, now)
    news = news_of(states.values(), mine)
    if news and not user.is_staff:
        afterwards(lambda: record_news(user.id, key, news, states.values(), now))
    here = None if user.is_staff else current(states.values())
    stages = [
        _stage(chapter, states[chapter.groups[0].units[0].name], mine, user.is_staff, now, key) | {
            "here": here is not None and chapter.groups[0].units[0].name == here.id,
        }
        for chapter in site.outline
        if chapter.groups[0].units[0].kind == "stage"
    ]
    page = {"stages": stages, "kb": _kb(site, states, user.is_staff), "here": here,
            "mistakes": BOOK if BOOK in site.positions else ""}
    if user.is_staff:
        return page | {"cohort": cohort(site)}
    here_finished = any(stage["here"] and stage["state"] == "finished" for stage in stages)
    return page | {"here_finished": here_finished} | next_entry(states, mine, now, key)


def _stage(
    chapter: Chapter, state: Open | Locked, mine: Journey, staff: bool, now: datetime.datetime, course: str
) -> dict[str, Any]:
    is_open = isinstance(state, Open) or staff
    rows = state.requirements if isinstance(state, Open) else state.why
    shown = {one.part.id: one for one in standings(state.stage, mine, now)} if is_open and not staff else {}
    return {
        "title": chapter.title, "id": state.stage.id, "open": is_open,
        "state": rung_state(state, staff=staff), "rows": row_entries(rows, mine, now, course),
        "before": state.before if isinstance(state, Locked) else None,
        "groups": [
            {"title": group.title, "units": [
                {"unit": unit, "step": shown.get(unit.name), "state": _unit_state(shown.get(unit.name), is_open)}
                for unit in group.units
            ]}
            for group in chapter.groups if group.units[0].kind != "stage"
        ],
    }


_SHOWN = {
    PartState.NEW: "open", PartState.BEGUN: "started", PartState.RUNNING: "started", PartState.OVER: "started",
    PartState.AGAIN: "failed", PartState.DONE: "done", PartState.PENDING: "pending", PartState.NOT_OPEN: "pending",
    PartState.WAITING: "pending",
}


def _unit_state(step: Standing | None, is_open: bool) -> str:
    """How a unit looks in the outline."""
    if step is None:
        return "open" if is_open else "locked"
    return _SHOWN.get(step.state, "failed")


def pager(site: Site, visit: Visit | None, position: Position) -> dict[str, Any]:
    """Where the way leads from a unit, back and on; None is the visit of an author.

    Nobody is led into what is locked. From a part that is done, the way on leads to the next that can be done.
    """
    if visit is None or visit.staff:
        return {"before": position.before, "after": position.after}
    mine, states, now = visit.journey, visit.states, visit.now

    def is_open(unit: Unit) -> bool:
        return unit.kind in ("stage", "mistakes") or isinstance(states.get(unit.stage), Open)

    steps = {
        one.part.id: one
        for state in states.values() if isinstance(state, Open) for one in standings(state.stage, mine, now)
    }
    before = next((unit for unit in _way(site, position, "before") if is_open(unit)), None)
    onward = [unit for unit in _way(site, position, "after") if is_open(unit)]
    go, own = next_action(states.values(), mine, now).go, steps.get(position.unit.name)
    timed = go is not None and go.state in (PartState.RUNNING, PartState.OVER) and go.part.id != position.unit.name
    after = onward[0] if onward else None
    if timed or (own is not None and own.state is PartState.DONE):
        undone = [steps[unit.name] for unit in onward if unit.name in steps and steps[unit.name].may]
        step = go if timed or not undone else undone[0]
        if step is not None:
            return {"before": before, "step": step, "after": site.positions[step.part.id].unit}
    locked = after is not None and after.kind == "stage" and not isinstance(states.get(after.name), Open)
    return {"before": before, "after": after, "locked": locked}


def _way(site: Site, position: Position, way: str) -> Iterator[Unit]:
    """The units that follow on each other from here."""
    unit = getattr(position, way)
    while unit is not None:
        yield unit
        unit = getattr(site.positions[unit.name], way)


def _kb(site: Site, states: dict[str, Open | Locked], staff: bool) -> list[dict[str, Any]]:
    groups = [group for chapter in site.outline for group in chapter.groups if group.units[0].kind == "article"]
    return [
        {"title": group.title, "units": [
            {"unit": unit, "state": "open" if staff or isinstance(states.get(unit.stage), Open) else "locked"}
            for unit in group.units
        ]}
        for group in groups
    ]


def cohort(site: Site) -> dict[str, Any]:
    """Everybody's place on the ladder. Three statements, however many learners there are."""
    now, plan = lms.now(), site.course.plan
    done, flagged = journeys(str(site.key)), flags(str(site.key))
    people = []
    for user in get_user_model().objects.filter(is_staff=False, is_active=True).order_by("username"):
        mine = done.get(user.id, Journey())
        states = unlock(plan, mine, now)
        here = current(states.values())
        state = states[here.id] if here else None
        asked = state.requirements if isinstance(state, Open) else ()
        rows = {entry["row"].kind: entry for entry in row_entries(asked, mine, now, str(site.key))}
        ahead = next_action(states.values(), mine, now)
        people.append({"name": user.first_name or user.username, "username": user.username, "flag": flagged.get(user.id),
                       "stage": here.id if here else "",
                       "stage_title": here.title if here else "", "rows": rows,
                       "finished": isinstance(state, Open) and state.finished,
                       "preparing": ahead.preparing if ahead.go is None else None, "begun": bool(mine.started)})
    return {
        "people": people,
        "rungs": [
            {"title": stage.title, "id": stage.id, "people": [person for person in people if person["stage"] == stage.id]}
            for stage in plan.stages
        ],
    }
