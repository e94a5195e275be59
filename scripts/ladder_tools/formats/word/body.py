"""The text of a Word file as paragraphs and tables, with the numbers that Word counts by itself."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.word.lines import Cell, Paragraph, Table
from ladder_tools.formats.word.numbering import Numbering
from ladder_tools.formats.word.parts import Package, W, value_of
from ladder_tools.formats.word.runs import Runs
from ladder_tools.formats.word.styles import Styles

MAX_PARAGRAPHS = 50_000
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))


class Body:
    """The text of a Word file: `blocks` in order, its `pictures`, and what is `told` of the rest.

    Raises `Hostile` for a file that must not be opened, and with the code `docx-other` for one that is not Word's.
    """

    def __init__(self, data: bytes) -> None:
        package = Package(data)
        root = package.xml(package.main)
        body = root.find(W + "body") if root is not None else None
        if body is None:
            raise Hostile("docx-other")
        self._styles = Styles(package.part("styles"))
        self._numbering = Numbering(package.part("numbering"), self._styles)
        self._runs = Runs(package, self._styles)
        self._number = 0
        self.blocks = tuple(self._blocks(body))
        self.pictures, self.told = self._runs.pictures, self._runs.told

    def _blocks(self, parent: etree._Element) -> Iterator[Paragraph | Table]:
        for node in parent.iterchildren("{*}*"):
            if node.tag == W + "p":
                yield self._paragraph(node)
            elif node.tag == W + "tbl":
                yield Table(tuple(self._row(row) for row in _within(node, W + "tr")))
            elif node.tag == W + "altChunk":
                self._runs.tell_object(self._number + 1, "altChunk")
            elif node.tag in _WRAPPERS:
                yield from self._blocks(node)

    def _row(self, row: etree._Element) -> tuple[Cell, ...]:
        return tuple(tuple(paragraphs(self._blocks(cell))) for cell in _within(row, W + "tc"))

    def _paragraph(self, node: etree._Element) -> Paragraph:
        self._number += 1
        if self._number > MAX_PARAGRAPHS:
            raise Hostile("docx-too-long")
        properties = node.find(W + "pPr")
        style = value_of(properties.find(W + "pStyle")) if properties is not None else ""
        label = self._numbering.label(self._styles.place(properties))
        return Paragraph(self._number, self._runs.read(node, self._number, style, label), self._styles.is_title(style))


def paragraphs(blocks: Iterator[Paragraph | Table]) -> Iterator[Paragraph]:
    """All paragraphs of a text, those in tables too."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from paragraphs(paragraph for row in block.rows for cell in row for paragraph in cell)


def _within(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of a table or a row, also those that something is wrapped around."""
    for node in parent.iterchildren("{*}*"):
        if node.tag == tag:
            yield node
        elif node.tag in _WRAPPERS:
            yield from _within(node, tag)
