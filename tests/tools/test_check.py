"""`ladder check`, as an author meets it: one good course, and one fault at a time.

Each file in `faults/` is one fault: a title, what `ladder check` must say, and the files to write over those of `faults/base/`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ladder.core.lint_texts import LINT_ENTRIES
from ladder.core.problem_texts import TEXTS
from ladder.core.problems import LANGUAGES
from ladder_tools.check import width
from ladder_tools.cli import main
from ladder_tools.formats.texts import CODES

FAULTS = Path(__file__).parent / "faults"
COURSE = "courses/shop"
LESSON = f"{COURSE}/01-start/10-welcome.md"
CASE = f"{COURSE}/02-calls/20-late-van.md"
TEST = f"{COURSE}/02-calls/30-test.md"
BANK = "question_banks/shop/basics.md"

_EXPECTED = re.compile(r"^Expected: `(?P<head>[^`:]+:\d+:\d+ [a-z0-9-]+)`(?P<warning>, a warning)?$", re.MULTILINE)
_WRITTEN = re.compile(r"^`(?P<name>[^`]+)`\n\n````markdown\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)
_DELETED = re.compile(r"^`(?P<name>[^`]+)` is deleted$", re.MULTILINE)
_HEAD = re.compile(r"^(?P<place>[^\s:]+:\d+:\d+): (?:error|warning) (?P<code>[a-z0-9-]+): .+$", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """One fault as its file tells it."""

    name: str
    expected: str
    severity: str
    written: dict[str, str]
    deleted: tuple[str, ...]


def read_fault(path: Path) -> Fault:
    text = path.read_text(encoding="utf-8")
    expected = _EXPECTED.search(text)
    assert expected, f"{path.name} does not say what is expected"
    return Fault(
        path.stem, expected["head"], "warning" if expected["warning"] else "error",
        {match["name"]: match["text"] for match in _WRITTEN.finditer(text)},
        tuple(match["name"] for match in _DELETED.finditer(text)),
    )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's working folder that holds the good course."""
    shutil.copytree(FAULTS / "base", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*options: str, course: str = COURSE) -> Result:
    return CliRunner().invoke(main, ["check", course, *options], catch_exceptions=False)


def told(result: Result) -> list[str]:
    """`file:line:column code` of each problem in the text output."""
    return [f"{match['place']} {match['code']}" for match in _HEAD.finditer(result.output)]


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# -- one fault at a time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FAULTS.glob("*.md")), ids=lambda path: path.stem)
def test_one_fault_is_told_once_and_in_its_place(path: Path, desk: Path) -> None:
    fault = read_fault(path)
    for name, text in fault.written.items():
        (desk / name).parent.mkdir(parents=True, exist_ok=True)
        (desk / name).write_text(text, encoding="utf-8")
    for name in fault.deleted:
        (desk / name).unlink()

    as_text, as_json = check("--lang", "zh"), check("--lang", "zh", "--format", "json")

    assert told(as_text) == told(check("--lang", "en")) == [fault.expected]
    rows = [json.loads(line) for line in as_json.output.splitlines()]
    assert [f"{row['file']}:{row['line']}:{row['column']} {row['code']}" for row in rows] == [fault.expected]
    assert [row["severity"] for row in rows] == [fault.severity]
    assert f"{rows[0]['severity']} {rows[0]['code']}: {rows[0]['message']}" in as_text.output
    assert f"建议: {rows[0]['hint']}" in as_text.output
    assert as_text.exit_code == as_json.exit_code == (1 if fault.severity == "error" else 0)


def _without_stages(desk: Path) -> None:
    shutil.rmtree(desk / COURSE / "01-start")
    shutil.rmtree(desk / COURSE / "02-calls")
    rewrite(desk / COURSE / "course.md", "，先读 [[welcome]]", "")


def _closed_long_ago(desk: Path) -> None:
    rewrite(desk / COURSE / "course.md", "start: 2026-01-01", "start: 2020-01-01")
    rewrite(desk / TEST, "pass: 60", "pass: 60\ncloses: 2020-02-01T18:00+08:00")


def _best_call_is_too_poor(desk: Path) -> None:
    rewrite(desk / CASE, "解决 +60", "解决 +30")
    rewrite(desk / COURSE / "02-calls/stage.md", "practice: 60", "practice: 80")


# What no Markdown file of `faults/` shows alone, and how it is brought about.
BROUGHT_ABOUT: dict[str, Callable[[Path], object]] = {
    "too-long": lambda desk: (desk / LESSON).write_text((desk / LESSON).read_text("utf-8") + "很长。\n" * 150_000, "utf-8"),
    "bad-character": lambda desk: (desk / LESSON).write_bytes((desk / LESSON).read_bytes() + b"\x07\n"),
    "not-utf8": lambda desk: (desk / LESSON).write_bytes("---\nkind: lesson\ntitle: 服务\n---\n".encode("gbk")),
    "no-stages": _without_stages,
    "bad-file-name": lambda desk: (desk / COURSE / "static/封面.png").write_bytes(b""),
    "symlink": lambda desk: (desk / COURSE / "kb/linked.md").symlink_to(desk / COURSE / "kb/limits.md"),
    "closed-for-newcomers": _closed_long_ago,
    "practice-too-high": _best_call_is_too_poor,
}


@pytest.mark.parametrize("code", BROUGHT_ABOUT)
def test_what_no_markdown_shows_is_told_in_both_languages_and_as_json(code: str, desk: Path) -> None:
    BROUGHT_ABOUT[code](desk)
    heads = {tuple(told(check("--lang", spoken))) for spoken in LANGUAGES}
    rows = [[json.loads(line) for line in check("--lang", spoken, "--format", "json").output.splitlines()] for spoken in LANGUAGES]

    assert len(heads) == 1
    assert [[row["code"] for row in found if row["code"] == code] for found in rows] == [[code]] * len(LANGUAGES)
    assert all(row["message"] and row["hint"] for found in rows for row in found)


def test_every_problem_is_shown_by_a_file_that_has_it() -> None:
    """Only then is it known that the check can tell it, and tells it in both languages.

    Those of `ladder bank` are shown by the tests of bank check and by the zoo of formats, `wrong-kind` by those of the blocks:
    no file can have it.
    """
    shown = {read_fault(path).expected.rpartition(" ")[2] for path in FAULTS.glob("*.md")}

    assert set(TEXTS) - set(LINT_ENTRIES) - CODES == shown | set(BROUGHT_ABOUT) | {"wrong-kind"}


# -- the good course ------------------------------------------------------------------------------------------------


def test_a_good_course_passes_with_a_summary(desk: Path) -> None:
    chinese, english = check("--lang", "zh"), check("--lang", "en")

    assert (chinese.exit_code, chinese.output) == (0, "0 个错误，0 个提醒\n")
    assert (english.exit_code, english.output) == (0, "0 errors, 0 warnings\n")


def test_a_good_course_is_no_line_of_json(desk: Path) -> None:
    result = check("--format", "json")

    assert (result.exit_code, result.output) == (0, "")


def test_a_course_is_checked_from_any_folder(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(desk / LESSON, "minutes: 5", "minutes: 500")
    monkeypatch.chdir(desk / COURSE)

    result = check(course=".")

    assert told(result) == ["01-start/10-welcome.md:4:10 out-of-range"]


def test_a_readme_in_the_folders_is_not_content(desk: Path) -> None:
    for folder in (COURSE, f"{COURSE}/kb", "question_banks/shop"):
        (desk / folder / "README.md").write_text("Notes for authors.\n", encoding="utf-8")

    assert told(check()) == []


def test_a_folder_that_is_not_there_is_an_error_of_the_command(desk: Path) -> None:
    result = check(course="courses/none")

    assert result.exit_code == 2
    assert "courses/none" in result.output


def test_banks_may_lie_in_the_course_folder(desk: Path) -> None:
    shutil.move(desk / "question_banks/shop", desk / COURSE / "banks")
    rewrite(desk / COURSE / "course.md", "org: Shop", "org: Shop\nbanks: banks")

    assert told(check()) == []


# -- what is shown --------------------------------------------------------------------------------------------------


def test_the_caret_stands_under_the_fault_behind_double_width_characters(desk: Path) -> None:
    rewrite(desk / LESSON, "时限见 [[limits#投诉|投诉时限]]", "时限见 [[limts#投诉]]")

    lines = check("--lang", "zh").output.splitlines()

    assert lines[1] == "  9 | 时限见 [[limts#投诉]]。"
    assert lines[2] == "    |        ^^^^^^^^^^^^^^"
    before = lines[2].index("^")
    assert width(lines[1][: lines[1].index("[[")]) == before
    assert width("[[limts#投诉]]") == lines[2].count("^")


def test_the_caret_stands_under_the_fault_behind_a_tab(desk: Path) -> None:
    rewrite(desk / LESSON, "时限见 [[limits#投诉|投诉时限]]", "时限\t[[limts]]")

    lines = check("--lang", "zh").output.splitlines()

    assert lines[1:3] == ["  9 | 时限 [[limts]]。", "    |      ^^^^^^^^^"]


def test_the_caret_stands_under_the_fault_behind_an_accent_that_takes_no_column(desk: Path) -> None:
    rewrite(desk / LESSON, "时限见 [[limits#投诉|投诉时限]]", "e\u0301 [[limts]]")

    assert check("--lang", "zh").output.splitlines()[2] == "    |   ^^^^^^^^^"


def test_messages_come_in_the_language_asked_for(desk: Path) -> None:
    rewrite(desk / LESSON, "minutes: 5", "minuts: 5")

    assert check("--lang", "zh").output.splitlines() == [
        f"{LESSON}:4:1: error unknown-key: 没有“minuts”这个键",
        "  4 | minuts: 5",
        "    | ^^^^^^",
        f"  建议: {TEXTS['unknown-key']['hint']['zh'].format(known='minutes')}",
        "1 个错误，0 个提醒",
    ]
    assert check("--lang", "en").output.splitlines() == [
        f"{LESSON}:4:1: error unknown-key: there is no key `minuts` here",
        "  4 | minuts: 5",
        "    | ^^^^^^",
        "  hint: did you mean minutes?",
        "1 error, 0 warnings",
    ]


@pytest.mark.parametrize(("locale", "summary"), [
    ("zh_CN.UTF-8", "0 个错误，0 个提醒"), ("en_GB.UTF-8", "0 errors, 0 warnings"), ("C", "0 errors, 0 warnings"),
])
def test_without_lang_the_locale_decides(locale: str, summary: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", locale)

    assert check().output.strip() == summary


@pytest.mark.parametrize(("old", "new", "near"), [
    ("[[limits#投诉|投诉时限]]", "[[limit#投诉]]", "[[limits]]"),
    ("[[limits#投诉|投诉时限]]", "[[limits#投拆]]", "[[limits#投诉]]"),
    ("(cover.png)", "(covr.png)", "cover.png"),
    ("goals:", "gaols:", "goals"),
])
def test_the_hint_names_what_was_probably_meant(old: str, new: str, near: str, desk: Path) -> None:
    rewrite(desk / LESSON, old, new)

    row = json.loads(check("--format", "json", "--lang", "en").output)

    assert row["hint"] == f"did you mean {near}?"


def test_a_misspelt_finish_rule_is_met_with_the_rule_that_was_meant(desk: Path) -> None:
    rewrite(desk / COURSE / "01-start/stage.md", "lessons: all", "lesons: all")

    row = json.loads(check("--format", "json", "--lang", "en").output.splitlines()[0])

    assert (row["code"], row["hint"]) == ("unknown-key", "did you mean lessons?")


def test_all_faults_of_all_files_come_at_once_in_file_order(desk: Path) -> None:
    rewrite(desk / LESSON, "minutes: 5", "minutes: 500")
    rewrite(desk / LESSON, "goals:", "gaols:")
    rewrite(desk / LESSON, "[[limits#投诉|投诉时限]]", "[[limts]] [[limits#送货]] [[calmin]]")
    rewrite(desk / COURSE / "kb/limits.md", "updated: 2026-10-08", "updated: 08.10.2026")
    rewrite(desk / BANK, "kb=calming", "kb=claming")

    result = check("--lang", "zh")

    assert told(result) == [
        f"{LESSON}:4:10 out-of-range",
        f"{LESSON}:5:1 unknown-key",
        f"{LESSON}:9:5 broken-link",
        f"{LESSON}:9:29 broken-link",
        f"{COURSE}/kb/limits.md:5:10 bad-date",
        f"{BANK}:26:23 unknown-article",
    ]
    assert result.output.splitlines()[-1] == "6 个错误，0 个提醒"
    assert result.exit_code == 1


def test_an_unreadable_file_is_not_told_again_by_what_points_to_it(desk: Path) -> None:
    for name in ("kb/limits.md", "01-start/stage.md", "02-calls/10-listening.md", "course.md"):
        rewrite(desk / COURSE / name, "title: ", "title: a: ")
    rewrite(desk / BANK, "title: ", "title: a: ")

    assert [row.rpartition(" ")[2] for row in told(check())] == ["yaml-colon"] * 5


# -- faults of the files themselves ---------------------------------------------------------------------------------


def test_a_file_that_is_not_utf8_is_shown_with_the_place_of_the_first_bad_byte(desk: Path) -> None:
    path = desk / COURSE / "kb/limits.md"
    path.write_bytes(b"---\nkind: article\ntitle: ok " + "服务\n---\n".encode("gbk"))

    result = check()

    assert told(result) == [f"{COURSE}/kb/limits.md:3:11 not-utf8"]
    assert result.exit_code == 1


@pytest.mark.parametrize("character", ["\0", "\x07", "\x85", "\u2028", "\ufffe", "\r"])
def test_an_invisible_character_that_cannot_be_stored_is_found(character: str, desk: Path) -> None:
    path = desk / LESSON
    path.write_bytes(path.read_bytes().replace("投诉时限]]。".encode(), f"投诉时限]]{character}。".encode()))

    result = check("--lang", "en")

    assert told(result) == [f"{LESSON}:9:23 bad-character"]
    assert f"U+{ord(character):04X}" in result.output


def test_windows_line_ends_and_a_byte_order_mark_are_fine(desk: Path) -> None:
    for path in desk.rglob("*.md"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert told(check()) == []


def test_a_file_longer_than_the_limit_is_refused(desk: Path) -> None:
    path = desk / LESSON
    path.write_text(path.read_text(encoding="utf-8") + "很长。\n" * 150_000, encoding="utf-8")

    assert told(check()) == [f"{LESSON}:1:1 too-long"]


def test_a_symbolic_link_is_refused_under_its_own_name(desk: Path) -> None:
    (desk / COURSE / "kb/linked.md").symlink_to(desk / COURSE / "kb/limits.md")
    (desk / COURSE / "static/linked.png").symlink_to(desk / COURSE / "static/cover.png")

    assert told(check()) == [f"{COURSE}/kb/linked.md:1:1 symlink", f"{COURSE}/static/linked.png:1:1 symlink"]


def test_a_picture_needs_a_plain_name(desk: Path) -> None:
    (desk / COURSE / "static/封面.png").write_bytes(b"")
    (desk / COURSE / "static/sub").mkdir()
    (desk / COURSE / "static/sub/door.png").write_bytes(b"")

    assert told(check()) == [
        f"{COURSE}/static/sub/door.png:1:1 bad-file-name", f"{COURSE}/static/封面.png:1:1 bad-file-name",
    ]


def test_a_course_without_stages_says_so(desk: Path) -> None:
    _without_stages(desk)

    assert told(check()) == [f"{COURSE}/course.md:1:1 no-stages"]


# -- as a real process ----------------------------------------------------------------------------------------------


def test_the_command_ends_with_1_after_an_error_and_speaks_utf8(desk: Path) -> None:
    rewrite(desk / LESSON, "minutes: 5", "minuts: 5")

    done = subprocess.run(
        [sys.executable, "-m", "ladder_tools.cli", "check", COURSE, "--lang", "zh"], capture_output=True, check=False
    )

    assert done.returncode == 1
    assert done.stdout.decode("utf-8").startswith(f"{LESSON}:4:1: error unknown-key: 没有“minuts”这个键\n")
    assert done.stderr == b""
