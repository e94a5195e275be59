"""The platform's `openedx/core/djangoapps/dark_lang/models.py`, as far as Ladder asks it: without a table."""

from __future__ import annotations


class DarkLangConfig:
    """The newest entry; as installed, it is enabled and releases nothing."""

    enabled = True
    released_languages = ""

    @classmethod
    def current(cls) -> DarkLangConfig:
        """The entry."""
        return cls()

    @property
    def released_languages_list(self) -> list[str]:
        """Small codes, in order, as in the platform."""
        return sorted(language.lower().strip() for language in self.released_languages.split(",") if language.strip())
