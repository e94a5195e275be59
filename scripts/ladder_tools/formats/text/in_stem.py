"""Answers that stand in stems and look like words of them: only a paper in which nothing else answers shows what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ladder.core.question import Type
from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.blanks import has_blank, has_line, number_blanks
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.drafts.draft import Draft
from ladder_tools.formats.text.paper import Asked
from ladder_tools.formats.text.stem import SAID_AT_END, without_end

_INSIDE = "(?P<answer>[^()（）\ufffc\n]+)(?P<close>[)）])"
_AT_END = re.compile(rf"[(（]{_INSIDE}\s*[。.]?\Z")
_FILLED = re.compile(rf"[(（]{_INSIDE}")
# Brackets that begin like this tell how to answer.
_REMARK = re.compile(r"\s*(?:注|请|提示|单位|例如|见|参见|任[写选填]|填写|写出|保留|精确|note|e\.g\.|unit|see )", re.IGNORECASE)


def take_answers(questions: Sequence[Asked]) -> None:
    """Take the answers out of the stems of those questions that nothing else answers; call it when keys have been matched."""
    unanswered = [asked for asked in questions if not asked.draft.choices and not asked.is_answered]
    sections: dict[int, list[Asked]] = {}
    for asked in unanswered:
        types = _types(asked.draft)
        if not types and SAID_AT_END.search(asked.draft.stem):
            sections.setdefault(id(asked.section), []).append(asked)
        elif types <= {Type.BLANK} and not asked.shares:
            _take_blanks(asked, sure=bool(types))
    for found in sections.values():
        if len(found) > 1 and len(found) == sum(asked.section is found[0].section for asked in unanswered):
            for asked in found:
                _take_judgement(asked)


def _types(draft: Draft) -> frozenset[Type]:
    return wording.types_of(draft.type_word) or wording.types_of(draft.section)


def _take_judgement(asked: Asked) -> None:
    """The 对 or 错 at the end of a statement, where no heading says that statements are judged."""
    draft, said = asked.draft, SAID_AT_END.search(asked.draft.stem)
    if said:
        draft.answer, draft.stem = said["answer"], without_end(draft.stem, said.start(), said.end("answer"))
        asked.report.warning("word-as-judgement", *draft.place("answer"), answer=said["answer"])


def _take_blanks(asked: Asked, *, sure: bool) -> None:
    """The answers of blanks: in brackets at the end of a stem, or each where it belongs. `sure`: blanks are asked for."""
    stem = asked.draft.stem
    if has_line(stem) or (sure and has_blank(stem)):
        _take_at_end(asked, sure=sure)
    elif sure:
        _take_filled(asked)


def _take_at_end(asked: Asked, *, sure: bool) -> None:
    draft = asked.draft
    start = max(draft.stem.rfind("("), draft.stem.rfind("（"))
    told = _AT_END.match(draft.stem, start) if start > 0 else None
    if not told or _REMARK.match(told["answer"]):
        return
    _, inside = number_blanks(draft.stem[:start])
    keys = answers.blank_keys(told["answer"], len(inside), draft.habits)
    if not inside or any(inside) or len(keys) != len(inside) or not all(keys):
        return
    draft.answer, draft.stem = told["answer"].strip(), without_end(draft.stem, start, told.end("close"))
    if len(inside) == 1 or not sure:
        asked.report.warning("bracket-as-blank", *draft.place("answer"), answer=excerpt(draft.answer))


def _take_filled(asked: Asked) -> None:
    draft = asked.draft
    text, last = "", 0
    for filled in _FILLED.finditer(draft.stem):
        if filled["answer"].strip() and not _REMARK.match(filled["answer"]):
            draft.blanks.append(filled["answer"].strip())
            text += f"{draft.stem[last : filled.start()]}{{{{{len(draft.blanks)}}}}}"
            last = filled.end()
    if draft.blanks:
        draft.stem = text + draft.stem[last:]
        asked.report.warning("bracket-as-blank", *draft.place("answer"), answer=excerpt("、".join(draft.blanks)))
