"""A draft becomes the question it means, whatever words it uses, or says in which place it means none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ladder.core.bank import Bank
from ladder.core.question import Question, Reference, Type
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.drafts.draft import Draft, DraftChoice, Habits
from ladder_tools.formats.drafts.settle import settle
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Reading

REPLIES = ("先核实", "先道歉", "先转接", "先挂断")


def choices(*texts: str, marked: str = "") -> list[DraftChoice]:
    return [DraftChoice(letter, text, 2 + index, marked=letter in marked) for index, (letter, text) in enumerate(zip("ABCDEF", texts, strict=False))]


def settled(draft: Draft, **articles: Reference) -> tuple[Question | None, list[str], frozenset[str]]:
    report = Reading("paper.txt").report()
    question, said = settle(draft, report, articles)
    return question, [problem.code for problem in report.problems], said


def key_of(answer: str, *texts: str, **more: object) -> str:
    """The letters of the right choices."""
    question, codes, _ = settled(Draft(1, stem="客户来电投诉，怎么办？", choices=choices(*(texts or REPLIES)), answer=answer, **more))
    return "".join("ABCDEF"[index] for index in question.key) if question else ",".join(codes)


@pytest.mark.parametrize(("answer", "key"), [
    ("B", "B"), ("b", "B"), ("Ｂ", "B"), (" B。", "B"), ("（B）", "B"), ("【B】", "B"), ("选B", "B"), ("答案：B", "B"), ("B. 先道歉", "B"),
    ("先道歉", "B"), ("AC", "AC"), ("CA", "AC"), ("AAC", "AC"), ("A,C", "AC"), ("A、C", "AC"), ("Ａ；Ｃ", "AC"), ("A C", "AC"), ("A|C", "AC"),
    ("A和C", "AC"), ("A. 先核实 C. 先转接", "AC"), ("先核实、先转接", "AC"), ("先核实\n先转接", "AC"),
])
def test_an_answer_names_choices_in_any_habit(answer: str, key: str) -> None:
    assert key_of(answer) == key


def test_a_reason_after_the_letters_becomes_part_of_the_explanation() -> None:
    question, codes, _ = settled(Draft(1, stem="先做什么？", choices=choices(*REPLIES), answer="B，因为客户在生气", explanation="见手册"))
    assert question is not None
    assert (question.key, question.explanation, codes) == ((1,), "因为客户在生气\n\n见手册", [])


@pytest.mark.parametrize(("answer", "code"), [
    ("E", "choice-unknown"), ("AF", "choice-unknown"), ("先回访", "answer-unknown"), ("2", "answer-unknown"), ("", "answer-missing"),
])
def test_an_answer_that_names_none_is_refused(answer: str, code: str) -> None:
    assert key_of(answer) == code


@pytest.mark.parametrize(("answer", "why"), [
    ("B（见手册第3条）", "见手册第3条"), ("B 【P12】", "P12"), ("B，解析：客户在生气", "客户在生气"), ("B 解析 客户在生气", "客户在生气"),
])
def test_a_remark_behind_the_letters_becomes_the_explanation(answer: str, why: str) -> None:
    question, codes, _ = settled(Draft(1, stem="先做什么？", choices=choices(*REPLIES), answer=answer))
    assert question is not None
    assert (question.key, question.explanation, codes) == ((1,), why, [])


@pytest.mark.parametrize(("answer", "code"), [("A（B也可）", "answer-unknown"), ("ABA", "answer-unknown"), ("BADC", "type-unheld")])
def test_letters_that_say_more_than_which_choices_are_right_are_refused(answer: str, code: str) -> None:
    assert key_of(answer) == code


@pytest.mark.parametrize(("stem", "answer"), [
    ("先做什么？", "B"), ("先做什么（ ）", "ABD"), ("先做____ A-核实 B-道歉", "A"), ("先做什么？\n核实\n道歉", "道歉"), ("先做什么？\n1) 核实\n2) 道歉", "2"),
])
def test_an_answer_that_speaks_of_choices_nobody_can_read_is_refused(stem: str, answer: str) -> None:
    assert settled(Draft(1, stem=stem, answer=answer))[:2] == (None, ["choices-missing"])


@pytest.mark.parametrize(("stem", "answer"), [("质检的最高等级是____", "A"), ("最多转接几次？\n1) 同一坐席\n2) 不同坐席", "2"), ("英文缩写是什么？", "FCR")])
def test_a_letter_or_an_amount_may_be_an_answer_of_its_own(stem: str, answer: str) -> None:
    assert settled(Draft(1, stem=stem, answer=answer))[0] is not None


def test_digits_are_choices_only_where_the_source_counts_them() -> None:
    assert key_of("2", habits=Habits(digits=True)) == "B"
    assert key_of("1,3", habits=Habits(digits=True)) == "AC"
    assert key_of("13", habits=Habits(digits=True)) == "AC"
    assert key_of("5", habits=Habits(digits=True)) == "answer-unknown"
    assert key_of("24", "24", "48", habits=Habits(digits=True)) == "A"  # the choice's own words come first


@pytest.mark.parametrize("answer", ["√", "✓", "对", "正确", "（√）", "T", "true", "TRUE", "是", "Y", "1", "同意"])
def test_words_for_right_in_a_judgement(answer: str) -> None:
    question, codes, _ = settled(Draft(1, stem="通话要录音。", answer=answer, type_word="判断题"))
    assert question is not None
    assert (question.type, [choice.correct for choice in question.choices], question.fixed, codes) == (Type.JUDGE, [True, False], True, [])


@pytest.mark.parametrize("answer", ["×", "✗", "X", "错", "错误", "不正确", "F", "False", "否", "非", "N", "0", "不同意", "错误，应当先征得同意"])
def test_words_for_wrong_in_a_judgement(answer: str) -> None:
    question, _, _ = settled(Draft(1, stem="通话可以外传。", answer=answer, type_word="判断题"))
    assert question is not None
    assert [choice.correct for choice in question.choices] == [False, True]
    assert question.explanation == ("应当先征得同意" if "应当" in answer else "")


@pytest.mark.parametrize(("texts", "answer", "right"), [
    (("对", "错"), "B", "错"), (("错误", "正确"), "正确", "正确"), (("√", "×"), "A", "正确"), (("T", "F"), "F", "错误"), (("True", "False"), "√", "正确"),
])
def test_two_choices_of_right_and_wrong_are_a_judgement(texts: tuple[str, str], answer: str, right: str) -> None:
    question, codes, _ = settled(Draft(1, stem="通话要录音。", choices=choices(*texts), answer=answer))
    assert question is not None
    assert (question.type, question.choices[question.key[0]].text, codes) == (Type.JUDGE, right, [])


def test_yes_and_no_become_right_and_wrong_only_in_a_judgement() -> None:
    judged, codes, _ = settled(Draft(1, stem="要录音吗？", choices=choices("是", "否"), answer="B", type_word="判断题"))
    chosen, _, _ = settled(Draft(1, stem="要录音吗？", choices=choices("是", "否"), answer="B"))
    assert judged is not None
    assert chosen is not None
    assert (judged.type, judged.choices[1].text, codes) == (Type.JUDGE, "错误", ["judge-reworded"])
    assert (chosen.type, chosen.choices[1].text) == (Type.SINGLE, "否")


@pytest.mark.parametrize(("words", "type_"), [
    ("单选题", Type.SINGLE), ("一、单项选择题（每题2分，多选不得分）", Type.SINGLE), ("single choice", Type.SINGLE), ("多选", Type.MULTIPLE),
    ("[多项选择题]", Type.MULTIPLE), ("不定项选择题", Type.MULTIPLE), ("选择题", Type.SINGLE), ("multiple choice", Type.SINGLE), ("案例分析题", Type.SINGLE),
])
def test_words_for_types_of_choices(words: str, type_: Type) -> None:
    question, codes, _ = settled(Draft(1, stem="先做什么？", choices=choices(*REPLIES), answer="A", section=words))
    assert question is not None
    assert question.type is type_
    assert codes == (["one-key"] if "多" in words[:2] else [])


@pytest.mark.parametrize(("words", "type_"), [
    ("简答题", Type.SHORT), ("问答", Type.SHORT), ("名词解释", Type.SHORT), ("主观题", Type.SHORT), ("short answer", Type.SHORT), ("", Type.SHORT),
    ("论述题", Type.ESSAY), ("案例分析题", Type.ESSAY), ("Essay", Type.ESSAY),
])
def test_words_for_types_that_staff_mark(words: str, type_: Type) -> None:
    question, _, _ = settled(Draft(1, stem="怎样安抚客户？", answer="倾听（2分）\n道歉（3分）", type_word=words))
    assert question is not None
    assert (question.type, [(point.marks, point.text) for point in question.key_points]) == (type_, [(2, "倾听"), (3, "道歉")])


def test_a_type_that_does_not_fit_its_answer_is_told() -> None:
    several, codes, _ = settled(Draft(1, stem="先做什么？", choices=choices(*REPLIES), answer="AB", type_word="单选题"))
    judged, other, _ = settled(Draft(1, stem="通话要录音。", answer="√", type_word="单选题"))
    assert several is not None
    assert judged is not None
    assert (several.type, codes, judged.type, other) == (Type.MULTIPLE, ["type-conflict"], Type.JUDGE, ["type-conflict"])


def test_a_type_of_no_question_of_ours_is_refused_and_an_unknown_one_is_told() -> None:
    assert settled(Draft(1, stem="按顺序排列", answer="1-2-3", type_word="排序题"))[1] == ["type-unheld"]
    question, codes, _ = settled(Draft(1, stem="先做什么？", choices=choices(*REPLIES), answer="A", type_word="闯关题"))
    assert question is not None
    assert (question.type, codes) == (Type.SINGLE, ["type-unknown"])


def test_marked_choices_are_the_key_when_no_answer_is_written() -> None:
    marked = choices(*REPLIES, marked="AC")
    question, _, _ = settled(Draft(1, stem="先做什么？", choices=marked))
    assert question is not None
    assert (question.type, question.key) == (Type.MULTIPLE, (0, 2))
    assert settled(Draft(1, stem="先做什么？", choices=marked, answer="AC"))[1] == []
    report = Reading("paper.txt").report()
    assert settle(Draft(1, stem="先做什么？", choices=marked, answer="B", places={"answer": (7, 4)}), report)[0] is None
    problem = report.problems[0]
    assert (problem.code, problem.line, problem.column, dict(problem.words)) == ("conflicting-key", 7, 4, {"marked": "AC", "written": "B"})


@pytest.mark.parametrize(("texts", "answer", "code", "line"), [
    (("甲",), "A", "choices-missing", 1), (("甲", "", "丙"), "A", "choice-empty", 3), (("甲", " 甲 "), "A", "same-choice", 3),
])
def test_choices_that_cannot_be_those_of_a_question(texts: tuple[str, ...], answer: str, code: str, line: int) -> None:
    report = Reading("paper.txt").report()
    assert settle(Draft(1, stem="选什么？", choices=choices(*texts), answer=answer), report)[0] is None
    assert [(problem.code, problem.line) for problem in report.problems] == [(code, line)]


def test_empty_choices_at_the_end_are_those_a_table_has_room_for() -> None:
    assert key_of("B", "甲", "乙", "", "") == "B"


def test_a_choice_that_speaks_of_the_others_keeps_its_place() -> None:
    question, _, _ = settled(Draft(1, stem="选什么？", choices=choices("甲", "乙", "以上都对"), answer="C"))
    assert question is not None
    assert [choice.pinned for choice in question.choices] == [False, False, True]


@pytest.mark.parametrize(("stem", "answer", "blanks"), [
    ("____小时内回复", "24", [["24"]]), ("＿＿小时内回复", "24", [["24"]]), ("（ ）小时内回复", "24", [["24"]]), ("( )小时内回复", "24", [["24"]]),
    ("【】小时内回复", "24", [["24"]]), ("[ ]小时内回复", "24", [["24"]]), ("{{24}}小时内回复", "", [["24"]]), ("{{24|二十四}}小时内回复", "", [["24", "二十四"]]),
    ("先看【工单】，____小时内回复", "24", [["24"]]), ("____小时回复，____小时解决", "24|48", [["24"], ["48"]]),
    ("____小时回复，____小时解决", "24；48/四十八", [["24"], ["48", "四十八"]]), ("____小时回复，____小时解决", "24\n48", [["24"], ["48"]]),
    ("____小时回复，____小时解决", "(1)24(2)48", [["24"], ["48"]]), ("____小时回复，____小时解决", "①24 ②48;;四十八", [["24"], ["48", "四十八"]]),
    ("____小时回复，____小时解决", "1. 24 2. 48", [["24"], ["48"]]), ("____小时回复，____小时解决", "(24)(48)", [["24"], ["48"]]),
    ("____小时回复，____小时解决", "24;二十四|48", [["24", "二十四"], ["48"]]), ("运费____", "5元/次", [["5元/次"]]), ("份额____", "1/2", [["1/2"]]),
    ("协议____", "TCP/IP", [["TCP/IP"]]), ("时限____小时", "40..50", [["40..50"]]), ("时限____小时", "48±2", [["48±2"]]),
    ("print()与____", "a", [["a"]]),
])
def test_blanks_and_their_answers(stem: str, answer: str, blanks: list[list[str]]) -> None:
    question, codes, _ = settled(Draft(1, stem=stem, answer=answer))
    assert question is not None, codes
    assert (question.type, [list(keys) for keys in question.blanks], codes) == (Type.BLANK, blanks, [])


@pytest.mark.parametrize(("stem", "answer", "code"), [
    ("____和____", "只有一个", "blank-count"), ("____", "甲；乙", "blank-count"), ("热线的号码", "400", "blank-count"), ("____", "", "answer-missing"),
    ("____", "/abc/", "blank-pattern"), ("____和____", "a{{b；c", "blank-unwritable"),
])
def test_blanks_that_do_not_fit_their_answers(stem: str, answer: str, code: str) -> None:
    assert settled(Draft(1, stem=stem, answer=answer, type_word="填空题"))[1] == [code]


def test_both_numbers_are_named_when_blanks_and_answers_differ() -> None:
    report = Reading("paper.txt").report()
    settle(Draft(1, stem="（ ）和（ ）和（ ）", answer="甲；乙", places={"answer": (5, 1)}), report)
    assert [(problem.line, dict(problem.words)) for problem in report.problems] == [(5, {"stem": "3", "answers": "2"})]


def test_a_source_has_its_own_separators() -> None:
    habits = Habits(blanks=("|",), alternatives=(";", "；"))
    question, _, _ = settled(Draft(1, stem="__小时，由__负责", answer="24;二十四|受理人", habits=habits))
    assert question is not None
    assert question.blanks == (("24", "二十四"), ("受理人",))


@pytest.mark.parametrize(("answer", "marks", "points", "codes"), [
    ("倾听\n道歉\n回访", "5", ["2", "1.5", "1.5"], ["points-shared"]),
    ("倾听\n道歉\n回访", "", ["1", "1", "1"], ["points-shared"]),
    ("倾听\n道歉\n回访", "1", ["1", "1", "1"], ["points-shared"]),
    ("①倾听②道歉", "4分", ["2", "2"], ["points-shared"]),
    ("倾听客户，再道歉。", "4", ["4"], ["no-key-points"]),
    ("倾听客户，再道歉。", "", ["5"], ["no-key-points"]),
    ("1.倾听（2分） 2.道歉（3分）", "5", ["2", "3"], []),
    ("倾听（2分），道歉（3分）", "", ["2", "3"], []),
    ("答：倾听（2分）\n并且不打断\n道歉（1.5分）", "", ["2", "1.5"], []),
    ("倾听（2分）\n道歉（2分）", "5", ["2", "2"], ["points-sum"]),
])
def test_a_model_answer_becomes_key_points(answer: str, marks: str, points: list[str], codes: list[str]) -> None:
    question, said, _ = settled(Draft(1, stem="怎样处理投诉？", answer=answer, marks=marks, type_word="简答题"))
    assert question is not None
    assert ([point.marks for point in question.key_points], said) == ([Decimal(point) for point in points], codes)


@pytest.mark.parametrize(("answer", "points"), [
    ("1）倾听；2）道歉；3）记录。（每点1分）", [("1", "倾听"), ("1", "道歉"), ("1", "记录。")]), ("不知道（1分）、没办法（2分）", [("1", "不知道"), ("2", "没办法")]),
    ("②①③", [("5", "②①③")]),
])
def test_key_points_keep_every_word_and_lose_what_stands_between_them(answer: str, points: list[tuple[str, str]]) -> None:
    question = settled(Draft(1, stem="怎样处理投诉？", answer=answer, type_word="简答题"))[0]
    assert question is not None
    assert [(str(point.marks), point.text) for point in question.key_points] == points


def test_key_points_have_keywords_and_no_bars() -> None:
    question, _, _ = settled(Draft(1, stem="怎样处理？", answer="先倾听|不打断（2分）（关键词：倾听、安抚）\n道歉（1分）"))
    assert question is not None
    assert [(point.text, point.keywords) for point in question.key_points] == [("先倾听\\|不打断", ("倾听", "安抚")), ("道歉", ())]


@pytest.mark.parametrize(("words", "level"), [
    ("易", 1), ("简单", 1), ("低", 1), ("较易", 2), ("中", 3), ("中等", 3), ("较难", 4), ("难", 5), ("高", 5), ("Hard", 5), ("3", 3), ("★★★★", 4),
    ("0.85", 1), ("0.55", 3), ("0.2", 5), ("困难题", 5),
])
def test_words_for_difficulty(words: str, level: int) -> None:
    question, codes, said = settled(Draft(1, stem="对吗？", answer="对", difficulty=words))
    assert question is not None
    assert (question.difficulty, codes, "difficulty" in said) == (level, [], True)


@pytest.mark.parametrize(("words", "rule", "codes"), [
    ("少选得一半", "half", []), ("漏选得1分", "1", []), ("选对但不全得 1.5 分，错选不得分", "1.5", []), ("全对得分", "all", []), ("少选、多选均不得分", "all", []),
    ("按比例", "each", []), ("看情况", "", ["not-kept"]),
])
def test_words_for_the_rule_of_a_multiple_choice(words: str, rule: str, codes: list[str]) -> None:
    question, told, _ = settled(Draft(1, stem="选什么？", choices=choices(*REPLIES), answer="AB", rule=words))
    assert question is not None
    assert (question.multiple, told) == (rule, codes)


def test_the_knowledge_base_is_named_by_id_or_title() -> None:
    draft = Draft(1, stem="对吗？", answer="对", kb="complaints#时限")
    assert settled(draft)[0].kb == Reference("complaints", "时限")
    draft.kb = "投诉处理"
    assert settled(draft)[1] == ["kb-unknown"]
    assert settled(draft, 投诉处理=Reference("complaints", ""))[0].kb == Reference("complaints", "")
    draft.kb = "投诉处理#时限"
    assert settled(draft, 投诉处理=Reference("complaints", ""))[0].kb == Reference("complaints", "时限")


def test_only_what_the_source_says_counts_as_said() -> None:
    bare = settled(Draft(1, stem="对吗？", answer="对"))[2]
    full = settled(Draft(1, stem="对吗？", answer="对", explanation="见手册", marks="2", difficulty="难", id="Q_7", title="录音"))
    assert bare == {"type", "stem", "choices", "blanks", "key_points"}
    assert full[2] == bare | {"explanation", "marks", "difficulty", "id", "title"}
    assert full[0].id == "q-7"


def test_what_cannot_be_kept_or_read_is_told_in_its_place() -> None:
    report = Reading("paper.txt").report()
    question, _ = settle(Draft(1, stem="对吗？", answer="对", difficulty="超纲", marks="0分", id="题七", lost={"标签": "录音"},
                               places={"difficulty": (3, 2), "标签": (4, 1)}), report)
    assert question is not None
    assert [(problem.code, problem.line, problem.severity) for problem in report.problems] == [
        ("marks-unknown", 1, "warning"), ("difficulty-unknown", 3, "warning"), ("not-kept", 4, "warning"), ("not-kept", 1, "warning"),
    ]


def test_braces_of_a_stem_do_not_become_blanks() -> None:
    for written, stem in (("模板写作 {{姓名}}，对吗？", "模板写作 {\\{姓名}\\}，对吗？"), ("写作 {{1}} 对吗？", "写作 {\\{1}\\} 对吗？")):
        question, _, _ = settled(Draft(1, stem=written, choices=choices("对", "错"), answer="A"))
        assert question is not None
        assert question.stem == stem
    question, _, _ = settled(Draft(1, stem="写作 {____}，再写 ____。", answer="工号；姓名"))
    assert question is not None
    bank = Bank("b", "题库", (replace(question, id="q", title="题"),))
    back = formats.read(formats.Source("b.md", markdown.write_bank(bank).encode()), "markdown").items[0].question
    assert back is not None
    assert (back.blanks, to_text(back.stem)) == ((("工号",), ("姓名",)), "写作 {{{1}}}，再写 {{2}}。")
