"""A course as OLX: the files that Open edX imports, as a mapping of path to bytes.

The layout and its traps: course, chapter, sequential and vertical are pointers to files of their own; our blocks stand inline in
their vertical, because the platform imports a pointed-to block of a third party as an empty one; a block's payload is its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ladder.core import names
from ladder.core.course import Course, StageFolder
from ladder.core.document import join_documents
from ladder.core.exam import Exam
from ladder.core.kb import spell_out_links
from ladder.core.markup import to_html
from ladder.core.mistakes import BOOK, mistakes_document
from ladder.core.places import places_document
from ladder.core.reading import Leaf
from ladder.core.stage import Part, plan_document

THEORY, PRACTICE = "理论考核", "实践考核"
KNOWLEDGE_BASE = "知识库"
BOOK_OF_MISTAKES = "错题本"
GROUPS = {"stage": "阶段导览", "lessons": "课程学习", "cases": "案例演练", "exams": "理论考核"}
WEIGHTS = {THEORY: 70, PRACTICE: 30}
BLOCKS = ("ladder_stage", "ladder_lesson", "ladder_article", "ladder_case", "ladder_exam", "ladder_mistakes")


@dataclass(frozen=True)
class Unit:
    """A vertical with its one block. `name` is the url_name of the block, which learners' records hang on; it never changes."""

    kind: str
    name: str
    title: str
    stage: str
    content: str

    @property
    def vertical(self) -> str:
        """The url_name of the vertical: another one, so that a link to the block by its name leads to the block."""
        return names.unit(self.name)


@dataclass(frozen=True)
class Group:
    """A sequential. `format` is the grading type of a graded one."""

    name: str
    title: str
    format: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Chapter:
    """A section of the course: a stage or the knowledge base."""

    name: str
    title: str
    groups: tuple[Group, ...]


def chapters(course: Course) -> tuple[Chapter, ...]:
    """The outline: a section for each stage, then the book of mistakes and the knowledge base, if there is anything for them."""
    found = [_stage_chapter(course, folder) for folder in course.stages]
    found += [_mistakes_chapter(course)] if any(folder.exams for folder in course.stages) else []
    found += [_kb_chapter(course)] if course.articles else []
    return tuple(found)


def _text(course: Course, id_: str) -> str:
    return spell_out_links(course.texts[id_].text, course.titles)


def _payload(course: Course, id_: str) -> str:
    return join_documents([(course.texts[id_].name, _text(course, id_))])


def _exam_payload(course: Course, exam: Exam) -> str:
    """The blueprint with the banks it draws from and where their articles stand: the block has to stand alone."""
    names = list(dict.fromkeys(row.bank for row in exam.rows))
    sources = [course.bank_texts[name] for name in names]
    banks = [(source.name, spell_out_links(source.text, course.titles)) for source in sources]
    asked = {question.kb.article for bank in course.banks if bank.id in names for question in bank.questions if question.kb}
    places = places_document(place for id_, place in course.places.items() if id_ in asked)
    return join_documents([(course.texts[exam.id].name, _text(course, exam.id)), *banks, ("places.md", places)])


def _stage_chapter(course: Course, folder: StageFolder) -> Chapter:
    stage = folder.stage

    def group(part: str, units: Iterable[Unit], graded: str = "") -> Group:
        return Group(names.subsection(stage.id, part), GROUPS[part], graded, tuple(units))

    def units(kind: str, leaves: Iterable[Leaf]) -> list[Unit]:
        return [Unit(kind, leaf.id, leaf.title, stage.id, _payload(course, leaf.id)) for leaf in leaves]

    plan = join_documents([(course.texts[stage.id].name, _text(course, stage.id)), ("plan.md", plan_document(course.plan))])
    groups = [
        group("stage", [Unit("stage", stage.id, stage.title, stage.id, plan)]),
        group("lessons", units("lesson", folder.lessons)),
        group("cases", units("case", folder.cases), PRACTICE),
        group("exams", [
            Unit("exam", exam.id, exam.title, stage.id, _exam_payload(course, exam)) for exam in folder.exams
        ], THEORY),
    ]
    return Chapter(names.section(stage.id), stage.title, tuple(group for group in groups if group.units))


def _mistakes_chapter(course: Course) -> Chapter:
    """The book of mistakes. It belongs to no stage: it shows only what the learner has sat."""
    asked = {question.kb.article for bank in course.banks for question in bank.questions if question.kb}
    exams = [Part(exam.id, exam.title) for folder in course.stages for exam in folder.exams]
    content = join_documents([
        (f"{BOOK}.md", mistakes_document(course.settings.leaves_after, exams)),
        ("places.md", places_document(place for id_, place in course.places.items() if id_ in asked)),
        ("plan.md", plan_document(course.plan)),
    ])
    unit = Unit(BOOK, BOOK, BOOK_OF_MISTAKES, "", content)
    return Chapter(names.section(BOOK), BOOK_OF_MISTAKES, (Group(names.BOOKS_GROUP, BOOK_OF_MISTAKES, "", (unit,)),))


def _kb_chapter(course: Course) -> Chapter:
    categories = list(dict.fromkeys(article.category for article in course.articles))
    groups = [
        Group(names.subsection(names.KNOWLEDGE_BASE, number), category, "", tuple(
            Unit("article", article.id, article.title, article.stage or course.first_stage, _payload(course, article.id))
            for article in course.articles if article.category == category
        ))
        for number, category in enumerate(categories, start=1)
    ]
    return Chapter(names.section(names.KNOWLEDGE_BASE), KNOWLEDGE_BASE, tuple(groups))


# -- files ----------------------------------------------------------------------------------------------------------


def olx_files(course: Course, static: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of the course archive, by path."""
    settings, outline = course.settings, chapters(course)
    run = settings.run
    files = {
        "course.xml": xml_file(etree.Element("course", url_name=run, org=settings.org, course=settings.number)),
        f"course/{run}.xml": xml_file(_course(course, outline)),
        f"policies/{run}/policy.json": json_file(_policy(course)),
        f"policies/{run}/grading_policy.json": json_file(_grading_policy(outline)),
        "about/overview.html": to_html(settings.about).encode(),
        "about/short_description.html": settings.summary.encode(),
    }
    for chapter in outline:
        groups = [group.name for group in chapter.groups]
        files[f"chapter/{chapter.name}.xml"] = xml_file(pointers("chapter", chapter.title, "sequential", groups))
        for group in chapter.groups:
            files[f"sequential/{group.name}.xml"] = xml_file(_sequential(group))
            for unit in group.units:
                files[f"vertical/{unit.vertical}.xml"] = xml_file(_vertical(unit))
    files |= {f"static/{name}": data for name, data in static.items()}
    return dict(sorted(files.items()))


def xml_file(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", pretty_print=True)


def json_file(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def pointers(
    tag: str, title: str, child: str, names: Iterable[str], attributes: Mapping[str, str] | None = None
) -> etree._Element:
    element = etree.Element(tag, {"display_name": title} | dict(attributes or {}))
    for name in names:
        etree.SubElement(element, child, url_name=name)
    return element


def _course(course: Course, outline: Iterable[Chapter]) -> etree._Element:
    settings = course.settings
    element = pointers("course", settings.title, "chapter", [chapter.name for chapter in outline])
    etree.SubElement(element, "wiki", slug=f"{settings.org}.{settings.number}.{settings.run}")
    return element


def _dates_and_image(course: Course) -> dict[str, str]:
    """Dates stand unquoted: Studio's own export quotes them, which other readers take for an invalid date."""
    settings = course.settings
    dates = {"start": f"{settings.start.isoformat()}T00:00:00Z", "end": f"{settings.end.isoformat()}T00:00:00Z"}
    return dates | ({"course_image": settings.image} if settings.image else {})


def _sequential(group: Group) -> etree._Element:
    graded = {"graded": "true", "format": group.format} if group.format else {}
    return pointers("sequential", group.title, "vertical", [unit.vertical for unit in group.units], graded)


def _vertical(unit: Unit) -> etree._Element:
    vertical = etree.Element("vertical", display_name=unit.title)
    vertical.append(block_element(unit))
    return vertical


def block_element(unit: Unit) -> etree._Element:
    """One of our blocks, inline, with its text as payload."""
    block = etree.Element(f"ladder_{unit.kind}", url_name=unit.name, display_name=unit.title, stage=unit.stage)
    # CDATA keeps the Markdown readable in the file; a text that holds its end mark is escaped instead.
    block.text = unit.content if "]]>" in unit.content else etree.CDATA(unit.content)
    return block


def _policy(course: Course) -> dict[str, Any]:
    settings = course.settings
    return {
        f"course/{settings.run}": {
            "advanced_modules": list(BLOCKS),
            "display_name": settings.title,
            "language": settings.language,
            "self_paced": True,
            "tabs": [
                {"name": "Course", "type": "courseware"},
                {"name": "Progress", "type": "progress"},
                {"name": "Dates", "type": "dates"},
            ],
            **_dates_and_image(course),
        }
    }


def _grading_policy(outline: Iterable[Chapter]) -> dict[str, Any]:
    """`min_count` is the true number of graded subsections: with fewer, one passed exam would look like a passed course."""
    formats = [group.format for chapter in outline for group in chapter.groups if group.format]
    present = [name for name in WEIGHTS if name in formats]
    total = sum(WEIGHTS[name] for name in present)
    return {
        "GRADER": [
            {"type": name, "short_label": name, "min_count": formats.count(name), "drop_count": 0,
             "weight": WEIGHTS[name] / total}
            for name in present
        ],
        "GRADE_CUTOFFS": {"Pass": 0.6},
    }
