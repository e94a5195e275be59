"""Ids and titles for questions that come without: the same question gets the same id each time it is imported."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

from ladder.core.document import SLUG
from ladder.core.duplicates import fingerprint
from ladder.core.question import Question
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Item

_TITLE = 20
_SENTENCE = re.compile(r"[，。？！；：、,.?!;:（(]")


def named(items: Iterable[Item]) -> list[Item]:
    """The items with an id and a title for every question. Ids that are there stay; two equal ones are left to the caller."""
    items = list(items)
    taken = {item.question.id for item in items if item.question}
    result = []
    for item in items:
        if item.question is None:
            result.append(item)
            continue
        question = item.question
        question = replace(question, id=question.id or free_id(question, taken), title=question.title or title_of(question))
        taken.add(question.id)
        result.append(replace(item, question=question))
    return result


def free_id(question: Question, taken: Iterable[str]) -> str:
    """An id made of what the question asks, not among those taken."""
    digest = hashlib.sha256(fingerprint(question).encode()).hexdigest()
    base = f"q-{digest[:8]}"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 10**6))
    return next(name for name in names if name not in taken)


def title_of(question: Question) -> str:
    """The first words of a question, as its heading."""
    words = re.sub(r"[{}#\s]+", " ", re.sub(r"\{\{\d+\}\}|\(\s*\)|（\s*）|\[图\]", "…", to_text(question.stem))).strip()
    first = words.split("\n")[0]
    if len(first) > _TITLE:
        cut = [match.start() for match in _SENTENCE.finditer(first) if 4 <= match.start() <= _TITLE]
        first = first[: cut[-1]] if cut else first[: _TITLE - 1] + "…"
    return first.strip(" …，。？！；：、,.?!;:（(") or question.id or "…"


def slug_of_name(name: str) -> str:
    """An id for a bank, made of the name that people gave it: two names that differ in their Chinese words get two ids."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    if SLUG.match(slug) and name.isascii():
        return slug
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}" if SLUG.match(slug) else f"bank-{digest}"
