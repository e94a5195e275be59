"""What fills a blank."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, given, settings, strategies as st

from backtracking import Engine
from ladder.core import blank
from ladder.core.blank import MAX_BLANK, MAX_DIGITS, MAX_STEPS, accepts, count_filled, read_amount, steps_to_mark
from ladder.core.pattern import is_bounded, worst_steps

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


# -- any text whatever ----------------------------------------------------------------------------------------------

# What has brought marking down, or could: numbers too long to be numbers, numerals that go on for ever, letters that become two.
KILLERS = [
    "9" * 5000, "万" * 1000, "零" * 5000, "٤٨" * 2500, "亿" * 5000, "万亿" * 2000, "一亿" * 2000, "千" * 5000, "1/" + "9" * 5000, "9" * 5000 + "/7",
    "一" * 3000 + "分之" + "二" * 3000, "百分之" + "九" * 5000, "-" * 5000, "0." + "0" * 5000 + "1", "1e999999999", "9" * 4301, "9" * 4300 + ".5",
    "1," * 5000, "1,111" * 1000, "ß" * 200, "ΐ" * 200, "\u3000" * 5000, "，" * 5000, "４" * 5000, "48" + "零" * 5000, "9" * 41, "9" * 200, "1/0", "0/0",
    "²", "½", "①", "\ud800", "\x00", "a" * 200, "ab" * 100, "[" * 200, "(" * 200, "9" * 40 + "小时", "零" * 41 + "八",
]
TEXTS = st.text() | st.sampled_from(KILLERS) | st.lists(st.sampled_from([*"0123456789零一二十百千万亿.,/-±分之小时%٤"]), max_size=80).map("".join)
KEYS = st.sampled_from(["48", "四十八", "48 小时", "40..50", "48±2", "1/5", "20%", "/[ab]{0,99}c/", "/工单(系统)?/", "/(a+)+/"]) | TEXTS


@given(KEYS, TEXTS)
@settings(max_examples=500)
def test_no_answer_to_any_blank_stops_the_marking(key: str, answer: str) -> None:
    assert accepts(key, answer) in (True, False)
    assert isinstance(count_filled((answer, answer), ((key,), (key, "3")), any_order=True), int)


@pytest.mark.parametrize("answer", KILLERS)
@pytest.mark.parametrize("key", ["48", "四十八小时", "40..50", "48±2", "1/5", "/[0-9]{0,40}/"])
def test_what_is_too_long_for_a_number_is_none_and_wrong(key: str, answer: str) -> None:
    assert accepts(key, answer) is False


@pytest.mark.parametrize("number", ["9" * 40, "0" * 38 + "48", "9" * 40 + "." + "9" * 40])
def test_a_number_of_forty_digits_is_one(number: str) -> None:
    assert accepts(number, number + " 小时")
    assert not accepts("9" + number, "9" + number + " 小时")


@given(st.text(st.sampled_from("0123456789零一二两三十百千万亿"), max_size=300))
def test_whatever_is_read_as_a_number_was_written_in_so_many_digits(text: str) -> None:
    amount = read_amount(text)
    assert amount is None or amount.number < 10 ** (2 * MAX_DIGITS)
    assert amount is None or len(text.replace(",", "")) <= MAX_DIGITS + 1


@pytest.mark.parametrize(("numeral", "number"), [
    ("一万亿", 10**12), ("三万二千亿", 32 * 10**11), ("万", 10**4), ("三亿二", 320_000_000), ("三亿零二万", 300_020_000), ("一亿零五", 100_000_005),
    ("九千九百九十九万九千九百九十九亿九千九百九十九万九千九百九十九", 10**16 - 1),
])
def test_big_numerals_are_numbers(numeral: str, number: int) -> None:
    assert accepts(str(number), numeral)


@pytest.mark.parametrize("numeral", ["一亿亿", "亿" * 3, "一万一万", "万万亿亿", "十千", "三三十"])
def test_what_nobody_says_is_no_number(numeral: str) -> None:
    assert read_amount(numeral) is None


def test_a_blank_takes_as_much_as_the_page_lets_through_and_no_more() -> None:
    assert accepts("是" * MAX_BLANK, "是" * MAX_BLANK)
    assert not accepts("是" * MAX_BLANK, "是" * MAX_BLANK + " ")
    assert not accepts("/.{0,99}.{0,99}.{0,9}/", "是" * (MAX_BLANK + 1))


# -- patterns -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", [
    "/(a+)+/", "/a*b/", "/(a|b){5}/", "/a{100}/", "/(/", "/" + "a" * 200 + "/", "/a.*b/", "/[z-a]/", "/a{3,1}/", "/a)/", "/(a{,9}){,9}b/",
    "/[ab]{0,99}[ab]{0,99}[ab]{0,99}[ab]{0,99}[ab]{0,99}c/", "/[ab]{0,99}[ab]{0,99}[ab]{0,99}[ab]{0,99}c/", "/" + "(a|b|ab)?" * 11 + "c/", "/" + "a?" * 50 + "/",
    "/(?P<x>a)(?P=x)/", "/(?=a)a/", "/(?i)a/", "/(?<=a)b/", "/a{2}{3}/", "/??/", "/[a--b]/", "/[a||b]/",
])
def test_a_pattern_that_could_take_long_is_not_bounded_and_never_tried(pattern: str) -> None:
    assert not is_bounded(pattern)
    assert not accepts(pattern, "a" * 200)
    assert not accepts(pattern, "a")


@pytest.mark.parametrize("pattern", [
    "/(a?)(a?)(a?)(a?)(a?)(a?)b/", "/[ab]{99}c/", "/a{1,99}a{1,99}b/", "/工单(系统)?/", "/[甲乙]{2}/", "/.{0,40}道歉.{0,40}谅解.{0,40}/", "/a??b/",
    "/a{1,3}?b/", "/(?:一|两)个工作日(?:内)?/", "/^[0-9]{2}$/", "/\\d{2}[:：]\\d{2}/", "/[^a]b/",
])
def test_what_authors_write_is_bounded(pattern: str) -> None:
    assert is_bounded(pattern)
    assert not accepts(pattern, "x" * 200)


_PIECES = st.sampled_from(["a", "b", ".", "[ab]", "\\w", "(", "(?:", ")", "|", "?", "??", "{0,99}", "{2}", "{1,3}", "{0,9}?", "c", "{99}", "ab"])


@pytest.mark.slow
@given(st.lists(_PIECES, min_size=1, max_size=14).map(lambda pieces: f"/{''.join(pieces)}/"), st.text("ab", max_size=40))
@settings(max_examples=1500)
def test_no_bounded_pattern_takes_more_steps_than_were_read_off_it(pattern: str, text: str) -> None:
    """Counted by an engine of our own, which tries what Python's engine tries."""
    assume(is_bounded(pattern))
    engine = Engine(text)
    found, steps = engine.fits(pattern[1:-1]), engine.steps
    most = worst_steps(pattern)
    event(f"steps {len(str(steps))} digits")
    assert most is not None
    assert steps <= most
    assert found is accepts(pattern, text)


# -- so much that it cannot be marked in short time -----------------------------------------------------------------


def test_a_question_with_more_answers_than_can_be_compared_is_marked_as_far_as_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    tried = blank.accepts
    monkeypatch.setattr(blank, "accepts", lambda key, answer: compared.append(key) or tried(key, answer))
    blanks = tuple((str(number), f"/[ab]{{0,99}}[ab]{{0,9}}{number}/") for number in range(3000))

    right = count_filled([str(number) for number in range(3000)], blanks, any_order=False)

    assert 0 < right < 3000
    assert sum(steps_to_mark(((key,),), any_order=False) for key in compared) <= MAX_STEPS
    assert count_filled([str(number) for number in range(3000)], blanks, any_order=True) == 0


def test_thirty_blanks_in_any_order_are_no_trouble() -> None:
    blanks = tuple((f"甲{number}",) for number in range(30))
    assert steps_to_mark(blanks, any_order=True) <= MAX_STEPS
    assert count_filled([f"甲{number}" for number in reversed(range(30))], blanks, any_order=True) == 30


@pytest.mark.parametrize("answers", [(), ("48",), ("48", "3", "5", "7"), (None, 3), ([], {}), (48, ["3"])])
@pytest.mark.parametrize("any_order", [False, True])
def test_answers_of_another_shape_than_the_question_are_marked_as_far_as_they_go(answers: tuple[Any, ...], any_order: bool) -> None:
    assert 0 <= count_filled(answers, (("48",), ("3",)), any_order=any_order) <= 2
