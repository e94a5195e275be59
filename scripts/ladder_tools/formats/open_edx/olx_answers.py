"""The answers of a blank as Open edX grades them, both ways.

Open edX compares a text as it is but for case; it folds neither width nor spaces, and knows no units. Three traps of its text
problem, all avoided here: a first answer with `_or_` in it is split there; of several regular expressions only the outer ones are
anchored; and a number without a tolerance of its own takes every number within 0.001 %.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ladder.core.pattern import is_bounded, is_pattern

MAX_ALTERNATIVES = 40
MAX_EXPRESSION = 1000
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?\Z")
_SPAN = re.compile(
    r"(?P<low>-?\d{1,15}(?:\.\d{1,10})?)(?:\.\.(?P<high>-?\d{1,15}(?:\.\d{1,10})?)|(?:±|\+-)(?P<slack>\d{1,15}(?:\.\d{1,10})?))"
    r"(?P<unit>[^\d.]*)\Z"
)
_RANGE = re.compile(r"(?P<open>[\[(])(?P<low>[^,\[\]()]+),(?P<high>[^,\[\]()]+)(?P<close>[\])])\Z")
# A class, an escape, a quantifier with its laziness, or a single character.
_PIECE = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]|\\.|[*+?][?+]?|\{\d*,?\d*\}\??|.", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+?{].*\Z", re.DOTALL)
_GROUP = re.compile(r"\((?:\?:)?((?:[^()\\\[\]|]|\\.)*(?:\|(?:[^()\\\[\]|]|\\.)*)*)\)(?P<maybe>\??)(?![*+{?])")
_OR = re.compile("(?<=_)o(?=r_)", re.IGNORECASE)
_MEANS = frozenset(".^$*+?{}()[]|")


class Unreadable(ValueError):
    """An answer that a blank of ours cannot hold; the words say which."""


@dataclass(frozen=True)
class Response:
    """How one blank is graded: the tag of its response, what is written in it, and the keys that it could not take.

    `answers` are the first answer and the additional ones. `tolerance` and `unit` belong to a number, `type` to a text.
    """

    tag: str
    answers: tuple[str, ...]
    type: str = ""
    tolerance: str = ""
    unit: str = ""
    lost: tuple[str, ...] = ()


def response_of(keys: tuple[str, ...]) -> Response:
    """The response for a blank that accepts any of these keys.

    Numbers and a span of numbers become a numerical problem, anything else a text problem; the first key decides which.
    """
    numbers = tuple(key for key in keys if _NUMBER.match(key))
    span = _SPAN.match(keys[0])
    if span:
        others = numbers if not span["unit"] else ()
        lost = tuple(key for key in keys[1:] if key not in others)
        if span["slack"]:
            return Response("numericalresponse", (span["low"], *others), tolerance=span["slack"], unit=span["unit"], lost=lost)
        return Response("numericalresponse", (f"[{span['low']},{span['high']}]", *others), unit=span["unit"], lost=lost)
    if len(numbers) == len(keys):
        return Response("numericalresponse", numbers, tolerance="0")
    spans = tuple(key for key in keys if _SPAN.match(key))
    texts = tuple(key for key in keys if key not in spans)
    if any(is_pattern(key) for key in texts) or "_or_" in texts[0].lower():
        return Response("stringresponse", (_grouped(texts),), type="ci regexp", lost=spans)
    return Response("stringresponse", texts, type="ci", lost=spans)


def _grouped(keys: tuple[str, ...]) -> str:
    """One expression, so that each alternative is anchored at both ends."""
    branches = "|".join(f"(?:{key[1:-1]})" if is_pattern(key) else re.escape(key) for key in keys)
    branches = _OR.sub("[o]", branches)  # the split at `_or_` looks at expressions too
    return f"^(?:{branches})$"


# -- reading --------------------------------------------------------------------------------------------------------


def number_keys(answers: list[str], tolerance: str, unit: str) -> tuple[list[str], bool]:
    """The keys of a numerical problem, and whether an end of a range that did not count now does. Raises `Unreadable`.

    The unit stays with a span; that of other numbers belongs into the stem.
    """
    first, *others = (answer.strip() for answer in answers)
    more = [_number(answer) for answer in others]
    unit = "" if re.search(r"[\d.|{}]", unit) else unit
    span = _RANGE.match(first)
    if span:
        low, high = _number(span["low"]), _number(span["high"])
        if Decimal(low) > Decimal(high):
            raise Unreadable(first)
        return [f"{low}..{high}{unit}", *more], (span["open"], span["close"]) != ("[", "]")
    number = _number(first)
    slack = _slack(number, tolerance.strip())
    return [f"{number}±{slack}{unit}" if slack else number, *more], False


def _number(text: str) -> str:
    text = text.strip().replace("\u2212", "-")
    if _NUMBER.match(text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable(text) from None
    plain = f"{number:f}" if number.is_finite() and abs(number.adjusted()) < 15 else ""
    if not _NUMBER.match(plain):
        raise Unreadable(text)
    return plain


def _slack(number: str, tolerance: str) -> str:
    """What a number may be off by; `""` for nothing worth saying. Per cent are those of the number."""
    if not tolerance or tolerance == "0.001%":
        return ""
    slack = Decimal(_number(tolerance.removesuffix("%")))
    if tolerance.endswith("%"):
        slack = abs(Decimal(number)) * slack / 100
    plain = f"{slack.normalize():f}"
    if slack < 0 or not _NUMBER.match(plain):
        raise Unreadable(tolerance)
    return plain if slack else ""


def pattern_keys(expressions: list[str]) -> list[str]:
    """The keys of a text problem graded by regular expressions, as words where they are. Raises `Unreadable`."""
    keys: list[str] = []
    for expression in expressions:
        for branch, grouped in _branches(expression):
            words = None if grouped else _words(branch)
            keys.append(_pattern(branch) if words is None else words)
    keys = list(dict.fromkeys(filter(None, keys)))
    if not keys:
        raise Unreadable(expressions[0])
    return keys


def _branches(expression: str) -> list[tuple[str, bool]]:
    """What may stand for the whole answer, one by one: an author who writes a|b means each to be the whole.

    With each, whether it has a group of its own within the outer one: so are patterns told from words when we have written them.
    """
    if len(expression) > MAX_EXPRESSION:
        raise Unreadable(expression)
    found: list[tuple[str, bool]] = []
    waiting = [(expression.strip().removeprefix("(?i)"), 0)]
    while waiting:
        branch, depth = waiting.pop(0)
        branch = _unanchored(branch)
        parts, inside = _split(branch), _unwrapped(branch)
        if len(parts) > 1:
            waiting = [*((part, depth) for part in parts), *waiting]
        elif inside is not None:
            waiting.insert(0, (inside, depth + 1))
        elif "|" in re.sub(r"\\.", "", branch):
            waiting = [*((part, depth) for part in _expanded(branch)), *waiting]
        else:
            found.append((branch, depth > 1))
        if len(found) + len(waiting) > MAX_ALTERNATIVES:
            raise Unreadable(expression)
    return found


def _unanchored(branch: str) -> str:
    branch = branch.removeprefix("^")
    escaped = re.search(r"\\*\Z", branch.removesuffix("$"))
    return branch.removesuffix("$") if branch.endswith("$") and escaped and len(escaped[0]) % 2 == 0 else branch


def _depths(branch: str) -> list[tuple[str, int]]:
    """The pieces of an expression, each with the number of groups around it."""
    depth, found = 0, []
    for piece in _PIECE.findall(branch):
        depth -= piece == ")"
        found.append((piece, depth))
        depth += piece == "("
    return found


def _split(branch: str) -> list[str]:
    parts = [""]
    for piece, depth in _depths(branch):
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _unwrapped(branch: str) -> str | None:
    """What is in the one group that an expression is; None when it is more."""
    pieces = _depths(branch)
    if len(pieces) < 2 or pieces[0][0] != "(" or pieces[-1] != (")", 0) or any(depth == 0 for _, depth in pieces[1:-1]):
        return None
    inside = branch[1:-1].removeprefix("?:")
    return None if inside.startswith("?") else inside


def _expanded(branch: str) -> list[str]:
    """An expression with one of its inner choices written out: 改?(签|约) as 改?签 and 改?约."""
    group = next((group for group in _GROUP.finditer(branch) if "|" in group[1]), None)
    if group is None:
        raise Unreadable(branch)
    choices = [*group[1].split("|"), *([""] if group["maybe"] else [])]
    return [branch[: group.start()] + choice + branch[group.end() :] for choice in choices]


def _words(branch: str) -> str | None:
    """The text that an expression stands for, when it is one text."""
    pieces = [piece[1] if len(piece) == 3 and piece[0] == "[" else piece for piece in _PIECE.findall(branch)]
    if any(len(piece) > 2 or piece[0] in _MEANS or (piece[0] == "\\" and piece[1:].isalnum()) for piece in pieces):
        return None
    return "".join(piece[-1] for piece in pieces).strip()


def _pattern(branch: str) -> str:
    """An expression as a pattern that takes bounded time. Answers are folded before they are tried, so spaces go."""
    pieces: list[str] = []
    spaces = False
    for piece in _PIECE.findall(branch):
        quantifier = _QUANTIFIER.match(piece)
        if quantifier and spaces:
            continue
        spaces = piece in (" ", r"\s")
        if not spaces:
            pieces.append(_bounded(piece) if quantifier else piece)
    pattern = f"/{''.join(pieces)}/"
    if not is_pattern(pattern) or not is_bounded(pattern) or re.search(r"\||\{\{|\}\}|\n", pattern):
        raise Unreadable(branch)
    return pattern


def _bounded(quantifier: str) -> str:
    if quantifier[0] in "*+":
        return "{0,99}" if quantifier[0] == "*" else "{1,99}"
    return re.sub(r"^\{,", "{0,", re.sub(r",\}", ",99}", quantifier)).removesuffix("?") if quantifier[0] == "{" else "?"
