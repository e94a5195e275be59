"""The answers of a key put to the questions they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.model import Reading
from ladder_tools.formats.text.key import Entry, Group, Key, read_key
from ladder_tools.formats.text.paper import Asked, Paper, Section
from ladder_tools.formats.text.words import half_width


def match_keys(paper: Paper, reading: Reading) -> None:
    """Give each question the answer that a key has for it. What a key has too many or too few of is told at its line."""
    for section, rows in paper.keys:
        key = read_key(rows)
        paper.unplaced += key.unplaced
        for line, low, high, found in key.uneven:
            reading.warn("key-uneven", line, low=low, high=high, needed=high - low + 1, found=found)
        sections = _sections(paper.questions) if section is None else [s for s in _sections(paper.questions) if s is section]
        for group, questions in zip(key.groups, _belonging(key, sections, paper.questions), strict=True):
            _give(group.entries, questions, reading)


def _sections(questions: Sequence[Asked]) -> list[Section]:
    """The sections that questions stand in, in order."""
    found: list[Section] = []
    for asked in questions:
        if not any(asked.section is section for section in found):
            found.append(asked.section)
    return found


def _belonging(key: Key, sections: Sequence[Section], questions: Sequence[Asked]) -> list[list[Asked]]:
    """The questions that each group of a key is for: by its ordinal, by its types, else the groups in order of the sections."""
    everything = [asked for asked in questions if any(asked.section is section for section in sections)]
    in_order = len(key.groups) == len(sections)
    found = []
    for index, group in enumerate(key.groups):
        section = _section_of(group, sections) or (sections[index] if in_order else None)
        found.append([asked for asked in everything if section is None or asked.section is section])
    return found


def _section_of(group: Group, sections: Sequence[Section]) -> Section | None:
    by_number = [section for section in sections if group.number and section.number == group.number]
    by_type = [section for section in sections if group.types and wording.types_of(section.heading) == group.types]
    both = [section for section in by_number if any(section is other for other in by_type)]
    return next(iter(both or by_number or by_type), None)


def _give(entries: Sequence[Entry], questions: Sequence[Asked], reading: Reading) -> None:
    waiting: dict[int, list[Asked]] = {}
    for asked in reversed(questions):
        waiting.setdefault(asked.number, []).append(asked)
    for entry in entries:
        candidates = waiting.get(entry.number)
        if not candidates:
            reading.warn("key-without-question", entry.line, entry.column, number=entry.number, answer=excerpt(entry.answer))
            continue
        _answer(candidates.pop() if len(candidates) > 1 else candidates[0], entry)


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
