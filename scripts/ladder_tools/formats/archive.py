"""Archives and XML from strangers: bounded in size, ratio, number, depth and name before anything is unpacked."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from lxml import etree

from ladder_tools.formats.encoding import decode, head_of
from ladder_tools.formats.model import Reading, Source

MAX_MEMBERS = 20_000
MAX_MEMBER = 50_000_000
MAX_TOTAL = 150_000_000
MAX_RATIO = 200
MAX_DEPTH = 200
_SMALL = 1_000_000  # below this a ratio means nothing
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}\sencoding\s*=")


class Hostile(Exception):
    """A file that must not be opened further: the code of the problem, and its words."""

    def __init__(self, code: str, line: int = 1, column: int = 1, **words: object) -> None:
        super().__init__(code)
        self.code, self.line, self.column, self.words = code, line, column, words


def is_zip(data: bytes) -> bool:
    """Whether bytes begin like a zip archive."""
    return data.startswith(b"PK\x03\x04")


def open_archive(data: bytes) -> Mapping[str, bytes]:
    """The files of a zip or tar archive by path. Raises `Hostile` for one that is broken, leads outside, or swells."""
    return _open_zip(data) if is_zip(data) else _open_tar(data)


def check_zip(data: bytes) -> None:
    """Refuse an Office file that swells or leads outside, before a library opens it. Raises `Hostile`."""
    _check_zip(_zip(data))


def _zip(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise Hostile("archive-broken") from error


def _check_zip(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Hostile("archive-too-many", limit=MAX_MEMBERS)
    total = 0
    for member in members:
        _check_name(member.filename)
        if member.flag_bits & 1:
            raise Hostile("archive-locked", name=member.filename)
        total += member.file_size
        swells = member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        if member.file_size > MAX_MEMBER or total > MAX_TOTAL or swells:
            raise Hostile("archive-swells", name=member.filename)


def _open_zip(data: bytes) -> Mapping[str, bytes]:
    archive = _zip(data)
    _check_zip(archive)
    files: dict[str, bytes] = {}
    for member in archive.infolist():
        if member.is_dir():
            continue
        try:
            with archive.open(member) as file:
                # One byte more than promised is enough to know that the promise was false.
                content = file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise Hostile("archive-broken") from error
        if len(content) > member.file_size:
            raise Hostile("archive-swells", name=member.filename)
        files[_path(member.filename)] = content
    return files


def _open_tar(data: bytes) -> Mapping[str, bytes]:
    unpacked = _inflate(data) if data.startswith(b"\x1f\x8b") else data
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for count, member in enumerate(archive):
                if count >= MAX_MEMBERS:
                    raise Hostile("archive-too-many", limit=MAX_MEMBERS)
                _check_name(member.name)
                if member.issym() or member.islnk() or member.isdev():
                    raise Hostile("archive-outside", name=member.name)
                if member.isfile():
                    if member.size > MAX_MEMBER:
                        raise Hostile("archive-swells", name=member.name)
                    file = archive.extractfile(member)
                    files[_path(member.name)] = file.read() if file else b""
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        raise Hostile("archive-broken") from error
    return files


def _inflate(data: bytes) -> bytes:
    limit = max(min(MAX_TOTAL, MAX_RATIO * len(data)), _SMALL)
    stream = zlib.decompressobj(wbits=31)
    try:
        unpacked = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise Hostile("archive-broken") from error
    if len(unpacked) > limit:
        raise Hostile("archive-swells", name="tar")
    if not stream.eof:
        raise Hostile("archive-broken")
    return unpacked


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]) or "\x00" in name:
        raise Hostile("archive-outside", name=name[:80].replace("\x00", "?"))


def _path(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML text, without entities, DTD or network. Raises `Hostile` with line and column.

    One that does not declare its encoding, and is not in the encoding it then should be in, is read as any text is.
    """
    try:
        return _parse(data)
    except Hostile as error:
        is_undeclared = error.code == "xml-broken" and not _DECLARED.match(head_of(data))
        text = decode(Source("", data), Reading("")) if is_undeclared else None
        if text is None:
            raise
        return _parse(text.encode("utf-8"))


def _parse(data: bytes) -> etree._Element:
    if b"<!ENTITY" in data[:100_000] or b"<\x00!\x00E\x00N\x00T" in data[:100_000]:
        raise Hostile("xml-entity")
    # Targets keep no memory between files: a parser of lxml holds the names it has seen.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
                             remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Hostile("xml-broken", max(line or 1, 1), max(column or 1, 1), detail=_short(error.msg)) from error
    except ValueError as error:
        raise Hostile("xml-broken", detail=_short(str(error))) from error
    if root is None:
        raise Hostile("xml-broken", detail="empty")
    depth_check(root)
    return root


def depth_check(root: etree._Element, limit: int = MAX_DEPTH) -> None:
    """Refuse a tree so deep that walking it would overflow. Raises `Hostile`."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            raise Hostile("xml-deep", element.sourceline or 1, limit=limit)


def _short(text: str | None) -> str:
    return (text or "").split(", line ")[0][:120]
