"""The choices of a draft, and which of them are right."""

from __future__ import annotations

import re

from ladder.core.blank import fold
from ladder.core.problems import Report
from ladder.core.question import Choice, Type, speaks_of_others
from ladder_tools.formats.drafts import answers
from ladder_tools.formats.drafts.answers import RIGHT, WRONG
from ladder_tools.formats.drafts.draft import Draft
from ladder_tools.formats.escape import to_markdown_line

PAIRS = ({RIGHT, WRONG}, {"对", "错"})


def excerpt(words: str) -> str:
    """Words as a message quotes them."""
    line = " ".join(words.split())
    return line if len(line) <= 30 else line[:29] + "…"


def choose(draft: Draft, wanted: frozenset[Type], report: Report) -> tuple[Type, tuple[Choice, ...]] | None:
    """The type of a draft that has choices, and its choices; None when the report says what is wrong with them."""
    texts = _choice_texts(draft, wanted, report)
    key = _key(draft, report) if texts else frozenset()
    if not key:
        return None
    if _is_order(draft, key) and not _is_multiple(wanted):
        report.error("type-unheld", *draft.place("answer"), type="排序题")
        return None
    several = len(key) > 1 or _is_multiple(wanted)
    if several and len(key) == 1 and "不定" not in (draft.type_word or draft.section):
        report.warning("one-key", *draft.place("answer"))
    choices = tuple(Choice(text, index in key, speaks_of_others(text)) for index, text in enumerate(texts))
    judged = {*texts} in PAIRS
    type_ = Type.MULTIPLE if several else Type.JUDGE if judged else Type.SINGLE
    return type_, choices


def _is_order(draft: Draft, key: frozenset[int]) -> bool:
    """Whether an answer puts all choices into an order other than theirs: BADC."""
    letters = re.findall("[a-z]", answers.unwrapped(draft.answer or "")) if len(key) == len(draft.choices) > 2 else []
    return len(letters) == len(key) and letters != sorted(letters)


def _is_multiple(wanted: frozenset[Type]) -> bool:
    return Type.MULTIPLE in wanted and Type.SINGLE not in wanted


def _choice_texts(draft: Draft, wanted: frozenset[Type], report: Report) -> list[str]:
    """The choices in Markdown; none when they cannot be those of a question, and the report says why."""
    asked = wanted == {Type.JUDGE}
    if answers.is_judgement(draft.choices, asked=asked) and not _is_multiple(wanted):
        if not answers.is_judgement(draft.choices, asked=False):
            words = "、".join(choice.text.strip() for choice in draft.choices)
            report.warning("judge-reworded", *draft.place("choices"), words=excerpt(words))
        return answers.judgement_words(draft.choices)
    texts = [_choice_line(choice.text) for choice in draft.choices]
    if len(texts) < 2:
        report.error("choices-missing", *draft.place("choices"), count=len(texts))
        return []
    seen: set[str] = set()
    for choice, text in zip(draft.choices, texts, strict=True):
        if not text:
            report.error("choice-empty", choice.line, choice.column, letter=choice.label)
            return []
        if fold(text) in seen:
            report.error("same-choice", choice.line, choice.column, text=excerpt(choice.text))
            return []
        seen.add(fold(text))
    return texts


def _choice_line(text: str) -> str:
    line = to_markdown_line(text)
    # At the end of a choice these words would pin it.
    return f"{line[:-5]}&#123;.pin}}" if line.endswith("{.pin}") else line


def _key(draft: Draft, report: Report) -> frozenset[int]:
    """Indices of the right choices: those named by the answer, else those marked."""
    marked = frozenset(index for index, choice in enumerate(draft.choices) if choice.marked)
    answer = (draft.answer or "").strip()
    if not answer:
        if not marked:
            report.error("answer-missing", *draft.place("answer"))
        return marked
    known = "、".join(choice.label for choice in draft.choices)
    answer, _ = answers.letters_and_why(answer)
    try:
        named = _named(draft, answer)
    except answers.Unknown as error:
        if error.letter:
            report.error("choice-unknown", *draft.place("answer"), letter=error.letter, known=known)
        else:
            report.error("answer-unknown", *draft.place("answer"), answer=excerpt(answer), known=known)
        return frozenset()
    if marked and marked != named:
        written, shown = (_letters(draft, indices) for indices in (named, marked))
        report.error("conflicting-key", *draft.place("answer"), written=written, marked=shown)
        return frozenset()
    return named


def _named(draft: Draft, answer: str) -> frozenset[int]:
    said = answers.says(answer, asked=True)
    if said is not None and answers.is_judgement(draft.choices, asked=True):
        of_choices = [answers.says(choice.text, asked=True) for choice in draft.choices]
        return frozenset({of_choices.index(said)})
    return answers.read_key(answer, draft.choices, draft.habits)


def _letters(draft: Draft, indices: frozenset[int]) -> str:
    return "".join(draft.choices[index].label for index in sorted(indices))


def judge(draft: Draft, report: Report) -> tuple[tuple[Choice, ...], str] | None:
    """The choices 正确 and 错误 of a draft without choices, and the correction that its answer adds."""
    answer = (draft.answer or "").strip()
    if not answer:
        report.error("answer-missing", *draft.place("answer"))
        return None
    said, why = answers.says_and_why(answer)
    if said is None and answers.unwrapped(answer) in ("a", "b"):
        said = answers.unwrapped(answer) == "a"
        report.warning("judge-letter", *draft.place("answer"), answer=answer)
    if said is None:
        report.error("answer-unknown", *draft.place("answer"), answer=excerpt(answer), known=f"{RIGHT}、{WRONG}")
        return None
    return (Choice(RIGHT, said), Choice(WRONG, not said)), why
