"""A QTI source: one XML text, or a package of them in the order of its manifest, with the pictures that they show."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.archive import Hostile, beginnings, is_zip, open_archive, parse_xml
from ladder_tools.formats.encoding import head_of
from ladder_tools.formats.losses import texts_of
from ladder_tools.formats.model import Reading, Source

_HEAD = 3000
_PEEKED = 300
_XML = (".xml", ".qti", ".dat")  # Canvas has .xml.qti, Blackboard .dat
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
_DATA = re.compile(r"data:image/(?P<kind>png|jpeg|gif|webp|svg\+xml);base64,(?P<data>[A-Za-z0-9+/=\s]+)\Z")
# What stands before a path in the exports of Canvas and Blackboard.
_BASE = re.compile(r"(?:\$IMS[-_]CC[-_]FILEBASE\$|@X@EmbeddedFile\.\w+@X@)/*(?:\.\./)*")


@dataclass(frozen=True)
class Document:
    """One XML text. `path` is that in the package, `""` for a source that is one text."""

    path: str
    root: etree._Element


def heads(source: Source) -> Iterator[str]:
    """How a source begins; in a package, how each of its XML texts begins. Never raises."""
    if not is_zip(source.data):
        yield head_of(source.data[:_HEAD])
        return
    yield from map(head_of, beginnings(source.data, _XML, _HEAD, _PEEKED))


class Package:
    """The texts of a source whose root has a wanted name, and its other files."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.reading = reading
        self.is_archive = is_zip(source.data)
        self.files: Mapping[str, bytes] = open_archive(source.data) if self.is_archive else {"": source.data}
        self.manifest = self._manifest()

    def _manifest(self) -> Document | None:
        paths = sorted((path for path in self.files if path.lower().rpartition("/")[2] == "imsmanifest.xml"), key=len)
        for path in paths[:1]:
            root = self._parsed(path)
            return Document(path, plain_names(root)) if root is not None else None
        return None

    def _parsed(self, path: str) -> etree._Element | None:
        if not self.is_archive:
            return parse_xml(self.files[path])
        try:
            return parse_xml(self.files[path])
        except Hostile as error:
            inside = Reading(f"{self.reading.file}/{path}").fail(error.code, error.line, error.column, **error.words)
            self.reading.problems.extend(inside.problems)
            return None

    def documents(self, roots: frozenset[str]) -> Iterator[Document]:
        """The texts in the order of the manifest, then those that it does not name; those with another root are passed over."""
        names = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(sorted(roots))})[\s/>]")
        for path in dict.fromkeys((*self._listed(), *sorted(self.files))):
            data = self.files[path]
            is_wanted = not self.is_archive or (path.lower().endswith(_XML) and names.search(head_of(data)))
            root = self._parsed(path) if is_wanted else None
            if root is not None and etree.QName(root).localname in roots:
                yield Document(path, plain_names(root))

    def _listed(self) -> Iterator[str]:
        """The paths that the manifest names, whatever Canvas knows in full before what it shortened for others."""
        if self.manifest is None:
            return
        folder = PurePosixPath(self.manifest.path).parent
        named = [file.get("href") or file.get("file") or "" for file in self.manifest.root.iter("resource", "file")]
        paths = [path for name in named if (path := joined(folder, name)) in self.files]
        yield from sorted(paths, key=lambda path: "non_cc_assessments/" not in path)

    def inside(self, document: Document) -> Reading:
        """A reading for what stands in one text."""
        return Reading(f"{self.reading.file}/{document.path}" if self.is_archive else self.reading.file)

    def take(self, inside: Reading) -> None:
        """Add what was found in one text."""
        self.reading.items += inside.items
        self.reading.problems += inside.problems


def joined(folder: PurePosixPath, name: str) -> str:
    """The path that a relative address means."""
    parts: list[str] = []
    for part in (*folder.parts, *PurePosixPath(unquote(name.partition("?")[0])).parts):
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def plain_names(root: etree._Element) -> etree._Element:
    """A tree without namespaces; names of QTI 3 (`qti-simple-choice`, `max-choices`) as QTI 2 has them (`simpleChoice`)."""
    modern = etree.QName(root).localname.startswith("qti-")
    for element in root.iter(etree.Element):
        element.tag = _plain_name(element.tag, modern)
        for name in element.keys():  # noqa: SIM118 (a list, as attributes change)
            plain = _plain_name(name, modern and not name.startswith(("data-", "aria-")))
            if plain != name:
                element.set(plain, element.attrib.pop(name))
    return root


@lru_cache(maxsize=4096)
def _plain_name(name: str, modern: bool) -> str:
    local = name.rpartition("}")[2]
    if not modern:
        return local
    return re.sub("-([a-z0-9])", lambda match: match[1].upper(), local.removeprefix("qti-"))


@dataclass
class Pictures:
    """The pictures of one source: found when a text shows them, kept when its question comes in."""

    package: Package
    folder: PurePosixPath = field(default_factory=PurePosixPath)
    _shown: dict[str, bytes] = field(default_factory=dict)
    _missing: list[str] = field(default_factory=list)
    _by_name: dict[str, str] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)  # by path: what lies there may be large, and shown ten thousand times
    _taken: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name = {path.rpartition("/")[2]: path for path in sorted(self.package.files, reverse=True)}

    def begin(self) -> Callable[[str], str]:
        """Forget what the last question showed; what gives the name of a picture for its address."""
        self._shown, self._missing = {}, []
        return self._name

    def _name(self, address: str) -> str:
        inline = _DATA.match(address) if address.startswith("data:") else None
        if inline:
            return self._inline(inline)
        if re.match(r"[a-z]+:", address, re.IGNORECASE):
            return address
        path = self._path(address)
        if not path:
            self._missing.append(address)
            return safe_name(unquote(address).rpartition("/")[2])
        data = self.package.files[path]
        if path not in self._named:
            self._named[path] = self._free(path.rpartition("/")[2], data)
        self._shown[self._named[path]] = data
        return self._named[path]

    def _inline(self, picture: re.Match[str]) -> str:
        try:
            data = base64.b64decode(picture["data"])
        except (binascii.Error, ValueError):
            self._missing.append(picture[0][:30])
            return ""
        kind = {"jpeg": "jpg", "svg+xml": "svg"}.get(picture["kind"], picture["kind"])
        name = self._free(f"p-{sha256(data).hexdigest()[:8]}.{kind}", data)
        self._shown[name] = data
        return name

    def _path(self, address: str) -> str:
        words = _BASE.sub("", unquote(address).strip())
        tries = (joined(self.folder, words), joined(PurePosixPath(), words), joined(PurePosixPath("web_resources"), words))
        found = next((path for path in tries if path in self.package.files), "")
        found = found or self._by_name.get(words.partition("?")[0].rpartition("/")[2], "")
        return found if found.lower().endswith(PICTURES) else ""

    def _free(self, path: str, data: bytes) -> str:
        """A name that no other picture has."""
        name = safe_name(path)
        if self._taken.setdefault(name, data) == data:
            return name
        stem, _, kind = name.rpartition(".")
        return f"{stem}-{sha256(data).hexdigest()[:8]}.{kind}"

    def keep(self, question: Question | None, line: int, report: Report) -> None:
        """Give the pictures that a question shows to the reading, and tell of those that are missing."""
        if question is None:
            return
        for address in dict.fromkeys(self._missing):
            report.warning("qti-picture", line, name=address[:80])
        texts = "\n".join(texts_of(question)) if self._shown else ""
        self.package.reading.pictures |= {name: data for name, data in self._shown.items() if f"({name})" in texts}


def safe_name(name: str) -> str:
    """A name that a file of a course may have."""
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")
    if re.match(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.[A-Za-z0-9]+\Z", safe):
        return safe
    kind = re.sub("[^a-z0-9]", "", name.rpartition(".")[2].lower()) if "." in name else ""
    return f"p-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}.{kind[:5] or 'bin'}"
