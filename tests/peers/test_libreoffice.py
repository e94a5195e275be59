"""LibreOffice opens the papers and tables that we write, saves them in each of its ways, and what it saved comes in as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ladder.core.bank import Bank
from ladder.core.question import Question
from ladder_tools import formats
from ladder_tools.formats.model import Output

BANKS = sorted((Path(__file__).parents[2] / "question_banks" / "agent-onboarding").glob("*.md"))
TABLE, PAPER = ("xlsx", "xlsx"), ("paper-docx", "docx")  # how a bank is written, and how it is read
CSV = "csv:Text - txt - csv (StarCalc):44,34,76"  # commas, quotes, UTF-8
ROUTES = [(TABLE, ["xlsx"]), (TABLE, ["xls"]), (TABLE, ["ods", "xlsx"]), (TABLE, [CSV]),
          (PAPER, ["docx"]), (PAPER, ["odt", "docx"]), (PAPER, ["doc", "docx"])]
Save = Callable[[list[Path], str], list[Path]]


@pytest.fixture(scope="module")
def save(tmp_path_factory: pytest.TempPathFactory) -> Save:
    """Opens files and saves them in another format."""
    office = os.environ["LADDER_OFFICE"]
    profile = tmp_path_factory.mktemp("profile")

    def run(paths: list[Path], kind: str) -> list[Path]:
        folder = tmp_path_factory.mktemp("saved")
        subprocess.run(
            [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, paths)],
            check=True, capture_output=True, timeout=300,
        )
        return [folder / f"{path.stem}.{kind.partition(':')[0]}" for path in paths]

    return run


@cache
def bank(path: Path) -> Bank:
    reading = formats.read(formats.Source(path.name, path.read_bytes()), "markdown")
    return Bank(reading.id, reading.title, tuple(item.question for item in reading.items if item.question), kb=reading.kb)


def questions(path: Path) -> list[Question]:
    """What comes in, whatever the lines or cells it stands in now; nothing is refused."""
    reading = formats.read(formats.Source(path.name, path.read_bytes()))
    assert not [item.excerpt for item in reading.items if item.question is None]
    return [replace(item.question, line=0) for item in reading.items if item.question]


@pytest.mark.parametrize(("written", "route"), ROUTES, ids=lambda value: "-".join(step[:4] for step in value))
def test_what_libreoffice_saved_comes_in_as_it_was(written: tuple[str, str], route: list[str], save: Save, tmp_path: Path) -> None:
    paths = []
    for source in BANKS:
        output = Output([bank(source)], name=f"{source.stem}.{written[1]}")
        formats.write(output, written[0])
        paths.append(tmp_path / output.name)
        paths[-1].write_bytes(output.files[""])
    ours = [questions(path) for path in paths]
    assert sum(map(len, ours)) > 150
    for kind in route:
        paths = save(paths, kind)
    assert [questions(path) for path in paths] == ours


def test_a_paper_has_pages_of_chinese(save: Save, tmp_path: Path) -> None:
    output = Output([bank(BANKS[0])], name="paper.docx")
    formats.write(output, "paper-docx")
    (tmp_path / "paper.docx").write_bytes(output.files[""])
    (text,) = save([tmp_path / "paper.docx"], "txt:Text (encoded):UTF8")
    lines = [line.strip() for line in text.read_text("utf-8-sig").splitlines()]
    assert lines[0] == bank(BANKS[0]).title
    assert "参考答案" in lines
    assert any(line.startswith("一、单项选择题") for line in lines)
