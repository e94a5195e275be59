"""A real preview server and a real browser."""

from __future__ import annotations

import datetime
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PASSWORD = "walk-the-ladder"
SIZES = {1280: 900, 375: 812}
PATIENCE = 60_000  # milliseconds: what comes at all comes; how soon is no matter of these tests
expect.set_options(timeout=PATIENCE)
# Inside the window, and not under anything that sticks to its edges.
IN_VIEW = """node => {
  const { left, top, right, bottom, width, height } = node.getBoundingClientRect();
  if (!height || top < 0 || left < 0 || bottom > innerHeight + 1 || right > innerWidth + 1) return false;
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return node === seen || node.contains(seen) || seen.contains(node);
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, and comes last: Playwright keeps an event loop running, in which Django serves nobody."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


class Preview:
    """`ladder serve` as a user starts it."""

    def __init__(self, course: Path, data: Path) -> None:
        self.data = data
        command = [Path(sys.executable).parent / "ladder", "serve", course, "--port", "0", "--data", data]
        env = os.environ | {"LADDER_DEMO_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            found = re.search(r"(http://\S+)/$", line.strip())
            if found:
                self.url = found[1]
                return
        raise RuntimeError("".join(said))

    def write(self, sql: str, *values: object) -> None:
        """Change what is on record, behind the server's back."""
        with closing(sqlite3.connect(self.data / "records.sqlite3", timeout=10)) as records, records:
            records.execute(sql, values)

    def end_attempts(self, seconds_left: float) -> None:
        """The attempts that are running end in so many seconds, or so many ago."""
        at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds_left)
        self.write("UPDATE ladder_attempt SET deadline_at = ? WHERE submitted_at IS NULL", at.strftime("%Y-%m-%d %H:%M:%S.%f"))

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(60)
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture(scope="session")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """The real course, served."""
    running = Preview(ROOT / "courses/agent-onboarding", tmp_path_factory.mktemp("data"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A small course, served: its first exam has five questions and takes 20 minutes, with 30 seconds of grace."""
    running = Preview(ROOT / "tests/course/courses/small", tmp_path_factory.mktemp("small"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one that `scripts/find-browser` names."""
    path = os.environ.get("LADDER_CHROMIUM") or subprocess.check_output([ROOT / "scripts/find-browser"], text=True).strip()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh Chinese browser profile."""
    made = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def sign_in(context: BrowserContext, preview: Preview) -> Callable[[str], Page]:
    """Sign somebody in through the page, and fail the test on any script error."""

    def enter(name: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto(preview.url + "/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click(".sign-in button")
        page.wait_for_url("**/course/")
        return page

    return enter


@pytest.fixture
def visit(context: BrowserContext, small: Preview) -> Iterator[Callable[..., Page]]:
    """Open a unit of the small course as somebody, in a page whose clock the test may move on. No script may fail."""
    errors = []

    def opened(name: str, unit: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(small.url + "/")
        if page.locator("[name=username]").count():
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            page.click(".sign-in button")
            page.wait_for_url("**/course/")
        page.clock.install()
        page.goto(f"{small.url}/unit/{unit}/")
        return page

    yield opened
    assert not errors


@pytest.fixture
def sit(visit: Callable[..., Page], small: Preview) -> Callable[..., Page]:
    """Open the first exam as somebody and begin; nobody has sat it before."""
    for table in ("answer", "mark", "lateanswer", "attempt", "allowance"):
        small.write(f"DELETE FROM ladder_{table}")

    def begun(name: str = "trainee-1") -> Page:
        page = visit(name, "first-exam")
        opener = page.locator("form[data-action=begin]")
        expect(opener.or_(page.locator(".ladder-question")).first).to_be_visible()
        if opener.count():
            begin(page)
        return page

    return begun


def begin(page: Page) -> None:
    """Begin an attempt, for which the page asks first."""
    page.locator("form[data-action=begin] button").first.click()
    page.locator("form[data-action=begin] [data-confirm]").click()
    expect(page.locator(".ladder-question").first).to_be_visible()


def button(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def check_question(page: Page, question: str | re.Pattern[str], safe: str) -> Locator:
    """A question stands in the window, all of it, with the focus on its safe answer, which comes first. Returns it."""
    expect(button(page, safe)).to_be_focused()
    group = page.get_by_role("group", name=question)
    expect(group).to_be_visible()
    assert group.evaluate(IN_VIEW), question
    assert button(page, safe).evaluate(IN_VIEW), safe
    assert group.get_by_role("button").first.inner_text().strip() == safe
    return group


def look(page: Page, name: str) -> None:
    """See a screen at both sizes: axe finds nothing, nothing is cut off sideways; keep a picture when asked to."""
    pictures = os.environ.get("LADDER_SCREENSHOTS")
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")  # what lies half under a bar that stays in view is there by scrolling only
        page.wait_for_timeout(100)
        if pictures:
            Path(pictures).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{pictures}/{name}-{width}.png", full_page=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} at {width} px is {overflow} px too wide"
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        told = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found]
        assert not told, f"{name} at {width} px: {json.dumps(told, ensure_ascii=False, indent=1)}"
    page.set_viewport_size({"width": 1280, "height": 900})
