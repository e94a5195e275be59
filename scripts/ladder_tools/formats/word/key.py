"""Which choices of a Word file are shown as right, by a colour, a line, bold letters.

A mark means something only where it tells some choices of a question from the others. Where several do, the one counts that does
so most often in this document. Lines and bold letters are also used for stress: they count when they tell in a good part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ladder_tools.formats.word.lines import Line, stretches
from ladder_tools.formats.word.styles import Mark

Spans = tuple[tuple[int, int], ...]
_LABEL = re.compile(r"(?:^|(?<=[\s\u3000☐☑✓√✔]))[(（【\[]?\s?([A-Za-zＡ-Ｚ])\s?(?:[.、．,，:：。)）】\]]|(?=[\s\u3000]))")
_WIDE = re.compile(r"(?:\s{2}|\t)\Z")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("Ａ"), ord("Ｚ") + 1)}
_STRESS = frozenset((Mark.UNDERLINE, Mark.DOTS, Mark.BOLD))
_GOOD_PART = 1 / 3
_WHOLE = 0.8  # of a line: that is how the line looks, and no word in it
_MORE_THAN = 0.5  # of a choice must look marked: one word in bold is stress


@dataclass(frozen=True)
class _Choice:
    """Where a choice stands: its line, from its letter to its end, and which marks it has."""

    line: int
    start: int
    end: int
    marks: frozenset[Mark]


def marked_choices(lines: Sequence[Line]) -> list[Spans]:
    """Of each line, the stretches that are choices shown as right."""
    groups = list(_groups(lines))
    telling = [[mark for mark in Mark if 0 < sum(mark in choice.marks for choice in group) < len(group)] for group in groups]
    often = Counter(mark for marks in telling for mark in marks)
    meant = {mark for mark, times in often.items() if mark not in _STRESS or times >= _GOOD_PART * len(groups)}
    found: dict[int, list[tuple[int, int]]] = {choice.line: [] for group in groups for choice in group}
    for group, marks in zip(groups, telling, strict=True):
        # Of marks that tell equally often the first, the clearest.
        mark = max((mark for mark in marks if mark in meant), key=lambda mark: often[mark], default=None)
        for choice in group:
            if mark in choice.marks:
                found[choice.line].append((choice.start, choice.end))
    return [tuple(found[index]) if index in found else _filled_in(line) for index, line in enumerate(lines)]


def _filled_in(line: Line) -> Spans:
    """Where a part of a line is underlined, coloured or highlighted: words filled into a blank, if the line asks for such."""
    for mark in (Mark.UNDERLINE, Mark.COLOUR, Mark.HIGHLIGHT):
        spans = tuple((start, end) for start, end in stretches(line, mark) if line.text[start:end].strip(" \t\u3000＿"))
        if spans and sum(end - start for start, end in spans) < _WHOLE * len(line.text.strip()):
            return spans
    return ()


def _groups(lines: Sequence[Line]) -> Iterator[list[_Choice]]:
    """The choices of each question: letters that go on from A, or leave out one that stands below in the first of two columns."""
    group: list[_Choice] = []
    seen: set[int] = set()
    for index, line in enumerate(lines):
        starts: list[tuple[int, int]] = []
        for label in _LABEL.finditer(line.text):
            letter = ord(label[1].translate(_HALF_WIDTH).upper()) - ord("A")
            if letter == 0 and not starts:
                if len(group) > 1:
                    yield group
                group, seen = [], set()
            before = line.text[: label.start()]
            next_ = next(letter for letter in range(len(seen) + 1) if letter not in seen)
            beside = bool(starts) and (letter == next_ or (letter > next_ and _WIDE.search(before) is not None))
            if beside or (letter == next_ and not before.strip(" \t\u3000☐☑✓√✔")):
                starts.append((label.start(), label.end()))
                seen.add(letter)
        ends = [start for start, _ in starts[1:]] + [len(line.text)]
        group += [_choice(line, index, *start, end) for start, end in zip(starts, ends, strict=False)]
    if len(group) > 1:
        yield group


def _choice(line: Line, index: int, start: int, text: int, end: int) -> _Choice:
    """A choice with its marks: those of most of its words, or of its letter."""
    size = len(line.text[text:end].strip())
    seen: Counter[Mark] = Counter()
    lettered = set()
    for mark, first, last in line.marks:
        inside = line.text[max(first, text) : min(last, end)] if last > text and first < end else ""
        seen[mark] += len(inside.strip())
        if (first <= start < last) or (start < first < text):
            lettered.add(mark)
    marks = {mark for mark in Mark if (size and seen[mark] > size * _MORE_THAN) or mark in lettered}
    return _Choice(index, start, end, frozenset(marks))
