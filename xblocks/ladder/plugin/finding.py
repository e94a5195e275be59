"""What a check has found, as one line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext


class Level(StrEnum):
    """How it stands. What cannot be checked here is neither good nor bad."""

    OK = "ok"
    UNCHECKED = "unchecked"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One result: what it is about, what was found, what to do about it."""

    level: Level
    about: str
    text: str
    todo: str = ""

    def __str__(self) -> str:
        said = f"{_words()[self.level]}  {self.about}: {self.text}"
        return f"{said} {self.todo}" if self.todo else said


def _words() -> dict[Level, str]:
    return {
        Level.OK: gettext("ok"), Level.UNCHECKED: gettext("not checked"), Level.WARNING: gettext("warning"),
        Level.ERROR: gettext("error"),
    }
