"""The platform's `openedx/core/djangoapps/lang_pref/api.py`, as far as Ladder asks it."""

from __future__ import annotations

from collections import namedtuple

from django.conf import settings

from openedx.core.djangoapps.dark_lang.models import DarkLangConfig

Language = namedtuple("Language", "code name")


def released_languages() -> list[Language]:
    """The languages of the settings that are released, and the site's own."""
    released = {*DarkLangConfig.current().released_languages_list, settings.LANGUAGE_CODE}
    return [Language(code, name) for code, name in settings.LANGUAGES if code in released]
