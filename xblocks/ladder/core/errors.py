"""What can go wrong between a person and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ladder.core.problems import Problem


class ContentError(Exception):
    """The author's text is wrong. Carries every problem found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}:{p.column} {p.code}" for p in problems))
        self.problems = tuple(problems)


class Refused(Exception):
    """A rule says no (409). The text is an English msgid; `words` fill it in after translation."""

    def __init__(self, text: str, **words: object) -> None:
        super().__init__(text % words if words else text)
        self.text = text
        self.words = words


class Malformed(Exception):
    """The request is not one our pages send (400). Nothing was changed."""


class Unmarkable(Exception):
    """An attempt that can be neither shown nor marked. Its answers are kept, and staff see the reason."""
