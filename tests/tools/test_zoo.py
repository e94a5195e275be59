"""Every kind of source people have: what is in it, the bank it becomes, and what is said of each question.

A case is a folder `zoo/<format>/<case>/` with `input.<extension>`, `expected.md` and `report.txt`. With `LADDER_ZOO=write` the
expected files are written anew, to be read by a person.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from ladder.core.bank import Bank
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.naming import named

ZOO = Path(__file__).parent / "zoo"
CASES = sorted(path.parent for path in ZOO.glob("*/*/input.*"))


def read(case: Path) -> formats.Reading:
    """The source of a case, read in the format that its folder names, as an author would who lets it be found out."""
    (path,) = case.glob("input.*")
    source = formats.Source(path.name, path.read_bytes())
    found = formats.detect(source)
    assert found is None or found.name == case.parent.name, f"taken for {found.name}"
    return formats.read(source, case.parent.name)


def report_of(reading: formats.Reading) -> str:
    """One line a problem of the file, then one an item: where, what became of it, why."""
    lines = [f"{problem.where} {problem.severity} {problem.code}: {problem.message('en')}" for problem in reading.problems]
    for item in reading.items:
        lines.append(f"{item.where} {item.outcome}: {item.excerpt}")
        lines += [f"    {problem.where} {problem.severity} {problem.code}: {problem.message('en')}" for problem in item.problems]
    return "\n".join(lines) + "\n"


def bank_of(reading: formats.Reading) -> Bank:
    """What came in, as a bank."""
    return Bank(reading.id or "bank", reading.title or "题库", tuple(item.question for item in named(reading.items) if item.question),
                kb=reading.kb)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_source_becomes_the_bank_beside_it(case: Path) -> None:
    reading = read(case)
    text, report = markdown.write_bank(bank_of(reading)), report_of(reading)
    if os.environ.get("LADDER_ZOO") == "write":
        (case / "expected.md").write_text(text, encoding="utf-8")
        (case / "report.txt").write_text(report, encoding="utf-8")
    assert report == (case / "report.txt").read_text(encoding="utf-8")
    assert text == (case / "expected.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_comes_in_is_read_back_from_its_markdown(case: Path) -> None:
    bank = bank_of(read(case))
    back = formats.read(formats.Source("bank.md", markdown.write_bank(bank).encode()), "markdown")
    assert [replace(item.question, line=0) for item in back.items if item.question] == [replace(q, line=0) for q in bank.questions]
    assert len(back.items) == len(bank.questions)


def test_pictures_of_stems_come_along() -> None:
    for case in CASES:
        reading = read(case)
        text = markdown.write_bank(bank_of(reading))
        assert all(f"({name})" in text for name in reading.pictures), case
