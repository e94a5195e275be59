"""A whole course: every file read, everything that points to something checked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from ladder.core.bank import Bank, Question, parse_bank
from ladder.core.case import Case, parse_case
from ladder.core.document import Document, Line, Meta, Place, parse_document
from ladder.core.exam import Exam, check_supply, parse_exam
from ladder.core.kb import Article, Heading, Link, find_links, parse_article, prose
from ladder.core.lesson import Lesson, parse_lesson
from ladder.core.problems import Problem, Report, errors, in_order, nearest
from ladder.core.stage import Finish, Part, Plan, PlannedStage, Stage, parse_stage

Leaf = Lesson | Case | Exam
Item = TypeVar("Item")
_LEAVES: dict[str, Callable[[Document, str, Report], Leaf]] = {"lesson": parse_lesson, "case": parse_case, "exam": parse_exam}
_ORDER = re.compile(r"(?P<order>\d+)-(?P<name>.+)\Z")
_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<name>[^)\s]+)[^)]*\)")
_NAME = re.compile(r"[A-Za-z0-9_.-]+\Z")
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A file as it was written. `name` is its path in the course, `shown` the path an author knows."""

    name: str
    shown: str
    text: str


@dataclass(frozen=True)
class Files:
    """What a course folder and its banks hold. `unreadable` are names of files that are there but are no text."""

    course: tuple[Source, ...]
    banks: tuple[Source, ...]
    static: frozenset[str]
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """`course.md`."""

    title: str
    org: str
    number: str
    run: str
    language: str
    start: datetime.date
    end: datetime.date
    image: str
    summary: str
    about: str


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
                tuple(Part(exam.id, exam.title, exam.pass_marks) for exam in folder.exams),
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

    @property
    def first_stage(self) -> str:
        """The stage that is open from the start; articles that name no stage belong to it."""
        return self.stages[0].stage.id


@dataclass
class _Reading:
    """What has been read so far, with a report for each file.

    `doubtful` are the ids and folders of files that could not be read in full: one fault there must not be told again by
    everything that points there.
    """

    settings: Settings | None = None
    stages: dict[str, tuple[Stage, Source]] = field(default_factory=dict)
    leaves: dict[str, list[tuple[Leaf, Source]]] = field(default_factory=dict)
    articles: list[tuple[Article, Source]] = field(default_factory=list)
    banks: list[tuple[Bank, Source]] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def report(self, source: Source) -> Report:
        return self.reports.setdefault(source.name, Report(source.shown))

    def lose(self, name: str) -> None:
        folder = PurePosixPath(name).parts[0]
        self.doubtful.update((folder, id_of(folder), id_of(name)))


def sort_key(name: str) -> tuple[tuple[int, str], ...]:
    """File order: by number prefix, then by name."""
    key = []
    for part in PurePosixPath(name).parts:
        match = _ORDER.match(part)
        key.append((int(match["order"]), match["name"]) if match else (10**6, part))
    return tuple(key)


def id_of(name: str) -> str:
    """The id a file or folder name stands for."""
    stem = PurePosixPath(name).name.removesuffix(".md")
    match = _ORDER.match(stem)
    return match["name"] if match else stem


def parse_course(files: Files, notify: Callable[[str], None] = lambda _: None) -> tuple[Course | None, list[Problem]]:
    """Read a course. The course is None when anything is wrong that stops a build."""
    reading = _Reading()
    for name in files.unreadable:
        reading.lose(name)
    for source in sorted(files.course, key=lambda source: sort_key(source.name)):
        _read_file(source, reading, files)
        notify(source.name)
    for source in sorted(files.banks, key=lambda source: sort_key(source.name)):
        report = reading.report(source)
        document = parse_document(source.text, report, ("bank",))
        if document:
            reading.documents[source.name] = document
            bank = parse_bank(document, id_of(source.name), report)
            reading.banks.append((bank, source))
            reading.doubtful.update(bank.id for _ in errors(report.problems))
        else:
            reading.lose(source.name)
        notify(source.name)
    _check(reading, files)
    problems = in_order(problem for report in reading.reports.values() for problem in report.problems)
    if reading.settings is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    return _assemble(reading), problems


def _read_file(source: Source, reading: _Reading, files: Files) -> None:
    parts = PurePosixPath(source.name).parts
    report = reading.report(source)
    allowed = ("course",) if parts == ("course.md",) else ("article",) if parts[0] == "kb" else (
        ("stage",) if parts[-1] == "stage.md" else ("lesson", "case", "exam"))
    document = parse_document(source.text, report, allowed)
    if document is None:
        reading.lose(source.name)
        return
    reading.documents[source.name] = document
    default = id_of(source.name)
    if document.kind == "course":
        reading.settings = _parse_settings(document, report, files.static)
    elif document.kind == "article":
        reading.articles.append((parse_article(document, default, report), source))
    elif document.kind == "stage":
        stage = parse_stage(document, id_of(parts[0]), report)
        reading.stages[parts[0]] = (stage, source)
        reading.doubtful.update(stage.id for _ in errors(report.problems))
    else:
        leaf = _LEAVES[document.kind](document, default, report)
        reading.leaves.setdefault(parts[0], []).append((leaf, source))


def _parse_settings(document: Document, report: Report, static: Collection[str]) -> Settings:
    meta = document.meta
    names = {}
    for key in ("org", "number", "run"):
        names[key] = meta.text(key, required=True)
        if names[key] and not _NAME.match(names[key]):
            place = meta.place(key)
            report.error("bad-course-key", place.line, place.column, place.length, key=key, value=names[key])
    image = meta.text("image")
    if image and image not in static:
        place = meta.place("image")
        report.error("missing-image", place.line, place.column, place.length, name=image, known=nearest(image, static))
    start, end = meta.date("start", required=True), meta.date("end", required=True)
    if start and end and end <= start:
        place = meta.place("end")
        report.error("end-before-start", place.line, place.column, place.length)
    settings = Settings(
        meta.text("title", required=True), names["org"], names["number"], names["run"], meta.text("language", "zh-CN"),
        start or datetime.date.min, end or datetime.date.max, image, meta.text("summary"), document.body.strip(),
    )
    meta.text("banks")
    meta.done()
    return settings


# -- what points to what --------------------------------------------------------------------------------------------


def _check(reading: _Reading, files: Files) -> None:
    if "course.md" not in {source.name for source in files.course} | files.unreadable:
        folder = next((source.shown.removesuffix(source.name) for source in files.course), "")
        reading.reports["course.md"] = Report(f"{folder}course.md")
        reading.reports["course.md"].error("no-course", 1)
    _check_ids(reading)
    _check_stages(reading)
    _check_links(reading)
    _check_questions(reading)
    _check_exams(reading)
    for name, document in reading.documents.items():
        _check_images(document.lines, reading.reports[name], files.static)


def _check_ids(reading: _Reading) -> None:
    seen: dict[str, str] = {}
    named: list[tuple[str, Source]] = [(stage.id, source) for stage, source in reading.stages.values()]
    named += [(article.id, source) for article, source in reading.articles]
    named += [(leaf.id, source) for leaves in reading.leaves.values() for leaf, source in leaves]
    for id_, source in named:
        if id_ in seen:
            place = reading.documents[source.name].meta.place("id")
            reading.report(source).error("id-taken", place.line, place.column, place.length, id=id_, file=seen[id_])
        seen.setdefault(id_, source.shown)
    banks: dict[str, str] = {}
    for bank, source in reading.banks:
        if bank.id in banks:
            place = reading.documents[source.name].meta.place("id")
            reading.report(source).error("id-taken", place.line, place.column, place.length, id=bank.id, file=banks[bank.id])
        banks.setdefault(bank.id, source.shown)


def _stage_order(reading: _Reading) -> list[str]:
    return [reading.stages[folder][0].id for folder in sorted(reading.stages, key=sort_key)]


def _check_stages(reading: _Reading) -> None:
    order = _stage_order(reading)
    for folder, leaves in reading.leaves.items():
        if folder not in reading.stages and folder not in reading.doubtful:
            _, source = leaves[0]
            reading.report(source).error("no-stage", 1, 1, folder=folder)
    for folder, (stage, source) in reading.stages.items():
        meta, report = reading.documents[source.name].meta, reading.report(source)
        earlier = order[: order.index(stage.id)]
        if stage.opens_after and stage.opens_after not in reading.doubtful:
            _check_opening(stage.opens_after, earlier, reading, meta.place("opens_after"), report)
        if folder not in reading.doubtful:
            if not earlier and not stage.opens_after and folder not in reading.leaves:
                report.warning("empty-stage", meta.start.line, stage=stage.id)
            _check_finish(stage, reading.leaves.get(folder, []), meta.mapping("finish"), report)
    if not reading.stages and reading.settings is not None and not reading.doubtful:
        reading.reports["course.md"].error("no-stages", 1)


def _check_opening(awaited: str, earlier: list[str], reading: _Reading, place: Place, report: Report) -> None:
    """The stage that must be finished first has to be there, come earlier, and say what finishes it."""
    finishes = {stage.id: stage.finish for stage, _ in reading.stages.values()}
    if awaited not in finishes:
        report.error("unknown-stage", place.line, place.column, place.length, stage=awaited, known=nearest(awaited, finishes))
    elif awaited not in earlier:
        report.error("stage-order", place.line, place.column, place.length, stage=awaited)
    elif finishes[awaited] == Finish():
        report.error("never-opens", place.line, place.column, place.length, stage=awaited)


def _check_finish(stage: Stage, leaves: list[tuple[Leaf, Source]], finish: Meta | None, report: Report) -> None:
    """A rule about parts that a filled stage does not have could never be met. Empty stages are still to be written."""
    kinds = {type(leaf) for leaf, _ in leaves}
    wants = {"lessons": (stage.finish.lessons, Lesson), "cases": (stage.finish.cases, Case),
             "theory": (stage.finish.theory is not None, Exam), "practice": (stage.finish.practice is not None, Case)}
    for key, (wanted, kind) in wants.items():
        if leaves and finish and wanted and kind not in kinds:
            place = finish.keys[key]
            report.error("cannot-finish", place.line, place.column, place.length, key=key)


def _check_links(reading: _Reading) -> None:
    headings: dict[str, tuple[Heading, ...]] = {article.id: article.headings for article, _ in reading.articles}
    order = _stage_order(reading)
    opens = {article.id: order.index(article.stage) if article.stage in order else 0 for article, _ in reading.articles}
    for folder, leaves in reading.leaves.items():
        rank = order.index(reading.stages[folder][0].id) if folder in reading.stages else len(order)
        for leaf, _ in leaves:
            headings.setdefault(leaf.id, leaf.headings if isinstance(leaf, Lesson) else ())
            opens.setdefault(leaf.id, rank)
    for article, source in reading.articles:
        if article.stage and article.stage not in order and article.stage not in reading.doubtful:
            place = reading.documents[source.name].meta.place("stage")
            reading.report(source).error("unknown-stage", place.line, place.column, place.length,
                                         stage=article.stage, known=nearest(article.stage, order))
        _check_locked_links(article.links, opens, opens[article.id], reading.report(source))
    for leaves in reading.leaves.values():
        for leaf, source in leaves:
            if not isinstance(leaf, Exam):
                _check_locked_links(leaf.links, opens, opens[leaf.id], reading.report(source))
    for name, document in reading.documents.items():
        links = (link for link in find_links(document.lines) if link.id not in reading.doubtful)
        _check_each_link(links, headings, reading.reports[name])


def _check_each_link(links: Iterable[Link], headings: Mapping[str, tuple[Heading, ...]], report: Report) -> None:
    for link in links:
        if link.id not in headings:
            report.error("broken-link", link.line, link.column, link.length, id=link.id, known=nearest(link.id, headings))
        elif link.heading and link.heading not in {heading.title for heading in headings[link.id]}:
            known = nearest(link.heading, [heading.title for heading in headings[link.id]])
            report.error("broken-anchor", link.line, link.column, link.length, id=link.id, heading=link.heading, known=known)


def _check_locked_links(links: Iterable[Link], opens: Mapping[str, int], rank: int, report: Report) -> None:
    for link in links:
        if opens.get(link.id, 0) > rank:
            report.warning("locked-link", link.line, link.column, link.length, id=link.id)


def _check_questions(reading: _Reading) -> None:
    headings = {article.id: {heading.title for heading in article.headings} for article, _ in reading.articles}
    seen: dict[str, str] = {}
    for bank, source in reading.banks:
        report = reading.report(source)
        for reference, line, column, length in bank.kb_places:
            if reference.article in reading.doubtful:
                continue
            if reference.article not in headings:
                reading.doubtful.add(bank.id)
                report.error("unknown-article", line, column, length, id=reference.article,
                             known=nearest(reference.article, headings))
            elif reference.heading and reference.heading not in headings[reference.article]:
                report.error("broken-anchor", line, column, length, id=reference.article, heading=reference.heading,
                             known=nearest(reference.heading, headings[reference.article]))
        for question in bank.questions:
            if question.id in seen and seen[question.id] != source.shown:
                report.error("id-taken", question.line, 1, 2, id=question.id, file=seen[question.id])
            seen.setdefault(question.id, source.shown)


def _check_exams(reading: _Reading) -> None:
    banks = {bank.id: bank for bank, _ in reading.banks}
    articles = {article.id for article, _ in reading.articles}
    for leaves in reading.leaves.values():
        for leaf, source in leaves:
            if isinstance(leaf, Exam) and not reading.doubtful.intersection(row.bank for row in leaf.rows):
                check_supply(leaf, banks, articles | reading.doubtful, reading.report(source))


def _check_images(lines: Sequence[Line], report: Report, static: Collection[str]) -> None:
    for line in prose(lines):
        for match in _IMAGE.finditer(line.text) if "![" in line.text else ():
            name = match["name"]
            if _REMOTE.match(name):
                report.error("remote-image", line.number, match.start("name") + 1, len(name), name=name)
            elif name.removeprefix("/static/") not in static:
                report.error("missing-image", line.number, match.start("name") + 1, len(name),
                             name=name, known=nearest(name, static))


def _assemble(reading: _Reading) -> Course:
    folders = []
    for folder in sorted(reading.stages, key=sort_key):
        leaves = [leaf for leaf, _ in reading.leaves.get(folder, [])]
        folders.append(StageFolder(reading.stages[folder][0], _only(leaves, Lesson), _only(leaves, Case), _only(leaves, Exam)))
    texts = {stage.id: source for stage, source in reading.stages.values()}
    texts |= {article.id: source for article, source in reading.articles}
    texts |= {leaf.id: source for leaves in reading.leaves.values() for leaf, source in leaves}
    assert reading.settings is not None
    return Course(
        reading.settings, tuple(folders), tuple(article for article, _ in reading.articles),
        tuple(bank for bank, _ in reading.banks), texts, {bank.id: source for bank, source in reading.banks},
    )


def _only(leaves: Iterable[Leaf], kind: type[Item]) -> tuple[Item, ...]:
    return tuple(leaf for leaf in leaves if isinstance(leaf, kind))


def questions_of(banks: Iterable[Bank]) -> dict[str, Question]:
    """Every question by id."""
    return {question.id: question for bank in banks for question in bank.questions}
