"""A content file: front matter between two `---` lines, then a Markdown body. Every value knows its place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple, TypeVar

import yaml
from yaml.composer import Composer

from ladder.core.problems import Report, nearest

SLUG = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*\Z")  # records hold an id of 120 characters, file systems of 255 bytes
KINDS = ("course", "stage", "article", "lesson", "case", "exam", "bank", "plan", "places", "mistakes")
MAX_BYTES = 500_000
T = TypeVar("T")
# What YAML or XML refuse or take for a line break: control characters, odd breaks, lone surrogates, non-characters.
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})(?P<rest>[^`]*)\Z")
_SEPARATOR = re.compile(r"^<!-- file: (?P<file>[^\n]+?) -->$", re.MULTILINE)
_SEPARATOR_LIKE = re.compile(r"^<!--( +)(?=file: )", re.MULTILINE)
_SEPARATOR_KEPT = re.compile(r"^<!-- ( +)(?=file: )", re.MULTILINE)


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: only true/false are flags, no dates, no octal, `1:30` is text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"(?:true|false)\Z", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)\Z", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z", "-0123456789"),
    ("null", r"(?:~|null|)\Z", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _fast_loader() -> Any:
    """The same with the scanner of libyaml. Nodes are made in Python: its own way of making them overflows on deep nesting."""
    if not yaml.__with_libyaml__:
        return _Loader

    class Loader(Composer, yaml.CSafeLoader):
        yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

        def __init__(self, stream: str) -> None:
            yaml.CSafeLoader.__init__(self, stream)
            Composer.__init__(self)

    return Loader


_FAST_LOADER = _fast_loader()


@dataclass(frozen=True)
class Place:
    """Where a value stands, from 1."""

    line: int
    column: int
    length: int = 1


class Line(NamedTuple):
    """One line of the body with its number in the file, and whether it belongs to fenced code."""

    number: int
    text: str
    code: bool = False


@dataclass
class Meta:
    """Front matter, read key by key; what nobody asked for is reported by `done()`."""

    values: dict[str, Any]
    places: dict[str, Place]
    keys: dict[str, Place]
    report: Report
    start: Place
    asked: set[str] = field(default_factory=set)

    def place(self, key: str) -> Place:
        """Where the value of `key` stands, or where the front matter begins."""
        return self.places.get(key, self.start)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A line of text."""
        value = self._value(key, required)
        if value is None:
            return default
        line = _line(value)
        return self._wrong(key, "text", default) if line is None else line

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of lines of text."""
        value = self._value(key, required=False)
        if value is None:
            return ()
        lines = [_line(item) for item in value] if isinstance(value, list) else [None]
        if None in lines:
            return self._wrong(key, "list", ())
        return tuple(line for line in lines if line is not None)

    def number(self, key: str, default: float, low: float, high: float, *, whole: bool = True) -> float:
        """A number within bounds."""
        value = self._value(key, required=False)
        if value is None:
            return default
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            return self._wrong(key, "whole number" if whole else "number", default)
        if not low <= value <= high:
            place = self.place(key)
            self.report.error("out-of-range", place.line, place.column, place.length, key=key, low=low, high=high)
            return default
        return value

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        return int(self.number(key, default, low, high))

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        value = self._value(key, required=False)
        if value is None:
            return default
        return value if isinstance(value, bool) else self._wrong(key, "true or false", default)

    def choice(self, key: str, options: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in options:
            place = self.place(key)
            self.report.error("unknown-value", place.line, place.column, place.length,
                              key=key, value=value, known=nearest(value, options))
            return default
        return value

    def date(self, key: str, *, required: bool = False) -> datetime.date | None:
        """A day, written 2026-01-31."""
        value = self.text(key, "", required=required)
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            place = self.place(key)
            self.report.error("bad-date", place.line, place.column, place.length, key=key, value=value)
            return None

    def moment(self, key: str) -> datetime.datetime | None:
        """A point in time with its offset, written 2026-01-31T09:00+08:00. Aware UTC."""
        value = self.text(key)
        if not value:
            return None
        try:
            found = datetime.datetime.fromisoformat(value)
            if found.tzinfo is not None:
                return found.astimezone(datetime.UTC)
        except (ValueError, OverflowError):  # OverflowError: the first or the last hours that there are, in another zone
            pass
        place = self.place(key)
        self.report.error("bad-moment", place.line, place.column, place.length, key=key, value=value)
        return None

    def slug(self, key: str, default: str) -> str:
        """An id."""
        value = self.text(key, default)
        if not SLUG.match(value):
            place = self.place(key)
            self.report.error("bad-id", place.line, place.column, place.length, id=value)
        return value

    def mapping(self, key: str) -> Meta | None:
        """Nested keys and values."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, Meta):
            return self._wrong(key, "key: value", None)
        return value

    def rows(self, key: str) -> tuple[Meta, ...]:
        """A list of nested keys and values."""
        value = self._value(key, required=False)
        rows = [row for row in value if isinstance(row, Meta)] if isinstance(value, list) else []
        return tuple(rows) if value is None or rows == value else self._wrong(key, "list", ())

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key with its value, for mappings whose keys are the author's own."""
        self.asked.update(self.values)
        return iter(self.values.items())

    def done(self) -> None:
        """Report keys that mean nothing here."""
        for key, place in self.keys.items():
            if key not in self.asked:
                self.report.error("unknown-key", place.line, place.column, place.length,
                                  key=key, known=nearest(key, self.asked))

    def _value(self, key: str, required: bool) -> Any:
        self.asked.add(key)
        value = self.values.get(key)
        if required and (value is None or value == ""):
            place = self.keys.get(key, self.start)
            self.report.error("missing-key", place.line, place.column, place.length, key=key)
        return value

    def _wrong(self, key: str, expected: str, default: T) -> T:
        place = self.place(key)
        self.report.error("wrong-type", place.line, place.column, place.length, key=key, value_type=expected)
        return default


@dataclass(frozen=True)
class Document:
    """One file: its kind, its front matter and the lines of its body."""

    file: str
    kind: str
    meta: Meta
    lines: tuple[Line, ...]

    @property
    def body(self) -> str:
        """The Markdown under the front matter."""
        return "\n".join(line.text for line in self.lines)


def parse_document(
    text: str, report: Report, kinds: Collection[str] = KINDS, limit: int = MAX_BYTES
) -> Document | None:
    """Split and read one file of at most `limit` characters. None when it cannot be read at all; the report says why."""
    if len(text) > limit:
        report.error("too-long", 1, 1, limit=limit // 1000)
        return None
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    bad = _BAD.search(text)
    if bad:
        line_start = text.rfind("\n", 0, bad.start()) + 1
        report.error("bad-character", text.count("\n", 0, bad.start()) + 1, bad.start() - line_start + 1,
                     character=f"U+{ord(bad[0]):04X}")
        return None
    rows = text.split("\n")
    if rows[0].rstrip() != "---":
        report.error("no-front-matter", 1, 1)
        return None
    end = next((number for number, row in enumerate(rows[1:], start=1) if row.rstrip() == "---"), None)
    if end is None:
        report.error("open-front-matter", 1, 1, 3)
        return None
    meta = _read_front_matter("\n".join(rows[1:end]), report)
    if meta is None:
        return None
    kind = meta.text("kind", required=True)
    if kind and kind not in kinds:
        place = meta.place("kind")
        report.error("unknown-value", place.line, place.column, place.length,
                     key="kind", value=kind, known=nearest(kind, kinds))
    if kind not in kinds:
        return None
    return Document(report.file, kind, meta, body_lines(rows[end + 1 :], end + 2))


def body_lines(rows: Sequence[str], first: int = 1) -> tuple[Line, ...]:
    """The rows of a body as numbered lines."""
    if not any("```" in row or "~~~" in row for row in rows):
        return tuple(map(Line, count(first), rows))
    return tuple(map(Line, count(first), rows, in_fences(rows)))


def in_fences(rows: Iterable[str]) -> Iterator[bool]:
    """Of each row, whether it belongs to fenced code."""
    fence = ""
    for row in rows:
        match = _FENCE.match(row) if "```" in row or "~~~" in row else None
        yield bool(fence or match)
        if match and not fence:
            fence = match["mark"]
        elif match and match["mark"].startswith(fence) and not match["rest"].strip():
            fence = ""


def _compose(text: str) -> yaml.Node | None:
    """What libyaml refuses, and tabs, which it lets pass, are for the slow reader: it says better where the fault is."""
    if "\t" not in text:
        try:
            return yaml.compose(text, Loader=_FAST_LOADER)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=_Loader)


def _read_front_matter(text: str, report: Report) -> Meta | None:
    try:
        tree = _compose(text)
    except RecursionError:
        report.error("yaml", 2, 1, detail="[[[[[[…")
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        code = "yaml-colon" if "mapping values" in str(error) else "yaml"
        report.error(code, line, column, detail=getattr(error, "problem", "") or "")
        return None
    if tree is None:
        return Meta({}, {}, {}, report, Place(1, 1, 3))
    if not isinstance(tree, yaml.MappingNode):
        report.error("yaml-not-keys", 2, 1)
        return None
    seen: set[int] = set()
    meta = _read_node(tree, report, seen)
    return meta if isinstance(meta, Meta) else None


def _place(node: yaml.Node) -> Place:
    start, end = node.start_mark, node.end_mark
    length = end.column - start.column if end.line == start.line else 1
    return Place(start.line + 2, start.column + 1, length)


def _read_node(node: yaml.Node, report: Report, seen: set[int]) -> Any:
    place = _place(node)
    if id(node) in seen:
        report.error("yaml-alias", place.line, place.column)
        return _read_scalar(node, report) if isinstance(node, yaml.ScalarNode) else None
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _read_scalar(node, report)
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(item, report, seen) for item in node.value]
    meta = Meta({}, {}, {}, report, place)
    for key_node, value_node in node.value:
        key, at = str(key_node.value), _place(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            report.error("yaml-not-keys", at.line, at.column, at.length)
            continue
        if key in meta.values:
            report.error("duplicate-key", at.line, at.column, at.length, key=key)
            continue
        meta.keys[key], meta.places[key] = at, _place(value_node)
        meta.values[key] = _read_node(value_node, report, seen)
    return meta


_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str, "bool": lambda word: word == "true", "int": int, "float": float, "null": lambda _: None,
}


def _read_scalar(node: yaml.ScalarNode, report: Report) -> Any:
    try:
        return _SCALARS[node.tag.rpartition(":")[2]](node.value)
    except (KeyError, ValueError):  # a tag of the author's own, a number of a thousand digits
        place = _place(node)
        report.error("yaml", place.line, place.column, place.length, detail=node.value[:20] or node.tag)
        return None


def _line(value: object) -> str | None:
    """Text or a whole number as one line; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _BAD.sub(" ", str(value).replace("\n", " ")).strip()


def join_documents(files: list[tuple[str, str]]) -> str:
    """Several files as one text: a block's payload is one text field. A line that reads like a separator gets one space more."""
    kept = [(name, _SEPARATOR_LIKE.sub(r"<!--\1 ", text.strip())) for name, text in files]
    return "\n".join(f"<!-- file: {name} -->\n{text}\n" for name, text in kept)


def split_documents(text: str) -> list[tuple[str, str]]:
    """The files that `join_documents` joined; a text without separators is one file named `content`."""
    marks = list(_SEPARATOR.finditer(text))
    if not marks or text[: marks[0].start()].strip():
        return [("content", text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        (mark["file"], _SEPARATOR_KEPT.sub(r"<!--\1", text[mark.end() + 1 : end].rstrip("\n")) + "\n")
        for mark, end in zip(marks, ends, strict=True)
    ]


def quoted(text: str) -> str:
    """Text as a value of front matter."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
