"""An exam is begun once, keeps every answer, goes by the server's clock alone, and is marked when it is handed in."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from ladder.records.models import Answer, Attempt, Mark, StageOpening
from slow_work import watching
from trainee import Card, Trainee, card_of, op_id, sheet_of

EXAM = "first-exam"


def answer(trainee: Trainee, *saves: dict[str, Any], attempt: Any = 1) -> Any:
    return trainee.act("exam", EXAM, "answer", {"attempt": attempt, "saves": list(saves)})


def save(item: Any, value: Any, revision: Any = 1, op: Any = None) -> dict[str, Any]:
    return {"op_id": op or op_id(), "item": item, "revision": revision, "value": value}


def kept(trainee: Trainee) -> list[tuple[Any, ...]]:
    rows = Answer.objects.filter(attempt__learner_id=trainee.id).order_by("id")
    return list(rows.values_list("question", "revision", "value", "op_id"))


# -- starting -------------------------------------------------------------------------------------------------------


def test_the_first_page_tells_the_rules_and_starts_nothing(trainee):
    page = trainee.see(EXAM)
    assert all(f"<dd>{fact}</dd>" in page for fact in ("5 题", "100 分", "60 分", "20 分钟"))
    assert sheet_of(page) is None
    assert not Attempt.objects.exists()


def test_starting_again_goes_on_with_the_same_paper_and_the_same_clock(trainee, clock):
    first = trainee.start(EXAM)
    assert first.seconds_left == 20 * 60
    clock.go_on(minutes=5)
    again = trainee.start(EXAM)
    assert again.cards == first.cards == trainee.running(EXAM).cards
    assert again.seconds_left == trainee.running(EXAM).seconds_left == 15 * 60
    assert Attempt.objects.count() == 1


def test_a_paper_holds_what_the_blueprint_asks_for_of_all_four_types(trainee):
    sheet = trainee.start(EXAM)
    assert sorted(card.type for card in sheet.cards) == ["blank", "judge", "multiple", "single", "single"]
    assert {card.type for card in sheet.cards[:2]} == {"single", "multiple"}, "sections keep their order"
    assert card_of(sheet, "blank").blanks == 2


def test_papers_are_shuffled_but_true_or_false_never_is(sign_in, act, site):
    sheets = [Trainee(sign_in(f"trainee-{number}"), act, site).start(EXAM) for number in range(12)]
    assert len({tuple(card.type for card in sheet.cards) for sheet in sheets}) > 1, "questions stand in different order"
    orders = {(card.stem, card.choices) for sheet in sheets for card in sheet.cards if card.type != "judge"}
    assert len(orders) > len({stem for stem, _ in orders}) + 2, "and so do the choices of one question"
    assert {card_of(sheet, "judge").choices for sheet in sheets} == {("对", "错")}


def test_an_exam_that_is_not_to_be_shuffled_keeps_the_authors_order(trainee, sign_in, act, site):
    trainers = [Trainee(sign_in(f"trainer-{number}"), act, site) for number in range(6)]
    papers = {trainer.start("second-exam").cards for trainer in trainers}
    assert len(papers) == 1
    assert [card.type for card in papers.pop()] == ["single", "multiple", "judge", "blank"]


def test_a_second_attempt_asks_what_was_not_asked_before(trainee):
    first = trainee.start(EXAM)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    second = trainee.start(EXAM)
    assert second.attempt == 2
    assert not {card.stem for card in first.cards} & {card.stem for card in second.cards}
    trainee.do("exam", EXAM, "submit", {"attempt": 2})
    assert len(trainee.start(EXAM).cards) == 5, "when nothing new is left, questions come again"


# -- saving ---------------------------------------------------------------------------------------------------------


def test_every_saved_answer_is_on_the_page_when_it_is_opened_again(trainee):
    sheet = trainee.start(EXAM)
    answers = {card.item: trainee.right(card) for card in sheet.cards}
    reply = answer(trainee, *(save(item, value) for item, value in answers.items())).json()
    assert reply["revisions"] == {str(item): 1 for item in answers}
    state = {str(item): {"revision": 1, "value": value} for item, value in answers.items()}
    assert trainee.running(EXAM).state == trainee.start(EXAM).state == state


def test_the_newest_revision_stands_and_all_are_kept(trainee):
    card = card_of(trainee.start(EXAM), "single")
    for revision, value in enumerate([[0], [1], []], start=1):
        assert answer(trainee, save(card.item, value, revision)).status_code == 200
    assert trainee.running(EXAM).state == {str(card.item): {"revision": 3, "value": []}}
    assert [row[1] for row in kept(trainee)] == [1, 2, 3]


def test_two_revisions_of_an_answer_may_come_in_one_request(trainee):
    card = card_of(trainee.start(EXAM), "single")
    reply = answer(trainee, save(card.item, [0], 1), save(card.item, [1], 2)).json()
    assert reply["revisions"] == {str(card.item): 2}
    assert trainee.running(EXAM).state[str(card.item)] == {"revision": 2, "value": [1]}


def test_an_answer_sent_again_is_acknowledged_and_kept_once(trainee):
    card = card_of(trainee.start(EXAM), "single")
    first = save(card.item, [1])
    replies = [answer(trainee, first) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert {json.dumps(reply.json()["revisions"]) for reply in replies} == {json.dumps({str(card.item): 1})}
    assert len(kept(trainee)) == 1


def test_an_old_answer_that_arrives_again_does_not_undo_the_newer_one(trainee):
    card = card_of(trainee.start(EXAM), "single")
    old = save(card.item, [0])
    answer(trainee, old)
    answer(trainee, save(card.item, [1], 2))
    late = answer(trainee, old)
    assert late.status_code == 200
    assert late.json()["revisions"] == {str(card.item): 2}, "the page learns what stands"
    assert late.json()["overtaken"] == {str(card.item): {"revision": 2, "value": [1]}}
    newer = save(card.item, [2], 3)
    again = answer(trainee, newer, save(card.item, [0], 4))
    assert again.json()["overtaken"] == {}, "what a later save of the same request stands over was not overtaken by anybody"
    answer(trainee, save(card.item, [1], 5))
    assert trainee.running(EXAM).state[str(card.item)]["value"] == [1]


def test_of_two_windows_the_second_gets_the_answer_that_stands(trainee):
    sheet = trainee.start(EXAM)
    card, other = card_of(sheet, "multiple"), card_of(sheet, "blank")
    assert answer(trainee, save(card.item, [0, 2])).status_code == 200
    late = answer(trainee, save(card.item, [1]), save(other.item, ["48", ""]))
    assert late.status_code == 409
    assert late.json()["conflicts"] == {str(card.item): {"revision": 1, "value": [0, 2]}}
    assert "另一个窗口" in late.json()["error"]
    assert late.json()["revisions"] == {str(card.item): 1, str(other.item): 1}, "what is in no conflict is saved"
    assert trainee.running(EXAM).state == {
        str(card.item): {"revision": 1, "value": [0, 2]}, str(other.item): {"revision": 1, "value": ["48", ""]},
    }


def test_revisions_that_overtake_each_other_are_a_conflict_and_nothing_is_kept(trainee):
    card = card_of(trainee.start(EXAM), "single")
    early = answer(trainee, save(card.item, [1], 2))
    assert early.status_code == 409
    assert early.json()["conflicts"] == {str(card.item): {"revision": 0, "value": []}}
    assert kept(trainee) == []


def test_the_answers_of_one_trainee_are_nothing_to_another(trainee, sign_in, act, site):
    card = card_of(trainee.start(EXAM), "single")
    other = Trainee(sign_in("trainee-2"), act, site)
    assert answer(other, save(card.item, [0])).status_code == 409, "the other has not begun"
    theirs = card_of(other.start(EXAM), "single")
    assert answer(other, save(theirs.item, [1])).status_code == 200
    assert trainee.running(EXAM).state == {}


# -- what no page sends ---------------------------------------------------------------------------------------------

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(10**400), 10**400) | st.floats()
    | st.text(max_size=12) | st.text(st.characters(), max_size=3) | st.just("x" * 20_001),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_text(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 20_000 or "\0" in value:
        return False
    return not any("\ud800" <= char <= "\udfff" for char in value)


def is_sound(place: str, junk: Any, card: Card) -> bool:
    """Whether a page could have sent this after all."""
    if place == "value" and isinstance(junk, list):
        if card.blanks:
            return len(junk) == card.blanks and all(map(is_text, junk))
        positions = all(is_whole(part, 0, len(card.choices) - 1) for part in junk)
        return positions and len(set(junk)) == len(junk) and (len(junk) < 2 or card.type == "multiple")
    high = {"item": 5, "revision": 999_999, "attempt": 9_999}
    return place in high and is_whole(junk, 1, high[place])


NEARLY_RIGHT = {
    "single": ([True], [0.0], ["0"], [None], [[0]], [0, 1], [4], [-1], {"0": 0}, "0", 0, None, True),
    "multiple": ([0, 0], [0, True], [0, 1, 99], [False]),
    "blank": ([48, 3], ["48"], ["48", "3", ""], ["\0", ""], ["48", None], ["\ud800", ""], ["x" * 20_001, ""], []),
}


@pytest.mark.parametrize(("type_", "value"), [(type_, value) for type_, values in NEARLY_RIGHT.items() for value in values])
def test_an_answer_that_is_nearly_one_is_refused(type_, value, trainee):
    card = card_of(trainee.start(EXAM), type_)
    assert answer(trainee, save(card.item, value)).status_code == 400
    assert kept(trainee) == []


def test_an_answer_that_speaks_of_what_may_not_be_in_one_is_kept(trainee):
    card = card_of(trainee.start(EXAM), "blank")
    value = [r"\u0000", r"\\u0000"]
    assert answer(trainee, save(card.item, value)).status_code == 200
    assert [row.value for row in Answer.objects.all()] == [value]


@settings(max_examples=100)
@given(place=st.sampled_from(["attempt", "saves", "save", "op_id", "item", "revision", "value"]), junk=JSON_VALUES,
       type_=st.sampled_from(["single", "multiple", "judge", "blank"]))
def test_a_malformed_answer_is_refused_whatever_its_shape_and_nothing_changes(place, junk, type_, trainee):
    card = card_of(trainee.start(EXAM), type_)
    assume(not is_sound(place, junk, card))
    good = save(card.item, trainee.right(card))
    body: dict[str, Any] = {"attempt": 1, "saves": [save(card.item % 5 + 1, []), good]}
    if place in body:
        body[place] = junk
    elif place == "save":
        body["saves"][1] = junk
    else:
        good[place] = junk
    response = trainee.act("exam", EXAM, "answer", body)
    assert response.status_code == 400, (place, junk)
    assert kept(trainee) == [], "not even the sound answer beside it"


NO_NUMBERS = ("1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1" * 5000, "1.0", "01", "0x1", "1_0", '"1"')


@pytest.mark.parametrize("number", NO_NUMBERS)
@pytest.mark.parametrize("place", ["attempt", "item", "revision", "value"])
def test_numbers_that_are_none_are_refused(place, number, trainee):
    card = card_of(trainee.start(EXAM), "single")
    fields = {"attempt": "1", "item": str(card.item), "revision": "1", "value": "0"} | {place: number}
    row = '{{"op_id": "operation-x", "item": {item}, "revision": {revision}, "value": [{value}]}}'.format(**fields)
    body = f'{{"attempt": {fields["attempt"]}, "saves": [{row}]}}'
    assert trainee.act("exam", EXAM, "answer", body.encode()).status_code == 400
    assert kept(trainee) == []


@pytest.mark.parametrize("handler", ["answer", "submit"])
@pytest.mark.parametrize("attempt", [None, 0, -1, True, 1.0, "1", [1], {}, 10_000, 10**30])
def test_an_attempt_that_has_no_number_is_refused(attempt, handler, trainee):
    card = card_of(trainee.start(EXAM), "single")
    data = {"attempt": attempt, "saves": [save(card.item, [0])]}
    assert trainee.act("exam", EXAM, handler, data).status_code == 400
    assert sheet_of(trainee.see(EXAM)) is not None
    assert kept(trainee) == []


def test_more_answers_than_a_paper_could_need_are_refused(trainee):
    card = card_of(trainee.start(EXAM), "single")
    saves = [save(card.item, [0], number) for number in range(1, 502)]
    assert answer(trainee, *saves).status_code == 400
    assert answer(trainee).status_code == 400, "and so is none"
    assert kept(trainee) == []


@pytest.mark.parametrize("name", ["Operation-1", "operation", "operation 1", "operation-1 ", "å-operation", "o" * 65, "", None, 12345678])
def test_an_operation_has_a_name_that_every_database_tells_from_others(name, trainee):
    card = card_of(trainee.start(EXAM), "single")
    good = "operation"
    assert answer(trainee, save(card.item, [0]) | {"op_id": name}).status_code == (200 if name == good else 400)
    assert [row[3] for row in kept(trainee)] == [good] * (name == good)


@pytest.mark.parametrize("handler", ["answer", "submit"])
def test_an_attempt_that_was_never_begun_can_be_neither_answered_nor_handed_in(handler, trainee):
    data = {"attempt": 1, "saves": [save(1, [0])]}
    assert trainee.act("exam", EXAM, handler, data).status_code == 409
    card = card_of(trainee.start(EXAM), "single")
    assert trainee.act("exam", EXAM, handler, {"attempt": 2, "saves": [save(card.item, [0])]}).status_code == 409
    assert kept(trainee) == []


# -- the clock ------------------------------------------------------------------------------------------------------


def test_answers_are_taken_until_the_end_of_the_grace_and_not_a_moment_longer(trainee, clock):
    card = card_of(trainee.start(EXAM), "single")
    clock.go_on(minutes=20, seconds=30)
    assert answer(trainee, save(card.item, [0])).status_code == 200
    assert trainee.running(EXAM).seconds_left == 0
    clock.go_on(milliseconds=1)
    late = answer(trainee, save(card.item, [1], 2))
    assert late.status_code == 409
    assert "时间" in late.json()["error"]
    assert [row[1] for row in kept(trainee)] == [1]


def test_an_attempt_that_nobody_handed_in_is_closed_at_its_deadline_by_the_next_look(trainee, clock):
    began = clock.time
    sheet = trainee.start(EXAM)
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(days=3)
    page = trainee.see(EXAM)
    assert sheet_of(page) is None
    assert "<strong>100</strong> / 100" in page
    attempt = Attempt.objects.get()
    assert attempt.submitted_at == attempt.deadline_at == began + datetime.timedelta(minutes=20)
    assert attempt.passed


def test_a_forgotten_attempt_that_passes_opens_the_next_stage_when_it_is_closed(trainee, clock):
    trainee.finish_all_but_the_exam()
    sheet = trainee.start(EXAM)
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(hours=1)
    assert not StageOpening.objects.filter(stage="calls").exists()
    trainee.see(EXAM)
    assert StageOpening.objects.get(stage="calls").opened_at == clock.time


def test_handing_in_after_the_deadline_counts_what_was_saved_in_time(trainee, clock):
    sheet = trainee.start(EXAM)
    blank = card_of(sheet, "blank")
    trainee.save(EXAM, sheet, [(blank, trainee.right(blank))])
    clock.go_on(hours=2)
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert "<strong>40</strong> / 100" in shown
    attempt = Attempt.objects.get()
    assert attempt.submitted_at == attempt.deadline_at


def test_handing_in_early_is_told_with_its_own_time(trainee, clock):
    trainee.start(EXAM)
    clock.go_on(minutes=7)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert Attempt.objects.get().submitted_at == clock.time


def test_after_the_deadline_a_start_shows_the_result_and_not_a_new_paper(trainee, clock):
    trainee.start(EXAM)
    clock.go_on(hours=2)
    reply = trainee.do("exam", EXAM, "begin")
    assert sheet_of(reply["html"]) is None
    assert Attempt.objects.count() == 1


# -- handing in -----------------------------------------------------------------------------------------------------


def test_handing_in_twice_shows_the_same_result_and_marks_once(trainee):
    first = trainee.sit(EXAM, knows=lambda question: not question.blanks)
    again = trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert again["html"] == first["html"]
    assert again["html"] in trainee.see(EXAM)
    assert Attempt.objects.count() == 1
    assert Mark.objects.count() == 5


def test_marks_of_the_questions_add_up_to_the_marks_of_the_attempt(trainee):
    trainee.sit(EXAM, knows=lambda question: not question.blanks)
    attempt = Attempt.objects.get()
    marks = Mark.objects.filter(attempt=attempt)
    assert sum(mark.marks for mark in marks) == attempt.marks == Decimal("60.00")
    assert sum(mark.possible for mark in marks) == 100
    assert {mark.marker_id for mark in marks} == {None}, "marked by the program"


def test_nothing_can_be_answered_after_handing_in(trainee):
    sheet = trainee.start(EXAM)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    late = answer(trainee, save(sheet.cards[0].item, trainee.right(sheet.cards[0])))
    assert late.status_code == 409
    assert kept(trainee) == []


def test_an_exam_that_was_passed_cannot_be_sat_again(trainee):
    shown = trainee.sit(EXAM)["html"]
    assert 'data-action="begin"' not in shown
    refusal = trainee.act("exam", EXAM, "begin")
    assert refusal.status_code == 409
    assert "已" in refusal.json()["error"]
    assert Attempt.objects.count() == 1


def test_a_result_page_is_rendered_once_and_shows_nobody_what_is_anothers(trainee, sign_in, act, site):
    people = [trainee, Trainee(sign_in("trainee-2"), act, site)]
    for person in people:
        person.sit(EXAM)
    with watching() as work:
        results = [person.do("exam", EXAM, "submit", {"attempt": 1})["html"] for person in people]
    assert "a page is rendered" not in work.seen
    own = [re.findall(r'<code>[0-9A-F-]{14}</code>', result) for result in results]
    assert [len(parts) for parts in own] == [1, 1]
    assert not {*own[0]} & {*own[1]}, "the receipt"


def test_an_exam_with_two_attempts_can_be_sat_twice_and_no_more(sign_in, act, site):
    trainer = Trainee(sign_in("trainer"), act, site)
    first = trainer.sit("second-exam", knows=lambda _: False)["html"]
    assert 'data-action="begin"' in first
    last = trainer.sit("second-exam", knows=lambda _: False)["html"]
    assert 'data-action="begin"' not in last
    assert trainer.act("exam", "second-exam", "begin").status_code == 409
    assert Attempt.objects.count() == 2


def test_the_result_lists_every_attempt_with_its_marks(trainee):
    trainee.sit(EXAM, knows=lambda question: bool(question.blanks))
    shown = trainee.sit(EXAM, knows=lambda question: not question.blanks)["html"]
    assert '<th scope="row">1</th><td>40</td>' in shown
    assert '<th scope="row">2</th><td>60</td>' in shown


def test_part_of_the_marks_is_given_for_part_of_a_multiple_choice_where_the_exam_says_so(sign_in, act, site):
    trainer = Trainee(sign_in("trainer"), act, site)
    sheet = trainer.start("second-exam")
    card = card_of(sheet, "multiple")
    trainer.save("second-exam", sheet, [(card, trainer.right(card)[:1])])
    assert "<strong>12.5</strong>" in trainer.do("exam", "second-exam", "submit", {"attempt": 1})["html"]


def test_a_blank_is_right_in_any_width_and_any_accepted_wording(trainee):
    sheet = trainee.start(EXAM)
    blank = card_of(sheet, "blank")
    answers = [accepted[-1] for accepted in trainee.key(blank).blanks]
    trainee.save(EXAM, sheet, [(blank, [f" {answers[0]} ", "\uff13" if answers[1] == "三" else answers[1]])])
    assert "<strong>40</strong>" in trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
