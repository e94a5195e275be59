"""What spreadsheets do to what is typed, quotes that are lost in CSV, and tables made to harm."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ladder_tools import formats
from ladder_tools.formats.tables.cells import Cell, Kind, shown
from table_files import HEADER, ROWS, changed, codes, comma_separated, questions, read, saved, shared, workbook

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
