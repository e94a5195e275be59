"""What a bank gives away as a whole: letters, lengths and words that go with the right answer more often than chance.

Each test asks how likely so many hits, or more, are if nothing but chance decides. What is both unlikely and large is told.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ladder.core.bank import Bank
from ladder.core.document import Place
from ladder.core.duplicates import key_of, normal
from ladder.core.problems import Report
from ladder.core.question import Question, Type, speaks_of_others

UNLIKELY = 0.01
_LARGE = 1.5  # times what chance would give
_FEWEST = 8  # questions: fewer say nothing about an author's habits
_EXACT = 200
_ABSOLUTE = re.compile(
    r"一定|必须|必定|绝对|从不|从来|永远|所有|任何|全部|完全|一律|总是|\b(?:always|never|all|none|every|must|only)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hits:
    """How often something went with the right answer, and the chance it had each time."""

    hits: int
    chances: tuple[float, ...]

    @property
    def expected(self) -> float:
        """How many hits chance would give on average."""
        return sum(self.chances)

    def is_often(self, tests: int = 1) -> bool:
        """Whether there are far more hits than chance would give; the more is tested at once, the less likely it must be."""
        large = len(self.chances) >= _FEWEST and self.hits >= _LARGE * self.expected
        return large and at_least(self.hits, self.chances) < UNLIKELY / tests

    def is_seldom(self, tests: int = 1) -> bool:
        """Whether there are far fewer hits than chance would give."""
        large = len(self.chances) >= _FEWEST and self.hits * _LARGE <= self.expected
        misses, chances = len(self.chances) - self.hits, [1 - chance for chance in self.chances]
        return large and at_least(misses, chances) < UNLIKELY / tests


def at_least(hits: int, chances: Sequence[float]) -> float:
    """The probability of at least so many hits in tries that each have their chance.

    Exact up to 200 tries, beyond that by the normal distribution.
    """
    if len(chances) > _EXACT:
        spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
        return 0.5 * math.erfc((hits - 0.5 - sum(chances)) / (spread * math.sqrt(2)))
    exactly = [1.0]
    for chance in chances:
        exactly = [
            stay * (1 - chance) + come * chance for stay, come in zip([*exactly, 0.0], [0.0, *exactly], strict=True)
        ]
    return sum(exactly[hits:])


def letters(bank: Bank) -> dict[int, Counter[int]]:
    """By number of choices: how many single choice questions have their key at each place of the author's order, from 0."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for question in _singles(bank):
        found[len(question.choices)][question.key[0]] += 1
    return dict(found)


def judgements(bank: Bank) -> Counter[str]:
    """How many judgements are right (`对`) and wrong (`错`)."""
    return Counter(min(key_of(question)[0]) for question in bank.questions if question.type is Type.JUDGE)


def longest(bank: Bank) -> Hits:
    """How often the longest choice is the right one, among single choice questions that have one longest choice."""
    hits, chances = 0, []
    for question in _singles(bank):
        sizes = [len(normal(choice.text)) for choice in question.choices]
        if sizes.count(max(sizes)) == 1:
            hits += question.choices[sizes.index(max(sizes))].correct
            chances.append(1 / len(sizes))
    return Hits(hits, tuple(chances))


def absolute(bank: Bank) -> Hits:
    """How often a choice that speaks in absolute words (必须, 所有, never) is right."""
    found = [
        (choice.correct, 1 / len(question.choices))
        for question in _singles(bank) for choice in question.choices if _ABSOLUTE.search(choice.text)
    ]
    return Hits(sum(correct for correct, _ in found), tuple(chance for _, chance in found))


def of_the_others(bank: Bank) -> Hits:
    """How often a choice that speaks of the others (以上都对) is right."""
    found = [
        (choice.correct, 1 / len(question.choices))
        for question in _singles(bank) for choice in question.choices if speaks_of_others(choice.text)
    ]
    return Hits(sum(correct for correct, _ in found), tuple(chance for _, chance in found))


def _singles(bank: Bank) -> Iterator[Question]:
    return (question for question in bank.questions if question.type is Type.SINGLE)


def check_bias(bank: Bank, place: Place, report: Report) -> None:
    """Report, at the place given, what the bank gives away."""
    at = (place.line, place.column, place.length)
    for choices, counts in letters(bank).items():
        _check_letters(choices, counts, at, report)
    _check_judgements(judgements(bank), at, report)
    for code, hits, is_told in (
        ("longest-right", longest(bank), Hits.is_often),
        ("others-right", of_the_others(bank), Hits.is_often),
        ("absolute-wrong", absolute(bank), Hits.is_seldom),
    ):
        if is_told(hits):
            report.warning(code, *at, hits=hits.hits, of=len(hits.chances), expected=_rounded(hits.expected))


def _check_letters(choices: int, counts: Counter[int], at: tuple[int, int, int], report: Report) -> None:
    """One warning at most, for the letter that is furthest from its share."""
    total, tests = counts.total(), 2 * choices
    share = total / choices
    tested = [(place, Hits(counts[place], (1 / choices,) * total)) for place in range(choices)]
    odd = [place for place, hits in tested if hits.is_often(tests) or hits.is_seldom(tests)]
    if odd:
        worst = max(odd, key=lambda place: abs(counts[place] - share))
        shown = " ".join(f"{_letter(place)} {counts[place]}" for place in range(choices))
        report.warning("letters-unbalanced", *at, letter=_letter(worst), hits=counts[worst], of=total, choices=choices,
                       expected=_rounded(share), counts=shown)


def _check_judgements(counts: Counter[str], at: tuple[int, int, int], report: Report) -> None:
    total = counts.total()
    word, hits = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if Hits(hits, (0.5,) * total).is_often(2):
        report.warning("judgements-unbalanced", *at, word=word, hits=hits, of=total)


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _rounded(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
