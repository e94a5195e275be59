"""Marks: exact numbers, of 100."""

from decimal import Decimal
from functools import lru_cache

FULL_MARKS = Decimal(100)


def is_too_fine(marks: Decimal) -> bool:
    """Whether marks cannot be kept as they are: records hold hundredths."""
    exponent = marks.normalize().as_tuple().exponent
    return not isinstance(exponent, int) or exponent < -2


@lru_cache(maxsize=1024)
def plain(marks: Decimal) -> str:
    """Marks as people write them: 2, 2.5, never 2.50."""
    text = f"{marks:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
