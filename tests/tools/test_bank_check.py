"""`ladder bank check`, as an author meets it: one thing to look at in a bank, and the same bank written otherwise.

Each file in `lint/` is one finding: a title, what `ladder bank check` must say, a bank that shows it, and one that does not.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console, RenderableType

from ladder.core.lint_texts import LINT_ENTRIES
from ladder.core.problems import LANGUAGES
from ladder.core.question import Type
from ladder_tools.bank_check import Checked, as_json, check_banks, figures_table
from ladder_tools.check import width
from ladder_tools.cli import main
from ladder_tools.coverage import Section, bare_lines, coverage_table

FINDINGS = Path(__file__).parent / "lint"
SHOP = Path(__file__).parent / "faults/base"
ROOT = Path(__file__).parents[2]
COURSE, BANK = Path("courses/shop"), Path("question_banks/shop/basics.md")
HEAD = "---\nkind: bank\ntitle: 补充\nkb: limits\n---\n"

_EXPECTED = re.compile(r"^Expected: `(?P<head>[^`:]+:\d+:\d+ [a-z0-9-]+)`$", re.MULTILINE)
_BANK = re.compile(r"^````markdown\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """One finding as its file tells it: the bank that shows it and the one that does not."""

    expected: str
    shows: str
    does_not: str


def read_finding(path: Path) -> Finding:
    text = path.read_text(encoding="utf-8")
    expected = _EXPECTED.search(text)
    assert expected, f"{path.name} does not say what is expected"
    shows, does_not = (match["text"] for match in _BANK.finditer(text))
    return Finding(expected["head"], shows, does_not)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(checked: Checked) -> list[str]:
    """`file:line:column code` of each problem."""
    return [f"{problem.where} {problem.code}" for problem in checked.problems]


def check(text: str, folder: Path) -> Checked:
    (folder / "bank.md").write_text(text, encoding="utf-8")
    return check_banks([folder / "bank.md"])


# -- one finding at a time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FINDINGS.glob("*.md")), ids=lambda path: path.stem)
def test_one_finding_is_told_once_and_in_its_place(path: Path, desk: Path) -> None:
    finding = read_finding(path)

    assert told(check(finding.does_not, desk)) == []
    assert told(check(finding.shows, desk)) == [finding.expected]
    for spoken in LANGUAGES:
        command = ["bank", "check", "bank.md", "--lang", spoken]
        as_text, as_json_ = (CliRunner().invoke(main, [*command, *more], catch_exceptions=False) for more in ([], ["--format", "json"]))
        [row] = json.loads(as_json_.output)["problems"]
        assert f"{finding.expected.rpartition(' ')[0]}: {row['severity']} {row['code']}: {row['message']}" in as_text.output
        assert row["hint"] in as_text.output


def test_every_finding_is_shown_by_a_file() -> None:
    shown = {read_finding(path).expected.rpartition(" ")[2] for path in FINDINGS.glob("*.md")}

    assert set(LINT_ENTRIES) <= shown


# -- with a course --------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(desk: Path) -> Path:
    """An author's working folder that holds the good course with its bank."""
    shutil.copytree(SHOP, desk, dirs_exist_ok=True)
    return desk


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def section(checked: Checked, article: str, heading: str) -> Section:
    assert checked.coverage is not None
    return next(each for each in checked.coverage.sections if (each.article, each.heading) == (article, heading))


def lines(shown: RenderableType, columns: int = 100) -> list[str]:
    console = Console(width=columns, file=StringIO())
    console.print(shown)
    return [line.rstrip() for line in console.file.getvalue().rstrip("\n").split("\n")]  # type: ignore[attr-defined]


def test_a_good_bank_of_a_good_course_says_nothing(shop: Path) -> None:
    assert told(check_banks([BANK])) == []


def test_knowledge_points_and_links_must_exist_in_the_course(shop: Path) -> None:
    rewrite(BANK, "kb=limits#投诉", "kb=limits#投拆")
    rewrite(BANK, "kb=calming", "kb=calmness")
    rewrite(BANK, "[[calming#步骤]]", "[[calming#步子]]")

    assert told(check_banks([BANK])) == [
        f"{BANK}:6:24 broken-anchor", f"{BANK}:26:23 unknown-article", f"{BANK}:40:5 broken-anchor",
    ]


def test_without_a_course_nothing_is_said_about_articles(desk: Path) -> None:
    checked = check(HEAD + "## 时限 {#limit d=1 kb=nowhere}\n投诉 {{48}} 小时答复。\n> 见 [[elsewhere]]。\n", desk)

    assert told(checked) == []
    assert checked.coverage is None


def test_a_bank_of_another_program_is_to_be_converted_first(desk: Path) -> None:
    (desk / "投诉 题.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    (desk / "good.md").write_text(HEAD + "## 时限 {#limit d=1}\n投诉 {{48}} 小时答复。\n> 四十八小时。\n", encoding="utf-8")

    result = CliRunner().invoke(main, ["bank", "check", "投诉 题.xlsx", "good.md", "--lang", "zh"], catch_exceptions=False)

    assert result.exit_code == 1
    assert "投诉 题.xlsx:1:1: error bank-unconverted" in result.output
    assert "ladder bank convert '投诉 题.xlsx' --to '投诉 题.md'" in result.output
    assert result.output.count(": error ") == 1


def test_a_course_may_be_named(shop: Path) -> None:
    Path("loose.md").write_text(HEAD + "## 时限 {#limit d=1 kb=nowhere}\n投诉 {{48}} 小时答复。\n> 见 [[limits]]。\n", encoding="utf-8")

    assert told(check_banks([Path("loose.md")])) == []
    assert told(check_banks([Path("loose.md")], COURSE)) == ["loose.md:6:22 unknown-article"]


def test_what_is_wrong_elsewhere_in_the_course_is_not_told(shop: Path) -> None:
    rewrite(COURSE / "01-start/10-welcome.md", "minutes: 5", "minutes: 500")
    rewrite(COURSE / "02-calls/30-test.md", "basics | | 多选", "basic | | 多选")

    assert told(check_banks([BANK])) == []


def test_a_fault_that_stops_a_build_is_told_with_the_rest(shop: Path) -> None:
    rewrite(BANK, "投诉 {{48|四十八}} 小时内答复，送货 {{3|三}} 天内完成。", "投诉 {{48|四十八}} 小时内答复。\n拒绝: 四十八小时")

    assert told(check_banks([BANK])) == [f"{BANK}:34:5 example-accepted"]


def test_questions_are_compared_with_the_banks_of_the_course_that_are_not_named(shop: Path) -> None:
    more = BANK.with_name("more.md")
    more.write_text(HEAD + "## 几天 {#days d=1}\n送货最迟几天完成？\n- ( ) 3 天\n- (x) 5 天\n> 5 天。\n", encoding="utf-8")

    [only] = check_banks([more]).problems
    assert (only.where, only.severity, only.code) == (f"{more}:6:1", "error", "conflicting-keys")
    assert f"{BANK}:13" in only.message("zh")
    [at_the_other] = check_banks([BANK]).problems
    assert (at_the_other.where, at_the_other.code) == (f"{BANK}:13:1", "conflicting-keys")
    assert told(check_banks([BANK.parent])) == [f"{more}:6:1 conflicting-keys"], "told once, at the later one"


def test_ids_are_compared_between_banks_with_a_course_and_without(shop: Path) -> None:
    text = HEAD + "## 时限 {#reply d=1}\n主管 {{30}} 分钟内回电。\n> 见总表。\n"
    for name in ("question_banks/shop/more.md", "one.md", "two.md"):
        Path(name).write_text(text.replace("主管", f"{name}的主管"), encoding="utf-8")

    assert told(check_banks([Path("question_banks/shop/more.md")])) == ["question_banks/shop/more.md:6:1 id-taken"]
    assert "two.md:6:1 id-taken" in told(check_banks([Path("one.md"), Path("two.md")]))


def test_a_bank_too_long_for_a_course_is_checked_all_the_same(desk: Path) -> None:
    questions = (f"## 第 {n} 题 {{#q{n}}}\n{'说' * 600}第 {n} 件是{{{{{n * n + 7}}}}}\n> 见总表。\n" for n in range(1000))

    assert told(check(HEAD + "".join(questions), desk)) == ["bank.md:1:1 too-long", "bank.md:6:1 no-difficulty"]


def test_files_that_are_no_text_are_told_and_the_rest_is_checked(desk: Path) -> None:
    (desk / "banks").mkdir()
    (desk / "banks/a.md").write_bytes(b"---\nkind: bank\ntitle: \xff\n---\n")
    (desk / "banks/b.md").write_text(HEAD + "## 时限 {#limit}\n投诉 {{48}} 小时答复。\n> 见总表。\n", encoding="utf-8")
    (desk / "banks/README.md").write_text("Notes.\n", encoding="utf-8")

    assert told(check_banks([Path("banks"), Path("banks/b.md")])) == ["banks/a.md:3:8 not-utf8", "banks/b.md:6:1 no-difficulty"]


# -- what is covered ------------------------------------------------------------------------------------------------


def test_a_section_counts_the_questions_lessons_and_cases_that_lead_to_it(shop: Path) -> None:
    checked = check_banks([BANK])

    steps = section(checked, "calming", "步骤")
    assert (steps.types, steps.difficulties, steps.lessons, steps.cases) == ({Type.SHORT: 1}, {3: 1}, 1, 1)
    assert section(checked, "limits", "送货").types == {Type.SINGLE: 1}, "by the link in its explanation"
    whole = section(checked, "limits", "")
    assert (whole.questions, whole.lessons) == (5, 1), "each question once"


def test_a_section_without_a_question_is_named_with_its_place(shop: Path) -> None:
    rewrite(COURSE / "kb/calming.md", "## 步骤", "先想想。\n\n## 语气\n\n### 轻重\n说得轻些。\n\n## 步骤")

    coverage = check_banks([BANK]).coverage

    assert coverage is not None
    assert [each.heading for each in coverage.bare] == ["轻重"], "语气 has no text of its own"
    assert list(bare_lines(coverage, "zh")) == [
        "知识库有 4 个小节，1 个没有题；有 2 个条目，0 个没有题", f"  {COURSE}/kb/calming.md:11: 安抚 / 轻重",
    ]


def test_an_article_without_any_question_is_named_once(shop: Path) -> None:
    (COURSE / "kb/new.md").write_text(
        "---\nkind: article\ntitle: 新条目\ncategory: 技巧\nupdated: 2026-10-08\n---\n## 一\n说一。\n\n## 二\n说二。\n", encoding="utf-8")

    coverage = check_banks([BANK]).coverage

    assert coverage is not None
    assert list(bare_lines(coverage, "en")) == [
        "of 5 sections 2 have no question; of 3 articles 1 have none",
        f"  {COURSE}/kb/new.md:1: 新条目",
    ]


def test_an_article_without_text_has_no_sections(shop: Path) -> None:
    (COURSE / "kb/empty.md").write_text("---\nkind: article\ntitle: 空\ncategory: 技巧\nupdated: 2026-10-08\n---", encoding="utf-8")

    assert section(check_banks([BANK]), "empty", "").questions == 0


def test_all_banks_of_the_course_cover_it_whichever_is_checked(shop: Path) -> None:
    more = BANK.with_name("more.md")
    more.write_text(HEAD + "## 主管 {#boss d=1}\n主管 {{30}} 分钟内回电。\n> 见总表。\n", encoding="utf-8")

    checked = check_banks([more])

    assert section(checked, "limits", "").questions == 6
    assert [bank.questions for bank in checked.banks] == [1]


def test_the_coverage_of_the_whole_course_is_readable_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    checked = check_banks([Path("question_banks/agent-onboarding")])
    assert checked.coverage is not None

    for spoken in ("zh", "en"):
        shown = lines(coverage_table(checked.coverage, spoken))
        assert max(map(width, shown)) <= 100
        assert [line for line in shown if line.startswith("投诉处理规范 ")]
        assert [line for line in shown if line.startswith("  处理步骤 ")]
    in_chinese = lines(coverage_table(checked.coverage, "zh"))
    assert len(in_chinese) == len(checked.coverage.sections) + 3, "no heading is broken into two lines"


def test_the_banks_of_the_course_show_nothing_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert told(check_banks([Path("question_banks/agent-onboarding")])) == []


# -- for other programs ---------------------------------------------------------------------------------------------


def test_everything_is_one_json_object(shop: Path) -> None:
    rewrite(BANK, "{#record d=2}", "{#record}")

    told_all = json.loads(as_json(check_banks([BANK]), "en"))

    [problem] = told_all["problems"]
    assert (problem["file"], problem["line"], problem["code"], problem["severity"]) == (str(BANK), 19, "no-difficulty", "warning")
    [bank] = told_all["banks"]
    assert bank["without"] == {"explanation": 0, "kb": 0, "difficulty": 1}
    assert bank["types"] == {"blank": 1, "judge": 1, "multiple": 1, "short": 1, "single": 2}
    assert bank["keys"] == {"2": [1, 0], "3": [0, 1, 0]}
    assert bank["judgements"] == {"right": 0, "wrong": 1}
    rows = {(row["article"], row["heading"]): row["questions"] for row in told_all["coverage"]}
    assert rows == {("calming", ""): 2, ("calming", "步骤"): 1, ("limits", ""): 5, ("limits", "投诉"): 1, ("limits", "送货"): 1}


def test_without_a_course_there_is_no_coverage_in_json(desk: Path) -> None:
    assert "coverage" not in json.loads(as_json(check(HEAD + "## 时限 {#limit d=1}\n投诉 {{48}} 小时答复。\n> 见总表。\n", desk), "zh"))


def test_the_figures_of_a_bank_are_a_row(shop: Path) -> None:
    shown = lines(figures_table(check_banks([BANK]).banks, "zh"))

    assert re.split(r"\s{2,}", shown[1].strip()) == ["题库", "题数", "单选", "多选", "判断", "填空", "简答", "1", "2", "3", "最长即对", "答案分布"]
    assert shown[3].split() == ["基础", "6", "2", "1", "1", "1", "1", "3", "2", "1", "A1", "B0"]


# -- as a command ---------------------------------------------------------------------------------------------------


def command(*options: str) -> Result:
    return CliRunner().invoke(main, ["bank", "check", *options], catch_exceptions=False)


def test_the_command_tells_what_it_found_with_the_line_and_what_to_write(shop: Path) -> None:
    rewrite(BANK, "受理时要记下哪些？", "受理时，下面哪些不属于记录？")

    told_all = command(str(BANK), "--lang", "zh").output

    assert told_all.startswith(f"{BANK}:20:9: warning unmarked-negation: 题干反着问（“不属于”），容易看漏\n")
    assert "  20 | 受理时，下面哪些不属于记录？\n     |                 ^^^^^^\n  建议: 加粗反问的词" in told_all
    assert "题库概况" in told_all
    assert told_all.endswith("知识库有 3 个小节，0 个没有题；有 2 个条目，0 个没有题\n0 个错误，1 个提醒\n")


def test_the_command_fails_for_errors_and_when_strict_for_warnings(shop: Path) -> None:
    assert command(str(BANK), "--strict").exit_code == 0
    rewrite(BANK, "{#record d=2}", "{#record}")
    assert (command(str(BANK)).exit_code, command(str(BANK), "--strict").exit_code) == (0, 1)
    rewrite(BANK, "kb=calming", "kb=claming")
    assert command(str(BANK)).exit_code == command(str(BANK), "--format", "json").exit_code == 1


def test_the_whole_map_is_printed_when_asked_for(shop: Path) -> None:
    assert "知识库覆盖" not in command(str(BANK), "--lang", "zh").output
    assert "知识库覆盖" in command(str(BANK), "--lang", "zh", "--coverage").output


def test_the_command_gives_json_and_nothing_else(shop: Path) -> None:
    told_all = json.loads(command(str(BANK.parent), "--course", str(COURSE), "--format", "json").output)

    assert sorted(told_all) == ["banks", "coverage", "problems"]
