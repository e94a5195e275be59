"""What comes next, as a page shows it: a requirement with what meets it, and the one thing to do now."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ladder import lms
from ladder.core.next_action import Next, Standing, next_action, row_action
from ladder.core.stage import Journey, Locked, Open, PlannedStage, Requirement
from ladder.pages import language, render
from ladder.visit import Visit

_LINK = re.compile(r'<a\b[^<>]*\bdata-link="(?P<name>[a-z0-9-]+)"[^<>]*>')


def row_entries(rows: Iterable[Requirement], journey: Journey, now: datetime.datetime, course: str) -> list[dict[str, Any]]:
    """Requirements for `rows.html`, each with what meets it, and where that is if it can be done now."""
    steps = [(row, None if row.met else row_action(row, journey, now)) for row in rows]
    return [
        {"row": row, "step": step, "url": lms.page_url_in(course, step.part.id) if step and step.may else ""}
        for row, step in steps
    ]


def next_entry(
    states: Mapping[str, Open | Locked], journey: Journey, now: datetime.datetime, course: str
) -> dict[str, Any]:
    """What comes next, for `next.html`."""
    found = next_action(states.values(), journey, now)
    return {"next": found, "url": lms.page_url_in(course, found.go.part.id) if found.go else ""}


def next_html(visit: Visit, rows: Iterable[Mapping[str, Any]] = (), preparing: PlannedStage | None = None) -> str:
    """What comes next after this page. Nothing for staff, who climb no ladder.

    Nothing either that the page says already: of itself, in its `rows`, or of a stage that it calls in preparation.
    """
    if visit.staff or not visit.states:
        return ""
    entry = next_entry(visit.states, visit.journey, visit.now, visit.course)
    found = entry["next"]
    if found.go is not None:
        # Where to go is the same for everybody who goes there; how they did before, and when, is not said.
        return "" if found.go.part.id == visit.name else _way_on(replace(found.go, mark=None, at=None), entry["url"], language())
    told = {visit.name, *(row["step"].part.id for row in rows if row.get("step"))}
    is_told = {step.part.id for step in found.waited} <= told and (found.days is None or bool(rows))
    said = found.waited or found.days or found.preparing
    return "" if said and is_told and found.preparing in (None, preparing) else render("next", entry)


@functools.lru_cache(maxsize=512)
def _way_on(step: Standing, url: str, language: str) -> str:  # noqa: ARG001 (the language is part of the key)
    return render("next", {"next": Next(go=step), "url": url})


def mark_locked(html: str, visit: Visit | None) -> str:
    """A page whose links into lessons, cases and exams that are locked to its reader say so."""
    return mark_links(html, locked_parts(visit))


def locked_parts(visit: Visit | None) -> frozenset[str]:
    """The lessons, cases and exams that are locked to a reader. To staff nothing is."""
    if visit is None or visit.staff:
        return frozenset()
    return frozenset(
        part.id for state in visit.states.values() if isinstance(state, Locked) for _, part in state.stage.parts
    )


def mark_links(html: str, locked: Collection[str]) -> str:
    """HTML whose links to what is locked say so."""
    if not locked:
        return html
    mark = render("locked_link", {}).strip()
    return _LINK.sub(lambda link: link[0] + mark if link["name"] in locked else link[0], html)


def links_in(html: str) -> frozenset[str]:
    """The names of what HTML has links to."""
    return frozenset(link["name"] for link in _LINK.finditer(html))
