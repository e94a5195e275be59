"""What we say to Moodle in the same words, whether in GIFT or in XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ladder.core.marks import plain
from ladder.core.question import Question, Type
from ladder_tools.formats.drafts.answers import RIGHT, WRONG
from ladder_tools.formats.escape import without_links

_BLANK = re.compile(r"\{\{\d+\}\}")
_STEP = Decimal("0.00001")  # Moodle writes its shares to five places, and knows them by these


def parts_of(stem: str) -> list[str]:
    """The texts before, between and after the blanks of a stem."""
    return _BLANK.split(without_links(stem))


def is_true_or_false(question: Question) -> bool:
    """Whether a question is Moodle's true/false, whose words and order are Moodle's own."""
    return question.type is Type.JUDGE and [choice.text for choice in question.choices] == [RIGHT, WRONG]


def shares(question: Question) -> list[str]:
    """Per cent of the marks for each choice. Several right ones have equal parts, and a wrong one takes all away, as with us."""
    if question.type is not Type.MULTIPLE:
        return ["100" if choice.correct else "0" for choice in question.choices]
    share = plain((Decimal(100) / len(question.key)).quantize(_STEP))
    return [share if choice.correct else "-100" for choice in question.choices]


def tags(question: Question) -> Iterator[str]:
    """What Moodle has no field for, as tags that people can read and filter by."""
    yield f"difficulty:{question.difficulty}"
    if question.kb:
        yield f"kb:{question.kb}"
    if question.type is Type.SHORT:
        yield "short"


def key_points(question: Question) -> str:
    """Key points for those who mark, a line each, as in our own banks."""
    return "\n".join(
        " | ".join((f"= {plain(point.marks)} {without_links(point.text)}", *point.keywords)) for point in question.key_points
    )
