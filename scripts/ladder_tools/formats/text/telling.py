"""What a piece of a paper is where its looks alone do not tell: a title, a number without a sign, a key to several questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ladder.core.question import Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.text.ahead import MINOR
from ladder_tools.formats.text.key import begins_key, heads_key, is_key, is_spread_key, values_of
from ladder_tools.formats.text.lines import Kind, Line, Piece, Row
from ladder_tools.formats.text.paper import Asked, Section
from ladder_tools.formats.text.words import NUMBER_ALONE, TITLE, half_width

MAX_TITLE = 40
MAX_HEADING = 24
LOOKED_BACK = 200  # questions before one whose answer may be a key
Keyed = tuple[Section | None, list[Row]]
_ONE_EACH = (frozenset((Type.SINGLE,)), frozenset((Type.JUDGE,)))
_MARKS_AROUND = "()（）[]【】 \u3000"


def is_title(words: str) -> bool:
    """Whether a line at the beginning may be the title of a paper."""
    return len(words) <= MAX_TITLE and TITLE.search(words) is not None and words[-1] not in "？?。：:，,；;、"


def begins_parts(piece: Piece) -> bool:
    """Whether (1) or ① is the first of several questions about one case, and not of statements on one line."""
    return piece.number == 1 and piece.word in MINOR and not re.search(r"②|\(2\)", half_width(piece.text))


def without_number(piece: Piece, number: int) -> Piece:
    """The beginning of a question without its number, which stands there with nothing but a space: 1 首问责任人是"""
    match = NUMBER_ALONE.match(half_width(piece.text))
    if not match or int(match[1]) != number:
        return piece
    count = match.end()
    spans = tuple((max(a - count, 0), b - count) for a, b in piece.spans if b > count)
    return replace(piece, text=piece.text[count:], spans=spans)


def is_answer_line(piece: Piece, asked: Asked) -> bool:
    """Whether letters of choices stand alone on a line below all of these: （B）"""
    letters, choices = letters_on(piece), asked.draft.choices
    return (
        bool(letters) and asked.draft.answer is None and len(choices) > 1 and all(choice.text for choice in choices)
        and {*letters} <= {choice.label for choice in choices}
    )


def letters_on(piece: Piece) -> str:
    """The letters on a line that has nothing else."""
    letters = half_width(piece.whole.strip(_MARKS_AROUND))
    return letters if re.fullmatch("[A-Z]{1,8}", letters) else ""


def as_answer(piece: Piece) -> Piece:
    """Such a line as the answer that it is."""
    return replace(piece, kind=Kind.FIELD, word="answer", name="答案", text=letters_on(piece))


def is_type_of(piece: Piece, asked: Asked, below: Sequence[Line]) -> bool:
    """Whether 单选题 on a line of its own is said of the question above: it has no stem yet, or its choices come next."""
    if asked.is_complete or piece.number:
        return False
    line = next((line for line in below if line.pieces[0].kind is not Kind.EMPTY), None)
    return not asked.draft.stem or (line is not None and line.pieces[0].kind is Kind.CHOICE)


def is_heading(piece: Piece, section: Section) -> bool:
    """Whether 二、 may begin a heading without a type: it counts on from the section before, and is short."""
    return (
        piece.word == "ordinal" and piece.number == section.number + 1
        and len(piece.text) <= MAX_HEADING and not re.search("[，。；？！（(]", piece.text)
    )


def is_answered_below(piece: Piece, asked: Asked, done: Sequence[Asked], below: Sequence[Line]) -> bool:
    """Whether 答案 on a line of its own stands above the answer to this question, and not above a key."""
    waiting = _are_waiting(done)
    alone = not done and not piece.whole.endswith((":", "："))
    if asked.is_answered:
        return False
    return (bool(asked.draft.choices) and _is_one(below, waiting=waiting)) or not (waiting or alone or is_key_below(below))


def is_explained_below(piece: Piece, asked: Asked, done: Sequence[Asked]) -> bool:
    """Whether 答案解析 on a line of its own stands above what explains the answer of this question."""
    words = half_width(piece.whole).strip("[]【】: ")
    return words == "答案解析" and asked.is_answered and not _are_waiting(done)


def _are_waiting(done: Sequence[Asked]) -> bool:
    """Whether any of the last questions has no answer yet."""
    return any(not other.is_answered for other in done[-LOOKED_BACK:])


def is_key_below(below: Sequence[Line]) -> bool:
    """Whether a key begins on one of the next three lines."""
    return begins_key(next((line.row.text for line in below[:3] if line.row.text.strip()), ""))


def _is_one(below: Sequence[Line], *, waiting: bool) -> bool:
    """Whether the first of these lines is one answer and no other follows.

    `waiting`: other questions are without an answer, so that ABD may as well be for three of them.
    """
    found = [values_of(line.row.text) for line in below if line.row.text.strip()]
    if not found or not found[0] or (len(found) > 1 and found[1]):
        return False
    return len(found[0]) == 1 or (not waiting and found[0] == sorted({*found[0]}))


def key_in(piece: Piece, asked: Asked | None, done: Sequence[Asked], section: Section, keys: Sequence[Keyed]) -> Keyed | None:
    """The key that an answer is when it answers several questions: its rows, and the section it is for, None for all."""
    heading = re.sub(r"(?:参考|标准)?答案\Z", "", "".join(piece.name.split()).strip(_MARKS_AROUND))
    types = wording.types_of(heading)
    values, done = values_of(piece.text), done[-LOOKED_BACK:]
    waiting = _are_waiting(done)
    if heads_key(piece.text) and waiting:
        return None, [Row(piece.line, piece.text)]
    run = len(values) > 1 and (types in _ONE_EACH or len(piece.text) > sum(map(len, values)))
    if types and (is_key(piece.text) or (waiting and (run or is_spread_key(piece.text)))):
        return None, [Row(piece.line, f"{heading}：{piece.text}")]
    if asked is not None and asked.number < 2:
        return None
    here = [*(other for other in done if other.section is section), *((asked,) if asked else ())]
    if is_key(piece.text) or (waiting and is_spread_key(piece.text)):
        return None if _runs_through(here, done, keys) else section, [Row(piece.line, piece.text)]
    numbers = _numbers_for(values, here)
    if not numbers or (wording.types_of(section.heading) not in _ONE_EACH and len({*values}) == len(values)):
        return None
    return section, [Row(piece.line, f"{numbers[0]}-{numbers[-1]} {' '.join(values)}")]


def may_be_key(piece: Piece, asked: Asked, done: Sequence[Asked]) -> bool:
    """Whether the letters of an answer may as well be one each for this question and those before it: ABC below three."""
    here = [*(other for other in done[-LOOKED_BACK:] if other.section is asked.section), asked]
    others = all(not other.is_answered for other in here[:-1])
    wanted = wording.types_of(asked.draft.type_word) or wording.types_of(asked.section.heading)
    values = values_of(piece.text)
    return others and len(values) == len(here) > 1 and wanted != {Type.MULTIPLE}


def _numbers_for(values: Sequence[str], here: Sequence[Asked]) -> list[int]:
    """The numbers of questions that have no answers, when these are just as many and they count up."""
    numbers = [asked.number for asked in here]
    fits = len(values) == len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1))
    return numbers if fits and not any(asked.is_answered for asked in here) else []


def _runs_through(here: Sequence[Asked], done: Sequence[Asked], keys: Sequence[Keyed]) -> bool:
    """Whether a key is also for the sections before: they have none, and the numbers go on from theirs."""
    keyed = [section for section, _ in keys]
    before = [
        other for other in done
        if not other.is_answered and not any(other is asked for asked in here) and not any(other.section is one for one in keyed)
    ]
    return bool(before) and {other.number for other in before}.isdisjoint(other.number for other in here)
