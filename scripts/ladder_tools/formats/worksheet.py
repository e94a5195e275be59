"""The parts of a workbook that grow with its questions, read as events: shared strings and the cells of a sheet.

No tree is built and nothing is believed about sizes, so that a workbook takes the time and the memory of the cells it holds.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.cells import MAX_CELLS, Cell, Kind, Sheet, Span, shown
from ladder_tools.formats.encoding import clean

MAX_ELEMENTS = 3_000_000
MAX_SPANS = 50_000
_LETTERS = re.compile("[A-Z]{1,3}")
_SPAN = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\Z")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_PICTURE_CALL = re.compile(r'DISPIMG\("([^"]{1,80})"')


class Budget:
    """What is left of the elements and cells that a whole workbook may hold."""

    def __init__(self) -> None:
        self.elements = MAX_ELEMENTS
        self.cells = MAX_CELLS


class _Events:
    """An XML text as events: no tree, no entities, a bounded number of elements."""

    def __init__(self, budget: _Budget) -> None:
        self.budget = budget

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        raise NotImplementedError

    def parse(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._counted(self.start)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            detail = expat.ErrorString(error.code) or ""
            raise Hostile("xml-broken", error.lineno, error.offset + 1, detail=detail) from error
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            raise Hostile("xml-broken", detail="encoding") from error

    def _counted(self, start: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
        budget = self.budget

        def count(name: str, attributes: dict[str, str]) -> None:
            budget.elements -= 1
            if budget.elements < 0:
                raise Hostile("sheet-too-big", limit=MAX_CELLS)
            start(name.rpartition(":")[2], attributes)

        return count


def _refuse_doctype(*_: object) -> None:
    raise Hostile("xml-entity")


class _Strings(_Events):
    """The shared strings: `si` elements with the text in `t`, plain or in runs; `rPh` is how a text is pronounced."""

    def read(self, data: bytes) -> list[str]:
        self.strings: list[str] = []
        self.parts: list[str] = []
        self.taking = self.phonetic = False
        if data:
            self.parse(data)
        return self.strings

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.phonetic = self.phonetic or name == "rPh"
        self.taking = name == "t" and not self.phonetic

    def text(self, text: str) -> None:
        if self.taking:
            self.parts.append(text)

    def end(self, name: str) -> None:
        self.taking = False
        if name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.strings.append(_text("".join(self.parts)))
            self.parts = []


class _Cells(_Events):
    """The cells of one sheet, its merged ranges and the pictures inside cells."""

    def __init__(self, budget: _Budget, sheet: Sheet, strings: list[str], codes: list[str], *, from_1904: bool) -> None:
        super().__init__(budget)
        self.sheet, self.strings, self.codes, self.from_1904 = sheet, strings, codes, from_1904
        self.pictures: list[tuple[int, int, str]] = []
        self.row = self.column = 0
        self.columns: dict[str, int] = {}
        self.attributes: dict[str, str] = {}
        self.taking = ""
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.phonetic = False

    def read(self, data: bytes) -> None:
        self.parse(data)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.column = self._column_of(attributes.get("r", ""))
            self.attributes, self.value, self.formula = attributes, [], None
        elif name in ("v", "t") and not self.phonetic:
            self.taking = name
        elif name == "f":
            self.taking, self.formula = name, []
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) < 8 else self.row + 1
            self.column = 0
            if _flag(attributes.get("hidden")):
                self.sheet.hidden_rows.add(self.row)
        elif name == "mergeCell" and len(self.sheet.spans) < MAX_SPANS:
            self._merge(attributes.get("ref", ""))
        elif name == "rPh":
            self.phonetic = True

    def text(self, text: str) -> None:
        if self.taking == "f" and self.formula is not None:
            self.formula.append(text)
        elif self.taking:
            self.value.append(text)

    def end(self, name: str) -> None:
        self.taking = ""
        if name == "c" and (self.value or self.formula is not None):
            self._keep()
        elif name == "rPh":
            self.phonetic = False

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = _column(letters) if _LETTERS.fullmatch(letters) else 0
        return self.columns[letters] or self.column + 1

    def _merge(self, reference: str) -> None:
        match = _SPAN.match(reference)
        if match:
            self.sheet.spans.append(Span(int(match[2]), _column(match[1]), int(match[4]), _column(match[3])))

    def _keep(self) -> None:
        value, formula = "".join(self.value), "".join(self.formula or ())
        called = _PICTURE_CALL.search(formula or value)
        if called:
            self.pictures.append((self.row, self.column, called[1]))
            return
        cell = self._cell(value)
        if not cell.text and not (self.formula is not None and not value and self.attributes.get("t") != "str"):
            return
        self.budget.cells -= 1
        if self.budget.cells < 0:
            raise Hostile("sheet-too-big", limit=MAX_CELLS)
        self.sheet.rows.setdefault(self.row, {})[self.column] = cell if value else Cell(f"={formula}"[:100], Kind.UNCOMPUTED)

    def _cell(self, value: str) -> Cell:
        match self.attributes.get("t", "n"):
            case "s":
                number = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
                return Cell(self.strings[number] if 0 <= number < len(self.strings) else "")
            case "b":
                return Cell("TRUE" if _flag(value.strip()) else "FALSE", Kind.BOOLEAN)
            case "e":
                return Cell(_text(value), Kind.ERROR)
            case "d":
                return Cell(_text(value)[:10], Kind.DATE)
            case "n":
                return self._number(value.strip())
            case _:
                return Cell(_text(value))

    def _number(self, value: str) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return Cell(_text(value))
        style = self.attributes.get("s", "0")
        index = int(style) if style.isdecimal() and len(style) < 8 else -1
        return shown(number, self.codes[index] if 0 <= index < len(self.codes) else "", from_1904=self.from_1904)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return clean(text).strip()
