"""More than ten thousand requests, sound and unsound, by every method, of trainees in every state: nothing leaks, nothing fails."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from author import plant_words
from blocks.test_gate import REQUESTS
from ladder.records.models import Attempt
from spy import Watch, handlers_of
from trainee import FIRST_STAGE, SECOND_STAGE, Trainee
from written import EXAM, Marker, add_written_exam, hand_in

LEAST = 10_000
# What a request may be answered with; 302 leads to the sign-in.
KNOWN = {200, 302, 400, 403, 404, 405, 409}
SUFFIXES = ("/", "/trainer/1", "?user_id=1&masquerade=staff&view=studio_view")
METHODS = ("GET", "PUT", "HEAD", "DELETE", "PATCH")
RAW = (b"", b"null", b"[]", b'"x"', b"0", b"{", b"\xff\xfe", b'{"attempt": NaN}', b'{"attempt": 1e400}', b'{"attempt": -0}',
       b'{"attempt": ' + b"9" * 5000 + b"}", b"[" * 3000, b'{"question": "\\ud800"}', b'{"id": "limits", "id": "refunds"}')
JUNK = (None, True, -1, 0, 2**31, 2**63, 1e300, "", "x", "0", "../../etc/passwd", "a" * 5000, "\0", "' OR 1=1 --", "＝1", [], [None], {},
        {"$ne": 1}, [[1]])
# Fields that no handler reads: who asks, of whom, and what it is worth is for the server to say.
FORGED = {"learner": 1, "learner_id": 1, "student": "trainee", "user_id": 1, "username": "trainer", "is_staff": True, "staff": True,
          "masquerade": "trainer", "course": "x", "block": "second-exam", "marks": 100, "passed": True, "released": True,
          "revealed": True, "now": "2036-01-01", "view": "studio_view"}
NEVER = ("why", "key", "alternative", "point", "keyword", "title", "label", "stage:later", "staff", "secret", "lesson:refunding",
         "article:refunds", "stage:calls", "said:refund-call", "happens:refund-call", "words:refund-call", "reason:refund-call")


@pytest.fixture
def words(site) -> dict[str, str]:
    """Planted words. Handing in, which the requests do, shows keys where an exam says so: the first one says never."""
    add_written_exam(site)
    planted = plant_words(site.folder, site.banks)
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20", "minutes: 20\nreview: never")
    return planted


def requests_of(kind: str, handler: str, ids: list[Any], part: int) -> Iterator[bytes]:
    """Bodies for a handler: what a page could send, with fields too many, then one half of the rest.

    That is each field with junk and with ids of others in it, each field left out, and what is no JSON.
    """
    sound = REQUESTS[kind, handler]
    yield from (json.dumps(body).encode() for body in (sound, sound | FORGED))
    bodies: list[Any] = []
    for name in sound:
        bodies += [sound | {name: junk} for junk in (*JUNK, *ids)]
        bodies.append({other: value for other, value in sound.items() if other != name})
    yield from [*(json.dumps(body).encode() for body in bodies), *RAW][part::2]


class Crawler:
    """A trainee who sends everything everywhere and watches every answer."""

    def __init__(self, trainee: Trainee, watch: Watch, statuses: Counter[int]) -> None:
        self.trainee, self.watch, self.statuses = trainee, watch, statuses
        trainee.client.raise_request_exception = False

    def send(self, method: str, url: str, body: bytes = b"") -> None:
        """One request, whatever comes of it."""
        response = self.trainee.client.generic(method, url, body, content_type="application/json")
        self.statuses[response.status_code] += 1
        self.watch.look(response)

    def crawl(self, ids: list[Any], part: int, only: tuple[str, str] | None = None) -> None:
        """All handlers of a unit of each kind, open and locked, or of one unit; with one half of the unsound requests."""
        site = self.trainee.site
        opened = [*FIRST_STAGE.items(), ("exam", EXAM), ("mistakes", "mistakes")]
        for kind, name in [only] if only else [*opened, *SECOND_STAGE.items()]:
            base = f"/handler/{site.usage(kind, name)}"
            for handler in sorted(handlers_of(kind)):
                for body in requests_of(kind, handler, ids if (kind, name) in opened else ids[:2], part):
                    self.send("POST", f"{base}/{handler}", body)
                for method in METHODS:
                    self.send(method, f"{base}/{handler}")
                for suffix in SUFFIXES:
                    self.send("GET", f"{base}/{handler}{suffix}")
            for unknown in ("student_view", "studio_view", "author_view", "content", "page", "parse_text", "_close", "x", "__init__"):
                self.send("POST", f"{base}/{unknown}", b"{}")
            self.send("GET", f"/unit/{name}/")
            self.send("GET", f"/author/{name}/")


def test_ten_thousand_requests_bring_nothing_to_light_and_break_nothing(site, words, sign_in, act):
    watches = [Watch(words) for _ in range(4)]
    trainees = [Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(4)]
    running, handed_in, marked, after = trainees
    for trainee in (running, after):
        sheet = trainee.start(EXAM)
        trainee.save(EXAM, sheet, [(card, ["x"]) for card in sheet.cards if not card.choices])
    running.start("first-exam")
    after.sit("first-exam")
    secrets = Watch({})
    for trainee in (handed_in, marked):
        hand_in(trainee, {question: secrets.plant(f"secret:{question}/{trainee.id}") for question in ("soothe", "verify", "sum-up")})
    marker = Marker(sign_in(f"trainer-{secrets.plant('staff:name')}"), act)
    for question, points in (("soothe", ["8", "12"]), ("verify", ["12", "7"]), ("sum-up", ["20", "10"])):
        marker.mark(question, points, secrets.plant(f"staff:comment/{question}"))
    slip = marker.take("soothe")
    marker.do("draft", {"question": "soothe", "code": slip.code, "revision": "0", "points": ["8", None],
                        "comment": secrets.plant("staff:draft")})
    statuses: Counter[int] = Counter()
    for trainee, watch in zip(trainees, watches, strict=True):
        watch.learn({name: word for form, name in secrets.forms.items() for word in [form] if not name.endswith(f"/{trainee.id}")})
        ids = [*Attempt.objects.exclude(learner_id=trainee.id).values_list("id", flat=True)[:2], slip.code, "trainer", trainee.id]
        Crawler(trainee, watch, statuses).crawl(ids, trainees.index(trainee) % 2)
        own = {item[0] for paper in Attempt.objects.filter(learner_id=trainee.id).values_list("paper", flat=True) for item in paper}
        stems = {name for name in watch.seen if name.startswith(("stem:", "choice:"))}
        assert {name.partition(":")[2].partition("/")[0] for name in stems} <= own
        assert not [name for name in watch.seen if name.startswith(NEVER)]
    assert statuses.total() >= LEAST, statuses
    assert not Attempt.objects.filter(block=EXAM).exclude(released_at=None).exists(), "all this was before the release"
    for part in (0, 1):
        trainer = Trainee(sign_in("trainer"), act, site)
        Crawler(trainer, Watch(words), statuses).crawl(ids, part, only=("exam", EXAM))
    assert statuses.keys() <= KNOWN, statuses
