"""Plain text as Markdown that reads the same, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import html

from ladder.core.kb import LINK, outside_code
from ladder.core.markup import to_html

_MARKS = re.compile(r"(?<![^\W_])_|_(?![^\W_])|\](?=\s?[(\[:])|(?<=\[)\[|(?<=\{)\{|(?<=\})\}")
_IN_PAIRS = ("*", "`", "~")  # one alone means nothing: 9:00~18:00, press the * key
_BACKSLASH = re.compile(r"\\(?=[\\`*_{}\[\]()>#+.!~| :-]|\Z)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])|&(?=#|\w+;)")
_AT_START = re.compile(r"(?P<space>\s*)(?:(?P<mark>[#>+*-]|\[(?=.*\]:)|:(?=\s)|=(?=[=\s\d]))|(?P<number>\d+)(?P<dot>[.)])(?=\s))")
_BLANK = re.compile(r"\{\{\d+\}\}")
# A text without any of these means the same as Markdown and as text.
_MAY_MARK = re.compile(r"[\\*`~_\[\]{}<>&#|!]|^\s*[-+=:]|^\s*\d+[.)]\s|^ {4}|\t", re.MULTILINE)


def to_markdown(text: str) -> str:
    """Plain text as Markdown: each line a paragraph, nothing in it a mark. Blanks `{{n}}` stay blanks."""
    return "\n\n".join(_lines(text))


def to_markdown_line(text: str) -> str:
    """Plain text as one line of Markdown, for a choice or a key point; line ends become `<br>`, and a bar does not end it."""
    joined = "<br>".join(line.replace("|", "\\|") for line in _lines(text))
    return "\\" + joined if joined.startswith("[") and "]:" in joined else joined  # as a whole it would define a link


def _lines(text: str) -> Iterator[str]:
    paired = [mark for mark in _IN_PAIRS if text.count(mark) > 1]
    for line in map(str.strip, text.split("\n")):
        if line:
            yield _line(line, paired) if _MAY_MARK.search(line) else line


def _line(text: str, paired: Iterable[str]) -> str:
    parts, last = [], 0
    for blank in _BLANK.finditer(text):
        parts += [_marks(text[last : blank.start()], paired), blank[0]]
        last = blank.end()
    parts.append(_marks(text[last:], paired))
    line = "".join(parts)
    start = _AT_START.match(line)
    if not start:
        return line
    if start["mark"] in ("=", ":"):
        return f"{start['space']}&#{ord(start['mark'])};{line[start.end('mark'):]}"
    at = start.end("number") if start["number"] else start.end("space")
    return f"{line[:at]}\\{line[at:]}"


def _marks(text: str, paired: Iterable[str]) -> str:
    text = _BACKSLASH.sub(r"\\\\", text)
    for mark in paired:
        text = text.replace(mark, "\\" + mark)
    return _TAG.sub(lambda tag: "&lt;" if tag[0] == "<" else "&amp;", _MARKS.sub(lambda mark: "\\" + mark[0], text))


def without_links(markdown: str) -> str:
    """Markdown with links into the knowledge base as their words: other programs have no such articles."""
    if "[[" not in markdown:
        return markdown
    return outside_code(markdown, lambda part: LINK.sub(lambda link: link["words"] or link["heading"] or link["id"], part))


def is_plain(markdown: str) -> bool:
    """Whether Markdown holds nothing but text in paragraphs, so that plain text says the same."""
    if _is_bare(markdown):
        return True
    text = to_text(markdown)
    return markdown in (to_markdown(text), to_markdown_line(text))


def _is_bare(markdown: str) -> bool:
    return not _MAY_MARK.search(_BLANK.sub("", markdown))


@lru_cache(maxsize=4096)  # what a format loses is told, and then written: each text is asked for a few times running
def to_text(markdown: str) -> str:
    """What a reader of Markdown reads, one line a paragraph, without any formatting; of links the words. Blanks `{{n}}` stay."""
    markdown = without_links(markdown)
    if _is_bare(markdown):
        return re.sub(r"\n{2,}", "\n", re.sub(r"(?<!\n)\n(?!\n)", " ", markdown))
    root = html.fragment_fromstring(to_html(markdown), create_parent="div")
    for element in root.iter("br"):
        element.tail = "\n" + (element.tail or "")
    for element in root.iter("tr", "thead", "tbody"):
        element.text = element.text.strip() if element.text else None
    for element in root.iter("p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table"):
        element.tail = "\n" + (element.tail or "")
    for element in root.iter("td", "th"):
        element.tail = "\t"
    for element in root.iter("img"):
        element.tail = f"[{element.get('alt') or element.get('src', '').rpartition('/')[2]}]" + (element.tail or "")
    lines = (re.sub(r"[ \t]*\t[ \t]*", "\t", line).strip() for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line)
