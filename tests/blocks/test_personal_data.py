"""Names, addresses and what somebody has written stay in the database and before the eyes of staff: no log holds them."""

from __future__ import annotations

import logging
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from ladder.desk.queue import code_of
from ladder.records.models import Attempt
from spy import Watch
from trainee import Trainee
from written import EXAM, FULL, Marker, add_written_exam, hand_in


@pytest.fixture
def watch(site) -> Watch:
    add_written_exam(site)
    return Watch({})


@pytest.fixture
def logged(caplog) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that any logger is told, even one that tells nobody above it."""
    deaf = [logger for logger in logging.Logger.manager.loggerDict.values()
            if isinstance(logger, logging.Logger) and not logger.propagate]
    levels = {logger: logger.level for logger in (*deaf, logging.getLogger("django"), logging.getLogger("django.request"))}
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    for logger in deaf:
        logger.addHandler(caplog.handler)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for logger, level in levels.items():
        logger.setLevel(level)
    for logger in deaf:
        logger.removeHandler(caplog.handler)


def person(sign_in: Any, watch: Watch, role: str) -> Any:
    """Somebody whose user name, names and e-mail address are planted."""
    client = sign_in(f"{role}-{watch.plant(f'{role}:username')}")
    client.user.first_name, client.user.last_name = watch.plant(f"{role}:first"), watch.plant(f"{role}:last")
    client.user.email = f"{watch.plant(f'{role}:mail')}@example.com"
    client.user.save()
    client.raise_request_exception = False
    return client


def go_the_whole_way(trainee: Trainee, marker: Marker, watch: Watch) -> None:
    """Answers, marks, notes, files, and all that is refused on the way."""
    watch.plant("nothing")
    texts = {question: watch.plant(f"essay:{question}") for question in FULL}
    hand_in(trainee, texts)
    essay = {"op_id": "operation-late", "item": 2, "revision": 2, "value": [texts["sum-up"]]}
    trainee.act("exam", EXAM, "answer", {"attempt": 1, "saves": [essay]})
    trainee.act("exam", EXAM, "answer", {"attempt": 1, "saves": [essay | {"revision": texts["sum-up"]}]})
    trainee.act("exam", EXAM, "answer", texts["sum-up"].encode())
    trainee.act("exam", EXAM, "allow", {"username": marker.client.user.username, "reason": watch.plant("reason:refused")})
    attempt = Attempt.objects.get()
    data = {"question": "soothe", "code": code_of(attempt.course, EXAM, attempt.id), "revision": "0", "names": "1"}
    marker.do("marking", data)
    marker.do("draft", data | {"points": [None, None], "comment": watch.plant("draft")})
    for question, points in FULL.items():
        marker.mark(question, points, watch.plant(f"comment:{question}"))
    marker.act("give_marks", data | {"points": ["x"], "comment": watch.plant("comment:malformed")})
    marker.act("give_marks", data | {"points": ["0", "0"], "comment": watch.plant("comment:late")})
    username = trainee.client.user.username
    marker.act("allow", {"username": username, "minutes": 5, "attempts": 1, "reason": watch.plant("reason:allowance")})
    marker.act("allow", {"username": f"{username}{watch.plant('unknown')}", "minutes": 5, "attempts": 1, "reason": ""})
    for handler in ("release", "desk", "statistics", "regrade", "apply_regrade"):
        marker.do(handler)
    marker.do("export", {"format": "csv"})
    marker.do("open_attempt", {"attempt": attempt.id})
    marker.do("void_attempt", {"attempt": attempt.id, "reason": watch.plant("reason:void")})


def test_no_log_holds_a_name_an_address_an_answer_or_a_comment(logged, watch, site, sign_in, act):
    trainee, trainer = Trainee(person(sign_in, watch, "trainee"), act, site), person(sign_in, watch, "trainer")
    go_the_whole_way(trainee, Marker(trainer, act), watch)
    assert "/handler/" in logged.text, "what is refused is logged, by its address"
    told = logged.text + "".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in logged.records)
    assert not {watch.forms[form] for form in watch.pattern.findall(told.lower())}


def test_even_a_fault_is_logged_without_what_was_sent(logged, watch, site, sign_in, act, monkeypatch):
    """The lines of the program are in the log; what the learner has written is not."""
    trainee = Trainee(person(sign_in, watch, "trainee"), act, site)
    sheet = trainee.start(EXAM)
    essay = watch.plant("essay")
    monkeypatch.setattr("ladder.exam.save_answers", None)
    place = next(card.item for card in sheet.cards if card.type == "essay")
    saved = {"op_id": "operation-fault", "item": place, "revision": 1, "value": [essay]}
    response = trainee.act("exam", EXAM, "answer", {"attempt": 1, "saves": [saved]})
    watch.look(response)
    assert response.status_code == 500
    assert "TypeError" in logged.text
    assert not {watch.forms[form] for form in watch.pattern.findall(logged.text.lower())} | watch.seen


def test_files_with_names_are_for_staff_alone(watch, site, sign_in, act):
    trainee, marker = Trainee(person(sign_in, watch, "trainee"), act, site), Marker(person(sign_in, watch, "trainer"), act)
    hand_in(trainee, {question: watch.plant(f"essay:{question}") for question in FULL})
    for form in ("csv", "xlsx"):
        assert trainee.act("exam", EXAM, "export", {"format": form}).status_code == 403
        body = b64decode(marker.do("export", {"format": form})["file"]["base64"])
        if form == "xlsx":
            with zipfile.ZipFile(BytesIO(body)) as book:
                body = b"".join(book.read(name) for name in book.namelist())
        held = {watch.forms[found] for found in watch.pattern.findall(body.decode("utf-8", "replace").lower())}
        assert held == {"trainee:username", "trainee:first", "trainee:last"}, "no address, no answers, no name of staff"
