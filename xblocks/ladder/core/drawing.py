"""Drawing papers: whether the banks hold what a blueprint asks for, and a paper of it for each learner.

What does not depend on the learner is worked out once per text, in a `Pool`. Questions that fit the same rows and are equally
difficult are of one kind: rows are dealt kinds, and only then it is drawn which questions of a kind they get. So what a paper
costs depends on how many questions it asks, not on how many the banks hold.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from ladder.core.bank import Bank
from ladder.core.duplicates import fingerprint
from ladder.core.errors import Refused
from ladder.core.exam import Exam, Row
from ladder.core.marks import plain
from ladder.core.paper import Item, Paper, order_of
from ladder.core.problems import Report, nearest
from ladder.core.question import STAFF_MARKED, Question

Part = tuple[int, int]  # a row's place in the blueprint, and how many questions the part asks for


@dataclass(frozen=True)
class Kind:
    """Questions that fit the same rows, by their places in the blueprint, and are equally difficult."""

    rows: tuple[int, ...]
    difficulty: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What may be drawn for an exam: the same for every learner.

    `levels`: how many questions of each difficulty each row draws. `parts` are the rows cut up by difficulty; `fitting` names,
    for each kind, the parts that it fits.
    """

    exam: Exam
    kinds: Sequence[Kind]
    levels: Sequence[Counter[int]]
    parts: Sequence[Part]
    fitting: Sequence[Sequence[int]]

    @property
    def short(self) -> Sequence[Row]:
        """The rows that the banks cannot fill."""
        return [row for row, drawn in zip(self.exam.rows, self.levels, strict=True) if drawn.total() < row.count]


class Dealing:
    """Places given to kinds of questions, as many as can be; what comes first keeps its place.

    When all places that a kind fits are taken, something of another kind moves to a part that it fits as well (augmenting paths):
    parts that compete for the same questions come out short only when no dealing could fill them. Which kinds have a place then
    depends on the order in which they came and on nothing else. For one question no part and no kind is looked at twice, and a
    kind for which there was no room is not tried again: there will be none.
    """

    def __init__(self, parts: Sequence[Part], fitting: Sequence[Sequence[int]]) -> None:
        self.parts, self.fitting = parts, fitting
        self.held: list[Counter[int]] = [Counter() for _ in parts]
        self.dealt: Counter[int] = Counter()
        self.room = [count for _, count in parts]
        self.missing = sum(self.room)
        self._no_room: set[int] = set()

    def hold(self, part: int, kind: int, number: int) -> None:
        """Begin with so many questions of a kind in a part."""
        self.held[part][kind] += number
        self.dealt[kind] += number
        self.room[part] -= number
        self.missing -= number

    def deal(self, kind: int) -> bool:
        """Find a place for one more question of a kind."""
        if kind in self._no_room:
            return False
        came_by: dict[int, tuple[int, int] | None] = dict.fromkeys(self.fitting[kind])
        waiting, tried = list(came_by), {kind}
        for part in waiting:
            if self.room[part]:
                self._move(part, kind, came_by)
                return True
            for other in [other for other, number in self.held[part].items() if number and other not in tried]:
                tried.add(other)
                for elsewhere in self.fitting[other]:
                    if elsewhere not in came_by:
                        came_by[elsewhere] = part, other
                        waiting.append(elsewhere)
        self._no_room.add(kind)
        return False

    def _move(self, part: int, kind: int, came_by: Mapping[int, tuple[int, int] | None]) -> None:
        """Fill the free place at the end of a way: what moves there leaves a place to what came before it on the way."""
        self.dealt[kind] += 1
        self.room[part] -= 1
        self.missing -= 1
        while (step := came_by[part]) is not None:
            before, moving = step
            self.held[part][moving] += 1
            self.held[before][moving] -= 1
            part = before
        self.held[part][kind] += 1


# -- what is the same for everybody ---------------------------------------------------------------------------------


def make_pool(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str]) -> Pool:
    """Everything about drawing that does not depend on the learner. `chapters` names the category of each article there is."""
    found: dict[tuple[tuple[int, ...], int], list[Question]] = {}
    order = []  # the kinds of the questions as the banks hold them
    for bank, question in _supply(exam, banks):
        rows = tuple(place for place, row in enumerate(exam.rows) if _may_have(row, bank, question, chapters))
        if rows:
            found.setdefault((rows, question.difficulty), []).append(question)
            order.append((rows, question.difficulty))
    kinds = tuple(Kind(rows, level, tuple(questions)) for (rows, level), questions in found.items())
    numbers = {key: number for number, key in enumerate(found)}
    levels = _levels(exam.rows, kinds, [numbers[key] for key in order])
    parts, fitting = _by_level(kinds, levels)
    return Pool(exam=exam, kinds=kinds, levels=levels, parts=parts, fitting=fitting)


def levels_drawn(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str]) -> Sequence[Counter[int]]:
    """How many questions of each difficulty each row draws.

    A row's count is shared out in the proportions of what fits it. Where rows that compete cannot all have their shares, the
    banks as they stand say what each gets instead: the same for everybody.
    """
    return make_pool(exam, banks, chapters).levels


def _supply(exam: Exam, banks: Mapping[str, Bank]) -> Iterator[tuple[str, Question]]:
    """Every question of the exam's banks, with its bank's id."""
    names = dict.fromkeys(row.bank for row in exam.rows if row.bank in banks)
    return ((name, question) for name in names for question in banks[name].questions)


def _may_have(row: Row, bank: str, question: Question, chapters: Mapping[str, str]) -> bool:
    return row.bank == bank and row.fits(question, chapters)


def _levels(rows: Sequence[Row], kinds: Sequence[Kind], order: Iterable[int]) -> list[Counter[int]]:
    """`levels_drawn`, of kinds that come in this order."""
    shares = [_shares(row.count, [kind for kind in kinds if place in kind.rows]) for place, row in enumerate(rows)]
    parts, fitting = _by_level(kinds, shares)
    dealing = Dealing(parts, fitting)
    left = [kind for kind in order if not (dealing.missing and dealing.deal(kind))]
    dealing = _freely(rows, kinds, parts, dealing.held)
    for kind in left if dealing.missing else ():
        dealing.deal(kind)
    levels: list[Counter[int]] = [Counter() for _ in rows]
    for counts, held in zip(levels, dealing.held, strict=True):
        for kind, number in (+held).items():
            counts[kinds[kind].difficulty] += number
    return levels


def _shares(count: int, fitting: Iterable[Kind]) -> Counter[int]:
    """A row's count by difficulty, in the proportions of what fits it (largest remainders; of equal ones the easier first)."""
    held = Counter[int]()
    for kind in fitting:
        held[kind.difficulty] += len(kind.questions)
    exact = {level: Fraction(count * number, held.total()) for level, number in held.items()}
    counts = Counter({level: int(share) for level, share in exact.items()})
    by_remainder = sorted(exact, key=lambda level: (counts[level] - exact[level], level))
    counts.update(by_remainder[: count - counts.total()])
    return counts


def _by_level(
    kinds: Sequence[Kind], levels: Sequence[Counter[int]]
) -> tuple[Sequence[Part], Sequence[Sequence[int]]]:
    """The rows cut up by difficulty, and the parts that each kind fits."""
    names = [(row, level) for row, counts in enumerate(levels) for level, count in sorted(counts.items()) if count]
    places = {name: part for part, name in enumerate(names)}
    fitting = [[places[row, kind.difficulty] for row in kind.rows if (row, kind.difficulty) in places] for kind in kinds]
    return [(row, levels[row][level]) for row, level in names], fitting


def _freely(
    rows: Sequence[Row], kinds: Sequence[Kind], parts: Sequence[Part], held: Sequence[Mapping[int, int]]
) -> Dealing:
    """A dealing to whole rows, whatever the difficulty, that goes on from what their parts hold."""
    dealing = Dealing([(place, row.count) for place, row in enumerate(rows)], [kind.rows for kind in kinds])
    for (row, _), kinds_held in zip(parts, held, strict=True):
        for kind, number in kinds_held.items():
            dealing.hold(row, kind, number)
    return dealing


# -- the check ------------------------------------------------------------------------------------------------------


def check_supply(pool: Pool, banks: Mapping[str, Bank], chapters: Mapping[str, str], report: Report) -> None:
    """Whether the banks hold what the blueprint asks for; rows may compete for the same questions.

    The pool was made of these banks and chapters.
    """
    for row, drawn in zip(pool.exam.rows, pool.levels, strict=True):
        if row.bank not in banks:
            report.error("unknown-bank", *row.place("bank"), bank=row.bank, known=nearest(row.bank, banks))
        elif row.kb and row.kb not in chapters:
            report.error("unknown-article", *row.place("kb"), id=row.kb, known=nearest(row.kb, chapters))
        elif row.chapter and row.chapter not in chapters.values():
            known = nearest(row.chapter, chapters.values())
            report.error("unknown-chapter", *row.place("chapter"), chapter=row.chapter, known=known)
        elif drawn.total() < row.count:
            report.error("short-supply", *row.place("count"), needed=row.count, found=drawn.total())
        else:
            _check_rubrics(row, banks[row.bank], chapters, report)
    _check_twins(pool.exam, banks, chapters, report)


def _check_rubrics(row: Row, bank: Bank, chapters: Mapping[str, str], report: Report) -> None:
    """A marker gives marks by key points: they must add up to what the row gives."""
    for question in bank.questions if row.type in STAFF_MARKED else ():
        worth = sum((point.marks for point in question.key_points), Decimal(0))
        if row.fits(question, chapters) and worth != row.marks:
            report.error("rubric-sum", *row.place("marks"), id=question.id, sum=plain(worth), marks=plain(row.marks))


def _check_twins(exam: Exam, banks: Mapping[str, Bank], chapters: Mapping[str, str], report: Report) -> None:
    """The same stem with the same choices must not meet itself on one paper."""
    first: dict[str, tuple[Question, set[Row]]] = {}
    for bank, question in _supply(exam, banks):
        rows = {row for row in exam.rows if _may_have(row, bank, question, chapters)}
        if not rows:
            continue
        other, others = first.setdefault(fingerprint(question), (question, rows))
        if other.id != question.id and sum(row.count for row in rows | others) > 1:
            place = min(rows, key=lambda row: row.line).place("bank")
            report.error("same-question", *place, id=question.id, other=other.id)


# -- for one learner ------------------------------------------------------------------------------------------------


def draw_paper(pool: Pool, seed: str, seen: Collection[str] = ()) -> Paper:
    """Draw a paper. The same seed gives the same paper.

    As few questions of `seen` as can be. Unless that takes others, each row draws as many questions of each difficulty as on
    everybody's paper (`levels_drawn`), so that no paper is harder than another; without `seen` it always does.
    """
    if pool.short:
        raise Refused("This exam is not ready yet.")
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 (repeatable, not secret: the seed is)
    stock = _stock(pool.kinds, frozenset(seen))
    dealing = _deal(pool, stock, chance)
    drawn = {kind: iter(chance.sample(stock[kind], number)) for kind, number in dealing.dealt.items()}
    hands: list[list[Question]] = [[] for _ in pool.exam.rows]
    for (row, _), held in zip(dealing.parts, dealing.held, strict=True):
        for kind, number in held.items():
            hands[row].extend(islice(drawn[kind], number))
    return Paper(tuple(_items(pool.exam, hands, chance)))


def _stock(kinds: Sequence[Kind], seen: Collection[str]) -> list[Sequence[Question]]:
    """The questions of each kind that were not seen, then those of each kind that were: these are as many kinds more."""
    if not seen:
        return [*(kind.questions for kind in kinds), *([()] * len(kinds))]
    unseen = [[question for question in kind.questions if question.id not in seen] for kind in kinds]
    return [*unseen, *([question for question in kind.questions if question.id in seen] for kind in kinds)]


def _deal(pool: Pool, stock: Sequence[Sequence[Question]], chance: random.Random) -> Dealing:
    """How many questions of each kind of `stock` each row gets."""
    evenly = Dealing(pool.parts, (*pool.fitting, *pool.fitting))
    _deal_by_chance(evenly, stock, chance)

    def seen(dealing: Dealing) -> int:
        return sum(number for kind, number in dealing.dealt.items() if kind >= len(pool.kinds))

    if not seen(evenly):
        return evenly
    unseen = [Counter({kind: number for kind, number in held.items() if kind < len(pool.kinds)}) for held in evenly.held]
    freely = _freely(pool.exam.rows, (*pool.kinds, *pool.kinds), pool.parts, unseen)
    _deal_by_chance(freely, stock, chance)
    return min(evenly, freely, key=seen)


def _deal_by_chance(dealing: Dealing, stock: Sequence[Sequence[Question]], chance: random.Random) -> None:
    """Deal what is left of the stock until no place is missing: in any order, each equally likely, but what was seen last."""
    unseen = len(stock) // 2
    for kinds in (range(unseen), range(unseen, len(stock))):
        left = {kind: len(stock[kind]) - dealing.dealt[kind] for kind in kinds if stock[kind]}
        while dealing.missing and any(left.values()):
            [kind] = chance.choices([*left], [*left.values()])
            if dealing.deal(kind):
                left[kind] -= 1
            else:
                del left[kind]  # nor is there room for another of them


def _items(exam: Exam, hands: Iterable[Iterable[Question]], chance: random.Random) -> Iterator[Item]:
    """What was dealt, as it stands on the paper: shuffled, or row by row in the order of the bank."""
    dealt = iter(hands)
    for number, section in enumerate(exam.sections):
        part = []
        for row in section.rows:
            for question in sorted(next(dealt), key=lambda question: question.line):
                order = order_of(question, chance) if exam.shuffle else range(len(question.choices))
                part.append(Item(question.id, number, row.marks, tuple(order)))
        if exam.shuffle:
            chance.shuffle(part)
        yield from part
