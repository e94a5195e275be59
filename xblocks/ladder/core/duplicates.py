"""Questions that are asked twice: the same, the same with another key, and nearly the same.

    found = find_duplicates([bank, other])
    for pair in found.conflicting:
        print(pair.first.question.id, pair.second.question.id)

Two questions are the same when their stems and their sets of choices read alike: width, case, spaces, punctuation, emphasis and
the order of the choices do not count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ladder.core.bank import Bank
from ladder.core.blank import fills, fold
from ladder.core.question import Question, Type

NEAR = 0.8
_GRAM = 3
_BLANK = re.compile(r"\{\{\d+\}\}")
_TRUE = ("正确", "对")
# Punctuation says nothing, but between digits (1.5, 9:00, 3-5), and a minus before a number.
_PUNCTUATION = r"[\-,.;:!?…—·~'\"“”‘’「」『』()\[\]{}【】〔〕《》〈〉、。_*`/\\]"
_SAYS_NOTHING = re.compile(rf"(?!(?<=\d){_PUNCTUATION}\d)(?!(?<![^\W_])-\d){_PUNCTUATION}")
# 一 alone is rather a word than a number: 哪一项.
_NUMBER = re.compile(r"\d+(?:[.:/]\d+)*|[零〇一二两三四五六七八九十百千万亿]{2,}|[二两三四五六七八九十百]")

Key = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Entry:
    """A question with its bank: which of those given, counted from 0."""

    bank: int
    question: Question


@dataclass(frozen=True)
class Pair:
    """Two questions, the earlier first, and how like they are, from 0 to 1."""

    first: Entry
    second: Entry
    likeness: float = 1.0


@dataclass(frozen=True)
class Duplicates:
    """What asks the same as earlier ones is paired with the first of them; of those nearly the same, one stands for all."""

    same: tuple[Pair, ...]
    conflicting: tuple[Pair, ...]
    near: tuple[Pair, ...]


def normal(text: str) -> str:
    """A text without what does not count when questions are compared; all of it where nothing else would be left."""
    folded = fold(text)
    return _SAYS_NOTHING.sub("", folded) or folded


def fingerprint(question: Question) -> str:
    """What a question asks, the same for two that ask the same: the stem, then the choices in an order of their own.

    Of a judgement only the stem counts, as its choices are always the same two. Blanks count by their places.
    """
    choices = ["judge"] if question.type is Type.JUDGE else sorted(normal(choice.text) for choice in question.choices)
    return "\n".join((_stem(question), *choices))


def _stem(question: Question) -> str:
    return "□".join(map(_part, _BLANK.split(question.stem))) if question.blanks else normal(question.stem)


def _part(text: str) -> str:
    return _SAYS_NOTHING.sub("", fold(text))


def same_stem(a: Question, b: Question) -> bool:
    """Whether two questions have the same stem, whatever their choices."""
    return _stem(a) == _stem(b)


def key_of(question: Question) -> Key:
    """The key in terms that do not depend on the order of the choices.

    Of choices one set, the right ones; of a judgement `{"对"}` or `{"错"}`; of blanks a set each, the answers accepted. Written
    answers have none: people mark them.
    """
    if question.type is Type.JUDGE:
        right = question.choices[question.key[0]].text
        return (frozenset({"对" if right in _TRUE else "错"}),)
    if question.choices:
        return (frozenset(normal(choice.text) for choice in question.choices if choice.correct),)
    return tuple(frozenset(map(normal, answers)) for answers in question.blanks)


def same_key(a: Question, b: Question) -> bool:
    """Whether two questions that ask the same have the same key. One blank may accept more answers than the other."""
    if not (a.blanks and b.blanks):
        return key_of(a) == key_of(b)
    if a.any_order or b.any_order:
        pairs = [(mine, theirs) for mine in a.blanks for theirs in b.blanks]
        met = [(mine, theirs) for mine, theirs in pairs if _meet(mine, theirs)]
        return {mine for mine, _ in met} == set(a.blanks) and {theirs for _, theirs in met} == set(b.blanks)
    return len(a.blanks) == len(b.blanks) and all(map(_meet, a.blanks, b.blanks))


def _meet(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether some answer is accepted for both blanks."""
    return bool(set(mine) & set(theirs)) or any(fills(answer, theirs) for answer in mine) or any(
        fills(answer, mine) for answer in theirs
    )


def likeness(a: Question, b: Question) -> float:
    """How much of their texts two questions share, from 0 to 1: Jaccard's measure of their runs of three characters."""
    return _likeness(_grams(a), _grams(b))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _grams(question: Question) -> frozenset[str]:
    """The runs of three characters of stem and choices; a shorter part is a run of its own."""
    parts = fingerprint(question).split("\n")
    if question.type is Type.JUDGE:
        parts = parts[:1]
    return frozenset(part[at : at + _GRAM] for part in parts for at in range(max(len(part) - _GRAM + 1, 1)))


def find_duplicates(banks: Iterable[Bank]) -> Duplicates:
    """The questions of all banks that ask what an earlier one asks."""
    first: dict[str, Entry] = {}
    same: list[Pair] = []
    conflicting: list[Pair] = []
    for number, bank in enumerate(banks):
        for question in bank.questions:
            entry = Entry(number, question)
            earlier = first.setdefault(fingerprint(question), entry)
            if earlier is not entry:
                pair = Pair(earlier, entry)
                (same if same_key(earlier.question, question) else conflicting).append(pair)
    return Duplicates(tuple(same), tuple(conflicting), tuple(_find_near(list(first.values()))))


def _find_near(entries: Sequence[Entry]) -> Iterator[Pair]:
    """Those at least `NEAR` like another that has the same stem, or the same key and the same numbers in its stem.

    What is like another in its words and has another key is rather a variant, written on purpose.
    """
    grams = [_grams(entry.question) for entry in entries]
    groups: dict[object, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        groups[_stem(entry.question)].append(number)
        groups[key_of(entry.question), tuple(_NUMBER.findall(fold(entry.question.stem)))].append(number)
    like: dict[int, tuple[int, float]] = {}
    for group in groups.values():
        for first, second, share in _join(group, grams) if len(group) > 1 else ():
            like.setdefault(second, (first, share))
    for second, (first, share) in sorted(like.items()):
        yield Pair(entries[first], entries[second], share)


def _join(group: Sequence[int], grams: Sequence[frozenset[str]]) -> Iterator[tuple[int, int, float]]:
    """Pairs of a group whose sets are like enough, by prefix filtering: the rarest few members of one meet those of the other.

    In the order of size the smaller set must share 2t/(1+t) of its members with any that comes after it, so fewer of its members
    need to be looked for (Xiao et al., Efficient Similarity Joins for Near Duplicate Detection, 2008).
    """
    often = Counter(gram for number in group for gram in grams[number])
    waiting: dict[str, list[int]] = defaultdict(list)
    for number in sorted(group, key=lambda number: len(grams[number])):
        rarest = sorted(grams[number], key=lambda gram: (often[gram], gram))
        met = {other for gram in rarest[: _spare(len(rarest), NEAR)] for other in waiting[gram]}
        best = max(((_likeness(grams[number], grams[other]), -other) for other in met), default=(0.0, 0))
        if best[0] >= NEAR:
            first, second = sorted((number, -best[1]))
            yield first, second, best[0]
        else:  # what is like another one is found by that one
            for gram in rarest[: _spare(len(rarest), 2 * NEAR / (1 + NEAR))]:
                waiting[gram].append(number)


def _spare(size: int, share: float) -> int:
    """How many members of a set may be missed by one that has the share of it, and one more."""
    return size - ceil(share * size - 1e-9) + 1
