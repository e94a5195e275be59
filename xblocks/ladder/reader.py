"""Whom a page is made for: its replies speak the page's own language.

What the page's script sends with each request decides, where it is a language of ours: between a page and its replies the
platform may change its mind about the reader's language.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from webob import Request

from ladder import lms
from ladder.core.language import ours, spoken

LANGUAGE = "X-Ladder-Language"


def for_its_reader(method: Callable[..., Any]) -> Callable[..., Any]:
    """Make a view or a handler speak its reader's language, in whatever it replies."""

    @functools.wraps(method)
    def made(block: Any, *given: Any, **named: Any) -> Any:
        asked: Mapping[str, str] = next((request.headers for request in given if isinstance(request, Request)), {})
        with translation.override(_language(block, asked)):
            return method(block, *given, **named)

    return made


def _language(block: Any, asked: Mapping[str, str]) -> str:
    return ours(asked.get(LANGUAGE)) or spoken(translation.get_language(), lms.course_language(block), lms.released_languages())
