"""Who may begin an attempt, and until when it lasts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from ladder.core.exam import Exam
from ladder.core.sitting import (
    NOTHING_EXTRA,
    Allowed,
    Lasting,
    attempts_left,
    counting,
    deadline,
    is_over,
    lasting,
    may_be_reviewed,
    may_start_again_at,
    why_not_start,
)

NOON = datetime.datetime(2026, 3, 8, 12, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
EXAM = Exam("e", "考核", 40, 3, 60, True, 30, "all", (), 1)


@dataclass(frozen=True)
class Attempt:
    submitted_at: datetime.datetime | None = NOON
    pending: bool = False
    passed: bool = False
    voided: bool = False
    trial: bool = False


FAILED = Attempt()


def said(
    exam: Exam, tried: tuple[Attempt, ...], now: datetime.datetime, allowed: Allowed = NOTHING_EXTRA, used: int | None = None
) -> str:
    refusal = why_not_start(exam, tried, len(tried) if used is None else used, now, allowed)
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


# -- the end --------------------------------------------------------------------------------------------------------

END = NOON + datetime.timedelta(minutes=40)
MOMENT = datetime.timedelta(microseconds=1)


@pytest.mark.parametrize(("now", "over"), [
    (NOON, False), (END - SECOND, False), (END - MOMENT, False), (END, False), (END + MOMENT, False), (END + 29 * SECOND, False),
    (END + 30 * SECOND, False), (END + 30 * SECOND + MOMENT, True), (END + 31 * SECOND, True), (END + 86400 * SECOND, True),
])
def test_nothing_is_taken_after_the_grace_and_everything_until_then(now: datetime.datetime, over: bool) -> None:
    assert is_over(EXAM, END, now) is over


def test_without_grace_the_deadline_is_the_last_moment() -> None:
    exam = replace(EXAM, grace_seconds=0)

    assert [is_over(exam, END, now) for now in (END - MOMENT, END, END + MOMENT)] == [False, False, True]


@given(st.integers(-(10**8), 10**8), st.integers(1, 600), st.integers(0, 600), st.integers(0, 600),
       st.sampled_from(["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]))
def test_an_attempt_lasts_as_long_wherever_the_clock_is_read(
    second: int, minutes: int, extra: int, grace: int, zone: str
) -> None:
    began = NOON + second * SECOND
    exam = replace(EXAM, minutes=minutes, grace_seconds=grace)
    ends_at = deadline(exam, began, Allowed(extra))

    assert ends_at - began == datetime.timedelta(minutes=minutes + extra)
    for late, over in ((-1, False), (0, False), (grace, False), (grace + 1, True)):
        read = (ends_at + late * SECOND).astimezone(ZoneInfo(zone))
        assert is_over(exam, ends_at, read) is over


# -- what one learner is allowed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("closes", "extra", "lasts"), [
    (None, 0, 40), (None, 15, 55), (60, 0, 40), (60, 15, 55), (60, 30, 70), (40, 10, 50), (25, 0, 25), (25, 10, 35), (25, 60, 85),
])
def test_extra_minutes_come_on_top_of_the_minutes_and_of_the_closing(closes: int | None, extra: int, lasts: int) -> None:
    exam = replace(EXAM, closes_at=NOON + datetime.timedelta(minutes=closes) if closes else None)

    assert deadline(exam, NOON, Allowed(minutes=extra)) == NOON + datetime.timedelta(minutes=lasts)


@pytest.mark.parametrize(("closes_in", "extra", "minutes", "whole", "cut_short"), [
    (None, 0, 40, True, False), (None, 15, 55, True, False), (3600, 0, 40, True, False), (2400, 0, 40, True, False),
    (2399, 0, 40, False, True), (180, 0, 3, True, True), (179, 0, 3, False, True), (121, 0, 3, False, True), (40, 0, 1, False, True),
    (1, 0, 1, False, True), (180, 10, 13, True, True), (179, 10, 13, False, True),
])
def test_an_attempt_begun_now_is_told_the_time_that_it_will_have(
    closes_in: int | None, extra: int, minutes: int, whole: bool, cut_short: bool
) -> None:
    exam = replace(EXAM, closes_at=NOON + closes_in * SECOND if closes_in else None)

    assert lasting(exam, NOON, Allowed(minutes=extra)) == Lasting(minutes, whole, cut_short)


def test_the_time_told_is_that_of_the_opening_before_it_and_of_the_exam_when_it_has_closed() -> None:
    exam = replace(EXAM, opens_at=NOON, closes_at=NOON + 600 * SECOND)

    assert lasting(exam, NOON - 9999 * SECOND) == lasting(exam, NOON) == Lasting(10, whole=True, cut_short=True)
    assert lasting(exam, NOON + 600 * SECOND) == Lasting(40, whole=True, cut_short=False)


@given(st.integers(1, 600), st.integers(0, 600), st.integers(1, 10**8))
def test_nobody_is_told_more_time_than_there_will_be(minutes: int, extra: int, closes_in: int) -> None:
    exam, allowed = replace(EXAM, minutes=minutes, closes_at=NOON + closes_in * SECOND), Allowed(minutes=extra)
    told, left = lasting(exam, NOON, allowed), deadline(exam, NOON, allowed) - NOON

    told_time = datetime.timedelta(minutes=told.minutes)
    assert told_time == left if told.whole else told_time - datetime.timedelta(minutes=1) < left < told_time


@pytest.mark.parametrize(("attempts", "extra", "used", "left"), [
    (3, 0, 0, 3), (3, 0, 3, 0), (3, 2, 3, 2), (3, 2, 5, 0), (3, 0, 4, 0), (1, 1, 0, 2), (0, 0, 9, None), (0, 2, 9, None),
])
def test_extra_attempts_come_on_top_of_the_exams(attempts: int, extra: int, used: int, left: int | None) -> None:
    exam, allowed = replace(EXAM, attempts=attempts), Allowed(attempts=extra)

    assert attempts_left(exam, used, allowed) == left
    assert said(exam, (FAILED,), NOON, allowed, used) == ("No attempts are left." if left == 0 else "")


def test_extra_attempts_and_minutes_open_nothing_else() -> None:
    closed = replace(EXAM, closes_at=NOON)
    waiting = replace(EXAM, wait_hours=1)
    generous = Allowed(minutes=60, attempts=5)

    assert said(closed, (), NOON, generous) == "The exam is closed."
    assert said(waiting, (FAILED,), NOON, generous) == "The waiting time between two attempts is not over yet."
    assert said(EXAM, (Attempt(passed=True),), NOON, generous) == "You have already passed this exam."


def test_voided_attempts_count_for_nothing() -> None:
    past = [FAILED, Attempt(voided=True, passed=True), Attempt(pending=True, voided=True)]

    assert counting(past, trials=False) == counting(past, trials=True) == [FAILED]
    assert counting([], trials=True) == []


def test_trials_count_only_for_somebody_who_is_trying_things_out() -> None:
    trial = Attempt(trial=True, passed=True)

    assert counting([trial, FAILED], trials=False) == [FAILED]
    assert counting([trial, FAILED], trials=True) == [trial, FAILED]


@pytest.mark.parametrize(("exam", "tried", "used", "reason"), [
    (replace(EXAM, attempts=1, closes_at=NOON), (Attempt(passed=True), Attempt(pending=True)), 2, "You have already passed this exam."),
    (replace(EXAM, attempts=1, closes_at=NOON), (Attempt(pending=True),), 1, "Your last attempt is still being marked."),
    (replace(EXAM, attempts=1, closes_at=NOON), (FAILED,), 1, "No attempts are left."),
    (replace(EXAM, attempts=2, closes_at=NOON, wait_hours=9), (FAILED,), 1, "The exam is closed."),
    (replace(EXAM, attempts=2, opens_at=NOON + SECOND, wait_hours=9), (FAILED,), 1, "The exam is not open yet."),
])
def test_the_first_reason_is_the_one_told(exam: Exam, tried: tuple[Attempt, ...], used: int, reason: str) -> None:
    assert said(exam, tried, NOON, used=used) == reason


# -- looking back ---------------------------------------------------------------------------------------------------

CLOSES = NOON + datetime.timedelta(hours=1)
BEFORE, AFTER = CLOSES - MOMENT, CLOSES + datetime.timedelta(days=1)


@pytest.mark.parametrize(("review", "released", "before", "at", "after"), [
    ("never", False, False, False, False), ("never", True, False, False, False),
    ("release", False, False, False, False), ("release", True, True, True, True),
    ("window", False, False, False, False), ("window", True, False, True, True),
])
def test_keys_are_shown_when_the_exam_says_so(review: str, released: bool, before: bool, at: bool, after: bool) -> None:
    exam, released_at = replace(EXAM, review=review, closes_at=CLOSES), NOON if released else None

    assert [may_be_reviewed(exam, released_at, now) for now in (BEFORE, CLOSES, AFTER)] == [before, at, after]


@pytest.mark.parametrize(("review", "shown"), [("never", False), ("release", True), ("window", True)])
def test_an_exam_that_never_closes_has_no_window_to_wait_for(review: str, shown: bool) -> None:
    assert may_be_reviewed(replace(EXAM, review=review), NOON, NOON) is shown
    assert not may_be_reviewed(replace(EXAM, review=review), None, AFTER)
