"""What fills a blank, between Moodle and us: wildcards as bounded patterns, numbers with a tolerance as spans, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.blank import fold
from ladder.core.marks import plain
from ladder.core.pattern import is_bounded, is_pattern
from ladder_tools.formats.losses import SPAN

WILD = 40  # how many characters a wildcard stands for, at most
_WILDCARD = re.compile(r"(?<!\\)\*+")
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?\Z")
_AMOUNT = re.compile(
    r"(?P<low>-?\d{1,15}(?:\.\d{1,15})?)(?:\.\.(?P<high>-?\d{1,15}(?:\.\d{1,15})?)|(?:±|\+-)(?P<slack>\d{1,15}(?:\.\d{1,15})?))?"
    r"(?P<unit>[^\d.|{}\n]*)\Z"
)
# A pattern of ours escapes little; the rest of what means something there stands in brackets.
_IN_PATTERN = {**{char: f"\\{char}" for char in ".?"}, **{char: f"[{char}]" for char in "(){}+*$"}}


@dataclass(frozen=True)
class Amount:
    """A number, and how far from it an answer may lie."""

    middle: Decimal
    slack: Decimal

    @property
    def key(self) -> str:
        """The amount as a key of ours: `48`, `48±2`."""
        return f"{plain(self.middle)}±{plain(self.slack)}" if self.slack else plain(self.middle)


def wildcards(text: str) -> int:
    """How many wildcards a short answer of Moodle holds; `\\*` is a star."""
    return len(_WILDCARD.findall(text))


def key_of(text: str) -> str:
    """A short answer of Moodle as a key of ours; `""` when no key of ours says the same."""
    words = " ".join(text.split())
    pieces = [piece.replace("\\*", "*") for piece in _WILDCARD.split(words)]
    literal = pieces[0]
    if len(pieces) == 1 and not is_pattern(literal) and not SPAN.match(literal):
        return "" if "|" in literal or "{{" in literal or "}}" in literal else literal
    if not any(pieces):
        return ""
    pattern = f"/{f'.{{0,{WILD}}}'.join(map(_literally, pieces))}/"
    return pattern if "|" not in pattern and "{{" not in pattern and "}}" not in pattern and is_bounded(pattern) else ""


def short_answer(key: str) -> str:
    """A key of ours as a short answer of Moodle."""
    return key.replace("*", "\\*")


def _literally(text: str) -> str:
    return "".join(_IN_PATTERN.get(char, char) for char in fold(text))


def number_of(text: str) -> Decimal | None:
    """A number as Moodle reads it, with a point or a comma before its fraction; None for what is none."""
    words = text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text.strip()
    return Decimal(words) if _NUMBER.match(words) else None


def amount_of(key: str) -> Amount | None:
    """The amount that a key of ours accepts, its unit aside; None for a text or a pattern."""
    match = _AMOUNT.match(fold(key))
    if not match:
        return None
    low = Decimal(match["low"])
    if match["slack"]:
        return Amount(low, Decimal(match["slack"]))
    high = Decimal(match["high"] or low)
    return Amount((low + high) / 2, (high - low) / 2) if low <= high else None


def numeric_key(amount: Amount, written: str) -> str:
    """The key for an amount: as it is written beside it, where that says the same amount, else in our own way."""
    return written if "\n" not in written and amount_of(written) == amount else amount.key


def accepted_amounts(keys: tuple[str, ...]) -> list[tuple[str, Amount]]:
    """The keys of a blank with their amounts when it asks for a number with some slack, else nothing."""
    amounts = [(key, amount) for key in keys if (amount := amount_of(key))]
    return amounts if any(amount.slack for _, amount in amounts) and len(amounts) == len(keys) else []
