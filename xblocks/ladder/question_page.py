"""One question on a page: to be answered, and marked. What a learner may see of a question is decided here.

A paper of a hundred questions must cost little: a question's markup is rendered once per version and language with holes for what
differs between papers (number, marks, order of choices), and filled for each learner.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ladder.core.blank import MAX_BLANK
from ladder.core.kb import slug_of
from ladder.core.marks import plain
from ladder.core.markup import to_inline_html
from ladder.core.paper import MAX_TEXT, Item, is_answered, shown_answer
from ladder.core.places import Place
from ladder.core.problems import column_letters
from ladder.core.question import BLANK, STAFF_MARKED, Choice, Question, Type
from ladder.next_page import links_in, mark_links
from ladder.pages import html_of, linked, render
from ladder.records.exam import Marked

# Holes in a question's markup: control characters, which no content may hold.
NUMBER, MARKS, CHOICES, VALUE, LETTER, MINE, COMMENT, POINT = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06", "\x07", "\x0e"
_HOLE = re.compile(f"({MINE}[0-9]+{MINE}|{POINT}[0-9]+{POINT}|[{NUMBER}{MARKS}{CHOICES}{VALUE}{LETTER}{COMMENT}])")


Around = tuple[str, str]  # markup with one hole: what stands before and after it
Cut = tuple[str, ...]  # markup cut up at its holes, so that nobody looks for them again


def cut(html: str) -> Cut:
    """Markup with holes, cut up: every hole is a piece of its own."""
    return tuple(_HOLE.split(html))


def filled(pieces: Cut, texts: Mapping[str, str]) -> str:
    """Cut markup with a text in each hole. What is put in may look like a hole."""
    return "".join(map(texts.get, pieces, pieces))


@dataclass(frozen=True)
class Stencil:
    """A question's markup with holes."""

    card: Cut
    choices: tuple[Cut, ...]

    def fill(self, number: int, item: Item) -> str:
        """The card of this question on one paper."""
        return filled(self.card, {NUMBER: str(number), MARKS: plain(item.marks), CHOICES: self.rows(number, item)})

    def rows(self, number: int, item: Item) -> str:
        """The choices as this paper orders them."""
        name = str(number)
        return "".join([
            filled(self.choices[choice], {NUMBER: name, VALUE: str(place), LETTER: column_letters(place + 1)})
            for place, choice in enumerate(item.order)
        ])


@functools.lru_cache(maxsize=8192)
def stencil(question: Question, block: str, language: str) -> Stencil:  # noqa: ARG001 (the language is part of the key)
    context: dict[str, Any] = {
        "question": question, "block": block, "number": NUMBER, "marks": MARKS, "value": VALUE, "letter": LETTER,
        "several": question.type is Type.MULTIPLE, "written": question.type in STAFF_MARKED,
        "most": MAX_TEXT,
    }
    choices = tuple(
        cut(render("exam_choice", context | {"html": to_inline_html(choice.text)}).strip()) for choice in question.choices
    )
    card = render("exam_question", context | {"stem": stem_with_fields(question, context), "choices": CHOICES if choices else ""})
    return Stencil(cut(card), choices)


def stem_with_fields(question: Question, context: dict[str, Any]) -> str:
    """The question's text; each blank becomes a field. `context` holds the question's `number`."""
    html = html_of(question.stem)
    context = context | {"most": MAX_BLANK}
    return BLANK.sub(lambda match: render("exam_blank", context | {"blank": int(match[1])}).strip(), html)


def stem_with_gaps(question: Question) -> str:
    """The question's text to be read only; each blank becomes its number."""
    return BLANK.sub(lambda match: f'<span class="ladder-gap">({escape(match[1])})</span>', html_of(question.stem))


# -- marked ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ReviewStencil:
    """The markup of an answered question with holes. `choices` are pairs: not chosen, chosen. It has `links` to these names."""

    card: Cut
    choices: tuple[tuple[Around, Around], ...]
    links: frozenset[str]

    def marked(self, locked: frozenset[str]) -> ReviewStencil:
        """The same, where links to what is locked to the reader say so."""
        here = self.links & locked
        return _with_locks(self, here) if here else self

    def fill(self, number: int, item: Item, answer: Sequence[object], mark: Marked | None) -> str:
        """The card of this question on one paper, with the learner's answer and its marks in it."""
        texts = {
            NUMBER: str(number), VALUE: plain(mark.possible if mark else item.marks), MARKS: plain(mark.earned) if mark else "–",
        }
        if self.choices:
            chosen = set(answer)
            texts[CHOICES] = "".join([
                column_letters(place + 1).join(self.choices[choice][choice in chosen]) for place, choice in enumerate(item.order)
            ])
            return filled(self.card, texts)
        texts[COMMENT] = _comment(mark.comment) if mark and mark.comment else ""
        for kind, given in ((MINE, answer), (POINT, mark.points or () if mark else ())):
            texts |= {f"{kind}{place}{kind}": escape(str(text)) for place, text in enumerate(given) if text != ""}
        return "".join([texts.get(piece, "–" if piece[:1] in (MINE, POINT) else piece) for piece in self.card])


def _comment(text: str) -> str:
    return render("exam_comment", {"text": text}).strip()


def verdict_of(answer: Sequence[object], mark: Marked | None) -> str:
    """The word for an answer: right, partly, wrong or empty; given while it has no marks that may be shown."""
    if mark is None:
        return "given" if is_answered(answer) else "empty"
    if mark.earned == mark.possible:
        return "right"
    return "partly" if mark.earned > 0 else "wrong" if is_answered(answer) else "empty"


@functools.lru_cache(maxsize=16384)
def review_stencil(
    question: Question, verdict: str, place: Place | None, language: str, *, revealed: bool, course: str = ""  # noqa: ARG001 (a key)
) -> ReviewStencil:
    """The card of an answered question. Unless it is `revealed`, nothing of the key is in it.

    With a `course` its links have the addresses of this host. The language is part of the cache's key.
    """

    def choice_html(choice: Choice, *, chosen: bool) -> str:
        context = {"letter": LETTER, "html": to_inline_html(choice.text), "chosen": chosen,
                   "correct": revealed and choice.correct, "revealed": revealed}
        return render("exam_review_choice", context).strip()

    stem = stem_with_gaps(question)
    card = render("exam_review", {
        "number": NUMBER, "verdict": verdict, "earned": MARKS, "possible": VALUE, "stem": stem, "revealed": revealed,
        "choices": CHOICES if question.choices else "",
        "blanks": [{"mine": f"{MINE}{index}{MINE}", "right": keys[0] if revealed else ""}
                   for index, keys in enumerate(question.blanks)],
        "written": f"{MINE}0{MINE}" if question.type in STAFF_MARKED else "",
        "points": [{"text": to_inline_html(point.text), "earned": f"{POINT}{index}{POINT}", "possible": plain(point.marks)}
                   for index, point in enumerate(question.key_points)] if revealed else [],
        "comment": COMMENT if question.type in STAFF_MARKED else "",
        "explanation": html_of(question.explanation) if revealed and question.explanation else "",
        "kb": question.kb if revealed and place else None, "place": place,
        "heading": slug_of(question.kb.heading) if question.kb else "",
    })
    card = linked(card.strip(), course) if course else card.strip()
    choices = [(choice_html(choice, chosen=False), choice_html(choice, chosen=True)) for choice in question.choices]
    links = links_in(card).union(*(links_in(chosen) for _, chosen in choices))
    return ReviewStencil(cut(card), tuple((_around(other), _around(chosen)) for other, chosen in choices), links)


def _around(choice: str) -> Around:
    before, _, after = choice.partition(LETTER)
    return before, after


@functools.lru_cache(maxsize=4096)
def _with_locks(stencil: ReviewStencil, locked: frozenset[str]) -> ReviewStencil:
    """Links are looked for once, and not again on every page: no hole is inside of one."""

    def marked(pieces: Cut) -> Cut:
        return tuple(mark_links(piece, locked) for piece in pieces)

    def both(around: Around) -> Around:
        return mark_links(around[0], locked), mark_links(around[1], locked)

    return ReviewStencil(
        marked(stencil.card), tuple((both(other), both(chosen)) for other, chosen in stencil.choices), stencil.links
    )


def said(answer: Sequence[object], item: Item) -> str:
    """An answer in one line of plain text: the letters of this paper, or what was written."""
    shown = [str(part) for part in shown_answer(answer, item)]
    return ", ".join(column_letters(int(place) + 1) for place in shown) if item.order else " / ".join(shown)
