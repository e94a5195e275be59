"""The block of one theory exam."""

from __future__ import annotations

import datetime
import functools
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from xblock.completable import CompletableXBlockMixin
from xblock.fields import Float, Scope

from ladder import lms
from ladder.core.bank import Question, parse_bank
from ladder.core.course import questions_of
from ladder.core.errors import Malformed, Refused
from ladder.core.exam import parse_exam
from ladder.core.marking import Result, Rules, grade
from ladder.core.paper import check_supply, draw_paper, read_answer, shown_answer
from ladder.core.problems import Report, errors
from ladder.core.sitting import deadline, why_not_start
from ladder.core.stage import Mark, with_sitting
from ladder.exam_page import ExamFile, result_page, running_page, start_page
from ladder.handlers import Conflicting, action, read_op_id
from ladder.payload import parse_files, refuse_errors
from ladder.records.exam import (
    HandedIn,
    Save,
    Saved,
    Sitting,
    answers,
    digest_of,
    marks,
    questions_seen,
    save_answers,
    sittings,
    source_text,
    start_sitting,
    submit,
)
from ladder.shell import LadderBlock
from ladder.visit import Visit

MAX_SAVES = 500


@functools.lru_cache(maxsize=128)
def parse_text(content: str) -> ExamFile:
    """The exam of a payload, with the banks it draws from."""
    models, problems = parse_files(content, {"exam": parse_exam, "bank": parse_bank})
    banks = {bank.id: bank for bank in models["bank"]}
    questions = questions_of(banks.values())
    report = Report("content")
    if not models["exam"] and not any(errors(problems)):
        report.error("wrong-kind", 1, kind="exam")
    elif models["exam"] and not any(errors(problems)):
        articles = {question.kb.article for question in questions.values() if question.kb}
        check_supply(models["exam"][0], banks, articles | {row.kb for row in models["exam"][0].rows}, report)
    refuse_errors([*problems, *report.problems])
    return ExamFile(models["exam"][0], banks, questions)


class ExamBlock(CompletableXBlockMixin, LadderBlock):
    """Hands out a paper, keeps every answer, marks it. The server's clock alone decides."""

    has_score = True
    weight = Float(scope=Scope.settings, default=None, help="Points in the gradebook; empty: the raw marks.")

    kind = "exam"
    script = "exam"
    icon_class = "problem"
    parse_text = staticmethod(parse_text)

    def max_score(self) -> float:
        """Full marks, known without a learner."""
        return float(lms.FULL_MARKS)

    def page(self, visit: Visit) -> str:
        """The rules, the paper, or the result: whatever is due."""
        return self._page(visit, sittings(visit.learner, visit.course, visit.name))

    def _page(self, visit: Visit, past: Sequence[Sitting]) -> str:
        last = past[-1] if past else None
        if last is None:
            return start_page(visit, parse_text(self.content).exam)
        if last.submitted_at is None and visit.now > last.deadline_at + self._grace(self._file_of(last)):
            return self._result(visit, self._close(visit, last.number)[0])
        saved = answers(last.id)
        if last.submitted_at is None:
            return running_page(visit, self._file_of(last), last, saved)
        return self._result(visit, HandedIn(last, past, saved, marks(last.id)))

    def _result(self, visit: Visit, done: HandedIn) -> str:
        file = self._file_of(done.sitting)
        return result_page(visit, parse_text(self.content).exam, file, done.past, done.saved, done.marks, self.linked)

    @action
    def start(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Begin an attempt; the one that is running goes on instead."""
        past = sittings(visit.learner, visit.course, visit.name)
        last = past[-1] if past else None
        if last is not None and last.submitted_at is None:
            return {"html": self._page(visit, past)}
        file = parse_text(self.content)
        refusal = why_not_start(file.exam, past, visit.now)
        if refusal:
            raise refusal
        number = len(past) + 1
        paper = draw_paper(file.exam, file.banks, secrets.token_hex(16), questions_seen(past))
        ends_at = deadline(file.exam, visit.now)
        made = start_sitting(visit.learner, visit.course, visit.name, self.content, paper, number, visit.now, ends_at)
        saved = {} if made.paper == paper else answers(made.id)  # another paper: another window has just begun the attempt
        return {"html": running_page(visit, self._file_of(made), made, saved)}

    @action
    def answer(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Save answers: `{"attempt": 1, "saves": [{"op_id", "item", "revision", "value"}, …]}`, items counted from 1."""
        number, rows = _read_attempt(data), data.get("saves")
        if not isinstance(rows, list) or not 0 < len(rows) <= MAX_SAVES:
            raise Malformed("saves")

        def read(sitting: Sitting) -> list[Save]:
            if sitting.submitted_at is not None:
                raise Refused("This attempt has been handed in.")
            file = self._file_of(sitting)
            if visit.now > sitting.deadline_at + self._grace(file):
                raise Refused("Time is up. What was saved in time counts.")
            return [_read_save(row, sitting, file.questions) for row in rows]

        sitting, standing, conflicts = save_answers(visit.learner, visit.course, visit.name, number, visit.now, read)
        items = {item.question: (place, item) for place, item in enumerate(sitting.paper.items, start=1)}
        reply = {
            "saved_at": visit.now.isoformat(),
            "revisions": {items[question][0]: saved.revision for question, saved in standing.items()},
        }
        if not conflicts:
            return reply
        newer = {
            items[other.question][0]: {"revision": other.saved.revision,
                                       "value": shown_answer(other.saved.value, items[other.question][1])}
            for other in conflicts
        }
        raise Conflicting(reply | {"conflicts": newer})

    @action
    def submit(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Hand in an attempt. Doing it again shows the same result."""
        number = _read_attempt(data)
        done, after = self._close(visit, number)
        html = self._result(visit, done) if done.sitting is done.past[-1] else self._page(visit, done.past)
        return {"html": html, "opened": self.opened(visit, after)}

    def _close(self, visit: Visit, number: int) -> tuple[HandedIn, Visit]:
        """Hand in: marks what is saved. The time of handing in is never after the deadline."""

        def mark(sitting: Sitting, saved: Mapping[str, Saved]) -> tuple[Result, bool]:
            file = self._file_of(sitting)
            given = {question: answer.value for question, answer in saved.items()}
            result = grade(sitting.paper, file.questions, given, Rules(file.exam.multiple, file.exam.rounding))
            return result, not result.pending and result.marks >= file.exam.pass_marks

        done = submit(visit.learner, visit.course, visit.name, number, visit.now, mark)
        sitting = done.sitting
        if sitting.marks is not None:
            lms.publish_exam_score(self, float(sitting.marks), number)
        if sitting.passed:
            lms.publish_completion(self, 1.0)
        result = Mark(sitting.marks, sitting.passed, sitting.pending, number)
        return done, self.with_journey(visit, with_sitting(visit.journey, visit.name, result))

    def _file_of(self, sitting: Sitting) -> ExamFile:
        """The text the attempt was drawn from: today's when nothing has changed, else the one kept with it."""
        unchanged = sitting.digest == digest_of(self.content)
        return parse_text(self.content if unchanged else source_text(sitting.digest))

    @staticmethod
    def _grace(file: ExamFile) -> datetime.timedelta:
        return datetime.timedelta(seconds=file.exam.grace_seconds)

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
