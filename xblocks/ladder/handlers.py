"""Handlers: what must hold before one runs, how a request is read, how errors become a status."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.request import RawPostDataException
from django.utils.translation import gettext, gettext_noop
from webob import Request, Response
from xblock.core import XBlock

from ladder import lms
from ladder.core.errors import ContentError, Malformed, Refused, Unmarkable
from ladder.core.stage import Locked
from ladder.reader import for_its_reader, is_of_another
from ladder.records.journal import page_first
from ladder.visit import Visit

MAX_REQUEST_BYTES = 1_000_000
# Small letters only: to MySQL two names that differ in case are one.
_OP_ID = re.compile(r"[a-z0-9_-]{8,64}\Z")
# What can be written in JSON and not be kept, and only so: half of a character, and none. Whole ones may look like it.
_UNKEPT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class NotAllowed(PermissionDenied):
    """The user is not one who may do this (403)."""


class NotEnrolled(Exception):
    """The user does not take part in the course (403)."""


class SomebodyElse(Exception):
    """The page was made for another than the one who is signed in now (403)."""


class ViewOnly(Exception):
    """Somebody of the staff looks as this learner, whose state is not theirs to change (403)."""


class StageLocked(Exception):
    """The block's stage is not open to the learner (403)."""

    def __init__(self, state: Locked | None, visit: Visit | None = None) -> None:
        super().__init__()
        self.state, self.visit = state, visit


_WHY_NOT = {
    lms.NotSignedIn: gettext_noop("Please sign in again."),
    SomebodyElse: gettext_noop(
        "Somebody else has signed in on this device. Sign in again as yourself in another tab, then go on here."
    ),
    NotEnrolled: gettext_noop("You are not enrolled in this course."),
    StageLocked: gettext_noop("This stage is not open yet."),
    ViewOnly: gettext_noop("You are viewing this course as a learner. Nothing is saved, and nothing can be done in their name."),
    NotAllowed: gettext_noop("You may not do this."),
}


# What a learner is told whose attempt can be neither shown nor marked.
ANSWERS_SAFE = gettext_noop(
    "Your answers are safe. This attempt cannot be shown or marked at the moment; your trainers have been told."
)


class Conflicting(Exception):
    """Part of a request came too late; the reply says what stands (409)."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()
        self.data = data


def as_it_stands(refusal: Refused, html: str) -> Conflicting:
    """A refusal that brings the page with it: what was asked for is not as the reader's page still shows it."""
    return Conflicting({"error": _words_of(refusal), "html": html})


def _words_of(refusal: Refused) -> str:
    words = gettext(refusal.text)
    return words % refusal.words if refusal.words else words


Method = Callable[[Any, Visit, dict[str, Any]], dict[str, Any]]


def query(method: Method) -> Callable[..., Response]:
    """Make a method that changes nothing a JSON handler.

    Sign-in, enrolment, open stage and shape are checked before it runs; its errors become a status.
    """

    @XBlock.handler
    @for_its_reader
    @functools.wraps(method)
    def handler(self: Any, request: Request, suffix: str = "") -> Response:  # noqa: ARG001
        try:
            with page_first():
                _require_its_reader(self, request)
                visit = self.require_open()
                if request.method != "POST":
                    return reply(405, gettext("This is not how this page is used."))
                return reply(200, None, method(self, visit, read_json(request)))
        except (lms.NotSignedIn, SomebodyElse, NotEnrolled, StageLocked, ViewOnly, NotAllowed) as refusal:
            return _turned_away(refusal)
        except Malformed:
            return reply(400, gettext("This request could not be read. Nothing was changed."))
        except Refused as refusal:
            return reply(409, _words_of(refusal))
        except Conflicting as conflict:
            return reply(409, None, {"error": gettext("This was answered in another window.")} | conflict.data)
        except Unmarkable:
            return reply(409, gettext(ANSWERS_SAFE))
        except ContentError:
            return reply(409, gettext("This part is being prepared. Please come back later."))

    return handler


def _require_its_reader(block: Any, request: Request) -> None:
    if is_of_another(block, request):
        raise SomebodyElse


def _turned_away(refusal: Exception) -> Response:
    other = isinstance(refusal, SomebodyElse)
    again = other or isinstance(refusal, lms.NotSignedIn)  # all else that is refused here stays refused
    told = {"error": gettext(_WHY_NOT[type(refusal)]), "sign_in": again}
    return reply(403, None, told | {"somebody_else": True} if other else told)


def action(method: Method) -> Callable[..., Response]:
    """A `@query` that changes something. Who looks as a learner may not."""

    @functools.wraps(method)
    def changing(self: Any, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        if visit.view_only:
            raise ViewOnly
        return method(self, visit, data)

    return query(changing)


def staff_action(method: Method) -> Callable[..., Response]:
    """An `@action` for staff of this course only."""

    @functools.wraps(method)
    def staff_only(self: Any, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        if not visit.staff:
            raise NotAllowed
        return method(self, visit, data)

    return action(staff_only)


def reply(status: int, error: str | None, data: dict[str, Any] | None = None) -> Response:
    body = {"error": error} if error is not None else data
    return Response(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json", charset="utf-8",
        headerlist=None, cache_control="no-store",
    )


def read_json(request: Request) -> dict[str, Any]:
    """The object that a page has sent; Malformed when it is none, or nothing that could be kept."""
    try:
        sent = _read_body(request).decode("utf-8")
        data = json.loads(sent, parse_constant=_refuse_constant, parse_float=_finite)
        text = json.dumps(data, ensure_ascii=False) if _UNKEPT.search(sent) else ""
        text.encode()  # half a character, `"\ud800"`, could be neither kept nor shown
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Malformed("json") from error
    if r"\u0000" in text.replace(r"\\", ""):  # PostgreSQL keeps none, and has no row with one
        raise Malformed("nul")
    if not isinstance(data, dict):
        raise Malformed("object")
    return data


def _read_body(request: Request) -> bytes:
    """What was sent as JSON. Of a form Django may have read the body already: nobody can read it again."""
    if request.content_type.lower() != "application/json":
        raise Malformed("content type")
    if (request.content_length or 0) > MAX_REQUEST_BYTES:
        raise Malformed("too long")
    try:
        body = bytes(request.body)
    except (OSError, RawPostDataException) as error:  # OSError: the connection was lost in the middle
        raise Malformed("body") from error
    if len(body) > MAX_REQUEST_BYTES:  # it did not say how long it is
        raise Malformed("too long")
    return body


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def read_op_id(data: object) -> str:
    """The client's name for one operation, so that a repeat is recognised."""
    op_id = data.get("op_id") if isinstance(data, dict) else None
    if not isinstance(op_id, str) or not _OP_ID.match(op_id):
        raise Malformed("op_id")
    return op_id
