"""`manage.py ladder_learner` in the LMS: what is taken back there is taken back in gradebook and completion, too."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import translation
from submissions import api

from ladder.records.stage import journey


def test_a_gradebook_that_refuses_keeps_no_other_part_back_and_is_said(learner, site):
    learner.finish_first_stage()
    out = StringIO()

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if "INSERT INTO" in sql and "submissions_score" in sql:
            raise DatabaseError
        return execute(sql, *rest)

    arguments = ("--course", str(site.now.key), "--all", "--reason", "x", "--yes")
    with connection.execute_wrapper(refuse), pytest.raises(SystemExit), translation.override("en"):
        call_command("ladder_learner", learner.client.user.username, "reset", *arguments, stdout=out)
    said = out.getvalue()
    assert f"taken back: exam first-exam. Not told to the gradebook: run `manage.py lms ladder_grades {site.now.key}`." in said
    assert "taken back: stage start (1)" in said
    assert not journey(learner.id, str(site.now.key)).started


def test_an_exam_that_is_reset_is_neither_in_the_gradebook_nor_ticked_off(learner, site):
    learner.sit("first-exam")
    item = {"student_id": f"preview-{learner.id}", "course_id": str(site.now.key), "item_id": str(site.usage("exam", "first-exam")),
            "item_type": "ladder_exam"}
    assert (api.get_score(item)["points_earned"], learner.done()["first-exam"]) == (100, 1.0)
    arguments = ("--course", str(site.now.key), "--part", "first-exam", "--reason", "sat for somebody else", "--yes")
    call_command("ladder_learner", learner.client.user.username, "reset", *arguments, stdout=StringIO())
    assert (api.get_score(item), learner.done()["first-exam"]) == (None, 0.0)
