"""Sitting an exam when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.conftest import PASSWORD, ROOT, Preview, begin, look

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
        if page.get_by_role("button", name="开始考试").count():
            begin(page)
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
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
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
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
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
    expect(page.get_by_role("button", name="继续答题")).to_be_focused()
    expect(page.locator("[data-missing]")).to_contain_text("没有作答")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="交卷", exact=True)).to_be_focused()


def test_one_question_at_a_time_shows_one_and_leads_through_all(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-2")
    page.get_by_role("button", name="逐题显示").click()
    expect(page.locator(".ladder-question:visible")).to_have_count(1)
    expect(page.get_by_role("button", name="上一题")).to_be_disabled()
    page.get_by_role("button", name="下一题").click()
    expect(page.locator("[data-item='2']")).to_be_focused()
    expect(page.locator(".ladder-navigator [aria-current]")).to_have_text(re.compile("^2"))
    look(page, "exam-one-by-one")
    page.reload()
    expect(page.locator(".ladder-question:visible")).to_have_count(1)
    page.locator(".ladder-navigator a").last.click()
    expect(page.get_by_role("button", name="下一题")).to_be_disabled()
    page.get_by_role("button", name="显示整卷").click()
    expect(page.locator(".ladder-question:visible")).to_have_count(40)


def test_a_second_window_is_told_of_and_forgotten_when_it_closes(trainee: Callable[[str], Page]) -> None:
    first = trainee("trainee-1")
    expect(first.locator("[data-other-window]")).to_be_hidden()
    second = trainee("trainee-1")
    expect(first.get_by_text("也在另一个窗口打开着")).to_be_visible()
    expect(second.get_by_text("也在另一个窗口打开着")).to_be_visible()
    look(second, "exam-two-windows")
    second.close(run_before_unload=True)
    expect(first.locator("[data-other-window]")).to_be_hidden()


def test_somebody_who_was_signed_out_loses_no_answer(trainee: Callable[[str], Page], own_preview: Preview) -> None:
    page = trainee("trainee-3")
    page.context.clear_cookies()
    choose(page, 9, 2)
    expect(page.locator(".ladder-saved")).to_contain_text("未能保存，已存本机")
    expect(page.get_by_role("alert")).to_contain_text("登录")
    look(page, "exam-signed-out")
    other = page.context.new_page()
    other.goto(own_preview.url + "/")
    other.fill("[name=username]", "trainee-3")
    other.fill("[name=password]", PASSWORD)
    other.click(".sign-in button")
    other.wait_for_url("**/course/")
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    assert chosen(page, 9) == [2]


def test_the_device_clock_is_worth_nothing(trainee: Callable[[str], Page]) -> None:
    page = trainee("trainee-3")
    page.clock.install(time="2036-01-01")
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"剩余时间 3\d:\d\d"))


def test_when_time_runs_out_the_answers_are_handed_in_by_themselves(trainee: Callable[[str], Page], own_preview: Preview) -> None:
    page = trainee("trainee-3")
    page.clock.install()
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    choose(page, 3, 1)
    page.clock.fast_forward(2_000)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    own_preview.end_attempts(seconds_left=240)
    page.clock.fast_forward("36:00")
    page.clock.run_for(2_000)
    expect(page.locator(".ladder-sitting.is-late .ladder-time")).to_be_visible()
    own_preview.end_attempts(seconds_left=0)
    page.clock.fast_forward("04:00")
    page.clock.run_for(2_000)
    expect(page.get_by_text("交卷回执")).to_be_visible()
    expect(page.get_by_text("时间到，已自动交卷")).to_be_in_viewport()
    expect(page.locator(".ladder-receipt code")).to_have_text(re.compile(r"^[0-9A-F]{4}(-[0-9A-F]{4}){2}$"))
    look(page, "exam-time-up")
