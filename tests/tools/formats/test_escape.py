"""Plain text as Markdown: nothing a person types in a table or a text file turns into formatting."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings, strategies as st

from ladder.core.markup import to_html
from ladder_tools.formats.escape import is_plain, to_markdown, to_markdown_line, to_text

MARKS = st.text(st.sampled_from("\\`*_{}[]()>#+-.!~|<>&;=:?/ a1甲。\n"), max_size=30)


def lines(text: str) -> str:
    """A text with its spaces as a page shows them, without empty lines."""
    shown = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in shown if line)


@given(MARKS | st.text(max_size=40))
@example("9:00~12:00，13:00~18:00")
@example("按*键，再按*键")
@example("a\\")
@example("1. 甲")
@example("{{{{")
@settings(max_examples=400)
def test_text_reads_the_same_as_markdown(text: str) -> None:
    text = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufeff\ufffe\uffff]", "", text)
    text = re.sub(r"\{\{\d+\}\}", "", text)
    assert lines(to_text(to_markdown(text))) == lines(text)
    assert lines(to_text(to_markdown_line(text))) == lines(text)
    assert is_plain(to_markdown(text))


@pytest.mark.parametrize("text", ["9:00~18:00", "按 * 键", "3.5 元", "A/B", "C:\\temp", "48 小时（含）", "100%", "A|B", "- 3 度"])
def test_text_that_means_nothing_to_markdown_is_left_as_it_is(text: str) -> None:
    assert to_markdown(text).lstrip("\\") == text


def test_blanks_stay_blanks_and_other_braces_do_not_become_some() -> None:
    assert to_markdown("在 {{1}} 小时内，{{甲}}") == "在 {{1}} 小时内，{\\{甲}\\}"


@pytest.mark.parametrize(("markdown", "text"), [
    ("**先**核身", "先核身"),
    ("甲\n\n- 乙\n- 丙", "甲\n乙\n丙"),
    ("看 [[broadband#端口资源|端口]]", "看 端口"),
    ("一行\n同一段", "一行 同一段"),
    ("| 项 | 值 |\n| --- | --- |\n| 甲 | 1 |", "项\t值\n甲\t1"),
    ("见图 ![流程](flow.png)", "见图 [流程]"),
])
def test_markdown_as_text_says_what_a_page_says(markdown: str, text: str) -> None:
    assert to_text(markdown) == text
    assert to_html(markdown)
    assert is_plain(markdown) == (markdown == "一行\n同一段")
