"""From handing in to a result that everybody knows: marks, gradebook, completion. Works for any learner and without a block."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ladder import lms
from ladder.core.errors import Refused
from ladder.core.marking import Result, Rules, grade
from ladder.core.regrade import Change, with_key
from ladder.core.sitting import counting, is_over
from ladder.exam_file import ExamFile, file_of, files_of, parse_text
from ladder.records.allowance import override
from ladder.records.exam import HandedIn, Saved, Sitting, overdue, sittings, submit
from ladder.records.regrade import Graded, record_regrade
from ladder.records.source import source_text


def marked(file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> Result:
    """What the program can mark of an attempt."""
    given = {question: answer.value for question, answer in saved.items()}
    return grade(sitting.paper, file.questions, given, Rules(file.exam.multiple, file.exam.rounding))


def hand_in(
    learner: int, course: str, block: str, number: int, now: datetime.datetime, content: str, *, only_if_over: bool = False
) -> HandedIn:
    """Close an attempt, mark what is saved and tell the gradebook. Doing it again changes nothing.

    Refused when it is void, or, with `only_if_over`, while answers may still come.
    """

    def mark(sitting: Sitting, saved: Mapping[str, Saved]) -> tuple[Result, bool]:
        file = file_of(sitting, content)
        if only_if_over and not is_over(file.exam, sitting.deadline_at, now):
            raise Refused("This attempt is still running.")
        result = marked(file, sitting, saved)
        return result, not result.pending and result.marks >= file.exam.pass_marks

    done = submit(learner, course, block, number, now, mark)
    if done.sitting.marks is not None:
        publish(learner, course, block)
    return done


def publish(learner: int, course: str, block: str) -> None:
    """Tell the gradebook where a learner stands.

    Where another request changes that, and tells it, between our reading and our telling, ours would be the last word and wrong.
    So we read again until what we have told is what stands.
    """
    if not lms.has_gradebook():
        return
    told = None
    while (standing := _standing(learner, course, block)) != told:
        lms.publish_exam_score(course, block, learner, *standing)
        told = standing


def _standing(learner: int, course: str, block: str) -> tuple[float | None, int]:
    """Marks set by hand, with 0; else the best marks that are released, None if there are none, with the attempt's number."""
    by_hand = override(learner, course, block)
    if by_hand is not None:
        return float(by_hand.marks), 0
    released = [
        (sitting.marks, -sitting.number) for sitting in counting(sittings(learner, course, block)) if sitting.marks is not None
    ]
    marks, number = max(released, default=(None, 0))
    return None if marks is None else float(marks), -number


def publish_all(learners: Iterable[int], course: str, block: str) -> None:
    """Tell the gradebook and the platform where these learners stand now."""
    for learner in learners:
        publish(learner, course, block)
        if any(sitting.passed for sitting in counting(sittings(learner, course, block))):
            lms.complete_exam(course, block, learner)


def texts_of(found: Iterable[Graded], content: str) -> dict[str, ExamFile]:
    """The texts that attempts were drawn from, by digest. One statement at most."""
    return files_of({attempt.sitting.digest for attempt in found}, content)


def changes_by_key(
    found: Iterable[Graded], files: Mapping[str, ExamFile], content: str, *, only_if_higher: bool = False
) -> list[Change]:
    """What marking these attempts by the key of `content` would change. A person's marks are left alone.

    `files` are the texts they were drawn from.
    """
    today = parse_text(content).questions
    changes = []
    for attempt in found:
        file = files[attempt.sitting.digest]
        change = _change(attempt, replace(file, questions=with_key(file.questions, today)))
        if change and not (only_if_higher and (change.marks_after or 0) < (change.marks_before or 0)):
            changes.append(change)
    return changes


def _change(attempt: Graded, file: ExamFile) -> Change | None:
    sitting, standing = attempt.sitting, attempt.marks
    now = {item.question: item.earned for item in marked(file, sitting, attempt.saved).items}
    differing = [
        (question, standing[question].earned, earned) for question, earned in now.items()
        if earned is not None and question in standing and question not in attempt.by_person
        and earned != standing[question].earned
    ]
    if not differing:
        return None
    gained = sum((after - before for _, before, after in differing), Decimal(0))
    after = None if sitting.marks is None else sitting.marks + gained
    passed = after is not None and after >= file.exam.pass_marks
    return Change(sitting.id, attempt.learner, sitting.number, sitting.marks, after, sitting.passed, passed, tuple(differing))


def regrade(
    course: str, block: str, content: str, now: datetime.datetime, staff_id: int | None,
    learners: Collection[int] | None = None, *, only_if_higher: bool = False,
) -> Sequence[Change]:
    """Mark attempts again by the key of `content`, keep what changed and tell the gradebook."""

    def decide(found: Sequence[Graded]) -> list[Change]:
        return changes_by_key(found, texts_of(found, content), content, only_if_higher=only_if_higher)

    changes = record_regrade(course, block, content, learners, staff_id, now, decide)
    for learner in {change.learner for change in changes}:
        publish(learner, course, block)
    for learner in {change.learner for change in changes if change.passed_after}:
        lms.complete_exam(course, block, learner)
    return changes


def close_overdue(now: datetime.datetime, course: str = "", block: str = "") -> int:
    """Hand in every attempt that was left open past its deadline and grace; what was saved counts. Returns how many."""
    closed = 0
    for learner, of_course, of_block, sitting in overdue(now, course, block):
        try:
            hand_in(learner, of_course, of_block, sitting.number, now, source_text(sitting.digest), only_if_over=True)
        except Refused:  # in its grace; or, since the list was made, staff have granted more time or declared it void
            continue
        closed += 1
    return closed
