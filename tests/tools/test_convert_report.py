"""What `ladder bank convert` tells its author: all that is wrong, not all that is alike, in words and not in codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ladder.core.question import Type
from ladder_tools.cli import main
from ladder_tools.convert import Conversion, Loss, Request
from ladder_tools.convert_report import summary
from ladder_tools.formats import Feature, Source, markdown
from ladder_tools.formats.model import Reason

ASKED = "---\nkind: bank\nid: bank\ntitle: 时限\n---\n## 两空 {#two}\n响铃 {{3}} 声之内接起，{{48}} 小时之内回访。\n> 手册第二章。\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    return tmp_path


def convert(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["bank", "convert", *arguments], catch_exceptions=False)


def test_a_warning_that_many_questions_share_is_told_of_five_and_counted(desk: Path) -> None:
    rows = [f"第 {number} 类投诉的时限是多少？,24 小时,48 小时,{'E' if number == 8 else 'B'},随便" for number in range(9)]
    (desk / "in.csv").write_text("\n".join(["题干,选项A,选项B,正确答案,难度", *rows]), encoding="utf-8")
    result = convert("in.csv", "--to", "out.md", "--keep-going", "--report", "report.txt")
    assert result.output.count("warning difficulty-unknown") == 5
    assert "另有 4 题有同样的提醒 (difficulty-unknown)" in result.output
    assert result.output.count(": error ") == 1
    assert (desk / "report.txt").read_text(encoding="utf-8").count("warning difficulty-unknown") == 9


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("lost", [*Feature, *Reason, *Type])
def test_whatever_a_format_cannot_hold_has_its_words(lost: Feature | Reason | Type, spoken: str) -> None:
    question = markdown.read(Source("bank.md", ASKED.encode())).items[0].question
    assert question is not None
    done = Conversion(Request((), Path("out.gift"), write_as="gift"), losses=[Loss("bank", question, not isinstance(lost, Feature), (lost,))])
    (line,) = [line for line in summary(done, spoken) if "GIFT" in line]
    assert (re.search("[a-z]-[a-z]", line) is None) if spoken == "en" else re.search(r"GIFT (?:装不下|写不了|没有)“?[\u4e00-\u9fff]", line) or "id" in line


def test_a_question_that_is_left_out_is_told_with_its_reason(desk: Path) -> None:
    (desk / "bank.md").write_text(ASKED, encoding="utf-8")
    result = convert("bank.md", "--to", "out.gift")
    assert "GIFT 写不了有几个空的填空题：1 题没有写出（two）" in result.output
