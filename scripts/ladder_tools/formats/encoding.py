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
# What people write: Latin, Chinese, their punctuation. Bytes of something else become other things when they are taken for text.
_USUAL = re.compile("[\\t\\n\\r\x20-\x7e\u00a0-\u024f\u0391-\u03c9\u2000-\u27bf\u3000-\u303f\u3400-\u9fff\uff00-\uffee\ufeff]")
_GUESSED = ("utf-16-le", "utf-16-be", "gb18030")
_SAMPLE = 4000
_HEAD = 20_000
_UNSEEN = re.compile(
    "[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)


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
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and _nearly_utf8(data):
                before = data[: error.start]
                column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
                reading.fail("not-utf8", before.count(b"\n") + 1, column)
                return None
            continue
        if encoding in _GUESSED and len(_USUAL.findall(text[:_SAMPLE])) < 0.9 * len(text[:_SAMPLE]):
            continue
        nul = text.find("\x00")
        if nul >= 0:
            line = text.count("\n", 0, nul) + 1
            reading.fail("source-binary", line, nul - text.rfind("\n", 0, nul))
            return None
        return clean(text)
    reading.fail("source-encoding")
    return None


def _candidates(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    sample = data[:_SAMPLE]
    zeros = sample.count(0)
    if not zeros or len(data) % 2:
        return ("utf-8", "gb18030")
    # In UTF-16 a zero byte is beside each Latin letter, digit and line end; in GB18030 there is none.
    utf16 = "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
    return (utf16,) if zeros * 5 > len(sample) else ("utf-8", utf16, "gb18030")


def head_of(data: bytes) -> str:
    """How an XML text begins, in whatever encoding: right in its tags, which tell what it is. Never raises."""
    likely = _candidates(data[:_HEAD])
    return data[:_HEAD].decode(next((name for name in likely if name.startswith("utf-16")), likely[0]), "replace")


def _nearly_utf8(data: bytes) -> bool:
    """Whether a few broken bytes stand in what is else UTF-8: taken for GB18030 it would all be nonsense, of real characters."""
    text = data[:MAX_TEXT].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 10 < sum(char > "\x7f" for char in text) - broken


def clean(text: str) -> str:
    """Text with one kind of line end and one kind of space, without what nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub("", text.replace("\u00a0", " ").replace("\f", "\n"))
