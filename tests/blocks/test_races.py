"""Many requests at once: what is acknowledged is kept, once; nobody gets a fault.

Each test runs over HTTP, with the preview's server, and as the LMS calls handlers: without a transaction around them.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from hypothesis import given, settings, strategies as st
from waitress import create_server

from host import Host
from ladder.core.sitting import Allowed
from ladder.records.allowance import allowance, grant, settle
from ladder.records.models import Allowance, Answer, Attempt, Call, CaseStep, LessonProgress, Mark, Redo, Source, StageOpening
from racing import at_once, in_a_thread
from trainee import Trainee, op_id, sheet_of
from written import EXAM as WRITTEN, FULL, Marker, add_written_exam, hand_in

THREADS = 8
Send = Callable[..., tuple[int, Any]]


@pytest.fixture
def port(site) -> Iterator[int]:
    """The preview's server with its eight threads, on a free port."""
    server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=THREADS)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    with suppress(OSError):  # it may be awake already, and closed before it is woken
        server.trigger.pull_trigger(server.close)
    thread.join(10)
    server.task_dispatcher.shutdown()


def over_http(request: pytest.FixtureRequest) -> Send:
    port, site = request.getfixturevalue("port"), request.getfixturevalue("site")

    def send(trainee: Trainee, kind: str, name: str, handler: str | None = None, data: Any = None) -> tuple[int, Any]:
        token = "t" * 32
        cookies = f"{trainee.client.cookies.output(attrs=[], header='', sep=';')}; csrftoken={token}"
        headers = {"Cookie": cookies, "X-CSRFToken": token, "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", port, timeout=300)
        if handler is None:
            connection.request("GET", f"/unit/{name}/", headers=headers)
        else:
            connection.request("POST", f"/handler/{site.usage(kind, name)}/{handler}", json.dumps(data or {}), headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, json.loads(body) if handler else body.decode()

    return send


def as_the_lms_does(request: pytest.FixtureRequest) -> Send:
    site = request.getfixturevalue("site")

    def send(trainee: Trainee, kind: str, name: str, handler: str | None = None, data: Any = None) -> tuple[int, Any]:
        host = Host(site.now, trainee.client.user)
        if handler is None:
            return 200, host.get_block(site.usage(kind, name)).render("student_view").body_html()
        reply = host.send(site.usage(kind, name), handler, data)
        return reply.status_int, reply.json

    return send


@pytest.fixture(params=[over_http, as_the_lms_does], ids=lambda way: way.__name__)
def send(request: pytest.FixtureRequest) -> Send:
    return request.param(request)


def test_eight_windows_that_save_answers_of_one_attempt_lose_none_and_double_none(send, trainee):
    sheet = trainee.start("first-exam")
    choices = [card for card in sheet.cards if card.choices]

    def window() -> list[str]:
        """Saves ten answers, each until it is acknowledged; every answer is sent once more afterwards."""
        acknowledged, known = [], Counter()
        for turn in range(10):
            card, name = choices[turn % len(choices)], op_id()
            while True:
                row = {"op_id": name, "item": card.item, "revision": known[card.item] + 1, "value": [turn % 2]}
                status, reply = send(trainee, "exam", "first-exam", "answer", {"attempt": 1, "saves": [row]})
                if status == 200:
                    break
                assert status == 409, reply
                known[card.item] = reply["conflicts"][str(card.item)]["revision"]
            known[card.item] = reply["revisions"][str(card.item)]
            acknowledged.append(name)
            assert send(trainee, "exam", "first-exam", "answer", {"attempt": 1, "saves": [row]})[0] == 200
        return acknowledged

    acknowledged = [name for names in at_once([window] * THREADS) for name in names]
    assert len(acknowledged) == 10 * THREADS
    assert Counter(Answer.objects.values_list("op_id", flat=True)) == Counter(acknowledged)
    for question in set(Answer.objects.values_list("question", flat=True)):
        revisions = Answer.objects.filter(question=question).order_by("id").values_list("revision", flat=True)
        assert list(revisions) == list(range(1, len(revisions) + 1)), "each stands on the one before it"


_learners = itertools.count(1)


@settings(max_examples=12)
@given(items=st.lists(st.integers(1, 5), min_size=1, max_size=12), order=st.randoms(use_true_random=False))
def test_what_eight_writers_repeat_and_send_in_any_order_is_kept_as_if_sent_once(send, sign_in, act, site, items, order):
    """One client's answers, each a revision of an item, sent by all writers until each is taken."""
    trainee = Trainee(sign_in(f"writer-{next(_learners)}"), act, site)
    sheet = trainee.start("first-exam")
    cards = {card.item: card for card in sheet.cards}
    newest: dict[int, int] = defaultdict(int)
    rows = []
    for item in items:
        newest[item] += 1
        card = cards[item]
        value = [str(newest[item])] * card.blanks or [newest[item] % len(card.choices)]
        rows.append({"op_id": op_id(), "item": item, "revision": newest[item], "value": value})

    def writer(seed: int) -> list[tuple[int, Any]]:
        """Sends everything twice and in its own order; what comes too early goes to the end."""
        queue, odd = [*rows, *rows], []
        random.Random(seed).shuffle(queue)
        while queue:
            row = queue.pop(0)
            status, reply = send(trainee, "exam", "first-exam", "answer", {"attempt": 1, "saves": [row]})
            if status == 409 and reply["conflicts"][str(row["item"])]["revision"] < row["revision"] - 1:
                queue.append(row)
            elif status != 200 or not row["revision"] <= reply["revisions"][str(row["item"])] <= newest[row["item"]]:
                odd.append((status, reply))
        return odd

    seeds = [order.getrandbits(32) for _ in range(THREADS)]
    assert at_once([lambda seed=seed: writer(seed) for seed in seeds]) == [[]] * THREADS
    kept = Answer.objects.filter(attempt__learner_id=trainee.id)
    assert Counter(kept.values_list("op_id", flat=True)) == Counter(row["op_id"] for row in rows)
    last = {row["item"]: {"revision": row["revision"], "value": row["value"]} for row in rows}
    assert trainee.start("first-exam").state == {str(item): last[item] for item in last}
    for row in rows:
        status, reply = send(trainee, "exam", "first-exam", "answer", {"attempt": 1, "saves": [row]})
        assert (status, reply["revisions"]) == (200, {str(row["item"]): newest[row["item"]]}), "what stands, as told to everybody"


def test_first_visits_and_starts_of_ten_learners_at_once_give_each_one_attempt(send, sign_in, act, site):
    trainees = [Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(10)]
    for few in (trainees[:4], trainees[4:7], trainees[7:]):
        visits = [lambda t=trainee: send(t, "exam", "first-exam") for trainee in few for _ in range(2)]
        starts = [lambda t=trainee: send(t, "exam", "first-exam", "begin") for trainee in few for _ in range(4)]
        replies = at_once([*visits, *starts])
        assert [status for status, _ in replies] == [200] * len(replies)
        for place, _ in enumerate(few):
            mine = replies[len(visits) + 4 * place : len(visits) + 4 * place + 4]
            assert len({sheet_of(reply["html"]).cards for _, reply in mine}) == 1, "one paper in all four"
    assert Counter(Attempt.objects.values_list("learner_id", flat=True)) == Counter(trainee.id for trainee in trainees)
    openings = StageOpening.objects.values_list("learner_id", "stage")
    assert Counter(openings) == Counter((trainee.id, "start") for trainee in trainees)


def test_handing_in_from_many_windows_at_once_gives_one_result(send, trainee):
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards if not card.blanks])
    replies = at_once([lambda: send(trainee, "exam", "first-exam", "submit", {"attempt": 1})] * THREADS)
    assert [status for status, _ in replies] == [200] * THREADS
    assert len({reply["html"] for _, reply in replies}) == 1
    assert Mark.objects.count() == 5
    assert [attempt.marks for attempt in Attempt.objects.all()] == [60]


def test_saving_and_handing_in_at_once_never_leave_an_acknowledged_answer_uncounted(send, trainee):
    sheet = trainee.start("first-exam")
    blank = next(card for card in sheet.cards if card.blanks)
    row = {"op_id": op_id(), "item": blank.item, "revision": 1, "value": trainee.right(blank)}

    def save() -> bool:
        return send(trainee, "exam", "first-exam", "answer", {"attempt": 1, "saves": [row]})[0] == 200

    saved, _ = at_once([save, lambda: send(trainee, "exam", "first-exam", "submit", {"attempt": 1})])
    assert Attempt.objects.get().marks == (40 if saved else 0)
    assert Answer.objects.count() == saved


class Running:
    """An attempt to which extra minutes are granted."""

    def __init__(self, trainee: Trainee, site: Any, now: datetime) -> None:
        self._place, self._now = (trainee.id, str(site.now.key), "first-exam"), now
        trainee.start("first-exam")
        self._ended_at = Attempt.objects.get().deadline_at

    def grant(self, minutes: int) -> None:
        """Grant them, as one request does."""
        grant(*self._place, Allowed(minutes), None, self._now)

    def keep(self, minutes: int) -> None:
        """Keep them, and give nothing yet."""
        learner, course, block = self._place
        Allowance.objects.create(learner_id=learner, course=course, block=block, minutes=minutes, granted_at=self._now)

    def settle(self) -> None:
        """Give what the newest allowance says."""
        settle(*self._place)

    def extra(self) -> timedelta:
        """How far its end is from where it was at first."""
        return Attempt.objects.get().deadline_at - self._ended_at

    def newest(self) -> timedelta:
        """What the newest allowance says."""
        return timedelta(minutes=allowance(*self._place).minutes)


@pytest.fixture
def running(trainee, site, clock) -> Running:
    return Running(trainee, site, clock.time)


def test_of_allowances_granted_at_once_a_running_attempt_gets_the_newest_and_not_the_sum(running):
    at_once([lambda minutes=minutes: running.grant(minutes) for minutes in range(10, 90, 10)])
    assert running.extra() == running.newest() > timedelta()


def test_an_allowance_whose_giving_fails_half_way_is_not_kept_either(running):
    def broken(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise ConnectionError
        return execute(sql, params, many, context)

    with pytest.raises(ConnectionError), connection.execute_wrapper(broken):
        running.grant(15)
    assert running.newest() == running.extra() == timedelta()


def test_settling_that_waits_for_another_that_takes_time_away_gives_what_is_newest(running):
    """Each is one transaction of those that grant and begin; they take turns, and the second finds what the first has moved."""
    running.grant(80)
    waiting = []

    def second() -> None:
        running.keep(20)
        running.settle()

    def second_comes(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and not waiting:
            waiting.append(pool.submit(in_a_thread, second))
            wait(waiting, 0.5)
        return execute(sql, params, many, context)

    running.keep(10)
    with ThreadPoolExecutor(1) as pool, connection.execute_wrapper(second_comes):
        running.settle()
    waiting[0].result(60)
    assert running.extra() == timedelta(minutes=20)


def test_of_different_choices_made_at_once_one_is_taken(send, trainee):
    trainee.do("case", "late-van", "begin")
    options = [place % 3 for place in range(6)]
    choices = [
        lambda option=option: send(trainee, "case", "late-van", "choose", {"op_id": op_id(), "position": 0, "option": option})
        for option in options
    ]
    replies = at_once(choices)
    assert Counter(status for status, _ in replies) == Counter({200: 1, 409: 5})
    taken = options[[status for status, _ in replies].index(200)]
    assert list(CaseStep.objects.values_list("position", "option")) == [(0, taken)]


def test_one_choice_that_is_sent_many_times_at_once_is_one_step(send, trainee):
    trainee.do("case", "late-van", "begin")
    data = {"op_id": op_id(), "position": 0, "option": 0}
    replies = at_once([lambda: send(trainee, "case", "late-van", "choose", data)] * 6)
    assert [status for status, _ in replies] == [200] * 6
    assert len({reply["html"] for _, reply in replies}) == 1
    assert CaseStep.objects.count() == 1


def test_picking_up_the_phone_in_many_windows_is_one_call(send, trainee):
    replies = at_once([lambda: send(trainee, "case", "late-van", "begin")] * 6)
    assert [status for status, _ in replies] == [200] * 6
    assert Call.objects.count() == 1


def test_of_windows_that_pick_up_the_phone_while_the_author_publishes_all_play_one_script(send, trainee, site):
    block = Host(site.now, None).get_block(site.usage("case", "late-van"))
    block.content = block.content.replace("我的货呢", "货到哪了")
    *replies, _ = at_once([*[lambda: send(trainee, "case", "late-van", "begin")] * 6, block.save])
    assert [status for status, _ in replies] == [200] * 6
    assert len({reply["html"] for _, reply in replies}) == 1
    assert (Call.objects.count(), Source.objects.count()) == (1, 1)


def test_a_window_that_was_overtaken_while_it_picked_up_the_phone_plays_the_script_of_the_other(trainee, site):
    """The author publishes, and another window begins the call, after the first has found none that is running."""
    usage, windows = site.usage("case", "late-van"), [Host(site.now, trainee.client.user)]
    site.rewrite(site.folder / "01-start" / "30-late-van.md", "我的货呢", "货到哪了")
    windows.append(Host(site.now, trainee.client.user))
    overtaking = []

    def other_comes(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if "ladder_call" in sql and "UNION" not in sql and not overtaking:
            overtaking.append(pool.submit(in_a_thread, lambda: windows[1].send(usage, "begin")))
            wait(overtaking, 30)
        return found

    with ThreadPoolExecutor(1) as pool, connection.execute_wrapper(other_comes):
        shown = windows[0].send(usage, "begin").json["html"]
    assert "货到哪了" in shown
    assert shown == overtaking[0].result(60).json["html"]
    assert (Call.objects.count(), Source.objects.count()) == (1, 1)


def test_the_last_requirement_met_in_many_windows_opens_the_stage_once(send, trainee):
    trainee.learn("welcome")
    trainee.play("late-van", [0, 0])
    trainee.sit("first-exam")
    trainee.do("lesson", "voice", "read", {"sections": ["语速"]})
    replies = at_once([lambda: send(trainee, "lesson", "voice", "finish")] * 6)
    assert [status for status, _ in replies] == [200] * 6
    assert any(reply["opened"] for _, reply in replies), "somebody is told"
    assert StageOpening.objects.filter(stage="calls").count() == 1
    assert LessonProgress.objects.filter(block="voice", section="").count() == 1


def test_of_answers_to_one_card_of_the_book_sent_at_once_one_is_taken(send, trainee):
    """The first time there is no earlier redo whose row could be locked."""
    trainee.sit("first-exam", knows=lambda question: question.id not in ("listen", "hang-up"))
    (question,) = re.findall(r'data-question="([^"]+)"', trainee.see("mistakes"))
    for turn in range(2):
        (card,) = re.findall(r'name="card" value="([^"]+)"', trainee.do("mistakes", "mistakes", "card", {"question": question})["html"])
        data = {"question": question, "card": card, "value": [0]}
        replies = at_once([lambda data=data: send(trainee, "mistakes", "mistakes", "redo", data | {"op_id": op_id()})] * THREADS)
        assert Counter(status for status, _ in replies) == {200: 1, 409: THREADS - 1}
        assert Redo.objects.count() == turn + 1
        assert all(reply["html"] for _, reply in replies)


def test_one_answer_to_a_card_sent_eight_times_at_once_counts_once(send, trainee):
    trainee.sit("first-exam", knows=lambda question: question.id not in ("listen", "hang-up"))
    (question,) = re.findall(r'data-question="([^"]+)"', trainee.see("mistakes"))
    (card,) = re.findall(r'name="card" value="([^"]+)"', trainee.do("mistakes", "mistakes", "card", {"question": question})["html"])
    data = {"question": question, "card": card, "value": [0], "op_id": op_id()}
    replies = at_once([lambda: send(trainee, "mistakes", "mistakes", "redo", data)] * THREADS)
    assert {status for status, _ in replies} == {200}
    assert len({reply["html"] for _, reply in replies}) == 1
    assert Redo.objects.count() == 1


def test_of_trainers_who_mark_one_answer_at_once_one_wins_each_race_and_every_winner_is_on_record(send, trainee, sign_in, act, site):
    add_written_exam(site)
    hand_in(trainee)
    trainers = [Trainee(sign_in(f"trainer-{number}"), act, site) for number in range(THREADS)]
    slip = Marker(trainers[0].client, act).take("soothe")
    for race in range(4):
        data = {"question": "soothe", "code": slip.code, "revision": str(race)}
        replies = at_once([
            lambda trainer=trainer, points=[str(place), "0.5"], data=data: send(
                trainer, "exam", WRITTEN, "give_marks", data | {"points": points, "comment": points[0]})
            for place, trainer in enumerate(trainers)
        ])
        assert Counter(status for status, _ in replies) == {200: 1, 409: THREADS - 1}
        winner = [status for status, _ in replies].index(200)
        row = Mark.objects.get(question="soothe", revision=race + 1)
        assert (row.marker_id, row.points, row.comment) == (trainers[winner].id, [str(winner), "0.5"], str(winner))
        name = f"trainer-{winner}"
        assert all(name in reply["error"] for status, reply in replies if status == 409), "the others are told who"
    assert Mark.objects.filter(question="soothe").count() == 4


def test_marking_again_while_marks_are_released_never_leaves_a_sum_that_is_not_that_of_the_marks(send, trainee, sign_in, act, site):
    add_written_exam(site)
    hand_in(trainee)
    trainer, marker = Trainee(sign_in("trainer"), act, site), Marker(sign_in("trainer"), act)
    slip = marker.take("soothe")
    marker.mark_all()
    data = {"question": "soothe", "code": slip.code, "revision": "1", "points": ["0", "0.5"], "comment": ""}
    replies = at_once([
        lambda: send(trainer, "exam", WRITTEN, "give_marks", data), *[lambda: send(trainer, "exam", WRITTEN, "release")] * 4,
    ])
    assert [status for status, _ in replies] == [200] * 5
    attempt = Attempt.objects.get()
    assert (attempt.marks, attempt.pending, attempt.passed) == (100 - sum(map(float, FULL["soothe"])) + 0.5, False, True)
