"""A paper says the same in every habit of writing it; what belongs to no question is told; nothing in a text takes long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats.model import Outcome, Reading, Source
from ladder_tools.formats.text import text
from ladder_tools.formats.text.text import Row, read_rows

ZOO = Path(__file__).parents[1] / "zoo"
CHARACTERS = "客户来电登记工单回访投诉受理时效班组夜间渠道会员积分退换货品签收物流"


@dataclass(frozen=True)
class Asked:
    """A question as the test means it; the key holds indices of choices, or answers of blanks."""

    type: Type
    stem: str
    choices: tuple[str, ...]
    key: tuple[int, ...]
    blanks: tuple[str, ...]
    explanation: str


@dataclass(frozen=True)
class Habit:
    """How a person writes a paper."""

    number: str
    choice: str
    between: str  # choices of a row, or "\n"
    answer: str  # a line, {stem}, {tick}, or where the key stands at the end: {range}, {each}
    tick: tuple[str, str]
    blank: str
    sections: bool
    gap: bool


words = st.text(CHARACTERS, min_size=4, max_size=18)


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    type_ = draw(st.sampled_from([Type.SINGLE, Type.MULTIPLE, Type.JUDGE, Type.BLANK]))
    stem, explanation = draw(words), draw(st.one_of(st.just(""), words))
    if type_ is Type.JUDGE:
        return Asked(type_, stem, ("正确", "错误"), (draw(st.integers(0, 1)),), (), explanation)
    if type_ is Type.BLANK:
        return Asked(type_, stem, (), (), tuple(draw(st.lists(words, min_size=1, max_size=3))), explanation)
    choices = draw(st.lists(words, min_size=3, max_size=6, unique=True))
    key = draw(st.sets(st.integers(0, len(choices) - 1), min_size=2 if type_ is Type.MULTIPLE else 1, max_size=4 if type_ is Type.MULTIPLE else 1))
    return Asked(type_, stem, tuple(choices), tuple(sorted(key)), (), explanation)


habits = st.builds(
    Habit,
    st.sampled_from(["{}. ", "{}.", "{}、", "{}．", "{}）", "（{}）", "第{}题 ", "第{}题：", "{}\t", "【{}】", "No.{} ", "问题{}："]),
    st.sampled_from(["{}. ", "{}.", "{}、", "{}．", "({})", "（{}）", "{}) ", "{} ", "{}", "fullwidth"]),
    st.sampled_from(["\n", "  ", "\t", "    "]),
    st.sampled_from(["答案：{}", "答案:{}", "【答案】{}", "正确答案：{}", "答案 {}", "参考答案: {}", "{stem}", "{tick}", "{range}", "{each}"]),
    st.sampled_from([("√", "×"), ("对", "错"), ("正确", "错误"), ("T", "F")]),
    st.sampled_from(["____", "（　　）", "( )", "【】"]),
    st.booleans(), st.booleans(),
)


def letters(asked: Asked) -> str:
    return "".join("ABCDEF"[index] for index in asked.key)


def answer_of(asked: Asked, habit: Habit) -> str:
    if asked.type is Type.BLANK:
        return "；".join(asked.blanks)
    return habit.tick[asked.key[0]] if asked.type is Type.JUDGE else letters(asked)


def written(asked: Asked, number: int, habit: Habit) -> list[str]:
    """The lines of one question."""
    in_stem = habit.answer in ("{stem}", "{tick}") and asked.type is not Type.BLANK
    ticked = habit.answer == "{tick}" and bool(asked.choices) and asked.type is not Type.JUDGE
    stem = asked.stem
    if asked.type is Type.BLANK:
        stem += "，".join(habit.blank for _ in asked.blanks)
    elif in_stem and not ticked:
        stem += f"（{answer_of(asked, habit)}）"
    lines = [habit.number.format(number) + stem]
    marks = []
    for index, choice in enumerate(asked.choices if asked.type is not Type.JUDGE else ()):
        mark = chr(ord("Ａ") + index) + "．" if habit.choice == "fullwidth" else habit.choice.format("ABCDEF"[index])
        marks.append(mark + choice + (" √" if ticked and index in asked.key else ""))
    # A letter and a space are choices on lines of their own only.
    lines += (marks if habit.choice == "{} " else habit.between.join(marks).split("\n")) if marks else []
    if not in_stem and habit.answer not in ("{range}", "{each}"):
        line = "答案：{}" if habit.answer.startswith("{") or (asked.type is Type.BLANK and habit.answer == "答案 {}") else habit.answer
        lines.append(line.format(answer_of(asked, habit)))
    if asked.explanation:
        lines.append(f"解析：{asked.explanation}")
    return [*lines, ""] if habit.gap else lines


HEADINGS = {Type.SINGLE: "单选题（每题2分）", Type.MULTIPLE: "多项选择题", Type.JUDGE: "判断题", Type.BLANK: "填空题"}


def paper(asked: list[Asked], habit: Habit) -> str:
    """A paper; with sections the questions are sorted by type, and their numbers go on through the sections."""
    lines: list[str] = []
    last = None
    for number, one in enumerate(asked, 1):
        if habit.sections and one.type is not last:
            lines.append(f"{'一二三四'[len({other.type for other in asked[:number]}) - 1]}、{HEADINGS[one.type]}")
            last = one.type
        lines += written(one, number, habit)
    if habit.answer in ("{range}", "{each}"):
        lines += ["参考答案", *key_lines(asked, habit)]
    return "\n".join(lines)


def key_lines(asked: list[Asked], habit: Habit) -> list[str]:
    if habit.answer == "{range}" and all(one.type is not Type.BLANK for one in asked):
        return [f"1-{len(asked)} " + " ".join(answer_of(one, habit) for one in asked)]
    return [f"{number}. {answer_of(one, habit)}" for number, one in enumerate(asked, 1)]


def meant(question: Question) -> Asked:
    """A question as the test means it again."""
    stem = question.stem.partition("{{")[0].rstrip("（）() ")
    blanks = tuple(keys[0] for keys in question.blanks)
    return Asked(question.type, stem, tuple(choice.text for choice in question.choices), question.key, blanks, question.explanation)


def read(words: str) -> Reading:
    return text.read(Source("paper.txt", words.encode()))


@settings(max_examples=300)
@given(st.lists(questions(), min_size=1, max_size=6), habits)
def test_a_paper_in_any_habit_is_the_questions_it_was_made_of(asked: list[Asked], habit: Habit) -> None:
    if habit.sections:
        asked = sorted(asked, key=lambda one: list(HEADINGS).index(one.type))
    written_paper = paper(asked, habit)
    reading = read(written_paper)
    assert [meant(item.question) if item.question else item.problems for item in reading.items] == asked, written_paper
    assert not reading.problems, written_paper
    assert text.looks_like(Source("paper.txt", written_paper.encode())), written_paper


@pytest.mark.parametrize("words", [
    "---\nkind: bank\nid: a\ntitle: 甲\n---\n## 题 {#q d=1}\n对吗？\n- (x) 对\n- ( ) 错\n",
    "::Q1:: 首问负责制是 {=谁接谁负责 ~谁空谁接}\n\n::Q2:: 通话要录音 {T}\n",
    "What do you say first?\nA. Hello\nB. Who?\nANSWER: A\n",
    ">>先做什么？<<\n( ) 转接\n(x) 核实\n\n[explanation]\n见手册\n[explanation]\n",
    "# 操作手册\n\n1. 打开系统。\n2. 点“登记”。\n3. 填写诉求。\n\n注意：不要关闭窗口。\n",
    "投诉处理流程分三步：先倾听，再登记，最后回访。\n客户问：多久答复？客服答：两天。\n",
    "题干,选项A,选项B,答案\n先做什么？,核实,转接,A\n", '{"questions": [{"stem": "1. 题", "answer": "A"}]}', "<problem><p>1. 题</p></problem>", "", "\n\n",
])
def test_other_texts_are_no_papers(words: str) -> None:
    assert not text.looks_like(Source("file.txt", words.encode()))


def test_what_is_found_out_by_its_content_is_a_paper() -> None:
    for path in sorted((ZOO / "text").glob("*/input.txt")):
        found = formats.detect(Source("upload.txt", path.read_bytes()))
        assert found is not None, path
        assert found.name == "text", path


def one(words: str) -> Question:
    (item,) = read(words).items
    assert item.question is not None, item.problems
    return item.question


def test_a_decimal_and_a_time_begin_no_question() -> None:
    assert one("1. 话费\n4.5 元起\n12:30 前到账吗？\nA. 是的\nB. 不是\n答案：A").stem == "话费\n\n4.5 元起\n\n12:30 前到账吗？"


def test_a_question_may_begin_with_a_number_when_the_one_before_is_complete() -> None:
    reading = read("1.先做什么？\nA.核实 B.转接\n答案：A\n2.48小时内要做什么？\nA.回访 B.结案\n答案：B")
    assert [item.excerpt for item in reading.items] == ["先做什么？", "48小时内要做什么？"]


def test_a_number_with_nothing_but_space_behind_it_goes_and_an_amount_stays() -> None:
    reading = read("1 谁接首问？\nA. 甲 B. 乙\n答案：A\n2 谁派单？\nA. 甲 B. 乙\n答案：B\n\n3 个客户同时来电，先接谁？\nA. 甲 B. 乙\n答案：A")
    assert [item.excerpt for item in reading.items] == ["谁接首问？", "谁派单？", "3 个客户同时来电，先接谁？"]


def test_lists_in_answers_and_explanations_are_no_questions() -> None:
    reading = read("一、简答题\n1. 怎样开场？\n答案：\n1. 问候（1分）\n2. 报工号（1分）\n2. 怎样收尾？\n答案：致谢（1分）\n解析：\n1. 先问还有没有\n2. 再致谢\n")
    assert [item.question and len(item.question.key_points) for item in reading.items] == [2, 1]
    assert reading.items[1].question is not None
    assert reading.items[1].question.explanation == "1\\. 先问还有没有\n\n2\\. 再致谢"


def test_choices_in_an_explanation_stay_there() -> None:
    question = one("1. 先做什么？\nA. 核实\nB. 转接\n答案：A\n解析：\nA. 对，要先核实。\nB. 错。")
    assert ([choice.text for choice in question.choices], question.explanation) == (["核实", "转接"], "A. 对，要先核实。\n\nB. 错。")


def test_letters_in_the_stem_that_are_no_choices_stay() -> None:
    assert one("1. 甲级（A）客户与（VIP）客户先接谁？\nA. 甲级\nB. VIP\n答案：B").stem == "甲级（A）客户与（VIP）客户先接谁？"


def test_an_answer_in_the_stem_that_differs_from_the_written_one_is_refused() -> None:
    (item,) = read("1. 先接谁（A）。\nA. 甲\nB. 乙\n答案：B").items
    assert item.outcome is Outcome.REFUSED
    assert [(problem.code, problem.line) for problem in item.problems] == [("conflicting-key", 4)]


def test_marked_choices_are_right_and_a_paper_all_in_bold_says_nothing() -> None:
    reading = Reading("paper.docx")
    rows = [Row(1, "1. 先做什么？"), Row(2, "A. 核实  B. 转接", ((0, 5),)), Row(3, "2. 再做什么？", ((0, 7),)), Row(4, "A. 登记", ((0, 5),)), Row(5, "B. 挂断", ((0, 5),))]
    read_rows(rows, reading)
    assert [item.question and item.question.key for item in reading.items] == [(0,), None]
    assert [problem.code for problem in reading.items[1].problems] == ["answer-missing"]


def test_what_is_underlined_in_a_stem_fills_a_blank() -> None:
    reading = Reading("paper.docx")
    read_rows([Row(1, "一、填空题"), Row(2, "1. 投诉应在24小时内回复，48小时内结案。", ((7, 9), (15, 17)))], reading)
    question = reading.items[0].question
    assert question is not None
    assert (question.stem, question.blanks) == ("投诉应在{{1}}小时内回复，{{2}}小时内结案。", (("24",), ("48",)))


def test_pictures_come_through_as_they_are() -> None:
    reading = Reading("paper.docx")
    rows = ["1. 图中是什么？", "\ufffc1\ufffc", "A. \ufffc2\ufffc", "B. 工单\ufffc30\ufffc", "答案：B", "解析：见\ufffc4\ufffc"]
    read_rows([Row(number, row) for number, row in enumerate(rows, 1)], reading)
    question = reading.items[0].question
    assert question is not None
    assert question.stem == "图中是什么？\n\n\ufffc1\ufffc"
    assert [choice.text for choice in question.choices] == ["\ufffc2\ufffc", "工单\ufffc30\ufffc"]
    assert question.explanation == "见\ufffc4\ufffc"


@pytest.mark.parametrize("key", [
    "1-4 AB√×", "1-2 AB 3-4 √×", "1.A 2.B 3.√ 4.×", "1A 2B 3√ 4×", "1、A；2、B；3、√；4、×", "(1)A (2)B (3)√ (4)×", "1～2：AB\n3～4：√×",
    "1\t2\t3\t4\nA\tB\t√\t×", "题号 1 2 3 4\n答案 A B √ ×", "1\nA\n2\nB\n3\n√\n4\n×", "1\n2\n3\n4\nA\nB\n√\n×",
    "一、1-2 AB\n二、3-4 √×", "一、1-2 AB 二、3-4 √×", "单选题：1.A 2.B\n判断题：3.正确 4.错误", "一、单选题\n1-2 AB\n二、判断题\n3.对 4.错",
    "1.【答案】A\n2.【答案】B\n3.【答案】√\n4.【答案】×", "一、单选题\nAB\n二、判断题\n3-4 √×", "A\nB\n√\n×", "单选题答案：1-A 2-B\n判断题答案：3√ 4×",
])
def test_keys_in_any_shape(key: str) -> None:
    reading = read(f"一、单选题\n1. 甲题\nA. 子\nB. 丑\n2. 乙题\nA. 寅\nB. 卯\n二、判断题\n3. 丙题\n4. 丁题\n参考答案\n{key}\n")
    assert [item.question and item.question.key for item in reading.items] == [(0,), (1,), (0,), (1,)]
    assert reading.problems == []


def test_an_answer_and_its_explanation_may_stand_below_their_headings() -> None:
    reading = read("1. 甲题\nA. 子\nB. 丑\n答案\nA\n答案解析\n因为子。\n2. 乙题\nA. 子\nB. 丑\n答案\nB\n答案解析\n因为丑。\n")
    assert [item.question and (item.question.key, item.question.explanation) for item in reading.items] == [((0,), "因为子。"), ((1,), "因为丑。")]


def test_a_key_brings_explanations_and_long_answers() -> None:
    reading = read("一、单选题\n1. 甲题\nA. 子 B. 丑\n二、简答题\n2. 乙题\n答案与解析\n1. A 解析：因为子。\n2. 先子（1分）\n再丑（1分）\n")
    first, second = (item.question for item in reading.items)
    assert first is not None
    assert second is not None
    assert (first.key, first.explanation, [point.text for point in second.key_points]) == ((0,), "因为子。", ["先子", "再丑"])


def test_a_key_after_each_section_is_for_that_section() -> None:
    reading = read("一、单选题\n1. 甲题\nA. 子 B. 丑\n2. 乙题\nA. 子 B. 丑\n答案：1-2 AB\n二、判断题\n1. 丙题\n2. 丁题\n答案：1.√ 2.×\n")
    assert [item.question and item.question.key for item in reading.items] == [(0,), (1,), (0,), (1,)]


@pytest.mark.parametrize("key", ["1-4 AB√×", "一、1A 2B 二、3√ 4×", "第1题A 第2题B 第3题√ 第4题×", "(1)A(2)B(3)√(4)×"])
def test_an_answer_below_the_last_question_may_be_the_key_to_all(key: str) -> None:
    for answer in (f"答案：{key}", f"【参考答案】{key}"):
        reading = read(f"一、单选题\n1. 甲题\nA. 子\nB. 丑\n2. 乙题\nA. 寅\nB. 卯\n二、判断题\n3. 丙题\n4. 丁题\n{answer}\n")
        assert [item.question and item.question.key for item in reading.items] == [(0,), (1,), (0,), (1,)]


def test_answers_to_parts_are_no_key_where_every_question_has_its_answer() -> None:
    reading = read("1. 甲题\nA. 子 B. 丑\n答案：A\n2. 乙题：呼损（ ），接通（ ）\n答案：(1)未接通 (2)已接通\n3. 配对：1呼损 2接通\n答案：1-B 2-A\n")
    assert [item.question and item.question.type for item in reading.items] == [Type.SINGLE, Type.BLANK, Type.SHORT]


def test_a_key_that_differs_from_the_answer_below_a_question_is_refused() -> None:
    reading = read("1. 甲题\nA. 子 B. 丑\n答案：A\n2. 乙题\nA. 子 B. 丑\n参考答案\n1.B 2.A\n")
    assert [(item.outcome, [(problem.code, problem.line) for problem in item.problems]) for item in reading.items] == [
        (Outcome.REFUSED, [("conflicting-key", 7)]), (Outcome.IMPORTED, []),
    ]


def test_a_key_to_answers_that_stand_above_is_no_question_and_may_differ() -> None:
    reading = read("一、判断题\n1. 要录音。对\n2. 要先挂机。（×）\n参考答案\n1.√ 2.√\n")
    assert [(item.outcome, [(problem.code, problem.line) for problem in item.problems]) for item in reading.items] == [
        (Outcome.IMPORTED, []), (Outcome.REFUSED, [("conflicting-key", 5)]),
    ]
    assert not reading.problems


def test_what_a_key_has_too_many_or_too_few_of_is_told_at_its_line() -> None:
    reading = read("1. 甲题\nA. 子 B. 丑\n2. 乙题\nA. 子 B. 丑\n参考答案\n1-2 A\n2.B\n9.C\n")
    assert [(problem.code, problem.line) for problem in reading.problems] == [("key-uneven", 6), ("key-without-question", 8)]
    assert [item.outcome for item in reading.items] == [Outcome.REFUSED, Outcome.IMPORTED]


def test_every_line_is_in_a_question_or_told() -> None:
    """Nothing of a paper goes away silently: each line with words is in an item, in a heading, or in a problem of the file."""
    words = (ZOO / "text" / "whole-paper" / "input.txt").read_text(encoding="utf-8")
    reading = read(words.replace("二、多选题", "乱入的一行\n二、多选题").replace("一、单选题", "卷首语很长\n\n一、单选题"))
    told = {problem.line for problem in reading.problems}
    assert told == {2, 5, 40}
    assert reading.items[2].question is not None
    assert "乱入的一行" in reading.items[2].question.explanation  # the line below an explanation goes on with it


def test_marks_of_a_section_are_for_a_question_or_for_a_blank() -> None:
    reading = read("一、单选题（共2题，共5分）\n1. 甲\nA. 子 B. 丑 (A)\n二、填空题（每空1.5分）\n2. ____和____\n答案：子；丑\n三、判断题（每题1分）\n3.（2分）丙（√）\n")
    assert [str(item.question and item.question.marks) for item in reading.items] == ["2.5", "3.0", "2"]


def test_a_type_may_stand_before_the_number() -> None:
    reading = read("【多选题】1. 先做什么？\nA. 核实 B. 登记\n答案：A\n[判断题] 2. 要录音。\n答案：对")
    assert [item.question and item.question.type for item in reading.items] == [Type.MULTIPLE, Type.JUDGE]


def test_long_runs_of_spaces_are_narrowed_and_marks_stay_where_they_were() -> None:
    reading = Reading("paper.docx")
    row = "A. 核实" + " " * 60 + "B. 转接"
    read_rows([Row(1, "1. 先做什么？"), Row(2, row, ((len(row) - 5, len(row)),))], reading)
    assert reading.items[0].question is not None
    assert reading.items[0].question.key == (1,)


def test_the_title_at_the_head_of_a_page_is_in_no_question() -> None:
    reading = read("客服月考\n1. 客户来电，\n客服月考\n先做什么？\nA. 核实\nB. 转接\n答案：A")
    assert reading.items[0].excerpt == "客户来电， 先做什么？"
    assert [(problem.code, problem.line) for problem in reading.problems] == [("text-unplaced", 3)]


def test_the_title_is_that_of_the_paper() -> None:
    assert read("客服月考（三月）\n1. 对吗？\n答案：对").title == "客服月考（三月）"
    assert read("欢迎使用\n1. 对吗？\n答案：对").title == ""


def test_material_for_no_question_is_told() -> None:
    reading = read("材料：张女士来电。\n还说了两句话。\n一、判断题\n要录音（√）\n不用记录（×）\n")
    assert [(problem.code, problem.line) for problem in reading.problems] == [("text-unplaced", 1)]
    assert [item.question and item.question.key for item in reading.items] == [(0,), (1,)]


def test_a_case_with_parts_is_in_each_part_with_all_its_lines() -> None:
    reading = read("1. 客户来电。\n断网两天。\n（1）先说什么？\nA. 抱歉 B. 稍等\n答案：A\n（2）再说什么？\nA. 登记 B. 再见\n答案：A\n2. 对吗？\n答案：对")
    assert [item.question and item.question.stem for item in reading.items] == [
        "客户来电。\n\n断网两天。\n\n先说什么？", "客户来电。\n\n断网两天。\n\n再说什么？", "对吗？",
    ]
    assert [[problem.code for problem in item.problems] for item in reading.items] == [["material-repeated"], ["material-repeated"], []]


def test_material_and_the_line_that_says_for_which_questions_it_is_stay_together() -> None:
    reading = read("材料一：客户连催三天。\n根据材料回答1-2题\n1. 坐席错在哪？\n答案：没有跟进\n2. 怎样补救？\n答案：回访\n3. 几点例会？\n答案：八点")
    assert ["客户连催三天" in item.excerpt or bool(item.question and "客户连催三天" in item.question.stem) for item in reading.items] == [True, True, False]
    assert not reading.problems


def test_a_second_case_is_the_material_of_its_own_parts() -> None:
    reading = read("1. 张女士来电。\n（1）先说什么？\n答案：致歉\n2. 李先生来电。\n（1）先做什么？\n答案：核实")
    assert [item.question and item.question.stem for item in reading.items] == ["张女士来电。\n\n先说什么？", "李先生来电。\n\n先做什么？"]


def test_sections_go_on_beyond_ten() -> None:
    sections = "".join(f"{ordinal}、判断题\n1. 甲\n" for ordinal in ("九", "十", "十一", "十二"))
    reading = read(f"{sections}参考答案\n九、1.√\n十、1.×\n十一、1.√\n十二、1.×\n")
    assert [item.question and item.question.key for item in reading.items] == [(0,), (1,), (0,), (1,)]


def test_a_key_that_begins_again_is_for_the_next_part() -> None:
    part = "1. 先做什么？\nA. 核实\nB. 转接\n2. 再做什么？\nA. 登记\nB. 挂断\n"
    reading = read(f"第一部分 单选题\n{part}第二部分 单选题\n{part.replace('什么', '哪一步')}参考答案\n1. A\n2. B\n1. B\n2. A\n")
    assert [item.question.key for item in reading.items if item.question] == [(0,), (1,), (1,), (0,)]
