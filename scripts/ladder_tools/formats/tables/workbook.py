"""Workbooks of Office Open XML as tables: every cell in one pass and constant memory, whatever their writer claims they hold.

The parts are those of ECMA-376: workbook, sharedStrings, styles, worksheets, drawings. WPS adds `cellimages` for pictures inside
cells. Libraries that read workbooks trust them: a sheet of two cells far apart takes gigabytes, a broken part raises anything.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree

from ladder_tools.formats.archive import Hostile, open_archive, parse_xml
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.tables.cells import Budget, Picture, Sheet, named_picture
from ladder_tools.formats.tables.worksheet import Cells, SharedStrings, is_on

MAX_TREE = 8_000_000
# Formats that a workbook uses without defining them: ECMA-376 part 1, 18.8.30, and those of Chinese Excel.
_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy-m", 28: "m-d", 29: "m-d", 30: "m-d-yy", 31: "yyyy-m-d", 32: "h:mm",
    33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy-m", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 50: "yyyy-m", 51: "m-d",
    52: "yyyy-m", 53: "m-d", 54: "m-d", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy-m", 58: "m-d",
}


def is_workbook(data: bytes) -> bool:
    """Whether bytes begin like a workbook: a zip archive whose list names one. Never raises."""
    return data.startswith(b"PK\x03\x04") and b"xl/workbook" in data[-200_000:].lower()


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of a workbook, the hidden too. Raises `Hostile`."""
    return list(_Workbook({name.lower(): part for name, part in open_archive(data).items()}).sheets())


class _Workbook:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.budget = Budget()
        self._pictures: dict[str, tuple[str, bytes]] = {}
        self.path = next(iter(self._targets("", "officedocument").values()), "xl/workbook.xml")
        shared = SharedStrings()
        for path in self._targets(self.path, "sharedstrings").values():
            shared.parse(self.parts.get(path, b"<sst/>"))
        self.strings = shared.strings
        self.codes = [code for path in self._targets(self.path, "styles").values() for code in _codes(self._tree(path))]

    def sheets(self) -> Iterator[Sheet]:
        root = self._tree(self.path)
        if root is None:
            raise Hostile("workbook-none")
        from_1904 = any(is_on(element.get("date1904")) for element in _all(root, "workbookPr"))
        targets = self._targets(self.path, "worksheet")
        in_cells = self._pictures_in_cells()
        for element in _all(root, "sheet"):
            path = targets.get(_attribute(element, "id"), "")
            if path not in self.parts:
                continue
            sheet = Sheet(clean(element.get("name", ""))[:100], hidden=element.get("state", "visible").lower() != "visible")
            cells = Cells(self.budget, sheet, self.strings, self.codes, from_1904=from_1904)
            cells.parse(self.parts[path])
            sheet.pictures += [self._picture(row, column, in_cells.get(name, "")) for row, column, name in cells.called]
            sheet.pictures += self._anchored(path)
            yield sheet

    def _tree(self, path: str) -> etree._Element | None:
        data = self.parts.get(path)
        if data is None:
            return None
        if len(data) > MAX_TREE:
            raise Hostile("archive-swells", name=path)
        return parse_xml(data)

    def _targets(self, path: str, kind: str = "") -> dict[str, str]:
        """The parts that a part refers to, by the names it uses, of one kind or of all."""
        folder, name = posixpath.split(path)
        root = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        targets = {}
        for element in _all(root, "Relationship"):
            if element.get("Type", "").lower().endswith(f"/{kind}" if kind else "") and element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "").replace("\\", "/")))
                targets[element.get("Id", "")] = target.lstrip("/").lower()
        return targets

    def _anchored(self, sheet: str) -> Iterator[Picture]:
        """The pictures that lie on a sheet, at the cell of their upper left corner."""
        for path in self._targets(sheet, "drawing").values():
            targets = self._targets(path)
            for anchor in _all(self._tree(path), "twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
                corner = next(_all(anchor, "from"), None)
                row, column = (_index(corner, "row"), _index(corner, "col")) if corner is not None else (1, 1)
                for blip in _all(anchor, "blip"):
                    yield self._picture(row, column, targets.get(_attribute(blip, "embed"), ""))

    def _pictures_in_cells(self) -> dict[str, str]:
        """The pictures that WPS puts into cells: the paths by the names that the formula DISPIMG calls them."""
        found = {}
        for path in self._targets(self.path, "cellimage").values():
            targets = self._targets(path)
            for element in _all(self._tree(path), "cellImage"):
                names = [name.get("name", "") for name in _all(element, "cNvPr")]
                paths = [targets.get(_attribute(blip, "embed"), "") for blip in _all(element, "blip")]
                found.update(dict(zip(names, paths, strict=False)))
        return found

    def _picture(self, row: int, column: int, path: str) -> Picture:
        if path not in self._pictures:  # what lies there may be large, and shown ten thousand times
            own = posixpath.basename(path) or "?"
            self._pictures[path] = named_picture(self.parts.get(path, b""), path.rpartition(".")[2], own)
        return Picture(row, column, *self._pictures[path])


def _all(root: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    return root.iter(*(f"{{*}}{name}" for name in names)) if root is not None else iter(())


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name: relations have a namespace, of which there are two."""
    return next((value for key, value in element.attrib.items() if etree.QName(key).localname == name), "")


def _index(corner: etree._Element, name: str) -> int:
    text = next((element.text or "" for element in _all(corner, name)), "")
    return int(text) + 1 if text.isdecimal() and len(text) < 8 else 1


def _codes(styles: etree._Element | None) -> Iterator[str]:
    """The format code of each style that cells may have, in their order."""
    own = {element.get("numFmtId", ""): element.get("formatCode", "") for element in _all(styles, "numFmt")}
    for formats in _all(styles, "cellXfs"):
        for element in _all(formats, "xf"):
            number = element.get("numFmtId", "0")
            yield own.get(number) or (_BUILT_IN.get(int(number), "") if number.isdecimal() and len(number) < 5 else "")
