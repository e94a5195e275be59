"""`manage.py ladder_check`: one line for each finding, and an exit status to act on."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation
from xblock.core import XBlock

from host import block_classes
from ladder.records.models import Attempt
from ladder_tools.preview.runtime import PreviewRuntime
from platform_names import platform_mixin

COURSE = "course-v1:Ladder+SMALL+2026"


def check(*arguments: str) -> tuple[int, list[str]]:
    """The exit status and the lines of the command, in English."""
    out, status = StringIO(), 0
    with translation.override("en"):
        try:
            call_command("ladder_check", *arguments, stdout=out)
        except SystemExit as end:
            status = int(str(end.code))
    return status, out.getvalue().splitlines()


def found(level: str, *arguments: str) -> list[str]:
    """What is said at one level, without its name."""
    status, lines = check(*arguments)
    assert status == any(line.startswith("error  ") for line in lines)
    return [line.removeprefix(f"{level}  ") for line in lines if line.startswith(f"{level}  ")]


def write(site: Any, kind: str, name: str, old: str, new: str) -> None:
    """Change the text of one block, as somebody may in Studio."""
    block = PreviewRuntime(site.now, None).get_block(site.usage(kind, name))
    assert old in block.content, block.content
    block.content = block.content.replace(old, new)
    block.save()


def test_a_sound_site_is_all_right_and_says_what_could_not_be_looked_at(site):
    status, lines = check()
    assert status == 0
    assert {line.partition("  ")[0] for line in lines} == {"ok", "not checked"}
    assert f"ok  {COURSE}: Plan and blocks agree (3 stages, 14 blocks), and every text can be read." in lines
    assert [line for line in lines if "gradebook" in line] == ["not checked  gradebook: There is none outside of Open edX."]


def test_it_speaks_the_language_of_the_site(site):
    out = StringIO()
    with translation.override("zh-hans"):
        call_command("ladder_check", stdout=out)
    assert re.findall(r"[A-Za-z]{4,}", re.sub(r"ladder_\w+|course-v1:\S+|edx-submissions|Open edX", "", out.getvalue())) == []


def test_a_block_that_hides_a_field_of_the_platform_is_reported(site, settings_with_mixins):
    assert found("error") == []
    exam = type("ExamLike", (block_classes()["exam"],), {"start": lambda self: None})
    (line,) = XBlock.register_temp_plugin(exam, "ladder_exam", group="xblock.v1.overrides")(lambda: found("error"))()
    assert "ladder_exam hides fields of the platform: start." in line


@pytest.fixture
def settings_with_mixins(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "XBLOCK_MIXINS", (platform_mixin(),), raising=False)


def test_a_block_that_cannot_be_loaded_is_reported(site, monkeypatch):
    monkeypatch.setattr("xblock.plugin.PLUGIN_CACHE", {("xblock.v1", "ladder_lesson"): None})
    (line,) = found("error")
    assert line.startswith("blocks: ladder_lesson does not load")
    assert "courses: The blocks have to be put right first." in found("not checked")


def test_migrations_that_wait_are_named_and_what_stands_on_them_is_not_tried(site):
    last = max(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "ladder")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ladder' AND name = %s", [last])
        cursor.execute("ALTER TABLE ladder_attempt RENAME TO gone")
    (line,) = found("error")
    assert last in line
    assert "migrate ladder" in line
    assert [line for line in found("not checked") if line.startswith("attempts:")]


@pytest.mark.parametrize(("statement", "missing"), [
    ("DROP TABLE ladder_redo", "ladder_redo"),
    ("ALTER TABLE ladder_allowance DROP COLUMN minutes", "ladder_allowance.minutes"),
])
def test_what_the_database_lacks_though_it_was_migrated_is_named(statement, missing, site):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    (line,) = found("error")
    assert missing in line


def test_an_attempt_that_nobody_closes_is_a_warning_and_one_in_its_grace_is_none(trainee, clock):
    trainee.start("first-exam")
    clock.go_on(minutes=79)
    assert found("warning") == []
    clock.go_on(minutes=2)
    (line,) = found("warning")
    assert "1 attempt has been over" in line
    assert "close_exams" in line
    assert check()[0] == 0


def test_one_course_can_be_looked_at_alone(trainee, clock):
    trainee.start("first-exam")
    clock.go_on(days=1)
    assert len(found("warning", "--course", COURSE)) == 1
    Attempt.objects.update(course="course-v1:Ladder+OTHER+2026")
    assert found("warning", "--course", COURSE) == []


@pytest.mark.parametrize("name", ["course-v1:Ladder+SMALL+2027", "x", "course-v1:"])
def test_a_course_that_is_not_there_is_said_to_be_none(name, site):
    with pytest.raises(CommandError, match=re.escape(name)):
        check("--course", name)


def test_a_planned_lesson_without_its_block_is_an_error(site):
    del site.now.positions["voice"]
    assert found("error") == [
        f"{COURSE}: lesson “voice” is in the plan of stage “start”, not in the course: the stage cannot be finished. "
        "Build the course with `ladder build` and import it again.",
    ]


def test_a_block_in_no_plan_is_a_warning(site):
    for kind, name in (("stage", "start"), ("stage", "calls"), ("stage", "later"), ("mistakes", "mistakes")):
        write(site, kind, name, '"welcome"', '"elsewhere"')
    (line,) = found("warning")
    assert line.startswith(f"{COURSE}: lesson “welcome” is in no plan")
    assert len(found("error")) == 1, "and “elsewhere” has no block"


def test_stages_whose_plans_differ_are_an_error(site):
    write(site, "stage", "calls", '"refund-call"', '"other-call"')
    (line,) = found("error")
    assert line.startswith(f"{COURSE}: stage “calls” has another plan")


def test_a_text_that_cannot_be_read_is_an_error_with_its_place(site):
    write(site, "lesson", "voice", "kind: lesson", "kind: lesson\ntitel: x")
    (line,) = found("error")
    assert re.match(rf"{re.escape(COURSE)}: lesson “voice” cannot be read, 1 problem: \S+voice.md:\d+:\d+ ", line), line


def test_a_site_without_a_course_of_ladder_says_so(site):
    site.now.positions.clear()
    assert found("warning") == ["courses: None holds a block of Ladder. Import one in Studio."]
