"""Aiken: a stem, choices under letters, `ANSWER: B`.

Beyond Moodle's own reading a stem and a choice may run over several lines, letters may be small, and 答案 says ANSWER too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.encoding import decode
from ladder_tools.formats.escape import to_markdown, to_markdown_line
from ladder_tools.formats.exact.asked import WHOLE, Answer, Asked
from ladder_tools.formats.exact.question import choice_question
from ladder_tools.formats.model import Reading, Source

_CHOICE = re.compile(r"(?P<letter>[A-Za-zＡ-Ｚ])\s?[.)、．）:：]\s*(?P<text>\S.*)\Z")
_ANSWER = re.compile(
    r"(?:ANSWER|(?:正确|标准|参考)?答案)\s?[:：]\s*(?P<letters>[A-Za-zＡ-Ｚ](?:[\s,、，]{0,3}[A-Za-zＡ-Ｚ])*+)?", re.IGNORECASE
)
_WHY = re.compile(r"(?:FEEDBACK|EXPLANATION|(?:答案)?解析)\s?[:：]\s*(?P<text>.*)\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<number>\d{1,4})\s?[.、．)）]\s*(?=\D)")
_STRICT = re.compile(r"^[A-Z][.)][ \t]?\S.*\n+ANSWER:[ \t]*[A-Z](?:[ ,]{1,3}[A-Z])*[ \t]*$", re.MULTILINE)
_OTHERS = re.compile(r"^(?:#{1,6} |---$|<|::|[\[【]?(?:解析|难度|知识点)[】\]]?[:：])", re.MULTILINE)
_HEAD = 65_536


@dataclass
class _Part:
    """A question while its lines come in. The lines of a choice stay apart: the last may turn out to be the next stem."""

    line: int
    stem: list[tuple[int, str]] = field(default_factory=list)
    choices: list[list[tuple[int, str]]] = field(default_factory=list)
    answer: str | None = None
    answer_line: int = 0
    why: list[str] = field(default_factory=list)


def looks_like(source: Source) -> bool:
    """Whether a source is Aiken, as Moodle itself would read it."""
    text = decode(Source(source.file, source.data[:_HEAD]), Reading(source.file)) or ""
    return _STRICT.search(text) is not None and _OTHERS.search(text) is None


def read(source: Source) -> Reading:
    """Read a file of Aiken; each stem with its choices is an item."""
    reading = Reading(source.file)
    text = decode(source, reading)
    parts = _parts(text) if text else []
    for number, part in enumerate(parts, 1):
        _read_part(part, number, reading)
    return reading


def _parts(text: str) -> list[_Part]:
    parts: list[_Part] = []
    after_blank = True
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if words:
            _take(parts, number, words, after_blank)
        after_blank = not words
    return parts


def _take(parts: list[_Part], number: int, words: str, after_blank: bool) -> None:
    """Give one line to the question that it belongs to."""
    part = parts[-1] if parts else _Part(number, answer="")
    answer, choice, why = _ANSWER.match(words), _CHOICE.match(words), _WHY.match(words)
    ended = part.answer is not None
    if answer:
        part = _Part(number) if ended else part
        part.answer, part.answer_line = answer["letters"] or "", number
    elif ended and parts and (why or (part.why and not after_blank and not choice)):
        part.why.append(why["text"] if why else words)
    elif ended or (part.choices and after_blank and not _is_next(choice, part)):
        part = _Part(number)
        _into(part, number, words, choice)
    elif choice and part.choices and _is_letter(choice, 0) and len(part.choices[-1]) > 1:
        stem = part.choices[-1][1:]
        del part.choices[-1][1:]
        part = _Part(stem[0][0], stem)
        _into(part, number, words, choice)
    else:
        _into(part, number, words, choice)
    if not parts or parts[-1] is not part:
        parts.append(part)


def _into(part: _Part, number: int, words: str, choice: re.Match[str] | None) -> None:
    if choice and _is_next(choice, part):
        part.choices.append([(number, choice["text"])])
    else:
        (part.choices[-1] if part.choices else part.stem).append((number, words))


def _is_next(choice: re.Match[str] | None, part: _Part) -> bool:
    return choice is not None and _is_letter(choice, len(part.choices))


def _is_letter(choice: re.Match[str], index: int) -> bool:
    return _index(choice["letter"]) == index


def _index(letter: str) -> int:
    """A is 0, of either width and case."""
    return (ord(letter.upper()) - ord("Ａ")) if letter > "z" else ord(letter.upper()) - ord("A")


def _read_part(part: _Part, number: int, reading: Reading) -> None:
    report = reading.report()
    lines = [words for _, words in part.stem]
    numbered = _NUMBER.match(lines[0]) if lines else None
    if numbered and int(numbered["number"]) == number:
        lines[0] = lines[0][numbered.end() :]
    asked = Asked(part.line, to_markdown("\n".join(lines)), explanation=to_markdown("\n".join(part.why)))
    reading.add(report, part.line, " ".join(lines) or "ANSWER", _question(part, asked, report), asked.said)


def _question(part: _Part, asked: Asked, report: Report) -> Question | None:
    if not part.stem and not part.choices:
        report.error("aiken-stray", part.line)
        return None
    if not part.answer:
        report.error("aiken-no-answer", part.answer_line or part.line)
        return None
    letters = re.findall(r"[^\W\d_]", part.answer)
    right = {_index(letter) for letter in letters}
    if max(right) >= len(part.choices) > 1:
        report.error("aiken-answer", part.answer_line, letter=chr(ord("A") + max(right)))
        return None
    answers = [
        Answer(to_markdown_line("\n".join(words for _, words in choice)), WHOLE if index in right else Decimal(0))
        for index, choice in enumerate(part.choices)
    ]
    return choice_question(asked, answers, report, several=len(right) > 1)
