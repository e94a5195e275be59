"""Sitting an exam when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.conftest import PASSWORD, ROOT, Preview, look

ANSWER = re.compile(r"/handler/.*/answer/")


@pytest.fixture(scope="module")
def own_preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server of this file's own: the attempts here must not meet those of the walk."""
    running = Preview(ROOT / "courses/agent-onboarding", tmp_path_factory.mktemp("exam"))
    yield running
    running.stop()


@pytest.fixture
def trainee(browser: Browser, own_preview: Preview) -> Iterator[Callable[[str], Page]]:
    """Open the first exam as somebody, in a window of a browser profile of their own."""
    contexts = {}

    def open_exam(name: str) -> Page:
        if name not in contexts:
            contexts[name] = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
            page = contexts[name].new_page()
            page.goto(own_preview.url + "/")
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            page.click(".sign-in button")
            page.wait_for_url("**/course/")
        page = contexts[name].new_page()
        page.goto(f"{own_preview.url}/unit/orientation-exam/")
        begin = page.get_by_role("button", name="开始考试")
        if begin.count():
            begin.click()
        expect(page.locator(".ladder-question").first).to_be_visible()
        return page

    yield open_exam
    for context in contexts.values():
        context.close()


def choose(page: Page, question: int, choice: int) -> None:
    """Click a choice of a question, both from 1."""
    page.locator(f"[data-item='{question}'] input").nth(choice - 1).click()


def chosen(page: Page, question: int) -> list[int]:
    """Choices of a question that are checked, from 1."""
    boxes = page.locator(f"[data-item='{question}'] input")
    return [place for place in range(1, boxes.count() + 1) if boxes.nth(place - 1).is_checked()]


def test_answers_given_offline_are_kept_on_the_device_and_sent_later(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-1")
    page.context.set_offline(True)
    choose(page, 1, 2)
    expect(page.locator(".ladder-saved")).to_contain_text("已存本机")
    expect(page.get_by_role("alert")).to_contain_text("网络已断开")
    choose(page, 2, 3)
    page.context.set_offline(False)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存", timeout=15_000)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    assert (chosen(page, 1), chosen(page, 2)) == ([2], [3])


def test_a_reply_that_is_lost_on_its_way_back_loses_no_answer(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-2")

    def lose_reply(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()  # the page does not know

    page.route(ANSWER, lose_reply, times=1)
    choose(page, 1, 1)
    expect(page.locator(".ladder-saved")).to_contain_text("已存本机")
    choose(page, 1, 3)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存", timeout=15_000)
    page.wait_for_timeout(1500)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    assert chosen(page, 1) == [3]


def test_a_page_closed_offline_sends_its_answers_when_it_is_opened_again(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-3")
    page.route(ANSWER, lambda route: route.abort())
    choose(page, 4, 2)
    expect(page.locator(".ladder-saved")).to_contain_text("已存本机")
    page.close()
    again = trainee("trainee-3")
    assert chosen(again, 4) == [2]
    expect(again.locator(".ladder-saved")).to_contain_text("已保存")
    again.evaluate("localStorage.clear()")
    again.reload()
    expect(again.locator(".ladder-question").first).to_be_visible()
    assert chosen(again, 4) == [2]


def test_a_second_window_cannot_overwrite_a_newer_answer(trainee: Callable[[str], Page]) -> None:
    first, second = trainee("trainee-1"), trainee("trainee-1")
    choose(first, 7, 1)
    expect(first.locator(".ladder-saved")).to_contain_text("已保存")
    choose(second, 7, 4)
    expect(second.get_by_role("alert")).to_contain_text("另一个窗口")
    assert chosen(second, 7) == [1]
    choose(second, 7, 4)
    expect(second.locator(".ladder-saved")).to_contain_text("已保存")
    second.reload()
    expect(second.locator(".ladder-question").first).to_be_visible()
    assert chosen(second, 7) == [4]


def test_flags_and_a_hidden_clock_help_and_the_summary_leads_back(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-3")
    page.locator("[data-item='5'] [data-flag]").click()
    expect(page.locator(".ladder-navigator [data-goto='5']")).to_contain_text("已标记")
    page.reload()
    expect(page.locator("[data-item='5'] [data-flag]")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="隐藏时间").click()
    expect(page.get_by_role("timer")).to_be_hidden()
    page.get_by_role("button", name="显示时间").click()
    expect(page.get_by_role("timer")).to_contain_text("剩余时间")
    page.get_by_role("button", name="交卷", exact=True).click()
    look(page, "exam-summary")
    page.locator(".ladder-confirm-flags a").click()
    expect(page.locator("[data-item='5']")).to_be_focused()
    expect(page.locator(".ladder-confirm-list a")).to_have_count(39)


def test_an_exam_can_be_sat_with_the_keyboard_alone(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-2")
    page.locator(".ladder-navigator a").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-item='2']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-item='2'] [data-flag]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert chosen(page, 2) == [1]
    page.keyboard.press("ArrowDown")
    assert chosen(page, 2) == [2]
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    page.get_by_role("button", name="交卷", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-confirm]")).to_be_focused()
    expect(page.locator(".ladder-confirm-text")).to_contain_text("没有作答")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="交卷", exact=True)).to_be_focused()
