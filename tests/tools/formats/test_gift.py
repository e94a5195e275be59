"""GIFT, in and out. Whole files are in the zoo; here is what its grammar hangs on, and that our texts survive it."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings

from any_question import questions, through
from ladder.core.bank import Bank
from ladder.core.question import Question
from ladder_tools import formats
from ladder_tools.formats.model import Feature, Output

MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
HEAD = "---\nkind: bank\nid: bank\ntitle: 热线/一\n---\n"


def read(text: str) -> formats.Reading:
    return formats.read(formats.Source("bank.gift", text.encode()), "gift")


def only(text: str) -> Question:
    """The one question of a text, imported without a word."""
    (item,) = read(text).items
    assert item.question
    assert not item.problems
    return item.question


def codes(text: str) -> list[str]:
    """What is said of the one thing in a text."""
    (item,) = read(text).items
    return [problem.code for problem in item.problems]


def bank(markdown: str) -> Bank:
    """A bank of ours from its questions."""
    reading = formats.read(formats.Source("bank.md", (HEAD + markdown).encode()), "markdown")
    return Bank(reading.id, reading.title, tuple(item.question for item in reading.items if item.question), kb=reading.kb)


def written(markdown: str) -> tuple[str, Output]:
    """A bank as GIFT, below its category."""
    output = Output([bank(markdown)])
    formats.write(output, "gift")
    return output.files[""].decode().partition("\n\n")[2].rstrip("\n"), output


# -- written ----------------------------------------------------------------------------------------------------------


@given(question=questions())
@MANY
def test_any_question_comes_back_as_it_went(question: Question) -> None:
    back, there, output = through(question, "gift")
    if back is None:
        assert len(question.blanks) > 1 or output.left_out[0][2] == "no-plain-answer"
    elif not output.losses:
        assert back == there


@given(question=questions())
@MANY
def test_a_record_has_no_blank_line_and_no_line_that_looks_like_a_comment(question: Question) -> None:
    output = Output([Bank("bank", "题库", (question,))])
    formats.write(output, "gift")
    records = output.files[""].decode().rstrip("\n").split("\n\n")[1:]
    assert len(records) == 1 - len(output.left_out)
    for record in records:
        assert not any(line.lstrip().startswith(("//", "$CATEGORY")) for line in record.split("\n")[1:])


def test_a_single_choice() -> None:
    text, _ = written("## 时限 {#limit d=3 kb=care#时限}\n几小时: 答复？\n- (x) 48\n- ( ) 50%\n- ( ) %50%\n> 见 [[care#时限|制度]]。\n")
    assert text == (
        "// [id:limit] [tag:difficulty:3] [tag:kb:care#时限]\n"
        "::时限::[markdown]几小时\\: 答复？{\n\t=48\n\t~50%\n\t~[markdown]%50%\n\t####见 制度。\n}"
    )


def test_shares_of_several_right_choices_are_those_that_moodle_accepts() -> None:
    text, _ = written("## 报备 {#report}\n哪些？\n- [x] 甲\n- [x] 乙\n- [x] 丙\n- [ ] 丁\n")
    assert "{\n\t~%33.33333%甲\n\t~%33.33333%乙\n\t~%33.33333%丙\n\t~%-100%丁\n}" in text


def test_a_judgement_is_true_or_false_only_in_moodles_own_words_and_order() -> None:
    text, _ = written("## 一 {#a}\n甲。\n- (x) 正确\n- ( ) 错误\n\n## 二 {#b}\n乙。\n- (x) 错\n- ( ) 对\n")
    assert "甲。{\n\tTRUE\n}" in text
    assert "乙。{\n\t=错\n\t~对\n}" in text


def test_a_blank_stands_where_it_stood_and_a_star_is_no_wildcard() -> None:
    text, _ = written("## 热线 {#hotline}\n拨打 {{96108|9*}} 投诉。\n\n## 时限 {#limit}\n{{40..50}} 小时，或 {1}。\n")
    assert "拨打 {=96108 =9\\\\*} 投诉。" in text
    assert "[markdown]{#=40..50} 小时，或 \\{1\\}。" in text


def test_what_gift_cannot_hold_is_said() -> None:
    text, output = written(
        "## 甲 {#two}\n{{一}}和{{二}}\n\n## 乙 {#pattern}\n{{/4[89]/}}\n\n## 丙 {#some}\n{{/4[89]/|四十八|a->b}}\n\n## 丁 {#mixed}\n{{40..50|很久}}\n"
    )
    assert [(question.id, why) for _, question, why in output.left_out] == [("two", "several-blanks"), ("pattern", "no-plain-answer")]
    assert [(question.id, what) for _, question, what in output.losses] == [("some", Feature.ALTERNATIVES), ("mixed", Feature.SPANS)]
    assert "{=四十八}" in text
    assert "{=很久}" in text


def test_several_banks_are_the_categories_of_one_file() -> None:
    one, two = (Bank(id_, id_, bank("## 甲 {#a}\n问\n- (x) 一\n- ( ) 二\n").questions) for id_ in ("one", "two"))
    output = Output([one, two])
    formats.write(output, "gift")
    assert list(output.files) == [""]
    assert re.findall(r"^\$CATEGORY: (\S+)$", output.files[""].decode(), re.MULTILINE) == ["$course$/top/one", "$course$/top/two"]
    assert len(read(output.files[""].decode()).items) == 2


# -- read -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answers", "keys"), [
    ("{=48 =四十八}", ("48", "四十八")), ("{48}", ("48",)), ("{=a\\=b#好}", ("a=b",)), ("{#48}", ("48",)), ("{#48:2}", ("48±2",)),
    ("{#40..50}", ("40..50",)), ("{#=48:0 =.5:.25}", ("48", "0.5±0.25")), ("{#1e2:1}", ("100±1",)), ("{#48:2#48±2 小时}", ("48±2 小时",)),
    ("{#-5..-1}", ("-5..-1",)), ("{=/x/}", ("//x//",)), ("{=40..50}", ("/40\\.\\.50/",)), ("{=\\\\*}", ("*",)),
])
def test_what_may_be_typed(answers: str, keys: tuple[str, ...]) -> None:
    assert only("几小时？" + answers).blanks == (keys,)


@pytest.mark.parametrize(("text", "stem"), [
    ("普通投诉{=48}小时答复。", "普通投诉{{1}}小时答复。"),
    ("普通投诉 _____ 小时答复。{=48}", "普通投诉 {{1}} 小时答复。"),
    ("几小时答复？{=48}", "几小时答复？{{1}}"), ("[markdown]普通投诉 _____ 小时。{\n=%100%48#\n}", "普通投诉 {{1}} 小时。"),
    ("[markdown]甲\\n\\n_____\\n\\n乙{=48}", "甲\n\n_____\n\n乙{{1}}"),
    ("How long?{=48}", "How long? {{1}}"),
    ("几小时？\n{\n=48\n}", "几小时？{{1}}"),
    ("[html]<p>普通投诉<b>{=48}</b>小时。</p>", "普通投诉**{{1}}**小时。"),
    ("[markdown]**几**小时？\\n\\n{=48}", "**几**小时？\n\n{{1}}"),
    ("写 \\{1\\} 与 \\{\\{2\\}\\}：{=48}", "写 {1} 与 {\\{2}\\}：{{1}}"),
])
def test_where_the_blank_stands(text: str, stem: str) -> None:
    assert only(text).stem == stem


def test_a_line_in_a_stem_of_ours_stays_where_a_word_is_chosen() -> None:
    text, _ = written("## 甲 {#a}\n先 _____ ，再办理。\n- (x) 道歉\n- ( ) 解释\n")
    assert only(text).stem == "先 _____ ，再办理。"


def test_a_missing_word_to_be_chosen_stays_a_line() -> None:
    question = only("先{~解释 =道歉}，再办理。")
    assert question.stem == r"先\_\_\_\_\_，再办理。"
    assert question.key == (1,)


@pytest.mark.parametrize(("text", "code"), [
    ("问{=a ~%50%b}", "partly-right"), ("问{~%50%a ~%50%b ~%-25%c}", "penalty"), ("问{~%80%a ~%20%b ~c}", "unequal-shares"),
    ("问{=a =b ~c}", "moodle-two-keys"), ("问{=a*}", "wildcard"), ("问{=*}", "answer-left-out"), ("问{=a", "gift-braces"),
    ("问}{=a", "gift-braces"), ("问{=a}和{=b}", "gift-braces"), ("{=a ~b}", "stem-missing"), ("问{}", "essay-without-key"),
    ("问{=甲 -> 1 =乙 2}", "gift-pair"), ("问{#2..1}", "bad-number"), ("// [tag:三月]\n问{T}", "not-kept"),
])
def test_what_is_said(text: str, code: str) -> None:
    assert codes(text)[0] == code


def test_the_line_is_that_of_the_question_below_its_comments() -> None:
    reading = read("// 一\n\n$CATEGORY: 甲/乙\n\n// [id:Q-7]\n// 二\n::名::问{T}\n\n\n说明\n")
    assert [(item.line, item.question and item.question.id) for item in reading.items] == [(7, "q-7")]
    assert [(problem.line, problem.code) for problem in reading.problems] == [(10, "asks-nothing")]
    assert reading.title == "乙"


def test_several_categories_are_not_kept() -> None:
    reading = read("$CATEGORY: 甲\n\n问{T}\n\n$CATEGORY: 乙\n\n问二{F}\n")
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("not-kept", "warning")]
    assert reading.title == ""


@pytest.mark.parametrize(("text", "found"), [
    ("问{=a ~b}\n\n问二{T}", "gift"), ("::名::问{\n=a\n~b\n}", "gift"), ("$CATEGORY: x\n\n问{#4:1}", "gift"),
    ("甲 {a}\n\n乙 {b}\n\n丙 {=c}", None), ("函数写作 f(x) = {x}。", None), ('{"a": 1}', None), ("## 时限 {#limit d=2}\n问", None),
])
def test_only_answers_in_braces_make_a_file_gift(text: str, found: str | None) -> None:
    format_ = formats.detect(formats.Source("bank.txt", text.encode()))
    assert (format_.name if format_ and format_.name == "gift" else None) == found
