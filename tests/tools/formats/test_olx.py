"""Open edX's problems, out and in again: what is written is read as the same question, and by the platform as its author meant it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from ladder.core.bank import Bank
from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.losses import reduced
from ladder_tools.formats.model import Output
from ladder_tools.formats.open_edx.olx_answers import Unreadable, pattern_keys, response_of
from ladder_tools.formats.open_edx.olx_write import HOLDS
from shown import shown
from written_questions import Taste, make_bank

PICTURE = b"\x89PNG\r\n"


def question_of(body: str, braces: str = "") -> Question:
    """A question as an author writes it."""
    text = f"---\nkind: bank\nid: bank\ntitle: 题库\n---\n## 题 {{#q {braces}}}\n{body}\n"
    question = markdown.read(formats.Source("bank.md", text.encode())).items[0].question
    assert question
    return question


def written(question: Question, name: str = "q.xml") -> Output:
    output = Output([Bank("bank", "题库", (question,))], {"box.png": PICTURE}, name)
    formats.write(output, "olx")
    return output


def problem_of(question: Question) -> etree._Element:
    return etree.fromstring(written(question).files[""])


def read(xml: str) -> formats.Reading:
    return formats.read(formats.Source("problem.xml", xml.encode()), "olx")


def only(reading: formats.Reading) -> Question:
    assert len(reading.items) == 1
    assert reading.items[0].question, reading.items[0].problems
    return reading.items[0].question


def held_bank(count: int, seed: int, id_: str = "made") -> Bank:
    bank = make_bank(count, seed, Taste(lines=0, pictures=0), id_=id_)
    return replace(bank, questions=tuple(question for question in bank.questions if question.type in HOLDS.types))


# -- both ways ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
@settings(max_examples=8)
def test_questions_of_every_type_come_back_as_they_were(seed: int) -> None:
    bank = held_bank(12, seed)
    for name in ("bank.xml", "bank.tar.gz", "bank.tar"):
        output = Output([bank], name=name)
        formats.write(output, "olx")
        items = formats.read(formats.Source(name, output.files[""])).items
        assert [item.problems for item in items] == [()] * len(bank.questions)
        lost = {question.id for _, question, _ in output.losses}
        assert [shown(item.question) for item in items if item.question and item.question.id not in lost] == [
            shown(reduced(question, HOLDS)) for question in bank.questions if question.id not in lost
        ]


@pytest.mark.parametrize("body", [
    "填 {{48|四十八}} 和 {{A_or_B|/x?y[0-9]{2}/}}。",
    "填 {{40..50 分钟}}，{{48±2}}，{{-3.5..-1}}，{{10086|12345}}。",
    "填 {{/停机/}}，{{a.b(c)*|/\\d{3}/}}。",
    "1. 填 {{一}}\n2. 填 **{{二}}**\n\n| 项 | 值 |\n| --- | --- |\n| 三 | {{三}} |",
    "左边 { {{甲}} 右边 }",
    "选 **一** 个 2 < 3 & 4\n- ( ) &lt;p>\n- (x) `a < b`\n- ( ) 1\\. 甲",
    "看图 ![光猫](box.png)\n- [x] ![红灯](red.png)\n- [ ] 无",
    "列表：\n\n- 一\n- 二\n\n所以？\n- (x) 对\n- ( ) 错",
    "```\n代码  两格\n\n  缩进\n```\n- (x) 一\n- ( ) 二",
])
def test_what_authors_write_comes_back(body: str) -> None:
    question = question_of(body, "d=4 kb=complaints#时限 marks=2.5")
    back = only(read(written(question).files[""].decode()))
    assert replace(back, line=0) == replace(question, line=0)


def test_each_id_is_used_once_and_the_same_bytes_come_out_twice() -> None:
    banks = [held_bank(30, 1, "one"), held_bank(30, 1, "two"), held_bank(30, 1, "two")]
    for name in ("", "course.tar.gz"):
        outputs = [Output(banks, name=name), Output(banks, name=name)]
        for output in outputs:
            formats.write(output, "olx")
        assert outputs[0].files == outputs[1].files
    assert len(Output(banks, name="").files) == 0
    folder = Output(banks)
    formats.write(folder, "olx")
    assert sum(path.startswith("problem/") for path in folder.files) == sum(len(bank.questions) for bank in banks)


def test_a_folder_has_the_pictures_that_its_questions_show() -> None:
    assert set(written(question_of("看 ![](box.png)\n- (x) 一\n- ( ) 二"), "").files) == {"problem/q.xml", "static/box.png"}
    assert set(written(question_of("看\n- (x) 一\n- ( ) 二"), "").files) == {"problem/q.xml"}


def test_keys_that_the_platform_cannot_grade_beside_the_first_are_told() -> None:
    output = written(question_of("填 {{40..50|四十多}}。"))
    assert [(question.id, what) for _, question, what in output.losses] == [("q", "alternatives")]
    assert only(read(output.files[""].decode())).blanks == (("40..50",),)


# -- what is written --------------------------------------------------------------------------------------------------


def test_a_choice_is_shuffled_unless_its_order_is_fixed() -> None:
    loose, fixed = question_of("选\n- (x) 一\n- ( ) 以上都对"), question_of("选\n- (x) 一\n- ( ) 二", ".fixed")
    group = problem_of(loose).find(".//choicegroup")
    assert (group.get("shuffle"), [choice.get("fixed") for choice in group]) == ("true", [None, "true"])
    assert problem_of(fixed).find(".//choicegroup").get("shuffle") == "false"
    assert problem_of(question_of("对吗\n- (x) 对\n- ( ) 错")).find(".//choicegroup").get("shuffle") is None


def test_the_last_paragraph_labels_the_choices() -> None:
    problem = problem_of(question_of("客户来电。\n\n先做**什么**？\n- (x) 一\n- ( ) 二"))
    assert [child.tag for child in problem] == ["p", "multiplechoiceresponse"]
    assert "".join(problem.find(".//label").itertext()) == "先做什么？"


def test_a_paragraph_with_blanks_is_no_p_as_browsers_would_end_it_there() -> None:
    problem = problem_of(question_of("投诉 **{{48}}** 小时内答复。"))
    assert [child.tag for child in problem] == ["div"]
    assert problem.find("div/strong/numericalresponse/responseparam").get("default") == "0"


@pytest.mark.parametrize(("keys", "written_as"), [
    (("48",), ("numericalresponse", ("48",), "", "0")),
    (("48", "四十八"), ("stringresponse", ("48", "四十八"), "ci", "")),
    (("40..50",), ("numericalresponse", ("[40,50]",), "", "")),
    (("48±2", "60"), ("numericalresponse", ("48", "60"), "", "2")),
    (("A_or_B", "C"), ("stringresponse", (r"^(?:A_[o]r_B|C)$",), "ci regexp", "")),
    (("/a?b/", "c.d"), ("stringresponse", (r"^(?:(?:a?b)|c\.d)$",), "ci regexp", "")),
    (("12345678901234567890",), ("stringresponse", ("12345678901234567890",), "ci", "")),
])
def test_a_blank_is_graded_by_what_its_keys_are(keys: tuple[str, ...], written_as: tuple[object, ...]) -> None:
    response = response_of(keys)
    assert (response.tag, response.answers, response.type, response.tolerance) == written_as


# -- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("expression", "keys"), [
    ("改约|退订", ["改约", "退订"]),
    ("^(?:改约|退订)$", ["改约", "退订"]),
    ("(改|换)签", ["改签", "换签"]),
    ("重新(安装)?", ["/重新(安装)?/"]),
    (r"a\.b", ["a.b"]),
    ("[零0]元", ["/[零0]元/"]),
    ("a b", ["a b"]),
    (r"退\s*订+", ["/退订{1,99}/"]),
    ("(?i)wi-?fi", ["/wi-?fi/"]),
])
def test_a_regular_expression_becomes_the_answers_it_means(expression: str, keys: list[str]) -> None:
    assert pattern_keys([expression]) == keys


@pytest.mark.parametrize("expression", ["(ab)+", "(((", "[", "^$", "a" * 120 + "?", "(a|b|c|d)" * 8, r"(?P<x>a|b)\1", "a{1}{2}"])
def test_a_regular_expression_that_is_too_much_is_refused(expression: str) -> None:
    with pytest.raises(Unreadable):
        pattern_keys([expression])



def test_questions_of_one_problem_come_in_one_by_one_with_their_own_explanations() -> None:
    items = read("""<problem url_name="p" display_name="两问"><p>情景</p>
      <choiceresponse><label>一问</label><checkboxgroup><choice correct="true">甲</choice><choice correct="false">乙</choice></checkboxgroup></choiceresponse>
      <solution><p>一解</p></solution>
      <stringresponse answer="丙" type="ci"><label>二问</label><textline/><solution><p>二解</p></solution></stringresponse>
      <p>完</p></problem>""").items
    questions = [item.question for item in items]
    assert [(q.id, q.title, q.stem, q.explanation) for q in questions if q] == [
        ("p-1", "两问 1", "情景\n\n一问", "一解"), ("p-2", "两问 2", "二问\n\n{{1}}\n\n完", "二解"),
    ]
    assert [item.line for item in items] == [2, 4]
    assert {problem.code for item in items for problem in item.problems} == {"olx-divided"}


def test_problems_that_are_drafts_are_told() -> None:
    body = '<multiplechoiceresponse><label>{0}</label><choicegroup><choice correct="true">一</choice><choice correct="false">二</choice></choicegroup></multiplechoiceresponse>'
    files = {
        "course/course.xml": '<course url_name="run" org="o" course="c"/>', "course/course/run.xml": '<course><chapter><vertical url_name="v"/></chapter></course>',
        "course/vertical/v.xml": '<vertical><problem url_name="p"/></vertical>', "course/problem/p.xml": f"<problem>{body.format('甲？')}</problem>",
        "course/drafts/vertical/w.xml": '<vertical><problem url_name="q"/></vertical>', "course/drafts/problem/q.xml": f"<problem>{body.format('乙？')}</problem>",
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    reading = formats.read(formats.Source("course.tar.gz", buffer.getvalue()))
    assert [item.question and item.question.stem for item in reading.items] == ["甲？"]
    assert [(problem.code, dict(problem.words)) for problem in reading.problems] == [("olx-drafts", {"count": "1"})]


def test_what_a_menu_offers_in_a_sentence_stands_behind_its_blank() -> None:
    reading = read("<problem><p>先<optionresponse><optioninput options=\"('听','说')\" correct=\"听\"/></optionresponse>，"
                   "后<optionresponse><optioninput><option correct=\"True\">说</option><option>写</option></optioninput></optionresponse>。</p></problem>")
    question = only(reading)
    assert (question.stem, question.blanks) == ("先{{1}}（听 / 说），后{{2}}（说 / 写）。", (("听",), ("说",)))
    assert [problem.code for problem in reading.items[0].problems] == ["choices-in-stem"] * 2


def test_hints_of_older_courses_come_along() -> None:
    question = only(read('<problem><p>填？</p><stringresponse answer="工单" type="ci"><textline/><hintgroup><stringhint answer="单子" type="ci" name="o"/>'
                         '<hintpart on="o"><startouttext/>写全称。<endouttext/></hintpart></hintgroup></stringresponse></problem>'))
    assert (question.stem, question.explanation) == ("填？\n\n{{1}}", "写全称。")


def test_feedback_to_a_choice_stands_in_the_explanation_and_not_in_the_question() -> None:
    question = only(read(
        '<problem><p>先做什么？</p><multiplechoiceresponse targeted-feedback=""><choicegroup>'
        '<choice correct="true" explanation-id="a">问好</choice><choice correct="false" explanation-id="b">挂断</choice></choicegroup></multiplechoiceresponse>'
        '<targetedfeedbackset><targetedfeedback explanation-id="b"><div class="detailed-targeted-feedback"><p>Incorrect</p><p>客户会再来电。</p></div></targetedfeedback>'
        '<targetedfeedback explanation-id="gone"><p>先听完。</p></targetedfeedback></targetedfeedbackset></problem>'
    ))
    assert question.stem == "先做什么？"
    assert question.explanation == "挂断：Incorrect\n\n客户会再来电。\n\n先听完。"


def test_true_and_false_become_a_judgement_and_a_radiogroup_one_answer() -> None:
    question = only(read("<problem><p>必须回拨。</p><multiplechoiceresponse><choicegroup><choice correct='true'>True</choice>"
                         "<choice correct='false'>False</choice></choicegroup></multiplechoiceresponse></problem>"))
    assert (question.type, [choice.text for choice in question.choices]) == (Type.JUDGE, ["正确", "错误"])
    question = only(read("<problem><p>问</p><choiceresponse><radiogroup><choice correct='true'>甲</choice>"
                         "<choice correct='false'>乙</choice></radiogroup></choiceresponse></problem>"))
    assert question.type is Type.SINGLE


def test_what_the_source_says_is_told_apart_from_what_it_leaves_open() -> None:
    said = read("<problem><p>问</p><multiplechoiceresponse><choicegroup><choice correct='true'>甲</choice><choice correct='false'>乙</choice>"
                "</choicegroup></multiplechoiceresponse></problem>").items[0].said
    assert not said & {"id", "title", "marks", "difficulty", "kb", "explanation", "fixed"}
    question = question_of("选\n- (x) 一\n- ( ) 二\n> 因为", "d=3 kb=a marks=2 .fixed")
    said = read(written(question).files[""].decode()).items[0].said
    assert said >= {"id", "title", "marks", "difficulty", "kb", "explanation", "fixed"}


def test_a_default_title_and_a_foreign_id_are_made_ours() -> None:
    question = only(read("<problem url_name='My_Problem.1' display_name='Multiple Choice'><p>问</p><stringresponse answer='甲' type='ci'>"
                         "<textline/></stringresponse></problem>"))
    assert (question.id, question.title) == ("my-problem-1", "")


def test_braces_in_the_text_are_no_blanks() -> None:
    question = only(read("<problem><p>变量 {{1}} 和 {</p><stringresponse answer='甲' type='ci'><textline/></stringresponse></problem>"))
    assert question.blanks == (("甲",),)
    text = markdown.write_bank(Bank("b", "b", (replace(question, id="q", title="t"),)))
    back = markdown.read(formats.Source("b.md", text.encode())).items[0].question
    assert back
    assert (back.stem, back.blanks) == (question.stem, question.blanks)


def test_a_blank_where_nobody_would_see_it_comes_last() -> None:
    line = '<stringresponse answer="{}" type="ci"><textline/></stringresponse>'
    question = only(read(f"<problem><p>甲</p><button>{line.format('一')}</button><p>乙 {line.format('二')}</p></problem>"))
    assert (question.stem, question.blanks) == ("甲\n\n乙 {{1}}\n\n{{2}}", (("二",), ("一",)))


def test_a_course_that_points_to_itself_and_a_deep_one_end() -> None:
    def tar(files: dict[str, str]) -> bytes:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        return buffer.getvalue()

    reading = formats.read(formats.Source("c.tar.gz", tar({
        "course.xml": '<course url_name="r" org="o" course="c"/>', "course/r.xml": '<course><chapter url_name="x"/></course>',
        "chapter/x.xml": '<chapter><sequential url_name="y"/><chapter url_name="x"/></chapter>',
        "sequential/y.xml": "<vertical>" * 150 + "<problem/>" + "</vertical>" * 150,
    })))
    assert [problem.code for problem in reading.problems] == ["source-empty"]
