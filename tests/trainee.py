"""A trainee at work: what a browser would send, read off the pages the server shows."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html as markup

from ladder.core.course import questions_of
from ladder.core.question import BLANK, Question

# A unit of each kind in the small course: open from the start, and behind the lock.
FIRST_STAGE = {"stage": "start", "lesson": "welcome", "article": "limits", "case": "late-van", "exam": "first-exam"}
SECOND_STAGE = {"stage": "calls", "lesson": "refunding", "article": "refunds", "case": "refund-call", "exam": "second-exam"}
_numbers = itertools.count(1)


def op_id() -> str:
    """A new name for one operation."""
    return f"operation-{next(_numbers):08}"


@dataclass(frozen=True)
class Card:
    """One question as the page shows it. `choices` are the texts in the order shown."""

    item: int
    stem: str
    type: str
    choices: tuple[str, ...]
    blanks: int


@dataclass(frozen=True)
class Sheet:
    """A running paper as the page shows it; `state` is what the server says is saved."""

    attempt: int
    seconds_left: int
    state: dict[str, Any]
    cards: tuple[Card, ...]


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def _by_class(node: Any, name: str) -> list[Any]:
    return list(node.xpath(f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"))


def sheet_of(html: str) -> Sheet | None:
    """The paper on a page; None when no paper is running there."""
    found = _by_class(markup.fromstring(f"<div>{html}</div>"), "ladder-sitting")
    if not found:
        return None
    page = found[0]
    cards = []
    for card in page.xpath(".//li[@data-item]"):
        stem = _by_class(card, "ladder-stem")[0]
        choices = [label.xpath("string(./span[not(@aria-hidden)])") for label in _by_class(card, "ladder-choice")]
        cards.append(Card(int(card.get("data-item")), squeeze(stem.text_content()), card.get("data-type"),
                          tuple(choices), len(_by_class(stem, "ladder-blank"))))
    attempt, seconds_left = int(page.get("data-attempt")), int(page.get("data-seconds-left"))
    return Sheet(attempt, seconds_left, json.loads(page.get("data-state")), tuple(cards))


def card_of(sheet: Sheet, type_: str) -> Card:
    """The first question of this type."""
    return next(card for card in sheet.cards if card.type == type_)


@dataclass(frozen=True)
class Row:
    """One requirement as a page shows it.

    `state` is met, pending, open or unwritten; `mine` says how things are; `url` leads to what is next, which `step` names.
    """

    state: str
    mine: str
    url: str = ""
    step: str = ""


def rows_of(html: str) -> list[Row]:
    """The requirements on a page, in order."""
    found = []
    for row in _by_class(markup.fromstring(html), "ladder-row"):
        mine, step = (" ".join(row.xpath(f"string(.//*[@class='ladder-row-{name}'])").split()) for name in ("mine", "next"))
        state = row.get("class").rpartition("is-")[2]
        found.append(Row(state, mine, row.xpath("string(.//*[@class='ladder-row-next']/a/@href)"), step))
    return found


class Trainee:
    """Somebody signed in, who studies through pages and handlers only."""

    def __init__(self, client: Any, act: Callable[..., Any], site: Any) -> None:
        self.client, self._act, self.site = client, act, site

    @property
    def id(self) -> int:
        """The platform's id of this user."""
        return int(self.client.user.id)

    def act(self, kind: str, name: str, handler: str, data: Any = None) -> Any:
        """Any handler, whatever it answers."""
        return self._act(self.client, kind, name, handler, data)

    def do(self, kind: str, name: str, handler: str, data: Any = None) -> dict[str, Any]:
        """A handler that must say yes."""
        response = self.act(kind, name, handler, data)
        assert response.status_code == 200, (response.status_code, response.content.decode()[:500])
        reply: dict[str, Any] = response.json()
        return reply

    def see(self, name: str) -> str:
        """The page of a unit."""
        response = self.client.get(f"/unit/{name}/")
        assert response.status_code == 200, response.status_code
        return str(response.content.decode())

    # -- lessons and calls ------------------------------------------------------------------------------------------

    def learn(self, lesson: str) -> dict[str, Any]:
        """Read all of a lesson and finish it."""
        slugs = re.findall(r'data-section="([^"]+)"', self.see(lesson))
        self.do("lesson", lesson, "read", {"sections": slugs})
        return self.do("lesson", lesson, "finish")

    def play(self, case: str, options: Sequence[int]) -> dict[str, Any]:
        """Take a call and choose these options, one after the other."""
        reply = self.do("case", case, "begin")
        for position, option in enumerate(options):
            reply = self.do("case", case, "choose", {"op_id": op_id(), "position": position, "option": option})
        return reply

    # -- exams ------------------------------------------------------------------------------------------------------

    def start(self, exam: str) -> Sheet:
        """Begin an exam, or go on with it."""
        sheet = sheet_of(self.do("exam", exam, "begin")["html"])
        assert sheet is not None
        return sheet

    def running(self, exam: str) -> Sheet:
        """The paper that runs on the exam's page."""
        sheet = sheet_of(self.see(exam))
        assert sheet is not None, "no paper is running"
        return sheet

    def key(self, card: Card) -> Question:
        """The bank's question behind a card."""
        questions = questions_of(self.site.now.course.banks).values()
        return next(question for question in questions if squeeze(BLANK.sub("", question.stem)) == card.stem)

    def right(self, card: Card) -> list[Any]:
        """What the page would send for the right answer."""
        question = self.key(card)
        if question.blanks:
            return [accepted[0] for accepted in question.blanks]
        correct = {choice.text for choice in question.choices if choice.correct}
        return [place for place, text in enumerate(card.choices) if text in correct]

    def wrong(self, card: Card) -> list[Any]:
        """A wrong answer to the same question."""
        if card.blanks:
            return ["?"] * card.blanks
        return [next(place for place in range(len(card.choices)) if place not in self.right(card))]

    def save(self, exam: str, sheet: Sheet, answers: Iterable[tuple[Card, list[Any]]], revision: int = 1) -> dict[str, Any]:
        """Save answers that have not been saved before."""
        saves = [{"op_id": op_id(), "item": card.item, "revision": revision, "value": value} for card, value in answers]
        return self.do("exam", exam, "answer", {"attempt": sheet.attempt, "saves": saves})

    def sit(self, exam: str, knows: Callable[[Question], bool] = lambda _: True) -> dict[str, Any]:
        """A whole attempt: right where `knows` says so, wrong elsewhere."""
        sheet = self.start(exam)
        self.save(exam, sheet, [(card, self.right(card) if knows(self.key(card)) else self.wrong(card)) for card in sheet.cards])
        return self.do("exam", exam, "submit", {"attempt": sheet.attempt})

    def finish_all_but_the_exam(self) -> None:
        """All of the first stage that comes before its exam."""
        self.learn("welcome")
        self.learn("voice")
        self.play("late-van", [0, 0])

    def finish_first_stage(self) -> None:
        """All that opens the second stage."""
        self.finish_all_but_the_exam()
        self.sit("first-exam")
