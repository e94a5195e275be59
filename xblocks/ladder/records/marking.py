"""Marks that people give: what waits for them, drafts, giving marks, releasing them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from ladder.core.errors import Malformed, Refused
from ladder.records.exam import points_on_record
from ladder.records.isolation import each
from ladder.records.journal import together
from ladder.records.models import Attempt, Mark, MarkingDraft


@dataclass(frozen=True)
class Waiting:
    """An attempt that was handed in and whose marks are not released. `questions` are those of its paper."""

    attempt: int
    digest: str
    submitted_at: datetime.datetime
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """Marks as one row says: `marker` None means that the program gave them, by a corrected key when `regraded`.

    `regraded_by` is who applied that key, None for the instructor tools.
    """

    revision: int
    earned: Decimal
    possible: Decimal
    points: tuple[str, ...] | None
    comment: str
    marker: int | None
    regraded: bool
    marked_at: datetime.datetime
    regraded_by: int | None = None


@dataclass(frozen=True)
class Draft:
    """What a marker has noted and not yet given; None where no marks are chosen."""

    points: tuple[str | None, ...]
    comment: str
    saved_at: datetime.datetime


@dataclass(frozen=True)
class Marking:
    """Marks to be given. `seen` is the newest revision that the marker's page has shown, 0 for none."""

    question: str
    seen: int
    points: tuple[str, ...]
    earned: Decimal
    possible: Decimal
    comment: str
    marker: int


@dataclass(frozen=True)
class Outcome:
    """What stands after trying to give marks: `taken` says whether it is what was sent."""

    standing: Given
    taken: bool
    learner: int
    released: bool


def waiting(course: str, block: str) -> list[Waiting]:
    """Attempts whose marks are not released, those handed in first before the others. One statement."""
    rows = Attempt.objects.filter(course=course, block=block, pending=True, voided_at=None, trial=False)
    rows = rows.order_by("submitted_at", "id").values_list("id", "source_id", "submitted_at", "paper")
    return each(
        rows, lambda row: Waiting(row[0], row[1], row[2], tuple(str(item[0]) for item in row[3])),
        lambda row: f"Reading the paper of attempt {row[0]}",
    ).values


def markers(attempts: Collection[int], questions: Collection[str]) -> dict[tuple[int, str], int | None]:
    """Who gave the newest marks, by attempt and question; None: the program. What is not there has none. One statement."""
    rows = Mark.objects.filter(attempt_id__in=attempts, question__in=questions).order_by("revision")
    return {(attempt, question): marker for attempt, question, marker in rows.values_list("attempt_id", "question", "marker_id")}


def handed_in(course: str, block: str) -> list[int]:
    """The ids of all attempts that were handed in and count, trials aside. One statement."""
    rows = Attempt.objects.filter(course=course, block=block, voided_at=None, trial=False).exclude(submitted_at=None)
    return list(rows.values_list("id", flat=True))


def given(attempts: Collection[int], questions: Collection[str] | None = None) -> dict[tuple[int, str], list[Given]]:
    """Every row of marks, oldest first, by attempt and question. One statement."""
    rows = Mark.objects.filter(attempt_id__in=attempts).select_related("regrade").order_by("revision")
    if questions is not None:
        rows = rows.filter(question__in=questions)
    found: dict[tuple[int, str], list[Given]] = {}
    for row in rows:
        found.setdefault((row.attempt_id, row.question), []).append(_given(row))
    return found


def _given(row: Mark) -> Given:
    return Given(row.revision, row.marks, row.possible, points_on_record(row.points), row.comment,
                 row.marker_id, row.regrade_id is not None, row.marked_at, row.regrade.staff_id if row.regrade_id else None)


# -- drafts ---------------------------------------------------------------------------------------------------------


def drafts(attempt: int, question: str) -> dict[int, Draft]:
    """The drafts for one answer, by marker."""
    rows = MarkingDraft.objects.filter(attempt_id=attempt, question=question)
    return {row.marker_id: Draft(tuple(row.points), row.comment, row.saved_at) for row in rows}


@together
def keep_draft(
    attempt: int, question: str, seen: int, marker: int, points: Sequence[str | None], comment: str, now: datetime.datetime
) -> None:
    """Keep a marker's draft; it takes the place of the one before.

    One that comes in after the marker has given marks is dropped: `seen` is the newest revision its page had shown.
    """
    if Mark.objects.filter(attempt_id=attempt, question=question, marker_id=marker, revision__gt=seen).exists():
        return
    draft = MarkingDraft(
        attempt_id=attempt, question=question, marker_id=marker, points=list(points), comment=comment, saved_at=now
    )
    # In one statement: an update that finds nothing locks the gap where another marker's draft is about to go.
    told = connection.features.supports_update_conflicts_with_target
    MarkingDraft.objects.bulk_create(
        [draft], update_conflicts=True, update_fields=("points", "comment", "saved_at"),
        unique_fields=("attempt", "question", "marker_id") if told else None,
    )


def drop_drafts(attempts: Collection[int], marker: int) -> int:
    """Remove the drafts for these attempts, and those of a marker. Returns how many."""
    return int(MarkingDraft.objects.filter(Q(attempt_id__in=attempts) | Q(marker_id=marker)).delete()[0])


# -- marks ----------------------------------------------------------------------------------------------------------


@together
def give(attempt_id: int, course: str, block: str, marking: Marking, pass_marks: int, now: datetime.datetime) -> Outcome:
    """Give marks for one answer, unless others were given since the marker looked.

    The marker's draft goes with it. When the attempt is released already, its sum changes at once. The same marks sent again
    change nothing and are taken.
    """
    attempt = Attempt.objects.select_for_update().filter(id=attempt_id, course=course, block=block).first()
    if attempt is None or attempt.submitted_at is None:
        raise Refused("This attempt does not exist.")
    if attempt.voided_at is not None:
        raise Refused("This attempt is void.")
    newest = {row.question: row for row in Mark.objects.filter(attempt_id=attempt_id).order_by("revision")}
    standing, released = newest.get(marking.question), not attempt.pending
    if (standing.revision if standing else 0) != marking.seen:
        if standing is None:  # rows are never removed: what was seen is there
            raise Malformed("revision")
        return Outcome(_given(standing), _is_the_same(standing, marking), attempt.learner_id, released)
    made = Mark.objects.create(
        attempt_id=attempt_id, question=marking.question, revision=marking.seen + 1, marks=marking.earned,
        possible=marking.possible, points=list(marking.points), comment=marking.comment, marker_id=marking.marker, marked_at=now,
    )
    MarkingDraft.objects.filter(attempt_id=attempt_id, question=marking.question, marker_id=marking.marker).delete()
    if released:
        newest[marking.question] = made
        marks = sum((row.marks for row in newest.values()), Decimal(0))
        Attempt.objects.filter(id=attempt_id).update(marks=marks, passed=marks >= pass_marks)
    return Outcome(_given(made), True, attempt.learner_id, released)


def empty_comments(attempts: Collection[int]) -> int:
    """Empty what markers have written to the learner of these attempts. Returns how many rows held something."""
    return int(Mark.objects.filter(attempt_id__in=attempts).exclude(comment="").update(comment=""))


def _is_the_same(row: Mark, marking: Marking) -> bool:
    sent = (marking.seen + 1, marking.marker, list(marking.points), marking.comment)
    return (row.revision, row.marker_id, row.points, row.comment) == sent


# -- release --------------------------------------------------------------------------------------------------------


@together
def release(
    course: str, block: str, attempt_id: int | None, now: datetime.datetime,
    pass_marks: Callable[[Collection[str]], Mapping[str, int]],
) -> tuple[list[int], list[int]]:
    """Release the marks of one attempt, or of all that are fully marked (None).

    `pass_marks` says for the digests of the texts the attempts were drawn from how many marks pass; what was drawn from a text
    that it does not know waits on. Returns the ids of the attempts released now, and of the learners whom the gradebook must be
    told of. Releasing again changes nothing; one that is not fully marked is refused, and so is one whose text is not known.
    """
    rows = Attempt.objects.select_for_update().filter(course=course, block=block, voided_at=None).exclude(submitted_at=None)
    rows = rows.filter(pending=True) if attempt_id is None else rows.filter(id=attempt_id)
    attempts = list(rows.order_by("id"))
    if attempt_id is not None and not attempts:
        raise Refused("This attempt does not exist.")
    marks: dict[int, dict[str, Decimal]] = {attempt.id: {} for attempt in attempts}
    newest = Mark.objects.filter(attempt_id__in=list(marks)).order_by("revision")
    for id_, question, earned in newest.values_list("attempt_id", "question", "marks"):
        marks[id_][question] = earned
    ready = []
    counted = each(
        attempts, lambda attempt: sum(item[0] not in marks[attempt.id] for item in attempt.paper),
        lambda attempt: f"Counting the marks of attempt {attempt.id}",
    )
    for attempt, unmarked in counted.results:
        if unmarked and attempt_id is not None:
            raise Refused("Answers of this attempt that are still to be marked: %(count)s.", count=unmarked)
        if not unmarked and attempt.pending:
            ready.append(attempt)
    needed = pass_marks({attempt.source_id for attempt in ready})
    if attempt_id is not None and (counted.failed or any(attempt.source_id not in needed for attempt in ready)):
        raise Refused("This attempt cannot be released: the text of its exam can no longer be read.")
    ready = [attempt for attempt in ready if attempt.source_id in needed]
    for attempt in ready:
        attempt.marks = sum(marks[attempt.id].values(), Decimal(0))
        attempt.passed = attempt.marks >= needed[attempt.source_id]
        attempt.pending, attempt.released_at = False, now
    if ready:
        Attempt.objects.bulk_update(ready, ["marks", "passed", "pending", "released_at"], batch_size=50)
    told = ready if attempt_id is None else attempts
    return [attempt.id for attempt in ready], sorted({attempt.learner_id for attempt in told})
