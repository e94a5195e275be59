"""Every control that sends something, on a bad line: it says what happened, comes back to life, and does its work when it is used again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from browser.conftest import Preview
from browser.test_sending import TOLD, alarm, hand_in, no_alarm

HANDLER = re.compile(r"/handler/")
VERSION = re.compile(r"/version/")


def hang(route: Route) -> None:
    """No reply, ever."""


def cut(route: Route) -> None:
    route.fulfill(content_type="application/json", body='{"html": "<h2>')


def fault(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Server Error</h1>")


def drop(route: Route) -> None:
    route.abort()


FAULTS = {hang: "服务器没有回应", cut: "网络已断开", fault: "操作没有成功", drop: "网络已断开"}


def works_again(page: Page, control: Locator, done: Locator, limit: int = 10_000) -> None:
    """Use a control on each kind of bad line, then on a good one."""
    page.clock.run_for(1_000)  # what the page sends by itself is sent
    for bad, words in FAULTS.items():
        page.route(HANDLER, bad)
        control.click()
        if bad is hang:
            page.clock.run_for(TOLD)
            alarm(page, "服务器还没有回应")
            page.clock.run_for(limit)
        alarm(page, words)
        alarm(page, "请再试一次")
        assert "自动" not in page.locator(".ladder-alert").inner_text(), "it is not sent again by itself"
        expect(page.locator("[aria-busy]")).to_have_count(0)
        page.unroute(HANDLER)
    control.click()
    expect(done.first).to_be_visible()
    no_alarm(page)


def test_a_call(visit: Callable[..., Page]) -> None:
    page = visit("trainee-1", "late-van")
    works_again(page, page.locator("form[data-action=begin] button"), page.locator(".ladder-option"))
    works_again(page, page.locator(".ladder-option").first, page.locator("form[data-position='1']"))
    expect(page.locator(".ladder-log")).to_have_text(re.compile("我马上查"))


def test_an_option_that_arrived_without_its_reply_stands_whatever_is_chosen_next(visit: Callable[..., Page]) -> None:
    page = visit("trainee-2", "late-van")
    page.locator("form[data-action=begin] button").click()

    def lose_reply(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()  # the page does not know

    page.route(HANDLER, lose_reply, times=1)
    page.locator(".ladder-option").nth(1).click()
    alarm(page, "请再试一次")
    page.locator(".ladder-option").nth(0).click()
    expect(page.locator("form[data-position='1']")).to_be_visible()
    expect(page.locator(".ladder-log")).to_contain_text("您再等等吧")
    alarm(page, "")


def test_beginning_an_exam(visit: Callable[..., Page], small: Preview) -> None:
    small.write("DELETE FROM ladder_attempt")
    page = visit("trainee-3", "first-exam")
    works_again(page, page.get_by_role("button", name="开始考试"), page.locator("form[data-action=begin] [data-confirm]"))
    works_again(page, page.locator("form[data-action=begin] [data-confirm]"), page.locator(".ladder-question"))


def test_finishing_a_lesson(visit: Callable[..., Page]) -> None:
    page = visit("trainee-3", "voice")
    for heading in page.locator(".ladder-text h2").all():
        heading.scroll_into_view_if_needed()
    page.locator(".ladder-end").scroll_into_view_if_needed()
    works_again(page, page.locator("form[data-action=finish] button"), page.locator(".ladder-done"))


def test_a_section_that_is_read_does_not_take_back_that_finishing_failed(visit: Callable[..., Page]) -> None:
    page = visit("trainee-2", "welcome")
    page.set_viewport_size({"width": 1280, "height": 300})
    page.route(re.compile("/handler/.*/finish/"), drop)
    page.locator("form[data-action=finish]").evaluate("form => form.requestSubmit()")
    expect(page.locator(".ladder-alert")).to_contain_text("请再试一次")
    page.locator(".ladder-end").scroll_into_view_if_needed()
    page.clock.run_for(1_000)
    expect(page.locator(".ladder-contents .is-read").first).to_be_visible()
    alarm(page, "请再试一次")


def test_sections_read_offline_are_sent_when_the_line_is_back(visit: Callable[..., Page]) -> None:
    page = visit("trainee-1", "welcome")
    page.context.set_offline(True)
    for heading in page.locator(".ladder-text h2").all():
        heading.scroll_into_view_if_needed()
    page.locator(".ladder-end").scroll_into_view_if_needed()
    page.clock.run_for(1_000)
    alarm(page, "会自动重新发送")
    page.context.set_offline(False)
    expect(page.locator(".ladder-contents li:not(.is-read)")).to_have_count(0)
    no_alarm(page)


def test_the_book_of_mistakes(sit: Callable[..., Page], small: Preview) -> None:
    page = sit("trainee-1")
    hand_in(page)
    expect(page.locator(".ladder-receipt")).to_be_visible()
    page.goto(f"{small.url}/unit/mistakes/")
    works_again(page, page.get_by_role("button", name="重做").first, page.locator("form[data-redo]"))
    field = page.locator("form[data-redo] [name=q1]").last
    if field.get_attribute("type") == "text":
        field.fill("48")
    else:
        field.check()
    works_again(page, page.locator("form[data-redo] button").first, page.locator("form:not([data-redo]) button"))


def test_the_desk(sit: Callable[..., Page], small: Preview) -> None:
    learner = sit("trainee-1")
    learner.context.clear_cookies()
    learner.close()
    page = sit("trainer-1")
    page.goto(f"{small.url}/unit/first-exam/")
    works_again(page, page.locator("form[data-action=desk] button").first, page.locator("form[data-action=export]"), 60_000)
    grant = page.locator("form[data-action=allow]").last
    grant.locator("[name=username]").fill("trainee-1")
    grant.locator("[name=minutes]").fill("10")
    grant.locator("button").first.click()
    works_again(page, grant.locator("[data-confirm]"), page.get_by_text("考试时间延长 10 分钟"))


def test_the_editor_of_an_author(visit: Callable[..., Page], small: Preview) -> None:
    page = visit("trainer-1", "welcome")
    page.goto(f"{small.url}/author/welcome/")
    works_again(page, page.locator("[data-check]"), page.get_by_text("没有发现问题"), 30_000)


def test_a_page_that_asks_whether_files_have_changed_does_not_fill_the_lines_to_the_server(visit: Callable[..., Page]) -> None:
    page = visit("trainee-1", "welcome")
    asked = []
    page.route(VERSION, lambda route: asked.append(route))
    page.clock.run_for(12_000)
    page.wait_for_timeout(100)
    assert 0 < len(asked) < 4
