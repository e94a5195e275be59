"""HTML of other programs as our Markdown, and our Markdown as HTML for them.

Written here rather than taken from a library: what is made must read right in Python-Markdown with our extensions (lists indented by
four, `~` a mark, `{{1}}` a blank), take thousands of nested tags, and stay one line in choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree, html

from ladder.core import markup
from ladder.core.kb import LINK, outside_code
from ladder_tools.formats import escape
from ladder_tools.formats.encoding import clean

MAX_DEPTH = 60  # what is nested deeper is read as its text
_MARKS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "del": "del", "s": "del", "strike": "del",
    "sub": "sub", "sup": "sup", "u": "u", "ins": "ins", "kbd": "kbd", "mark": "mark", "small": "small", "q": "q", "cite": "cite",
}
_SIGNS = {"strong": "**", "em": "*", "del": "~~"}
_STYLES = (
    (re.compile(r"font-weight:\s*(?:bold|[6-9]00)"), "strong"),
    (re.compile(r"font-style:\s*italic"), "em"),
    (re.compile(r"text-decoration(?:-line)?:[^;]*underline"), "u"),
    (re.compile(r"text-decoration(?:-line)?:[^;]*line-through"), "del"),
)
_SILENT = frozenset(("script", "style", "head", "template", "input", "button", "select", "svg", "object", "noscript", "colgroup"))
_APART = frozenset((
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption", "details", "summary",
    "address", "center", "fieldset", "form", "caption", "body", "html", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot",
))
_PLAYED = frozenset(("video", "audio", "iframe", "embed"))
_HELD = 0xF0000  # characters from here on stand for marks while text is escaped
_HELD_CHAR = re.compile("[\U000f0000-\U0010ffff]")
_PICTURE = re.compile(r'(<img (?:[a-z]+="[^"]*" )*?src=")/static/')
_SPACES = re.compile(r"[ \t\u3000]*\n\s*|[ \t]+")


@dataclass(frozen=True)
class _Run:
    """Text with the marks around it, the outermost first; or, `raw`, Markdown as it is."""

    text: str
    marks: tuple[str, ...]
    raw: bool = False


_BREAK = "<br>"


def to_markdown(source: str) -> str:
    """HTML as Markdown that shows the same. Scripts and styles go, what Markdown has no word for becomes its text. Never raises."""
    if "<" not in source and "&" not in source:
        parts = (_lines(clean(part)) for part in re.split(r"\n\s*\n", source))
        return "\n\n".join(part for part in parts if part)
    return "\n\n".join(_Page.of(_parsed(source), in_line=False))


def to_markdown_line(source: str) -> str:
    """HTML as one line of Markdown, for a choice or a key point; paragraphs and items of lists are set apart by `<br>`."""
    if "<" not in source and "&" not in source:
        return escape.to_markdown_line(" ".join(clean(source).split()))
    return _BREAK.join(_Page.of(_parsed(source), in_line=True))


def to_html(markdown: str, folder: str = "") -> str:
    """Markdown as HTML for another program: links into the knowledge base as their words, pictures in `folder` (`media/`)."""
    return _PICTURE.sub(rf"\g<1>{folder}", markup.to_html(_without_links(markdown)))


def to_inline_html(markdown: str, folder: str = "") -> str:
    """Markdown of one paragraph as HTML without the paragraph, as `to_html`."""
    return _PICTURE.sub(rf"\g<1>{folder}", markup.to_inline_html(_without_links(markdown)))


def _without_links(markdown: str) -> str:
    if "[[" not in markdown:
        return markdown
    return outside_code(markdown, lambda part: LINK.sub(lambda link: link["words"] or link["heading"] or link["id"], part))


def _parsed(source: str) -> etree._Element:
    text = _HELD_CHAR.sub("", clean(source))
    try:
        return html.document_fromstring(f"<body>{text}</body>", parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except etree.ParserError:  # nothing but comments
        return html.Element("body")


def _lines(text: str) -> str:
    """Text without tags, its lines kept, nothing in it a mark."""
    return "\n".join(filter(None, map(escape.to_markdown_line, text.split("\n"))))


class _Page:
    """What has been read of an element: blocks, and the runs of the paragraph that is open."""

    def __init__(self, in_line: bool, depth: int) -> None:
        self.blocks: list[str] = []
        self.runs: list[_Run] = []
        self.in_line = in_line
        self.depth = depth

    @classmethod
    def of(cls, element: etree._Element, in_line: bool, depth: int = 0, marks: tuple[str, ...] = ()) -> list[str]:
        """The blocks inside an element; each one line when `in_line`."""
        page = cls(in_line, depth)
        page._inside(element, marks)
        page._end()
        return page.blocks

    def _inside(self, element: etree._Element, marks: tuple[str, ...]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._text(" ".join(element.itertext()), marks)
        else:
            self._text(element.text, marks)
            for child in element:
                self._child(child, marks)
                self._text(child.tail, marks)
        self.depth -= 1

    def _child(self, child: etree._Element, marks: tuple[str, ...]) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SILENT:
            return
        if tag in _BLOCKS:
            self._end()
            block = _BLOCKS[tag](child, self, marks)
            self.blocks.extend([block] if isinstance(block, str) and block else block)
        elif tag in _ATOMS:
            self._atom(_ATOMS[tag](child), marks)
        elif tag == "br":
            self._break(marks)
        elif tag in _APART:
            self._end()
            self._inside(child, _with_styles(child, marks))
            self._end()
        else:
            self._inside(child, _with_mark(child, marks))

    def _text(self, text: str | None, marks: tuple[str, ...]) -> None:
        if not text:
            return
        text = _SPACES.sub(lambda space: "\n" if "\n" in space[0] else " ", text)
        self.runs.append(_Run(text.replace("\n", " ") if self.in_line else text, marks))

    def _atom(self, markdown: str, marks: tuple[str, ...]) -> None:
        if markdown:
            self.runs.append(_Run(markdown, marks, raw=True))

    def _break(self, marks: tuple[str, ...]) -> None:
        """A line end. Two of them are how many editors write paragraphs."""
        before = [run for run in self.runs if run.raw or not run.text.isspace()]
        if before and before[-1].text == _BREAK and before[-1].raw:
            self._end()
        elif before:
            self._atom(_BREAK, marks)

    def _end(self) -> None:
        runs, self.runs = self.runs, []
        while runs and (runs[-1].text == _BREAK if runs[-1].raw else runs[-1].text.isspace()):
            runs.pop()
        paragraph = _paragraph(runs, self.in_line) if runs else ""
        if paragraph:
            self.blocks.append(paragraph)


def _with_mark(element: etree._Element, marks: tuple[str, ...]) -> tuple[str, ...]:
    mark = _MARKS.get(element.tag, "")
    if element.tag == "a":
        address = (element.get("href") or "").strip()
        if re.match(r"https?://|mailto:", address, re.IGNORECASE) and not any(":" in mark for mark in marks):
            mark = re.sub(r"[\s<>()\\]", lambda odd: f"%{ord(odd[0]):02x}", address)
    marks = marks if not mark or mark in marks else (*marks, mark)
    return _with_styles(element, marks)


def _with_styles(element: etree._Element, marks: tuple[str, ...]) -> tuple[str, ...]:
    style = element.get("style")
    for pattern, mark in _STYLES if style else ():
        if mark not in marks and pattern.search(style[:1000].lower()):
            marks = (*marks, mark)
    return marks


def _shared(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(mark for mark, _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def _paragraph(runs: list[_Run], in_line: bool) -> str:
    """Runs as Markdown. Marks are held by characters that mean nothing while the text between is escaped, as its sense hangs on
    what stands before and after it."""
    held: list[str] = []
    parts: list[str] = []

    def hold(markdown: str) -> None:
        parts.append(chr(_HELD + len(held)))
        held.append(markdown)

    line = _Line(hold, parts)
    for run in _trimmed(runs):
        line.to(run.marks)
        if run.raw:
            hold(run.text)
            if run.text == _BREAK and not in_line:
                parts.append("\n")
        else:
            parts.append(run.text)
    line.to(())
    escaped = _lines("".join(parts))
    return _HELD_CHAR.sub(lambda char: held[ord(char[0]) - _HELD], re.sub("!(?=[\U000f0000-\U0010ffff])", "&#33;", escaped))


def _trimmed(runs: list[_Run]) -> Iterator[_Run]:
    """Runs whose marks begin and end at a word: a space at an end belongs to what is around it."""
    pieces: list[_Run] = []
    for run in runs:
        words = run.text.strip() if not run.raw else run.text
        if not words:
            pieces.append(_Run(run.text, ()))
            continue
        before, after = run.text.split(words, 1) if not run.raw else ("", "")
        pieces += [_Run(before, ())] if before else []
        pieces.append(_Run(words, run.marks, run.raw))
        pieces += [_Run(after, ())] if after else []
    words_at = [index for index, piece in enumerate(pieces) if piece.raw or not piece.text.isspace()]
    last: tuple[str, ...] = ()
    following = iter([*words_at, -1])
    ahead = next(following)
    for index, piece in enumerate(pieces):
        if index == ahead:
            last, ahead = piece.marks, next(following)
            yield piece
        else:
            yield _Run(piece.text, _shared(last, pieces[ahead].marks) if ahead >= 0 else ())


class _Line:
    """Opens and closes marks along a line. A mark inside another, or right after one, is written as a tag: no reader errs there."""

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


def _picture(element: etree._Element) -> str:
    tex = element.get("data-equation-content")
    if tex:
        return escape.to_markdown_line(rf"\({' '.join(tex.split())}\)")
    source = (element.get("src") or "").strip()
    if not source:
        return ""
    words = re.sub(r"([\[\]\\`*_])", r"\\\1", " ".join((element.get("alt") or "").split()))
    return f"![{words}]({'<' + source + '>' if re.search(r'[ ()]', source) else source})"


def _code(element: etree._Element) -> str:
    return _code_span(" ".join("".join(element.itertext()).split()))


def _code_span(text: str) -> str:
    if not text:
        return ""
    if "{{" in text or "}}" in text or "[[" in text:
        return f"<code>{_as_entities(text)}</code>"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"`{text}`" if len(fence) == 1 else f"{fence} {text} {fence}"


def _as_entities(text: str) -> str:
    """Text that means nothing to Markdown, on one line."""
    return re.sub(r"[^\w \u3000-\u303f]", lambda char: f"&#{ord(char[0])};", text)


def _formula(element: etree._Element) -> str:
    notes = element.xpath(".//*[local-name()='annotation' and contains(@encoding, 'tex')]")
    tex = "".join(notes[0].itertext()) if notes else element.get("alttext")
    words = " ".join((tex or "").split()) or " ".join("".join(element.itertext()).split())
    return escape.to_markdown_line(rf"\({words}\)" if tex else words)


def _played(element: etree._Element) -> str:
    address = element.get("src") or next((child.get("src") or "" for child in element.iter("source")), "")
    if not re.match(r"https?://\S+\Z", address):
        return escape.to_markdown_line(address or "")
    return f"[{escape.to_markdown_line(address)}]({address})"


def _pre(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    for line_end in element.iter("br"):
        line_end.text = "\n"
    code = "".join(element.itertext()).strip("\n")
    if page.in_line or not code.strip():
        return list(filter(None, map(_code_span, (" ".join(line.split()) for line in code.split("\n")))))
    if "{{" in code or "}}" in code:
        return [f"<pre><code>{_as_entities(code)}</code></pre>"]
    fence = "`" * max(3, max(map(len, re.findall("`+", code)), default=0) + 1)
    return [f"{fence}\n{code}\n{fence}"]


def _heading(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    words = " ".join(_Page.of(element, True, page.depth, marks))
    level = max(3, int(element.tag[1]))  # `##` begins a question
    return [] if not words else [words if page.in_line else f"{'#' * level} {words}"]


def _rule(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    return [] if page.in_line else ["***"]


def _quote(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    blocks = _Page.of(element, page.in_line, page.depth, marks)
    if page.in_line or not blocks:
        return blocks
    return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))]


def _indented(blocks: list[str], mark: str, apart: str) -> str:
    """An item: its mark, what it says, and everything below it indented by four."""
    first, *more = apart.join(blocks).split("\n")
    return "\n".join([mark + first, *(f"    {line}" if line else "" for line in more)])


def _list(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    start = element.get("start") or "1"
    number = int(start) if re.fullmatch(r"\d{1,4}", start) else 1
    items: list[str] = []
    loose = any(child.tag == "li" and child.find("p") is not None for child in element)
    for child in element:
        blocks = _Page.of(child, page.in_line, page.depth, marks) if isinstance(child.tag, str) else []
        if not blocks:
            continue
        mark = "- " if element.tag == "ul" else f"{number + len(items)}. "
        if page.in_line:
            items.append(_BREAK.join([("" if element.tag == "ul" else mark) + blocks[0], *blocks[1:]]))
        else:
            items.append(_indented(blocks, mark, "\n\n" if loose else "\n"))
    if page.in_line:
        return items
    return _after_list(page, element, ("\n\n" if loose else "\n").join(items))


def _after_list(page: _Page, element: etree._Element, block: str) -> list[str]:
    """A list right after one of its kind would be read as going on."""
    before = page.blocks[-1] if page.blocks else ""
    goes_on = re.match(r"- " if element.tag == "ul" else r"\d+\. ", before)
    return [] if not block else ["<!-- -->", block] if goes_on else [block]


def _terms(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    rows: list[str] = []
    for child in element.iter("dt", "dd"):
        blocks = _Page.of(child, page.in_line or child.tag == "dt", page.depth, marks)
        if not blocks:
            continue
        if child.tag == "dt" or page.in_line:
            rows.append(("\n" if rows and not page.in_line else "") + _BREAK.join(blocks))
        else:
            rows.append(_indented(blocks, ":   ", "\n\n"))
    return rows if page.in_line else ["\n".join(rows)] if rows else []


def _table(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    rows = [_cells(row, page, marks) for row in element.iter("tr")]
    rows = [row for row in rows if any(row)]
    caption = element.find("caption")
    above = _Page.of(caption, page.in_line, page.depth, marks) if caption is not None else []
    if page.in_line or not rows:
        return [*above, *("\u3000".join(filter(None, row)) for row in rows)]
    width = max(map(len, rows))
    lines = [f"| {' | '.join((*row, *[''] * (width - len(row))))} |" for row in rows]
    return [*above, "\n".join([lines[0], f"| {' | '.join(['---'] * width)} |", *lines[1:]])]


def _cells(row: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in ("td", "th"):
            words = _BREAK.join(_Page.of(cell, True, page.depth, marks))
            cells.append(words if page.in_line else re.sub(r"(?<!\\)\|", "&#124;", words))
            span = cell.get("colspan") or "1"
            cells += [""] * (min(int(span), 50) - 1 if re.fullmatch(r"\d{1,3}", span) else 0)
    return cells


_Block = Callable[[etree._Element, _Page, tuple[str, ...]], list[str]]
_BLOCKS: dict[str, _Block] = {
    "ul": _list, "ol": _list, "dl": _terms, "table": _table, "pre": _pre, "blockquote": _quote, "hr": _rule,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
}
_ATOMS: dict[str, Callable[[etree._Element], str]] = {
    "img": _picture, "code": _code, "samp": _code, "tt": _code, "math": _formula, **dict.fromkeys(_PLAYED, _played),
}
