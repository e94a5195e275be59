"""A lesson: text in sections, read one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from ladder.core.document import Document
from ladder.core.errors import Malformed, Refused
from ladder.core.kb import Heading, Link, find_headings, find_links
from ladder.core.problems import Report


@dataclass(frozen=True)
class Lesson:
    """`sections` are the `##` headings in order; progress is counted in them."""

    id: str
    title: str
    minutes: int
    goals: tuple[str, ...]
    body: str
    sections: tuple[Heading, ...]
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]


def parse_lesson(document: Document, default_id: str, report: Report) -> Lesson:
    """Read a lesson."""
    meta = document.meta
    headings = find_headings(document.lines, report)
    lesson = Lesson(
        id=meta.slug("id", default_id),
        title=meta.text("title", required=True),
        minutes=meta.integer("minutes", 15, 1, 240),
        goals=meta.texts("goals"),
        body=document.body,
        sections=tuple(heading for heading in headings if heading.level == 2),
        headings=headings,
        links=find_links(document.lines),
    )
    meta.done()
    if not lesson.sections:
        report.error("no-sections", document.lines[0].number if document.lines else 1)
    return lesson


def read_sections(data: object, lesson: Lesson) -> tuple[str, ...]:
    """The sections a page says were read: `{"sections": ["slug", …]}`."""
    sections = data.get("sections") if isinstance(data, dict) else None
    known = {section.slug for section in lesson.sections}
    if not isinstance(sections, list) or not sections or len(sections) > len(known):
        raise Malformed("sections")
    if any(not isinstance(section, str) or section not in known for section in sections):
        raise Malformed("sections")
    return tuple(dict.fromkeys(sections))


def require_all_read(lesson: Lesson, read: set[str]) -> None:
    """A lesson is finished only when each of its sections has been on screen."""
    missing = [section.title for section in lesson.sections if section.slug not in read]
    if missing:
        raise Refused("Still to read: %(sections)s", sections="、".join(missing))
