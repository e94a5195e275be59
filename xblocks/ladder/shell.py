"""What the blocks share: a page as a fragment, actions as JSON handlers, the gate before both, errors as HTTP status."""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.template import Context, Engine
from django.utils.translation import get_language, gettext
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.fields import Scope, String

from ladder import lms
from ladder.core.document import SLUG, Document, parse_document, split_documents
from ladder.core.errors import ContentError, Malformed, Refused
from ladder.core.markup import to_html
from ladder.core.problems import Report, errors, in_order
from ladder.core.stage import Journey, Locked, Open, Plan, parse_plan, unlock
from ladder.records.stage import journey, record_openings

MAX_REQUEST_BYTES = 1_000_000
HTML_CACHE_SECONDS = 30 * 24 * 3600
_OP_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_LINK = re.compile(r'data-link="(?P<name>[a-z0-9-]+)" href="#(?P=name)"')
_ENGINE = Engine(
    dirs=[str(Path(__file__).parent / "templates")],
    libraries={"i18n": "django.templatetags.i18n", "l10n": "django.templatetags.l10n"},
    builtins=["django.templatetags.i18n"],
)


class NotAllowed(PermissionDenied):
    """The user is not one who may do this (403)."""


class StageLocked(Exception):
    """The block's stage is not open to the learner (403)."""

    def __init__(self, state: Locked | None) -> None:
        super().__init__()
        self.state = state


class Conflicting(Exception):
    """Part of a request came too late; the reply says what stands (409)."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()
        self.data = data


@dataclass(frozen=True)
class Visit:
    """One request of one learner: who, when, and where the ladder stands."""

    learner: int
    course: str
    name: str
    now: datetime.datetime
    staff: bool
    journey: Journey
    states: dict[str, Open | Locked]


def render(template: str, context: dict[str, Any]) -> str:
    """A template of ours in the learner's language, escaped by default."""
    return _ENGINE.get_template(f"ladder/{template}.html").render(Context(context))


def html_of(text: str) -> str:
    """Author Markdown as safe HTML, rendered once per text."""
    key = "ladder-html-" + hashlib.sha256(text.encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = to_html(text)
        cache.set(key, found, HTML_CACHE_SECONDS)
    return str(found)


@functools.lru_cache(maxsize=512)
def parse_content(content: str) -> tuple[tuple[Document, ...], tuple[Any, ...]]:
    """The documents of a payload, parsed. Cached: a payload is parsed once per version and process."""
    problems = []
    documents = []
    for file, text in split_documents(content):
        report = Report(file)
        document = parse_document(text, report)
        problems += report.problems
        if document:
            documents.append(document)
    return tuple(documents), tuple(problems)


def parse_payload(content: str, parse: Callable[[tuple[Document, ...], list[Any]], Any]) -> Any:
    """Parse a payload with `parse(documents, problems)`; ContentError with all problems when any stops it."""
    documents, found = parse_content(content)
    problems = list(found)
    value = parse(documents, problems)
    wrong = in_order(errors(problems))
    if wrong or value is None:
        raise ContentError(wrong)
    return value


@functools.lru_cache(maxsize=64)
def parse_ladder(content: str) -> Plan:
    """The plan that a stage block carries."""
    for document in parse_content(content)[0]:
        if document.kind == "plan":
            return parse_plan(document, Report(document.file))
    return Plan(())


def action(method: Callable[[Any, Visit, dict[str, Any]], dict[str, Any]]) -> Callable[..., Response]:
    """Make a method a JSON handler: sign-in, open stage and shape are checked before it runs, its errors become a status."""

    @XBlock.handler
    @functools.wraps(method)
    def handler(self: Any, request: Request, suffix: str = "") -> Response:  # noqa: ARG001
        try:
            visit = self.require_open()
            if request.method != "POST":
                return _reply(405, gettext("This is not how this page is used."))
            return _reply(200, None, method(self, visit, _read_json(request)))
        except lms.NotSignedIn:
            return _reply(403, gettext("Please sign in again."))
        except StageLocked:
            return _reply(403, gettext("This stage is not open yet."))
        except NotAllowed:
            return _reply(403, gettext("You may not do this."))
        except Malformed:
            return _reply(400, gettext("This request could not be read. Nothing was changed."))
        except Refused as refusal:
            words = gettext(refusal.text)
            return _reply(409, words % refusal.words if refusal.words else words)
        except Conflicting as conflict:
            return _reply(409, None, conflict.data | {"error": gettext("This was answered in another window.")})
        except ContentError:
            return _reply(409, gettext("This part is being prepared. Please come back later."))

    return handler


def _reply(status: int, error: str | None, data: dict[str, Any] | None = None) -> Response:
    body = {"error": error} if error is not None else data
    return Response(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json", charset="utf-8",
        headerlist=None, cache_control="no-store",
    )


def _read_json(request: Request) -> dict[str, Any]:
    if (request.content_length or 0) > MAX_REQUEST_BYTES:
        raise Malformed("too long")
    try:
        data = json.loads(request.body.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
        json.dumps(data, ensure_ascii=False).encode()  # half a character, `"\ud800"`, could be neither kept nor shown
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Malformed("json") from error
    if not isinstance(data, dict):
        raise Malformed("object")
    return data


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


@XBlock.needs("user")
@XBlock.wants("i18n", "completion", "field-data")
class LadderBlock(XBlock):
    """Base of all blocks: one text, one page, a few actions."""

    display_name = String(scope=Scope.settings, default="", help="Title shown in the outline.")
    content = String(scope=Scope.content, default="", help="The Markdown, as the author wrote it.")
    stage = String(scope=Scope.settings, default="", help="url_name of the stage block that opens this block.")

    kind = ""
    script = ""
    has_author_view = True
    show_in_read_only_mode = True

    # -- the gate ---------------------------------------------------------------------------------------------------

    def visit(self) -> Visit:
        """Who is here and where the ladder stands. Records stages that have just opened."""
        learner, course, now = lms.learner_id(self), lms.course_key(self), lms.now()
        done = journey(learner, course)
        visit = Visit(learner, course, lms.block_name(self), now, lms.is_staff(self), done, {})
        return self.with_journey(visit, done)

    def with_journey(self, visit: Visit, done: Journey) -> Visit:
        """The visit after the learner has done something: stages that this has opened are recorded at once."""
        plan = self.plan()
        states = unlock(plan, done, visit.now) if plan else {}
        fresh = [state for state in states.values() if isinstance(state, Open) and state.opened_at is None]
        if fresh and not visit.staff:
            record_openings(visit.learner, visit.course, fresh, visit.now)
        return Visit(visit.learner, visit.course, visit.name, visit.now, visit.staff, done, states)

    def plan(self) -> Plan | None:
        """The ladder of the course, from the stage block this block belongs to."""
        owner = lms.sibling(self, "ladder_stage", self.stage) if self.stage else None
        return parse_ladder(owner.content) if owner else None

    def require_open(self) -> Visit:
        """The visit, or StageLocked. Called first in every view and every handler."""
        visit = self.visit()
        if self.stage and not visit.staff:
            state = visit.states.get(self.stage)
            if not isinstance(state, Open):
                raise StageLocked(state)
        return visit

    # -- pages ------------------------------------------------------------------------------------------------------

    def page(self, visit: Visit) -> str:
        """What this learner may see now, as HTML."""
        raise NotImplementedError

    @XBlock.supports("multi_device")
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The learner's page."""
        try:
            html = self.page(self.require_open())
        except lms.NotSignedIn:
            html = render("message", {"title": self.display_name, "text": gettext("Please sign in.")})
        except StageLocked as locked:
            rows = self.rows(locked.state.why) if locked.state else []
            html = render("locked", {"title": self.display_name, "locked": locked.state, "rows": rows})
        except ContentError:
            html = render("message", {"title": self.display_name,
                                      "text": gettext("This part is being prepared. Please come back later.")})
        return self.fragment(html)

    def fragment(self, html: str) -> Fragment:
        """HTML with our styles and scripts."""
        fragment = Fragment(render("frame", {"html": html, "kind": self.kind, "language": get_language() or "en"}))
        lms.add_resources(self, fragment, self.script, {"words": script_words()})
        return fragment

    def rows(self, requirements: Any) -> list[dict[str, Any]]:
        """Requirement rows for a page: mine, needed, next action and where it is."""
        return [
            {"row": row, "url": lms.page_url(self, row.next_part.id) if row.next_part else ""} for row in requirements
        ]

    def linked(self, html: str) -> str:
        """Author HTML with the addresses of this host in its links."""
        return _LINK.sub(lambda m: f'data-link="{m["name"]}" href="{lms.page_url(self, m["name"])}"', html)

    @action
    def article(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """A knowledge-base article, to be opened in place: `{"id": "service-limits"}`."""
        name = data.get("id")
        if not isinstance(name, str) or len(name) > 120 or not SLUG.match(name):
            raise Malformed("id")
        found = lms.sibling(self, "ladder_article", name)
        if found is None:
            raise Refused("There is no such article.")
        if found.stage and not visit.staff and not isinstance(visit.states.get(found.stage), Open):
            raise StageLocked(None)
        return {"html": found.panel(self.linked), "title": found.display_name, "url": lms.page_url(self, name)}

    def opened(self, before: Visit, after: Visit) -> list[dict[str, str]]:
        """Stages that are open now and were not before, for the page to announce."""
        return [
            {"title": state.stage.title, "url": lms.page_url(self, state.stage.id)}
            for name, state in after.states.items()
            if isinstance(state, Open) and not isinstance(before.states.get(name), Open)
        ]

    # -- authors ----------------------------------------------------------------------------------------------------

    def parsed(self) -> Any:
        """The model of the content; ContentError when the text is wrong."""
        raise NotImplementedError

    def problems(self, content: str) -> list[Any]:
        """What is wrong with a text for this block."""
        probe = type(self).parse_text
        try:
            probe(content)
        except ContentError as error:
            return list(error.problems)
        return []

    @staticmethod
    def parse_text(content: str) -> Any:
        """Parse a payload of this kind of block."""
        raise NotImplementedError

    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What Studio shows: the text as it stands, and that it comes from a folder of files."""
        self._require_author()
        return self.fragment(render("author", {"block": self, "problems": self._shown_problems(self.content)}))

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The editor: the Markdown, checked before it is saved."""
        self._require_author()
        html = render("studio", {"block": self, "problems": self._shown_problems(self.content)})
        fragment = Fragment(render("frame", {"html": html, "kind": "studio", "language": get_language() or "en"}))
        lms.add_resources(self, fragment, "studio", {"words": script_words()})
        return fragment

    @XBlock.handler
    def studio_save(self, request: Request, suffix: str = "") -> Response:
        """Check the author's text, and save it when nothing is wrong: `{"display_name", "content", "check_only"}`."""
        try:
            self._require_author()
            if request.method != "POST":
                return _reply(405, gettext("This is not how this page is used."))
            data = _read_json(request)
            content, name = data.get("content"), data.get("display_name")
            if not isinstance(content, str) or not isinstance(name, str):
                raise Malformed("content")
        except (NotAllowed, lms.NotSignedIn):
            return _reply(403, gettext("You may not do this."))
        except Malformed:
            return _reply(400, gettext("This request could not be read. Nothing was changed."))
        problems = self._shown_problems(content)
        if not problems and not data.get("check_only"):
            self.content, self.display_name = content, name.strip()
        return _reply(200, None, {"problems": problems, "saved": not problems and not data.get("check_only")})

    def _require_author(self) -> None:
        if not lms.is_author(self):
            raise NotAllowed

    def _shown_problems(self, content: str) -> list[dict[str, Any]]:
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return [
            {"file": p.file, "line": p.line, "column": p.column, "code": p.code,
             "message": p.message(language), "hint": p.hint(language)}
            for p in self.problems(content)
        ]


def script_words() -> dict[str, str]:
    """Words that scripts put on the page, in the learner's language."""
    return {
        "offline": gettext("The connection is lost. Your work is kept on this device and sent as soon as it is back."),
        "failed": gettext("This did not work. Please try again."),
        "signed_out": gettext("You have been signed out. Sign in again in another tab, then go on here."),
        "saved": gettext("Saved"),
        "saving": gettext("Saving…"),
        "not_saved": gettext("Offline, kept on this device"),
        "conflict": gettext("This question was answered in another window. The newer answer is shown."),
        "left": gettext("Time left"),
        "minutes_left": gettext("%(minutes)s minutes left"),
        "time_up": gettext("Time is up. Your answers are being handed in."),
        "close": gettext("Close"),
        "open_page": gettext("Open as a page"),
        "unanswered": gettext("%(count)s questions are not answered yet."),
        "opened": gettext("“%(stage)s” is open now. Go there"),
        "no_problems": gettext("No problems found."),
    }

