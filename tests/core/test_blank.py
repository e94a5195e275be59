"""What fills a blank."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ladder.core.blank import accepts, count_filled, is_bounded
from work import works

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(("key", "answer"), [
    ("48", "四十八"), ("48", "４８"), ("48", " 48 "), ("48", "48。"), ("48", "48小时"), ("48小时", "48"), ("四十八", "48"), ("48", "48.0"),
    ("3 个工作日", "三个工作日"), ("3", "三个工作日"), ("30 分钟", "三十分"), ("两天", "2日"), ("三", "3遍"), ("2", "两"), ("150", "一百五"),
    ("105", "一百零五"), ("32000", "三万二"), ("32000", "三万二千"), ("2026", "二〇二六"), ("1000", "1,000"), ("10", "十"), ("12", "十二"),
    ("1/5", "五分之一"), ("五分之一", "1/5"), ("20%", "百分之二十"), ("倾听", "“倾听”"), ("3A", "３a"), ("A 卡", "a卡"),
    ("10..20", "15"), ("10..20", "十五人"), ("10..20", "10"), ("48±2小时", "五十"), ("/工单(系统)?/", "工单"), ("/[甲乙]{2}/", "乙甲"),
])
def test_a_teacher_would_accept(key: str, answer: str) -> None:
    assert accepts(key, answer)


@pytest.mark.parametrize(("key", "answer"), [
    ("48 小时", "48天"), ("48", "49"), ("48", "84"), ("48", ""), ("48", "。"), ("五分之一", "五分之二"), ("105", "一百五"), ("倾听", "倾"),
    ("态度", "不是态度"), ("10..20", "21"), ("10..20", "十几"), ("48±2小时", "50天"), ("/工单(系统)?/", "工单系"), ("30 分钟", "30 秒"),
    ("1/5", "1/0"), ("3", "三三"), ("20%", "二十天"),
])
def test_a_teacher_would_reject(key: str, answer: str) -> None:
    assert not accepts(key, answer)


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Z", "P", "S", "C")), min_size=1, max_size=20))
def test_the_key_itself_always_fills_the_blank(key: str) -> None:
    assert accepts(key, key)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared(key: str, answer: str) -> None:
    assert accepts(key, answer) in (True, False)


def _numeral(number: int) -> str:
    """A number under 10,000 as it is spoken."""
    said, zero = "", False
    for place, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            said += ("零" if zero and said else "") + DIGITS[digit] + place
        zero = not digit
    return said or "零"


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_numerals_and_digits_agree_exactly_when_they_are_the_same_number(number: int, other: int) -> None:
    assert accepts(str(number), _numeral(number))
    assert accepts(str(number), _numeral(other)) is (number == other)


@pytest.mark.parametrize(("answers", "right"), [
    (("a", "b"), 2), (("b", "a"), 2), (("a", "a"), 1), (("", "b"), 1), (("x", "y"), 0), (("c", "b"), 2), (("c", "c"), 1),
])
def test_in_any_order_each_answer_counts_once(answers: tuple[str, ...], right: int) -> None:
    assert count_filled(answers, (("a", "c"), ("b",)), any_order=True) == right


def test_in_the_written_order_each_blank_has_its_own_answer() -> None:
    assert count_filled(("b", "a"), (("a",), ("b",)), any_order=False) == 0


@pytest.mark.parametrize("pattern", ["/(a+)+/", "/a*b/", "/(a|b){5}/", "/a{100}/", "/(/", "/" + "a" * 200 + "/", "/a.*b/"])
def test_a_pattern_that_could_take_long_is_not_bounded(pattern: str) -> None:
    assert not is_bounded(pattern)


@pytest.mark.parametrize("pattern", ["/(a?)(a?)(a?)(a?)(a?)(a?)b/", "/[ab]{99}c/", "/a{1,99}a{1,99}b/"])
def test_bounded_patterns_are_little_work_on_any_answer(pattern: str) -> None:
    assert is_bounded(pattern)
    assert not accepts(pattern, "a" * 20_000)
    assert works(lambda: accepts(pattern, "a" * 20_000), 500) <= 500
