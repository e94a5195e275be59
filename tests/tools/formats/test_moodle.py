"""Moodle XML, in and out. Whole files are in the zoo; here is what its types hang on, and that our texts survive it."""

from __future__ import annotations

import base64
from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from any_question import KEYS, questions, through
from ladder.core.bank import Bank
from ladder.core.pattern import is_pattern
from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.exact.typed_keys import accepted_amounts, key_of
from ladder_tools.formats.losses import SPAN
from ladder_tools.formats.model import Feature, Output
from ladder_tools.formats.moodle.cloze import parse_cloze, write_place

MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
HEAD = "---\nkind: bank\nid: bank\ntitle: 热线/一\n---\n"
PNG = b"\x89PNG\r\n\x1a\nred"
# What Moodle takes without asking, in per cent of the marks; the negative ones too.
SHARES = (
    "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "16.66667", "14.28571", "12.5",
    "11.11111", "10", "5", "0",
)


def read(text: str) -> formats.Reading:
    return formats.read(formats.Source("bank.xml", text.encode()), "moodle")


def quiz(type_: str, body: str, stem: str = "几小时？", format_: str = "plain_text") -> formats.Reading:
    """A quiz of one question."""
    return read(
        f'<?xml version="1.0"?>\n<quiz>\n<question type="{type_}"><name><text>名</text></name>'
        f'<questiontext format="{format_}"><text>{escape(stem)}</text></questiontext>{body}</question>\n</quiz>'
    )


def only(reading: formats.Reading) -> Question:
    (item,) = reading.items
    assert item.question, [problem.code for problem in item.problems]
    return item.question


def codes(reading: formats.Reading) -> list[str]:
    (item,) = reading.items
    return [problem.code for problem in item.problems]


def answer(text: str, share: str = "100", more: str = "") -> str:
    return f'<answer fraction="{share}"><text>{escape(text)}</text>{more}</answer>'


def bank(text: str) -> Bank:
    reading = formats.read(formats.Source("bank.md", (HEAD + text).encode()), "markdown")
    return Bank(reading.id, reading.title, tuple(item.question for item in reading.items if item.question), kb=reading.kb)


def written(text: str, **pictures: bytes) -> tuple[list[etree._Element], Output]:
    """A bank as questions of Moodle, without its category."""
    output = Output([bank(text)], {name.replace("_", "."): data for name, data in pictures.items()})
    formats.write(output, "moodle")
    return etree.fromstring(output.files[""]).findall("question")[1:], output


# -- written ----------------------------------------------------------------------------------------------------------


@given(question=questions())
@MANY
def test_any_question_comes_back_as_it_went(question: Question) -> None:
    back, there, output = through(question, "moodle")
    if back is None:
        assert output.left_out[0][2] in ("no-plain-answer", "like-cloze")
    elif not output.losses:
        assert back == there


def test_a_number_with_a_brace_behind_it_is_no_amount_as_no_blank_could_say_it_again() -> None:
    assert accepted_amounts(("40..50 元",))
    assert not accepted_amounts(("40..50{",))


@given(keys=KEYS)
@MANY
def test_any_keys_come_back_out_of_the_middle_of_a_text(keys: tuple[str, ...]) -> None:
    keys = tuple(key for key in keys if not is_pattern(key) and (accepted_amounts(keys) or not SPAN.match(key)))
    if not keys:
        return
    text, (place,) = parse_cloze(f"前 {write_place(keys, 2)} 后")
    assert text == "前 \ue000 后"
    assert place.weight == 2
    if place.kind == "SHORTANSWER":
        assert tuple(key_of(answer.text) for answer in place.answers) in (keys, tuple("" if "{{" in key or "}}" in key else key for key in keys))


def test_the_declaration_is_the_first_thing_and_the_same_bank_makes_the_same_bytes() -> None:
    _, one = written("## 甲 {#a}\n问\n- (x) 一\n- ( ) 二\n")
    _, two = written("## 甲 {#a}\n问\n- (x) 一\n- ( ) 二\n")
    assert one.files[""].startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<quiz>")
    assert one.files == two.files


@pytest.mark.parametrize("right", range(1, 11))
def test_shares_are_those_that_moodle_accepts(right: int) -> None:
    choices = "".join(f"- [{'x' if number <= right else ' '}] 第 {number} 项\n" for number in range(1, right + 3))
    ((question,), _) = written(f"## 甲 {{#a}}\n问\n{choices}")
    shares = [answer.get("fraction") for answer in question.findall("answer")]
    assert all(share.lstrip("-") in SHARES for share in shares)
    assert abs(sum(float(share) for share in shares[:right]) - 100) < 0.001


def test_each_type_becomes_one_that_moodle_has() -> None:
    questions, output = written(
        "## 1 {#a}\n问\n- (x) 正确\n- ( ) 错误\n\n## 2 {#b}\n问\n- (x) 对\n- ( ) 错\n\n## 3 {#c}\n问{{一}}\n\n## 4 {#d}\n问{{40..50}}\n\n"
        "## 5 {#e}\n{{一}}和{{40..50}}\n\n## 6 {#f}\n问\n= 2 点\n\n## 7 {#g .essay}\n问\n= 2 点\n\n## 8 {#h}\n\\_\\_\\_ {{一}}\n"
    )
    assert [question.get("type") for question in questions] == [
        "truefalse", "multichoice", "shortanswer", "numerical", "cloze", "essay", "essay", "cloze",
    ]
    assert not output.losses
    assert not output.left_out


def test_choices_that_keep_their_place_keep_all_in_place() -> None:
    questions, _ = written("## 1 {#a}\n问\n- (x) 一\n- ( ) 以上都不对\n\n## 2 {#b .fixed}\n问\n- (x) 一\n- ( ) 二\n\n## 3 {#c}\n问\n- (x) 一\n- ( ) 二\n")
    assert [question.findtext("shuffleanswers") for question in questions] == ["false", "false", "true"]
    tags = [[tag.text for tag in question.iterfind("tags/tag/text")] for question in questions]
    assert tags == [["difficulty:2", "pinned:2"], ["difficulty:2"], ["difficulty:2"]]


def test_pictures_go_along_and_come_back() -> None:
    text = "## 灯 {#a}\n看图 ![灯](red.png)，![远](https://example.com/x.png)\n- (x) ![灯](red.png) 红\n- ( ) 绿 ![缺](lost.png)\n"
    (question,), output = written(text, red_png=PNG)
    assert question.findtext("questiontext/text") == "看图 ![灯](@@PLUGINFILE@@/red.png)，![远](https://example.com/x.png)"
    assert [base64.b64decode(file.text) for file in question.iter("file")] == [PNG, PNG]
    reading = formats.read(formats.Source("bank.xml", output.files[""]), "moodle")
    assert reading.pictures == {"red.png": PNG}
    assert only(reading).choices == bank(text).questions[0].choices


def test_links_become_their_words() -> None:
    (question,), _ = written("## 甲 {#a}\n见 [[care#时限|制度]] 和 `[[x]]`\n- (x) [[care]]\n- ( ) 二\n")
    assert question.findtext("questiontext/text") == "见 制度 和 `[[x]]`"
    assert question.findtext("answer/text") == "care"


def test_what_moodle_cannot_hold_is_said() -> None:
    questions, output = written("## 甲 {#a}\n{{/4[89]/}}\n\n## 乙 {#b}\n{{40..50|很久}}和{{一}}\n\n## 丙 {#c}\n{1:SA:=x} {{一}}和{{二}}\n"
                                "\n## 丁 {#d}\n{{}|40..50}}和{{一}}\n")
    assert [(question.id, why) for _, question, why in output.left_out] == [
        ("a", "no-plain-answer"), ("c", "like-cloze"), ("d", "no-plain-answer"),
    ]
    assert [(question.id, what) for _, question, what in output.losses] == [("b", Feature.SPANS), ("d", Feature.SPANS)]
    assert [question.findtext("idnumber") for question in questions] == ["b"]


def test_marks_of_several_blanks_are_shared_where_they_divide() -> None:
    questions, output = written("## 甲 {#a marks=4}\n{{一}}和{{二}}\n\n## 乙 {#b marks=5}\n{{一}}和{{二}}\n")
    stems = [question.findtext("questiontext/text") for question in questions]
    assert stems == ["{2:SHORTANSWER:=一}和{2:SHORTANSWER:=二}", "{1:SHORTANSWER:=一}和{1:SHORTANSWER:=二}"]
    assert [(question.id, what) for _, question, what in output.losses] == [("b", Feature.MARKS)]


# -- read -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "kind", "answers"), [
    ("{1:SHORTANSWER:=一~=二}", "SHORTANSWER", ["一", "二"]), ("{:SA:=一}", "SHORTANSWER", ["一"]), ("{2:MW:=一}", "SHORTANSWER", ["一"]),
    ("{1:SAC:=A}", "SHORTANSWER_C", ["A"]), ("{1:NM:=4:1}", "NUMERICAL", ["4:1"]), ("{1:MC:=a~b}", "MULTICHOICE", ["a", "b"]),
    ("{1:MCVS:=a~b}", "MULTICHOICE", ["a", "b"]), ("{1:MULTICHOICE_HS:=a~b}", "MULTICHOICE", ["a", "b"]),
    ("{1:MR:=a~b}", "MULTIRESPONSE", ["a", "b"]), ("{1:SA:=a\\}b\\#c#好\\}~%50%d}", "SHORTANSWER", ["a}b#c", "d"]),
    ("{1:SA:=&#126;&amp;&lt;}", "SHORTANSWER", ["~&<"]),
])
def test_embedded_answers(text: str, kind: str, answers: list[str]) -> None:
    left, (place,) = parse_cloze(f"前{text}后")
    assert left == "前\ue000后"
    assert place.kind == kind
    assert [answer.text for answer in place.answers] == answers


@pytest.mark.parametrize("text", ["{1:XX:=a}", "{1:SA=a}", "{x:SA:=a}", "{1:SA:=a", "{1:sa:=a}", "{1:SA:}"])
def test_what_only_looks_embedded_is_text(text: str) -> None:
    assert parse_cloze(text) == (text, [])


@pytest.mark.parametrize(("body", "keys"), [
    ("<tolerance>2</tolerance>", "48±2"), ("<tolerance>0</tolerance>", "48"), ("", "48"), ("<tolerance>0,5</tolerance>", "48±0.5"),
    ('<tolerance>2</tolerance><feedback format="plain_text"><text>46..50</text></feedback>', "46..50"),
])
def test_numbers_with_a_tolerance(body: str, keys: str) -> None:
    assert only(quiz("numerical", answer("48", more=body))).blanks == ((keys,),)


@pytest.mark.parametrize(("stem", "shown"), [
    ("投诉 _____ 小时内答复。", "投诉 {{1}} 小时内答复。"), ("几小时？", "几小时？\n\n{{1}}"), ("甲___乙___", "甲\\_\\_\\_乙\\_\\_\\_\n\n{{1}}"),
])
def test_where_the_blank_stands(stem: str, shown: str) -> None:
    assert only(quiz("shortanswer", answer("48"), stem)).stem == shown


@pytest.mark.parametrize(("type_", "body", "code"), [
    ("multichoice", answer("一") + answer("二", "50"), "partly-right"), ("multichoice", answer("一") + answer("二", "-50"), "penalty"),
    ("multichoice", "<single>false</single>" + answer("一", "80") + answer("二", "20") + answer("三", "0"), "unequal-shares"),
    ("multichoice", answer("一"), "choices-missing"), ("multichoice", answer("一", "90") + answer("二", "0"), "moodle-no-key"),
    ("shortanswer", "<usecase>1</usecase>" + answer("A"), "case-ignored"), ("shortanswer", answer("A*"), "wildcard"),
    ("numerical", answer("四十八"), "bad-number"), ("essay", "", "essay-without-key"), ("calculated", "", "moodle-type"), ("", "", "moodle-type"),
    ("ordering", answer("一", "1"), "few-pairs"), ("ordering", "<selecttype>RANDOM</selecttype>" + answer("一", "1") + answer("二", "2"), "not-kept"),
    ("multichoice", answer("一") + answer("二", "0") + "<hint><text>想</text></hint>", "not-kept"),
    ("truefalse", answer("true") + answer("false", "0") + "<tags><tag><text>三月</text></tag></tags>", "not-kept"),
])
def test_what_is_said(type_: str, body: str, code: str) -> None:
    assert codes(quiz(type_, body))[0] == code


def test_what_is_put_in_order_becomes_blanks_in_that_order() -> None:
    question = only(quiz("ordering", answer("<p>问好</p>", "1.0000000") + answer("核实", "2.0000000") + answer("办理", "3.0000000"), "排顺序", "html"))
    assert (question.type, question.blanks) == (Type.BLANK, (("问好",), ("核实",), ("办理",)))
    assert question.stem == "排顺序\n\n可选：办理、核实、问好\n\n- 第 1 步 → {{1}}\n- 第 2 步 → {{2}}\n- 第 3 步 → {{3}}"


def test_what_is_dragged_to_its_match_is_matched() -> None:
    pairs = "".join(
        f'<subquestion format="html"><text>{left}</text><answer format="html"><text>&lt;p&gt;{right}&lt;/p&gt;</text></answer></subquestion>'
        for left, right in (("热线", "15 秒"), ("在线", "30 秒"))
    )
    assert only(quiz("ddmatch", pairs, "配对。")).blanks == (("15 秒",), ("30 秒",))


def test_a_choice_of_all_or_nothing_is_marked_so() -> None:
    reading = quiz("multichoiceset", answer("一") + answer("二") + answer("三", "0"))
    question = only(reading)
    assert (question.type, question.key, question.multiple) == (Type.MULTIPLE, (0, 1), "all")
    assert codes(reading) == []
    assert "multiple" in reading.items[0].said


@pytest.mark.parametrize(("said", "marks"), [("1.0000000", None), ("1", "1"), ("2.5000000", "2.5")])
def test_marks_that_nobody_set_are_none(said: str, marks: str | None) -> None:
    question = only(quiz("truefalse", f"<defaultgrade>{said}</defaultgrade>" + answer("true") + answer("false", "0")))
    assert (None if question.marks is None else f"{question.marks.normalize():f}") == marks


def test_stock_feedback_is_no_loss() -> None:
    stock = "".join(f"<{name}><text>{words}</text></{name}>" for name, words in (
        ("correctfeedback", "Your answer is correct."), ("partiallycorrectfeedback", "您的回答部分正确。"), ("incorrectfeedback", "回答错误"),
    ))
    assert codes(quiz("multichoice", stock + answer("一") + answer("二", "0"))) == []


def test_old_true_and_false_are_told_by_their_order() -> None:
    question = only(quiz("truefalse", answer("Wahr", "0") + answer("Falsch")))
    assert question.type is Type.JUDGE
    assert question.key == (1,)


def test_controls_and_braces_in_a_stem_do_no_harm() -> None:
    question = only(quiz("truefalse", answer("true") + answer("false", "0"), "写 {{客户}}\u2028```\n代码 \ue000"))
    assert "{{" not in question.stem
    assert "\u2028" not in question.stem


@pytest.mark.parametrize("fence", ["```", "~~~~", "   ```python"])
def test_code_that_is_never_closed_does_not_take_in_the_next_question(fence: str) -> None:
    question = only(quiz("truefalse", answer("true") + answer("false", "0"), f"看代码：\n\n{fence}\n甲 = 1", "markdown"))
    text = markdown.write_bank(Bank("bank", "题库", (replace(question, id="a"), replace(question, id="b"))))
    back = formats.read(formats.Source("bank.md", text.encode()), "markdown")
    assert [item.question and item.question.stem for item in back.items] == [question.stem] * 2


@pytest.mark.parametrize(("head", "found"), [
    ('<?xml version="1.0"?>\n<quiz>\n', True), ("\ufeff<quiz>", True), ("<!-- question: 0 -->\n<quiz>", True), ("<quizzes>", False),
    ("<problem>", False), ("<html><quiz>", False),
])
def test_a_quiz_is_known_by_its_root(head: str, found: bool) -> None:
    assert formats.FORMATS["moodle"].load().looks_like(formats.Source("bank.xml", head.encode())) is found


def test_another_root_is_refused() -> None:
    assert [problem.code for problem in read("<problem/>").problems] == ["xml-broken"]
