"""The knowledge base: articles, their headings, and the links that point to them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ladder.core.document import Document, Line, in_fences
from ladder.core.problems import Report

# In a table the bar before the words may be written `\|`, as other Markdown tools want it.
LINK = re.compile(r"\[\[(?P<id>[^\[\]|#\\]+)(?:#(?P<heading>[^\[\]|\\]+))?(?:\\?\|(?P<words>[^\[\]]+))?\]\]")
# The looks behind let a run of spaces be tried once, from its start: a long one would else take minutes.
HEADING = re.compile(
    r"(?P<marks>#{1,6})\s+(?P<title>.*?)(?:(?:(?<!\s)\s++)?+\{(?P<braces>[^{}]*+)\})?(?:(?<![\s#])[\s#]++)?+\Z"
)
MAX_SLUG = 80
# What Markdown would show otherwise than it is written, so that the anchor and the heading's text would differ.
_MARKED = re.compile(r"([*`~]).*\1|(?<!\w)_.*_(?!\w)|\\|&#\w|&\w+;|<[A-Za-z/!?]|\]\s*[(\[]|\[\[")
_CODE = re.compile(r"(`+)(?:(?!\1).)+\1")


@dataclass(frozen=True)
class Link:
    """`[[id#heading|words]]` with its place."""

    id: str
    heading: str
    words: str
    line: int
    column: int
    length: int


@dataclass(frozen=True)
class Heading:
    """A heading of a body; `slug` is what its HTML anchor is made of."""

    level: int
    title: str
    line: int
    slug: str


@dataclass(frozen=True)
class Article:
    """One matter of the knowledge base."""

    id: str
    title: str
    category: str
    updated: datetime.date | None
    stage: str
    aliases: tuple[str, ...]
    body: str
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]


def slug_of(title: str) -> str:
    """The anchor of a heading: its letters and digits in any script, hyphens between."""
    return re.sub(r"[^\w]+", "-", title.strip().lower()).strip("-")


def column_in_braces(heading: Line, word: str) -> int:
    """The column where a word of a heading's braces begins; that of the braces when it is not there."""
    braces = heading.text.rfind("{") + 1
    match = re.compile(rf"[\s{{]{re.escape(word)}").search(heading.text, max(braces - 1, 0))
    return match.start() + 2 if match else max(braces, 1)


def prose(lines: Sequence[Line], holding: str = "") -> Iterator[Line]:
    """The lines outside fenced code that hold a mark, with inline code blanked so that columns stay true."""
    for line in lines:
        if holding in line.text and not line.code:
            yield Line(line.number, _CODE.sub(lambda code: " " * len(code[0]), line.text)) if "`" in line.text else line


def find_links(lines: Sequence[Line]) -> tuple[Link, ...]:
    """Every `[[link]]` of a body."""
    return tuple(
        Link(match["id"].strip(), (match["heading"] or "").strip(), (match["words"] or "").strip(),
             line.number, match.start() + 1, len(match[0]))
        for line in prose(lines, "[[")
        for match in LINK.finditer(line.text)
    )


def find_headings(lines: Sequence[Line], report: Report) -> tuple[Heading, ...]:
    """Every heading of a body. Links must be able to name it: it is plain text, and no two read alike."""
    headings: list[Heading] = []
    for line in lines:
        match = HEADING.match(line.text) if line.text.startswith("#") and not line.code else None
        if not match:
            continue
        title, column = match["title"], match.start("title") + 1
        slug = slug_of(title)
        if _MARKED.search(title) or match["braces"] is not None or not 0 < len(slug) <= MAX_SLUG:
            report.error("marked-heading", line.number, column, len(title), heading=title)
        elif any(heading.slug == slug for heading in headings):
            report.error("duplicate-heading", line.number, column, len(title), heading=title)
        headings.append(Heading(len(match["marks"]), title, line.number, slug))
    return tuple(headings)


def parse_article(document: Document, default_id: str, report: Report) -> Article:
    """Read an article."""
    meta = document.meta
    article = Article(
        id=meta.slug("id", default_id),
        title=meta.text("title", required=True),
        category=meta.text("category", required=True),
        updated=meta.date("updated", required=True),
        stage=meta.text("stage"),
        aliases=meta.texts("aliases"),
        body=document.body,
        headings=find_headings(document.lines, report),
        links=find_links(document.lines),
    )
    meta.done()
    if not document.body.strip():
        report.error("empty-body", meta.start.line)
    return article


def spell_out_links(text: str, titles: Mapping[str, str]) -> str:
    """Give every link words of its own, so that a block can show it without asking another block."""

    def spell(match: re.Match[str]) -> str:
        if match["words"]:
            return match[0]
        name = match["id"].strip()
        heading = match["heading"]
        words = re.sub(r"[\[\]|]", " ", heading.strip() if heading else titles.get(name, name))
        return f"[[{name}#{heading}|{words}]]" if heading else f"[[{name}|{words}]]"

    return outside_code(text, lambda part: LINK.sub(spell, part) if "[[" in part else part)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to the parts of Markdown that are not code."""
    if "`" not in text and "~~~" not in text:
        return "\n".join(map(change, text.split("\n")))
    done: list[str] = []
    rows = text.split("\n")
    for row, fenced in zip(rows, in_fences(rows), strict=True):
        done.append(row if fenced else _outside_code_spans(row, change) if "`" in row else change(row))
    return "\n".join(done)


def _outside_code_spans(row: str, change: Callable[[str], str]) -> str:
    at, parts = 0, list[str]()
    for code in _CODE.finditer(row):
        parts += [change(row[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, change(row[at:])])
