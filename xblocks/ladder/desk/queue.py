"""The queue of written answers of an exam, and the code names that answers have in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ladder import lms
from ladder.core.errors import Malformed, Refused, Unmarkable
from ladder.core.question import STAFF_MARKED, Question
from ladder.exam_file import ExamFile, file_of, files_of
from ladder.records.exam import Sitting, sitting_by_id
from ladder.records.isolation import each
from ladder.records.marking import handed_in, markers, waiting


@dataclass(frozen=True)
class Written:
    """A written answer of an attempt whose marks are not released."""

    attempt: int
    question: str
    submitted_at: datetime.datetime
    marked: bool


@dataclass(frozen=True)
class Queue:
    """Written answers, those handed in first before the others: the order says when, never who.

    `questions` are those that people mark, by id; `ready` counts attempts that wait for nothing but their release, and
    `unmarkable` those of which nothing can be shown.
    """

    answers: tuple[Written, ...]
    questions: Mapping[str, Question]
    ready: int
    unmarkable: int = 0

    def of(self, question: str) -> list[Written]:
        """The answers to one question."""
        return [answer for answer in self.answers if answer.question == question]

    def after(self, question: str, attempt: int | None) -> Written | None:
        """The next answer to a question that waits: after that of `attempt`, else from the beginning."""
        answers = self.of(question)
        here = next((place for place, answer in enumerate(answers) if answer.attempt == attempt), -1)
        return next((answer for answer in answers[here + 1:] + answers[:here + 1] if not answer.marked), None)

    def with_marks(self, attempt: int, question: str) -> Queue:
        """The queue after marks have been given."""
        answers = (replace(answer, marked=True) if (answer.attempt, answer.question) == (attempt, question) else answer
                   for answer in self.answers)
        return replace(self, answers=tuple(answers))


@dataclass(frozen=True)
class Chosen:
    """One answer of the queue, or of an attempt released already, with what is needed to mark it."""

    learner: int
    sitting: Sitting
    file: ExamFile
    question: Question


def read_queue(course: str, block: str, content: str) -> Queue:
    """The queue as it stands. Two statements, one more when attempts were drawn from older texts."""
    attempts = waiting(course, block)
    files = dict(files_of({attempt.digest for attempt in attempts}, content).results)
    read = each(
        [attempt for attempt in attempts if attempt.digest in files],
        lambda attempt: {id_: files[attempt.digest].questions[id_] for id_ in attempt.questions},
        lambda attempt: f"Queueing attempt {attempt.attempt}",
    ).results
    asked = {id_: question for _, mine in read for id_, question in mine.items() if question.type in STAFF_MARKED}
    given = markers([attempt.attempt for attempt, _ in read], list(asked)) if read else {}
    answers, ready = [], 0
    for attempt, _ in read:
        missing = False
        for question in attempt.questions:
            key = (attempt.attempt, question)
            if question in asked and given.get(key, 0) is not None:  # the program has marked what was left empty
                answers.append(Written(attempt.attempt, question, attempt.submitted_at, key in given))
                missing = missing or key not in given
        ready += not missing
    return Queue(tuple(answers), asked, ready, len(attempts) - len(read))


def code_of(course: str, block: str, attempt: int) -> str:
    """The name that an attempt has in the queue. It says nothing of whose it is."""
    return lms.secret_code(f"{course} {block} {attempt}")


def choose(course: str, block: str, content: str, question: str, code: str, queue: Queue | None = None) -> Chosen:
    """The answer that a code names; Refused when there is none. Two statements, one less when it is in a queue that was read."""
    queued = [answer.attempt for answer in queue.of(question)] if queue else []
    attempt = next((id_ for id_ in queued if code_of(course, block, id_) == code), None)
    if attempt is None:
        attempt = next((id_ for id_ in handed_in(course, block) if code_of(course, block, id_) == code), None)
    found = None if attempt is None else sitting_by_id(attempt, course, block)
    if found is None:
        raise Refused("This answer does not exist.")
    learner, sitting = found
    try:
        file = file_of(sitting, content)
    except Unmarkable as error:
        raise Refused("This answer cannot be shown: the text of its exam can no longer be read.") from error
    if question not in {item.question for item in sitting.paper.items} or file.questions[question].type not in STAFF_MARKED:
        raise Malformed("question")
    return Chosen(learner, sitting, file, file.questions[question])
