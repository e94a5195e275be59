"""A question of ours out of a draft, or the reason why not.

What a question is, is told in this order by: the word for its type, the section it stands in, its answer, its choices. Where they
disagree the question comes in as what its answer and its choices are, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from ladder.core.document import SLUG
from ladder.core.marks import plain
from ladder.core.pattern import is_pattern
from ladder.core.problems import Report
from ladder.core.question import STAFF_MARKED, Choice, KeyPoint, Question, Reference, Type, is_multiple_rule
from ladder.core.question_text import unguarded
from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.blanks import has_blank, has_line, number_blanks, split_numbered
from ladder_tools.formats.drafts.choices import choose, excerpt, judge
from ladder_tools.formats.drafts.draft import Draft, DraftChoice
from ladder_tools.formats.drafts.points import read_points
from ladder_tools.formats.escape import to_markdown, to_markdown_line

DEFAULT_DIFFICULTY = 2
NO_ARTICLES: Mapping[str, Reference] = MappingProxyType({})
_REFERENCE = re.compile(r"(?P<article>[^\s#{}]+)(?:#(?P<heading>[^\s{}]+))?\Z")
_LIKE_BLANK = re.compile(r"\{\{(?=\d+\}\})")
_UNWRITABLE = re.compile(r"[|\n]|\{\{|\}\}|\}\Z")


@dataclass(frozen=True)
class _Answered:
    """A type with what answers a question of it."""

    type: Type
    stem: str
    choices: tuple[Choice, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    key_points: tuple[KeyPoint, ...] = ()
    explanation: str = ""


def settle(
    draft: Draft, report: Report, articles: Mapping[str, Reference] = NO_ARTICLES
) -> tuple[Question | None, frozenset[str]]:
    """The question that a draft means, and the names of the fields it speaks of; None, with an error, when it means none.

    `articles` are the places in the knowledge base by the titles that sources may use for them.
    """
    marks = _marks(draft, report)
    answered = _answered(draft, marks, report)
    if marks and answered and "每空" in (draft.marks or draft.section_marks):
        marks = min(marks * len(answered.blanks or ("",)), Decimal(wording.MAX_MARKS))
    difficulty, kb, multiple = _difficulty(draft, report), _kb(draft, articles, report), _rule(draft, answered, report)
    for what, value in draft.lost.items():
        report.warning("not-kept", *draft.place(what), what=what, value=excerpt(value))
    identity = _id(draft, report)
    if answered is None:
        return None, frozenset()
    explanation = "\n".join(filter(None, (answered.explanation, draft.explanation)))
    question = Question(
        identity, " ".join(draft.title.split()), answered.type, answered.stem, answered.choices, answered.blanks,
        answered.key_points, difficulty or DEFAULT_DIFFICULTY, kb, marks, answered.type is Type.JUDGE,
        to_markdown(explanation), draft.line, draft.any_order and answered.type is Type.BLANK, multiple,
    )
    said = {"type", "stem", "choices", "blanks", "key_points"}
    told = {
        "id": identity, "title": question.title, "difficulty": difficulty, "kb": kb, "marks": marks, "multiple": multiple,
        "explanation": explanation, "any_order": question.any_order,
    }
    return question, frozenset(said | {name for name, value in told.items() if value})


def _answered(draft: Draft, marks: Decimal | None, report: Report) -> _Answered | None:
    """What answers the question, by the way in which its type is answered."""
    if not draft.stem.strip():
        report.error("stem-missing", *draft.place("stem"))
        return None
    word = draft.type_word or draft.section
    if wording.is_unheld_type(word):
        report.error("type-unheld", *draft.place("type_word"), type=excerpt(word))
        return None
    wanted = wording.types_of(draft.type_word)
    if draft.type_word.strip() and not wanted:
        report.warning("type-unknown", *draft.place("type_word"), type=excerpt(draft.type_word))
    wanted = wanted or wording.types_of(draft.section)
    faults = len(report.problems)
    answered = _by_type(draft, wanted, marks, report)
    if any(problem.severity == "error" for problem in report.problems[faults:]):
        return None
    if answered and wanted and answered.type not in wanted:
        report.warning("type-conflict", *draft.place("type_word"), said=excerpt(word), value_type=answered.type.value)
    return answered


def _by_type(draft: Draft, wanted: frozenset[Type], marks: Decimal | None, report: Report) -> _Answered | None:
    draft = replace(draft, choices=_without_empty_ends(draft.choices))
    answer = draft.answer or ""
    if draft.choices:
        chosen = choose(draft, wanted, report)
        why = answers.letters_and_why(answer)[1]
        return _Answered(chosen[0], _stem(draft.stem), chosen[1], explanation=why) if chosen else None
    if wanted <= {Type.SINGLE, Type.MULTIPLE, Type.JUDGE} and wanted:
        if Type.JUDGE in wanted or answers.says(answer, asked=True) is not None:
            return _judge(draft, report)
        report.error("choices-missing", *draft.place("choices"), count=0)
        return None
    if not wanted and not draft.blanks and not has_line(draft.stem) and _is_judgement(draft):
        return _judge(draft, report)
    if (not wanted or Type.SINGLE in wanted) and not draft.blanks and answers.names_choice(answer, draft.stem):
        report.error("choices-missing", *draft.place("choices"), count=0)
        return None
    if Type.BLANK in wanted or (not wanted and (draft.blanks or has_blank(draft.stem))):
        return _fill(draft, report)
    return _write(draft, Type.ESSAY if Type.ESSAY in wanted and Type.SHORT not in wanted else Type.SHORT, marks, report)


def _judge(draft: Draft, report: Report) -> _Answered | None:
    judged = judge(draft, report)
    return _Answered(Type.JUDGE, _stem(draft.stem), judged[0], explanation=judged[1]) if judged else None


def _is_judgement(draft: Draft) -> bool:
    """Whether the answer alone says that a judgement is asked for: √, 对; 是 only where brackets wait for it."""
    answer, (stem, inside) = draft.answer or "", number_blanks(draft.stem)
    if len(inside) > 1 or has_line(stem):
        return False
    if answers.says(answer, asked=False) is not None:
        return True
    word = answers.unwrapped(answer)
    return (bool(inside) and not word.isascii() and answers.says(answer, asked=True) is not None) or (
        answers.says_and_why(answer)[1] != ""
    )


def _without_empty_ends(choices: Sequence[DraftChoice]) -> list[DraftChoice]:
    filled = [index for index, choice in enumerate(choices) if choice.text.strip()]
    return list(choices[: filled[-1] + 1]) if filled else []


# -- blanks and key points --------------------------------------------------------------------------------------------


def _fill(draft: Draft, report: Report) -> _Answered | None:
    if draft.blanks:
        stem, keys = draft.stem, [answers.alternatives(value, draft.habits.alternatives) for value in draft.blanks]
        count = len(split_numbered(stem)) - 1
    else:
        stem, inside = number_blanks(draft.stem)
        count = len(inside)
        if (draft.answer or "").strip():
            keys = answers.blank_keys(draft.answer or "", count, draft.habits)
        else:
            keys = [answers.alternatives(value, ("|", *draft.habits.alternatives)) for value in inside]
    place = draft.place("answer")
    if not any(keys):
        report.error("answer-missing", *place)
        return None
    if count != len(keys) or not all(keys):
        report.error("blank-count", *place, stem=count, answers=sum(map(bool, keys)))
        return None
    for key in (key for accepted in keys for key in accepted):
        if _UNWRITABLE.search(key):
            report.error("blank-unwritable", *place, answer=excerpt(key))
        elif is_pattern(key):
            report.error("blank-pattern", *place, answer=excerpt(key))
    return _Answered(Type.BLANK, _stem(stem, blanks=True), blanks=tuple(keys))


def _write(draft: Draft, type_: Type, marks: Decimal | None, report: Report) -> _Answered | None:
    found = read_points(draft.answer or "", marks)
    if not found.points:
        report.error("answer-missing", *draft.place("answer"))
        return None
    if found.said:
        total = plain(found.total)
        report.warning(
            found.said, *draft.place("answer"), count=len(found.points), sum=total, marks=plain(marks) if marks else total
        )
    points = tuple(replace(point, text=to_markdown_line(point.text)) for point in found.points)
    return _Answered(type_, _stem(draft.stem), key_points=points)


# -- texts ------------------------------------------------------------------------------------------------------------


def _stem(stem: str, *, blanks: bool = False) -> str:
    """A stem in Markdown. Double braces that are no blank are written so that they do not become one."""
    parts = [_LIKE_BLANK.sub("{\x01{", part) for part in (split_numbered(stem) if blanks else [stem])]
    # A brace before a blank would become part of it, with a backslash too.
    parts[:-1] = [re.sub(r"\{\Z", "\x02", part) for part in parts[:-1]]
    text = "".join(f"{{{{{number}}}}}{part}" if number else part for number, part in enumerate(parts))
    return unguarded(to_markdown(text).replace("\x01", "\\").replace("\x02", "&#123;"))


# -- what stands beside the question ----------------------------------------------------------------------------------


def _id(draft: Draft, report: Report) -> str:
    """The source's id as one of ours; `""` when there is none or it cannot be made one."""
    slug = re.sub(r"[^a-z0-9]+", "-", draft.id.lower()).strip("-") if draft.id.isascii() else ""
    if SLUG.match(slug):
        return slug
    if draft.id.strip():
        report.warning("not-kept", *draft.place("id"), what="id", value=excerpt(draft.id))
    return ""


def _marks(draft: Draft, report: Report) -> Decimal | None:
    part = "marks" if draft.marks.strip() else "section_marks"
    words = getattr(draft, part)
    marks = wording.marks_of(words)
    if words.strip() and marks is None:
        report.warning("marks-unknown", *draft.place(part), value=excerpt(words))
    return marks


def _difficulty(draft: Draft, report: Report) -> int | None:
    difficulty = wording.difficulty_of(draft.difficulty)
    if draft.difficulty.strip() and difficulty is None:
        report.warning("difficulty-unknown", *draft.place("difficulty"), value=excerpt(draft.difficulty))
    return difficulty


def _kb(draft: Draft, articles: Mapping[str, Reference], report: Report) -> Reference | None:
    words = draft.kb.strip()
    if not words:
        return None
    article, _, heading = words.partition("#")
    for title, rest in ((words, ""), (article.strip(), heading.strip())):
        if title in articles:
            return replace(articles[title], heading=rest) if rest else articles[title]
    match = _REFERENCE.match(words)
    if match and SLUG.match(match["article"]):
        return Reference(match["article"], match["heading"] or "")
    report.warning("kb-unknown", *draft.place("kb"), value=excerpt(words))
    return None


def _rule(draft: Draft, answered: _Answered | None, report: Report) -> str:
    """The rule for a partly right multiple choice. For other types there is none to keep."""
    if not draft.rule.strip() or answered is None:
        return ""
    rule = wording.rule_of(draft.rule)
    if answered.type is Type.MULTIPLE and rule and is_multiple_rule(rule):
        return rule
    if answered.type in STAFF_MARKED | {Type.BLANK, Type.MULTIPLE} or rule != "all":
        report.warning("not-kept", *draft.place("rule"), what="评分规则", value=excerpt(draft.rule))
    return ""
