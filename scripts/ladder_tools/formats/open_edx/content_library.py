"""The archive of a content library of Open edX: what Studio's backup makes and its restore takes.

A `package.toml` names the library. Each problem is a component: a `.toml`, and below it its `block.xml` and its pictures. Each
bank is a collection.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from ladder.core.document import SLUG
from ladder_tools.formats.archive import Hostile, is_zip, open_archive, parse_xml
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.model import Output, Reading, Source
from ladder_tools.formats.open_edx.olx_course import ORG
from ladder_tools.formats.open_edx.olx_page import Shelf, refuse
from ladder_tools.formats.open_edx.olx_problem import read_problem
from ladder_tools.formats.open_edx.olx_write import HOLDS, Named, named, pictures_of, problem_file

__all__ = ["HOLDS", "looks_like", "read", "write"]

_PACKAGE = "package.toml"
_ENTITY = re.compile(r"entities/xblock\.v1/(?P<type>[^/]+)/[^/]+\.toml\Z")
_WRITTEN = "2020-01-01T00:00:00Z"  # the same archive for the same banks, whenever it is written
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class _Unreadable(ValueError):
    """A file that is no TOML; the words say where."""


def looks_like(source: Source) -> bool:
    """Whether a source is a zip archive with the file that names a library."""
    return is_zip(source.data) and _PACKAGE.encode() in source.data


# -- reading ----------------------------------------------------------------------------------------------------------


def read(source: Source) -> Reading:
    """Read the newest version of each problem, in the order of the collections. Raises `Hostile` for what must not be opened."""
    reading, files, shelf = Reading(source.file), open_archive(source.data), Shelf({})
    try:
        package = _table(_toml(files.get(_PACKAGE, b"")), "learning_package")
    except _Unreadable as error:
        package = {}
        reading.problems += Reading(f"{reading.file}/{_PACKAGE}").fail("olx-toml", detail=str(error)).problems
    reading.title = " ".join(clean(_text(package, "title")).split())
    name = _text(package, "key").rpartition(":")[2].lower()
    reading.id = name if SLUG.match(name) else ""
    entities: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted(files):
        match = _ENTITY.match(path)
        if match and match["type"] == "problem":
            try:
                entity = _toml(files[path])
                entities[_text(_table(entity, "entity"), "key") or path] = (path, entity)
            except _Unreadable as error:
                refuse(reading, f"{reading.file}/{path}", path.rpartition("/")[2], "olx-toml", detail=str(error))
        elif match:
            shelf.others[match["type"]] += 1
    for key in _in_order(files, list(entities)):
        _read_component(files, *entities[key], reading, shelf)
    shelf.tell(reading)
    return reading


def _in_order(files: Mapping[str, bytes], keys: list[str]) -> list[str]:
    """The keys of the problems as the collections list them, then those that are in none."""
    listed: list[str] = []
    for path in sorted(files):
        if re.match(r"collections/[^/]+\.toml\Z", path):
            try:
                entities = _table(_toml(files[path]), "collection").get("entities")
            except _Unreadable:
                continue  # nothing but an order is lost
            listed += [key for key in entities if isinstance(key, str)] if isinstance(entities, list) else []
    known = frozenset(keys)
    return [key for key in dict.fromkeys([*listed, *keys]) if key in known]


def _read_component(files: Mapping[str, bytes], path: str, entity: dict[str, Any], reading: Reading, shelf: Shelf) -> None:
    """Read the draft of a problem, which is never older than what is published."""
    folder = path.removesuffix(".toml")
    name = folder.rpartition("/")[2]
    numbers = [_table(_table(entity, "entity"), state).get("version_num") for state in ("draft", "published")]
    blocks = [f"{folder}/component_versions/v{number}/block.xml" for number in numbers if isinstance(number, int)]
    block = next((block for block in blocks if block in files), "")
    if not block:
        refuse(reading, f"{reading.file}/{path}", name, "olx-no-file", name=(blocks or ["block.xml"])[0])
        return
    static = f"{block.removesuffix('block.xml')}static/"
    shelf.pictures = {name.removeprefix(static): data for name, data in files.items() if name.startswith(static)}
    inside = Reading(f"{reading.file}/{block}", pictures=reading.pictures)
    try:
        problem = parse_xml(files[block])
    except Hostile as error:
        refuse(reading, inside.file, name, error.code, error.line, error.column, **error.words)
        return
    problem.set("url_name", problem.get("url_name") or name)
    problem.set("display_name", problem.get("display_name") or _title(entity))
    read_problem(problem, inside, shelf)
    reading.items += inside.items


def _title(entity: dict[str, Any]) -> str:
    versions = entity.get("version")
    tables = [table for table in versions if isinstance(table, dict)] if isinstance(versions, list) else []
    return _text(tables[-1], "title") if tables else ""


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _Unreadable(str(error)[:80]) from error


def _table(values: dict[str, Any], key: str) -> dict[str, Any]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def _text(values: dict[str, Any], key: str) -> str:
    found = values.get(key)
    return found if isinstance(found, str) else ""


# -- writing ----------------------------------------------------------------------------------------------------------


def write(output: Output) -> None:
    """Write one archive with every question."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in _files(output):
            member = zipfile.ZipInfo(path, _ZIP_DATE)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, data)
    output.files[""] = buffer.getvalue()


def _files(output: Output) -> Iterator[tuple[str, bytes]]:
    first, problems = output.banks[0], named(output.banks)
    yield _PACKAGE, _lines(
        "[meta]", "format_version = 1", f"created_at = {_WRITTEN}", "",
        "[learning_package]", f"title = {_quoted(first.title)}", f"key = {_quoted(f'lib:{ORG}:{first.id}')}", 'description = ""',
        f"created = {_WRITTEN}", f"updated = {_WRITTEN}",
    )
    for bank in output.banks:
        entities = ", ".join(_quoted(_key(one)) for one in problems if one.bank is bank)
        yield f"collections/{bank.id}.toml", _lines(
            "[collection]", f"title = {_quoted(bank.title)}", f"key = {_quoted(bank.id)}", 'description = ""',
            f"created = {_WRITTEN}", f"entities = [{entities}]",
        )
    for one in problems:
        yield from _component(output, one)


def _component(output: Output, one: Named) -> Iterator[tuple[str, bytes]]:
    """One version, draft and published alike."""
    folder = f"entities/xblock.v1/problem/{one.name}"
    yield f"{folder}.toml", _lines(
        "[entity]", "can_stand_alone = true", f"key = {_quoted(_key(one))}", f"created = {_WRITTEN}", "",
        "[entity.draft]", "version_num = 1", "", "[entity.published]", "version_num = 1", "",
        "[[version]]", f"title = {_quoted(one.question.title)}", "version_num = 1",
    )
    yield f"{folder}/component_versions/v1/block.xml", problem_file(output, one)
    for name, data in pictures_of(one.question, output.pictures).items():
        yield f"{folder}/component_versions/v1/static/{name}", data


def _key(one: Named) -> str:
    return f"xblock.v1:problem:{one.name}"


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")


def _quoted(text: str) -> str:
    """A text of TOML, which escapes as JSON does, and one character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
