"""Staff look at a course as a learner: what they see is that learner's, and nothing of it may change."""

from __future__ import annotations

from typing import Any

import pytest
from completion.models import BlockCompletion
from django.apps import apps
from submissions import api
from submissions.models import Score

from host import block_classes
from ladder.records.exam import all_sat_until, sat_until
from ladder.records.models import Attempt, Call, LessonProgress, StageOpening
from ladder.records.review import flags
from ladder.records.statistics import exam_numbers
from ladder.scores import publish_course
from requests_of_all import REQUESTS
from trainee import FIRST_STAGE, op_id
from written import EXAM, Marker, add_written_exam, hand_in

REFUSED = "正以学员的身份查看本课程"
READING = {"article", "show", "card", "practise", "ask", "time_left"}
UNITS = FIRST_STAGE | {"mistakes": "mistakes"}


def rows() -> dict[str, list[Any]]:
    """Every row of every table of ours, and what the platform was told."""
    tables = [*apps.get_app_config("ladder").get_models(), BlockCompletion, Score]
    return {table.__name__: sorted(map(str, table.objects.values_list())) for table in tables}


def test_a_look_at_every_page_as_a_learner_shows_that_learners_state_and_writes_nothing(learner, staff, looking):
    learner.learn("welcome")
    before = rows()
    with looking(staff, as_learner=learner) as seen:
        pages = {kind: seen.see(name) for kind, name in UNITS.items()}
    assert rows() == before
    assert "本课已学完" in pages["lesson"]
    for page in pages.values():
        assert "正以 learner 的身份查看本课程" in page


def test_a_first_look_opens_no_stage_for_the_learner(learner, staff, looking):
    with looking(staff, as_learner=learner) as seen:
        assert "认识小店" in seen.see("start")
    assert not StageOpening.objects.exists(), "else the days of the stage would count from when the trainer looked"


def test_every_action_as_a_learner_is_refused_in_words_and_writes_nothing(learner, staff, looking):
    learner.see("start")
    before = rows()
    with looking(staff, as_learner=learner) as seen:
        for (kind, handler), data in REQUESTS.items():
            if handler in READING | {"studio_save"}:
                continue
            response = seen.act(kind, UNITS[kind], handler, data)
            assert response.status_code == 403, (kind, handler)
            if (kind, handler) in {("exam", "begin"), ("exam", "answer"), ("lesson", "finish"), ("case", "begin"), ("mistakes", "redo")}:
                assert REFUSED in response.json()["error"], (kind, handler)
    assert rows() == before


def test_every_handler_is_either_known_to_read_or_refused(learner, staff, looking):
    """A handler to come is refused unless somebody has said here that it only reads."""
    with looking(staff, as_learner=learner) as seen:
        for kind, block in block_classes().items():
            for name in dir(block):
                if getattr(getattr(block, name, None), "_is_xblock_handler", False) and name not in READING:
                    assert seen.act(kind, UNITS[kind], name, {}).status_code == 403, (kind, name)


def test_an_article_can_be_opened_in_place(learner, staff, looking):
    with looking(staff, as_learner=learner) as seen:
        assert seen.act("lesson", "welcome", "article", {"id": "limits"}).status_code == 200


def test_an_attempt_whose_time_is_over_is_shown_as_it_will_be_and_not_handed_in(learner, staff, looking, clock):
    sheet = learner.start("first-exam")
    learner.save("first-exam", sheet, [(card, learner.right(card)) for card in sheet.cards])
    clock.go_on(hours=2)
    before = rows()
    with looking(staff, as_learner=learner) as seen:
        page = seen.see("first-exam")
    assert "<strong>100</strong> / 100" in page
    assert rows() == before
    assert Attempt.objects.get().submitted_at is None


def test_a_running_paper_of_the_learner_is_shown_and_its_answers_are_not_taken(learner, staff, looking):
    sheet = learner.start("first-exam")
    card = sheet.cards[0]
    save = {"attempt": 1, "saves": [{"op_id": op_id(), "item": card.item, "revision": 1, "value": learner.right(card)}]}
    with looking(staff, as_learner=learner) as seen:
        assert seen.running("first-exam").cards == sheet.cards
        assert seen.act("exam", "first-exam", "answer", save).status_code == 403
    assert learner.running("first-exam").state == {}


# -- as a learner in general ----------------------------------------------------------------------------------------


def test_what_staff_try_out_as_a_learner_counts_for_nobody(learner, staff, looking, site):
    with looking(staff) as tried:
        tried.finish_all_but_the_exam()
        for _ in range(2):
            tried.sit("first-exam", knows=lambda _: False)
    assert set(Attempt.objects.values_list("learner_id", "trial")) == {(staff.id, True)}
    assert set(Call.objects.values_list("learner_id", "trial")) == {(staff.id, True)}
    assert not Score.objects.exists()
    course = str(site.now.key)
    assert exam_numbers(course, "first-exam").n == 0
    assert flags(course) == {}


def test_staff_who_are_themselves_are_tried_out_by_nobody_either(staff):
    staff.finish_first_stage()
    assert not Score.objects.exists()


def test_a_written_answer_of_a_trial_waits_in_no_queue(staff, looking, site, sign_in, act):
    add_written_exam(site)
    with looking(staff) as tried:
        assert "这是一次试答" in hand_in(tried)["html"]
    assert Attempt.objects.get(block=EXAM).pending
    marker = Marker(sign_in("trainer-2"), act)
    assert "没有" in marker.do("marking")["html"]
    desk = marker.do("desk")["html"]
    assert "试答，不评阅" in desk
    assert "待评阅" not in desk, "neither counted nor offered"
    attempt = marker.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"]
    assert "这是课程工作人员的试答" in attempt
    assert 'data-action="marking"' not in attempt.replace("ladder-tabs", "").partition("data-focus")[2], "nothing can be marked"


def test_staff_are_told_before_they_begin_that_it_is_a_trial(staff, learner):
    assert "这是一次试答" in staff.see("first-exam")
    assert "试答" not in learner.see("first-exam")


def test_the_gates_hold_for_staff_who_look_as_a_learner(staff, looking):
    with looking(staff) as tried:
        assert tried.act("lesson", "refunding", "finish").status_code == 403
        tried.finish_first_stage()
        assert "data-section" in tried.see("refunding")


@pytest.mark.parametrize("role", ["staff"])
def test_the_view_as_staff_is_the_own_view(role, staff, looking):
    with looking(staff, role=role) as seen:
        assert "身份查看" not in seen.see("welcome")
        assert seen.act("lesson", "welcome", "read", {"sections": []}).status_code in (200, 400)
    assert not LessonProgress.objects.filter(learner_id=0).exists()


def test_the_trial_of_somebody_who_is_no_longer_staff_opens_and_blocks_nothing(staff, looking):
    staff.finish_first_stage()
    staff.client.user.is_staff = False
    staff.client.user.save()
    assert staff.act("lesson", "refunding", "finish").status_code == 403
    assert 'data-action="begin"' in staff.see("first-exam")
    assert staff.sit("first-exam")["html"]
    assert score_of(staff) == 100
    assert 'data-action="begin"' in staff.see("late-van")


def test_a_running_trial_ends_with_the_role(staff):
    staff.start("first-exam")
    staff.do("case", "late-van", "begin")
    staff.client.user.is_staff = False
    staff.client.user.save()
    assert staff.start("first-exam").attempt == 2
    step = {"op_id": op_id(), "position": 0, "option": 0}
    assert staff.act("case", "late-van", "choose", step).status_code == 409, "the call has not begun"


def test_a_trainers_running_trial_holds_nobodys_review_back(staff, site):
    staff.start("first-exam")
    assert sat_until(str(site.now.key), "first-exam") is None
    assert all_sat_until(str(site.now.key)) == {}


def test_what_was_tried_out_is_not_among_what_is_told_anew(staff, site):
    staff.sit("first-exam")
    staff.play("late-van", [0, 0])
    assert publish_course(str(site.now.key)) == (0, [])


def score_of(trainee):
    score = api.get_score({
        "student_id": f"preview-{trainee.id}", "course_id": str(trainee.site.now.key),
        "item_id": str(trainee.site.usage("exam", "first-exam")), "item_type": "ladder_exam",
    })
    return score and score["points_earned"]
