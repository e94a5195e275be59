"""Word's automatic numbers, as they are shown. Word keeps them out of the text, and counts them when it draws a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from ladder_tools.formats.word.parts import W, number_of, value_of
from ladder_tools.formats.word.styles import ListPlace, Styles

LEVELS = 9
_MANY = 9999  # past this every format counts in plain digits
_LONG = 60  # characters of a number; what is longer is none
_DIGITS = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)


def _letters(number: int) -> str:
    """A to Z, then AA, BB, CC, as Word counts."""
    return str(number) if number > 26 * 9 else chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


def chinese(number: int) -> str:
    """一, 十, 十一, 二十, 一百零五: from 1 to 9999."""
    text, skipped = "", False
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            text += ("零" if skipped and text else "") + _DIGITS[digit] + sign
        skipped = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _circled(number: int) -> str:
    for first, last, sign in ((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")):
        if first <= number <= last:
            return chr(ord(sign) + number - first)
    return str(number)


def _enclosed(first: str) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _enclosed("⑴"),
    "decimalEnclosedFullstop": _enclosed("⒈"),
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand"),
        chinese,
    ),
}


def shown(number: int, number_format: str) -> str:
    """A number in one of Word's formats; formats we do not know are counted in digits."""
    write = _FORMATS.get(number_format, str)
    return write(number) if 1 <= number <= _MANY else str(number)


@dataclass(frozen=True)
class Level:
    """One level of a list. `text` has `%1` to `%9` where the numbers of the levels go; `space` is what follows it.

    `legal`: all levels are shown in digits here.
    """

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    space: str = " "
    restarts: bool = True
    legal: bool = False


@dataclass
class _List:
    """A list as paragraphs point to it: its levels, the counters it shares with others, and where it starts anew."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document, with their counters. Ask for the labels in the order of the paragraphs."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._seen: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        abstract = {value_of(node, "abstractNumId"): node for node in root.iterchildren(W + "abstractNum")}
        named = {value_of(node.find(W + "styleLink")): key for key, node in abstract.items()}
        levels = {key: dict(_levels(node)) for key, node in abstract.items()}
        for node in root.iterchildren(W + "num"):
            key = value_of(node.find(W + "abstractNumId"))
            link = abstract[key].find(W + "numStyleLink") if key in abstract else None
            key = named.get(value_of(link), key) if link is not None else key
            list_ = _List(key, dict(levels.get(key, {})))
            for override in node.iterchildren(W + "lvlOverride"):
                list_.levels |= dict(_levels(override))
                start = override.find(W + "startOverride")
                if start is not None:
                    list_.starts[number_of(override.get(W + "ilvl"))] = number_of(value_of(start), 1)
            self._lists[node.get(W + "numId", "")] = list_

    def label(self, place: ListPlace | None) -> str:
        """The number in front of a paragraph, with the space after it; empty for none and for bullets."""
        list_ = self._lists.get(place.list_id) if place else None
        if place is None or list_ is None:
            return ""
        depth = place.level if place.level in list_.levels else 0
        level = list_.levels.get(depth)
        if level is None:
            return ""
        counters = self._counters.setdefault(list_.abstract, {})
        self._count(place.list_id, list_, depth, counters)
        if level.number_format in ("bullet", "none") or not level.text:
            return ""
        text = re.sub(r"%([1-9])", lambda sign: _part(list_, int(sign[1]) - 1, counters, level.legal), level.text)
        return text + level.space

    def _count(self, list_id: str, list_: _List, depth: int, counters: dict[int, int]) -> None:
        for upper in range(depth):  # levels that have not been seen yet stand at their start
            counters.setdefault(upper, list_.levels.get(upper, Level()).start)
        start = list_.starts.get(depth)
        if start is not None and (list_id, depth) not in self._seen:
            counters[depth] = start
        else:
            counters[depth] = counters[depth] + 1 if depth in counters else start or list_.levels[depth].start
        self._seen.add((list_id, depth))
        for lower in range(depth + 1, LEVELS):
            if list_.levels.get(lower, Level()).restarts:
                counters.pop(lower, None)


def _part(list_: _List, depth: int, counters: dict[int, int], legal: bool) -> str:
    level = list_.levels.get(depth, Level())
    return shown(counters.get(depth, level.start), "decimal" if legal else level.number_format)


def _levels(parent: etree._Element) -> Iterator[tuple[int, Level]]:
    for node in parent.iterchildren(W + "lvl"):
        yield number_of(node.get(W + "ilvl")), Level(
            number_of(value_of(node.find(W + "start")), 1),
            value_of(node.find(W + "numFmt")) or "decimal",
            value_of(node.find(W + "lvlText"))[:_LONG],
            "" if value_of(node.find(W + "suff")) == "nothing" else " ",
            value_of(node.find(W + "lvlRestart")) != "0",
            node.find(W + "isLgl") is not None,
        )
