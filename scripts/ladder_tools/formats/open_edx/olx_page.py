"""What stands in a problem of Open edX beside its answers: its text in Markdown, its pictures, its hints and explanations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ladder.core.problems import Report, nearest
from ladder_tools.formats.escape import to_markdown_line
from ladder_tools.formats.html import to_markdown, to_markdown_line as html_line
from ladder_tools.formats.model import Reading

EXPLANATIONS = frozenset(("explanation", "解析", "答案解析", "试题解析", "说明", "解释"))
LINE = "ladder-line"
_HINTS = (
    "choicehint", "compoundhint", "optionhint", "correcthint", "stringequalhint", "regexphint", "stringhint", "numericalhint",
    "hintpart",
)
# Where a blank goes is held by characters that mean nothing, so that {{1}} in the text stays text.
_BLANK = re.compile("\ue000(\\d+)\ue001")
_LIKE_BLANK = re.compile(r"\{\{(\d+)\}\}")
_HELD = dict.fromkeys(map(ord, "\ue000\ue001"))
# /static/x.png, and the address that Studio gives it: /asset-v1:A+B+C+type@asset+block@x.png
_ASSET = re.compile(r"(?:/?static/|.*[@]|/c4x/.*/)(?P<name>[^/?#]+)\Z")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")


@dataclass
class Shelf:
    """What the problems of one source share. `pictures` are the source's static files by name, None when it brings none.

    `settings` and `others` collect what the source says and no question of ours holds, to be told once.
    """

    pictures: Mapping[str, bytes] | None = None
    settings: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)

    def tell(self, reading: Reading) -> None:
        """Note what was left out."""
        if self.settings:
            reading.warn("olx-settings", names=", ".join(sorted(self.settings)))
        if self.others:
            reading.warn("olx-others", counts=", ".join(f"{tag} {count}" for tag, count in sorted(self.others.items())))


def refuse(reading: Reading, file: str, excerpt: str, code: str, line: int = 1, column: int = 1, **words: object) -> None:
    """End a problem that cannot even be opened, in a file of the archive."""
    inside = Reading(file)
    report = inside.report()
    report.error(code, line, column, 1, **words)
    inside.add(report, line, excerpt, None, column=column)
    reading.items += inside.items


def line_number(element: etree._Element) -> int:
    """The line where an element stands in its source: as its reader has noted it, else as the XML parser has."""
    noted = element.get(LINE, "")
    return int(noted) if re.fullmatch("[1-9][0-9]{0,8}", noted) else element.sourceline or 1


def elements(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements of these tags, in a list of their own so that the tree may be changed meanwhile."""
    return iter([element for element in root.iter(*tags) if isinstance(element.tag, str)])


def prepare(problem: etree._Element) -> None:
    """Give loose text a paragraph of its own; what labels a response is a paragraph too."""
    for element in elements(problem):
        element.text = element.text.translate(_HELD) if element.text else None
        element.tail = element.tail.translate(_HELD) if element.tail else None
        for name, value in element.items():
            if value != value.translate(_HELD):
                del element.attrib[name]
        if element.tag in ("label", "description"):
            element.tag = "p"
    for child in list(problem):
        text, child.tail = child.tail, None
        if text and text.strip():
            child.addnext(_paragraph(text))
    if problem.text and problem.text.strip():
        problem.insert(0, _paragraph(problem.text))
    problem.text = None


def _paragraph(text: str) -> etree._Element:
    paragraph = etree.Element("p")
    paragraph.text = text
    return paragraph


def remove(element: etree._Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    replace_by(element, "")


def replace_by(element: etree._Element, text: str) -> None:
    """Put a text where an element was."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    text += element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def blank(number: int) -> str:
    """What stands for a blank in the text of a page; `markdown_of` makes `{{n}}` of it."""
    return f"\ue000{number}\ue001"


def words_of(page: etree._Element, gap: str = "____") -> str:
    """The bare words of a page on one line, with a gap for each blank."""
    words = " ".join(page.xpath(".//text()[not(parent::script or parent::style)]"))
    return _BLANK.sub(gap, " ".join(words.split()))


def markdown_of(element: etree._Element) -> str:
    """The text of an element as Markdown."""
    text = _LIKE_BLANK.sub(r"\\{\\{\1}\\}", to_markdown(_html(element)))
    text = re.sub("\\{(?=\ue000)", "&#123;", re.sub("(?<=\ue001)\\}", "&#125;", text))  # {{{1}} would be another blank
    return _BLANK.sub(r"{{\1}}", text)


def line_of(element: etree._Element) -> str:
    """The text of an element as one line of Markdown."""
    return _LIKE_BLANK.sub(r"\\{\\{\1}\\}", html_line(_html(element)))


def _html(element: etree._Element) -> str:
    if not len(element) and "&" not in (element.text or "") and "<" not in (element.text or ""):
        return element.text or ""
    tag, element.tag = element.tag, "div"
    page: str = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    element.tag = tag
    return page


def take_pictures(page: etree._Element, reading: Reading, shelf: Shelf, report: Report) -> None:
    """Call the pictures by their names alone, and bring them along where the source has them."""
    for image in elements(page, "img"):
        match = _ASSET.match((image.get("src") or "").strip())
        if not match:
            continue
        name = re.sub(r"[^A-Za-z0-9_.-]+", "_", match["name"])
        name = name if _NAME.match(name) else f"p{name}"
        image.set("src", name)
        if shelf.pictures is None:
            continue
        if match["name"] in shelf.pictures:
            reading.pictures[name] = shelf.pictures[match["name"]]
        else:
            near = nearest(match["name"], list(shelf.pictures)[:200])
            report.warning("missing-image", line_number(image), name=match["name"], known=near)


def take_explanation(page: etree._Element) -> str:
    """The explanation, then every hint with the answer that it belongs to; they leave the page."""
    parts = []
    for solution in elements(page, "solution"):
        _without_heading(solution)
        parts.append(markdown_of(solution))
        remove(solution)
    hints = [(hint, hint.getparent()) for hint in elements(page, *_HINTS)]
    for hint, _ in hints:
        remove(hint)
    choices = {choice.get("explanation-id"): choice for choice in page.iter("choice")}
    for feedback in elements(page, "targetedfeedback"):
        about = choices.get(feedback.get("explanation-id"))
        parts.append((f"{line_of(about)}：" if about is not None else "") + markdown_of(feedback))
        remove(feedback)
    for hint, parent in hints:
        words = f"{hint.get('label') or ''} {line_of(hint)}".strip()
        parts.append(f"{_about(hint, parent)}{words}" if words else "")
    for hidden in elements(page, "demandhint"):
        parts += [f"提示：{words}" for words in map(line_of, hidden.iter("hint")) if words]
        remove(hidden)
    return "\n\n".join(filter(None, parts))


def _about(hint: etree._Element, parent: etree._Element | None) -> str:
    """Whose hint it is: the choice's words, or the answer that it is for."""
    if parent is None:
        return ""
    if hint.tag in ("choicehint", "optionhint"):
        left_out = hint.get("selected", "").lower() == "false"
        return f"未选“{line_of(parent)}”：" if left_out else f"{line_of(parent)}："
    about = hint.get("answer") or hint.get("value", "").replace("*", "、") or parent.get("answer", "")
    return f"{to_markdown_line(about)}：" if about.strip() else ""


def _without_heading(solution: etree._Element) -> None:
    """Studio puts the word "Explanation" before each."""
    for element in elements(solution):
        words = (element.text or "").strip()
        if words or element.tag == "img":
            first, _, rest = words.partition("\n")
            if first.strip().rstrip("：:").lower() in EXPLANATIONS:
                element.text = rest
            return
