"""The lines of a paper cut into pieces: headings, numbers, choices, fields such as 答案："""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from ladder_tools.formats.text import words
from ladder_tools.formats.text.loose import choices_behind, letter_of, loose_choices
from ladder_tools.formats.text.words import half_width, ordinal_of

WIDE = re.compile(r"\s{40,}")


@dataclass(frozen=True)
class Row:
    """One line of text. `marked` are the spans of characters shown as right by a colour, an underline, bold, a highlight."""

    number: int
    text: str
    marked: tuple[tuple[int, int], ...] = ()


class Kind(Enum):
    """What a piece of a line is."""

    EMPTY = auto()
    SECTION = auto()
    NUMBER = auto()
    CHOICE = auto()
    FIELD = auto()
    KEY = auto()  # the heading of the answers, or an empty 答案：
    CHAPTER = auto()  # a heading that says nothing of types
    MATERIAL = auto()
    ASIDE = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Piece:
    """A part of a line. `text` is what it says without the mark that makes it what it is, `whole` with it.

    `word` is the letter of a choice, the field of a field, the style of a number; `number` that of a question or section;
    `name` the field's word in the source. `spans` are what is marked in `text`. A choice is `marked` by a tick, or by `spans`
    over most of it. A `weak` number may as well be a decimal or a time.
    """

    kind: Kind
    line: int
    column: int
    text: str
    whole: str
    word: str = ""
    number: int = 0
    name: str = ""
    marked: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    weak: bool = False


@dataclass(frozen=True)
class Line:
    """A row with its pieces."""

    row: Row
    pieces: tuple[Piece, ...]


def cut(rows: Sequence[Row]) -> list[Line]:
    """All rows cut into pieces."""
    rows = [_narrowed(row) if WIDE.search(row.text) else row for row in rows]
    plain = [_undecorated(row) for row in rows]
    halves = [half_width(row.text) for row in plain]
    loose = loose_choices(halves)
    after, following = [""] * len(plain), ""
    for index in range(len(plain) - 1, -1, -1):
        after[index] = following
        following = halves[index] if halves[index].strip() else following
    cuts = (_Cut(row, half, next_) for row, half, next_ in zip(plain, halves, after, strict=True))
    return [Line(row, tuple(cut.pieces(loose.get(index, ())))) for index, (row, cut) in enumerate(zip(rows, cuts, strict=True))]


def _narrowed(row: Row) -> Row:
    """A row without long runs of spaces, so that no pattern can take long over them."""
    text, places, last = "", [], 0
    for wide in WIDE.finditer(row.text):
        text += row.text[last : wide.start()] + "  "
        places.append((wide.start(), len(wide[0]) - 2))
        last = wide.end()

    def moved(place: int) -> int:
        return place - sum(min(gone, max(place - start, 0)) for start, gone in places)

    return Row(row.number, text + row.text[last:], tuple((moved(start), moved(end)) for start, end in row.marked))


def _undecorated(row: Row) -> Row:
    """A row without the marks that Markdown and bullets put around it; what is bold in it counts as marked."""
    row = _without_emphasis(row) if "**" in row.text and not row.marked else row
    bullet = words.BULLET.match(row.text)
    return _shifted(row, bullet.end()) if bullet else row


def _without_emphasis(row: Row) -> Row:
    text, spans, last = "", [], 0
    for bold in words.EMPHASIS.finditer(row.text):
        text += row.text[last : bold.start()]
        spans.append((len(text), len(text) + len(bold[1])))
        text, last = text + bold[1], bold.end()
    return Row(row.number, text + row.text[last:], tuple(spans))


def _shifted(row: Row, count: int) -> Row:
    return Row(row.number, row.text[count:], tuple((max(a - count, 0), b - count) for a, b in row.marked if b > count))


class _Cut:
    """One row being cut. `half` is its text in half width, `after` that of the next row."""

    def __init__(self, row: Row, half: str, after: str) -> None:
        self.row, self.half, self.after = row, half, after

    def pieces(self, loose: Sequence[re.Match[str]]) -> list[Piece]:
        if not self.half.strip() or words.RULER.match(self.half):
            return [self._piece(Kind.EMPTY, 0, 0, len(self.half))]
        if len(self.half) <= words.MAX_KEY and words.KEY.match(self.half):
            return [self._piece(Kind.KEY, 0, 0, len(self.half), word="answer")]
        if words.KEY_LINE.match(self.half):
            return [self._field(0, 0, len(self.half), "答案")]
        boxed = words.FIELD_BOXED.match(self.half)
        if boxed:
            return [self._field(0, boxed.start("value"), boxed.end("value"), boxed["word"])]
        fields = self._fields()
        end = fields[0][0] if fields else len(self.half)
        pieces = list(self._head(end, loose)) if self.half[:end].strip() else []
        ends = [*(start for start, _, _ in fields[1:]), len(self.half)][: len(fields)]
        return pieces + [self._field(start, value, stop, name) for (start, value, name), stop in zip(fields, ends, strict=True)]

    def _fields(self) -> list[tuple[int, int, str]]:
        """Where the fields of the row start, where their values do, and what they are called."""
        first = words.FIELD_AT_START.match(self.half)
        found = [(0, first.end(), first["word"] or first["bare"] or first["heading"] or first["typed"])] if first else []
        # A. 甲【正确答案】
        marked = words.RIGHT_AT_END.search(self.half.rstrip()) if words.CHOICE.match(self.half) else None
        for match in words.FIELD.finditer(self.half, first.end() if first else 0):
            if marked and match["tag"] and match.start() >= marked.start():
                continue
            found.append((match.start(), match.end(), match["tag"] or match["inside"]))
        return found

    def _field(self, start: int, value: int, end: int, name: str) -> Piece:
        field = words.FIELDS.get("".join(name.lower().split()), "answer")  # 单选题答案： has no name of its own
        return self._piece(Kind.FIELD, start, value, end, word=field, name=name)

    def _head(self, end: int, loose: Sequence[re.Match[str]]) -> Iterator[Piece]:
        half = self.half[:end]
        section = words.SECTION.match(half)
        if section:
            yield self._piece(Kind.SECTION, 0, 0, end, number=ordinal_of(section["ordinal"] or section["part"]))
        elif words.CHAPTER.match(half):
            yield self._piece(Kind.CHAPTER, 0, 0, end)
        elif words.ASIDE.match(half):
            yield self._piece(Kind.ASIDE, 0, 0, end)
        elif words.MATERIAL.match(half):
            yield self._piece(Kind.MATERIAL, 0, 0, end)
        else:
            yield from self._question_part(half, loose)

    def _question_part(self, half: str, loose: Sequence[re.Match[str]]) -> Iterator[Piece]:
        before = words.BEFORE_NUMBER.match(half)
        letter = _letter_before_number(before)
        choice = None if letter and not _starts_with(self.after, chr(ord(letter) + 1)) else words.CHOICE.match(half)
        if choice or (loose and not letter):
            yield from self._choices([choice] if choice else loose, half)
            return
        tag = words.TYPE_BEFORE_NUMBER.match(half)
        start = tag or before
        number = _read_number(half, start.end() if start else 0)
        at = self._inline_choices(half, number.end if number else 0)
        stop = at[0].start() if at else len(half)
        if number:
            piece = self._piece(Kind.NUMBER, 0, number.end, stop, word=number.style, number=number.value)
            answer = f"（{before['answer'] or before['tick'] or ' '}）" if before and not tag else ""
            text = f"{tag['tag'] if tag else ''}{piece.text}{answer}"
            yield replace(piece, text=text, weak=number.weak)
        else:
            yield self._piece(Kind.TEXT, 0, 0, stop)
        if at:
            yield from self._choices(at, half)

    def _inline_choices(self, half: str, start: int) -> Sequence[re.Match[str]]:
        """Where choices begin behind a stem on the same line: at an A with a B after it. Those without signs are all told."""
        for place in words.FIRST_INSIDE.finditer(half, start):
            choice = words.CHOICE.match(half, place.start())
            if choice and (_next_choice(half, choice.end(), "B") or _starts_with(self.after, "B")):
                return [choice]
            if choice:
                break
        return choices_behind(half, start, self.after)

    def _choices(self, found: Sequence[re.Match[str]], half: str) -> Iterator[Piece]:
        """The choices of a row: these, and those behind the last of them that have a sign after their letter."""
        for choice, beside in pairwise(found):
            yield self._choice(choice, beside.start())
        match: re.Match[str] | None = found[-1]
        while match:
            letter = letter_of(match)
            after = _next_choice(half, match.end(), chr(ord(letter) + 1), boxed=bool(found[0]["box"])) if letter else None
            after = after or _second_column(half, match.end(), letter)
            yield self._choice(match, len(half[: after.start()].rstrip(" \t/|;,、")) if after else len(half))
            match = after

    def _choice(self, match: re.Match[str], end: int) -> Piece:
        text = self.half[match.end() : end].rstrip()
        ticked = words.RIGHT_AT_END.search(text)
        if ticked and text[: ticked.start()].strip():
            text = text[: ticked.start()].rstrip()
        else:
            ticked = None
        piece = self._piece(Kind.CHOICE, match.start(), match.end(), match.end() + len(text), word=letter_of(match).upper())
        box = (match["box"] or "").strip("[] ")
        if ticked or box:
            return replace(piece, marked=bool(ticked) or box not in words.UNTICKED, spans=())
        shown = sum(end - start for start, end in piece.spans) * 2 >= len(piece.text) > 0
        return replace(piece, marked=shown, spans=piece.spans if shown else ())

    def _piece(self, kind: Kind, start: int, value: int, end: int, word: str = "", number: int = 0, name: str = "") -> Piece:
        raw = self.row.text[value:end]
        text = raw.strip()
        at = value + len(raw) - len(raw.lstrip())
        spans = tuple((max(a - at, 0), min(b - at, len(text))) for a, b in self.row.marked if a - at < len(text) and b > at)
        whole = self.row.text[start:end]
        column = start + len(whole) - len(whole.lstrip()) + 1
        return Piece(kind, self.row.number, column, text, whole.strip(), word, number, name, spans=spans)


def _letter_before_number(before: re.Match[str] | None) -> str:
    """The letter of (B)2. , which is an answer before a number unless choice C follows."""
    letter = (before["answer"] or "") if before else ""
    return letter if len(letter) == 1 and letter.isupper() else ""


def _starts_with(half: str, letter: str) -> bool:
    match = words.CHOICE.match(half)
    return match is not None and letter_of(match) == letter


def _next_choice(half: str, start: int, letter: str, *, boxed: bool = False) -> re.Match[str] | None:
    """The next choice on a line, best where a space is before it. `boxed`: its box may stand apart from its letter."""
    space = r"\s?" if boxed else ""
    for before in (r"(?<=\s)", r"(?<![A-Za-z0-9\s])"):
        for place in re.finditer(rf"{before}(?=[^\sA-Za-z0-9]?{space}[(\[【]?{letter}[)\]】]?\s*[.、,:)\]】])", half[start:]):
            match = words.CHOICE.match(half, start + place.start())
            if match and letter_of(match) == letter:
                return match
    return None


def _second_column(half: str, start: int, letter: str) -> re.Match[str] | None:
    """The choice that stands in the next column when there is a letter between: C beside A, D beside B."""
    for gap in words.BESIDE.finditer(half, start):
        match = words.CHOICE.match(half, gap.end())
        if match and letter and letter_of(match) > chr(ord(letter) + 1):
            return match
    return None


@dataclass(frozen=True)
class _Number:
    """A question's number: how it is written, where the text after it begins. A weak one may as well be a decimal or a time."""

    style: str
    value: int
    end: int
    weak: bool = False


def _read_number(half: str, start: int) -> _Number | None:
    match = words.NUMBER.match(half, start)
    if not match:
        ordinal = words.ORDINAL.match(half, start)
        return _Number("ordinal", ordinal_of(ordinal["ordinal"]), ordinal.end()) if ordinal else None
    style = next((name for name in ("paren", "boxed", "circle", "asked") if match[name]), "plain")
    digits = next(filter(None, match.group("a", "b", "c", "asked", "no", "tagged", "keycap", "level", "paren", "boxed")), "")
    number = int(digits) if digits else ordinal_of(match["said"]) if match["said"] else ord(match["circle"]) - ord("①") + 1
    sign = half[match.end("c") : match.end()] if match["c"] else ""
    return _Number(style, number, match.end(), sign in (".", ":") and half[match.end() : match.end() + 1].isdigit())
