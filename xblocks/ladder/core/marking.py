"""Marking: what each answer on a paper earns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ladder.core.blank import count_filled
from ladder.core.paper import Paper, is_answered
from ladder.core.question import STAFF_MARKED, Question, Type

# What part marks are rounded to, as a share of a mark, and how: None for the nearest.
_ROUNDING: dict[str, tuple[Fraction, Callable[[Fraction], int] | None]] = {
    "exact": (Fraction(1, 100), None),
    "half": (Fraction(1, 2), None),
    "whole": (Fraction(1), None),
    "up": (Fraction(1), math.ceil),
    "down": (Fraction(1), math.floor),
}


class ItemResult(NamedTuple):
    """Marks of one question; None while a person has yet to mark it."""

    question: str
    earned: Decimal | None
    possible: Decimal


@dataclass(frozen=True)
class Result:
    """Marks of a paper, item by item in the paper's order."""

    items: tuple[ItemResult, ...]

    @property
    def pending(self) -> bool:
        """Whether something waits for a person's marks."""
        return any(item.earned is None for item in self.items)

    @property
    def marks(self) -> Decimal:
        """What has been earned so far, of 100."""
        return sum((item.earned for item in self.items if item.earned is not None), Decimal(0))


@dataclass(frozen=True)
class Rules:
    """How part marks are given.

    `multiple`, for some of the right choices and no wrong one: `all` nothing, `half` half the marks, `each` the share of the
    right ones, or a number of marks. `rounding` of part marks: `exact` to the hundredth, `half` to the nearest half, `whole`
    to the nearest whole, `up` or `down` to a whole mark. Of exact shares the sum is rounded, once: three thirds are the whole.
    """

    multiple: str = "all"
    rounding: str = "exact"


def grade(
    paper: Paper, questions: Mapping[str, Question], answers: Mapping[str, Sequence[object]], rules: Rules
) -> Result:
    """Mark a paper. `answers` are the stored answers by question id; what is not there earns nothing.

    The marks shown add up to the sum that the exact shares have: what rounding one of them has left goes on to the next.
    """
    items, left = [], Fraction(0)
    for item in paper.items:
        worth = _worth(questions[item.question], answers.get(item.question), item.marks, rules)
        if worth is None or isinstance(worth, Decimal):
            items.append(ItemResult(item.question, worth, item.marks))
            continue
        earned = _rounded(worth, item.marks, rules, left)
        if rules.rounding == "exact":
            left += worth - Fraction(earned)
        items.append(ItemResult(item.question, earned, item.marks))
    return Result(tuple(items))


def mark(question: Question, answer: Sequence[object] | None, possible: Decimal, rules: Rules) -> Decimal | None:
    """Marks for one answer by itself: full, part or none; None for what only a person may mark."""
    worth = _worth(question, answer, possible, rules)
    return _rounded(worth, possible, rules) if isinstance(worth, Fraction) else worth


def _worth(question: Question, answer: Sequence[object] | None, possible: Decimal, rules: Rules) -> Decimal | Fraction | None:
    """What an answer is worth: marks, or a share of them that has to be rounded yet."""
    if answer is None or not is_answered(answer):
        return Decimal(0)
    if question.type in STAFF_MARKED:
        return None
    if question.type is Type.BLANK:
        right, asked = count_filled(answer, question.blanks, any_order=question.any_order), len(question.blanks)
        return possible if right == asked else Fraction(possible) * right / asked
    if any(not isinstance(choice, int) for choice in answer):
        return Decimal(0)
    chosen, key = set(answer), set(question.key)
    if chosen == key:
        return possible
    if question.type is Type.MULTIPLE and chosen < key:
        return _some_right(possible, Fraction(len(chosen), len(key)), question.multiple or rules.multiple)
    return Decimal(0)


def _some_right(possible: Decimal, share: Fraction, rule: str) -> Decimal | Fraction:
    """Marks for a share of the right choices and no wrong one."""
    if rule == "all":
        return Decimal(0)
    if rule in ("half", "each"):
        return Fraction(possible) * (Fraction(1, 2) if rule == "half" else share)
    return min(Decimal(rule), possible)


def _rounded(share: Fraction, possible: Decimal, rules: Rules, left: Fraction = Fraction(0)) -> Decimal:
    """Part marks as the rules round them, with what rounding others has left."""
    unit, whole = _ROUNDING[rules.rounding]
    units = (share + left) / unit
    count = whole(units) if whole else math.floor(units + Fraction(1, 2))
    return min(possible, Decimal(int(max(count, 0) * unit * 100)) / 100)
