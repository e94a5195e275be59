"""A paper: drawn from the banks by an exam's blueprint, and the answers given on it."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from ladder.core.bank import Bank
from ladder.core.blank import MAX_BLANK
from ladder.core.duplicates import fingerprint
from ladder.core.errors import Malformed, Refused
from ladder.core.exam import Exam, Row
from ladder.core.marks import plain
from ladder.core.problems import Report, nearest
from ladder.core.question import STAFF_MARKED, Question, Type

MAX_TEXT = 20_000  # characters of a written answer


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


def check_supply(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str], report: Report) -> None:
    """Whether the banks hold what the blueprint asks for; rows may compete for the same questions.

    `chapters` names the category of each article there is.
    """
    supply = _supply(exam, banks)
    for row, drawn in zip(exam.rows, _deal(exam.rows, supply, chapters), strict=True):
        if row.bank not in banks:
            report.error("unknown-bank", *row.place("bank"), bank=row.bank, known=nearest(row.bank, banks))
        elif row.kb and row.kb not in chapters:
            report.error("unknown-article", *row.place("kb"), id=row.kb, known=nearest(row.kb, chapters))
        elif row.chapter and row.chapter not in chapters.values():
            known = nearest(row.chapter, chapters.values())
            report.error("unknown-chapter", *row.place("chapter"), chapter=row.chapter, known=known)
        elif len(drawn) < row.count:
            report.error("short-supply", *row.place("count"), needed=row.count, found=len(drawn))
        else:
            _check_rubrics(row, banks[row.bank], chapters, report)
    _check_twins(exam, supply, chapters, report)


def _check_rubrics(row: Row, bank: Bank, chapters: Mapping[str, str], report: Report) -> None:
    """A marker gives marks by key points: they must add up to what the row gives."""
    for question in bank.questions if row.type in STAFF_MARKED else ():
        worth = sum((point.marks for point in question.key_points), Decimal(0))
        if row.fits(question, chapters) and worth != row.marks:
            report.error("rubric-sum", *row.place("marks"), id=question.id, sum=plain(worth), marks=plain(row.marks))


def _check_twins(exam: Exam, supply: Supply, chapters: Mapping[str, str], report: Report) -> None:
    """The same stem with the same choices must not meet itself on one paper."""
    first: dict[str, tuple[Question, set[Row]]] = {}
    for card in supply:
        question, rows = card[1], {row for row in exam.rows if _may_have(row, card, chapters)}
        if not rows:
            continue
        other, others = first.setdefault(fingerprint(question), (question, rows))
        if other.id != question.id and sum(row.count for row in rows | others) > 1:
            place = min(rows, key=lambda row: row.line).place("bank")
            report.error("same-question", *place, id=question.id, other=other.id)


Supply = list[tuple[str, Question]]


def _supply(exam: Exam, banks: Mapping[str, Bank]) -> Supply:
    """Every question of the exam's banks, with its bank's id."""
    names = dict.fromkeys(row.bank for row in exam.rows if row.bank in banks)
    return [(name, question) for name in names for question in banks[name].questions]


def _deal(rows: Sequence[Row], supply: Supply, chapters: Mapping[str, str], begun: Sequence[Supply] = ()) -> list[Supply]:
    """Deal questions to the rows they fit, as many as can be; what stands earlier in `supply` is dealt first.

    When a row is full, a question of it moves to another row that it fits (augmenting paths): rows that compete for the same
    questions come out short only when no dealing could fill them. `begun`: hands to go on from; whatever they hold stays dealt.
    """
    hands = [list(hand) for hand in begun] or [[] for _ in rows]
    dealt = {card[1].id for hand in hands for card in hand}
    missing = sum(row.count for row in rows) - len(dealt)

    def deal(card: tuple[str, Question], tried: set[int]) -> bool:
        for index, row in enumerate(rows):
            if index in tried or not _may_have(row, card, chapters):
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
        if missing and card[1].id not in dealt and deal(card, set()):
            missing -= 1
    return hands


def _may_have(row: Row, card: tuple[str, Question], chapters: Mapping[str, str]) -> bool:
    return row.bank == card[0] and row.fits(card[1], chapters)


def draw_paper(
    exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str], seed: str, seen: Collection[str] = ()
) -> Paper:
    """Draw a paper. The same seed gives the same paper.

    As few questions of `seen` as can be. Unless that takes others, each row draws as many questions of each difficulty as on
    everybody's paper (`levels_drawn`), so that no paper is harder than another; without `seen` it always does.
    """
    levels = levels_drawn(exam, banks, chapters)
    if any(drawn.total() < row.count for row, drawn in zip(exam.rows, levels, strict=True)):
        raise Refused("This exam is not ready yet.")
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, not secret: the seed is)
    supply = _supply(exam, banks)
    chance.shuffle(supply)
    supply.sort(key=lambda card: card[1].id in seen)
    hands = _deal_by_level(exam.rows, levels, supply, chapters)
    if seen:
        unseen = [[card for card in hand if card[1].id not in seen] for hand in hands]
        freely = _deal(exam.rows, supply, chapters, unseen)
        hands = min(hands, freely, key=lambda dealt: sum(card[1].id in seen for hand in dealt for card in hand))
    return Paper(tuple(_items(exam, hands, chance)))


def levels_drawn(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str]) -> list[Counter[int]]:
    """How many questions of each difficulty each row draws.

    A row's count is shared out in the proportions of what fits it. Where rows that compete cannot all have their shares, the
    banks as they stand say what each gets instead: the same for everybody.
    """
    supply = _supply(exam, banks)
    shares = [_shares(row, [card[1] for card in supply if _may_have(row, card, chapters)]) for row in exam.rows]
    hands = _deal_by_level(exam.rows, shares, supply, chapters)
    if any(len(hand) < row.count for row, hand in zip(exam.rows, hands, strict=True)):
        hands = _deal(exam.rows, supply, chapters, hands)
    return [Counter(card[1].difficulty for card in hand) for hand in hands]


def _shares(row: Row, fitting: Collection[Question]) -> Counter[int]:
    """A row's count by difficulty, in the proportions of what fits it (largest remainders; of equal ones the easier first)."""
    held = Counter(question.difficulty for question in fitting)
    exact = {level: Fraction(row.count * number, held.total()) for level, number in held.items()}
    counts = Counter({level: int(share) for level, share in exact.items()})
    by_remainder = sorted(exact, key=lambda level: (counts[level] - exact[level], level))
    counts.update(by_remainder[: row.count - counts.total()])
    return counts


def _deal_by_level(
    rows: Sequence[Row], levels: Sequence[Counter[int]], supply: Supply, chapters: Mapping[str, str]
) -> list[Supply]:
    """Deal so many questions of each difficulty to each row, or as many as can be."""
    parts = [
        (place, replace(row, low=level, high=level, count=count))
        for place, row in enumerate(rows) for level, count in sorted(levels[place].items()) if count
    ]
    hands: list[Supply] = [[] for _ in rows]
    for (place, _), dealt in zip(parts, _deal([part for _, part in parts], supply, chapters), strict=True):
        hands[place] += dealt
    return hands


def _items(exam: Exam, hands: Sequence[Supply], chance: random.Random) -> Iterable[Item]:
    """What was dealt, as it stands on the paper: shuffled, or row by row in the order of the bank."""
    dealt = iter(hands)
    for number, section in enumerate(exam.sections):
        part = []
        for row in section.rows:
            for _, question in sorted(next(dealt), key=lambda card: card[1].line):
                order = _order(question, chance) if exam.shuffle else range(len(question.choices))
                part.append(Item(question.id, number, row.marks, tuple(order)))
        if exam.shuffle:
            chance.shuffle(part)
        yield from part


def _order(question: Question, chance: random.Random) -> list[int]:
    """The choices shuffled; pinned ones keep their place."""
    loose = [place for place, choice in enumerate(question.choices) if not (question.fixed or choice.pinned)]
    order = list(range(len(question.choices)))
    for place, choice in zip(loose, chance.sample(loose, len(loose)), strict=True):
        order[place] = choice
    return order


def order_by(question: Question, seed: str) -> tuple[int, ...]:
    """The choices of one question shuffled by a seed; the same seed gives the same order."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, and no secret)
    return tuple(_order(question, chance))


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
