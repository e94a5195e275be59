"""The pieces of a paper put together: sections, questions with their parts, the material they share, the answers at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ladder.core.bank import Type
from ladder_tools.formats import wording
from ladder_tools.formats.draft import Draft, DraftChoice, Habits
from ladder_tools.formats.model import Reading
from ladder_tools.formats.text_ahead import Ahead
from ladder_tools.formats.text_key import begins_key, is_key
from ladder_tools.formats.text_lines import Kind, Line, Piece, Row
from ladder_tools.formats.text_paper import Asked, Paper, Section, read_section, set_field
from ladder_tools.formats.text_stem import finish
from ladder_tools.formats.text_words import TITLE, half_width

MAX_TITLE = 40
MAX_HEADING = 24
MAX_CHOICES = 26
_NUMBERS = re.compile(r"(\d{1,4})\s*[-~—至到]+\s*(\d{1,4})\s*题")
_ONE_LINE = frozenset(("difficulty", "kb", "marks", "type_word", "rule", "id", "lost"))


def assemble(lines: Sequence[Line], reading: Reading, habits: Habits) -> Paper:
    """Put the lines of a paper together."""
    return _Builder(lines, reading, habits).build()


class _Builder:
    def __init__(self, lines: Sequence[Line], reading: Reading, habits: Habits) -> None:
        self.lines, self.reading, self.habits = lines, reading, habits
        self.paper = Paper()
        self.section = Section("", 0, "", "")
        self.open: Asked | None = None
        self.part = "stem"
        self.more: list[str] = []  # lines that go on with the part
        self.style = ""  # how the questions of this section are numbered
        self.listed = 0  # the last number of a list inside a part
        self.gap = True
        self.material: list[str] = []
        self.material_for: tuple[int, int] | None = None
        self.in_material = False
        self.case = ("", 0)  # style and number of the numbered case whose questions are being read
        self.ahead = Ahead([piece for line in lines for piece in line.pieces])
        self.line = self.at = 0  # the line and the piece being read
        self.stem_end = 0  # how long the stem is with the lines that go on with it

    def build(self) -> Paper:
        actions: dict[Kind, Callable[[Piece], None]] = {
            Kind.EMPTY: self._on_empty, Kind.SECTION: self._on_section, Kind.NUMBER: self._on_number,
            Kind.CHOICE: self._on_choice, Kind.FIELD: self._on_field, Kind.KEY: self._on_key,
            Kind.CHAPTER: self._on_chapter, Kind.MATERIAL: self._on_material, Kind.ASIDE: self._leave, Kind.TEXT: self._on_text,
        }
        key: list[Row] | None = None
        for number, line in enumerate(self.lines):
            self.line = number
            if key is not None and not self._resumes(line):
                key.append(line.row)
                self.at += len(line.pieces)
                continue
            key = None
            for piece in line.pieces:
                count = len(self.paper.keys)
                actions[piece.kind](piece)
                self.gap = piece.kind is Kind.EMPTY
                self.at += 1
                if len(self.paper.keys) > count:
                    key = self.paper.keys[-1][1]
        self._close()
        return self.paper

    def _resumes(self, line: Line) -> bool:
        """Whether questions go on after a key: a number with choices after it."""
        if line.pieces[0].kind is Kind.SECTION:
            if self.paper.keys[-1][0] is not None:
                return True
            self.section = read_section(line.pieces[0])
        return line.pieces[0].kind is Kind.NUMBER and self.ahead.choice[self.at]

    # -- beginnings and ends --------------------------------------------------------------------------------------

    def _begin(self, piece: Piece, number: int) -> None:
        self._close()
        draft = Draft(
            piece.line, piece.column, stem=piece.text, section=self.section.heading, section_marks=self.section.marks,
            rule=self.section.rule, habits=self.habits,
        )
        self.open = Asked(draft, self.reading.report(), number, self.section, list(piece.spans))
        self.part, self.listed, self.in_material, self.stem_end = "stem", 0, False, len(piece.text)
        low, high = self.material_for or (0, 10**4)
        if self.material and low <= number <= high:
            self.open.report.warning("material-repeated", piece.line)

    def _close(self) -> None:
        self._enter("stem")
        asked, self.open = self.open, None
        if asked is None:
            return
        if asked.shown == len(asked.draft.choices):  # a whole question in bold says nothing about its key
            for choice in asked.draft.choices:
                choice.marked = False
        finish(asked.draft, asked.spans, asked.report)
        if any(problem.code == "material-repeated" for problem in asked.report.problems):
            asked.draft.stem = "\n".join((*self.material, asked.draft.stem))
        self.paper.questions.append(asked)

    def _leave(self, piece: Piece) -> None:
        """Note what belongs to no question."""
        self.paper.unplaced.append((piece.line, piece.whole))

    # -- one method a kind of piece -------------------------------------------------------------------------------

    def _on_empty(self, piece: Piece) -> None:
        pass

    def _on_section(self, piece: Piece) -> None:
        self._close()
        self.section = read_section(piece)
        self.style, self.material, self.material_for, self.in_material = "", [], None, False

    def _on_chapter(self, piece: Piece) -> None:
        self._close()
        self._leave(piece)
        self.style, self.material, self.material_for, self.in_material = "", [], None, False

    def _on_material(self, piece: Piece) -> None:
        complete = self.open is None or self.open.draft.choices or self.open.draft.answer is not None
        if not complete and not self.material:
            self._on_text(piece)
            return
        self._close()
        numbers = _NUMBERS.search(half_width(piece.whole))
        self.material, self.in_material = [piece.whole], True
        self.material_for = (int(numbers[1]), int(numbers[2])) if numbers else None

    def _on_number(self, piece: Piece) -> None:
        if self._is_heading(piece):
            self._on_chapter(piece)
            self.section = Section(piece.whole, piece.number, "", "")
        elif self._is_question(piece):
            if self.open and self.style and piece.word != self.style:
                self._change_style()
            self.style = self.style or piece.word
            self._begin(piece, piece.number)
        else:
            self.listed = piece.number
            self._go_on(piece)

    def _is_question(self, piece: Piece) -> bool:
        """Whether a number begins a question, and is not one of a list inside a part."""
        near = self.ahead.answer[self.at]
        if self.open is None:
            return not (piece.word == "ordinal" and not near and not self._wants_written())
        complete = bool(self.open.draft.choices) or self.open.draft.answer is not None
        if self.style and piece.word != self.style:
            next_case = piece.word == self.case[0] and piece.number == self.case[1] + 1
            return next_case or (near and (complete or _begins_parts(piece)))
        if piece.weak:
            return piece.number == self.open.number + 1 and (complete or near)
        if self.listed and piece.number == self.listed + 1:
            return near and (complete or self.part != "stem")
        if near or piece.number == self.open.number + 1:
            return True
        return self.part == "stem" and self.open.number < piece.number <= self.open.number + 20

    def _is_heading(self, piece: Piece) -> bool:
        """Whether 二、 begins a heading without a type: it counts on from the section before, and a question follows at once."""
        return (
            piece.word == "ordinal" and self.style != "ordinal" and piece.number == self.section.number + 1
            and len(piece.text) <= MAX_HEADING and not re.search("[，。；？！（(]", piece.text)
            and self.ahead.number[self.at]
        )

    def _wants_written(self) -> bool:
        return bool(wording.types_of(self.section.heading))

    def _change_style(self) -> None:
        """A numbered case with questions (1), (2) below it is their material."""
        assert self.open is not None
        self.material, self.material_for = [], None
        if not self.open.draft.choices and self.open.draft.answer is None and self.style != self.case[0]:
            self.material, self.case = [self.open.draft.stem], (self.style, self.open.number)
            self.open = None
        self.style = ""

    def _on_choice(self, piece: Piece) -> None:
        asked = self.open
        if asked is None:
            self._leave(piece)
            return
        choices = asked.draft.choices
        goes_on = len(choices) >= MAX_CHOICES or (bool(choices) and self.part not in ("stem", "choice"))
        first = piece.word in ("", "A")
        if goes_on or (not choices and not first) or (self.part == "answer" and not asked.draft.answer):
            self._go_on(piece)
            return
        label = piece.word or chr(ord("A") + len(choices))
        if any(choice.label == label for choice in choices):
            asked.report.error("choice-twice", piece.line, piece.column, letter=label)
        self._enter("choice")
        asked.shown += bool(piece.spans)
        choices.append(DraftChoice(label, piece.text, piece.line, piece.column, piece.marked))
        asked.draft.places.setdefault("choices", (piece.line, piece.column))

    def _on_key(self, piece: Piece) -> None:
        asked = self.open
        unanswered = any(not question.is_answered for question in self.paper.questions)
        below = next((line.row.text for line in self.lines[self.line + 1 : self.line + 4] if line.row.text.strip()), "")
        if asked is not None and not unanswered and not asked.is_answered and not begins_key(below):
            self._enter("answer")
            asked.draft.answer = ""
            return
        self._close()
        if any(not question.is_answered for question in self.paper.questions):
            self.paper.keys.append((None, []))
        else:
            self._leave(piece)

    def _on_field(self, piece: Piece) -> None:
        asked = self.open
        if piece.word == "answer" and is_key(piece.text) and (asked is None or asked.number > 1):
            self._close()
            self.paper.keys.append((self.section, [Row(piece.line, piece.text)]))
        elif asked is None:
            self._leave(piece)
        else:
            self._enter(piece.word)
            set_field(asked, piece)

    def _on_text(self, piece: Piece) -> None:
        if self._is_title(piece):
            self.paper.title = piece.text
        elif self._is_unnumbered(piece):
            self._begin(piece, self.open.number + 1 if self.open else 1)
        elif self.open is not None:
            self._go_on(piece)
        elif self.in_material or Type.ESSAY in wording.types_of(self.section.heading):
            self.material.append(piece.whole)
            self.in_material = True
        else:
            self._leave(piece)

    def _is_title(self, piece: Piece) -> bool:
        words = piece.text
        return (
            not self.paper.title and not self.open and not self.paper.questions and not self.section.heading
            and len(words) <= MAX_TITLE and TITLE.search(words) is not None and words[-1] not in "？?。：:，,；;、"
        )

    def _is_unnumbered(self, piece: Piece) -> bool:
        """Whether a line begins a question that has no number: choices or an answer follow it, and what is open has both."""
        if self.open is None:
            return self.ahead.paragraph[self.at]
        draft = self.open.draft
        if draft.answer is None and not any(choice.marked for choice in draft.choices):
            return False
        again = bool(draft.choices) and self.ahead.choice[self.at] and self.part != "stem"
        return self.ahead.paragraph[self.at] and (self.gap or again)

    # -- what goes on ---------------------------------------------------------------------------------------------

    def _go_on(self, piece: Piece) -> None:
        """Add a line to the part it continues."""
        asked = self.open
        if asked is None:
            self._leave(piece)
            return
        if self.part in _ONE_LINE:
            self._leave(piece)
            return
        empty = next((choice for choice in asked.draft.choices if not choice.text), None) if self.part == "choice" else None
        if empty:  # A. and B. on lines of their own, the words of both below
            empty.text = piece.whole
            return
        if self.part == "stem":
            shift = self.stem_end + 1 + piece.whole.find(piece.text)
            asked.spans += [(a + shift, b + shift) for a, b in piece.spans]
            self.stem_end += len(piece.whole) + 1
        self.more.append(piece.whole)

    def _enter(self, part: str) -> None:
        """Go over to another part: the lines that went on with the one before become its own."""
        if self.open is not None and self.more:
            _extend(self.open.draft, self.part, "\n".join(self.more))
        self.more, self.part, self.listed = [], part, 0


def _extend(draft: Draft, part: str, text: str) -> None:
    if part == "stem":
        draft.stem = f"{draft.stem}\n{text}"
    elif part == "choice":
        draft.choices[-1].text = f"{draft.choices[-1].text}\n{text}".strip()
    elif part in ("answer", "points") and not (draft.choices and draft.answer):
        draft.answer = f"{draft.answer or ''}\n{text}".strip()
    else:  # what stands below the letter of a choice explains it
        draft.explanation = f"{draft.explanation}\n{text}".strip()


def _begins_parts(piece: Piece) -> bool:
    """Whether (1) or ① is the first of several questions about one case, and not of statements on one line."""
    return piece.number == 1 and piece.word in ("paren", "circle") and not re.search(r"②|\(2\)", half_width(piece.text))
