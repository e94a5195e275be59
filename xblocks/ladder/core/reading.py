"""Reading the files of a course, one by one, each with its own report."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ladder.core.bank import Bank, parse_bank
from ladder.core.case import Case
from ladder.core.document import Document, parse_document
from ladder.core.exam import Exam, parse_exam
from ladder.core.kb import Article, parse_article
from ladder.core.lesson import Lesson, parse_lesson
from ladder.core.mistakes import LEAVES_AFTER, MOST_LEAVES_AFTER
from ladder.core.problems import Report, errors, nearest
from ladder.core.script import parse_case
from ladder.core.stage import Stage, parse_stage

Leaf = Lesson | Case | Exam
_LEAVES: dict[str, Callable[[Document, str, Report], Leaf]] = {"lesson": parse_lesson, "case": parse_case, "exam": parse_exam}
_ORDER = re.compile(r"(?P<order>\d+)-(?P<name>.+)\Z")
_NAME = re.compile(r"[A-Za-z0-9_.-]+\Z")


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
    leaves_after: int = LEAVES_AFTER


@dataclass
class Reading:
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


def read_file(source: Source, reading: Reading, files: Files) -> None:
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


def read_bank(source: Source, reading: Reading) -> None:
    """Read one bank."""
    report = reading.report(source)
    document = parse_document(source.text, report, ("bank",))
    if document is None:
        reading.lose(source.name)
        return
    reading.documents[source.name] = document
    bank = parse_bank(document, id_of(source.name), report)
    reading.banks.append((bank, source))
    reading.doubtful.update(bank.id for _ in errors(report.problems))


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
    book = meta.mapping("mistakes")
    leaves_after = book.integer("leaves_after", LEAVES_AFTER, 1, MOST_LEAVES_AFTER) if book else LEAVES_AFTER
    if book:
        book.done()
    settings = Settings(
        meta.text("title", required=True), names["org"], names["number"], names["run"], meta.text("language", "zh-CN"),
        start or datetime.date.min, end or datetime.date.max, image, meta.text("summary"), document.body.strip(),
        leaves_after,
    )
    meta.text("banks")
    meta.done()
    return settings
