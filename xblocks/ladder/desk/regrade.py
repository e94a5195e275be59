"""The desk's page for marking again by a corrected key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ladder import lms
from ladder.core.exam import PASS_MARKS
from ladder.core.marks import plain
from ladder.core.regrade import Change, rekeyed
from ladder.core.stage import Journey, Mark, Open, Plan, unlock, with_mark
from ladder.desk.frame import desk_frame, untold
from ladder.exam_file import ExamFile, parse_text
from ladder.exam_results import changes_by_key, regrade, texts_of
from ladder.handlers import staff_action
from ladder.pages import render
from ladder.records.regrade import Graded, graded, regrades
from ladder.records.stage import journeys
from ladder.visit import Visit


class ExamRegrade:
    """Mark again: first what would change, then, on a second word, for good."""

    content: str
    plan: Callable[[], Plan | None]

    @staff_action
    def regrade(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """What the key of today would change, and what was changed before. Changes nothing."""
        return {"html": self._regrade_page(visit)}

    @staff_action
    def apply_regrade(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Change it."""
        changes, failed = regrade(visit.course, visit.name, self.content, visit.now, visit.learner)
        return {"html": self._regrade_page(visit, applied=len(changes)), "say": untold(failed).strip()}

    def _regrade_page(self, visit: Visit, applied: int | None = None) -> str:
        found = graded(visit.course, visit.name)
        files = texts_of(found, self.content)
        changes = changes_by_key(found, files, self.content)
        history = regrades(visit.course, visit.name)
        people = lms.names({change.learner for change in changes} | {past.staff for past in history if past.staff})
        stages = self._stages(visit, changes)
        html = render("exam_regrade", {
            "applied": applied, "attempts": len(found), "lost": _lost(found, files, self.content),
            "changes": [_row(change, people, stages.get(change.learner, ())) for change in changes],
            "failing": sum(change.passed_before and not change.passed_after for change in changes),
            "history": [
                {"who": people.get(past.staff or 0, ""), "at": past.applied_at, "attempts": past.attempts,
                 "questions": past.questions}
                for past in history
            ],
        })
        return desk_frame(parse_text(self.content).exam.title, "regrade", html)

    def _stages(self, visit: Visit, changes: Sequence[Change]) -> Mapping[int, Sequence[str]]:
        """Titles of the stages that would open, by learner. A stage that is open stays open whatever changes."""
        plan = self.plan()
        if plan is None or not changes:
            return {}
        done = journeys(visit.course)
        found = {}
        for learner in {change.learner for change in changes}:
            mine = done.get(learner, Journey())
            best = _best_after(mine.exams.get(visit.name), [change for change in changes if change.learner == learner])
            before, after = (unlock(plan, journey, visit.now) for journey in (mine, with_mark(mine, visit.name, best)))
            found[learner] = [state.stage.title for name, state in after.items()
                              if isinstance(state, Open) and not isinstance(before[name], Open)]
        return found


def _best_after(mark: Mark | None, changes: Sequence[Change]) -> Mark:
    known = [change.marks_after for change in changes if change.marks_after is not None]
    best = max(known, default=None)
    if mark is not None and mark.marks is not None and (best is None or mark.marks > best):
        best = mark.marks
    passed = any(change.passed_after for change in changes) or bool(mark and mark.passed)
    return Mark(best, passed, bool(mark and mark.pending), mark.attempts if mark else 1)


def _row(change: Change, people: Mapping[int, str], stages: Sequence[str]) -> dict[str, Any]:
    before, after = ("–" if marks is None else plain(marks) for marks in (change.marks_before, change.marks_after))
    below = [marks is not None and marks < PASS_MARKS for marks in (change.marks_before, change.marks_after)]
    return {
        "name": people.get(change.learner, str(change.learner)), "number": change.number, "before": before, "after": after,
        "now_passes": change.passed_after and not change.passed_before,
        "now_fails": change.passed_before and not change.passed_after,
        "flag": below[0] != below[1], "stages": stages,
        "questions": [{"id": question, "before": plain(old), "after": plain(new)} for question, old, new in change.questions],
    }


def _lost(found: Sequence[Graded], files: Mapping[str, ExamFile], content: str) -> list[str]:
    """Questions that were asked and are not the same any more: no key of today fits them."""
    today = parse_text(content).questions
    lost = set()
    for attempt in found:
        asked = files[attempt.sitting.digest].questions
        lost |= {item.question for item in attempt.sitting.paper.items
                 if rekeyed(asked[item.question], today.get(item.question)) is None}
    return sorted(lost)
