"""What spends something or cannot be taken back asks first; a limit says what it took. Seen as a user does: in the window, by keyboard."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import IN_VIEW, PASSWORD, PATIENCE, ROOT, SIZES, Preview, begin, button, check_question, look

EXAM, WRITTEN = "orientation-exam", "theory-exam"
SMALL = ROOT / "tests/course"


@pytest.fixture(scope="module")
def own_preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server of this file's own."""
    running = Preview(ROOT / "courses/agent-onboarding", tmp_path_factory.mktemp("asking"))
    yield running
    running.stop()


@pytest.fixture
def enter(browser: Browser, own_preview: Preview) -> Iterator[Callable[..., Page]]:
    """`enter("trainee-1", EXAM)` opens a unit as somebody, in a browser profile of their own."""
    contexts, errors = [], []

    def entered(name: str, unit: str, preview: Preview = own_preview, width: int = 1280) -> Page:
        context = browser.new_context(
            locale="zh-CN", viewport={"width": width, "height": SIZES[width]}, permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(preview.url + "/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click(".sign-in button")
        page.wait_for_url("**/course/")
        page.goto(f"{preview.url}/unit/{unit}/")
        return page

    yield entered
    for context in contexts:
        context.close()
    assert not errors


# -- beginning ------------------------------------------------------------------------------------------------------


def begun(page: Page) -> None:
    """The paper, begun if it is not."""
    expect(page.locator("form[data-action=begin] button, .ladder-question").first).to_be_visible()
    if page.locator("form[data-action=begin]").count():
        begin(page)


@pytest.mark.parametrize("width", SIZES)
def test_an_attempt_begins_on_a_second_word_only(enter: Callable[..., Page], width: int) -> None:
    page = enter("trainee-1", EXAM, width=width)
    opener = button(page, "开始考试")
    opener.focus()
    page.keyboard.press("Enter")
    group = check_question(page, "现在开始考试？", "先不考")
    for words in ("40 分钟", "第 1 次，共 2 次", "关闭页面也照样计时"):
        expect(group).to_contain_text(words)
    look(page, "ask-begin")
    page.keyboard.press("Enter")
    expect(group).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Space")
    check_question(page, "现在开始考试？", "先不考")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.reload()
    expect(opener).to_be_visible()  # nothing has begun
    opener.dblclick()
    check_question(page, "现在开始考试？", "先不考")
    page.reload()
    expect(opener).to_be_visible()


def test_by_keyboard_an_attempt_begins_when_it_is_confirmed(enter: Callable[..., Page]) -> None:
    page = enter("trainee-1", EXAM)
    button(page, "开始考试").focus()
    page.keyboard.press("Enter")
    check_question(page, "现在开始考试？", "先不考")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".ladder-question").first).to_be_visible()


def test_a_page_that_was_left_open_asks_about_what_stands_now(enter: Callable[..., Page]) -> None:
    page = enter("trainee-2", EXAM)
    other = page.context.new_page()
    other.goto(page.url)
    begin(other)
    button(page, "开始考试").click()
    expect(page.locator(".ladder-question").first).to_be_visible()  # it goes on here


def test_staff_are_asked_in_their_own_words(enter: Callable[..., Page]) -> None:
    page = enter("trainer-1", EXAM)
    button(page, "开始考试").click()
    group = check_question(page, "现在开始试答？", "先不考")
    expect(group).to_contain_text("不计入统计和成绩册")
    look(page, "ask-begin-trial")


@pytest.fixture
def closing(tmp_path: Path) -> Iterator[Preview]:
    """A course whose first exam, of 20 minutes, closes in three."""
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "courses/small/01-start/40-first-exam.md"
    closes = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=185)).isoformat(timespec="seconds")
    file.write_text(file.read_text(encoding="utf-8").replace("minutes: 20", f"minutes: 20\ncloses: {closes}"), encoding="utf-8")
    running = Preview(file.parent.parent, tmp_path / "data")
    yield running
    running.stop()


def test_who_comes_late_is_told_how_little_time_is_left(enter: Callable[..., Page], closing: Preview) -> None:
    for width in SIZES:
        page = enter("trainee-1", "first-exam", closing, width)
        warning = page.get_by_text("规定时长 20 分钟")
        expect(warning).to_contain_text(re.compile(r"截止.*[34] 分钟"))
        assert warning.evaluate(IN_VIEW)
        button(page, "开始考试").click()
        group = check_question(page, "现在开始考试？", "先不考")
        expect(group).to_contain_text(re.compile(r"截止.*[34] 分钟.*规定时长 20 分钟"))
        assert "20 分钟" not in group.locator("dd").first.inner_text()
        look(page, "ask-begin-late")


def test_a_key_that_is_held_down_says_one_thing_in_a_call(enter: Callable[..., Page], small: Preview) -> None:
    page = enter("trainee-1", "late-van", small)
    page.locator("form[data-action=begin] button").first.click()
    expect(page.locator("form[data-position='0']")).to_be_visible()
    page.locator(".ladder-option").first.focus()
    page.keyboard.down("1")
    expect(page.locator("form[data-position='1']")).to_be_visible()
    for _ in range(5):
        page.keyboard.down("1")  # as a keyboard repeats it
        page.wait_for_timeout(100)
    page.keyboard.up("1")
    expect(page.locator("form[data-position='1']")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("form[data-position]")).to_have_count(0)


# -- handing in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "width"), [("trainee-1", 1280), ("trainee-2", 375)])
def test_enter_pressed_twice_on_an_empty_paper_hands_in_nothing(enter: Callable[..., Page], name: str, width: int) -> None:
    page = enter(name, EXAM, width=width)
    begun(page)
    page.locator("[data-item='3'] [data-flag]").click()
    button(page, "交卷").focus()
    page.keyboard.press("Enter")
    group = check_question(page, "现在交卷？", "继续答题")
    missing = group.locator("[data-missing]")
    expect(missing).to_contain_text("还有 40 题没有作答")
    red = page.evaluate("node => getComputedStyle(node).color", missing.element_handle())
    assert re.fullmatch(r"rgb\(163, 43, 34\)", red), red
    expect(missing.locator("svg")).to_be_visible()
    expect(group).to_contain_text(re.compile(r"剩余时间 \d+:\d\d"))
    expect(group.locator("[data-missing-list] a")).to_have_count(40)
    page.keyboard.press("Enter")
    expect(button(page, "交卷")).to_be_focused()
    expect(page.locator(".ladder-sitting")).to_be_visible()
    page.keyboard.press("Enter")
    check_question(page, "现在交卷？", "继续答题")
    look(page, f"ask-hand-in-{width}")
    page.keyboard.press("Escape")
    expect(button(page, "交卷")).to_be_focused()

    button(page, "交卷").click()
    page.locator("[data-item='1'] input").first.click()  # what is said stays true while it stands there
    expect(missing).to_contain_text("还有 39 题没有作答")
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    group.locator("[data-flagged-list] a").click()
    expect(page.locator("[data-item='3']")).to_be_focused()
    assert page.locator("[data-item='3'] .ladder-question-head").evaluate(IN_VIEW)
    expect(group).to_be_hidden()


def test_the_way_out_of_a_running_exam_says_that_the_clock_runs_on(enter: Callable[..., Page]) -> None:
    page = enter("trainee-3", EXAM)
    words = page.get_by_text("离开本页，计时不会停止")
    expect(page.locator("nav.pager a").first).to_be_visible()
    expect(words.first).to_be_hidden()
    begin(page)
    expect(words).to_have_count(2)
    for place in words.all():
        expect(place).to_be_visible()
    expect(page.locator("nav.pager")).to_contain_text("离开本页，计时不会停止")


def test_a_paper_with_every_answer_is_asked_about_calmly_and_safely(enter: Callable[..., Page]) -> None:
    page = enter("trainee-3", EXAM)
    begun(page)
    page.evaluate("""() => {
      for (const card of document.querySelectorAll('[data-item]')) {
        for (const field of card.querySelectorAll('input[type=text]')) {
          field.value = '不知道';
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        const choice = card.querySelector('input:not([type=text])');
        if (choice) choice.click();
      }
    }""")
    button(page, "交卷").click()
    group = check_question(page, "现在交卷？", "继续答题")
    expect(group).to_contain_text("所有题目都已作答")
    expect(group.locator("[data-missing]")).to_be_hidden()
    look(page, "ask-hand-in-complete")
    button(page, "确认交卷").click()
    expect(page.locator(".ladder-result")).to_be_visible()
    expect(page.get_by_text("已自动交卷")).to_have_count(0)

    button(page, "再考一次").click()
    group = check_question(page, "现在再考一次？", "先不考")
    expect(group).to_contain_text("第 2 次，共 2 次")
    page.keyboard.press("Enter")
    expect(button(page, "再考一次")).to_be_focused()
    page.set_viewport_size({"width": 375, "height": 400})
    page.keyboard.press("Enter")
    button(page, "现在开始").click()
    expect(page.locator(".ladder-sitting")).to_be_visible()
    assert page.locator(".ladder-exam").evaluate("node => node.getBoundingClientRect().top") >= 0, "the paper is shown from its beginning"


# -- the desk -------------------------------------------------------------------------------------------------------


def test_nothing_at_the_desk_that_cannot_be_taken_back_happens_at_once(enter: Callable[..., Page]) -> None:
    begun(enter("trainee-2", EXAM))
    page = enter("trainer-1", EXAM)
    page.locator(".ladder-desk-door button").click()
    form = page.locator("form.ladder-allow")
    form.locator("[name=username]").fill("trainee-2")
    form.locator("[name=minutes]").fill("5")
    form.locator("[name=reason]").fill("迟到")
    form.locator("[name=reason]").press("Enter")
    group = check_question(page, "确定这样调整？", "返回")
    expect(group).to_contain_text("trainee-2")
    look(page, "ask-allow")
    form.locator("[name=minutes]").fill("10")
    expect(page.get_by_role("group", name="确定这样调整？")).to_have_count(0)  # what was asked is not what would be sent
    form.locator("[name=minutes]").press("Enter")
    check_question(page, "确定这样调整？", "返回")
    page.keyboard.press("Escape")
    form.locator("button").first.click()
    expect(page.get_by_role("group", name="确定这样调整？")).to_contain_text("10")
    button(page, "确认调整").click()
    expect(page.get_by_role("status").first).to_contain_text("10 分钟")

    row = page.locator(".ladder-attempts tr", has_text="trainee-2")
    row.locator("form[data-action=open_attempt] button").click()
    page.locator("details.ladder-card summary").click()
    page.locator("form[data-action=void_attempt] [name=reason]").fill("演示")
    button(page, "作废").click()
    group = check_question(page, re.compile("作废.*的答卷？"), "保留这份答卷")
    expect(group).to_contain_text("学员可能正在作答")
    look(page, "ask-void")
    page.keyboard.press("Enter")
    expect(button(page, "作废")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("这份答卷已作废，不计入成绩")).to_be_visible()


# -- limits ---------------------------------------------------------------------------------------------------------


def paste(page: Page, field: Locator, text: str) -> None:
    """Put a text in by the clipboard, where the caret is."""
    field.focus()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_paste_beyond_the_limit_says_what_was_taken_away(enter: Callable[..., Page]) -> None:
    page = enter("trainer-1", WRITTEN)
    begun(page)
    essay = page.locator("textarea").first
    note = page.locator("[data-item]:has(textarea)").first.locator(".ladder-limit")
    paste(page, essay, "尾" * 100)
    expect(note).to_have_text("")
    page.keyboard.press("Control+Home")
    paste(page, essay, "字" * 25_000)
    expect(note).to_contain_text("超出的 5100 个字符已去掉")
    expect(note).to_contain_text("20000 / 20000")
    assert note.evaluate(IN_VIEW)
    assert essay.input_value() == "字" * 19_900 + "尾" * 100, "what stood there stays"
    page.keyboard.type("再")
    expect(note).to_contain_text("超出的 1 个字符已去掉")
    page.keyboard.press("Backspace")
    expect(note).to_contain_text("19999 / 20000")
    expect(note).not_to_contain_text("去掉")
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.set_viewport_size({"width": 375, "height": SIZES[375]})
    paste(page, essay, "字字")
    assert note.evaluate(IN_VIEW)

    blank = page.locator(".ladder-blank").first
    paste(page, blank, "一" * 201)
    expect(page.locator(".ladder-stem .ladder-limit strong").first).to_contain_text("超出的 1 个字符已去掉")
    assert page.locator(".ladder-stem .ladder-limit").first.evaluate(IN_VIEW)
    assert len(blank.input_value()) == 200
    paste(page, page.locator(".ladder-blank").nth(1), "😀" * 101)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    expect(page.get_by_role("alert")).to_be_hidden()
    look(page, "limit")
    saved = essay.input_value()
    page.reload()
    expect(page.locator("textarea").first).to_have_value(saved)


def test_a_word_being_composed_at_the_limit_is_cut_when_it_stands_and_never_sent_too_long(enter: Callable[..., Page]) -> None:
    page = enter("trainer-1", WRITTEN)
    begun(page)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "/answer/" in request.url else None)
    blank = page.locator(".ladder-blank").nth(2)
    paste(page, blank, "一" * 199)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "ke'hu", "selectionStart": 5, "selectionEnd": 5})
    page.wait_for_timeout(1000)
    keyboard.send("Input.insertText", {"text": "客户"})
    expect(page.locator(".ladder-stem .ladder-limit").first).to_contain_text("超出的 1 个字符已去掉")
    assert blank.input_value() == "一" * 199 + "客"
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    page.wait_for_timeout(1000)
    assert all("一" * 199 + other not in text for text in sent for other in ("客户", "ke'hu")), "nothing too long was sent"
    page.reload()
    expect(page.locator(".ladder-blank").nth(2)).to_have_value("一" * 199 + "客")


def test_the_desks_fields_say_what_they_do_not_take(enter: Callable[..., Page]) -> None:
    page = enter("trainer-1", WRITTEN)
    page.locator(".ladder-desk-door button").click()
    reason = page.locator("form.ladder-allow [name=reason]")
    paste(page, reason, "因" * 410)
    expect(page.locator("form.ladder-allow .ladder-limit", has_text="去掉")).to_contain_text("超出的 10 个字符已去掉")
    assert len(reason.input_value()) == 400
    page.locator(".ladder-tabs form[data-action=marking] button").click()
    page.locator(".ladder-queue-row button:not(.is-quiet)").first.click()
    comment = page.locator("[name=comment]")
    paste(page, comment, "评" * 2100)
    expect(page.locator("form[data-marking] .ladder-limit")).to_contain_text("超出的 100 个字符已去掉")
    assert len(comment.input_value()) == 2000
