"""The statistics of an exam that 4,000 learners have sat: 200,000 answers and as many marks, on the preview's database.

    python benches/bench_statistics.py [LEARNERS]
"""

from __future__ import annotations

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

from content import Size, write_course
from measure import table

SIZE = Size(lessons=6, questions=500, articles=40, stages=2, banks=1, cases=0, exams=1)
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
        self.exam = site.course.stages[0].exams[0]
        self.questions = {question.id: question for bank in site.course.banks for question in bank.questions}
        self.banks = {bank.id: bank for bank in site.course.banks}
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(get_user_model().objects.create(username="trainer", is_staff=True))

    def run(self, learners: int) -> None:
        """Fill the tables, ask three times, print."""
        from django.core.cache import cache

        self.fill(learners)
        rows = []
        for name, cold in (("first", True), ("again", False), ("reckoned once more", True)):
            if cold:
                cache.clear()
            with _counted() as statements:
                begun, cpu = time.perf_counter(), time.process_time()
                response = self._ask()
                seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
            size = len(response.content) / 1024
            rows.append((name, len(statements), f"{seconds:.2f} s", f"{cpu_seconds:.2f} s", f"{size:.0f} KB"))
        answers = learners * self.exam.count
        table(f"Statistics of an exam: {learners} learners, {answers} answers, {len(self.questions)} questions",
              ("", "statements", "time", "CPU", "reply"), rows)

    def _ask(self) -> Any:
        usage = self.site.key.make_usage_key("ladder_exam", self.exam.id)
        response = self.client.post(f"/handler/{usage}/statistics/", "{}", "application/json")
        if response.status_code != 200 or "<svg" not in response.json()["html"]:
            raise RuntimeError(f"{response.status_code} {response.content.decode()[:300]}")
        return response

    # -- rows -------------------------------------------------------------------------------------------------------

    def fill(self, learners: int) -> None:
        """A released attempt of each learner: who knows more has more right. Each answer has two revisions."""
        from django.utils import timezone

        from ladder.records.models import Source

        self.now, self.source = timezone.now(), Source.objects.create(digest="bench", content="bench")
        chance = random.Random(1)
        for first in range(0, learners, BATCH):
            self._fill(range(first, min(first + BATCH, learners)), chance)

    def _fill(self, learners: Sequence[int], chance: random.Random) -> None:
        from django.db import transaction

        from ladder.core.paper import draw_paper
        from ladder.records.models import Answer, Attempt, Mark

        answers, marks = [], []
        with transaction.atomic():
            for learner in learners:
                paper, knows, total = draw_paper(self.exam, self.banks, {}, str(learner)), chance.gauss(0, 1), Decimal(0)
                attempt = Attempt.objects.create(
                    learner_id=learner, course=str(self.site.key), block=self.exam.id, number=1, source=self.source,
                    paper=paper.to_json(), started_at=self.now, deadline_at=self.now, submitted_at=self.now, released_at=self.now,
                )
                for place, item in enumerate(paper.items):
                    right = knows + chance.gauss(0.5, 1.5) > 0
                    value = self._value(self.questions[item.question], chance, right=right)
                    answers += [
                        Answer(attempt=attempt, question=item.question, revision=revision, value=given, saved_at=self.now,
                               op_id=f"answer-{place:04}-{revision}")
                        for revision, given in ((1, []), (2, value))
                    ]
                    earned = item.marks if right else Decimal(0)
                    total += earned
                    marks.append(Mark(attempt=attempt, question=item.question, marks=earned, possible=item.marks,
                                      marked_at=self.now))
                Attempt.objects.filter(id=attempt.id).update(marks=total, passed=total >= self.exam.pass_marks)
            Answer.objects.bulk_create(answers, batch_size=1000)
            Mark.objects.bulk_create(marks, batch_size=1000)

    @staticmethod
    def _value(question: Any, chance: random.Random, *, right: bool) -> list[Any]:
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
