"""While a class signs in, those who are in already read and save."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.handlers.wsgi import WSGIHandler
from waitress import create_server

from ladder.records.models import LessonProgress
from ladder_tools.preview.lanes import Lanes

CLASS = 20
TOKEN = "t" * 32


class Thoughtful(MD5PasswordHasher):
    """Takes as long as it is told to."""

    algorithm = "thoughtful"
    may_answer = threading.Event()
    asked = threading.Event()

    def verify(self, password: str, encoded: str) -> bool:
        self.asked.set()
        assert self.may_answer.wait(60)
        return super().verify(password, encoded)


@pytest.fixture
def port(site: Any, settings_of_hashing: None) -> Iterator[int]:
    """The preview's server as `ladder serve` starts it."""
    server = create_server(WSGIHandler(), host="127.0.0.1", port=0, _dispatcher=Lanes())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)
    thread.join(10)
    server.task_dispatcher.shutdown()


@pytest.fixture
def settings_of_hashing() -> Iterator[None]:
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=[f"{__name__}.Thoughtful"]):
        yield


def ask(port: int, method: str, path: str, cookies: str, body: bytes, type_: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {"Cookie": f"{cookies}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": type_})
    status = connection.getresponse().status
    connection.close()
    return status


def test_whoever_is_in_reads_and_saves_while_a_class_waits_for_its_passwords(port, site, trainee):
    for number in range(CLASS):
        get_user_model().objects.create_user(f"early-{number}", password="right-word")
    cookies = trainee.client.cookies.output(attrs=[], header="", sep=";").strip()
    form = "application/x-www-form-urlencoded"

    def come(number: int) -> int:
        return ask(port, "POST", "/sign-in/", "", urlencode({"username": f"early-{number}", "password": "right-word"}).encode(), form)

    with ThreadPoolExecutor(CLASS) as pool:
        coming = [pool.submit(come, number) for number in range(CLASS)]
        try:
            assert Thoughtful.asked.wait(30)
            for path in ("/course/", "/unit/voice/", "/sign-in/", "/version/"):
                assert ask(port, "GET", path, cookies, b"", "text/plain") in (200, 302)
            read = json.dumps({"sections": ["语速"]}).encode()
            assert ask(port, "POST", f"/handler/{site.usage('lesson', 'voice')}/read", cookies, read, "application/json") == 200
            assert LessonProgress.objects.filter(section="语速").exists()
            assert not any(one.done() for one in coming)
        finally:
            Thoughtful.may_answer.set()
        assert {one.result() for one in coming} == {302}
