"""The paragraphs and tables of a paper and its key in Word."""

from __future__ import annotations

from datetime import datetime

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION

from ladder.core.question import Question
from ladder_tools.formats.model import Output
from ladder_tools.formats.paper import docx_style as style, paper
from ladder_tools.formats.paper.docx_text import Texts
from ladder_tools.formats.paper.paper import Numbered, Section, Words

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (Word's own dates know no zone) the same questions make the same bytes, whenever it is


def make_document(made: paper.Paper, output: Output) -> Document:
    """A paper as a document; its second section is the key."""
    document = docx.Document()
    style.set_up(document)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = made.title, "", "", made.words.language
    about.created = about.modified = _MADE
    style.add_paragraph(document, style.TITLE, made.title)
    fill = document.add_paragraph("    ".join(f"{word} ____________" for word in made.words.to_fill))
    fill.alignment = style.CENTRE
    style.number_pages(document.sections[0], "")
    for section in made.sections:
        _section(document, section, made.words, output)
    style.number_pages(document.add_section(WD_SECTION.NEW_PAGE), f"{made.words.key}  ")
    style.add_paragraph(document, style.KEY, made.words.key)
    for section in made.sections:
        _key(document, section, made.words, output)
    return document


# -- the paper ------------------------------------------------------------------------------------------------------


def _section(document: Document, section: Section, words: Words, output: Output) -> None:
    heading = style.add_paragraph(document, style.SECTION, section.heading)
    about = heading.add_run(section.about)
    about.bold = False
    for entry in section.questions:
        _question(document, entry, words, output)


def _question(document: Document, entry: Numbered, words: Words, output: Output) -> None:
    marks = entry.marks + words.space if entry.marks else ""
    first = style.add_paragraph(document, style.QUESTION, f"{entry.number}.\t{marks}")
    last = Texts(document, entry, output).write(paper.printable(entry.question.stem, entry, output), first)
    if paper.needs_brackets(entry.question):
        last.add_run(words.brackets)
    if entry.question.type in paper.CHOOSING:
        _choices(document, entry, output)
    for _ in range(paper.writing_lines(entry.question)):
        style.add_paragraph(document, style.WRITING)
    style.keep_together(first)


def _choices(document: Document, entry: Numbered, output: Output) -> None:
    texts = Texts(document, entry, output)
    count = paper.choices_in_a_row(entry.question)
    for index, choice in enumerate(entry.question.choices):
        if index % count == 0:
            paragraph = style.add_paragraph(document, style.CHOICES)
            style.choice_tabs(paragraph, count)
        else:
            paragraph.add_run("\t")
        paragraph.add_run(f"{paper.letter(index)}. ")
        texts.write(paper.printable(choice.text, entry, output), paragraph, style.CHOICES)


# -- the key --------------------------------------------------------------------------------------------------------


def _key(document: Document, section: Section, words: Words, output: Output) -> None:
    style.add_paragraph(document, style.KEY_SECTION, section.heading)
    if section.type in paper.SHORT_KEYS:
        _letters(document, section, words)
    for entry in paper.told_below(section):
        _answer(document, entry, words, output)


def _letters(document: Document, section: Section, words: Words) -> None:
    table = document.add_table(0, 1 + min(paper.ROW, len(section.questions)), "Table Grid")
    for start in range(0, len(section.questions), paper.ROW):
        entries = section.questions[start : start + paper.ROW]
        for name, texts in ((words.number, [str(entry.number) for entry in entries]),
                            (words.answer, [paper.short_key(entry.question) for entry in entries])):
            for cell, text in zip(table.add_row().cells, (name, *texts), strict=False):
                cell.text = text
                paragraph = cell.paragraphs[0]
                paragraph.alignment = style.CENTRE
                paragraph.paragraph_format.keep_with_next = name == words.number  # no page parts numbers from their letters


def _answer(document: Document, entry: Numbered, words: Words, output: Output) -> None:
    question, texts = entry.question, Texts(document, entry, output)
    paragraph = style.add_paragraph(document, style.QUESTION, f"{entry.number}.\t{_short_answer(question)}")
    for number, point in enumerate(question.key_points, 1):
        if number > 1:
            paragraph = style.add_paragraph(document, style.TEXT)
        paragraph.add_run(f"({number}) ")
        last = texts.write(paper.printable(point.text, entry, output), paragraph)
        keywords = f"（{words.keywords}{words.list_comma.join(point.keywords)}）" if point.keywords else ""
        last.add_run(f"{words.space}{paper.counted(words.marks, point.marks)}{keywords}")
    if question.explanation or question.any_order:
        if question.type in paper.SHORT_KEYS:
            paragraph.add_run("\u3000")
        else:
            paragraph = style.add_paragraph(document, style.TEXT)
        paragraph.add_run(words.explanation).bold = True
        paragraph.add_run(words.any_order if question.any_order else "")
        texts.write(paper.printable(question.explanation, entry, output), paragraph)


def _short_answer(question: Question) -> str:
    if question.blanks:
        return paper.blanks_key(question)
    return paper.short_key(question) if question.type in paper.SHORT_KEYS else ""
