"""The three pages of an exam. What a learner may see of a question is decided here.

A paper of a hundred questions must cost little: a question's markup is rendered once per version and language with holes for what
differs between papers (number, marks, order of choices), and filled for each learner.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.translation import gettext

from ladder.core.bank import BLANK, Bank, Choice, Question, Type
from ladder.core.errors import Refused
from ladder.core.exam import Exam
from ladder.core.marks import plain
from ladder.core.markup import to_inline_html
from ladder.core.paper import Item, is_answered, shown_answer
from ladder.core.sitting import may_start_again_at, why_not_start
from ladder.pages import html_of, language, render
from ladder.records.exam import Saved, Sitting
from ladder.visit import Visit

# Holes in a question's markup: control characters, which no content may hold.
NUMBER, MARKS, CHOICES, VALUE, LETTER, MINE = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"
_PART = re.compile(f"{CHOICES}(\\d+){CHOICES}")
_MINE = re.compile(f"{MINE}(\\d+){MINE}")
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


def start_page(visit: Visit, exam: Exam) -> str:
    """The rules, and the button that begins."""
    return render("exam_start", {"exam": exam, "marks": plain(exam.marks), "refusal": _said(why_not_start(exam, (), visit.now))})


def _said(refusal: Refused | None) -> str:
    return gettext(refusal.text) if refusal else ""


# -- during ---------------------------------------------------------------------------------------------------------


def running_page(visit: Visit, file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> str:
    """The paper. Saved answers travel as data and are put into the fields by the page's script."""
    cards: list[list[str]] = [[] for _ in file.exam.sections]
    state = {}
    spoken = language()
    for number, item in enumerate(sitting.paper.items, start=1):
        question = file.questions[item.question]
        cards[item.section].append(_stencil(question, visit.name, spoken).fill(number, item))
        if item.question in saved:
            answer = saved[item.question]
            state[number] = {"revision": answer.revision, "value": shown_answer(answer.value, item)}
    seconds_left = max(int((sitting.deadline_at - visit.now).total_seconds()), 0)
    page = _running_stencil(file.exam, spoken).replace(NUMBER, str(sitting.number)).replace(VALUE, str(seconds_left))
    page = _PART.sub(lambda hole: "".join(cards[int(hole[1])]), page)
    return page.replace(MINE, escape(json.dumps(state, ensure_ascii=False)))


@functools.lru_cache(maxsize=128)
def _running_stencil(exam: Exam, language: str) -> str:  # noqa: ARG001 (the language is part of the key)
    return render("exam_running", {
        "exam": exam, "number": NUMBER, "seconds_left": VALUE, "state": MINE, "numbers": range(1, exam.count + 1),
        "sections": [
            {"section": section, "instructions": html_of(section.instructions), "cards": f"{CHOICES}{index}{CHOICES}"}
            for index, section in enumerate(exam.sections)
        ],
    })


# -- after ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewStencil:
    """The markup of a marked question with holes. `choices` are pairs: not chosen, chosen."""

    card: str
    choices: tuple[tuple[str, str], ...]

    def fill(self, number: int, item: Item, answer: Sequence[object], earned: Decimal, possible: Decimal) -> str:
        """The card of this question on one paper, with the learner's answer in it."""
        chosen = set(answer) if item.order else ()
        rows = [self.choices[choice][choice in chosen].replace(LETTER, LETTERS[place]) for place, choice in enumerate(item.order)]
        card = self.card.replace(NUMBER, str(number)).replace(MARKS, plain(earned)).replace(VALUE, plain(possible))
        if self.choices:
            return card.replace(CHOICES, "".join(rows))
        mine = [escape(str(text)) or "–" for text in answer]
        return _MINE.sub(lambda hole: mine[int(hole[1])] if int(hole[1]) < len(mine) else "–", card)


def _verdict(answer: Sequence[object], earned: Decimal, possible: Decimal) -> str:
    """The word for an answer: right, partly, wrong or empty."""
    if earned == possible:
        return "right"
    return "partly" if earned > 0 else "wrong" if is_answered(answer) else "empty"


@functools.lru_cache(maxsize=16384)
def _review_stencil(question: Question, verdict: str, language: str) -> ReviewStencil:  # noqa: ARG001 (the language is part of the key)
    def choice_html(choice: Choice, *, chosen: bool) -> str:
        context = {"letter": LETTER, "html": to_inline_html(choice.text), "correct": choice.correct, "chosen": chosen}
        return render("exam_review_choice", context).strip()

    stem = BLANK.sub(lambda match: f'<span class="ladder-gap">({escape(match[1])})</span>', html_of(question.stem))
    card = render("exam_review", {
        "number": NUMBER, "verdict": verdict, "earned": MARKS, "possible": VALUE, "stem": stem,
        "choices": CHOICES if question.choices else "",
        "blanks": [{"mine": f"{MINE}{place}{MINE}", "right": keys[0]} for place, keys in enumerate(question.blanks)],
        "explanation": html_of(question.explanation) if question.explanation else "",
    })
    return ReviewStencil(card.strip(), tuple(
        (choice_html(choice, chosen=False), choice_html(choice, chosen=True)) for choice in question.choices
    ))


def result_page(
    visit: Visit, exam: Exam, file: ExamFile, past: Sequence[Sitting], saved: Mapping[str, Saved],
    marks: Mapping[str, tuple[Decimal, Decimal]], linked: Callable[[str], str],
) -> str:
    """Marks by section, and each question with my answer, the right one and why."""
    last, spoken = past[-1], language()
    cards: list[list[str]] = [[] for _ in file.exam.sections]
    earned, possible = [Decimal(0)] * len(cards), [Decimal(0)] * len(cards)
    wrong = 0
    for number, item in enumerate(last.paper.items, start=1):
        mine, full = marks.get(item.question) or (Decimal(0), item.marks)
        answer = saved[item.question].value if item.question in saved else ()
        stencil = _review_stencil(file.questions[item.question], _verdict(answer, mine, full), spoken)
        cards[item.section].append(stencil.fill(number, item, answer, mine, full))
        earned[item.section] += mine
        possible[item.section] += full
        wrong += mine < full
    parts = [
        {"title": section.title, "cards": "".join(cards[index]),
         "earned": plain(earned[index]), "possible": plain(possible[index])}
        for index, section in enumerate(file.exam.sections)
    ]
    refusal = why_not_start(exam, past, visit.now)
    passed = any(sitting.passed for sitting in past)
    left = exam.attempts - len(past) if exam.attempts else None
    return linked(render("exam_result", {
        "exam": file.exam, "sitting": last, "parts": parts, "past": [(row, plain(row.marks or Decimal(0))) for row in past],
        "marks": plain(last.marks) if last.marks is not None else "",
        "wrong": wrong,
        "again": refusal is None, "left": left, "used_up": not passed and left == 0 and not last.pending,
        "refusal": "" if passed or last.pending else _said(refusal), "again_at": may_start_again_at(exam, past),
    }))
