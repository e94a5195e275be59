"""The pages on which people mark: the queue by question, and one answer beside its key points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from ladder import lms
from ladder.core.kb import slug_of
from ladder.core.marks import plain
from ladder.core.markup import to_inline_html
from ladder.core.question import KeyPoint, Type
from ladder.core.rubric import MAX_COMMENT, Hit, hits, segments, steps
from ladder.desk.queue import Chosen, Queue, code_of
from ladder.pages import html_of, render
from ladder.records.exam import answers
from ladder.records.marking import Draft, Given, drafts, given
from ladder.visit import Visit

MOST_BUTTONS = 13


@dataclass(frozen=True)
class Typed:
    """Marks and a comment in a marker's form."""

    points: Sequence[str | None]
    comment: str


def queue_page(queue: Queue) -> str:
    """What waits, by question, the oldest first."""
    rows = []
    for id_, question in queue.questions.items():
        answers = queue.of(id_)
        waiting = [answer for answer in answers if not answer.marked]
        if answers:
            rows.append({
                "id": id_, "title": question.title, "type": type_word(question.type), "waiting": len(waiting),
                "marked": len(answers) - len(waiting), "since": waiting[0].submitted_at if waiting else None,
                "first": answers[0].submitted_at,
            })
    rows.sort(key=lambda row: (row["since"] is None, row["since"] or row["first"], row["id"]))
    return render("marking_queue", {"rows": rows, "ready": queue.ready, "unmarkable": queue.unmarkable})


def type_word(type_: Type) -> str:
    """The name of a type that people mark."""
    return gettext("Essay") if type_ is Type.ESSAY else gettext("Short answer")


def answer_page(visit: Visit, queue: Queue, chosen: Chosen, *, named: bool, typed: Typed | None = None) -> str:
    """One answer with its key points and what was given and noted so far. `typed`: what a marker has sent in vain."""
    sitting, question = chosen.sitting, chosen.question
    saved = answers(sitting.id).get(question.id)
    text = str(saved.value[0]) if saved and saved.value else ""
    history = given([sitting.id], [question.id]).get((sitting.id, question.id), [])
    standing = history[-1] if history else None
    noted = drafts(sitting.id, question.id)
    people = lms.names(people_in(history) | set(noted) | ({chosen.learner} if named else set()))
    found = [hits(point, text) for point in question.key_points]
    form = typed or noted.get(visit.learner) or _standing_form(standing, question.key_points)
    draft = noted.get(visit.learner) if typed is None else None
    return render("marking_answer", {
        "code": code_of(visit.course, visit.name, sitting.id), "name": people.get(chosen.learner, "") if named else "",
        "names": "1" if named else "", "question": question, "type": type_word(question.type),
        "stem": html_of(question.stem), "explanation": html_of(question.explanation) if question.explanation else "",
        "place": chosen.file.places.get(question.kb.article) if question.kb else None, "kb": question.kb,
        "heading": slug_of(question.kb.heading) if question.kb else "",
        "pieces": segments(text, [hit for hits_ in found for hit in hits_]), "length": len(text),
        "points": [_point(place, *row) for place, row in enumerate(zip(question.key_points, found, form.points, strict=True))],
        "possible": plain(sum(point.marks for point in question.key_points)), "comment": form.comment, "max_comment": MAX_COMMENT,
        "revision": standing.revision if standing else 0, "standing": standing and given_row(standing, people),
        "history": [given_row(row, people) for row in reversed(history)], "draft": draft, "released": not sitting.pending,
        "others": _others(noted, visit.learner, standing, people), "conflict": typed is not None,
    } | _neighbours(visit, queue, chosen))


def _standing_form(standing: Given | None, rubric: Sequence[KeyPoint]) -> Typed:
    if standing is None or standing.points is None or len(standing.points) != len(rubric):
        return Typed([None] * len(rubric), standing.comment if standing else "")
    return Typed(standing.points, standing.comment)


def _point(place: int, point: KeyPoint, found: Sequence[Hit], chosen: str | None) -> dict[str, Any]:
    """A key point with the marks that may be given; the keywords found are a hint and choose nothing."""
    return {
        "name": f"points[{place}]", "html": to_inline_html(point.text), "possible": plain(point.marks),
        "steps": [(step, step == chosen) for step in steps(point.marks)], "few": len(steps(point.marks)) <= MOST_BUTTONS,
        "found": list(dict.fromkeys(hit.keyword for hit in found)),
    }


def people_in(history: Iterable[Given]) -> set[int]:
    """Who has given marks or applied a key."""
    return {person for row in history for person in (row.marker, row.regraded_by) if person}


def given_row(row: Given, people: Mapping[int, str]) -> dict[str, Any]:
    """A row of marks as the history shows it."""
    who = people.get(row.marker, "–") if row.marker else gettext("the program")
    if row.regraded:
        who = gettext("Regrade by %(who)s") % {"who": people.get(row.regraded_by, "–") if row.regraded_by else "–"}
    return {"who": who, "at": row.marked_at, "earned": plain(row.earned), "possible": plain(row.possible),
            "points": " + ".join(row.points) if row.points else "", "comment": row.comment}


def _others(
    noted: dict[int, Draft], me: int, standing: Given | None, people: dict[int, str]
) -> list[tuple[str, Draft]]:
    """Other markers who are at work on the same answer: theirs are the drafts since the newest marks."""
    return [(people.get(marker, "–"), draft) for marker, draft in noted.items()
            if marker != me and (standing is None or draft.saved_at > standing.marked_at)]


def _neighbours(visit: Visit, queue: Queue, chosen: Chosen) -> dict[str, Any]:
    """Where the answer stands among those to the same question, and the codes of the ones beside it."""
    row = queue.of(chosen.question.id)
    here = next((place for place, answer in enumerate(row) if answer.attempt == chosen.sitting.id), None)
    left = sum(not answer.marked for answer in row)
    if here is None:
        return {"at": 0, "of": len(row), "left": left, "previous": "", "following": ""}

    def code(place: int) -> str:
        return code_of(visit.course, visit.name, row[place].attempt) if 0 <= place < len(row) else ""

    return {"at": here + 1, "of": len(row), "left": left, "previous": code(here - 1), "following": code(here + 1)}
