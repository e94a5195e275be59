"""A whole course: every file read, everything that points to something checked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ladder.core.bank import Bank
from ladder.core.case import Case
from ladder.core.exam import Exam
from ladder.core.kb import Article
from ladder.core.ladder_check import check_ladder
from ladder.core.lesson import Lesson
from ladder.core.places import Place
from ladder.core.problems import Problem, errors, in_order
from ladder.core.question import Question
from ladder.core.reading import Files, Leaf, Reading, Settings, Source, read_bank, read_file, sort_key
from ladder.core.references import check_references
from ladder.core.stage import Part, Plan, PlannedStage, Stage

Item = TypeVar("Item")


@dataclass(frozen=True)
class StageFolder:
    """A stage with its leaves in file order."""

    stage: Stage
    lessons: tuple[Lesson, ...]
    cases: tuple[Case, ...]
    exams: tuple[Exam, ...]


@dataclass(frozen=True)
class Course:
    """Everything, parsed. `texts` holds each file's text by id, `bank_texts` each bank's."""

    settings: Settings
    stages: tuple[StageFolder, ...]
    articles: tuple[Article, ...]
    banks: tuple[Bank, ...]
    texts: Mapping[str, Source]
    bank_texts: Mapping[str, Source]

    @property
    def plan(self) -> Plan:
        """The ladder as the stage blocks carry it."""
        return Plan(tuple(
            PlannedStage(
                folder.stage.id, folder.stage.title, folder.stage.opens_after, folder.stage.finish,
                tuple(Part(lesson.id, lesson.title) for lesson in folder.lessons),
                tuple(Part(case.id, case.title, case.pass_marks) for case in folder.cases),
                tuple(
                    Part(exam.id, exam.title, exam.pass_marks, exam.attempts, exam.wait_hours, exam.opens_at, exam.closes_at)
                    for exam in folder.exams
                ),
            )
            for folder in self.stages
        ))

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of everything a link can point to."""
        items: list[Article | Leaf] = [*self.articles]
        for folder in self.stages:
            items += [*folder.lessons, *folder.cases, *folder.exams]
        return {item.id: item.title for item in items}

    @cached_property
    def chapters(self) -> dict[str, str]:
        """The category of each article."""
        return {article.id: article.category for article in self.articles}

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where each article stands in the course, and the lessons that link to it."""
        lessons: dict[str, list[Part]] = {}
        for folder in self.stages:
            for lesson in folder.lessons:
                for article in dict.fromkeys(link.id for link in lesson.links):
                    lessons.setdefault(article, []).append(Part(lesson.id, lesson.title))
        return {
            article.id: Place(article.id, article.title, article.category, tuple(lessons.get(article.id, ())))
            for article in self.articles
        }

    @property
    def first_stage(self) -> str:
        """The stage that is open from the start; articles that name no stage belong to it."""
        return self.stages[0].stage.id


def parse_course(
    files: Files, notify: Callable[[str], None] = lambda _: None, now: datetime.datetime | None = None
) -> tuple[Course | None, list[Problem]]:
    """Read a course. The course is None when anything is wrong that stops a build.

    Given the time it is, what is over by now is told as well.
    """
    reading = Reading()
    for name in files.unreadable:
        reading.lose(name)
    for source in sorted(files.course, key=lambda source: sort_key(source.name)):
        read_file(source, reading, files)
        notify(source.name)
    for source in sorted(files.banks, key=lambda source: sort_key(source.name)):
        read_bank(source, reading)
        notify(source.name)
    check_references(reading, files)
    course = _assemble(reading, reading.settings) if reading.settings else None
    if course:
        check_ladder(course.plan, reading, course.settings, now)
    problems = in_order(problem for report in reading.reports.values() for problem in report.problems)
    return (None if any(errors(problems)) else course), problems


def _assemble(reading: Reading, settings: Settings) -> Course:
    folders = []
    for folder in sorted(reading.stages, key=sort_key):
        leaves = [leaf for leaf, _ in reading.leaves.get(folder, [])]
        folders.append(StageFolder(reading.stages[folder][0], _only(leaves, Lesson), _only(leaves, Case), _only(leaves, Exam)))
    texts = {stage.id: source for stage, source in reading.stages.values()}
    texts |= {article.id: source for article, source in reading.articles}
    texts |= {leaf.id: source for leaves in reading.leaves.values() for leaf, source in leaves}
    return Course(
        settings, tuple(folders), tuple(article for article, _ in reading.articles),
        tuple(bank for bank, _ in reading.banks), texts, {bank.id: source for bank, source in reading.banks},
    )


def _only(leaves: Iterable[Leaf], kind: type[Item]) -> tuple[Item, ...]:
    return tuple(leaf for leaf in leaves if isinstance(leaf, kind))


def questions_of(banks: Iterable[Bank]) -> dict[str, Question]:
    """Every question by id."""
    return {question.id: question for bank in banks for question in bank.questions}
