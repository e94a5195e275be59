"""Files that people have questions in and that no format here reads: what they are, and what to save them as."""

from __future__ import annotations

from ladder_tools.formats.archive import is_zip
from ladder_tools.formats.model import Reading, Source

_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# By the first bytes, else by the extension: names lie more often.
_KINDS = (
    ("source-pdf", (b"%PDF",), (".pdf",)),
    ("source-image", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"), (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".heic", ".webp")),
    ("source-slides", (), (".ppt", ".pptx", ".dps")),
    ("source-table", (), (".et", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers")),
    ("source-document", (b"{\\rtf", b"MIME-Version:"), (".doc", ".wps", ".rtf", ".odt", ".pages", ".mht")),
    ("source-backup", (), (".mbz",)),
    ("source-packed", (b"Rar!", b"7z\xbc\xaf"), (".rar", ".7z")),
    ("source-page", (), (".html", ".htm")),
)


def refuse(source: Source, known: str) -> Reading:
    """A reading that says why a source of no known format does not come in. `known`: the formats that could be named."""
    reading = Reading(source.file)
    if not source.data.strip():
        return reading.fail("source-nothing")
    code = _kind(source)
    if code:
        return reading.fail(code)
    if is_zip(source.data):
        return reading.fail("source-packed")
    return reading.fail("source-unknown", file=source.file, known=known)


def _kind(source: Source) -> str:
    """The code of what a source is; `""` for one of no kind that is known."""
    begins = next((code for code, starts, _ in _KINDS if starts and source.data.startswith(starts)), "")
    named = next((code for code, _, suffixes in _KINDS if source.suffix in suffixes), "")
    return begins or named or ("source-document" if source.data.startswith(_OFFICE) else "")
