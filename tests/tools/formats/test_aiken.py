"""Aiken: read as Moodle reads it, and as people write it. Whole files are in the zoo."""

from __future__ import annotations

import pytest

from ladder.core.question import Type
from ladder_tools import formats


def read(text: str) -> formats.Reading:
    return formats.read(formats.Source("bank.txt", text.encode()), "aiken")


@pytest.mark.parametrize("choices", [
    "A. 一\nB. 二\nANSWER: B", "A) 一\nB) 二\nANSWER:B", "a) 一\nb) 二\nanswer: b", "A、一\nB、二\n答案：B", "Ａ．一\nＢ．二\n正确答案: Ｂ",
    "A. 一\n\nB. 二\n\nANSWER: B", "  A. 一\n  B. 二\n  ANSWER: B  ",
])
def test_habits_of_writing(choices: str) -> None:
    (item,) = read(f"几小时？\n{choices}\n").items
    assert item.question
    assert item.question.stem == "几小时？"
    assert [choice.text for choice in item.question.choices] == ["一", "二"]
    assert item.question.key == (1,)


def test_a_letter_out_of_turn_is_text() -> None:
    (item,) = read("哪个套餐？\nC. 罗推荐的\nA. 轻享\nD. 不是选项\nB. 畅享\nANSWER: A\n").items
    assert item.question
    assert item.question.stem == "哪个套餐？\n\nC. 罗推荐的"
    assert [choice.text for choice in item.question.choices] == ["轻享<br>D. 不是选项", "畅享"]


def test_several_letters_are_several_right_choices() -> None:
    (item,) = read("哪些？\nA. 一\nB. 二\nC. 三\nANSWER: A, C\n").items
    assert item.question
    assert item.question.type is Type.MULTIPLE
    assert item.question.key == (0, 2)


def test_right_and_wrong_are_a_judgement() -> None:
    (item,) = read("可以代签。\nA. True\nB. False\nANSWER: B\n").items
    assert item.question
    assert item.question.type is Type.JUDGE
    assert [choice.text for choice in item.question.choices] == ["正确", "错误"]


def test_a_number_goes_only_where_it_counts_the_questions() -> None:
    reading = read("1. 甲？\nA. 一\nB. 二\nANSWER: A\n\n7. 乙？\nA. 一\nB. 二\nANSWER: A\n")
    assert [item.question.stem for item in reading.items if item.question] == ["甲？", "7\\. 乙？"]


def test_each_fault_has_its_line_and_the_rest_comes_in() -> None:
    reading = read("甲？\nA. 一\nB. 二\n乙？\nA. 一\nB. 二\nANSWER: C\n\nANSWER: A\n丙？\nA. 一\nB. 二\nANSWER: A\n")
    found = [(item.line, [(problem.line, problem.code) for problem in item.problems]) for item in reading.items]
    assert found == [(1, [(1, "aiken-no-answer")]), (4, [(7, "aiken-answer")]), (9, [(9, "aiken-stray")]), (10, [])]


@pytest.mark.parametrize(("text", "found"), [
    ("What?\nA. one\nB. two\nANSWER: B\n", True), ("What?\r\nA) one\r\nB) two\r\nANSWER: B\r\n", True),
    ("1. 几小时？\nA. 一\nB. 二\n答案：B\n", False), ("问：\nA. 一\nB. 二\nANSWER: B\n解析：因为\n", False), ("ANSWER: B\n", False),
])
def test_only_what_moodle_would_read_is_taken_for_aiken(text: str, found: bool) -> None:
    format_ = formats.detect(formats.Source("bank.txt", text.encode()))
    assert (format_ is not None and format_.name == "aiken") is found
