"""The end of an attempt: granted minutes count, what comes after it is kept and not counted, and every page is shown how it stands."""

from __future__ import annotations

from typing import Any

import pytest

from ladder.records.models import Answer, Attempt, LateAnswer
from trainee import Trainee
from written import EXAM, Marker, add_written_exam

MINUTES, GRACE = 20, 30


@pytest.fixture
def sheet(trainee: Trainee, clock: Any) -> Any:
    return trainee.start("first-exam")


def tell(trainee: Trainee, action: str, data: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """What the server says."""
    reply = trainee.act("exam", "first-exam", action, data)
    assert reply.status_code == status, reply.content.decode()
    return reply.json()


def save(item: int, value: list[Any], revision: int = 1, op: str = "late") -> dict[str, Any]:
    return {"op_id": f"{op}-operation-{item}", "item": item, "revision": revision, "value": value}


def blank_of(sheet: Any) -> Any:
    return next(card for card in sheet.cards if card.blanks)


def test_a_page_that_has_not_been_told_of_granted_minutes_hands_nothing_in(trainee, sheet, sign_in, act, clock):
    marker = Marker(sign_in("trainer-1"), act, "first-exam")
    marker.do("allow", {"username": trainee.client.user.username, "minutes": 10, "attempts": 0, "reason": ""})
    clock.go_on(minutes=MINUTES)
    assert tell(trainee, "submit", {"attempt": 1, "by_itself": True}) == {"seconds_left": 600}
    assert Attempt.objects.get().submitted_at is None
    clock.go_on(minutes=10)
    assert "html" in tell(trainee, "submit", {"attempt": 1, "by_itself": True})
    attempt = Attempt.objects.get()
    assert attempt.submitted_at == attempt.deadline_at


def test_a_page_whose_clock_is_a_moment_early_is_told_to_wait_that_moment(trainee, sheet, clock):
    clock.go_on(minutes=MINUTES, seconds=-0.5)
    assert tell(trainee, "submit", {"attempt": 1, "by_itself": True}) == {"seconds_left": 1}


def test_a_learner_may_hand_in_at_any_time(trainee, sheet):
    assert "html" in tell(trainee, "submit", {"attempt": 1, "by_itself": False})


@pytest.mark.parametrize("by_itself", ["yes", 1, None])
def test_whether_the_page_asks_by_itself_is_said_plainly(trainee, sheet, by_itself):
    tell(trainee, "submit", {"attempt": 1, "by_itself": by_itself}, 400)
    assert Attempt.objects.get().submitted_at is None


def test_a_page_can_ask_how_long_an_attempt_still_runs(trainee, sheet, sign_in, act, clock):
    clock.go_on(minutes=MINUTES - 10)
    assert tell(trainee, "time_left", {"attempt": 1})["seconds_left"] == 600
    Marker(sign_in("trainer-1"), act, "first-exam").do(
        "allow", {"username": trainee.client.user.username, "minutes": 5, "attempts": 0, "reason": ""})
    assert tell(trainee, "time_left", {"attempt": 1})["seconds_left"] == 900
    clock.go_on(minutes=15, seconds=GRACE)
    assert tell(trainee, "time_left", {"attempt": 1})["seconds_left"] == 0
    clock.go_on(seconds=1)
    assert "ladder-result" in tell(trainee, "time_left", {"attempt": 1})["html"]


@pytest.mark.parametrize("action", ["answer", "time_left", "submit"])
def test_a_page_of_a_paper_that_was_handed_in_elsewhere_is_shown_the_result(trainee, sheet, action):
    tell(trainee, "submit", {"attempt": 1})
    card = blank_of(sheet)
    data = {"attempt": 1} | ({"saves": [save(card.item, ["48"] * card.blanks)]} if action == "answer" else {})
    assert "ladder-result" in tell(trainee, action, data, 409 if action == "answer" else 200)["html"]


def test_a_page_of_a_voided_attempt_is_shown_how_the_exam_stands(trainee, sheet, sign_in, act):
    Marker(sign_in("trainer-1"), act, "first-exam").do("void_attempt", {"attempt": Attempt.objects.get().id, "reason": "x"})
    for action in ("submit", "answer"):
        data = {"attempt": 1} | ({"saves": [save(1, [0])]} if action == "answer" else {})
        told = tell(trainee, action, data, 409)
        assert 'data-action="begin"' in told["html"]
        assert told["error"] == "这份答卷已作废。"
    assert 'data-action="begin"' in tell(trainee, "time_left", {"attempt": 1})["html"]


def test_what_arrives_after_the_end_is_kept_shown_and_not_counted(trainee, sheet, sign_in, act, clock):
    card = blank_of(sheet)
    words = [f"sent too late {place}" for place in range(card.blanks)]
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    html = tell(trainee, "answer", {"attempt": 1, "saves": [save(card.item, words)]}, 409)["html"]
    assert "ladder-result" in html
    assert words[0] in html
    assert not Answer.objects.exists()
    attempt = Attempt.objects.get()
    assert attempt.submitted_at == attempt.deadline_at
    assert attempt.marks == 0
    assert words[0] in trainee.see("first-exam")
    staff = Marker(sign_in("trainer-1"), act, "first-exam").do("open_attempt", {"attempt": attempt.id})["html"]
    assert words[0] in staff


def test_of_what_arrives_late_the_first_stands_and_what_was_in_time_is_not_late(trainee, sheet, clock):
    card, other = blank_of(sheet), sheet.cards[0]
    assert other.item != card.item
    value = ["48"] * card.blanks
    tell(trainee, "answer", {"attempt": 1, "saves": [save(card.item, value, op="in-time")]})
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    repeated, same = save(card.item, value, op="in-time"), save(card.item, value, 2, op="same")
    tell(trainee, "answer", {"attempt": 1, "saves": [repeated, same]}, 409)
    assert not LateAnswer.objects.exists()
    for value in ([0], [1]):
        tell(trainee, "answer", {"attempt": 1, "saves": [save(other.item, value, op=f"late{value[0]}")]}, 409)
    assert LateAnswer.objects.count() == 1


def test_a_malformed_late_answer_is_malformed_and_keeps_nothing(trainee, sheet, clock):
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    tell(trainee, "answer", {"attempt": 1, "saves": [save(999, [0])]}, 400)
    assert not LateAnswer.objects.exists()


def test_a_written_answer_that_came_late_waits_for_no_marker(site, trainee, sign_in, act, clock):
    add_written_exam(site)
    sheet = trainee.start(EXAM)
    clock.go_on(days=1)
    written = next(card for card in sheet.cards if not card.blanks and not trainee.right(card))
    reply = trainee.act("exam", EXAM, "answer", {"attempt": sheet.attempt, "saves": [save(written.item, ["late words"])]})
    assert reply.status_code == 409
    assert "late words" in reply.json()["html"]
    assert "late words" not in Marker(sign_in("trainer-1"), act).do("marking", {"question": "soothe"})["html"]


def test_the_page_names_its_learner_to_what_is_kept_on_a_shared_device(trainee, sheet, sign_in, act, site):
    def code(one: Trainee) -> str:
        return one.see("first-exam").split('"learner": "')[1].split('"')[0]

    other = Trainee(sign_in("trainee-2"), act, site)
    other.start("first-exam")
    assert len(code(trainee)) == 16
    assert code(trainee) != code(other)


def test_a_page_that_begins_what_may_not_begin_any_more_is_shown_why(trainee, sheet):
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    tell(trainee, "submit", {"attempt": 1})
    assert "ladder-result is-passed" in tell(trainee, "begin", {}, 409)["html"]


@pytest.mark.parametrize("how", ["page", "answer", "time_left"])
def test_a_result_that_time_has_brought_says_at_once_what_comes_next(how, trainee, clock):
    trainee.finish_all_but_the_exam()
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(minutes=MINUTES, seconds=GRACE + 1)
    html = {
        "page": lambda: trainee.see("first-exam"),
        "answer": lambda: tell(trainee, "answer", {"attempt": 1, "saves": [save(1, [0])]}, 409)["html"],
        "time_left": lambda: tell(trainee, "time_left", {"attempt": 1})["html"],
    }[how]()
    assert "ladder-result is-passed" in html
    assert "ladder-next" in html
    assert "refunding" in html.split("ladder-next")[1].split("</p>")[0], "the stage that the result opens"


def test_a_page_can_ask_what_another_device_has_saved(trainee, sheet):
    card = blank_of(sheet)
    value = ["48"] * card.blanks
    trainee.save("first-exam", sheet, [(card, value)])
    assert tell(trainee, "time_left", {"attempt": 1})["saved"] == {str(card.item): {"revision": 1, "value": value}}


def test_whose_attempt_was_declared_void_is_told_so_when_the_page_is_loaded_again(trainee, sheet, sign_in, act):
    marker = Marker(sign_in("trainer-1"), act, "first-exam")
    attempt = Attempt.objects.get().id
    marker.do("void_attempt", {"attempt": attempt, "reason": "words for staff"})
    page = trainee.see("first-exam")
    assert "第 1 次考试已被判为作废" in page
    assert "words for staff" not in page
    assert "作答中，截止" not in marker.do("open_attempt", {"attempt": attempt})["html"]
