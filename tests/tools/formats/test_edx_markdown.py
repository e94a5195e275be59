"""Open edX's Markdown: what Studio's simple editor would make of it."""

from __future__ import annotations

import re

import pytest

from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats.open_edx import edx_markdown


def read(text: str) -> formats.Reading:
    return formats.read(formats.Source("problem.md", text.encode()), "edx-markdown")


def only(text: str) -> Question:
    reading = read(text)
    assert len(reading.items) == 1
    assert reading.items[0].question, reading.items[0].problems
    return reading.items[0].question


@pytest.mark.parametrize(("answers", "keys"), [
    ("= 48", ("48",)),
    ("= 48 +- 2", ("48±2",)),
    ("= 50 +- 10%", ("50±5",)),
    ("= [40, 50]", ("40..50",)),
    ("= 投诉部\nor= 投诉处理部", ("投诉部", "投诉处理部")),
    ("=48 小时", ("48 小时",)),
    ("s= 007", ("007",)),
    ("=|改约|退订", ("改约", "退订")),
    ("= 192.168.0.1", ("192.168.0.1",)),
    ("= 3\nor= 4", ("3", "4")),
])
def test_answers_to_type(answers: str, keys: tuple[str, ...]) -> None:
    question = only(f"填什么？\n{answers}\n")
    assert (question.type, question.stem, question.blanks) == (Type.BLANK, "填什么？\n\n{{1}}", (keys,))


def test_marks_of_choices_say_right_pinned_and_shuffled() -> None:
    reading = read("选\n(X) 一\n( )二\n(@x) 三")
    assert [problem.code for problem in reading.items[0].problems] == ["olx-two-keys"]
    question = only("选\n(!x) 一\n( )二\n\n(@) 三\n")
    assert [(choice.text, choice.correct, choice.pinned) for choice in question.choices] == [
        ("一", True, False), ("二", False, False), ("三", False, True),
    ]


def test_a_dropdown_of_one_line_and_of_several() -> None:
    one = only("由谁处理？\n[[一线, (二线), 三线]]")
    several = only("由谁处理？\n[[\n一线 {{不对}}\n(二线)\n三线\n]]")
    assert one.choices == several.choices
    assert (one.type, one.key, several.explanation) == (Type.SINGLE, (1,), "一线：不对")


def test_hints_and_explanations_over_several_lines() -> None:
    question = only("选\n[x] 一 {{ selected: 对，\n  就是它 }, { unselected: 漏了 }}\n[ ] 二\n[explanation]\n甲\n\n乙\n[explanation]\n||先想\n|| 提示 ||")
    assert question.explanation == "甲\n\n乙\n\n一：对， 就是它\n\n未选“一”：漏了\n\n提示：提示"


def test_questions_are_set_apart_by_rules_and_by_labels() -> None:
    reading = read(">>甲<<\n(x) 一\n( ) 二\n>>乙\n还是乙||说明<<\n= 1\n\n---\n\n丙\n= 2\n")
    assert [(item.line, item.question.stem if item.question else "") for item in reading.items] == [
        (1, "甲"), (4, "乙\n还是乙\n\n说明\n\n{{1}}"), (10, "丙\n\n{{1}}"),
    ]


def test_places_are_told_in_a_file_of_any_length() -> None:
    reading = read("\n" * 70_000 + ">>甲<<\n( ) 一\n( ) 二\n")
    assert [(item.line, item.problems[0].line) for item in reading.items] == [(70_001, 70_002)]


def test_html_in_the_text_is_markup_and_stars_are_not() -> None:
    assert only("选 <b>一</b> 个 *星*\n(x) a<br/>b\n( ) 2 < 3\n").stem == "选 **一** 个 \\*星\\*"


@pytest.mark.parametrize("odd", ["&#1;", "<b>&#x0;&#2;</b>", "&#xFFFF;", "<!-- x -->&#1;", "<i>a</i>&#127;", "<?x ?>&", "</body>b", "<img src='&#1;'>",
                                 "<ul +-<ul>", "<![CDATA[x]]>\ue0001\ue001", "<img alt='\ue0009\ue001'>", "<frameset><frame>"])
def test_characters_that_xml_has_not_are_left_out(odd: str) -> None:
    question = only(f"甲{odd}\n(x) 一{odd}\n( ) 二 {{{{提示{odd}}}}}\n")
    assert question.stem.startswith("甲")
    assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", f"{question.stem}{question.choices}{question.explanation}")


@pytest.mark.parametrize("text", [
    "1. 题干（ ）\nA. 一\nB. 二\n答案：A", "( ) 1. 客户挂断后必须回拨。", "::t:: 题 {=a ~b}", "What?\nA. x\nB. y\nANSWER: A", "- [x] 待办\n- [ ] 待办",
    "普通文字 = 1", "", "---\nkind: bank\n---\n## 题 {#q}\n问\n- (x) 一\n", "[1] 参考文献", "[[page]] 和 [[other]]",
])
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not edx_markdown.looks_like(formats.Source("a.txt", text.encode()))
