"""Questions that stand twice in what is imported: repeats, keys that contradict each other, ids used twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ladder.core.duplicates import fingerprint, same_key
from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.model import Item


def without_twins(items: Sequence[Item]) -> list[Item]:
    """The items with what asks the same left out: a repeat, with a warning; both of two with different keys, or one id."""
    first: dict[str, int] = {}
    ids: dict[tuple[str, str], int] = {}
    result = list(items)
    for index, item in enumerate(items):
        question = item.question
        if question is None:
            continue
        before = first.setdefault(fingerprint(question), index)
        other = items[before].question
        assert other is not None
        if before != index and same_key(other, question):
            result[index] = refused(item, "duplicate-question", "warning", where=items[before].where)
        elif before != index:
            shown, own = key_words(other), key_words(question)
            result[index] = refused(item, "conflicting-keys", "error", where=items[before].where, other=shown, own=own)
            if result[before].question:
                result[before] = refused(items[before], "conflicting-keys", "error", where=item.where, other=own, own=shown)
        elif question.id and (same := ids.setdefault((item.file, question.id), index)) != index:
            result[index] = refused(item, "same-id", "error", id=question.id, where=items[same].where)
    return result


def refused(item: Item, code: str, severity: str, **words: str) -> Item:
    """The item without its question, and with the reason."""
    report = Report(item.file, sheet=item.sheet)
    (report.error if severity == "error" else report.warning)(code, item.line, item.column, 1, **words)
    return replace(item, question=None, problems=(*item.problems, *report.problems))


def key_words(question: Question) -> str:
    """The key of a question in words, as a problem shows it."""
    if question.choices:
        return "、".join(choice.text for choice in question.choices if choice.correct)
    return "；".join(" | ".join(keys) for keys in question.blanks) or "；".join(point.text for point in question.key_points)
