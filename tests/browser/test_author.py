"""An author's afternoon: save, see, break, mend."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from browser.conftest import PASSWORD, ROOT, Preview


@pytest.fixture
def own_course(tmp_path: Path) -> Iterator[tuple[Preview, Path]]:
    """A copy of the course that may be changed, served."""
    folder = tmp_path / "courses/agent-onboarding"
    shutil.copytree(ROOT / "courses/agent-onboarding", folder)
    shutil.copytree(ROOT / "question_banks/agent-onboarding", tmp_path / "question_banks/agent-onboarding")
    running = Preview(folder, tmp_path / "data")
    yield running, folder
    running.stop()


def test_a_saved_file_is_on_the_open_page_and_a_broken_one_says_what_is_wrong(
    own_course: tuple[Preview, Path], context: BrowserContext
) -> None:
    preview, folder = own_course
    lesson = folder / "01-orientation/10-welcome-hotline.md"
    good = lesson.read_text(encoding="utf-8")
    page = context.new_page()
    page.goto(preview.url + "/")
    page.fill("[name=username]", "trainer-1")
    page.fill("[name=password]", PASSWORD)
    page.click(".sign-in button")
    page.goto(f"{preview.url}/unit/welcome-hotline/")

    lesson.write_text(good + "\n刚刚写下的一句话。\n", encoding="utf-8")
    expect(page.get_by_text("刚刚写下的一句话。")).to_be_visible()

    lesson.write_text(good + "\n坏链接 [[service-limit]]。\n", encoding="utf-8")
    line = good.count("\n") + 2
    problems = page.locator(".problems")
    expect(problems).to_contain_text(f"10-welcome-hotline.md:{line}:5")
    expect(problems).to_contain_text("[[service-limits]]")
    expect(page.get_by_text("刚刚写下的一句话。")).to_be_visible()

    lesson.write_text(good, encoding="utf-8")
    expect(problems).to_have_count(0)
    expect(page.get_by_text("刚刚写下的一句话。")).to_have_count(0)
