"""The block of the learner's book of mistakes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext
from xblock.completable import XBlockCompletionMode

from ladder import lms
from ladder.core.document import SLUG
from ladder.core.errors import Malformed, Refused
from ladder.core.mistakes import Mistake, card_name, is_right, redo_item
from ladder.core.paper import Answer, Item, is_answered, read_answer
from ladder.core.stage import Plan
from ladder.handlers import Conflicting, action, query, read_op_id
from ladder.mistakes_book import Book, book_after, make_book, parse_text, with_redos
from ladder.mistakes_page import NO_POINT, Selection, answered_page, book_page, card_page, count_redoable, next_redo
from ladder.payload import parse_ladder
from ladder.records.exam import all_sat_until
from ladder.records.mistakes import Done, Redos, Sittings, read_redos, read_sittings, record_redo
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit


@dataclass(frozen=True)
class _Given:
    """An answer that was read: to which card, as the author's indices or words."""

    item: Item
    answer: Answer


class MistakesBlock(LadderBlock):
    """Every question that was not fully right and may be shown, until it was answered right often enough."""

    kind = "mistakes"
    display_name = title_field(gettext_noop("Ladder book of mistakes"))
    scripts = ("mistakes",)
    completion_mode = XBlockCompletionMode.EXCLUDED
    parse_text = staticmethod(parse_text)

    def plan(self) -> Plan | None:
        """The ladder, from the block's own text: the book belongs to no stage and is never locked."""
        return parse_ladder(self.content)

    def page(self, visit: Visit) -> str:
        """The whole book."""
        return self._page(self._book(visit), Selection())

    def _book(self, visit: Visit, sittings: Sittings | None = None, redos: Redos | None = None) -> Book:
        """The book of whoever is here; what has been read of it already need not be read again."""
        sat = read_sittings(visit.learner, visit.course) if sittings is None else sittings
        done = read_redos(visit.learner, visit.course) if redos is None else redos
        latest = functools.cache(lambda: all_sat_until(visit.course))  # asked only when the window of an exam has closed
        return make_book(parse_text(self.content), sat, done, self._exam_text, lambda exam: latest().get(exam), visit.now)

    def _exam_text(self, exam: str) -> str | None:
        found = lms.sibling(self, "ladder_exam", exam)
        return None if found is None else str(found.content)

    def _page(self, book: Book, selection: Selection) -> str:
        title = self.own_title or gettext("Book of mistakes")
        return self.linked(book_page(title, parse_text(self.content).rules, book, selection))

    # -- looking ----------------------------------------------------------------------------------------------------

    @query
    def show(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The book, or a part of it: `{"point": article id, "exam": exam id}`; empty for all."""
        book, selection = self._book(visit), _read_selection(data)
        shown = sum(selection.holds(mistake) for mistake in book.open)
        say = ngettext("%(count)s question is shown.", "%(count)s questions are shown.", shown) % {"count": shown}
        return {"html": self._page(book, selection), "say": say if book.open else ""}

    @query
    def card(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """One question to be answered again: `{"question": id}` and the selection it was opened from."""
        book = self._book(visit)
        return {"html": self._card(visit, book, _find(book, _read_id(data, "question")), _read_selection(data))}

    @query
    def practise(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The next question of a selection: `{"after": id or ""}`. After the last one comes the book."""
        book, selection = self._book(visit), _read_selection(data)
        after = data.get("after", "")
        mistake = next_redo(book, selection, _read_id(data, "after") if after else "")
        if mistake is None:
            return {"html": self._page(book, selection), "say": gettext("You have gone through all of them.")}
        return {"html": self._card(visit, book, mistake, selection)}

    def _card(self, visit: Visit, book: Book, mistake: Mistake, selection: Selection) -> str:
        if mistake.written:
            raise Refused("Written answers are read again, not marked again.")
        item = redo_item(mistake.question, mistake.possible, visit.learner, mistake.redos)
        return card_page(mistake, item, visit.name, selection, count_redoable(book, selection))

    # -- answering --------------------------------------------------------------------------------------------------

    @action
    def redo(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """Answer again: `{"question": id, "op_id", "card": name, "value": […]}`; the value as an exam takes it."""
        op_id, card, selection = read_op_id(data), _read_card(data), _read_selection(data)
        sittings = read_sittings(visit.learner, visit.course)
        book = self._book(visit, sittings, redos={})
        mistake = _find(book, _read_id(data, "question"))
        question = mistake.question
        if mistake.written:
            raise Refused("Written answers are read again, not marked again.")
        given: list[_Given] = []

        def decide(before: Sequence[Done]) -> bool | None:
            if card != card_name(question, len(before)):
                return None
            item = redo_item(question, mistake.possible, visit.learner, len(before))
            answer = read_answer(data.get("value"), item, question)
            if not is_answered(answer):
                raise Refused("Give an answer first.")
            given[:] = [_Given(item, answer)]
            return is_right(question, answer)

        redos, done = _record(visit, sittings, question.id, op_id, decide)
        if done is None:
            book = book_after(book, redos, parse_text(self.content).rules)
            raise Conflicting({"html": self._card(visit, book, _find(book, question.id), selection)})
        after = with_redos(mistake, done, parse_text(self.content).rules)
        html = answered_page(after, given[0].item, given[0].answer, selection, right=done[-1].right, linked=self.linked)
        return {"html": html}

    @action
    def tick(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """A written answer is understood now, or is not after all: `{"question": id, "op_id", "have": "yes" or "no"}`."""
        op_id, selection, have = read_op_id(data), _read_selection(data), data.get("have")
        if have not in ("yes", "no"):
            raise Malformed("have")
        sittings = read_sittings(visit.learner, visit.course)
        book = self._book(visit, sittings, redos={})
        mistake = _find(book, _read_id(data, "question"))
        if not mistake.written:
            raise Refused("This question is answered again, not ticked off.")
        redos, _ = _record(visit, sittings, mistake.id, op_id, lambda _: have == "yes")
        say = gettext("It has left your book.") if have == "yes" else gettext("It is in your book again.")
        return {"html": self._page(book_after(book, redos, parse_text(self.content).rules), selection), "say": say}

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder book of mistakes", """<ladder_mistakes url_name="mistakes" display_name="错题本"><![CDATA[---
kind: mistakes
leaves_after: 2
exams:
  - {id: quiz, title: 小测}
---
]]></ladder_mistakes>""")]


def _record(
    visit: Visit, sittings: Sittings, question: str, op_id: str, decide: Callable[[Sequence[Done]], bool | None]
) -> tuple[Redos, list[Done] | None]:
    return record_redo(visit.learner, visit.course, sittings.sat[0].id, question, op_id, visit.now, decide)


def _find(book: Book, question: str) -> Mistake:
    """A question of the book, or Refused. One that stands on a running paper is out of reach until that is handed in."""
    if question in book.aside:
        raise Refused("This question is on a paper that you are sitting. It comes back when you have handed in.")
    mistake = book.find(question)
    if mistake is None:
        raise Refused("This question is not in your book of mistakes.")
    return mistake


def _read_id(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not SLUG.match(value):
        raise Malformed(key)
    return value


def _read_card(data: dict[str, Any]) -> str:
    value = data.get("card")
    if not isinstance(value, str) or len(value) > 40:
        raise Malformed("card")
    return value


def _read_selection(data: dict[str, Any]) -> Selection:
    """What is being looked at: `{"point", "exam"}`, ids; left out or empty for all."""
    for key in ("point", "exam"):
        value = data.get(key, "")
        if not isinstance(value, str) or (value and not SLUG.match(value) and (key, value) != ("point", NO_POINT)):
            raise Malformed(key)
    return Selection(data.get("point", ""), data.get("exam", ""))
