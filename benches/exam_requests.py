"""What trainees, markers and trainers ask of exams and of the book of mistakes, for `bench_sql.py`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from content import CLOSES, KEY, OTHER_KEY, WRITTEN

if TYPE_CHECKING:
    from bench_sql import Counter

ANSWER = "先听完，再按规定答复。"


class ExamRequests:
    """One trainee sits everything twice; the others have sat before; a trainer marks, releases, regrades."""

    def __init__(self, counter: Counter) -> None:
        from django.utils import timezone

        from ladder.core.course import questions_of

        self.counter, self.get, self.post = counter, counter.get, counter.post
        self.course = str(counter.site.key)
        self.questions = questions_of(counter.site.course.banks)
        exams = counter.site.course.stages[0].exams
        self.written = [exam for exam in exams if exam.id.startswith(WRITTEN)]
        self.others = [exam for exam in exams if exam not in self.written]
        self.names = (f"operation-{number:08}" for number in range(1_000_000))
        self.now = timezone.now()

    # -- sitting ----------------------------------------------------------------------------------------------------

    def cohort(self) -> None:
        """What the others have done: every second one wrote something, and all have failed twice. Not counted."""
        from django.test import Client

        written, plain = self.written[0], self.others[0]
        for place, user in enumerate(self.counter.others):
            client = Client(SERVER_NAME="localhost")
            client.force_login(user)

            def send(exam: Any, handler: str, data: Any, client: Any = client) -> None:
                self.counter.send(client, "exam", exam.id, handler, data)

            send(written, "begin", {})
            if place % 2 == 0:
                send(written, "answer", {"attempt": 1, "saves": list(self._saves(user.id, written, chosen=False))})
            send(written, "submit", {"attempt": 1})
            for attempt in (1, 2):
                send(plain, "begin", {})
                send(plain, "submit", {"attempt": attempt})

    def _last(self, learner: int, exam: Any) -> Any:
        from ladder.records.exam import sittings

        return sittings(learner, self.course, exam.id)[-1]

    def _saves(self, learner: int, exam: Any, *, chosen: bool = True, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Right answers to the first `most` questions; without `chosen` only to those that people mark."""
        from ladder.core.question import STAFF_MARKED
        from ladder_tools.preview.demo import right_answer

        for place, item in enumerate(self._last(learner, exam).paper.items[:most], start=1):
            question = self.questions[item.question]
            by_people = question.type in STAFF_MARKED
            if by_people or chosen:
                value = [ANSWER] if by_people else right_answer(item, question)
                yield {"op_id": next(self.names), "item": place, "revision": 1, "value": value}

    def _attempt(self, exam: Any, attempt: int, result: str, **which: Any) -> None:
        """One attempt of the trainee, handed in."""
        note = ", again" if attempt == 2 else ""
        self.post("exam", exam.id, "begin", {}, note)
        self.post("exam", exam.id, "begin", {}, ", running")
        saves = list(self._saves(self.counter.trainee_id, exam, **which))
        self.post("exam", exam.id, "answer", {"attempt": attempt, "saves": saves[:1]}, ", one")
        self.post("exam", exam.id, "answer", {"attempt": attempt, "saves": saves[1:]}, ", all")
        self.get("/unit/, running exam", f"/unit/{exam.id}/")
        self.post("exam", exam.id, "submit", {"attempt": attempt}, f", {result}")
        self.post("exam", exam.id, "submit", {"attempt": attempt}, ", repeated")
        self.get(f"/unit/, {'exam to be marked' if result == 'to be marked' else 'finished exam'}", f"/unit/{exam.id}/")

    def sit(self) -> None:
        """Each exam is failed, then passed: the last of them opens the next stage."""
        for exam in self.written:
            self.get("/unit/, exam", f"/unit/{exam.id}/")
            for attempt, points in ((1, ["5", "5"]), (2, ["20", "10"])):
                self._attempt(exam, attempt, "to be marked", chosen=attempt == 2)
                self.desk(exam)
                self._mark(exam, points)
                self.get("/unit/, finished exam", f"/unit/{exam.id}/")
        for exam in self.others:
            self.get("/unit/, exam", f"/unit/{exam.id}/")
            self._attempt(exam, 1, "failed", most=5)
            self._attempt(exam, 2, "passed")

    # -- the desk ---------------------------------------------------------------------------------------------------

    def _ask(self, exam: Any, handler: str, data: Any = None, note: str = "", status: int = 200) -> Any:
        return self.post("exam", exam.id, handler, data or {}, note, self.counter.trainer, status)

    def desk(self, exam: Any) -> None:
        """Everything a trainer may look at, and what was granted."""
        self.get("/unit/, exam (trainer)", f"/unit/{exam.id}/", self.counter.trainer)
        for handler in ("look", "desk", "marking", "statistics", "regrade"):
            self._ask(exam, handler)
        self._ask(exam, "desk", {"state": "ready"}, ", one state")
        self._ask(exam, "open_attempt", {"attempt": self._last(self.counter.trainee_id, exam).id})
        self._ask(exam, "allow", {"username": self.counter.others[0].username, "minutes": 5, "attempts": 1, "reason": "补考"})
        for form in ("csv", "xlsx"):
            self._ask(exam, "export", {"format": form}, f", {form}")
        self.get("/unit/, exam (trainer)", f"/unit/{exam.id}/", self.counter.trainer)

    def _mark(self, exam: Any, points: list[str]) -> None:
        """Mark the written answers of the trainee's last attempt, release it, then change marks once more."""
        from ladder.core.question import STAFF_MARKED
        from ladder.desk.queue import code_of

        sitting = self._last(self.counter.trainee_id, exam)
        code, sent = code_of(self.course, exam.id, sitting.id), {}
        for item in sitting.paper.items:
            if self.questions[item.question].type not in STAFF_MARKED:
                continue
            form = {"question": item.question, "code": code, "revision": "0", "names": "1"}
            self._ask(exam, "marking", {"question": item.question}, ", the next answer")
            self._ask(exam, "marking", form, ", one answer")
            self._ask(exam, "draft", form | {"points": points, "comment": "先记下"})
            self._ask(exam, "marking", form, ", one answer")
            sent = form | {"points": points, "comment": "写得清楚"}
            self._ask(exam, "give_marks", sent)
            self._ask(exam, "give_marks", sent | {"comment": "另一句"}, ", too late", 409)
        self._ask(exam, "release", {"attempt": sitting.id})
        self._ask(exam, "marking", sent, ", one answer")
        self._ask(exam, "give_marks", sent | {"revision": "1", "comment": "再看一遍"}, ", released already")
        self._ask(exam, "open_attempt", {"attempt": sitting.id})
        self.get("/unit/, exam (trainer)", f"/unit/{exam.id}/", self.counter.trainer)
        self.counter.trainee.get(f"/unit/{exam.id}/")

    def decide(self) -> None:
        """A corrected key, then an attempt declared void: who reads the attempts now needs their old text as well."""
        for exam in self.written:
            self._move_key(exam)
            self.desk(exam)
            self._ask(exam, "apply_regrade")
            self.desk(exam)
        exam, other = self.written[0], self._last(self.counter.others[0].id, self.written[0])
        self._ask(exam, "void_attempt", {"attempt": other.id, "reason": "请人代答"})
        self._ask(exam, "open_attempt", {"attempt": other.id}, ", void")
        self.desk(exam)

    def _move_key(self, exam: Any) -> None:
        """Another choice is right in all questions that the program marks; one that was asked has a new id."""
        asked = self._first_paper(exam)[0].question
        self._rewrite(exam, {"\n".join(KEY): "\n".join(OTHER_KEY), f"{{#{asked} ": f"{{#{asked}-new "})

    def close(self) -> None:
        """The windows of the other exams close: keys are shown as soon as nobody is sitting them any more."""
        for exam in self.others:
            self._rewrite(exam, {CLOSES: "closes: 2026-01-01T18:00+08:00"})
            self.get("/unit/, finished exam", f"/unit/{exam.id}/")

    def _rewrite(self, exam: Any, changes: dict[str, str]) -> None:
        from ladder_tools.preview.runtime import PreviewRuntime

        usage = self.counter.site.key.make_usage_key("ladder_exam", exam.id)
        content = PreviewRuntime(self.counter.site, None).get_block(usage).content
        for old, new in changes.items():
            if old not in content:
                raise RuntimeError(f"{exam.id} says nowhere: {old}")
            content = content.replace(old, new)
        data = {"content": content, "display_name": exam.title, "check_only": False}
        if not self._ask(exam, "studio_save", data, ", saved")["saved"]:
            raise RuntimeError(f"{exam.id} was not saved")

    def _first_paper(self, exam: Any) -> Any:
        from ladder.records.exam import sittings

        return sittings(self.counter.trainee_id, self.course, exam.id)[0].paper.items

    # -- the book of mistakes ---------------------------------------------------------------------------------------

    def mistakes(self, redos: int) -> None:
        """The book, a question answered again, a written one ticked off. `redos`: how often this was done before."""
        from ladder.core.mistakes import card_name, redo_item
        from ladder_tools.preview.demo import right_answer

        def post(handler: str, data: Any, note: str = "", status: int = 200) -> Any:
            return self.post("mistakes", "mistakes", handler, data, note, status=status)

        paper = self._first_paper(self.written[0])
        again, read = paper[1].question, paper[-1].question
        item = redo_item(self.questions[again], Decimal(10), self.counter.trainee_id, redos)
        card = card_name(self.questions[again], redos)
        self.get("/unit/, mistakes", "/unit/mistakes/")
        post("show", {})
        post("show", {"exam": self.written[0].id})
        post("practise", {})
        post("practise", {"after": again})
        post("card", {"question": again})
        redo = {"question": again, "op_id": next(self.names), "value": right_answer(item, self.questions[again])}
        post("redo", redo | {"card": "0-0"}, ", another window", 409)
        post("redo", redo | {"card": card})
        post("redo", redo | {"card": card}, ", repeated")
        for have in ("yes", "no"):
            post("tick", {"question": read, "op_id": next(self.names), "have": have})
        self.get("/unit/, mistakes", "/unit/mistakes/")
