"""What a format cannot hold of a question: one rule for all formats, from what each says it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ladder.core.kb import LINK
from ladder.core.pattern import is_pattern
from ladder.core.question import STAFF_MARKED, Choice, KeyPoint, Question, Type, speaks_of_others
from ladder_tools.formats.escape import is_plain, to_markdown, to_markdown_line, to_text, without_links
from ladder_tools.formats.model import Feature, Holds

PICTURE = re.compile(r"!\[[^\]]*\]\((?P<name>[^)\s]+)[^)]*\)")
SPAN = re.compile(r"\s*-?\d+(?:\.\d+)?\s*(?:\.\.|±|\+-)\s*-?\d+(?:\.\d+)?\D*\Z")


def used_features(question: Question) -> frozenset[Feature]:
    """The features that a question makes use of."""
    return frozenset(_used(question))


def _used(question: Question) -> Iterator[Feature]:
    yield from (Feature.ID, Feature.TITLE, Feature.DIFFICULTY)
    for feature, used in (
        (Feature.KB, question.kb),
        (Feature.MARKS, question.marks is not None),
        (Feature.FIXED, question.fixed and question.type is not Type.JUDGE),
        (Feature.PINNED, any(choice.pinned and not speaks_of_others(choice.text) for choice in question.choices)),
        (Feature.EXPLANATION, question.explanation),
        (Feature.MULTIPLE, question.multiple),
        (Feature.ANY_ORDER, question.any_order),
        (Feature.ALTERNATIVES, any(len(keys) > 1 for keys in question.blanks)),
        (Feature.SPANS, any(SPAN.match(key) for keys in question.blanks for key in keys)),
        (Feature.PATTERNS, any(is_pattern(key) for keys in question.blanks for key in keys)),
        (Feature.EXAMPLES, question.examples),
        (Feature.KEY_POINTS, len(question.key_points) > 1),
        (Feature.KEY_POINT_MARKS, question.key_points),
        (Feature.KEYWORDS, any(point.keywords for point in question.key_points)),
        (Feature.ESSAY, question.type is Type.ESSAY),
    ):
        if used:
            yield feature
    texts = list(texts_of(question))
    if any(LINK.search(text) for text in texts):
        yield Feature.LINKS
    if any(PICTURE.search(text) for text in texts):
        yield Feature.PICTURES
    if not all(is_plain(PICTURE.sub("", LINK.sub("", text))) for text in texts):
        yield Feature.MARKUP


def texts_of(question: Question) -> Iterator[str]:
    """Every Markdown text of a question."""
    yield question.stem
    yield question.explanation
    yield from (choice.text for choice in question.choices)
    yield from (point.text for point in question.key_points)


def lost_features(question: Question, holds: Holds) -> list[Feature]:
    """The features of a question that a format cannot hold, in the order of `Feature`. The type is another matter."""
    lost = used_features(question) - holds.features
    return [feature for feature in Feature if feature in lost]


def reduced(question: Question, holds: Holds) -> Question:
    """What is left of a question when a format has held what it can: what writing and reading it again must give.

    The line becomes 0, as it belongs to the file and not to the question.
    """
    held = holds.features
    defaults: dict[str, object] = {"line": 0}
    for feature, field, default in (
        (Feature.ID, "id", ""),
        (Feature.TITLE, "title", ""),
        (Feature.DIFFICULTY, "difficulty", 2),
        (Feature.KB, "kb", None),
        (Feature.MARKS, "marks", None),
        (Feature.FIXED, "fixed", question.type is Type.JUDGE),
        (Feature.EXPLANATION, "explanation", ""),
        (Feature.MULTIPLE, "multiple", ""),
        (Feature.ANY_ORDER, "any_order", False),
        (Feature.EXAMPLES, "examples", ()),
    ):
        if feature not in held:
            defaults[field] = default
    if question.type is Type.ESSAY and Feature.ESSAY not in held:
        defaults["type"] = Type.SHORT
    left = replace(question, **defaults)  # type: ignore[arg-type] # each name above is a field with a value of its type
    return replace(
        left,
        stem=_text(left.stem, holds),
        explanation=_text(left.explanation, holds),
        choices=tuple(_choice(choice, holds) for choice in left.choices),
        key_points=_key_points(left, holds),
        blanks=tuple(_keys(keys, held) for keys in left.blanks),
    )


def _text(text: str, holds: Holds) -> str:
    return _linked(text, holds) if Feature.MARKUP in holds.features else to_markdown(to_text(text))


def _line(text: str, holds: Holds) -> str:
    return _linked(text, holds) if Feature.MARKUP in holds.features else to_markdown_line(to_text(text))


def _linked(text: str, holds: Holds) -> str:
    return text if Feature.LINKS in holds.features else without_links(text)


def _choice(choice: Choice, holds: Holds) -> Choice:
    text = _line(choice.text, holds)
    return Choice(text, choice.correct, (choice.pinned and Feature.PINNED in holds.features) or speaks_of_others(text))


def _key_points(question: Question, holds: Holds) -> tuple[KeyPoint, ...]:
    if question.type not in STAFF_MARKED:
        return question.key_points
    held = holds.features
    return tuple(
        KeyPoint(
            point.marks if Feature.KEY_POINT_MARKS in held else Decimal(0),
            _line(point.text, holds),
            point.keywords if Feature.KEYWORDS in held else (),
        )
        for point in question.key_points
    )


def _keys(keys: tuple[str, ...], held: frozenset[Feature]) -> tuple[str, ...]:
    kept = [
        key for key in keys
        if (Feature.PATTERNS in held or not is_pattern(key)) and (Feature.SPANS in held or not SPAN.match(key))
    ]
    return tuple(kept if Feature.ALTERNATIVES in held else kept[:1])
