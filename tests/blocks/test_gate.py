"""Nobody gets past a locked stage, on any path; a stage opens in the moment its last requirement is met."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from webob import Request

from host import block_classes
from ladder.records.models import Allowance, Attempt, Call, LessonProgress, Mark, StageOpening
from ladder_tools.preview.runtime import PreviewRuntime
from requests_of_all import REQUESTS
from trainee import FIRST_STAGE, SECOND_STAGE, Trainee

TITLE = "接听来电"
UNITS = SECOND_STAGE | {"mistakes": "mistakes"}
# The book of mistakes belongs to no stage: it answers everybody, out of what they have sat themselves.
NEVER_LOCKED = {("mistakes", handler) for handler in ("show", "card", "practise", "redo", "tick")}
# Who may ask is told why not: a program marks this question, there is no such attempt, no such answer.
REFUSED = {("mistakes", "tick"), ("exam", "open_attempt"), ("exam", "void_attempt"), ("exam", "draft"), ("exam", "give_marks")}
FOR_LEARNERS = ("article", "ask", "begin", "answer", "submit", "studio_save")
STAFF_ONLY = [(kind, handler) for kind, handler in REQUESTS if kind == "exam" and handler not in FOR_LEARNERS]
METHODS = ("GET", "POST", "PUT", "DELETE")


def words_of_the_locked_stage(site: Any) -> list[str]:
    files = [*site.folder.glob("02-calls/*.md"), site.folder / "kb" / "refunds.md", site.banks / "second.md"]
    lines = [line.strip(" #->*[]()x|\n") for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if len(line) > 5 and not line.isascii() and "title:" not in line]


def refused(status: int, body: bytes, site: Any, *, may_be_405: bool = False) -> None:
    assert status == 403 or (may_be_405 and status == 405), status
    assert len(body) < 300
    told = body.decode()
    told += json.dumps(json.loads(told), ensure_ascii=False)
    assert not [words for words in words_of_the_locked_stage(site) if words in told]


def test_every_handler_of_every_block_stands_in_the_table_of_this_test():
    found = {
        (kind, name)
        for kind, block in block_classes().items()
        for name in dir(block)
        if getattr(getattr(block, name, None), "_is_xblock_handler", False)
    }
    assert found == set(REQUESTS)


@pytest.mark.parametrize(("kind", "handler"), REQUESTS)
def test_a_learner_whose_stage_is_locked_is_refused_by_every_handler(kind, handler, site, sign_in):
    client, data = sign_in("trainee"), REQUESTS[kind, handler]
    for method in METHODS:
        url = f"/handler/{site.usage(kind, UNITS[kind])}/{handler}"
        response = client.generic(method, url, json.dumps(data), content_type="application/json")
        if (kind, handler) in NEVER_LOCKED and method == "POST":
            assert response.status_code in (200, 409)
            assert not [words for words in words_of_the_locked_stage(site) if words in json.dumps(response.json(), ensure_ascii=False)]
            continue
        # The ladder and the book of mistakes are never locked: their actions for learners are asked for by POST.
        open_to_all = (kind == "mistakes" or (kind, handler) == ("stage", "article")) and method != "POST"
        refused(response.status_code, response.content, site, may_be_405=open_to_all)
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("kind", "handler"), REQUESTS)
def test_nobody_who_is_not_signed_in_is_answered_by_any_handler(kind, handler, site):
    from django.test import Client

    for method in METHODS:
        url = f"/handler/{site.usage(kind, UNITS[kind])}/{handler}"
        response = Client(SERVER_NAME="127.0.0.1").generic(method, url, json.dumps(REQUESTS[kind, handler]), "application/json")
        refused(response.status_code, response.content, site)
        # The LMS also has a way to a handler past the sign-in: the block itself must refuse there.
        block = PreviewRuntime(site.now, None).get_block(site.usage(kind, UNITS[kind]))
        request = Request.blank("/", method=method, body=json.dumps(REQUESTS[kind, handler]).encode())
        reply = block.runtime.handle(block, handler, request)
        refused(reply.status_int, reply.body, site)


@pytest.mark.parametrize(("kind", "handler"), REQUESTS)
def test_who_may_do_something_does_it_by_post_and_in_no_other_way(kind, handler, site, sign_in):
    """The platform checks no token on a GET, so that any web page could ask for it."""
    client = sign_in("trainer")
    for method in ("GET", "PUT", "DELETE"):
        url = f"/handler/{site.usage(kind, UNITS[kind])}/{handler}"
        response = client.generic(method, url, json.dumps(REQUESTS[kind, handler]), content_type="application/json")
        assert response.status_code == 405, method
    assert not any(model.objects.exists() for model in (Attempt, Call, LessonProgress))


def test_a_trainer_passes_every_handler_of_a_stage_that_is_locked_for_trainees(site, sign_in, act):
    trainer = sign_in("trainer")
    for (kind, handler), data in REQUESTS.items():
        response = act(trainer, kind, UNITS[kind], handler, data)
        assert response.status_code == (409 if (kind, handler) in REFUSED else 200), (kind, handler, response.content.decode())
    assert not StageOpening.objects.exists(), "a trainer who looks on climbs no ladder"


@pytest.mark.parametrize(("kind", "handler"), STAFF_ONLY)
def test_the_desk_is_for_trainers_alone_even_where_the_stage_is_open_and_the_attempt_ones_own(kind, handler, site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.sit("first-exam")
    rows = Attempt.objects.values().get(), Mark.objects.count()
    data = REQUESTS[kind, handler] | ({"attempt": rows[0]["id"]} if "attempt" in REQUESTS[kind, handler] else {})
    for asked in (data, {}, {"username": "trainee", "minutes": 60, "attempts": 5, "reason": ""}):
        response = trainee.act(kind, FIRST_STAGE[kind], handler, asked)
        refused(response.status_code, response.content, site)
    assert (Attempt.objects.values().get(), Mark.objects.count()) == rows
    assert not Allowance.objects.exists()


@pytest.mark.parametrize("kind", SECOND_STAGE)
def test_the_page_of_a_locked_unit_says_what_is_missing_and_nothing_of_what_is_inside(kind, site, sign_in, act):
    page = Trainee(sign_in("trainee"), act, site).see(SECOND_STAGE[kind])
    assert not [words for words in words_of_the_locked_stage(site) if words in page]
    assert "认识小店" in page, "the stage that comes first is named"
    assert "/unit/welcome/" in page, "and so is what to do next"


@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize("view", ["studio_view", "author_view"])
def test_authoring_views_are_refused_to_learners_even_in_an_open_stage(kind, view, site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_first_stage()
    query = "?view=author" if view == "author_view" else ""
    assert trainee.client.get(f"/author/{UNITS[kind]}/{query}").status_code == 404
    for user in (trainee.client.user, None):
        with pytest.raises(PermissionDenied):
            PreviewRuntime(site.now, user).get_block(site.usage(kind, UNITS[kind])).render(view)
    page = sign_in("trainer").get(f"/author/{UNITS[kind]}/{query}")
    assert page.status_code == 200
    assert "kind: " in page.content.decode(), "the author sees the text"


@pytest.mark.parametrize("kind", UNITS)
def test_saving_from_the_editor_is_refused_to_learners_and_changes_nothing(kind, site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_first_stage()
    before = PreviewRuntime(site.now, None).get_block(site.usage(kind, UNITS[kind])).content
    data = {"display_name": "mine", "content": before.replace("退款", "免费"), "check_only": False}
    response = trainee.act(kind, UNITS[kind], "studio_save", data)
    refused(response.status_code, response.content, site)
    after = PreviewRuntime(site.now, None).get_block(site.usage(kind, UNITS[kind]))
    assert after.content == before
    assert after.display_name != "mine"


# -- the way up -----------------------------------------------------------------------------------------------------

STEPS = {
    "lesson": lambda trainee: trainee.learn("voice"),
    "case": lambda trainee: trainee.play("late-van", [0, 0]),
    "exam": lambda trainee: trainee.sit("first-exam"),
}


@pytest.mark.parametrize("last", STEPS)
def test_a_stage_opens_with_the_very_request_that_meets_its_last_requirement(last, site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.learn("welcome")
    for kind, step in STEPS.items():
        if kind != last:
            assert step(trainee)["opened"] == []
    assert trainee.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 403
    reply = STEPS[last](trainee)
    assert reply["opened"] == [{"title": TITLE, "url": "/unit/calls/"}]
    assert trainee.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 200
    assert "核对签收日期" in trainee.see("refunding")
    assert trainee.do("lesson", "refunding", "article", {"id": "refunds"})["title"] == "退款"


def test_a_stage_that_opens_keeps_a_row_with_the_evidence(site, sign_in, act, clock):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_first_stage()
    row = StageOpening.objects.get(learner_id=trainee.id, stage="calls")
    assert row.opened_at == clock.time
    assert row.course == str(site.now.key)
    assert [(part["kind"], Decimal(part["mine"]), Decimal(part["needed"])) for part in row.evidence] == [
        ("lessons", 2, 2), ("cases", 1, 1), ("theory", 100, 60), ("practice", 100, 60),
    ]
    assert row.rule == {
        "after": "start", "lessons": ["welcome", "voice"], "cases": ["late-van"], "passed": True, "exams": ["first-exam"], "theory": 60,
        "practice": 60,
    }


def test_an_open_stage_stays_open_when_the_author_asks_for_more_afterwards(site, sign_in, act, clock):
    early, late = (Trainee(sign_in(name), act, site) for name in ("trainee-early", "trainee-late"))
    early.finish_first_stage()
    opened_at = clock.time
    clock.go_on(days=1)
    site.rewrite(site.folder / "01-start" / "stage.md", "practice: 60", "practice: 60\n  days: 30")
    late.finish_first_stage()
    assert early.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 200
    assert late.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 403
    assert StageOpening.objects.get(learner_id=early.id, stage="calls").opened_at == opened_at
    assert not StageOpening.objects.filter(learner_id=late.id, stage="calls").exists()


def test_59_99_marks_leave_the_next_stage_locked_and_60_open_it(site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_all_but_the_exam()
    nearly = trainee.sit("first-exam", knows=lambda question: not question.blanks and question.difficulty != 5)
    assert "<strong>59.99</strong>" in nearly["html"]
    assert nearly["opened"] == []
    page = trainee.see("refunding")
    assert "59.99" in page
    assert "/unit/first-exam/" in page, "the way to the exam is shown"
    assert trainee.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 403
    just = trainee.sit("first-exam", knows=lambda question: not question.blanks)
    assert "<strong>60</strong>" in just["html"]
    assert [stage["title"] for stage in just["opened"]] == [TITLE]
    assert trainee.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 200


def test_a_call_with_a_broken_rule_does_not_open_the_next_stage_whatever_its_marks(site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    for lesson in ("welcome", "voice"):
        trainee.learn(lesson)
    trainee.sit("first-exam")
    assert trainee.play("late-van", [2])["opened"] == []
    assert trainee.act("case", "refund-call", "begin").status_code == 403


def test_days_count_from_the_opening_and_open_the_next_stage_on_a_plain_visit(site, sign_in, act, clock):
    site.rewrite(site.folder / "01-start" / "stage.md", "practice: 60", "days: 2")
    trainee = Trainee(sign_in("trainee"), act, site)
    trainee.finish_first_stage()
    clock.go_on(days=2, seconds=-1)
    assert trainee.act("case", "refund-call", "begin").status_code == 403
    clock.go_on(seconds=1)
    assert trainee.act("case", "refund-call", "begin").status_code == 200
    assert StageOpening.objects.get(stage="calls").opened_at == clock.time


def test_what_one_trainee_has_done_opens_nothing_for_another(site, sign_in, act):
    first, second = (Trainee(sign_in(name), act, site) for name in ("trainee-1", "trainee-2"))
    first.finish_first_stage()
    assert second.act("exam", "second-exam", "begin").status_code == 403


def test_a_block_whose_stage_is_gone_is_locked_for_everybody_but_trainers(site, sign_in, act):
    site.now.fields.set(PreviewRuntime(site.now, None).get_block(site.usage("lesson", "welcome")), "stage", "nowhere")
    data = {"sections": ["第一天"]}
    assert act(sign_in("trainee"), "lesson", "welcome", "read", data).status_code == 403
    assert act(sign_in("trainer"), "lesson", "welcome", "read", data).status_code == 200
    assert "data-section" not in sign_in("trainee").get("/unit/welcome/").content.decode()


def test_a_locked_article_cannot_be_read_through_a_block_of_an_open_stage(site, sign_in, act):
    trainee = Trainee(sign_in("trainee"), act, site)
    for kind, name in FIRST_STAGE.items():
        response = trainee.act(kind, name, "article", {"id": "refunds"})
        refused(response.status_code, response.content, site)
        assert trainee.do(kind, name, "article", {"id": "limits"})["title"] == "时限"


def test_an_article_that_does_not_exist_is_refused_without_a_fault(site, sign_in, act):
    trainee = sign_in("trainee")
    for id_ in ("nothing", "welcome", "a" * 80):
        assert act(trainee, "lesson", "welcome", "article", {"id": id_}).status_code == 409, id_
    for id_ in ("", "../limits", "时限", "block@limits", "a+b", "x y", "a" * 81, "\ud800", None, 1, ["limits"]):
        assert act(trainee, "lesson", "welcome", "article", {"id": id_}).status_code == 400, id_
    assert act(trainee, "lesson", "welcome", "article", {}).status_code == 400

