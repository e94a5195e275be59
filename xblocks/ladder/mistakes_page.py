"""The pages of the book of mistakes: the book, a question to be answered again, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ladder.core.mistakes import Mistake, Rulebook, card_name, earned
from ladder.core.paper import Answer, Item
from ladder.core.question import Type
from ladder.mistakes_book import Book
from ladder.pages import language, render
from ladder.question_page import review_stencil, stem_with_fields, stem_with_gaps, stencil, verdict_of
from ladder.records.exam import Marked

NO_POINT = "-"  # no id: what belongs to no article


@dataclass(frozen=True)
class Selection:
    """The part of the book being looked at: a knowledge point (an article's id) and an exam; empty: all."""

    point: str = ""
    exam: str = ""

    def holds(self, mistake: Mistake) -> bool:
        """Whether a mistake belongs to it."""
        of_exam = not self.exam or any(lapse.source.id == self.exam for lapse in mistake.lapses)
        return of_exam and self.point in ("", _point_of(mistake))


def _point_of(mistake: Mistake) -> str:
    return mistake.place.article if mistake.place else NO_POINT


def next_redo(book: Book, selection: Selection, after: str = "") -> Mistake | None:
    """The open mistake to do after another one, in the order of the book; the first when `after` names none."""
    way = [mistake for mistake in book.all if selection.holds(mistake)]
    start = next((place + 1 for place, mistake in enumerate(way) if mistake.id == after), 0)
    return next((mistake for mistake in way[start:] if _may_be_redone(mistake)), None)


def _may_be_redone(mistake: Mistake) -> bool:
    return not mistake.written and not mistake.standing.mastered


# -- the book -------------------------------------------------------------------------------------------------------


def book_page(title: str, rules: Rulebook, book: Book, selection: Selection) -> str:
    """Everything that may be shown, or the part selected."""
    shown = [mistake for mistake in book.open if selection.holds(mistake)]
    return render("mistakes", {
        "title": title, "rules": rules, "book": book, "selection": selection, "none": NO_POINT,
        "points": _points(book.open), "exams": _exams(book.open, rules),
        "shown": [_row(mistake) for mistake in shown],
        "mastered": [_row(mistake) for mistake in book.mastered],
        "redoable": sum(_may_be_redone(mistake) for mistake in shown),
    })


def _points(mistakes: Iterable[Mistake]) -> list[tuple[str, str, int]]:
    """Knowledge points as (id, title, number of mistakes), most mistakes first."""
    titles: dict[str, str] = {}
    counts: dict[str, int] = {}
    for mistake in mistakes:
        point = _point_of(mistake)
        titles[point] = mistake.place.title if mistake.place else ""
        counts[point] = counts.get(point, 0) + 1
    return sorted(((point, titles[point], counts[point]) for point in titles), key=lambda row: (-row[2], row[1]))


def _exams(mistakes: Sequence[Mistake], rules: Rulebook) -> list[tuple[str, str, int]]:
    """Exams as (id, title, number of mistakes), in the order of the course."""
    titles = {exam.id: exam.title for exam in rules.exams}
    titles |= {lapse.source.id: lapse.source.title for mistake in mistakes for lapse in mistake.lapses}
    rows = [(id_, title, sum(Selection(exam=id_).holds(mistake) for mistake in mistakes)) for id_, title in titles.items()]
    return [row for row in rows if row[2]]


def _row(mistake: Mistake) -> dict[str, Any]:
    return {
        "mistake": mistake, "last": mistake.lapses[0], "lapses": mistake.lapses, "stem": stem_with_gaps(mistake.question),
        "review": _written_card(mistake) if mistake.written else "",
    }


def _written_card(mistake: Mistake) -> str:
    """What was written, and the marks and words of the person who marked it."""
    last = mistake.lapses[0]
    mark = Marked(last.earned, last.possible, points=last.points, comment=last.comment)
    item = Item(mistake.id, 0, last.possible, ())
    card = review_stencil(mistake.question, verdict_of(last.written, mark), mistake.place, language(), revealed=True)
    return card.fill(1, item, last.written, mark)


# -- answering again ------------------------------------------------------------------------------------------------


def card_page(mistake: Mistake, item: Item, block: str, selection: Selection, left: int) -> str:
    """A question to be answered again. Nothing of the key is in it; `left` is how many there are to do here."""
    question = mistake.question
    context: dict[str, Any] = {"question": question, "block": block, "number": 1}
    return render("mistakes_card", context | {
        "mistake": mistake, "card": card_name(question, mistake.redos), "selection": selection, "left": left,
        "several": question.type is Type.MULTIPLE, "stem": stem_with_fields(question, context),
        "choices": stencil(question, block, language()).rows(1, item),
    })


def answered_page(
    mistake: Mistake, item: Item, answer: Answer, selection: Selection, *, right: bool, linked: Callable[[str], str]
) -> str:
    """What came of it: the right answer, why, where to read it, and how much is missing."""
    possible = mistake.possible
    mark = Marked(possible if right else earned(mistake.question, answer, possible), possible)
    card = review_stencil(mistake.question, verdict_of(answer, mark), mistake.place, language(), revealed=True)
    return linked(render("mistakes_answered", {
        "mistake": mistake, "right": right, "selection": selection, "review": card.fill(1, item, answer, mark),
    }))


def count_redoable(book: Book, selection: Selection) -> int:
    """How many questions of a selection there are to answer again."""
    return sum(_may_be_redone(mistake) for mistake in book.open if selection.holds(mistake))
