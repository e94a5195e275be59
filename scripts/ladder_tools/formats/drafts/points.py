"""A model answer as key points, the rows by which staff mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.question import KeyPoint

DEFAULT_MARKS = Decimal(5)
HALF = Decimal("0.5")
_LABEL = re.compile(r"(?:参考答案|评分要点|评分标准|答题要点|得分点|要点|答案|答|key points?|answer)\s*[:：]\s*", re.IGNORECASE)
_NUMBER = re.compile(
    r"[(（]\s*(?P<bracketed>\d{1,2})\s*[)）]|(?P<plain>\d{1,2})\s*[.、．)）](?!\d)|(?P<circled>[①-⑳])"
    r"|(?:要点|得分点|第)\s*(?P<word>[一二三四五六七八九十]|\d{1,2})\s*[:：、,，.点]"
)
_INLINE = re.compile(r"[(（]\s*\d{1,2}\s*[)）]|[①-⑳]|(?<=[;；。\s])\d{1,2}\s*[.、．)）](?!\d)")
_ONLY_NUMBERS = re.compile(r"[\s①-⑳,，、→>—;；。.-]+\Z")
_EACH = re.compile(r"[(（]\s*每个?[点条项]\s*(?P<marks>\d{1,2}(?:\.\d)?)\s*分\s*[)）]\s*[。.]?\s*\Z")
_MARKS = re.compile(r"[(（\[【]\s*(?P<marks>\d{1,3}(?:\.\d{1,2})?)\s*(?:分|marks?|points?|pts?)\s*[)）\]】]")
_BARE_MARKS = re.compile(r"(?<=[\s,，;；:：])(?P<marks>\d{1,3}(?:\.\d{1,2})?)\s*分\Z")
_KEYWORDS = re.compile(
    r"(?:[(（\[【,，;；]\s*)?(?:关键词|keywords?)\s*[:：](?P<words>[^()（）\[\]【】]*)[)）\]】]?\Z", re.IGNORECASE
)
_ENDS = " \t;；,，、"


@dataclass(frozen=True)
class _Row:
    """One row of a model answer: its words, and its marks where they are written."""

    text: str
    marks: Decimal | None
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """What a model answer came to. `said` is a code of `texts` for what had to be decided, `total` the sum of their marks."""

    points: tuple[KeyPoint, ...]
    said: str = ""
    total: Decimal = Decimal(0)


def read_points(answer: str, marks: Decimal | None) -> Points:
    """The key points of a model answer, in plain text.

    Rows are its lines, or what is numbered (1), ① or 1. in it. Rows that say their marks keep them, and a row without among them
    continues the one before. When no row says any, they share the question's marks in halves, or have one mark each when it has
    none. An answer that is one row is one key point, worth the whole question.
    """
    each = _EACH.search(answer)
    divided = [_row(text) for text in _divide(answer[: each.start()] if each else answer)]
    if each and all(row.marks is None for row in divided):
        divided = [_marked(row.text, each["marks"], row.keywords) for row in divided]
    rows = _joined(divided)
    if not rows:
        return Points(())
    given = rows[0].marks is not None
    shares = [row.marks or HALF for row in rows] if given else _shares(marks, len(rows))
    points = tuple(KeyPoint(share, row.text, row.keywords) for share, row in zip(shares, rows, strict=True))
    total = sum(shares, Decimal(0))
    if given:
        said = "points-sum" if marks is not None and total != marks else ""
    else:
        said = "points-shared" if len(rows) > 1 else "no-key-points"
    return Points(points, said, total)


def _divide(answer: str) -> list[str]:
    """The rows of a model answer, without their numbers."""
    lines = [line.strip() for line in answer.split("\n") if line.strip()]
    pieces = [piece for line in lines for piece in _pieces(line)]
    texts = [_LABEL.sub("", piece, count=1) if _LABEL.match(piece) else piece for piece in pieces]
    return [text for text in (_without_number(text) for text in texts) if text]


def _pieces(line: str) -> list[str]:
    """A line cut before each of its numbers, when they count up from one; else after each of its marks."""
    marks = list(_INLINE.finditer(line))
    first = _NUMBER.match(line)
    if first and (not marks or marks[0].start() > 0):
        marks.insert(0, first)
    numbers = [_number(mark[0]) for mark in marks]
    cuts = [mark.start() for mark in marks]
    if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)):
        cuts = [mark.end() for mark in _MARKS.finditer(line)][:-1]
    return [line[start:end].strip(_ENDS) for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True)]


def _number(mark: str) -> int:
    digits = re.search(r"\d+", mark)
    return int(digits[0]) if digits else ord(mark[0]) - ord("①") + 1


def _without_number(text: str) -> str:
    number = _NUMBER.match(text)
    if number and _ONLY_NUMBERS.match(text, number.end()):  # ②①③ is an order
        return text
    return (text[number.end() :] if number else text).strip(_ENDS)


def _row(text: str) -> _Row:
    keywords = _KEYWORDS.search(text) if "关键词" in text or "eyword" in text else None
    words = tuple(filter(None, re.split(r"\s*[、,，/|;；]\s*", keywords["words"].strip()))) if keywords else ()
    text = text[: keywords.start()] if keywords else text
    marks = list(_MARKS.finditer(text))
    if len(marks) == 1 and (marks[0].start() == 0 or not text[marks[0].end() :].strip("。.;；,， ")):
        text = text[: marks[0].start()] + text[marks[0].end() :]
        return _marked(text, marks[0]["marks"], words)
    bare = _BARE_MARKS.search(text) if not marks else None
    if bare:
        return _marked(text[: bare.start()], bare["marks"], words)
    return _Row(text.strip(_ENDS), None, words)


def _marked(text: str, marks: str, keywords: tuple[str, ...]) -> _Row:
    amount = Decimal(marks)
    return _Row(text.strip(_ENDS), amount.normalize() + 0 if amount else None, keywords)


def _joined(rows: Sequence[_Row]) -> list[_Row]:
    """Rows where either each has its marks or none has."""
    rows = [row for row in rows if row.text]
    if all(row.marks is None for row in rows):
        return rows
    joined: list[_Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and (row.marks is None or last.marks is None):
            text, keywords = f"{last.text}\n{row.text}", last.keywords + row.keywords
            joined[-1] = _Row(text, last.marks if row.marks is None else row.marks, keywords)
        else:
            joined.append(row)
    return joined


def _shares(marks: Decimal | None, count: int) -> list[Decimal]:
    """Marks shared out in halves, the earlier rows first; one each when there are none to share or too few."""
    if count == 1:
        return [marks or DEFAULT_MARKS]
    halves = int(marks / HALF) if marks is not None and marks % HALF == 0 else 0
    if halves < count:
        return [Decimal(1)] * count
    return [(halves // count + (row < halves % count)) * HALF for row in range(count)]
