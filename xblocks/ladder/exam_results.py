"""From handing in to a result that everybody knows: marks, gradebook, completion. Works for any learner and without a block."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext_noop

from ladder.core.errors import Refused, Unmarkable
from ladder.core.marking import Result, Rules, grade
from ladder.core.paper import is_answered
from ladder.core.regrade import Change, with_key
from ladder.core.sitting import is_over
from ladder.exam_file import ExamFile, file_of, files_of, parse_text
from ladder.records.exam import HandedIn, Overdue, Saved, Sitting, as_handed_in, overdue, submit
from ladder.records.isolation import Done, Failed, alone, each
from ladder.records.regrade import Graded, record_regrade
from ladder.records.source import source_text
from ladder.scores import publish_result, publish_results

_HUNDREDTH = Decimal("0.01")


def marked(file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> Result:
    """What the program can mark of an attempt."""
    given = {question: answer.value for question, answer in saved.items()}
    return grade(sitting.paper, file.questions, given, Rules(file.exam.multiple, file.exam.rounding))


def result_of(file: ExamFile, sitting: Sitting, saved: Mapping[str, Saved]) -> tuple[Result, bool]:
    """The same, and whether it is a pass by the exam's own pass mark."""
    result = marked(file, sitting, saved)
    return result, not result.pending and result.marks >= file.exam.pass_marks


class Asked(Enum):
    """Who wants an attempt handed in, and so from when on that may be."""

    BY_LEARNER = "at any time"
    BY_PAGE = "when its time is up: the page has not been told of minutes that were granted since"
    BY_SERVER = "when no answer is taken any more"


class StillRunning(Refused):
    """It is too early to hand this attempt in, but for its learner."""

    def __init__(self, deadline_at: datetime.datetime) -> None:
        super().__init__(gettext_noop("This attempt is still running."))
        self.deadline_at = deadline_at


def hand_in(
    learner: int, course: str, block: str, number: int, now: datetime.datetime, content: str, asked: Asked = Asked.BY_LEARNER
) -> HandedIn:
    """Close an attempt, mark what is saved and tell the gradebook. Doing it again changes nothing.

    Refused when it is void, StillRunning when it is too early for whoever has asked, Unmarkable when it cannot be marked.
    """

    def mark(sitting: Sitting, saved: Mapping[str, Saved]) -> tuple[Result, bool]:
        file = file_of(sitting, content)
        early = {
            Asked.BY_LEARNER: False, Asked.BY_PAGE: now < sitting.deadline_at,
            Asked.BY_SERVER: not is_over(file.exam, sitting.deadline_at, now),
        }
        if early[asked]:
            raise StillRunning(sitting.deadline_at)
        result = alone(lambda: result_of(file, sitting, saved), f"Marking attempt {sitting.id}")
        if isinstance(result, Failed):
            raise Unmarkable from result.error
        return result

    done = submit(learner, course, block, number, now, mark)
    if done.sitting.marks is not None:
        publish_result("exam", learner, course, block)
    return done


def texts_of(found: Iterable[Graded], content: str) -> Done[str, ExamFile]:
    """The texts that attempts were drawn from, by digest, and those that cannot be read. One statement at most."""
    return files_of({attempt.sitting.digest for attempt in found}, content)


@dataclass(frozen=True)
class Remarked:
    """What marking attempts again would change, and the ids of those that could not be marked: their marks stand."""

    changes: list[Change]
    left: frozenset[int]


def changes_by_key(
    found: Sequence[Graded], files: Mapping[str, ExamFile], content: str, *, only_if_higher: bool = False
) -> Remarked:
    """What marking these attempts by the key of `content` would change. A person's marks are left alone.

    `files` are the texts they were drawn from, as far as they can be read.
    """
    today = parse_text(content).questions

    def change_of(attempt: Graded) -> Change | None:
        if attempt.sitting.lost:
            raise Unmarkable
        file = files[attempt.sitting.digest]
        return _change(attempt, replace(file, questions=with_key(file.questions, today)))

    known = [attempt for attempt in found if attempt.sitting.digest in files]
    done = each(known, change_of, lambda attempt: f"Marking attempt {attempt.sitting.id} again")
    changes = [
        change for change in done.values
        if change and not (only_if_higher and (change.marks_after or 0) < (change.marks_before or 0))
    ]
    marked_again = {attempt.sitting.id for attempt, _ in done.results}
    return Remarked(changes, frozenset(attempt.sitting.id for attempt in found) - marked_again)


def _change(attempt: Graded, file: ExamFile) -> Change | None:
    sitting, standing = attempt.sitting, attempt.marks
    now = {item.question: item.earned for item in marked(file, sitting, attempt.saved).items}
    differing = [
        (question, standing[question].earned, earned) for question, earned in now.items()
        if earned is not None and question in standing and question not in attempt.by_person
        and earned != standing[question].earned and not _was_emptied(attempt, question)
    ]
    if not differing:
        return None
    gained = sum((after - before for _, before, after in differing), Decimal(0))
    if all(abs(after - before) <= _HUNDREDTH for _, before, after in differing) and (
        not gained or any(_was_emptied(attempt, question) for question in now if question in standing)
    ):
        return None  # another order of rounding, no other key
    after = None if sitting.marks is None else sitting.marks + gained
    passed = after is not None and after >= file.exam.pass_marks
    return Change(sitting.id, attempt.learner, sitting.number, sitting.marks, after, sitting.passed, passed, tuple(differing))


def _was_emptied(attempt: Graded, question: str) -> bool:
    """Whether the answer that has earned these marks is gone since its learner's account was retired."""
    saved = attempt.saved.get(question)
    return saved is not None and len(saved.value) > 0 and not is_answered(saved.value) and attempt.marks[question].earned > 0


def regrade(
    course: str, block: str, content: str, now: datetime.datetime, staff_id: int | None,
    learners: Collection[int] | None = None, *, only_if_higher: bool = False,
) -> tuple[Sequence[Change], list[int]]:
    """Mark attempts again by the key of `content`, keep what changed and tell the platform.

    Returns what changed, and the learners whose result the platform did not take.
    """

    def decide(found: Sequence[Graded]) -> tuple[list[Change], frozenset[int]]:
        files = dict(texts_of(found, content).results)
        done = changes_by_key(found, files, content, only_if_higher=only_if_higher)
        return done.changes, done.left

    changes = record_regrade(course, block, content, learners, staff_id, now, decide)
    return changes, publish_results("exam", {change.learner for change in changes}, course, block)


def result_when_over(
    past: Sequence[Sitting], sitting: Sitting, saved: Mapping[str, Saved], now: datetime.datetime, content: str
) -> HandedIn:
    """What an attempt whose time is over will be when it has been handed in; nothing is written."""
    file = file_of(sitting, content)
    return as_handed_in(past, sitting, saved, now, *result_of(file, sitting, saved))


def close_if_over(
    learner: int, course: str, block: str, number: int, now: datetime.datetime, content: str
) -> HandedIn | None:
    """Hand in an attempt whose time is over; what was saved counts.

    None when answers may still come: it is in its grace, or, since it was looked up, staff have granted more time or declared it
    void.
    """
    try:
        return hand_in(learner, course, block, number, now, content, Asked.BY_SERVER)
    except Refused:
        return None


@dataclass(frozen=True)
class Closing:
    """How many attempts were handed in, and those that could not be handed in and told."""

    closed: int
    failed: list[Failed[Overdue]]


def close_overdue(now: datetime.datetime, course: str = "", block: str = "") -> Closing:
    """Hand in every attempt that was left open past its deadline and grace.

    One that cannot be marked, written or told keeps no other one open.
    """

    def close(attempt: Overdue) -> bool:
        text = source_text(attempt.digest)
        return close_if_over(attempt.learner, attempt.course, attempt.block, attempt.number, now, text) is not None

    done = each(overdue(now, course, block), close, lambda attempt: f"Handing in attempt {attempt.id}", database=True)
    return Closing(sum(done.values), done.failed)
