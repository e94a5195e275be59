"""The block that all blocks are: one text, a gate before everything, a page, an editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.fields import Scope, String

from ladder import lms
from ladder.core.document import SLUG
from ladder.core.errors import ContentError, Malformed, Refused
from ladder.core.stage import Journey, Open, Plan, unlock
from ladder.handlers import NotAllowed, StageLocked, action, read_json, reply
from ladder.pages import frame, language, linked, render, script_words
from ladder.payload import parse_ladder
from ladder.reader import for_its_reader, preferred_zone
from ladder.records.stage import journey, record_openings
from ladder.visit import Visit


class Text(String):
    """A long text. String looks through all of it for bad characters at every reading; ours are refused when they are parsed."""

    def _sanitize(self, value: Any) -> Any:
        return value


@XBlock.needs("user")
@XBlock.wants("i18n", "completion", "field-data")
class LadderBlock(XBlock):
    """Base of all blocks: one text, one page, a few actions."""

    display_name = String(scope=Scope.settings, default="", help="Title shown in the outline.")
    content: Any = Text(scope=Scope.content, default="", help="The Markdown, as the author wrote it.")
    stage = String(scope=Scope.settings, default="", help="url_name of the stage block that opens this block.")

    kind = ""
    script = ""
    staff_script = ""
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
    @for_its_reader
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
        fragment = Fragment(frame(html, self.kind))
        scripts = [self.script, self.staff_script if lms.is_staff(self) else ""]
        lms.add_resources(self, fragment, [*filter(None, scripts)], self._for_script())
        return fragment

    def _for_script(self) -> dict[str, Any]:
        """What the page's script is given: its words, and the reader's zone if it is not the browser's."""
        return {"words": script_words(), "zone": str(preferred_zone(self) or "")}

    def rows(self, requirements: Any) -> list[dict[str, Any]]:
        """Requirement rows for a page: mine, needed, next action and where it is."""
        return [
            {"row": row, "url": lms.page_url(self, row.next_part.id) if row.next_part else ""} for row in requirements
        ]

    def linked(self, html: str) -> str:
        """Author HTML with the addresses of this host in its links."""
        return linked(html, lms.course_key(self))

    @action
    def article(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """A knowledge-base article, to be opened in place: `{"id": "service-limits"}`."""
        name = data.get("id")
        if not isinstance(name, str) or not SLUG.match(name):
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

    parse_text: Callable[[str], Any]
    """The model of a payload of this kind of block; ContentError when the text is wrong."""

    @for_its_reader
    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What Studio shows: the text as it stands, and that it comes from a folder of files."""
        self._require_author()
        return self.fragment(render("author", {"block": self, "problems": self._shown_problems(self.content)}))

    @for_its_reader
    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The editor: the Markdown, checked before it is saved."""
        self._require_author()
        html = render("studio", {"block": self, "problems": self._shown_problems(self.content)})
        fragment = Fragment(frame(html, "studio"))
        lms.add_resources(self, fragment, ["studio"], self._for_script())
        return fragment

    @XBlock.handler
    @for_its_reader
    def studio_save(self, request: Request, suffix: str = "") -> Response:
        """Check the author's text, and save it when nothing is wrong: `{"display_name", "content", "check_only"}`."""
        try:
            self._require_author()
            if request.method != "POST":
                return reply(405, gettext("This is not how this page is used."))
            data = read_json(request)
            content, name = data.get("content"), data.get("display_name")
            if not isinstance(content, str) or not isinstance(name, str):
                raise Malformed("content")
        except (NotAllowed, lms.NotSignedIn):
            return reply(403, gettext("You may not do this."))
        except Malformed:
            return reply(400, gettext("This request could not be read. Nothing was changed."))
        problems = self._shown_problems(content)
        if not problems and not data.get("check_only"):
            self.content, self.display_name = content, name.strip()
        return reply(200, None, {"problems": problems, "saved": not problems and not data.get("check_only")})

    def _require_author(self) -> None:
        if not lms.is_author(self):
            raise NotAllowed

    def _shown_problems(self, content: str) -> list[dict[str, Any]]:
        spoken = "zh" if language().startswith("zh") else "en"
        try:
            self.parse_text(content)
        except ContentError as error:
            return [
                {"file": p.file, "line": p.line, "column": p.column, "code": p.code,
                 "message": p.message(spoken), "hint": p.hint(spoken)}
                for p in error.problems
            ]
        return []
