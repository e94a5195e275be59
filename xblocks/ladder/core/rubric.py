"""Marking a written answer by its key points: which marks may be given, and which keywords an answer holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ladder.core.blank import fold
from ladder.core.errors import Malformed
from ladder.core.marks import plain
from ladder.core.question import KeyPoint

STEP = Decimal("0.5")
MAX_COMMENT = 2000
MAX_HITS = 100  # of one keyword: a marker who has seen so many needs no more


@dataclass(frozen=True)
class Hit:
    """A keyword found in an answer, at `text[start:end]`."""

    keyword: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def steps(possible: Decimal) -> tuple[str, ...]:
    """The marks that may be given for a key point, as texts: from 0 in halves up to all."""
    halves = [plain(STEP * number) for number in range(int(possible / STEP) + 1)]
    return tuple(dict.fromkeys([*halves, plain(possible)]))


def read_points(value: object, rubric: Sequence[KeyPoint]) -> tuple[str, ...]:
    """Untrusted marks of each key point, as texts; Malformed unless each is one of its steps."""
    points = read_draft(value, rubric)
    if None in points:
        raise Malformed("points")
    return tuple(str(point) for point in points)


def read_draft(value: object, rubric: Sequence[KeyPoint]) -> tuple[str | None, ...]:
    """The same while the marker is still at work: None where nothing is chosen yet."""
    if not isinstance(value, list) or len(value) != len(rubric):
        raise Malformed("points")
    for given, point in zip(value, rubric, strict=True):
        if given is not None and (not isinstance(given, str) or given not in steps(point.marks)):
            raise Malformed("points")
    return tuple(value)


def read_comment(value: object) -> str:
    """An untrusted comment without spaces at its ends."""
    if not isinstance(value, str) or len(value) > MAX_COMMENT or "\0" in value:
        raise Malformed("comment")
    return value.strip()


def total(points: Iterable[str]) -> Decimal:
    """What the key points add up to."""
    return sum((Decimal(point) for point in points), Decimal(0))


def hits(point: KeyPoint, text: str) -> tuple[Hit, ...]:
    """Where an answer holds the keywords of a key point; width, case and spaces do not count. A hint to the marker, no more."""
    folded, places = _folded(text)
    found = []
    for keyword in point.keywords:
        wanted = fold(keyword)
        at = folded.find(wanted) if wanted else -1
        for _ in range(MAX_HITS):
            if at < 0:
                break
            found.append(Hit(keyword, places[at], places[at + len(wanted) - 1] + 1))
            at = folded.find(wanted, at + len(wanted))
    return tuple(found)


@lru_cache(maxsize=64)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """A text folded, and where in the text each of its characters comes from."""
    pieces = [fold(char) for char in text]
    return "".join(pieces), tuple(place for place, piece in enumerate(pieces) for _ in piece)


def segments(text: str, found: Iterable[Hit]) -> list[tuple[str, bool]]:
    """The text cut where hits begin and end: pieces in order, and whether each is part of a hit."""
    hit = bytearray(len(text))
    for span in found:
        hit[span.start:span.end] = b"\1" * (span.end - span.start)
    pieces: list[tuple[str, bool]] = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hit[place] != hit[begin]:
            pieces.append((text[begin:place], bool(hit[begin])))
            begin = place
    return pieces
