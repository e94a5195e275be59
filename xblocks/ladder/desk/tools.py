"""What the instructor dashboard of the LMS may ask of an exam: rescore, override, reset attempts. Every block knows delete state.

Names and signatures are the platform's (`lms/djangoapps/instructor_task/tasks_helper/module_state.py`,
`lms/djangoapps/instructor/enrollment.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from xblock.scorable import Score

from ladder import lms
from ladder.core.sitting import counting
from ladder.exam_file import parse_text
from ladder.exam_results import regrade
from ladder.records.allowance import ByHand, record_override
from ladder.records.exam import Sitting, sittings
from ladder.scores import exam_standing, publish_result

_HUNDREDTH = Decimal("0.01")


class InstructorTools:
    """A block's side of the instructor tools. The platform binds the block to the learner before it asks."""

    scope_ids: Any
    content: str
    attempts: int | None
    counted_from: int | None
    touched: bool
    follow: Callable[..., None]

    def used(self, past: Sequence[Sitting]) -> int:
        """How many attempts count against the limit: those on record, or those since the tools have reset them."""
        made = counting(past, trials=True)
        if self.attempts is None or self.attempts == 0:
            return len(made) if self.attempts is None else 0
        if self.counted_from is None:  # never reset, or before the number was kept
            return min(len(made), self.attempts)
        return sum(sitting.number >= self.counted_from for sitting in made)

    def count_attempt(self, past: Sequence[Sitting]) -> None:
        """Count an attempt that has just begun, the last of these. The tools have set the count to 0 when they have reset it."""
        if self.attempts == 0:
            self.counted_from = past[-1].number
        self.attempts = self.used(past[:-1]) + 1

    def _who(self) -> tuple[int, str, str]:
        return lms.learner_id(self), lms.course_key(self), lms.block_name(self)

    def has_submitted_answer(self) -> bool:
        """Whether there is anything to mark again."""
        return any(sitting.submitted_at is not None for sitting in counting(sittings(*self._who()), trials=True))

    def get_score(self) -> Score | None:
        """Where the learner stands: marks set by hand, else the best that are released."""
        marks = exam_standing(*self._who()).marks
        return None if marks is None else Score(raw_earned=float(marks), raw_possible=float(lms.FULL_MARKS))

    def set_score(self, score: Score) -> None:
        """Override: these marks stand, whatever the attempts have earned."""
        share = Decimal(str(score.raw_earned)) / Decimal(str(score.raw_possible))
        marks = (share * lms.FULL_MARKS).quantize(_HUNDREDTH, ROUND_DOWN)
        passed = marks >= parse_text(self.content).exam.pass_marks
        record_override(*self._who(), ByHand(marks, passed), None, lms.now())
        self.touched = True  # or the platform has a row of state without any state, which it cannot read when it resets

    def publish_grade(self, score: Score | None = None, only_if_higher: bool | None = None) -> None:
        """Tell the gradebook where the learner stands, and the platform whether the exam is done."""
        publish_result("exam", *self._who())
        self.follow(*self._who()[:2])

    def allows_rescore(self) -> bool:
        """Answers are kept, so they can be marked again."""
        return True

    def rescore(self, only_if_higher: bool) -> None:
        """Mark this learner's attempts again by the key of today."""
        learner, course, name = self._who()
        regrade(course, name, self.content, lms.now(), None, learners=[learner], only_if_higher=bool(only_if_higher))
        self.follow(learner, course)
