"""Word files: what a page shows and the text does not say, and files that are not what they seem. Whole papers are in the zoo."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import RGBColor

from ladder_tools import formats
from ladder_tools.formats.word.body import Body
from ladder_tools.formats.word.lines import Paragraph
from ladder_tools.formats.word.numbering import shown
from word_cases import CASES, folder
from word_files import (
    TAB,
    bold,
    field,
    level,
    numbering,
    paragraph as p,
    picture,
    png,
    red,
    run,
    table,
    underlined,
    word_file,
    zipped,
)

ZOO = Path(__file__).parent.parent / "zoo/docx"
QUESTION = (p("1. 客户投诉几个工作日内回复？"), p("A. 3 个"), p("B. 5 个"))


def read(data: bytes, name: str = "paper.docx") -> formats.Reading:
    """Read a file as an author would who does not name its format."""
    source = formats.Source(name, data)
    found = formats.detect(source)
    assert found is not None
    assert found.name == "docx"
    return formats.read(source)


def lines(data: bytes) -> list[str]:
    """The lines of a file as a reader of its page sees them."""
    return [line.text for block in Body(data).blocks if isinstance(block, Paragraph) for line in block.lines]


def codes(reading: formats.Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def key(reading: formats.Reading) -> list[str]:
    """The right letters of each question."""
    return ["".join("ABCDEFGH"[index] for index in item.question.key) if item.question else "-" for item in reading.items]


def rewritten(data: bytes, name: str, text: bytes) -> bytes:
    """The same file with another text for one of its parts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return zipped({member: archive.read(member) for member in archive.namelist() if member != name} | {name: text})


# -- automatic numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "number_format", "text"), [
    (3, "decimal", "3"), (7, "decimalZero", "07"), (2, "upperLetter", "B"), (27, "upperLetter", "AA"), (28, "lowerLetter", "bb"),
    (4, "upperRoman", "IV"), (19, "lowerRoman", "xix"), (12, "decimalFullWidth", "１２"), (3, "decimalEnclosedCircle", "③"),
    (21, "decimalEnclosedCircleChinese", "㉑"), (51, "decimalEnclosedCircle", "51"), (2, "decimalEnclosedParen", "⑵"),
    (2, "ideographTraditional", "乙"), (21, "ideographDigital", "二一"), (3, "someFormatOfTomorrow", "3"), (0, "upperLetter", "0"),
    (10**9, "upperRoman", "1000000000"),
    (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"),
    (105, "chineseCountingThousand", "一百零五"), (110, "chineseCountingThousand", "一百一十"), (1010, "japaneseCounting", "一千零一十"),
])
def test_numbers_are_shown_as_word_shows_them(number: int, number_format: str, text: str) -> None:
    assert shown(number, number_format) == text


def test_levels_count_on_and_begin_again_below_each_other() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "upperLetter", "(%3)")
    body = [p("甲", list_=1), p("乙", list_=1, level=1), p("丙", list_=1, level=2), p("丁", list_=1, level=2), p("戊", list_=1, level=1),
            p("己", list_=1, level=2), p("庚", list_=1), p("辛", list_=1, level=1)]
    found = lines(word_file(*body, parts={"numbering": numbering(levels, lists=[(1, 0, False)])}))
    assert found == ["1. 甲", "1.1 乙", "(A) 丙", "(B) 丁", "1.2 戊", "(A) 己", "2. 庚", "2.1 辛"]


def test_lists_of_one_kind_share_their_count_unless_one_starts_again() -> None:
    parts = {"numbering": numbering(level(0, "upperLetter", "%1."), lists=[(1, 0, False), (2, 0, False), (3, 0, True)])}
    assert lines(word_file(p("甲", list_=1), p("乙", list_=2), p("丙", list_=3), p("丁", list_=3), p("戊", list_=1), parts=parts)) == [
        "A. 甲", "B. 乙", "A. 丙", "B. 丁", "C. 戊",
    ]


def test_bullets_empty_items_and_lists_that_are_not_there_have_no_number() -> None:
    parts = {"numbering": numbering(level(0, "bullet", "\uf0b7") + level(1, "decimal", "%2."), lists=[(1, 0, False)])}
    body = (p("甲", list_=1), p("", list_=1, level=1), p("乙", list_=1, level=1), p("丙", list_=7))
    assert lines(word_file(*body, parts=parts)) == ["甲", "2. 乙", "丙"]


def test_a_style_numbers_its_paragraphs_and_list_0_takes_one_out() -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="A">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="B">'
        '<w:basedOn w:val="A"/></w:style></w:styles>'
    )
    out = '<w:p><w:pPr><w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>说明</w:t></w:r></w:p>'
    deeper = '<w:p><w:pPr><w:pStyle w:val="A"/><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>丙</w:t></w:r></w:p>'
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "(%2)")
    parts = {"styles": styles, "numbering": numbering(levels, lists=[(1, 0, False)])}
    assert lines(word_file(p("甲", style="A"), out, p("乙", style="B"), deeper, parts=parts)) == ["一、 甲", "说明", "二、 乙", "(1) 丙"]


# -- marks ---------------------------------------------------------------------------------------------------------------


def test_greys_and_white_paper_from_the_web_are_no_marks() -> None:
    grey = run("B. 5 个", '<w:color w:val="333333"/><w:shd w:val="clear" w:fill="F5F5F5"/>')
    blue = run("A. 3 个", '<w:color w:val="0070C0"/>')
    assert key(read(word_file(p("1. 几个工作日？"), p(blue), p(grey)))) == ["A"]


def test_a_mark_that_every_choice_has_is_none() -> None:
    parts = {"numbering": numbering(level(0, "upperLetter", "%1."), lists=[(1, 0, False)])}
    body = (p("1. 几声内接起？"), p(red("3 声"), list_=1), p(red("铃响得越久越能让客户等下去"), list_=1))
    reading = read(word_file(*body, parts=parts))
    assert [[problem.code for problem in item.problems] for item in reading.items] == [["answer-missing"]]


def test_one_word_in_bold_is_stress() -> None:
    reading = read(word_file(p("1. 下列哪项不对？"), p("A. ", bold("不"), "核身就办理业务"), p("B. 先核身"), p("答案：B")))
    assert key(reading) == ["B"]
    assert reading.items[0].outcome == formats.Outcome.IMPORTED


def test_a_choice_in_bold_is_stress_where_other_questions_do_without() -> None:
    questions = [p("1. 几声内接起？"), p("A. 3 声"), p("B. 9 声"), p("答案：A")] * 3
    reading = read(word_file(*questions, p("2. 不能做的是？"), p(bold("A. 私下转账")), p("B. 先核身"), p("答案：B")))
    assert key(reading) == ["A", "A", "A", "B"]


def test_choices_in_two_columns_are_marked_one_by_one() -> None:
    body = (p("1. 谁接首问？"), p("A. 接听人", TAB, "C. 班长"), p("B. 前台", TAB, red("D. 访客")), p("2. 谁派单？"), p("A. 派单员"), p(red("B. 班长")))
    reading = read(word_file(*body))
    assert key(reading) == ["D", "B"]
    assert reading.items[0].question is not None
    assert [choice.text for choice in reading.items[0].question.choices] == ["接听人", "前台", "班长", "访客"]


def test_choices_without_signs_are_marked_too() -> None:
    body = (p("1. 谁接首问？"), p(red("A接听人"), " B班长 C前台"), p("2. 谁派单？"), p("a. 前台  ", red("b. 派单员")))
    assert key(read(word_file(*body))) == ["A", "B"]


def test_words_filled_into_blanks_are_their_answers() -> None:
    reading = read(word_file(p("一、填空题"), p("1. 账单在次月", underlined(" 5 "), "日出账，", underlined("20"), underlined("日"), "截止。")))
    question = reading.items[0].question
    assert question is not None
    assert question.blanks == (("5",), ("20日",))


# -- what belongs to a question, and what does not ------------------------------------------------------------------------


def test_a_picture_used_twice_comes_once_under_a_name_that_stays() -> None:
    pictures = {"a.png": png(9, 9, 9), "b.png": png(9, 9, 9), "c.png": png(1, 2, 3)}
    body = (p("1. 看图", picture("a", "C:\\temp\\图1.png")), p("A. ", picture("b")), p("B. ", picture("c")), p("答案：B"))
    reading = read(word_file(*body, pictures=pictures), "Unit 3 题库.docx")
    question = reading.items[0].question
    assert question is not None
    names = re.findall(r"!\[\]\((unit-3-[0-9a-f]{8}\.png)\)", question.stem + question.choices[0].text + question.choices[1].text)
    assert len(names) == 3
    assert names[0] == names[1] != names[2]
    assert reading.pictures == {names[0]: png(9, 9, 9), names[2]: png(1, 2, 3)}


def test_the_same_picture_in_two_choices_is_the_same_choice() -> None:
    pictures = {"a.png": png(9, 9, 9), "b.png": png(9, 9, 9)}
    reading = read(word_file(p("1. 看图"), p("A. ", picture("a")), p("B. ", picture("b")), p("答案：B"), pictures=pictures))
    assert [problem.code for problem in reading.items[0].problems] == ["same-choice"]
    assert not reading.pictures


def test_a_field_within_the_code_of_another_is_not_shown() -> None:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    inner = field("PAGE", "7")
    assert lines(word_file(p("第", begin, inner, separate, run("三"), end, "章"))) == ["第三章"]


def test_what_is_left_out_is_told_at_the_question_it_stands_in() -> None:
    hidden = run("（答案 A）", "<w:vanish/>")
    reading = read(word_file(*QUESTION, p("答案：A"), p("2. 几声内接起？", hidden), p("A. 3 声"), p("B. 9 声"), p("答案：A")))
    assert [[problem.code for problem in item.problems] for item in reading.items] == [[], ["docx-hidden"]]
    assert reading.items[1].problems[0].line == 5
    assert "答案 A" in reading.items[1].problems[0].message("zh")


def test_tables_of_one_row_a_question_may_stand_beside_text_and_each_other() -> None:
    sheet = table(("题目", "选项A", "选项B", "正确答案"), ("几声内接起？", "3 声", "9 声", "A"))
    reading = read(word_file(*QUESTION, p("答案：A"), sheet, sheet))
    assert [item.where for item in reading.items] == ["paper.docx:1:1", "paper.docx:表1!A2", "paper.docx:表2!A2"]
    assert key(reading) == ["A", "A", "A"]


def test_a_key_in_columns_and_numbers_in_cells_of_their_own() -> None:
    body = (
        table(("1", "客户投诉几个工作日内回复？"), ("A", "3 个"), ("B", "5 个")), table(("2", "几声内接起？")), table(("A", "3 声", "B", "9 声")),
        p("参考答案"), table(("题号", "答案"), ("1", "A"), ("2", "B")),
    )
    reading = read(word_file(*body))
    assert key(reading) == ["A", "B"]
    assert not reading.problems


# -- other programs, and files that are not what they seem ---------------------------------------------------------------


def test_a_file_of_python_docx_with_its_lists_and_red_letters() -> None:
    document = docx.Document()
    document.add_heading("客服知识测验", 1)
    for stem, choices, right in (("投诉几天内回复？", ("1 天", "3 天"), 1), ("几声内接起？", ("3 声", "9 声"), 0)):
        document.add_paragraph(stem, "List Number")
        for index, choice in enumerate(choices):
            written = document.add_paragraph().add_run(f"{'AB'[index]}. {choice}")
            if index == right:
                written.font.color.rgb = RGBColor(0xC0, 0, 0)
    file = BytesIO()
    document.save(file)
    reading = read(file.getvalue())
    assert key(reading) == ["B", "A"]
    assert [item.excerpt for item in reading.items] == ["投诉几天内回复？", "几声内接起？"]


def test_the_names_of_iso_mean_the_same() -> None:
    data = word_file(*QUESTION, p("答案：A"))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        text = archive.read("word/document.xml")
    strict = text.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/")
    assert strict != text
    assert key(read(rewritten(data, "word/document.xml", strict))) == ["A"]


@pytest.mark.parametrize(("name", "data", "code"), [
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "docx-old"),
    ("renamed.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "docx-old"),
    ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "docx-locked"),
    ("page.doc", b"<html><body>1. A</body></html>", "docx-other"),
    ("rich.docx", rb"{\rtf1 text}", "docx-other"),
    ("empty.docx", b"", "docx-other"),
    ("table.docx", zipped({"xl/workbook.xml": "<workbook/>"}), "docx-other"),
    ("cut.docx", word_file(*QUESTION)[:300], "archive-broken"),
    ("nul.docx", rewritten(word_file(*QUESTION), "word/document.xml", b"<w:document>\x00</w:document>"), "xml-broken"),
    ("nothing.docx", word_file(p("")), "source-empty"),
])
def test_a_file_that_cannot_be_read_says_what_to_do(name: str, data: bytes, code: str) -> None:
    reading = read(data, name)
    assert codes(reading) == [code]
    assert not reading.items
    assert reading.problems[0].hint("zh")


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_definitions_are_refused_in_every_part(part: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    styles = '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    data = rewritten(word_file(*QUESTION, parts={"styles": styles}), part, text.encode(encoding))
    assert codes(read(data)) == ["xml-entity"]


def test_too_much_markup_and_lines_without_end_are_refused() -> None:
    many = rewritten(word_file(*QUESTION), "word/document.xml", b"".join(b'<w:p w:rsidR="%d"/>' % number for number in range(700_000)))
    long = word_file(p("1. " + "".join(chr(0x4E00 + number % 20_000) for number in range(200_000))))
    assert codes(read(many)) == ["docx-too-long"]
    assert codes(read(long)) == ["docx-too-long"]
    assert codes(read(word_file("<w:p/>" * 60_000))) == ["docx-too-long"]


def test_whatever_the_xml_says_it_is_read_or_refused() -> None:
    """Every case of the zoo with tags and attributes exchanged, doubled or cut."""
    chance = random.Random(1)
    sources = [case() for case in CASES[:-1]]
    for number in range(300):
        data = sources[number % len(sources)]
        with zipfile.ZipFile(BytesIO(data)) as archive:
            name = chance.choice([member for member in archive.namelist() if member.endswith((".xml", ".rels"))])
            pieces = re.split(rb"(?=<)", archive.read(name))
        for _ in range(chance.randint(1, 4)):
            one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
            pieces[one] = chance.choice([pieces[other], pieces[one] * 2, b"", re.sub(rb'"[^"]*"', b'"-99999999999"', pieces[one])])
        reading = read(rewritten(data, name, b"".join(pieces)))
        assert reading.items or reading.problems
        assert all(item.problems for item in reading.items if item.question is None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_zoo_has_what_its_cases_say(case) -> None:
    assert (folder(case) / "input.docx").read_bytes() == case()
