"""What follows each piece of a paper, which tells a question from a list and a stem from an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from ladder_tools.formats.text.lines import Kind, Piece

# Numbers of statements and parts, which may stand between a question and its choices.
MINOR = frozenset(("paren", "circle", "asked"))


class Ahead:
    """For each piece what stands after it.

    `answer`: a first choice or an answer, before the next number or heading; for a question numbered 1. those like (1) and ① do
    not count. `choice`: a first choice, before the same. `paragraph`: one of both in the same paragraph, or a first choice at the
    beginning of the next. `number`: a number other than an ordinal, at once.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.answer, self.choice, self.paragraph, self.number = ([False] * len(pieces) for _ in range(4))
        answer = near = choice = paragraph = number = first = False
        for index in range(len(pieces) - 1, -1, -1):
            piece = pieces[index]
            self.answer[index] = near if piece.word in MINOR else answer
            self.choice[index], self.paragraph[index], self.number[index] = choice, paragraph, number
            if piece.kind is Kind.EMPTY:
                paragraph = first
                continue
            number = piece.kind is Kind.NUMBER and piece.word != "ordinal"
            first = piece.kind is Kind.CHOICE and piece.word in ("A", "")
            if first or (piece.kind is Kind.FIELD and piece.word in ("answer", "points")):
                answer = near = paragraph = True
                choice = choice or first
            elif piece.kind is Kind.NUMBER and piece.word in MINOR:
                near = paragraph = False
            elif piece.kind in (Kind.NUMBER, Kind.SECTION, Kind.KEY):
                answer = near = choice = paragraph = False
