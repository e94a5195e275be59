"""The text of an exam block, read: the blueprint, the banks it draws from, where their articles stand."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from ladder.core.bank import Bank, parse_bank
from ladder.core.course import questions_of
from ladder.core.drawing import Pool, check_supply, make_pool
from ladder.core.errors import ContentError, Unmarkable
from ladder.core.exam import MAX_QUESTIONS, Exam, parse_exam
from ladder.core.places import Place, parse_places
from ladder.core.problems import Problem, Report, errors, in_order, unreadable
from ladder.core.question import Question
from ladder.core.regrade import with_key
from ladder.payload import parse_files, parsed_once, refuse_errors
from ladder.records.exam import Sitting
from ladder.records.isolation import Done, each
from ladder.records.journal import Unprepared
from ladder.records.source import digest_of, source_text, source_texts


@dataclass(frozen=True)
class ExamFile:
    """A payload: the blueprint, the banks it draws from, and the places of the articles that their questions name."""

    exam: Exam
    banks: Mapping[str, Bank]
    questions: Mapping[str, Question]
    places: Mapping[str, Place]

    @functools.cached_property
    def chapters(self) -> dict[str, str]:
        """The category of each article that is named."""
        named = {question.kb.article for question in self.questions.values() if question.kb}
        known = {place.article: place.chapter for place in self.places.values()}
        return dict.fromkeys(named | {row.kb for row in self.exam.rows if row.kb}, "") | known

    @functools.cached_property
    def pool(self) -> Pool:
        """What papers are drawn from."""
        return make_pool(self.exam, self.banks, self.chapters)


def parse_text(content: str) -> ExamFile:
    """The exam of a payload; ContentError with every problem when it cannot be read.

    Whether it could be drawn today does not matter here: checks may have become stricter since attempts were drawn from it.
    """
    return _read(content)[0]


@parsed_once(128)
def _read(content: str) -> tuple[ExamFile, tuple[Problem, ...]]:
    """The exam of a payload, and why nobody should be asked it any more."""
    models, problems = parse_files(content, {
        "exam": parse_exam, "bank": parse_bank, "places": lambda document, *_: parse_places(document),
    })
    report = Report("content")
    if not models["exam"] and not any(errors(problems)):
        report.error("wrong-kind", 1, kind="exam")
    problems += report.problems
    if unreadable(problems):
        raise ContentError(in_order(errors(problems)))
    banks = {bank.id: bank for bank in models["bank"]}
    places = {name: place for found in models["places"] for name, place in found.items()}
    return ExamFile(models["exam"][0], banks, questions_of(banks.values()), places), tuple(problems)


@parsed_once(128)
def parse_for_drawing(content: str) -> ExamFile:
    """The exam of a payload; ContentError with every problem when it cannot be read or no sound paper can be drawn from it."""
    (file, problems), report = _read(content), Report("content")
    if file.exam.count <= MAX_QUESTIONS:
        check_supply(file.pool, file.banks, file.chapters, report)
    refuse_errors([*problems, *report.problems])
    return file


def read_ahead(content: str) -> None:
    """Read a text that will be asked for under a lock; what is wrong with it is told there."""
    with suppress(ContentError):
        parse_for_drawing(content)


def file_with_key(sitting: Sitting, content: str) -> ExamFile:
    """The text an attempt was drawn from, with the key that marked it. Unmarkable when one of them cannot be read any more."""
    file = file_of(sitting, content)
    if not sitting.key:
        return file
    return replace(file, questions=with_key(file.questions, _kept(sitting.key, content).questions))


def file_of(sitting: Sitting, content: str) -> ExamFile:
    """The text an attempt was drawn from: today's when nothing has changed, else the one kept with it.

    Unmarkable when it cannot be read any more, or does not hold what the paper asks; or when the paper cannot be read.
    """
    if sitting.lost:
        raise Unmarkable from ValueError("paper")
    file = _kept(sitting.digest, content)
    sections = len(file.exam.sections)
    if any(item.question not in file.questions or item.section >= sections for item in sitting.paper.items):
        raise Unmarkable
    return file


def _kept(digest: str, content: str) -> ExamFile:
    try:
        return parse_text(content if digest == digest_of(content) else source_text(digest))
    except ContentError as error:
        raise Unmarkable from error


def files_of(digests: Collection[str], content: str) -> Done[str, ExamFile]:
    """The texts that attempts were drawn from, by digest, and those that cannot be read any more.

    No statement as long as all are today's, else one at most.
    """
    today = digest_of(content)
    texts = source_texts({*digests} - {today}) | {today: content}
    try:
        return each(sorted(digests), lambda digest: parse_text(texts[digest]), "The text {} of an exam".format)
    except Unprepared as cold:
        raise Unprepared(lambda: _parse_all(texts.values())) from cold


def _parse_all(texts: Iterable[str]) -> None:
    for text in texts:
        with suppress(ContentError):
            parse_text(text)
