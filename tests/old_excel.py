"""Workbooks of Excel 97 to 2003 with pictures, record by record: no library writes them. After [MS-XLS] and [MS-ODRAW]."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable

_BLIPS = {"emf": (0xF01A, 0x3D4), "jpg": (0xF01D, 0x46A), "png": (0xF01E, 0x6E0), "tiff": (0xF029, 0x6E4)}
_WORKBOOK, _SHEET, _CHART = 0x0005, 0x0010, 0x0020
_LONGEST = 8224  # bytes in a record; the rest goes on in others


def part(kind: int, data: bytes, *, instance: int = 0, holds: bool = False) -> bytes:
    """A part of a drawing; `holds`: made of other parts."""
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(data)) + data


def blip(kind: str, data: bytes, *, digests: int = 1, name: bytes = b"") -> bytes:
    """A picture of the store, its digests in front of it."""
    code, instance = _BLIPS[kind]
    picture = part(code, bytes(16 * digests + 1) + data, instance=instance + digests - 1)
    return part(0xF007, bytes(33) + bytes((len(name), 0, 0)) + name + picture, instance=6)


def shape(picture: int, row: int, column: int) -> bytes:
    """A shape with a picture of the store, from 0, at a cell, from 0."""
    properties = struct.pack("<HIHI", 0x007F, 0x01000100, 0x4104, picture + 1)
    anchor = struct.pack("<9H", 2, column, 10, row, 10, column + 1, 0, row + 1, 0)
    return part(0xF004, part(0xF00A, bytes(8), instance=75) + part(0xF00B, properties, instance=2) + part(0xF010, anchor), holds=True)


def workbook(blips: Iterable[bytes], shapes: Iterable[bytes], *, in_chart: Iterable[bytes] = ()) -> bytes:
    """A file with one sheet without cells. Each shape has a record of its own; those of a chart stand in it."""
    from xlwt.CompoundDoc import XlsDoc

    store = part(0xF000, part(0xF001, b"".join(blips), holds=True), holds=True)
    inside = part(0xF002, part(0xF003, b"", holds=True), holds=True)
    chart = _begin(_CHART) + b"".join(_record(0xEC, each) for each in in_chart) + _END
    sheet = _begin(_SHEET) + _record(0xEC, inside) + b"".join(_record(0xEC, each) for each in shapes) + chart + _END
    head = _begin(_WORKBOOK) + _record(0xEB, store)
    name = bytes((1, 1)) + "题".encode("utf-16-le")  # its length, and that it is not of Latin letters only
    start = len(head) + 4 + 6 + len(name) + len(_END)
    file = io.BytesIO()
    XlsDoc().save(file, head + _record(0x85, struct.pack("<IH", start, 0) + name) + _END + sheet)
    return file.getvalue()


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1996, 0, 6))


def _record(code: int, data: bytes) -> bytes:
    pieces = [data[at : at + _LONGEST] for at in range(0, len(data), _LONGEST)] or [b""]
    return b"".join(struct.pack("<HH", 0x3C if number else code, len(piece)) + piece for number, piece in enumerate(pieces))


_END = struct.pack("<HH", 0x0A, 0)
