"""The three pages of an exam. What a learner may see of a question is decided here.

A paper of a hundred questions must cost little: a question's markup is rendered once per version and language with holes for what
differs between papers (number, marks, order of choices), and filled for each learner.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from ladder.core.bank import BLANK, Bank, Question, Type
from ladder.core.exam import Exam
from ladder.core.marks import plain
from ladder.core.markup import to_inline_html
from ladder.core.paper import Item, is_answered, shown_answer
from ladder.pages import html_of, language, render
from ladder.records.exam import Saved, Sitting
from ladder.visit import Visit

# Holes in a question's markup: characters of the private use area, which no content uses.
NUMBER, MARKS, CHOICES, VALUE, LETTER = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class ExamFile:
    """A payload: the blueprint and the banks it draws from."""

    exam: Exam
    banks: Mapping[str, Bank]
    questions: Mapping[str, Question]


@dataclass(frozen=True)
class Stencil:
    """A question's markup with holes."""

    card: str
    choices: tuple[str, ...]

    def fill(self, number: int, item: Item) -> str:
        """The card of this question on one paper."""
        name = str(number)
        rows = [
            self.choices[choice].replace(NUMBER, name).replace(VALUE, str(place)).replace(LETTER, LETTERS[place])
            for place, choice in enumerate(item.order)
        ]
        card = self.card.replace(NUMBER, name).replace(MARKS, plain(item.marks))
        return card.replace(CHOICES, "".join(rows))


@functools.lru_cache(maxsize=8192)
def _stencil(question: Question, block: str, language: str) -> Stencil:  # noqa: ARG001 (the language is part of the key)
    context: dict[str, Any] = {
        "question": question, "block": block, "number": NUMBER, "marks": MARKS, "value": VALUE, "letter": LETTER,
        "several": question.type is Type.MULTIPLE,
    }
    choices = tuple(
        render("exam_choice", context | {"html": to_inline_html(choice.text)}).strip() for choice in question.choices
    )
    card = render("exam_question", context | {"stem": _stem(question, context), "choices": CHOICES if choices else ""})
    return Stencil(card, choices)


def _stem(question: Question, context: dict[str, Any]) -> str:
    """The question's text; each blank becomes a field."""
    html = html_of(question.stem)
    return BLANK.sub(lambda match: render("exam_blank", context | {"blank": int(match[1])}).strip(), html)


# -- before ---------------------------------------------------------------------------------------------------------


def start_page(exam: Exam) -> str:
    """The rules, and the button that begins."""
    return render("exam_start", {"exam": exam, "marks": plain(exam.marks)})


# -- during ---------------------------------------------------------------------------------------------------------


def running_page(visit: Visit, file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> str:
    """The paper. Saved answers travel as data and are put into the fields by the page's script."""
    cards: list[list[str]] = [[] for _ in file.exam.sections]
    state = {}
    for number, item in enumerate(sitting.paper.items, start=1):
        question = file.questions[item.question]
        cards[item.section].append(_stencil(question, visit.name, language()).fill(number, item))
        if item.question in saved:
            answer = saved[item.question]
            state[number] = {"revision": answer.revision, "value": shown_answer(answer.value, item)}
    return render("exam_running", {
        "exam": file.exam,
        "sitting": sitting,
        "sections": [
            {"section": section, "instructions": html_of(section.instructions), "cards": "".join(part)}
            for section, part in zip(file.exam.sections, cards, strict=True)
        ],
        "count": len(sitting.paper.items),
        "numbers": range(1, len(sitting.paper.items) + 1),
        "state": json.dumps(state, ensure_ascii=False),
        "seconds_left": max(int((sitting.deadline_at - visit.now).total_seconds()), 0),
    })


# -- after ----------------------------------------------------------------------------------------------------------


def result_page(
    exam: Exam, file: ExamFile, past: Sequence[Sitting], saved: Mapping[str, Saved],
    marks: Mapping[str, tuple[Decimal, Decimal]], linked: Callable[[str], str],
) -> str:
    """Marks by section, and each question with my answer, the right one and why."""
    last = past[-1]
    items = [
        _reviewed(number, item, file.questions[item.question], saved.get(item.question), marks.get(item.question), linked)
        for number, item in enumerate(last.paper.items, start=1)
    ]
    parts = []
    for index, section in enumerate(file.exam.sections):
        inside = [row for row in items if row["section"] == index]
        parts.append({"title": section.title, "items": inside,
                      "earned": plain(sum((row["earned_exact"] for row in inside), Decimal(0))),
                      "possible": plain(sum((row["possible_exact"] for row in inside), Decimal(0)))})
    again = not last.passed and not last.pending and not any(sitting.passed for sitting in past)
    left = exam.attempts - len(past) if exam.attempts else None
    return render("exam_result", {
        "exam": file.exam, "sitting": last, "parts": parts, "past": [(row, plain(row.marks or Decimal(0))) for row in past],
        "marks": plain(last.marks) if last.marks is not None else "",
        "wrong": sum(row["earned_exact"] < row["possible_exact"] for row in items),
        "again": again and (left is None or left > 0), "left": left, "used_up": again and left == 0,
    })


def _reviewed(
    number: int, item: Item, question: Question, saved: Saved | None, mark: tuple[Decimal, Decimal] | None,
    linked: Callable[[str], str],
) -> dict[str, Any]:
    earned, possible = mark or (Decimal(0), item.marks)
    answer: Sequence[object] = saved.value if saved else ()
    shown = set(shown_answer(answer, item)) if item.order else set()
    choices = [
        {"letter": LETTERS[place], "html": to_inline_html(question.choices[choice].text),
         "correct": question.choices[choice].correct, "chosen": place in shown}
        for place, choice in enumerate(item.order)
    ]
    blanks = [
        {"mine": str(answer[place]) if place < len(answer) else "", "right": accepted[0]}
        for place, accepted in enumerate(question.blanks)
    ]
    stem = BLANK.sub(lambda match: f'<span class="ladder-gap">({escape(match[1])})</span>', html_of(question.stem))
    return {
        "number": number, "section": item.section, "stem": stem, "choices": choices, "blanks": blanks,
        "answered": is_answered(answer), "earned": plain(earned), "possible": plain(possible),
        "earned_exact": earned, "possible_exact": possible, "right": earned == possible, "partly": 0 < earned < possible,
        "explanation": linked(html_of(question.explanation)) if question.explanation else "",
        "kb": question.kb, "type": question.type.value,
    }
