"""`ladder exam show`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from ladder_tools.cli import main

COURSE = str(Path(__file__).parent.parent.parent / "courses/agent-onboarding")


def test_the_blueprint_and_the_two_way_table_are_printed() -> None:
    shown = CliRunner().invoke(main, ["exam", "show", COURSE, "orientation-exam", "--lang", "zh"])

    assert shown.exit_code == 0
    assert "双向细目表" in shown.output
    assert "保密与客户信息保护" in shown.output
    totals = next(line for line in reversed(shown.output.splitlines()) if "合计" in line)
    assert totals.split("│")[-2].strip() == "100"


def test_an_unknown_exam_is_refused_with_the_known_ones() -> None:
    shown = CliRunner().invoke(main, ["exam", "show", COURSE, "orientation"])

    assert shown.exit_code == 2
    assert "orientation-exam" in shown.output
