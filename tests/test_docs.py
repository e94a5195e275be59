"""What an author copies from the documentation works."""

from __future__ import annotations

import re
from pathlib import Path

from ladder.core.bank import Type, parse_bank
from ladder.core.course import parse_course
from ladder.core.document import KINDS, parse_document
from ladder.core.problems import Problem, Report
from ladder.core.reading import Files, Source

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLE = re.compile(r"^```markdown\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

# Where each example of writing-content.md would lie in a course. The stage waits for another one, which is written here.
PLACES = {
    "course": "course.md", "article": "kb/service-limits.md", "stage": "02-theory/stage.md",
    "lesson": "02-theory/10-complaints.md",
    "case": "02-theory/20-installation.md", "exam": "02-theory/30-exam.md", "bank": "complaints.md",
}
FIRST_STAGE = {
    "01-orientation/stage.md": "---\nkind: stage\ntitle: 初步了解\nfinish:\n  lessons: all\n---\n",
    "01-orientation/10-welcome.md": "---\nkind: lesson\ntitle: 欢迎\n---\n## 第一天\n你好。\n",
}
QUESTIONS_NEEDED = 30


def examples() -> dict[str, str]:
    """The examples of writing-content.md by their kind."""
    found = {}
    for match in EXAMPLE.finditer((DOCS / "writing-content.md").read_text(encoding="utf-8")):
        document = parse_document(match["text"], Report("writing-content.md"))
        assert document is not None, match["text"][:60]
        assert document.kind not in found, f"two examples of {document.kind}"
        found[document.kind] = match["text"]
    return found


def repeated(bank: str) -> str:
    """The bank with each of its questions often enough for the example exam."""
    front, body = bank[: bank.index("\n## ") + 1], bank[bank.index("\n## ") + 1 :]
    return front + "\n".join(re.sub(r"\{#", f"{{#n{number}-", body) for number in range(QUESTIONS_NEEDED))


def test_every_kind_of_file_has_an_example() -> None:
    assert sorted(examples()) == sorted(set(KINDS) - {"plan"})


def test_the_examples_make_one_course_without_a_problem() -> None:
    written = examples()
    texts = {PLACES[kind]: text for kind, text in written.items() if kind != "bank"} | FIRST_STAGE
    course, problems = parse_course(Files(
        tuple(Source(name, name, text) for name, text in texts.items()),
        (Source("complaints.md", "complaints.md", repeated(written["bank"])),), frozenset({"cover.png"}),
    ))

    assert [told(problem) for problem in problems] == []
    assert course is not None
    [_, theory] = course.stages
    assert (len(theory.lessons), len(theory.cases), len(theory.exams)) == (1, 1, 1)


def test_the_bank_example_shows_every_type_of_question() -> None:
    report = Report("complaints.md")
    document = parse_document(examples()["bank"], report)
    assert document is not None
    bank = parse_bank(document, "complaints", report)

    assert [question.type for question in bank.questions] == list(Type)


def told(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}:{problem.column} {problem.message('en')}"
