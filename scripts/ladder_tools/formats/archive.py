"""Archives and XML from strangers: one budget for what is read of a container, whatever it says of itself.

No other module opens a container. What is no plain file or folder is refused: links, devices, sparse files (446 bytes of them
unpack to 2.7 GB), and members packed in ways that cannot be unpacked piece by piece.
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

from ladder_tools.formats.encoding import decode, head_of
from ladder_tools.formats.model import Reading, Source

MAX_MEMBERS = 20_000
MAX_MEMBER = 50_000_000
MAX_TOTAL = 150_000_000
MAX_SECONDS = 20.0
MAX_RATIO = 200
MAX_NAME = 1_000
MAX_FOLDERS = 50
MAX_DEPTH = 200
_SMALL = 1_000_000  # below this a ratio means nothing
_PIECE = 1_000_000
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}\sencoding\s*=")
# A piece of bzip2 or LZMA unpacks to any size at once; nobody packs questions so.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile, tarfile, gzip, bz2 and lzma raise of damaged bytes: they do not agree on an error.
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError)


class Hostile(Exception):
    """A file that must not be opened further: the code of the problem, and its words."""

    def __init__(self, code: str, line: int = 1, column: int = 1, **words: object) -> None:
        super().__init__(code)
        self.code, self.line, self.column, self.words = code, line, column, words


@dataclass
class Budget:
    """What may be read of one container. Every member and every byte that is unpacked is counted here."""

    members: int = MAX_MEMBERS
    size: int = MAX_TOTAL
    seconds: float = MAX_SECONDS
    members_read: int = 0
    bytes_read: int = 0
    _began: float = field(default_factory=time.thread_time)  # work, not time: a busy machine is no fault of the file

    def begin(self, name: str) -> None:
        """Count a member. Raises `Hostile`."""
        self.members_read += 1
        if self.members_read > self.members:
            raise Hostile("archive-too-many", limit=self.members)
        _check_name(name)

    def read(self, name: str, piece: Callable[[int], bytes], limit: int = MAX_MEMBER) -> bytes:
        """A member's bytes, at most `limit` of them. Raises `Hostile`."""
        pieces, most = [], min(limit, MAX_MEMBER)
        while data := piece(_PIECE):
            self.bytes_read += len(data)
            most -= len(data)
            if most < 0 or self.bytes_read > self.size or time.thread_time() - self._began > self.seconds:
                raise Hostile("archive-swells", name=_short_name(name))
            pieces.append(data)
        return b"".join(pieces)


def is_zip(data: bytes) -> bool:
    """Whether bytes begin like a zip archive."""
    return data.startswith(b"PK\x03\x04")


def open_archive(data: bytes, budget: Budget | None = None) -> Mapping[str, bytes]:
    """The files of a zip or tar archive by path. Raises `Hostile` for one that is broken, leads outside, or swells."""
    budget = budget or Budget()
    try:
        return dict(_members_of_zip(data, budget) if is_zip(data) else _members_of_tar(data, budget))
    except _BROKEN as error:
        raise Hostile("archive-broken") from error


def beginnings(data: bytes, endings: tuple[str, ...], size: int, most: int) -> Iterator[bytes]:
    """How the first `most` files of a zip archive begin whose names end so; as far as it can be read. Never raises."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in [each for each in archive.infolist() if each.filename.lower().endswith(endings)][:most]:
                if member.compress_type in _PACKED:
                    with archive.open(member) as file:
                        yield file.read(size)
    except (*_BROKEN, RuntimeError):  # RuntimeError: locked
        return


def _members_of_zip(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = archive.infolist()
    # What the list says is looked at first: it costs nothing, and mostly it is true.
    for member in members:
        budget.begin(member.filename)
        _check_zipped(member)
    if sum(member.file_size for member in members) > budget.size:
        raise Hostile("archive-swells", name=_short_name(max(members, key=lambda member: member.file_size).filename))
    for member in members:
        if not member.is_dir():
            with archive.open(member) as file:
                yield _path(member.filename), budget.read(member.filename, file.read, member.file_size)


def _check_zipped(member: zipfile.ZipInfo) -> None:
    name = _short_name(member.filename)
    if member.flag_bits & 1:
        raise Hostile("archive-locked", name=name)
    kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where the system that packed it knows no such thing
    if member.compress_type not in _PACKED or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Hostile("archive-odd", name=name)
    if member.file_size > MAX_MEMBER or member.file_size > max(MAX_RATIO * max(member.compress_size, 1), _SMALL):
        raise Hostile("archive-swells", name=name)


def _members_of_tar(data: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    unpacked = _inflate(data) if data.startswith(b"\x1f\x8b") else data
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
        for member in archive:
            budget.begin(member.name)
            name = _short_name(member.name)
            if member.issym() or member.islnk() or member.isdev():
                raise Hostile("archive-outside", name=name)
            if member.issparse() or not (member.isreg() or member.isdir()):
                raise Hostile("archive-odd", name=name)
            file = archive.extractfile(member)
            if file is not None:
                yield _path(member.name), budget.read(member.name, file.read)


def _inflate(data: bytes) -> bytes:
    limit = max(min(MAX_TOTAL, MAX_RATIO * len(data)), _SMALL)
    stream = zlib.decompressobj(wbits=31)
    unpacked = stream.decompress(data, limit + 1)
    if len(unpacked) > limit:
        raise Hostile("archive-swells", name="tar")
    if not stream.eof:
        raise Hostile("archive-broken")
    return unpacked


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]) or "\x00" in name:
        raise Hostile("archive-outside", name=_short_name(name))
    if len(name) > MAX_NAME or len(path.parts) > MAX_FOLDERS:
        raise Hostile("archive-odd", name=_short_name(name))


def _short_name(name: str) -> str:
    return name[:80].replace("\x00", "?")


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
