"""When something is in the way (the disk is full, the database is held by somebody else, a fault of ours) reading goes on, and
what cannot be done is said in words that anybody understands."""

from __future__ import annotations

import re
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import Client
from waitress import create_server

from ladder.records.models import Answer, Attempt, StageOpening
from ladder_tools.preview import middleware
from ladder_tools.preview.sqlite import base
from ladder_tools.preview.urls import urlpatterns
from trainee import FIRST_STAGE, op_id
from written import EXAM as WRITTEN, add_written_exam

Hold = Callable[[], AbstractContextManager[None]]


@contextmanager
def full_disk() -> Iterator[None]:
    """The file of the records may not grow any more."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def held_by_another() -> Iterator[None]:
    """Another program writes into the records and does not come to an end."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def read_only() -> Iterator[None]:
    """Nothing at all may be written."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = on")
        yield
        cursor.execute("PRAGMA query_only = off")


@pytest.fixture(params=[full_disk, held_by_another, read_only], ids=lambda hold: hold.__name__)
def hold(request: pytest.FixtureRequest, short_waits: None) -> Hold:
    """What keeps rows from being written."""
    found: Hold = request.param
    return found


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long in a test."""
    monkeypatch.setattr(middleware, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(base, "IN_PASSING", 0.05)


# -- no room, no lock -----------------------------------------------------------------------------------------------


def long_save(sheet: Any, revision: int) -> dict[str, Any]:
    """An essay that takes more room than is left on the last page of the table."""
    card = next(card for card in sheet.cards if not card.choices)
    return {"attempt": 1, "saves": [{"op_id": op_id(), "item": card.item, "revision": revision, "value": ["长" * 15_000]}]}


def test_every_page_is_shown_while_nothing_can_be_written(hold, site, trainee, trainer):
    add_written_exam(site)
    trainee.start(WRITTEN)
    with hold():
        pages = {name: trainee.see(name) for name in (*FIRST_STAGE.values(), WRITTEN, "mistakes")}
        assert "ladder-sitting" in pages[WRITTEN]
        assert trainee.client.get("/course/").status_code == 200
        assert trainer.client.get("/course/").status_code == 200
        assert "登录" in Client(SERVER_NAME="127.0.0.1").get("/sign-in/").content.decode()
        assert trainee.client.get("/nothing/").status_code == 404
        assert trainer.do("exam", WRITTEN, "desk")["html"]


def test_a_save_that_finds_no_room_is_refused_in_plain_words_and_taken_once_there_is_room(hold, site, trainee):
    add_written_exam(site)
    sheet = trainee.start(WRITTEN)
    save = long_save(sheet, 1)
    with hold():
        refused = trainee.act("exam", WRITTEN, "answer", save)
        assert refused.status_code == 503
        assert refused.json() == {"error": "暂时无法保存，请稍后再试。"}
        assert refused.headers["Retry-After"]
    assert not Answer.objects.exists()
    assert trainee.act("exam", WRITTEN, "answer", save).status_code == 200
    assert Answer.objects.get().value == ["长" * 15_000]


@pytest.mark.parametrize("hold_all", [held_by_another, read_only])
def test_an_exam_that_cannot_be_begun_now_is_begun_later_as_the_first(hold_all, site, trainee, short_waits):
    add_written_exam(site)
    trainee.see("welcome")
    with hold_all():
        assert trainee.act("exam", WRITTEN, "begin").status_code == 503
    assert not Attempt.objects.exists()
    assert trainee.start(WRITTEN).attempt == 1


def test_what_is_due_on_a_page_does_not_make_it_wait_for_somebody_elses_lock_for_long(site, trainee):
    trainee.see("welcome")
    StageOpening.objects.all().delete()
    with held_by_another(), connection.cursor() as cursor:
        assert trainee.client.get("/course/").status_code == 200
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (1000,), "so many milliseconds it has waited"
    assert not StageOpening.objects.exists()


def test_who_came_first_writes_first(site, trainee):
    """Looking again now and then, as SQLite does, somebody may be unlucky each time and wait for seconds."""
    came, wrote = [], []

    def write(number: int) -> None:
        came.append(number)
        with transaction.atomic():
            wrote.append(number)
        connection.close()

    with transaction.atomic():
        threads = []
        for number in range(8):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            while len(base._turn._waiting) <= number:
                threads[-1].join(0.01)
        assert wrote == []
    for thread in threads:
        thread.join()
    assert wrote == came == list(range(8))


# -- words for faults -----------------------------------------------------------------------------------------------


def test_what_cannot_be_read_or_is_too_old_or_has_failed_is_said_in_chinese_with_a_way_back(site, sign_in, monkeypatch):
    client = sign_in("trainee")
    client.raise_request_exception = False
    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    monkeypatch.setitem(site.now.positions, "welcome", "no position")
    found = {
        "无法识别这个请求": client.get("/course/", SERVER_NAME="ladder.example"),
        "页面已过期": strict.post("/sign-in/", {"username": "lin", "password": "x"}),
        "没有这个页面": client.get("/nothing/"),
        "服务器出错了": client.get("/unit/welcome/"),
    }
    assert [response.status_code for response in found.values()] == [400, 403, 404, 500]
    for words, response in found.items():
        page = response.content.decode()
        assert words in page
        assert 'href="/course/"' in page
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_no_matter_of_room_or_locks(trainee):
    """It is told as what it is, and stands in the log."""
    trainee.client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ladder_lessonprogress RENAME TO elsewhere")
    assert trainee.client.get("/unit/welcome/").status_code == 500


# -- HEAD -----------------------------------------------------------------------------------------------------------


def addresses(site: Any) -> list[str]:
    """An address of every kind there is, and some that there are not."""
    welcome = site.usage("lesson", "welcome")
    found = ["/", "/sign-in/", "/sign-out/", "/course/", "/unit/welcome/", "/author/welcome/", f"/handler/{welcome}/read",
             f"/handler/{welcome}/read/", f"/handler/{welcome}/read/x", "/resource/ladder/ladder.js", "/static/cover.png", "/version/", "/nothing/"]
    kinds = {str(pattern.pattern).partition("/")[0] for pattern in urlpatterns}
    assert kinds <= {url.split("/")[1] for url in found}
    return found


def exchanged(request: bytes) -> bytes:
    """What the server sends for these bytes, until it closes the connection."""
    server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", server.effective_port), timeout=20) as line:
            line.sendall(request)
            found = b""
            while more := line.recv(65536):
                found += more
    finally:
        server.trigger.pull_trigger(server.close)
        thread.join(10)
        server.task_dispatcher.shutdown()
    return found


def test_head_is_answered_without_a_body_at_every_address_so_that_the_next_answer_is_understood(site, trainee):
    cookies = trainee.client.cookies.output(attrs=[], header="", sep=";").strip()
    for url in addresses(site):
        asked = [f"{method} {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nConnection: {kept}\r\n\r\n".encode()
                 for method, kept in (("HEAD", "keep-alive"), ("GET", "close"))]
        told = exchanged(b"".join(asked))
        first, _, rest = told.partition(b"\r\n\r\n")
        assert rest.startswith(b"HTTP/1.1 "), (url, rest[:60])
        status, length = (re.search(pattern, first) for pattern in (rb"HTTP/1.1 (\d+)", rb"Content-Length: (\d+)"))
        assert status is not None
        assert length is not None
        assert rest.startswith(b"HTTP/1.1 " + status[1])
        assert len(rest.partition(b"\r\n\r\n")[2]) == int(length[1]) or b"csrf" in rest, "as long as what GET sends"
