"""What points to what: ids, stages, links, questions, blueprints, pictures; checked over the whole course."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from ladder.core.document import Line, Place
from ladder.core.drawing import Pool, check_supply, make_pool
from ladder.core.exam import MAX_QUESTIONS, Exam
from ladder.core.kb import Heading, Link, find_links, prose
from ladder.core.ladder_check import check_opening
from ladder.core.lesson import Lesson
from ladder.core.marks import plain
from ladder.core.names import is_reserved, is_reserved_for_stage
from ladder.core.problems import Report, errors, nearest
from ladder.core.reading import Files, Reading, Source, sort_key
from ladder.core.walk import passed_by_heart

_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<name>[^)\s]+)[^)]*\)")
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def check_references(reading: Reading, files: Files) -> None:
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


def _check_ids(reading: Reading) -> None:
    seen: dict[str, str] = {}
    named: list[tuple[str, Source]] = [(stage.id, source) for stage, source in reading.stages.values()]
    named += [(article.id, source) for article, source in reading.articles]
    named += [(leaf.id, source) for leaves in reading.leaves.values() for leaf, source in leaves]
    stages = {stage.id for stage, _ in reading.stages.values()}
    for id_, source in named:
        if is_reserved(id_, stages) or (id_ in stages and is_reserved_for_stage(id_)):
            place = reading.documents[source.name].meta.place("id")
            reading.report(source).error("reserved-id", place.line, place.column, place.length, id=id_)
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


def stage_order(reading: Reading) -> list[str]:
    return [reading.stages[folder][0].id for folder in sorted(reading.stages, key=sort_key)]


def _check_stages(reading: Reading) -> None:
    order, finishes = stage_order(reading), {stage.id: stage.finish for stage, _ in reading.stages.values()}
    for folder, leaves in reading.leaves.items():
        if folder not in reading.stages and folder not in reading.doubtful:
            _, source = leaves[0]
            reading.report(source).error("no-stage", 1, 1, folder=folder)
    for folder, (stage, source) in reading.stages.items():
        meta, report = reading.documents[source.name].meta, reading.report(source)
        earlier = order[: order.index(stage.id)]
        if stage.opens_after and stage.opens_after not in reading.doubtful:
            check_opening(stage.opens_after, earlier, finishes, meta.place("opens_after"), report)
        if folder not in reading.doubtful and not earlier and not stage.opens_after and folder not in reading.leaves:
            report.warning("empty-stage", meta.start.line, stage=stage.id)
    if not reading.stages and reading.settings is not None and not reading.doubtful:
        reading.reports["course.md"].error("no-stages", 1)


def _check_links(reading: Reading) -> None:
    headings: dict[str, tuple[Heading, ...]] = {article.id: article.headings for article, _ in reading.articles}
    order = stage_order(reading)
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


def _check_questions(reading: Reading) -> None:
    headings = {article.id: {heading.title for heading in article.headings} for article, _ in reading.articles}
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
    check_question_ids(reading)


def check_question_ids(reading: Reading) -> None:
    """No two banks may have a question of the same id."""
    seen: dict[str, str] = {}
    for bank, source in reading.banks:
        for question in bank.questions:
            if question.id in seen and seen[question.id] != source.shown:
                reading.report(source).error("id-taken", question.line, 1, 2, id=question.id, file=seen[question.id])
            seen.setdefault(question.id, source.shown)


def _check_exams(reading: Reading) -> None:
    banks = {bank.id: bank for bank, _ in reading.banks}
    chapters = {article.id: article.category for article, _ in reading.articles}
    all_known = "kb" not in reading.doubtful and all(chapters.values())
    for leaves in reading.leaves.values():
        for leaf, source in leaves:
            if not isinstance(leaf, Exam) or leaf.count > MAX_QUESTIONS:
                continue
            if not all_known and any(row.chapter for row in leaf.rows):
                continue  # an article that could not be read in full may be of the very chapter that is missing
            if not reading.doubtful.intersection(row.bank for row in leaf.rows):
                report = reading.report(source)
                known = dict.fromkeys(reading.doubtful, "") | chapters
                pool = make_pool(leaf, banks, known)
                check_supply(pool, banks, known, report)
                if not any(errors(report.problems)):
                    _check_attempts(pool, reading.documents[source.name].meta.place("attempts"), report)


def _check_attempts(pool: Pool, place: Place, report: Report) -> None:
    """Whether the banks last for the attempts allowed. Where they do not, papers can be drawn all the same: no error."""
    known = passed_by_heart(pool)
    if known:
        number, marks = known
        report.warning("passed-by-heart", place.line, place.column, place.length,
                       attempt=number, marks=plain(marks), passes=pool.exam.pass_marks)


def _check_images(lines: Sequence[Line], report: Report, static: Collection[str]) -> None:
    for line in prose(lines, "!["):
        for match in _IMAGE.finditer(line.text) if "![" in line.text else ():
            name = match["name"]
            if _REMOTE.match(name):
                report.error("remote-image", line.number, match.start("name") + 1, len(name), name=name)
            elif name.removeprefix("/static/") not in static:
                report.error("missing-image", line.number, match.start("name") + 1, len(name),
                             name=name, known=nearest(name, static))
