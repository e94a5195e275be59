"""What is doubtful in a bank that can be read: questions that give themselves away, mislead, or lack something.

Every finding is a warning: an author may have meant it. What stops a build is told by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ladder.core.bank import Bank, Choice, Question, Type, speaks_of_others
from ladder.core.bank_bias import check_bias
from ladder.core.blank import fold, read_amount
from ladder.core.document import Document, Line
from ladder.core.duplicates import normal
from ladder.core.kb import HEADING
from ladder.core.negation import asks_negatively, is_negative, unmarked_negation
from ladder.core.problems import Report

_LONG = 2  # times the longest wrong choice
_LONGER_BY = 10  # characters
_NAMED = 5  # ids that a finding about many questions names
_BLANK = re.compile(r"\{\{\d+\}\}")
_YES_NO = frozenset({
    "是", "否", "不是", "对", "错", "正确", "错误", "有", "没有", "无", "能", "不能", "可以", "不可以", "会", "不会", "yes", "no", "true", "false",
})
_STOPS = ("。", ".", "；", ";")
_LETTERS = r"(?<![A-Za-z0-9])[A-H](?:\s*[、,，/和与及]?\s*[A-H])*(?![A-Za-z0-9])"
_LETTERS_IN_CHOICE = re.compile(rf"(?:选项)?\s*{_LETTERS}\s*(?:[两三四]?[项个者])?(?:都|均|皆)?不?(?:对|正确|是|错|错误)?[。.]?\Z")
_LETTERS_IN_EXPLANATION = re.compile(
    rf"(?:故|应|答案|正确)(?:应)?(?:选|为|是)(?:择)?\s*[:：]?\s*{_LETTERS}|{_LETTERS}\s*(?:选项|项(?!目))|选项\s*{_LETTERS}"
    rf"|\b(?:option|answer)s?\s+(?:is\s+)?{_LETTERS}", re.ASCII
)
_KEY_IN_BRACKETS = re.compile(r"[(（]\s*(?P<letters>[A-H](?:[\s,，、]*[A-H])*)\s*[)）]")
_VERDICT_IN_BRACKETS = re.compile(r"[(（]\s*(?:√|✓|✔|×|✗|✘|对|错|正确|错误|[TF])\s*[)）]")
_ANSWER_LINE = re.compile(r"(?:正确|参考|标准)?答案\s*[:：]")


@dataclass(frozen=True)
class Written:
    """A question with the lines it was read from, its heading first."""

    question: Question
    lines: tuple[Line, ...]

    def place(self, words: str, begins: str = "") -> tuple[int, int, int]:
        """Line, column and length of some words below the heading, in lines that begin so; of the heading when they are not found."""
        for line in self.lines[1:]:
            if words in line.text and line.text.startswith(begins):
                return line.number, line.text.index(words) + 1, len(words)
        return self.lines[0].number, 1, len(self.lines[0].text)

    def place_of(self, choice: Choice) -> tuple[int, int, int]:
        """Where a choice stands."""
        return self.place(choice.text.split("\n")[0], "-")


def lint_bank(bank: Bank, document: Document, report: Report) -> None:
    """Report what is doubtful in a bank read from this document."""
    for question in written(bank, document.lines):
        for rule in _RULES:
            rule(question, report)
    _check_lacks(bank, document.lines, report)
    check_bias(bank, document.meta.place("title"), report)


def written(bank: Bank, lines: Sequence[Line]) -> list[Written]:
    """The questions of a bank with their lines."""
    if not lines:
        return []
    first = lines[0].number
    starts = [line.number - first for line in lines if re.match(r"##\s", line.text) and not line.code]
    ends = dict(zip(starts, [*starts[1:], len(lines)], strict=True))
    return [
        Written(question, tuple(lines[question.line - first : ends[question.line - first]])) for question in bank.questions
    ]


# -- lacking --------------------------------------------------------------------------------------------------------


def lacks_difficulty(heading: Line) -> bool:
    """Whether a question's heading says nothing about its difficulty."""
    match = HEADING.match(heading.text)
    return not match or not re.search(r"(?:^|\s)d=", match["braces"] or "")


def _check_lacks(bank: Bank, lines: Sequence[Line], report: Report) -> None:
    """One finding for all questions: a bank from elsewhere often lacks the same in each."""
    for code, lacking in (
        ("no-knowledge-point", [each for each in written(bank, lines) if each.question.kb is None]),
        ("no-difficulty", [each for each in written(bank, lines) if lacks_difficulty(each.lines[0])]),
    ):
        if lacking:
            names = ", ".join(each.question.id for each in lacking[:_NAMED]) + ("…" if len(lacking) > _NAMED else "")
            report.warning(code, *lacking[0].place(""), count=len(lacking), of=len(bank.questions), ids=names)


# -- the key gives itself away --------------------------------------------------------------------------------------


def _check_length(each: Written, report: Report) -> None:
    loose = _loose(each.question)
    right = [len(normal(choice.text)) for choice in loose if choice.correct]
    wrong = [len(normal(choice.text)) for choice in loose if not choice.correct]
    if right and wrong and min(right) > _LONG * max(wrong) and min(right) >= max(wrong) + _LONGER_BY:
        first = next(choice for choice in loose if choice.correct)
        report.warning("long-right-choice", *each.place_of(first), right=min(right), wrong=max(wrong))


def _check_shape(each: Written, report: Report) -> None:
    """One choice that differs in form from all others is chosen, or struck out, for its form."""
    loose = _loose(each.question)
    if len(loose) < 3 or each.question.type is Type.JUDGE:
        return
    amounts = [read_amount(fold(choice.text)) for choice in loose]
    stop = _odd_one([choice.text.rstrip().endswith(_STOPS) for choice in loose])
    number = _odd_one([amount is not None for amount in amounts])
    unit = _odd_one([bool(amount.unit) for amount in amounts if amount])
    if stop is not None:
        report.warning("odd-full-stop", *each.place_of(loose[stop]), text=loose[stop].text)
    if all(amounts) and unit is not None and not (amounts[unit] and amounts[unit].unit):
        report.warning("odd-unit", *each.place_of(loose[unit]), text=loose[unit].text)
    if number is not None and loose[number].correct:
        report.warning("odd-number", *each.place_of(loose[number]), text=loose[number].text)


def _odd_one(marks: Sequence[bool]) -> int | None:
    """The place of the only one that differs from all others."""
    for odd in (True, False):
        if marks.count(odd) == 1 and len(marks) > 2:
            return marks.index(odd)
    return None


def _check_stem(each: Written, report: Report) -> None:
    """The key must not stand in the stem."""
    question, stem = each.question, each.question.stem
    key = {chr(ord("A") + place) for place in question.key}
    for match in _KEY_IN_BRACKETS.finditer(stem) if question.choices else ():
        if key == set(re.findall("[A-H]", match["letters"])):
            report.warning("key-in-stem", *each.place(match[0]), text=match[0])
    verdict = _VERDICT_IN_BRACKETS.search(stem) if question.type is Type.JUDGE else None
    for match in filter(None, (verdict, _ANSWER_LINE.search(stem))):
        report.warning("key-in-stem", *each.place(match[0]), text=match[0])
    for text in _given_away(question):
        report.warning("answer-in-stem", *each.place(text), text=text)


def _given_away(question: Question) -> list[str]:
    """The right answer where the stem says it word for word, and no wrong one."""
    if question.type is Type.BLANK:
        rest = "".join(_BLANK.split(question.stem))
        return [text for text in dict.fromkeys(answers[0] for answers in question.blanks) if _says(rest, text, 2)]
    said = [choice for choice in question.choices if _says(question.stem, choice.text, 4)]
    return [said[0].text] if question.type is Type.SINGLE and len(said) == 1 and said[0].correct else []


def _says(text: str, words: str, least: int) -> bool:
    wanted = normal(words)
    return len(wanted) >= least and re.search(rf"(?<!\d){re.escape(wanted)}(?!\d)", normal(text)) is not None


# -- misleading -----------------------------------------------------------------------------------------------------


def _check_negation(each: Written, report: Report) -> None:
    question = each.question
    if question.type not in (Type.SINGLE, Type.MULTIPLE):
        return
    found = unmarked_negation(question.stem)
    if found:
        line, column, length = each.place(found.clause)
        whole = length == len(found.clause)
        report.warning("unmarked-negation", line, column + (found.offset if whole else 0),
                       len(found.word) if whole else length, word=found.word)
    if asks_negatively(question.stem):
        doubled = next((choice for choice in question.choices if is_negative(choice.text)), None)
        if doubled:
            report.warning("double-negation", *each.place_of(doubled), text=doubled.text)


def _check_others(each: Written, report: Report) -> None:
    """Choices that speak of other choices."""
    question = each.question
    for place, choice in enumerate(question.choices):
        if speaks_of_others(choice.text):
            if question.type is Type.MULTIPLE:
                report.warning("others-in-multiple", *each.place_of(choice), text=choice.text)
            elif not all(speaks_of_others(later.text) for later in question.choices[place:]):
                report.warning("others-not-last", *each.place_of(choice), text=choice.text)
        elif not question.fixed and _LETTERS_IN_CHOICE.match(choice.text) and len(choice.text) > 1:
            report.warning("letters-in-choice", *each.place_of(choice), text=choice.text)
    match = _LETTERS_IN_EXPLANATION.search(question.explanation) if question.choices and not question.fixed else None
    if match:
        report.warning("letters-in-explanation", *each.place(match[0], ">"), text=match[0])


def _check_same(each: Written, report: Report) -> None:
    """Choices that differ in writing only."""
    seen: dict[object, str] = {}
    for choice in each.question.choices:
        says = read_amount(fold(choice.text)) or normal(choice.text)
        if says in seen:
            report.warning("equal-choices", *each.place_of(choice), text=choice.text, other=seen[says])
        seen.setdefault(says, choice.text)


def _check_type(each: Written, report: Report) -> None:
    """Questions that are of another type than they are written as."""
    question = each.question
    if question.type is Type.MULTIPLE and len(question.key) in (1, len(question.choices)):
        code = "one-right" if len(question.key) == 1 else "all-right"
        report.warning(code, *each.place_of(question.choices[question.key[0]]), id=question.id)
    for answers in question.blanks:
        folded = {normal(answer) for answer in answers}
        if folded <= _YES_NO:
            report.warning("yes-no-blank", *each.place(answers[0]), text=answers[0])
        elif all(len(answer) == 1 and read_amount(answer) is None for answer in folded):
            report.warning("one-character-blank", *each.place(answers[0]), text=answers[0])


def _loose(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if not speaks_of_others(choice.text)]


_RULES: tuple[Callable[[Written, Report], None], ...] = (
    _check_length, _check_shape, _check_stem, _check_negation, _check_others, _check_same, _check_type,
)
