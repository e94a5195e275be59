"""QTI 2.1, 2.2 and 3.0, read alike: 3.0 says the same in other spelling. One item, a test, or a package of items."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.exact.asked import slug
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.qti.package import Document, Package, Pictures, heads, joined
from ladder_tools.formats.qti.qti2_item import Item
from ladder_tools.formats.qti.qti2_metadata import item_metadata, package_title
from ladder_tools.formats.qti.qti2_write import HOLDS, write

__all__ = ["HOLDS", "looks_like", "read", "write"]

_ROOTS = frozenset(("assessmentItem", "qti-assessment-item", "assessmentTest", "qti-assessment-test"))
_LIKE = re.compile(r"<(?:[\w.-]{1,30}:)?(?:assessmentItem|qti-assessment-item)[\s>]")


def looks_like(source: Source) -> bool:
    """Whether a source is an item of QTI 2 or 3, or a package with some."""
    return any(_LIKE.search(head) for head in heads(source))


def read(source: Source) -> Reading:
    """Read the items in the order of the test, else of the manifest. Raises `Hostile`."""
    reading = Reading(source.file)
    package = Package(source, reading)
    pictures = Pictures(package)
    documents = {document.path: document for document in package.documents(_ROOTS)}
    tests = [document for document in documents.values() if document.root.tag == "assessmentTest"]
    known = item_metadata(package.manifest)
    for path in dict.fromkeys((*(path for test in tests for path in _referred(test)), *documents)):
        document = documents.get(path)
        if document is not None and document.root.tag == "assessmentItem":
            inside = package.inside(document)
            pictures.folder = PurePosixPath(path).parent
            _read_item(document, pictures, inside, known.get(path, ()))
            package.take(inside)
    titles = [" ".join((test.root.get("title") or "").split()) for test in tests]
    reading.title = next(filter(None, titles), "") or package_title(package.manifest)
    reading.id = slug(tests[0].root.get("identifier") or "") if tests else ""
    if not documents and not reading.problems:
        reading.fail("source-empty")
    return reading


def _referred(test: Document) -> list[str]:
    """The paths of the items that a test names, in its order."""
    folder = PurePosixPath(test.path).parent
    return [joined(folder, item.get("href") or "") for item in test.root.iter("assessmentItemRef")]


def _read_item(document: Document, pictures: Pictures, inside: Reading, tags: tuple[str, ...]) -> None:
    element, report = document.root, inside.report()
    line = element.sourceline or 1
    item = Item(element, report, pictures.begin())
    item.asked.tags += tags
    if not item.interactions:
        inside.warn("asks-nothing", line, text=excerpt(item.asked.excerpt))
        return
    question = item.question()
    pictures.keep(question, line, report)
    inside.add(report, line, item.asked.excerpt, question, item.asked.said)
