"""Whom a page is made for: its replies speak the page's own language, tell times of one zone, and act for nobody else.

What the page's script sends with each request decides, where it is a language of ours and a zone there is: between a page and
its replies the platform may change its mind about the reader's language, and the browser's zone is known to the browser only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from webob import Request

from ladder import lms
from ladder.core.language import ours, spoken
from ladder.core.moment import zone_named

LANGUAGE = "X-Ladder-Language"
ZONE = "X-Ladder-Zone"
LEARNER = "X-Ladder-Learner"


def for_its_reader(method: Callable[..., Any]) -> Callable[..., Any]:
    """Make a view or a handler speak its reader's language and tell times of its reader's zone, in whatever it replies."""

    @functools.wraps(method)
    def made(block: Any, *given: Any, **named: Any) -> Any:
        asked: Mapping[str, str] = next((request.headers for request in given if isinstance(request, Request)), {})
        with translation.override(_language(block, asked)), timezone.override(_zone(block, asked)):
            return method(block, *given, **named)

    return made


def _language(block: Any, asked: Mapping[str, str]) -> str:
    released = tuple(lms.released_languages())
    return ours(asked.get(LANGUAGE)) or spoken(translation.get_language(), lms.course_language(block), released)


def preferred_zone(block: Any) -> ZoneInfo | None:
    """The zone that the reader has chosen on the platform. None: the browser's own."""
    return zone_named(lms.time_zone(block))


def _zone(block: Any, asked: Mapping[str, str]) -> Any:
    return preferred_zone(block) or zone_named(asked.get(ZONE, "")) or timezone.get_default_timezone()


def learner_code(block: Any) -> str:
    """Who a page is made for, as its script knows them; nothing where nobody is signed in."""
    try:
        return lms.secret_code(f"pages of {lms.learner_id(block)}")
    except lms.NotSignedIn:
        return ""


def is_of_another(block: Any, request: Request) -> bool:
    """Whether a request comes from a page that was made for somebody else than the one who is signed in now.

    On a shared computer a page is left open, and the next one signs in beside it: what is done there is not theirs.
    """
    told = request.headers.get(LEARNER, "")
    return bool(told) and told != learner_code(block)
