"""`ladder build`: what Open edX imports is all of the course, the same to the byte on every machine, or nothing at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from olxcleaner import validate
from xblock.fields import ScopeIds

from ladder_tools.build import Built, build_course
from ladder_tools.cli import main
from ladder_tools.olx import BLOCKS, Unit, chapters
from ladder_tools.preview.content import make_site
from ladder_tools.preview.runtime import PreviewRuntime
from ladder_tools.verify import verify_tree

ROOT = Path(__file__).parents[2]
REAL = ROOT / "courses" / "agent-onboarding"
# As the platform's own importer reads files (xmodule, `edx_xml_parser`).
PLATFORM_PARSER = etree.XMLParser(dtd_validation=False, load_dtd=False, remove_blank_text=True, encoding="utf-8")


def built_from(folder: Path, out: Path) -> Built:
    built, problems = build_course(folder, out)
    assert built is not None, problems
    return built


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small course on an author's desk."""
    shutil.copytree(ROOT / "tests" / "course", tmp_path / "desk")
    return tmp_path / "desk" / "courses" / "small"


@pytest.fixture
def tree(small: Path, tmp_path: Path) -> Path:
    """The small course, built."""
    built_from(small, tmp_path / "build")
    return tmp_path / "build" / "small"


def files_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# -- what is built --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The course of this project, built."""
    return built_from(REAL, tmp_path_factory.mktemp("real"))


def test_the_importer_would_lose_nothing_of_the_small_course(tree: Path) -> None:
    assert verify_tree(tree) == []


def test_the_importer_would_lose_nothing_of_the_real_course(real: Built) -> None:
    assert verify_tree(real.archive.parent / "agent-onboarding") == []


def test_the_archive_holds_one_folder_with_the_same_files_as_the_tree(tree: Path) -> None:
    with tarfile.open(tree.parent / "small.tar.gz") as archive:
        members = archive.getmembers()
        inside = {member.name: archive.extractfile(member).read() for member in members}  # type: ignore[union-attr]
    assert inside == {f"small/{name}": data for name, data in files_of(tree).items()}
    assert "small/course.xml" in inside, "Studio looks for it in the one folder at the top"
    assert all(member.isreg() and not member.name.startswith(("/", ".")) and ".." not in member.name for member in members)


def test_the_outline_has_a_section_for_each_stage_and_one_for_each_book(tree: Path) -> None:
    pointers = etree.parse(str(tree / "course" / "2026.xml")).xpath("/course/chapter/@url_name")
    assert pointers == ["start-section", "calls-section", "later-section", "mistakes-section", "kb-section"]
    later = etree.parse(str(tree / "chapter" / "later-section.xml"))
    assert later.xpath("//sequential/@url_name") == ["later-stage"], "an empty stage shows its aim"


def test_each_unit_is_one_vertical_with_one_block_that_knows_its_stage(tree: Path) -> None:
    found = {}
    for path in (tree / "vertical").glob("*.xml"):
        (block,) = etree.parse(str(path)).getroot()
        found[block.get("url_name")] = (block.tag, block.get("stage"))
    assert found == {
        "start": ("ladder_stage", "start"), "calls": ("ladder_stage", "calls"), "later": ("ladder_stage", "later"),
        "welcome": ("ladder_lesson", "start"), "voice": ("ladder_lesson", "start"), "refunding": ("ladder_lesson", "calls"),
        "late-van": ("ladder_case", "start"), "refund-call": ("ladder_case", "calls"),
        "first-exam": ("ladder_exam", "start"), "second-exam": ("ladder_exam", "calls"),
        "limits": ("ladder_article", "start"), "calming": ("ladder_article", "start"), "refunds": ("ladder_article", "calls"),
        "mistakes": ("ladder_mistakes", ""),
    }


def test_a_name_leads_to_one_thing_only(tree: Path, real: Built) -> None:
    """`jump_to_id` takes the first of all that are called so, unit or block."""
    for root in (tree, real.archive.parent / "agent-onboarding"):
        names = [path.stem for kind in ("chapter", "sequential", "vertical") for path in (root / kind).glob("*.xml")]
        names += [block.get("url_name", "") for path in (root / "vertical").glob("*.xml") for block in etree.parse(str(path)).getroot()]
        assert len(names) == len(set(names)) > 40


def test_the_names_that_records_and_grades_hang_on_are_what_they_always_were(tree: Path) -> None:
    """Blocks carry what learners did, subsections their grades. A unit carries nothing and has a name of its own."""
    assert {path.stem for path in (tree / "sequential").glob("*.xml")} == {
        "start-stage", "start-lessons", "start-cases", "start-exams", "calls-stage", "calls-lessons", "calls-cases", "calls-exams",
        "later-stage", "mistakes-group", "kb-1", "kb-2",
    }
    lessons = etree.parse(str(tree / "sequential" / "start-lessons.xml"))
    assert lessons.xpath("//vertical/@url_name") == ["welcome_unit", "voice_unit"]
    (block,) = etree.parse(str(tree / "vertical" / "welcome_unit.xml")).getroot()
    assert block.get("url_name") == "welcome"


def test_exams_and_cases_are_graded_with_as_many_subsections_as_there_are(tree: Path) -> None:
    policy = json.loads((tree / "policies" / "2026" / "grading_policy.json").read_text(encoding="utf-8"))
    graders = {grader["type"]: (grader["min_count"], grader["weight"]) for grader in policy["GRADER"]}
    assert graders == {"理论考核": (2, 0.7), "实践考核": (2, 0.3)}
    assert policy["GRADE_CUTOFFS"] == {"Pass": 0.6}


def test_the_settings_of_the_course_reach_its_policy(tree: Path) -> None:
    policy = json.loads((tree / "policies" / "2026" / "policy.json").read_text(encoding="utf-8"))["course/2026"]
    assert policy["display_name"] == "家电小店接线入门"
    assert (policy["start"], policy["end"], policy["course_image"]) == ("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z", "cover.png")
    assert (tree / "static" / "cover.png").read_bytes() == (ROOT / "tests/course/courses/small/static/cover.png").read_bytes()


# -- the platform reads all of it -----------------------------------------------------------------------------------

EVIL = """---
kind: lesson
title: 难写的课文 & <b>"引号"</b>
goals:
  - "</ladder_lesson> ]]> &amp;"
---
## 一节
结尾记号 ]]> 和 <![CDATA[ 以及 ]]]]><![CDATA[>,还有 &lt;&amp;&#x4e00; 与 <?xml version="1.0"?>。

    缩进的代码\t带制表符

| 表 | 格 |
| --- | --- |
| a  b | `]]>` |

<!-- file: nothing.md -->
两个空格结尾  
😀 末行
"""  # noqa: W291


def as_imported(path: Path, runtime: PreviewRuntime) -> Iterator[tuple[Any, Any]]:
    """The blocks of a vertical, as the platform makes them from its file: our class's own `parse_xml`."""
    for node in etree.parse(str(path), PLATFORM_PARSER).getroot():
        usage = runtime.site.key.make_usage_key(node.tag, node.attrib.pop("url_name"))
        yield node.tag, runtime.load_block_type(node.tag).parse_xml(node, runtime, ScopeIds(None, node.tag, usage, usage))


class ImportRuntime(PreviewRuntime):
    """A runtime that has the site at hand."""

    def __init__(self, site: Any) -> None:
        super().__init__(site, None)
        self.site = site


def lost(built: Built, name: str) -> list[str]:
    """Units whose text, title or stage the platform would not get in full."""
    units: dict[str, Unit] = {
        unit.name: unit for chapter in chapters(built.course) for group in chapter.groups for unit in group.units
    }
    runtime = ImportRuntime(make_site(built.course, {}))
    wrong = []
    for path in (built.archive.parent / name / "vertical").glob("*.xml"):
        ((tag, block),) = as_imported(path, runtime)
        unit = units.pop(block.scope_ids.usage_id.block_id)
        told = (tag, block.content, block.display_name, block.stage, block.children if block.has_children else [])
        if told != (f"ladder_{unit.kind}", unit.content.strip(), unit.title, unit.stage, []):
            wrong.append(unit.name)
    return wrong + sorted(units)


def test_every_block_of_the_real_course_keeps_all_of_its_text(real: Built) -> None:
    assert lost(real, "agent-onboarding") == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_that_looks_like_xml_keeps_every_character(small: Path, tmp_path: Path, line_end: str) -> None:
    (small / "01-start" / "15-evil.md").write_bytes(EVIL.replace("\n", line_end).encode())
    built = built_from(small, tmp_path / "build")
    assert verify_tree(tmp_path / "build" / "small") == []
    runtime = ImportRuntime(make_site(built.course, {}))
    ((_, block),) = as_imported(tmp_path / "build" / "small" / "vertical" / "evil_unit.xml", runtime)
    lesson = block.parse_text(block.content)
    assert lesson.title == '难写的课文 & <b>"引号"</b>' == block.display_name
    assert lesson.goals == ("</ladder_lesson> ]]> &amp;",)
    written = EVIL.split("\n---\n", 1)[1]
    assert [line.rstrip() for line in lesson.body.split("\n")] == [line.rstrip() for line in written.split("\n")]


def test_every_exam_that_was_built_can_be_read_by_its_block(small: Path, tmp_path: Path) -> None:
    """Banks and exams are named by their files there as here: order numbers and all."""
    (small.parents[1] / "question_banks/small/first.md").rename(small.parents[1] / "question_banks/small/10-first.md")
    built = built_from(small, tmp_path / "build")
    runtime = ImportRuntime(make_site(built.course, {}))
    for name in ("first-exam", "second-exam"):
        ((_, block),) = as_imported(tmp_path / "build" / "small" / "vertical" / f"{name}_unit.xml", runtime)
        assert block.parse_text(block.content).exam.id == name


def test_a_public_olx_checker_finds_no_error_but_tags_it_does_not_know(real: Built, tree: Path) -> None:
    for root in (tree, real.archive.parent / "agent-onboarding"):
        course, found, _ = validate(str(root), steps=8)
        assert course is not None
        unknown = [error.description for error in found.errors if error.name == "UnexpectedTag"]
        assert len(unknown) == len(list((root / "vertical").iterdir())), "one for each of our blocks"
        assert all(re.match(rf"A <({'|'.join(BLOCKS)})> tag", words) for words in unknown)
        rest = {(error.level, error.name): error.description for error in found.errors if error.name != "UnexpectedTag"}
        assert set(rest) == {("WARNING", "MissingURLName"), ("WARNING", "MissingDisplayName"), ("WARNING", "SettingOverride")}
        assert "<wiki>" in rest["WARNING", "MissingURLName"], "which Open edX itself writes without one"


# -- the same everywhere --------------------------------------------------------------------------------------------

MACHINES = {
    "a careful one": ({"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, 0o077),
    "a Chinese one": ({"LC_ALL": "zh_CN.UTF-8", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "2"}, 0o022),
    "an open one": ({"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "3"}, 0o000),
}


def build_elsewhere(course: str, cwd: Path, out: Path, environment: dict[str, str], umask: int) -> str:
    """Build by command in a process of its own; the archive's fingerprint."""
    paths = os.pathsep.join(str(ROOT / name) for name in ("xblocks", "scripts"))
    command = [sys.executable, "-m", "ladder_tools.cli", "build", course, "--out", str(out)]
    done = subprocess.run(command, cwd=cwd, env=os.environ | {"PYTHONPATH": paths} | environment, umask=umask, capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return hashlib.sha256((out / "small.tar.gz").read_bytes()).hexdigest()


def test_the_archive_is_the_same_to_the_byte_on_every_machine_and_from_every_folder(small: Path, tmp_path: Path) -> None:
    first = hashlib.sha256(built_from(small, tmp_path / "first").archive.read_bytes()).hexdigest()
    again = hashlib.sha256(built_from(small, tmp_path / "first").archive.read_bytes()).hexdigest()
    found = {"here": first, "here again": again}
    for number, (name, (environment, umask)) in enumerate(MACHINES.items()):
        elsewhere = tmp_path / "elsewhere" / str(number)
        shutil.copytree(small.parents[1], elsewhere / "desk")
        for path in (elsewhere / "desk").rglob("*"):
            os.utime(path, (number * 10**8, number * 10**8))
        course, cwd = ("courses/small", elsewhere / "desk") if number else (str(elsewhere / "desk/courses/small"), tmp_path)
        found[name] = build_elsewhere(course, cwd, elsewhere / "out", environment, umask)
        assert files_of(elsewhere / "out" / "small") == files_of(tmp_path / "first" / "small"), name
    assert len(set(found.values())) == 1, found


def test_nothing_of_the_authors_machine_is_in_the_archive(small: Path, tmp_path: Path) -> None:
    built = built_from(small, tmp_path / "build")
    with tarfile.open(built.archive) as archive:
        for member in archive:
            assert (member.mtime, member.uid, member.gid, member.uname, member.gname, member.mode) == (0, 0, 0, "", "", 0o644)
            assert str(tmp_path).encode() not in archive.extractfile(member).read()  # type: ignore[union-attr]


# -- all or nothing -------------------------------------------------------------------------------------------------


def test_a_wrong_course_builds_nothing_and_leaves_the_last_build_as_it_was(small: Path, tmp_path: Path) -> None:
    built_from(small, tmp_path / "build")
    before = files_of(tmp_path / "build")
    lesson = small / "01-start" / "10-welcome.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("[[limits", "[[nowhere"), encoding="utf-8")
    run = CliRunner().invoke(main, ["build", str(small), "--out", str(tmp_path / "build")])
    assert run.exit_code == 1
    assert "broken-link" in run.output
    assert files_of(tmp_path / "build") == before
    run = CliRunner().invoke(main, ["build", str(small), "--out", str(tmp_path / "other")])
    assert run.exit_code == 1
    assert not (tmp_path / "other").exists()


def test_a_build_takes_the_place_of_the_last_one_and_leaves_nothing_of_it(small: Path, tmp_path: Path) -> None:
    built_from(small, tmp_path / "build")
    (small / "01-start" / "20-voice.md").rename(small / "01-start" / "20-tone.md")
    built_from(small, tmp_path / "build")
    names = files_of(tmp_path / "build")
    assert "small/vertical/tone_unit.xml" in names
    assert "small/vertical/voice_unit.xml" not in names
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == ["small", "small.tar.gz"], "no working folder is left"


def test_the_command_says_what_it_has_built(small: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["build", str(small), "--out", str(tmp_path / "build"), "--lang", "en"])
    assert run.exit_code == 0
    assert "warning passed-by-heart" in run.output
    assert run.output.splitlines()[-1].startswith("3 stages, 3 lessons, 3 articles, 2 cases, 2 exams, 15 questions")


def test_an_id_that_the_tables_could_not_hold_is_refused(small: Path) -> None:
    (small / "01-start" / "20-voice.md").rename(small / "01-start" / f"20-{'a' * 81}.md")
    run = CliRunner().invoke(main, ["check", str(small)])
    assert "bad-id" in run.output
    assert run.exit_code == 1


# -- what the check of a tree finds ---------------------------------------------------------------------------------


def rewritten(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Change a file of the tree."""

    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old}"
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def removed(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


def filled(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: (root / name).write_text(text, encoding="utf-8") and None


def emptied_of_text(root: Path) -> None:
    path = root / "vertical/welcome_unit.xml"
    path.write_text('<vertical display_name="x"><ladder_lesson url_name="welcome" display_name="x" stage="start"/></vertical>', encoding="utf-8")


def as_it_was_built_before(root: Path) -> None:
    (root / VERTICAL).rename(root / "vertical/welcome.xml")
    rewritten("sequential/start-lessons.xml", 'url_name="welcome_unit"', 'url_name="welcome"')(root)


VERTICAL, POLICY, GRADING = "vertical/welcome_unit.xml", "policies/2026/policy.json", "policies/2026/grading_policy.json"
TREE_FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a course pointer with more than three attributes": (rewritten("course.xml", "<course ", '<course display_name="x" '), "course.xml"),
    "no course pointer": (removed("course.xml"), "course.xml"),
    "a file that is pointed to but missing": (removed("sequential/start-lessons.xml"), "sequential/start-lessons.xml"),
    "a file with another tag": (rewritten("chapter/start-section.xml", "chapter", "chaptre"), "chapter/start-section.xml"),
    "a url_name repeated inside its file": (rewritten("chapter/start-section.xml", "<chapter ", '<chapter url_name="x" '), "repeats"),
    "a child that is no pointer": (rewritten("chapter/start-section.xml", "<sequential ", '<sequential display_name="x" '), "not a pointer"),
    "two blocks in a vertical": (rewritten(VERTICAL, "</vertical>", '<ladder_lesson url_name="a" display_name="a" stage="a">x</ladder_lesson></vertical>'), "holds 2"),
    "a block of somebody else": (rewritten(VERTICAL, "ladder_lesson", "html"), VERTICAL),
    "a block without its stage": (rewritten(VERTICAL, ' stage="start"', ""), "attributes"),
    "a block with element children": (rewritten(VERTICAL, "</ladder_lesson>", "<p/></ladder_lesson>"), "children"),
    "a block without text": (emptied_of_text, "is empty"),
    "a line break in an attribute": (rewritten(VERTICAL, 'display_name="欢迎"', 'display_name="欢&#10;迎"'), "line break"),
    "a file that is no XML": (rewritten(VERTICAL, "</vertical>", ""), VERTICAL),
    "no policy": (removed(POLICY), "policy.json"),
    "no start": (rewritten(POLICY, '"start"', '"begin"'), "start is missing"),
    "a quoted date": (rewritten(POLICY, '"2026-01-01T00:00:00Z"', '"\\"2026-01-01T00:00:00Z\\""'), "quoted date"),
    "a block type not switched on": (rewritten(POLICY, '"ladder_case",', ""), "advanced_modules"),
    "a course picture that is not there": (removed("static/cover.png"), "course_image"),
    "a policy that is no JSON": (filled(POLICY, "{"), "policy.json"),
    "no grading policy": (removed(GRADING), "grading_policy.json"),
    "fewer graded subsections than counted on": (rewritten(GRADING, '"min_count": 2', '"min_count": 3'), "min_count"),
    "a format without a grader": (rewritten("sequential/start-exams.xml", 'format="理论考核"', 'format="考核"'), "no grader"),
    "weights that do not add up": (rewritten(GRADING, '"weight": 0.7', '"weight": 0.6'), "weights"),
    "no description": (removed("about/overview.html"), "about/overview.html"),
    "a unit that stands in two places": (rewritten("sequential/start-lessons.xml", 'url_name="voice_unit"', 'url_name="welcome_unit"'), "welcome"),
    "a unit called like its block": (as_it_was_built_before, "is called “welcome”"),
    "a block called like a subsection": (rewritten(VERTICAL, 'url_name="welcome"', 'url_name="kb-1"'), "is called “kb-1”"),
    "a block called like the course itself": (rewritten(VERTICAL, 'url_name="welcome"', 'url_name="course"'), "is called “course”"),
}


@pytest.mark.parametrize("fault", TREE_FAULTS)
def test_the_check_of_a_tree_finds(fault: str, tree: Path) -> None:
    break_it, words = TREE_FAULTS[fault]
    break_it(tree)
    found = verify_tree(tree)
    assert any(words in sentence for sentence in found), found
