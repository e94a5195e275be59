"""The staff desk of an exam: its front page, one attempt, and what staff decide about attempts."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext, ngettext

from ladder import lms
from ladder.core.errors import Malformed, Refused
from ladder.core.membership import holds
from ladder.core.sitting import Allowed
from ladder.desk.attempt_page import attempt_page
from ladder.desk.attempts import attempts_now
from ladder.desk.attempts_page import attempts_page
from ladder.desk.export import ExamExport
from ladder.desk.flags import flags_html
from ladder.desk.frame import desk_frame, untold, with_desk
from ladder.desk.marking import ExamMarking
from ladder.desk.regrade import ExamRegrade
from ladder.exam_file import files_of
from ladder.handlers import staff_action
from ladder.records.allowance import allowances, grant
from ladder.records.desk import State
from ladder.records.exam import sitting_by_id
from ladder.records.marking import release
from ladder.records.models import REASON
from ladder.records.review import flags
from ladder.records.voiding import void
from ladder.scores import publish_results
from ladder.visit import Visit

MAX_MINUTES = 600
MAX_ATTEMPTS = 100


class ExamDesk(ExamMarking, ExamRegrade, ExamExport):
    """What staff do with an exam. Every action checks that the user is staff of the course."""

    content: str
    title: str

    def with_desk(self, html: str) -> str:
        """A learner's page with the way to the desk."""
        return with_desk(html)

    @staff_action
    def desk(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The front page: everybody's attempts, or those in one state: `{"state": "ready", "page": "1"}`, pages from 0."""
        return {"html": self._desk(visit, _read_state(data), _read_page(data))}

    def _desk(self, visit: Visit, state: State | None = None, page: int = 0) -> str:
        found = attempts_now(visit.course, visit.name, self.content, visit.now)
        granted, plan = allowances(visit.course, visit.name), self.plan()
        flagged = flags(visit.course, lambda exam: plan is None or not plan.stages or holds(plan, "exam", exam))
        people = lms.people({attempt.learner for attempt in found.all} | granted.keys() | flagged.keys())
        above = flags_html(flagged, people, lambda name: lms.sibling(self, "ladder_exam", name))
        return self._framed(above + attempts_page(found, granted, people, state, page))

    def _framed(self, html: str) -> str:
        return desk_frame(self.title, "desk", html)

    @staff_action
    def open_attempt(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """One attempt with its answers and marks: `{"attempt": 17}`, by the id of its row."""
        return {"html": self.attempt_page(visit, _read_attempt(data))}

    def attempt_page(self, visit: Visit, attempt: int) -> str:
        """The page of one attempt."""
        found = sitting_by_id(attempt, visit.course, visit.name)
        if found is None:
            raise Refused("This attempt does not exist.")
        return self._framed(attempt_page(visit, *found, self.content))

    @staff_action
    def release(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Release the marks of one attempt, `{"attempt": 17}`, or of all that are fully marked, `{}`."""
        one = _read_attempt(data) if "attempt" in data else None

        def pass_marks(digests: Collection[str]) -> dict[str, int]:
            return {digest: file.exam.pass_marks for digest, file in files_of(digests, self.content).results}

        released, told = release(visit.course, visit.name, one, visit.now, pass_marks)
        failed = publish_results("exam", told, visit.course, visit.name)
        said = ngettext("%(count)s attempt was released.", "%(count)s attempts were released.", len(released))
        return {"html": self._desk(visit), "say": said % {"count": len(released)} + untold(failed)}

    @staff_action
    def void_attempt(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Declare an attempt void: `{"attempt": 17, "reason": "…"}`."""
        attempt, reason = _read_attempt(data), _read_reason(data)
        if not reason:
            raise Refused("Please give a reason.")
        learner = void(attempt, visit.course, visit.name, visit.learner, reason, visit.now)
        failed = publish_results("exam", [learner], visit.course, visit.name)
        return {"html": self.attempt_page(visit, attempt), "say": gettext("The attempt is void.") + untold(failed)}

    @staff_action
    def allow(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Grant extra time and attempts: `{"username", "minutes": 15, "attempts": 1, "reason"}`, in the place of what was."""
        username = data.get("username")
        if not isinstance(username, str) or not 0 < len(username) <= 150:
            raise Malformed("username")
        minutes, attempts = _read_count(data, "minutes", MAX_MINUTES), _read_count(data, "attempts", MAX_ATTEMPTS)
        allowed = Allowed(minutes, attempts, _read_reason(data))
        learner = lms.learner_named(username.strip())
        if learner is None:
            raise Refused("Nobody signs in with the name %(name)s.", name=username.strip())
        grant(learner, visit.course, visit.name, allowed, visit.learner, visit.now)
        said = gettext("%(name)s now has %(minutes)s extra minutes and %(attempts)s extra attempts.")
        words = {"name": username.strip(), "minutes": allowed.minutes, "attempts": allowed.attempts}
        return {"html": self._desk(visit), "say": said % words}


def _read_state(data: dict[str, Any]) -> State | None:
    state = data.get("state", "")
    if state == "":
        return None
    found = next((known for known in State if known == state), None)
    if found is None:
        raise Malformed("state")
    return found


def _read_page(data: dict[str, Any]) -> int:
    page = data.get("page", "0")
    if not isinstance(page, str) or not re.fullmatch(r"[0-9]{1,6}", page):
        raise Malformed("page")
    return int(page)


def _read_attempt(data: dict[str, Any]) -> int:
    return _read_count(data, "attempt", 2**62)


def _read_count(data: dict[str, Any], name: str, most: int) -> int:
    count = data.get(name)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= most:
        raise Malformed(name)
    return count


def _read_reason(data: dict[str, Any]) -> str:
    reason = data.get("reason")
    if not isinstance(reason, str) or len(reason) > REASON or "\0" in reason:
        raise Malformed("reason")
    return reason.strip()
