"""The two-way table of an exam."""

from __future__ import annotations

from fractions import Fraction

import pytest

from examiner import CHAPTERS, ask, bank_of, drawn, exam_of, row_of
from ladder.core.bank import parse_bank
from ladder.core.document import parse_document
from ladder.core.exam import parse_exam
from ladder.core.problems import Report
from ladder.core.question import Type
from ladder.core.two_way import two_way_table

BANK = """---
kind: bank
title: 时限
kb: limits
---
## 一 {#one kb=limits}
几小时？
- (x) 48
- ( ) 24
> 解。

## 二 {#two kb=calls}
几天？
- (x) 3
- ( ) 5
> 解。

## 三 {#three kb=limits}
填 {{3}}。
> 解。
"""
EXAM = """---
kind: exam
title: 考核
---
## 一
| bank | type | count | marks |
| --- | --- | --- | --- |
| times | single | 1 | 60 |
| times | blank | 1 | 40 |
"""


def test_each_knowledge_point_has_its_share_of_the_marks_and_all_add_up() -> None:
    report = Report("x.md")
    bank_file, exam_file = parse_document(BANK, report), parse_document(EXAM, report)
    assert bank_file is not None
    assert exam_file is not None
    table = two_way_table(parse_exam(exam_file, "x", report), {"times": parse_bank(bank_file, "times", report)}, {})

    assert report.problems == []
    assert [row.fitting for row in table.rows] == [2, 1]
    assert table.articles == ("limits", "calls")
    assert table.types == (Type.SINGLE, Type.BLANK)
    assert table.cells["limits", Type.SINGLE].marks == Fraction(30)
    assert table.cells["limits", Type.BLANK].marks == Fraction(40)
    assert table.cells["calls", Type.SINGLE].questions == 1
    assert sum(cell.marks for cell in table.cells.values()) == 100


def test_marks_are_those_of_first_papers_which_draw_each_difficulty_by_its_share() -> None:
    """Two of three easy questions and one of two hard ones, 20 marks each."""
    easy = [ask("a", kb="limits", difficulty=1), ask("b", kb="limits", difficulty=1), ask("c", kb="calming", difficulty=1)]
    banks = bank_of(*easy, ask("d", kb="calming", difficulty=5), ask("e", kb="", difficulty=5))
    table = two_way_table(exam_of([row_of(3, marks="20")]), banks, CHAPTERS)

    assert {article: cell.marks for (article, _), cell in table.cells.items()} == {
        "limits": Fraction(80, 3), "calming": Fraction(40, 3) + 10, "": 10,
    }
    papers = [drawn(exam_of([row_of(3, marks="20")]), banks, seed).items for seed in range(2000)]
    met = sum(20 for items in papers for item in items if item.question in ("a", "b")) / len(papers)
    assert met == pytest.approx(80 / 3, abs=0.5)


def test_a_row_with_a_chapter_counts_only_the_questions_of_its_articles() -> None:
    banks = bank_of(ask("a", kb="limits"), ask("b", kb="calming"), ask("c", kb="greeting"), ask("d", kb=""))
    table = two_way_table(exam_of([row_of(1, chapter="沟通", marks="100")]), banks, CHAPTERS)

    assert [row.fitting for row in table.rows] == [2]
    assert {article: cell.marks for (article, _), cell in table.cells.items()} == {"calming": 50, "greeting": 50}
