"""Where an article stands in the course: what a block must know of articles that it does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ladder.core.document import Document, quoted
from ladder.core.stage import Part


@dataclass(frozen=True)
class Place:
    """An article with the category it belongs to and the lessons that link to it, in the order of the course."""

    article: str
    title: str
    chapter: str
    lessons: tuple[Part, ...] = ()


def places_document(places: Iterable[Place]) -> str:
    """The places as a document, for the payload of blocks that point to articles."""
    rows = ["---", "kind: places", "articles:"]
    for place in places:
        rows.append(f"  - id: {quoted(place.article)}")
        rows.append(f"    title: {quoted(place.title)}")
        rows.append(f"    chapter: {quoted(place.chapter)}")
        rows += ["    lessons:"] if place.lessons else []
        rows += [f"      - {{id: {quoted(part.id)}, title: {quoted(part.title)}}}" for part in place.lessons]
    return "\n".join([*rows, "---", ""])


def parse_places(document: Document) -> dict[str, Place]:
    """Read what `places_document` wrote."""
    found = {}
    for row in document.meta.rows("articles"):
        lessons = tuple(Part(lesson.slug("id", ""), lesson.text("title")) for lesson in row.rows("lessons"))
        place = Place(row.slug("id", ""), row.text("title"), row.text("chapter"), lessons)
        row.done()
        found[place.article] = place
    document.meta.done()
    return found
