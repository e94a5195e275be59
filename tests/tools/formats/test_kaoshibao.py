"""A bank as the template of 考试宝: just what it wants, and what it cannot hold is said."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from ladder.core.bank import Bank
from ladder.core.question import Choice, KeyPoint, Question, Type
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Output
from ladder_tools.formats.tables import xlsx
from table_files import questions, read

# -- the template that is written -------------------------------------------------------------------------------------


def question(type_: Type, stem: str, **parts: object) -> Question:
    return Question(**{  # type: ignore[arg-type] # each test gives parts of its own
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
