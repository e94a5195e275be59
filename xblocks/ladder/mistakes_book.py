"""A learner's book of mistakes, put together from attempts, texts and redos: what was got wrong and may be shown now."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ladder.core.errors import ContentError
from ladder.core.exam import Exam
from ladder.core.mistakes import BOOK, Event, Lapse, Mistake, Origin, Rulebook, parse_mistakes, redos_needed, standing
from ladder.core.places import Place, parse_places
from ladder.core.problems import Report, errors
from ladder.core.question import Question
from ladder.core.regrade import rekeyed
from ladder.core.sitting import may_be_reviewed, waits_for_others
from ladder.core.stage import parse_plan
from ladder.exam_file import ExamFile, parse_text as parse_exam_text
from ladder.payload import parse_files, refuse_errors
from ladder.records.mistakes import Done, Sat, Sittings, Wrong
from ladder.records.source import source_texts


@dataclass(frozen=True)
class MistakesFile:
    """A payload: when a question leaves and the exams there are, and the places of the articles that questions name."""

    rules: Rulebook
    places: Mapping[str, Place]


@functools.lru_cache(maxsize=128)
def parse_text(content: str) -> MistakesFile:
    """The settings of a payload; ContentError with every problem when it cannot be used."""
    models, problems = parse_files(content, {
        BOOK: lambda document, *_: parse_mistakes(document),
        "places": lambda document, *_: parse_places(document),
        "plan": lambda document, _, report: parse_plan(document, report),
    })
    report = Report("content")
    if not models[BOOK] and not any(errors(problems)):
        report.error("wrong-kind", 1, kind=BOOK)
    refuse_errors([*problems, *report.problems])
    return MistakesFile(models[BOOK][0], {name: place for found in models["places"] for name, place in found.items()})


@dataclass(frozen=True)
class Waiting:
    """Attempts at one exam that show nothing here yet. `reason`: marking, window (until `closes_at`) or never.

    `count` is how many of their questions wait; None while their marks are not to be known.
    """

    title: str
    reason: str
    closes_at: datetime.datetime | None = None
    count: int | None = None


@dataclass(frozen=True)
class Book:
    """What a learner's book holds. `aside` questions are kept back because they are on a paper that is running."""

    open: tuple[Mistake, ...]
    mastered: tuple[Mistake, ...]
    waiting: tuple[Waiting, ...]
    aside: frozenset[str]
    sat: bool

    @property
    def all(self) -> tuple[Mistake, ...]:
        """Every question that may be shown, in the order of the book: last got wrong first."""
        return tuple(sorted((*self.open, *self.mastered), key=_last_wrong_first))

    def find(self, question: str) -> Mistake | None:
        """A question of the book, open or mastered."""
        return next((mistake for mistake in (*self.open, *self.mastered) if mistake.id == question), None)


def _last_wrong_first(mistake: Mistake) -> tuple[float, str]:
    return -mistake.lapses[0].at.timestamp(), mistake.id


class _Texts:
    """The exams as they stand today, and the texts that attempts were drawn from."""

    def __init__(self, sat: Iterable[Sat], text_of: Callable[[str], str | None]) -> None:
        self.today = {block: _parsed(text_of(block)) for block in dict.fromkeys(attempt.block for attempt in sat)}
        lost = [attempt for attempt in sat if self._is_lost(attempt)]
        self._kept = source_texts({name for attempt in lost for name in (attempt.digest, attempt.key) if name})

    def _is_lost(self, attempt: Sat) -> bool:
        """Whether today's text does not tell what this attempt asked."""
        file = self.today[attempt.block]
        return file is None or any(wrong.question not in file.questions for wrong in attempt.wrong)

    def exam(self, attempt: Sat) -> Exam | None:
        """The exam as it stands today; as it was when there is none any more."""
        file = self.today[attempt.block] or self._asked(attempt.digest)
        return file.exam if file else None

    def question(self, id_: str, attempts: Sequence[Sat]) -> Question | None:
        """A question as it is asked today, else as it was asked last, with the key that marked it then."""
        for attempt in attempts:
            file = self.today[attempt.block]
            if file and id_ in file.questions:
                return file.questions[id_]
        for attempt in attempts:
            asked, key = self._asked(attempt.digest), self._asked(attempt.key)
            question = asked.questions.get(id_) if asked else None
            if question:
                return (rekeyed(question, key.questions.get(id_)) if key else None) or question
        return None

    def _asked(self, digest: str) -> ExamFile | None:
        return _parsed(self._kept.get(digest))


def _parsed(content: str | None) -> ExamFile | None:
    """An exam's text, read; None when there is none or it cannot be used."""
    if content is None:
        return None
    try:
        return parse_exam_text(content)
    except ContentError:
        return None


def make_book(
    file: MistakesFile, sittings: Sittings, redos: Mapping[str, Sequence[Done]], text_of: Callable[[str], str | None],
    sat_until: Callable[[str], datetime.datetime | None], now: datetime.datetime,
) -> Book:
    """The book as it stands.

    `text_of` gives the content of an exam's block, None when there is no such block; `sat_until` the last deadline of those who
    still sit an exam.
    """
    titles = {exam.id: exam.title for exam in file.rules.exams}
    texts = _Texts(sittings.sat, text_of)
    lapses: dict[str, list[tuple[Lapse, Sat]]] = {}
    closed: list[tuple[str, Exam, Sat]] = []
    for sat in sittings.sat:
        exam = texts.exam(sat)
        if exam is None:
            continue
        origin = Origin("exam", sat.block, titles.get(sat.block, exam.title))
        if not may_be_reviewed(exam, sat.released_at, now, sat_until(sat.block) if waits_for_others(exam, now) else None):
            closed.append((origin.title, exam, sat))
            continue
        for wrong in sat.wrong:
            lapses.setdefault(wrong.question, []).append((_lapse(origin, sat, wrong), sat))
    found = []
    for id_, made in lapses.items():
        made.sort(key=lambda lapse: lapse[0].at, reverse=True)
        question = texts.question(id_, [sat for _, sat in made])
        if question and id_ not in sittings.running:
            place = file.places.get(question.kb.article) if question.kb else None
            found.append(Mistake(question, place, tuple(lapse for lapse, _ in made), standing((), 1)))
    aside = frozenset(lapses) & sittings.running
    book = Book(tuple(found), (), _waiting(closed, frozenset(lapses)), aside, bool(sittings.sat))
    return book_after(book, redos, file.rules)


def book_after(book: Book, redos: Mapping[str, Sequence[Done]], rules: Rulebook) -> Book:
    """The same book when these are all the redos there are."""
    found = [with_redos(mistake, redos.get(mistake.id, ()), rules) for mistake in book.all]
    return replace(book, open=tuple(mistake for mistake in found if not mistake.standing.mastered),
                   mastered=tuple(mistake for mistake in found if mistake.standing.mastered))


def _lapse(origin: Origin, sat: Sat, wrong: Wrong) -> Lapse:
    return Lapse(origin, sat.number, sat.submitted_at, wrong.earned, wrong.possible, wrong.points, wrong.comment, wrong.written)


def with_redos(mistake: Mistake, done: Sequence[Done], rules: Rulebook) -> Mistake:
    """A mistake as it stands after these redos."""
    wrong = [Event(lapse.at, right=False, redo=False) for lapse in mistake.lapses]
    stands = standing([*wrong, *(redo.event for redo in done)], redos_needed(mistake.question, rules.leaves_after))
    return replace(mistake, standing=stands, redos=len(done))


def _waiting(closed: Sequence[tuple[str, Exam, Sat]], shown: frozenset[str]) -> tuple[Waiting, ...]:
    """What waits, exam by exam. How many of an unreleased attempt is not told: it would tell the marks."""
    found: dict[Waiting, set[str]] = {}
    for title, exam, sat in closed:
        if sat.released_at is None:
            found.setdefault(Waiting(title, "marking"), set())
            continue
        row = Waiting(title, "never") if exam.review == "never" else Waiting(title, "window", exam.closes_at)
        found.setdefault(row, set()).update(wrong.question for wrong in sat.wrong if wrong.question not in shown)
    told = (row if row.reason == "marking" else replace(row, count=len(questions)) for row, questions in found.items())
    return tuple(row for row in told if row.count != 0)
