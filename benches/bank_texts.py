"""The same questions as each program wants to read them: Markdown and a table for Ladder, text2qti's text, latex2edx's LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from content import Size, Writer

from ladder.core.bank import Bank
from ladder.core.kb import LINK
from ladder.core.question import Question, Type
from ladder_tools.formats import Output, Source, read, write

LETTERS = "abcdefghij"


def write_markdown(folder: Path, count: int) -> Path:
    """A bank of so many questions of four types, as authors write it."""
    path = folder / f"bank-{count}.md"
    rows = Writer(Size(lessons=0, questions=count)).bank(f"bank-{count}", range(count))
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


def read_bank(path: Path) -> Bank:
    """The questions of such a bank; RuntimeError when one is faulty."""
    reading = read(Source(str(path), path.read_bytes()), "markdown")
    questions = tuple(item.question for item in reading.items if item.question)
    if len(questions) != len(reading.items) or not questions:
        raise RuntimeError(f"{path} is faulty")
    return Bank(reading.id, reading.title, questions)


def write_xlsx(path: Path, source: Path) -> None:
    """The table of a bank."""
    output = Output([read_bank(source)], name="bank.xlsx")
    write(output, "xlsx")
    path.write_bytes(output.files[""])


def write_text2qti(path: Path, source: Path) -> None:
    """A quiz with the stems, choices, keys and explanations of a bank."""
    bank = read_bank(source)
    rows = [f"Quiz title: {bank.title}", ""]
    for number, question in enumerate(bank.questions, 1):
        rows += [*_text2qti(number, question), ""]
    path.write_text("\n".join(rows), encoding="utf-8")


def _text2qti(number: int, question: Question) -> Iterator[str]:
    yield f"{number}.  {_words(question.stem)}"
    yield f"...  {_words(question.explanation)}"
    if question.type is Type.BLANK:
        yield from (f"*   {key}" for key in question.blanks[0])
    for letter, choice in zip(LETTERS, question.choices, strict=False):
        if question.type is Type.MULTIPLE:
            yield f"[{'*' if choice.correct else ' '}] {choice.text}"
        else:
            yield f"{'*' if choice.correct else ''}{letter})  {choice.text}"


def write_latex(path: Path, source: Path) -> None:
    """A course of one section with a problem for each question of a bank; latex2edx wants all on lines of their own."""
    rows = [r"\documentclass[12pt]{article}", r"\usepackage{edXpsl}", r"\begin{document}",
            r"\begin{edXcourse}{1.00x}{Bench}[url_name=2026]", r"\begin{edXchapter}{Bank}", r"\begin{edXsection}{Bank}"]
    for question in read_bank(source).questions:
        rows += _latex(question)
    rows += [r"\end{edXsection}", r"\end{edXchapter}", r"\end{edXcourse}", r"\end{document}"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _latex(question: Question) -> Iterator[str]:
    yield rf"\begin{{edXproblem}}{{{_tex(question.title)}}}{{url_name={question.id}}}"
    yield _tex(_words(question.stem))
    yield rf"\edXabox{{{_box(question)}}}"
    yield _tex(_words(question.explanation))  # its edXsolution crashes
    yield r"\end{edXproblem}"


def _box(question: Question) -> str:
    if question.type is Type.BLANK:
        key = question.blanks[0][0]
        return f'expect="{_tex(key)}" type="{"numerical" if key.isdigit() else "string"}" size="20"'
    options = ",".join(f'"{_quotable(choice.text)}"' for choice in question.choices)
    right = ",".join(f'"{_quotable(choice.text)}"' for choice in question.choices if choice.correct)
    return f'expect={right} type="{"oldmultichoice" if question.type is Type.MULTIPLE else "multichoice"}" options={options}'


def _words(text: str) -> str:
    return LINK.sub(lambda link: link["words"] or link["heading"] or link["id"], text).replace("{{1}}", "____").replace("**", "")


def _tex(text: str) -> str:
    return "".join(f"\\{char}" if char in "%&#_$" else char for char in text)


def _quotable(text: str) -> str:
    """A text for one of its quoted arguments: a closing quote mark with a sign behind it would end the argument."""
    return re.sub("[“”]", "", _tex(text))
