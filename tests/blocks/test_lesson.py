"""A lesson is read section by section and finished once all were on screen."""

from __future__ import annotations

import re

import pytest

from ladder.records.models import LessonProgress
from ladder_tools.preview.runtime import PreviewRuntime

SECTIONS = ["第一天", "接线的人"]


def rows(trainee) -> list[str]:
    found = LessonProgress.objects.filter(learner_id=trainee.id, block="welcome").order_by("id")
    return list(found.values_list("section", flat=True))


def read_on_page(trainee) -> list[str]:
    return re.findall(r'<li data-section="([^"]+)" class="is-read">', trainee.see("welcome"))


def test_the_page_shows_text_goals_sections_and_nothing_read_yet(trainee):
    page = trainee.see("welcome")
    assert "每一通电话里，你就是小店。" in page
    assert "说出我们的时限" in page
    assert re.findall(r'data-section="([^"]+)"', page) == SECTIONS
    assert read_on_page(trainee) == []


def test_links_of_a_lesson_lead_to_pages_of_this_host(trainee):
    page = trainee.see("welcome")
    assert 'href="/unit/limits/"' in page
    assert ">投诉时限</a>" in page, "with the author's words"
    assert 'src="/static/cover.png"' in page


def test_sections_that_were_on_screen_stay_read(trainee):
    assert trainee.do("lesson", "welcome", "read", {"sections": ["接线的人"]}) == {"read": ["接线的人"]}
    assert read_on_page(trainee) == ["接线的人"]
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天", "接线的人"]})
    assert sorted(read_on_page(trainee)) == sorted(SECTIONS)


def test_reading_a_section_again_keeps_the_first_row(trainee, clock):
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天"]})
    first = clock.time
    clock.go_on(hours=1)
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天", "第一天"]})
    assert rows(trainee) == ["第一天"]
    assert LessonProgress.objects.get().read_at == first


def test_a_lesson_cannot_be_finished_before_each_section_was_on_screen(trainee, site, host):
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天"]})
    response = trainee.act("lesson", "welcome", "finish")
    assert response.status_code == 409
    assert "接线的人" in response.json()["error"], "what is missing is named"
    assert rows(trainee) == ["第一天"]
    platform = host(trainee)
    assert platform.send(site.usage("lesson", "welcome"), "finish").status_int == 409
    assert platform.published == []


def test_finishing_shows_it_and_tells_the_platform(trainee, site, host):
    trainee.do("lesson", "welcome", "read", {"sections": SECTIONS})
    platform = host(trainee)
    reply = platform.send(site.usage("lesson", "welcome"), "finish")
    assert platform.published == [("completion", {"completion": 1.0})]
    assert "data-finished" in reply.json["html"]
    assert "data-finished" in trainee.see("welcome")
    assert rows(trainee) == [*SECTIONS, ""]


def test_finishing_again_changes_nothing(trainee):
    trainee.learn("welcome")
    trainee.do("lesson", "welcome", "finish")
    assert rows(trainee) == [*SECTIONS, ""]


def test_a_section_added_after_the_finish_takes_nothing_away(trainee, site):
    trainee.learn("welcome")
    site.rewrite(site.folder / "01-start" / "10-welcome.md", "## 接线的人", "## 新的一节\n多加的。\n\n## 接线的人")
    page = trainee.see("welcome")
    assert "新的一节" in page
    assert "data-finished" in page
    assert len(read_on_page(trainee)) == 3, "somebody who has finished is not sent back"


@pytest.mark.parametrize("sections", [
    None, [], "第一天", ["nothing"], [1], [None], [["第一天"]], [True], {"第一天": 1}, ["第一天"] * 3, [""],
])
def test_sections_that_no_page_sends_are_refused_and_nothing_is_kept(sections, trainee):
    assert trainee.act("lesson", "welcome", "read", {"sections": sections}).status_code == 400
    assert rows(trainee) == []


@pytest.mark.parametrize("body", [
    b"", b"[]", b"1", b"null", b"\xff", b"{", b'{"a": NaN}', b'{"a": 1e400}', b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b'{"\\\\\\u0000": 1}',
    b"[" * 100_000,
    b'{"sections": ["' + b"x" * 1_000_001 + b'"]}',
], ids=lambda body: repr(body[:12]))
def test_a_body_that_is_no_small_json_object_is_refused(body, trainee):
    for handler in ("read", "finish", "article"):
        assert trainee.act("lesson", "welcome", handler, body).status_code == 400
    assert rows(trainee) == []


def test_a_lesson_says_in_the_page_when_it_is_being_prepared(trainee, site):
    site.now.fields.set(PreviewRuntime(site.now, None).get_block(site.usage("lesson", "welcome")), "content", "kaputt")
    page = trainee.see("welcome")
    assert "内容准备中" in page
    assert "kaputt" not in page
    refusal = trainee.act("lesson", "welcome", "finish")
    assert refusal.status_code == 409
    assert "kaputt" not in refusal.content.decode()
