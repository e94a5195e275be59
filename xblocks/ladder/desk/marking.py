"""What staff do to mark short answers and essays: take an answer from the queue, note, give marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from ladder import lms
from ladder.core.document import SLUG
from ladder.core.errors import Malformed
from ladder.core.marks import plain
from ladder.core.rubric import read_comment, read_draft, read_points, total
from ladder.desk.frame import desk_frame, untold
from ladder.desk.marking_page import Typed, answer_page, queue_page
from ladder.desk.queue import Chosen, Queue, choose, code_of, read_queue
from ladder.handlers import Conflicting, staff_action
from ladder.records.marking import Marking, Outcome, give, keep_draft
from ladder.scores import publish_results
from ladder.visit import Visit

_CODE = re.compile(r"[0-9a-f]{16}\Z")


class ExamMarking:
    """Mark what only a person can mark. Names stay hidden until they are asked for."""

    content: str
    title: str
    linked: Callable[[str], str]
    attempt_page: Callable[[Visit, int], str]

    @staff_action
    def marking(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The queue: `{}`; the oldest answer to a question that waits: `{"question"}`; one answer: with its `code`, too.

        `{"names": "1"}` shows whose it is.
        """
        queue = read_queue(visit.course, visit.name, self.content)
        if "question" not in data:
            return {"html": self._frame(queue_page(queue))}
        question, named = _read_question(data), _read_names(data)
        if not data.get("code"):
            return self._next(visit, queue, question, None, named=named)
        chosen = choose(visit.course, visit.name, self.content, question, _read_code(data), queue)
        return {"html": self._frame(answer_page(visit, queue, chosen, named=named))}

    @staff_action
    def draft(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Keep what the marker has noted: `{"question", "code", "revision", "points": ["1.5", null], "comment"}`."""
        chosen = self._chosen(visit, data)
        points = read_draft(data.get("points"), chosen.question.key_points)
        comment = read_comment(data.get("comment"))
        keep_draft(chosen.sitting.id, chosen.question.id, _read_revision(data), visit.learner, points, comment, visit.now)
        return {"saved_at": visit.now.isoformat()}

    @staff_action
    def give_marks(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Give marks and go on: `{"question", "code", "revision": "0", "points": ["1.5", "2"], "comment", "names"}`.

        `revision` is that of the newest marks the page has shown. When others have been given since, 409 with what stands.
        """
        queue = read_queue(visit.course, visit.name, self.content)
        chosen, named = self._chosen(visit, data, queue), _read_names(data)
        points = read_points(data.get("points"), chosen.question.key_points)
        sent = Marking(
            chosen.question.id, _read_revision(data), points, total(points),
            next(item.marks for item in chosen.sitting.paper.items if item.question == chosen.question.id),
            read_comment(data.get("comment")), visit.learner,
        )
        done = give(chosen.sitting.id, visit.course, visit.name, sent, chosen.file.exam.pass_marks, visit.now)
        if not done.taken:
            raise self._too_late(visit, queue, chosen, sent, done, named=named)
        words = {"marks": plain(sent.earned), "possible": plain(sent.possible)}
        said = gettext("Marks given: %(marks)s of %(possible)s.") % words
        if done.released:
            said += untold(publish_results("exam", [done.learner], visit.course, visit.name))
            return {"html": self.attempt_page(visit, chosen.sitting.id), "say": said}
        queue = queue.with_marks(chosen.sitting.id, chosen.question.id)
        return self._next(visit, queue, chosen.question.id, chosen.sitting.id, named=named) | {"say": said}

    def _too_late(
        self, visit: Visit, queue: Queue, chosen: Chosen, sent: Marking, done: Outcome, *, named: bool
    ) -> Conflicting:
        """What stands, with what was sent still in the form and kept as a draft."""
        keep_draft(chosen.sitting.id, sent.question, done.standing.revision, visit.learner, sent.points, sent.comment, visit.now)
        marker = done.standing.marker
        who = lms.names({marker}).get(marker, "–") if marker else gettext("the program")
        html = answer_page(visit, queue, chosen, named=named, typed=Typed(sent.points, sent.comment))
        words = gettext("%(who)s has marked this answer meanwhile. What you have entered is still here.") % {"who": who}
        return Conflicting({"error": words, "html": self._frame(html)})

    def _next(self, visit: Visit, queue: Queue, question: str, attempt: int | None, *, named: bool) -> dict[str, Any]:
        """The next answer to this question that waits; the queue when there is none."""
        answer = queue.after(question, attempt) or next(iter(queue.of(question) if attempt is None else ()), None)
        if answer is None:
            return {"html": self._frame(queue_page(queue))}
        code = code_of(visit.course, visit.name, answer.attempt)
        chosen = choose(visit.course, visit.name, self.content, question, code, queue)
        return {"html": self._frame(answer_page(visit, queue, chosen, named=named))}

    def _chosen(self, visit: Visit, data: dict[str, Any], queue: Queue | None = None) -> Chosen:
        return choose(visit.course, visit.name, self.content, _read_question(data), _read_code(data), queue)

    def _frame(self, html: str) -> str:
        return self.linked(desk_frame(self.title, "marking", html))


def _read_question(data: dict[str, Any]) -> str:
    question = data.get("question")
    if not isinstance(question, str) or not SLUG.match(question):
        raise Malformed("question")
    return question


def _read_code(data: dict[str, Any]) -> str:
    code = data.get("code")
    if not isinstance(code, str) or not _CODE.match(code):
        raise Malformed("code")
    return code


def _read_names(data: dict[str, Any]) -> bool:
    names = data.get("names", "")
    if names not in ("", "1"):
        raise Malformed("names")
    return bool(names)


def _read_revision(data: dict[str, Any]) -> int:
    revision = data.get("revision")
    if not isinstance(revision, str) or not re.fullmatch(r"[0-9]{1,6}", revision):
        raise Malformed("revision")
    return int(revision)
