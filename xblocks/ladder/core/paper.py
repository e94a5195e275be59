"""A paper: drawn from the banks by an exam's blueprint, and the answers given on it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.bank import Bank, Question, Type
from ladder.core.errors import Malformed, Refused
from ladder.core.exam import Exam, Row
from ladder.core.problems import Report, nearest

MAX_TEXT = 20_000


@dataclass(frozen=True)
class Item:
    """One question on a paper. `order` lists the author's choice indices in the order shown."""

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


# -- drawing --------------------------------------------------------------------------------------------------------


def check_supply(exam: Exam, banks: Mapping[str, Bank], articles: Collection[str], report: Report) -> None:
    """Whether the banks hold what the blueprint asks for; rows may compete for the same questions."""
    for row, drawn in zip(exam.rows, _deal(exam.rows, _supply(exam, banks)), strict=True):
        if row.bank not in banks:
            report.error("unknown-bank", *row.place("bank"), bank=row.bank, known=nearest(row.bank, banks))
        elif row.kb and row.kb not in articles:
            report.error("unknown-article", *row.place("kb"), id=row.kb, known=nearest(row.kb, articles))
        elif len(drawn) < row.count:
            report.error("short-supply", *row.place("count"), needed=row.count, found=len(drawn))


Supply = list[tuple[str, Question]]


def _supply(exam: Exam, banks: Mapping[str, Bank]) -> Supply:
    """Every question of the exam's banks, with its bank's id."""
    names = dict.fromkeys(row.bank for row in exam.rows if row.bank in banks)
    return [(name, question) for name in names for question in banks[name].questions]


def _deal(rows: Sequence[Row], supply: Supply) -> list[Supply]:
    """Deal questions to the rows they fit, as many as can be; what stands earlier in `supply` is dealt first.

    When a row is full, a question of it moves to another row that it fits (augmenting paths): rows that compete for the same
    questions come out short only when no dealing could fill them.
    """
    hands: list[Supply] = [[] for _ in rows]

    def deal(card: tuple[str, Question], tried: set[int]) -> bool:
        for index, row in enumerate(rows):
            if index in tried or row.bank != card[0] or not row.fits(card[1]):
                continue
            tried.add(index)
            full = len(hands[index]) == row.count
            moved = next((other for other in hands[index] if deal(other, tried)), None) if full else None
            if moved:
                hands[index].remove(moved)
            if len(hands[index]) < row.count:
                hands[index].append(card)
                return True
        return False

    for card in supply:
        deal(card, set())
    return hands


def draw_paper(exam: Exam, banks: Mapping[str, Bank], seed: str, seen: Collection[str] = ()) -> Paper:
    """Draw a paper. The same seed gives the same paper; questions not in `seen` come first."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, not secret: the seed is)
    supply = _supply(exam, banks)
    chance.shuffle(supply)
    supply.sort(key=lambda card: card[1].id in seen)
    hands = _deal(exam.rows, supply)
    if any(len(hand) < row.count for row, hand in zip(exam.rows, hands, strict=True)):
        raise Refused("This exam is not ready yet.")
    return Paper(tuple(_items(exam, hands, chance)))


def _items(exam: Exam, hands: Sequence[Supply], chance: random.Random) -> Iterable[Item]:
    """What was dealt, as it stands on the paper: shuffled, or row by row in the order of the bank."""
    dealt = iter(hands)
    for number, section in enumerate(exam.sections):
        part = []
        for row in section.rows:
            for _, question in sorted(next(dealt), key=lambda card: card[1].line):
                order = list(range(len(question.choices)))
                if exam.shuffle and not question.fixed:
                    chance.shuffle(order)
                part.append(Item(question.id, number, row.marks, tuple(order)))
        if exam.shuffle:
            chance.shuffle(part)
        yield from part


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
    length = len(question.blanks) or 1
    if len(value) != length or any(not isinstance(text, str) or len(text) > MAX_TEXT for text in value):
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
