"""`manage.py ladder_check` in the LMS: what only the platform can be asked."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from edx_django_utils.cache import RequestCache
from openedx.core.djangoapps.dark_lang.models import DarkLangConfig
from submissions import api
from submissions.models import StudentItem
from waffle.testutils import override_switch

COURSE = "course-v1:Ladder+SMALL+2026"


@pytest.fixture(autouse=True)
def _in_order(site: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that is set up as the documentation says."""
    monkeypatch.setattr(DarkLangConfig, "released_languages", "zh-cn, fr")


def check(*arguments: str) -> tuple[int, str]:
    """The exit status and what is said, in English."""
    out = StringIO()
    with translation.override("en"):
        try:
            call_command("ladder_check", *arguments, stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def score(possible: int, kind: str = "ladder_exam", name: str = "first-exam", course: str = COURSE) -> StudentItem:
    """A score in the gradebook."""
    item = {"student_id": "preview-1", "course_id": course, "item_id": name, "item_type": kind}
    api.set_score(api.create_submission(item, {"attempt": 1})["uuid"], possible // 2, possible)
    return StudentItem.objects.get(item_id=name, course_id=course)


def test_an_lms_that_is_in_order_is_all_right():
    status, said = check()
    assert status == 0
    assert {line.partition("  ")[0] for line in said.splitlines()} == {"ok"}, said


def test_without_the_switch_of_completion_there_is_a_warning():
    RequestCache.clear_all_namespaces()  # the platform forgets what it has read of a switch when a request ends
    with override_switch("completion.enable_completion_tracking", active=False):
        status, said = check()
    RequestCache.clear_all_namespaces()
    assert (status, said.count("warning  completion:")) == (0, 1)
    assert "waffle_switch --create completion.enable_completion_tracking on" in said


@pytest.mark.parametrize(("released", "enabled", "warned"), [
    ("", True, True), ("fr", True, True), ("ZH-cn", True, False), ("zh-tw", True, True), ("", False, False),
])
def test_a_course_in_a_language_that_is_not_released_gets_a_warning(released, enabled, warned, monkeypatch):
    monkeypatch.setattr(DarkLangConfig, "released_languages", released)
    monkeypatch.setattr(DarkLangConfig, "enabled", enabled)
    status, said = check()
    assert (status, f"warning  {COURSE}: The course is in “zh-cn”" in said) == (0, warned)


def test_the_language_of_the_site_needs_no_release(monkeypatch):
    monkeypatch.setattr(DarkLangConfig, "released_languages", "")
    monkeypatch.setattr(settings, "LANGUAGE_CODE", "zh-cn")
    assert "zh-cn" not in check()[1].replace(f"ok  {COURSE}", "")


def test_an_lms_without_submissions_has_an_error(monkeypatch):
    from ladder import lms

    monkeypatch.setattr(lms.apps, "is_installed", lambda name, asked=lms.apps.is_installed: name != "submissions" and asked(name))
    status, said = check()
    assert status == 1
    assert "error  gradebook: edx-submissions is not installed" in said
    assert "scores:" not in said


def test_scores_in_hundredths_of_a_mark_are_an_error_until_they_are_told_again():
    item = score(10_000)
    status, said = check()
    assert (status, f"error  {COURSE}: 1 score of an exam stands" in said, f"ladder_grades {COURSE}" in said) == (1, True, True)
    assert check("--course", COURSE)[0] == 1
    api.set_score(item.submission_set.get().uuid, 50, 100)
    assert check()[0] == 0


@pytest.mark.parametrize(("kind", "course"), [("openassessment", COURSE), ("ladder_exam", "course-v1:Ladder+OTHER+2026")])
def test_scores_of_other_blocks_and_of_courses_that_are_gone_are_let_be(kind, course):
    score(10_000, kind=kind, course=course)
    assert (check()[0], check("--course", COURSE)[0]) == (0, 0)


def test_blocks_are_loaded_with_what_the_platform_mixes_into_them():
    assert len(settings.XBLOCK_MIXINS[0].fields) > 30
    assert "ok  blocks: All load:" in check()[1]


def test_tables_of_the_platform_that_are_missing_are_said_and_the_rest_is_looked_at():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE submissions_scoresummary")
    status, said = check()
    assert (status, said.count("error  database: The platform's own tables cannot be read")) == (1, 1)
    assert f"ok  {COURSE}" in said
