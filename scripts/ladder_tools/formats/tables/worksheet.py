"""The parts of a workbook that grow with its questions, read as events: the shared strings and the cells of a sheet.

No tree is built and nothing is believed about sizes: time and memory are those of the cells that hold something.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.tables.cells import MAX_ROWS, Budget, Cell, Kind, Sheet, Span, shown

MAX_TAGS = 2_000_000  # in one part
MAX_SPANS = 50_000
_LETTERS = re.compile("[A-Z]{1,3}")
_SPAN = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\Z")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_PICTURE_CALL = re.compile(r'DISPIMG\("([^"]{1,80})"')


class _Events:
    """An XML text as events, by names that may have prefixes: no tree, no entities, a bounded number of tags."""

    def parse(self, data: bytes) -> None:
        """Read the text through the three methods below. Raises `Hostile`."""
        if data.count(b"<") > MAX_TAGS:
            raise Hostile("sheet-too-big", limit=MAX_ROWS)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Hostile("xml-broken", error.lineno, error.offset + 1, detail=expat.ErrorString(error.code)) from error
        except (LookupError, ValueError) as error:  # an encoding that Python does not know, or that has more than bytes
            raise Hostile("xml-broken", detail="encoding") from error

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text."""


def _refuse_doctype(*_: object) -> None:
    raise Hostile("xml-entity")


class SharedStrings(_Events):
    """The shared strings: `si` elements with the text in `t`, plain or in runs; `rPh` is how a text is pronounced."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._taking = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the text of `t`."""
        name = name.rpartition(":")[2]
        self._phonetic = self._phonetic or name == "rPh"
        self._taking = name == "t" and not self._phonetic

    def text(self, text: str) -> None:
        """Keep a piece of a string."""
        if self._taking:
            self._parts.append(text)

    def end(self, name: str) -> None:
        """Join the pieces of a string."""
        name = name.rpartition(":")[2]
        self._taking = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append(_text("".join(self._parts)))
            self._parts = []


class Cells(_Events):
    """The cells of one sheet, its merged ranges, and the names of the pictures that formulas put into cells.

    `strings` are the shared strings, `codes` the format codes of the styles.
    """

    def __init__(self, budget: Budget, sheet: Sheet, strings: list[str], codes: list[str], *, from_1904: bool) -> None:
        self.sheet, self._budget = sheet, budget
        self.called: list[tuple[int, int, str]] = []
        self._strings, self._codes, self._from_1904 = strings, codes, from_1904
        self._row = self._column = 0
        self._columns: dict[str, int] = {}
        self._attributes: dict[str, str] = {}
        self._taking = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or a part of a cell."""
        name = name.rpartition(":")[2]
        if name == "c":
            self._column = self._column_of(attributes.get("r", ""))
            self._attributes, self._value, self._formula = attributes, [], None
        elif name in ("v", "t") and not self._phonetic:
            self._taking = name
        elif name == "f":
            self._taking, self._formula = name, []
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        """Keep a piece of a value or a formula."""
        if self._taking == "f" and self._formula is not None:
            self._formula.append(text)
        elif self._taking:
            self._value.append(text)

    def end(self, name: str) -> None:
        """End a cell or a part of one."""
        self._taking = ""
        name = name.rpartition(":")[2]
        if name == "c":
            if self._value or self._formula is not None:
                self._keep("".join(self._value), "".join(self._formula or ()))
        elif name == "rPh":
            self._phonetic = False

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1
        self._column = 0
        if is_on(attributes.get("hidden")):
            self.sheet.hidden_rows.add(self._row)

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = _number_of(letters) if _LETTERS.fullmatch(letters) else 0
        return self._columns[letters] or self._column + 1

    def _merge(self, reference: str) -> None:
        match = _SPAN.match(reference)
        if match and len(self.sheet.spans) < MAX_SPANS:
            self.sheet.spans.append(Span(int(match[2]), _number_of(match[1]), int(match[4]), _number_of(match[3])))

    def _keep(self, value: str, formula: str) -> None:
        picture = _PICTURE_CALL.search(formula or value)
        if picture:
            self.called.append((self._row, self._column, picture[1]))
            return
        computed = value or self._attributes.get("t") == "str"
        cell = self._cell(value) if computed else Cell(f"={formula}"[:100], Kind.UNCOMPUTED)
        if cell.text:
            self._budget.keep(self.sheet, self._row, self._column, cell)

    def _cell(self, value: str) -> Cell:
        match self._attributes.get("t", "n"):
            case "s":
                number = int(value) if value.isdecimal() and len(value) < 10 else -1
                return Cell(self._strings[number] if 0 <= number < len(self._strings) else "")
            case "b":
                return Cell("TRUE" if is_on(value.strip()) else "FALSE", Kind.BOOLEAN)
            case "e":
                return Cell(_text(value), Kind.ERROR)
            case "d":
                return Cell(_text(value)[:10], Kind.DATE)
            case "n":
                return self._number(value)
            case _:
                return Cell(_text(value))

    def _number(self, value: str) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return Cell(_text(value))
        style = self._attributes.get("s", "0")
        index = int(style) if style.isdecimal() and len(style) < 8 else -1
        return shown(number, self._codes[index] if 0 <= index < len(self._codes) else "", from_1904=self._from_1904)


def is_on(value: str | None) -> bool:
    """Whether an attribute says yes."""
    return value in ("1", "true", "on")


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return clean(text).strip()
