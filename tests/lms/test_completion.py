"""What the platform ticks off is what has been done: no more on the first day, none of a locked stage, a stage when it is finished."""

from __future__ import annotations

import pytest
from completion.models import BlockCompletion
from django.db import OperationalError

from ladder.records.models import Attempt, StageOpening
from trainee import SECOND_STAGE
from written import EXAM, Marker, add_written_exam, hand_in

FIRST_DAY = ("start", "welcome", "voice", "late-van", "first-exam", "calls", "refunding", "refund-call", "second-exam", "later")


def ticks(learner):
    return {name for name in FIRST_DAY if learner.ticked(name)}


def test_on_the_first_day_nothing_is_ticked_off(learner):
    for name in ("start", "welcome", "calls"):
        learner.see(name)
    assert ticks(learner) == set()
    assert not any(learner.done().values())


def test_everything_is_ticked_off_when_it_is_done_and_the_stage_with_the_last_of_it(learner):
    learner.learn("welcome")
    assert ticks(learner) == {"welcome"}
    learner.learn("voice")
    learner.play("late-van", [0, 0])
    assert ticks(learner) == {"welcome", "voice", "late-van"}
    learner.sit("first-exam")
    assert ticks(learner) == {"welcome", "voice", "late-van", "first-exam", "start"}
    assert not {name for name in SECOND_STAGE.values() if learner.done().get(name)}, "open, and nothing of it done"


def test_a_stage_that_holds_nothing_yet_is_never_ticked_off(learner):
    learner.finish_first_stage()
    learner.see("later")
    assert not learner.ticked("later")


def test_what_is_failed_is_not_ticked_off(learner):
    learner.play("late-van", [1, 1])
    learner.sit("first-exam", knows=lambda _: False)
    assert ticks(learner) == set()


def test_the_platform_is_told_once_that_a_stage_is_finished(learner):
    learner.finish_first_stage()
    told = BlockCompletion.objects.get(user_id=learner.id, block_key__contains="ladder_stage").modified
    for name in ("start", "calls", "welcome"):
        learner.see(name)
    assert BlockCompletion.objects.get(user_id=learner.id, block_key__contains="ladder_stage").modified == told


def test_a_stage_that_marks_given_by_people_finish_is_ticked_off_at_the_next_visit(learner, site, sign_in, act):
    add_written_exam(site)
    marker = Marker(sign_in("trainer-1"), act)
    learner.finish_all_but_the_exam()
    learner.sit("first-exam")
    hand_in(learner)
    marker.mark_all()
    marker.do("release")
    assert learner.ticked(EXAM), "told with the release, whoever releases"
    learner.see("welcome")
    assert learner.ticked("start")


def test_an_exam_that_counts_no_more_is_ticked_no_more_and_its_stage_neither(learner, staff):
    learner.finish_first_stage()
    staff.do("exam", "first-exam", "void_attempt", {"attempt": Attempt.objects.get().id, "reason": "x"})
    assert not learner.ticked("first-exam")
    learner.see("welcome")
    assert not learner.ticked("start")
    assert StageOpening.objects.get(stage="start").finished_at is None
    assert StageOpening.objects.filter(stage="calls").exists(), "an opening stays"


@pytest.mark.parametrize("options", [[1, 1], [0, 1]])
def test_a_worse_call_takes_no_tick_away(options, learner):
    learner.play("late-van", [0, 0])
    learner.play("late-van", options)
    assert learner.ticked("late-van")


def test_a_stage_whose_end_the_platform_did_not_hear_of_is_told_again(learner, monkeypatch):
    telling = BlockCompletion.objects.submit_completion

    def deaf(user, block_key, completion):
        if block_key.block_type == "ladder_stage":
            raise OperationalError("the database is locked")
        return telling(user, block_key, completion)

    with monkeypatch.context() as patch:
        patch.setattr(BlockCompletion.objects, "submit_completion", deaf)
        learner.finish_first_stage()
    assert not learner.ticked("start")
    assert "data-section" in learner.see("refunding"), "what the stage opens is open all the same"
    assert learner.ticked("start")
