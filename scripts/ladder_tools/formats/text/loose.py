"""Choices whose letters have no sign after them. They are choices only together: one alone, or two in a sentence, are words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ladder_tools.formats.text import words

# So much space makes choices of two letters on a line; three of them, or two with others on the next line, need less.
_SPACE = re.compile(r"\s+")
_WIDE = re.compile(r"(?:\s{2,}|\t)\Z")
# Where choices may begin behind a stem, how they look there, and how many there must be.
_BEHIND = (
    (words.SPACED_INSIDE, words.SPACED_CHOICE, 2), (words.TIGHT_INSIDE, words.TIGHT_CHOICE, 3),
    (words.SMALL_INSIDE, words.SMALL_CHOICE, 3), (words.BOXED_INSIDE, words.BOXED_INSIDE, 2),
)
_PLACES = 20  # on one line are looked at for them


def loose_choices(halves: Sequence[str]) -> dict[int, tuple[re.Match[str], ...]]:
    """By row, the choices that begin with a letter and no sign, or with a box: when the next letter or box follows."""
    found: dict[int, tuple[re.Match[str], ...]] = {}
    rows = [(index, half) for index, half in enumerate(halves) if half.strip()]
    for pattern in (words.LOOSE_CHOICE, words.BOXED_CHOICE):
        run: list[tuple[int, int, tuple[re.Match[str], ...]]] = []
        for place, (index, half) in enumerate(rows):
            match = pattern.match(half)
            if match is None:
                continue
            if not _follows(run, place, match):
                _keep(found, _choices_of(run, halves))
                run = []
            if run or _follows(run, place, match):
                after = rows[place + 1][1] if place + 1 < len(rows) else ""
                beside = choices_beside(match, half, after, among=bool(run) and len(run[-1][2]) > 1)
                run.append((place, index, beside))
        _keep(found, _choices_of(run, halves))
    return found


def _keep(found: dict[int, tuple[re.Match[str], ...]], more: dict[int, tuple[re.Match[str], ...]]) -> None:
    """Rows of boxes are that rather than rows of letters, unless one has more letters: √A甲 √B乙 C丙."""
    found |= {index: choices for index, choices in more.items() if len(choices) >= len(found.get(index, ()))}


def choices_beside(first: re.Match[str], half: str, after: str, *, among: bool = False) -> tuple[re.Match[str], ...]:
    """A choice and those beside it on its line, written as it is.

    `after` is the next line. `among`: choices stand beside each other on the line before.
    """
    if not letter_of(first):
        return (first, *words.BOXED_INSIDE.finditer(half, first.end()))
    bare, small = first[0].rstrip()[-1:].isalpha(), letter_of(first).islower()
    if not bare and not small:
        return (first,)
    next_row = words.LOOSE_CHOICE.match(after)
    below = letter_of(next_row) if next_row else ""
    found, wide = [first], True
    pattern = words.SMALL_CHOICE if not bare else words.SPACED_CHOICE if first[0][-1:].isspace() else words.TIGHT_CHOICE
    letter = chr(ord(letter_of(first)) + 1)
    for match in _with_own_boxes(pattern, half, first):
        if letter == below:
            break
        if letter_of(match) != letter:
            continue
        between = half[found[-1].end() : match.start()]
        if between.strip():
            found.append(match)
            letter = chr(ord(letter) + 1)
            wide = wide and _WIDE.search(between) is not None
    goes_on = below == chr(ord(letter_of(found[-1])) + 1)
    return tuple(found) if wide or goes_on or among or not bare or len(found) > 2 else (first,)


def _with_own_boxes(pattern: re.Pattern[str], half: str, first: re.Match[str]) -> Iterator[re.Match[str]]:
    """The choices behind the first. A tick with space behind it belongs to the words in front, unless the first has one too."""
    for match in pattern.finditer(half, first.end()):
        space = _SPACE.match(half, match.end("box")) if match["box"] and not first["box"] else None
        own = pattern.match(half, space.end()) if space else match
        if own:
            yield own


def choices_behind(half: str, start: int, after: str) -> tuple[re.Match[str], ...]:
    """The choices of this kind behind a stem on its line: after the end of a sentence or wide space."""
    below = words.LOOSE_CHOICE.match(after) or words.CHOICE.match(after)
    for inside, pattern, least in _BEHIND[: 1 if below and letter_of(below) in "Aa" else None]:
        for place in islice(inside.finditer(half, start), _PLACES):
            first = pattern.match(half, place.start() if pattern is words.BOXED_INSIDE else place.end())
            found = choices_beside(first, half, after) if first else ()
            if len(found) >= least:
                return found
    return ()


def _choices_of(
    run: Sequence[tuple[int, int, tuple[re.Match[str], ...]]], halves: Sequence[str]
) -> dict[int, tuple[re.Match[str], ...]]:
    """The choices of a run; one alone is none, and those with a sign after the letter need no others."""
    several = sum(len(choices) for _, _, choices in run) > 1
    return {index: choices for _, index, choices in run if several and not words.CHOICE.match(halves[index])}


def _follows(run: Sequence[tuple[int, int, tuple[re.Match[str], ...]]], place: int, match: re.Match[str]) -> bool:
    """Whether a row goes on with a run of choices: the next letter, at most one row further on."""
    letter = letter_of(match)
    if not run:
        return letter in ("", "A", "a")
    last_place, _, choices = run[-1]
    return place - last_place <= 2 and (not letter or letter == chr(ord(letter_of(choices[-1])) + 1))


def letter_of(match: re.Match[str]) -> str:
    """The letter of a choice; `""` for a box without one."""
    groups = match.groupdict()
    return groups.get("a") or groups.get("b") or groups.get("c") or ""
