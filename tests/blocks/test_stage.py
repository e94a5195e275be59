"""The ladder on a page: where I stand, what is missing, what comes next; and articles, which it opens and locks."""

from __future__ import annotations

import re

from trainee import Row, rows_of


def rungs(page: str) -> list[tuple[str, str, bool]]:
    """Each step of the ladder: title, state, whether I am here."""
    found = re.findall(r'<li class="ladder-rung is-(\w+)([^"]*)".*?ladder-rung-title">([^<]+)<', page, re.DOTALL)
    return [(title, state, "is-here" in more) for state, more, title in found]


def test_on_the_first_day_the_first_step_is_open_and_the_others_locked(trainee):
    page = trainee.see("start")
    assert rungs(page) == [("认识小店", "open", True), ("接听来电", "locked", False), ("独当一面", "locked", False)]
    assert "读完课文，练一通电话，再考一次。" in page
    assert rows_of(page) == [
        Row("open", "已学 0 / 2 节", "/unit/welcome/", "去学习：欢迎"), Row("open", "已通过 0 / 1 个", "/unit/late-van/", "去演练：迟到的货车"),
        Row("open", "未考，及格线 60 分", "/unit/first-exam/", "去考试：入门考核"),
        Row("open", "未演练，平均 60 分及格", "/unit/late-van/", "去演练：迟到的货车"),
    ]


def test_each_step_done_is_on_the_ladder_with_what_comes_next(trainee):
    trainee.learn("welcome")
    trainee.play("late-van", [0, 1])
    trainee.sit("first-exam", knows=lambda question: bool(question.blanks))
    assert rows_of(trainee.see("start")) == [
        Row("open", "已学 1 / 2 节", "/unit/voice/", "去学习：声音"), Row("open", "已通过 0 / 1 个", "/unit/late-van/", "再接一次：迟到的货车"),
        Row("open", "40 分，及格线 60 分", "/unit/first-exam/", "再考一次：入门考核"),
        Row("open", "平均 40 分，及格线 60 分", "/unit/late-van/", "再接一次：迟到的货车"),
    ]


def test_a_finished_step_is_ticked_and_the_next_one_is_mine(trainee):
    trainee.finish_first_stage()
    page = trainee.see("calls")
    assert rungs(page) == [("认识小店", "finished", False), ("接听来电", "open", True), ("独当一面", "locked", False)]
    assert "学会办退款" in page
    assert rows_of(page)[0] == Row("open", "已学 0 / 1 节", "/unit/refunding/", "去学习：办退款")
    assert [row.state for row in rows_of(trainee.see("start"))] == ["met"] * 4


def test_a_locked_step_says_which_one_comes_first_and_what_that_still_needs(trainee):
    page = trainee.see("later")
    assert "还在编写" not in page
    assert "接听来电" in page, "the step before it"
    assert rows_of(page)[0] == Row("open", "已学 0 / 2 节", "/unit/welcome/", "去学习：欢迎"), "what can be done now"


def test_the_last_step_opens_when_all_before_it_is_done_and_says_that_it_is_in_preparation(trainee):
    trainee.finish_first_stage()
    trainee.learn("refunding")
    assert trainee.sit("second-exam")["opened"] == [{"title": "独当一面", "url": "/unit/later/"}]
    page = trainee.see("later")
    assert "还在编写" in page
    assert rows_of(page) == []
    assert rungs(page)[1:] == [("接听来电", "finished", True), ("独当一面", "preparation", False)]
    assert "本阶段正在编写中" in page


def test_an_article_shows_its_title_its_date_and_where_more_is_told(trainee):
    page = trainee.see("limits")
    assert "<h2>时限</h2>" in page
    assert 'datetime="2026-10-08"' in page
    assert re.search(r'<a [^>]*href="/unit/calming/"', page)
    assert "投诉须在 48 小时内答复" in page


def test_an_article_opened_in_place_has_its_title_beside_it_and_not_inside(trainee):
    reply = trainee.do("lesson", "welcome", "article", {"id": "limits"})
    assert (reply["title"], reply["url"]) == ("时限", "/unit/limits/")
    assert "<h2>时限" not in reply["html"]
    assert 'id="s-投诉"' in reply["html"], "where a link with a heading leads"
