"""Delete state, reset attempts, rescore and override, on every block, in the order in which the platform asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lms.djangoapps.courseware.models import StudentModule
from submissions import api
from xblock.scorable import Score

from ladder.records.models import Attempt, Call, LessonProgress, StageOpening, Voiding
from trainee import FIRST_STAGE, Trainee, rows_of

DONE_IN = {"lesson": "welcome", "case": "late-van", "exam": "first-exam", "stage": "calls"}


def key_of(site: Any, kind: str, name: str) -> str:
    return str(site.usage(kind, name))


def delete_state(kind: str, name: str, learner: Any, staff: Trainee) -> None:
    """As `reset_student_attempts` of the platform does: the hook of the block, then the row of the block's state."""
    site = learner.site
    learner.host.get_block(site.usage(kind, name)).clear_student_state(
        user_id=f"preview-{learner.id}", course_id=str(site.now.key), item_id=key_of(site, kind, name),
        requesting_user_id=f"preview-{staff.id}",
    )


def score_of(learner: Any, kind: str, name: str) -> int | None:
    score = api.get_score({
        "student_id": f"preview-{learner.id}", "course_id": str(learner.site.now.key),
        "item_id": key_of(learner.site, kind, name), "item_type": f"ladder_{kind}",
    })
    return score and score["points_earned"]


@pytest.fixture
def graduate(learner: Any) -> Any:
    """Somebody who has finished the first stage."""
    learner.finish_first_stage()
    learner.see("calls")
    return learner


def first_rows(learner: Any) -> list[str]:
    """How things are with each requirement of the first stage."""
    return [row.mine for row in rows_of(learner.see("start"))]


@pytest.mark.parametrize(("kind", "row", "left"), [
    ("lesson", 0, "已学 1 / 2 节"), ("case", 1, "已通过 0 / 1 个"), ("exam", 2, "未考，及格线 60 分"),
])
def test_deleting_the_state_of_a_part_leaves_gradebook_tick_page_and_ladder_agreeing(kind, row, left, graduate, staff):
    name = DONE_IN[kind]
    assert first_rows(graduate)[row] != left
    delete_state(kind, name, graduate, staff)
    assert not graduate.ticked(name)
    assert not graduate.ticked("start"), "the stage is not finished any more; the tick goes at once"
    assert first_rows(graduate)[row] == left
    assert score_of(graduate, kind, name) is None
    assert 'data-action="begin"' in graduate.see(name) or kind == "lesson"


def test_attempts_that_the_tools_have_reset_are_not_called_used_up(learner, site):
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20\n", "minutes: 20\nattempts: 1\n")
    learner.finish_all_but_the_exam()
    learner.sit("first-exam", knows=lambda _: False)
    learner.see("first-exam")
    assert rows_of(learner.see("start"))[2].step == "入门考核：次数已用完，请联系培训师"
    rows = StudentModule.objects.filter(student_id=learner.id, module_state_key=site.usage("exam", "first-exam"))
    assert rows.update(state='{"attempts": 0}') == 1, "as `reset_student_attempts` does"
    assert rows_of(learner.see("start"))[2].step == "再考一次：入门考核（还可考 1 次）"


def test_what_was_taken_back_stays_on_record_with_who_did_it(graduate, staff):
    for kind, name in DONE_IN.items():
        delete_state(kind, name, graduate, staff)
    assert set(Voiding.objects.values_list("block", "staff_id")) == {(DONE_IN[kind], staff.id) for kind in ("lesson", "case", "stage")}
    assert Attempt.objects.get().voided_by == staff.id
    assert Attempt.objects.get().marks == 100
    assert Call.objects.get().marks == 100
    assert LessonProgress.objects.filter(block="welcome", section="").count() == 1


def test_a_lesson_can_be_read_again_and_a_call_be_played_again(graduate, staff):
    delete_state("lesson", "welcome", graduate, staff)
    delete_state("case", "late-van", graduate, staff)
    graduate.learn("welcome")
    graduate.play("late-van", [0, 1])
    assert graduate.ticked("welcome")
    assert score_of(graduate, "case", "late-van") == 40, "the call before is forgotten"
    assert Call.objects.count() == 2


def test_a_call_that_is_running_is_taken_back_too(learner, staff):
    learner.do("case", "late-van", "begin")
    delete_state("case", "late-van", learner, staff)
    step = {"op_id": "operation-after", "position": 0, "option": 0}
    assert learner.act("case", "late-van", "choose", step).status_code == 409
    assert 'data-action="begin"' in learner.see("late-van")


def test_a_stage_that_was_opened_can_be_closed_again_and_opens_when_its_rule_is_met(graduate, staff):
    """To move somebody back: what opened the stage goes first, then the opening; the other way round it opens again at once."""
    delete_state("exam", "first-exam", graduate, staff)
    assert "data-section" in graduate.see("refunding"), "an opening is sticky"
    delete_state("stage", "calls", graduate, staff)
    assert graduate.act("lesson", "refunding", "finish").status_code == 403
    graduate.sit("first-exam")
    assert "data-section" in graduate.see("refunding")
    assert StageOpening.objects.filter(stage="calls").count() == 2


def test_a_finished_stage_that_is_taken_back_is_not_opened_again_by_taking_it_back(graduate, staff):
    delete_state("stage", "start", graduate, staff)
    assert not StageOpening.objects.filter(stage="start", voiding=0).exists()
    assert not graduate.ticked("start")
    graduate.see("welcome")
    assert graduate.ticked("start"), "its rule is met"


def test_deleting_the_state_of_one_learner_touches_nobody_else(graduate, staff, sign_in, act):
    other = type(graduate)(sign_in("learner-2"), act, graduate.site)
    other.finish_first_stage()
    for kind, name in DONE_IN.items():
        delete_state(kind, name, graduate, staff)
    assert score_of(other, "exam", "first-exam") == score_of(other, "case", "late-van") == 100
    assert other.ticked("start")
    assert "data-section" in other.see("refunding")


def test_deleting_twice_and_deleting_nothing_do_no_harm(learner, staff):
    for kind, name in FIRST_STAGE.items():
        for _ in range(2):
            delete_state(kind, name, learner, staff)
    assert not Voiding.objects.exists()


def state_of(learner: Any, kind: str) -> str | None:
    row = StudentModule.objects.filter(student_id=learner.id, module_state_key=learner.site.usage(kind, DONE_IN[kind])).first()
    return row and row.state


@pytest.mark.parametrize("kind", ["lesson", "case", "exam", "stage"])
def test_the_platform_has_a_row_of_state_that_it_can_read_of_whatever_was_begun(kind, graduate):
    """It looks for one before it deletes or resets, and reads it as JSON."""
    graduate.see(DONE_IN[kind])
    assert isinstance(json.loads(state_of(graduate, kind)), dict)


@pytest.mark.parametrize("kind", ["lesson", "case", "exam", "stage"])
def test_a_row_without_state_and_a_row_that_was_lost_are_mended_by_the_next_look(kind, graduate):
    StudentModule.objects.update(state=None)
    graduate.see(DONE_IN[kind])
    assert json.loads(state_of(graduate, kind)) == {"touched": True}
    StudentModule.objects.all().delete()
    graduate.see(DONE_IN[kind])
    assert json.loads(state_of(graduate, kind)) == {"touched": True}


@pytest.mark.parametrize("kind", ["lesson", "case", "exam", "stage"])
def test_deleting_finds_the_row_that_it_wants_though_nobody_has_looked_since_it_was_lost(kind, graduate, staff):
    StudentModule.objects.all().delete()
    delete_state(kind, DONE_IN[kind], graduate, staff)
    assert state_of(graduate, kind), "the platform deletes it then"


# -- override -------------------------------------------------------------------------------------------------------


def override(learner: Any, name: str, marks: float) -> None:
    """As `override_score_module_state` of the platform does."""
    block = learner.host.get_block(learner.site.usage("exam", name))
    weight = block.weight if block.weight is not None else 1
    block.set_score(Score(raw_earned=marks / weight, raw_possible=block.max_score() / weight))
    block.publish_grade()
    block.save()


def test_an_override_shows_on_the_page_completes_the_unit_and_opens_the_stage(learner):
    learner.finish_all_but_the_exam()
    learner.sit("first-exam", knows=lambda _: False)
    override(learner, "first-exam", 88)
    page = learner.see("first-exam")
    assert "<strong>88</strong> / 100" in page
    assert "由培训师评定" in page
    assert 'data-action="begin"' not in page, "who has passed does not sit again"
    assert learner.act("exam", "first-exam", "begin").status_code == 409
    assert learner.ticked("first-exam")
    assert score_of(learner, "exam", "first-exam") == 88
    assert "data-section" in learner.see("refunding")


def test_an_override_shows_where_nothing_was_ever_sat(learner):
    override(learner, "first-exam", 75.5)
    page = learner.see("first-exam")
    assert "<strong>75.5</strong> / 100" in page
    assert learner.ticked("first-exam")
    assert score_of(learner, "exam", "first-exam") == 75


def test_an_override_passes_by_the_exams_own_pass_mark(learner, site):
    exam = site.folder / "01-start" / "40-first-exam.md"
    site.rewrite(exam, "kind: exam\n", "kind: exam\npass: 80\n")
    override(learner, "first-exam", 79.99)
    assert not learner.ticked("first-exam")
    assert "未通过" in learner.see("first-exam")
    override(learner, "first-exam", 80)
    assert learner.ticked("first-exam")


def test_an_override_opens_the_stage_and_ticks_it_off_without_waiting_for_the_learner(learner):
    learner.finish_all_but_the_exam()
    override(learner, "first-exam", 60)
    assert learner.ticked("start")
    assert StageOpening.objects.filter(learner_id=learner.id, stage="calls").exists()


def test_marks_set_by_hand_are_rounded_down_too(learner):
    override(learner, "first-exam", 59.996)
    assert not learner.ticked("first-exam")
    assert "<strong>59.99</strong>" in learner.see("first-exam")


def test_a_paper_handed_in_under_an_override_changes_neither_tick_nor_ladder(learner):
    sheet = learner.start("first-exam")
    learner.save("first-exam", sheet, [(card, learner.right(card)) for card in sheet.cards])
    override(learner, "first-exam", 30)
    learner.do("exam", "first-exam", "submit", {"attempt": 1})
    assert not learner.ticked("first-exam")
    assert score_of(learner, "exam", "first-exam") == 30
    assert first_rows(learner)[2] == "30 分，及格线 60 分"


def test_under_an_override_nobody_sits_in_vain(learner):
    learner.sit("first-exam")
    override(learner, "first-exam", 40)
    page = learner.see("first-exam")
    assert "这场考试你已经通过了" not in page
    reply = learner.act("exam", "first-exam", "begin")
    assert (reply.status_code, "由培训师评定" in reply.json()["error"]) == (409, True)


def test_an_override_below_the_pass_mark_takes_the_tick_and_stands_over_a_better_attempt(learner):
    learner.sit("first-exam")
    override(learner, "first-exam", 40)
    assert not learner.ticked("first-exam")
    assert "<strong>40</strong> / 100" in learner.see("first-exam")
    assert score_of(learner, "exam", "first-exam") == 40
    assert first_rows(learner)[2] == "40 分，及格线 60 分"


def test_deleting_the_state_takes_the_override_back(learner, staff):
    override(learner, "first-exam", 88)
    delete_state("exam", "first-exam", learner, staff)
    assert score_of(learner, "exam", "first-exam") is None
    assert "由培训师评定" not in learner.see("first-exam")
    assert not learner.ticked("first-exam")
