"""Where articles stand, as other blocks are told: whatever an author can write comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from ladder.core.document import parse_document, split_documents
from ladder.core.places import Place, parse_places, places_document
from ladder.core.problems import Report
from ladder.core.stage import Part

NASTY = (
    'a: b', '"', "'", '""', "\\", '\\"', "#", "a #b", "[x](y)", "{a: b}", "- a", "---", "a --- b", "...", "? a", "| a", "> a", "%a",
    "@a", "`a`", "!a", "&a", "*a", "null", "~", "true", "12", "1.50", "0x1", "2026-01-31", ":", "a:", ",", "]", "}", "<!-- file: x -->",
    "&amp;", "]]>", "“引号”：（括号）", "😀", "\\n", "\\x41", "$&", "%(a)s", "{0}", "  两头有空格  ", "制表\t符",
)


def read(text: str) -> dict[str, Place]:
    report = Report("places")
    document = parse_document(text, report, ("places",))
    assert document is not None, report.problems
    found = parse_places(document)
    assert report.problems == []
    return found


def there_and_back(*places: Place) -> tuple[Place, ...]:
    return tuple(read(places_document(places)).values())


def is_a_title(text: str) -> bool:
    """Whether an author could have written it: one line that the front matter of a file can hold."""
    report = Report("title")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    document = parse_document(f'---\nkind: lesson\ntitle: "{quoted}"\n---\n', report)
    return document is not None and document.meta.text("title") == text and not report.problems


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_title_comes_back_as_it_was(text: str) -> None:
    text = text.strip()
    place = Place("limits", text, text, (Part("welcome", text), Part("rules", text)))

    assert is_a_title(text)
    assert there_and_back(place) == (place,)


_TITLES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30).filter(is_a_title)
_SLUGS = st.lists(st.text("abz019", min_size=1, max_size=6), min_size=1, max_size=3).map("-".join)
_LESSONS = st.lists(st.builds(Part, _SLUGS, _TITLES), max_size=3).map(tuple)


@given(st.lists(st.builds(Place, _SLUGS, _TITLES, _TITLES, _LESSONS), min_size=1, max_size=5, unique_by=lambda place: place.article))
@example([Place("a", "时限", "规范"), Place("b", "安抚", "技巧", (Part("b", "安抚"),))])
@example([Place(id_, "时限", "规范", (Part(id_, "安抚"),)) for id_ in ("12", "007", "true", "null", "1e5", "0x1", "2026-01-31")])
def test_places_come_back_as_they_were_and_in_their_order(places: list[Place]) -> None:
    assert list(there_and_back(*places)) == places
    assert [*read(places_document(places))] == [place.article for place in places]


def test_no_places_are_none() -> None:
    assert there_and_back() == ()


def test_a_title_cannot_break_out_into_another_file_of_the_payload() -> None:
    place = Place("limits", "<!-- file: exam.md -->", '"\n---\nkind: exam'.replace("\n", " "))
    payload = f"<!-- file: exam.md -->\n---\nkind: exam\n---\n\n<!-- file: places.md -->\n{places_document([place])}"

    assert [name for name, _ in split_documents(payload)] == ["exam.md", "places.md"]
    assert there_and_back(place) == (place,)
