"""The block of one scenario case: a simulated call."""

from __future__ import annotations

import functools
from typing import Any

from django.utils.translation import gettext
from xblock.completable import CompletableXBlockMixin
from xblock.fields import Float, Scope

from ladder import lms
from ladder.core.case import Case, Outcome, Step, choose, parse_case, position, read_choice, score, still_fits
from ladder.core.document import Document
from ladder.core.problems import Report
from ladder.core.stage import with_call
from ladder.records.case import Played, abandon, calls, start_call, take_step, with_steps
from ladder.shell import LadderBlock, Visit, action, html_of, parse_payload, read_op_id, render


def _case(documents: tuple[Document, ...], problems: list[Any]) -> Case | None:
    for document in documents:
        if document.kind == "case":
            report = Report(document.file)
            case = parse_case(document, "case", report)
            problems += report.problems
            return case
    return None


@functools.lru_cache(maxsize=256)
def parse_text(content: str) -> Case:
    """The case of a payload."""
    return parse_payload(content, _case)


class CaseBlock(CompletableXBlockMixin, LadderBlock):
    """Plays a call. The server knows where it stands; the page gets the present scene only."""

    has_score = True
    weight = Float(scope=Scope.settings, default=None, help="Points in the gradebook; empty: the raw marks.")

    kind = "case"
    icon_class = "problem"
    parse_text = staticmethod(parse_text)

    def max_score(self) -> float:
        """Full marks, known without a learner."""
        return float(lms.FULL_MARKS)

    def page(self, visit: Visit) -> str:
        """The briefing, the call as it stands, or its review."""
        case = parse_text(self.content)
        played = calls(visit.learner, visit.course, visit.name)
        last = with_steps(played[-1]) if played else None
        if last is None or not still_fits(case, last.steps):
            return self._briefing(case, played)
        if last.ended_at is None:
            return self._call(case, last)
        return self._review(case, last)

    @action
    def begin(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Pick up the phone. A running call goes on; one whose script has changed is closed uncounted."""
        case = parse_text(self.content)
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
            step = choose(case, call.steps, at, option)
            steps = (*call.steps, step)
            return step, score(case, steps) if position(case, steps).end else None

        call = take_step(visit.learner, visit.course, visit.name, op_id, visit.now, decide)
        if call.ended_at is None:
            return {"html": self._call(case, call)}
        after = self.with_journey(visit, with_call(visit.journey, visit.name, call.marks or 0, call.passed))
        if call.passed:
            lms.publish_completion(self, 1.0)
        lms.publish_grade(self, call.marks or 0)
        return {"html": self._review(case, call), "opened": self.opened(visit, after)}

    # -- what the learner may see -----------------------------------------------------------------------------------

    def _briefing(self, case: Case, played: list[Played]) -> str:
        return render("case_briefing", {"case": case, "html": self.linked(html_of(case.briefing)), "played": played})

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
        return render("case_review", {
            "case": case, "call": call, "outcome": score(case, call.steps), "end": position(case, call.steps),
            "steps": steps,
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
