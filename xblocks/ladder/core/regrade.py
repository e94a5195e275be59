"""Marking again by a corrected key: which questions can be, and what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ladder.core.blank import fold
from ladder.core.question import STAFF_MARKED, Question


@dataclass(frozen=True)
class Change:
    """What a regrade does to one attempt. `questions` are (id, marks before, marks after) of those that change.

    Marks of the whole are None while a person has still to mark something.
    """

    attempt: int
    learner: int
    number: int
    marks_before: Decimal | None
    marks_after: Decimal | None
    passed_before: bool
    passed_after: bool
    questions: tuple[tuple[str, Decimal, Decimal], ...]

    def to_json(self) -> dict[str, object]:
        """As kept with the regrade."""
        return {
            "attempt": self.attempt, "learner": self.learner, "number": self.number,
            "marks": [None if marks is None else str(marks) for marks in (self.marks_before, self.marks_after)],
            "passed": [self.passed_before, self.passed_after],
            "questions": [[question, str(before), str(after)] for question, before, after in self.questions],
        }


def rekeyed(asked: Question, today: Question | None) -> Question | None:
    """The question as it was asked, with the key of today; None when it is not the same question any more.

    Choices are matched by their words, so that they may have changed places. A person's marks know no key.
    """
    if today is None or bool(asked.choices) != bool(today.choices) or len(asked.blanks) != len(today.blanks):
        return None
    if asked.type in STAFF_MARKED or today.type in STAFF_MARKED:
        return replace(asked, explanation=today.explanation) if asked.type is today.type else None
    if not asked.choices:
        return replace(asked, blanks=today.blanks, any_order=today.any_order, explanation=today.explanation)
    right = {fold(choice.text): choice.correct for choice in today.choices}
    if {fold(choice.text) for choice in asked.choices} != set(right) or len(asked.choices) != len(today.choices):
        return None
    choices = tuple(replace(choice, correct=right[fold(choice.text)]) for choice in asked.choices)
    return replace(asked, type=today.type, choices=choices, multiple=today.multiple, explanation=today.explanation)


def with_key(asked: Mapping[str, Question], today: Mapping[str, Question]) -> dict[str, Question]:
    """The questions as they were asked, each with the key of today where that is possible."""
    return {id_: rekeyed(question, today.get(id_)) or question for id_, question in asked.items()}
