"""A blank: which answers fill it, compared the way a teacher compares them.

Width, case, spaces and punctuation at the ends do not count. 四十八, 48 and ４８ are one number, 五分之一 and 1/5 too.
A unit may be left out, but not be another one: the key 48 小时 takes 48, and not 48 天. Only answers are folded like this,
never content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

MAX_PATTERN = 100
_FOLD = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_ENDS = "，。、；：！？,.;:!?“”\"'‘’()[]《》〈〉【】「」…~·-—"
_DIGIT_CHARS = ("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {char: value for value, chars in enumerate(_DIGIT_CHARS) for char in chars}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERAL = "[" + "".join((*_DIGITS, *_PLACES)) + "万亿]+"
_AMOUNT = re.compile(rf"(?P<number>-?\d+(?:\.\d+)?|{_NUMERAL})(?P<unit>\D*)\Z")
_PART = re.compile(rf"(?P<below>{_NUMERAL}|\d+)分之(?P<above>{_NUMERAL}|\d+)\Z|(?P<top>\d+)/(?P<bottom>\d+)\Z")
_SPAN = re.compile(
    r"(?P<low>-?\d+(?:\.\d+)?)(?:\.\.(?P<high>-?\d+(?:\.\d+)?)|(?:±|\+-)(?P<slack>\d+(?:\.\d+)?))(?P<unit>[^\d.]*)\Z"
)
# No star, no plus, no repeated group: what is left cannot take longer than the answer times the pattern.
_BOUNDED = re.compile(
    r"(?:[^\\*+?{}()\[\]|]|\\[dwsDWS.?|/-]|\[[^\[\]\\]+\]|\{\d{1,2}(?:,\d{1,2})?\}|\?|\||\((?:\?:)?|\)(?!\{))+\Z"
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
    """A Chinese numeral: 四十八, 一百零五, 三万二, 二〇二六. None for what is none."""
    if text and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    for big, size in (("亿", 10**8), ("万", 10**4)):
        if big in text:
            above, _, below = text.partition(big)
            high, low = _read_numeral(above) if above else None, _read_numeral(below.lstrip("零〇")) if below else 0
            if len(below) == 1 and low is not None:
                low *= size // 10  # 三万二 is 32,000
            return None if high is None or low is None else high * size + low
    total, digit, last = 0, 0, 10**4
    for before, char in zip(" " + text, text, strict=False):
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        else:
            if _PLACES[char] >= last:
                return None
            last = _PLACES[char]
            total += (digit if before in _DIGITS else 1) * last
            digit = 0
    spoken_short = last > 10 and len(text) > 1 and text[-2] in _PLACES  # 一百五 is 150, 一百零五 is 105
    return total + digit * (last // 10 if spoken_short else 1)


def is_pattern(key: str) -> bool:
    """Whether a key is a pattern: written between slashes."""
    return len(key) > 2 and key.startswith("/") and key.endswith("/")


def is_bounded(pattern: str) -> bool:
    """Whether a pattern can be tried on any answer in short time."""
    body = pattern[1:-1]
    if len(body) > MAX_PATTERN or not _BOUNDED.match(body):
        return False
    try:
        re.compile(body)
    except re.error:
        return False
    return True


@lru_cache(maxsize=4096)
def accepts(key: str, answer: str) -> bool:
    """Whether an answer fills a blank with this key: a text, a span of numbers (`40..50`, `48±2`), or a pattern (`/…/`)."""
    given = fold(answer).strip(_ENDS)
    if is_pattern(key):
        return re.fullmatch(key[1:-1], fold(answer), re.IGNORECASE) is not None
    span = _SPAN.match(fold(key))
    amount = read_amount(given)
    if span:
        return amount is not None and _within(span, amount)
    if given == fold(key).strip(_ENDS):
        return bool(given)
    wanted = read_amount(fold(key).strip(_ENDS))
    return wanted is not None and amount is not None and wanted.agrees(amount)


def _within(span: re.Match[str], amount: Amount) -> bool:
    low = Fraction(span["low"])
    slack = Fraction(span["slack"] or 0)
    low, high = (low - slack, low + slack) if span["slack"] else (low, Fraction(span["high"]))
    unit = _UNITS.get(span["unit"], span["unit"])
    return low <= amount.number <= high and (not unit or not amount.unit or unit == amount.unit)


def fills(answer: object, keys: Iterable[str]) -> bool:
    """Whether an answer is one of those accepted."""
    return any(accepts(key, str(answer)) for key in keys)


def count_filled(answers: Sequence[object], blanks: Sequence[Sequence[str]], *, any_order: bool) -> int:
    """How many blanks are filled rightly. In any order: as many as can be, each answer for one blank only."""
    if not any_order:
        return sum(fills(answer, keys) for answer, keys in zip(answers, blanks, strict=True))
    taken: dict[int, int] = {}

    def place(answer: int, tried: set[int]) -> bool:
        for blank, keys in enumerate(blanks):
            if blank in tried or not fills(answers[answer], keys):
                continue
            tried.add(blank)
            if blank not in taken or place(taken[blank], tried):
                taken[blank] = answer
                return True
        return False

    return sum(place(answer, set()) for answer in range(len(answers)))
