"""What the outline shows: stages, units, ticks and locks; and for trainers, who is where on the ladder."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from ladder import lms
from ladder.core.mistakes import BOOK
from ladder.core.stage import Journey, Locked, Open, Requirement, current, news_of, unlock
from ladder.records.journal import afterwards
from ladder.records.review import flags
from ladder.records.stage import journey, journeys, record_news
from ladder_tools.olx import Chapter, Unit
from ladder_tools.preview.content import Site


def course_page(site: Site, user: Any) -> dict[str, Any]:
    """The context of the course page."""
    key, now = str(site.key), lms.now()
    mine = Journey() if user.is_staff else journey(user.id, key)
    states = unlock(site.course.plan, mine, now)
    news = news_of(states.values(), mine)
    if news and not user.is_staff:
        afterwards(lambda: record_news(user.id, key, news, states.values(), now))
    here = current(states.values())
    stages = [
        _stage(chapter, states[chapter.groups[0].units[0].name], mine, user.is_staff)
        | {"here": here is not None and not user.is_staff and chapter.groups[0].units[0].name == here.id}
        for chapter in site.outline
        if chapter.groups[0].units[0].kind == "stage"
    ]
    page = {"stages": stages, "next": None if user.is_staff else _next(states, here),
            "kb": _kb(site, states, user.is_staff), "here": here, "mistakes": BOOK if BOOK in site.positions else ""}
    return page | ({"cohort": cohort(site)} if user.is_staff else {})


def _stage(chapter: Chapter, state: Open | Locked, mine: Journey, staff: bool) -> dict[str, Any]:
    is_open = isinstance(state, Open)
    rows = state.requirements if isinstance(state, Open) else state.why
    return {
        "title": chapter.title, "id": state.stage.id, "open": is_open or staff,
        "finished": is_open and bool(getattr(state, "finished", False)),
        "rows": [{"row": row, "url": f"/unit/{row.next_part.id}/" if row.next_part else ""} for row in rows],
        "before": state.before if isinstance(state, Locked) else None,
        "groups": [
            {"title": group.title, "units": [
                {"unit": unit, "state": _unit_state(unit, mine, is_open or staff)} for unit in group.units
            ]}
            for group in chapter.groups if group.units[0].kind != "stage"
        ],
    }


def _unit_state(unit: Unit, mine: Journey, is_open: bool) -> str:
    if not is_open:
        return "locked"
    if unit.kind == "lesson":
        return "done" if unit.name in mine.lessons else "started" if unit.name in mine.started else "open"
    marks = (mine.cases if unit.kind == "case" else mine.exams).get(unit.name)
    if marks is None:
        return "open"
    if marks.passed:
        return "done"
    return "pending" if marks.pending else "failed" if marks.marks is not None else "started"


def _next(states: dict[str, Open | Locked], here: Any) -> dict[str, Any] | None:
    """The first thing that is missing where the learner stands."""
    state = states.get(here.id) if here else None
    rows: tuple[Requirement, ...] = state.requirements if isinstance(state, Open) else ()
    return next(({"part": row.next_part, "row": row} for row in rows if not row.met and row.next_part), None)


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
        rows = {row.kind: row for row in (state.requirements if isinstance(state, Open) else ())}
        people.append({"name": user.first_name or user.username, "username": user.username, "flag": flagged.get(user.id),
                       "stage": here.id if here else "",
                       "stage_title": here.title if here else "", "rows": rows, "begun": bool(mine.started)})
    return {
        "people": people,
        "rungs": [
            {"title": stage.title, "id": stage.id, "people": [person for person in people if person["stage"] == stage.id]}
            for stage in plan.stages
        ],
    }
