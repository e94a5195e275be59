"""What Moodle asks, as a question of ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count

from ladder.core.bank import Bank
from ladder.core.blank import fold
from ladder.core.document import SLUG, in_fences
from ladder.core.marks import plain
from ladder.core.problems import Report
from ladder.core.question import Choice, KeyPoint, Question, Reference, Type, speaks_of_others
from ladder.core.question_text import unguarded
from ladder_tools.formats import escape, markdown
from ladder_tools.formats.drafts.answers import RIGHT, WRONG, says
from ladder_tools.formats.drafts.choices import PAIRS, excerpt
from ladder_tools.formats.drafts.points import read_points
from ladder_tools.formats.drafts.wording import difficulty_of
from ladder_tools.formats.exact.asked import GAP, TAG, WHOLE, Answer, Asked, offer, one_line, slug, tagged
from ladder_tools.formats.exact.typed_keys import WILD, key_of, wildcards
from ladder_tools.formats.model import Source

_POINT = re.compile(r"=\s+(?P<marks>\d{1,3}(?:\.\d{1,4})?)\s+(?P<text>(?:\\\||[^|])++)(?:\|(?P<keywords>.*))?\Z")
# A model answer is Markdown; what counts its rows is none of it.
_UNMARKED = re.compile(r"\A(?:[-*+#]{1,6}\s+|(\d{1,2})\\(?=[.)]))")
_BAR = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(r"(?P<article>[^\s#{}]+)(?:#(?P<heading>[^\s{}]+))?\Z")
_FIXED = "fixed"
_SHORT = frozenset(("short", "简答", "简答题", "short answer"))
_NEXT = Question("next", "next", Type.SHORT, "?", (), (), (KeyPoint(Decimal(1), ".", ()),), 2, None, None, False, "", 0)
# What may take in what comes after it: a fence in a stem, line ends and braces in what must stay on its line.
_FENCE = re.compile(r"```|~~~")
_MAY_END = re.compile(r"[\n{}#]")


def choice_question(asked: Asked, answers: Sequence[Answer], report: Report, *, several: bool) -> Question | None:
    """A question with choices."""
    answers = _as_judgement([replace(answer, text=one_line(answer.text)) for answer in answers if answer.text.strip()], several)
    first = {fold(answer.text): answer for answer in reversed(answers)}
    same = next((answer.text for answer in answers if first[fold(answer.text)] is not answer), None)
    right = [answer.share > 0 if several else answer.share >= WHOLE for answer in answers]
    if len(answers) < 2:
        report.error("choices-missing", asked.line, count=len(answers))
    elif same is not None:
        report.error("same-choice", asked.line, text=excerpt(same))
    elif not any(right):
        report.error("moodle-no-key", asked.line)
    elif not several and sum(right) > 1:
        report.error("moodle-two-keys", asked.line, count=sum(right))
    else:
        _tell_shares(asked, answers, report, several=several)
        asked.remark(answers)
        judge = not several and {answer.text for answer in answers} in PAIRS
        pinned = {int(number) for number in re.findall(r"\d{1,2}", " ".join(tagged(asked.tags, "pinned")))}
        choices = tuple(
            Choice(answer.text, correct, number in pinned or speaks_of_others(answer.text))
            for number, (answer, correct) in enumerate(zip(answers, right, strict=True), 1)
        )
        type_ = Type.MULTIPLE if several else Type.JUDGE if judge else Type.SINGLE
        return _question(asked, type_, report, choices=choices, fixed=judge or _is_fixed(asked, pinned))
    return None


def _is_fixed(asked: Asked, pinned: Collection[int]) -> bool:
    """Whether nothing is shuffled. In Moodle one choice cannot keep its place alone: where one of ours must, nothing is."""
    return bool(asked.fixed) and (not pinned or _FIXED in asked.tags)


def _as_judgement(answers: Sequence[Answer], several: bool) -> Sequence[Answer]:
    """True and false, √ and × by the words of ours."""
    said = [says(answer.text, asked=False) for answer in answers]
    if several or sorted(said, key=str) != [False, True] or {answer.text for answer in answers} in PAIRS:
        return answers
    return [replace(answer, text=RIGHT if right else WRONG) for answer, right in zip(answers, said, strict=True)]


def _tell_shares(asked: Asked, answers: Iterable[Answer], report: Report, *, several: bool) -> None:
    """Say what of Moodle's shares is not kept: our rules for partly right answers belong to the exam."""
    shares = [answer.share for answer in answers]
    partly = [answer for answer in answers if 0 < answer.share < WHOLE]
    if not several:
        for answer in partly:
            report.warning("partly-right", asked.line, text=excerpt(answer.text), share=f"{answer.share:f}")
    elif max(shares) - min(share for share in shares if share > 0) > Decimal("0.1"):
        report.warning("unequal-shares", asked.line, shares=excerpt(", ".join(f"{share:f}%" for share in shares)))
    if any(share < 0 for share in shares if share != -WHOLE or not several):
        report.warning("penalty", asked.line, share=f"{min(shares):f}")


def typed_question(asked: Asked, gaps: Sequence[Sequence[Answer]], report: Report) -> Question | None:
    """A question with blanks: one for each `GAP` of the stem, or one below a stem that has none."""
    if GAP not in asked.stem and len(gaps) == 1:
        asked.stem += f"\n\n{GAP}"
    if asked.stem.count(GAP) != len(gaps):  # one stood where Markdown shows nothing
        report.error("not-written-back", asked.line)
        return None
    blanks = tuple(_keys(asked, answers, report) for answers in gaps)
    for number, keys in enumerate(blanks, 1):
        if not keys:
            report.error("no-usable-answer", asked.line, number=number)
            return None
    return _question(asked, Type.BLANK, report, blanks=blanks)


def _keys(asked: Asked, answers: Sequence[Answer], report: Report) -> tuple[str, ...]:
    keys: list[str] = []
    asked.remark(
        replace(answer, text="" if answer.text == "*" else escape.to_markdown_line(answer.text)) for answer in answers
    )
    for answer in filter(lambda answer: answer.text.strip(), answers):
        key = answer.text if answer.is_key else key_of(answer.text)
        if answer.share < WHOLE:
            if answer.share > 0:
                report.warning("partly-right", asked.line, text=excerpt(answer.text), share=f"{answer.share:f}")
        elif not key:
            report.warning("answer-left-out", asked.line, text=excerpt(answer.text))
        else:
            if not answer.is_key and wildcards(answer.text):
                report.warning("wildcard", asked.line, text=excerpt(answer.text), limit=WILD)
            keys.append(key)
    return _apart(tuple(dict.fromkeys(keys)))


def _apart(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys in an order that leaves no brace beside those that close the blank; none when there is no such order."""
    if not keys or not keys[-1].endswith("}"):
        return keys
    last = next((key for key in reversed(keys) if not key.endswith("}")), "")
    return (*(key for key in keys if key != last), last) if last else ()


def pairs_question(
    asked: Asked, pairs: Sequence[tuple[str, str]], others: Sequence[str], report: Report
) -> Question | None:
    """Pairs to be matched, as blanks: what is asked and what is offered become lists in the stem. `others` match nothing."""
    pairs = [(one_line(left), " ".join(right.split())) for left, right in pairs if left.strip()]
    if len(pairs) < 2:
        report.error("few-pairs", asked.line)
        return None
    offered = offer([*(right for _, right in pairs), *others], asked.chinese)
    asked.stem += f"\n\n{offered}\n\n" + "\n".join(f"- {left} → {GAP}" for left, _ in pairs)
    report.warning("matching-as-blanks", asked.line)
    return typed_question(asked, [[Answer(right.replace("*", "\\*"), WHOLE)] for _, right in pairs], report)


def order_question(asked: Asked, words: Sequence[str], report: Report) -> Question | None:
    """What is to be put in order, given in that order, as blanks."""
    places = (f"第 {number} 步" if asked.chinese else f"No. {number}" for number in range(1, len(words) + 1))
    return pairs_question(asked, list(zip(places, words, strict=True)), (), report)


def written_question(asked: Asked, grading: str, report: Report) -> Question | None:
    """A question that a person marks. `grading` tells how: lines of ours, or a model answer as people write it."""
    own = [_POINT.match(line.strip()) for line in grading.split("\n") if line.strip()]
    type_ = Type.SHORT if any(tag.lower() in _SHORT for tag in asked.tags) else Type.ESSAY
    if own and all(own):
        rows = tuple(KeyPoint(Decimal(row["marks"]), row["text"].strip(), _keywords(row["keywords"])) for row in own if row)
        if all(row.marks > 0 for row in rows):
            return _question(asked, type_, report, key_points=rows)
    found = read_points("\n".join(_UNMARKED.sub(r"\1", line.strip()) for line in grading.split("\n")), asked.marks)
    if not found.points:
        report.error("essay-without-key", asked.line)
        return None
    if found.said:
        marks = asked.marks or found.total
        report.warning(found.said, asked.line, count=len(found.points), sum=plain(found.total), marks=plain(marks))
    points = tuple(replace(point, text=_BAR.sub(r"\\|", point.text.replace("\n", "<br>"))) for point in found.points)
    return _question(asked, type_, report, key_points=points)


def _keywords(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split("|") if word.strip())


def _question(
    asked: Asked, type_: Type, report: Report, *, choices: tuple[Choice, ...] = (), blanks: tuple[tuple[str, ...], ...] = (),
    key_points: tuple[KeyPoint, ...] = (), fixed: bool = False,
) -> Question | None:
    stem = _stem(asked.stem if blanks else asked.stem.replace(GAP, ""))
    if not asked.stem.replace(GAP, "").strip():
        report.error("blank-alone" if blanks else "stem-missing", asked.line)
        return None
    explanation = _explanation("\n\n".join(filter(None, (asked.explanation.strip(), *asked.remarks))))
    question = Question(
        slug(asked.id), " ".join(asked.title.split()), type_, stem, choices, blanks, key_points, _difficulty(asked, report),
        _kb(asked, report), _marks(asked, report), fixed, explanation, asked.line,
        multiple=asked.multiple if type_ is Type.MULTIPLE else "",
    )
    others = [tag for tag in asked.tags if not TAG.match(tag) and tag.lower() not in {*_SHORT, _FIXED}]
    if others:
        report.warning("not-kept", asked.line, what="tags", value=excerpt(", ".join(others)))
    return _read_back(question, report)


def _stem(text: str) -> str:
    """A stem whose only double braces are its blanks."""
    numbers = count(1)
    text = re.sub(r"(?<=\{)\{|(?<=\})\}", lambda brace: "\\" + brace[0], text.strip())
    return re.sub(GAP, lambda _: f"{{{{{next(numbers)}}}}}", unguarded(_fenced(text.replace("{" + GAP, "&#123;" + GAP))))


def _fenced(text: str) -> str:
    """A text whose last fence is closed, so that it cannot take in what comes after it."""
    longest = max(map(len, re.findall(r"`{3,}|~{3,}", text)), default=0)
    ends = (text, f"{text}\n{'`' * longest}", f"{text}\n{'~' * longest}")
    return next((end for end in ends if not list(in_fences([*end.split("\n"), "."]))[-1]), text) if longest else text


def _explanation(text: str) -> str:
    """An explanation without spaces at the ends of its lines; where they broke a line, a tag does."""
    return "\n".join(map(str.rstrip, re.sub(r"(?<=\S) {2,}\n(?=\S)", "<br>\n", text).split("\n"))).strip()


def _difficulty(asked: Asked, report: Report) -> int:
    for value in tagged(asked.tags, "difficulty"):
        found = difficulty_of(value)
        if found:
            return found
        report.warning("difficulty-unknown", asked.line, value=excerpt(value))
    return 2


def _kb(asked: Asked, report: Report) -> Reference | None:
    for value in tagged(asked.tags, "kb"):
        match = _REFERENCE.match(value)
        if match and SLUG.match(match["article"]):
            return Reference(match["article"], match["heading"] or "")
        report.warning("kb-unknown", asked.line, value=value)
    return None


def _marks(asked: Asked, report: Report) -> Decimal | None:
    if asked.marks is None or 0 < asked.marks <= WHOLE:
        return asked.marks
    report.warning("marks-unknown", asked.line, value=f"{asked.marks:f}")
    return None


def _read_back(question: Question, report: Report) -> Question | None:
    """The question as it comes back from our Markdown, with another behind it; one that surely does is not tried."""
    lines = [question.title, *(choice.text for choice in question.choices), *(key for keys in question.blanks for key in keys)]
    if not _FENCE.search(question.stem) and not any(map(_MAY_END.search, lines)):
        return question
    named = replace(question, id="q", line=0)
    reading = markdown.read(Source("", markdown.write_bank(Bank("b", "b", (named, _NEXT))).encode()))
    back = [replace(item.question, line=0) for item in reading.items if item.question]
    if back == [named, _NEXT]:
        return question
    report.error("not-written-back", question.line)
    return None
