"""The whole way of a trainee in a real browser, in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Preview, begin, look
from browser.knowledge import Knowledge, read_lesson
from ladder.core.case import best_path

COURSE = Path(__file__).parent.parent.parent / "courses/agent-onboarding"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The course, known by heart."""
    return Knowledge(COURSE)


def study(page: Page, preview: Preview, knowledge: Knowledge) -> None:
    """Read every lesson of the first stage."""
    for lesson in knowledge.course.stages[0].lessons:
        page.goto(f"{preview.url}/unit/{lesson.id}/")
        read_lesson(page)


def play(page: Page, preview: Preview, knowledge: Knowledge, *, looking: bool) -> None:
    """Play the case of the first stage as well as it can be played."""
    case = knowledge.course.stages[0].cases[0]
    page.goto(f"{preview.url}/unit/{case.id}/")
    if looking:
        look(page, "case-briefing")
    page.get_by_role("button", name="接起电话").click()
    for number, step in enumerate(best_path(case)):
        options = page.locator(".ladder-option")
        expect(options).to_have_count(len(case.by_id[step.scene].options))
        if looking and number == 1:
            look(page, "case-call")
        options.nth(step.option).click()
        expect(page.locator(f"[data-position='{number}']")).to_have_count(0)
    expect(page.locator(".ladder-result")).to_contain_text("100")
    expect(page.locator(".ladder-result")).to_contain_text("通过")
    if looking:
        look(page, "case-review")


def sit(page: Page, preview: Preview, knowledge: Knowledge, *, rightly: int) -> None:
    """Sit the first exam, answering that many questions rightly and the others wrongly."""
    page.goto(f"{preview.url}/unit/{knowledge.course.stages[0].exams[0].id}/")
    begin(page)
    cards = page.locator(".ladder-question")
    expect(cards).to_have_count(knowledge.course.stages[0].exams[0].count)
    for number, card in enumerate(cards.all()):
        knowledge.answer(card, rightly=number < rightly)
    expect(page.locator(".ladder-saved")).to_contain_text("已保存")


def hand_in(page: Page) -> None:
    """Hand in and confirm."""
    page.get_by_role("button", name="交卷", exact=True).click()
    page.get_by_role("button", name="确认交卷").click()
    expect(page.locator(".ladder-result")).to_be_visible()


def test_a_trainee_walks_from_the_sign_in_to_the_second_stage(
    sign_in: Callable[[str], Page], preview: Preview, knowledge: Knowledge
) -> None:
    page = sign_in("trainee-1")
    look(page, "course-new")
    page.goto(f"{preview.url}/unit/{knowledge.course.stages[1].lessons[0].id}/")
    expect(page.locator(".ladder-notice")).to_contain_text("解锁本阶段")
    expect(page.locator(".ladder-row")).to_have_count(3)
    look(page, "locked")
    page.goto(f"{preview.url}/unit/theory/")
    look(page, "stage-locked")

    first = knowledge.course.stages[0].lessons[0]
    page.goto(f"{preview.url}/unit/{first.id}/")
    look(page, "lesson")
    study(page, preview, knowledge)
    look(page, "lesson-finished")
    play(page, preview, knowledge, looking=True)

    page.goto(f"{preview.url}/unit/{knowledge.course.stages[0].exams[0].id}/")
    look(page, "exam-start")
    sit(page, preview, knowledge, rightly=100)
    look(page, "exam-running")
    page.reload()
    expect(page.locator(".ladder-navigator .is-answered")).to_have_count(knowledge.course.stages[0].exams[0].count)
    hand_in(page)
    expect(page.locator(".ladder-marks")).to_contain_text("100")
    opened = page.locator(".ladder-opened")
    expect(opened).to_contain_text("已解锁")
    look(page, "exam-passed")

    opened.click()
    page.wait_for_url("**/unit/theory/")
    look(page, "stage-open")
    page.goto(f"{preview.url}/unit/{knowledge.course.stages[1].lessons[0].id}/")
    expect(page.get_by_role("button", name="我学完了")).to_be_visible()
    page.goto(f"{preview.url}/course/")
    page.reload()
    expect(page.locator(".stage").nth(0)).to_contain_text("已完成")
    expect(page.locator(".stage").nth(1)).to_contain_text("我在这里")
    look(page, "course-second-stage")


def test_who_fails_the_exam_stays_below(
    sign_in: Callable[[str], Page], preview: Preview, knowledge: Knowledge
) -> None:
    page = sign_in("trainee-2")
    study(page, preview, knowledge)
    play(page, preview, knowledge, looking=False)
    sit(page, preview, knowledge, rightly=10)
    hand_in(page)
    expect(page.locator(".ladder-result")).to_contain_text("未通过")
    expect(page.locator(".ladder-opened")).to_have_count(0)
    look(page, "exam-failed")
    page.goto(f"{preview.url}/unit/{knowledge.course.stages[1].lessons[0].id}/")
    expect(page.locator(".ladder-notice")).to_contain_text("解锁本阶段")
    expect(page.get_by_role("link", name="再考一次").first).to_be_visible()


def test_a_knowledge_base_link_opens_the_article_in_place_and_as_a_page(
    sign_in: Callable[[str], Page], preview: Preview, knowledge: Knowledge
) -> None:
    page = sign_in("trainee-3")
    page.goto(f"{preview.url}/unit/{knowledge.course.stages[0].lessons[0].id}/")
    link = page.locator(".ladder-text a.ladder-link").first
    link.click()
    panel = page.locator(".ladder-panel")
    expect(panel).to_be_visible()
    look(page, "article-in-place")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    panel.get_by_role("link", name="打开整页").click()
    expect(page.locator("article.ladder-article h2").first).to_be_visible()
    look(page, "article-page")


def test_the_trainer_sees_who_is_where(sign_in: Callable[[str], Page], preview: Preview) -> None:
    page = sign_in("trainer-1")
    expect(page.locator(".cohort-ladder > li")).to_have_count(6)
    expect(page.locator(".cohort-ladder")).to_contain_text("林晓雨")
    expect(page.locator(".cohort tbody tr")).to_have_count(15)
    look(page, "cohort")
    page.goto(f"{preview.url}/author/welcome-hotline/")
    page.locator("textarea").fill("---\nkind: lesson\ntitle: 一\n---\n没有小节\n")
    page.get_by_role("button", name="检查").click()
    expect(page.locator(".ladder-problems")).to_contain_text("content:5:1")
    look(page, "studio")


def test_the_sign_in_page_says_what_is_wrong(context, preview: Preview) -> None:
    page = context.new_page()
    page.goto(preview.url + "/")
    expect(page).to_have_url(f"{preview.url}/sign-in/")
    look(page, "sign-in")
    page.fill("[name=username]", "trainee-1")
    page.fill("[name=password]", "wrong")
    page.click(".sign-in button")
    expect(page.get_by_role("alert")).to_contain_text("不正确")
