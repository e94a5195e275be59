"""An exam on a bad line: no answer is held up by another, and whatever is not saved is said, kept and sent again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import Preview, look
from browser.test_exam import choose, chosen

ANSWER = re.compile(r"/handler/.*/answer/")
SUBMIT = re.compile(r"/handler/.*/submit/")
TOLD = 5_000  # milliseconds within which whatever goes wrong is said
DENIED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError') }})"


def alarm(page: Page, text: str) -> None:
    """It is said where the learner is looking, not somewhere on the page."""
    expect(page.locator(".ladder-alert")).to_contain_text(text)
    expect(page.locator(".ladder-alert")).to_be_in_viewport()


def no_alarm(page: Page) -> None:
    expect(page.locator(".ladder-alert")).to_be_hidden()


def saved(page: Page) -> None:
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")


def write(page: Page, text: str) -> None:
    """Put a text into the first blank as a program does that pastes or types for somebody."""
    page.evaluate("""text => {
        const field = document.querySelector('.ladder-blank');
        field.removeAttribute('data-limit'); // a page that does not know the server's limit
        field.value = text;
        field.dispatchEvent(new Event('input', {bubbles: true}));
    }""", text)


def written(page: Page) -> str:
    return page.locator(".ladder-blank").first.input_value()


def as_the_server_has_it(page: Page) -> None:
    """Open the page again with nothing kept on the device."""
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="交卷", exact=True).click()
    page.locator("[data-submit] [data-confirm]").click()


def test_a_save_that_is_never_answered_is_told_and_given_up_and_sent_again(sit: Callable[..., Page]) -> None:
    page = sit()
    page.route(ANSWER, lambda route: None, times=1)  # no reply, ever
    choose(page, 1, 1)
    page.clock.run_for(700)
    choose(page, 2, 1)
    page.clock.run_for(TOLD - 700)
    alarm(page, "服务器没有回应")
    expect(page.locator(".ladder-saved")).to_contain_text("已存本机")
    look(page, "exam-silent")
    page.clock.run_for(8_000)
    saved(page)
    no_alarm(page)
    as_the_server_has_it(page)
    assert (chosen(page, 1), chosen(page, 2)) == ([1], [1])


@pytest.mark.parametrize("reply", [
    {"content_type": "application/json", "body": '{"saved_at": "2026-11-28T'},
    {"content_type": "application/json", "body": "{}"},
    {"content_type": "application/json", "body": "null"},
    {"content_type": "application/json", "body": '{"revisions": {}}'},
    {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"},
    {"status": 400, "content_type": "text/html", "body": "<h1>Bad Request</h1>"},
], ids=["half", "empty", "null", "other", "gateway", "proxy"])
def test_a_reply_that_is_cut_off_or_none_of_ours_is_told_and_the_answer_sent_again(sit: Callable[..., Page], reply: dict[str, object]) -> None:
    page = sit()
    page.route(ANSWER, lambda route: route.fulfill(**reply), times=1)  # type: ignore[arg-type] # each test gives arguments of its own
    choose(page, 1, 2)
    page.clock.run_for(700)
    alarm(page, "会自动重新发送")
    page.clock.run_for(2_000)
    choose(page, 2, 1)
    page.clock.run_for(2_000)
    saved(page)
    no_alarm(page)


@pytest.mark.parametrize("action", ["ask", "begin"])
def test_a_beginning_that_something_else_has_answered_is_told_and_can_be_tried_again(visit: Callable[..., Page], small: Preview, action: str) -> None:
    for table in ("answer", "mark", "lateanswer", "attempt", "allowance"):
        small.write(f"DELETE FROM ladder_{table}")
    page = visit("trainee-3", "first-exam")
    page.route(re.compile(rf"/handler/.*/{action}/"), lambda route: route.fulfill(content_type="application/json", body="{}"), times=1)
    page.locator("form[data-action=begin] button").first.click()
    if action == "begin":
        page.locator("form[data-action=begin] [data-confirm]").click()
    alarm(page, "请再试一次")
    if action == "ask":
        page.locator("form[data-action=begin] button").first.click()
    page.locator("form[data-action=begin] [data-confirm]").click()
    expect(page.locator(".ladder-question").first).to_be_visible()
    no_alarm(page)


def test_an_answer_that_the_server_cannot_read_holds_up_no_other_one(sit: Callable[..., Page]) -> None:
    page = sit()
    write(page, "长" * 20_001)
    choose(page, 1, 2)
    page.clock.run_for(2_000)
    number = page.locator("[data-item]", has=page.locator(".ladder-blank")).get_attribute("data-item")
    alarm(page, f"第 {number} 题：服务器无法识别这个答案")
    choose(page, 2, 1)
    page.clock.run_for(2_000)
    saved(page)
    alarm(page, f"第 {number} 题")
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    assert len(written(page)) == 20_001
    page.clock.run_for(2_000)
    alarm(page, f"第 {number} 题")
    page.locator(".ladder-blank").first.fill("48")
    page.clock.run_for(2_000)
    no_alarm(page)
    as_the_server_has_it(page)
    assert (chosen(page, 1), chosen(page, 2), written(page)) == ([2], [1], "48")
    write(page, "长" * 20_001)
    page.clock.run_for(2_000)
    alarm(page, f"第 {number} 题")
    hand_in(page)
    expect(page.locator(".ladder-receipt")).to_be_visible()


def test_half_a_character_and_nul_are_left_out_of_what_is_sent(sit: Callable[..., Page]) -> None:
    page = sit()
    page.evaluate(r"""() => {
        const field = document.querySelector('.ladder-blank');
        field.value = '\u0000四十\ud83d八😀\udc00';
        field.dispatchEvent(new Event('input', {bubbles: true}));
    }""")
    page.clock.run_for(1_000)
    saved(page)
    no_alarm(page)
    as_the_server_has_it(page)
    assert written(page) == "四十八😀"


def test_an_exam_is_sat_where_the_browser_keeps_nothing(sit: Callable[..., Page]) -> None:
    page = sit()
    page.add_init_script(DENIED)
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text("剩余时间")
    expect(page.get_by_text("不允许本页在设备上保存内容")).to_be_in_viewport()
    look(page, "exam-nothing-kept")
    page.get_by_role("button", name="逐题显示").click()
    page.get_by_role("button", name="显示整卷").click()
    page.locator("[data-item='1'] [data-flag]").click()
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    saved(page)
    page.context.set_offline(True)
    choose(page, 2, 1)
    page.clock.run_for(1_000)
    alarm(page, "请不要关闭本页")
    assert "本机" not in page.locator(".ladder-alert").inner_text() + page.locator(".ladder-saved").inner_text()
    page.context.set_offline(False)
    saved(page)
    hand_in(page)
    expect(page.locator(".ladder-receipt")).to_contain_text("2 / 5")


def test_a_device_that_is_full_is_told_of(sit: Callable[..., Page]) -> None:
    page = sit()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }")
    page.context.set_offline(True)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    alarm(page, "请不要关闭本页")
    expect(page.get_by_text("不允许本页在设备上保存内容")).to_be_visible()


def test_what_is_refused_for_good_is_said_once_and_not_sent_over_and_over(sit: Callable[..., Page]) -> None:
    page = sit()
    asked = []

    def refuse(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=403, content_type="application/json", body='{"error": "您没有选修这门课程。", "sign_in": false}')

    page.route(ANSWER, refuse)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    alarm(page, "您没有选修这门课程。")
    assert "自动" not in page.locator(".ladder-alert").inner_text()
    page.clock.run_for(120_000)
    assert len(asked) == 1
    page.unroute(ANSWER)
    page.reload()
    page.clock.run_for(1_000)
    saved(page)
    assert chosen(page, 1) == [2]


def test_the_next_learner_at_a_shared_computer_finds_nothing_of_the_last(sit: Callable[..., Page], small: Preview) -> None:
    page = sit("trainee-1")
    page.route(ANSWER, lambda route: route.abort())
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    page.close(run_before_unload=False)
    page.context.clear_cookies()
    other = sit("trainee-2")
    other.clock.run_for(1_000)
    assert chosen(other, 1) == []
    other.close()
    other.context.clear_cookies()
    again = sit("trainee-1")
    assert chosen(again, 1) == [2]


def test_a_paper_left_open_hands_in_nothing_for_the_next_learner_at_a_shared_computer(sit: Callable[..., Page], small: Preview) -> None:
    page = sit("trainee-1")
    page.context.clear_cookies()  # signed out in another tab
    other = sit("trainee-2")
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    alarm(page, "这台设备上已换了别人登录")
    look(page, "exam-somebody-else")
    hand_in(page)
    page.clock.run_for(1_000)
    alarm(page, "还没有交卷。这台设备上已换了别人登录")
    page.locator("[data-submit] [data-cancel]").dispatch_event("click")  # trainee-1 does not hand in after all
    as_the_server_has_it(other)
    assert chosen(other, 1) == []
    other.context.clear_cookies()
    again = sit("trainee-1")
    expect(again.locator(".ladder-saved")).to_be_attached()
    page.clock.run_for(60_000)
    no_alarm(page)
    as_the_server_has_it(again)
    assert chosen(again, 1) == [2]


def test_two_windows_without_a_line_keep_what_each_has(sit: Callable[..., Page], small: Preview) -> None:
    page, other = sit(), sit()
    page.context.set_offline(True)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    choose(other, 2, 1)
    other.clock.run_for(1_000)
    for window in (page, other):
        expect(window.locator(".ladder-saved")).to_contain_text("已存本机")
        window.close(run_before_unload=False)
    page.context.set_offline(False)
    again = sit()
    again.clock.run_for(1_000)
    saved(again)
    as_the_server_has_it(again)
    assert (chosen(again, 1), chosen(again, 2)) == ([2], [1])


def test_an_answer_that_the_server_cannot_read_takes_no_late_one_with_it(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    page.context.set_offline(True)
    write(page, "长" * 20_001)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    small.end_attempts(seconds_left=-60)
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{small.url}/unit/first-exam/")
    expect(again.locator(".ladder-late")).to_contain_text("第 1 题")
    assert again.evaluate("Object.keys(localStorage).filter(key => key.includes('first-exam')).length") == 0


def test_a_late_answer_that_the_server_has_not_kept_stays_on_the_device(sit: Callable[..., Page], small: Preview) -> None:
    page = sit()
    page.context.set_offline(True)
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    small.end_attempts(seconds_left=-60)
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.route(ANSWER, lambda route: route.fulfill(status=409, json={"error": "这份答卷暂时无法显示。"}))
    again.goto(f"{small.url}/unit/first-exam/")
    alarm(again, "暂时无法显示")
    assert again.evaluate("Object.keys(localStorage).filter(key => key.includes('first-exam')).length") == 1


def test_a_paper_handed_in_elsewhere_shows_its_result(sit: Callable[..., Page]) -> None:
    page, other = sit(), sit()
    hand_in(other)
    expect(other.locator(".ladder-receipt")).to_be_visible()
    choose(page, 1, 2)
    page.clock.run_for(1_000)
    expect(page.locator(".ladder-receipt")).to_be_visible()
    alarm(page, "已经交卷")
    expect(page.locator(".ladder-late")).to_contain_text("第 1 题")


def test_a_window_that_is_looked_at_again_learns_that_its_paper_was_handed_in(sit: Callable[..., Page]) -> None:
    page, other = sit(), sit()
    hand_in(other)
    expect(other.locator(".ladder-receipt")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".ladder-receipt")).to_be_visible()


def test_a_hand_in_that_is_never_answered_is_told_and_tried_again(sit: Callable[..., Page]) -> None:
    page = sit()
    page.route(SUBMIT, lambda route: None, times=1)
    hand_in(page)
    expect(page.locator("form[data-submit][aria-busy]")).to_be_visible()
    page.clock.run_for(TOLD)
    alarm(page, "还没有交卷")
    page.clock.run_for(8_000)
    expect(page.locator(".ladder-receipt")).to_be_visible()
    no_alarm(page)


def test_a_save_that_is_never_answered_does_not_hold_up_the_hand_in(sit: Callable[..., Page]) -> None:
    page = sit()
    page.route(ANSWER, lambda route: None, times=1)
    choose(page, 1, 2)
    page.clock.run_for(700)
    hand_in(page)
    page.clock.run_for(TOLD)
    alarm(page, "还没有交卷")
    page.clock.run_for(8_000)
    expect(page.locator(".ladder-receipt")).to_contain_text("1 / 5")


def test_who_hands_in_offline_is_told_that_nothing_is_handed_in_and_it_is_as_soon_as_the_line_is_back(sit: Callable[..., Page]) -> None:
    page = sit()
    page.context.set_offline(True)
    choose(page, 1, 2)
    hand_in(page)
    page.clock.run_for(1_000)
    alarm(page, "还没有交卷。网络已断开。")
    look(page, "exam-hand-in-offline")
    page.clock.run_for(60_000)
    page.context.set_offline(False)
    expect(page.locator(".ladder-receipt")).to_contain_text("1 / 5")
    no_alarm(page)


@pytest.mark.parametrize("by", ["an answer", "the button"])
def test_who_goes_on_answering_does_not_hand_in(sit: Callable[..., Page], by: str) -> None:
    page = sit()
    page.context.set_offline(True)
    hand_in(page)
    page.clock.run_for(1_000)
    alarm(page, "还没有交卷")
    if by == "an answer":
        choose(page, 1, 2)
    else:
        page.locator("[data-submit] [data-cancel]").click()
    alarm(page, "没有交卷。答完后请重新交卷")
    page.context.set_offline(False)
    page.clock.run_for(60_000)
    expect(page.locator(".ladder-question").first).to_be_visible()
    page.reload()
    expect(page.locator(".ladder-question").first).to_be_visible()
    hand_in(page)
    expect(page.locator(".ladder-receipt")).to_contain_text("1 / 5" if by == "an answer" else "0 / 5")


def test_before_handing_in_a_page_knows_what_another_device_has_answered(sit: Callable[..., Page]) -> None:
    page, other = sit(), sit()
    choose(other, 1, 2)
    other.clock.run_for(1_000)
    saved(other)
    page.get_by_role("button", name="交卷", exact=True).click()
    page.clock.run_for(1_000)
    expect(page.locator("[data-missing]")).to_contain_text("4")
    assert chosen(page, 1) == [2]
