"""Answers as people write them: letters, the words of a choice, √ and ×, one value a blank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ladder.core.blank import fold
from ladder.core.pattern import is_pattern
from ladder_tools.formats.drafts.blanks import has_line
from ladder_tools.formats.drafts.draft import DraftChoice, Habits
from ladder_tools.formats.drafts.wording import folded

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF29), *range(0xFF41, 0xFF49), 0xFF0C, 0xFF1B)}
RIGHT, WRONG = "正确", "错误"
# Words that say right or wrong wherever they stand, and those that do where a judgement is asked for.
_TICKS = {
    **dict.fromkeys(("√", "✓", "✔", "☑", "对", "正确", "true", "t"), True),
    **dict.fromkeys(("×", "✗", "✘", "✕", "╳", "错", "错误", "不对", "不正确", "false", "f"), False),
}
_SAID = {
    **_TICKS,
    **dict.fromkeys(("是", "是的", "y", "yes", "1", "同意", "v", "对的", "right", "correct"), True),
    **dict.fromkeys(("否", "非", "不是", "n", "no", "0", "不同意", "x", "错的", "wrong", "incorrect"), False),
}
_WRAPPED = re.compile(r"[(\[【「](?P<inside>[^()\[\]【】「」]*)[)\]】」]\Z")
_LETTERS = re.compile(r"[a-z](?:[\s,、;|/和及与&+.]*[a-z])*[.、,;]?\Z")
_NUMBERS = re.compile(r"\d{1,2}(?:[\s,、;|/和及与&+]+\d{1,2})*\Z")
_LETTER_WITH_TEXT = re.compile(r"(?:^|(?<=[\s;|,、]))([A-Za-z])[.、:)]\s*(?=\S)")
_NUMBERED = re.compile(r"[(（]\s*(\d{1,2})\s*[)）]|(?:^|(?<=[\s;；,，、|]))(\d{1,2})\s*[.、．](?!\d)|([①-⑳])")
_TRAILING = re.compile(r"(?P<word>√|×|✓|✗|正确|错误|不正确|对|错|不对)\s*[,，。.;；:：(（\s]\s*(?P<rest>.+)\Z", re.DOTALL)
_REASONED = re.compile(
    r"(?P<letters>[A-ZＡ-Ｚ]{1,8})(?:\s*[,，。;；:：(（]\s*(?P<why>(?:因为|由于|理由|应|需|要|按|见|根据|依据|属于)[^\n]*)"
    r"|[\s,，。;；]+(?:答案)?(?:解析|解释|说明|分析|依据)(?:\s*[:：]\s*|\s+)(?P<told>\S[^\n]*)"
    r"|\s*[(（【\[]\s*(?P<note>[^()（）【】\[\]\n]+)[)）】\]]\s*[。.]?)\Z"
)
_LETTER = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z\d])")
# An answer that names choices: A, ABD, A、C, b. Words such as BE are in capitals too, but they do not ascend like DAB.
_NAMES_CHOICE = re.compile(r"[A-H](?:[\s,、;]*[A-H])*|[a-h]|[Ⅰ-Ⅻ]")
_LIST = re.compile(r"(?<![A-Za-z])A(?![A-Za-z])[^\n]*[^A-Za-z\n]B(?![A-Za-z])|(?:^|\n)\W?A\W?[^\n]*\n\W?B(?![A-Za-z])")
# Separators that nobody writes inside an answer; the others may also stand in one.
_CLEAR = ("|", ";", "；", "\n")
# 5元/次 and 1/2 are one answer each, 三/3 are two.
_ONE_ANSWER = re.compile(
    r"\d/\d|[A-Z]/[A-Z]|(?:\d|元|角|[KMGkmg][Bb]|[个次一二三四五六七八九十百])/(?:[次月年天日时周人户件个单条吨秒分]|小时|每|[shd]\b)"
)


def unwrapped(answer: str) -> str:
    """An answer without the brackets around it and the words before it."""
    text = folded(answer).removeprefix("答案").lstrip(": ").strip("。 ")
    text = text.removeprefix("选项").removeprefix("选") if len(text) < 12 else text
    wrapped = _WRAPPED.match(text)
    return (wrapped["inside"] if wrapped else text).strip()


def says(answer: str, *, asked: bool) -> bool | None:
    """Whether an answer says right or wrong; None when neither. `asked`: a judgement is asked for, so 是, Y and 1 count too."""
    return (_SAID if asked else _TICKS).get(unwrapped(answer))


def says_and_why(answer: str) -> tuple[bool | None, str]:
    """A judgement and the correction that follows it: 错误，应为 48 小时."""
    said = says(answer, asked=True)
    match = _TRAILING.match(answer.strip()) if said is None else None
    return (_SAID[match["word"]], match["rest"].strip().rstrip(")）")) if match else (said, "")


def letters_and_why(answer: str) -> tuple[str, str]:
    """The letters of an answer and the reason that follows them: B，因为要先核实."""
    match = _REASONED.match(answer.strip())
    if not match or _LETTER.search(unicodedata.normalize("NFKC", match["note"] or "")):  # A（或B）
        return answer, ""
    return match["letters"], (match["why"] or match["told"] or match["note"]).strip().rstrip(")）")


def names_choice(answer: str, stem: str) -> bool:
    """Whether an answer speaks of choices that nobody could read: it is their letter, or one of the lines of the stem."""
    text = answer.strip().strip("()（）[]【】。. ").translate(_WIDE)
    if _NAMES_CHOICE.fullmatch(text):
        letters = re.findall(r"\w", text)
        return letters == sorted({*letters}) and (not has_line(stem) or _LIST.search(stem) is not None)
    _, *below = stem.split("\n")
    if text.isdecimal() and not re.search("[几多]", stem):
        return all(any(re.match(rf"\s*[(（]?{number}\s*[)）.、．]", line) for line in below) for number in ("1", text))
    return len(below) > 1 and bool(text) and text in (line.strip() for line in below)


def is_judgement(choices: Sequence[DraftChoice], *, asked: bool) -> bool:
    """Whether two choices are a right and a wrong."""
    said = [says(choice.text, asked=asked) for choice in choices]
    return sorted(said, key=str) == [False, True]


def judgement_words(choices: Sequence[DraftChoice]) -> list[str]:
    """The two words of a judgement: those written when they are 对/错 or 正确/错误, else 正确 and 错误 in the written order."""
    texts = [choice.text.strip() for choice in choices]
    if {*texts} in ({"对", "错"}, {RIGHT, WRONG}):
        return texts
    return [RIGHT if says(text, asked=True) else WRONG for text in texts]


class Unknown(ValueError):
    """An answer that names no choice; `letter` when it names one that is not there."""

    def __init__(self, letter: str = "") -> None:
        super().__init__(letter)
        self.letter = letter


def read_key(answer: str, choices: Sequence[DraftChoice], habits: Habits) -> frozenset[int]:
    """Indices of the choices that an answer names, by letter, by number or by their own words; raises `Unknown`."""
    text = unwrapped(answer)
    places = {choice.label.lower(): index for index, choice in enumerate(choices)}
    letters = re.findall("[a-z]", text) if _LETTERS.match(text) else []
    if len(letters) != len({*letters}) and letters != sorted(letters):  # ABA answers three questions
        raise Unknown
    if letters and all(letter in places for letter in letters):
        return frozenset(places[letter] for letter in letters)
    found = _by_words(answer, choices)
    if not found and habits.digits:
        found = _by_number(text, len(choices))
    if not found:
        letters = letters or _letters_before_words(answer)
        missing = [letter for letter in letters if letter not in places]
        if missing or not letters:
            raise Unknown(missing[0].upper() if missing else "")
        found = frozenset(places[letter] for letter in letters)
    return found


def _by_number(text: str, count: int) -> frozenset[int]:
    """1, 1,3 or 13: the last when there are fewer than ten choices."""
    numbers = list(text) if count < 10 and text.isdecimal() else re.findall(r"\d+", text) if _NUMBERS.match(text) else []
    found = frozenset(int(number) - 1 for number in numbers)
    return found if found and all(0 <= index < count for index in found) else frozenset()


def _by_words(answer: str, choices: Sequence[DraftChoice]) -> frozenset[int]:
    places = {fold(choice.text): index for index, choice in enumerate(choices)}
    for separator in (None, "\n", "|", "；", ";", "、", "，", ","):
        parts = [answer] if separator is None else answer.split(separator)
        words = [fold(part) for part in parts if part.strip()]
        if words and all(word in places for word in words):
            return frozenset(places[word] for word in words)
    return frozenset()


def _letters_before_words(answer: str) -> list[str]:
    """A. 文本 B. 文本: the letters count, as long as they ascend like those of choices."""
    text = folded(answer)
    letters = [match[1] for match in _LETTER_WITH_TEXT.finditer(text)]
    return letters if _LETTER_WITH_TEXT.match(text) and letters == sorted(set(letters)) else []


def blank_keys(answer: str, count: int, habits: Habits) -> list[tuple[str, ...]]:
    """The accepted answers of so many blanks; when no way of dividing gives that many, those that the first way gives."""
    values = _blank_values(answer.strip(), count, habits)
    # Where | divides the blanks, the semicolons are free to divide what one blank accepts.
    spare = (";", "；") if count > 1 and "|" in answer and "|" in habits.blanks else ()
    return [alternatives(value, (*habits.alternatives, *spare)) for value in values]


def _blank_values(answer: str, count: int, habits: Habits) -> list[str]:
    ways = [_numbered(answer), _bracketed(answer), *(_split(answer, separator, habits) for separator in habits.blanks)]
    clear = [_split(answer, separator, habits) for separator in habits.blanks if separator in _CLEAR]
    for values in ways if count > 1 else ways[:2]:
        if values and len(values) == count and all(values):
            return values
    if count == 1 and not any(len(values) > 1 for values in clear):
        return [answer]
    return next((values for values in ways if len(values) > 1), [answer] if answer else [])


def _split(text: str, separator: str, habits: Habits) -> list[str]:
    if separator == ";" and ";;" in habits.alternatives:
        parts = re.split(r"(?<!;);(?!;)", text)
    else:
        parts = re.split(r"\s+", text) if separator == " " else text.split(separator)
    parts = [part.strip() for part in parts]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _numbered(text: str) -> list[str]:
    """Values numbered from 1: (1)…(2)…, 1.…2.…, ①…②…"""
    marks = list(_NUMBERED.finditer(text))
    if not marks or marks[0].start() > 0:
        return []
    numbers = [ord(mark[3]) - ord("①") + 1 if mark[3] else int(mark[1] or mark[2]) for mark in marks]
    if numbers != list(range(1, len(marks) + 1)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end].strip(" \t\n;；,，、|:：") for mark, end in zip(marks, ends, strict=True)]


def _bracketed(text: str) -> list[str]:
    """(甲)(乙): each answer in its own brackets."""
    if not re.fullmatch(r"(?:[(（][^()（）]+[)）]\s*)+", text):
        return []
    return [part.strip() for part in re.findall(r"[(（]([^()（）]+)[)）]", text)]


def alternatives(value: str, separators: Sequence[str]) -> tuple[str, ...]:
    """The answers accepted for one blank, each once."""
    parts = [value]
    for separator in separators:
        parts = [piece.strip() for part in parts for piece in _pieces(part, separator)]
    return tuple(dict.fromkeys(part for part in parts if part))


def _pieces(value: str, separator: str) -> list[str]:
    if separator == "/" and (is_pattern(value) or _ONE_ANSWER.search(value)):
        return [value]
    return value.split(separator)
