"""What tells one program's papers from another's, and papers from other texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ladder_tools.formats.drafts.draft import Habits
from ladder_tools.formats.text.lines import Kind, Piece, Row, cut
from ladder_tools.formats.text.stem import TICK, judgement_in

# 企业微信 and 七巧 say who marks a blank; with them ; stands between answers of one blank, and only | between blanks.
_GRADED = re.compile(r"[(（]\s*(?:系统评分|人工评分)\s*[)）]")
_GRADED_HABITS = Habits(blanks=("|",), alternatives=(";", "；"))
# The weak separators come last: they also stand inside answers, and divide only when the number of blanks agrees.
_HABITS = Habits(blanks=("|", "；", ";", "\n", "、", "，", ",", " "), alternatives=("/", ";;"))
_OTHERS = re.compile(r"---\s*\n|\s*<[?!a-zA-Z]|\s*[{\[]\s*[\"{\[]")


def habits_of(rows: Sequence[Row]) -> Habits:
    """What separators mean in a text."""
    return _GRADED_HABITS if any(_GRADED.search(row.text) for row in rows) else _HABITS


def looks_like_paper(text: str) -> bool:
    """Whether a text is a paper: questions told by numbers, sections or choices, with answers as papers write them."""
    if _OTHERS.match(text):
        return False
    rows = [Row(number, row) for number, row in enumerate(text.split("\n"), 1)]
    pieces = [piece for line in cut(rows) for piece in line.pieces]
    found = {kind: [piece for piece in pieces if piece.kind is kind] for kind in Kind}
    answers = [piece for piece in found[Kind.FIELD] if piece.word == "answer"]
    letters = {piece.word for piece in found[Kind.CHOICE]}
    boxed = [piece for piece in found[Kind.CHOICE] if not piece.word]
    chosen = {"A", "B"} <= letters or (len(boxed) > 1 and any(piece.marked for piece in boxed))
    if found[Kind.SECTION]:
        return bool(found[Kind.NUMBER] or answers or chosen)
    if _is_aiken(answers, found[Kind.NUMBER]):
        return False
    numbered = found[Kind.NUMBER]
    if numbered and (found[Kind.KEY] or any(TICK.search(piece.text) for piece in numbered)):
        return True
    if len(numbered) > 1 and all(judgement_in(piece.text) for piece in numbered):
        return True
    return bool(answers and (numbered or chosen)) or (chosen and bool(numbered))


def _is_aiken(answers: Sequence[Piece], numbers: Sequence[Piece]) -> bool:
    return bool(answers) and not numbers and all(re.match(r"ANSWER:\s*[A-Z]\Z", piece.whole.strip()) for piece in answers)
