"""The editor in Studio: shows what is wrong, saves only what is right, and is nobody's but authors'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from xblock.field_data import ReadOnlyFieldData

from host import Host
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import FIRST_STAGE

LESSON = "---\nkind: lesson\ntitle: 新的欢迎\n---\n## 新的一节\n新的课文。\n"


@pytest.fixture
def trainer(sign_in):
    return sign_in("trainer")


def block_of(site, kind: str, name: str) -> Any:
    return PreviewRuntime(site.now, None).get_block(site.usage(kind, name))


def save(act, trainer, content: Any, *, kind: str = "lesson", title: Any = "新的欢迎", **more: Any) -> Any:
    return act(trainer, kind, FIRST_STAGE[kind], "studio_save", {"display_name": title, "content": content, **more})


@pytest.mark.parametrize("kind", FIRST_STAGE)
def test_the_editor_holds_the_text_and_finds_nothing_wrong_with_the_course_as_it_was_built(kind, site, trainer):
    page = trainer.get(f"/author/{FIRST_STAGE[kind]}/").content.decode()
    assert "<textarea" in page
    assert f"kind: {kind}" in page
    assert "ladder-problems" not in page


@pytest.mark.parametrize("kind", FIRST_STAGE)
def test_a_text_that_is_saved_unchanged_is_right_and_stays_the_same(kind, site, act, trainer):
    before = block_of(site, kind, FIRST_STAGE[kind]).content
    reply = save(act, trainer, before, kind=kind, title="标题")
    assert reply.json() == {"problems": [], "saved": True}
    assert block_of(site, kind, FIRST_STAGE[kind]).content == before


def test_a_text_that_is_right_is_saved_and_learners_see_it(act, trainer, trainee, site):
    assert save(act, trainer, LESSON, title=" 新的欢迎 ").json() == {"problems": [], "saved": True}
    assert "新的课文" in trainee.see("welcome")
    assert block_of(site, "lesson", "welcome").display_name == "新的欢迎"


def test_a_text_that_is_wrong_is_not_saved_and_every_fault_is_named_with_its_place(act, trainer, site):
    before = block_of(site, "lesson", "welcome").content
    wrong = "---\nkind: lesson\ntitel: x\nminutes: soon\n---\nno section\n"
    reply = save(act, trainer, wrong).json()
    assert reply["saved"] is False
    found = {(problem["line"], problem["code"]) for problem in reply["problems"]}
    assert {(2, "missing-key"), (3, "unknown-key"), (4, "wrong-type"), (6, "no-sections")} <= found
    assert all(problem["message"] and problem["hint"] for problem in reply["problems"])
    assert block_of(site, "lesson", "welcome").content == before


def test_checking_saves_nothing(act, trainer, site):
    before = block_of(site, "lesson", "welcome").content
    assert save(act, trainer, LESSON, check_only=True).json() == {"problems": [], "saved": False}
    assert block_of(site, "lesson", "welcome").content == before


@pytest.mark.parametrize("kind", FIRST_STAGE)
@pytest.mark.parametrize("content", [
    "", "no front matter", "---\nkind: course\ntitle: x\n---\n", "---\nkind: bank\ntitle: x\n---\n", "---\n---\n",
])
def test_a_text_that_is_not_of_the_blocks_kind_is_never_saved(kind, content, act, trainer, site):
    before = block_of(site, kind, FIRST_STAGE[kind]).content
    reply = save(act, trainer, content, kind=kind).json()
    assert reply["saved"] is False
    assert reply["problems"], "and the author is told why"
    assert block_of(site, kind, FIRST_STAGE[kind]).content == before


def test_a_bank_with_a_warning_does_not_pass_for_an_exam(act, trainer):
    bank = "---\nkind: bank\ntitle: x\n---\n## 题 {#question}\n问?\n- (x) 一\n- ( ) 二\n"
    reply = save(act, trainer, bank, kind="exam").json()
    assert [problem["code"] for problem in reply["problems"]] == ["wrong-kind"]


def test_an_exam_whose_bank_is_too_small_is_not_saved(act, trainer, site):
    text = block_of(site, "exam", "first-exam").content.replace("| first | 多选 | | 1 | 20 |", "| first | 多选 | | 10 | 2 |")
    assert [problem["code"] for problem in save(act, trainer, text, kind="exam").json()["problems"]] == ["short-supply"]


def test_rules_that_contradict_the_ladder_are_not_saved(act, trainer, site):
    """The stage asks for 60, and an exam that was passed is not sat again."""
    exam, stage = (block_of(site, kind, FIRST_STAGE[kind]).content for kind in ("exam", "stage"))
    assert "theory: 60" in stage
    lower = save(act, trainer, exam.replace("minutes: 20", "minutes: 20\npass: 50"), kind="exam").json()
    assert lower["saved"] is False
    assert [(problem["line"], problem["column"], problem["code"]) for problem in lower["problems"]] == [(5, 7, "passed-too-low")]
    higher = save(act, trainer, stage.replace("theory: 60", "theory: 80"), kind="stage").json()
    assert {problem["code"] for problem in higher["problems"]} == {"passed-too-low"}
    assert {problem["file"] for problem in higher["problems"]} == {"plan.md"}
    assert block_of(site, "stage", FIRST_STAGE["stage"]).content == stage
    assert save(act, trainer, exam.replace("minutes: 20", "minutes: 20\npass: 70"), kind="exam").json()["saved"]


@pytest.mark.parametrize(("before", "after", "code"), [
    ('opens_after: "start"', 'opens_after: "nowhere"', "unknown-stage"),
    ('  - id: "start"\n', '  - id: "start"\n    opens_after: "calls"\n', "stage-order"),
    ("    finish: {lessons: all, cases: all, theory: 60, practice: 60}\n", "", "never-opens"),
])
def test_a_plan_by_which_a_stage_would_never_open_is_not_saved(before, after, code, act, trainer, site):
    stage = block_of(site, "stage", FIRST_STAGE["stage"]).content
    assert before in stage
    reply = save(act, trainer, stage.replace(before, after), kind="stage").json()
    assert reply["saved"] is False
    assert code in {problem["code"] for problem in reply["problems"]}
    assert block_of(site, "stage", FIRST_STAGE["stage"]).content == stage


def test_a_broken_text_shows_its_problems_in_both_authoring_views(site, trainer):
    site.now.fields.set(block_of(site, "lesson", "welcome"), "content", "---\nkind: lesson\n---\n")
    for query in ("", "?view=author"):
        page = trainer.get(f"/author/welcome/{query}").content.decode()
        assert "ladder-problems" in page
        assert "缺少“title”" in page


def test_the_editor_shows_text_as_text(act, trainer, site):
    text = LESSON + "</textarea><script>alert(1)</script>\n"
    assert save(act, trainer, text, title='"><script>alert(2)</script>').json()["saved"]
    for query in ("", "?view=author"):
        page = trainer.get(f"/author/welcome/{query}").content.decode()
        assert "<script>alert" not in page
        assert "&lt;/textarea&gt;" in page


def test_the_author_view_says_that_the_text_comes_from_a_folder(trainer):
    page = trainer.get("/author/welcome/?view=author").content.decode()
    assert "Markdown" in page
    assert "kind: lesson" in page


@pytest.mark.parametrize("data", [
    {}, {"content": LESSON}, {"display_name": "x"}, {"display_name": "x", "content": None},
    {"display_name": 1, "content": LESSON}, {"display_name": "x", "content": [LESSON]},
    {"display_name": "\ud800", "content": LESSON}, [], "x",
])
def test_a_save_that_no_editor_sends_is_refused(data, act, trainer, site):
    before = block_of(site, "lesson", "welcome").content
    assert act(trainer, "lesson", "welcome", "studio_save", data).status_code == 400
    assert block_of(site, "lesson", "welcome").content == before


def test_saving_takes_a_post(trainer, site):
    response = trainer.get(f"/handler/{site.usage('lesson', 'welcome')}/studio_save")
    assert response.status_code == 405


def test_what_is_saved_in_the_preview_lasts_until_the_folder_is_read_again(act, trainer, trainee, site):
    save(act, trainer, LESSON)
    site.load()
    assert "新的课文" not in trainee.see("welcome")
    assert "每一通电话里" in trainee.see("welcome")


class Lms(Host):
    """The LMS: what authors wrote may be read there and not written."""

    def __init__(self, site: Any, user: Any) -> None:
        super().__init__(site, user)
        self._services["field-data"] = ReadOnlyFieldData(site.fields)


@pytest.fixture
def lms(site, sign_in) -> Iterator[Lms]:
    with override_settings(ROOT_URLCONF="lms.urls"):
        yield Lms(site.now, sign_in("trainer").user)


@pytest.mark.parametrize("check_only", [False, True])
def test_in_the_lms_staff_are_told_that_texts_are_changed_in_studio(check_only, site, lms):
    data = {"display_name": "新的欢迎", "content": LESSON, "check_only": check_only}
    reply = lms.send(site.usage("lesson", "welcome"), "studio_save", data)
    assert (reply.status_code, reply.json) == (403, {"error": "课程内容由课程作者在 Studio 中修改，这里不能改。"})
    assert block_of(site, "lesson", "welcome").display_name == "欢迎"


def test_in_the_lms_staff_may_read_the_text_and_get_no_editor(site, lms):
    block = lms.get_block(site.usage("lesson", "welcome"))
    assert "kind: lesson" in block.render("author_view").body_html()
    page = block.render("studio_view").body_html()
    assert "<textarea" not in page
    assert "课程内容由课程作者在 Studio 中修改" in page
