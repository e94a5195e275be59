"""Two requests at once end as if one had come after the other, wherever the first was held up.

For each pair the first request is stopped before its first statement or commit, then before its second, and so on; the second
comes there, and goes on alone or waits for a lock. What is then on record, and what both were answered, must be what
one of the two orders gives.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
from django.db import connection

from host import Host
from ladder.desk.queue import code_of
from ladder.records.allowance import allowance
from ladder.records.models import Answer, Attempt, LateAnswer, Mark
from racing import in_a_thread
from trainee import Trainee, op_id
from written import EXAM, FULL, Marker, add_written_exam, slip_of

SECONDS = 0.15  # that a held up request waits for the other
RIGHT_KEY, WRONG_KEY = "- (x) 48 小时\n- ( ) 72 小时", "- ( ) 48 小时\n- (x) 72 小时"
Request = Callable[[], int]


class Scene:
    """A trainee of its own and a trainer, at one exam with written answers. Requests go as the LMS sends them."""

    def __init__(self, site: Any, clock: Any, trainee: Trainee, trainer: Any, act: Any) -> None:
        self.site, self.clock, self.trainee, self.trainer, self.marker = site, clock, trainee, trainer, Marker(trainer, act)

    @contextmanager
    def wrong_key(self) -> Iterator[None]:
        """What happens meanwhile is marked by a key that is corrected afterwards."""
        self.site.rewrite(self.site.banks / "written.md", RIGHT_KEY, WRONG_KEY)
        yield
        self.site.rewrite(self.site.banks / "written.md", WRONG_KEY, RIGHT_KEY)

    # -- how far the attempt has come ---------------------------------------------------------------------------------

    def before(self) -> None:
        """Nothing has begun."""

    def running(self) -> None:
        self.sheet = self.trainee.start(EXAM)
        self.trainee.save(EXAM, self.sheet, [
            (card, self.trainee.right(card) if card.choices else ["先听后说。"]) for card in self.sheet.cards
        ])
        self.attempt = Attempt.objects.get(learner_id=self.trainee.id).id

    def granted(self) -> None:
        self.running()
        self.allow(80)()

    def at_the_end(self) -> None:
        """The page's clock has just run out."""
        self.running()
        self.clock.go_on(minutes=30)

    def after_the_grace(self) -> None:
        self.running()
        self.clock.go_on(minutes=31)

    def handed_in(self) -> None:
        self.running()
        self.submit()()
        self.slips = {question: self._slip(question) for question in FULL}

    def marked(self) -> None:
        self.handed_in()
        for slip in self.slips.values():
            assert self.marker.give(slip, FULL[slip.question]).status_code == 200
        self.slips = {question: self._slip(question) for question in FULL}

    def released(self) -> None:
        self.marked()
        self.release()()

    def _slip(self, question: str) -> Any:
        code = code_of(str(self.site.now.key), EXAM, self.attempt)
        return slip_of(self.marker.do("marking", {"question": question, "code": code})["html"])

    # -- requests, each made ready to be sent -------------------------------------------------------------------------

    def start(self) -> Request:
        return self._request(self.trainee.client, "begin")

    def save(self) -> Request:
        card = next(card for card in self.sheet.cards if card.choices)
        row = {"op_id": op_id(), "item": card.item, "revision": 2, "value": self.trainee.wrong(card)}
        return self._request(self.trainee.client, "answer", {"attempt": 1, "saves": [row]})

    def submit(self) -> Request:
        return self._request(self.trainee.client, "submit", {"attempt": 1})

    def submit_by_itself(self) -> Request:
        return self._request(self.trainee.client, "submit", {"attempt": 1, "by_itself": True})

    def look(self) -> Request:
        return self._request(self.trainee.client, "time_left", {"attempt": 1})

    def allow(self, minutes: int = 20) -> Request:
        data = {"username": self.trainee.client.user.username, "minutes": minutes, "attempts": 1, "reason": "断网"}
        return self._request(self.trainer, "allow", data)

    def allow_less(self) -> Request:
        return self.allow(10)

    def void(self) -> Request:
        return self._request(self.trainer, "void_attempt", {"attempt": self.attempt, "reason": "断网"})

    def mark(self, question: str = "soothe") -> Request:
        slip = self.slips[question]
        data = {"question": question, "code": slip.code, "revision": slip.revision, "names": slip.names, "comment": ""}
        return self._request(self.trainer, "give_marks", data | {"points": [slip.steps[0][0], slip.steps[1][0]]})

    def mark_another(self) -> Request:
        return self.mark("verify")

    def release(self) -> Request:
        return self._request(self.trainer, "release")

    def regrade(self) -> Request:
        return self._request(self.trainer, "apply_regrade")

    def _request(self, client: Any, handler: str, data: Any = None) -> Request:
        return lambda: int(Host(self.site.now, client.user).send(self.site.usage("exam", EXAM), handler, data).status_int)

    # -- what is on record --------------------------------------------------------------------------------------------

    def record(self) -> Any:
        """All that the two requests can have changed, as it stands."""
        granted = allowance(self.trainee.id, str(self.site.now.key), EXAM)
        return granted.minutes, [
            (attempt.deadline_at - attempt.started_at, attempt.submitted_at is None, attempt.voided_at is None, attempt.pending,
             attempt.passed, attempt.marks, attempt.released_at is None,
             sorted(Mark.objects.filter(attempt=attempt).values_list("question", "revision", "marks")),
             sorted(Answer.objects.filter(attempt=attempt).values_list("question", "revision")),
             sorted(LateAnswer.objects.filter(attempt=attempt).values_list("question", flat=True)))
            for attempt in Attempt.objects.filter(learner_id=self.trainee.id).order_by("number")
        ]


PAIRS = {
    "before": ["start", "allow"],
    "running": ["start", "save", "submit", "allow", "allow_less", "void"],
    "granted": ["allow", "allow_less"],
    "at_the_end": ["submit_by_itself", "save", "allow"],
    "after_the_grace": ["save", "look", "allow"],
    "handed_in": ["mark", "mark_another", "void", "regrade"],
    "marked": ["mark", "release", "void", "regrade"],
    "released": ["mark", "mark_another", "void", "regrade"],
}


@pytest.fixture
def scenes(site: Any, sign_in: Any, act: Any, clock: Any) -> Iterator[Scene]:
    """One scene after another, each with a new trainee."""
    add_written_exam(site)
    return (Scene(site, clock, Trainee(sign_in(f"trainee-{number}"), act, site), sign_in("trainer-1"), act) for number in itertools.count())


@contextmanager
def stepping(step: Callable[[str], None]) -> Iterator[None]:
    """Call `step` before each statement and each commit of this thread."""

    def before_statement(execute: Any, sql: str, *rest: Any) -> Any:
        step(sql)
        return execute(sql, *rest)

    def before_commit() -> None:
        step("COMMIT")
        commit()

    commit = connection.commit
    with connection.execute_wrapper(before_statement), pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "commit", before_commit)
        yield


@pytest.mark.parametrize(("stage", "first", "second"), [
    (stage, *pair) for stage, requests in PAIRS.items() for pair in itertools.product(requests, repeat=2)
])
def test_two_requests_at_once_end_as_one_after_the_other(stage: str, first: str, second: str, scenes: Iterator[Scene]) -> None:
    def ready() -> tuple[Scene, Request, Request]:
        scene = next(scenes)
        with scene.wrong_key() if "regrade" in (first, second) else nullcontext():
            getattr(scene, stage)()
        return scene, getattr(scene, first)(), getattr(scene, second)()

    scene, one, other = ready()
    in_turn = [(one(), other(), scene.record())]
    scene, one, other = ready()
    came_first = other()
    in_turn.append((one(), came_first, scene.record()))
    with ThreadPoolExecutor(1) as pool:
        for held in itertools.count():
            scene, one, other = ready()
            steps, came = [], []

            def step(what: str, held: int = held, other: Request = other, steps: list[str] = steps, came: list[Any] = came) -> None:
                steps.append(what)
                if len(steps) == held + 1:
                    came.append(pool.submit(in_a_thread, other))
                    wait(came, SECONDS)

            with stepping(step):
                status = one()
            if not came:
                assert held, "the first has asked the database for nothing"
                return
            assert (status, came[0].result(60), scene.record()) in in_turn, steps[held]


def test_a_choice_that_is_sent_twice_is_answered_alike_wherever_the_first_was_held_up(site: Any, sign_in: Any, act: Any) -> None:
    with ThreadPoolExecutor(1) as pool:
        for held in itertools.count():
            trainee = Trainee(sign_in(f"trainee-{held}"), act, site)
            trainee.do("case", "late-van", "begin")
            data = {"op_id": op_id(), "position": 0, "option": 0}

            def choose(user: Any = trainee.client.user, data: Any = data) -> str:
                return str(Host(site.now, user).send(site.usage("case", "late-van"), "choose", data).json["html"])

            steps, came = [], []

            def step(what: str, held: int = held, choose: Any = choose, steps: list[str] = steps, came: list[Any] = came) -> None:
                steps.append(what)
                if len(steps) == held + 1:
                    came.append(pool.submit(in_a_thread, choose))
                    wait(came, SECONDS)

            with stepping(step):
                html = choose()
            if not came:
                assert held
                return
            assert came[0].result(60) == html, steps[held]
