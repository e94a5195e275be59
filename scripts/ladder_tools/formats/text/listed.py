"""Choices without letters that stand in a stem as a list: 正确 and 错误 on lines of their own, ① ② ③ that the answer names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from ladder.core.question import Type
from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.blanks import has_blank, has_line
from ladder_tools.formats.drafts.draft import Draft, DraftChoice
from ladder_tools.formats.text.paper import Asked

_CHOSEN = frozenset((Type.SINGLE, Type.MULTIPLE))
_CIRCLE = re.compile(r"(?:^|(?<=[\s;；,，。]))(?P<circle>[①-⑳])\s*", re.MULTILINE)
_NUMBER = re.compile(r"^\s*[(（]?(?P<number>\d{1,2})(?:[)）]|\s*[.、．])\s*(?=\D)", re.MULTILINE)
_CIRCLES = re.compile(r"[①-⑳](?:[\s,，、;；]*[①-⑳])*\Z")
_NUMBERS = re.compile(r"[(（]?\d{1,2}[)）]?(?:[\s,，、;；]+[(（]?\d{1,2}[)）]?)*\Z")
_ENDS = " \t\n;；,，、"


def take_listed(questions: Sequence[Asked]) -> None:
    """Make choices of the lists that answers speak of; call it when keys have been matched."""
    for asked in questions:
        if not asked.draft.choices and asked.draft.answer:
            _take_words(asked.draft)
            _take_numbered(asked.draft)


def _types(draft: Draft) -> frozenset[Type]:
    return wording.types_of(draft.type_word) or wording.types_of(draft.section)


def _take_words(draft: Draft) -> None:
    """The last two lines of a stem when they say right and wrong, and the answer says one of both."""
    lines = draft.stem.split("\n")
    said = [answers.says(line, asked=False) for line in lines[-2:]]
    if len(lines) > 2 and {*said} == {True, False} and answers.says(draft.answer or "", asked=True) is not None:
        draft.stem = "\n".join(lines[:-2]).strip()


def _take_numbered(draft: Draft) -> None:
    """What is numbered at the end of a stem, when the answer names some of the numbers.

    Only where choices are asked for are digits told from an amount, and circles that are all named from an order.
    """
    types, answer = _types(draft), answers.unwrapped(draft.answer or "")
    wanted = bool(types) and types <= _CHOSEN
    if (types and not wanted) or has_line(draft.stem):
        return
    raw = (draft.answer or "").strip().rstrip("。.")
    if _CIRCLES.match(raw):
        pattern, named = _CIRCLE, [ord(circle) - ord("①") + 1 for circle in re.findall("[①-⑳]", raw)]
    elif wanted and _NUMBERS.match(answer):
        pattern, named = _NUMBER, [int(number) for number in re.findall(r"\d+", answer)]
    else:
        return
    marks = _counted(pattern, draft.stem)
    if len(marks) < 2 or named != sorted({*named}) or named[-1] > len(marks) or (len(named) == len(marks) and not wanted):
        return
    ends = [*(mark.start() for mark in marks[1:]), len(draft.stem)]
    texts = [draft.stem[mark.end() : end].strip(_ENDS) for mark, end in zip(marks, ends, strict=True)]
    if not all(texts) or "\n" in texts[-1] or has_blank(texts[-1]) or not draft.stem[: marks[0].start()].strip():
        return
    place = draft.place("stem")
    draft.choices = [DraftChoice(letter, text, *place) for letter, text in zip(ascii_uppercase, texts, strict=False)]
    draft.stem = draft.stem[: marks[0].start()].strip()
    draft.answer = "".join(ascii_uppercase[number - 1] for number in named)


def _counted(pattern: re.Pattern[str], stem: str) -> list[re.Match[str]]:
    """The marks of a list, when all of its kind in the stem count up from one."""
    marks = list(pattern.finditer(stem))
    numbers = [int(mark["number"]) if "number" in mark.re.groupindex else ord(mark["circle"]) - ord("①") + 1 for mark in marks]
    return marks if numbers == list(range(1, len(marks) + 1)) and len(marks) <= len(ascii_uppercase) else []
