"""A question as authors write it: heading with braces, stem, choices or key points, examples, explanation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ladder.core.blank import MAX_BLANK, MAX_STEPS, fills, fold, steps_to_mark
from ladder.core.document import SLUG, Line, in_fences
from ladder.core.kb import HEADING, column_in_braces
from ladder.core.marks import is_too_fine
from ladder.core.pattern import is_bounded, is_pattern
from ladder.core.problems import Report, unreadable
from ladder.core.question import BLANK, Choice, Example, KeyPoint, Question, Reference, Type, is_multiple_rule, speaks_of_others

_CHOICE = re.compile(r"-\s+(?P<open>[(\[])(?P<mark>[ xX]?)(?P<close>[)\]])\s+(?P<text>.+)\Z")
_CHOICE_LIKE = re.compile(r"[-*+]\s*[(\[\uff08\u3010][^)\]\uff09\u3011]{0,3}[)\]\uff09\u3011]")  # full-width brackets too
_KEY_POINT = re.compile(r"=\s+(?P<marks>\d+(?:\.\d+)?)\s+(?P<text>(?:\[\[[^\]]*\]\]|\\\||[^|])++)(?:\|(?P<keywords>.*))?\Z")
_KEY_POINT_LIKE = re.compile(r"=(\s|\d)")
_WORD_PAIRS = ({"正确", "错误"}, {"对", "错"})
_EXAMPLES = re.compile(r"(?P<word>接受|拒绝|accept|reject)\s*(?P<blank>\d*)\s*[:\uff1a]\s*(?P<answers>.+)\Z")
# What means something at the start of a line. Behind one space, which Markdown does not see, it is text of a stem.
_MEANING = re.compile(
    r"##\s|[-*+]\s*[(\[\uff08\u3010]|=(?:\s|\d)|>|(?:接受|拒绝|accept|reject)\s*\d*\s*[:\uff1a]|---\s*\Z"
)
_PIN = "{.pin}"


def parse_reference(text: str) -> Reference | None:
    """A place in the knowledge base, `article#heading` or `article`; None for no text."""
    if not text:
        return None
    article, _, heading = text.partition("#")
    return Reference(article, heading)


@dataclass(frozen=True)
class _Braces:
    id: str
    difficulty: int
    kb: Reference | None
    marks: Decimal | None
    fixed: bool
    essay: bool
    any_order: bool
    multiple: str


def _parse_braces(line: Line, default_kb: Reference | None, report: Report) -> _Braces | None:
    match = HEADING.match(line.text)
    braces = (match["braces"] or "") if match else ""
    start = line.text.rfind("{") + 1
    words: dict[str, str] = {}
    for word in re.finditer(r"\S+", braces):
        text, column = word[0], start + word.start() + 1
        name, _, value = ("#", "", text[1:]) if text.startswith("#") else text.partition("=")
        if name not in ("#", "d", "kb", "marks", "multiple") and text not in (".essay", ".fixed", ".any-order"):
            report.error("unknown-attribute", line.number, column, len(text), word=text)
            continue
        if words.get(name, value) != value:
            report.error("written-twice", line.number, column, len(text), name=name)
        words[name] = value
    if not SLUG.match(words.get("#", "")):
        report.error("question-id", line.number, max(start, 1), id=words.get("#", ""))
        return None
    difficulty = words.get("d", "2")
    if difficulty not in ("1", "2", "3", "4", "5"):
        report.error("bad-difficulty", line.number, column_in_braces(line, "d=") + 2, len(difficulty), value=difficulty)
        difficulty = "2"
    marks = _marks(words.get("marks"), line, report)
    kb = parse_reference(words["kb"]) if "kb" in words else default_kb
    multiple = words.get("multiple", "")
    if multiple and not is_multiple_rule(multiple):
        report.error("bad-multiple", line.number, column_in_braces(line, "multiple=") + 9, len(multiple), value=multiple)
    return _Braces(words["#"], int(difficulty), kb, marks, ".fixed" in words, ".essay" in words, ".any-order" in words, multiple)


def _marks(text: str | None, line: Line, report: Report) -> Decimal | None:
    if text is None:
        return None
    try:
        marks = Decimal(text)
    except InvalidOperation:
        marks = Decimal(0)
    if not (marks.is_finite() and 0 < marks <= 100):
        report.error("bad-marks", line.number, column_in_braces(line, "marks=") + 6, len(text), value=text)
        return None
    return marks


def parse_question(heading: Line, lines: list[Line], default_kb: Reference | None, report: Report) -> Question | None:
    """Read one question: the heading with its braces, and the lines under it. None when it is faulty; the report says why."""
    braces = _parse_braces(heading, default_kb, report)
    if braces is None:
        return None
    faults = len(report.problems)
    examples = [line for line in lines if _EXAMPLES.match(line.text) and not line.code]
    stem_lines, choices, key_points, explanation = _parts([line for line in lines if line not in examples], report)
    stem_text = unguarded("\n".join(line.text for line in stem_lines).strip())
    blanks = _blanks(stem_lines, report)
    _check_examples(examples, blanks, report)
    _check_bounds(heading, stem_lines, blanks, key_points, braces, report)
    if unreadable(report.problems[faults:]):  # what is left of the question says nothing about the whole
        return None
    if not stem_text:
        report.error("no-stem", heading.number, 1, len(heading.text), id=braces.id)
    type_ = _type(heading, braces, choices, bool(blanks), bool(key_points), report)
    if type_ is None or unreadable(report.problems[faults:]):
        return None
    numbers = iter(range(1, len(blanks) + 1))
    stem = BLANK.sub(lambda _: f"{{{{{next(numbers)}}}}}", stem_text)
    if not explanation:
        report.warning("no-explanation", heading.number, 1, len(heading.text), id=braces.id)
    title = (HEADING.match(heading.text) or {"title": ""})["title"]
    return Question(
        braces.id, title, type_, stem, tuple(choice for _, choice in choices), blanks, tuple(key_points),
        braces.difficulty, braces.kb, braces.marks, braces.fixed or type_ is Type.JUDGE, explanation, heading.number,
        braces.any_order, braces.multiple, tuple(map(_example, examples)),
    )


def _parts(
    lines: Iterable[Line], report: Report
) -> tuple[list[Line], list[tuple[Line, Choice]], list[KeyPoint], str]:
    """Stem lines, choices (with the bracket's line), key points, explanation, in the order authors write them."""
    stem: list[Line] = []
    choices: list[tuple[Line, bool, str]] = []
    points: list[KeyPoint] = []
    quote: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        choice, point = _CHOICE.match(text), _KEY_POINT.match(text)
        if line.code and not (choices or points or quote):
            stem.append(line)
        elif choice and (choice["open"] == "(") == (choice["close"] == ")"):
            choices.append((line, choice["mark"] in ("x", "X"), choice["text"]))
        elif _CHOICE_LIKE.match(text):
            report.error("bad-choice", line.number, 1, len(text), text=text[:20])
        elif point:
            points.append(_key_point(point))
        elif _KEY_POINT_LIKE.match(text):
            report.error("bad-key-point", line.number, 1, len(text))
        elif text.startswith(">"):
            quote.append(text[1:].removeprefix(" "))
        elif not (choices or points or quote):
            stem.append(line)
        else:
            _go_on(line, [] if quote else choices, report)
    return stem, [(line, _choice(text, correct=right)) for line, right, text in choices], points, "\n".join(quote).strip()


def _go_on(line: Line, choices: list[tuple[Line, bool, str]], report: Report) -> None:
    """A line below the choices: more of the last one when it is indented."""
    text = line.text.rstrip()
    if text.startswith("  ") and choices:
        at, right, words = choices[-1]
        choices[-1] = (at, right, f"{words}\n{text.strip()}")
    elif text:
        report.error("stray-text", line.number, 1, len(text))


def _key_point(match: re.Match[str]) -> KeyPoint:
    keywords = tuple(word.strip() for word in (match["keywords"] or "").split("|") if word.strip())
    return KeyPoint(Decimal(match["marks"]), match["text"].strip(), keywords)


def _choice(text: str, *, correct: bool) -> Choice:
    """A choice of one line or several; the first or the last of them may end with the pin."""
    first, line_end, more = text.strip().partition("\n")
    words = first.removesuffix(_PIN).rstrip() + line_end + more.removesuffix(_PIN).rstrip()
    pinned = first.endswith(_PIN) or more.endswith(_PIN)
    return Choice(words, correct, pinned or speaks_of_others(words))


def guarded(stem: str) -> str:
    """A stem as it is written in a bank: what would mean something at the start of a line has a space before it."""
    lines = stem.split("\n")
    fenced = zip(lines, in_fences(lines), strict=True)
    return "\n".join(f" {line}" if not code and _MEANING.match(line) else line for line, code in fenced)


def unguarded(text: str) -> str:
    """The stem that `guarded` has written."""
    if "\n " not in text:
        return text
    lines = text.split("\n")
    fenced = zip(lines, in_fences(lines), strict=True)
    return "\n".join(line[1:] if not code and line[:1] == " " and _MEANING.match(line, 1) else line for line, code in fenced)


def _blanks(lines: Iterable[Line], report: Report) -> tuple[tuple[str, ...], ...]:
    blanks = []
    for line in lines:
        for match in BLANK.finditer(line.text):
            accepted = tuple(answer.strip() for answer in match[1].split("|") if answer.strip())
            if not accepted:
                report.error("empty-blank", line.number, match.start() + 1, len(match[0]))
            blanks.append(accepted)
        if line.text.count("{{") != line.text.count("}}"):
            report.error("open-blank", line.number, line.text.find("{{" if "{{" in line.text else "}}") + 1, 2)
    return tuple(blanks)


def _check_bounds(
    heading: Line, stem_lines: Iterable[Line], blanks: Sequence[Sequence[str]], key_points: Iterable[KeyPoint], braces: _Braces,
    report: Report,
) -> None:
    """Whether answers can be marked in short time, and marks kept as they are."""
    for line in stem_lines:
        for match in BLANK.finditer(line.text):
            for key in (answer.strip() for answer in match[1].split("|")):
                place = line.number, line.text.find(key, match.start()) + 1, len(key)
                if len(key) > MAX_BLANK:
                    report.error("long-answer", *place, limit=MAX_BLANK)
                elif is_pattern(key) and not is_bounded(key):
                    report.error("unbounded-pattern", *place, pattern=key)
    if steps_to_mark(blanks, any_order=braces.any_order) > MAX_STEPS:
        report.error("too-many-answers", heading.number, 1, len(heading.text), id=braces.id)
    for marks in (braces.marks, *(point.marks for point in key_points)):
        if marks is not None and is_too_fine(marks):
            report.error("fine-marks", heading.number, 1, len(heading.text), value=marks)


def _check_examples(examples: Iterable[Line], blanks: Sequence[Sequence[str]], report: Report) -> None:
    """Try the author's examples of answers that must be accepted or rejected."""
    for line in examples:
        match = _EXAMPLES.match(line.text)
        assert match is not None
        number, wanted = _example(line).blank, _example(line).accepted
        if not 0 < number <= len(blanks):
            report.error("no-such-blank", line.number, 1, len(line.text), number=number)
            continue
        if any(is_pattern(key) and not is_bounded(key) for key in blanks[number - 1]):
            continue  # what is refused is not tried
        for answer in re.finditer(r"[^|]+", match["answers"]):
            text = answer[0].strip()
            column = match.start("answers") + answer.start() + len(answer[0]) - len(answer[0].lstrip()) + 1
            filled = fills(text, blanks[number - 1])
            if wanted and not filled:
                report.error("example-rejected", line.number, column, len(text), answer=text)
            elif filled and not wanted:
                report.error("example-accepted", line.number, column, len(text), answer=text)


def _example(line: Line) -> Example:
    match = _EXAMPLES.match(line.text)
    assert match is not None
    answers = (answer.strip() for answer in match["answers"].split("|"))
    return Example(match["word"] in ("接受", "accept"), int(match["blank"] or 1), tuple(filter(None, answers)))


def _type(
    heading: Line, braces: _Braces, choices: list[tuple[Line, Choice]], blanks: bool, points: bool, report: Report
) -> Type | None:
    found = [name for name, there in (("choices", choices), ("blanks", blanks), ("key points", points)) if there]
    if len(found) != 1:
        code = "mixed-question" if found else "no-answer"
        report.error(code, heading.number, 1, len(heading.text), id=braces.id, found=" + ".join(found))
        return None
    if points:
        return Type.ESSAY if braces.essay else Type.SHORT
    if blanks:
        return Type.BLANK
    return _choice_type(heading, braces, choices, report)


def _choice_type(
    heading: Line, braces: _Braces, choices: list[tuple[Line, Choice]], report: Report
) -> Type | None:
    right = sum(choice.correct for _, choice in choices)
    brackets = {line.text[line.text.index("-") + 1 :].strip()[0] for line, _ in choices}
    texts = [fold(choice.text) for _, choice in choices]
    for index, (line, choice) in enumerate(choices):
        if texts[index] in texts[:index]:
            report.error("same-choice", line.number, 1, len(line.text), text=choice.text)
            return None
    if len(brackets) > 1:
        report.error("mixed-brackets", choices[0][0].number, 3, 3)
    elif len(choices) < 2:
        report.error("few-choices", heading.number, 1, len(heading.text), id=braces.id)
    elif right == 0:
        report.error("no-key", heading.number, 1, len(heading.text), id=braces.id)
    elif brackets == {"["}:
        return Type.MULTIPLE
    elif right > 1:
        second = [line for line, choice in choices if choice.correct][1]
        report.error("two-keys", second.number, 3, 3, id=braces.id)
    else:
        return Type.JUDGE if {choice.text for _, choice in choices} in _WORD_PAIRS else Type.SINGLE
    return None
