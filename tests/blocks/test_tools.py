"""What the instructor dashboard asks of an exam, in the order in which the platform asks it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from xblock.scorable import Score

from ladder.records.models import Attempt, Override
from trainee import Trainee

EXAM = "second-exam"  # two attempts


@pytest.fixture
def ready(trainee) -> Trainee:
    """A trainee who may sit the second stage's exam."""
    trainee.finish_first_stage()
    return trainee


def block_of(trainee: Trainee, host: Any, name: str = EXAM) -> Any:
    """The block bound to the learner, as the tools load it."""
    return host(trainee).get_block(trainee.site.usage("exam", name))


def test_attempts_that_are_used_up_can_be_reset_and_stay_on_record(ready, host):
    for _ in range(2):
        ready.sit(EXAM, knows=lambda _: False)
    assert ready.act("exam", EXAM, "begin").status_code == 409
    block = block_of(ready, host)
    assert block.attempts == 2, "the tools look for a field of this name and set it to 0"
    block.attempts = 0
    block.save()
    sheet = ready.start(EXAM)
    assert sheet.attempt == 3
    assert Attempt.objects.filter(block=EXAM).count() == 3


def test_an_attempt_that_is_void_counts_no_more_after_a_reset_than_before_one(ready, host, clock):
    """Two attempts: of those since the reset one was declared void, and two are left."""
    for _ in range(2):
        ready.sit(EXAM, knows=lambda _: False)
    block = block_of(ready, host)
    block.attempts = 0
    block.save()
    ready.sit(EXAM, knows=lambda _: False)
    Attempt.objects.filter(block=EXAM, number=3).update(voided_at=clock.time)
    for number in (4, 5):
        assert ready.start(EXAM).attempt == number
        ready.do("exam", EXAM, "submit", {"attempt": number})
    assert ready.act("exam", EXAM, "begin").status_code == 409
    Attempt.objects.filter(block=EXAM, number=1).update(voided_at=clock.time)
    assert ready.act("exam", EXAM, "begin").status_code == 409, "it had been forgiven already"


def test_a_preview_that_has_forgotten_the_field_counts_the_records(ready, host):
    for _ in range(2):
        ready.sit(EXAM, knows=lambda _: False)
    block = block_of(ready, host)
    del block.attempts
    block.save()
    assert ready.act("exam", EXAM, "begin").status_code == 409


def test_delete_state_voids_the_attempts_so_that_the_learner_begins_anew(ready, host, sign_in):
    ready.sit(EXAM)
    staff = sign_in("trainer").user
    block = block_of(ready, host)
    block.clear_student_state(
        user_id=f"preview-{ready.id}", course_id=str(ready.site.now.key), item_id=str(ready.site.usage("exam", EXAM)),
        requesting_user_id=f"preview-{staff.id}",
    )
    attempt = Attempt.objects.get(block=EXAM)
    assert (attempt.voided_by, attempt.marks) == (staff.id, 100), "nothing is lost"
    assert 'data-action="begin"' in ready.see(EXAM)
    assert ready.start(EXAM).attempt == 2


def test_delete_state_of_one_learner_touches_nobody_else(ready, host, sign_in, act):
    other = Trainee(sign_in("trainee-2"), act, ready.site)
    other.sit("first-exam")
    block_of(ready, host, "first-exam").clear_student_state(
        user_id=f"preview-{ready.id}", course_id=str(ready.site.now.key), item_id="", requesting_user_id="preview-0",
    )
    assert Attempt.objects.get(learner_id=other.id).voided_at is None
    assert Attempt.objects.get(learner_id=ready.id, block="first-exam").voided_at is not None


def test_an_override_stands_over_the_attempts_and_opens_the_stage(trainee, host):
    trainee.finish_all_but_the_exam()
    trainee.sit("first-exam", knows=lambda _: False)
    assert trainee.act("lesson", "refunding", "finish").status_code == 403
    block = block_of(trainee, host, "first-exam")
    block.set_score(Score(raw_earned=61, raw_possible=block.max_score()))
    block.publish_grade()
    assert "data-section" in trainee.see("refunding")
    assert block.get_score() == Score(raw_earned=61.0, raw_possible=100.0)


def test_the_newest_override_counts_and_one_below_the_pass_mark_takes_the_pass_back(trainee, host):
    trainee.finish_all_but_the_exam()
    block = block_of(trainee, host, "first-exam")
    for marks in (80, 59.99):
        block.set_score(Score(raw_earned=marks, raw_possible=100))
    assert Override.objects.count() == 2
    assert trainee.act("lesson", "refunding", "finish").status_code == 403
    block.set_score(Score(raw_earned=60, raw_possible=100))
    assert "data-section" in trainee.see("refunding")


def test_rescore_marks_one_learner_again_by_the_key_of_today(ready, host, sign_in, act):
    other = Trainee(sign_in("trainee-2"), act, ready.site)
    third = Trainee(sign_in("trainee-3"), act, ready.site)
    for who in (other, third):
        who.sit("first-exam", knows=lambda question: question.type != "judge")
    bank = ready.site.banks / "first.md"
    text = bank.read_text(encoding="utf-8")
    turned = text.replace("- ( ) 对\n- (x) 错\n", "@").replace("- (x) 对\n- ( ) 错\n", "- ( ) 对\n- (x) 错\n").replace("@", "- (x) 对\n- ( ) 错\n")
    bank.write_text(turned, encoding="utf-8")
    ready.site.load()
    block = block_of(other, host, "first-exam")
    assert block.has_submitted_answer()
    block.rescore(only_if_higher=False)
    assert Attempt.objects.get(learner_id=other.id).marks == 100
    assert Attempt.objects.get(learner_id=third.id).marks == Decimal("90.01"), "of other learners nothing is touched"


def test_rescore_only_if_higher_takes_nothing_away(trainee, host):
    trainee.sit("first-exam")
    bank = trainee.site.banks / "first.md"
    bank.write_text(bank.read_text(encoding="utf-8").replace("{{48|四十八}}", "{{47}}").replace("{{3|三}} 声", "{{4}} 声"), encoding="utf-8")
    trainee.site.load()
    block = block_of(trainee, host, "first-exam")
    block.rescore(only_if_higher=True)
    assert Attempt.objects.get().marks == 100
    block.rescore(only_if_higher=False)
    assert Attempt.objects.get().marks == 80


def test_there_is_nothing_to_rescore_before_handing_in(trainee, host):
    trainee.start("first-exam")
    block = block_of(trainee, host, "first-exam")
    assert not block.has_submitted_answer()
    assert block.get_score() is None
