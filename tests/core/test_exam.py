"""The blueprint of an exam, as its author writes it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ladder.core.document import parse_document
from ladder.core.exam import Exam, parse_exam
from ladder.core.problems import Report
from ladder.core.question import Type

FRONT = """---
kind: exam
title: 小考
minutes: 20
attempts: 3
pass: 70
---
"""
TABLE = """## 一、选择
每题 2 分。

| 题库 | 知识点 | 题型 | 难度 | 题数 | 每题分 |
| --- | --- | --- | --- | --- | --- |
| basics | limits | 单选 | 1-3 | 20 | 2.5 |
| basics | | 多选 | | 10 | 5 |
"""


def read(body: str, front: str = FRONT) -> tuple[Exam, list[tuple[int, int, str]]]:
    report = Report("30-test.md")
    document = parse_document(front + body, report)
    assert document is not None
    exam = parse_exam(document, "test", report)
    return exam, [(problem.line, problem.column, problem.code) for problem in report.problems]


def test_a_blueprint_is_read_whole() -> None:
    exam, problems = read(TABLE)

    assert problems == []
    assert (exam.id, exam.minutes, exam.attempts, exam.pass_marks, exam.shuffle) == ("test", 20, 3, 70, True)
    [section] = exam.sections
    assert (section.title, section.instructions) == ("一、选择", "每题 2 分。")
    first, second = exam.rows
    assert (first.bank, first.kb, first.type, first.low, first.high, first.count, first.marks) == (
        "basics", "limits", Type.SINGLE, 1, 3, 20, Decimal("2.5"),
    )
    assert (second.kb, second.type, second.low, second.high) == ("", Type.MULTIPLE, 1, 5)
    assert (exam.count, exam.marks) == (30, Decimal(100))


def test_what_is_left_out_has_a_default() -> None:
    exam, problems = read(TABLE, "---\nkind: exam\ntitle: 小考\n---\n")

    assert problems == []
    assert (exam.minutes, exam.attempts, exam.pass_marks, exam.shuffle) == (40, 0, 60, True)
    assert (exam.grace_seconds, exam.multiple) == (30, "all")


def test_a_row_may_name_a_chapter_of_the_knowledge_base() -> None:
    table = "| bank | {} | type | count | marks |\n|---|---|---|---|---|\n| basics | 时限 规范 | single | 1 | 50 |\n| basics | | single | 1 | 50 |\n"
    (chinese, problems), (english, more) = read(table.format("章节")), read(table.format("Chapter"))

    assert problems == more == []
    assert [row.chapter for row in chinese.rows] == [row.chapter for row in english.rows] == ["时限 规范", ""]
    assert chinese.rows[0].place("chapter") == (10, 12, 5)


@pytest.mark.parametrize(("rows", "review", "problems"), [
    ("", "release", []), ("review: release\n", "release", []), ("review: never\n", "never", []),
    ("review: window\ncloses: 2026-12-01T18:00+08:00\n", "window", []),
    ("review: window\n", "window", [(4, 9, "review-without-close")]),
    ("review: window\ncloses: tomorrow\n", "window", [(5, 9, "bad-moment")]),
    ("review: window\ncloses:\n", "window", [(4, 9, "review-without-close")]),
    ("review: always\n", "release", [(4, 9, "unknown-value")]),
    ("review: true\n", "release", [(4, 9, "wrong-type")]),
])
def test_the_author_says_when_keys_are_shown(rows: str, review: str, problems: list[tuple[int, int, str]]) -> None:
    exam, found = read(TABLE, f"---\nkind: exam\ntitle: 小考\n{rows}---\n")

    assert (exam.review, found) == (review, problems)


def test_columns_may_be_named_in_either_language_and_any_order() -> None:
    exam, problems = read("| marks | 题数 | Type | bank |\n|---|---|---|---|\n| 50 | 2 | judge | basics |\n")

    assert problems == []
    assert [(row.type, row.count, row.marks) for row in exam.rows] == [(Type.JUDGE, 2, Decimal(50))]


def test_each_heading_is_a_section_of_the_paper() -> None:
    table = "| bank | type | count | marks |\n|---|---|---|---|\n| basics | single | 1 | 50 |\n"
    exam, problems = read(f"## 一\n{table}\n## 二\n做完再交。\n\n{table}")

    assert problems == []
    assert [(section.title, section.instructions) for section in exam.sections] == [("一", ""), ("二", "做完再交。")]
    assert [len(section.rows) for section in exam.sections] == [1, 1]


@pytest.mark.parametrize(("old", "new", "problems"), [
    (TABLE, "", [(8, 1, "no-blueprint")]),
    ("| 10 | 5 |", "| 10 | 4 |", [(13, 37, "marks-not-100")]),
    ("题数", "提数", [(11, 24, "unknown-column")]),
    ("难度", "题数", [(11, 24, "written-twice")]),
    ("| 20 | 2.5 |", "| 291 | 2.5 |", [(14, 21, "too-many-questions")]),
    ("| 10 | 5 |", "| 10 |", [(14, 1, "wrong-cells")]),
    ("单选", "单项", [(13, 21, "unknown-value")]),
    ("单选", "简答", []),
    ("单选", "essay", []),
    ("1-3", "3-1", [(13, 26, "bad-difficulty")]),
    ("1-3", "0", [(13, 26, "bad-difficulty")]),
    ("| 20 |", "| 0 |", [(13, 32, "bad-count")]),
    ("| 20 |", "| 1000 |", [(13, 32, "bad-count")]),
    ("| 2.5 |", "| 0 |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| 101 |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| two |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| nan |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| 2.125 |", [(13, 37, "fine-marks")]),
    ("| 2.5 |", "| 2.500 |", []),
])
def test_a_fault_in_the_blueprint_is_told_in_its_cell(old: str, new: str, problems: list[tuple[int, int, str]]) -> None:
    assert read(TABLE.replace(old, new))[1] == problems
