"""Tables: what trainers type into Excel, WPS and CSV files comes in as they meant it, and the template goes out as 考试宝 wants it."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ladder.core.bank import Bank
from ladder.core.question import Choice, KeyPoint, Question, Type
from ladder_tools import formats
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Item, Output, Reading
from ladder_tools.formats.tables import xlsx
from ladder_tools.formats.tables.cells import Cell, Kind, shown

HEADER = ("题干", "题型", "选项A", "选项B", "选项C", "选项D", "答案", "解析")
ROWS = (
    ("客户来电应在几秒内应答？", "单选题", "10 秒", "15 秒", "20 秒", "30 秒", "B", "三声铃响内。"),
    ("哪些情况要升级？", "多选题", "威胁曝光", "询问资费", "第三次来电", "要求见领导", "ACD", ""),
    ("可以先挂断客户电话。", "判断题", "", "", "", "", "错误", "任何情况都不可以。"),
    ("投诉应在____小时内首次回复。", "填空题", "", "", "", "", "24/二十四", ""),
    ("客户断网时怎样排查？", "简答题", "", "", "", "", "看指示灯（2分）\n重启光猫（1分）", ""),
)
Rows = Sequence[Sequence[object]]


def workbook(*tables: Rows, **names: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {**{f"表{index}": table for index, table in enumerate(tables, 1)}, **names}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([value if value != "" else None for value in row])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def old_workbook(rows: Rows) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("题库")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(number, column, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def comma_separated(rows: Rows, delimiter: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def read(data: bytes, name: str = "bank.xlsx") -> Reading:
    return formats.read(formats.Source(name, data))


def questions(reading: Reading) -> list[Question]:
    return [replace(item.question, line=0) for item in reading.items if item.question]


def codes(item: Item) -> list[tuple[str, str]]:
    return [(problem.code, problem.where.partition("!")[2]) for problem in item.problems]


def changed(data: bytes, part: str, *changes: tuple[bytes, bytes]) -> bytes:
    """A workbook with something in one part written otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in changes if name == part else ():
                assert before in content
                content = content.replace(before, after)
            new.writestr(name, content)
    return file.getvalue()


def shared(data: bytes) -> bytes:
    """A workbook with its texts in the part of shared strings, as Excel itself writes it and openpyxl does not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    strings: list[bytes] = []

    def share(cell: re.Match[bytes]) -> bytes:
        strings.append(b"<si>" + cell[2] + b"</si>")
        return b'<c %b t="s"><v>%d</v></c>' % (cell[1], len(strings) - 1)

    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = re.sub(rb'<c ([^>]*?) ?t="inlineStr"><is>(.*?)</is></c>', share, parts[name], flags=re.DOTALL)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<x:sst xmlns:x="%b">%b</x:sst>' % (main, b"".join(strings).replace(b"<", b"<x:").replace(b"<x:/", b"</x:"))
    relation = b'<Relationship Id="rId90" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation + b"</Relationships>")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


# -- the same table from every program --------------------------------------------------------------------------------


def test_the_five_types_come_in() -> None:
    reading = read(workbook((HEADER, *ROWS)))
    single, multiple, judge, blank, short = questions(reading)
    assert not reading.problems
    assert [question.type for question in questions(reading)] == [Type.SINGLE, Type.MULTIPLE, Type.JUDGE, Type.BLANK, Type.SHORT]
    assert single.choices[1] == Choice("15 秒", True)
    assert single.key == (1,)
    assert single.explanation == "三声铃响内。"
    assert multiple.key == (0, 2, 3)
    assert judge.key == (1,)
    assert blank.stem == "投诉应在{{1}}小时内首次回复。"
    assert blank.blanks == (("24", "二十四"),)
    assert short.key_points == (KeyPoint(Decimal(2), "看指示灯", ()), KeyPoint(Decimal(1), "重启光猫", ()))
    assert [item.where for item in reading.items] == [f"bank.xlsx:表1!A{row}" for row in range(2, 7)]


def test_shared_strings_say_the_same() -> None:
    data = shared(workbook((HEADER, *ROWS)))
    assert b"inlineStr" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert questions(read(data)) == questions(read(workbook((HEADER, *ROWS))))


def test_an_old_workbook_says_the_same() -> None:
    assert questions(read(old_workbook((HEADER, *ROWS)), "bank.xls")) == questions(read(workbook((HEADER, *ROWS))))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_says_the_same_in_every_encoding(encoding: str, delimiter: str) -> None:
    reading = read(comma_separated((HEADER, *ROWS), delimiter).encode(encoding), "bank.csv")
    assert questions(reading) == questions(read(workbook((HEADER, *ROWS))))
    assert [item.line for item in reading.items] == [2, 3, 4, 5, 6]


# -- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [
    ("题目", "A", "B", "正确答案"), ("试题内容*", "选项 A", "选项 B", "标准答案（必填）"), ("题干（必填）", "Ａ选项", "Ｂ选项", "正确答案\n（必填）"),
    ("试题", "选项1", "选项2", "参考答案"), ("Question", "Option A", "Option B", "Correct Answer"), ("题干", "选项(A)", "选项(B)", "答案："),
    ("问题", "备选答案A", "备选答案B", "答案"), ("试题题干", "选项一", "选项二", "正确选项"), ("题 干", "A项", "B项", "key"),
    ("考题内容", "可选项A", "可选项B", "试题答案"), ("题目/题干", "备选项1", "备选项2", "题目答案"), ("题面", "选项A内容", "选项B内容", "本题答案"),
    ("Question Title", "A)", "B)", "Correct Answer(s)"), ("Prompt", "Choice 1", "Choice 2", "Answer Key"), ("试题正文", "题目选项A", "题目选项B", "解答"),
])
def test_columns_are_known_by_the_names_people_give_them(names: tuple[str, ...]) -> None:
    reading = read(workbook((names, ("先致歉还是先核实？", "先致歉", "先核实", "A"))))
    (question,) = questions(reading)
    assert [choice.text for choice in question.choices] == ["先致歉", "先核实"]
    assert question.key == (0,)
    assert not reading.problems


def test_what_stands_beside_the_question_is_known_by_many_names() -> None:
    header = ("考题", "考题类型", "A", "B", "正确答案", "解答", "题目难度", "所属知识点", "单题分值")
    reading = read(workbook((header, ("先致歉还是先核实？", "单选", "先致歉", "先核实", "B", "先听完。", "难", "greeting", "2.5"))))
    (question,) = questions(reading)
    assert (question.explanation, question.difficulty, question.marks) == ("先听完。", 5, Decimal("2.5"))
    assert question.kb is not None
    assert question.kb.article == "greeting"
    assert not reading.problems


@pytest.mark.parametrize(("above", "found"), [(0, True), (9, True), (10, False)])
def test_the_header_is_among_the_first_ten_rows(above: int, found: bool) -> None:
    reading = read(workbook([*[("填写说明", "第一行不要改")] * above, HEADER, *ROWS]))
    assert bool(questions(reading)) is found
    assert [problem.code for problem in reading.problems] == ([] if found else ["sheet-no-header", "source-empty"])


def test_a_row_that_names_the_answer_is_the_header_before_one_that_does_not() -> None:
    reading = read(workbook((("题目", "类型"), HEADER, *ROWS)))
    assert len(questions(reading)) == 5


def test_the_letters_of_the_choices_may_stand_below_their_common_name() -> None:
    book = openpyxl.Workbook()
    for row in (("题目", "选项", None, None, "答案"), (None, "A", "B", "C", None), ("甲？", "一", "二", "三", "C")):
        book.active.append(row)
    for merged in ("A1:A2", "B1:D1", "E1:E2"):
        book.active.merge_cells(merged)
    (question,) = questions(read(saved(book)))
    assert [choice.text for choice in question.choices] == ["一", "二", "三"]
    assert question.key == (2,)


def test_a_column_nobody_knows_is_told_once_with_its_cell() -> None:
    reading = read(workbook(((*HEADER, "出题人", "空列"), *[(*row, "小李") for row in ROWS])))
    assert [(problem.code, problem.where) for problem in reading.problems] == [("column-unknown", "bank.xlsx:表1!I1")]
    assert len(questions(reading)) == 5


def test_what_stands_under_no_name_is_told_with_its_cell() -> None:
    reading = read(comma_separated((HEADER, (*ROWS[0], "多出来的"))).encode(), "bank.csv")
    assert [(problem.code, problem.line, problem.column) for problem in reading.items[0].problems] == [("cell-no-column", 2, 9)]


def test_a_serial_number_is_no_id_and_a_code_is_one() -> None:
    serial = read(workbook((("序号", "题目", "答案"), (1, "录音要保存。", "√"), (2, "可以打断客户。", "×"))))
    coded = read(workbook((("编号", "题目", "答案"), ("KF_01", "录音要保存。", "√"), ("KF_02", "可以打断客户。", "×"))))
    assert [question.id for question in questions(serial)] == ["", ""]
    assert [question.id for question in questions(coded)] == ["kf-01", "kf-02"]
    assert all("id" in item.said for item in coded.items)
    assert all("id" not in item.said for item in serial.items)


# -- rows -------------------------------------------------------------------------------------------------------------


def test_a_footer_below_the_table_makes_no_id_of_serial_numbers() -> None:
    rows = (("序号", "题目", "答案"), (1, "录音要保存。", "√"), (2, "可以打断客户。", "×"), ("审核：培训组", "", "3 月 5 日"))
    assert [question.id for question in questions(read(workbook(rows)))] == ["", ""]


def test_tables_one_below_the_other_each_have_their_columns() -> None:
    rows = (
        ("一、单选题（每题2分）",), ("题号", "题干", "A", "B", "答案"), (1, "甲？", "一", "二", "B"), ("", ""),
        ("二、判断题（每题1分）",), ("题号", "题干", "答案", "解析"), (1, "乙。", "√", "见手册"), ("题号", "题干", "答案", "解析"), (2, "丙。", "×", ""),
        ("题目", "选项", "", "", "答案"), ("", "A", "B", "C"), ("丁？", "一", "二", "三", "C"),
    )
    reading = read(workbook(rows))
    assert [(question.stem, question.type, question.key, question.marks) for question in questions(reading)] == [
        ("甲？", Type.SINGLE, (1,), Decimal(2)), ("乙。", Type.JUDGE, (0,), Decimal(1)), ("丙。", Type.JUDGE, (1,), Decimal(1)),
        ("丁？", Type.SINGLE, (2,), Decimal(1)),
    ]
    assert [item.problems for item in reading.items][:3] == [(), (), ()]


def test_merged_cells_speak_for_all_their_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("题型", "题目", "A", "B", "答案"), ("单选题", "甲？", "一", "二", "A"), (None, "乙？", "一", "二", "B"), ("多选题", "丙？", "一", "二", "AB"),
                (None, "丁？", "一", "二", "B"), (None, "戊？", "一", "二", "B")):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("B7:E9")
    reading = read(saved(book))
    assert [question.type for question in questions(reading)] == [Type.SINGLE, Type.SINGLE, Type.MULTIPLE, Type.MULTIPLE, Type.SINGLE]


def test_rows_that_ask_nothing_are_no_items() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook((HEADER, ROWS[0], ("", "多选题"), HEADER, ("挂断前致谢？", "", *ROWS[0][2:])))))
    for row in book.worksheets[0].iter_rows(min_row=6, max_row=400, max_col=8):
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="FFFF00")
    reading = read(saved(book))
    assert [item.line for item in reading.items] == [2, 5]
    assert [question.type for question in questions(reading)] == [Type.SINGLE, Type.SINGLE]


def test_a_heading_between_the_rows_says_type_and_marks() -> None:
    rows = (("题目", "A", "B", "答案"), ("一、单选题（每题 2 分）",), ("甲？", "一", "二", "A"), ("二、多选题(每小题3分)",), ("乙？", "一", "二", "A"))
    first, second = questions(read(workbook(rows)))
    assert (first.type, first.marks) == (Type.SINGLE, Decimal(2))
    assert (second.type, second.marks) == (Type.MULTIPLE, Decimal(3))


def test_a_sheet_named_after_a_type_says_the_type() -> None:
    header = ("题目", "答案(对/错)")
    reading = read(workbook(第一章=(header, ("可以边吃边接。", "×")), 判断=(header, ("可以拒接。", "X"), ("说不清。", "大概")),
                            判断题=(header, ("来电要登记。", "是"))))
    assert [item.question and (item.question.type, item.question.key) for item in reading.items] == [
        (Type.JUDGE, (1,)), (Type.JUDGE, (1,)), None, (Type.JUDGE, (0,)),
    ]


def test_options_may_stand_in_one_cell_or_one_below_the_other() -> None:
    rows = [("题目", "选项", "答案"), ("甲？", "A. 一\nB. 二", "B"), ("乙？", "一|二|三", "C"), ("丙？", "一", "B"), ("", "二", ""), ("", "三", ""),
            ("丁？", "其中 A. 一\nB. 二", "B. 二"), ("戊？", "A.一 B.二 C.三", "C")]
    found = questions(read(workbook(rows)))
    assert [choice.text for choice in found[3].choices] == ["其中 A. 一", "B. 二"]
    assert [[choice.text for choice in question.choices] for question in found[:3]] == [["一", "二"], ["一", "二", "三"], ["一", "二", "三"]]
    assert [choice.text for choice in found[-1].choices] == ["一", "二", "三"]
    assert [question.key for question in found[:3]] == [(1,), (2,), (1,)]


def test_options_in_one_cell_count_where_the_columns_are_empty() -> None:
    found = questions(read(workbook((("题目", "A", "B", "选项", "答案"), ("甲？", "一", "二", "", "A"), ("乙？", "", "", "三|四", "B")))))
    assert [[choice.text for choice in question.choices] for question in found] == [["一", "二"], ["三", "四"]]


def test_letters_repeated_in_the_cells_go_and_others_stay() -> None:
    rows = (("题目", "A", "B", "答案"), ("甲？", "A. 一", "B．二", "A"), ("乙？", "B. 一", "二", "A"))
    first, second = questions(read(workbook(rows)))
    assert [choice.text for choice in first.choices] == ["一", "二"]
    assert [choice.text for choice in second.choices] == ["B. 一", "二"]


@pytest.mark.parametrize(("cell", "texts"), [
    ("A 一；B 二；C 三", ["一", "二", "三"]),
    ("A一\nB二\nC三", ["一", "二", "三"]),
    ("1.一\n2.二\n3.三", ["一", "二", "三"]),
    ("①一 ②二 ③三", ["一", "二", "三"]),
    ("（1）一；（2）二；（3）三", ["一", "二", "三"]),
    ("A类客户|B类客户|C类客户", ["A类客户", "B类客户", "C类客户"]),
    ("①对②错；③对④错", ["①对②错", "③对④错"]),
    ("A 座|B 座|C 座", ["A 座", "B 座", "C 座"]),
    ("1.5元\n2.5元\n3.5元", ["1.5元", "2.5元", "3.5元"]),
    ("1个\n2个\n3个", ["1个", "2个", "3个"]),
    ("一/二/三", ["一", "二", "三"]),
    ("一,二,三", ["一", "二", "三"]),
])
def test_the_labels_of_options_in_one_cell_are_no_part_of_them(cell: str, texts: list[str]) -> None:
    answer = "二" if cell[1:2] in ("/", ",") else "B"
    (question,) = questions(read(workbook((("题目", "选项", "答案"), ("甲？", cell, answer)))))
    assert [choice.text for choice in question.choices] == texts
    assert question.key == (1,)


@pytest.mark.parametrize(("cell", "answer", "key"), [("1.一\n2.二\n3.三", "3", (2,)), ("①一 ②二 ③三", "①③", (0, 2)), ("1、一；2、二", "1,2", (0, 1))])
def test_options_with_numbers_are_answered_by_these(cell: str, answer: str, key: tuple[int, ...]) -> None:
    (question,) = questions(read(workbook((("题目", "选项", "答案"), ("甲？", cell, answer)))))
    assert question.key == key


@pytest.mark.parametrize(("cell", "answer", "stem", "texts"), [
    ("先说什么？A.喂 B.您好 C.哪位", "B", "先说什么？", ["喂", "您好", "哪位"]),
    ("结束语是（　）\nA、再见\nB、挂了\nC、嗯", "AC", "结束语是（　）", ["再见", "挂了", "嗯"]),
    ("按 A. 键之后？ A. 转接 B. 挂断", "A", None, []),  # which A begins the choices?
    ("A. 类客户和 B. 类客户各有多少？", "C", None, []),
])
def test_choices_in_the_cell_of_the_question_are_taken_out_of_it(cell: str, answer: str, stem: str | None, texts: list[str]) -> None:
    reading = read(workbook((("题型", "题目", "答案"), ("选择题", cell, answer))))
    found = questions(reading)
    assert [question.stem for question in found] == ([stem] if stem else [])
    assert [[choice.text for choice in question.choices] for question in found] == ([texts] if stem else [])


def test_the_answers_may_stand_in_the_brackets_of_the_questions() -> None:
    rows = (("题型", "题目", "A", "B", "答案"), ("单选", "先说（ B ）。", "喂", "您好", ""), ("判断", "可以外呼（√）", "", "", ""), ("多选", "可做（AB）", "登记", "回访", ""),
            ("单选", "套餐（A）和套餐（B）哪个贵？", "前者", "后者", ""), ("填空", "热线（A）是____。", "", "", ""))
    reading = read(workbook(rows))
    assert [(question.stem, question.key) for question in questions(reading)] == [("先说（ ）。", (1,)), ("可以外呼（ ）", (0,)), ("可做（ ）", (0, 1))]
    assert [problem.code for item in reading.items[3:] for problem in item.problems] == ["answer-missing"] * 2


def test_brackets_are_no_answers_where_others_have_theirs() -> None:
    rows = (("题目", "A", "B", "答案"), ("套餐（A）的月租？", "59 元", "79 元", "B"), ("套餐（B）的月租？", "59 元", "79 元", ""))
    reading = read(workbook(rows))
    assert [question.stem for question in questions(reading)] == ["套餐（A）的月租？"]
    assert [problem.code for problem in reading.items[1].problems] == ["answer-missing"]


def test_the_answer_may_stand_beside_a_choice_further_down() -> None:
    rows = (("题目", "选项", "答案"), ("甲？", "A.一", ""), ("", "B.二", "B"), ("乙？", "A.三", "A"), ("", "B.四", ""), ("丙？", "A.五", "A"), ("", "B.六", "B"),
            ("丁？", "A.七\nB.八", ""), ("", "A.九\nB.十", "B"), ("戊？", "七|八", ""), ("", "九|十", "B"))
    reading = read(workbook(rows))
    assert [(question.stem, question.key) for question in questions(reading)] == [("甲？", (1,)), ("乙？", (0,))]
    assert len(reading.items) == 8  # whose key B is, nobody knows


def test_a_sheet_of_lines_alone_is_told_where_there_is_nothing_else() -> None:
    lines = read(workbook((("1.先说什么？（B）",), ("A.喂",), ("B.您好",))))
    assert [problem.code for problem in lines.problems] == ["sheet-no-header", "source-empty"]
    assert not read(workbook((HEADER, *ROWS), (("填完保存",), ("交给培训组",)))).problems


def test_marks_may_stand_in_the_cell_of_the_type() -> None:
    rows = (("题型", "题干", "A", "B", "答案"), ("单选题（2分）", "甲？", "一", "二", "A"), ("多选(每题1.5分)", "乙？", "一", "二", "AB"), ("填空题（每空2分）", "先__，再__。", "", "", "听|记"),
            ("判断题", "丙。", "", "", "对"))
    assert [question.marks for question in questions(read(workbook(rows)))] == [Decimal(2), Decimal("1.5"), Decimal(4), None]


def test_a_line_under_the_header_of_a_table_with_bars_is_no_row() -> None:
    reading = read("| 题目 | A | B | 答案 |\n| --- | :---: | --- | --- |\n| 甲？ | 一 | 二 | B |\n".encode(), "bank.csv")
    assert [item.line for item in reading.items] == [3]


def test_a_letter_and_a_space_before_each_choice_go() -> None:
    (question,) = questions(read(workbook((("题目", "A", "B", "答案"), ("甲？", "A 一", "B 二", "A")))))
    assert [choice.text for choice in question.choices] == ["一", "二"]


def test_a_number_that_is_the_place_of_one_choice_and_the_text_of_another_is_refused() -> None:
    rows = (("题目", "选项1", "选项2", "选项3", "答案"), ("几声内接？", "3", "5", "2", "3"), ("几声？", "1", "2", "3", "3"), ("行吗？", "错", "对", "", "1"),
            ("可以吗？", "对", "错", "", "1"))
    reading = read(workbook(rows))
    assert [[problem.code for problem in item.problems] for item in reading.items] == [["answer-two-ways"], [], ["answer-two-ways"], []]
    assert [question.key for question in questions(reading)] == [(2,), (0,)]


def test_the_choices_may_be_called_as_in_older_papers() -> None:
    rows = (("题目", "甲", "乙", "丙", "答案"), ("先做？", "问候", "核对", "记录", "乙"), ("可做？", "问候", "核对", "记录", "甲、丙"), ("还做？", "问候", "核对", "记录", "核对"))
    assert [question.key for question in questions(read(workbook(rows)))] == [(1,), (0, 2), (1,)]


def test_an_answer_may_name_the_column_of_its_choice() -> None:
    rows = (("Question", "Option 1", "Option 2", "Option 3", "Correct answer"), ("First?", "Greet", "Hold", "End", "Option 2"), ("Which?", "Greet", "Hold", "End", "option 1, option 3"))
    assert [question.key for question in questions(read(workbook(rows)))] == [(1,), (0, 2)]


def test_answers_to_what_has_no_choices_stay_as_they_are() -> None:
    rows = (("题型", "题目", "甲", "乙", "答案"), ("填空题", "丙丁之前是____。", "", "", "甲"), ("简答题", "怎么办？", "", "", "先点选项A，再点选项2"), ("单选题", "选？", "一", "二", "B，因为选项A不全"))
    first, second, third = questions(read(workbook(rows)))
    assert first.blanks == (("甲",),)
    assert [point.text for point in second.key_points] == ["先点选项A，再点选项2"]
    assert (third.key, third.explanation) == ((1,), "因为选项A不全")


def test_numbers_answer_lettered_choices_where_the_table_shows_that_it_counts_from_one() -> None:
    header = ("题目", "A", "B", "C", "答案")
    counted = (header, ("甲？", "一", "二", "三", 3), ("乙？", "一", "二", "三", "1,2"), ("丙？", "一", "二", "", 2), ("丁。", "", "", "", "√"))
    open_ = (header, ("甲？", "一", "二", "三", 1), ("乙？", "一", "二", "三", 2))
    from_zero = (header, ("甲？", "一", "二", "三", 0), ("乙？", "一", "二", "三", 2), ("丙？", "一", "二", "", 2))
    assert [question.key for question in questions(read(workbook(counted)))] == [(2,), (0, 1), (1,), (0,)]
    assert not questions(read(workbook(open_)))
    assert not questions(read(workbook(from_zero)))


def test_the_right_choice_may_stand_beside_those_that_distract() -> None:
    rows = (("题目", "正确答案", "干扰项1", "干扰项2"), ("几天？", "3天", "5天", "7天"), ("哪里？", "热线；在线", "邮筒", ""), ("要登记。", "√", "", ""))
    found = questions(read(workbook(rows)))
    assert [[(choice.text, choice.correct) for choice in question.choices] for question in found[:2]] == [
        [("3天", True), ("5天", False), ("7天", False)], [("热线；在线", True), ("邮筒", False)],
    ]
    assert found[2].type is Type.JUDGE


def test_material_stands_before_each_question_on_it() -> None:
    rows = (("题型", "大题题干", "小题题型", "小题题干", "正确答案", "A", "B"), ("单选题", "开场先？", "", "", "A", "问好", "挂断"),
            ("阅读理解", "客户说网慢。", "单选题", "先问？", "B", "年龄", "地址"), ("", "", "判断题", "可以不登记。", "错", "", ""))
    reading = read(workbook(rows))
    assert [(question.stem, question.type) for question in questions(reading)] == [
        ("开场先？", Type.SINGLE), ("客户说网慢。\n\n先问？", Type.SINGLE), ("客户说网慢。\n\n可以不登记。", Type.JUDGE),
    ]


def test_blanks_may_be_called_by_their_number() -> None:
    (question,) = questions(read(workbook((("题型", "题干", "答案"), ("填空题", "先[填空1]，再[填空2]。", "听;记")))))
    assert (question.stem, question.blanks) == ("先{{1}}，再{{2}}。", (("听",), ("记",)))


def test_choices_with_numbers_are_answered_by_number() -> None:
    rows = (("题目", "选项1", "选项2", "选项3", "答案"), ("甲？", "一", "二", "三", 2), ("乙？", "一", "二", "三", "1,3"))
    assert [question.key for question in questions(read(workbook(rows)))] == [(1,), (0, 2)]


def test_sheets_of_notes_are_passed_over_and_hidden_ones_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(
        (HEADER, *ROWS), 填写说明=(("题型", "单选、多选"), ("答案", "字母")), 版本号=((20221101,),), 人员=(("姓名", "部门"), ("小李", "培训")),
        旧题=(HEADER, *ROWS), 空=(), 选项表=(("单选题",), ("多选题",)),
    )))
    book["旧题"].sheet_state = "veryHidden"
    reading = read(saved(book))
    assert [(problem.code, problem.sheet, problem.severity) for problem in reading.problems] == [
        ("sheet-no-header", "人员", "warning"), ("sheet-hidden", "旧题", "warning"),
    ]
    assert len(questions(reading)) == 5


def test_a_hidden_row_comes_in_and_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook((HEADER, *ROWS))))
    book.worksheets[0].row_dimensions[3].hidden = True
    told = {item.line: codes(item) for item in read(saved(book)).items if item.problems}
    assert told == {3: [("row-hidden", "A3")]}


# -- what spreadsheets do to what is typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code", "cell"), [
    (7.0, "General", Cell("7", Kind.NUMBER)), (0.1 + 0.2, "", Cell("0.3", Kind.NUMBER)), (0.05, "0%", Cell("5%")), (0.125, "0%", Cell("13%")),
    (0.855, "0.0%", Cell("85.5%")), (755, "0000", Cell("0755")), (1234567890123456, "0", Cell("1234567890123456", Kind.NUMBER)),
    (45748, "yyyy/m/d", Cell("2025-04-01", Kind.DATE)), (45748.5, "yyyy-mm-dd hh:mm", Cell("2025-04-01 12:00", Kind.DATE)),
    (45748, 'yyyy"年"m"月"d"日"', Cell("2025-04-01", Kind.DATE)), (45748, 'm"月"d"日"', Cell("4月1日", Kind.DAY)), (45748, "d-mmm", Cell("4月1日", Kind.DAY)),
    (1, "m/d", Cell("1月1日", Kind.DAY)), (0.375, "h:mm", Cell("9:00")), (0.375, "hh:mm:ss", Cell("09:00:00")), (3.5, '0.00"天"', Cell("3.50天")),
    (3, '[$-804]0"月"', Cell("3月")), (48, 'General"小时"', Cell("48小时")), (1234.5, '[$¥-804]#,##0.0#', Cell("¥1,234.5")), (59, r"0\元", Cell("59元")),
    (3.7, "0_ ", Cell("4")), (-0.5, "0.0", Cell("-0.5", Kind.NUMBER)), (1500, "0.00E+00", Cell("1500", Kind.NUMBER)), (-3, "yyyy/m/d", Cell("-3", Kind.NUMBER)), (float("nan"), "0", Cell("#NUM!", Kind.ERROR)),
    (1e9, "yyyy/m/d", Cell("1000000000", Kind.NUMBER)), (1.5e300, "0", Cell("1.5E+300", Kind.NUMBER)), (0.285, "0%", Cell("29%")), (12, "0;-0;@", Cell("12", Kind.NUMBER)),
])
def test_a_number_is_taken_as_it_is_shown(number: float, code: str, cell: Cell) -> None:
    assert shown(number, code) == cell


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (("题目", "A", "B", "答案"), ("从哪天起？", datetime.date(2025, 4, 1), "都不是", "A")):
        book.active.append(row)
    (question,) = questions(read(saved(book)))
    assert question.choices[0].text == "2025-04-01"


def test_what_excel_made_of_the_cells_is_told() -> None:
    rows = (
        HEADER, ("订单号是？", "单选题", 1234567890123456789, "甲", "乙", "丙", "B"), ("可以拒绝回访。", "判断题", "", "", "", "", False), ("整理几分钟？", "单选题", datetime.date(2025, 1, 2), "3-5", "5-8", "8-10", "A"),
        ("区号是？", "单选题", "0755", 10, "0571", "020", "B"), ("合计几个？", "单选题", "=1+1", 3, 4, 5, "A"), ("从哪天起？", "单选题", datetime.date(2025, 4, 1), "甲", "乙", "丙", "A"),
        ("目标是？", "单选题", 0.85, "甲", "乙", "丙", "A"),
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    sheet = book.worksheets[0]
    sheet["C4"].number_format, sheet["C7"].number_format, sheet["C8"].number_format = 'm"月"d"日"', "yyyy/m/d", "0%"
    reading = read(saved(book))
    assert [(item.outcome.value, codes(item)) for item in reading.items] == [
        ("warned", [("cell-digits", "C2")]), ("warned", [("cell-boolean", "G3")]), ("refused", [("cell-day", "C4")]),
        ("warned", [("cell-zeros", "D5")]), ("refused", [("cell-uncomputed", "C6")]), ("warned", [("cell-date", "C7")]), ("imported", []),
    ]
    assert [question.choices[0].text for question in questions(reading)][1:] == ["正确", "0755", "2025-04-01", "85%"]
    assert questions(reading)[1].key == (1,)


def test_a_formula_counts_by_its_stored_value() -> None:
    data = changed(
        workbook((HEADER, ("几个？", "单选题", "=60/15", "5", "6", "7", "A"), ("几个？", "单选题", '=A1&"x"', "5", "6", "7", "A"), ("几个？", "单选题", "=1/0", "5", "6", "7", "A"))),
        "xl/worksheets/sheet1.xml", (b"<c r=\"C2\"><f>60/15</f><v></v>", b"<c r=\"C2\"><f>60/15</f><v>4</v>"),
        (b'<c r="C3"><f>A1&amp;"x"</f><v></v>', '<c r="C3" t="str"><f>A1&amp;"x"</f><v>题干x</v>'.encode()),
        (b'<c r="C4"><f>1/0</f><v></v>', b'<c r="C4" t="e"><f>1/0</f><v>#DIV/0!</v>'),
    )
    reading = read(data)
    assert [question.choices[0].text for question in questions(reading)] == ["4", "题干x"]
    assert codes(reading.items[2]) == [("cell-error", "C4")]


def test_rich_text_is_text_and_how_it_is_pronounced_is_not() -> None:
    book = openpyxl.Workbook()
    book.active.append(("题目", "答案"))
    book.active["A2"], book.active["B2"] = CellRichText("先说", TextBlock(InlineFont(b=True), "您好"), "再核身。"), "√"
    book.active["A1"].font = Font(bold=True)
    data = changed(saved(book), "xl/worksheets/sheet1.xml", (b"</is></c><c r=\"B2\"", '<rPh sb="0" eb="1"><t>ㄒㄧㄢ</t></rPh></is></c><c r="B2"'.encode()))
    for kept in (data, shared(data)):
        (question,) = questions(read(kept))
        assert question.stem == "先说您好再核身。"


def test_a_cell_that_is_too_long_is_refused_and_the_rest_comes_in() -> None:
    reading = read(workbook((HEADER, ("长" * 20_001, "判断题", "", "", "", "", "对"), *ROWS)))
    assert codes(reading.items[0]) == [("cell-too-long", "A2")]
    assert len(questions(reading)) == 5


# -- CSV --------------------------------------------------------------------------------------------------------------


def test_a_record_is_at_the_line_it_begins_on() -> None:
    rows = (HEADER, ("第一行\n第二行，“您好”，说 \"请\"", *ROWS[2][1:]), ROWS[2])
    reading = read(comma_separated(rows).encode(), "bank.csv")
    assert [item.line for item in reading.items] == [2, 4]
    assert questions(reading)[0].stem == '第一行\n\n第二行，“您好”，说 "请"'


def test_a_lost_quote_costs_its_own_row() -> None:
    table = comma_separated((HEADER, *ROWS[:3])) + '"客户说,判断题,,,,,对\n' + comma_separated((*ROWS[:2], ROWS[3]))
    reading = read(table.encode(), "bank.csv")
    assert [item.line for item in reading.items if item.question is None] == [5]
    assert [(problem.code, problem.line) for problem in reading.items[3].problems] == [("cell-unclosed", 5)]
    assert len(questions(reading)) == 6


def test_a_quote_that_swallows_rows_is_told() -> None:
    table = comma_separated((HEADER, ROWS[0])) + '"甲,单选题,a,b,c,d,A,x\n' + comma_separated(ROWS[:2]) + '乙,单选题,a,b,c,d,A,"\n' + comma_separated(ROWS[2:3])
    reading = read(table.encode(), "bank.csv")
    assert [(item.line, item.outcome.value) for item in reading.items][:2] == [(2, "imported"), (3, "refused")]
    assert {question.stem for question in questions(reading)} >= {ROWS[1][0], ROWS[2][0]}


def test_of_many_lost_quotes_the_last_cost_the_rows_they_swallow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ladder_tools.formats.tables.csv_table._MAX_RECORD", 5)
    monkeypatch.setattr("ladder_tools.formats.tables.csv_table._MAX_MENDED", 1)
    table = comma_separated((HEADER,)) + ('"a,判断题,,,,,对\n' + "b,判断题,,,,,对\n" * 6) * 2
    reading = read(table.encode(), "bank.csv")
    refused = [item for item in reading.items if item.question is None]
    assert [(item.line, item.problems[0].code) for item in refused] == [(2, "cell-unclosed"), (9, "cell-unclosed")]
    assert len(questions(reading)) == 6 + 2


def test_text_that_excel_was_forced_to_keep_is_text() -> None:
    (question,) = questions(read('题目,A,B,答案\n区号是？,"=""0755""","=""0571""",A\n'.encode(), "bank.csv"))
    assert [choice.text for choice in question.choices] == ["0755", "0571"]


# -- files made to harm -----------------------------------------------------------------------------------------------


def test_two_cells_far_apart_cost_no_more_than_two_cells() -> None:
    book = xlwt.Workbook()
    for number in range(5):
        sheet = book.add_sheet(f"s{number}")
        sheet.write(0, 0, "题干")
        sheet.write(65535, 255, "x")
    file = io.BytesIO()
    book.save(file)
    assert [problem.code for problem in read(file.getvalue(), "bank.xls").problems][-1] == "source-empty"


def test_millions_of_empty_cells_are_refused() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for row in range(10_000):
        sheet.row(row).set_cell_mulblanks(0, 255, xlwt.easyxf("pattern: pattern solid, fore_colour yellow") if row == 0 else xlwt.Style.default_style)
    file = io.BytesIO()
    book.save(file)
    assert [problem.code for problem in read(file.getvalue(), "bank.xls").problems] == ["sheet-too-big"]
    table = workbook((HEADER, *ROWS))
    swollen = changed(table, "xl/worksheets/sheet1.xml", (b"</sheetData>", b"<row>" + b"<c/>" * 2_000_000 + b"</row></sheetData>"))
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(swollen)) as old, zipfile.ZipFile(stored, "w") as new:  # not packed, so that the ratio tells nothing
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert [problem.code for problem in read(stored.getvalue()).problems] == ["sheet-too-big"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_are_refused_in_every_part(part: str) -> None:
    data = workbook((HEADER, *ROWS))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = archive.read(part).removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>\n").removeprefix(b'<?xml version="1.0"?>')
    harmful = changed(data, part, (root, b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + root))
    assert [problem.code for problem in read(harmful).problems] == ["xml-entity"]


def test_more_rows_than_a_bank_can_have_are_refused() -> None:
    reading = read(("题目,答案\n" + "录音要保存。,√\n" * 30_000).encode(), "bank.csv")
    assert [problem.code for problem in reading.problems] == ["sheet-too-big"]


def test_a_workbook_that_is_none_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    reading = formats.read(formats.Source("bank.xlsx", file.getvalue()), "xlsx")
    assert [problem.code for problem in reading.problems] == ["workbook-none"]
    locked = read(bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le") + bytes(3000))
    assert [problem.code for problem in locked.problems] == ["archive-locked"]
    broken = read(bytes.fromhex("D0CF11E0A1B11AE1") + "Workbook".encode("utf-16-le") + bytes(3000), "bank.xls")
    assert [problem.code for problem in broken.problems] == ["xls-broken"]


# -- the template that is written -------------------------------------------------------------------------------------


def question(type_: Type, stem: str, **parts: object) -> Question:
    return Question(**{  # type: ignore[arg-type]
        "id": "q", "title": "题", "type": type_, "stem": stem, "choices": (), "blanks": (), "key_points": (), "difficulty": 3, "kb": None, "marks": None,
        "fixed": type_ is Type.JUDGE, "explanation": "", "line": 0, **parts,
    })


def choices(*texts: str, right: str) -> tuple[Choice, ...]:
    return tuple(Choice(text, text in right.split("|")) for text in texts)


def written(*found: Question) -> Output:
    output = Output([Bank("bank", "题库", found)])
    xlsx.write(output)
    return output


def test_the_template_is_that_of_kaoshibao() -> None:
    output = written(
        question(Type.MULTIPLE, "哪些要升级？", choices=choices("一", "二", "三", right="一|三"), explanation="见制度。"),
        question(Type.JUDGE, "可以挂断。", choices=choices("对", "错", right="错"), difficulty=1),
        question(Type.BLANK, "在{{1}}小时内回复，{{2}}天办结。", blanks=(("24", "二十四"), ("7",))),
        question(Type.ESSAY, "怎样安抚？", key_points=(KeyPoint(Decimal(2), "倾听", ("共情", "复述")), KeyPoint(Decimal("1.5"), "致歉", ()))),
    )
    book = openpyxl.load_workbook(io.BytesIO(output.files[""]))
    assert book.sheetnames == ["题库", "版本号"]
    sheet = book["题库"]
    assert [cell.value for cell in sheet[2]] == [
        "题干（必填）", "题型 （必填）", "选项 A", "选项 B", "选项 C", "选项 D", "选项E\n(勿删)", "选项F\n(勿删)", "选项G\n(勿删)", "选项H\n(勿删)",
        "正确答案\n（必填）", "解析\n（勿删）", "章节\n（勿删）", "难度",
    ]
    (types,) = sheet.data_validations.dataValidation
    assert types.formula1 == '"单选题,多选题,判断题,填空题,简答题"'
    assert "B3" in types.sqref
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_col=14)]
    assert rows == [
        ["哪些要升级？", "多选题", "一", "二", "三", *[None] * 5, "AC", "见制度。", None, "中"],
        ["可以挂断。", "判断题", "对", "错", *[None] * 6, "B", None, None, "易"],
        ["在____小时内回复，____天办结。", "填空题", *[None] * 8, "24/二十四|7", None, None, "中"],
        ["怎样安抚？", "简答题", *[None] * 8, "倾听（2分）（关键词：共情、复述）\n致歉（1.5分）", None, None, "中"],
    ]
    assert not output.left_out
    assert not output.losses


def test_the_same_bank_is_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    one = question(Type.JUDGE, "可以挂断。", choices=choices("对", "错", right="错"))
    first = written(one).files[""]
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert written(one).files[""] == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01" in archive.read("docProps/core.xml")


def test_no_text_becomes_a_formula_or_another_text() -> None:
    texts = ("=1+1", "+86 转 1", "-3 度", "@所有人", "_x0041_", "=HYPERLINK(\"http://a.example\")")
    output = written(question(Type.SINGLE, "\\=SUM(A1)", choices=tuple(Choice(text.replace("_", "\\_"), index == 0) for index, text in enumerate(texts))))
    sheet = openpyxl.load_workbook(io.BytesIO(output.files[""]))["题库"]
    assert all(cell.data_type == "s" for cell in sheet[3][:8])
    assert all(cell.quotePrefix for cell in sheet[3][2:6])
    (back,) = questions(read(output.files[""]))
    assert [to_text(choice.text) for choice in back.choices] == list(texts)


def test_what_the_template_cannot_hold_is_left_out_and_said() -> None:
    many = question(Type.SINGLE, "选哪个？", choices=tuple(Choice(f"第 {number} 项", number == 0) for number in range(9)))
    pattern = question(Type.BLANK, "几位？{{1}}", blanks=(("/\\d{2}/",),))
    slash = question(Type.BLANK, "资费是{{1}}。", blanks=(("59元/月", "五十九元"),))
    unclear = question(Type.BLANK, "填（ ）和{{1}}。", blanks=(("一",),))
    either = question(Type.BLANK, "写成{{1}}。", blanks=(("甲 / 乙",),))
    output = written(many, pattern, slash, unclear, either)
    assert [(left.stem, why) for _, left, why in output.left_out] == [
        ("选哪个？", "choices-over-8"), ("几位？{{1}}", "no-plain-answer"), ("填（ ）和{{1}}。", "not-read-back"),
        ("写成{{1}}。", "not-read-back"),
    ]
    (back,) = questions(read(output.files[""]))
    assert back.blanks == (("59元/月", "五十九元"),)


def test_several_banks_are_told_apart_by_chapter() -> None:
    one = question(Type.JUDGE, "可以挂断。", choices=choices("对", "错", right="错"))
    output = Output([Bank("a", "接听", (one,)), Bank("b", "投诉", (replace(one, stem="可以打断。"),))])
    xlsx.write(output)
    sheet = openpyxl.load_workbook(io.BytesIO(output.files[""]))["题库"]
    assert [sheet["M3"].value, sheet["M4"].value] == ["接听", "投诉"]
