"""Tables of questions as Excel, old Excel and CSV hold them, made for tests, and what came in of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import xlwt

from ladder.core.question import Question
from ladder_tools import formats
from ladder_tools.formats.model import Item, Reading

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
