"""GIFT, Moodle's text format: records between blank lines, the answers in braces.

The grammar is that of Moodle's own importer; beyond it a blank line inside braces does not end a record, and a category may stand
right above its question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.drafts.answers import RIGHT, WRONG
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.encoding import decode
from ladder_tools.formats.exact.asked import GAP, WHOLE, Answer, Asked, markdown_of, note_categories
from ladder_tools.formats.exact.question import choice_question, pairs_question, typed_question, written_question
from ladder_tools.formats.exact.typed_keys import Amount, number_of, numeric_key
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.moodle.gift_write import HOLDS, write

__all__ = ["HOLDS", "looks_like", "read", "write"]

_ESCAPED = re.compile(r"\\([\\:#={}~n])")
# What is escaped is no mark until the record is taken apart. No text holds these characters: decoding takes them out.
_HELD = {"\\": "\\", ":": "\x01", "#": "\x02", "=": "\x03", "{": "\x04", "}": "\x05", "~": "\x06", "n": "\x07"}
_FREE = str.maketrans({"\x01": ":", "\x02": "#", "\x03": "=", "\x04": "{", "\x05": "}", "\x06": "~", "\x07": "\n"})
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,10})?)%")
_ID = re.compile(r"\[id:((?:\\\]|[^\]]){1,200})\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]]){1,200})\]")
_LINE = re.compile(r"(?<![\\_])_{2,}(?!_)")
_MISSING = re.compile(r"(?<![\\_\n])_{5}(?![_\n])")  # what Moodle itself puts for a missing word; on its own line it is a rule
_ANSWERS_LIKE = re.compile(r"\{\s*(?:[=~]|####|#\s*(?:=\s*)?(?:%-?[\d.]{1,9}%)?-?\d|(?:T|F|TRUE|FALSE)\s*[#}]|\})")
_TRUE, _FALSE = ("T", "TRUE"), ("F", "FALSE")
_HEAD = 65_536


@dataclass
class _Record:
    """One record: the line it begins in, its text with escapes held, and what its comments say."""

    line: int
    text: str
    comments: str


@dataclass(frozen=True)
class _Parts:
    """A record taken apart. `typed` is its stem when the answer is typed, with `GAP`, and `chosen` when it is chosen."""

    typed: str
    chosen: str
    block: str
    format: str


def looks_like(source: Source) -> bool:
    """Whether a source is GIFT: most of its records with braces have answers of GIFT in them."""
    text = decode(Source(source.file, source.data[:_HEAD]), Reading(source.file)) or ""
    records = [record.text for record in _records(text, Reading(source.file)) if "{" in record.text]
    return 2 * sum(_ANSWERS_LIKE.search(record) is not None for record in records) > len(records)


def read(source: Source) -> Reading:
    """Read a file of GIFT; each record that asks something is an item."""
    reading = Reading(source.file)
    text = decode(source, reading)
    for record in _records(text, reading) if text else ():
        _read_record(record, reading)
    return reading


def _records(text: str, reading: Reading) -> Iterator[_Record]:
    parts: list[tuple[int, list[str]]] = []
    open_ = False  # whether braces are open, so that a blank line ends nothing
    fresh = True
    for number, line in enumerate(text.replace(GAP, "").split("\n"), 1):
        if not line.strip():
            fresh = True
            continue
        held = line.strip() if line.lstrip().startswith("//") else _ESCAPED.sub(lambda escape: _HELD[escape[1]], line.strip())
        if fresh and not (open_ and _closes(held)):
            parts.append((number, []))
            open_ = False
        fresh = False
        parts[-1][1].append(held)
        if not held.startswith("//"):
            open_ = _is_open(held, open_)
    categories: list[tuple[int, str]] = []
    for number, lines in parts:
        yield from _record(number, lines, categories)
    note_categories(categories, reading)


def _closes(line: str) -> bool:
    """Whether a line after a blank one may belong to braces that are open: an answer, or the closing brace."""
    return line.startswith(("=", "~", "}", "#"))


def _is_open(line: str, before: bool) -> bool:
    last = max(line.rfind("{"), line.rfind("}"))
    return before if last < 0 else line[last] == "{"


def _record(number: int, lines: list[str], categories: list[tuple[int, str]]) -> Iterator[_Record]:
    texts: list[str] = []
    comments: list[str] = []
    first = 0
    for at, line in enumerate(lines, number):
        if line.startswith("//"):
            comments.append(line)
        elif line.startswith("$CATEGORY:") and not texts:
            categories.append((at, _shown(line.removeprefix("$CATEGORY:"))))
        else:
            first = first or at
            texts.append(line)
    if texts:
        yield _Record(first, "\n".join(texts), "\n".join(comments))


def _read_record(record: _Record, reading: Reading) -> None:
    text, title = record.text, ""
    if text.startswith("::") and "::" in text[2:]:
        title, _, text = text[2:].partition("::")
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        reading.warn("asks-nothing", record.line, text=excerpt(_text(text, "moodle")))
        return
    report = reading.report()
    asked = Asked(record.line, title=_shown(title))
    asked.id, asked.tags = _from_comments(record.comments)
    question = None
    if start < 0 or end < start or "{" in text[end:] or "}" in text[end + 1 :]:
        report.error("gift-braces", record.line)
    else:
        question = _question(asked, _divide(asked, text, start, end), report)
    reading.add(report, record.line, asked.excerpt or _shown(text), question, asked.said)


def _shown(text: str) -> str:
    """Text without its escapes, on one line."""
    return " ".join(text.translate(_FREE).split())


def _from_comments(comments: str) -> tuple[str, list[str]]:
    id_ = _ID.search(comments)
    tags = [tag.replace("\\]", "]").strip() for tag in _TAG.findall(comments)]
    return id_[1].replace("\\]", "]").strip() if id_ else "", tags


def _divide(asked: Asked, text: str, start: int, end: int) -> _Parts:
    """Take a record apart at its braces, and note its general feedback."""
    before, block, after = text[:start].lstrip(), text[start + 1 : end].strip(), text[end + 1 :].translate(_FREE)
    marker = _FORMAT.match(before)
    format_ = marker[1] if marker else "moodle"
    before = (before[marker.end() :] if marker else before).translate(_FREE)
    block, _, feedback = block.rpartition("####") if "####" in block else (block, "", "")
    asked.explanation = _text(feedback, format_)
    line = _MISSING if format_ == "markdown" else _LINE
    if not after and len(line.findall(before)) == 1:
        typed = line.sub(GAP, before)
    elif after or format_ == "markdown":
        typed = before + GAP + after
    else:
        typed = before.rstrip() + (" " if before.rstrip()[-1:].isascii() else "") + GAP
    return _Parts(typed, f"{before}_____{after}" if after else before, block.strip(), format_)


def _text(text: str, default: str) -> str:
    """A text with its own format, or that of the stem, as Markdown."""
    text = text.strip()
    marker = _FORMAT.match(text)
    return markdown_of((text[marker.end() :] if marker else text).translate(_FREE), marker[1] if marker else default)


def _question(asked: Asked, parts: _Parts, report: Report) -> Question | None:
    """The type by the look of the answers, in the order in which Moodle looks."""
    block, format_ = parts.block, parts.format
    judged = block.partition("#")[0].strip()
    paired = "=" in block and "->" in block
    typed = block.startswith("#") or (block and "~" not in block and not paired and judged not in _TRUE + _FALSE)
    asked.stem = markdown_of(parts.typed if typed else parts.chosen, format_)
    if block.startswith("#"):
        return _numerical(asked, block[1:], format_, report)
    if typed:
        answers = [_weighed(piece, format_, WHOLE, plain=True) for piece in _pieces(block)]
        return typed_question(asked, [answers], report)
    if not block:
        return _essay(asked, report)
    if "~" in block:
        return choice_question(asked, list(_choices(block, format_)), report, several="=" not in block)
    if paired:
        return _matching(asked, block, format_, report)
    return _judgement(asked, block, judged in _TRUE, format_, report)


def _choices(block: str, default: str) -> Iterator[Answer]:
    for piece in filter(None, map(str.strip, block.replace("=", "~=").split("~"))):
        share = WHOLE if piece.startswith("=") else Decimal(0)
        yield _weighed(piece.removeprefix("=").strip(), default, share, plain=False)


def _pieces(block: str) -> list[str]:
    return [piece.strip() for piece in block.split("=") if piece.strip()]


def _weighed(piece: str, default: str, share: Decimal, *, plain: bool) -> Answer:
    """`%50%text#feedback`; the text is plain where it is typed, else Markdown."""
    weight = _WEIGHT.match(piece)
    text, _, feedback = (piece[weight.end() :] if weight else piece).partition("#")
    marker = _FORMAT.match(text.strip())
    words = (text.strip()[marker.end() :] if marker else text).translate(_FREE).strip() if plain else _text(text, default)
    return Answer(words, Decimal(weight[1]) if weight else share, _text(feedback, default))


def _numerical(asked: Asked, block: str, default: str, report: Report) -> Question | None:
    block, _, wrong = block.partition("~")
    answers: list[Answer] = []
    for piece in _pieces(block):
        answer = _weighed(piece, default, WHOLE, plain=True)
        key = _number_key(answer)
        if key is None:
            report.error("bad-number", asked.line, text=excerpt(answer.text))
            return None
        answers.append(Answer(key, answer.share, "" if key == answer.feedback else answer.feedback, is_key=True))
    if wrong.partition("#")[2]:
        asked.remarks.append(_text(wrong.partition("#")[2], default))
    return typed_question(asked, [answers], report)


def _number_key(answer: Answer) -> str | None:
    low, dots, high = answer.text.partition("..")
    if dots:
        least, most = number_of(low), number_of(high)
        if least is None or most is None or least > most:
            return None
        return f"{least:f}..{most:f}"
    middle, _, slack = answer.text.partition(":")
    number, tolerance = number_of(middle), number_of(slack or "0")
    if number is None or tolerance is None or tolerance < 0:
        return None
    return numeric_key(Amount(number, tolerance), answer.feedback or answer.text.strip())


def _judgement(asked: Asked, block: str, right: bool, default: str, report: Report) -> Question | None:
    _, wrong_feedback, right_feedback = (*block.split("#", 2), "", "")[:3]
    true, false = (right_feedback, wrong_feedback) if right else (wrong_feedback, right_feedback)
    answers = [
        Answer(RIGHT, WHOLE if right else Decimal(0), _text(true, default)),
        Answer(WRONG, Decimal(0) if right else WHOLE, _text(false, default)),
    ]
    return choice_question(asked, answers, report, several=False)


def _matching(asked: Asked, block: str, default: str, report: Report) -> Question | None:
    pairs: list[tuple[str, str]] = []
    others: list[str] = []
    for piece in _pieces(block):
        left, arrow, right = piece.partition("->")
        if not arrow:
            report.error("gift-pair", asked.line, text=excerpt(_shown(piece)))
            return None
        words = right.translate(_FREE).strip()
        if left.strip():
            pairs.append((_text(left, default), words))
        else:
            others.append(words)
    return pairs_question(asked, pairs, others, report)


def _essay(asked: Asked, report: Report) -> Question | None:
    """Our writer puts the key points below the explanation; others write how to mark into the general feedback."""
    explanation, _, points = asked.explanation.rpartition("\n\n")
    own = all(line.startswith("= ") for line in points.split("\n")) if points else False
    grading = points if own else asked.explanation
    asked.explanation = explanation if own else ""
    return written_question(asked, grading, report)
