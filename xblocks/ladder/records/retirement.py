"""Emptying what was written by or about one person, everywhere and at once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ladder.records.allowance import empty_grounds
from ladder.records.exam import empty_answers
from ladder.records.journal import together
from ladder.records.late import empty_late
from ladder.records.marking import drop_drafts, empty_comments
from ladder.records.models import Attempt
from ladder.records.voiding import empty_reasons, void_unmarked


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How many rows have lost something: answers, comments and reasons were emptied, drafts removed, attempts declared void."""

    answers: int
    comments: int
    reasons: int
    drafts: int
    attempts: int


@together
def erase(learner_id: int, now: datetime.datetime) -> Erased:
    """Empty what a person has written, and what was written about them. Erasing again changes nothing.

    Ids, times, marks and choices stay: the statistics and the history of others are made of them. So does what the person has
    written about others as staff. An attempt that is still open or being marked is void from now on, as nobody could mark it.
    """
    # Whoever saves an answer or gives marks locks the attempt, too: nothing is written behind our back.
    attempts = list(Attempt.objects.select_for_update().filter(learner_id=learner_id).values_list("id", flat=True))
    return Erased(
        answers=empty_answers(attempts) + empty_late(attempts), comments=empty_comments(attempts),
        reasons=empty_reasons(learner_id) + empty_grounds(learner_id), drafts=drop_drafts(attempts, learner_id),
        attempts=void_unmarked(learner_id, now),
    )
