"""Answers that stand apart from their questions: `1-5 ABCDD`, `1.A 2.B`, numbers above letters, a section at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ladder.core.question import Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.text.lines import Row
from ladder_tools.formats.text.words import ENGLISH_TYPE, FIELD, FIELDS, ORDINALS, half_width, ordinal_of

_VALUE = r"(?:[A-Z]{1,8}|√|×|✓|✗|对|错|正确|错误)"
_RANGE = r"(?P<low>\d{1,4})\s*题?\s*[-~—–至到]+\s*(?P<high>\d{1,4})\s*题?\s*[.、:)]?\s*"
_MARK = re.compile(
    rf"(?:^|(?<=[\s;:,、。)】A-Z√×✓✗对错误确]))(?:{_RANGE}(?=\(?{_VALUE})"
    rf"|第?(?P<one>\d{{1,4}})\s*(?:题\s*[.、:)]?|[.、:)](?!\d)|[-—](?=\(?{_VALUE})|(?=\s*{_VALUE}(?:[\s;,、]|\Z)))|\((?P<paren>\d{{1,4}})\)\s*[.、:]?)\s*"
)
_NAME = (
    r"(?:(?:单项?|多项?|不定项|双项?)选择?|选择|判断|是非|填空|简答|问答|论述|案例(?:分析)?|名词解释|简述)题?"
    r"(?=\s*(?:参考|标准)?(?:答案)?\s*(?:[】\])(:、,.]|\d|[A-Z√×✓✗]|\Z))"
)
_ENGLISH = rf"(?i:(?:part\s+(?P<number>[IVX]{{1,4}}|\d{{1,2}})\s*[.:-]\s*)?(?P<english>{ENGLISH_TYPE}))(?=\s*(?:[(:]|\Z))"
_HEADING = re.compile(
    rf"(?:(?:^|(?<=\s))[【\[(]?(?:(?P<ordinal>[{ORDINALS}]{{1,3}})[】\])]?\s*[、.:]\s*|第(?P<part>[{ORDINALS}])(?:部分|大题)\s*[、.:]?\s*)"
    rf"(?P<name>{_NAME})?|^\s*[【\[(]?(?P<alone>{_NAME})|^\s*{_ENGLISH})(?:\s*(?:参考|标准)?答案)?(?:\s*[】\])])?\s*(?:\([^()]*\))?\s*[:、.]?\s*"
)
_NUMBERS = re.compile(r"(?:题\s*号)?[\s|:]*\d{1,4}(?:[\s|、,]+\d{1,4})*[\s|]*\Z")
_VALUES = re.compile(rf"(?:答\s*案)?[\s|:]*{_VALUE}(?:[\s|、,]+{_VALUE})*[\s|]*\Z")
_KEY = re.compile(rf"{_RANGE}\(?{_VALUE}|\d{{1,4}}\s*[.、:)]?\s*{_VALUE}[\s;,、]+\d{{1,4}}\s*[.、:)]?\s*{_VALUE}")
_SPREAD = re.compile(rf"(?:[第(]?\d{{1,4}}[)]?\s*题?\s*[-—.、:)]?\s*{_VALUE}[\s;,、]*){{2}}")
_SAID = ("正确", "错误")
_WORD = re.compile(r"[A-Z]{1,60}|[√×✓✗]{1,60}|[对错]{1,60}|正确|错误")
_ENTRY = re.compile(rf"\s*\(?\d{{1,4}}\s*[.、:)]\s*{_VALUE}\s*\Z")


@dataclass
class Entry:
    """The answer to one question as a key gives it, with its place."""

    number: int
    answer: str
    line: int
    column: int = 1
    explanation: str = ""


@dataclass
class Group:
    """The answers under one heading of a key: its ordinal (0 for none), the types it names, the entries."""

    number: int = 0
    types: frozenset[Type] = frozenset()
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Key:
    """A key as read. `uneven` are ranges with the wrong number of answers: line, first, last, answers found."""

    groups: list[Group] = field(default_factory=list)
    uneven: list[tuple[int, int, int, int]] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)


def is_key(text: str) -> bool:
    """Whether an answer is one to several questions: a range, or two numbers with a letter each."""
    return _KEY.match(half_width(text)) is not None


def is_spread_key(text: str) -> bool:
    """Whether an answer may be one to several questions: (1)A(2)B, 1-A 2-B. Such are answers to parts and pairs, too."""
    return _SPREAD.match(half_width(text)) is not None


def heads_key(text: str) -> bool:
    """Whether an answer is one to several questions under a heading: 一、1.A 2.B"""
    heading = _HEADING.match(half_width(text))
    return heading is not None and heading.end() > 0 and is_key(text[heading.end() :])


def values_of(text: str) -> list[str]:
    """The answers in a row of nothing else: A B A, ABA, √×√; none when it says more."""
    words = re.split(r"[\s,、;]+", half_width(text).strip("()。. "))
    if not all(_WORD.fullmatch(word) for word in words):
        return []
    # Letters are one each when they stand together, or in groups that are no answers: ABABA BCDAB. AB AC ABC are three answers.
    one_each = len(words) == 1 or any(list(word) != sorted({*word}) for word in words if word.isascii())
    return [value for word in words for value in ([word] if word in _SAID or (word.isascii() and not one_each) else word)]


def begins_key(row: str) -> bool:
    """Whether the row below 答案 is the first of a key, and not the answer to the question above."""
    half = half_width(row)
    return is_key(half) or _ENTRY.match(half) is not None


def read_key(rows: Sequence[Row]) -> Key:
    """Read the rows below the heading of a key."""
    reader = _Reader()
    for row in rows:
        reader.read(row)
    return reader.key


class _Reader:
    def __init__(self) -> None:
        self.key = Key()
        self.queue: list[int] = []  # numbers of a column or a row whose answers come below
        self.running = False  # whether the answers of this group stand without numbers

    def read(self, row: Row) -> None:
        half = half_width(row.text)
        if not half.strip():
            return
        if _NUMBERS.match(half) and not re.search(r"\d\s*[、.]\s*\Z", half):
            self.queue += map(int, re.findall(r"\d+", half))
            return
        if self.queue and _VALUES.match(half):
            for value in re.findall(_VALUE, half.replace("答案", "")):
                if self.queue:
                    self._add(self.queue.pop(0), value, row.number, 1)
            return
        cuts = list(_HEADING.finditer(half))
        ends = [*(match.start() for match in cuts[1:]), len(half)][: len(cuts)]
        self._entries(row, half, 0, cuts[0].start() if cuts else len(half))
        for match, end in zip(cuts, ends, strict=True):
            number = ordinal_of(match["ordinal"] or match["part"] or match["number"])
            name = match["name"] or match["alone"] or match["english"] or ""
            self.key.groups.append(Group(number, wording.types_of(name)))
            self._entries(row, half, match.end(), end)

    def _entries(self, row: Row, half: str, start: int, end: int) -> None:
        """The entries in a part of a row; what stands before the first goes on with the last of the row before."""
        marks: list[re.Match[str]] = []
        expected = 0
        for mark in _MARK.finditer(half[:end], start):
            number = int(mark["low"] or mark["one"] or mark["paren"])
            if marks and number != expected:
                continue
            if not marks and not self._may_begin(number, mark, start, half):
                break
            marks.append(mark)
            expected = int(mark["high"]) + 1 if mark["high"] else number + 1
        self._go_on(row, row.text[start : marks[0].start() if marks else end], start)
        stops = [*(mark.start() for mark in marks[1:]), end][: len(marks)]
        for mark, stop in zip(marks, stops, strict=True):
            text = row.text[mark.end() : stop].strip().rstrip(";；,，、")
            if mark["low"]:
                self._range(int(mark["low"]), int(mark["high"]), text, row.number)
            else:
                self._add(int(mark["one"] or mark["paren"]), text, row.number, mark.end() + 1)

    def _may_begin(self, number: int, mark: re.Match[str], start: int, half: str) -> bool:
        """Whether the first number of a row is that of an answer, and not of a list inside a long one."""
        if half[start : mark.start()].strip():
            return False
        entries = self.key.groups[-1].entries if self.key.groups else []
        return not entries or number > entries[-1].number or len(entries[-1].answer) <= 4

    def _go_on(self, row: Row, text: str, start: int) -> None:
        text = text.strip()
        if not text:
            return
        group = self.key.groups[-1] if self.key.groups else None
        values = values_of(text) if group is None or not group.entries or self.running else []
        if group and group.types == {Type.MULTIPLE} and len(half_width(text).split()) == 1 and text.isalpha():
            values = [text]
        if values:
            first = group.entries[-1].number + 1 if group and group.entries else 1
            for number, value in enumerate(values, first):
                self._add(number, value, row.number, start + 1)
            self.running = True
        elif group and group.entries:
            self._split_fields(group.entries[-1], "\n" + text)
        else:
            self.key.unplaced.append((row.number, text))

    def _range(self, low: int, high: int, text: str, line: int) -> None:
        half = half_width(text).strip("() ")
        words = [word for word in re.split(r"[\s,、;|]+", half) if word]
        if len(words) != high - low + 1:
            words = list(re.sub(r"[\s,、;|]", "", half))
        if len(words) != high - low + 1:
            self.key.uneven.append((line, low, high, len(words)))
            return
        for number, word in enumerate(words, low):
            self._add(number, word, line, 1)

    def _add(self, number: int, text: str, line: int, column: int) -> None:
        groups = self.key.groups
        self.running = False
        if not groups or (groups[-1].entries and number <= groups[-1].entries[-1].number):
            groups.append(Group())
        entry = Entry(number, "", line, column)
        groups[-1].entries.append(entry)
        self._split_fields(entry, text)

    def _split_fields(self, entry: Entry, text: str) -> None:
        """Add text to an entry; what follows 解析 is its explanation."""
        half, last, into = half_width(text), 0, "explanation" if entry.explanation else "answer"
        for match in [*FIELD.finditer(half), None]:
            piece = text[last : match.start() if match else len(text)].strip(" ")
            joined = f"{getattr(entry, into)}{piece}".strip()
            setattr(entry, into, joined)
            if match:
                name = "".join((match["tag"] or match["inside"]).lower().split())
                into = "explanation" if FIELDS[name] == "explanation" else "answer"
                last = match.end()
