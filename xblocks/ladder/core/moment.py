"""How a moment is written: in somebody's time zone, and saying which."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")  # Asia/Shanghai, America/Indiana/Knox


@dataclass(frozen=True)
class Form:
    """One way to write a moment: its parts, and whether it says its zone."""

    parts: str
    says_zone: bool


# `public/ladder.js` writes them in the same way.
FORMS: Mapping[str, Form] = {
    "day": Form("%Y-%m-%d", says_zone=False),
    "row": Form("%Y-%m-%d %H:%M", says_zone=False),  # for tables, above which the zone stands
    "minutes": Form("%Y-%m-%d %H:%M", says_zone=True),
    "seconds": Form("%Y-%m-%d %H:%M:%S", says_zone=True),
}


@functools.lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name; None when there is none. The name comes from a browser: it may be anything."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; no zone's file; a folder, to Python 3.11
        return None


def offset_name(moment: datetime.datetime) -> str:
    """How far a moment's clock is from UTC then: `UTC+8`, `UTC-3:30`, `UTC`."""
    minutes = round((moment.utcoffset() or datetime.timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")
