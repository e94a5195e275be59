"""The answers of a key put to the questions they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ladder.core.question import Type
from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.model import Reading
from ladder_tools.formats.text.key import Entry, Group, read_key
from ladder_tools.formats.text.paper import Asked, Paper, Section
from ladder_tools.formats.text.words import half_width

_NO_TYPES: frozenset[Type] = frozenset()


def match_keys(paper: Paper, reading: Reading) -> None:
    """Give each question the answer that a key has for it. What a key has too many or too few of is told at its line."""
    places = _Places(paper.questions)
    for section, rows in paper.keys:
        key = read_key(rows)
        paper.unplaced += key.unplaced
        for line, low, high, found in key.uneven:
            reading.warn("key-uneven", line, low=low, high=high, needed=high - low + 1, found=found)
        in_order = section is None and len(key.groups) == len(places.sections)
        for index, group in enumerate(key.groups):
            own = section or places.named(group) or (places.sections[index] if in_order else None)
            _give(group.entries, places.numbered(own), reading)


def refuse_early(paper: Paper) -> None:
    """Refuse a section that begins with an answer and ends without one: each answer is perhaps that of the question below it."""
    early = {id(section) for section in paper.early}
    sections: dict[int, list[Asked]] = {}
    for asked in paper.questions:
        if id(asked.section) in early:
            sections.setdefault(id(asked.section), []).append(asked)
    for questions in sections.values():
        if not questions[-1].is_answered and all(asked.is_answered for asked in questions[:-1]):
            for asked in questions[:-1]:
                asked.report.error("answer-above", asked.draft.line)


class _Places:
    """The questions of a paper by section and number; found once, as a paper may have a key for each question."""

    def __init__(self, questions: Sequence[Asked]) -> None:
        self.sections: list[Section] = []
        self._numbered: dict[int, dict[int, list[Asked]]] = {}
        self._all: dict[int, list[Asked]] = {}
        for asked in questions:
            if id(asked.section) not in self._numbered:
                self.sections.append(asked.section)
            for numbers in (self._numbered.setdefault(id(asked.section), {}), self._all):
                numbers.setdefault(asked.number, []).append(asked)
        self._named: dict[tuple[int, frozenset[Type]], Section] = {}
        for section in self.sections:
            types = wording.types_of(section.heading)
            for name in ((section.number, types), (section.number, _NO_TYPES), (0, types)):
                self._named.setdefault(name, section)

    def numbered(self, section: Section | None) -> Mapping[int, Sequence[Asked]]:
        """The questions of a section, or of the whole paper, by their numbers: several where a number comes again."""
        return self._all if section is None else self._numbered.get(id(section), {})

    def named(self, group: Group) -> Section | None:
        """The section that a group of a key names, by its ordinal and its types, by the ordinal, by the types."""
        names = ((group.number, group.types), (group.number, _NO_TYPES), (0, group.types))
        return next((self._named[name] for name in names if name in self._named and any(name)), None)


def _give(entries: Sequence[Entry], questions: Mapping[int, Sequence[Asked]], reading: Reading) -> None:
    for entry in entries:
        candidates = questions.get(entry.number)
        if not candidates:
            reading.warn("key-without-question", entry.line, entry.column, number=entry.number, answer=excerpt(entry.answer))
            continue
        _answer(candidates[0], entry)


def _answer(asked: Asked, entry: Entry) -> None:
    draft = asked.draft
    given = draft.answer
    if given and not _is_same(given, entry.answer):
        asked.report.error("conflicting-key", entry.line, entry.column, written=excerpt(given), marked=excerpt(entry.answer))
        return
    draft.answer = entry.answer
    draft.places["answer"] = (entry.line, entry.column)
    draft.explanation = draft.explanation or entry.explanation


def _is_same(one: str, other: str) -> bool:
    said = answers.says(one, asked=False)
    if said is not None:
        return said == answers.says(other, asked=False)
    return half_width(one).casefold().strip() == half_width(other).casefold().strip()
