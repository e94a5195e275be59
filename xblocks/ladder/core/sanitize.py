"""HTML that may reach a browser. The allow-lists live here and nowhere else.

bleach is what the project was asked to use; it is no longer maintained, so nh3 goes over its output once more (ADR 0004).
"""

from __future__ import annotations

import re
import threading

import nh3
from bleach.sanitizer import Cleaner

TAGS = frozenset((
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "pre", "q", "s", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
))
ATTRIBUTES = {
    "a": {"href", "title", "data-link", "data-heading"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "details": {"open"},
}
CLASSES = frozenset((
    "ladder-link", "ladder-callout", "tip", "note", "warning", "danger", "ladder-callout-title", "ladder-scroll",
))
SCHEMES = frozenset({"http", "https", "mailto"})
# Anchors carry a prefix of ours, so that author text can never shadow a name that page scripts look up.
ANCHOR = re.compile(r"s-[\w-]{1,80}\Z")
_REL = "noopener noreferrer"
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ON_TAGS = {
    tag: ATTRIBUTES.get(tag, set()) | {"class"} | ({"id"} if re.fullmatch("h[1-6]", tag) else set())
    | ({"tabindex"} if tag == "div" else set())
    for tag in TAGS
}
_local = threading.local()


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return set(value.split()) <= CLASSES
    if name == "id":
        return bool(ANCHOR.match(value)) and tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
    if name == "rel":
        return value == _REL and tag == "a"
    if name == "tabindex":
        return value == "0" and tag == "div"
    if name in ("href", "src"):
        scheme = _SCHEME.match(value)
        return scheme is None or scheme[1].lower() in SCHEMES
    return name in ATTRIBUTES.get(tag, ())


def sanitize(html: str) -> str:
    """Author HTML without anything that could run, load from elsewhere as a frame, or restyle the page."""
    return nh3.clean(
        _cleaner().clean(html),
        tags=set(TAGS),
        attributes=_ON_TAGS,
        attribute_filter=lambda tag, name, value: value if _allowed(tag, name, value) else None,
        url_schemes=set(SCHEMES),
        link_rel=_REL,
    )


def _cleaner() -> Cleaner:
    """One a thread, as it serves no two at once: making one costs a third of using it."""
    if not hasattr(_local, "cleaner"):
        _local.cleaner = Cleaner(tags=TAGS, attributes=_allowed, protocols=SCHEMES, strip=True, strip_comments=True)
    cleaner: Cleaner = _local.cleaner
    return cleaner
