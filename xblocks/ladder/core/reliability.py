"""Reliability: how far marks would come out the same if other questions of the same kind were asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain

# With fewer papers than this, chance has more to say than the questions: no numbers are given for them.
FEWEST = 10

Place = tuple[int, int]  # section, possible marks
Shape = tuple[tuple[Place, int], ...]


def spread(n: int, x: int, xx: int) -> int:
    """n (n - 1) times the variance of a sample, from its size, sum and sum of squares."""
    return n * xx - x * x


def alpha(n: int, spreads: Sequence[int], spread_of_totals: int) -> float | None:
    """Cronbach's alpha: k / (k - 1) * (1 - sum of the variances of the k parts / variance of the totals).

    L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951), 297-334. Variances come as
    spreads: their common factor n (n - 1) cancels out. None for fewer than `FEWEST` papers or two parts, or equal totals.
    """
    parts = len(spreads)
    if n < FEWEST or parts < 2 or not spread_of_totals:
        return None
    return float(Fraction(parts, parts - 1) * (1 - Fraction(sum(spreads), spread_of_totals)))


class ByPlace:
    """Sums for the alpha of papers drawn at random, whose parts are places instead of questions.

    A place is the first, second … question worth so many marks in a section, whichever question stands there: the blueprint says
    that the questions of a section stand in for one another. Alpha over places is then the dependability of marks when each
    person has questions of their own (design i:p in R. L. Brennan, "Generalizability Theory", 2001, chapter 2).
    """

    def __init__(self) -> None:
        self._shapes: dict[Shape, _Columns] = {}

    def add(self, items: Iterable[tuple[int, int, int]]) -> None:
        """One paper: section, possible and earned marks in hundredths of each question, in order."""
        groups: dict[Place, list[int]] = {}
        for section, possible, earned in items:
            groups.setdefault((section, possible), []).append(earned)
        places = sorted(groups)
        shape = tuple((place, len(groups[place])) for place in places)
        marks = list(chain.from_iterable(groups[place] for place in places))
        self._shapes.setdefault(shape, _Columns(len(marks))).add(marks)

    def alpha(self) -> float | None:
        """Of the papers of the commonest shape: they differ in shape when the blueprint was changed in between."""
        columns = max(self._shapes.values(), key=lambda columns: columns.n, default=_Columns(0))
        return columns.alpha()


class _Columns:
    """Sums by place of papers of one shape."""

    def __init__(self, places: int) -> None:
        self.n = self.total = self.total_squared = 0
        self.x, self.xx = [0] * places, [0] * places

    def add(self, marks: Sequence[int]) -> None:
        total = sum(marks)
        self.n += 1
        self.total += total
        self.total_squared += total * total
        self.x = [x + mark for x, mark in zip(self.x, marks, strict=True)]
        self.xx = [xx + mark * mark for xx, mark in zip(self.xx, marks, strict=True)]

    def alpha(self) -> float | None:
        spreads = [spread(self.n, x, xx) for x, xx in zip(self.x, self.xx, strict=True)]
        return alpha(self.n, spreads, spread(self.n, self.total, self.total_squared))
