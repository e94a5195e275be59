"""Tables as spreadsheets and CSV files hold them: cells with their places, and a number as the spreadsheet shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MAX_CELLS = 600_000  # 40,000 questions of 15 cells; what a table of this size takes in memory is bounded too
MAX_CELL = 20_000
_MAX_DAY = 2_958_466  # the first day of the year 10000
_LITERALS = re.compile(r'"[^"]*"?|\\.|\[[^\]]*\]|[_*].')


class Kind(StrEnum):
    """What a cell holds, where that is more than the text that was typed."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"  # shown with its year
    DAY = "day"  # shown without a year: perhaps a 1-2 that was typed as such
    ERROR = "error"  # #REF!
    UNCOMPUTED = "uncomputed"  # a formula whose value was never stored


class Cell(NamedTuple):
    """One cell that is not empty: what it shows."""

    text: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Picture:
    """A picture that lies on a cell. `data` is empty when its kind cannot be shown on a page."""

    row: int
    column: int
    name: str
    data: bytes


@dataclass(frozen=True)
class Span:
    """Merged cells: the first and the last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """One table. `rows` holds the cells that are not empty by row and column, counted from 1."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class NumberFormat:
    """What a spreadsheet's format code makes of a number."""

    percent: bool = False
    decimals: int = 0
    date: bool = False
    year: bool = False
    hours: int = 0  # how many digits at least
    seconds: bool = False
    day: bool = False
    zeros: int = 0  # 0000 shows 755 as 0755


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """Read a format code: `0%`, `yyyy/m/d`, `h:mm`, `0000`; of several sections the first."""
    bare = _LITERALS.sub("", code.partition(";")[0]).lower()
    if "%" in bare:
        _, _, decimals = bare.partition(".")
        return NumberFormat(percent=True, decimals=sum(char in "0#" for char in decimals))
    if re.fullmatch("0{2,20}", bare):
        return NumberFormat(zeros=len(bare))
    # \u5e74 and the like are literals that need no quotes in Chinese codes; General and E+00 hold no letter of a date.
    if "general" in bare or not re.search("[ymdhs]", bare):
        return NumberFormat()
    hours = re.search("h+", bare)
    minutes_only = bool(hours) or "s" in bare
    return NumberFormat(
        date=True, year="y" in bare, hours=len(hours[0]) if hours else 0, seconds="s" in bare,
        day="d" in bare or ("m" in bare and not minutes_only),
    )


def shown(number: float, code: str, *, from_1904: bool = False) -> Cell:
    """A number as its format shows it, as far as it says more than the number: percents, dates, times, leading zeros."""
    format_ = number_format(code)
    if number != number or number in (float("inf"), float("-inf")):
        return Cell("#NUM!", Kind.ERROR)
    if format_.percent:
        step = Decimal(1).scaleb(-min(format_.decimals, 15))
        return Cell(f"{(Decimal(repr(number)) * 100).quantize(step, ROUND_HALF_UP)}%" if abs(number) < 1e9 else f"{number:.15g}")
    if format_.date and 0 <= number < _MAX_DAY - 1462:
        return _moment(number, format_, from_1904=from_1904)
    plain = f"{number:.15g}" if abs(number) < 1e15 else f"{number:.0f}" if abs(number) < 1e21 else repr(number)
    if format_.zeros and plain.isdecimal():
        return Cell(plain.zfill(format_.zeros))
    return Cell(plain, Kind.NUMBER)


def _moment(number: float, format_: NumberFormat, *, from_1904: bool) -> Cell:
    # Excel's days count from 1900-01-00 and hold a 29 February that was none; before March 1900 they are a day later.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 60 else 31)  # noqa: DTZ001 (cells know no zone)
    moment = start + timedelta(seconds=round(number * 86400))
    hours = f"{moment.hour:0{min(format_.hours, 2) or 1}}:{moment:%M:%S}" if format_.seconds else (
        f"{moment.hour:0{min(format_.hours, 2) or 1}}:{moment:%M}"
    )
    if format_.year:
        time = f" {hours}" if format_.hours else ""
        return Cell(f"{moment.year}-{moment:%m-%d}{time}", Kind.DATE)
    if format_.day:
        return Cell(f"{moment.month}月{moment.day}日", Kind.DAY)
    return Cell(hours)
