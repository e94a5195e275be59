"""The end of an exam: the server's clock decides, and every page gets there."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from browser.conftest import Preview, look
from browser.test_exam import choose
from browser.test_sending import ANSWER, TOLD, alarm, no_alarm, saved

MINUTES = 20
SAID = """() => {
    window.said = [];
    const status = document.querySelector('.ladder-status');
    new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true, characterData: true, subtree: true});
}"""


def leap(page: Page, minutes: float) -> None:
    """Let the page's clock stand still for so long, and then tick: a tab out of sight, or a device that slept."""
    page.clock.fast_forward(int(minutes * 60_000))
    page.clock.run_for(1_100)


def out_of_sight(page: Page) -> None:
    """Hidden as a tab behind another: then the page does not ask how late it is."""
    page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")


def test_minutes_granted_while_nothing_is_answered_count(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    saved(page)
    small.end_attempts(seconds_left=600)  # the page believes in the 20 minutes that it began with
    out_of_sight(page)
    leap(page, MINUTES)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"剩余时间 (10:00|9:5\d)"))
    expect(page.locator(".ladder-saved")).to_contain_text("考试时间已延长")
    expect(page.locator(".ladder-status")).to_contain_text("考试时间已延长")
    choose(page, 2, 1)
    page.clock.run_for(1_000)
    saved(page)
    no_alarm(page)


def test_a_page_that_wakes_from_sleep_asks_the_server_for_the_time(sit: Callable[..., Page]) -> None:
    page = sit()
    leap(page, 8)  # for the server no time has passed: a clock that is wrong by 8 minutes
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"剩余时间 (20:00|19:5\d)"))


def test_a_page_that_is_looked_at_again_shows_the_time_that_was_granted(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    small.end_attempts(seconds_left=1_800)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"剩余时间 (30:00|29:5\d)"))


def test_what_comes_too_late_from_a_page_that_was_offline_is_kept_and_the_result_shown(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    saved(page)
    page.context.set_offline(True)
    choose(page, 2, 1)
    small.end_attempts(seconds_left=-60)
    page.clock.run_for(1_000)
    leap(page, MINUTES)
    alarm(page, "考试时间已到，试卷还没有交上去。网络已断开。")
    look(page, "exam-time-up-offline")
    page.clock.run_for(60_000)
    page.context.set_offline(False)
    expect(page.locator(".ladder-receipt")).to_contain_text("1 / 5")
    expect(page.locator(".ladder-late")).to_contain_text("第 2 题")
    expect(page.get_by_text("时间到，已自动交卷")).to_be_in_viewport()
    no_alarm(page)
    look(page, "exam-time-up-late")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('first-exam')).length") == 0


def test_a_last_answer_that_is_never_answered_holds_nothing_up_when_time_is_over(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    out_of_sight(page)
    page.route(ANSWER, lambda route: None)
    page.clock.fast_forward((MINUTES * 60 - 2) * 1000)
    choose(page, 1, 2)
    page.clock.run_for(2_500)
    small.end_attempts(seconds_left=-1)
    page.clock.run_for(TOLD)
    alarm(page, "考试时间已到，试卷还没有交上去")
    page.clock.run_for(TOLD)
    expect(page.locator(".ladder-receipt")).to_be_visible()


def test_answers_of_a_page_that_was_closed_offline_are_sent_from_the_result(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    page.context.set_offline(True)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    small.end_attempts(seconds_left=-60)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{small.url}/unit/first-exam/")
    expect(again.locator(".ladder-receipt")).to_be_visible()
    expect(again.locator(".ladder-late")).to_contain_text("第 1 题")


def test_ten_five_and_one_minutes_are_said_even_when_the_clock_ticks_once_a_minute(sit: Callable[..., Page]) -> None:
    page = sit()
    out_of_sight(page)
    page.evaluate(SAID)
    leap(page, MINUTES - 12 + 0.3)
    for _ in range(11):
        leap(page, 0.98)
    assert page.evaluate("said") == ["还剩 10 分钟", "还剩 5 分钟", "还剩 1 分钟"]


def test_whoever_skips_past_all_warnings_hears_what_is_left(sit: Callable[..., Page]) -> None:
    page = sit()
    out_of_sight(page)
    page.evaluate(SAID)
    leap(page, MINUTES - 4.5)
    assert page.evaluate("said") == ["还剩 5 分钟"]
