"""Lessons: sections, and what counts as having read them."""

from __future__ import annotations

import pytest

from ladder.core.document import parse_document
from ladder.core.errors import Malformed, Refused
from ladder.core.lesson import Lesson, parse_lesson, read_sections, require_all_read
from ladder.core.markup import to_html
from ladder.core.problems import Report

LESSON = """---
kind: lesson
title: 投诉是财富
minutes: 20
goals:
  - 说出步骤
---
先想一想。

## 为什么
见 [[limits]]。

### 细看
不是小节。

## 怎么做
听。
"""


def read(text: str) -> tuple[Lesson, list[tuple[int, int, str]]]:
    report = Report("10-complaints.md")
    document = parse_document(text, report)
    assert document is not None
    lesson = parse_lesson(document, "complaints", report)
    return lesson, [(problem.line, problem.column, problem.code) for problem in report.problems]


def test_a_lesson_is_read_whole() -> None:
    lesson, problems = read(LESSON)

    assert problems == []
    assert (lesson.id, lesson.title, lesson.minutes, lesson.goals) == ("complaints", "投诉是财富", 20, ("说出步骤",))
    assert [(section.title, section.line) for section in lesson.sections] == [("为什么", 10), ("怎么做", 16)]
    assert [heading.title for heading in lesson.headings] == ["为什么", "细看", "怎么做"]
    assert [link.id for link in lesson.links] == ["limits"]
    assert lesson.body.startswith("先想一想。")


def test_an_id_in_the_file_wins_over_its_name() -> None:
    assert read(LESSON.replace("minutes: 20", "id: other"))[0].id == "other"


def test_a_lesson_takes_a_quarter_of_an_hour_unless_said_otherwise() -> None:
    assert read("---\nkind: lesson\ntitle: 一\n---\n## 二\n")[0].minutes == 15
    assert read(LESSON.replace("minutes: 20", "minutes: 240"))[1] == []
    assert read(LESSON.replace("minutes: 20", "minutes: 0"))[1] == [(4, 10, "out-of-range")]
    assert read(LESSON.replace("minutes: 20", "minutes: 241"))[1] == [(4, 10, "out-of-range")]


def test_a_lesson_without_sections_could_never_be_finished() -> None:
    assert read("---\nkind: lesson\ntitle: 一\n---\n# 一\n### 二\n")[1] == [(5, 1, "no-sections")]
    assert read("---\nkind: lesson\ntitle: 一\n---")[1] == [(1, 1, "no-sections")]


def test_a_page_reports_the_sections_it_has() -> None:
    lesson, _ = read(LESSON)
    page = to_html(lesson.body)

    for section in lesson.sections:
        assert f'id="s-{section.slug}"' in page
        assert read_sections({"sections": [section.slug]}, lesson) == (section.slug,)


def test_a_section_reported_twice_counts_once() -> None:
    lesson, _ = read(LESSON)

    assert read_sections({"sections": ["怎么做", "怎么做"]}, lesson) == ("怎么做",)


@pytest.mark.parametrize("data", [
    None, [], "为什么", {}, {"sections": None}, {"sections": []}, {"sections": "为什么"}, {"sections": ["别的"]},
    {"sections": ["细看"]},
    {"sections": [1]}, {"sections": [["为什么"]]}, {"sections": ["为什么", "怎么做", "为什么"]},
])
def test_a_report_that_no_page_of_ours_sends_is_malformed(data: object) -> None:
    lesson, _ = read(LESSON)

    with pytest.raises(Malformed):
        read_sections(data, lesson)


def test_a_lesson_is_finished_only_when_every_section_was_read() -> None:
    lesson, _ = read(LESSON)

    with pytest.raises(Refused, match="为什么、怎么做"):
        require_all_read(lesson, set())
    with pytest.raises(Refused, match=r"read: 怎么做$"):
        require_all_read(lesson, {"为什么", "细看"})
    require_all_read(lesson, {"为什么", "怎么做"})
