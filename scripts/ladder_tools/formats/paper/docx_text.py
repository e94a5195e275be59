"""Texts of questions as paragraphs, runs, tables and pictures of a Word file."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from io import BytesIO

from docx.document import Document
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Cm, Emu
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from ladder_tools.formats.model import Feature, Output
from ladder_tools.formats.paper.docx_style import CODE, SOURCE, TEXT, add_paragraph
from ladder_tools.formats.paper.paper import BLANK, Numbered, is_long_blank

MAX_WIDTH = Cm(12)
_BLOCKS = frozenset(("p", "ul", "ol", "dl", "table", "pre", "blockquote", "div", "hr", "section", "figure"))
_UNREADABLE = (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, struct.error, ZeroDivisionError)


@dataclass(frozen=True)
class _Style:
    """How the words of a run look."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False
    code: bool = False
    raised: bool = False
    lowered: bool = False


_INLINE: dict[str, dict[str, bool]] = {
    "strong": {"bold": True}, "b": {"bold": True}, "th": {"bold": True}, "em": {"italic": True}, "i": {"italic": True},
    "cite": {"italic": True}, "del": {"strike": True}, "s": {"strike": True}, "u": {"underline": True},
    "ins": {"underline": True}, "code": {"code": True}, "kbd": {"code": True}, "pre": {"code": True}, "sup": {"raised": True},
    "sub": {"lowered": True},
}


class Texts:
    """Writes the texts of one question after each other, into the document's end."""

    def __init__(self, document: Document, entry: Numbered, output: Output) -> None:
        self._document, self._entry, self._output = document, entry, output

    def write(self, root: etree._Element, paragraph: Paragraph, style: str = TEXT) -> Paragraph:
        """Write what stands in an element: the first words into the paragraph, the rest below it. Gives the last paragraph."""
        return self._blocks(root, paragraph, style, fresh=True)[0]

    def _blocks(self, node: etree._Element, paragraph: Paragraph, style: str, *, fresh: bool) -> tuple[Paragraph, bool]:
        """`fresh`: the paragraph is there to be written into; else the next words need a new one."""
        if (node.text or "").strip():
            self._run(node.text or "", paragraph, _Style())
            fresh = True
        for child in node.iterchildren("*"):
            if child.tag in _BLOCKS:
                paragraph, fresh = self._block(child, paragraph, style, fresh=fresh)
            else:
                paragraph = paragraph if fresh else add_paragraph(self._document, style)
                self._inline(child, paragraph, _Style())
                fresh = True
            if (child.tail or "").strip():
                paragraph = paragraph if fresh else add_paragraph(self._document, style)
                self._run(child.tail or "", paragraph, _Style())
                fresh = True
        return paragraph, fresh

    def _block(self, node: etree._Element, paragraph: Paragraph, style: str, *, fresh: bool) -> tuple[Paragraph, bool]:
        if node.tag == "table":
            self._table(node)
            return add_paragraph(self._document, style), True
        if node.tag in ("ul", "ol", "dl", "blockquote", "div", "section", "figure"):
            return self._list(node, paragraph, style, fresh=fresh)
        paragraph = paragraph if fresh else add_paragraph(self._document, SOURCE if node.tag == "pre" else style)
        self._words(node, paragraph, _Style(bold=node.get("class") == "heading"))
        return paragraph, False

    def _list(self, node: etree._Element, paragraph: Paragraph, style: str, *, fresh: bool) -> tuple[Paragraph, bool]:
        if node.tag not in ("ul", "ol", "dl"):
            return self._blocks(node, paragraph, style, fresh=fresh)
        for index, item in enumerate(node.iterchildren("*")):
            paragraph = paragraph if fresh else add_paragraph(self._document, style)
            paragraph.add_run(_bullet(node.tag, index))
            paragraph, _ = self._blocks(item, paragraph, style, fresh=True)
            fresh = False
        return paragraph, fresh

    def _table(self, node: etree._Element) -> None:
        rows = [list(row.iterchildren("td", "th")) for row in node.iter("tr")]
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        table = self._document.add_table(len(rows), columns, "Table Grid")
        for cells, made in zip(rows, table.rows, strict=True):
            for cell, place in zip(cells, made.cells, strict=False):
                self._words(cell, place.paragraphs[0], _Style(bold=cell.tag == "th"))

    # -- within a paragraph -----------------------------------------------------------------------------------------------

    def _words(self, node: etree._Element, paragraph: Paragraph, style: _Style) -> None:
        self._run(node.text or "", paragraph, style)
        for child in node.iterchildren("*"):
            self._inline(child, paragraph, style)
            self._run(child.tail or "", paragraph, style)

    def _inline(self, node: etree._Element, paragraph: Paragraph, style: _Style) -> None:
        if node.tag == "br":
            paragraph.add_run().add_break()
        elif node.tag == "img":
            self._picture(node, paragraph)
        else:
            self._words(node, paragraph, replace(style, **_INLINE.get(node.tag, {})))

    def _run(self, text: str, paragraph: Paragraph, style: _Style) -> None:
        text = BLANK.sub(self._blank, text)
        if not style.code:
            text = re.sub(r"\s*\n\s*", " ", text)
        if not text:
            return
        run = paragraph.add_run(text)
        for name in ("bold", "italic", "underline"):
            if getattr(style, name):
                setattr(run, name, True)
        if style.strike:
            run.font.strike = True
        if style.raised or style.lowered:
            run.font.superscript, run.font.subscript = style.raised, style.lowered
        if style.code:
            _code(run)

    def _blank(self, blank: re.Match[str]) -> str:
        number, keys = int(blank[1]), self._entry.question.blanks
        return "_" * (24 if number <= len(keys) and is_long_blank(keys[number - 1]) else 10)

    def _picture(self, node: etree._Element, paragraph: Paragraph) -> None:
        run = paragraph.add_run()
        try:
            picture = run.add_picture(BytesIO(self._output.pictures[node.get("src", "")]))
        except _UNREADABLE:
            self._output.lose(self._entry.bank, self._entry.question, Feature.PICTURES)
            run.text = f"[{node.get('alt') or node.get('src')}]"
            return
        if picture.width > MAX_WIDTH:
            picture.width, picture.height = MAX_WIDTH, Emu(picture.height * MAX_WIDTH // picture.width)
        picture._inline.docPr.set("descr", node.get("alt", ""))


def _bullet(tag: str, index: int) -> str:
    """What stands before an item of a list. Digits and a point would look like the number of a question."""
    if tag == "ol":
        return f"{chr(ord('①') + index)} " if index < 20 else f"({index + 1}) "
    return "• " if tag == "ul" else ""


def _code(run: Run) -> None:
    run.font.name = CODE[0]
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CODE[1])
