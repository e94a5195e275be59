"""A paper and its key as one HTML file, made to be printed: no script, nothing fetched, pictures within."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from lxml import etree, html

from ladder.core.question import Question
from ladder_tools.formats.model import Output
from ladder_tools.formats.paper import paper
from ladder_tools.formats.paper.paper import Numbered, Section, Words

__all__ = ["HOLDS", "write"]
HOLDS = paper.HOLDS


def write(output: Output) -> None:
    """Write all banks as one paper."""
    made = paper.make_paper(output)
    css = files("ladder_tools.formats.paper").joinpath("paper.css").read_text(encoding="utf-8")
    to_fill = "".join(f"<p>{escape(word)} <span></span></p>" for word in made.words.to_fill)
    title, key = escape(made.title), escape(made.words.key)
    output.files[""] = "\n".join((
        f'<!DOCTYPE html>\n<html lang="{made.words.language}">\n<head>\n<meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>',
        f'<style>\n{css}@page key {{ @bottom-center {{ content: "{key}  " counter(page) " / " counter(pages); }} }}\n</style>',
        f'</head>\n<body>\n<main>\n<h1>{title}</h1>\n<div class="fill">{to_fill}</div>',
        *(part for section in made.sections for part in _section(section, made.words, output)),
        f'<section class="key">\n<h2>{key}</h2>\n<p class="of">{title}</p>',
        *(part for section in made.sections for part in _key(section, made.words, output)),
        "</section>\n</main>\n</body>\n</html>\n",
    )).encode()


# -- the paper ------------------------------------------------------------------------------------------------------


def _section(section: Section, words: Words, output: Output) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.heading)}<small>{escape(section.about)}</small></h2>"
    yield '<ol class="questions" role="list">'
    for entry in section.questions:
        lines = paper.writing_lines(entry.question)
        yield f'<li class="question"><span class="number">{entry.number}.</span>'
        yield _stem(entry, words, output)
        if section.type in paper.CHOOSING:
            yield _choices(entry, output)
        if lines:
            yield f'<p class="writing" aria-hidden="true">{"<i></i>" * lines}</p>'
        yield "</li>"
    yield "</ol>\n</section>"


def _stem(entry: Numbered, words: Words, output: Output) -> str:
    question = entry.question
    root = paper.printable(question.stem, entry, output)
    if entry.marks:
        first = _first_paragraph(root)
        first.text = entry.marks + words.space + (first.text or "")
    if paper.needs_brackets(question):
        last = root[-1] if len(root) and root[-1].tag == "p" else etree.SubElement(root, "p")
        etree.SubElement(last, "span", {"class": "brackets"}).text = words.brackets
    return paper.BLANK.sub(lambda blank: _blank(blank, question), _inner(root, output))


def _blank(blank: re.Match[str], question: Question) -> str:
    number = int(blank[1])
    long = " long" if number <= len(question.blanks) and paper.is_long_blank(question.blanks[number - 1]) else ""
    return f'<span class="blank{long}" role="img" aria-label="({number}) ____"></span>'


def _choices(entry: Numbered, output: Output) -> str:
    items = (
        f"<li><span>{paper.letter(index)}.</span><div>{_text(choice.text, entry, output)}</div></li>"
        for index, choice in enumerate(entry.question.choices)
    )
    columns = f"grid-template-columns: repeat({paper.choices_in_a_row(entry.question)}, 1fr)"
    return f'<ol class="choices" role="list" style="{columns}">{"".join(items)}</ol>'


# -- the key --------------------------------------------------------------------------------------------------------


def _key(section: Section, words: Words, output: Output) -> Iterator[str]:
    yield f"<section>\n<h3>{escape(section.heading)}</h3>"
    if section.type in paper.SHORT_KEYS:
        yield from _letters(section, words)
    entries = paper.told_below(section)
    if entries:
        yield '<ol class="answers" role="list">'
        yield from (f'<li><span class="number">{entry.number}.</span>{_answer(entry, words, output)}</li>' for entry in entries)
        yield "</ol>"
    yield "</section>"


def _letters(section: Section, words: Words) -> Iterator[str]:
    yield '<table class="letters">'
    for start in range(0, len(section.questions), paper.ROW):
        entries = section.questions[start : start + paper.ROW]
        numbers = "".join(f'<th scope="col">{entry.number}</th>' for entry in entries)
        keys = "".join(f"<td>{paper.short_key(entry.question)}</td>" for entry in entries)
        yield f'<tr><th scope="row">{escape(words.number)}</th>{numbers}</tr>'
        yield f'<tr><th scope="row">{escape(words.answer)}</th>{keys}</tr>'
    yield "</table>"


def _answer(entry: Numbered, words: Words, output: Output) -> str:
    question, parts = entry.question, []
    if question.blanks:
        parts.append(f"<p>{escape(paper.blanks_key(question))}</p>")
    if question.key_points:
        parts.append('<ol class="points">')
        for point in question.key_points:
            keywords = f"<small>{words.keywords}{escape(words.list_comma.join(point.keywords))}</small>" if point.keywords else ""
            marks = words.space + paper.counted(words.marks, point.marks)
            parts.append(f"<li>{_text(point.text, entry, output)}{marks} {keywords}</li>")
        parts.append("</ol>")
    if question.explanation or question.any_order:
        root = paper.printable(question.explanation, entry, output)
        first = _first_paragraph(root)
        label, any_order = etree.Element("b"), words.any_order if question.any_order else ""
        label.text, label.tail, first.text = words.explanation, any_order + (first.text or ""), None
        first.insert(0, label)
        if question.type in paper.SHORT_KEYS:
            first.text = f"{paper.short_key(question)}\u3000"
        parts.append(_inner(root, output))
    return "".join(parts)


# -- texts ----------------------------------------------------------------------------------------------------------


def _first_paragraph(root: etree._Element) -> etree._Element:
    """The first paragraph of a text; a new one where it begins with something else."""
    if not len(root) or root[0].tag != "p":
        root.insert(0, etree.Element("p"))
    return root[0]


def _text(markdown: str, entry: Numbered, output: Output) -> str:
    """A text without the paragraph around it, when it is only one."""
    root = paper.printable(markdown, entry, output)
    if len(root) == 1 and root[0].tag == "p":
        root[0].drop_tag()
    return _inner(root, output).strip()


def _inner(root: etree._Element, output: Output) -> str:
    """The content of an element, its pictures within."""
    for image in root.iter("img"):
        name = image.get("src", "")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        image.set("src", f"data:{kind};base64,{base64.b64encode(output.pictures[name]).decode()}")
    return escape(root.text or "", quote=False) + "".join(html.tostring(child, encoding="unicode") for child in root)
