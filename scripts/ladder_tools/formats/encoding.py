"""Bytes to text, whatever editor and whatever Windows wrote them."""

from __future__ import annotations

import codecs
import re

from ladder_tools.formats.model import Reading, Source

MAX_TEXT = 50_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What GB18030 makes of bytes that are not Chinese text: private and unassigned places, controls.
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))


def decode(source: Source, reading: Reading) -> str | None:
    """The text of a source: by its byte order mark, else UTF-8, else UTF-16 without a mark, else GB18030.

    None when it is none of these, or longer than `MAX_TEXT` bytes; the reading says why. Line ends become `\\n`, zero-width
    characters go.
    """
    data = source.data
    if len(data) > MAX_TEXT:
        reading.fail("source-too-big", limit=MAX_TEXT // 1_000_000)
        return None
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        nul = text.find("\x00")
        if nul >= 0:
            line = text.count("\n", 0, nul) + 1
            reading.fail("source-binary", line, nul - text.rfind("\n", 0, nul))
            return None
        if encoding == "gb18030" and len(_ODD.findall(text)) * 20 > len(text):
            break
        return clean(text)
    reading.fail("source-encoding")
    return None


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    sample = data[:4000]
    if sample.count(0) * 5 > len(sample) and len(data) % 2 == 0:  # a zero byte beside each Latin letter, digit and line end
        return ("utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le",)
    return ("utf-8", "gb18030")


def clean(text: str) -> str:
    """Text with one kind of line end and one kind of space, without what nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.replace("\u00a0", " ").replace("\f", "\n").translate(_INVISIBLE)
    return re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text)
