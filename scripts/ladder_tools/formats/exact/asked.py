"""A question as Moodle knows it, whether GIFT or XML said so, and its texts as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ladder.core.document import SLUG
from ladder_tools.formats import escape, html
from ladder_tools.formats.model import Reading

WHOLE = Decimal(100)
GAP = "\ue000"  # where a blank stands, until the text around it is Markdown
TAG = re.compile(r"(?P<name>difficulty|难度|kb|知识点|考点|pinned)\s*[:：]\s*(?P<value>\S.*)\Z", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w{1,12};")
_BLOCK = re.compile(r"<(?:p|div|ul|ol|table|pre|blockquote|h[1-6])\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p>(?P<text>[^<&]*)</p>\Z")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LINE = re.compile(r"(?:\\?_){3,}+")


@dataclass(frozen=True)
class Answer:
    """One answer: Markdown for a choice, plain text for what is typed. `share` is per cent of the marks.

    `is_key`: the text is a key of ours already.
    """

    text: str
    share: Decimal
    feedback: str = ""
    is_key: bool = False


@dataclass
class Asked:
    """One question as it was read. Texts are Markdown; in the stem `GAP` is where a blank stands."""

    line: int
    stem: str = ""
    title: str = ""
    id: str = ""
    explanation: str = ""
    marks: Decimal | None = None
    fixed: bool | None = None
    multiple: str = ""  # the rule for partly right answers
    tags: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def excerpt(self) -> str:
        """What it asks, for a report."""
        return re.sub(r"\\(?=[^\w\s])|<br>", "", self.stem.replace(GAP, "__")) or self.title

    @cached_property
    def chinese(self) -> bool:
        """Whether words added to the question should be Chinese."""
        return _CHINESE.search(self.stem) is not None

    def remark(self, answers: Iterable[Answer]) -> None:
        """Keep what Moodle says to those who chose or typed an answer: it goes below the explanation."""
        for answer in answers:
            if answer.feedback:
                colon = "：" if self.chinese else ": "
                self.remarks.append(f"{answer.text}{colon}{answer.feedback}" if answer.text else answer.feedback)

    @property
    def said(self) -> frozenset[str]:
        """The fields of `Question` that the source speaks of."""
        there = {
            "id": slug(self.id), "title": self.title, "explanation": self.explanation or self.remarks, "marks": self.marks,
            "multiple": self.multiple, "fixed": self.fixed is not None, "difficulty": tagged(self.tags, "difficulty"),
            "kb": tagged(self.tags, "kb"),
        }
        return frozenset((*(name for name, said in there.items() if said), "type", "stem", "choices", "blanks", "key_points"))


def markdown_of(text: str, format_: str) -> str:
    """A clean text in one of Moodle's formats (`html`, `markdown`, `plain`, else its own mixture) as Markdown."""
    text = text.strip()
    if not text or format_ == "markdown":
        return text
    paragraph = _PARAGRAPH.match(text) if format_ == "html" else None
    if paragraph:  # so is most of what Moodle exports, and it needs no parser of HTML
        return html.to_markdown(paragraph["text"])
    if format_ == "html" or (format_ != "plain" and _MARKUP.search(text)):
        return html.to_markdown(text if format_ == "html" or _BLOCK.search(text) else text.replace("\n", "<br>"))
    return escape.to_markdown(text)


def one_line(text: str) -> str:
    """Markdown for a choice or a key point: paragraphs set apart by `<br>`."""
    parts = ("\n".join(filter(None, map(str.strip, part.split("\n")))) for part in re.split(r"\n\s*\n", text.strip()))
    line = "<br>".join(filter(None, parts))
    # At the end of a choice these words would pin it.
    return f"{line[:-5]}&#123;.pin}}" if line.endswith("{.pin}") else line


def slug(text: str) -> str:
    """An id of ours made of another's; `""` when it is not of Latin letters and digits."""
    if not text.isascii():
        return ""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80].strip("-")
    return words if SLUG.match(words) else ""


def offer(words: Iterable[str], chinese: bool) -> str:
    """What may be chosen from, as a line of a stem. In the order of the alphabet: that of the source would tell the answers."""
    lines = map(escape.to_markdown_line, sorted(dict.fromkeys(words)))
    return f"可选：{'、'.join(lines)}" if chinese else f"Choose from: {', '.join(lines)}"


def tagged(tags: Iterable[str], name: str) -> list[str]:
    """What the tags of this name say."""
    names = {"difficulty": ("difficulty", "难度"), "kb": ("kb", "知识点", "考点")}.get(name, (name,))
    return [match["value"] for tag in tags if (match := TAG.match(tag)) and match["name"].lower() in names]


def gap_for_line(stem: str) -> str:
    """A stem with `GAP` for the line that shows where to write, or below it where it shows none, or several."""
    return _LINE.sub(GAP, stem) if len(_LINE.findall(stem)) == 1 else f"{stem}\n\n{GAP}"


def note_categories(categories: Sequence[tuple[int, str]], reading: Reading) -> None:
    """One category, given as line and path, names the bank. Several are not kept: questions have no chapters."""
    paths = list(dict.fromkeys(path for _, path in categories))
    if len(paths) == 1:
        reading.title = re.split(r"(?<!/)/(?!/)", paths[0])[-1].replace("//", "/").strip()
    elif paths:
        reading.warn("not-kept", categories[0][0], what="category", value=f"{paths[0]} … × {len(paths)}")
