"""Whose attempt it is: nobody reaches through an id into what belongs to others, to another exam or to another course."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from blocks.test_gate import REQUESTS, STAFF_ONLY
from ladder.desk.queue import code_of
from ladder.records.models import Attempt
from spy import Watch
from trainee import Trainee
from written import EXAM, Marker, add_written_exam, hand_in

OTHER_COURSE = "course-v1:Ladder+OTHER+2026"
OTHER_EXAM = "other-exam"
POINTS = {"points": ["8", "12"], "comment": "x", "revision": "0"}
BY_ATTEMPT = {"open_attempt": {}, "release": {}, "void_attempt": {"reason": "x"}}
BY_CODE = {"marking": {}, "draft": POINTS, "give_marks": POINTS}


@pytest.fixture(autouse=True)
def exams(site) -> None:
    """The written exam, and another one that asks the same."""
    add_written_exam(site)
    files = site.folder / "01-start"
    (files / "60-other-exam.md").write_text((files / f"50-{EXAM}.md").read_text(encoding="utf-8"), encoding="utf-8")
    site.load()


@pytest.fixture
def watch() -> Watch:
    return Watch({})


@pytest.fixture
def handed_in(site, sign_in, act, watch) -> Attempt:
    """An attempt of somebody whose name and answers are planted."""
    client = sign_in(f"trainee-{watch.plant('name')}")
    hand_in(Trainee(client, act, site), {question: watch.plant(question) for question in ("soothe", "verify", "sum-up")})
    return Attempt.objects.get(block=EXAM)


@pytest.fixture
def ready(handed_in, sign_in, act) -> Attempt:
    """The same, waiting for nothing but its release."""
    Marker(sign_in("trainer"), act).mark_all()
    return handed_in


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_app_config("ladder").get_models()}


def test_all_tables_are_looked_at(handed_in):
    found = everything()
    assert len(found["Attempt"]) == 1
    assert len(found["Answer"]) == 4
    assert {"Mark", "MarkingDraft", "Allowance", "Regrade", "Override", "Redo"} <= set(found)


@pytest.mark.parametrize("handler", [handler for _, handler in STAFF_ONLY])
def test_a_learner_who_knows_every_id_is_refused_at_the_desk_and_changes_nothing(handler, site, sign_in, act, watch, handed_in, trainee):
    hand_in(trainee)
    mine = Attempt.objects.get(learner_id=trainee.id)
    before = everything()
    asked = [REQUESTS["exam", handler], {}]
    for attempt in (mine, handed_in):
        ids = {"attempt": attempt.id, "question": "soothe", "code": code_of(attempt.course, EXAM, attempt.id)}
        asked.append(REQUESTS["exam", handler] | ids | POINTS | {"username": trainee.client.user.username, "format": "csv"})
    for exam in (EXAM, OTHER_EXAM, "first-exam"):
        for data in asked:
            response = trainee.act("exam", exam, handler, data)
            watch.look(response)
            assert response.status_code == 403, (exam, data)
            assert len(response.content) < 300
    assert everything() == before
    assert not watch.seen


def test_a_trainer_may_do_all_of_it(sign_in, act, handed_in, watch):
    """So that the refusals below are for the right reason."""
    marker = Marker(sign_in("trainer"), act)
    code = code_of(handed_in.course, EXAM, handed_in.id)
    for handler, data in BY_CODE.items():
        watch.look(marker.act(handler, {"question": "soothe", "code": code} | data))
    assert watch.seen == {"soothe"}
    assert marker.act("open_attempt", {"attempt": handed_in.id}).status_code == 200
    for question in ("verify", "sum-up"):
        marker.mark(question, {"verify": ["0", "0"], "sum-up": ["0", "0"]}[question])
    for handler, data in BY_ATTEMPT.items():
        assert marker.act(handler, {"attempt": handed_in.id} | data).status_code == 200, handler


@pytest.mark.parametrize("where", ["another exam", "another course", "no such attempt", "running", "void"])
def test_at_the_desk_of_an_exam_only_its_own_attempts_are_within_reach(where, sign_in, act, watch, ready):
    marker = Marker(sign_in("trainer"), act, OTHER_EXAM if where == "another exam" else EXAM)
    attempt, codes = ready.id, [code_of(ready.course, block, ready.id) for block in (EXAM, OTHER_EXAM)]
    rows = Attempt.objects.filter(id=attempt)
    if where == "another course":
        rows.update(course=OTHER_COURSE)
        codes.append(code_of(OTHER_COURSE, EXAM, attempt))
    elif where == "no such attempt":
        attempt += 1
        codes = [code_of(ready.course, EXAM, attempt)]
    elif where == "running":
        rows.update(submitted_at=None, pending=False)
    elif where == "void":
        rows.update(voided_at=ready.submitted_at)
    before = everything()
    for handler, data in BY_ATTEMPT.items():
        if where in ("running", "void") and handler != "release":
            continue  # these may be looked at, and be declared void once more
        response = marker.act(handler, {"attempt": attempt} | data)
        watch.look(response)
        assert response.status_code == 409, handler
    for handler, data in BY_CODE.items():
        for code in codes:
            response = marker.act(handler, {"question": "soothe", "code": code} | data)
            watch.look(response)
            assert response.status_code == 409, handler
    assert everything() == before
    assert not watch.seen


@pytest.mark.parametrize("where", ["another exam", "another course"])
def test_lists_files_and_numbers_of_an_exam_hold_nobody_elses(where, sign_in, act, watch, ready):
    marker = Marker(sign_in("trainer"), act, OTHER_EXAM if where == "another exam" else EXAM)
    if where == "another course":
        Attempt.objects.filter(id=ready.id).update(course=OTHER_COURSE)
    before = everything()
    asked = {"desk": {}, "marking": {}, "statistics": {}, "regrade": {}, "apply_regrade": {}, "release": {}, "export": {"format": "csv"}}
    for handler, data in asked.items():
        watch.look(marker.act(handler, data))
    watch.look(marker.act("marking", {"question": "soothe", "names": "1"}))
    assert everything() == before
    assert not watch.seen
    if where == "another exam":
        watch.look(Marker(marker.client, act).act("export", {"format": "csv"}))
        assert watch.seen == {"name"}, "it is there to be found"
