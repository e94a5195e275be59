"""The choices of a row and what its answer calls them: in one cell or several, with letters, numbers or neither."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ladder.core.blank import fold
from ladder_tools.formats.drafts import answers
from ladder_tools.formats.drafts.draft import DraftChoice
from ladder_tools.formats.tables.headers import STEMS

_LETTER = re.compile(r"(?:(?<=\s)|(?<=[;；|])|^)[(（]?([A-Z])\s*[.、．:：)）]\s*")
_NUMBER = re.compile(r"(?:(?:(?<=\s)|(?<=[;；|])|^)(?:[(（](\d{1,2})[)）]|(\d{1,2})[.、．](?!\d)|([①-⑨])))\s*")
_IN_STEM = re.compile(r"(?:(?<=[\s？?。：:；;）)！!_…])|^)([A-Z])\s*[.、．:：)）]\s*")
_LABEL = re.compile(r"[(（]?([A-Za-zＡ-Ｚ])\s*[.、．:：)）]\s*")
_BARE = re.compile(r"([A-ZＡ-Ｚ])(\s*)(?=[^\s\x00-\x7f])")
_SEPARATORS = ("$;$", "\n", "|", "；", ";")
_LOOSE = ("/", "、", "，", ",")  # may as well stand inside a choice
_BETWEEN = re.compile(r"[\s,，、;；|/和]+")
_CALLED = re.compile(r"(?:option|choice|answer|选项)\s*(?=\d|[a-z]\b)", re.IGNORECASE)
_NAMES = re.compile(r"[A-Za-z\d①-⑨\s,，、;；|/和]+")
_CIRCLES = {ord("①") + index: str(index + 1) for index in range(9)}
_OLDER = {ord(stem): chr(ord("A") + index) for index, stem in enumerate(STEMS)}


class TwoWays(ValueError):
    """An answer that is the place of one choice and the words of another."""


def split_options(text: str, answer: str) -> tuple[list[str], bool]:
    """The choices in one cell, after A. B. C. or 1. 2. 3., on lines, or between separators; and whether they have numbers."""
    for labels, digits in ((_LETTER, False), (_NUMBER, True)):
        parts = _labelled(text, list(labels.finditer(text)))
        if parts:
            return parts, digits
    separator = next((separator for separator in _SEPARATORS if separator in text), "\n")
    parts = _pieces(text, separator)
    if len(parts) == 1:
        said = {fold(word) for word in re.split(r"[;；|、，,/\n]", answer)}
        loose = (_pieces(text, separator) for separator in _LOOSE)
        parts = next((pieces for pieces in loose if len(pieces) > 1 and said <= set(map(fold, pieces))), parts)
    return without_letters(parts, [chr(ord("A") + index) for index in range(len(parts))], loose=True), False


def options_of_stem(stem: str, answer: str) -> tuple[str, list[str]]:
    """A question without the choices that follow it in its cell, and these; none unless the answer names some of them."""
    labels = list(_IN_STEM.finditer(stem))
    at = labels[0].start() if labels else 0
    parts = _labelled(stem[at:], list(_IN_STEM.finditer(stem[at:]))) if stem[:at].strip() else []
    letters = _upper("".join(_BETWEEN.split(answer.strip())))
    known = {chr(ord("A") + index) for index in range(len(parts))}
    return (stem[:at].rstrip(), parts) if letters and {*letters} <= known else (stem, [])


def _labelled(text: str, labels: Sequence[re.Match[str]]) -> list[str]:
    """What stands behind each label; nothing unless they go through from the first, and say something."""
    names = [next(filter(None, label.groups())).translate(_CIRCLES) for label in labels]
    if len(labels) < 2 or text[: labels[0].start()].strip() or names not in (
        [chr(ord("A") + index) for index in range(len(labels))], [str(index + 1) for index in range(len(labels))],
    ):
        return []
    ends = [*(label.start() for label in labels[1:]), len(text)]
    parts = [text[label.end() : end].strip(" \n;；|") for label, end in zip(labels, ends, strict=True)]
    return parts if all(parts) else []


def _pieces(text: str, separator: str) -> list[str]:
    return [part for part in map(str.strip, text.split(separator)) if part][:26]


def without_letters(texts: Sequence[str], letters: Sequence[str], *, loose: bool = False) -> list[str]:
    """Choices without the letters that each of them repeats: `A. 登记`, `A 登记`; `loose`: `A登记` too. A类, B类 stay."""
    for pattern in (_LABEL, _BARE):
        labels = [pattern.match(text) for text in texts]
        found = [label for label in labels if label]
        if len(found) < max(len(texts), 1) or [_upper(label[1]) for label in found] != [*letters]:
            continue
        rest = [text[label.end() :] for text, label in zip(texts, found, strict=True)]
        told = pattern is _LABEL or (len({text[:1] for text in rest}) > 1 and (loose or all(label[2] for label in found)))
        if told:
            return rest
    return list(texts)


def _upper(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter).upper()


def numbers_of(answer: str, count: int) -> list[int]:
    """The numbers that an answer to so many choices is made of: 2, `1,3`, 13 where there are fewer than ten; else none."""
    text = unicodedata.normalize("NFKC", answer.translate(_CIRCLES)).strip()
    words = [*text] if text.isdecimal() and count < 10 else [word for word in _BETWEEN.split(text) if word]
    return [int(word) for word in words] if words and all(re.fullmatch(r"\d{1,2}", word) for word in words) else []


def named(answer: str, choices: Sequence[DraftChoice], *, digits: bool, older: bool) -> str:
    """An answer by the letters of the choices where it calls them by number (`digits`), by column or, `older`, by 甲乙丙丁.

    Raises `TwoWays` when a number is the place of one choice and the text of another.
    """
    filled = [choice for choice in choices if choice.text]
    texts = {fold(choice.text): index for index, choice in enumerate(filled)}
    if not filled or (fold(answer) in texts and not digits):
        return answer
    if older and all(part in STEMS for part in _BETWEEN.sub("", answer)):
        return answer.translate(_OLDER)
    bare = _CALLED.sub("", answer)
    bare = bare if _NAMES.fullmatch(bare) else answer
    numbers = numbers_of(bare, len(filled)) if digits else []
    if not numbers or not all(1 <= number <= len(filled) for number in numbers):
        return bare
    places = {number - 1 for number in numbers}
    if any(other != places for other in _other_ways(bare, filled, texts)):
        raise TwoWays(answer)
    return "".join(filled[place].label for place in sorted(places))


def _other_ways(answer: str, choices: Sequence[DraftChoice], texts: dict[str, int]) -> Iterator[set[int]]:
    """The choices that a number means as their text, and as a judgement."""
    for words in ([answer], _BETWEEN.split(answer)):
        if all(fold(word) in texts for word in words):
            yield {texts[fold(word)] for word in words}
    said = answers.says(answer, asked=True)
    if said is not None and answers.is_judgement(choices, asked=True):
        yield {[answers.says(choice.text, asked=True) for choice in choices].index(said)}
