"""The book of mistakes: what stands in it, when a question leaves it, how it is asked again."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ladder.core.document import Document, quoted
from ladder.core.marking import Rules, mark
from ladder.core.marks import FULL_MARKS
from ladder.core.paper import Item, order_by
from ladder.core.places import Place
from ladder.core.question import STAFF_MARKED, Question
from ladder.core.stage import Part

BOOK = "mistakes"  # the id of the unit: no file of an author's may have it
LEAVES_AFTER = 2
MOST_LEAVES_AFTER = 5


@dataclass(frozen=True)
class Event:
    """A question was got wrong in an exam, or answered again in the book. `number` orders redos."""

    at: datetime.datetime
    right: bool
    redo: bool
    number: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a question stands: `wrong` times in exams, `row` right redos since it was last got wrong, `needed` to leave."""

    wrong: int
    row: int
    needed: int

    @property
    def mastered(self) -> bool:
        """Whether it has left the book."""
        return self.row >= self.needed


def standing(events: Iterable[Event], needed: int) -> Standing:
    """Where a question stands after these events, given in any order.

    A right answer in an exam is no redo and counts for nothing.
    """
    wrong = row = 0
    for event in sorted(events, key=lambda event: (event.at, event.redo, event.number)):
        if not event.right:
            row = 0
            wrong += not event.redo
        elif event.redo:
            row += 1
    return Standing(wrong, row, needed)


# -- what stands in the book ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where a mistake was made: the kind, id and title of a unit."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True)
class Lapse:
    """One time that a question was not fully right: in which attempt, when, and what it earned there.

    `points` and `comment` are of the person who marked it, `written` is the answer they read.
    """

    source: Origin
    number: int
    at: datetime.datetime
    earned: Decimal
    possible: Decimal
    points: tuple[str, ...] | None = None
    comment: str = ""
    written: tuple[object, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A question of the book with its lapses, newest first. `redos` is how often it was answered again."""

    question: Question
    place: Place | None
    lapses: tuple[Lapse, ...]
    standing: Standing
    redos: int = 0

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id

    @property
    def written(self) -> bool:
        """Whether only a person can mark it: the learner rereads it and says when it is understood."""
        return self.question.type in STAFF_MARKED

    @property
    def possible(self) -> Decimal:
        """What it was worth the last time."""
        return self.lapses[0].possible


def redos_needed(question: Question, leaves_after: int) -> int:
    """How many right redos in a row take a question out. What only a person can mark is ticked off once."""
    return 1 if question.type in STAFF_MARKED else leaves_after


# -- asking again ---------------------------------------------------------------------------------------------------


def redo_item(question: Question, possible: Decimal, learner: int, redos: int) -> Item:
    """The question as it is asked the next time: its choices in an order that the server knows again without being told.

    It changes with each redo, so that a place cannot be learnt by heart.
    """
    return Item(question.id, 0, possible, order_by(question, f"redo-{learner}-{question.id}-{redos}"))


def card_name(question: Question, redos: int) -> str:
    """Names what is on the screen, so that an answer to something else is noticed: another redo, or another text.

    Nothing of the key goes into it.
    """
    choices = [(choice.text, choice.pinned) for choice in question.choices]
    shown = json.dumps([question.type.value, question.stem, len(question.blanks), choices, question.fixed])
    return f"{redos}-{hashlib.sha256(shown.encode()).hexdigest()[:12]}"


def is_right(question: Question, answer: Sequence[object]) -> bool:
    """Whether an answer is fully right; nothing less counts here, whatever the exam's or the question's own rule gives."""
    return mark(replace(question, multiple=""), answer, FULL_MARKS, Rules()) == FULL_MARKS


def earned(question: Question, answer: Sequence[object], possible: Decimal) -> Decimal:
    """What an answer earns, with nothing for some of the right choices. Full marks are for what is fully right only."""
    if is_right(question, answer):
        return possible
    part = mark(replace(question, multiple=""), answer, possible, Rules()) or Decimal(0)
    return part if part < possible else Decimal(0)


# -- the unit -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rulebook:
    """What the unit carries: when a question leaves, and the exams of the course."""

    leaves_after: int
    exams: tuple[Part, ...]


def mistakes_document(leaves_after: int, exams: Iterable[Part]) -> str:
    """The unit's settings as a document."""
    rows = [f"  - {{id: {exam.id}, title: {quoted(exam.title)}}}" for exam in exams]
    return "\n".join(["---", f"kind: {BOOK}", f"leaves_after: {leaves_after}", *(["exams:", *rows] if rows else []), "---", ""])


def parse_mistakes(document: Document) -> Rulebook:
    """Read what `mistakes_document` wrote, or what somebody has made of it in the editor."""
    leaves_after = document.meta.integer("leaves_after", LEAVES_AFTER, 1, MOST_LEAVES_AFTER)
    exams = []
    for row in document.meta.rows("exams"):
        exams.append(Part(row.slug("id", ""), row.text("title", required=True)))
        row.done()
    document.meta.done()
    return Rulebook(leaves_after, tuple(exams))
