"""A paper, and the answers given on it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ladder.core.blank import MAX_BLANK
from ladder.core.errors import Malformed
from ladder.core.question import Question, Type

MAX_TEXT = 20_000  # characters of a written answer


class Item(NamedTuple):
    """One question on a paper. `order` lists the author's choice indices in the order shown.

    A tuple, as every request makes a hundred of them: a frozen dataclass takes three times as long to make.
    """

    question: str
    section: int
    marks: Decimal
    order: tuple[int, ...]


@dataclass(frozen=True)
class Paper:
    """What one learner was given. Frozen at the start of the attempt."""

    items: tuple[Item, ...]

    def to_json(self) -> list[list[object]]:
        """As stored in the attempt: `[[question, section, marks, [order]], …]`."""
        return [[item.question, item.section, str(item.marks), list(item.order)] for item in self.items]

    @classmethod
    def from_json(cls, rows: Sequence[Sequence[object]]) -> Paper:
        """The stored form, back."""
        return cls(tuple(Item(str(q), int(str(s)), Decimal(str(m)), tuple(o)) for q, s, m, o in rows))  # type: ignore[arg-type]


# -- the order of choices -----------------------------------------------------------------------------------------


def order_of(question: Question, chance: random.Random) -> list[int]:
    """The choices shuffled; pinned ones keep their place."""
    loose = [place for place, choice in enumerate(question.choices) if not (question.fixed or choice.pinned)]
    order = list(range(len(question.choices)))
    for place, choice in zip(loose, chance.sample(loose, len(loose)), strict=True):
        order[place] = choice
    return order


def order_by(question: Question, seed: str) -> tuple[int, ...]:
    """The choices of one question shuffled by a seed; the same seed gives the same order."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, and no secret)
    return tuple(order_of(question, chance))


# -- answers --------------------------------------------------------------------------------------------------------

Answer = tuple[int, ...] | tuple[str, ...]


def read_answer(value: object, item: Item, question: Question) -> Answer:
    """An untrusted answer, typed. Choices arrive as positions on this paper and leave as the author's indices.

    Shapes: `[2]` or `[]` for one choice, `[0, 2]` for several, `["48", ""]` for blanks, `["text"]` for written answers.
    """
    if not isinstance(value, list):
        raise Malformed("answer")
    if question.choices:
        return _read_choices(value, item, question)
    length, most = (len(question.blanks), MAX_BLANK) if question.blanks else (1, MAX_TEXT)
    if len(value) != length or any(not isinstance(text, str) or len(text) > most for text in value):
        raise Malformed("answer")
    if any("\0" in text for text in value):
        raise Malformed("answer")
    return tuple(value)


def _read_choices(value: list[object], item: Item, question: Question) -> tuple[int, ...]:
    positions = [v for v in value if isinstance(v, int) and not isinstance(v, bool) and 0 <= v < len(item.order)]
    several = question.type is Type.MULTIPLE
    if len(positions) != len(value) or len(set(positions)) != len(positions) or (len(value) > 1 and not several):
        raise Malformed("answer")
    return tuple(sorted(item.order[position] for position in positions))


def shown_answer(answer: Answer | Sequence[object], item: Item) -> list[object]:
    """A stored answer as this paper's page knows it (the inverse of `read_answer`)."""
    if item.order:
        return [*sorted(item.order.index(int(str(choice))) for choice in answer)]
    return list(answer)


def is_answered(answer: Sequence[object] | None) -> bool:
    """Whether anything was chosen or written."""
    return bool(answer) and any(not isinstance(part, str) or part.strip() for part in answer or ())
