"""A paragraph of HTML as Markdown: text with marks around it, and what stands in it as one thing, a picture or code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree

from ladder_tools.formats import escape
from ladder_tools.formats.encoding import clean

_MARKS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "del": "del", "s": "del", "strike": "del",
    "sub": "sub", "sup": "sup", "u": "u", "ins": "ins", "kbd": "kbd", "mark": "mark", "small": "small", "q": "q", "cite": "cite",
}
# For programs that have no element for these: a class of ours, which comes back.
OWN_CLASSES = {f"ladder-{tag}": tag for tag in ("del", "ins", "mark", "s", "u")}
_SIGNS = {"strong": "**", "em": "*", "del": "~~"}
_STYLES = (
    (re.compile(r"font-weight:\s*(?:bold|[6-9]00)"), "strong"),
    (re.compile(r"font-style:\s*italic"), "em"),
    (re.compile(r"text-decoration(?:-line)?:[^;]*underline"), "u"),
    (re.compile(r"text-decoration(?:-line)?:[^;]*line-through"), "del"),
)
_FIRST_HELD = 0xF0000  # characters from here on stand for marks while text is escaped
HELD = re.compile("[\U000f0000-\U0010ffff]")
BREAK = "<br>"
_BEFORE_MARK = re.compile(rf"[!\\](?={HELD.pattern})")  # these would change what the mark means
_BARE_REFERENCE = re.compile(r"&(?=#(?!\d+;))")  # the parser of Markdown takes it for the beginning of one that comes later


@dataclass(frozen=True)
class Run:
    """Text with the marks around it, the outermost first; or, `raw`, Markdown as it is."""

    text: str
    marks: tuple[str, ...]
    raw: bool = False


def said(element: etree._Element) -> str:
    """The text of an element without its markup."""
    return clean("".join(element.itertext()))


def one_line(text: str | None) -> str:
    """Text on one line; also what an attribute says, or not."""
    return " ".join(clean(text or "").split())


def with_mark(element: etree._Element, marks: tuple[str, ...]) -> tuple[str, ...]:
    """The marks around what is inside an element, itself and its style among them. The mark of a link is its address."""
    mark = _MARKS.get(OWN_CLASSES.get(element.get("class"), element.tag), "")
    if element.tag == "a":
        address = one_line(element.get("href"))
        if re.match(r"https?://|mailto:", address, re.IGNORECASE) and not any(":" in mark for mark in marks):
            mark = _safe(address)
    marks = marks if not mark or (mark in marks and mark not in ("sub", "sup")) else (*marks, mark)
    return with_styles(element, marks)


def with_styles(element: etree._Element, marks: tuple[str, ...]) -> tuple[str, ...]:
    """The marks with those that a style means."""
    style = element.get("style")
    for pattern, mark in _STYLES if style else ():
        if mark not in marks and pattern.search(style[:1000].lower()):
            marks = (*marks, mark)
    return marks


def _safe(address: str) -> str:
    """An address without what ends one in Markdown."""
    return re.sub(r"[\s<>()\\{}|]", lambda odd: f"%{ord(odd[0]):02x}", address)


def _shared(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(mark for mark, _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def paragraph(runs: Iterable[Run], in_line: bool) -> str:
    """Runs as Markdown. While the text between them is escaped, characters that mean nothing hold the place of marks: what a text
    means hangs on what stands before and after it."""
    held: dict[str, str] = {}
    parts: list[str] = []

    def hold(markdown: str) -> None:
        parts.append(held.setdefault(markdown, chr(_FIRST_HELD + len(held))))

    line = _Line(hold, parts)
    for run in _trimmed(runs):
        line.to(run.marks)
        if run.raw:
            hold(run.text)
            if run.text == BREAK and not in_line:
                parts.append("\n")
        else:
            parts.append(run.text)
    line.to(())
    text = "".join(parts)
    escaped = escape.to_markdown_line(text) if in_line else text_lines(text)
    escaped = _BARE_REFERENCE.sub("&amp;", _BEFORE_MARK.sub(lambda sign: "&#33;" if sign[0] == "!" else "\\\\", escaped))
    for sign in ("*", "`", "~"):  # one alone is left as it is, and would pair with those of the marks
        if text.count(sign) == 1 and any(sign in mark for mark in held):
            escaped = re.sub(rf"(?<!\\)((?:\\\\)*)\{sign}", rf"\1\\{sign}", escaped)
    markdown = list(held)
    return HELD.sub(lambda char: markdown[ord(char[0]) - _FIRST_HELD], escaped)


def _trimmed(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs whose marks begin and end at a word: space at their ends has only the marks that both its neighbours have."""
    last: tuple[str, ...] = ()
    space = ""
    for run in runs:
        text = run.text if run.raw else run.text.strip()
        before, after = run.text.split(text, 1) if text else (run.text, "")
        space += before
        if text:
            if space:
                yield Run(space, _shared(last, run.marks))
            yield Run(text, run.marks, run.raw)
            last, space = run.marks, after


class _Line:
    """Opens and closes marks along a line. A mark in another, or right after one, is written as a tag: none errs there."""

    def __init__(self, hold: Callable[[str], None], parts: list[str]) -> None:
        self.hold = hold
        self.parts = parts
        self.open: list[tuple[str, str]] = []
        self.closed_at = -1

    def to(self, marks: tuple[str, ...]) -> None:
        """Close and open what lies between here and text with these marks."""
        shared = len(_shared(tuple(mark for mark, _ in self.open), marks))
        while len(self.open) > shared:
            self.hold(self.open.pop()[1])
            self.closed_at = len(self.parts)
        for mark in marks[shared:]:
            start, end = self._words(mark)
            self.hold(start)
            self.open.append((mark, end))

    def _words(self, mark: str) -> tuple[str, str]:
        if ":" in mark:
            return "[", f"]({mark})"
        sign = _SIGNS.get(mark)
        if sign and self.closed_at != len(self.parts) and not any(mark in _SIGNS for mark, _ in self.open):
            return sign, sign
        return f"<{mark}>", f"</{mark}>"


def text_lines(text: str) -> str:
    """Text without tags, its lines kept, nothing in it a mark."""
    return escape.to_markdown(text).replace("\n\n", "\n")


def _picture(element: etree._Element) -> str:
    tex = one_line(element.get("data-equation-content"))
    if tex:
        return escape.to_markdown_line(rf"\({tex}\)")
    source = one_line(element.get("src"))
    if not source:
        return ""
    words = re.sub(r"([\[\]\\`*_])", r"\\\1", one_line(element.get("alt")))
    return f"![{words}]({'<' + source + '>' if re.search(r'[ ()]', source) else source})"


def _code(element: etree._Element) -> str:
    return code_span(one_line(said(element)))


def code_span(text: str) -> str:
    """Text of one line as code."""
    if not text:
        return ""
    if any(mark in text for mark in ("{{", "}}", "[[", "|")):  # these mean something to banks and tables even in code
        return f"<code>{as_entities(text)}</code>"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"`{text}`" if len(fence) == 1 else f"{fence} {text} {fence}"


def as_entities(text: str) -> str:
    """Text that means nothing to Markdown, on one line."""
    return re.sub(r"[^\w \u3000-\u303f]|_", lambda char: f"&#{ord(char[0])};", text)


def _formula(element: etree._Element) -> str:
    notes = element.xpath(".//*[local-name()='annotation' and contains(@encoding, 'tex')]")
    tex = one_line(said(notes[0]) if notes else element.get("alttext"))
    return escape.to_markdown_line(rf"\({tex}\)" if tex else one_line(said(element)))


def _played(element: etree._Element) -> str:
    address = one_line(element.get("src") or next((child.get("src") for child in element.iter("source")), ""))
    words = escape.to_markdown_line(address)
    return f"[{words}]({_safe(address)})" if re.match(r"https?://", address) else words


ATOMS: dict[str, Callable[[etree._Element], str]] = {
    "img": _picture, "code": _code, "samp": _code, "tt": _code, "math": _formula,
    **dict.fromkeys(("video", "audio", "iframe", "embed"), _played),
}
