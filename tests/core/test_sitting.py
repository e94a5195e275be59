"""Who may begin an attempt, and until when it lasts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pytest

from ladder.core.exam import Exam
from ladder.core.sitting import deadline, may_start_again_at, why_not_start

NOON = datetime.datetime(2026, 3, 8, 12, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
EXAM = Exam("e", "考核", 40, 3, 60, True, 30, "all", (), 1)


@dataclass(frozen=True)
class Attempt:
    submitted_at: datetime.datetime | None = NOON
    pending: bool = False
    passed: bool = False


FAILED = Attempt()


def said(exam: Exam, tried: tuple[Attempt, ...], now: datetime.datetime) -> str:
    refusal = why_not_start(exam, tried, now)
    return refusal.text if refusal else ""


def test_who_has_not_tried_may_begin() -> None:
    assert said(EXAM, (), NOON) == ""


@pytest.mark.parametrize(("tried", "reason"), [
    ((FAILED, FAILED), ""),
    ((FAILED, FAILED, FAILED), "No attempts are left."),
    ((FAILED, Attempt(passed=True)), "You have already passed this exam."),
    ((FAILED, Attempt(pending=True)), "Your last attempt is still being marked."),
])
def test_the_attempts_made_decide(tried: tuple[Attempt, ...], reason: str) -> None:
    assert said(EXAM, tried, NOON) == reason


def test_attempts_without_number_are_never_used_up() -> None:
    assert said(replace(EXAM, attempts=0), (FAILED,) * 50, NOON) == ""


@pytest.mark.parametrize(("now", "reason"), [
    (NOON - SECOND, "The exam is not open yet."), (NOON, ""), (NOON + 3600 * SECOND - SECOND, ""),
    (NOON + 3600 * SECOND, "The exam is closed."),
])
def test_an_exam_may_be_begun_from_its_opening_until_just_before_it_closes(now: datetime.datetime, reason: str) -> None:
    exam = replace(EXAM, opens_at=NOON, closes_at=NOON + 3600 * SECOND)

    assert said(exam, (), now) == reason


def test_the_waiting_time_runs_from_the_last_handing_in() -> None:
    exam = replace(EXAM, wait_hours=24)
    tried = (Attempt(NOON - datetime.timedelta(days=3)), Attempt(NOON))
    again = NOON + datetime.timedelta(hours=24)

    assert may_start_again_at(exam, tried) == again
    assert said(exam, tried, again - SECOND) == "The waiting time between two attempts is not over yet."
    assert said(exam, tried, again) == ""
    assert may_start_again_at(EXAM, tried) is None


def test_hours_are_real_hours_where_clocks_are_changed() -> None:
    before_the_change = datetime.datetime(2026, 3, 7, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    exam = replace(EXAM, wait_hours=24)
    again = may_start_again_at(exam, (Attempt(before_the_change.astimezone(datetime.UTC)),))

    assert again is not None
    assert again.astimezone(ZoneInfo("America/New_York")).hour == 13


def test_an_attempt_lasts_its_minutes_but_not_longer_than_the_exam_is_open() -> None:
    assert deadline(EXAM, NOON) == NOON + datetime.timedelta(minutes=40)
    assert deadline(replace(EXAM, closes_at=NOON + 600 * SECOND), NOON) == NOON + 600 * SECOND
    assert deadline(replace(EXAM, closes_at=NOON + 6000 * SECOND), NOON) == NOON + datetime.timedelta(minutes=40)
