"""The block that shows the ladder: where I stand, what is missing, what comes next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop
from xblock.completable import CompletableXBlockMixin

from ladder import lms
from ladder.core.stage import Journey, Locked, Open, current, parse_stage, requirements, rung_state
from ladder.next_page import next_html, row_entries
from ladder.pages import html_of, render
from ladder.payload import parser_of
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit

parse_text = parser_of("stage", parse_stage)




class StageBlock(CompletableXBlockMixin, LadderBlock):
    """Everybody may see the ladder; what a locked stage holds stays hidden."""

    kind = "stage"
    display_name = title_field(gettext_noop("Ladder stage"))
    parse_text = staticmethod(parse_text)

    def require_open(self) -> Visit:
        """The ladder itself is never locked: it shows what is missing."""
        return self.visit()

    def page(self, visit: Visit) -> str:
        """The ladder, and this stage's aim and requirements. Staff climb no ladder: to them every step is open, and nobody's."""
        stage = parse_text(self.content)
        state = visit.states.get(lms.block_name(self))
        here = None if visit.staff else current(visit.states.values())
        locked = state if isinstance(state, Locked) and not visit.staff else None
        asking = locked.waits_for if locked else state.stage if state else None
        unwritten = asking if asking is not None and not asking.parts else None
        rows = [] if unwritten else _rows(visit, state)
        return render("stage", {
            "stage": stage,
            "is_open": isinstance(state, Open) or visit.staff or not self.stage,
            "finished": isinstance(state, Open) and state.finished and not visit.staff,
            "html": self.linked(html_of(stage.body)),
            "unwritten": unwritten, "rows": rows, "asked": visit.staff,
            "locked": locked,
            "ahead": next_html(visit, rows, unwritten) if state else "",
            "rungs": [
                {"stage": rung.stage, "state": rung_state(rung, staff=visit.staff),
                 "here": here is not None and rung.stage.id == here.id,
                 "shown": rung.stage.id == lms.block_name(self), "url": lms.page_url(self, rung.stage.id)}
                for rung in visit.states.values()
            ],
        })

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder stage", """<ladder_stage url_name="first" display_name="第一阶段"><![CDATA[---
kind: stage
title: 初步了解与融入
finish:
  lessons: all
---
认识行业、公司和岗位。
]]></ladder_stage>""")]


def _rows(visit: Visit, state: Open | Locked | None) -> list[dict[str, Any]]:
    """What finishes the stage, or what is missing below it. To staff, the bare rule."""
    if state is None:
        return []
    if visit.staff:
        return [{"row": row} for row in requirements(state.stage, Journey(), None, visit.now)]
    rows = state.requirements if isinstance(state, Open) else state.why
    return row_entries(rows, visit.journey, visit.now, visit.course)
