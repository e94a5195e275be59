"""An account is retired: nothing that a learner has written, or that was written about one, is left in any table."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models

from ladder import lms
from ladder.desk.queue import code_of
from ladder.plugin.receivers import retire_learner
from ladder.records import voiding
from ladder.records.models import Answer, Attempt, MarkingDraft
from ladder.records.statistics import exam_numbers
from spy import Watch
from trainee import Trainee, op_id
from written import EXAM, FULL, Marker, add_written_exam, hand_in, slip_of

NAMED = re.compile(r"`(\w+)`")
# Columns that could hold any text, and why nothing personal is in them.
EXPLAINED = {
    "what an author wrote": "Source.content Source.digest",
    "ids that an author gave": """
        Attempt.course Attempt.block Answer.question LateAnswer.question Regrade.course Regrade.block Mark.question
        MarkingDraft.question         Allowance.course Allowance.block Override.course Override.block Redo.course Redo.question Voiding.course Voiding.block
        Call.course Call.block CaseStep.scene LessonProgress.course LessonProgress.block LessonProgress.section
        StageOpening.course StageOpening.stage StageOpening.rule""",
    "a random name of an operation, made by the page": "Answer.op_id Redo.op_id CaseStep.op_id",
    "numbers": "Attempt.paper Regrade.changes Mark.points MarkingDraft.points StageOpening.evidence",
}
NOT_PERSONAL = {name for names in EXPLAINED.values() for name in names.split()}


def retire(user: Any) -> None:
    """What the receiver of the platform's signal does; that the signal reaches it is tested in the LMS."""
    retire_learner(sender=object, user=user)


@pytest.fixture
def watch(site: Any) -> Watch:
    add_written_exam(site)
    return Watch({})


@pytest.fixture
def marker(watch: Watch, sign_in: Any, act: Any) -> Marker:
    return Marker(sign_in("trainer-1"), act)


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that is ours."""
    found = {}
    for model in apps.get_app_config("ladder").get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            found[model._meta.db_table] = list(cursor.fetchall())
    return found


def held(watch: Watch) -> set[str]:
    """The planted words that are in any column of any table."""
    return {watch.forms[form] for form in watch.pattern.findall(repr(tables()).lower())}


def personal_columns() -> set[str]:
    """What the models say is personal: Model.column."""
    found = set()
    for model in apps.get_app_config("ladder").get_models():
        said = re.search(r"\.\. pii: (.+)", model.__doc__ or "")
        found |= {f"{model.__name__}.{column}" for column in NAMED.findall(said[1])} if said else set()
    return found


def go_the_whole_way(trainee: Trainee, marker: Marker, watch: Watch, who: str) -> None:
    """Plant words in answers, comments, grants and what is taken back."""
    texts = {question: watch.plant(f"{who}:answer:{question}") for question in FULL}
    hand_in(trainee, texts)
    for question, points in FULL.items():
        marker.mark(question, points, watch.plant(f"{who}:comment:{question}"))
    marker.do("release")
    sheet = trainee.start("first-exam")
    written = [(card, [watch.plant(f"{who}:blank"), "3"] if card.blanks else trainee.right(card)) for card in sheet.cards]
    trainee.save("first-exam", sheet, written)
    trainee.do("exam", "first-exam", "submit", {"attempt": sheet.attempt})
    blank = next(card for card in sheet.cards if card.blanks)
    late = {"op_id": op_id(), "item": blank.item, "revision": 2, "value": [watch.plant(f"{who}:late"), ""]}
    assert trainee.act("exam", "first-exam", "answer", {"attempt": sheet.attempt, "saves": [late]}).status_code == 409
    username = trainee.client.user.username
    marker.do("allow", {"username": username, "minutes": 5, "attempts": 1, "reason": watch.plant(f"{who}:allowed")})
    attempt = Attempt.objects.get(learner_id=trainee.id, block=EXAM)
    marker.do("void_attempt", {"attempt": attempt.id, "reason": watch.plant(f"{who}:void")})
    trainee.learn("welcome")
    reason = watch.plant(f"{who}:voiding")
    voiding.void_lesson(trainee.id, attempt.course, "welcome", marker.client.user.id, reason, lms.now())


def leave_waiting(trainee: Trainee, marker: Marker, watch: Watch, who: str) -> None:
    """Plant words in answers that are being marked, and in what the marker has noted."""
    hand_in(trainee, {question: watch.plant(f"{who}:waiting:{question}") for question in FULL})
    attempt = Attempt.objects.get(learner_id=trainee.id, pending=True)
    note = {"question": "soothe", "code": code_of(attempt.course, EXAM, attempt.id), "revision": "0", "names": "0"}
    marker.do("draft", note | {"points": [None, None], "comment": watch.plant(f"{who}:draft")})


def test_every_column_that_could_hold_a_text_is_personal_or_explained() -> None:
    texts = (models.CharField, models.TextField, models.JSONField)
    found: set[str] = set()
    for model in apps.get_app_config("ladder").get_models():
        found |= {f"{model.__name__}.{field.name}" for field in model._meta.fields if isinstance(field, texts)}
    assert personal_columns() | NOT_PERSONAL == found
    assert not personal_columns() & NOT_PERSONAL


def test_every_table_says_what_the_platform_asks_about_personal_data() -> None:
    for model in apps.get_app_config("ladder").get_models():
        doc = model.__doc__ or ""
        assert ("pii: `" in doc) != bool(re.search(r"no_pii: \w", doc)), model.__name__
        if "pii: `" in doc:
            assert ".. pii_types: other\n" in doc, model.__name__
            assert ".. pii_retirement: local_api\n" in doc, model.__name__


def test_a_retirement_leaves_nothing_that_was_written_by_or_about_the_learner(trainee, marker, watch):
    go_the_whole_way(trainee, marker, watch, "lin")
    leave_waiting(trainee, marker, watch, "lin")
    planted = set(watch.forms.values())
    assert held(watch) == planted
    for column in personal_columns():
        model, _, name = column.partition(".")
        values = str(list(apps.get_model("ladder", model).objects.values_list(name, flat=True)))
        assert watch.pattern.search(values.lower()), f"nothing is planted in {column}: this test would not see it"
    retire(trainee.client.user)
    assert held(watch) == set()


def test_a_retirement_changes_nothing_of_anybody_else(trainee, marker, watch, sign_in, act, site):
    other = Trainee(sign_in("trainee-2"), act, site)
    go_the_whole_way(trainee, marker, watch, "lin")
    go_the_whole_way(other, marker, watch, "wang")
    leave_waiting(trainee, marker, watch, "lin")
    leave_waiting(other, marker, watch, "wang")
    words = {name for name in watch.forms.values() if name.startswith("wang")}
    before = tables()
    retire(trainee.client.user)
    assert held(watch) == words
    after = tables()
    of_both = {"ladder_attempt", "ladder_answer", "ladder_mark", "ladder_markingdraft", "ladder_allowance", "ladder_voiding",
               "ladder_lateanswer"}
    assert {table for table, rows in before.items() if after[table] != rows} == of_both


def test_marks_and_results_of_a_retired_learner_stay_in_the_statistics(trainee, marker, watch, site):
    go_the_whole_way(trainee, marker, watch, "lin")
    columns = ("id", "learner_id", "number", "marks", "passed", "submitted_at", "released_at", "paper")
    course, released = str(site.now.key), Attempt.objects.exclude(released_at=None)
    before, numbers = list(released.values_list(*columns)), exam_numbers(course, "first-exam")
    choices = list(Answer.objects.exclude(value__icontains='"').values_list("id", "value"))
    retire(trainee.client.user)
    cache.clear()
    assert list(released.values_list(*columns)) == before
    assert exam_numbers(course, "first-exam") == numbers
    assert [Answer.objects.get(id=id_).value for id_, _ in choices] == [value for _, value in choices]


def test_what_nobody_can_mark_any_more_waits_for_nobody(trainee, marker, watch):
    hand_in(trainee, {"soothe": watch.plant("waiting")})
    trainee.start("first-exam")
    assert slip_of(marker.do("marking", {"question": "soothe"})["html"])
    retire(trainee.client.user)
    assert not slip_of(marker.do("marking", {"question": "soothe"})["html"])
    assert set(Attempt.objects.values_list("voided_at", flat=True)) & {None} == set()


def test_the_desk_shows_an_emptied_paper(trainee, marker, watch):
    go_the_whole_way(trainee, marker, watch, "lin")
    leave_waiting(trainee, marker, watch, "lin")
    retire(trainee.client.user)
    for attempt in Attempt.objects.filter(block=EXAM):
        watch.look(marker.act("open_attempt", {"attempt": attempt.id}))
    assert watch.seen == set()


def test_a_corrected_key_takes_no_marks_for_what_was_emptied(trainee, marker, act):
    """The answers that had earned them are gone: marking them again would take marks, and change the statistics."""
    trainee.sit("first-exam")
    before = list(Attempt.objects.values_list("marks", "passed"))
    assert before == [(100, True)]
    retire(trainee.client.user)
    Marker(marker.client, act, "first-exam").do("apply_regrade")
    assert list(Attempt.objects.filter(learner_id=trainee.id).values_list("marks", "passed")) == before


def test_a_second_retirement_changes_nothing(trainee, marker, watch, clock):
    go_the_whole_way(trainee, marker, watch, "lin")
    leave_waiting(trainee, marker, watch, "lin")
    retire(trainee.client.user)
    before = tables()
    clock.go_on(days=1)
    retire(trainee.client.user)
    assert tables() == before


def test_comments_of_retired_staff_stay_and_their_drafts_go(trainee, marker, watch):
    go_the_whole_way(trainee, marker, watch, "lin")
    leave_waiting(trainee, marker, watch, "lin")
    words = {name for name in watch.forms.values() if not name.endswith(":draft")}
    retire(marker.client.user)
    assert held(watch) == words
    assert not MarkingDraft.objects.exists()
