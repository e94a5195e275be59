"""Markdown as Python-Markdown reads it, with our links, callouts and anchors. Slow to load: `markup` waits until it must."""

from __future__ import annotations

import re
import threading
from typing import Any
from xml.etree import ElementTree

import markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from ladder.core.kb import LINK, outside_code, slug_of
from ladder.core.markup import join_lines
from ladder.core.sanitize import sanitize

_local = threading.local()
_TITLES = {"Tip": "提示", "Note": "注意", "Warning": "警告", "Danger": "危险"}


class _LinkProcessor(InlineProcessor):
    """`[[id#heading|words]]` → a link whose address the page's host fills in."""

    def handleMatch(self, m: Any, data: str) -> tuple[ElementTree.Element, int, int]:  # noqa: N802
        link = ElementTree.Element("a")
        name, heading = m["id"].strip(), (m["heading"] or "").strip()
        link.set("class", "ladder-link")
        link.set("href", f"#{name}")
        link.set("data-link", name)
        if heading:
            link.set("data-heading", slug_of(heading))
        link.text = (m["words"] or heading or name).strip()
        return link, m.start(0), m.end(0)


class _TreeProcessor(Treeprocessor):
    """Anchors on headings, course pictures, tables that scroll inside their own box."""

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                element.set("id", "s-" + slug_of("".join(element.itertext())))
            elif element.tag == "img" and "/" not in element.get("src", "/"):
                element.set("src", "/static/" + element.get("src", ""))
            elif element.tag == "div" and "admonition" in (element.get("class") or ""):
                kind = (element.get("class") or "").replace("admonition", "").strip()
                element.set("class", f"ladder-callout {kind or 'note'}")
                _name_callout(element)
            elif element.tag == "th" and not "".join(element.itertext()).strip():
                element.tag = "td"  # an empty corner heads nothing
            elif element.tag == "p" and element.get("class") == "admonition-title":
                element.set("class", "ladder-callout-title")
        self._wrap_tables(root)

    def _wrap_tables(self, parent: ElementTree.Element) -> None:
        for index, child in enumerate(list(parent)):
            self._wrap_tables(child)
            if child.tag == "table":
                box = ElementTree.Element("div", {"class": "ladder-scroll", "tabindex": "0"})
                parent.remove(child)
                box.append(child)
                parent.insert(index, box)


def _name_callout(callout: ElementTree.Element) -> None:
    """A callout without a title of its own goes by what it is, in the language of its words."""
    title = next((child for child in callout if child.get("class", "").endswith("title")), None)
    if title is not None and title.text in _TITLES and re.search("[\u3400-\u9fff]", "".join(callout.itertext())):
        title.text = _TITLES[title.text]


def _engine() -> markdown.Markdown:
    """One engine a thread: making one costs more than using it."""
    if not hasattr(_local, "engine"):
        engine = markdown.Markdown(
            extensions=["tables", "sane_lists", "def_list", "pymdownx.quotes", "pymdownx.tilde", "pymdownx.superfences"],
            extension_configs={
                "pymdownx.quotes": {"callouts": True},
                "pymdownx.superfences": {"css_class": ""},
            },
        )
        engine.inlinePatterns.register(_LinkProcessor(LINK.pattern, engine), "ladder-link", 185)  # before escapes, after code
        engine.treeprocessors.register(_TreeProcessor(engine), "ladder-tree", 5)
        _local.engine = engine
    return _local.engine


def render_markdown(text: str) -> str:
    """Author Markdown as safe HTML."""
    engine = _engine()
    engine.reset()
    return join_lines(sanitize(engine.convert(outside_code(text, _keep_links_in_cells))))


def _keep_links_in_cells(text: str) -> str:
    """The bar in `[[id|words]]` would end a table's cell."""
    return LINK.sub(lambda link: re.sub(r"(?<!\\)\|", r"\\|", link[0]), text)
