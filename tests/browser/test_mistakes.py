"""The book of mistakes in a real browser: from a failed exam to a question that leaves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.conftest import PASSWORD, ROOT, Preview, begin, look
from browser.knowledge import Knowledge

COURSE = ROOT / "courses/agent-onboarding"
REDO = re.compile(r"/handler/.*/redo/")


@pytest.fixture(scope="module")
def own_preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server of this file's own."""
    running = Preview(COURSE, tmp_path_factory.mktemp("mistakes"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return Knowledge(COURSE)


@pytest.fixture
def enter(browser: Browser, own_preview: Preview) -> Iterator[Callable[..., Page]]:
    """Sign somebody in, in light or dark, and open a unit."""
    contexts = []

    def opened(name: str, unit: str, scheme: str = "light") -> Page:
        context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type] # one of two words
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto(own_preview.url + "/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click(".sign-in button")
        page.wait_for_url("**/course/")
        page.goto(f"{own_preview.url}/unit/{unit}/")
        return page

    yield opened
    for context in contexts:
        context.close()


def sit(page: Page, known: Knowledge, wrong: int) -> None:
    """Sit the first exam with this many wrong answers."""
    begin(page)
    cards = page.locator(".ladder-question")
    for place, card in enumerate(cards.all()):
        known.answer(card, rightly=place >= wrong)
    page.get_by_role("button", name="交卷", exact=True).click()
    page.locator("[data-confirm]").click()
    expect(page.locator(".ladder-result").first).to_be_visible()


def test_a_mistake_is_redone_until_it_leaves_the_book(enter: Callable[..., Page], known: Knowledge, own_preview: Preview) -> None:
    page = enter("trainee-1", "mistakes")
    expect(page.locator(".ladder-notice")).to_contain_text("还没有参加过考试")
    look(page, "mistakes-none")
    page.goto(own_preview.url + "/unit/orientation-exam/")
    sit(page, known, 4)
    page.goto(own_preview.url + "/course/")
    page.locator('a[href="/unit/mistakes/"]').click()
    expect(page.locator("[data-count=open]")).to_have_text("4")
    look(page, "mistakes")

    page.locator("select[name=point]").select_option(index=1)
    expect(page.get_by_role("status")).to_contain_text("当前显示")
    expect(page.locator("select[name=point]")).to_be_focused()
    assert 0 < page.locator(".ladder-mistake").count() < 4 or page.locator("select[name=point] option").count() == 2
    page.locator("select[name=point]").select_option("")
    expect(page.locator(".ladder-mistake")).to_have_count(4)

    page.get_by_role("button", name="全部练习").click()
    for turn in range(4):
        form = page.locator("form[data-redo]")
        expect(form).to_be_visible()
        expect(page.locator(".ladder h2")).to_be_focused()
        if turn == 0:
            look(page, "mistakes-card")
        known.answer(form, rightly=turn > 0)
        form.get_by_role("button").click()
        expect(page.locator(".ladder h2")).to_have_text("没有全对" if turn == 0 else "答对了")
        expect(page.locator(".ladder h2")).to_be_focused()
        if turn < 2:
            look(page, f"mistakes-answered-{turn}")
        page.get_by_role("button", name="下一道错题").click()
    expect(page.locator("[data-count=open]")).to_have_text("4")
    expect(page.get_by_role("status")).to_contain_text("练完")

    page.get_by_role("button", name="全部练习").click()
    for _ in range(4):
        form = page.locator("form[data-redo]")
        known.answer(form)
        form.get_by_role("button").click()
        page.get_by_role("button", name="下一道错题").click()
    expect(page.locator("[data-count=open]")).to_have_text("1")
    expect(page.locator("[data-count=mastered]")).to_have_text("3")
    page.locator(".ladder-mastered > summary").click()
    look(page, "mistakes-mastered")
    page.get_by_role("button", name="重做").first.click()
    known.answer(page.locator("form[data-redo]"))
    page.locator("form[data-redo]").get_by_role("button").click()
    page.get_by_role("button", name="返回错题本").click()
    expect(page.locator(".ladder-result")).to_contain_text("都已掌握")
    look(page, "mistakes-all-mastered")


def test_a_lost_reply_counts_once_and_a_second_window_loses_nothing(
    enter: Callable[..., Page], known: Knowledge, own_preview: Preview
) -> None:
    page = enter("trainee-2", "orientation-exam", "dark")
    sit(page, known, 2)
    page.goto(own_preview.url + "/unit/mistakes/")
    look(page, "mistakes-dark")
    other = page.context.new_page()
    other.goto(own_preview.url + "/unit/mistakes/")
    for window in (page, other):
        window.get_by_role("button", name="重做").first.click()
        known.answer(window.locator("form[data-redo]"))

    def lose_reply(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()  # the page does not know

    page.route(REDO, lose_reply, times=1)
    check = page.locator("form[data-redo]").get_by_role("button")
    check.click()
    expect(page.get_by_role("alert")).to_contain_text("网络已断开")
    check.click()
    expect(page.locator(".ladder-result")).to_contain_text("1 / 2")
    look(page, "mistakes-answered-dark")

    other.locator("form[data-redo]").get_by_role("button").click()
    expect(other.get_by_role("alert")).to_contain_text("另一个窗口")
    expect(other.locator(".ladder-tag").first).to_contain_text("1 / 2")
    known.answer(other.locator("form[data-redo]"))
    other.locator("form[data-redo]").get_by_role("button").click()
    expect(other.locator(".ladder-result")).to_contain_text("已移出错题本")
