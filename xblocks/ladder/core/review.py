"""When people have to look at a trainee's theory results: below 60 twice running. A person decides, never the program."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.exam import PASS_MARKS


@dataclass(frozen=True)
class Outcome:
    """One attempt at any theory exam that was handed in and is not void. `marks` is None until they are released."""

    attempt: int
    exam: str
    number: int
    submitted_at: datetime.datetime
    marks: Decimal | None

    @property
    def below(self) -> bool:
        """Whether the released marks are below 60."""
        return self.marks is not None and self.marks < PASS_MARKS


@dataclass(frozen=True)
class Flag:
    """The newest two results running that are below 60, oldest first, and how many results came after them."""

    evidence: tuple[Outcome, Outcome]
    since: int


def review_flag(outcomes: Sequence[Outcome]) -> Flag | None:
    """Whether two results running are below 60, over all theory exams in the order of handing in.

    Marks that are not released yet are neither pass nor fail: they stand between two results until they are known. Nothing is
    kept: a regrade or a void that changes the results changes this too.
    """
    rows = sorted(outcomes, key=lambda outcome: (outcome.submitted_at, outcome.attempt))
    for place in range(len(rows) - 1, 0, -1):
        if rows[place - 1].below and rows[place].below:
            return Flag((rows[place - 1], rows[place]), len(rows) - 1 - place)
    return None
