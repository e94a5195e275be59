"""A page names each operation: the same one again is answered as the first time, another one under its name is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from ladder.records.models import Answer, CaseStep, Redo
from trainee import Trainee, op_id

EXAM, CASE, BOOK = "first-exam", "late-van", "mistakes"
NAME = "operation-of-mine"


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_app_config("ladder").get_models()}


def refused(trainee: Trainee, *request: Any) -> None:
    before = everything()
    response = trainee.act(*request)
    assert response.status_code == 400, response.content.decode()
    assert everything() == before


def test_an_answer_under_the_name_of_another_is_not_said_to_be_saved(trainee):
    sheet = trainee.start(EXAM)
    first, second = sheet.cards[:2]
    row = {"op_id": NAME, "item": first.item, "revision": 1, "value": trainee.right(first)}
    sent = {"attempt": 1, "saves": [row]}
    reply = trainee.do("exam", EXAM, "answer", sent)

    for other in ({"item": second.item, "value": []}, {"value": []}, {"value": trainee.wrong(first)}, {"revision": 2, "value": []}):
        refused(trainee, "exam", EXAM, "answer", {"attempt": 1, "saves": [row | other]})
        refused(trainee, "exam", EXAM, "answer", {"attempt": 1, "saves": [
            {"op_id": op_id(), "item": second.item, "revision": 1, "value": []}, row | other,
        ]})
    assert trainee.do("exam", EXAM, "answer", sent)["revisions"] == reply["revisions"]
    assert Answer.objects.count() == 1


def test_two_answers_of_one_request_cannot_share_a_name(trainee):
    sheet = trainee.start(EXAM)
    saves = [{"op_id": NAME, "item": card.item, "revision": 1, "value": trainee.right(card)} for card in sheet.cards[:2]]
    refused(trainee, "exam", EXAM, "answer", {"attempt": 1, "saves": saves})
    same = [saves[0], saves[0]]
    assert trainee.do("exam", EXAM, "answer", {"attempt": 1, "saves": same})["revisions"] == {str(sheet.cards[0].item): 1}


def test_an_answer_sent_again_by_a_page_that_has_learnt_of_others_is_known_again(trainee):
    """The page gives what it sends again the revision after the newest it knows: that is no other answer."""
    sheet = trainee.start(EXAM)
    card = sheet.cards[0]
    row = {"op_id": NAME, "item": card.item, "revision": 1, "value": trainee.right(card)}
    trainee.do("exam", EXAM, "answer", {"attempt": 1, "saves": [row]})
    trainee.save(EXAM, sheet, [(card, trainee.wrong(card))], revision=2)
    reply = trainee.do("exam", EXAM, "answer", {"attempt": 1, "saves": [row | {"revision": 3}]})
    assert list(reply["overtaken"]) == [str(card.item)]
    assert Answer.objects.count() == 2


def step(position: int, option: int, name: str = NAME) -> tuple[str, str, str, dict[str, Any]]:
    return "case", CASE, "choose", {"op_id": name, "position": position, "option": option}


def test_a_step_of_a_call_under_the_name_of_another_is_refused(trainee):
    trainee.do("case", CASE, "begin")
    page = trainee.do(*step(0, 0))["html"]
    refused(trainee, *step(1, 0))
    refused(trainee, *step(0, 1))
    assert trainee.do(*step(0, 0))["html"] == page
    assert CaseStep.objects.count() == 1


def test_a_step_that_arrives_again_late_is_no_step_of_the_next_call(trainee):
    trainee.do("case", CASE, "begin")
    trainee.do(*step(0, 0))
    trainee.do(*step(1, 0, op_id()))
    began = trainee.do("case", CASE, "begin")["html"]
    assert trainee.do(*step(0, 0))["html"] == began, "the call that runs, as it stands"
    refused(trainee, *step(0, 1))
    assert CaseStep.objects.count() == 2


@pytest.fixture
def book(trainee) -> Trainee:
    trainee.sit(EXAM, knows=lambda _: False)
    return trainee


def test_a_redo_under_the_name_of_another_is_refused(book):
    from blocks.test_mistakes import answer, open_card, page_of

    question = next(name for name in page_of(book.see(BOOK)).open if not open_card(book, name).blanks)
    card = open_card(book, question)
    sent = {"question": question, "op_id": NAME, "card": card.name, "value": answer(book, card, right=False)}
    html = book.do(BOOK, BOOK, "redo", sent)["html"]
    refused(book, BOOK, BOOK, "redo", sent | {"value": answer(book, card, right=True)})
    assert book.do(BOOK, BOOK, "redo", sent)["html"] == html
    assert Redo.objects.count() == 1
