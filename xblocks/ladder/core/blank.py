"""A blank: which answers fill it, compared the way a teacher compares them.

Width, case, spaces and punctuation at the ends do not count. 四十八, 48 and ４８ are one number, 五分之一 and 1/5 too.
A unit may be left out, but not be another one: the key 48 小时 takes 48, and not 48 天. Only answers are folded like this,
never content.

Answers come from anybody: how long they are, and how many digits they have, is looked at before anything is worked out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ladder.core.pattern import is_bounded, is_pattern, matches, worst_steps

MAX_BLANK = 200  # characters that a blank takes, on the page and on the server
MAX_STEPS = 1_000_000  # what marking one question may take: some hundredths of a second
MAX_DIGITS = 40  # longer numbers are none
_COMPARING = 1_000  # steps that comparing an answer with a key costs, besides those of a pattern
_FOLD = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_ENDS = "，。、；：！？,.;:!?“”\"'‘’()[]《》〈〉【】「」…~·-—"
_DIGIT_CHARS = ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {char: value for value, chars in enumerate(_DIGIT_CHARS) for char in chars}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# Possessive: a longer run is no number, and going back in it finds none.
_NUMERAL = "[" + "".join((*_DIGITS, *_PLACES)) + f"万亿]{{1,{MAX_DIGITS}}}+"
_WHOLE = rf"\d{{1,{MAX_DIGITS}}}+"
_DECIMAL = rf"{_WHOLE}(?:\.{_WHOLE})?"
_AMOUNT = re.compile(rf"(?P<number>-?{_DECIMAL}|{_NUMERAL})(?P<unit>\D*+)\Z")
_PART = re.compile(
    rf"(?P<below>{_NUMERAL}|{_WHOLE})分之(?P<above>{_NUMERAL}|{_WHOLE})\Z|(?P<top>{_WHOLE})/(?P<bottom>{_WHOLE})\Z"
)
_SPAN = re.compile(
    rf"(?P<low>-?{_DECIMAL})(?:\.\.(?P<high>-?{_DECIMAL})|(?:±|\+-)(?P<slack>{_DECIMAL}))(?P<unit>[^\d.]*+)\Z"
)
_SAME_UNITS = (
    ("小时", "个小时", "钟头", "h"), ("分钟", "分", "min"), ("天", "日", "个自然日", "自然日"), ("个工作日", "工作日"),
    ("元", "块", "块钱", "圆"), ("个月", "月"), ("周", "个星期", "星期"), ("次", "遍", "回"), ("位", "人", "个人", "名"),
    ("兆", "m", "mbps"), ("%", "百分点"),
)
_UNITS = {name: names[0] for names in _SAME_UNITS for name in names}
_OTHER_UNITS = frozenset(("gb", *"秒年个项条步句米g折岁声级种类部台张点章"))


def fold(text: str) -> str:
    """Text without what does not count: width, case and spaces."""
    return "".join(text.translate(_FOLD).split()).casefold()


@dataclass(frozen=True)
class Amount:
    """A number with its unit; an empty unit agrees with any."""

    number: Fraction
    unit: str

    def agrees(self, other: Amount) -> bool:
        """Whether both say the same."""
        return self.number == other.number and (self.unit == other.unit or not self.unit or not other.unit)


def read_amount(folded: str) -> Amount | None:
    """The amount that a folded text says, or None when it says something else."""
    part = _PART.match(folded)
    if part:
        above, below = (part["above"], part["below"]) if part["below"] else (part["top"], part["bottom"])
        bottom = _read_number(below)
        top = _read_number(above)
        if not bottom or top is None:
            return None
        return Amount(top, "%") if below in ("百", "一百", "100") else Amount(top / bottom, "")
    match = _AMOUNT.match(re.sub(r"(?<=\d),(?=\d{3})", "", folded))
    if not match or (match["unit"] and match["unit"] not in _UNITS and match["unit"] not in _OTHER_UNITS):
        return None
    number = _read_number(match["number"])
    return None if number is None else Amount(number, _UNITS.get(match["unit"], match["unit"]))


def _read_number(text: str) -> Fraction | None:
    if text.lstrip("-").replace(".", "", 1).isdigit():
        return Fraction(text)
    number = _read_numeral(text)
    return None if number is None else Fraction(number)


def _read_numeral(text: str) -> int | None:
    """A Chinese numeral: 四十八, 一百零五, 三万二, 二〇二六, 一万亿. None for what is none."""
    return _read_at(text, "亿", 10**8, lambda part: _read_at(part, "万", 10**4, _read_group))


def _read_at(text: str, big: str, size: int, read: Callable[[str], int | None]) -> int | None:
    """A numeral by what stands before and after a big unit."""
    above, found, below = text.partition(big)
    if not found:
        return read(text)
    high, low = read(above) if above else 1, read(below.lstrip("零〇")) if below else 0
    if len(below) == 1 and low is not None:
        low *= size // 10  # 三万二 is 32,000
    return None if high is None or low is None else high * size + low


def _read_group(text: str) -> int | None:
    """A numeral under 10,000, or digits one by one."""
    if text and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit, last = 0, 0, 10**4
    for before, char in zip(" " + text, text, strict=False):
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        else:
            place = _PLACES.get(char, last)
            if place >= last:
                return None
            last = place
            total += (digit if before in _DIGITS else 1) * last
            digit = 0
    spoken_short = last > 10 and len(text) > 1 and text[-2] in _PLACES  # 一百五 is 150, 一百零五 is 105
    return total + digit * (last // 10 if spoken_short else 1)


@lru_cache(maxsize=4096)
def accepts(key: str, answer: str) -> bool:
    """Whether an answer fills a blank with this key: a text, a span of numbers (`40..50`, `48±2`), or a pattern (`/…/`).

    What is longer than a blank takes fills none.
    """
    if max(len(key), len(answer)) > MAX_BLANK:
        return False
    folded, wanted = fold(answer), fold(key)
    if len(folded) > MAX_BLANK:  # some letters become two
        return False
    if is_pattern(key):
        return matches(key, folded)
    given = folded.strip(_ENDS)
    span = _SPAN.match(wanted)
    amount = read_amount(given)
    if span:
        return amount is not None and _within(span, amount)
    wanted = wanted.strip(_ENDS)
    if given == wanted:
        return bool(given)
    sought = read_amount(wanted)
    return sought is not None and amount is not None and sought.agrees(amount)


def _within(span: re.Match[str], amount: Amount) -> bool:
    low = Fraction(span["low"])
    slack = Fraction(span["slack"] or 0)
    low, high = (low - slack, low + slack) if span["slack"] else (low, Fraction(span["high"]))
    unit = _UNITS.get(span["unit"], span["unit"])
    return low <= amount.number <= high and (not unit or not amount.unit or unit == amount.unit)


def fills(answer: object, keys: Iterable[str]) -> bool:
    """Whether an answer is one of those accepted."""
    return any(accepts(key, str(answer)) for key in keys)


def steps_to_mark(blanks: Sequence[Sequence[str]], *, any_order: bool) -> int:
    """What marking a question can take at worst, counted in steps of a pattern."""
    return sum(_steps(key) for keys in blanks for key in keys) * (len(blanks) if any_order else 1)


def _steps(key: str) -> int:
    return _COMPARING + ((worst_steps(key) or 0) if is_pattern(key) and is_bounded(key) else 0)  # others are never tried


@lru_cache(maxsize=4096)
def _within_reach(blanks: tuple[tuple[str, ...], ...], *, any_order: bool) -> tuple[tuple[str, ...], ...]:
    """The keys that answers are compared with: all there are, but in a question from before there was a limit to them."""
    if steps_to_mark(blanks, any_order=any_order) <= MAX_STEPS:
        return blanks
    left = MAX_STEPS // (len(blanks) if any_order else 1)
    kept = []
    for keys in blanks:
        kept.append(list[str]())
        for key in keys:
            left -= _steps(key)
            if left >= 0:
                kept[-1].append(key)
    return tuple(map(tuple, kept))


def count_filled(answers: Sequence[object], blanks: Sequence[Sequence[str]], *, any_order: bool) -> int:
    """How many blanks are filled rightly. In any order: as many as can be, each answer for one blank only."""
    blanks = _within_reach(tuple(map(tuple, blanks)), any_order=any_order)
    if not any_order:
        return sum(fills(answer, keys) for answer, keys in zip(answers, blanks, strict=False))
    asked = [(place, keys) for place, keys in enumerate(blanks) if keys]
    fits = [[place for place, keys in asked if fills(answer, keys)] for answer in answers[: len(blanks)]]
    taken: dict[int, int] = {}

    def place(answer: int, tried: set[int]) -> bool:
        for blank in fits[answer]:
            if blank in tried:
                continue
            tried.add(blank)
            if blank not in taken or place(taken[blank], tried):
                taken[blank] = answer
                return True
        return False

    return sum(place(answer, set()) for answer in range(len(fits)))
