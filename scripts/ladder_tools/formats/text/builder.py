"""The pieces of a paper put together: sections, questions with their parts, the material they share, the answers at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ladder.core.question import Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.drafts.draft import Draft, DraftChoice, Habits
from ladder_tools.formats.model import Reading
from ladder_tools.formats.text import telling
from ladder_tools.formats.text.ahead import Ahead
from ladder_tools.formats.text.lines import Kind, Line, Piece, Row
from ladder_tools.formats.text.paper import Asked, Material, Paper, Section, extend, read_section, set_field
from ladder_tools.formats.text.stem import TICK, finish, judgement_in

MAX_CHOICES = 26
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
        self.listed = ("", 0)  # style and number of the last item of a list inside a part
        self.gap = True
        self.material = Material()
        self.case = ("", 0)  # style and number of the numbered case whose questions are being read
        self.ahead = Ahead([piece for line in lines for piece in line.pieces])
        self.line = self.at = 0  # the line and the piece being read
        self.stem_end = 0  # how long the stem is with the lines that go on with it

    def build(self) -> Paper:
        actions: dict[Kind, Callable[[Piece], None]] = {
            Kind.EMPTY: lambda _: None, Kind.SECTION: self._on_section, Kind.NUMBER: self._on_number,
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
        self._end_part()
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
        self.part, self.listed, self.stem_end = "stem", ("", 0), len(piece.text)
        self.open.shares = self.material.share(number)
        if self.open.shares:
            self.open.report.warning("material-repeated", piece.line)

    def _close(self) -> None:
        self._enter("stem")
        asked, self.open = self.open, None
        if asked is None:
            return
        if asked.shown == len(asked.draft.choices):  # a whole question in bold says nothing about its key
            for choice in asked.draft.choices:
                choice.marked = False
        asked.draft.choices.sort(key=lambda choice: choice.label)  # they may have stood in two columns
        finish(asked.draft, asked.spans, asked.report)
        asked.excerpt = asked.draft.stem or " ".join(choice.text for choice in asked.draft.choices)
        asked.draft.stem = "\n".join((*asked.shares, asked.draft.stem))
        self.paper.questions.append(asked)

    def _leave(self, piece: Piece) -> None:
        """Note what belongs to no question."""
        self.paper.unplaced.append((piece.line, piece.whole))

    # -- one method a kind of piece -------------------------------------------------------------------------------

    def _on_section(self, piece: Piece) -> None:
        if self.open is not None and telling.is_type_of(piece, self.open, self.lines[self.line + 1 : self.line + 6]):
            self.open.draft.type_word = piece.text
            return
        self._end_part()
        self.section = read_section(piece)

    def _on_chapter(self, piece: Piece) -> None:
        self._end_part()
        self._leave(piece)

    def _end_part(self) -> None:
        self._close()
        self._end_material()
        self.style = ""

    def _end_material(self) -> None:
        """The material before is for no more questions. When it was for none, it is told."""
        if not self.material.used:
            self.paper.unplaced += self.material.lines
        self.material = Material()

    def _on_material(self, piece: Piece) -> None:
        if self.open is not None and not self.open.is_complete and not self.material.lines:
            self._on_text(piece)
            return
        if self.material.takes(piece.whole):
            self.material.go_on(piece.line, piece.whole)
            return
        self._close()
        self._end_material()
        self.material = Material.begin(piece.line, piece.whole)

    def _on_number(self, piece: Piece) -> None:
        if self.style != "ordinal" and self.ahead.number[self.at] and telling.is_heading(piece, self.section):
            self._on_chapter(piece)
            self.section = Section(piece.whole, piece.number, "", "")
        elif self._is_question(piece):
            if self.open and self.style and piece.word != self.style:
                self._change_style()
            self.style = self.style or piece.word
            self._begin(piece, piece.number)
        else:
            self.listed = (piece.word, piece.number)
            self._go_on(piece)

    def _is_question(self, piece: Piece) -> bool:
        """Whether a number begins a question, and is not one of a list inside a part."""
        near = self.ahead.answer[self.at]
        if self.open is None:
            return near or piece.word != "ordinal" or bool(wording.types_of(self.section.heading))
        complete = self.open.is_complete
        if TICK.search(piece.text):
            return True
        if self.style and piece.word != self.style:
            next_case = piece.word == self.case[0] and piece.number == self.case[1] + 1
            return next_case or (near and (complete or telling.begins_parts(piece)))
        if piece.weak:
            return piece.number == self.open.number + 1 and (complete or near)
        if (piece.word, piece.number - 1) == self.listed:
            return near and (complete or self.part != "stem")
        if near or piece.number == self.open.number + 1:
            return True
        return self.part == "stem" and self.open.number < piece.number <= self.open.number + 20

    def _change_style(self) -> None:
        """A numbered case with questions (1), (2) below it is their material."""
        assert self.open is not None
        self._enter("stem")
        case = self.open
        if case.is_complete:
            self._close()
            self._end_material()
        else:
            self.open = None
            self._end_material()
            self.material, self.case = Material([(case.draft.line, case.draft.stem)]), (self.style, case.number)
        self.style = ""

    def _on_choice(self, piece: Piece) -> None:
        asked = self.open
        if asked is None:
            self._leave(piece)
            return
        choices = asked.draft.choices
        if telling.is_answer_line(piece, asked):
            self._on_field(telling.as_answer(piece))
            return
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
        self._enter(self.part)
        asked, below = self.open, self.lines[self.line + 1 : self.line + 6]
        if asked is not None and telling.is_answered_below(piece, asked, self.paper.questions, below):
            self._enter("answer")
            asked.draft.answer, asked.draft.places["answer"] = "", (piece.line, piece.column)
            return
        if asked is not None and telling.is_explained_below(piece, asked, self.paper.questions):
            self._enter("explanation")
            return
        self._close()
        if telling.is_key_below(below) or any(not question.is_answered for question in self.paper.questions):
            self.paper.keys.append((None, []))
        else:
            self._leave(piece)

    def _on_field(self, piece: Piece) -> None:
        asked, paper = self.open, self.paper
        key = telling.key_in(piece, asked, paper.questions, self.section, paper.keys) if piece.word == "answer" else None
        if key:
            self._close()
            self.paper.keys.append(key)
        elif asked is None:
            self.paper.early += [self.section] if piece.word == "answer" else []
            self._leave(piece)
        else:
            self._enter(piece.word)
            set_field(asked, piece)
            if piece.word == "answer" and telling.may_be_key(piece, asked, paper.questions):
                asked.report.error("answer-or-key", piece.line, piece.column, answer=piece.text)

    def _on_text(self, piece: Piece) -> None:
        if self._is_title(piece):
            self.paper.title = piece.text
        elif piece.text == self.paper.title:  # again at the head of a page
            self._leave(piece)
        elif self.open is not None and telling.is_answer_line(piece, self.open):
            self._on_field(telling.as_answer(piece))
        elif self._is_unnumbered(piece):
            number = self.open.number + 1 if self.open else 1
            self._begin(telling.without_number(piece, number), number)
        elif self.open is not None:
            self._go_on(piece)
        elif self.material.growing or Type.ESSAY in wording.types_of(self.section.heading):
            self.material.growing = True
            self.material.lines.append((piece.line, piece.whole))
        else:
            self._leave(piece)

    def _is_title(self, piece: Piece) -> bool:
        first = not self.paper.title and not self.open and not self.paper.questions and not self.section.heading
        return first and telling.is_title(piece.text)

    def _is_unnumbered(self, piece: Piece) -> bool:
        """Whether a line begins a question that has no number: choices or an answer follow it, and what is open has both."""
        ticked = Type.JUDGE in wording.types_of(self.section.heading) and judgement_in(piece.text) is not None
        if self.open is None:
            return ticked or self.ahead.paragraph[self.at]
        draft = self.open.draft
        if ticked and judgement_in(draft.stem):
            return True
        counted = bool(draft.choices) and telling.without_number(piece, self.open.number + 1) is not piece
        if not counted and draft.answer is None and not any(choice.marked for choice in draft.choices):
            return False
        again = bool(draft.choices) and self.ahead.choice[self.at] and self.part != "stem"
        return self.ahead.paragraph[self.at] and (self.gap or again)

    # -- what goes on ---------------------------------------------------------------------------------------------

    def _go_on(self, piece: Piece) -> None:
        """Add a line to the part it continues."""
        asked = self.open
        if asked is None or self.part in _ONE_LINE:
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
            extend(self.open.draft, self.part, "\n".join(self.more))
        self.more, self.part, self.listed = [], part, ("", 0)
