"""Which of our languages a page speaks, by reader, course and platform."""

from __future__ import annotations

import pytest

from ladder.core.language import ours, spoken

CHINESE_CODES = ["zh", "zh-cn", "zh_CN", "zh-CN", "zh-hans", "zh_Hans", "zh-Hans-CN", "zh-sg", "zh-hans-sg", "zh-my"]
TRADITIONAL_CODES = ["zh-tw", "zh_TW", "zh-hk", "zh-mo", "zh-hant", "zh-Hant-TW"]
BOTH = ["en", "zh-cn"]


@pytest.mark.parametrize(("codes", "language"), [
    (CHINESE_CODES, "zh-hans"), (["en", "en-us", "en_GB", "en@pirate"], "en"),
    (TRADITIONAL_CODES, None), (["", None, "fr", "vi", "eng", "zho", "eo", "x' lang='zh"], None),
])
def test_words_for_a_reader(codes, language):
    assert {code: ours(code) for code in codes} == dict.fromkeys(codes, language)


@pytest.mark.parametrize(("reader", "course", "released", "language"), [
    # Open edX as it is installed: its own language is released and no other, so nobody has chosen it.
    ("en", "zh-CN", ["en"], "zh-hans"),
    ("en", "zh_CN", ["en"], "zh-hans"),
    ("en", "zh", ["en"], "zh-hans"),
    ("vi", "zh-cn", ["vi"], "zh-hans"),
    ("vi", "en", ["vi"], "en"),
    ("zh-cn", "en", ["zh-cn"], "en"),
    ("en", "en", ["en"], "en"),
    # Both are released: the reader has chosen.
    ("en", "zh-CN", BOTH, "en"),
    ("zh-cn", "zh-CN", BOTH, "zh-hans"),
    ("zh-cn", "en", BOTH, "zh-hans"),
    ("zh-hans", "zh-CN", ["en", "zh-hans"], "zh-hans"),
    ("en-gb", "zh-hans", ["en-gb", "zh-cn"], "en"),
    # Released is what the reader asks for, or it is not: a preview of a dark language is not.
    ("zh-cn", "en", ["en", "fr"], "en"),
    # Languages that we have no words for.
    ("zh-tw", "zh-CN", [*BOTH, "zh-tw"], "zh-hans"),
    ("zh-hk", "en", [*BOTH, "zh-hk"], "en"),
    ("fr", "zh-CN", [*BOTH, "fr"], "zh-hans"),
    (None, "zh-CN", BOTH, "zh-hans"),
    # Courses in languages that we have no words for, or that do not say theirs.
    ("zh-cn", "fr", ["en"], "zh-hans"),
    ("fr", "fr", ["fr"], "en"),
    ("en", "zh-tw", ["en"], "zh-hans"),
    ("en", "zh-tw", ["en", "zh-tw"], "en"),
    ("en", "", ["en"], "en"),
    ("zh-cn", "", [], "zh-hans"),
    ("vi", "", ["vi"], "en"),
])
def test_a_page_speaks_the_readers_language_where_it_was_chosen_and_else_the_courses(reader, course, released, language):
    assert spoken(reader, course, tuple(released)) == language
