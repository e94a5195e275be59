"""Marks by key points: what may be given, what an answer holds, what the marker sees of it."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from ladder.core.errors import Malformed
from ladder.core.question import KeyPoint
from ladder.core.rubric import MAX_COMMENT, Hit, hits, read_comment, read_draft, read_points, segments, steps, total


def point(marks: str = "2", *keywords: str) -> KeyPoint:
    return KeyPoint(Decimal(marks), "要点", keywords)


@pytest.mark.parametrize(("marks", "expected"), [
    ("2", ["0", "0.5", "1", "1.5", "2"]),
    ("0.5", ["0", "0.5"]),
    ("1.25", ["0", "0.5", "1", "1.25"]),
    ("1.50", ["0", "0.5", "1", "1.5"]),
])
def test_marks_go_in_halves_from_nothing_to_all(marks, expected):
    assert list(steps(Decimal(marks))) == expected


def test_marks_of_each_key_point_are_read_and_added():
    rubric = [point("2"), point("3")]
    assert read_points(["1.5", "3"], rubric) == ("1.5", "3")
    assert total(("1.5", "3")) == Decimal("4.5")
    assert total(()) == 0


@pytest.mark.parametrize("points", [
    None, "2", {}, [], ["2"], ["2", "3", "0"], ["2", None], ["2", 3], ["2", 3.0], ["2", True], ["2", ["3"]], ["2", ""],
    ["2", "3.5"], ["2.5", "3"], ["-0.5", "3"], ["-0", "3"], ["2", "NaN"], ["2", "Infinity"], ["2", "1e0"], ["2", "0.25"],
    ["2", " 3"], ["2", "３"], ["2", "03"], ["2", "3.0"], ["2", "+3"], ["2", "1_0"],
])
def test_what_no_page_of_ours_sends_is_malformed(points):
    with pytest.raises(Malformed):
        read_points(points, [point("2"), point("3")])


def test_a_draft_may_have_gaps_and_nothing_else_that_marks_may_not_have():
    rubric = [point("2"), point("3")]
    assert read_draft([None, "2.5"], rubric) == (None, "2.5")
    for draft in ([None], ["", "1"], [0, "1"], ["9", None]):
        with pytest.raises(Malformed):
            read_draft(draft, rubric)


def test_a_comment_is_bounded_text():
    assert read_comment("  写得好\n ") == "写得好"
    assert read_comment("好" * MAX_COMMENT)
    for comment in (None, 1, ["好"], "好" * (MAX_COMMENT + 1), "a\0b"):
        with pytest.raises(Malformed):
            read_comment(comment)


@pytest.mark.parametrize(("keyword", "text", "found"), [
    ("倾听", "先倾听，再倾听", ["倾听", "倾听"]),
    ("crm", "在ＣＲＭ里登记", ["ＣＲＭ"]),
    ("CRM 系统", "打开crm系统", ["crm系统"]),
    ("不打断", "不 打　断客户", ["不 打　断"]),
    ("倾听", "先听", []),
    ("", "什么都有", []),
    ("  ", "什么都有", []),
    ("strasse", "Straße", ["Straße"]),
])
def test_keywords_are_found_whatever_their_width_case_and_spaces(keyword, text, found):
    assert [text[hit.start:hit.end] for hit in hits(point("2", keyword), text)] == found


def test_a_hit_says_which_keyword_it_is():
    assert hits(point("2", "道歉", "倾听"), "倾听后道歉") == (Hit("道歉", 3, 5), Hit("倾听", 0, 2))


def test_the_answer_is_cut_where_hits_begin_and_end_even_when_they_overlap():
    text = "先耐心倾听客户"
    found = [*hits(point("1", "耐心倾听"), text), *hits(point("1", "倾听客户"), text)]
    assert segments(text, found) == [("先", False), ("耐心倾听客户", True)]
    assert segments("全文", []) == [("全文", False)]
    assert segments("", []) == []


@given(st.text(), st.lists(st.text(max_size=4), max_size=4))
def test_cutting_loses_and_adds_nothing(text, keywords):
    pieces = segments(text, hits(point("1", *keywords), text))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)
    assert all(one[1] != other[1] for one, other in pairwise(pieces))


@pytest.mark.parametrize("text", ["听" * 20_000, "Ａ " * 10_000, "ßΐ" * 10_000])
def test_an_answer_that_is_one_keyword_throughout_shows_a_hundred_of_them(text):
    found = hits(point("2", "听", "a", "s"), text)
    assert 0 < len(found) <= 300
    assert "".join(piece for piece, _ in segments(text, found)) == text
