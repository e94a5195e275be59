"""HTML of other programs as our Markdown, and our Markdown as HTML for them.

Written here rather than taken from a library: it must read right in Python-Markdown with our extensions (lists indented by four,
`~` a mark, `{{1}}` a blank), take thousands of nested tags, and stay one line in choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from lxml import etree, html

from ladder.core import markup
from ladder_tools.formats import escape
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.html_line import (
    ATOMS,
    BREAK,
    HELD,
    Run,
    as_entities,
    code_span,
    one_line,
    paragraph,
    said,
    text_lines,
    with_mark,
    with_styles,
)

MAX_DEPTH = 60  # what is nested deeper is read as its text
_MAX_RUNS = 20_000  # in one paragraph: there are only so many characters to hold marks
_SILENT = frozenset(("script", "style", "head", "template", "input", "button", "select", "svg", "object", "colgroup"))
_APART = frozenset((
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption", "details", "summary",
    "address", "center", "fieldset", "form", "caption", "body", "html", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead",
    "tfoot",
))
_ITEM = re.compile(r"- |\d+\. ")
_NO_WORDS = re.compile(r"- |\d+\. |>|\|.*\n\| ---|`{3,}\n|<!--")
_PICTURE = re.compile(r'(<img (?:[a-z]+="[^"]*" )*?src=")/static/')
_PARAGRAPHS = re.compile(r"\s*(?:<p>[^<&]*</p>\s*)+\Z")  # most of what people write: read without a parser
_SPACES = re.compile(r"[ \t\n]+")
Name = Callable[[str], str]


def to_markdown(source: str, name: Name | None = None) -> str:
    """HTML as Markdown that shows the same. Scripts and styles go, what Markdown has no word for is its text. Never raises.

    `name` gives the name of a picture for its address, `""` for one to leave out.
    """
    paragraphs = _plain_paragraphs(source)
    if paragraphs is not None:
        return "\n\n".join(filter(None, map(text_lines, paragraphs)))
    return "\n\n".join(_Page.of(_parsed(source, name), in_line=False))


def to_markdown_line(source: str, name: Name | None = None) -> str:
    """HTML as one line of Markdown, for a choice or a key point; paragraphs and items of lists are set apart by `<br>`."""
    paragraphs = _plain_paragraphs(source)
    if paragraphs is not None:
        return escape.to_markdown_line("\n".join(map(one_line, paragraphs)))
    return BREAK.join(_Page.of(_parsed(source, name), in_line=True))


def to_html(markdown: str, folder: str = "") -> str:
    """Markdown as HTML for another program: links into the knowledge base as their words, pictures in `folder` (`media/`)."""
    return _PICTURE.sub(rf"\g<1>{folder}", markup.to_html(escape.without_links(markdown)))


def to_inline_html(markdown: str, folder: str = "") -> str:
    """Markdown of one paragraph as HTML without the paragraph, as `to_html`."""
    return _PICTURE.sub(rf"\g<1>{folder}", markup.to_inline_html(escape.without_links(markdown)))


def _plain_paragraphs(source: str) -> list[str] | None:
    """The paragraphs of a source that has no other markup; None for one that must be parsed."""
    if "&" in source or not ("<" not in source or _PARAGRAPHS.match(source)):
        return None
    return re.split(r"</?p>" if "<" in source else r"\n\s*\n", clean(source))


def _parsed(source: str, name: Name | None) -> etree._Element:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(f"<body>{clean(source)}</body>", parser=parser)
    except etree.ParserError:  # nothing but comments
        return html.Element("body")
    if not any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        for picture in root.iter("img"):
            if name and not picture.get("data-equation-content"):
                picture.set("src", name(one_line(picture.get("src"))))
        return root
    flat = html.Element("body")  # nested deeper than the parser goes: it leaves out the rest
    flat.text = unescape(re.sub(r"<[^<>]*>", " ", clean(source)))
    return flat


class _Page:
    """What has been read of an element: blocks, and the runs of the paragraph that is open."""

    def __init__(self, in_line: bool, depth: int) -> None:
        self.blocks: list[str] = []
        self.runs: list[Run] = []
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
            self._text(said(element), marks)
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
        elif tag in ATOMS:
            self._atom(ATOMS[tag](child), marks)
        elif tag == "br":
            self._break(marks)
        elif tag in _APART:
            self._end()
            self._inside(child, with_styles(child, marks))
            self._end()
        else:
            self._inside(child, with_mark(child, marks))

    def _text(self, text: str | None, marks: tuple[str, ...]) -> None:
        if not text:
            return
        text = _SPACES.sub(lambda space: "\n" if "\n" in space[0] else " ", text.replace("\r", "\n"))
        text = HELD.sub("", clean(text))  # only now: what entities stand for, the space that does not collapse among it
        if not self.runs or self.runs[-1].text[-1:].isspace():
            text = text.lstrip(" \n")
        if text:
            self._add(Run(text.replace("\n", " ") if self.in_line else text, marks))

    def _add(self, run: Run) -> None:
        if len(self.runs) >= _MAX_RUNS:
            self._end()
        self.runs.append(run)

    def _atom(self, markdown: str, marks: tuple[str, ...]) -> None:
        if markdown:
            self._add(Run(markdown, marks, raw=True))

    def _break(self, marks: tuple[str, ...]) -> None:
        """A line end. Two of them are how many editors write paragraphs."""
        before = [run for run in self.runs if run.raw or not run.text.isspace()]
        if before and before[-1].text == BREAK and before[-1].raw:
            self._end()
        elif before:
            self._atom(BREAK, marks)

    def _end(self) -> None:
        runs, self.runs = self.runs, []
        while runs and (runs[-1].text == BREAK if runs[-1].raw else runs[-1].text.isspace()):
            runs.pop()
        text = paragraph(runs, self.in_line) if runs else ""
        if text:
            self.blocks.append(text)


def _pre(element: etree._Element, page: _Page, _marks: tuple[str, ...]) -> list[str]:
    for line_end in element.iter("br"):
        line_end.text = "\n"
    code = said(element).strip("\n")
    if page.in_line or not code.strip():
        return list(filter(None, map(code_span, map(one_line, code.split("\n")))))
    if "{{" in code or "}}" in code:
        return [f"<pre><code>{as_entities(code)}</code></pre>"]
    fence = "`" * max(3, max(map(len, re.findall("`+", code)), default=0) + 1)
    return [f"{fence}\n{code}\n{fence}"]


def _heading(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    words = " ".join(_Page.of(element, True, page.depth, marks))
    level = max(3, int(element.tag[1]))  # `##` begins a question
    return [] if not words else [words if page.in_line else f"{'#' * level} {words}"]


def _rule(_element: etree._Element, page: _Page, _marks: tuple[str, ...]) -> list[str]:
    return [] if page.in_line else ["***"]


def _quote(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    blocks = _Page.of(element, page.in_line, page.depth, marks)
    if page.in_line or not blocks:
        return blocks
    return ["\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks).split("\n"))]


def _indented(blocks: list[str], mark: str, loose: bool) -> str:
    """An item: its mark, what it says, and everything below it indented by four. An item begins with words."""
    if _NO_WORDS.match(blocks[0]):
        blocks = ["&nbsp;", *blocks]
    apart = "\n" if not loose and all(map(_ITEM.match, blocks[1:])) else "\n\n"
    first, *more = apart.join(blocks).split("\n")
    return "\n".join([mark + first, *(f"    {line}" if line else "" for line in more)])


def _list(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    start = element.get("start") or "1"
    number = int(start) if re.fullmatch(r"\d{1,4}", start) else 1
    items: list[str] = []
    loose = False
    for child in element:
        blocks = _Page.of(child, page.in_line, page.depth, marks) if isinstance(child.tag, str) else []
        if not blocks:
            continue
        mark = "- " if element.tag == "ul" else f"{number + len(items)}. "
        if page.in_line:
            items.append(BREAK.join([("" if element.tag == "ul" else mark) + blocks[0], *blocks[1:]]))
        else:
            before, loose = loose, child.find("p") is not None
            items.append(("\n" if loose and before else "") + _indented(blocks, mark, loose))
    if page.in_line:
        return items
    return _after_list(page, element, "\n".join(items))


def _after_list(page: _Page, element: etree._Element, block: str) -> list[str]:
    """A list right after one of its kind would be read as going on."""
    before = page.blocks[-1] if page.blocks else ""
    goes_on = re.match(r"- " if element.tag == "ul" else r"\d+\. ", before)
    return [] if not block else ["<!-- -->", block] if goes_on else [block]


def _terms(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    rows: list[str] = []
    for child in element.xpath("./dt | ./dd | ./div/dt | ./div/dd"):
        blocks = _Page.of(child, page.in_line or child.tag == "dt", page.depth, marks)
        if not blocks:
            continue
        if child.tag == "dt" or page.in_line:
            rows.append(("\n" if rows and not page.in_line else "") + BREAK.join(blocks))
        else:
            rows.append(_indented(blocks, ":   ", loose=True))
    return rows if page.in_line else ["\n".join(rows)] if rows else []


def _table(element: etree._Element, page: _Page, marks: tuple[str, ...]) -> list[str]:
    rows = [_cells(row, page, marks) for row in element.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")]
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
            words = BREAK.join(_Page.of(cell, True, page.depth, marks))
            if not page.in_line:
                words = re.sub(r"(?<!\\)\|", "&#124;", words)
                words = words.replace("`", "\\`") if words.count("`") == 1 else words  # it would pair with one in the next cell
            cells.append(words)
            span = cell.get("colspan") or "1"
            cells += [""] * (min(int(span), 50) - 1 if re.fullmatch(r"\d{1,3}", span) else 0)
    return cells


_Block = Callable[[etree._Element, _Page, tuple[str, ...]], list[str]]
_BLOCKS: dict[str, _Block] = {
    "ul": _list, "ol": _list, "dl": _terms, "table": _table, "pre": _pre, "blockquote": _quote, "hr": _rule,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
}
