"""The texts of QTI 2 and 3 as HTML: an item's body with a gap for each place to answer, its choices, what is said afterwards.

The tree of an item is taken apart on the way: what has been read is removed, so that the rest is what people are shown.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator

from lxml import etree

from ladder_tools.formats.exact.asked import GAP
from ladder_tools.formats.qti.package import PICTURES

FEEDBACK = ("feedbackInline", "feedbackBlock")
_INLINE = frozenset(("textEntryInteraction", "inlineChoiceInteraction"))
_SILENT = ("stylesheet", "templateInline", "templateBlock", "catalogInfo", "companionMaterialsInfo")


def interactions(body: etree._Element) -> list[etree._Element]:
    """The places where something is answered."""
    return [element for element in body.iter(etree.Element) if str(element.tag).lower().endswith("interaction")]


def is_inline(interaction: etree._Element) -> bool:
    """Whether an answer is given in the middle of the text."""
    return interaction.tag in _INLINE


def inner_html(element: etree._Element) -> str:
    """What stands inside an element."""
    parts = [html.escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts).replace(GAP, "").strip()


def stem_html(body: etree._Element, found: list[etree._Element]) -> str:
    """The body with `GAP` for each answer in the middle of the text, and the prompt for each other."""
    for element in found:
        prompt = element.find("prompt")
        if is_inline(element) or prompt is None:
            said = etree.Element("span")
            said.text = GAP if is_inline(element) else None
        else:
            said = prompt
            said.tag = "div"
            before = element.getprevious()
            if before is not None and _words(before) == _words(prompt):  # some programs say it twice
                said = etree.Element("span")
        said.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, said)
    return "".join([
        html.escape(body.text or "", quote=False),
        *(etree.tostring(child, encoding="unicode", method="html") for child in body),
    ])


def _words(element: etree._Element) -> str:
    return "".join("".join(element.itertext()).split())


def taken(element: etree._Element, names: tuple[str, ...], wanted: Callable[[etree._Element], bool]) -> Iterator[etree._Element]:
    """The wanted elements of these names, taken out of the tree."""
    for found in list(element.iter(*names)):
        if wanted(found):
            _remove(found)
            yield found


def make_html(item: etree._Element) -> None:
    """Turn what only QTI has into HTML: objects become pictures or links; style sheets and the like go."""
    for silent in taken(item, _SILENT, lambda _: True):
        silent.clear()
    for shown in item.iter("object"):
        _show(shown)


def open_gaps(item: etree._Element) -> None:
    """Turn words that are dragged into gaps into menus, one in each gap; those that are pictures stay as they are."""
    for interaction in list(item.iter("gapMatchInteraction")):
        words, gaps = list(interaction.iterchildren("gapText")), list(interaction.iter("gap"))
        if not words or not gaps or interaction.find("gapImg") is not None:
            continue
        for gap in gaps:
            gap.set("gap", gap.get("identifier") or "")
            gap.set("responseIdentifier", interaction.get("responseIdentifier") or "")
            gap.tag = "inlineChoiceInteraction"
            for word in words:
                choice = etree.SubElement(gap, "inlineChoice", identifier=word.get("identifier") or "")
                choice.text = "".join(word.itertext())
        for word in words:
            _remove(word)
        for prompt in interaction.iterchildren("prompt"):
            prompt.tag = "div"
        interaction.tag = "div"


def _show(shown: etree._Element) -> None:
    address = shown.get("data") or ""
    is_picture = (shown.get("type") or "").startswith("image/") or address.lower().endswith(PICTURES)
    words, tail = " ".join("".join(shown.itertext()).split()), shown.tail
    shown.clear()
    shown.tag, shown.tail = "img" if is_picture else "video", tail
    shown.set("src", address)
    shown.set("alt", words)


def _remove(element: etree._Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)
