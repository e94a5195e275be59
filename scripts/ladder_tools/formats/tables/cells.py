"""Tables as spreadsheets and CSV files hold them: cells with their places, and a number as the spreadsheet shows it."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from ladder_tools.formats.archive import Hostile

MAX_ROWS = 30_000
MAX_CELLS = 450_000  # 15 a row
MAX_CELL = 20_000
SHOWN_PICTURES = frozenset(("png", "jpg", "jpeg", "gif", "webp"))
_MAX_DAY = 2_957_004  # not yet the year 10000, from 1904 on too
_MOST_DIGITS = 1e15  # spreadsheets keep no more
_LITERAL = re.compile(r'"[^"]*"|\\.')
_BRACKETS = re.compile(r"\[(?:\$(?P<currency>[^\]-]*))?[^\]]*\]")
_PADDING = re.compile(r"[_*].")
_TEXT = r'(?:"[^"]*"|\\.|[^\x00-\x7f]|[-+$()/: %])*'
_NUMBER = re.compile(rf"(?P<before>{_TEXT})(?P<digits>general|[#0?,]+(?:\.[#0?]*)?)(?P<after>{_TEXT})", re.IGNORECASE)


class Kind(StrEnum):
    """What a cell holds, where that is more than the text that was typed."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"  # shown with its year
    DAY = "day"  # shown without a year: perhaps a 1-2 that was typed as such
    ERROR = "error"  # #REF!
    UNCOMPUTED = "uncomputed"  # a formula whose value was never stored
    UNCLOSED = "unclosed"  # a quote begins here and does not end, or ends in another record


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


def named_picture(data: bytes, extension: str, own: str) -> tuple[str, bytes]:
    """A picture named by what it shows, so that the same one is kept once; its own name and no bytes if no page can show it."""
    if extension in SHOWN_PICTURES and data:
        return f"picture-{hashlib.sha256(data).hexdigest()[:12]}.{extension}", data
    return own, b""


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


class Budget:
    """The rows and cells that the tables of one file may still hold."""

    def __init__(self) -> None:
        self._rows, self._cells = MAX_ROWS, MAX_CELLS

    def keep(self, sheet: Sheet, row: int, column: int, cell: Cell) -> None:
        """Put a cell into its table. Raises `Hostile` when there are too many."""
        cells = sheet.rows.get(row)
        if cells is None:
            cells = sheet.rows[row] = {}
            self._rows -= 1
        cells[column] = cell
        self._cells -= 1
        if self._rows < 0 or self._cells < 0:
            raise Hostile("sheet-too-big", limit=MAX_ROWS)


@dataclass(frozen=True)
class _Format:
    """What a format code makes of a number: a date, a time, or digits with a text before and after them."""

    date: bool = False
    year: bool = False
    day: bool = False
    hours: int = 0  # digits at least
    seconds: bool = False
    percent: bool = False
    before: str = ""
    after: str = ""
    digits: str = ""  # the placeholders: #,##0.00


@lru_cache(maxsize=1024)
def _format(code: str) -> _Format:
    """Read the first section of a format code."""
    section = _PADDING.sub("", _BRACKETS.sub(lambda bracket: bracket["currency"] or "", code[:200].partition(";")[0]))
    bare = _LITERAL.sub("", section).lower()
    if re.search("[ymdhs]", bare) and "general" not in bare:
        hours = re.search("h+", bare)
        timed = bool(hours) or "s" in bare  # then m are minutes
        return _Format(
            date=True, year="y" in bare, day="d" in bare or ("m" in bare and not timed),
            hours=len(hours[0]) if hours else 0, seconds="s" in bare,
        )
    number = _NUMBER.fullmatch(section)
    if number is None:
        return _Format()
    before, after = (_LITERAL.sub(lambda literal: literal[0].strip('"\\'), number[part]) for part in ("before", "after"))
    return _Format(percent="%" in bare, before=before, after=after, digits=number["digits"])


def shown(number: float, code: str, *, from_1904: bool = False) -> Cell:
    """A number as a spreadsheet shows it by its format code: `0%`, `yyyy/m/d`, `h:mm`, `0000`, `0.00"元"`."""
    if not math.isfinite(number):
        return Cell("#NUM!", Kind.ERROR)
    format_ = _format(code)
    if format_.date and 0 <= number < _MAX_DAY:
        return _moment(number, format_, from_1904=from_1904)
    value = Decimal(repr(number)).scaleb(2 if format_.percent else 0)
    short = abs(value) < _MOST_DIGITS
    plain = f"{float(value):.15g}" if short else f"{value:.0f}" if abs(value) < 1e21 else f"{value}"
    digits = _digits(value, format_.digits) if short and "0" in format_.digits else plain
    text = f"{format_.before}{digits}{format_.after}".strip()
    return Cell(text, Kind.NUMBER if text == plain else Kind.TEXT)


def _digits(number: Decimal, places: str) -> str:
    """A number by the placeholders of its format: a 0 always has its digit, a # only where there is one."""
    whole, _, part = places.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    digits, _, decimals = f"{abs(rounded):{',' if ',' in whole else ''}f}".partition(".")
    while len(decimals) > part.count("0") and decimals.endswith("0"):
        decimals = decimals[:-1]
    sign = "-" if rounded < 0 else ""
    return sign + digits.zfill(whole.count("0")) + (f".{decimals}" if decimals else "")


def _moment(number: float, format_: _Format, *, from_1904: bool) -> Cell:
    # Excel's days count from 1900-01-00 and hold a 29 February that was none; before March 1900 they are a day later.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 60 else 31)  # noqa: DTZ001 (cells know no zone)
    moment = start + timedelta(seconds=round(number * 86400))
    time = f"{moment.hour:0{min(max(format_.hours, 1), 2)}}:{moment:%M}" + (f":{moment:%S}" if format_.seconds else "")
    if format_.year:
        return Cell(f"{moment.year}-{moment:%m-%d}" + (f" {time}" if format_.hours else ""), Kind.DATE)
    if format_.day:
        return Cell(f"{moment.month}月{moment.day}日", Kind.DAY)
    return Cell(time)
