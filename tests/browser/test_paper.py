"""A paper to print, as a browser shows and prints it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from browser.conftest import ROOT, look
from ladder.core.bank import Bank, parse_bank
from ladder.core.document import parse_document
from ladder.core.problems import Report
from ladder.core.question import Choice
from ladder_tools import formats
from ladder_tools.formats.model import Output
from word_files import png

A4_PIXELS = 794  # at 96 a inch


def real_bank() -> Bank:
    report = Report("service-skills.md")
    document = parse_document((ROOT / "question_banks/agent-onboarding/service-skills.md").read_text(encoding="utf-8"), report, ("bank",))
    assert document is not None
    return parse_bank(document, "", report)


def opened(context: BrowserContext, folder: Path) -> Page:
    """A real bank, one question with a wide table, a picture and code, as a paper in the browser."""
    bank = real_bank()
    first, *rest = bank.questions
    first = replace(
        first, stem="看图和表：\n\n![指示灯](lamp.png)\n\n| 级别 | 时限 |\n| --- | --- |\n| 紧急 | " + "4 小时内" * 20 + " |\n\n```\nGET /bill\n```",
        choices=(*first.choices, Choice("![图](lamp.png)", False)),
    )
    output = Output([Bank(bank.id, bank.title, (first, *rest))], {"lamp.png": png(90, 90, 90)})
    formats.write(output, "paper-html")
    path = folder / "paper.html"
    path.write_bytes(output.files[""])
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    return page


def pages(page: Page) -> int:
    """How many sheets of paper it takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_a_paper_can_be_read_by_everybody_at_every_width(context: BrowserContext, tmp_path: Path) -> None:
    look(opened(context, tmp_path), "paper")


def test_the_key_begins_on_a_page_of_its_own(context: BrowserContext, tmp_path: Path) -> None:
    page = opened(context, tmp_path)
    whole = pages(page)
    page.evaluate("document.querySelector('.key').remove()")
    paper = pages(page)
    page.reload()
    page.evaluate("document.querySelectorAll('main > :not(.key)').forEach(part => part.remove())")
    assert whole == paper + pages(page)


def test_no_question_is_cut_in_two_and_nothing_leaves_the_sheet(context: BrowserContext, tmp_path: Path) -> None:
    page = opened(context, tmp_path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_PIXELS - 150, "height": 1000})  # what the margins leave
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    cut = page.evaluate(
        "[...document.querySelectorAll('.question:not(:has(img, table, pre))')].filter(q => getComputedStyle(q).breakInside !== 'avoid').length"
    )
    assert cut == 0
    assert page.locator(".question").count() == len(real_bank().questions)
