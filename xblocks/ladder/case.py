"""The block of one scenario case: a simulated call."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop
from xblock.completable import CompletableXBlockMixin

from ladder import lms
from ladder.core.case import Case, Outcome, Step, choose, position, read_choice, score, still_fits
from ladder.core.errors import Refused
from ladder.core.script import parse_case
from ladder.core.stage import with_call
from ladder.handlers import Conflicting, action, read_op_id
from ladder.pages import html_of, render
from ladder.payload import parser_of
from ladder.records.case import Played, abandon, calls, start_call, take_step, with_steps
from ladder.scores import publish
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit

parse_text = parser_of("case", parse_case)


class CaseBlock(CompletableXBlockMixin, LadderBlock):
    """Plays a call. The server knows where it stands; the page gets the present scene only."""

    weight = None  # no field: submissions know no weights

    kind = "case"
    display_name = title_field(gettext_noop("Ladder case"))
    icon_class = "problem"
    parse_text = staticmethod(parse_text)

    @property
    def has_score(self) -> bool:
        """Whether the gradebook counts this case: not where its stage's plan does not hold it, whatever was scored in it."""
        return self.counts

    def max_score(self) -> float:
        """Full marks, known without a learner."""
        return float(lms.FULL_MARKS)

    def page(self, visit: Visit) -> str:
        """The briefing, the call as it stands, or its review."""
        case = parse_text(self.content)
        played = calls(visit.learner, visit.course, visit.name)
        return self._shown(case, with_steps(played[-1]) if played else None)

    @action
    def begin(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Pick up the phone. A running call goes on; one whose script has changed is closed uncounted."""
        case = parse_text(self.content)
        self.touch()
        call = with_steps(start_call(visit.learner, visit.course, visit.name, visit.now))
        if not still_fits(case, call.steps):
            abandon(call, visit.now)
            call = with_steps(start_call(visit.learner, visit.course, visit.name, visit.now))
        return {"html": self._call(case, call)}

    @action
    def choose(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Say or do one of the things on offer."""
        case = parse_text(self.content)
        op_id, (at, option) = read_op_id(data), read_choice(data)

        def decide(call: Played) -> tuple[Step, Outcome | None]:
            try:
                step = choose(case, call.steps, at, option)
            except Refused as refusal:
                raise Conflicting({"error": gettext(refusal.text), "html": self._shown(case, call)}) from refusal
            steps = (*call.steps, step)
            return step, score(case, steps) if position(case, steps).end else None

        call = take_step(visit.learner, visit.course, visit.name, op_id, visit.now, decide)
        if call.ended_at is None:
            return {"html": self._shown(case, call)}
        after = self.with_journey(visit, with_call(visit.journey, visit.name, call.marks or 0, call.passed))
        if call.passed:
            lms.publish_completion(self, 1.0)
        publish("case", visit.learner, visit.course, visit.name)
        return {"html": self._shown(case, call), "opened": self.opened(visit, after)}

    # -- what the learner may see -----------------------------------------------------------------------------------

    def _shown(self, case: Case, call: Played | None) -> str:
        """The last call as it stands or its review; the briefing when there is none that fits the script."""
        if call is None or not still_fits(case, call.steps):
            return render("case_briefing", {"case": case, "html": self.linked(html_of(case.briefing)), "played": call})
        return self._call(case, call) if call.ended_at is None else self._review(case, call)

    def _call(self, case: Case, call: Played) -> str:
        scene = position(case, call.steps)
        return render("case_call", {
            "case": case, "call": call, "lines": self._lines(case, call), "scene": scene,
            "options": [option.words for option in scene.options], "position": len(call.steps),
            "mood": score(case, call.steps).mood,
        })

    def _lines(self, case: Case, call: Played) -> list[dict[str, Any]]:
        """The call so far, line by line: what happened, what the customer said, what the trainee said."""
        lines = []
        scene = case.start
        for step in (*call.steps, None):
            happens = self.linked(html_of(scene.happens)) if scene.happens else ""
            lines.append({"who": "scene", "happens": happens, "said": scene.said})
            if step is not None:
                option = scene.options[step.option]
                lines.append({"who": "trainee", "said": [option.words]})
                scene = case.by_id[option.target]
        return lines

    def _review(self, case: Case, call: Played) -> str:
        steps = []
        for step in call.steps:
            scene = case.by_id[step.scene]
            option = scene.options[step.option]
            steps.append({
                "scene": scene, "words": option.words, "effects": option.effects, "mood": option.mood, "fatal": option.fatal,
                "why": self.linked(html_of(option.why)) if option.why else "",
            })
        end = position(case, call.steps)
        return render("case_review", {
            "case": case, "call": call, "outcome": score(case, call.steps), "steps": steps, "end": end,
            "ended": self.linked(html_of(end.happens)) if end.happens else "",
            "result": gettext("Passed") if call.passed else gettext("Not passed"),
        })

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder case", """<ladder_case url_name="waiting" display_name="等待"><![CDATA[---
kind: case
title: 等待
customer: 周女士
criteria:
  服务态度: 100
---
## 接起电话 {#start}
> 我等了一天!

- “让您久等了,我马上查。” → [满意](#good)
  - 得分:服务态度 +100
- “请再等等。” → [挂断](#bad)

## 满意 {#good end=good}
> 好的。

## 挂断 {#bad end=poor}
> 算了。
]]></ladder_case>""")]
