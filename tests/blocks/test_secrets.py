"""Nothing reaches a browser before it may: words planted in all that must stay hidden, and a trainee who looks everywhere."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import zlib
from typing import Any

import pytest

from author import keys_moved, plant_words
from ladder_tools.preview.views import open_shelf
from spy import Spy, Watch
from trainee import Sheet, Trainee, op_id

DRESSES = {
    "plain": str,
    "upper case": str.upper,
    "backwards": lambda word: word[::-1],
    "hexadecimal": lambda word: word.encode().hex(),
    "hashed": lambda word: hashlib.sha256(word.encode()).hexdigest(),
    "base64": lambda word: base64.b64encode(word.encode()).decode(),
    "base64 after one": lambda word: base64.b64encode(f"a{word}".encode()).decode(),
    "base64 among others": lambda word: base64.b64encode(f"ab{word} and more".encode()).decode(),
    "entities": lambda word: "".join(f"&#{ord(char)};" for char in word),
    "compressed": lambda word: base64.urlsafe_b64encode(zlib.compress(f'{{"key": "{word}"}}'.encode())).decode(),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_the_watch_finds_a_word_in_each_disguise(dress):
    from django.http import HttpResponse

    watch = Watch({"key": "zq0123456789abcdef01", "other": "zqfedcba9876543210fe"})
    watch.look(HttpResponse(f"<p data-x='{dress('zq0123456789abcdef01')}'>text</p>"))
    assert watch.seen == {"key"}


# -- looking everywhere ---------------------------------------------------------------------------------------------


@pytest.fixture
def words(site) -> dict[str, str]:
    """The words planted in the course that is being served, by name."""
    planted = plant_words(site.folder, site.banks)
    site.load()
    assert open_shelf() is site.shelf
    return planted


@pytest.fixture
def spy(sign_in, act, site, words) -> Spy:
    return Spy(sign_in("trainee"), act, site, Watch(words))


FIRST_DAY = {"stage:start", "lesson:welcome", "lesson:voice", "article:limits", "article:calming", "briefing:late-van"}
SECOND_STAGE = {"stage:calls", "lesson:refunding", "article:refunds", "briefing:refund-call"}


def on_paper(spy: Spy, sheet: Sheet) -> set[str]:
    names = [spy.key(card).id for card in sheet.cards]
    return {word for word in spy.watch.forms.values() for name in names if re.fullmatch(rf"(stem|choice):{name}(/\d+)?", word)}


def in_result(spy: Spy, sheet: Sheet) -> set[str]:
    names = [spy.key(card).id for card in sheet.cards]
    return {word for word in spy.watch.forms.values() for name in names if word in (f"why:{name}", f"key:{name}")}


def choose(spy: Spy, case: str, position: int, option: int) -> None:
    spy.do("case", case, "choose", {"op_id": op_id(), "position": position, "option": option})


def save_all(spy: Spy, exam: str, sheet: Sheet) -> None:
    """Right answers, but never in the wording that is planted."""
    answers = []
    for card in sheet.cards:
        blanks = spy.key(card).blanks
        answers.append((card, [accepted[len(accepted) // 2] for accepted in blanks] if blanks else spy.right(card)))
    spy.save(exam, sheet, answers)


def test_on_the_whole_way_a_trainee_sees_exactly_what_is_due(spy, words):
    """At each point what was seen so far is compared with what could be: less would mean that the spy is blind."""
    due = set(FIRST_DAY)
    assert spy.look_everywhere() == due

    spy.do("case", "late-van", "begin")
    due |= {"said:late-van/start", *(f"words:late-van/start/{option}" for option in range(3))}
    assert spy.look_everywhere() == due

    choose(spy, "late-van", 0, 0)
    due |= {"happens:late-van/look-up", "said:late-van/look-up", "words:late-van/look-up/0", "words:late-van/look-up/1"}
    assert spy.look_everywhere() == due

    choose(spy, "late-van", 1, 0)
    due |= {"said:late-van/saved", "reason:late-van/start/0", "reason:late-van/look-up/0"}
    assert spy.look_everywhere() == due

    sheet = spy.start("first-exam")
    due |= {"rules:first-exam"} | on_paper(spy, sheet)
    assert spy.look_everywhere() == due

    save_all(spy, "first-exam", sheet)
    assert spy.look_everywhere() == due

    spy.do("exam", "first-exam", "submit", {"attempt": 1})
    due |= in_result(spy, sheet)
    assert spy.look_everywhere() == due

    for lesson in ("welcome", "voice"):
        spy.learn(lesson)
    due |= SECOND_STAGE
    assert spy.look_everywhere() == due

    sheet = spy.start("second-exam")
    due |= {"rules:second-exam"} | on_paper(spy, sheet)
    assert spy.look_everywhere() == due

    spy.do("exam", "second-exam", "submit", {"attempt": 1})
    due |= in_result(spy, sheet)
    assert spy.look_everywhere() == due

    never = set(words) - due
    assert {name.partition(":")[0] for name in never} >= {"alternative", "point", "label", "reason", "said", "stem", "why", "key"}
    assert not {name for name in due if name.startswith(("alternative", "point", "label"))}


def test_a_second_attempt_shows_nothing_of_its_own_questions_before_it_is_handed_in(spy):
    first = spy.start("first-exam")
    spy.do("exam", "first-exam", "submit", {"attempt": 1})
    before = set(spy.look_everywhere())
    second = spy.start("first-exam")
    assert spy.look_everywhere() - before == on_paper(spy, second)
    assert not {spy.key(card).id for card in first.cards} & {spy.key(card).id for card in second.cards}


def test_without_signing_in_nothing_at_all_is_seen(site, words):
    from django.test import Client

    stranger = Client(SERVER_NAME="127.0.0.1")
    watch = Watch(words)

    def act(client: Any, kind: str, name: str, handler: str, data: Any = None) -> Any:
        return client.post(f"/handler/{site.usage(kind, name)}/{handler}", data, content_type="application/json")

    assert Spy(stranger, act, site, watch).look_everywhere() == set()


def test_a_trainer_who_looks_everywhere_sees_all_that_is_planted(sign_in, act, site, words):
    """Shows that the spy finds what is there to be found."""
    watch = Watch(words)
    assert Spy(sign_in("trainer"), act, site, watch).look_everywhere() >= set(words) - {"stage:later"}
    assert "stage:later" in watch.seen


# -- the key itself -------------------------------------------------------------------------------------------------


def several_keys(text: str) -> str:
    """A bank in which the number of right choices is another one."""
    return text.replace("[ ]", "[x]").replace("{{3|三}}", "{{a long answer of many words|b|c|d}}")


@pytest.mark.parametrize("change", [keys_moved, several_keys])
def test_a_running_paper_is_the_same_to_the_byte_whichever_answers_are_right(change, sign_in, act, site, clock, monkeypatch):
    """With the dice thrown alike for two trainees, only the keys differ between their papers."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)

    def replies(name: str) -> list[str]:
        trainee = Trainee(sign_in(name), act, site)
        sheet = trainee.start("first-exam")
        first = next(card for card in sheet.cards if card.choices)
        rows = [{"op_id": f"operation-{turn}", "item": first.item, "revision": 1, "value": [place]}
                for turn, place in enumerate(range(len(first.choices)))]
        saves = [{"op_id": f"operation-b{card.item}", "item": card.item, "revision": 1, "value": [""] * card.blanks}
                 for card in sheet.cards if card.blanks]
        sent = [trainee.act("exam", "first-exam", "answer", {"attempt": 1, "saves": [row]}) for row in [*rows, *saves]]
        return [trainee.do("exam", "first-exam", "begin")["html"], *(response.content.decode() for response in sent)]

    before = replies("trainee-1")
    bank = site.banks / "first.md"
    bank.write_text(change(bank.read_text(encoding="utf-8")), encoding="utf-8")
    site.load()
    assert replies("trainee-2") == before


def test_what_was_answered_right_and_wrong_is_acknowledged_alike(trainee, clock):
    sheet = trainee.start("first-exam")
    card = next(card for card in sheet.cards if card.type == "single")
    replies = [
        trainee.do("exam", "first-exam", "answer", {"attempt": 1, "saves": [
            {"op_id": op_id(), "item": card.item, "revision": revision, "value": value}]})
        for revision, value in ((1, trainee.wrong(card)), (2, trainee.right(card)))
    ]
    for reply in replies:
        reply["revisions"] = None
    assert replies[0] == replies[1]


def test_no_page_that_a_trainee_has_seen_stays_on_a_shared_computer(spy):
    spy.start("first-exam")
    for url in ("/course/", "/unit/welcome/", "/unit/first-exam/", "/unit/late-van/", "/static/cover.png", "/nowhere/"):
        assert spy.client.get(url).headers["Cache-Control"] == "no-store", url
