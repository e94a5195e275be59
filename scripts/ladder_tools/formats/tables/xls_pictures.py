"""The pictures of a workbook of Excel 97 to 2003, which xlrd does not read.

Source: [MS-XLS] for the records that carry drawings, [MS-ODRAW] for what is in them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ladder_tools.formats.tables.cells import Picture, named_picture

_BOF, _EOF, _SHEET, _CONTINUE, _DRAWING_GROUP, _DRAWING = 0x0809, 0x000A, 0x0085, 0x003C, 0x00EB, 0x00EC
_SHAPE, _PROPERTIES, _ANCHOR, _ENTRY = 0xF004, 0xF00B, 0xF010, 0xF007
_ENTRY_HEAD = 36  # bytes in front of a picture that is kept in the store, beside its name
_BLIP = 0x104  # the property of a shape that names its picture, counted from 1
_HEAD = struct.Struct("<HHI")
_KINDS = {
    0xF01A: "emf", 0xF01B: "wmf", 0xF01C: "pict", 0xF01D: "jpg", 0xF01E: "png", 0xF01F: "bmp", 0xF029: "tiff", 0xF02A: "jpg",
}
_TWO_DIGESTS = frozenset((0x46B, 0x6E3, 0x6E1))  # instances of JPEG and PNG with two digests of 16 bytes in front, not one


class Record(NamedTuple):
    """A record of a workbook: its code, where it begins in the stream, and what it holds."""

    code: int
    at: int
    data: bytes


@dataclass
class _Drawings:
    """The drawing records of one workbook, put together: the store of pictures, and the shapes of each sheet by number."""

    store: bytearray = field(default_factory=bytearray)
    sheets: dict[int, bytearray] = field(default_factory=dict)


def find_pictures(records: Iterable[Record]) -> dict[int, list[Picture]]:
    """The pictures by the number of their sheet, from 0 in the order of xlrd, at the cell of their upper left corner."""
    drawings = _collect(records)
    store = [named_picture(data, kind, f"picture.{kind}") for data, kind in _blips(bytes(drawings.store))]
    return {
        number: [Picture(row, column, *store[index]) for index, row, column in _shapes(bytes(data)) if index < len(store)]
        for number, data in drawings.sheets.items()
    }


def _collect(records: Iterable[Record]) -> _Drawings:
    drawings = _Drawings()
    starts: dict[int, int] = {}
    depth, sheet = 0, -1
    into: bytearray | None = None
    for code, at, data in records:
        if code == _SHEET and len(data) > 6 and data[5] == 0:  # no chart, no module of macros
            starts.setdefault(int.from_bytes(data[:4], "little"), len(starts))
        elif code == _BOF:
            depth += 1
            sheet = starts.get(at, -1) if depth == 1 else sheet
        elif code == _EOF:
            depth -= 1
        if code == _DRAWING_GROUP:
            into = drawings.store
        elif code == _DRAWING:
            into = drawings.sheets.setdefault(sheet, bytearray()) if depth == 1 else None  # deeper is a chart
        elif code != _CONTINUE:
            into = None
        if into is not None:
            into += data
    return drawings


def _parts(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Kind, instance, begin and end of each part of a drawing; those that hold others are gone into."""
    at = 0
    while at + _HEAD.size <= len(data):
        head, kind, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        yield kind, head >> 4, at, min(at + size, len(data))
        if head & 0xF != 0xF:
            at += size


def _blips(data: bytes) -> Iterator[tuple[bytes, str]]:
    """The pictures of the store with their kinds, in order; empty where the store keeps none."""
    for kind, _, begin, end in _parts(data):
        if kind == _ENTRY:
            name = data[begin + 33] if begin + 33 < end else 0
            yield next(_one(data[begin + _ENTRY_HEAD + name : end]), (b"", "?"))


def _one(data: bytes) -> Iterator[tuple[bytes, str]]:
    for kind, instance, begin, end in _parts(data):
        if kind in _KINDS:
            digests = 32 if instance in _TWO_DIGESTS else 16
            yield data[begin + digests + 1 : end], _KINDS[kind]


def _shapes(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Place in the store, row and column of each picture on a sheet."""
    blip = None
    for kind, count, begin, end in _parts(data):
        if kind == _SHAPE:
            blip = None
        elif kind == _PROPERTIES:
            rows = (struct.unpack_from("<HI", data, begin + 6 * number) for number in range(min(count, (end - begin) // 6)))
            blip = next((value for key, value in rows if key & 0x3FFF == _BLIP and value), blip)
        elif kind == _ANCHOR and blip is not None and end - begin >= 8:
            column, row = struct.unpack_from("<2xHxxH", data, begin)
            yield blip - 1, row + 1, column + 1
