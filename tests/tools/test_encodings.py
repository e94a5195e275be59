"""A file says the same in whatever encoding an editor, Excel or Windows has saved it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ladder_tools import formats

ZOO = Path(__file__).parent / "zoo"
TEXT = ("markdown", "csv", "text", "gift", "aiken", "edx-markdown")
XML = ("olx", "moodle", "qti12", "qti2")


def texts(names: tuple[str, ...]) -> list[Path]:
    """The sources of the zoo that are UTF-8 text without a mark."""
    found = []
    for name in names:
        for path in sorted((ZOO / name).glob("*/input.*")):
            data = path.read_bytes()
            if not data.startswith((b"PK", b"\x1f\x8b", b"\xef\xbb\xbf", b"\xff\xfe")) and b"\x00" not in data:
                try:
                    data.decode()
                except UnicodeDecodeError:
                    continue
                found.append(path)
    return found


def told(data: bytes, path: Path) -> list[object]:
    reading = formats.read(formats.Source(path.name, data), path.parent.parent.name)
    return [*reading.items, *reading.problems, reading.title, reading.id, reading.kb]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("path", texts(TEXT), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_text_says_the_same_in_every_encoding(path: Path, encoding: str) -> None:
    text = path.read_bytes().decode()
    assert told(text.encode(encoding), path) == told(path.read_bytes(), path)
    assert told(text.replace("\r\n", "\n").replace("\n", "\r\n").encode(encoding), path) == told(path.read_bytes(), path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("path", texts(XML), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_xml_says_the_same_in_every_encoding_it_declares(path: Path, encoding: str) -> None:
    body = re.sub(r"\A\s*<\?xml[^>]*\?>", "", path.read_bytes().decode())
    data = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{body}'.encode(encoding)
    plain = f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()
    assert told(data, path) == told(plain, path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("path", texts(XML), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_xml_that_declares_no_encoding_is_read_as_text_is(path: Path, encoding: str) -> None:
    body = re.sub(r"\A\s*<\?xml[^>]*\?>", "", path.read_bytes().decode()).replace("\u00a0", " ")
    assert told(body.encode(encoding), path) == told(body.encode(), path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("path", texts(XML), ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_xml_is_known_in_every_encoding(path: Path, encoding: str) -> None:
    source = formats.Source(path.name, path.read_bytes())
    there = formats.detect(source)
    body = re.sub(r"\A\s*<\?xml[^>]*\?>", "", source.data.decode())
    assert formats.detect(formats.Source(path.name, body.encode(encoding))) == there
