"""What somebody knows who has studied: the right answers, found by the words on the screen."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import html
from playwright.sync_api import Locator, Page

from ladder.core.course import Course, questions_of
from ladder.core.markup import to_html, to_inline_html
from ladder.core.question import BLANK, Question, Type
from ladder_tools.folder import read_course


def words(text: str) -> str:
    """Text without spaces."""
    return re.sub(r"\s+", "", text)


def _shown(markup: str) -> str:
    return words(html.fromstring(f"<div>{markup}</div>").text_content())


class Knowledge:
    """A course, known by heart."""

    def __init__(self, folder: Path) -> None:
        course, _, _ = read_course(folder)
        assert course is not None
        self.course: Course = course
        self.questions = {
            _shown(BLANK.sub("", to_html(question.stem))): question for question in questions_of(course.banks).values()
        }

    def question(self, card: Locator) -> Question:
        """The question on a card."""
        return self.questions[words(card.locator(".ladder-stem").inner_text())]

    def answer(self, card: Locator, *, rightly: bool = True) -> None:
        """Answer a question on the page, by clicking and typing."""
        question = self.question(card)
        if question.type is Type.BLANK:
            for field, accepted in zip(card.locator("input").all(), question.blanks, strict=True):
                field.fill(accepted[0] if rightly else "不知道")
            return
        for choice in question.choices:
            if choice.correct is rightly:
                label = _shown(to_inline_html(choice.text))
                for row in card.locator("label").all():
                    if words(row.locator("span").last.inner_text()) == label:
                        row.locator("input").check()
                if not rightly and question.type is not Type.MULTIPLE:
                    return


def read_lesson(page: Page) -> None:
    """Scroll through a lesson as a reader does, then say that it is done."""
    for section in page.locator(".ladder-text h2").all():
        section.scroll_into_view_if_needed()
        page.wait_for_timeout(30)
    page.locator(".ladder-end").scroll_into_view_if_needed()
    page.locator(".ladder-contents li:not(.is-read)").first.wait_for(state="detached")
    page.get_by_role("button", name="我学完了").click()
    page.get_by_text("本课已学完。").first.wait_for()
