"""The frame of the staff desk of an exam: what all its pages share."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import ngettext

from ladder.pages import render

TABS = ("desk", "marking", "statistics", "regrade")


def desk_frame(title: str, tab: str, html: str) -> str:
    """A page of the desk under its tabs. `tab` names the handler that shows it."""
    return render("desk", {"title": title, "tab": tab, "tabs": TABS, "html": html})


def with_desk(html: str) -> str:
    """A learner's page as staff see it: with the way to the desk above it."""
    return render("desk_door", {"html": html})


def untold(failed: Sequence[int]) -> str:
    """What is said of learners whose result the platform did not take; nothing when it took all."""
    said = ngettext(
        "The gradebook did not take %(count)s result; an administrator can tell it anew (ladder_grades).",
        "The gradebook did not take %(count)s results; an administrator can tell them anew (ladder_grades).", len(failed),
    )
    return " " + said % {"count": len(failed)} if failed else ""
