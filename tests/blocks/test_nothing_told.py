"""Neither places nor lengths nor acknowledgements tell what is right."""

from __future__ import annotations

import random
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from author import keys_moved
from core.test_chance import chi_squared
from trainee import Card, Trainee, op_id, sheet_of
from written import EXAM, Marker, add_written_exam

PAPERS = 700
EXAMS = ("first-exam", EXAM)
# What differs between any two visits: receipt, name, token against forged requests, version of the course's files.
OWN = re.compile(r'<code>[0-9A-F-]{14}</code>|trainee-\d+|value="\w{64}"|data-version="\d+"|"learner": "[0-9a-f]{16}"')


@pytest.fixture(autouse=True)
def written(site) -> None:
    add_written_exam(site)


def by_keywords(trainee: Trainee, card: Card) -> tuple[list[Any], list[Any]]:
    """A wrong and a right answer; in writing: with no keyword and with all of them."""
    question = trainee.key(card)
    if not question.key_points:
        return trainee.wrong(card), trainee.right(card)
    return ["不知道。"], ["，".join(word for point in question.key_points for word in (point.text, *point.keywords))]


@pytest.mark.parametrize("exam", EXAMS)
def test_a_save_is_acknowledged_alike_to_the_byte_whether_it_is_right_or_wrong(exam, trainee, clock):
    sheet = trainee.start(exam)
    for card in sheet.cards:
        wrong, right = by_keywords(trainee, card)
        replies = set()
        for revision, value in enumerate((wrong, right, [] if card.choices else [""] * len(right), right, wrong), start=1):
            saved = {"op_id": op_id(), "item": card.item, "revision": revision, "value": value}
            response = trainee.act("exam", exam, "answer", {"attempt": 1, "saves": [saved]})
            assert response.status_code == 200
            headers = tuple(sorted(response.headers.items()))
            replies.add((response.content.replace(f'": {revision}}}'.encode(), b'": 1}'), headers))
        assert len(replies) == 1, card.type
    assert {card.type for card in sheet.cards} >= {"single"}


def other_rubrics(text: str) -> str:
    """A bank with other titles, key points, keywords and explanations, all of other lengths, and other right answers."""
    text = re.sub(r"^= ([\d.]+) .*$", r"= \1 完全不同而且长得多的一个要点 | 另一个词 | 再一个", keys_moved(text), flags=re.MULTILINE)
    return re.sub("^> .*$", "> 别的、长得多的解析，见规定。", re.sub("^## .*? {", "## 别的标题 {", text, flags=re.MULTILINE), flags=re.MULTILINE)


def test_until_the_release_every_page_is_the_same_to_the_byte_whatever_key_points_and_keys_there_are(
    sign_in, act, site, clock, monkeypatch
):
    """Two trainees with dice that fall alike write the same; only keys, rubrics and explanations differ between them."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)

    def told(name: str, answered: Callable[[Trainee, Card], list[Any]]) -> list[str]:
        trainee = Trainee(sign_in(name), act, site)
        pages = [trainee.see(EXAM), trainee.do("exam", EXAM, "begin")["html"]]
        sheet = sheet_of(pages[-1])
        trainee.save(EXAM, sheet, [(card, answered(trainee, card)) for card in sheet.cards])
        pages += [trainee.see(EXAM), trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"], trainee.see(EXAM)]
        pages += [trainee.client.get(url).content.decode() for url in ("/course/", "/unit/mistakes/", "/unit/start/", "/unit/calls/")]
        pages.append(trainee.do("mistakes", "mistakes", "show")["html"])
        return [OWN.sub("", page) for page in pages]

    def same(trainee: Trainee, card: Card) -> list[Any]:
        return [0] if card.choices else ["让客户把话说完，道歉，签收，诉求。"]

    before = told("trainee-1", same)
    bank = site.banks / "written.md"
    bank.write_text(other_rubrics(bank.read_text(encoding="utf-8")), encoding="utf-8")
    site.load()
    assert told("trainee-2", same) == before
    Marker(sign_in("trainer"), act).mark_all()
    pages = {OWN.sub("", Trainee(sign_in(name), act, site).see(EXAM)) for name in ("trainee-1", "trainee-2")}
    assert len(pages) == 1, "one of them is marked: it does not show"


def test_over_seven_hundred_papers_neither_place_nor_length_tells_the_right_choice(sign_in, act, site, clock, monkeypatch):
    """More than two thousand questions with choices, as they come over HTTP."""
    chance = random.Random(7)
    monkeypatch.setattr(secrets, "token_hex", lambda size: f"{chance.getrandbits(8 * size):0{2 * size}x}")
    places: dict[str, Counter[int]] = defaultdict(Counter)
    lengths: dict[frozenset[str], set[int]] = defaultdict(set)
    orders: dict[frozenset[str], set[str]] = defaultdict(set)
    for number in range(PAPERS):
        trainee = Trainee(sign_in(f"trainee-{number}"), act, site)
        response = trainee.act("exam", "first-exam", "begin")
        sheet = sheet_of(response.json()["html"])
        asked = frozenset(card.stem for card in sheet.cards)
        lengths[asked].add(len(response.content))
        orders[asked].add(str([card.choices for card in sheet.cards]))
        for card in sheet.cards:
            if card.type in ("single", "multiple"):
                right = next(choice.text for choice in trainee.key(card).choices if choice.correct)
                places[card.stem][card.choices.index(right)] += 1
    assert sum(counter.total() for counter in places.values()) >= 2000
    assert sorted(map(len, places.values())) == [2, 2, 3, 4, 4], "the right choice is seen in every place"
    assert min(chi_squared(counter.values()) for counter in places.values()) > 0.001, places
    assert {len(found) for found in lengths.values()} == {1}, "a paper of the same questions is as long in every order"
    assert min(map(len, orders.values())) > 10
