"""An exam by the server's clock: nothing late is ever taken, nothing in time ever refused."""

from __future__ import annotations

import datetime
import io
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from hypothesis import given, settings, strategies as st

from ladder.core.sitting import Allowed
from ladder.exam_results import Asked, StillRunning, close_overdue, hand_in
from ladder.records.allowance import grant
from ladder.records.models import Answer, Attempt, Mark, StageOpening
from ladder.records.source import source_text
from trainee import Card, Sheet, Trainee, op_id, sheet_of

EXAM = "first-exam"
MINUTES, GRACE = 20, 30
MINUTE, SECOND, MOMENT = datetime.timedelta(minutes=1), datetime.timedelta(seconds=1), datetime.timedelta(microseconds=1)
# How long before or after the deadline something arrives, and whether it is taken.
TABLE = [
    (-SECOND, True), (-MOMENT, True), (0 * SECOND, True), (MOMENT, True), (GRACE * SECOND - MOMENT, True), (GRACE * SECOND, True),
    (GRACE * SECOND + MOMENT, False), ((GRACE + 1) * SECOND, False), (86400 * SECOND, False),
]


def blank_of(sheet: Sheet) -> Card:
    """The question that is worth 40 marks."""
    return next(card for card in sheet.cards if card.type == "blank")


def send(trainee: Trainee, sheet: Sheet, card: Card, revision: int = 1, **more: Any) -> Any:
    """An answer on its way, whatever the server says."""
    row = {"op_id": op_id(), "item": card.item, "revision": revision, "value": trainee.right(card)}
    return trainee.act("exam", EXAM, "answer", {"attempt": sheet.attempt, "saves": [row | more]} | more)


def attempt_of(trainee: Trainee) -> Attempt:
    return Attempt.objects.get(learner_id=trainee.id, block=EXAM)


def give(trainee: Trainee, now: datetime.datetime, **allowed: int) -> None:
    """Grant a learner something beyond the rules."""
    grant(trainee.id, str(trainee.site.now.key), EXAM, Allowed(**allowed), None, now)


# -- the table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "taken"), TABLE)
def test_an_answer_is_taken_until_the_end_of_the_grace(late, taken, trainee, clock):
    sheet = trainee.start(EXAM)
    clock.time += datetime.timedelta(minutes=MINUTES) + late
    response = send(trainee, sheet, blank_of(sheet))
    assert response.status_code == (200 if taken else 409)
    assert [row.saved_at for row in Answer.objects.all()] == [clock.time] * taken
    marks = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert f"<strong>{40 if taken else 0}</strong> / 100" in marks


@pytest.mark.parametrize(("late", "taken"), TABLE)
def test_handing_in_counts_what_was_saved_and_is_never_later_than_the_deadline(late, taken, trainee, clock):
    began = clock.time
    sheet = trainee.start(EXAM)
    assert send(trainee, sheet, blank_of(sheet)).status_code == 200
    clock.time += datetime.timedelta(minutes=MINUTES) + late
    assert "<strong>40</strong> / 100" in trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert attempt_of(trainee).submitted_at == min(clock.time, began + datetime.timedelta(minutes=MINUTES))
    assert send(trainee, sheet, blank_of(sheet), 2).status_code == 409, "in grace too: it has been handed in"


@pytest.mark.parametrize(("late", "taken"), TABLE)
def test_the_page_shows_the_paper_as_long_as_answers_are_taken(late, taken, trainee, clock):
    trainee.start(EXAM)
    clock.time += datetime.timedelta(minutes=MINUTES) + late
    sheet = sheet_of(trainee.see(EXAM))
    assert (sheet is not None) == taken
    assert sheet is None or sheet.seconds_left == max(-late // SECOND, 0)


@settings(max_examples=40)
@given(extra=st.integers(0, 40), late=st.timedeltas(-19 * MINUTE, 2 * MINUTE) | st.sampled_from([late for late, _ in TABLE]))
def test_late_is_never_taken_and_in_time_never_refused(extra, late, trainee, clock):
    clock.go_on(days=1)
    trainee.see(EXAM)  # what the example before has left running is closed
    give(trainee, clock.time, minutes=extra)
    sheet = trainee.start(EXAM)
    assert sheet.seconds_left == (MINUTES + extra) * 60
    clock.time += (MINUTES + extra) * MINUTE + late
    in_time = late <= GRACE * SECOND
    assert send(trainee, sheet, blank_of(sheet)).status_code == (200 if in_time else 409)
    assert Answer.objects.filter(attempt__number=sheet.attempt).count() == in_time


# -- whose clock ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "taken"), [(0 * SECOND, True), ((GRACE + 1) * SECOND, False)])
@pytest.mark.parametrize("told", ["1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z", 0, 4_102_444_800_000, None])
def test_what_a_device_says_of_the_time_plays_no_role(told, late, taken, trainee, clock):
    sheet = trainee.start(EXAM)
    clock.time += datetime.timedelta(minutes=MINUTES) + late
    times = dict.fromkeys(("now", "time", "saved_at", "started_at", "submitted_at", "deadline_at", "seconds_left"), told)
    reply = send(trainee, sheet, blank_of(sheet), **times)
    assert reply.status_code == (200 if taken else 409)
    assert [row.saved_at for row in Answer.objects.all()] == [clock.time] * taken
    trainee.do("exam", EXAM, "submit", {"attempt": 1} | times)
    attempt = attempt_of(trainee)
    assert attempt.submitted_at == attempt.deadline_at == clock.time - late


@pytest.fixture
def new_york() -> Iterator[None]:
    """A server whose local time is New York's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    with override_settings(TIME_ZONE="America/New_York"):
        yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.parametrize("began", [
    datetime.datetime(2026, 3, 8, 6, 50, tzinfo=datetime.UTC),  # 01:50, ten minutes before the clocks go on to 03:00
    datetime.datetime(2026, 11, 1, 5, 50, tzinfo=datetime.UTC),  # 01:50, ten minutes before they go back to 01:00
])
@pytest.mark.parametrize(("late", "taken"), [(-SECOND, True), (GRACE * SECOND, True), ((GRACE + 1) * SECOND, False)])
def test_the_night_the_servers_clocks_are_changed_is_like_any_other(began, late, taken, new_york, trainee, clock):
    clock.time = began
    sheet = trainee.start(EXAM)
    assert sheet.seconds_left == MINUTES * 60
    clock.go_on(minutes=15)
    shown = sheet_of(trainee.see(EXAM))
    assert shown is not None
    assert shown.seconds_left == 5 * 60
    clock.time = began + datetime.timedelta(minutes=MINUTES) + late
    assert send(trainee, sheet, blank_of(sheet)).status_code == (200 if taken else 409)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert attempt_of(trainee).deadline_at == began + datetime.timedelta(minutes=MINUTES)


# -- more time ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "taken"), TABLE)
@pytest.mark.parametrize("granted", [5, MINUTES * 60 - 1, MINUTES * 60 + GRACE])
def test_time_granted_while_an_attempt_runs_moves_its_deadline(granted, late, taken, trainee, clock):
    began = clock.time
    sheet = trainee.start(EXAM)
    clock.go_on(seconds=granted)
    give(trainee, clock.time, minutes=10)
    shown = sheet_of(trainee.see(EXAM))
    assert shown is not None
    assert shown.seconds_left == (MINUTES + 10) * 60 - granted
    clock.time = began + datetime.timedelta(minutes=MINUTES + 10) + late
    assert send(trainee, sheet, blank_of(sheet)).status_code == (200 if taken else 409)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert attempt_of(trainee).submitted_at == min(clock.time, began + datetime.timedelta(minutes=MINUTES + 10))


def test_a_second_grant_takes_the_place_of_the_first(trainee, clock):
    began = clock.time
    trainee.start(EXAM)
    for minutes in (10, 15, 5, 0):
        give(trainee, clock.time, minutes=minutes)
        assert attempt_of(trainee).deadline_at == began + datetime.timedelta(minutes=MINUTES + minutes)


def test_time_granted_to_one_learner_is_nothing_to_another(trainee, sign_in, act, site, clock):
    other = Trainee(sign_in("trainee-2"), act, site)
    for sitter in (trainee, other):
        sitter.start(EXAM)
    give(trainee, clock.time, minutes=10)
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    assert sheet_of(trainee.see(EXAM)) is not None
    assert sheet_of(other.see(EXAM)) is None


def test_time_granted_after_the_attempt_was_closed_opens_nothing(trainee, clock):
    sheet = trainee.start(EXAM)
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    trainee.see(EXAM)
    closed = attempt_of(trainee)
    give(trainee, clock.time, minutes=60)
    assert attempt_of(trainee).deadline_at == closed.deadline_at
    assert send(trainee, sheet, blank_of(sheet)).status_code == 409


# -- what was left open ---------------------------------------------------------------------------------------------


def close_exams() -> str:
    """What cron runs, and what it says."""
    said = io.StringIO()
    call_command("close_exams", stdout=said)
    return said.getvalue()


def test_what_was_left_open_is_closed_at_its_deadline_with_what_was_saved(trainee, clock):
    began = clock.time
    sheet = trainee.start(EXAM)
    send(trainee, sheet, blank_of(sheet))
    clock.go_on(days=3)
    assert close_exams() == "已自动交卷：1 份\n"
    attempt = attempt_of(trainee)
    assert attempt.submitted_at == attempt.deadline_at == began + datetime.timedelta(minutes=MINUTES)
    assert (attempt.marks, attempt.passed, attempt.pending) == (40, False, False)
    assert "<strong>40</strong> / 100" in trainee.see(EXAM)


@pytest.mark.parametrize(("late", "running"), TABLE)
def test_what_may_still_be_answered_is_left_alone(late, running, trainee, clock):
    trainee.start(EXAM)
    clock.time += datetime.timedelta(minutes=MINUTES) + late
    before = Attempt.objects.values().get()
    assert close_overdue(clock.time).closed == (not running)
    assert (Attempt.objects.values().get() == before) == running


def test_closing_again_changes_nothing(trainee, clock):
    sheet = trainee.start(EXAM)
    send(trainee, sheet, blank_of(sheet))
    clock.go_on(hours=1)
    assert close_exams() == "已自动交卷：1 份\n"
    before = [*Attempt.objects.values(), *Mark.objects.order_by("id").values()]
    clock.go_on(hours=1)
    assert close_exams() == "", "cron would write a mail about it"
    assert [*Attempt.objects.values(), *Mark.objects.order_by("id").values()] == before
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert [*Attempt.objects.values(), *Mark.objects.order_by("id").values()] == before


def test_everybodys_attempts_are_closed_and_those_of_one_exam_when_it_is_named(sign_in, act, site, clock):
    sitters = [Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(3)]
    trainer = Trainee(sign_in("trainer"), act, site)
    for sitter in sitters[:2]:
        sitter.start(EXAM)
    trainer.start("second-exam")
    clock.go_on(hours=1)
    sitters[2].start(EXAM)
    course = str(site.now.key)
    assert close_overdue(clock.time, course, "no-such-exam").closed == close_overdue(clock.time, "course-v1:other", EXAM).closed == 0
    assert close_overdue(clock.time, course, EXAM).closed == 2
    assert close_overdue(clock.time).closed == 1
    assert Attempt.objects.get(submitted_at=None).learner_id == sitters[2].id


def test_more_time_and_voided_attempts_are_respected(sign_in, act, site, clock):
    slow, gone = (Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(2))
    for sitter in (slow, gone):
        sitter.start(EXAM)
    give(slow, clock.time, minutes=60)
    Attempt.objects.filter(learner_id=gone.id).update(voided_at=clock.time)
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    assert close_overdue(clock.time).closed == 0
    assert Attempt.objects.filter(submitted_at=None).count() == 2
    clock.go_on(hours=1)
    assert close_overdue(clock.time).closed == 1


def test_time_granted_just_before_the_closing_is_not_taken_away(trainee, clock):
    """The list of what is overdue was made a moment ago; the lock shows what is true now."""
    trainee.start(EXAM)
    attempt = attempt_of(trainee)
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    give(trainee, clock.time, minutes=5)
    with pytest.raises(StillRunning):
        hand_in(trainee.id, attempt.course, EXAM, 1, clock.time, source_text(attempt.source_id), Asked.BY_SERVER)
    assert attempt_of(trainee).submitted_at is None
    assert not Mark.objects.exists()


def test_a_stage_opens_when_the_learner_comes_back_to_a_closed_attempt(trainee, clock):
    trainee.finish_all_but_the_exam()
    sheet = trainee.start(EXAM)
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(hours=1)
    close_exams()
    assert attempt_of(trainee).passed
    assert trainee.client.get("/unit/refunding/").status_code == 200
    assert StageOpening.objects.get(stage="calls").opened_at == clock.time


def test_an_attempt_that_was_voided_while_it_ran_takes_nothing_and_opens_nothing(trainee, clock):
    trainee.finish_all_but_the_exam()
    sheet = trainee.start(EXAM)
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    Attempt.objects.update(voided_at=clock.time)
    assert trainee.act("exam", EXAM, "submit", {"attempt": 1}).status_code == 409
    assert not StageOpening.objects.filter(stage="calls").exists()
    assert attempt_of(trainee).submitted_at is None
    assert send(trainee, sheet, blank_of(sheet), 2).status_code == 409


def test_handing_in_again_what_was_voided_later_opens_nothing(trainee, clock):
    trainee.sit(EXAM)
    Attempt.objects.update(voided_at=clock.time)
    trainee.finish_all_but_the_exam()
    assert trainee.act("exam", EXAM, "submit", {"attempt": 1}).status_code == 409
    assert not StageOpening.objects.filter(stage="calls").exists()
