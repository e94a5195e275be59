"""The texts of QTI 1.2 as HTML: `mattext` with its type, pictures, breaks, and Blackboard's own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

_MARKUP = re.compile(r"</?(?:p|div|span|br|b|i|strong|em|img|ul|ol|li|table|sub|sup|a)\b[^<>]*>", re.IGNORECASE)
_FLOWS = frozenset((
    "flow", "flow_mat", "flow_label", "material", "material_ref", "altmaterial", "mat_extension", "solutionmaterial",
    "hintmaterial",
))
# What Blackboard calls the two words of a choice, in Chinese and in English.
PAIRED = {
    "true_false.true": ("正确", "True"), "true_false.false": ("错误", "False"),
    "right_wrong.true": ("正确", "Right"), "right_wrong.false": ("错误", "Wrong"),
    "yes_no.true": ("是", "Yes"), "yes_no.false": ("否", "No"),
    "agree_disagree.true": ("同意", "Agree"), "agree_disagree.false": ("不同意", "Disagree"),
    "on_off.true": ("开", "On"), "on_off.false": ("关", "Off"),
}
_PLAYED = frozenset(("matvideo", "mataudio", "matapplet", "matapplication"))


def material(element: etree._Element) -> str:
    """All that an element says, as HTML."""
    return "".join(_parts(element)).strip()


def _parts(element: etree._Element) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _FLOWS:
            inner = "".join(_parts(child))
            yield f"<div>{inner}</div>" if tag in ("flow", "flow_mat") and inner else inner
        else:
            yield text_of(child)


def text_of(element: etree._Element) -> str:
    """One piece of a material as HTML; `""` for what is no text."""
    tag, address = element.tag, html.escape(element.get("uri") or "")
    if tag in ("mattext", "matemtext"):
        return _mattext(element)
    if tag == "mat_formattedtext":
        return _as_html(element.text or "", is_html=(element.get("type") or "html").lower() in ("html", "smart_text"))
    if tag == "matimage":
        return f'<img src="{address}" alt="{html.escape(element.get("label") or "")}">' if address else ""
    if tag in _PLAYED:
        return f'<video src="{address}"></video>' if address else ""
    return "<br>" if tag == "matbreak" else ""


def _mattext(element: etree._Element) -> str:
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
    if inner:
        return html.escape(element.text or "", quote=False) + inner
    text, type_ = element.text or "", (element.get("texttype") or "").lower()
    return _as_html(text, is_html="html" in type_ or "rtf" in type_ or (not type_ and _MARKUP.search(text) is not None))


def _as_html(text: str, *, is_html: bool) -> str:
    if is_html:
        return text
    words = text if text == text.strip("\n") else text.strip()  # spaces at the ends may be those around a blank
    return html.escape(words, quote=False).replace("\n", "<br>")


def metadata(item: etree._Element) -> dict[str, str]:
    """What an item says of itself, by field; names in lower case."""
    fields = {
        (field.findtext("fieldlabel") or "").strip().lower(): (field.findtext("fieldentry") or "").strip()
        for field in item.iter("qtimetadatafield")
    }
    own = item.find("itemmetadata")
    for element in own if own is not None else ():
        if element.text and element.text.strip():
            fields.setdefault(str(element.tag).lower(), element.text.strip())
    return fields

def said_before(element: etree._Element) -> str:
    """What stands in front of a response, in its own flow: that is how Blackboard says what is matched."""
    said: list[str] = []
    for sibling in element.itersiblings(preceding=True):
        if isinstance(sibling.tag, str) and sibling.tag.startswith("response_"):
            break
        said.append(material(sibling) or text_of(sibling))
    return "".join(reversed(said))
