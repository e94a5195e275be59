"""A question as a problem of Open edX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree, html

from ladder.core.bank import Bank
from ladder.core.marks import plain
from ladder.core.question import Question, Type
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.html import to_html, to_inline_html
from ladder_tools.formats.losses import PICTURE, texts_of
from ladder_tools.formats.model import Feature, Holds, Output
from ladder_tools.formats.open_edx.olx_answers import response_of

HOLDS = Holds.of(
    (Type.SINGLE, Type.MULTIPLE, Type.JUDGE, Type.BLANK),
    Feature.ID, Feature.TITLE, Feature.DIFFICULTY, Feature.KB, Feature.MARKS, Feature.FIXED, Feature.PINNED, Feature.EXPLANATION,
    Feature.ALTERNATIVES, Feature.SPANS, Feature.PATTERNS, Feature.MARKUP, Feature.PICTURES,
)
STATIC = "/static/"
_MARK = re.compile(r"\{\{(\d+)\}\}")
EXPLANATION = {"zh": "解析", "en": "Explanation"}
# Elements that hold only elements: a line each, indented. Anywhere else a space more would be seen.
_FRAMES = frozenset((
    "problem", "multiplechoiceresponse", "choiceresponse", "choicegroup", "checkboxgroup", "solution", "vertical", "library",
))


@dataclass(frozen=True)
class Named:
    """A question with the url_name that it has among the others."""

    name: str
    question: Question
    bank: Bank


def named(banks: Sequence[Bank]) -> list[Named]:
    """Every question with its own url_name: its id, with the bank's before it where another question has that."""
    found: dict[str, Named] = {}
    for bank in banks:
        for question in bank.questions:
            name, number = question.id, 1
            while name in found:
                name, number = f"{bank.id}-{question.id}" if number == 1 else f"{bank.id}-{question.id}-{number}", number + 1
            found[name] = Named(name, question, bank)
    return list(found.values())


def pictures_of(question: Question, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures that a question shows, by name."""
    names = sorted({match["name"] for text in texts_of(question) for match in PICTURE.finditer(text)})
    return {name: pictures[name] for name in names if name in pictures}


def problem_file(output: Output, one: Named) -> bytes:
    """The file of a problem."""
    return xml_file(problem(output, one))


def xml_file(element: etree._Element) -> bytes:
    """An element as a file, a line for each element that frames others."""
    _indent(element, "\n")
    return etree.tostring(element, encoding="utf-8") + b"\n"


def _indent(element: etree._Element, line: str) -> None:
    if element.tag not in _FRAMES or not len(element) or (element.text or "").strip():
        return
    element.text = line + "  "
    for child in element:
        if (child.tail or "").strip():
            return
        child.tail = line + "  "
        _indent(child, line + "  ")
    element[-1].tail = line


def problem(output: Output, one: Named) -> etree._Element:
    """The element of a problem. What it cannot take of the answers is noted in the output."""
    question = one.question
    element = etree.Element("problem", dict(_attributes(one)))
    blocks = _blocks(question.stem)
    if question.type is Type.BLANK:
        element.extend(blocks)
        _put_responses(element, question)
        if any(response_of(keys).lost for keys in question.blanks):
            output.lose(one.bank, question, Feature.ALTERNATIVES)
    else:
        element.extend(_choices(question, blocks))
    if question.explanation:
        element.append(_solution(question.explanation, output.language))
    return element


def _attributes(one: Named) -> Iterator[tuple[str, str]]:
    """What the platform knows, then what it keeps for us unread."""
    question = one.question
    yield "url_name", one.name
    yield "display_name", question.title
    if question.marks is not None:
        yield "weight", plain(question.marks)
    yield "difficulty", str(question.difficulty)
    if question.kb:
        yield "kb", str(question.kb)


def _blocks(markdown: str) -> list[etree._Element]:
    """Markdown as a list of elements, text between them in paragraphs of its own."""
    found: list[etree._Element] = []
    for part in html.fragments_fromstring(to_html(markdown, STATIC)):
        if isinstance(part, str):
            element = etree.Element("p")
            element.text = part.strip()
            if element.text:
                found.append(element)
        else:
            part.tail = (part.tail or "").strip() or None
            found.append(part)
    return found


def _fill(element: etree._Element, markdown: str) -> etree._Element:
    """An element with one line of Markdown in it."""
    text = to_inline_html(markdown, STATIC)
    if "<" not in text and "&" not in text:
        element.text = text
        return element
    parts = html.fragments_fromstring(text)
    if parts and isinstance(parts[0], str):
        element.text = parts.pop(0)
    element.extend(parts)
    return element


# -- choices --------------------------------------------------------------------------------------------------------


def _choices(question: Question, blocks: list[etree._Element]) -> list[etree._Element]:
    """What stands before the choices, and the response. Its label, which screen readers say, is the last paragraph."""
    several = question.type is Type.MULTIPLE
    response = etree.Element("choiceresponse" if several else "multiplechoiceresponse")
    if blocks and blocks[-1].tag == "p" and not blocks[-1].tail:
        label = blocks.pop()
        label.tag = "label"
        response.append(label)
    group = etree.SubElement(response, "checkboxgroup" if several else "choicegroup")
    if not several:
        group.set("type", "MultipleChoice")
    if question.type is not Type.JUDGE and (question.fixed or not several):
        group.set("shuffle", str(not question.fixed).lower())  # the platform leaves checkboxes in their order
    for choice in question.choices:
        element = etree.SubElement(group, "choice", correct=str(choice.correct).lower())
        if choice.pinned and question.type is not Type.JUDGE:
            element.set("fixed", "true")
        # A choice's own text is put on the page as markup, whatever is escaped in it; what stands in an element is safe.
        marked = any(sign in to_text(choice.text) for sign in "<&")
        _fill(etree.SubElement(element, "span") if marked else element, choice.text)
    return [*blocks, response]


def _solution(explanation: str, label: str) -> etree._Element:
    solution = etree.Element("solution")
    page = etree.SubElement(solution, "div", {"class": "detailed-solution"})
    etree.SubElement(page, "p").text = EXPLANATION[label]
    page.extend(_blocks(explanation))
    return solution


# -- blanks ---------------------------------------------------------------------------------------------------------


def _put_responses(page: etree._Element, question: Question) -> None:
    """Put the response of each blank where its mark is; one whose mark is in no text comes at the end."""
    left = dict(enumerate(question.blanks, 1))
    for element in [child for child in page.iter() if child is not page]:
        before, *pieces = _MARK.split(element.text or "")
        if pieces:
            element.text = before
            for index, response in enumerate(_responses(pieces, left)):
                element.insert(index, response)
        before, *pieces = _MARK.split(element.tail or "")
        if pieces:
            element.tail = before
            for response in reversed(_responses(pieces, left)):
                element.addnext(response)
    for keys in left.values():
        etree.SubElement(page, "p").append(_response(keys))
    for response in list(page.iter("stringresponse", "numericalresponse")):
        for paragraph in response.iterancestors("p"):
            paragraph.tag = "div"  # a response is a block, and a browser would end the paragraph at it


def _responses(pieces: list[str], left: dict[int, tuple[str, ...]]) -> list[etree._Element]:
    """Responses, each with the text after it, of numbers and texts in turn."""
    found = []
    for number, after in zip(pieces[::2], pieces[1::2], strict=True):
        keys = left.pop(int(number), None)
        if keys is not None:
            response = _response(keys)
            response.tail = after
            found.append(response)
    return found


def _response(keys: tuple[str, ...]) -> etree._Element:
    made = response_of(keys)
    response = etree.Element(made.tag, answer=made.answers[0], inline="1")
    if made.type:
        response.set("type", made.type)
    for answer in made.answers[1:]:
        etree.SubElement(response, "additional_answer", answer=answer)
    if made.tolerance:
        etree.SubElement(response, "responseparam", type="tolerance", default=made.tolerance)
    line = etree.SubElement(response, "textline" if made.type else "formulaequationinput", inline="1", size="20")
    if made.unit:
        line.set("trailing_text", made.unit)
    return response
