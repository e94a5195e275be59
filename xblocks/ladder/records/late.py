"""Answers that arrived after the end of their attempt: kept, shown, and counted for nothing."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ladder.records.journal import append, together
from ladder.records.models import Answer, LateAnswer


@dataclass(frozen=True)
class Late:
    """An answer that came too late, and when it was received (UTC)."""

    value: Sequence[object]
    received_at: datetime.datetime


@together
def keep_late(sitting_id: int, saves: Sequence[tuple[str, str, Sequence[object]]], now: datetime.datetime) -> None:
    """Keep what came after the end, as (op_id, question, value); of each question the first.

    What had arrived in time after all, or says what stands, is not late.
    """
    in_time = Answer.objects.filter(attempt_id=sitting_id).order_by("revision").values_list("question", "value", "op_id")
    standing, done = {question: value for question, value, _ in in_time}, {op_id for *_, op_id in in_time}
    known = late_answers(sitting_id)
    fresh: dict[str, list[object]] = {}
    for op_id, question, value in saves:
        if op_id not in done and question not in known and [*value] != standing.get(question, []):
            fresh.setdefault(question, [*value])
    if fresh:
        append(LateAnswer, {"attempt": sitting_id, "received_at": now}, ("question", "value"), list(fresh.items()))


def late_answers(sitting_id: int) -> dict[str, Late]:
    """What came too late for an attempt, by question id. One statement."""
    rows = LateAnswer.objects.filter(attempt_id=sitting_id).values_list("question", "value", "received_at")
    return {question: Late(value, received_at) for question, value, received_at in rows}


def empty_late(sitting_ids: Collection[int]) -> int:
    """Remove what came too late for these attempts. Returns how many rows there were."""
    return LateAnswer.objects.filter(attempt_id__in=sitting_ids).delete()[0]
