"""A question as tables, texts and Word files write it: words, not yet a type and a key. `settle` makes a question of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class DraftChoice:
    """One choice as written. `label` is its letter, `A` to `Z`. `marked`: a colour, a line or a √ shows it as right."""

    label: str
    text: str
    line: int
    column: int = 1
    marked: bool = False


@dataclass(frozen=True)
class Habits:
    """What separators mean in a source.

    `alternatives` are between several accepted answers of one blank, `blanks` between the answers of several blanks; each the
    characters or words tried in this order. `digits` says that choices are named 1, 2, 3 in answers.
    """

    blanks: tuple[str, ...] = ("|", ";", "；", "\n")
    alternatives: tuple[str, ...] = ("/", ";;")
    digits: bool = False


@dataclass
class Draft:
    """One question as written; everything is text as the source has it, `""` for what it does not say.

    `type_word` is what the source calls the type of this very question, `section` the heading it stands under. `answer` is None
    when the source has no place for it. `blanks` are answers that stood in the stem, in order; the stem then has `{{n}}` there.
    `places` gives line and column of a part by its field name, where that differs from the question's own. `lost` are the names
    of what the source says and a question cannot hold, with the words: chapter, tags.
    """

    line: int
    column: int = 1
    stem: str = ""
    choices: list[DraftChoice] = field(default_factory=list)
    answer: str | None = None
    blanks: list[str] = field(default_factory=list)
    type_word: str = ""
    section: str = ""
    explanation: str = ""
    difficulty: str = ""
    kb: str = ""
    marks: str = ""
    section_marks: str = ""
    id: str = ""
    title: str = ""
    rule: str = ""
    any_order: bool = False
    lost: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    habits: Habits = field(default_factory=Habits)

    def place(self, part: str) -> tuple[int, int]:
        """Line and column of a part."""
        return self.places.get(part, (self.line, self.column))
