"""The parts of a Word file: which there are, how they point to each other, and their XML."""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from ladder_tools.formats.archive import Hostile, open_archive, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = b"http://purl.oclc.org/ooxml/"  # ISO's own names for the same words
_LOOSE = {
    b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}
_MARKUP = 1_000_000  # tags and attributes of one part; each costs a hundred bytes of memory and more
_NUMBER = re.compile(r"-?\d{1,6}\Z")


class Package:
    """A Word file that has been found harmless. Raises `Hostile` for one that is not."""

    def __init__(self, data: bytes) -> None:
        self._files = open_archive(data)
        self.main = self._related("", "officeDocument") or "word/document.xml"
        self._targets = self._relations(self.main)

    def xml(self, path: str) -> etree._Element | None:
        """The root of a part, None when there is no such part. Raises `Hostile`."""
        data = self._files.get(path)
        if data is None:
            return None
        if data.count(b"<") + data.count(b"=") > _MARKUP:
            raise Hostile("docx-too-long")
        if _STRICT in data:
            for strict, loose in _LOOSE.items():
                data = data.replace(_STRICT + strict, loose)
        root = parse_xml(data)
        if root.getroottree().docinfo.doctype:
            raise Hostile("xml-entity")
        return root

    def part(self, kind: str) -> etree._Element | None:
        """The root of the part that the text points to as its `styles`, `numbering`, `footnotes`."""
        path = self._related(self.main, kind)
        return self.xml(path) if path else None

    def file(self, relation: str) -> tuple[str, bytes] | None:
        """Path and bytes of what a relation of the text points to; None when it leads nowhere, or out of the file."""
        path = self._targets.get(relation, ("", ""))[1]
        return (path, self._files[path]) if path in self._files else None

    def _related(self, source: str, kind: str) -> str:
        return next((path for kind_, path in self._relations(source).values() if kind_.endswith("/" + kind)), "")

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """Kind and path of each relation of a part, by its id; those that lead out of the file have no path."""
        folder, name = posixpath.split(source)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for node in root if root is not None else ():
            target = node.get("Target", "").replace("\\", "/")
            outside = node.get("TargetMode") == "External"
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[node.get("Id", "")] = (node.get("Type", ""), "" if outside else path)
        return found


def value_of(node: etree._Element | None, name: str = "val") -> str:
    """An attribute of Word's, `val` unless named; empty when there is no such element."""
    return (node.get(W + name) or "") if node is not None else ""


def number_of(text: str | None, default: int = 0) -> int:
    """A number in an attribute, or the default for what is none."""
    return int(text) if text and _NUMBER.match(text) else default


def is_on(node: etree._Element | None) -> bool | None:
    """What a switch such as `<w:b/>` says; None when it says nothing."""
    return None if node is None else value_of(node) not in ("0", "false", "off")
