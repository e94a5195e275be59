"""What trainees were told is kept, and whether it is: their ledgers against the rows in the database."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ladder.core.course import Course, questions_of
from ladder.core.marking import Rules, grade
from ladder.core.paper import Paper, read_answer
from trainee import Card

_ATTEMPTS = "SELECT id, learner_id, number, paper, submitted_at IS NOT NULL, marks, pending FROM ladder_attempt WHERE block = ?"
_ANSWERS = "SELECT attempt_id, question, revision, value, op_id FROM ladder_answer ORDER BY id"
_MARKS = "SELECT attempt_id, question, revision, marks FROM ladder_mark ORDER BY id"


@dataclass(frozen=True)
class Save:
    """One answer as it was sent. `item` counts from 1."""

    op_id: str
    item: int
    revision: int
    value: list[Any]


@dataclass
class Attempt:
    """What was acknowledged in one attempt."""

    saves: list[Save] = field(default_factory=list)
    handed_in: bool = False


@dataclass
class Ledger:
    """What was acknowledged to one trainee, by number of the attempt."""

    learner: int
    attempts: dict[int, Attempt] = field(default_factory=lambda: defaultdict(Attempt))


def some_answer(card: Card, chance: random.Random) -> list[Any]:
    """Something that a page could send for a question. Never right where it is written."""
    if card.blanks:
        return [f"?{chance.randrange(1000)}" for _ in range(card.blanks)]
    if not card.choices:
        return [f"回答 {chance.randrange(1000)}"]
    count = chance.randint(1, len(card.choices)) if card.type == "multiple" else 1
    return chance.sample(range(len(card.choices)), count)


def faults(database: Path, course: Course, exam: str, ledgers: Iterable[Ledger]) -> list[str]:
    """Everything that is lost, doubled, changed, of unknown origin, or wrongly marked. Empty when all is well."""
    rows = sqlite3.connect(database)
    try:
        sound = rows.execute("PRAGMA integrity_check").fetchone()[0]
        answers, marks = _by_attempt(rows, _ANSWERS), _by_attempt(rows, _MARKS)
        found = [] if sound == "ok" else [f"the database says: {sound}"]
        expected = {(ledger.learner, number): attempt for ledger in ledgers for number, attempt in ledger.attempts.items()}
        for id_, learner, number, paper, submitted, total, pending in rows.execute(_ATTEMPTS, [exam]):
            attempt = expected.pop((learner, number), None)
            if attempt is None:
                found.append(f"attempt {number} of trainee {learner}: of unknown origin")
                continue
            judge = _Judge(course, exam, Paper.from_json(json.loads(paper)), attempt)
            result = (bool(submitted), total, bool(pending))
            faulty = [*judge.answers(answers[id_]), *judge.result(result, marks[id_])]
            found += [f"attempt {number} of trainee {learner}: {fault}" for fault in faulty]
        return found + [f"attempt {number} of trainee {learner}: lost" for learner, number in expected]
    finally:
        rows.close()


def _by_attempt(database: sqlite3.Connection, statement: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for attempt, *row in database.execute(statement):
        found[attempt].append(row)
    return found


class _Judge:
    """One attempt: what was acknowledged beside what is in the tables."""

    def __init__(self, course: Course, exam: str, paper: Paper, attempt: Attempt) -> None:
        self.paper, self.attempt = paper, attempt
        self.questions = questions_of(course.banks)
        self.exam = next(found for folder in course.stages for found in folder.exams if found.id == exam)
        # The newest acknowledged revision of each question, and each acknowledged answer as it should have been kept.
        self.newest: dict[str, tuple[int, Any]] = {}
        self.kept: dict[str, tuple[str, int, list[Any]]] = {}
        for save in attempt.saves:
            item = paper.items[save.item - 1]
            value = read_answer(save.value, item, self.questions[item.question])
            self.kept[save.op_id] = (item.question, save.revision, list(value))
            self.newest[item.question] = max((save.revision, value), self.newest.get(item.question, (0, ())))

    def answers(self, rows: list[Any]) -> Iterable[str]:
        """Faults of the answers."""
        there: dict[str, tuple[str, int, list[Any]]] = {}
        revisions: dict[str, list[int]] = defaultdict(list)
        for question, revision, value, op_id in rows:
            if op_id in there:
                yield f"answer {op_id} is doubled"
            there[op_id] = (question, revision, json.loads(value))
            revisions[question].append(revision)
        for op_id, answer in self.kept.items():
            if op_id not in there:
                yield f"answer {op_id} is lost"
            elif there[op_id] != answer:
                yield f"answer {op_id} is {there[op_id]} and not {answer}"
        yield from (f"answer {op_id} is of unknown origin" for op_id in there.keys() - self.kept.keys())
        for question, numbers in revisions.items():
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"the revisions of {question} are {numbers}"
            if numbers[-1] != self.newest.get(question, (0, ()))[0]:
                yield f"revision {numbers[-1]} of {question} stands and not the newest that was acknowledged"

    def result(self, result: tuple[bool, Any, bool], rows: list[Any]) -> Iterable[str]:
        """Faults of the marks, which are computed again from what the trainee was told is kept."""
        submitted, total, pending = result
        if submitted != self.attempt.handed_in:
            yield f"handed in: {submitted}, acknowledged: {self.attempt.handed_in}"
        if not (submitted and self.attempt.handed_in):
            return
        given = {question: value for question, (_, value) in self.newest.items()}
        right = grade(self.paper, self.questions, given, Rules(self.exam.multiple, self.exam.rounding))
        marks = {item.question: item.earned for item in right.items if item.earned is not None}
        there = {question: _hundredths(earned) for question, _, earned in rows}
        if len(rows) != len(there) or there != marks:
            yield f"marks {rows} and not {marks}"
        if (pending, None if total is None else _hundredths(total)) != (right.pending, None if right.pending else right.marks):
            yield f"{total} marks, pending {pending}, and not {right.marks}, {right.pending}"


def _hundredths(marks: Any) -> Decimal:
    return Decimal(str(marks)).quantize(Decimal("0.01"))
