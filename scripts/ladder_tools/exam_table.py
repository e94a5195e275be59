"""Showing an exam's blueprint and two-way table in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rich.console import Group
from rich.table import Table

from ladder.core.course import Course
from ladder.core.exam import Exam
from ladder.core.question import Type
from ladder.core.two_way import Cell, two_way_table

TYPES = {
    "zh": dict(zip(Type, ("单选", "多选", "判断", "填空", "简答", "论述"), strict=True)),
    "en": {type_: type_.value for type_ in Type},
}
_COLUMNS = ("section", "bank", "kb", "type", "d", "drawn", "of", "each", "total")
_NUMBERS = ("drawn", "of", "each", "total")
_WORDS = {
    "zh": {
        **dict(zip(_COLUMNS, ("部分", "题库", "知识点", "题型", "难度", "抽题", "可抽", "每题分", "合计"), strict=True)),
        "blueprint": "命题蓝图",
        "table": "双向细目表（可抽题数 / 平均分值）",
        "none": "（未注明）",
    },
    "en": {
        **{name: name for name in _COLUMNS},
        "kb": "knowledge point",
        "blueprint": "Blueprint",
        "table": "Two-way table (questions / average marks)",
        "none": "(none)",
    },
}


def exam_of(course: Course, name: str) -> Exam | None:
    """The exam with that id."""
    return next((exam for folder in course.stages for exam in folder.exams if exam.id == name), None)


def exam_tables(course: Course, exam: Exam, spoken: str) -> Group:
    """The blueprint with its supply, and the two-way table."""
    words, types = _WORDS[spoken], TYPES[spoken]
    table = two_way_table(exam, {bank.id: bank for bank in course.banks}, course.chapters)
    blueprint = Table(title=f"{exam.title} · {words['blueprint']}", title_justify="left")
    for name in _COLUMNS:
        blueprint.add_column(words[name], justify="right" if name in _NUMBERS else "left")
    for supply in table.rows:
        row = supply.row
        span = str(row.low) if row.low == row.high else f"{row.low}–{row.high}"
        point = course.titles.get(row.kb, row.kb) or row.chapter
        blueprint.add_row(supply.section, row.bank, point, types[row.type], span, str(row.count), str(supply.fitting),
                          str(row.marks), str(row.count * row.marks))
    two_way = Table(title=words["table"], title_justify="left", show_footer=True)
    two_way.add_column(words["kb"], footer=words["total"])
    for type_ in table.types:
        cells = [cell for (_, other), cell in table.cells.items() if other is type_]
        footer = _cell(sum(cell.questions for cell in cells), _sum(cells))
        two_way.add_column(types[type_], justify="right", footer=footer)
    two_way.add_column(words["total"], justify="right", footer=_marks(_sum(table.cells.values())))
    for article in table.articles:
        found = [table.cells.get((article, type_)) for type_ in table.types]
        shown = [_cell(cell.questions, cell.marks) if cell else "" for cell in found]
        title = course.titles.get(article, article or words["none"])
        two_way.add_row(title, *shown, _marks(_sum(cell for cell in found if cell)))
    return Group(blueprint, two_way)


def _sum(cells: Iterable[Cell]) -> Fraction:
    return sum((cell.marks for cell in cells), Fraction(0))


def _cell(questions: int, marks: Fraction) -> str:
    return f"{questions} / {_marks(marks)}"


def _marks(marks: Fraction) -> str:
    return f"{float(marks):.1f}".removesuffix(".0")
