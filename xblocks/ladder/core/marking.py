"""Marking: what each answer on a paper earns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ladder.core.bank import STAFF_MARKED, Question, Type, fold
from ladder.core.paper import Paper


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


def grade(
    paper: Paper, questions: Mapping[str, Question], answers: Mapping[str, Sequence[object]], multiple: str
) -> Result:
    """Mark a paper. `answers` are the stored answers by question id; what is not there earns nothing."""
    return Result(tuple(
        ItemResult(item.question, mark(questions[item.question], answers.get(item.question), item.marks, multiple), item.marks)
        for item in paper.items
    ))


def mark(question: Question, answer: Sequence[object] | None, possible: Decimal, multiple: str) -> Decimal | None:
    """Marks for one answer: full, part or none; None for what only a person may mark."""
    if question.type in STAFF_MARKED:
        return None
    if not answer:
        return Decimal(0)
    if question.type is Type.BLANK:
        right = sum(_fills(text, accepted) for text, accepted in zip(answer, question.blanks, strict=True))
        return _share(possible, right, len(question.blanks))
    chosen, key = set(answer), set(question.key)
    if chosen == key:
        return possible
    if multiple == "half" and question.type is Type.MULTIPLE and chosen < key:
        return _share(possible, 1, 2)
    return Decimal(0)


def _share(possible: Decimal, right: int, parts: int) -> Decimal:
    """Part of the marks, to the hundredth; all parts right earn all marks, whatever their decimals."""
    return min(possible, (possible * right / parts).quantize(Decimal("0.01"), ROUND_HALF_UP)) if right < parts else possible


def _fills(text: object, accepted: Iterable[str]) -> bool:
    return fold(str(text)) in {fold(answer) for answer in accepted}
