"""Marking: what each answer on a paper earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from ladder.core.blank import count_filled
from ladder.core.paper import Paper, is_answered
from ladder.core.question import STAFF_MARKED, Question, Type

_ROUNDING = {
    "exact": (Decimal("0.01"), ROUND_HALF_UP),
    "half": (Decimal("0.5"), ROUND_HALF_UP),
    "whole": (Decimal(1), ROUND_HALF_UP),
    "up": (Decimal(1), ROUND_CEILING),
    "down": (Decimal(1), ROUND_FLOOR),
}


@dataclass(frozen=True)
class ItemResult:
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
    to the nearest whole, `up` or `down` to a whole mark.
    """

    multiple: str = "all"
    rounding: str = "exact"


def grade(
    paper: Paper, questions: Mapping[str, Question], answers: Mapping[str, Sequence[object]], rules: Rules
) -> Result:
    """Mark a paper. `answers` are the stored answers by question id; what is not there earns nothing."""
    return Result(tuple(
        ItemResult(item.question, mark(questions[item.question], answers.get(item.question), item.marks, rules), item.marks)
        for item in paper.items
    ))


def mark(question: Question, answer: Sequence[object] | None, possible: Decimal, rules: Rules) -> Decimal | None:
    """Marks for one answer: full, part or none; None for what only a person may mark."""
    if not is_answered(answer):
        return Decimal(0)
    if question.type in STAFF_MARKED:
        return None
    assert answer is not None
    if question.type is Type.BLANK:
        right = count_filled(answer, question.blanks, any_order=question.any_order)
        return _part(possible, Fraction(right, len(question.blanks)), rules.rounding)
    chosen, key = set(answer), set(question.key)
    if chosen == key:
        return possible
    if question.type is Type.MULTIPLE and chosen < key:
        return _some_right(possible, len(chosen), len(key), question.multiple or rules.multiple, rules.rounding)
    return Decimal(0)


def _some_right(possible: Decimal, chosen: int, right: int, rule: str, rounding: str) -> Decimal:
    """Marks for some of the right choices and no wrong one."""
    if rule == "all":
        return Decimal(0)
    if rule in ("half", "each"):
        return _part(possible, Fraction(1, 2) if rule == "half" else Fraction(chosen, right), rounding)
    return min(Decimal(rule), possible)


def _part(possible: Decimal, share: Fraction, rounding: str) -> Decimal:
    """A share of the marks, rounded; all is all, whatever its decimals."""
    if share == 1:
        return possible
    unit, mode = _ROUNDING[rounding]
    exact = possible * share.numerator / share.denominator
    return min(possible, (exact / unit).quantize(Decimal(1), mode) * unit)
