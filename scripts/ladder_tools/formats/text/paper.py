"""What a paper is made of: its sections, its questions while they are put together, the answers that stand apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ladder.core.problems import Report
from ladder.core.question import Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.drafts.draft import Draft
from ladder_tools.formats.text.lines import Piece, Row
from ladder_tools.formats.text.words import half_width

_EACH = re.compile(
    r"每[小个]?[题空]\s*\d{1,2}(?:\.\d)?\s*分|\d{1,2}(?:\.\d)?\s*(?:marks?|points?)(?=\s*each)", re.IGNORECASE
)
_ALL_OF = re.compile(r"(\d{1,3})\s*[小个]?题\D{0,6}?共?计?\s*(\d{1,3})\s*分")
_NUMBERS = re.compile(r"(\d{1,4})\s*[-~—至到]+\s*(\d{1,4})\s*题")
_FOR_QUESTIONS = re.compile(r"\s*[(（]?请?(?:阅读|根据|依据|结合)")
_NOTHING = ("无", "略", "暂无", "无解析")


@dataclass(frozen=True)
class Section:
    """A part of a paper: its heading, the ordinal in it (一 is 1, 0 for none), and the marks each question has by it."""

    heading: str
    number: int
    marks: str
    rule: str


@dataclass
class Asked:
    """A question being put together, with the report for what is wrong with it.

    `spans` are what is marked in its stem. `shown` is how many choices are marked by their looks alone, without a tick. `shares`
    are the lines of material that it shares with others.
    """

    draft: Draft
    report: Report
    number: int
    section: Section
    spans: list[tuple[int, int]] = field(default_factory=list)
    shown: int = 0
    excerpt: str = ""
    shares: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether something stands behind its stem."""
        return bool(self.draft.choices) or self.draft.answer is not None

    @property
    def is_answered(self) -> bool:
        """Whether anything says which answer is right."""
        draft = self.draft
        return bool((draft.answer or "").strip() or draft.blanks or any(choice.marked for choice in draft.choices))


@dataclass
class Material:
    """Lines that several questions share, with their numbers in the source. `questions` are the first and last of these.

    It is `growing` until its first question, and `used` from then on.
    """

    lines: list[tuple[int, str]] = field(default_factory=list)
    questions: tuple[int, int] = (0, 10**4)
    growing: bool = False
    used: bool = False

    @classmethod
    def begin(cls, line: int, words: str) -> Material:
        """Material that begins with a line, which may say for which questions it is."""
        numbers = _NUMBERS.search(half_width(words))
        return cls([(line, words)], (int(numbers[1]), int(numbers[2])) if numbers else (0, 10**4), growing=True)

    def takes(self, words: str) -> bool:
        """Whether a line that says for which questions it is goes on with this material, and does not begin another."""
        return self.growing and bool(self.lines) and _FOR_QUESTIONS.match(words) is not None

    def go_on(self, line: int, words: str) -> None:
        """Add such a line."""
        numbers = _NUMBERS.search(half_width(words))
        self.questions = (int(numbers[1]), int(numbers[2])) if numbers else self.questions
        self.lines.append((line, words))

    def share(self, number: int) -> tuple[str, ...]:
        """What a question of this number has of it."""
        self.growing = False
        if not self.lines or not self.questions[0] <= number <= self.questions[1]:
            return ()
        self.used = True
        return tuple(words for _, words in self.lines)


@dataclass
class Paper:
    """What a text came to. `keys` are rows of answers with the section they stand in, None for those of the whole paper."""

    title: str = ""
    questions: list[Asked] = field(default_factory=list)
    keys: list[tuple[Section | None, list[Row]]] = field(default_factory=list)
    early: list[Section] = field(default_factory=list)  # those with an answer that stands before a question
    unplaced: list[tuple[int, str]] = field(default_factory=list)


def read_section(piece: Piece) -> Section:
    """The section that a heading begins."""
    remark = half_width(piece.whole)
    each, of_all = _EACH.search(remark), _ALL_OF.search(remark)
    marks = each[0] if each else ""
    if not marks and of_all and int(of_all[1]) and (int(of_all[2]) * 2) % int(of_all[1]) == 0:
        marks = f"{int(of_all[2]) / int(of_all[1]):g}"
    rule = wording.rule_of(remark) if wording.types_of(piece.whole) == {Type.MULTIPLE} else ""
    return Section(piece.whole, piece.number, marks, rule)


def set_field(asked: Asked, piece: Piece) -> None:
    """Give a question what a field such as 答案： says of it."""
    draft, field_, text = asked.draft, piece.word, piece.text
    draft.places.setdefault(piece.name if field_ == "lost" else field_, (piece.line, piece.column))
    if field_ == "answer":
        if draft.answer and half_width(draft.answer).casefold() != half_width(text).casefold():
            asked.report.error("conflicting-key", piece.line, piece.column, written=draft.answer, marked=text)
        draft.answer = text
    elif field_ == "points":
        draft.explanation = "\n".join(filter(None, (draft.answer or "", draft.explanation)))
        draft.answer = text
    elif field_ == "explanation":
        draft.explanation = draft.explanation if text in _NOTHING else f"{draft.explanation}\n{text}".strip()
    elif field_ == "lost":
        if wording.types_of(text) and piece.name in ("分类", "category"):
            draft.type_word = text
        elif text:
            draft.lost[piece.name] = text
    else:
        setattr(draft, field_, text)


def extend(draft: Draft, part: str, text: str) -> None:
    """Add the lines that go on with a part of a question."""
    if part == "stem":
        draft.stem = f"{draft.stem}\n{text}"
    elif part == "choice":
        draft.choices[-1].text = f"{draft.choices[-1].text}\n{text}".strip()
    elif part in ("answer", "points") and not (draft.choices and draft.answer):
        draft.answer = f"{draft.answer or ''}\n{text}".strip()
    else:  # what stands below the letter of a choice explains it
        draft.explanation = f"{draft.explanation}\n{text}".strip()
