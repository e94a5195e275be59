"""A problem of Open edX as questions of ours: one, or one for each thing that it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from ladder.core.document import SLUG
from ladder.core.problems import Report
from ladder.core.question import Choice, Question, Reference, Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.model import Reading
from ladder_tools.formats.open_edx.olx_page import (
    LINE,
    Shelf,
    elements,
    line_number,
    markdown_of,
    prepare,
    take_explanation,
    take_pictures,
    words_of,
)
from ladder_tools.formats.open_edx.olx_response import GROUPS, INPUTS, take_blanks, take_choices

CHOICES = frozenset(("multiplechoiceresponse", "choiceresponse", "truefalseresponse"))
FILLED = frozenset(("stringresponse", "numericalresponse", "optionresponse"))
_AFTER = frozenset(("solution", "demandhint"))
_SAID = frozenset(("type", "stem", "choices", "blanks"))
_KEPT = frozenset((
    "url_name", "display_name", "weight", "difficulty", "kb", "markdown", "filename", "slug", "name", "xblock-family", "linenum",
    "tex_filename", LINE,
))
# What Studio calls a problem that nobody has named.
_NO_TITLES = frozenset((
    "problem", "multiple choice", "single select", "multi-select", "checkboxes", "dropdown", "numerical input", "text input",
    "blank problem", "blank common problem", "blank advanced problem", "common problem", "单选题", "多选题", "填空题",
))
_MARK = re.compile(r"\{\{(\d+)\}\}")
_REFERENCE = re.compile(r"(?P<article>[^\s#{}]+)(?:#(?P<heading>[^\s{}]+))?\Z")


@dataclass
class _Part:
    """What one question is made of: its elements on a page of their own. `number` is 0 when it is the whole problem."""

    problem: etree._Element
    page: etree._Element
    number: int
    line: int
    report: Report
    responses: list[etree._Element]
    label: str = ""


def read_problem(problem: etree._Element, reading: Reading, shelf: Shelf) -> None:
    """Read one `problem` into `reading`. The element is used up."""
    shelf.settings |= set(problem.attrib) - _KEPT
    line = line_number(problem)
    prepare(problem)
    parts = _parts(problem)
    for number, children in enumerate(parts, 1):
        page = etree.Element("div")
        page.extend(children)
        responses = _responses(page)
        label = next((element.get("label", "") for element in elements(page, *GROUPS, *INPUTS)), "")
        part = _Part(problem, page, 0 if len(parts) == 1 else number, line, reading.report(), responses, label)
        if part.number and responses:
            part.line = line_number(responses[0])
            part.report.warning("olx-divided", part.line, count=len(parts))
        _read_part(part, reading, shelf)


def _responses(page: etree._Element) -> list[etree._Element]:
    return [element for element in elements(page) if element.tag.endswith("response")]


def _parts(problem: etree._Element) -> list[list[etree._Element]]:
    """The elements of each question. Blanks are those of one text, unless each has a label."""
    responses = _responses(problem)
    filled = all(response.tag in FILLED for response in responses)
    if len(responses) < 2 or (filled and not all(response.find("p") is not None for response in responses)):
        return [list(problem)]
    parts: list[list[etree._Element]] = [[]]
    asked = False
    for child in problem:
        if asked and child.tag not in _AFTER:
            parts.append([])
            asked = False
        parts[-1].append(child)
        asked = asked or bool(_responses(child))
    if not asked:
        parts[-2:] = [parts[-2] + parts[-1]]
    return parts


def _read_part(part: _Part, reading: Reading, shelf: Shelf) -> None:
    """End one question: as an item with what was found, or with what keeps it out."""
    report = part.report
    words = words_of(part.page) or part.problem.get("display_name", "")
    if not _can_be_read(part):
        reading.add(report, part.line, words, None)
        return
    take_pictures(part.page, reading, shelf, report)
    shuffle = next((group.get("shuffle", "") for group in part.page.iter(*GROUPS)), "")
    explanation = take_explanation(part.page)
    choices: list[Choice] = []
    blanks: list[tuple[str, ...]] = []
    if _is_choice(part):
        type_, choices = take_choices(part.responses[0], report)
    else:
        type_, blanks = Type.BLANK, take_blanks(part.responses, report)
    stem, blanks = _stem(part, blanks)
    beside = _beside(part)
    question = Question(
        id=beside.id, title=beside.title, type=type_, stem=stem, choices=tuple(choices), blanks=tuple(blanks), key_points=(),
        difficulty=beside.difficulty or 2, kb=beside.kb, marks=beside.marks, explanation=explanation, line=part.line,
        fixed=type_ is Type.JUDGE or shuffle == "false",
    )
    said = {name for name in ("id", "title", "difficulty", "kb", "marks") if getattr(beside, name)}
    said |= {name for name, told in (("fixed", shuffle), ("explanation", explanation)) if told}
    reading.add(report, part.line, words_of(part.page) or words, question, _SAID | said)


def _is_choice(part: _Part) -> bool:
    """Whether one of several is chosen: of one dropdown too."""
    if part.responses[0].tag in CHOICES:
        return True
    return len(part.responses) == 1 and [place.tag for place in part.page.iter(*INPUTS)] == ["optioninput"]


def _can_be_read(part: _Part) -> bool:
    """Whether the part asks something that a question of ours can; the report says why not."""
    scripts = [script for script in part.page.iter("script") if "javascript" not in (script.get("type") or "")]
    if scripts:
        part.report.error("olx-script", line_number(scripts[0]))
        return False
    if not part.responses:
        part.report.error("answer-missing", part.line)
        return False
    for response in part.responses:
        if response.tag not in CHOICES | FILLED:
            part.report.error("olx-response", line_number(response), tag=response.tag)
            return False
    if len(part.responses) > 1 and any(response.tag in CHOICES for response in part.responses):
        part.report.error("olx-mixed", part.line, count=len(part.responses))
        return False
    return True


def _stem(part: _Part, blanks: list[tuple[str, ...]]) -> tuple[str, list[tuple[str, ...]]]:
    """What is left on the page, and the blanks in the order in which it has them; those that it has no place for come last."""
    if not words_of(part.page, "") and part.page.find(".//img") is None:
        label = etree.Element("p")
        label.text = part.label
        part.page.insert(0, label)
    stem = markdown_of(part.page)
    if not _MARK.sub("", stem).strip():
        part.report.error("blank-alone" if blanks else "stem-missing", part.line)
    there = [int(number) for number in _MARK.findall(stem)]
    order = [*there, *sorted({*range(1, len(blanks) + 1)} - {*there})]
    stem = "\n\n".join([stem, *(f"{{{{{number}}}}}" for number in order[len(there):])])
    numbers = iter(range(1, len(order) + 1))
    return _MARK.sub(lambda _: f"{{{{{next(numbers)}}}}}", stem), [blanks[number - 1] for number in order]


# -- what stands beside the question ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Beside:
    """What the attributes of a problem say; `""` or None for what they do not."""

    id: str
    title: str
    difficulty: int | None
    kb: Reference | None
    marks: Decimal | None


def _beside(part: _Part) -> _Beside:
    problem, suffix = part.problem, f"-{part.number}" if part.number else ""
    title = " ".join(clean(problem.get("display_name", "")).split())
    if title.lower() in _NO_TITLES:
        title = ""
    name = re.sub(r"[^a-z0-9]+", "-", problem.get("url_name", "").lower()).strip("-")
    id_ = f"{name}{suffix}" if name else ""
    weight = problem.get("weight", "").strip()
    marks = wording.marks_of(weight)
    if weight and (marks is None or part.number):
        part.report.warning("not-kept", part.line, what="weight", value=weight)
        marks = None
    return _Beside(
        id_ if SLUG.match(id_) else "", f"{title} {part.number}" if title and part.number else title,
        wording.difficulty_of(problem.get("difficulty", "")), _reference(problem, part), marks,
    )


def _reference(problem: etree._Element, part: _Part) -> Reference | None:
    words = problem.get("kb", "").strip()
    match = _REFERENCE.match(words)
    if match and SLUG.match(match["article"]):
        return Reference(match["article"], match["heading"] or "")
    if words:
        part.report.warning("kb-unknown", part.line, value=words[:40])
    return None
