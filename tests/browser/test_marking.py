"""Written answers in a real browser: a trainee hands them in, a trainer marks them by keyboard, the trainee sees the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import PASSWORD, Preview, begin, check_question, look
from browser.knowledge import Knowledge
from browser.test_walk import hand_in, play, sit, study

COURSE = Path(__file__).parent.parent.parent / "courses/agent-onboarding"
COMMENT = "表达清楚，下次把时限也写上。"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The course, known by heart."""
    return Knowledge(COURSE)


@pytest.fixture
def trainer(browser: Browser, preview: Preview) -> Iterator[Page]:
    """A trainer in a browser of their own."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(preview.url + "/")
    page.fill("[name=username]", "trainer-1")
    page.fill("[name=password]", PASSWORD)
    page.click(".sign-in button")
    page.wait_for_url("**/course/")
    yield page
    context.close()


def write_the_second_exam(page: Page, preview: Preview, knowledge: Knowledge, exam: str) -> None:
    """Answer everything in the second exam, the written questions in a few words."""
    page.goto(f"{preview.url}/unit/{exam}/")
    begin(page)
    for card in page.locator(".ladder-question").all():
        text = card.locator("textarea")
        if text.count():
            text.fill("先安抚客户，再核对身份，说明处理时限。<b>不是粗体</b>")
        else:
            knowledge.answer(card)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")
    hand_in(page)


def mark_by_keyboard(page: Page) -> None:
    """Full marks for the answer on the page: Tab to each key point, one arrow, a comment, Ctrl+Enter."""
    expect(page.locator(":focus")).to_have_attribute("data-focus", "")
    fields = page.locator("form[data-marking] fieldset")
    for number in range(fields.count()):
        while not page.evaluate("n => document.querySelectorAll('form[data-marking] fieldset')[n].contains(document.activeElement)", number):
            page.keyboard.press("Tab")
        choice = page.evaluate("document.activeElement.type")
        page.keyboard.press("ArrowLeft" if choice == "radio" else "End")  # before the first comes the last: all the marks
    while page.evaluate("document.activeElement.name") != "comment":
        page.keyboard.press("Tab")
    page.keyboard.type(COMMENT)
    sum_, possible = page.locator(".ladder-sum output").inner_text(), page.locator(".ladder-sum").inner_text()
    assert re.search(rf"{re.escape(sum_)}\s*/\s*{re.escape(sum_)}\b", possible), "all of it"
    page.keyboard.press("Control+Enter")


def open_tab(page: Page, name: str) -> None:
    """A tab of the desk."""
    page.locator(f".ladder-tabs form[data-action={name}] button").click()
    expect(page.locator(f".ladder-tabs form[data-action={name}] button")).to_have_attribute("aria-current", "page")


def test_what_a_marker_notes_survives_a_reload_and_a_lost_connection_is_said(trainer: Page, preview: Preview, knowledge: Knowledge) -> None:
    exam = knowledge.course.stages[1].exams[0].id
    def to_an_answer() -> None:
        trainer.goto(f"{preview.url}/unit/{exam}/")
        trainer.locator(".ladder-desk-door button").click()
        open_tab(trainer, "marking")
        trainer.locator(".ladder-queue-row button:not(.is-quiet)").first.click()
        expect(trainer.locator("form[data-marking]")).to_be_visible()

    to_an_answer()
    trainer.locator("[data-all=last]").click()
    trainer.locator("[name=comment]").fill("写到一半")
    expect(trainer.locator("[data-draft]")).to_contain_text(re.compile(r"\d:\d\d"))
    to_an_answer()
    expect(trainer.locator("[name=comment]")).to_have_value("写到一半")
    assert trainer.locator("form[data-marking] input:checked").count() == trainer.locator(".ladder-steps-row").count()

    trainer.context.set_offline(True)
    trainer.locator("[name=comment]").fill("写到一半，断了")
    expect(trainer.locator("[data-draft].is-failed")).to_be_visible()
    trainer.context.set_offline(False)
    expect(trainer.locator("[data-draft].is-failed")).to_have_count(0)
    to_an_answer()
    expect(trainer.locator("[name=comment]")).to_have_value("写到一半，断了")
    trainer.locator("[name=comment]").fill("写完就走")
    open_tab(trainer, "marking")
    to_an_answer()
    expect(trainer.locator("[name=comment]")).to_have_value("写完就走")
    trainer.locator("[name=comment]").press("Control+Enter")
    expect(trainer.locator(".ladder-status")).to_contain_text("已评分")


def test_written_answers_are_marked_by_keyboard_released_and_seen(
    sign_in: Callable[[str], Page], trainer: Page, preview: Preview, knowledge: Knowledge
) -> None:
    exam = knowledge.course.stages[1].exams[0].id
    trainee = sign_in("trainee-3")
    study(trainee, preview, knowledge)
    play(trainee, preview, knowledge, looking=False)
    sit(trainee, preview, knowledge, rightly=100)
    hand_in(trainee)
    write_the_second_exam(trainee, preview, knowledge, exam)
    expect(trainee.locator(".ladder-result.is-pending")).to_be_visible()
    look(trainee, "exam-pending")

    trainer.goto(f"{preview.url}/unit/{exam}/")
    trainer.locator(".ladder-desk-door button").click()
    expect(trainer.locator(".ladder-attempts .is-marking").first).to_be_visible()
    look(trainer, "desk")
    open_tab(trainer, "marking")
    look(trainer, "marking-queue")
    trainer.locator(".ladder-queue-row button").first.focus()
    trainer.keyboard.press("Enter")
    expect(trainer.locator("form[data-marking]")).to_be_visible()
    look(trainer, "marking-answer")

    answers = 0
    while True:
        if trainer.locator("form[data-marking]").count():
            code = trainer.locator("form[data-marking] [name=code]").input_value()
            mark_by_keyboard(trainer)
            answers += 1
            expect(trainer.locator(f"form[data-marking] [name=code][value='{code}']")).to_have_count(0)
        elif trainer.locator(".ladder-queue-row button:not(.is-quiet)").count():
            trainer.locator(".ladder-queue-row button:not(.is-quiet)").first.click()
            expect(trainer.locator("form[data-marking]")).to_be_visible()
        else:
            break
    assert answers >= 5
    trainee.reload()
    expect(trainee.locator(".ladder-result.is-pending")).to_be_visible()
    assert COMMENT not in trainee.content()

    look(trainer, "marking-done")
    open_tab(trainer, "desk")
    trainer.locator(".ladder-attempts tr:has(.is-ready) form[data-action=release] button").first.click()
    check_question(trainer, re.compile("公布.*第 .* 次考试的成绩？"), "先不公布")
    look(trainer, "ask-release-one")
    trainer.keyboard.press("Escape")
    expect(trainer.locator(".ladder-attempts .is-ready").first).to_be_visible()
    trainer.locator(".ladder-notice[data-action=release] button").first.click()
    check_question(trainer, re.compile("公布这 .* 份成绩？"), "先不公布")
    look(trainer, "ask-release-all")
    trainer.keyboard.press("Enter")
    expect(trainer.locator(".ladder-attempts .is-ready").first).to_be_visible()
    trainer.keyboard.press("Enter")
    trainer.keyboard.press("Tab")
    trainer.keyboard.press("Enter")
    expect(trainer.locator(".ladder-attempts .is-ready")).to_have_count(0)
    trainer.locator("form[data-action=open_attempt] button").first.click()
    expect(trainer.locator(".ladder-part").first).to_be_visible()
    look(trainer, "desk-attempt")
    trainer.locator("form[data-action=marking] button", has_text="重新评阅").first.click()
    trainer.locator("[name=comment]").press("Control+Enter")
    check_question(trainer, "修改已公布的成绩？", "返回")
    look(trainer, "ask-marks")
    trainer.keyboard.press("Enter")
    expect(trainer.locator("form[data-marking]")).to_be_visible()

    trainee.reload()
    expect(trainee.locator(".ladder-result.is-passed")).to_contain_text("100")
    expect(trainee.locator(".ladder-comment").first).to_contain_text(COMMENT)
    look(trainee, "exam-released")


def test_results_are_saved_as_files(trainer: Page, preview: Preview, knowledge: Knowledge) -> None:
    exam = knowledge.course.stages[1].exams[0].id
    trainer.goto(f"{preview.url}/unit/{exam}/")
    trainer.locator(".ladder-desk-door button").click()
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        with trainer.expect_download() as saved:
            trainer.locator(f"button[value={form}]").click()
        assert saved.value.suggested_filename.endswith(f".{form}")
        assert saved.value.path().read_bytes().startswith(begins)
