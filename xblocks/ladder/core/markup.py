"""Markdown to safe HTML; one place for all texts."""

from __future__ import annotations

import re
from html import escape

# A line of Chinese or English with plain punctuation that begins with a word: nothing in it means anything to Markdown or HTML.
_PLAIN = re.compile(r"[A-Za-z\u3400-\u9fff“《（][0-9A-Za-z\u3400-\u9fff ，。、；：？！“”‘’（）《》—…·,.;:?()%/+={}-]*(?<! )\Z")

# Between two of these a line may be broken anywhere, and no space stands between lines. Quotation marks and dashes are Latin too.
_CHINESE, _EITHER = "\u3001-\u303f\u3400-\u9fff\uff01-\uff60", "“”‘’—…"
_INLINE = "(?:strong|em|del|code|a|sub|sup)"
_SOFT_BREAK = re.compile(
    rf"(?P<before>[{_CHINESE}{_EITHER}])(?P<ends>(?:</{_INLINE}>)*)\n(?P<begins>(?:<{_INLINE}\b[^<>]*>)*)(?=(?P<after>[{_CHINESE}{_EITHER}]))"
)
_KEPT = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


def join_lines(text: str) -> str:
    """Lines of one paragraph, in words or HTML, with nothing between Chinese ones: a browser would show a space there."""
    return "".join(part if part.startswith("<pre") else _SOFT_BREAK.sub(_joined, part) for part in _KEPT.split(text))


def _joined(found: re.Match[str]) -> str:
    if found["before"] in _EITHER and found["after"] in _EITHER:
        return found[0]
    return found["before"] + found["ends"] + found["begins"]


def plain_html(text: str) -> str | None:
    """Paragraphs without any markup as HTML, a hundred times as fast as Markdown; None when there may be markup."""
    paragraphs = text.split("\n\n")
    return "\n".join(f"<p>{part}</p>" for part in paragraphs) if all(map(_PLAIN.match, paragraphs)) else None


def to_html(text: str) -> str:
    """Author Markdown as safe HTML."""
    plain = plain_html(text)
    if plain is not None:
        return plain
    from ladder.core.markdown_engine import render_markdown  # takes long to load, and many courses build without it

    return render_markdown(text)


def to_inline_html(text: str) -> str:
    """One paragraph's worth of Markdown without the paragraph, for choices and labels."""
    if not any(mark in text for mark in "*_`[<&!~\\\n"):
        return escape(text, quote=False)
    html = to_html(text).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p>" not in inner else html
