"""A course of one exam that takes any number of answers: twenty questions, no hurry, and nobody passes by guessing."""

from __future__ import annotations

from pathlib import Path

EXAM = "endurance"
_COURSE = """---
kind: course
title: 耐久课程
org: Ladder
number: ENDURE
run: "2026"
start: 2026-01-01
end: 2036-01-01
---
只有一次考试。
"""
_STAGE = """---
kind: stage
title: 考试
finish:
  theory: 60
---
考试。
"""
_EXAM = """---
kind: exam
title: 耐久考试
minutes: 600
pass: 100
---
## 全部
| 题库 | 题型 | 题数 | 每题分 |
| --- | --- | --- | --- |
| numbers | 单选 | 10 | 5 |
| numbers | 多选 | 5 | 5 |
| numbers | 填空 | 5 | 5 |
"""


def write_course(root: Path) -> Path:
    """Write the course and its bank under `root`; returns the course's folder."""
    questions = [f"## 单选{n} {{#single-{n}}}\n{n} 加一是多少？\n- ( ) {n + 2}\n- (x) {n + 1}\n- ( ) {n + 3}\n> 加一。\n"
                 for n in range(20)]
    questions += [f"## 多选{n} {{#several-{n}}}\n哪些大于 {n}？\n- [x] {n + 1}\n- [x] {n + 2}\n- [ ] {n - 1}\n- [ ] {n - 2}\n> 大于。\n"
                  for n in range(10)]
    questions += [f"## 填空{n} {{#blank-{n}}}\n{n} 后面是 {{{{{n + 1}}}}}，再后面是 {{{{{n + 2}}}}}。\n> 往后数。\n" for n in range(10)]
    bank = "---\nkind: bank\nid: numbers\ntitle: 数数\n---\n" + "\n".join(questions)
    folder = root / "courses" / "endurance"
    for path, text in {
        folder / "course.md": _COURSE,
        folder / "01-exam" / "stage.md": _STAGE,
        folder / "01-exam" / f"10-{EXAM}.md": _EXAM,
        root / "question_banks" / "endurance" / "numbers.md": bank,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
