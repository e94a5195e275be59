"""QTI 1.2: the quizzes of Canvas, the pools of Blackboard, Common Cartridge. One XML text, or a package of them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lxml import etree

from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.qti.package import Document, Package, Pictures, heads
from ladder_tools.formats.qti.qti12_item import Item

__all__ = ["looks_like", "read"]

_ROOTS = frozenset(("questestinterop",))
_LIKE = re.compile(r"<(?:[\w.-]{1,30}:)?questestinterop[\s>]")


def looks_like(source: Source) -> bool:
    """Whether a source is QTI 1.2, or a package with some."""
    return any(_LIKE.search(head) for head in heads(source))


def read(source: Source) -> Reading:
    """Read the items in the order of the manifest. Raises `Hostile`."""
    reading = Reading(source.file)
    package = Package(source, reading)
    pictures = Pictures(package)
    seen: set[str] = set()
    named: dict[str, int] = {}
    for document in package.documents(_ROOTS):
        inside = package.inside(document)
        pictures.folder = PurePosixPath(document.path).parent
        _read_document(document, pictures, inside, seen)
        named |= _named(document.root)
        reading.title = reading.title or _title(document.root)
        package.take(inside)
    for name, line in named.items():
        if name not in seen:
            reading.warn("qti-elsewhere", line, name=excerpt(name))
    if not seen and not reading.items and not reading.problems:
        reading.fail("source-empty")
    return reading


def _title(root: etree._Element) -> str:
    names = (element.get("title") or "" for element in root.iter("assessment", "objectbank"))
    fields = {field.findtext("fieldlabel"): field.findtext("fieldentry") for field in root.iter("qtimetadatafield")}
    return " ".join((next(filter(None, names), "") or fields.get("bank_title") or "").split())


def _named(root: etree._Element) -> dict[str, int]:
    """The banks that a test draws from, and the items that it names, with their lines."""
    banks = ((element, (element.text or "").strip()) for element in root.iter("sourcebank_ref"))
    items = ((element, element.get("linkrefid") or "") for element in root.iter("itemref"))
    return {name: element.sourceline or 1 for element, name in (*items, *banks) if name}


def _read_document(document: Document, pictures: Pictures, inside: Reading, seen: set[str]) -> None:
    for test in document.root.iter("assessment", "objectbank"):
        ident = test.get("ident") or ""
        if ident and ident in seen:  # Canvas puts each quiz into a course twice, once cut short for others
            inside.warn("qti-twice", test.sourceline or 1, name=test.get("title") or ident)
            return
        seen.add(ident)
    for drawn in document.root.iter("selection_number"):
        inside.warn("not-kept", drawn.sourceline or 1, what="selection_number", value=(drawn.text or "").strip())
    for element in document.root.iter("item"):
        seen.add(element.get("ident") or "")
        _read_item(element, pictures, inside)


def _read_item(element: etree._Element, pictures: Pictures, inside: Reading) -> None:
    line, report = element.sourceline or 1, inside.report()
    item = Item(element, report, pictures.begin())
    if not item.responses and item.kind in ("", "text_only_question"):
        inside.warn("asks-nothing", line, text=excerpt(item.asked.stem or item.asked.title))
        return
    question = item.question()
    pictures.keep(question, line, report)
    inside.add(report, line, item.asked.excerpt, question, item.asked.said)
