"""Moodle's embedded answers, `{1:SHORTANSWER:=48~=四十八}` in the middle of a text: taken out of it, and written into it."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.problems import Report
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.exact.asked import GAP, WHOLE, Answer
from ladder_tools.formats.exact.typed_keys import Amount, accepted_amounts, number_of, numeric_key, short_answer

_BEGIN = re.compile(
    r"\{(?P<weight>\d{0,3}):(?P<kind>NUMERICAL|NM|SHORTANSWER(?:_C)?|SAC?|MWC?|(?:MULTICHOICE|MULTIRESPONSE)(?:_[VH]?S?)?|M[CR][VH]?S?):"
)
_END = re.compile(r"\\[\s\S]|(?P<end>\})")
_SHARE = re.compile(r"\s*(?:(?P<whole>=)|%(?P<share>-?\d{1,3}(?:[.,]\d{0,10})?)%)")
_FEEDBACK = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)#")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(r"\\([}#~/\"{])")
_MARKS = re.compile(r"[&~#{}\"\\<>]")


@dataclass(frozen=True)
class Place:
    """One embedded answer. `choices` are what a menu offers, empty where the answer is typed."""

    kind: str
    weight: Decimal
    answers: tuple[Answer, ...]
    choices: tuple[str, ...]


def parse_cloze(text: str) -> tuple[str, list[Place]]:
    """A text with `GAP` for each embedded answer, and these."""
    parts: list[str] = []
    places: list[Place] = []
    at = 0
    for begin, end in _found(text):
        parts.append(text[at : begin.start()])
        places.append(_place(begin, text[begin.end() : end]))
        at = end + 1
    return GAP.join((*parts, text[at:])), places


def _found(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Where embedded answers begin and end. The ends are looked up first: a text of nothing but beginnings stays cheap."""
    ends = [mark.start() for mark in _END.finditer(text) if mark["end"]]
    last = -1
    for begin in _BEGIN.finditer(text):
        after = bisect_left(ends, begin.end())
        if begin.start() > last and after < len(ends) and ends[after] > begin.end():
            last = ends[after]
            yield begin, last


def _place(match: re.Match[str], inside: str) -> Place:
    kind = {"N": "NUMERICAL", "S": "SHORTANSWER"}.get(match["kind"][0]) or _kind_of_m(match["kind"])
    answers = tuple(_answer(part) for part in re.split(r"(?<!\\)~", inside) if part.strip())
    choices = tuple(answer.text for answer in answers) if kind == "MULTICHOICE" else ()
    if choices:
        answers = tuple(Answer(short_answer(answer.text), answer.share, answer.feedback) for answer in answers)
    if match["kind"] in ("SHORTANSWER_C", "SAC", "MWC"):
        kind = "SHORTANSWER_C"
    return Place(kind, Decimal(match["weight"] or 1), answers, choices)


def _kind_of_m(kind: str) -> str:
    if kind.startswith("MW"):
        return "SHORTANSWER"
    return "MULTIRESPONSE" if kind.startswith(("MULTIR", "MR")) else "MULTICHOICE"


def _answer(part: str) -> Answer:
    share = _SHARE.match(part)
    rest = part[share.end() :] if share else part
    found = _FEEDBACK.search(rest)
    text, feedback = (rest[: found.start()], rest[found.end() :]) if found else (rest, "")
    given = share["share"].replace(",", ".") if share and share["share"] else ""
    worth = Decimal(given) if given else WHOLE if share else Decimal(0)
    return Answer(_plain(text), worth, _plain(feedback))


def _plain(text: str) -> str:
    return clean(html.unescape(_ESCAPED.sub(r"\1", _TAG.sub("", text)))).strip()


def numeric_answers(answers: tuple[Answer, ...], line: int, report: Report) -> list[Answer] | None:
    """Numbers `48`, `48:2` as keys of ours; None when one is no number, and the report says which."""
    keys: list[Answer] = []
    for answer in answers:
        middle, _, slack = answer.text.partition(":")
        number, tolerance = number_of(middle), number_of(slack or "0")
        if number is None or tolerance is None or tolerance < 0:
            if answer.share > 0:
                report.error("bad-number", line, text=excerpt(middle if slack in ("", "0") else answer.text))
                return None
            continue  # `*`, for whatever else is typed
        key = numeric_key(Amount(number, tolerance), answer.feedback or middle.strip())
        keys.append(Answer(key, answer.share, "" if key == answer.feedback else answer.feedback, is_key=True))
    return keys


def write_place(keys: tuple[str, ...], weight: int) -> str:
    """The keys of one blank as an embedded answer."""
    amounts = accepted_amounts(keys)
    if not amounts:
        return f"{{{weight}:SHORTANSWER:{'~'.join('=' + _escaped(short_answer(key)) for key in keys)}}}"
    return f"{{{weight}:NUMERICAL:{'~'.join(_numbers(amounts))}}}"


def _numbers(amounts: list[tuple[str, Amount]]) -> Iterator[str]:
    for key, amount in amounts:
        yield f"={amount.key.replace('±', ':')}" + ("" if amount.key == key else f"#{_escaped(key)}")


def _escaped(text: str) -> str:
    """Entities, as the editor of Moodle writes them: a backslash does not hide everything there."""
    return _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", text)
