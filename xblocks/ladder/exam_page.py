"""The pages of an exam: before, during and after."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.translation import gettext, ngettext

from ladder import lms
from ladder.core.errors import Refused
from ladder.core.exam import Exam
from ladder.core.marks import plain
from ladder.core.mistakes import BOOK
from ladder.core.paper import Item, is_answered, shown_answer
from ladder.core.sitting import (
    Allowed,
    Lasting,
    attempts_left,
    lasting,
    may_be_reviewed,
    may_start_again_at,
    seconds_left,
    why_not_start,
)
from ladder.core.stage import Mark
from ladder.exam_file import ExamFile
from ladder.handlers import ANSWERS_SAFE
from ladder.next_page import next_html
from ladder.pages import html_of, language, render
from ladder.question_page import CHOICES, LETTER, MARKS, MINE, NUMBER, VALUE, review_stencil, said, stencil, verdict_of
from ladder.records.exam import HandedIn, Marked, Saved, Sitting, receipt
from ladder.records.late import Late
from ladder.visit import Visit

WEAK = Decimal("0.6")  # a smaller share of its marks makes a knowledge point a weak one
_PART = re.compile(f"{CHOICES}(\\d+){CHOICES}")


@dataclass(frozen=True)
class Past:
    """What a learner has tried and may still try.

    `attempts` are those that count, oldest first; `used` of them count against the limit. `sat_until` is the last deadline of
    anybody who still sits the exam, where that matters. What staff have set `by_hand` stands over every attempt.
    """

    exam: Exam
    attempts: tuple[Sitting, ...]
    used: int
    allowed: Allowed
    sat_until: datetime.datetime | None = None
    by_hand: Mark | None = None

    @property
    def passed(self) -> bool:
        """Whether the exam is passed, by whatever stands."""
        return self.by_hand.passed if self.by_hand else any(attempt.passed for attempt in self.attempts)

    def refusal(self, now: datetime.datetime) -> Refused | None:
        """Why no attempt may begin, or None."""
        if self.by_hand and self.by_hand.passed:
            return Refused("You have already passed this exam.")
        if self.by_hand:
            return Refused("Your trainers have set your marks for this exam, and they stand over every attempt.")
        return why_not_start(self.exam, self.attempts, self.used, now, self.allowed)

    @property
    def left(self) -> int | None:
        """Attempts left; None: any number."""
        return attempts_left(self.exam, self.used, self.allowed)

    @property
    def limit(self) -> int:
        """How many attempts there may be, those granted among them; 0: any number."""
        return self.exam.attempts + self.allowed.attempts if self.exam.attempts else 0

    @property
    def full_minutes(self) -> int:
        """How long an attempt lasts that no closing cuts short."""
        return self.exam.minutes + self.allowed.minutes


# -- before ---------------------------------------------------------------------------------------------------------


def start_page(visit: Visit, past: Past) -> str:
    """The rules, and the button that begins."""
    refusal = past.refusal(visit.now)
    types = {row.type.value for row in past.exam.rows}
    return render("exam_start", _times(visit, past) | {
        "exam": past.exam, "marks": plain(past.exam.marks), "refusal": _said(refusal), "left": past.left,
        "by_people": bool(types & {"short", "essay"}), "several": "multiple" in types,
        "by_hand": past.by_hand, "trial": visit.trial,
    })


def begin_question(visit: Visit, past: Past) -> str:
    """What is asked before an attempt begins: how long it will last, and which one of how many it is."""
    return render("ask_begin", _times(visit, past) | {
        "exam": past.exam, "again": bool(past.attempts), "trial": visit.trial, "number": past.used + 1, "limit": past.limit,
    })


def _times(visit: Visit, past: Past) -> dict[str, object]:
    time = lasting(past.exam, visit.now, past.allowed)
    full = Lasting(past.full_minutes, whole=True, cut_short=False)
    return {"time": _how_long(time), "full": _how_long(full), "cut_short": time.cut_short, "allowed": past.allowed}


def _how_long(time: Lasting) -> str:
    if time.whole:
        text = ngettext("%(minutes)s minute", "%(minutes)s minutes", time.minutes)
    else:
        text = ngettext("less than %(minutes)s minute", "less than %(minutes)s minutes", time.minutes)
    return text % {"minutes": time.minutes}


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
        cards[item.section].append(stencil(question, visit.name, spoken).fill(number, item))
        if item.question in saved:
            answer = saved[item.question]
            state[number] = {"revision": answer.revision, "value": shown_answer(answer.value, item)}
    left = seconds_left(sitting.deadline_at, visit.now)
    page = _running_stencil(file.exam, spoken).replace(NUMBER, str(sitting.number)).replace(VALUE, str(left))
    page = page.replace(LETTER, _device_code(visit))
    page = _PART.sub(lambda hole: "".join(cards[int(hole[1])]), page)
    return page.replace(MINE, escape(json.dumps(state, ensure_ascii=False)))


def _device_code(visit: Visit) -> str:
    """Whose answers a device keeps that several learners may share."""
    return lms.secret_code(f"kept on the device of {visit.learner}")


@functools.lru_cache(maxsize=128)
def _running_stencil(exam: Exam, language: str) -> str:  # noqa: ARG001 (the language is part of the key)
    return render("exam_running", {
        "exam": exam, "number": NUMBER, "seconds_left": VALUE, "learner": LETTER, "state": MINE,
        "numbers": range(1, exam.count + 1),
        "sections": [
            {"section": section, "instructions": html_of(section.instructions), "cards": f"{CHOICES}{index}{CHOICES}"}
            for index, section in enumerate(exam.sections)
        ],
    })


# -- after ----------------------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """Marks of a part of the paper or of a knowledge point."""

    title: str
    earned: Decimal = Decimal(0)
    possible: Decimal = Decimal(0)
    cards: str = ""

    def add(self, item: Item, mark: Marked | None) -> None:
        self.earned += mark.earned if mark else Decimal(0)
        self.possible += mark.possible if mark else item.marks

    @property
    def share(self) -> Decimal:
        return self.earned / self.possible if self.possible else Decimal(0)

    def row(self, spoken: str, *, weak: bool = False) -> str:
        """A row of a table of marks."""
        row = _row_stencil(spoken, weak=weak).replace(NUMBER, escape(self.title or "–"))
        return row.replace(MARKS, plain(self.earned)).replace(VALUE, plain(self.possible))


@functools.lru_cache(maxsize=32)
def _row_stencil(language: str, *, weak: bool) -> str:  # noqa: ARG001 (the language is part of the key)
    return render("exam_result_row", {"title": NUMBER, "earned": MARKS, "possible": VALUE, "weak": weak})


def result_page(
    visit: Visit, past: Past, file: ExamFile, done: HandedIn, running: Callable[[], Collection[str]]
) -> str:
    """What was handed in and, once released, its marks; keys and explanations as the exam says today.

    Of questions that are on a `running` paper of another exam no key is shown; it is asked only when keys may be shown.
    """
    sitting, released, spoken = done.sitting, done.sitting.released_at is not None, language()
    revealed = may_be_reviewed(past.exam, sitting.released_at, visit.now, past.sat_until)
    open_ = {item.question for item in sitting.paper.items} - set(running()) if revealed else set()
    tallies, points = _tallies(file, done, visit.course, revealed=open_, shown=revealed or not released)
    answered = sum(is_answered(answer.value) for answer in done.saved.values())
    refusal, passed = past.refusal(visit.now), past.passed
    return render("exam_result", {
        "exam": file.exam, "today": past.exam, "sitting": sitting, "released": released, "revealed": revealed,
        "parts": [{"title": part.title, "row": part.row(spoken), "cards": part.cards} for part in tallies],
        "points": "".join(point.row(spoken, weak=point.share < WEAK) for point in points), "cards": revealed or not released,
        "aside": len(sitting.paper.items) - len(open_) if revealed else 0,
        "past": [(row, plain(row.marks) if row.marks is not None else "–") for row in past.attempts],
        "marks": plain(sitting.marks) if sitting.marks is not None else "",
        "wrong": any(part.earned != part.possible for part in tallies),
        "mistakes_url": lms.page_url_in(visit.course, BOOK),
        "receipt": receipt(sitting, done.saved), "answered": answered, "asked": len(sitting.paper.items),
        "again": refusal is None, "left": past.left, "used_up": not passed and past.left == 0 and not sitting.pending,
        "refusal": "" if passed or sitting.pending else _said(refusal),
        "by_hand": past.by_hand, "again_at": may_start_again_at(past.exam, past.attempts), "late": late_rows(sitting, done.late),
        "learner": _device_code(visit), "time_up": sitting.submitted_at == sitting.deadline_at,
        "ahead": next_html(visit),
    })


def late_rows(sitting: Sitting, late: Mapping[str, Late]) -> list[dict[str, Any]]:
    """What came after the end of an attempt, question by question, as it was sent."""
    return [
        {"number": number, "text": said(late[item.question].value, item), "at": late[item.question].received_at}
        for number, item in enumerate(sitting.paper.items, start=1) if item.question in late
    ]


def unmarkable_page(title: str, sitting: Sitting, *, again: bool) -> str:
    """What a learner is told whose attempt can be neither shown nor marked, what is on record of it, the way to the next."""
    return render("exam_unmarkable", {
        "title": title, "sitting": sitting, "text": gettext(ANSWERS_SAFE), "again": again,
        "marks": "" if sitting.marks is None or sitting.released_at is None else plain(sitting.marks),
    })


def _tallies(
    file: ExamFile, done: HandedIn, course: str, *, revealed: Collection[str], shown: bool
) -> tuple[list[_Tally], list[_Tally]]:
    """The parts of the paper with the cards that may be shown, and the knowledge points, weakest first.

    Keys are shown of the questions `revealed`.
    """
    parts = [_Tally(section.title) for section in file.exam.sections]
    points: dict[str, _Tally] = {}
    spoken = language()
    cards: list[list[str]] = [[] for _ in parts]
    for number, item in enumerate(done.sitting.paper.items, start=1):
        question = file.questions[item.question]
        place = file.places.get(question.kb.article) if question.kb else None
        mark = done.marks.get(item.question)
        parts[item.section].add(item, mark)
        if place:
            points.setdefault(place.article, _Tally(place.title)).add(item, mark)
        if shown:
            answer = done.saved[item.question].value if item.question in done.saved else ()
            open_ = item.question in revealed
            known = mark if open_ else None
            card = review_stencil(question, verdict_of(answer, known), place, spoken, revealed=open_, course=course)
            cards[item.section].append(card.fill(number, item, answer, known))
    for part, texts in zip(parts, cards, strict=True):
        part.cards = "".join(texts)
    return parts, sorted(points.values(), key=lambda point: point.share)
