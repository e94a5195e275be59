"""The block of one scenario case: a simulated call."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop
from xblock.completable import CompletableXBlockMixin

from ladder import lms
from ladder.case_file import parse_for_calls, script_of
from ladder.core.case import Case, Outcome, Step, choose, position, read_choice, score, score_on_record
from ladder.core.errors import Refused
from ladder.core.stage import with_call
from ladder.handlers import action, as_it_stands, read_op_id
from ladder.next_page import next_html
from ladder.pages import html_of, render
from ladder.records.case import Played, abandon, last_call, start_call, take_step, with_steps
from ladder.scores import publish_result
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit


class CaseBlock(CompletableXBlockMixin, LadderBlock):
    """Plays a call. The server knows where it stands; the page gets the present scene only."""

    weight = None  # no field: submissions know no weights

    kind = "case"
    display_name = title_field(gettext_noop("Ladder case"))
    icon_class = "problem"
    parse_text = staticmethod(parse_for_calls)

    @property
    def has_score(self) -> bool:
        """Whether the gradebook counts this case: not where its stage's plan does not hold it, whatever was scored in it."""
        return self.counts

    def max_score(self) -> float:
        """Full marks, known without a learner."""
        return float(lms.FULL_MARKS)

    def page(self, visit: Visit) -> str:
        """The briefing, the call as it stands, or its review."""
        call = last_call(visit.learner, visit.course, visit.name, trials=visit.trial)
        return self._shown(visit, None if call is None else with_steps(call))

    @action
    def begin(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Pick up the phone. A running call goes on by the script it was begun by; one that cannot is closed uncounted."""
        place = visit.learner, visit.course, visit.name
        call = last_call(*place, trials=visit.trial)
        running = None if call is None or call.ended_at is not None else with_steps(call)
        script = script_of(running, self.content) if running else None
        if script is None:
            parse_for_calls(self.content)  # refuses while nobody can be called, before anything is written
        if running and script:
            return {"html": self._call(script, running)}
        if running:
            abandon(running, visit.now)
        return {"html": self._shown(visit, start_call(*place, self.content, visit.now, trial=visit.trial))}

    @action
    def choose(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Say or do one of the things on offer."""
        op_id, (at, option) = read_op_id(data), read_choice(data)

        def decide(call: Played) -> tuple[Step, Outcome | None]:
            script = script_of(call, self.content)
            if script is None:
                raise Refused("This call cannot go on: its script can no longer be played. Please take the call again.")
            step = choose(script, call.steps, at, option)
            steps = (*call.steps, step)
            return step, score(script, steps) if position(script, steps).end else None

        try:
            call = take_step(visit.learner, visit.course, visit.name, op_id, (at, option), visit.now, decide, trial=visit.trial)
        except Refused as refusal:
            raise as_it_stands(refusal, self.page(visit)) from refusal
        if call.ended_at is None:
            return {"html": self._shown(visit, call)}
        after = self.with_journey(visit, with_call(visit.journey, visit.name, call.marks or 0, call.passed))
        publish_result("case", visit.learner, visit.course, visit.name)
        return {"html": self._shown(after, call), "opened": self.opened(visit, after)}

    # -- what the learner may see -----------------------------------------------------------------------------------

    def _shown(self, visit: Visit, call: Played | None) -> str:
        """The last call as it stands, its review, or what is on record of it; the briefing when there is none that counts."""
        if call is None or (call.ended_at is not None and call.marks is None):
            return self._briefing(call)
        script = script_of(call, self.content)
        if call.ended_at is None:
            return self._briefing(call, stuck=True) if script is None else self._call(script, call)
        return self._recorded(visit, call) if script is None else self._review(visit, script, call)

    def _briefing(self, call: Played | None, *, stuck: bool = False) -> str:
        case = parse_for_calls(self.content)
        html = self.linked(html_of(case.briefing))
        return render("case_briefing", {"case": case, "html": html, "played": call, "stuck": stuck})

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

    def _review(self, visit: Visit, case: Case, call: Played) -> str:
        outcome = score_on_record(case, call.steps, call.marks or 0)
        once = outcome == score(case, call.steps)
        steps = []
        for place, step in enumerate(call.steps):
            scene = case.by_id[step.scene]
            option = scene.options[step.option]
            steps.append({
                "scene": scene, "words": option.words, "effects": option.effects, "mood": option.mood, "fatal": option.fatal,
                "why": self.linked(html_of(option.why)) if option.why else "",
                "again": once and bool(option.effects) and step in call.steps[:place],
            })
        end = position(case, call.steps)
        return render("case_review", {
            "case": case, "call": call, "outcome": outcome, "steps": steps, "end": end,
            "ended": self.linked(html_of(end.happens)) if end.happens else "",
            "result": gettext("Passed") if call.passed else gettext("Not passed"), "ahead": next_html(visit),
        })

    def _recorded(self, visit: Visit, call: Played) -> str:
        """What is on record of a call that was played by a script which nobody can read."""
        result = gettext("Passed") if call.passed else gettext("Not passed")
        return render("case_recorded", {"title": self.title, "call": call, "result": result, "ahead": next_html(visit)})

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
