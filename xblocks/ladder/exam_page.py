"""The pages of an exam: before, during and after."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
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
from ladder.moments import moment
from ladder.next_page import locked_parts, next_html
from ladder.pages import html_of, language, render
from ladder.question_page import (
    CHOICES,
    MARKS,
    MINE,
    NUMBER,
    POINT,
    VALUE,
    Cut,
    cut,
    filled,
    review_stencil,
    said,
    stencil,
    verdict_of,
)
from ladder.records.exam import HandedIn, Marked, Saved, Sitting, receipt
from ladder.records.late import Late
from ladder.visit import Visit

WEAK = Decimal("0.6")  # a smaller share of its marks makes a knowledge point a weak one
_PART = re.compile(f"{CHOICES}(\\d+){CHOICES}")


@dataclass(frozen=True)
class Past:
    """What a learner has tried and may still try.

    `attempts` are those that count, oldest first; `used` of them count against the limit. `sat_until` is the last deadline of
    anybody who still sits the exam, where that matters. What staff have set `by_hand` stands over every attempt. `voided` is the
    number of the last attempt of all if that is void, else 0.
    """

    exam: Exam
    attempts: tuple[Sitting, ...]
    used: int
    allowed: Allowed
    sat_until: datetime.datetime | None = None
    by_hand: Mark | None = None
    voided: int = 0

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
        "by_hand": past.by_hand, "trial": visit.trial, "voided": past.voided,
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


def saved_state(sitting: Sitting, saved: Mapping[str, Saved]) -> dict[int, dict[str, object]]:
    """What the server has of a running paper, as its page knows it: by number, `{"revision", "value"}`."""
    return {
        number: {"revision": saved[item.question].revision, "value": shown_answer(saved[item.question].value, item)}
        for number, item in enumerate(sitting.paper.items, start=1) if item.question in saved
    }


def running_page(visit: Visit, file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> str:
    """The paper. Saved answers travel as data and are put into the fields by the page's script."""
    cards: list[list[str]] = [[] for _ in file.exam.sections]
    spoken = language()
    for number, item in enumerate(sitting.paper.items, start=1):
        cards[item.section].append(stencil(file.questions[item.question], visit.name, spoken).fill(number, item))
    left = seconds_left(sitting.deadline_at, visit.now)
    page = _running_stencil(file.exam, spoken).replace(NUMBER, str(sitting.number)).replace(VALUE, str(left))
    page = _PART.sub(lambda hole: "".join(cards[int(hole[1])]), page)
    return page.replace(MINE, escape(json.dumps(saved_state(sitting, saved), ensure_ascii=False)))


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
    tallies, points = _tallies(file, done, visit, revealed=open_, shown=revealed or not released)
    answered = sum(is_answered(answer.value) for answer in done.saved.values())
    refusal, passed = past.refusal(visit.now), past.passed
    again_at = may_start_again_at(past.exam, past.attempts)
    shape = _ResultShape(
        title=file.exam.title, pass_marks=file.exam.pass_marks, parts=tuple(part.title for part in tallies),
        pending=sitting.pending, passed=sitting.passed, trial=sitting.trial, released=released, revealed=revealed,
        time_up=sitting.submitted_at == sitting.deadline_at, cards=revealed or not released, points=bool(points),
        aside=len(sitting.paper.items) - len(open_) if revealed else 0,
        wrong=any(part.earned != part.possible for part in tallies),
        again=refusal is None, left=past.left, used_up=not passed and past.left == 0 and not sitting.pending,
        refusal="" if passed or sitting.pending else _said(refusal), waits=again_at is not None,
        closes=past.exam.review == "window",
    )
    assert sitting.submitted_at is not None
    texts = {
        "number": str(sitting.number),
        "marks": plain(sitting.marks) if sitting.marks is not None else "",
        "at": moment(sitting.submitted_at, "seconds"), "answered": str(answered), "asked": str(len(sitting.paper.items)),
        "receipt": receipt(sitting, done.saved), "ahead": next_html(visit),
        "by_hand": render("exam_by_hand", {"by_hand": past.by_hand}) if past.by_hand else "",
        "late": render("late_answers", {"late": late_rows(sitting, done.late)}) if done.late else "",
        "rows": "".join([part.row(spoken) for part in tallies]),
        "points": "".join([point.row(spoken, weak=point.share < WEAK) for point in points]),
        "again_at": moment(again_at) if again_at else "", "attempts": _all_attempts(past.attempts),
        "closes_at": moment(past.exam.closes_at) if past.exam.closes_at else "",
    }
    holes = {_IN_RESULT[name]: text for name, text in texts.items()}
    holes |= {_cards_hole(place): part.cards for place, part in enumerate(tallies)}
    return filled(_result_frame(shape, spoken, lms.page_url_in(visit.course, BOOK)), holes)


@dataclass(frozen=True, kw_only=True)
class _ResultShape:
    """All that decides how the frame of a result page looks, of the exam and of how it went.

    It is kept for everybody who comes to the same page: whatever is one learner's own goes into a hole.
    """

    title: str
    pass_marks: int
    parts: tuple[str, ...]
    pending: bool
    passed: bool
    trial: bool
    time_up: bool
    released: bool
    revealed: bool
    cards: bool
    points: bool
    aside: int
    wrong: bool
    again: bool
    left: int | None
    used_up: bool
    refusal: str
    waits: bool
    closes: bool


# Holes in the frame by what goes in, all of it HTML.
_IN_RESULT = {
    name: f"{MINE}{place}{MINE}" for place, name in enumerate((
        "number", "marks", "at", "answered", "asked", "receipt", "ahead", "by_hand", "late", "rows", "points",
        "again_at", "attempts", "closes_at",
    ))
}


def _cards_hole(part: int) -> str:
    return f"{POINT}{part}{POINT}"


@functools.lru_cache(maxsize=512)
def _result_frame(shape: _ResultShape, language: str, mistakes_url: str) -> Cut:  # noqa: ARG001 (the language is part of the key)
    parts = [{"title": title, "cards": _cards_hole(place)} for place, title in enumerate(shape.parts)]
    return cut(render("exam_result", {"shape": shape, "parts": parts, "mistakes_url": mistakes_url, **_IN_RESULT}))


def _all_attempts(attempts: Sequence[Sitting]) -> str:
    """What has come of each attempt, where there have been several."""
    if len(attempts) < 2:
        return ""
    return render("exam_attempts", {"past": [(row, plain(row.marks) if row.marks is not None else "–") for row in attempts]})


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
    file: ExamFile, done: HandedIn, visit: Visit, *, revealed: Collection[str], shown: bool
) -> tuple[list[_Tally], list[_Tally]]:
    """The parts of the paper with the cards that may be shown, and the knowledge points, weakest first.

    Keys are shown of the questions `revealed`.
    """
    parts = [_Tally(section.title) for section in file.exam.sections]
    points: dict[str, _Tally] = {}
    spoken, locked = language(), locked_parts(visit)
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
            card = review_stencil(question, verdict_of(answer, known), place, spoken, revealed=open_, course=visit.course)
            cards[item.section].append(card.marked(locked).fill(number, item, answer, known))
    for part, texts in zip(parts, cards, strict=True):
        part.cards = "".join(texts)
    return parts, sorted(points.values(), key=lambda point: point.share)
