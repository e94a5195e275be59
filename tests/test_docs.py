"""What an author copies from the documentation works."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

from ladder.core.bank import parse_bank
from ladder.core.course import parse_course
from ladder.core.document import KINDS, parse_document
from ladder.core.drawing import levels_drawn
from ladder.core.exam import parse_exam
from ladder.core.problems import Report
from ladder.core.question import Type
from ladder.core.reading import Files, Source
from ladder_tools.formats import FORMATS, Feature

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLE = re.compile(r"^```markdown\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

# Where the examples of writing-content.md would lie in a course, by kind. The stage waits for another one, which is written here.
# The exam draws on the first bank; further banks stand for themselves.
PLACES = {
    "course": "course.md", "article": "kb/service-limits.md", "stage": "02-theory/stage.md",
    "lesson": "02-theory/10-complaints.md", "case": "02-theory/20-installation.md", "exam": "02-theory/30-exam.md",
}
FIRST_STAGE = {
    "01-orientation/stage.md": "---\nkind: stage\ntitle: 初步了解\nfinish:\n  lessons: all\n---\n",
    "01-orientation/10-welcome.md": "---\nkind: lesson\ntitle: 欢迎\n---\n## 第一天\n你好。\n",
}
QUESTIONS_NEEDED = 30
WRITTEN_BY_THE_BUILD = {"plan", "places", "mistakes"}


def examples() -> list[tuple[str, str]]:
    """Kind and text of each example in writing-content.md."""
    found = []
    for match in EXAMPLE.finditer((DOCS / "writing-content.md").read_text(encoding="utf-8")):
        document = parse_document(match["text"], Report("writing-content.md"))
        assert document is not None, match["text"][:60]
        found.append((document.kind, match["text"]))
    return found


def repeated(bank: str) -> str:
    """The bank with each of its questions, numbered, often enough for the example exam."""
    front, body = bank[: bank.index("\n## ") + 1], bank[bank.index("\n## ") + 1 :]
    return front + "\n".join(re.sub(r"\{#(.+)\n", rf"{{#n{number}-\1\n（{number}）", body) for number in range(QUESTIONS_NEEDED))


def test_every_kind_of_file_has_an_example() -> None:
    assert sorted({kind for kind, _ in examples()}) == sorted(set(KINDS) - WRITTEN_BY_THE_BUILD)


def test_the_examples_make_one_course_without_a_problem() -> None:
    texts = [(PLACES[kind], text) for kind, text in examples() if kind != "bank"]
    first_bank, *more_banks = [text for kind, text in examples() if kind == "bank"]
    banks = [("complaints.md", repeated(first_bank)), *((f"more-{number}.md", text) for number, text in enumerate(more_banks))]
    course, problems = parse_course(Files(
        tuple(Source(name, name, text) for name, text in [*texts, *FIRST_STAGE.items()]),
        tuple(Source(name, name, text) for name, text in banks), frozenset({"cover.png"}),
    ))

    assert [f"{told.file}:{told.line}:{told.column} {told.message('en')}" for told in problems] == []
    assert course is not None
    assert [(len(stage.lessons), len(stage.cases), len(stage.exams)) for stage in course.stages] == [(1, 0, 0), (1, 1, 1)]


def test_the_examples_of_choices_keep_the_places_they_are_said_to_keep() -> None:
    report = Report("choices.md")
    document = parse_document(next(text for kind, text in examples() if kind == "bank" and "{.pin}" in text), report)
    assert document is not None
    told, pinned = parse_bank(document, "choices", report).questions

    assert [choice.text for choice in told.choices if choice.pinned] == ["以上都不对"]
    assert [choice.text for choice in pinned.choices if choice.pinned] == ["说不清，看情况"]


def test_the_example_of_even_difficulty_is_worked_out_right() -> None:
    text = "## 题 {{#q-{0} d={1}}}\n第 {0} 题？\n- (x) 是\n- ( ) 否\n- ( ) 不知道\n> 解。\n\n"
    levels = [1] * 30 + [2] * 20 + [3] * 10
    bank = "---\nkind: bank\ntitle: 例\n---\n" + "".join(text.format(number, level) for number, level in enumerate(levels))
    exam = "---\nkind: exam\ntitle: 例\n---\n| bank | type | d | count | marks |\n|---|---|---|---|---|\n| b | single | 1-3 | 20 | 5 |\n"
    report = Report("even.md")
    bank_file, exam_file = parse_document(bank, report), parse_document(exam, report)
    assert bank_file is not None
    assert exam_file is not None
    drawn = levels_drawn(parse_exam(exam_file, "e", report), {"b": parse_bank(bank_file, "b", report)}, {})

    assert report.problems == []
    assert drawn == [{1: 10, 2: 7, 3: 3}]
    assert "30 easy, 20 middling and 10 hard ones are always 10, 7 and 3" in (DOCS / "writing-content.md").read_text(encoding="utf-8")


def test_the_first_bank_shows_every_type_of_question() -> None:
    report = Report("complaints.md")
    document = parse_document(next(text for kind, text in examples() if kind == "bank"), report)
    assert document is not None
    bank = parse_bank(document, "complaints", report)

    assert [question.type for question in bank.questions] == list(Type)


def test_the_table_of_what_formats_hold_is_theirs() -> None:
    """What stands in question-banks.md is reckoned here from the formats themselves; a failure shows the table to be copied."""
    shown = [format_ for format_ in FORMATS.values() if format_.writes and not format_.prints]
    rows = [["", *(format_.name for format_ in shown)]]
    for feature in (*Type, *Feature):
        words = f"type: {feature}" if isinstance(feature, Type) else feature.replace("-", " ")
        held = [feature in (format_.load().HOLDS.types | format_.load().HOLDS.features) for format_ in shown]
        rows.append([words, *("✓" if holds else "" for holds in held)])
    rows.insert(1, ["---"] * len(rows[0]))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    assert table in (DOCS / "question-banks.md").read_text(encoding="utf-8")


def test_the_table_of_versions_is_that_of_the_package_and_of_what_is_tested() -> None:
    wanted = [Requirement(row) for row in requires("xblock-ladder") or () if "extra ==" not in row]
    tested = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    rows = ["| package | from | to |", "| --- | --- | --- |"]
    for requirement in wanted:
        (oldest,) = (part.version for part in requirement.specifier if part.operator == ">=")
        newest = re.findall(rf"^{requirement.name}==([^;\s]+)", tested, re.MULTILINE)
        rows.append(f"| {requirement.name} | {oldest} | {', '.join(newest)} |")
    assert "\n".join(rows) in (DOCS / "deploying.md").read_text(encoding="utf-8")
