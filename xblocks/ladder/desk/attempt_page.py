"""One attempt as staff see it: answers, marks and who gave them, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from ladder import lms
from ladder.core.marks import plain
from ladder.core.markup import to_inline_html
from ladder.core.paper import Item, is_answered
from ladder.core.problems import column_letters
from ladder.core.question import BLANK, STAFF_MARKED, Question
from ladder.desk.marking_page import given_row, people_in
from ladder.desk.queue import code_of
from ladder.desk.reasons import reason_of
from ladder.exam_file import file_with_key
from ladder.exam_page import late_rows
from ladder.pages import html_of, render
from ladder.question_page import said
from ladder.records.allowance import allowance
from ladder.records.desk import voided
from ladder.records.exam import Saved, Sitting, answers, receipt
from ladder.records.isolation import Failed, alone
from ladder.records.late import late_answers
from ladder.records.marking import Given, given
from ladder.visit import Visit


def attempt_page(visit: Visit, learner: int, sitting: Sitting, content: str) -> str:
    """The paper with all that was answered and given; of one whose text cannot be read, or not be shown, what is on record."""
    saved, history = answers(sitting.id), given([sitting.id])
    void = voided(sitting.id) if sitting.voided else None
    staff = people_in(row for rows in history.values() for row in rows) | ({void.by} if void and void.by else set())
    people = lms.people({learner} | staff)
    names = {id_: name for id_, (name, _) in people.items()}
    name, username = people.get(learner, ("–", ""))
    shown = alone(lambda: _parts(sitting, content, saved, history, names), f"The paper of attempt {sitting.id}")
    lost = shown if isinstance(shown, Failed) else None
    parts = _record(sitting, saved, history) if isinstance(shown, Failed) else shown
    return render("desk_attempt", {
        "name": name, "username": username, "sitting": sitting, "void": void, "reason": reason_of(lost.error) if lost else "",
        "voided_by": names.get(void.by, "–") if void and void.by else "",
        "unmarked": sum((sitting.id, item.question) not in history for item in sitting.paper.items if sitting.submitted_at),
        "marks": "" if sitting.marks is None else plain(sitting.marks), "allowed": allowance(learner, visit.course, visit.name),
        "receipt": receipt(sitting, saved) if sitting.submitted_at else "",
        "code": code_of(visit.course, visit.name, sitting.id),
        "may_mark": sitting.submitted_at is not None and not sitting.voided and not sitting.trial and not lost,
        "late": late_rows(sitting, late_answers(sitting.id)), "parts": parts,
    })


Part = dict[str, Any]
_READ = ("stem", "choices", "blanks", "written", "text", "points", "comment", "history")  # what only the text tells


def _parts(
    sitting: Sitting, content: str, saved: Mapping[str, Saved], history: Mapping[tuple[int, str], Sequence[Given]],
    names: Mapping[int, str],
) -> list[Part]:
    """The sections of the paper with a card for each question."""
    file = file_with_key(sitting, content)
    parts: list[list[dict[str, Any]]] = [[] for _ in file.exam.sections]
    for number, item in enumerate(sitting.paper.items, start=1):
        rows = history.get((sitting.id, item.question), [])
        answer = saved[item.question].value if item.question in saved else ()
        parts[item.section].append(_card(number, item, file.questions[item.question], answer, rows, names))
    return [{"title": section.title, "cards": cards} for section, cards in zip(file.exam.sections, parts, strict=True)]


def _record(
    sitting: Sitting, saved: Mapping[str, Saved], history: Mapping[tuple[int, str], Sequence[Given]]
) -> list[Part]:
    """The same of a paper whose text nobody can read: which questions, what was answered, what it has earned."""
    cards = []
    for number, item in enumerate(sitting.paper.items, start=1):
        rows = history.get((sitting.id, item.question), [])
        answer = saved[item.question].value if item.question in saved else ()
        told = alone(partial(said, answer, item), f"The answer {item.question} of attempt {sitting.id}")
        readable = isinstance(answer, list | tuple)
        cards.append({
            "number": number, "id": item.question, "answered": not readable or is_answered(answer), "possible": plain(item.marks),
            "earned": plain(rows[-1].earned) if rows else "", "full": bool(rows and rows[-1].earned == item.marks),
            "recorded": "–" if isinstance(told, Failed) or not told else told,
        } | dict.fromkeys(_READ, ""))
    return [{"title": "", "cards": cards}]


def _card(
    number: int, item: Item, question: Question, answer: Sequence[object], rows: Sequence[Given], names: Mapping[int, str]
) -> dict[str, Any]:
    standing = rows[-1] if rows else None
    points = standing.points if standing and standing.points else ()
    chosen = set(answer) if question.choices else set()
    return {
        "number": number, "id": question.id, "answered": is_answered(answer), "possible": plain(item.marks), "recorded": "",
        "earned": plain(standing.earned) if standing else "", "full": bool(standing and standing.earned == item.marks),
        "stem": BLANK.sub(lambda match: f'<span class="ladder-gap">({escape(match[1])})</span>', html_of(question.stem)),
        "choices": [
            {"letter": column_letters(place + 1), "html": to_inline_html(question.choices[index].text), "chosen": index in chosen,
             "correct": question.choices[index].correct} for place, index in enumerate(item.order)
        ],
        "blanks": [
            {"given": str(answer[place]) if place < len(answer) else "", "right": keys[0]}
            for place, keys in enumerate(question.blanks)
        ],
        "written": question.type in STAFF_MARKED, "text": str(answer[0]) if question.type in STAFF_MARKED and answer else "",
        "points": [
            {"html": to_inline_html(point.text), "possible": plain(point.marks),
             "earned": points[place] if place < len(points) else "–"} for place, point in enumerate(question.key_points)
        ],
        "comment": standing.comment if standing else "",
        "history": [given_row(row, names) for row in reversed(rows)] if len(rows) > 1 or any(row.marker for row in rows) else [],
    }
