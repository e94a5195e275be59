"""Statistics of an exam by classical test theory: how its questions work, how far its marks can be trusted.

Marks are whole hundredths in here, so that sums are exact and a variance of nothing is nothing.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ladder.core.blank import fold
from ladder.core.question import Question
from ladder.core.reliability import FEWEST, ByPlace, alpha, spread

BIN = 10
BINS = 10


class MarkedItem(NamedTuple):
    """One question of a marked paper. Marks in hundredths; `chosen` are the author's choice indices, empty for other types."""

    question: str
    section: int
    earned: int
    possible: int
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class MarkedPaper:
    """A marked paper. `marks`, in hundredths, and `passed` are as released; `items` in the order of the paper."""

    marks: int
    passed: bool
    items: tuple[MarkedItem, ...]


@dataclass(frozen=True)
class Pick:
    """How many picked a choice, and what they earned on average with all other questions of their papers, in marks.

    None when nobody did.
    """

    count: int
    mean_rest: float | None


NOBODY = Pick(0, None)


@dataclass(frozen=True)
class ItemNumbers:
    """How one question works. `shares` is the sum of the shares of its marks that were earned, over `n` papers.

    `discrimination` is the corrected item-total correlation: of the marks of the question with those of the rest of the paper, -1
    to 1; None when either does not vary. `picks` by choice index; `answered` counts papers on which something was chosen. Below
    `FEWEST` papers there is no discrimination and there are no picks.
    """

    question: str
    n: int
    shares: Fraction
    discrimination: float | None
    answered: int
    picks: Mapping[int, Pick]

    @property
    def facility(self) -> Fraction | None:
        """The mean share of its marks, 0 to 1; None below `FEWEST` papers."""
        return self.shares / self.n if self.n >= FEWEST else None


@dataclass(frozen=True)
class ExamNumbers:
    """An exam as a whole. Marks are marks here, not hundredths; the standard deviation is that of a sample (n - 1).

    `bins` count papers of 0 to 9.99 marks, 10 to 19.99 … 90 to 100. With no papers all numbers are 0 or None.
    `left_out` papers could not be read.
    """

    n: int
    mean: float | None
    median: float | None
    deviation: float | None
    passed: int
    bins: tuple[int, ...]
    reliability: float | None
    items: tuple[ItemNumbers, ...]
    left_out: int = 0


@dataclass(frozen=True)
class ArticleNumbers:
    """Marks by knowledge point. `article` is empty for questions that name none; `share` is None below `FEWEST` answers."""

    article: str
    n: int
    share: float | None


def reckon(papers: Iterable[MarkedPaper]) -> ExamNumbers:
    """The numbers of an exam from its marked papers, which are gone through once."""
    sums = _Sums()
    marks, passed = [], 0
    for paper in papers:
        sums.add(paper)
        marks.append(paper.marks)
        passed += paper.passed
    bins = [0] * BINS
    for mark in marks:
        bins[min(mark // (100 * BIN), BINS - 1)] += 1
    return ExamNumbers(
        n=len(marks),
        mean=statistics.fmean(marks) / 100 if marks else None,
        median=statistics.median(marks) / 100 if marks else None,
        deviation=statistics.stdev(marks) / 100 if len(marks) > 1 else None,
        passed=passed,
        bins=tuple(bins),
        reliability=sums.reliability(),
        items=tuple(sums.item(question) for question in sums.questions()),
    )


def by_article(items: Iterable[ItemNumbers], questions: Mapping[str, Question]) -> tuple[ArticleNumbers, ...]:
    """The mean share of the marks by knowledge point, the weakest first. Questions no longer in the banks are left out."""
    counts: dict[str, int] = defaultdict(int)
    shares: dict[str, Fraction] = defaultdict(Fraction)
    for item in items:
        question = questions.get(item.question)
        if question is not None:
            article = question.kb.article if question.kb else ""
            counts[article] += item.n
            shares[article] += item.shares
    found = (
        ArticleNumbers(article, n, float(shares[article] / n) if n >= FEWEST else None) for article, n in counts.items()
    )
    return tuple(sorted(found, key=lambda row: (row.share is None, row.share or 0.0, row.article)))


def places_today(asked: Question, today: Question) -> tuple[int, ...]:
    """Where each choice of a question as it was asked stands today, by its words; beyond the last where it is none any more."""
    places = {fold(choice.text): place for place, choice in enumerate(today.choices)}
    gone = len(today.choices)
    return tuple(places.get(fold(choice.text), gone + place) for place, choice in enumerate(asked.choices))


# -- sums -----------------------------------------------------------------------------------------------------------

class _Moments:
    """Sums of one question's marks x and of the marks r of the rest of the paper."""

    __slots__ = ("n", "r", "rr", "x", "xr", "xx")

    def __init__(self) -> None:
        self.n = self.x = self.xx = self.r = self.rr = self.xr = 0

    def add(self, x: int, r: int) -> None:
        self.n += 1
        self.x += x
        self.xx += x * x
        self.r += r
        self.rr += r * r
        self.xr += x * r

    @property
    def spread(self) -> int:
        """n (n - 1) times the variance of x."""
        return spread(self.n, self.x, self.xx)

    def correlation(self) -> float | None:
        """Pearson's r of x and r; None when either does not vary."""
        both = self.spread * spread(self.n, self.r, self.rr)
        return max(-1.0, min(1.0, (self.n * self.xr - self.x * self.r) / math.sqrt(both))) if both else None


class _Sums:
    """What one pass over the papers leaves: nothing in here grows with their number but by new questions."""

    def __init__(self) -> None:
        self.papers = self.total = self.total_squared = 0
        self.moments: dict[str, _Moments] = {}
        self.shares: dict[str, dict[int, int]] = {}
        self.chosen: dict[str, dict[tuple[int, ...], list[int]]] = {}
        self.places = ByPlace()

    def add(self, paper: MarkedPaper) -> None:
        total = sum(item.earned for item in paper.items)
        self.papers += 1
        self.total += total
        self.total_squared += total * total
        for question, _, earned, possible, chosen in paper.items:
            if question not in self.moments:
                self.moments[question], self.shares[question], self.chosen[question] = _Moments(), {}, {}
            self.moments[question].add(earned, total - earned)
            shares = self.shares[question]
            shares[possible] = shares.get(possible, 0) + earned
            if chosen:
                picks = self.chosen[question].setdefault(chosen, [0, 0])
                picks[0] += 1
                picks[1] += total - earned
        self.places.add((section, possible, earned) for _, section, earned, possible, _ in paper.items)

    def questions(self) -> Iterable[str]:
        return sorted(self.moments)

    def item(self, question: str) -> ItemNumbers:
        moments = self.moments[question]
        worth = ((earned, possible) for possible, earned in self.shares[question].items() if possible)  # less than a hundredth
        shares = sum((Fraction(earned, possible) for earned, possible in worth), Fraction(0))
        if moments.n < FEWEST:
            return ItemNumbers(question, moments.n, shares, None, 0, {})
        picks: dict[int, list[int]] = {}
        for chosen, (count, rest) in self.chosen[question].items():
            for choice in chosen:
                sums = picks.setdefault(choice, [0, 0])
                sums[0] += count
                sums[1] += rest
        return ItemNumbers(
            question, moments.n, shares, moments.correlation(),
            answered=sum(count for count, _ in self.chosen[question].values()),
            picks={choice: Pick(count, rest / count / 100) for choice, (count, rest) in sorted(picks.items())},
        )

    def reliability(self) -> float | None:
        """Cronbach's alpha over the questions when all papers hold the same ones, else over the places of the papers."""
        if all(moments.n == self.papers for moments in self.moments.values()):
            spreads = [moments.spread for moments in self.moments.values()]
            return alpha(self.papers, spreads, spread(self.papers, self.total, self.total_squared))
        return self.places.alpha()
