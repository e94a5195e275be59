"""What is noticeable about a question once it has been asked: a reason to look at it, never a verdict."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from ladder.core.question import Question, Type
from ladder.core.statistics import NOBODY, ItemNumbers

TOO_EASY = Fraction(95, 100)
TOO_HARD = Fraction(25, 100)
POOR = 0.15
FEWEST_PICKS = 5  # so many must have picked a choice before those who did are compared with others


class Flag(StrEnum):
    """The gravest first."""

    WRONG_KEY = "wrong-key"
    NEGATIVE = "negative"
    TOO_HARD = "too-hard"
    POOR = "poor"
    TOO_EASY = "too-easy"
    UNPICKED = "unpicked"


def flags_of(numbers: ItemNumbers, question: Question | None) -> tuple[Flag, ...]:
    """What is noticeable, the gravest first; nothing below `FEWEST` papers. Choices are not looked at without the question.

    Too easy: a facility of .95 or more; too hard: .25 or less. Negative: a discrimination below 0; poor: from 0 to below .15.
    Unpicked: a wrong choice that nobody picked, where there are more than two. Wrong key: a wrong choice that at least
    `FEWEST_PICKS` picked, and these earned more on average with the rest of their papers than those who picked any of the right
    choices.
    """
    if numbers.facility is None:
        return ()
    found = set()
    if numbers.facility >= TOO_EASY:
        found.add(Flag.TOO_EASY)
    elif numbers.facility <= TOO_HARD:
        found.add(Flag.TOO_HARD)
    if numbers.discrimination is not None and numbers.discrimination < POOR:
        found.add(Flag.NEGATIVE if numbers.discrimination < 0 else Flag.POOR)
    if question is not None and question.choices:
        found |= _choice_flags(numbers, question)
    return tuple(flag for flag in Flag if flag in found)


def _choice_flags(numbers: ItemNumbers, question: Question) -> set[Flag]:
    picks = [numbers.picks.get(index, NOBODY) for index in range(len(question.choices))]
    right = [picks[index].mean_rest for index in question.key]
    best_right = max((mean for mean in right if mean is not None), default=-1.0)
    wrong = [pick for pick, choice in zip(picks, question.choices, strict=True) if not choice.correct]
    found = {Flag.UNPICKED for pick in wrong if not pick.count and question.type is not Type.JUDGE}
    found |= {
        Flag.WRONG_KEY for pick in wrong
        if pick.count >= FEWEST_PICKS and pick.mean_rest is not None and pick.mean_rest > best_right
    }
    return found
