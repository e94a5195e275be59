"""Times in a real browser: in its own zone, or in the one that the reader prefers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.conftest import PASSWORD, ROOT, Preview, begin, look
from ladder.core.moment import FORMS, offset_name

EXAM = "orientation-exam"
UNIT = re.compile(r"/unit/")


@pytest.fixture(scope="module")
def own_preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server of this file's own, whose zone is that of Shanghai."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Asia/Shanghai")
        running = Preview(ROOT / "courses/agent-onboarding", tmp_path_factory.mktemp("reader"))
    yield running
    running.stop()


@pytest.fixture
def visit(browser: Browser, own_preview: Preview) -> Iterator[Callable[..., Page]]:
    """`visit("trainee-1", "America/New_York")` opens the exam in a browser of that zone, in Chinese or in `locale`."""
    contexts = []

    def visited(name: str, zone: str, locale: str = "zh-CN") -> Page:
        context = browser.new_context(locale=locale, timezone_id=zone, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto(own_preview.url + "/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click(".sign-in button")
        page.wait_for_url("**/course/")
        page.goto(f"{own_preview.url}/unit/{EXAM}/")
        return page

    yield visited
    for context in contexts:
        context.close()


def answer(page: Page) -> None:
    """Begin, unless it has been begun, and change an answer."""
    expect(page.locator("form[data-action=begin] button, .ladder-question").first).to_be_visible()
    if page.locator("form[data-action=begin] button").count():
        begin(page)
    page.locator("[data-item='1'] input:not(:checked)").first.click()
    expect(page.locator(".ladder-saved")).to_contain_text(":")


def check_times(page: Page, zone: str, brackets: str) -> list[str]:
    """Every moment of the page stands there as the server would write it in that zone."""
    expect(page.locator("time[data-form]").first).to_be_visible()
    shown = []
    for time in page.locator("time[data-form]").all():
        at = datetime.datetime.fromisoformat(time.get_attribute("datetime")).astimezone(ZoneInfo(zone))
        form = time.get_attribute("data-form")
        text = at.strftime(FORMS[form].parts)
        assert time.text_content() == (text + brackets % offset_name(at) if FORMS[form].says_zone else text)
        shown.append(form)
    return shown


@pytest.mark.parametrize(("zone", "locale", "brackets"), [
    ("America/New_York", "en-US", " (%s)"), ("Asia/Shanghai", "zh-CN", "（%s）"), ("Australia/Adelaide", "zh-CN", "（%s）"), ("UTC", "en-GB", " (%s)"),
])
def test_times_are_those_of_the_browser_and_say_so(visit: Callable[..., Page], zone: str, locale: str, brackets: str) -> None:
    page = visit("trainer-1", zone, locale)
    answer(page)
    now = datetime.datetime.now(ZoneInfo(zone))
    saved = re.search(r"(\d\d):(\d\d)$", page.locator(".ladder-saved").inner_text())
    assert abs((now.hour * 60 + now.minute) - (int(saved[1]) * 60 + int(saved[2]))) in (0, 1, 1439)
    page.reload()
    page.locator("form[data-action=desk] button").first.click()
    expect(page.locator("[data-zone]")).to_have_text(zone)
    assert "row" in check_times(page, zone, brackets)
    page.locator("form[data-action=open_attempt] button").first.click()
    expect(page.locator("dl.ladder-receipt")).to_be_visible()
    assert set(check_times(page, zone, brackets)) == {"seconds"}


def test_a_page_of_a_reader_who_prefers_a_zone_stays_as_the_server_made_it(visit: Callable[..., Page]) -> None:
    page = visit("trainee-1", "America/New_York")

    def prefer(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace('"zone": ""', '"zone": "Asia/Shanghai"'))

    page.route(UNIT, prefer)
    page.reload()
    answer(page)
    expect(page.locator(".ladder-saved")).to_contain_text("（UTC+8）")


def test_the_replies_to_a_page_speak_its_language(visit: Callable[..., Page]) -> None:
    page = visit("trainee-2", "Asia/Shanghai", "en-US")
    page.context.add_cookies([{"name": "django_language", "value": "zh-hans", "domain": "127.0.0.1", "path": "/"}])
    begin(page)
    expect(page.locator(".ladder-bar")).to_contain_text("Time left")
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="交卷")).to_be_visible()


def test_the_paper_and_the_desk_have_room_for_zones(visit: Callable[..., Page]) -> None:
    page = visit("trainer-1", "America/North_Dakota/New_Salem")
    answer(page)
    look(page, "paper-zone")
    page.locator("form[data-action=desk] button").first.click()
    expect(page.locator("[data-zone]")).to_have_text("America/North_Dakota/New_Salem")
    look(page, "desk-zone")
