"""What is doubtful in a bank that can be read: questions that give themselves away, mislead, or lack something.

Every finding is a warning: an author may have meant it. What stops a build is told by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from ladder.core.bank import Bank
from ladder.core.bank_bias import check_bias
from ladder.core.blank import fold, read_amount
from ladder.core.document import Document, Line
from ladder.core.duplicates import normal
from ladder.core.kb import HEADING
from ladder.core.negation import asks_negatively, is_negative, unmarked_negation
from ladder.core.problems import Report
from ladder.core.question import BLANK, Choice, Question, Type, speaks_of_others

_LONG = 2  # times the longest wrong choice
_LONGER_BY = 10  # Chinese characters
_NAMED = 5  # ids that a finding about many questions names
_YES_NO = frozenset({
    "是", "否", "不是", "对", "错", "正确", "错误", "有", "没有", "无", "能", "不能", "可以", "不可以", "会", "不会",
    "yes", "no", "true", "false",
})
_STOPPED = re.compile(r"[。.；;？?！!…][”\"’』」）)]*\Z")
_LETTERS = r"(?<![A-Za-z0-9])[A-H](?:[\s、,，/和与及]{0,3}[A-H]){0,7}(?![A-Za-z0-9])"
_LETTERS_IN_CHOICE = re.compile(
    rf"(?:选项)?\s*{_LETTERS}\s*(?:[两三四]?[项个者])?[都均皆]?不?(?:对|正确|是|错|错误)?[。.]?\Z"
)
_KEY_IN_EXPLANATION = re.compile(
    rf"(?:[故应]应?(?:选择?|为|是)|答案】?\s?[:：]?\s?(?:应?选|为|是)?)\s?[:：]?\s?(?P<letters>{_LETTERS})"
    r"(?=\s*(?:\Z|[。，；,.;)）]|选?项(?!目)))"
)
_LETTERS_IN_EXPLANATION = re.compile(rf"{_LETTERS}\s?选?项(?!目)|选项\s?{_LETTERS}|\b(?:option|answer)s?\s(?:is\s)?{_LETTERS}")
_KEY_IN_BRACKETS = re.compile(r"[(（]\s*(?P<letters>[A-H](?:[\s,，、]*[A-H])*)\s*[)）]")
_VERDICT_IN_BRACKETS = re.compile(r"[(（]\s*(?:√|✓|✔|×|✗|✘|对|错|正确|错误|[TF])\s*[)）]")
_ANSWER_LINE = re.compile(r"(?:正确|参考|标准)?答案\s*[:：]")


@dataclass(frozen=True)
class Written:
    """A question with the lines it was read from, its heading first."""

    question: Question
    lines: tuple[Line, ...]

    def place(self, words: str, begins: str = "") -> tuple[int, int, int]:
        """Line, column and length of words outside blanks, in lines that begin so; of the heading where there are none."""
        for line in self.lines[1:]:
            if words in line.text and line.text.startswith(begins):
                at = BLANK.sub(lambda blank: "\0" * len(blank[0]), line.text).find(words)
                if at >= 0:
                    return line.number, at + 1, len(words)
        return self.heading

    def place_of_blank(self, number: int) -> tuple[int, int, int]:
        """Where a blank stands; they count from 0."""
        blanks = ((line.number, match) for line in self.lines[1:] for match in BLANK.finditer(line.text))
        line, match = next(islice(blanks, number, None))
        return line, match.start() + 1, len(match[0])

    @property
    def heading(self) -> tuple[int, int, int]:
        """Line, column and length of the heading."""
        return self.lines[0].number, 1, len(self.lines[0].text)

    def place_of(self, choice: Choice) -> tuple[int, int, int]:
        """Where a choice stands."""
        return self.place(choice.text.split("\n")[0], "-")


def lint_bank(bank: Bank, document: Document, report: Report) -> None:
    """Report what is doubtful in a bank read from this document."""
    questions = written(bank, document.lines)
    for each in questions:
        for rule in _RULES:
            rule(each, report)
    _check_lacks(questions, report)
    check_bias(bank, document.meta.place("title"), report)


def written(bank: Bank, lines: Sequence[Line]) -> list[Written]:
    """The questions of a bank with their lines."""
    first = lines[0].number if lines else 0
    starts = [line.number - first for line in lines if re.match(r"##\s", line.text) and not line.code]
    ends = dict(zip(starts, [*starts[1:], len(lines)], strict=True)) if starts else {}
    return [
        Written(question, tuple(lines[question.line - first : ends[question.line - first]])) for question in bank.questions
    ]


def lacks_difficulty(each: Written) -> bool:
    """Whether a question's heading says nothing about its difficulty."""
    match = HEADING.match(each.lines[0].text)
    return not match or re.search(r"(?:^|\s)d=", match["braces"] or "") is None


def _check_lacks(questions: Sequence[Written], report: Report) -> None:
    """One finding for all questions: a bank from elsewhere often lacks the same in each."""
    for code, lacking in (
        ("no-knowledge-point", [each for each in questions if each.question.kb is None]),
        ("no-difficulty", list(filter(lacks_difficulty, questions))),
    ):
        if lacking:
            names = ", ".join(each.question.id for each in lacking[:_NAMED]) + ("…" if len(lacking) > _NAMED else "")
            report.warning(code, *lacking[0].heading, count=len(lacking), of=len(questions), ids=names)


# -- the key gives itself away --------------------------------------------------------------------------------------


def _check_length(each: Written, report: Report) -> None:
    loose = [(_size(choice.text), choice) for choice in _loose(each.question)]
    right = [size for size, choice in loose if choice.correct]
    wrong = [size for size, choice in loose if not choice.correct]
    if right and wrong and min(right) > _LONG * max(wrong) and min(right) >= max(wrong) + _LONGER_BY:
        shortest = next(choice for size, choice in loose if choice.correct and size == min(right))
        times = round(min(right) / max(wrong), 1)
        report.warning("long-right-choice", *each.place_of(shortest), text=shortest.text, times=times)


def _size(text: str) -> float:
    """The length of a text in Chinese characters; two of others are as long as one of them."""
    return sum(0.5 if character.isascii() else 1 for character in normal(text))


def _check_shape(each: Written, report: Report) -> None:
    """One choice that differs in form from all others is chosen, or struck out, for its form."""
    loose = _loose(each.question)
    if len(loose) < 3:
        return
    stop = _odd_one([_STOPPED.search(choice.text) is not None for choice in loose])
    if stop is not None:
        report.warning("odd-full-stop", *each.place_of(loose[stop]), text=loose[stop].text)
    amounts = [read_amount(fold(choice.text)) for choice in loose]
    bare = [amount is not None and not amount.unit for amount in amounts]
    unit = bare.index(True) if all(amounts) and bare.count(True) == 1 else None
    number = _odd_one([amount is not None for amount in amounts])
    if unit is not None:
        report.warning("odd-unit", *each.place_of(loose[unit]), text=loose[unit].text)
    elif each.question.type is Type.SINGLE and number is not None and loose[number].correct:
        report.warning("odd-number", *each.place_of(loose[number]), text=loose[number].text)


def _odd_one(marks: Sequence[bool]) -> int | None:
    """The place of the only one that differs from all others."""
    for odd in (True, False):
        if marks.count(odd) == 1:
            return marks.index(odd)
    return None


def _check_stem(each: Written, report: Report) -> None:
    """The key must not stand in the stem."""
    question, stem = each.question, each.question.stem
    for match in _KEY_IN_BRACKETS.finditer(stem) if question.choices else ():
        if set(_letters(match["letters"])) == set(_key_letters(question)):
            report.warning("key-in-stem", *each.place(match[0]), text=match[0])
    verdict = _VERDICT_IN_BRACKETS.search(stem) if question.type is Type.JUDGE else None
    for match in filter(None, (verdict, _ANSWER_LINE.search(stem))):
        report.warning("key-in-stem", *each.place(match[0]), text=match[0])
    for text in _given_away(question):
        report.warning("answer-in-stem", *each.place(text), text=text)


def _given_away(question: Question) -> list[str]:
    """The right answer where the stem says it word for word, and no wrong one; not in a list to choose from."""
    if question.type is Type.BLANK:
        rest = BLANK.sub("", question.stem)
        given = (text for text in dict.fromkeys(answers[0] for answers in question.blanks) if _says(normal(rest), text, 2))
        return [text for text in given if not re.search(rf"[/、|,]\s?{re.escape(text)}|{re.escape(text)}\s?[/、|,]", rest)]
    stem = normal(question.stem)
    said = [choice for choice in question.choices if _says(stem, choice.text, 4)]
    return [said[0].text] if question.type is Type.SINGLE and len(said) == 1 and said[0].correct else []


def _says(text: str, words: str, least: int) -> bool:
    """Whether a normal text says some words of so many characters at least; 150 does not say 15."""
    wanted = normal(words)
    said = len(wanted) >= least and wanted in text
    return said and re.search(rf"(?<!\d){re.escape(wanted)}(?!\d)", text) is not None


# -- misleading -----------------------------------------------------------------------------------------------------


def _check_negation(each: Written, report: Report) -> None:
    question = each.question
    if question.type not in (Type.SINGLE, Type.MULTIPLE):
        return
    found = unmarked_negation(question.stem)
    if found:
        line, column, _ = each.place(found.clause)
        at = (line, column + found.offset, len(found.word)) if line != question.line else each.heading
        report.warning("unmarked-negation", *at, word=found.word)
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
        elif not question.fixed and _LETTERS_IN_CHOICE.match(choice.text) and not _are_letters(question.choices):
            report.warning("letters-in-choice", *each.place_of(choice), text=choice.text)


def _are_letters(choices: Sequence[Choice]) -> bool:
    """Whether choices are letters themselves, as blood groups are."""
    return any(len(choice.text) == 1 and choice.text.isascii() for choice in choices)


def _check_explanation(each: Written, report: Report) -> None:
    """An explanation that names the key by its letter must name the key; and letters move when choices are shuffled."""
    question = each.question
    key = _KEY_IN_EXPLANATION.search(question.explanation) if question.choices else None
    match = key or (_LETTERS_IN_EXPLANATION.search(question.explanation) if question.choices else None)
    if key and set(_letters(key["letters"])) != set(_key_letters(question)):
        report.warning("other-key-explained", *each.place(key[0], ">"), text=key[0], letters="".join(_key_letters(question)))
    elif match and not question.fixed:
        report.warning("letters-in-explanation", *each.place(match[0], ">"), text=match[0])


def _letters(text: str) -> list[str]:
    return re.findall("[A-H]", text)


def _key_letters(question: Question) -> list[str]:
    return [chr(ord("A") + place) for place in question.key]


def _check_same(each: Written, report: Report) -> None:
    """Choices that differ in writing only."""
    seen: dict[object, str] = {}
    for choice in each.question.choices:
        says = read_amount(fold(choice.text)) or normal(choice.text)
        if says in seen:
            report.warning("equal-choices", *each.place_of(choice), text=choice.text, other=seen[says])
        seen.setdefault(says, choice.text)


def _check_multiple(each: Written, report: Report) -> None:
    """A multiple choice has several right choices, and wrong ones."""
    question = each.question
    if question.type is Type.MULTIPLE:
        at = each.place_of(question.choices[question.key[0]])
        if len(question.key) == 1:
            report.warning("one-right", *at, id=question.id)
        elif len(question.key) == len(question.choices):
            report.warning("all-right", *at, id=question.id)


def _check_blanks(each: Written, report: Report) -> None:
    """What fills a blank must not be guessed."""
    for number, answers in enumerate(each.question.blanks):
        folded = {normal(answer) for answer in answers}
        if folded <= _YES_NO:
            report.warning("yes-no-blank", *each.place_of_blank(number), text=answers[0])
        elif all(len(answer) == 1 and read_amount(answer) is None for answer in folded):
            report.warning("one-character-blank", *each.place_of_blank(number), text=answers[0])


def _loose(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if not speaks_of_others(choice.text)]


_RULES: tuple[Callable[[Written, Report], None], ...] = (
    _check_length, _check_shape, _check_stem, _check_negation, _check_others, _check_explanation, _check_same, _check_multiple,
    _check_blanks,
)
