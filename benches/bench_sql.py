"""SQL statements of every page and handler of the preview: few, and no more for a bigger course or more learners.

A handler of learners may take 6, a page 8. An action of the desk of an exam replies with a whole page of the desk: its goal is
the page's, or that of both, 14, when it writes something first; so has `export`, which reads the answers and marks of everybody.
What publishes results takes some statements for each: `release`, `void_attempt` and `apply_regrade` are measured on one attempt.

    python benches/bench_sql.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from content import Size, write_course
from exam_requests import ExamRequests
from measure import table, verdict

PAGES, HANDLERS = 8, 6  # statements at most
DESK = {"desk", "open_attempt", "marking", "regrade", "look", "statistics"}
PAGE_AND_HANDLER = {"give_marks", "export", "release", "void_attempt", "allow", "apply_regrade"}
SMALL, LARGE = Size(lessons=6, questions=100, articles=12, stages=2, banks=1, cases=2, exams=2, written=1), 4
LEARNERS = {"small": 3, "large": 30}
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main() -> None:
    small, large = (_run(name) for name in ("small", "large"))
    if small.keys() != large.keys():
        raise RuntimeError(f"not the same requests: {small.keys() ^ large.keys()}")
    rows = []
    for name, count in small.items():
        limit = _limit(name)
        rows.append((name, count, large[name], f"<= {limit}", verdict(count <= limit and large[name] <= limit),
                     "yes" if count == large[name] else "NO"))
    big = SMALL.times(LARGE)
    table(
        f"SQL statements a request: {SMALL.lessons} lessons, {SMALL.questions} questions, {LEARNERS['small']} learners, "
        f"against {big.lessons}, {big.questions}, {LEARNERS['large']}",
        ("", "small", "large", "goal", "", "same"), rows,
    )
    print(f"  independent of size: {verdict(all(row[-1] == 'yes' for row in rows))}")


def _limit(name: str) -> int:
    """How many statements a request may take."""
    if not name.startswith("POST handler"):
        return PAGES
    kind, handler = name.removeprefix("POST handler ").split(",")[0].split()
    if kind != "exam" or handler not in DESK | PAGE_AND_HANDLER:
        return HANDLERS
    return PAGES if handler in DESK else PAGES + HANDLERS


def _run(name: str) -> dict[str, int]:
    """Statements by request, counted in a process of its own: Django takes its settings once."""
    result = subprocess.run([sys.executable, __file__, name], stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, int] = json.loads(result.stdout)
    return found


def count(name: str) -> dict[str, int]:
    """The statements of each request on a course of one size."""
    size = SMALL if name == "small" else SMALL.times(LARGE)
    with tempfile.TemporaryDirectory(prefix="ladder-bench-") as work:
        course = write_course(Path(work), size)
        os.environ |= {"LADDER_DATA": work, "LADDER_COURSE": str(course)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ladder_tools.preview.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, run_syncdb=True)
        return Counter(LEARNERS[name]).run()


class Counter:
    """A trainee who does everything there is to do in the first stage, and a trainer who looks on."""

    def __init__(self, learners: int) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        from ladder_tools.preview import views

        self.site = views.open_shelf().site
        if self.site is None:
            raise RuntimeError(f"the course is faulty: {views.open_shelf().problems[:3]}")
        users = get_user_model().objects
        self.others = [users.create(username=f"other-{number}") for number in range(learners)]
        trainee, trainer = users.create(username="trainee"), users.create(username="trainer", is_staff=True)
        for user in (trainee, trainer):
            user.set_password("bench-password")
            user.save()
        self.trainee, self.trainer, self.stranger = (Client(SERVER_NAME="localhost") for _ in range(3))
        self.trainee.force_login(trainee)
        self.trainer.force_login(trainer)
        self.trainee_id = trainee.id
        self.counts: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        """Every page and handler; RuntimeError when one has been forgotten."""
        self._others_study()
        self._signing_in()
        self._locked_pages()
        self._lessons()
        self._cases()
        self._exams()
        self._trainer()
        self._require_everything()
        return self.counts

    # -- requests ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _counted(self, name: str, *, cold: bool = True) -> Iterator[None]:
        """The most that a request of this name has taken. Cold: with nothing in Django's cache, where the user stays a minute."""
        from django.core.cache import cache
        from django.db import connection

        statements: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            if not sql.lstrip().upper().startswith(_NOT_COUNTED):
                statements.append(sql)
            return execute(sql, *rest)

        if cold:
            cache.clear()
        with connection.execute_wrapper(note):
            yield
        self.counts[name] = max(self.counts.get(name, 0), len(statements))

    def get(self, name: str, path: str, client: Any = None, status: int = 200) -> Any:
        """A page, counted."""
        with self._counted(f"GET {name}"):
            response = (client or self.trainee).get(path)
        return self._checked(response, name, status)

    def post(
        self, kind: str, unit: str, handler: str, data: Any, note: str = "", client: Any = None, status: int = 200
    ) -> Any:
        """A handler, counted; returns its reply. It comes from a page just asked for."""
        with self._counted(f"POST handler {kind} {handler}{note}", cold=False):
            return self.send(client or self.trainee, kind, unit, handler, data, status)

    def send(self, client: Any, kind: str, unit: str, handler: str, data: Any, status: int = 200) -> Any:
        """A handler, not counted; RuntimeError when it answers with another status."""
        usage = self.site.key.make_usage_key(f"ladder_{kind}", unit)
        response = client.post(f"/handler/{usage}/{handler}/", json.dumps(data), "application/json")
        return self._checked(response, f"{kind} {handler}", status).json()

    @staticmethod
    def _checked(response: Any, name: str, status: int) -> Any:
        if response.status_code != status:
            raise RuntimeError(f"{name}: {response.status_code} {response.content.decode()[:300]}")
        return response

    # -- what is done -----------------------------------------------------------------------------------------------

    def _others_study(self) -> None:
        """Rows of other learners: their first stage is done."""
        from django.utils import timezone

        from ladder.records.models import Call, LessonProgress, StageOpening

        now, course = timezone.now(), str(self.site.key)
        first = self.site.course.stages[0]
        for user in self.others:
            common = {"learner_id": user.id, "course": course}
            StageOpening.objects.create(**common, stage=first.stage.id, opened_at=now, evidence=[])
            LessonProgress.objects.bulk_create(
                LessonProgress(**common, block=lesson.id, section=section, read_at=now)
                for lesson in first.lessons for section in ("", *(heading.slug for heading in lesson.sections))
            )
            for case in first.cases:
                Call.objects.create(**common, block=case.id, number=1, started_at=now, ended_at=now, marks=80, passed=True)

    def _signing_in(self) -> None:
        self.get("/ (a stranger)", "/", self.stranger, 302)
        self.get("/sign-in/", "/sign-in/", self.stranger)
        with self._counted("POST /sign-in/"):
            response = self.stranger.post("/sign-in/", {"username": "trainee", "password": "bench-password"})
        self._checked(response, "sign in", 302)
        with self._counted("POST /sign-out/"):
            response = self.stranger.post("/sign-out/")
        self._checked(response, "sign out", 302)
        self.get("/version/", "/version/", self.stranger)
        self.get("/resource/…", "/resource/ladder/ladder.css", self.stranger)
        self.get("/static/… (missing)", "/static/cover.png", status=404)

    def _locked_pages(self) -> None:
        second = self.site.course.stages[1]
        self.get("/course/", "/course/")
        self.get("/unit/, stage", f"/unit/{self.site.course.stages[0].stage.id}/")
        self.get("/unit/, locked lesson", f"/unit/{second.lessons[0].id}/")
        self.get("/unit/, locked exam", f"/unit/{second.exams[0].id}/")
        self.get("/unit/, article", f"/unit/{self.site.course.articles[0].id}/")

    def _lessons(self) -> None:
        for lesson in self.site.course.stages[0].lessons:
            self.get("/unit/, lesson", f"/unit/{lesson.id}/")
            self.post("lesson", lesson.id, "read", {"sections": [heading.slug for heading in lesson.sections]})
            self.post("lesson", lesson.id, "article", {"id": self.site.course.articles[0].id})
            self.post("lesson", lesson.id, "finish", {})
            self.get("/unit/, finished lesson", f"/unit/{lesson.id}/")

    def _cases(self) -> None:
        from ladder_tools.preview.demo import best_path

        for case in self.site.course.stages[0].cases:
            self.get("/unit/, case", f"/unit/{case.id}/")
            self.post("case", case.id, "begin", {})
            path = best_path(case)
            for place, step in enumerate(path):
                self.get("/unit/, running case", f"/unit/{case.id}/")
                note = ", the last" if place == len(path) - 1 else ""
                data = {"op_id": f"step-{place:08}", "position": place, "option": step.option}
                self.post("case", case.id, "choose", data, note)
            self.get("/unit/, finished case", f"/unit/{case.id}/")

    def _exams(self) -> None:
        exams = ExamRequests(self)
        exams.cohort()
        exams.sit()
        self.get("/course/", "/course/")
        self.get("/unit/, lesson just opened", f"/unit/{self.site.course.stages[1].lessons[0].id}/")
        exams.mistakes(redos=0)
        exams.decide()
        exams.close()
        exams.mistakes(redos=1)

    def _trainer(self) -> None:
        first = self.site.course.stages[0]
        self.get("/course/ (trainer)", "/course/", self.trainer)
        units = {"stage": first.stage, "lesson": first.lessons[0], "case": first.cases[0], "exam": first.exams[0]}
        for kind, unit in units.items():
            self.get(f"/unit/, {kind} (trainer)", f"/unit/{unit.id}/", self.trainer)
            self.get(f"/author/, {kind}", f"/author/{unit.id}/", self.trainer)
            self.get(f"/author/, {kind}, as in Studio", f"/author/{unit.id}/?view=author", self.trainer)
            text = {"content": self.site.course.texts[unit.id].text, "display_name": unit.title, "check_only": True}
            self.post(kind, unit.id, "studio_save", text, client=self.trainer)
        self.post("lesson", first.lessons[0].id, "article", {"id": self.site.course.articles[0].id}, client=self.trainer)

    def _require_everything(self) -> None:
        """Handlers and addresses that were added later must be measured too."""
        from importlib.metadata import entry_points

        from ladder_tools.preview.urls import urlpatterns

        done = {tuple(name.removeprefix("POST handler ").split(",")[0].split()) for name in self.counts if "handler" in name}
        for entry in entry_points(group="xblock.v1"):
            kind = entry.name.removeprefix("ladder_")
            if not entry.value.startswith("ladder."):
                continue
            cls = entry.load()
            own = {name for name in dir(cls) if getattr(getattr(cls, name, None), "_is_xblock_handler", False)}
            shared = {"article", "studio_save"}  # the same for all kinds
            missing = {(kind, name) for name in own - shared} - done
            if missing:
                raise RuntimeError(f"handlers without a count: {missing}")
        asked = {name.split()[1].rstrip(",").split("/")[1] for name in self.counts if "handler" not in name} | {"handler"}
        forgotten = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns} - asked
        if forgotten:
            raise RuntimeError(f"addresses without a count: {forgotten}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(count(sys.argv[1])))
    else:
        main()
