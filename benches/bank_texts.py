"""The same questions as each program wants to read them: Markdown for Ladder, text2qti's text, latex2edx's LaTeX."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from content import Size, Writer

from ladder.core.bank import Bank, Question, Type
from ladder.core.kb import LINK
from ladder_tools.formats import Source, read

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


def write_text2qti(path: Path, bank: Bank) -> None:
    """A quiz with the same stems, choices, keys and explanations."""
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


def write_latex(path: Path, bank: Bank) -> None:
    """A course of one chapter with a problem for each question, as latex2edx reads it."""
    rows = [r"\documentclass[12pt]{article}", r"\usepackage{edXpsl}", r"\begin{document}",
            r"\begin{edXcourse}{1.00x}{Bench}[url_name=2026]", r"\begin{edXchapter}{Bank}", r"\begin{edXsection}{Bank}",
            r"\begin{edXvertical}"]
    for question in bank.questions:
        rows += _latex(question)
    rows += [r"\end{edXvertical}", r"\end{edXsection}", r"\end{edXchapter}", r"\end{edXcourse}", r"\end{document}"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _latex(question: Question) -> Iterator[str]:
    yield rf"\begin{{edXproblem}}{{{question.id}}}{{}}"
    yield _tex(_words(question.stem))
    if question.type is Type.BLANK:
        yield rf'\edXabox{{type="string" size="20" expect="{_tex(question.blanks[0][0])}"}}'
    else:
        options = ",".join(f'"{_tex(choice.text)}"' for choice in question.choices)
        right = ",".join(f'"{_tex(choice.text)}"' for choice in question.choices if choice.correct)
        kind = "oldmultichoice" if question.type is Type.MULTIPLE else "multichoice"
        yield rf"\edXabox{{type=\"{kind}\" expect={right} options={options}}}".replace('\\"', '"')
    yield r"\begin{edXsolution}"
    yield _tex(_words(question.explanation))
    yield r"\end{edXsolution}"
    yield r"\end{edXproblem}"


def _words(text: str) -> str:
    return LINK.sub(lambda link: link["words"] or link["heading"] or link["id"], text).replace("{{1}}", "____").replace("**", "")


def _tex(text: str) -> str:
    return "".join(f"\\{char}" if char in "%&#_$" else char for char in text)
