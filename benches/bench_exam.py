"""Papers of 50, 100 and 200 questions: rendered and handed in, against as many problems of Open edX (CAPA) in the same runtime.

Handing in is also held against sqlite3 alone, which writes the same rows in as many transactions.

    python benches/bench_exam.py [ROUNDS]
"""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from content import Size, write_course
from measure import Ratio, in_turn, milliseconds, table, verdict

ASKED = (50, 100, 200)
PAPERS = 20  # papers of ours a round: one would be too short to time
RENDER, ROWS = 100, 5  # times less than CAPA; times what the rows alone cost, at most
_NOW = "2026-01-01 00:00:00"
_ANSWER = "INSERT INTO ladder_answer (attempt_id, question, revision, value, op_id, saved_at) VALUES (?, ?, 1, '[0]', ?, ?)"
_CLOSE = "UPDATE ladder_attempt SET submitted_at = ?, marks = 100, passed = 1 WHERE id = ?"
_MARK = ("INSERT INTO ladder_mark (attempt_id, question, revision, marks, possible, comment, marked_at)"
         " VALUES (?, ?, 1, 2, 2, '', ?)")


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ladder-bench-") as work:
        courses = [
            write_course(Path(work) / str(asked), Size(
                lessons=6, questions=asked * 2, articles=20, stages=2, banks=1, cases=0, exams=1, asked=asked))
            for asked in ASKED
        ]
        os.environ |= {"LADDER_DATA": work, "LADDER_COURSE": str(courses[0]), "DJANGO_SETTINGS_MODULE": "bench_settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.utils import translation

        call_command("migrate", verbosity=0, run_syncdb=True)
        translation.activate("zh-hans")
        learners = iter(range(1, 1_000_000))
        for asked, course in zip(ASKED, courses, strict=True):
            Bench(course, asked, learners).run(max(rounds * ASKED[0] // asked, 3))


class Bench:
    """Both sides of one course. Every learner sits one paper only."""

    def __init__(self, course: Path, asked: int, learners: Iterator[int]) -> None:
        from ladder_tools.folder import read_course
        from ladder_tools.preview.content import make_site

        read, problems, _ = read_course(course)
        if read is None or problems:
            raise RuntimeError(f"the course is faulty: {problems[:3]}")
        from capa import add_problem

        self.site = make_site(read, {})
        self.exam = self.site.key.make_usage_key("ladder_exam", "exam-0")
        self.questions = {question.id: question for bank in read.banks for question in bank.questions}
        self.problems = {id_: add_problem(self.site, question) for id_, question in self.questions.items()}
        self.learners, self.asked = learners, asked

    def run(self, rounds: int) -> None:
        """Warm up, measure, print."""
        ours_render, capa_render, ours_submit, capa_submit, rows_alone = in_turn(
            rounds + 1, self.ours_render, self.capa_render, self.ours_submit, self.capa_submit, self.rows_alone)
        rows = [
            self._row("render: CAPA / ours", capa_render, ours_render, f">= {RENDER}", lambda ratio: ratio >= RENDER),
            self._row("answer all, hand in: CAPA / ours", capa_submit, ours_submit),
            self._row(
                "answer all, hand in: ours / rows alone", ours_submit, rows_alone, f"<= {ROWS}", lambda ratio: ratio <= ROWS,
            ),
        ]
        table(f"A paper of {self.asked} questions, CPU time, {rounds} rounds; ours committed to SQLite (WAL, synchronous=FULL)",
              ("", "one", "other", "ratio", "min-max", "goal", ""), rows)

    @staticmethod
    def _row(
        name: str, one: list[float], other: list[float], goal: str = "", met: Callable[[float], bool] | None = None
    ) -> tuple[str, ...]:
        ratio = Ratio.of(one[1:], other[1:])  # the first round warms up
        return (name, milliseconds(one[1:]), milliseconds(other[1:]), f"{ratio.median:.1f}", f"{ratio.low:.1f}-{ratio.high:.1f}",
                goal, verdict(met(ratio.median)) if met else "")

    # -- ours -------------------------------------------------------------------------------------------------------

    def _send(self, learner: int, action: str, request: Any) -> None:
        from capa import BenchRuntime

        block = BenchRuntime(self.site, learner).get_block(self.exam)
        response = block.runtime.handle(block, action, request)
        if response.status_int != 200:
            raise RuntimeError(response.text)

    def _begin(self) -> int:
        learner = next(self.learners)
        self._send(learner, "begin", _request({}))
        return learner

    def _answers(self, learner: int) -> dict[str, Any]:
        """The request that saves a right answer to every question of the learner's paper."""
        from ladder.records.exam import sittings
        from ladder_tools.preview.demo import right_answer

        paper = sittings(learner, str(self.site.key), self.exam.block_id)[-1].paper
        values = [right_answer(item, self.questions[item.question]) for item in paper.items]
        return {"attempt": 1, "saves": [
            {"op_id": f"answer-{learner:08}-{place}", "item": place, "revision": 1, "value": value}
            for place, value in enumerate(values, start=1)
        ]}

    def ours_render(self) -> float:
        """Seconds a paper, each of another learner."""
        from capa import BenchRuntime

        learners = [self._begin() for _ in range(PAPERS)]

        def work() -> None:
            for learner in learners:
                pages.append(BenchRuntime(self.site, learner).get_block(self.exam).render("student_view").content)

        pages: list[str] = []
        seconds = _cpu(work) / PAPERS
        if any(page.count('class="ladder-question"') != self.asked for page in pages) or len(set(pages)) != PAPERS:
            raise RuntimeError("these are not different papers of as many questions as are asked")
        return seconds

    def ours_submit(self) -> float:
        """Seconds to save all answers and hand in, each of another learner."""
        learners = [self._begin() for _ in range(PAPERS)]
        requests = [(learner, _request(self._answers(learner)), _request({"attempt": 1})) for learner in learners]

        def work() -> None:
            for learner, answers, submit in requests:
                self._send(learner, "answer", answers)
                self._send(learner, "submit", submit)

        seconds = _cpu(work) / PAPERS
        from ladder.records.exam import sittings

        if any(sittings(learner, str(self.site.key), self.exam.block_id)[-1].marks != 100 for learner in learners):
            raise RuntimeError("right answers did not bring full marks")
        return seconds

    def rows_alone(self) -> float:
        """Seconds for sqlite3 to write what one paper leaves, in the same two transactions: no block can be faster than this."""
        from django.conf import settings

        from ladder.records.exam import sittings
        from ladder_tools.preview.sqlite.base import SETTINGS

        made = [sittings(self._begin(), str(self.site.key), self.exam.block_id)[-1] for _ in range(PAPERS)]
        database = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
        database.executescript(SETTINGS)

        def work() -> None:
            for sitting in made:
                names = [item.question for item in sitting.paper.items]
                database.execute("BEGIN IMMEDIATE")
                database.executemany(_ANSWER, [(sitting.id, name, f"answer-{name}", _NOW) for name in names])
                database.execute("COMMIT")
                database.execute("BEGIN IMMEDIATE")
                database.execute(_CLOSE, (_NOW, sitting.id))
                database.executemany(_MARK, [(sitting.id, name, _NOW) for name in names])
                database.execute("COMMIT")

        seconds = _cpu(work) / PAPERS
        database.close()
        return seconds

    # -- CAPA -------------------------------------------------------------------------------------------------------

    def _drawn(self) -> tuple[int, list[str]]:
        """A learner and the 50 questions of the paper that ours would give."""
        from ladder.records.exam import sittings

        learner = self._begin()
        paper = sittings(learner, str(self.site.key), self.exam.block_id)[-1].paper
        return learner, [item.question for item in paper.items]

    def capa_render(self) -> float:
        """Seconds for 50 problems."""
        from capa import BenchRuntime

        learner, names = self._drawn()

        def work() -> None:
            for name in names:
                pages.append(BenchRuntime(self.site, learner).get_block(self.problems[name]).render("student_view").content)

        pages: list[str] = []
        seconds = _cpu(work)
        if any("<input" not in page for page in pages):
            raise RuntimeError("a problem was not rendered")
        return seconds

    def capa_submit(self) -> float:
        """Seconds for 50 checks."""
        from capa import BenchRuntime, check_request

        learner, names = self._drawn()
        requests = [(self.problems[name], check_request(self.problems[name], self.questions[name])) for name in names]

        def work() -> None:
            for key, request in requests:
                block = BenchRuntime(self.site, learner).get_block(key)
                replies.append(block.runtime.handle(block, "xmodule_handler", request, "problem_check"))

        replies: list[Any] = []
        seconds = _cpu(work)
        if any(json.loads(reply.body)["success"] != "correct" for reply in replies):
            raise RuntimeError("a right answer was not found right")
        return seconds


def _request(data: dict[str, Any]) -> Any:
    from webob import Request

    return Request.blank("/", method="POST", body=json.dumps(data).encode(), content_type="application/json")


def _cpu(work: Callable[[], None]) -> float:
    gc.collect()  # each side pays for its own garbage
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
