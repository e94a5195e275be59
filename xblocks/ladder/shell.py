"""The block that all blocks are: one text, a gate before everything, a page, an editor."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext
from lxml import etree
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.fields import Boolean, Scope, String

from ladder import lms
from ladder.core.document import SLUG
from ladder.core.errors import ContentError, Malformed, Refused
from ladder.core.membership import PARTS, Membership, holds, membership
from ladder.core.next_action import used_up, with_counted
from ladder.core.stage import Journey, Locked, News, Open, Plan, news_of, unlock
from ladder.handlers import NotAllowed, NotEnrolled, StageLocked, query, read_json, reply
from ladder.next_page import mark_locked, next_html, row_entries
from ladder.pages import frame, language, linked, render, script_words
from ladder.payload import check_own_plan, check_with_plan, parse_ladder
from ladder.reader import for_its_reader, learner_code, preferred_zone
from ladder.records.journal import afterwards, page_first
from ladder.records.stage import journey, record_news
from ladder.reset import RESETTABLE, reset_part
from ladder.visit import Visit


class Text(String):
    """A long text. String looks through all of it for bad characters at every reading; ours are refused when they are parsed."""

    def _sanitize(self, value: Any) -> Any:
        return value


def title_field(name: str) -> String:
    """The title of a block. `name`, in English, is what Studio lists the kind as and calls a block that has no title yet."""
    return String(scope=Scope.settings, default=name, help="Title shown in the outline.")


@XBlock.needs("user")
@XBlock.wants("i18n", "completion", "field-data")
class LadderBlock(XBlock):
    """Base of all blocks: one text, one page, a few actions."""

    display_name = title_field("")
    content: Any = Text(scope=Scope.content, default="", help="The Markdown, as the author wrote it.")
    stage = String(scope=Scope.settings, default="", help="url_name of the stage block that opens this block.")

    touched = Boolean(
        scope=Scope.user_state, default=False,
        help="Whether the learner has begun something here: the instructor tools reset only what the platform keeps a state of.",
    )

    # The visit that its page was made for, for a host that shows around the page where the ladder stands.
    visited: Visit | None = None

    kind = ""
    scripts: tuple[str, ...] = ()
    staff_script = ""
    has_author_view = True
    show_in_read_only_mode = True

    @property
    def own_title(self) -> str:
        """The title that the author gave; empty when there is none."""
        return "" if self.display_name == type(self).display_name.default else self.display_name

    @property
    def title(self) -> str:
        """The author's title, or else what blocks of this kind are called, in the reader's language."""
        return self.own_title or gettext(type(self).display_name.default)

    # -- the gate ---------------------------------------------------------------------------------------------------

    def visit(self) -> Visit:
        """Who is here and where the ladder stands; NotEnrolled when it is nobody of this course."""
        learner, course, view = lms.learner_id(self), lms.course_key(self), lms.view(self)
        staff = lms.is_author(self) if lms.in_studio() else lms.is_staff(self)
        if not staff and view is lms.View.OWN and not lms.is_enrolled(learner, course):
            raise NotEnrolled
        trial = staff or view is lms.View.A_LEARNER
        done = self._counted(learner, course, journey(learner, course, trials=trial))
        visit = self.with_journey(Visit(
            learner=learner, course=course, name=lms.block_name(self), now=lms.now(), staff=staff, trial=trial,
            view_only=view is lms.View.THIS_LEARNER or lms.in_studio(), journey=done, states={},
        ), done)
        begun = visit.name in done.started or visit.name in done.opened
        if begun and lms.keeps_state() and not (visit.view_only or self.touched):
            afterwards(lambda: lms.keep_state(self.kind, course, visit.name, learner))
        self.visited = visit
        return visit

    def _counted(self, learner: int, course: str, done: Journey) -> Journey:
        """The journey with the attempts as the instructor tools have reset them: that they keep in the platform's own state."""
        plan = self.plan() if lms.keeps_state() else None
        spent = used_up(plan, done) if plan else ()
        return with_counted(done, lms.attempts_counted(learner, course, spent)) if spent else done

    def with_journey(self, visit: Visit, done: Journey) -> Visit:
        """The visit with what the learner has done by now. What the rule finds new in it is recorded once the request is done."""
        found = self.seen_with(visit, done)
        news = news_of(found.states.values(), done)
        if news and not (visit.staff or visit.view_only):
            afterwards(lambda: self._record(visit.learner, visit.course, news, found.states, visit.now, trial=visit.trial))
        return found

    def seen_with(self, visit: Visit, done: Journey) -> Visit:
        """The same for a page to show; nothing of it is recorded."""
        plan = self.plan()
        return replace(visit, journey=done, states=unlock(plan, done, visit.now) if plan else {})

    def follow(self, learner: int, course: str, *, openings: bool = True) -> None:
        """Record what somebody else's decision about a learner has made of the ladder, without waiting for the learner.

        Without `openings`, a stage that has just been closed is not opened again.
        """
        plan, now = self.plan(), lms.now()
        if plan is not None:
            done = journey(learner, course)
            states = unlock(plan, done, now)
            news = news_of(states.values(), done)
            if not openings:
                news = replace(news, opened=(), finished=tuple(stage for stage in news.finished if stage in done.opened))
            if news:
                self._record(learner, course, news, states, now, trial=False)

    def _record(
        self, learner: int, course: str, news: News, states: Mapping[str, Open | Locked], now: datetime.datetime, *, trial: bool
    ) -> None:
        """The platform is told first: what it did not take is not on record, so that it is told next time."""
        for state in news.opened:
            lms.keep_state("stage", course, state.stage.id, learner)
        for stage in () if trial else (*news.finished, *news.unfinished):
            lms.record_completion("stage", course, stage, learner, float(stage in news.finished))
        record_news(learner, course, news, states.values(), now)

    def plan(self) -> Plan | None:
        """The ladder of the course, from the stage block this block belongs to. That is looked up once in a request."""
        return self._plan

    @functools.cached_property
    def _plan(self) -> Plan | None:
        owner = lms.sibling(self, "ladder_stage", self.stage) if self.stage else None
        return parse_ladder(owner.content) if owner else None

    @functools.cached_property
    def membership(self) -> Membership:
        """Whether the plan of its stage knows this block. The same for everybody."""
        plan = self.plan()
        missing = bool(self.stage) and plan is None and lms.is_missing(self, "ladder_stage", self.stage)
        return membership(self.kind, lms.block_name(self), self.stage, plan, missing=missing)

    @property
    def counts(self) -> bool:
        """Whether the gradebook counts this block. One that was just made in Studio cannot be taken yet."""
        return self.is_written if self.membership is Membership.ALONE else self.membership.counts

    def require_open(self) -> Visit:
        """The visit, or StageLocked. Called first in every view and every handler."""
        visit = self.visit()
        if self.stage and not visit.staff:
            state = visit.states.get(self.stage)
            if not isinstance(state, Open):
                raise StageLocked(state, visit)
        return visit

    # -- pages ------------------------------------------------------------------------------------------------------

    def page(self, visit: Visit) -> str:
        """What this learner may see now, as HTML."""
        raise NotImplementedError

    @XBlock.supports("multi_device")
    @for_its_reader
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The learner's page."""
        with page_first():
            return self._made()

    def _made(self) -> Fragment:
        notice = ""
        try:
            visit = self.require_open()
            html = self.page(visit)
            notice = self._notices(visit)
        except lms.NotSignedIn:
            html = render("message", {"title": self.title, "text": gettext("Please sign in.")})
        except NotEnrolled:
            html = render("message", {"title": self.title, "text": gettext("You are not enrolled in this course.")})
        except StageLocked as locked:
            html = self._locked_page(locked)
        except ContentError:
            html = render("message", {"title": self.title,
                                      "text": gettext("This part is being prepared. Please come back later.")})
        return self.fragment(html, notice)

    def _notices(self, visit: Visit) -> str:
        """What stands above every page: that somebody looks as a learner, that what is done here counts for nothing."""
        seen_by_staff = render("view_only", {"name": lms.learner_name(self)}) if visit.view_only and not lms.in_studio() else ""
        return seen_by_staff + self._uncounted(visit)

    def _uncounted(self, visit: Visit) -> str:
        """What learners are told above a page of the ladder's that counts for nothing."""
        if self.kind not in PARTS or not visit.states:
            return ""
        if holds(Plan(tuple(state.stage for state in visit.states.values())), self.kind, visit.name):
            return ""
        return render("uncounted", {"kind": self.kind})

    def fragment(self, html: str, notice: str = "") -> Fragment:
        """HTML with our styles and scripts."""
        fragment = Fragment(frame(html, self.kind, notice))
        for_staff = (self.staff_script,) if self.staff_script and lms.is_staff(self) else ()
        lms.add_resources(self, fragment, self.scripts + for_staff, self._for_script())
        return fragment

    def _for_script(self) -> dict[str, Any]:
        """What the page's script is given: its words, the reader's zone if it is not the browser's, and whose page it is."""
        return {"words": script_words(), "zone": str(preferred_zone(self) or ""), "learner": learner_code(self)}

    def _locked_page(self, locked: StageLocked) -> str:
        """The title, what is missing, and what can be done about it now."""
        visit, rows, ahead = locked.visit, [], ""
        if visit is not None and locked.state is not None:
            awaited = locked.state.waits_for
            rows = row_entries(locked.state.why, visit.journey, visit.now, visit.course) if awaited.parts else []
            ahead = next_html(visit, rows, None if awaited.parts else awaited)
        return render("locked", {"title": self.title, "locked": locked.state, "rows": rows, "ahead": ahead})

    def linked(self, html: str) -> str:
        """Author HTML with the addresses of this host in its links, those into what is locked marked."""
        return mark_locked(linked(html, lms.course_key(self)), self.visited)

    @query
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
        return {"html": found.panel(self.linked), "title": found.title, "url": lms.page_url(self, name)}

    def opened(self, before: Visit, after: Visit) -> list[dict[str, str]]:
        """Stages that are open now and were not before, for the page to announce."""
        return [
            {"title": state.stage.title, "url": lms.page_url(self, state.stage.id)}
            for name, state in after.states.items()
            if isinstance(state, Open) and not isinstance(before.states.get(name), Open)
        ]

    # -- the instructor tools ---------------------------------------------------------------------------------------

    def clear_student_state(self, user_id: str, course_id: str, item_id: str, requesting_user_id: str) -> None:
        """Delete state: what the learner has done here counts for nothing any more and stays on record.

        Name and arguments are the platform's (`reset_student_attempts`, lms/djangoapps/instructor/enrollment.py).
        """
        learner, name = lms.learner_of(user_id), lms.block_name(self)
        if learner is not None and self.kind in RESETTABLE:
            lms.keep_state(self.kind, course_id, name, learner)  # the platform goes on to delete it, and wants one to be there
            reset_part(self.kind, learner, course_id, name, lms.learner_of(requesting_user_id), "", lms.now())
            self.follow(learner, course_id, openings=False)

    # -- authors ----------------------------------------------------------------------------------------------------

    parse_text: Callable[[str], Any]
    """The model of a payload of this kind of block; ContentError when the text is wrong."""

    @classmethod
    def starter(cls) -> str:
        """An example for authors to write over, the workbench's. It is no default of the field: learners must never read it."""
        _, scenario = cls.workbench_scenarios()[0]
        return f"{etree.fromstring(scenario).text.strip()}\n"

    @property
    def is_written(self) -> bool:
        """Whether there is a text at all. A new block in Studio has none."""
        return bool(self.content.strip())

    @for_its_reader
    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """What Studio shows: the text as it stands, and that it comes from a folder of files; or how to begin."""
        self._require_author()
        return self.fragment(render("author", {"block": self, "problems": self._problems_now()}))

    @for_its_reader
    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The editor: the Markdown, checked before it is saved. Where there is none yet it offers an example."""
        self._require_author()
        if not lms.may_save(self):
            return self.fragment(render("message", {"title": self.title, "text": _in_studio()}))
        html = render("studio", {"block": self, "problems": self._problems_now()})
        fragment = Fragment(frame(html, "studio"))
        lms.add_resources(self, fragment, ["studio"], self._for_script())
        return fragment

    @XBlock.handler
    @for_its_reader
    def studio_save(self, request: Request, suffix: str = "") -> Response:
        """Check the author's text, and save it when nothing is wrong: `{"display_name", "content", "check_only"}`."""
        try:
            self._require_author()
            if not lms.may_save(self):
                return reply(403, _in_studio())
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
        if content.split() in ([], self.starter().split()):
            content = ""  # the example as it was offered: nothing is written yet
        problems = self._shown_problems(content) if content or self.is_written else []
        if not problems and not data.get("check_only"):
            self.content = content
            self._keep_title(name.strip())
        return reply(200, None, {"problems": problems, "saved": not problems and not data.get("check_only")})

    def _keep_title(self, name: str) -> None:
        """A title that stands as the editor showed it changes nothing: what nobody gave is not written down as an empty one."""
        if name and name != self.own_title:
            self.display_name = name
        elif not name and self.own_title:
            type(self).display_name.delete_from(self)

    def _require_author(self) -> None:
        if not lms.is_author(self):
            raise NotAllowed

    def _problems_now(self) -> list[dict[str, Any]]:
        return self._shown_problems(self.content) if self.is_written else []

    def _shown_problems(self, content: str) -> list[dict[str, Any]]:
        spoken = "zh" if language().startswith("zh") else "en"
        try:
            self.parse_text(content)
            self._check_rules(content)
        except ContentError as error:
            return [
                {"file": p.file, "line": p.line, "column": p.column, "code": p.code,
                 "message": p.message(spoken), "hint": p.hint(spoken)}
                for p in error.problems
            ]
        return []

    def _check_rules(self, content: str) -> None:
        """ContentError when a text contradicts the ladder: nobody could go on then who keeps to both."""
        plan = self.plan()
        if self.kind == "stage":
            check_own_plan(content)
        elif plan is not None and self.kind in ("exam", "case"):
            check_with_plan(content, self.kind, lms.block_name(self), plan)


def _in_studio() -> str:
    return gettext("The text of a course is changed in Studio by its authors, not here.")
