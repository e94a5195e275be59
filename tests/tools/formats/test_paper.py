"""Papers to print: everything that is asked stands before the key, and the key is right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from lxml import html

from ladder.core.bank import Bank, parse_bank
from ladder.core.document import parse_document
from ladder.core.problems import Report
from ladder.core.question import Choice, KeyPoint, Question, Type
from ladder_tools import formats
from ladder_tools.formats.model import Output
from ladder_tools.formats.paper.paper import choices_in_a_row, make_paper, width
from word_files import png

BANKS = Path(__file__).parents[3] / "question_banks/agent-onboarding"
QUESTION = Question(
    "q", "不印出来的标题", Type.SINGLE, "投诉几个工作日内回复？", (Choice("1 个", False), Choice("3 个", True)), (), (), 2, None, None, False, "",
    0,
)
JUDGE = replace(QUESTION, type=Type.JUDGE, stem="夜间可以外呼。", choices=(Choice("正确", False), Choice("错误", True)))
BLANK = replace(QUESTION, type=Type.BLANK, stem="账单在次月 {{1}} 日出账，{{2}}日截止。", choices=(), blanks=(("5", "五"), ("20",)))
SHORT = replace(
    QUESTION, type=Type.SHORT, stem="怎样安抚客户？", choices=(),
    key_points=(KeyPoint(Decimal(2), "先道歉", ("抱歉",)), KeyPoint(Decimal("1.5"), "说明进度", ())),
)


def real_bank(name: str) -> Bank:
    report = Report(name)
    document = parse_document((BANKS / f"{name}.md").read_text(encoding="utf-8"), report, ("bank",))
    bank = parse_bank(document, name, report) if document else None
    assert bank is not None
    return bank


def written(name: str, *questions: Question, language: str = "", pictures: dict[str, bytes] | None = None) -> Output:
    output = Output([Bank("b", "客服测验", questions)], pictures or {}, language=language)
    formats.write(output, name)
    return output


def page(*questions: Question, language: str = "", pictures: dict[str, bytes] | None = None) -> html.HtmlElement:
    return html.document_fromstring(written("paper-html", *questions, language=language, pictures=pictures).files[""].decode())


def document(*questions: Question, pictures: dict[str, bytes] | None = None):
    return docx.Document(BytesIO(written("paper-docx", *questions, pictures=pictures).files[""]))


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def headings(root: html.HtmlElement) -> list[str]:
    return [text(heading) for heading in root.iter("h2")]


# -- what stands where ----------------------------------------------------------------------------------------------------


def test_sections_come_in_the_usual_order_and_numbers_run_through() -> None:
    root = page(SHORT, BLANK, QUESTION, JUDGE, replace(QUESTION, stem="另一题"))
    assert headings(root) == [
        "一、单项选择题（共 2 题）", "二、判断题（共 1 题，正确的打“√”，错误的打“×”）", "三、填空题（共 1 题）", "四、简答题（共 1 题）", "参考答案",
    ]
    assert [text(number) for number in root.find_class("question") for number in number.find_class("number")] == ["1.", "2.", "3.", "4.", "5."]


def test_marks_stand_in_the_heading_when_equal_and_at_the_questions_when_not() -> None:
    two, three = replace(QUESTION, marks=Decimal(2)), replace(QUESTION, marks=Decimal(3))
    equal = page(two, two)
    assert headings(equal)[0] == "一、单项选择题（共 2 题，每题 2 分）"
    assert [text(stem)[:8] for stem in equal.find_class("question")] == ["1. 投诉几个工", "2. 投诉几个工"]
    mixed = page(two, three)
    assert headings(mixed)[0] == "一、单项选择题（共 2 题，共 5 分）"
    assert [text(stem)[:10] for stem in mixed.find_class("question")] == ["1. （2 分）投诉", "2. （3 分）投诉"]
    assert headings(page(two, QUESTION))[0] == "一、单项选择题（共 2 题）"


def test_nothing_of_the_key_stands_before_it() -> None:
    told = replace(QUESTION, explanation="三个工作日是公司的规定。")
    for name in ("paper-html", "paper-docx"):
        data = written(name, told, JUDGE, BLANK, SHORT).files[""]
        shown = text(html.document_fromstring(data.decode())) if name == "paper-html" else "\n".join(
            paragraph.text for paragraph in docx.Document(BytesIO(data)).paragraphs
        )
        asked, _, key = shown.rpartition("参考答案" if name == "paper-docx" else "参考答案 客服测验")
        assert key
        for secret in ("公司的规定", "先道歉", "抱歉", "五", "错误", "不印出来的标题"):
            assert secret not in asked.replace("错误的打", ""), (name, secret)
        for needed in ("公司的规定", "先道歉", "抱歉", "5 / 五；20"):
            assert needed in key, (name, needed)


def test_a_choice_question_has_brackets_to_answer_in_and_only_once() -> None:
    with_brackets = replace(QUESTION, stem="投诉在（ ）个工作日内回复。")
    assert [len(stem.find_class("brackets")) for stem in page(QUESTION, with_brackets, JUDGE).find_class("question")] == [1, 0, 1]


def test_short_choices_stand_beside_each_other() -> None:
    def columns(*texts: str) -> int:
        return choices_in_a_row(replace(QUESTION, choices=tuple(Choice(text, False) for text in texts)))

    assert columns("1 个", "2 个", "3 个", "5 个") == 4
    assert columns("客户来电问账单", "客户来电要发票", "客户来电查余额", "客户来电改套餐资费") == 2
    assert columns("等客户来电问起时再把新的日期告诉客户本人", "短", "短", "短") == 1
    assert columns("![](a.png)", "![](b.png)") == 1
    assert width("中文 ab") == 3.5


def test_writing_space_is_for_those_who_write() -> None:
    root = page(QUESTION, SHORT, replace(SHORT, type=Type.ESSAY))
    assert [len(list(question.iter("i"))) for question in root.find_class("question")] == [0, 5, 16]


def test_the_words_of_the_paper_are_in_the_language_asked_for() -> None:
    root = page(QUESTION, JUDGE, language="en")
    assert root.get("lang") == "en"
    assert headings(root) == [
        "Part I. Single choice (1 question)", "Part II. True or false (1 question, √ for what is right, × for what is wrong)", "Answer key",
    ]


def test_the_words_of_the_paper_are_those_of_its_questions() -> None:
    root = page(replace(QUESTION, stem="How soon?", choices=(Choice("4 hours", True), Choice("8 hours", False)), explanation=""))
    assert root.get("lang") == "en"
    assert page(QUESTION).get("lang") == "zh-CN"


def test_a_paper_in_word_is_set_in_the_signs_of_the_mainland() -> None:
    assert {node.get(qn("w:eastAsia")) for node in document(QUESTION).styles.element.iter(qn("w:lang"))} == {"zh-CN"}


def test_several_banks_are_one_paper() -> None:
    output = Output([Bank("a", "业务", (QUESTION,)), Bank("b", "服务", (QUESTION,))])
    paper = make_paper(output)
    assert paper.title == "业务、服务"
    assert [entry.number for entry in paper.sections[0].questions] == [1, 2]


# -- texts, pictures, safety --------------------------------------------------------------------------------------------


MARKED = replace(
    QUESTION,
    stem="先看**规定**，再看 `CRM` 和 [[broadband#时限|宽带时限]]。\n\n| 级别 | 时限 |\n| --- | --- |\n| 紧急 | 4 小时 |\n\n- 甲\n- 乙\n\n![路由器](lamp.png)",
)


def test_markup_tables_and_pictures_come_along_in_html() -> None:
    (question,) = page(MARKED, pictures={"lamp.png": png(1, 2, 3)}).find_class("question")
    assert [element.text for element in question.iter("strong", "code", "th")] == ["规定", "CRM", "级别", "时限"]
    assert "和 宽带时限。" in text(question)
    assert not list(question.iter("a"))
    (image,) = question.iter("img")
    assert image.get("src").startswith("data:image/png;base64,")
    assert image.get("alt") == "路由器"


def test_markup_tables_and_pictures_come_along_in_word() -> None:
    made = document(MARKED, pictures={"lamp.png": png(1, 2, 3)})
    runs = {run.text: run for paragraph in made.paragraphs for run in paragraph.runs}
    assert runs["规定"].bold
    assert runs["CRM"].font.name == "Consolas"
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["级别", "时限"], ["紧急", "4 小时"]]
    assert [paragraph.text for paragraph in made.paragraphs if paragraph.text.startswith("•")] == ["• 甲", "• 乙"]
    assert [shape._inline.docPr.get("descr") for shape in made.inline_shapes] == ["路由器"]


@pytest.mark.parametrize("name", ["paper-html", "paper-docx"])
def test_a_picture_that_is_missing_is_told_and_leaves_its_words(name: str) -> None:
    output = written(name, replace(QUESTION, stem="看图：![路由器](lamp.png)"))
    assert output.losses == [("b", output.banks[0].questions[0], "pictures")]
    if name == "paper-html":
        assert "看图：[路由器]" in output.files[""].decode()
    else:
        assert any("看图：[路由器]" in paragraph.text for paragraph in docx.Document(BytesIO(output.files[""])).paragraphs)


def test_a_picture_that_word_cannot_show_is_told() -> None:
    output = written("paper-docx", replace(QUESTION, stem="看图：![路由器](lamp.webp)"), pictures={"lamp.webp": b"RIFF    WEBPVP8 "})
    assert [what for _, _, what in output.losses] == ["pictures"]


def test_html_fetches_nothing_and_runs_nothing() -> None:
    evil = replace(QUESTION, stem='<script>alert(1)</script><img src="https://example.com/a.png" onerror="x()">看<b onclick="y()">这里</b>')
    root = page(evil, replace(QUESTION, choices=(Choice("</li></main>", False), Choice('"><i>', True))))
    assert not list(root.iter("script", "link", "iframe"))
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert not [source for source in root.xpath("//@src | //@href") if not source.startswith("data:")]
    assert len(root.xpath("//main")) == 1


def test_letters_of_chinese_words_have_a_chinese_font_in_word() -> None:
    made = document(QUESTION)
    assert {style.name: style.element.rPr.rFonts.get(qn("w:eastAsia")) for style in made.styles if style.name in ("Normal", "Heading 2")} == {
        "Normal": "宋体", "Heading 2": "黑体",
    }
    assert not [name for style in ("Normal", "Title", "Heading 1") for name in made.styles[style].element.rPr.rFonts.attrib if "Theme" in name]


def test_the_key_of_a_word_file_is_a_section_of_its_own() -> None:
    made = document(QUESTION, JUDGE)
    assert [section.start_type for section in made.sections] == [WD_SECTION.NEW_PAGE] * 2
    assert "参考答案" in made.sections[1].footer.paragraphs[0].text
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["题号", "1"], ["答案", "B"]]
    assert made.tables[1].rows[1].cells[1].text == "×"


@pytest.mark.parametrize("name", ["paper-html", "paper-docx"])
def test_the_same_questions_make_the_same_bytes(name: str) -> None:
    bank = real_bank("rules")
    once, again = (Output([bank]) for _ in range(2))
    formats.write(once, name)
    formats.write(again, name)
    assert once.files == again.files


# -- and back -----------------------------------------------------------------------------------------------------------


def answers(questions: Iterable[Question]) -> list[tuple[Type, object]]:
    """What answers each question, in the order of a paper."""
    ordered = sorted(questions, key=lambda question: list(Type).index(question.type))
    return [
        (question.type, question.key or question.blanks or [(point.marks, re.sub(r"\W", "", point.text)) for point in question.key_points])
        for question in ordered
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["business", "orientation", "rules", "service-skills"])
def test_a_paper_in_word_is_read_back_with_its_keys(name: str, language: str) -> None:
    bank = real_bank(name)
    output = Output([bank], language=language)
    formats.write(output, "paper-docx")
    reading = formats.read(formats.Source("paper.docx", output.files[""]), "docx")
    assert reading.title == bank.title
    assert [item.excerpt for item in reading.items if item.question is None] == []
    assert answers(item.question for item in reading.items if item.question) == answers(bank.questions)
