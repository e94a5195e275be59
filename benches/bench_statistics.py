"""The desk of exams that 4,000 learners have sat: statistics of one with 200,000 answers, the marking queue of another.

    python benches/bench_statistics.py [LEARNERS]
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from content import WRITTEN, Size, write_course
from measure import table

from ladder.core.question import STAFF_MARKED

SIZE = Size(lessons=6, questions=500, articles=40, stages=2, banks=1, cases=0, exams=1, written=1)
LEARNERS = 4000
BATCH = 200  # learners whose rows are made at a time
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main(learners: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ladder-bench-") as work:
        course = write_course(Path(work), SIZE)
        os.environ |= {"LADDER_DATA": work, "LADDER_COURSE": str(course)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ladder_tools.preview.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, run_syncdb=True)
        Bench().run(learners)


class Bench:
    """A trainer who asks for the page: first, when it must be reckoned, then again."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        from ladder_tools.preview import views

        site = views.open_shelf().site
        if site is None:
            raise RuntimeError(f"the course is faulty: {views.open_shelf().problems[:3]}")
        self.site = site
        self.written = next(exam for exam in site.course.stages[0].exams if exam.id.startswith(WRITTEN))
        self.exam = next(exam for exam in site.course.stages[0].exams if exam is not self.written)
        self.questions = {question.id: question for bank in site.course.banks for question in bank.questions}
        self.banks = {bank.id: bank for bank in site.course.banks}
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(get_user_model().objects.create(username="trainer", is_staff=True))

    def run(self, learners: int) -> None:
        """Fill the tables, ask, print."""
        self.fill(learners, self.exam)
        rows = [
            self._row("statistics, first", self.exam, "statistics", cold=True),
            self._row("statistics, again", self.exam, "statistics"),
            self._row("statistics, reckoned once more", self.exam, "statistics", cold=True),
            self._row("attempts", self.exam, "desk", cold=True),
        ]
        self.fill(learners, self.written)
        paper = self._paper(self.written, "0")
        question = next(item.question for item in paper.items if self.questions[item.question].key_points)
        rows += [
            self._row("marking queue", self.written, "marking", cold=True),
            self._row("one answer to mark", self.written, "marking", {"question": question}),
        ]
        answers = learners * self.exam.count
        waiting = learners * sum(row.count for row in self.written.rows if row.type in STAFF_MARKED)
        table(f"The desk: {learners} learners, {answers} answers, {len(self.questions)} questions; {waiting} answers to mark",
              ("", "statements", "time", "CPU", "reply"), rows)

    def _row(self, name: str, exam: Any, handler: str, data: Any = None, *, cold: bool = False) -> tuple[Any, ...]:
        """What one request costs. Cold: with nothing in the cache."""
        from django.core.cache import cache

        if cold:
            cache.clear()
        usage = self.site.key.make_usage_key("ladder_exam", exam.id)
        with _counted() as statements:
            begun, cpu = time.perf_counter(), time.process_time()
            response = self.client.post(f"/handler/{usage}/{handler}/", json.dumps(data or {}), "application/json")
            seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
        if response.status_code != 200 or "ladder-desk" not in response.json()["html"]:
            raise RuntimeError(f"{name}: {response.status_code} {response.content.decode()[:300]}")
        size = len(response.content) / 1024
        return name, len(statements), f"{seconds:.2f} s", f"{cpu_seconds:.2f} s", f"{size:.0f} KB"

    def _paper(self, exam: Any, seed: str) -> Any:
        from ladder.core.drawing import draw_paper, make_pool

        return draw_paper(make_pool(exam, self.banks, self.site.course.chapters), seed)

    # -- rows -------------------------------------------------------------------------------------------------------

    def fill(self, learners: int, exam: Any) -> None:
        """An attempt of each learner: who knows more has more right. Each answer has two revisions; written ones wait."""
        from django.utils import timezone

        from ladder.records.models import Source
        from ladder.records.source import digest_of

        content, self.now = self._content(exam), timezone.now()
        self.source, _ = Source.objects.get_or_create(digest=digest_of(content), defaults={"content": content})
        chance = random.Random(1)
        for first in range(0, learners, BATCH):
            self._fill(range(first, min(first + BATCH, learners)), chance, exam)

    def _content(self, exam: Any) -> str:
        """The text of the exam's block: what an attempt is drawn from."""
        from ladder_tools.preview.runtime import PreviewRuntime

        return str(PreviewRuntime(self.site, None).get_block(self.site.key.make_usage_key("ladder_exam", exam.id)).content)

    def _fill(self, learners: Sequence[int], chance: random.Random, exam: Any) -> None:
        from django.db import transaction

        from ladder.records.models import Answer, Attempt, Mark

        answers, marks = [], []
        with transaction.atomic():
            for learner in learners:
                paper, knows, total = self._paper(exam, str(learner)), chance.gauss(0, 1), Decimal(0)
                pending = any(self.questions[item.question].type in STAFF_MARKED for item in paper.items)
                attempt = Attempt.objects.create(
                    learner_id=learner, course=str(self.site.key), block=exam.id, number=1, source=self.source,
                    paper=paper.to_json(), started_at=self.now, deadline_at=self.now, submitted_at=self.now,
                    released_at=None if pending else self.now, pending=pending,
                )
                for place, item in enumerate(paper.items):
                    right = knows + chance.gauss(0.5, 1.5) > 0
                    value = self._value(self.questions[item.question], chance, right=right)
                    answers += [
                        Answer(attempt=attempt, question=item.question, revision=revision, value=given, saved_at=self.now,
                               op_id=f"answer-{place:04}-{revision}")
                        for revision, given in ((1, []), (2, value))
                    ]
                    if self.questions[item.question].type in STAFF_MARKED:
                        continue
                    earned = item.marks if right else Decimal(0)
                    total += earned
                    marks.append(Mark(attempt=attempt, question=item.question, marks=earned, possible=item.marks,
                                      marked_at=self.now))
                if not pending:
                    Attempt.objects.filter(id=attempt.id).update(marks=total, passed=total >= exam.pass_marks)
            Answer.objects.bulk_create(answers, batch_size=1000)
            Mark.objects.bulk_create(marks, batch_size=1000)

    @staticmethod
    def _value(question: Any, chance: random.Random, *, right: bool) -> list[Any]:
        if question.type in STAFF_MARKED:
            return ["先听客户说完，再复述并确认，给出方案和时限。"]
        if question.blanks:
            return [keys[0] if right else "不知道" for keys in question.blanks]
        wrong = [index for index, choice in enumerate(question.choices) if not choice.correct]
        return list(question.key) if right else [chance.choice(wrong)]


@contextmanager
def _counted() -> Any:
    from django.db import connection

    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(_NOT_COUNTED):
            statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEARNERS)
