"""A question as it is: six types, with choices, blanks or key points, and where its answer stands in the knowledge base."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

BLANK = re.compile(r"\{\{(.*?)\}\}")
# Choices that speak of the others keep their place without being told to.
_OF_THE_OTHERS = re.compile(
    r"(?:以上|上述|前面|其他|其余)(?:各项|几项|三项|两项|两者|选项|说法|做法|情况|内容|答案|所有)?(?:都|均|全|全都|全部|皆)?"
    r"不?(?:对|正确|是|非|错|错误|可以|可|行|有|有可能|要|需要|包括|属于|选)的?[。.]?\Z"
    r"|(?:all|none|both) of the above\.?\Z",
    re.IGNORECASE,
)
MULTIPLE_RULES = ("all", "half", "each")


class Type(StrEnum):
    """The six types of question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"
    BLANK = "blank"
    SHORT = "short"
    ESSAY = "essay"


STAFF_MARKED = frozenset({Type.SHORT, Type.ESSAY})


@dataclass(frozen=True)
class Choice:
    """One choice in the author's order. A pinned one keeps its place when the others are shuffled."""

    text: str
    correct: bool
    pinned: bool = False


@dataclass(frozen=True)
class KeyPoint:
    """A key point of a short answer or a row of an essay's rubric."""

    marks: Decimal
    text: str
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """Where in the knowledge base the answer stands."""

    article: str
    heading: str

    def __str__(self) -> str:
        return f"{self.article}#{self.heading}" if self.heading else self.article


@dataclass(frozen=True)
class Example:
    """Answers that a blank must accept or reject, which every build tries. `blank` counts from 1."""

    accepted: bool
    blank: int
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. In `stem` each blank is `{{n}}`, counted from 1; the answers are in `blanks`.

    `any_order`: the blanks may be filled in any order. `multiple` is the question's own rule for a partly right multiple choice,
    empty for the exam's.
    """

    id: str
    title: str
    type: Type
    stem: str
    choices: tuple[Choice, ...]
    blanks: tuple[tuple[str, ...], ...]
    key_points: tuple[KeyPoint, ...]
    difficulty: int
    kb: Reference | None
    marks: Decimal | None
    fixed: bool
    explanation: str
    line: int
    any_order: bool = False
    multiple: str = ""
    examples: tuple[Example, ...] = ()

    def __hash__(self) -> int:
        """By the id alone: what is kept of a question is looked up for every card of every paper."""
        return hash(self.id)

    @cached_property
    def key(self) -> tuple[int, ...]:
        """Indices of the right choices."""
        return tuple(index for index, choice in enumerate(self.choices) if choice.correct)


def is_multiple_rule(text: str) -> bool:
    """Whether a text names a rule for multiple choice: a word, or the marks for some right ones and no wrong one."""
    return text in MULTIPLE_RULES or re.fullmatch(r"\d{1,2}(?:\.\d)?", text) is not None


def speaks_of_others(choice: str) -> bool:
    """Whether a choice speaks of those before it: 以上都对, none of the above."""
    return _OF_THE_OTHERS.match(choice) is not None
