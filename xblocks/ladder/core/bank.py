"""A question bank: questions with their keys, as authors write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ladder.core.document import Document, Line
from ladder.core.kb import Link, column_in_braces, find_links
from ladder.core.problems import Report
from ladder.core.question import Question, Reference
from ladder.core.question_text import parse_question, parse_reference


@dataclass(frozen=True)
class Bank:
    """Questions of one field. `kb` is where the answers stand that name no place of their own."""

    id: str
    title: str
    questions: tuple[Question, ...]
    links: tuple[Link, ...] = ()
    kb_places: tuple[tuple[Reference, int, int, int], ...] = ()
    kb: Reference | None = None


def parse_bank(document: Document, default_id: str, report: Report) -> Bank:
    """Read a bank; a faulty question is reported and left out, the rest is read."""
    meta = document.meta
    bank_id = meta.slug("id", default_id)
    title = meta.text("title", required=True)
    default_kb = parse_reference(meta.text("kb"))
    places = [(default_kb, meta.place("kb").line, meta.place("kb").column, meta.place("kb").length)] if default_kb else []
    meta.done()
    questions: list[Question] = []
    seen: set[str] = set()
    for heading, lines in _split(document.lines, report):
        question = parse_question(heading, lines, default_kb, report)
        if question is None:
            continue
        if question.id in seen:
            report.error("duplicate-id", heading.number, column_in_braces(heading, f"#{question.id}"),
                         len(question.id) + 1, id=question.id)
        seen.add(question.id)
        questions.append(question)
        if question.kb and question.kb != default_kb:
            places.append((question.kb, heading.number, column_in_braces(heading, "kb=") + 3, len(str(question.kb))))
    if not questions and not report.problems:
        report.error("empty-body", meta.start.line)
    return Bank(bank_id, title, tuple(questions), find_links(document.lines), tuple(places), default_kb)


def _split(lines: Sequence[Line], report: Report) -> list[tuple[Line, list[Line]]]:
    parts: list[tuple[Line, list[Line]]] = []
    for line in lines:
        if re.match(r"##\s", line.text) and not line.code:
            parts.append((line, []))
        elif parts:
            parts[-1][1].append(line)
        elif line.text.strip():
            report.error("text-before-heading", line.number)
    return parts
