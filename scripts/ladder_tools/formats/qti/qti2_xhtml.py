"""Our Markdown as the XHTML that QTI 2.1 allows."""

from __future__ import annotations

from xml.sax.saxutils import escape

from lxml import etree, html

from ladder_tools.formats.html import to_html, to_inline_html
from ladder_tools.formats.html_line import OWN_CLASSES

MEDIA = "../media/"
_OWN = {tag: name for name, tag in OWN_CLASSES.items()}
_AS_DIV = frozenset(("details", "summary", "section", "figure", "figcaption"))
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}, "td": _CELL, "th": _CELL}


def text_xml(text: str) -> str:
    """Plain text in XML."""
    return escape(text)


def blocks_xml(markdown: str) -> str:
    """Markdown as blocks."""
    return _xhtml(to_html(markdown, MEDIA))


def line_xml(markdown: str) -> str:
    """Markdown of a choice or a key point, without a paragraph around it."""
    return _xhtml(to_inline_html(markdown, MEDIA))


def _xhtml(source: str) -> str:
    if "<" not in source.replace("<p>", "").replace("</p>", "") and "&" not in source:
        return source
    root = html.fragment_fromstring(source, create_parent="div")
    for element in list(root.iterdescendants(etree.Element)):
        _allow(element)
    parts = [escape(root.text or "")]
    parts += [etree.tostring(child, encoding="unicode", method="xml") for child in root]
    return "".join(parts).strip()


def _allow(element: html.HtmlElement) -> None:
    """Keep of an element what QTI 2.1 knows."""
    is_wrapper = element.tag == "div" and (element.get("class") == "ladder-scroll" or not element.attrib)
    if is_wrapper or (element.tag == "span" and not len(element) and not element.text):
        element.drop_tag()
        return
    allowed = _ATTRIBUTES.get(element.tag, set())
    for name in [name for name in element.attrib if name not in allowed]:
        del element.attrib[name]
    if element.tag in _OWN:
        element.set("class", _OWN[element.tag])
        element.tag = "span"
    elif element.tag in _AS_DIV:
        element.tag = "div"
