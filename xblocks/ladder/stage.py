"""The block that shows the ladder: where I stand, what is missing, what comes next."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from xblock.completable import CompletableXBlockMixin

from ladder import lms
from ladder.core.stage import Locked, Open, current, parse_stage
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
        """The ladder, and this stage's aim and requirements."""
        stage = parse_text(self.content)
        state = visit.states.get(lms.block_name(self))
        is_open = isinstance(state, Open) or visit.staff or not self.stage
        here = current(visit.states.values())
        return render("stage", {
            "stage": stage,
            "is_open": is_open,
            "finished": isinstance(state, Open) and state.finished,
            "html": self.linked(html_of(stage.body)),
            "rows": self.rows(state.requirements if isinstance(state, Open) else state.why if state else ()),
            "locked": state if isinstance(state, Locked) else None,
            "rungs": [
                {"stage": rung.stage, "state": rung_state(rung), "here": here is not None and rung.stage.id == here.id,
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


def rung_state(state: Open | Locked) -> str:
    """The word for a rung: locked, open or finished."""
    if isinstance(state, Locked):
        return "locked"
    return "finished" if state.finished else "open"
