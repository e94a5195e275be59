"""HTML: our templates in the learner's language, and author text rendered once per version."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.template import Context, Engine
from django.utils.translation import get_language, gettext

from ladder import __version__, lms
from ladder.core.markup import plain_html, to_html
from ladder.moments import moment_words

HTML_CACHE_SECONDS = 30 * 24 * 3600
_LINK = re.compile(r'data-link="(?P<name>[a-z0-9-]+)" href="#(?P=name)"')
_HOLE, _NOTICE = "\x01", "\x02"  # control characters, which no template holds
_ENGINE = Engine(
    dirs=[str(Path(__file__).parent / "templates")],
    libraries={"i18n": "django.templatetags.i18n"},
    builtins=["django.templatetags.i18n", "ladder.moments"],
)


def render(template: str, context: dict[str, Any]) -> str:
    """A template of ours in the learner's language, escaped by default."""
    return _ENGINE.get_template(f"ladder/{template}.html").render(Context(context))


def html_of(text: str) -> str:
    """Author Markdown as safe HTML, rendered once per text."""
    plain = plain_html(text)
    if plain is not None:
        return plain
    # Another version may allow less: what an earlier one let through must not stay.
    key = f"ladder-html-{__version__}-{hashlib.sha256(text.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = to_html(text)
        cache.set(key, found, HTML_CACHE_SECONDS)
    return str(found)


def linked(html: str, course: str) -> str:
    """Author HTML with the addresses of this host in its links."""
    return _LINK.sub(lambda m: f'data-link="{m["name"]}" href="{lms.page_url_in(course, m["name"])}"', html)


def language() -> str:
    """The learner's language as HTML names it."""
    return get_language() or "en"


def frame(html: str, kind: str, notice: str = "") -> str:
    """A page in the frame that our styles and scripts expect. The notice above it stays whatever page is shown next."""
    return _empty_frame(kind, language()).replace(_NOTICE, notice).replace(_HOLE, html)


@functools.lru_cache(maxsize=64)
def _empty_frame(kind: str, language: str) -> str:
    return render("frame", {"html": _HOLE, "notice": _NOTICE, "kind": kind, "language": language})


def script_words() -> dict[str, str]:
    """Words that scripts put on the page, in the learner's language."""
    return _words(language())


@functools.lru_cache(maxsize=16)
def _words(language: str) -> dict[str, str]:  # noqa: ARG001 (the language is part of the key)
    return {
        "offline": gettext("The connection is lost."),
        "silent": gettext("The server does not answer."),
        "failed": gettext("This did not work."),
        "waiting": gettext("The server has not answered yet. Please wait."),
        "not_sent": gettext("%(reason)s It was not sent, or the answer did not arrive. Please try again."),
        "kept": gettext("%(reason)s What is not saved yet is kept on this device and sent again by itself."),
        "unkept": gettext("%(reason)s What is not saved yet is sent again by itself. Keep this page open until then."),
        "signed_out": gettext("You have been signed out. Sign in again in another tab, then go on here."),
        "refused": gettext(
            "Question %(number)s: this answer cannot be read and is not saved. It is kept here until you change it."
        ),
        "not_handed_in": gettext(
            "You have not handed in yet. %(reason)s Keep this page open: your paper is handed in as soon as it can be."
            " If you go on answering, it is not."
        ),
        "over_not_handed_in": gettext(
            "Time is up, and your paper is not handed in yet. %(reason)s Keep this page open:"
            " it is handed in as soon as it can be. What was saved in time counts."
        ),
        "saved": gettext("Saved"),
        "saving": gettext("Saving…"),
        "not_saved": gettext("Offline, kept on this device"),
        "conflict": gettext("This question was answered in another window. The newer answer is shown."),
        "left": gettext("Time left"),
        "minutes_left": gettext("%(minutes)s minutes left"),
        "time_up": gettext("Time is up. Your answers are being handed in."),
        "close": gettext("Close"),
        "open_page": gettext("Open as a page"),
        "unanswered": gettext("Not answered yet: %(count)s."),
        "opened": gettext("“%(stage)s” is open now. Go there"),
        "limit_near": gettext("%(count)s of %(limit)s characters."),
        "limit_cut": gettext("At most %(limit)s characters fit here; taken away: %(count)s."),
        "no_problems": gettext("No problems found."),
        "moment": moment_words(),
    }

