"""Open edX's own Markdown, as Studio's simple editor has it: made into the problem that Studio would make, and read as that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from ladder_tools.formats.encoding import clean, decode
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.open_edx.olx_page import LINE, Shelf
from ladder_tools.formats.open_edx.olx_problem import read_problem

MAX_SPAN = 60  # lines that a mark may span
_CHOICE = re.compile(r"\s*\(([xX@! ]{0,3})\)\s*(?P<text>.*)\Z")
_BOX = re.compile(r"\s*\[([xX ]?)\]\s*(?P<text>.*)\Z")
_ANSWER = re.compile(r"(?P<kind>s?=|or=|not=)\s*(?P<text>.*)\Z")
_RULE = re.compile(r"\s*---+\s*\Z")
_UNDERLINE = re.compile(r"==+\s*\Z")
_DEMAND = re.compile(r"\s*\|\|(?P<text>.*?)\|\|\s*\Z")
_COMPOUND = re.compile(r"\s*\{\{\s*\(\((?P<which>[^()]*)\)\)(?P<text>.*?)\}\}")
_BY_CHOICE = re.compile(r"\{?\s*(?P<kind>s|selected|u|unselected)\s*:(?P<text>[^{}]*)", re.IGNORECASE)
# What begins somewhere in a line and ends there or in a later one: the mark that begins it, those that end it, the element.
_SPANS = (
    (re.compile(r"\[explanation\]", re.IGNORECASE), re.compile(r"\[/?explanation\]", re.IGNORECASE), "solution"),
    (re.compile(r"\[code\]", re.IGNORECASE), re.compile(r"\[/?code\]", re.IGNORECASE), "pre"),
    (re.compile(r"^\s*>>"), re.compile(r"<<"), "label"),
    (re.compile(r"\[\["), re.compile(r"\]\]"), "optionresponse"),
    (re.compile(r"\{\{"), re.compile(r"\}\}"), ""),
)
# A number with what it may be off by, a range, or a sum that Open edX would work out.
_NUMBER = re.compile(
    r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*(?:\+-\s*[\d.]+\s*%?)?\Z|[\[(][-+\d.eE\s]+,[-+\d.eE\s]+[\])]\Z"
    r"|[\d.\s]+[*^][\d.\s*^+()-]+\Z"
)
_SURE = re.compile(
    r"^>>[^\n]*<<|^\[explanation\]|^\[\[[^\n()]*\([^\n()]+\)[^\n]*\]\]|^\[\[\s*$|^= ?\S[^\n]*\nor=",
    re.MULTILINE | re.IGNORECASE,
)
_CHOICES = re.compile(r"^\s{0,3}\((?:x|[@!]x?|x[@!])\) ?\S|^\s{0,3}\[x\] ?\S", re.MULTILINE | re.IGNORECASE)
_OTHER_CHOICES = re.compile(r"^\s{0,3}\([ !@]?\) ?\S|^\s{0,3}\[ \] ?\S", re.MULTILINE)


def looks_like(source: Source) -> bool:
    """Whether a source has marks of this Markdown: a labelled question, a dropdown, or choices with a right one among them."""
    if source.data.startswith((b"PK", b"<", b"---\n")):
        return False
    text = decode(Source(source.file, source.data[:200_000]), Reading("")) or ""
    return bool(_SURE.search(text) or (_CHOICES.search(text) and _OTHER_CHOICES.search(text)))


def read(source: Source) -> Reading:
    """Read each question; those of one file are set apart by `---` or begin with `>>`."""
    reading = Reading(source.file)
    text = decode(source, reading)
    if text is not None:
        for problem in _problems(text):
            problem.set(LINE, problem[0].get(LINE))
            read_problem(problem, reading, Shelf())
    return reading


@dataclass
class _Piece:
    """A stretch of lines that belong together: a paragraph's line, or what a mark spans. `tag` is the element it becomes."""

    line: int
    text: str
    tag: str = "p"


@dataclass
class _Problem:
    """A problem while it is put together; `group` is the response that the next line may go on with."""

    element: etree._Element = field(default_factory=lambda: etree.Element("problem"))
    group: etree._Element | None = None
    answered: bool = False


def _problems(text: str) -> list[etree._Element]:
    problems = [_Problem()]
    for piece in _pieces(text):
        if piece.tag == "hr" or (piece.tag == "label" and problems[-1].answered):
            problems.append(_Problem())
        if piece.tag != "hr":
            _add(problems[-1], piece)
    return [problem.element for problem in problems if len(problem.element)]


def _pieces(text: str) -> Iterator[_Piece]:
    """The lines of a text, and what marks span in one or several of them."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        count, pieces = _taken(lines, at)
        yield from pieces
        at += count


def _taken(lines: list[str], at: int) -> tuple[int, list[_Piece]]:
    """What begins at a line, and how many lines it takes."""
    line = lines[at]
    if _RULE.match(line):
        return 1, [_Piece(at + 1, "", "hr")]
    begin, end, tag = next((span for span in _SPANS if span[0].search(line)), _SPANS[0])
    start = begin.search(line)
    if start is None:
        return 1, [_Piece(at + 1, line)]
    following = [line, *_until(lines[at + 1 : at + MAX_SPAN], begin, end)]
    window = "\n".join(following)
    stop = end.search(window, start.end())
    if stop is None:
        return 1, [_Piece(at + 1, line)]
    count = window.count("\n", 0, stop.end()) + 1
    last = window[stop.end() :].partition("\n")[0]
    if not tag:
        return count, [_Piece(at + 1, " ".join(part.strip() for part in following[:count]))]
    inside = _Piece(at + 1, window[start.end() : stop.start()], tag)
    return count, [_Piece(at + 1, line[: start.start()]), inside, _Piece(at + count, last)]


def _until(lines: Iterable[str], begin: re.Pattern[str], end: re.Pattern[str]) -> Iterator[str]:
    """The lines up to the mark's end. A mark that begins anew says that the first was none."""
    for line in lines:
        if _RULE.match(line):
            return
        yield line
        if begin.search(line) or end.search(line):
            return


# -- elements ---------------------------------------------------------------------------------------------------------


def _add(problem: _Problem, piece: _Piece) -> None:
    """Put a piece into the problem, as what it looks like."""
    if piece.tag != "p":
        _ADDED[piece.tag](problem, piece)
        return
    for pattern, add in _LINES:
        match = pattern.match(piece.text)
        if match and add(problem, piece, match):
            return
    if piece.text.strip():
        problem.group = None
        _put(problem.element, "p", piece.line, piece.text.strip())


def _put(parent: etree._Element, tag: str, line: int, text: str = "", **attributes: str) -> etree._Element:
    """A new element at the end of another, with text that may hold HTML."""
    element = etree.SubElement(parent, tag, {LINE: str(line), **attributes})
    if "<" not in text and "&" not in text:
        element.text = text
    elif text.strip():
        parser = html.HTMLParser(remove_comments=True, remove_pis=True)
        body = html.document_fromstring(f"<body>{text}</body>", parser).find("body")
        for part in body.iter():  # a reference like &#1; gives a character that XML has not
            part.text, part.tail = clean(part.text or ""), clean(part.tail or "")
        element.text = body.text
        element.extend(list(body))
    return element


def _group(problem: _Problem, response: str, group: str, line: int) -> etree._Element:
    """The choices that stand just above, or new ones."""
    if problem.group is None or problem.group.tag != group:
        problem.group = _put(_put(problem.element, response, line), group, line)
        problem.answered = True
    return problem.group


def _choice(problem: _Problem, piece: _Piece, match: re.Match[str]) -> bool:
    group = _group(problem, "multiplechoiceresponse", "choicegroup", piece.line)
    text, hint, label = _without_hint(match["text"])
    mark = match[1].lower()
    choice = _put(group, "choice", piece.line, text, correct=str("x" in mark).lower())
    if "@" in mark:
        choice.set("fixed", "true")
    if "!" in mark:
        group.set("shuffle", "true")
    if hint:
        _put(choice, "choicehint", piece.line, hint, label=label)
    return True


def _box(problem: _Problem, piece: _Piece, match: re.Match[str]) -> bool:
    group = _group(problem, "choiceresponse", "checkboxgroup", piece.line)
    text, hint, _ = _without_hint(match["text"])
    choice = _put(group, "choice", piece.line, text, correct=str(match[1].lower() == "x").lower())
    for part in _BY_CHOICE.finditer(hint):
        selected = str(part["kind"].lower().startswith("s")).lower()
        _put(choice, "choicehint", piece.line, part["text"].strip(" ,"), selected=selected)
    return True


def _compound(problem: _Problem, piece: _Piece, match: re.Match[str]) -> bool:
    if problem.group is None or problem.group.tag != "checkboxgroup":
        return False
    _put(problem.group, "compoundhint", piece.line, match["text"].strip(), value="*".join(match["which"].split("*")))
    return True


def _answer(problem: _Problem, piece: _Piece, match: re.Match[str]) -> bool:
    """`=` begins a text or a number, `or=` and `not=` go on with it."""
    text, hint, label = _without_hint(match["text"])
    going_on = problem.group is not None and problem.group.tag in ("stringresponse", "numericalresponse")
    if match["kind"] in ("or=", "not="):
        if problem.group is None or not going_on:
            return False
        tag = "additional_answer" if match["kind"] == "or=" else "stringequalhint"
        element = _put(problem.group, tag, piece.line, answer=text)
        if hint:
            _put(element, "correcthint", piece.line, hint, label=label)
        return True
    if not text:
        return False
    number = match["kind"] == "=" and _NUMBER.match(text)
    response = _put(problem.element, "numericalresponse" if number else "stringresponse", piece.line)
    if number:
        value, _, tolerance = text.partition("+-")
        response.set("answer", value.strip())
        _put(response, "responseparam", piece.line, type="tolerance", default=tolerance.strip().replace(" ", ""))
    else:
        response.set("answer", text.removeprefix("|").strip())
        response.set("type", "ci regexp" if text.startswith("|") else "ci")
    _put(response, "textline", piece.line)
    if hint:
        _put(response, "correcthint", piece.line, hint, label=label)
    problem.group, problem.answered = response, True
    return True


def _demand(problem: _Problem, piece: _Piece, match: re.Match[str]) -> bool:
    _put(_put(problem.element, "demandhint", piece.line), "hint", piece.line, match["text"].strip())
    return True


def _header(problem: _Problem, _piece: _Piece, _match: re.Match[str]) -> bool:
    """A line of `=` makes a header of the line above."""
    if not len(problem.element) or problem.element[-1].tag != "p":
        return False
    problem.element[-1].tag = "h3"
    return True


def _without_hint(text: str) -> tuple[str, str, str]:
    """A text without its hint; the hint, and the label before it."""
    before, _, inside = text.partition("{{")
    inside, end, after = inside.partition("}}")
    if not end:
        return text.strip(), "", ""
    label, sign, hint = inside.partition("::")
    rest = (before + after.removeprefix("}")).strip()
    return (rest, hint.strip(), label.strip()) if sign else (rest, label.strip(), "")


def _label(problem: _Problem, piece: _Piece) -> None:
    words, _, description = piece.text.partition("||")
    problem.group = None
    _put(problem.element, "p", piece.line, words.strip())
    if description.strip():
        _put(problem.element, "p", piece.line, description.strip())


def _solution(problem: _Problem, piece: _Piece) -> None:
    problem.group = None
    solution = _put(problem.element, "solution", piece.line)
    for paragraph in re.split(r"\n\s*\n", piece.text):
        if paragraph.strip():
            _put(solution, "p", piece.line, paragraph.strip())


def _pre(problem: _Problem, piece: _Piece) -> None:
    problem.group = None
    _put(problem.element, "pre", piece.line).text = piece.text.strip("\n")


def _dropdown(problem: _Problem, piece: _Piece) -> None:
    problem.group, problem.answered = None, True
    dropdown = _put(_put(problem.element, "optionresponse", piece.line), "optioninput", piece.line)
    parts = piece.text.split("\n") if "\n" in piece.text else re.split(r",\s*", piece.text)
    for number, part in enumerate(parts):
        text, hint, label = _without_hint(part)
        right = re.fullmatch(r"\((.*)\)", text)
        if text:
            line = piece.line + (number if "\n" in piece.text else 0)
            option = _put(dropdown, "option", line, right[1] if right else text, correct=str(right is not None).lower())
            if hint:
                _put(option, "optionhint", line, hint, label=label)


_ADDED = {"label": _label, "solution": _solution, "pre": _pre, "optionresponse": _dropdown}
_LINES = (
    (_CHOICE, _choice), (_BOX, _box), (_COMPOUND, _compound), (_UNDERLINE, _header), (_ANSWER, _answer), (_DEMAND, _demand),
)
