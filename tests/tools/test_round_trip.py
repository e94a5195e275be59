"""A thousand questions through every pair of formats: what both can hold comes out as it went in, the rest was announced."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import permutations

import pytest

from ladder.core.bank import Bank
from ladder.core.duplicates import normal
from ladder.core.markup import to_html
from ladder.core.question import Choice, KeyPoint, Question
from ladder_tools import formats
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.losses import reduced
from ladder_tools.formats.model import Output
from written_questions import make_bank

BOTH_WAYS = tuple(name for name, format_ in formats.FORMATS.items() if format_.reads and format_.writes)
COUNT = 1000


@cache
def made() -> Bank:
    return make_bank(COUNT)


def through(bank: Bank, name: str) -> tuple[dict[str, Question], Output]:
    """The questions by their stem's number after being written in a format and read again."""
    holds = formats.FORMATS[name].load().HOLDS
    fit = replace(bank, questions=tuple(question for question in bank.questions if question.type in holds.types))
    extension = formats.FORMATS[name].extensions[0]
    output = Output([fit], name=f"bank{extension}")
    formats.write(output, name)
    back: list[Question] = []
    for path, data in output.files.items():
        reading = formats.read(formats.Source(path or f"bank{extension}", data), name)
        assert not [problem for problem in reading.problems if problem.severity == "error"], reading.problems[:3]
        refused = [item for item in reading.items if item.question is None]
        assert not refused, [(item.where, item.excerpt, [(p.code, p.words) for p in item.problems]) for item in refused[:3]]
        back += [item.question for item in reading.items if item.question]
    return {number_of(question): replace(question, line=0) for question in back}, output


@cache
def once_through(name: str) -> Bank:
    """The bank that a format gave back, as an import would keep it: the first half of every pair that begins with the format."""
    questions, _ = through(made(), name)
    return Bank("made", "造出来的题库", with_names(questions))


def number_of(question: Question) -> str:
    return question.stem.replace("*", "").split("问")[0]


def expected(bank: Bank, name: str, output: Output) -> dict[str, Question]:
    holds = formats.FORMATS[name].load().HOLDS
    left_out = {question.id for _, question, _ in output.left_out}
    kept = [question for question in bank.questions if question.type in holds.types and question.id not in left_out]
    return {number_of(question): reduced(question, holds) for question in kept}


def differences(there: dict[str, Question], here: dict[str, Question], lost: set[str]) -> list[str]:
    """What differs, by question and field, where the writer did not say that something is lost."""
    found = [f"{number} is missing" for number in there.keys() - here.keys()] + [f"{number} came from nowhere" for number in here.keys() - there.keys()]
    for number in there.keys() & here.keys():
        one, other = there[number], here[number]
        for field in Question.__dataclass_fields__ if one != other else ():
            as_said = words if number in lost else shown
            if as_said(getattr(one, field)) != as_said(getattr(other, field)):
                found.append(f"{number} {one.type} {field}: {getattr(one, field)!r} became {getattr(other, field)!r}")
    return sorted(found)


def words(value: object) -> object:
    """A field without its looks, its spaces and its punctuation: all that a writer may have announced as lost."""
    if isinstance(value, str):
        return re.sub(r"\A(?:1|①|答案)", "", normal(to_text(value)))  # a number or a label before a row is the row's
    if isinstance(value, tuple):
        return tuple(words(part) for part in value)
    if isinstance(value, Choice):
        return (words(value.text), value.correct, value.pinned)
    return (value.marks, words(value.text), value.keywords) if isinstance(value, KeyPoint) else value


def shown(value: object) -> object:
    """A field as a reader sees it: Markdown may be written in several ways that look the same."""
    if isinstance(value, str):
        return f"<p>{value}</p>" if value.isalnum() else " ".join(to_html(value).split())
    if isinstance(value, tuple):
        return tuple(shown(part) for part in value)
    if isinstance(value, Choice):
        return (shown(value.text), value.correct, value.pinned)
    return (value.marks, shown(value.text), value.keywords) if isinstance(value, KeyPoint) else value


def with_names(questions: dict[str, Question]) -> tuple[Question, ...]:
    """Questions that a format gave back without an id or a title get one, as an import gives them."""
    return tuple(
        replace(question, id=question.id or f"n{index}", title=question.title or f"标题 {index}")
        for index, question in enumerate(questions.values())
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_format_gives_back_what_it_holds(name: str) -> None:
    back, output = through(made(), name)
    lost = {number_of(question) for _, question, _ in output.losses}
    there = expected(made(), name, output)
    assert len(there) >= COUNT / 2
    assert len(lost) <= COUNT / 50  # of what a writer announces as lost, only the words are compared
    assert differences(there, back, lost) == []


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), list(permutations(BOTH_WAYS, 2)))
def test_two_formats_in_a_row_give_back_what_both_hold(first: str, second: str) -> None:
    bank = once_through(first)
    back, output = through(bank, second)
    lost = {number_of(question) for _, question, _ in output.losses}
    assert differences(expected(bank, second, output), back, lost) == []
