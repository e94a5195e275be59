"""The front page of the desk: everybody's attempts and what was granted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from ladder.core.marks import plain
from ladder.core.sitting import NOTHING_EXTRA, Allowed
from ladder.desk.attempts import Attempts
from ladder.pages import render
from ladder.records.desk import Attempted, State

PER_PAGE = 200
Rows = list[dict[str, Any]]


def state_words() -> dict[State, str]:
    """The states of an attempt in the reader's language, in the order of its life."""
    return {
        State.UNMARKABLE: gettext("Could not be marked"), State.RUNNING: gettext("Running"),
        State.TRIAL: gettext("Trial, not marked"), State.MARKING: gettext("To be marked"),
        State.READY: gettext("Ready to release"),
        State.PASSED: gettext("Passed"), State.FAILED: gettext("Not passed"), State.VOID: gettext("Void"),
    }


def attempts_page(
    found: Attempts, granted: Mapping[int, Allowed], people: Mapping[int, tuple[str, str]], chosen: State | None,
    page: int = 0,
) -> str:
    """The table of attempts in one state or all, and of what was granted. `people` are names and sign-in names by id.

    `page` counts from 0; one that is not there is the last.
    """
    attempts = found.all
    counts, words = Counter(attempt.state for attempt in attempts), state_words()
    rows = [attempt for attempt in attempts if chosen in (None, attempt.state)]
    last = max(len(rows) - 1, 0) // PER_PAGE
    page = min(page, last)
    shown = rows[page * PER_PAGE : (page + 1) * PER_PAGE]
    return render("desk_attempts", {
        "rows": [_row(attempt, people, found.reasons.get(attempt.id, "")) for attempt in shown],
        "all": len(attempts), "last": last,
        "found": len(rows), "first_shown": page * PER_PAGE + 1, "last_shown": page * PER_PAGE + len(shown),
        "newer": page - 1 if page else None, "older": page + 1 if page < last else None,
        "chosen": chosen, "states": [(state.value, word, counts[state]) for state, word in words.items() if counts[state]],
        "unmarkable": counts[State.UNMARKABLE], "ready": counts[State.READY],
        "unmarked": sum(a.unmarked for a in attempts if a.state is State.MARKING),
        "granted": _granted(granted, people), "words": {state.value: word for state, word in words.items()},
        # Empty, but there: looking for a name in vain, Django logs all the others with their values.
        "username": "", "allowed": NOTHING_EXTRA,
    })


def _row(attempt: Attempted, people: Mapping[int, tuple[str, str]], reason: str) -> dict[str, Any]:
    name, username = people.get(attempt.learner, ("–", ""))
    return {
        "id": attempt.id, "name": name, "username": username if username != name else "", "number": attempt.number,
        "started_at": attempt.started_at, "submitted_at": attempt.submitted_at, "deadline_at": attempt.deadline_at,
        "state": attempt.state.value, "trial": attempt.trial, "unmarked": attempt.unmarked,
        "marks": "" if attempt.marks is None else plain(attempt.marks), "reason": reason,
    }


def _granted(granted: Mapping[int, Allowed], people: Mapping[int, tuple[str, str]]) -> Rows:
    rows = [
        {"name": people.get(learner, ("–", ""))[0], "username": people.get(learner, ("", ""))[1], "allowed": allowed}
        for learner, allowed in granted.items() if allowed.minutes or allowed.attempts
    ]
    return sorted(rows, key=lambda row: row["name"])
