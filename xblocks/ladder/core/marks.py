"""Marks: exact numbers, of 100."""

from decimal import Decimal
from functools import lru_cache

FULL_MARKS = Decimal(100)


@lru_cache(maxsize=1024)
def plain(marks: Decimal) -> str:
    """Marks as people write them: 2, 2.5, never 2.50."""
    text = f"{marks:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
