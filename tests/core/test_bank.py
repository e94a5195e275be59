"""Question banks: what an author writes becomes a question of the right type, or is told in its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ladder.core.bank import Bank, parse_bank
from ladder.core.blank import fold
from ladder.core.document import parse_document
from ladder.core.problems import Report
from ladder.core.question import Choice, KeyPoint, Question, Reference, Type

FRONT = "---\nkind: bank\ntitle: 投诉处理\nkb: limits\n---\n"

SINGLE = """## 时限 {#reply d=3 kb=limits#投诉}
多久？
- ( ) 24 小时
- (x) 48 小时
> 48 小时。
"""


def read(body: str) -> tuple[Bank, list[tuple[int, int, str]]]:
    report = Report("complaints.md")
    document = parse_document(FRONT + body, report)
    assert document is not None
    bank = parse_bank(document, "complaints", report)
    return bank, [(problem.line - 5, problem.column, problem.code) for problem in report.problems]


def question(body: str) -> Question:
    """The only question of a bank without errors; lines count from the question's heading."""
    bank, problems = read(body)
    assert [problem for problem in problems if problem[2] != "no-explanation"] == []
    [only] = bank.questions
    return only


# -- what is read ---------------------------------------------------------------------------------------------------


def test_a_single_choice_is_read_whole() -> None:
    single = question(SINGLE)

    assert single == Question(
        id="reply", title="时限", type=Type.SINGLE, stem="多久？",
        choices=(Choice("24 小时", False), Choice("48 小时", True)), blanks=(), key_points=(),
        difficulty=3, kb=Reference("limits", "投诉"), marks=None, fixed=False, explanation="48 小时。", line=6,
    )
    assert single.key == (1,)


def test_square_brackets_make_a_multiple_choice() -> None:
    multiple = question("## 记 {#record}\n记什么？\n- [x] 时间\n- [X] 诉求\n- [ ] 看法\n")

    assert (multiple.type, multiple.key) == (Type.MULTIPLE, (0, 1))


@pytest.mark.parametrize(("right", "wrong"), [("正确", "错误"), ("错误", "正确"), ("对", "错"), ("错", "对")])
def test_right_and_wrong_make_a_true_or_false_question_that_keeps_its_order(right: str, wrong: str) -> None:
    judge = question(f"## 先听 {{#listen}}\n先听。\n- (x) {right}\n- ( ) {wrong}\n")

    assert (judge.type, judge.fixed) == (Type.JUDGE, True)


def test_blanks_are_numbered_and_keep_every_accepted_answer() -> None:
    blank = question("## 时限 {#limits}\n答复 {{48| 四十八 }} 小时，\n安装 {{3}} 天。\n")

    assert (blank.type, blank.blanks) == (Type.BLANK, (("48", "四十八"), ("3",)))
    assert blank.stem == "答复 {{1}} 小时，\n安装 {{2}} 天。"


def test_key_points_make_a_short_answer_with_keywords() -> None:
    short = question("## 安抚 {#calm marks=4.5}\n怎么做？\n= 2 先听 | 倾听 | 听完\n= 2.5 给时限\n")

    assert (short.type, short.marks) == (Type.SHORT, Decimal("4.5"))
    assert short.key_points == (KeyPoint(Decimal(2), "先听", ("倾听", "听完")), KeyPoint(Decimal("2.5"), "给时限", ()))


def test_the_word_essay_makes_an_essay() -> None:
    assert question("## 失约 {#promise .essay}\n谈谈。\n= 10 期望\n").type is Type.ESSAY


def test_a_link_with_words_in_a_key_point_is_no_keyword() -> None:
    [point] = question("## 安抚 {#calm}\n怎么做？\n= 2 见 [[limits#投诉|时限]] | 时限\n").key_points

    assert (point.text, point.keywords) == ("见 [[limits#投诉|时限]]", ("时限",))


def test_a_question_takes_the_article_of_its_bank_unless_it_names_one() -> None:
    bank, _ = read("## 一 {#a}\n问？\n- (x) 甲\n- ( ) 乙\n\n## 二 {#b kb=calming}\n问？\n- (x) 甲\n- ( ) 乙\n")

    assert [str(one.kb) for one in bank.questions] == ["limits", "calming"]
    assert [(str(reference), line - 5, column) for reference, line, column, _ in bank.kb_places] == [
        ("limits", -1, 5), ("calming", 6, 13),
    ]


def test_difficulty_is_2_and_order_is_free_unless_said_otherwise() -> None:
    body = "\n问？\n- (x) 甲\n- ( ) 乙\n"
    plain, fixed = question("## 一 {#a}" + body), question("## 一 {#a d=5 .fixed}" + body)

    assert (plain.difficulty, plain.fixed) == (2, False)
    assert (fixed.difficulty, fixed.fixed) == (5, True)


@pytest.mark.parametrize(("choice", "text", "pinned"), [
    ("甲 {.pin}", "甲", True), ("甲{.pin}", "甲", True), ("甲", "甲", False), ("{.pin} 甲", "{.pin} 甲", False),
    ("甲 {.pinned}", "甲 {.pinned}", False),
    *((text, text, True) for text in (
        "以上都对", "以上都不对", "以上全对。", "以上皆是", "以上皆非", "以上都是", "以上都不是", "上述说法均不正确", "以上各项均正确",
        "以上两者都是", "以上情况都有可能", "以上都需要", "其他三项都对", "All of the above.", "none of the above",
    )),
    *((text, text, False) for text in (
        "以上级的意见为准", "以上三天", "评论其他部门的对错", "其他资料", "上述规定的时限", "都对", "above all",
    )),
])
def test_a_choice_that_speaks_of_the_others_keeps_its_place(choice: str, text: str, pinned: bool) -> None:
    one = question(f"## 一 {{#a}}\n问？\n- (x) 乙\n- ( ) {choice}\n")

    assert one.choices[1] == Choice(text, False, pinned)
    assert not one.choices[0].pinned


def test_a_pinned_choice_may_take_several_lines() -> None:
    one = question("## 一 {#a}\n问？\n- (x) 甲 {.pin}\n  接着甲\n- ( ) 乙\n")

    assert one.choices[0] == Choice("甲\n接着甲", True, True)


def test_stem_and_choices_and_explanation_may_take_several_lines() -> None:
    one = question("## 一 {#a}\n第一行\n\n第二行\n- (x) 甲\n  接着甲\n- ( ) 乙\n\n> 解\n> 析\n")

    assert one.stem == "第一行\n\n第二行"
    assert one.choices[0].text == "甲\n接着甲"
    assert one.explanation == "解\n析"


def test_a_faulty_question_leaves_the_others_readable() -> None:
    bank, problems = read("## 坏 {#bad}\n问？\n- (x) 甲\n\n" + SINGLE)

    assert [one.id for one in bank.questions] == ["reply"]
    assert problems == [(1, 1, "few-choices")]


def test_the_links_of_a_bank_are_known() -> None:
    assert [link.id for link in read(SINGLE.replace("> 48", "> 见 [[limits]]，48"))[0].links] == ["limits"]


def test_what_only_new_papers_must_not_hold_is_told_and_read_all_the_same() -> None:
    bank, problems = read("## 空 {#old}\n{{/a*b/|甲}}{{乙}}\n接受 2: 丙\n> 解\n")

    assert [one.blanks for one in bank.questions] == [(("/a*b/", "甲"), ("乙",))]
    assert sorted(problems) == [(2, 3, "unbounded-pattern"), (3, 7, "example-rejected")]


# -- what is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "problems"), [
    ("", [(-3, 1, "empty-body")]),
    ("说明\n" + SINGLE, [(1, 1, "text-before-heading")]),
    (SINGLE.replace("{#reply", "{"), [(1, 7, "question-id")]),
    (SINGLE.replace("#reply", "#Reply"), [(1, 7, "question-id")]),
    (SINGLE.replace("d=3", "d=x"), [(1, 17, "bad-difficulty")]),
    ("## 什么 d= {#a d=9}\n问？\n- (x) 甲\n- ( ) 乙\n> 解\n", [(1, 16, "bad-difficulty")]),
    (SINGLE.replace("d=3", "marks=100"), []),
    (SINGLE.replace("d=3", "marks=0"), [(1, 21, "bad-marks")]),
    (SINGLE.replace("d=3", "marks=101"), [(1, 21, "bad-marks")]),
    (SINGLE.replace("d=3", "marks=NaN"), [(1, 21, "bad-marks")]),
    (SINGLE.replace("d=3", "d=3 fixed"), [(1, 19, "unknown-attribute")]),
    (SINGLE.replace("d=3", "d=3 d=4"), [(1, 19, "written-twice")]),
    (SINGLE.replace("d=3", "d=3 #answer"), [(1, 19, "written-twice")]),
    (SINGLE.replace("d=3", "d=3 kb=calming"), [(1, 30, "written-twice")]),
    (SINGLE.replace("d=3", "d=3 id=answer"), [(1, 19, "unknown-attribute")]),
    (SINGLE.replace("多久？", ""), [(1, 1, "no-stem")]),
    (SINGLE + SINGLE, [(6, 8, "duplicate-id")]),
    (SINGLE.replace("- ( ) 24", "- （ ） 24"), [(3, 1, "bad-choice")]),
    (SINGLE.replace("- ( ) 24", "- ( ] 24"), [(3, 1, "bad-choice")]),
    (SINGLE.replace("- ( ) 24", "* ( ) 24"), [(3, 1, "bad-choice")]),
    (SINGLE.replace("- ( ) 24 小时", "- ( )"), [(3, 1, "bad-choice")]),
    (SINGLE.replace("- (x) 48 小时", "- (x) 24小时"), [(4, 1, "same-choice")]),
    (SINGLE.replace("- ( )", "- [ ]"), [(3, 3, "mixed-brackets")]),
    (SINGLE.replace("(x)", "( )"), [(1, 1, "no-key")]),
    (SINGLE.replace("( )", "(x)"), [(4, 3, "two-keys")]),
    (SINGLE.replace("> 48", "请选\n> 48"), [(5, 1, "stray-text")]),
    (SINGLE.replace("> 48 小时。\n", ""), [(1, 1, "no-explanation")]),
    (SINGLE.replace("多久？", "{{48}} 小时？"), [(1, 1, "mixed-question")]),
    ("## 空 {#a}\n答复 {{ | }} 小时。\n> 解\n", [(2, 4, "empty-blank")]),
    ("## 空 {#a}\n答复 {{48}} 和 {{3} 天。\n> 解\n", [(2, 4, "open-blank")]),
    ("## 空 {#a}\n答复 48}} 小时。\n> 解\n", [(2, 6, "open-blank")]),
    ("## 安抚 {#a}\n怎么做？\n=2 先听\n> 解\n", [(3, 1, "bad-key-point")]),
    ("## 安抚 {#a}\n怎么做？\n= 0.333 先听\n> 解\n", [(1, 1, "fine-marks")]),
    ("## 安抚 {#a}\n怎么做？\n= 2.50 先听\n= " + "9" * 50 + " 再说\n> 解\n", []),
    (SINGLE.replace("d=3", "marks=0.125"), [(1, 1, "fine-marks")]),
    ("## 空 {#a}\n答复 {{48|/a*b/}} 小时。\n> 解\n", [(2, 9, "unbounded-pattern")]),
    ("## 空 {#a}\n答复 {{/[ab]{0,99}[ab]{0,99}[ab]{0,99}/}} 小时。\n> 解\n", [(2, 6, "unbounded-pattern")]),
    ("## 空 {#a}\n{{/(a/}} 和 {{/[z-a]/}} 和 {{/a)/}}。\n接受 1: a\n拒绝 2: a\n拒绝 3: a)\n> 解\n",
     [(2, 3, "unbounded-pattern"), (2, 14, "unbounded-pattern"), (2, 28, "unbounded-pattern")]),
    ("## 空 {#a}\n{{/(a{,9}){,9}b/}}。\n拒绝 1: " + "a" * 150 + "\n> 解\n", [(2, 3, "unbounded-pattern")]),
    ("## 空 {#a}\n{{甲|" + "乙" * 201 + "}}。\n> 解\n", [(2, 5, "long-answer")]),
    ("## 空 {#a}\n" + "{{甲}}" * 1001 + "\n> 解\n", [(1, 1, "too-many-answers")]),
    ("## 空 {#a .any-order}\n" + "{{甲}}" * 33 + "\n> 解\n", [(1, 1, "too-many-answers")]),
])
def test_a_fault_is_told_in_its_place(body: str, problems: list[tuple[int, int, str]]) -> None:
    assert read(body)[1] == problems


# -- comparing answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["48 小时", "４８小时", " 48　小时 ", "48\n小时"])
def test_width_and_spaces_do_not_count(typed: str) -> None:
    assert fold(typed) == "48小时"


def test_case_does_not_count() -> None:
    assert fold("VIP") == fold("ｖｉｐ") == "vip"
