"""Who failed twice running, with the evidence, for the front page of an exam's desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ladder.core.marks import plain
from ladder.core.review import Flag, Outcome
from ladder.exam_file import ExamFile, parse_text
from ladder.pages import render
from ladder.records.isolation import each
from ladder.records.review import lost_marks

WEAKEST = 3


def flags_html(found: Mapping[int, Flag], people: Mapping[int, tuple[str, str]], exams: Callable[[str], Any]) -> str:
    """The list, or nothing. `exams` gives the exam block of a name, or None. One statement."""
    if not found:
        return ""
    lost = lost_marks([outcome.attempt for flag in found.values() for outcome in flag.evidence])
    blocks = {outcome.exam: exams(outcome.exam) for flag in found.values() for outcome in flag.evidence}
    there = {name: block for name, block in blocks.items() if block is not None}
    files = dict(each(there, lambda name: parse_text(there[name].content), "Reading exam {}".format).results)
    titles = {name: block.title for name, block in there.items()}
    return render("exam_flags", {"flags": [
        {"name": people.get(learner, (str(learner), ""))[0], "since": flag.since,
         "evidence": [_evidence(outcome, titles, files, lost.get(outcome.attempt, {})) for outcome in flag.evidence]}
        for learner, flag in sorted(found.items(), key=lambda pair: pair[1].evidence[1].submitted_at, reverse=True)
    ]})


def _evidence(
    outcome: Outcome, titles: Mapping[str, str], files: Mapping[str, ExamFile], lost: Mapping[str, Decimal]
) -> dict[str, Any]:
    return {
        "exam": titles.get(outcome.exam, outcome.exam), "number": outcome.number, "at": outcome.submitted_at,
        "marks": "–" if outcome.marks is None else plain(outcome.marks),
        "weak": list(_weak_points(files.get(outcome.exam), lost)),
    }


def _weak_points(file: ExamFile | None, lost: Mapping[str, Decimal]) -> Iterable[str]:
    """Titles of the articles on which most marks were lost."""
    if file is None:
        return []
    points: dict[str, Decimal] = defaultdict(Decimal)
    for id_, marks in lost.items():
        question = file.questions.get(id_)
        if question and question.kb and question.kb.article in file.places:
            points[file.places[question.kb.article].title] += marks
    return sorted(points, key=lambda title: -points[title])[:WEAKEST]
