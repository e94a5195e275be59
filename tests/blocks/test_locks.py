"""Nothing slow is done while rows are being written: who holds the lock keeps all others waiting.

Everything that trainees, trainers and authors can do is done here by a server that has just been started, before each request.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.signals import request_started
from django.test import Client

from ladder.records.models import Attempt
from ladder_tools.preview.urls import urlpatterns
from requests_of_all import REQUESTS
from slow_work import SlowWork, forget_everything, watching
from trainee import SECOND_STAGE, Trainee, op_id
from written import EXAM as WRITTEN, Marker, add_written_exam, hand_in


@pytest.fixture
def slow(site: Any) -> Iterator[SlowWork]:
    """What is slow in this test, with every cache empty at the beginning of each request."""
    request_started.connect(forget_everything)
    with watching() as work:
        yield work
    request_started.disconnect(forget_everything)


class Asked:
    """Which addresses and handlers have said yes."""

    def __init__(self, act: Any, site: Any) -> None:
        self._act, self.site = act, site
        self.handlers: set[tuple[str, str]] = set()
        self.paths: set[str] = set()

    def act(self, client: Any, kind: str, name: str, handler: str, data: Any = None) -> Any:
        response = self._act(client, kind, name, handler, data)
        if response.status_code == 200:
            self.handlers.add((kind, handler))
        return response

    def get(self, client: Any, path: str) -> None:
        assert client.get(path).status_code in (200, 302), path
        self.paths.add(path.strip("/").partition("/")[0])


def sign_in_and_out(asked: Asked) -> None:
    get_user_model().objects.create_user("lin", password="right-word")
    client = Client(SERVER_NAME="127.0.0.1")
    asked.get(client, "/sign-in/")
    for password in ("wrong-word", "right-word"):
        client.post("/sign-in/", {"username": "lin", "password": password})
    asked.get(client, "/course/")
    assert client.post("/sign-out/").status_code == 302
    asked.paths.add("sign-out")


def look_around(asked: Asked, client: Any) -> None:
    for path in ("/", "/course/", "/version/", "/static/cover.png", "/resource/ladder/ladder.css"):
        asked.get(client, path)
    for name in asked.site.now.positions:
        asked.get(client, f"/unit/{name}/")


def begin(trainee: Trainee) -> None:
    """The first stage, one exam of it across a change of its text."""
    trainee.finish_all_but_the_exam()
    trainee.sit("first-exam", knows=lambda _: False)
    trainee.do("exam", "first-exam", "ask", REQUESTS["exam", "ask"])
    sheet = trainee.start("first-exam")
    trainee.do("exam", "first-exam", "time_left", {"attempt": sheet.attempt})
    site = trainee.site
    site.rewrite(site.banks / "first.md", "title: ", "title: 新的")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    trainee.do("exam", "first-exam", "submit", {"attempt": sheet.attempt})
    hand_in(trainee)


def go_on(trainee: Trainee) -> None:
    """The second stage, its call across a change of its text."""
    site = trainee.site
    trainee.learn(SECOND_STAGE["lesson"])
    case = SECOND_STAGE["case"]
    trainee.do("case", case, "begin")
    site.rewrite(site.folder / "02-calls" / "20-refund-call.md", "title: ", "title: 新的")
    trainee.do("case", case, "choose", {"op_id": op_id(), "position": 0, "option": 0})
    trainee.sit(SECOND_STAGE["exam"], knows=lambda _: False)
    for kind in ("stage", "lesson", "article", "case", "exam"):
        trainee.do(kind, SECOND_STAGE[kind], "article", {"id": "limits"})


def practise(trainee: Trainee) -> None:
    trainee.do("mistakes", "mistakes", "article", {"id": "limits"})
    trainee.do("mistakes", "mistakes", "show")
    card = trainee.do("mistakes", "mistakes", "practise")["html"]
    hidden = dict(re.findall(r'name="(question|card)" value="([^"]+)"', card))
    trainee.do("mistakes", "mistakes", "card", {"question": hidden["question"]})
    blanks = card.count("ladder-blank")
    trainee.do("mistakes", "mistakes", "redo", hidden | {"op_id": op_id(), "value": ["x"] * blanks or [0]})
    trainee.do("mistakes", "mistakes", "tick", {"question": "soothe", "op_id": op_id(), "have": "yes"})


def at_the_desk(trainer: Trainee, act: Any, others: list[Trainee]) -> None:
    marker = Marker(trainer.client, act)
    for handler in ("look", "desk", "marking", "statistics", "regrade"):
        marker.do(handler)
    marker.do("article", {"id": "limits"})
    slip = marker.take("soothe")
    marker.do("draft", {"question": "soothe", "code": slip.code, "revision": "0", "points": ["8", None], "comment": "慢"})
    for question, points in (("soothe", ["8", "4"]), ("verify", ["12.5", "7.5"]), ("sum-up", ["20", "10"])):
        for _ in others:
            marker.mark(question, points)
    marker.do("release")
    site = trainer.site
    site.rewrite(site.banks / "written.md", "- (x) 48 小时\n- ( ) 72 小时", "- ( ) 48 小时\n- (x) 72 小时")
    marker.do("regrade")
    marker.do("apply_regrade")
    marker.do("export", {"format": "xlsx"})
    attempt = Attempt.objects.filter(block=WRITTEN).latest("id").id
    marker.do("open_attempt", {"attempt": attempt})
    marker.do("void_attempt", {"attempt": attempt, "reason": "停电"})
    marker.do("allow", {"username": "trainee-1", "minutes": 5, "attempts": 1, "reason": "停电"})


def write_as_authors(asked: Asked, trainer: Trainee) -> None:
    for name, position in asked.site.now.positions.items():
        asked.get(trainer.client, f"/author/{name}/")
        asked.get(trainer.client, f"/author/{name}/?view=author")
        kind = position.unit.kind
        text = {"display_name": "题", "content": asked.site.now.course.texts[name].text if kind == "lesson" else "x"}
        trainer.do(kind, name, "studio_save", text)


def test_nothing_slow_is_done_while_others_wait_to_write(slow, site, sign_in, act, clock):
    add_written_exam(site)
    asked = Asked(act, site)
    sign_in_and_out(asked)
    trainees = [Trainee(sign_in(f"trainee-{number}"), asked.act, site) for number in (1, 2)]
    trainer = Trainee(sign_in("trainer"), asked.act, site)
    for trainee in trainees:
        look_around(asked, trainee.client)
        begin(trainee)
    at_the_desk(trainer, asked.act, trainees)
    go_on(trainees[0])
    practise(trainees[0])
    trainees[1].start(WRITTEN)
    site.rewrite(site.banks / "written.md", "title: 书面题", "title: 别的书面题")
    clock.go_on(days=1)
    look_around(asked, trainees[0].client)
    Attempt.objects.filter(submitted_at=None).update(deadline_at=clock.time - datetime.timedelta(days=1))
    forget_everything()
    call_command("close_exams", stdout=StringIO())
    write_as_authors(asked, trainer)
    assert set(REQUESTS) - asked.handlers == set(), "everything was done"
    assert {str(pattern.pattern).partition("/")[0] for pattern in urlpatterns} - asked.paths - {"handler"} == set()
    assert slow.seen == {"a password is hashed", "Markdown is rendered", "a page is rendered", "a template is read", "a text is parsed", "a file is opened"}
    assert slow.under_the_lock == []
