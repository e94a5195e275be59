"""Workbooks of Excel and WPS: any table with a header in, the template of 考试宝 out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ladder.core.bank import Bank
from ladder.core.marks import plain
from ladder.core.question import KeyPoint, Question, Type
from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.drafts.answers import alternatives
from ladder_tools.formats.drafts.draft import Habits
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.losses import reduced
from ladder_tools.formats.model import Output, Reading, Reason, Source
from ladder_tools.formats.tables.cells import Cell, Sheet
from ladder_tools.formats.tables.sheet import HOLDS, read_sheets
from ladder_tools.formats.tables.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = ["HOLDS", "looks_like", "read", "write"]
HEADER = (
    "题干（必填）", "题型 （必填）", "选项 A", "选项 B", "选项 C", "选项 D", "选项E\n(勿删)", "选项F\n(勿删)", "选项G\n(勿删)",
    "选项H\n(勿删)", "正确答案\n（必填）", "解析\n（勿删）", "章节\n（勿删）", "难度",
)
NOTES = (
    "填写说明：第 2 行的列名不要改动，从第 3 行起每行一题，题型从下拉列表里选。"
    "多选题的答案连着写，例如 ABD。判断题的选项写“正确”和“错误”。"
    "填空题在题干里用 ____ 表示一空，各空的答案用 | 隔开，同一空的几种答案用 / 隔开。"
    "简答题的答案每行一个要点，后面写分数，例如“先致歉（2分）”。"
)
MOST_CHOICES = 8
VERSION = "20221101"  # of the template
_TYPES = {
    Type.SINGLE: "单选题", Type.MULTIPLE: "多选题", Type.JUDGE: "判断题", Type.BLANK: "填空题", Type.SHORT: "简答题",
    Type.ESSAY: "简答题",
}
_LEVELS = ("易", "较易", "中", "较难", "难")
_WIDTHS = (50, 10, *(18,) * MOST_CHOICES, 18, 40, 14, 8)
_COLUMNS = "ABCDEFGHIJKLMN"
_FORMULA_STARTS = ("=", "+", "-", "@")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def looks_like(source: Source) -> bool:
    """Whether a source is a workbook, one with a password too."""
    return is_workbook(source.data) or (_is_locked(source.data) and source.suffix in (".xlsx", ".xlsm"))


def read(source: Source) -> Reading:
    """Read a workbook; each row under a header is an item. Raises `Hostile`."""
    if _is_locked(source.data):
        raise Hostile("archive-locked", name=source.file)
    return read_sheets(Reading(source.file), read_workbook(source.data))


def _is_locked(data: bytes) -> bool:
    """Whether bytes are an Office file with a password: a compound file around the encrypted one."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data


def write(output: Output) -> None:
    """Write all banks as one table in the template of 考试宝. What does not come back from its row is announced."""
    rows = [_row_of(*fitting, output) for fitting in _fitting(output)]
    output.files[""] = _workbook([row.texts for row in _told(rows, output)])


@dataclass(frozen=True)
class _Row:
    """A question with what the template holds of it, and the texts of its 14 cells."""

    bank: Bank
    question: Question
    held: Question
    texts: tuple[str, ...]


def _fitting(output: Output) -> Iterator[tuple[Bank, Question, Question]]:
    """Each question that the template has room for, with its bank and what the template holds of it."""
    for bank in output.banks:
        for question in bank.questions:
            held = reduced(question, HOLDS)
            if len(question.choices) > MOST_CHOICES:
                output.leave_out(bank, question, Reason.CHOICES_OVER_8)
            elif not all(held.blanks):
                output.leave_out(bank, question, Reason.NO_PLAIN_ANSWER)
            else:
                yield bank, question, held


def _row_of(bank: Bank, question: Question, held: Question, output: Output) -> _Row:
    choices = [to_text(choice.text) for choice in question.choices]
    stem = to_text(question.stem)
    return _Row(bank, question, held, (
        re.sub(r"\{\{\d+\}\}", "____", stem) if held.blanks else stem, _TYPES[held.type],
        *choices, *[""] * (MOST_CHOICES - len(choices)), _answer(question, held), to_text(question.explanation),
        bank.title if len(output.banks) > 1 else "", _LEVELS[held.difficulty - 1],
    ))


def _answer(question: Question, held: Question) -> str:
    if held.choices:
        return "".join(chr(ord("A") + index) for index in held.key)
    if held.blanks:
        return "|".join(_alternatives(keys) for keys in held.blanks)
    return "\n".join(_key_point(point) for point in question.key_points)


def _alternatives(keys: Sequence[str]) -> str:
    marks = Habits().alternatives
    return next((text for mark in marks if alternatives(text := mark.join(keys), marks) == keys), marks[0].join(keys))


def _key_point(point: KeyPoint) -> str:
    keywords = f"（关键词：{'、'.join(point.keywords)}）" if point.keywords else ""
    return f"{to_text(point.text)}（{plain(point.marks)}分）{keywords}"


def _told(rows: Sequence[_Row], output: Output) -> Iterator[_Row]:
    """The rows that ask and accept what their questions do, after telling what else is different when they are read."""
    table = (HEADER, *(row.texts for row in rows))
    cells = {row: {column: Cell(text) for column, text in enumerate(texts, 1) if text} for row, texts in enumerate(table)}
    back = read_sheets(Reading("bank.xlsx"), [Sheet("题库", cells)])
    for row, item in zip(rows, back.items, strict=True):
        if item.question is None or _accepted(item.question) != _accepted(row.held):
            output.leave_out(row.bank, row.question, Reason.NOT_READ_BACK)
            continue
        if replace(item.question, line=0) != row.held:
            output.lose(row.bank, row.question, Reason.WORDING)
        yield row


def _accepted(question: Question) -> tuple[object, ...]:
    """What answers a question, without its words."""
    return question.type, question.key, len(question.choices), question.blanks, [point.marks for point in question.key_points]


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The template with its rows, as the bytes of a workbook: the same for the same rows."""
    import openpyxl
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.writer.excel import ExcelWriter

    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(*_EARLIEST)  # noqa: DTZ001 (the library asks for one without a zone)
    sheet = book.create_sheet("题库")
    for column, width in zip(_COLUMNS, _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.row_dimensions[1].height = 75
    sheet.merged_cells.ranges.add(CellRange(f"A1:{_COLUMNS[-1]}1"))
    sheet.freeze_panes = "A3"
    for number, texts in enumerate(((NOTES,), HEADER, *rows), 1):
        sheet.append([_cell(sheet, text, wrapped=number < 3) for text in texts])
    types = DataValidation("list", formula1=f'"{",".join(dict.fromkeys(_TYPES.values()))}"', allow_blank=True)
    types.add(f"B3:B{len(rows) + 1000}")
    sheet.data_validations.append(types)
    book.create_sheet("版本号").append([VERSION])
    stamped = io.BytesIO()
    with zipfile.ZipFile(stamped, "w") as archive:
        ExcelWriter(book, archive).save()  # the workbook's own `save` would write the time into its properties
    return _undated(stamped)


def _cell(sheet: WriteOnlyWorksheet, text: str, *, wrapped: bool) -> WriteOnlyCell | None:
    """A cell that holds a text as it is, even where a spreadsheet would take it for a formula or for the code of a character."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    if not text:
        return None
    cell = WriteOnlyCell(sheet, _LIKE_ESCAPE.sub("_x005F_", clean(text)))
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    if wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _undated(stamped: io.BytesIO) -> bytes:
    """An archive with one and the same date on all its members."""
    undated = io.BytesIO()
    with zipfile.ZipFile(stamped) as old, zipfile.ZipFile(undated, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EARLIEST), old.read(name), zipfile.ZIP_DEFLATED)
    return undated.getvalue()
