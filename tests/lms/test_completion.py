"""What the platform ticks off is what has been done: no more on the first day, none of a locked stage, a stage when it is finished."""

from __future__ import annotations

import pytest
from completion.models import BlockCompletion
from django.core.management import call_command
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


@pytest.mark.parametrize("closed_by", ["cron", "desk"])
def test_an_attempt_that_was_left_open_is_told_and_ticked_off_whoever_closes_it(closed_by, learner, staff, clock):
    sheet = learner.start("first-exam")
    learner.save("first-exam", sheet, [(card, learner.right(card)) for card in sheet.cards])
    clock.go_on(hours=2)
    if closed_by == "cron":
        call_command("close_exams")
    else:
        staff.do("exam", "first-exam", "desk")
    assert learner.ticked("first-exam")


def test_one_whom_the_gradebook_refuses_keeps_no_other_attempt_open(learner, sign_in, act, site, clock, monkeypatch, capsys):
    others = [learner, *(type(learner)(sign_in(f"learner-{number}"), act, site) for number in (2, 3))]
    for who in others:
        sheet = who.start("first-exam")
        who.save("first-exam", sheet, [(card, who.right(card)) for card in sheet.cards])
    clock.go_on(hours=2)
    refuse(monkeypatch, learner)
    with pytest.raises(SystemExit):  # so that cron tells somebody
        call_command("close_exams")
    assert str(learner.id) in capsys.readouterr().err
    assert not Attempt.objects.filter(submitted_at=None).exists()
    assert [who.ticked("first-exam") for who in others] == [False, True, True]


def test_staff_are_told_whose_result_the_gradebook_did_not_take(learner, staff, monkeypatch):
    learner.sit("first-exam")
    with monkeypatch.context() as patch:
        refuse(patch, learner)
        reply = staff.do("exam", "first-exam", "void_attempt", {"attempt": Attempt.objects.get().id, "reason": "x"})
    assert "个成绩成绩册没有接受" in reply["say"]
    assert learner.ticked("first-exam"), "it did not hear"
    call_command("ladder_grades", str(learner.site.now.key))
    assert not learner.ticked("first-exam")


def refuse(patch, learner):
    """Let the gradebook refuse what is told of one learner."""
    from submissions import api
    from submissions.errors import SubmissionInternalError

    asking = api.get_score

    def refusing(item):
        if item["student_id"] == f"preview-{learner.id}":
            raise SubmissionInternalError("no")
        return asking(item)

    patch.setattr(api, "get_score", refusing)
