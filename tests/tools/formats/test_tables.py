"""Tables: what trainers type into Excel, WPS and CSV files comes in as they meant it."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from ladder.core.question import Choice, KeyPoint, Type
from table_files import HEADER, ROWS, codes, comma_separated, old_workbook, questions, read, saved, shared, workbook

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


def test_so_does_one_of_excel_95_whose_stream_has_another_name() -> None:
    new, old = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")
    data = old_workbook((HEADER, *ROWS))
    at = data.index(new)
    entry = old.ljust(64, b"\0") + (len(old) + 2).to_bytes(2, "little")  # the name, and how long it is with its end
    renamed = data[:at] + entry + data[at + len(entry) :]
    assert questions(read(renamed, "bank.xls")) == questions(read(data, "bank.xls"))
    assert len(questions(read(renamed, "bank.xls"))) == len(ROWS)


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
