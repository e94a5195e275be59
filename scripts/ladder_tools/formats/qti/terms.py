"""What every QTI says in the same way: names, identifiers, numbers, and what an author reads about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ladder.core.marks import plain
from ladder.core.problems import Report
from ladder_tools.formats.escape import to_markdown_line
from ladder_tools.formats.exact.asked import GAP, WHOLE, Asked

_MACHINE = re.compile(r"[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}-|(?:_[0-9a-f]{4}){3}\Z|_\d+_\d+\Z|\d+\Z", re.IGNORECASE)
_OWN = re.compile(r"_\d[a-z0-9-]*\Z|[a-z][a-z0-9-]{0,30}\Z")
_RIGHT = re.compile(r"correct|right", re.IGNORECASE)
_WRONG = re.compile(r"incorrect|wrong", re.IGNORECASE)
_MOST = Decimal(1_000_000)  # per cent: what is beyond means nothing to anyone
_NO_TITLE = re.compile(r"(?:(?:q|question|item|quiz question|题目?|问题|未命名)?\s*[#_-]?\s*\d*)\Z", re.IGNORECASE)


def source_id(ident: str) -> str:
    """An identifier that a person may have chosen; `""` for numbers and digests."""
    words = ident.strip()
    return "" if _MACHINE.search(words) and not _OWN.match(words) else words


def source_title(title: str) -> str:
    """A title that says something; `""` for `Question 3`."""
    words = " ".join(title.split())
    return "" if _NO_TITLE.match(words) else words


def explain(asked: Asked, general: Sequence[str], right: Sequence[str], wrong: Sequence[str]) -> None:
    """Make an explanation of what is said to everyone, to those who were right, and to those who were wrong."""
    if [*right] == [*wrong] or not (general or wrong):
        general, right, wrong = [*general, *right], [], []
    words = ("答对：", "答错：") if asked.chinese else ("If right: ", "If wrong: ")
    lines = [f"{word}{text}" for word, texts in zip(words, (right, wrong), strict=True) for text in texts]
    asked.explanation = "\n\n".join(dict.fromkeys(filter(None, [*general, *lines])))


def is_for_right(name: str) -> bool:
    """Whether feedback of this name is for those who were right."""
    return not is_for_wrong(name) and _RIGHT.search(name) is not None


def is_for_wrong(name: str) -> bool:
    """Whether feedback of this name is for those who were wrong."""
    return _WRONG.search(name) is not None


def share_of(earned: Decimal, best: Decimal) -> Decimal:
    """What is earned as per cent of the best, to two places."""
    share = max(-_MOST, min(earned * WHOLE / best, _MOST))
    return Decimal(plain(share.quantize(Decimal("0.01"))))


def span_key(low: Decimal, high: Decimal, middle: Decimal | None = None) -> str:
    """The key for numbers from `low` to `high`: `48`, `48±2`, `46..50`. What was written as a middle stays one."""
    low, high = min(low, high), max(low, high)
    if low == high:
        return plain(low)
    if middle is not None and middle - low == high - middle:
        return f"{plain(middle)}±{plain(high - middle)}"
    return f"{plain(low)}..{plain(high)}"


def show_menus(asked: Asked, menus: Sequence[Sequence[str]], report: Report) -> None:
    """Put what each blank offers, as plain texts, behind it in the stem; nothing for one that offers nothing."""
    texts = asked.stem.split(GAP)
    if len(texts) != len(menus) + 1:
        return
    for number, words in enumerate(menus, 1):
        if words:
            line = " / ".join(map(to_markdown_line, words))
            texts[number] = (f"（{line}）" if asked.chinese else f" ({line})") + texts[number]
            report.warning("choices-in-stem", asked.line, number=number)
    asked.stem = GAP.join(texts)
