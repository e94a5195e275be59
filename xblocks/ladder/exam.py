"""The block of one theory exam."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext_noop
from xblock.completable import CompletableXBlockMixin
from xblock.fields import Integer, Scope

from ladder import lms
from ladder.core.drawing import draw_paper
from ladder.core.errors import Malformed, Refused
from ladder.core.paper import read_answer, shown_answer
from ladder.core.question import Question
from ladder.core.sitting import NOTHING_EXTRA, counting, deadline, is_over, seconds_left, waits_for_others
from ladder.core.stage import Journey, Mark, with_sitting
from ladder.desk.front import ExamDesk
from ladder.desk.statistics import ExamStatistics
from ladder.desk.tools import InstructorTools
from ladder.exam_file import file_of, file_with_key, parse_for_drawing, parse_text, read_ahead
from ladder.exam_page import Past, begin_question, result_page, running_page, saved_state, start_page, unmarkable_page
from ladder.exam_results import Asked, StillRunning, close_if_over, hand_in, result_when_over
from ladder.handlers import Conflicting, action, as_it_stands, query, read_op_id, staff_action
from ladder.records.allowance import allowance, settle
from ladder.records.exam import (
    Conflict,
    Drawn,
    HandedIn,
    Save,
    Sitting,
    Stored,
    answers,
    marks,
    questions_seen,
    sat_until,
    save_answers,
    sittings,
    start_sitting,
)
from ladder.records.isolation import Failed, alone
from ladder.records.journal import afterwards
from ladder.records.late import keep_late, late_answers
from ladder.records.mistakes import read_running
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit

MAX_SAVES = 500


class ExamBlock(ExamDesk, ExamStatistics, InstructorTools, CompletableXBlockMixin, LadderBlock):
    """Hands out a paper, keeps every answer, marks it. The server's clock alone decides."""

    weight = None  # no field: submissions know no weights, and the instructor tools read this
    attempts = Integer(scope=Scope.user_state, default=None, help="Attempts used; the instructor tools set it to 0.")
    counted_from = Integer(scope=Scope.user_state, default=None, help="Number of the first attempt since they were reset.")

    kind = "exam"
    display_name = title_field(gettext_noop("Ladder exam"))
    scripts = ("queue", "exam")
    staff_script = "desk"
    icon_class = "problem"
    parse_text = staticmethod(parse_for_drawing)

    @property
    def has_score(self) -> bool:
        """Whether the gradebook counts this exam: not where its stage's plan does not hold it, whatever was scored in it."""
        return self.counts

    def max_score(self) -> float:
        """Full marks, known without a learner."""
        return float(lms.FULL_MARKS)

    def page(self, visit: Visit) -> str:
        """The rules, the paper, or the result: whatever is due. Staff have their desk above it."""
        html = self._page(visit, sittings(visit.learner, visit.course, visit.name))
        return self.with_desk(html) if visit.staff else html

    def _page(self, visit: Visit, past: Sequence[Sitting]) -> str:
        standing = counting(past, trials=visit.trial)
        if not standing:
            return start_page(visit, self._past(visit, past))
        last = standing[-1]
        return self._or_unmarkable(visit, past, last, lambda: self._attempt(visit, past, last))

    def _or_unmarkable(self, visit: Visit, past: Sequence[Sitting], sitting: Sitting, page: Callable[[], str]) -> str:
        """The page of an attempt; of one that cannot be shown, what is told of it."""
        shown = alone(page, f"The page of attempt {sitting.id}", but=(DatabaseError,))
        if not isinstance(shown, Failed):
            return shown
        what = f"Whether one may follow attempt {sitting.id}"
        again = alone(lambda: self._again(visit, past, sitting), what, but=(DatabaseError,))
        return unmarkable_page(self.title, sitting, again=again is True)

    def _attempt(self, visit: Visit, past: Sequence[Sitting], last: Sitting) -> str:
        saved, late = answers(last.id), late_answers(last.id) if last.has_late else {}
        if last.submitted_at is not None:
            return self._result(visit, HandedIn(last, past, saved, marks(last.id), late))
        file = file_of(last, self.content)
        if not is_over(file.exam, last.deadline_at, visit.now):
            return running_page(visit, file, last, saved)
        done = result_when_over(past, last, saved, visit.now, self.content)
        html = self._result(visit, replace(done, late=late))
        if not visit.view_only:
            afterwards(lambda: self._close_if_over(visit, last))
        return html

    def _again(self, visit: Visit, past: Sequence[Sitting], last: Sitting) -> bool:
        """Whether another attempt may begin after one that cannot be shown."""
        return last.submitted_at is not None and self._past(visit, past).refusal(visit.now) is None

    def _close_if_over(self, visit: Visit, last: Sitting) -> None:
        done = close_if_over(visit.learner, visit.course, visit.name, last.number, visit.now, self.content)
        if done is not None:
            self._told(visit, done)

    def _past(self, visit: Visit, past: Sequence[Sitting]) -> Past:
        """What has been tried, and what may still be."""
        exam = parse_text(self.content).exam
        until = sat_until(visit.course, visit.name) if waits_for_others(exam, visit.now) else None
        standing, mark = tuple(counting(past, trials=visit.trial)), visit.journey.exams.get(visit.name)
        by_hand = mark if mark is not None and mark.by_hand else None
        # Who has passed cannot begin again, whatever was granted.
        passed = by_hand.passed if by_hand else any(sitting.passed for sitting in standing)
        allowed = NOTHING_EXTRA if passed else allowance(visit.learner, visit.course, visit.name)
        voided = past[-1].number if past and past[-1].voided else 0
        return Past(exam, standing, self.used(past), allowed, until, by_hand, voided)

    def _result(self, visit: Visit, done: HandedIn) -> str:
        tries = visit.journey.tries.get(visit.name)
        if tries is not None and tries.until is not None:  # it has ended since the journey was read, or is about to
            visit = self.seen_with(visit, _journey_after(visit, done))

        def running() -> frozenset[str]:
            elsewhere = visit.journey.exams.keys() - {visit.name}
            return read_running(visit.learner, visit.course) if elsewhere else frozenset()

        return result_page(visit, self._past(visit, done.past), file_with_key(done.sitting, self.content), done, running)

    @staff_action
    def look(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The exam as a learner meets it."""
        return {"html": self.page(visit)}

    @query
    def ask(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """What beginning an attempt now would mean, `{"ask"}`; where none can begin, the page as it stands, `{"html"}`."""
        past = sittings(visit.learner, visit.course, visit.name)
        standing, tried = counting(past, trials=visit.trial), self._past(visit, past)
        if (standing and standing[-1].submitted_at is None) or tried.refusal(visit.now):
            return {"html": self.page(visit)}
        return {"ask": begin_question(visit, tried)}

    @action
    def begin(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Begin an attempt; the one that is running goes on instead."""

        def draw(past: Sequence[Sitting]) -> Drawn | None:
            standing = counting(past, trials=visit.trial)
            if standing and standing[-1].submitted_at is None:
                return None
            file, tried = parse_for_drawing(self.content), self._past(visit, past)
            refusal = tried.refusal(visit.now)
            if refusal:
                raise refusal
            paper = draw_paper(file.pool, secrets.token_hex(16), questions_seen(past))
            return Drawn(paper, deadline(file.exam, visit.now, tried.allowed), tried.allowed.minutes)

        place = visit.learner, visit.course, visit.name
        read_ahead(self.content)
        try:
            past, drawn = start_sitting(*place, self.content, visit.now, draw, trial=visit.trial)
        except Refused as refusal:
            raise as_it_stands(refusal, self.page(visit)) from refusal
        if drawn is None:
            return {"html": self._page(visit, past)}
        if allowance(*place).minutes != drawn.extra_minutes:  # granted while the paper was drawn
            settle(*place)
            past = sittings(*place)
        self.count_attempt(past)
        return {"html": running_page(visit, file_of(past[-1], self.content), past[-1], {})}

    @action
    def answer(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Save answers: `{"attempt": 1, "saves": [{"op_id", "item", "revision", "value"}, …]}`, items counted from 1."""
        number, rows = _read_attempt(data), data.get("saves")
        if not isinstance(rows, list) or not 0 < len(rows) <= MAX_SAVES:
            raise Malformed("saves")

        try:
            stored = self._save(visit, number, rows)
        except Refused as refusal:
            raise as_it_stands(refusal, self.page(visit)) from refusal
        sitting = stored.sitting
        items = {item.question: (place, item) for place, item in enumerate(sitting.paper.items, start=1)}

        def shown(others: Sequence[Conflict]) -> dict[int, dict[str, Any]]:
            """What another window has saved, by place on the paper."""
            return {
                items[other.question][0]: {"revision": other.saved.revision,
                                           "value": shown_answer(other.saved.value, items[other.question][1])}
                for other in others
            }

        reply = {
            "saved_at": visit.now.isoformat(),
            "seconds_left": seconds_left(sitting.deadline_at, visit.now),
            "revisions": {items[question][0]: saved.revision for question, saved in stored.standing.items()},
            "overtaken": shown(stored.overtaken),
        }
        if stored.conflicts:
            raise Conflicting(reply | {"conflicts": shown(stored.conflicts)})
        return reply

    def _save(self, visit: Visit, number: int, rows: Sequence[object]) -> Stored:
        """Save answers to an attempt that runs. What comes for one that has ended is kept as late, and refused."""

        def read(sitting: Sitting) -> list[Save]:
            file = file_of(sitting, self.content)
            saves = [_read_save(row, sitting, file.questions) for row in rows]
            if sitting.submitted_at is not None or sitting.voided or is_over(file.exam, sitting.deadline_at, visit.now):
                raise _TooLate(sitting, saves)
            return saves

        for last in (False, True):
            try:
                return save_answers(visit.learner, visit.course, visit.name, number, visit.now, read)
            except _TooLate as late:
                if last or late.sitting.submitted_at is not None or late.sitting.voided:
                    keep_late(late.sitting.id, [(save.op_id, save.question, save.value) for save in late.saves], visit.now)
                    raise
                # It ends now, once for all. Only if it has been given more time meanwhile, it goes on.
                self._close_if_over(visit, late.sitting)
        raise AssertionError("unreachable")

    @query
    def time_left(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """How long an attempt still runs, `{"attempt": 1}`, and what is saved; of one that does not run any more, its page."""
        number = _read_attempt(data)
        for sitting in sittings(visit.learner, visit.course, visit.name):
            if sitting.number == number and sitting.submitted_at is None and not sitting.voided:
                if is_over(file_of(sitting, self.content).exam, sitting.deadline_at, visit.now):
                    break
                left = seconds_left(sitting.deadline_at, visit.now)
                return {"seconds_left": left, "saved": saved_state(sitting, answers(sitting.id))}
        return {"html": self.page(visit)}

    @action
    def submit(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Hand in an attempt. Doing it again shows the same result.

        What the page does `by_itself` when its time is up is answered, before the server's own deadline, with the time left.
        """
        number, by_itself = _read_attempt(data), data.get("by_itself", False)
        if not isinstance(by_itself, bool):
            raise Malformed("by_itself")
        asked = Asked.BY_PAGE if by_itself else Asked.BY_LEARNER
        try:
            done = hand_in(visit.learner, visit.course, visit.name, number, visit.now, self.content, asked)
        except StillRunning as early:
            return {"seconds_left": max(seconds_left(early.deadline_at, visit.now), 1)}
        except Refused as refusal:
            raise as_it_stands(refusal, self.page(visit)) from refusal
        after = self._told(visit, done)
        if done.sitting is done.past[-1]:
            html = self._or_unmarkable(after, done.past, done.sitting, lambda: self._result(after, done))
        else:
            html = self._page(visit, done.past)
        return {"html": self.with_desk(html) if visit.staff else html, "opened": self.opened(visit, after)}

    def _told(self, visit: Visit, done: HandedIn) -> Visit:
        """The visit after handing in."""
        return self.with_journey(visit, _journey_after(visit, done))

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder exam", """<ladder_exam url_name="quiz" display_name="小测"><![CDATA[<!-- file: exam.md -->
---
kind: exam
title: 小测
---
## 单选
| bank | type | count | marks |
| --- | --- | --- | --- |
| limits | single | 1 | 100 |

<!-- file: limits.md -->
---
kind: bank
id: limits
title: 时限
---
## 答复 {#reply}
投诉最迟应在多长时间内答复?
- ( ) 24 小时
- (x) 48 小时
> 48 小时。
]]></ladder_exam>""")]


class _TooLate(Refused):
    """The attempt has ended. `saves` is what came for it all the same."""

    def __init__(self, sitting: Sitting, saves: Sequence[Save]) -> None:
        by_time = sitting.submitted_at in (None, sitting.deadline_at)
        super().__init__(gettext_noop("This attempt is void.") if sitting.voided
                         else gettext_noop("Time is up. What was saved in time counts.") if by_time
                         else gettext_noop("This attempt has been handed in."))
        self.sitting, self.saves = sitting, saves


def _journey_after(visit: Visit, done: HandedIn) -> Journey:
    sitting = done.sitting
    result = Mark(sitting.marks, sitting.passed, sitting.pending, sitting.number)
    return with_sitting(visit.journey, visit.name, result, sitting.submitted_at)


def _read_attempt(data: dict[str, Any]) -> int:
    number = data.get("attempt")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 10_000:
        raise Malformed("attempt")
    return number


def _read_save(row: object, sitting: Sitting, questions: Mapping[str, Question]) -> Save:
    op_id = read_op_id(row)
    assert isinstance(row, dict)
    place, revision = row.get("item"), row.get("revision")
    if not isinstance(place, int) or isinstance(place, bool) or not 0 < place <= len(sitting.paper.items):
        raise Malformed("item")
    if not isinstance(revision, int) or isinstance(revision, bool) or not 0 < revision < 1_000_000:
        raise Malformed("revision")
    item = sitting.paper.items[place - 1]
    return Save(op_id, item.question, revision, read_answer(row.get("value"), item, questions[item.question]))
