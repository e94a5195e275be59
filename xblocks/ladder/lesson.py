"""The block of one lesson."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop
from xblock.completable import CompletableXBlockMixin

from ladder import lms
from ladder.core.lesson import parse_lesson, read_sections, require_all_read
from ladder.core.stage import with_lesson
from ladder.handlers import action
from ladder.next_page import next_html
from ladder.pages import html_of, render
from ladder.payload import parser_of
from ladder.records.lesson import is_finished, record_finish, record_sections, sections_read
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit

parse_text = parser_of("lesson", parse_lesson)




class LessonBlock(CompletableXBlockMixin, LadderBlock):
    """Shows a lesson, keeps which sections were read, and closes it when all were."""

    kind = "lesson"
    display_name = title_field(gettext_noop("Ladder lesson"))
    scripts = ("lesson",)
    parse_text = staticmethod(parse_text)

    def page(self, visit: Visit) -> str:
        """The lesson with what is read so far."""
        lesson = parse_text(self.content)
        read = sections_read(visit.learner, visit.course, visit.name)
        return render("lesson", {
            "lesson": lesson,
            "html": self.linked(html_of(lesson.body)),
            "sections": [(section, section.slug in read or is_finished(read)) for section in lesson.sections],
            "read": " ".join(sorted(read - {""})),
            "finished": is_finished(read),
            "ahead": next_html(visit) if is_finished(read) else "",
        })

    @action
    def read(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Sections have been on screen."""
        lesson = parse_text(self.content)
        sections = read_sections(data, lesson)
        record_sections(visit.learner, visit.course, visit.name, sections, visit.now)
        return {"read": list(sections)}

    @action
    def finish(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The learner says that the lesson is done."""
        lesson = parse_text(self.content)
        require_all_read(lesson, sections_read(visit.learner, visit.course, visit.name))
        record_finish(visit.learner, visit.course, visit.name, visit.now)
        after = self.with_journey(visit, with_lesson(visit.journey, visit.name, visit.now))
        lms.publish_completion(self, 1.0)
        return {"say": gettext("Lesson finished."), "html": self.page(after), "opened": self.opened(visit, after)}

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder lesson", """<ladder_lesson url_name="welcome" display_name="欢迎"><![CDATA[---
kind: lesson
title: 欢迎
---
## 你的岗位
每一通电话里,你就是公司。
]]></ladder_lesson>""")]
