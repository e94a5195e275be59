"""The pictures that questions show: none takes the place of another, and none is missing without a word."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ladder.core.question import Question
from ladder_tools.formats.losses import PICTURE, texts_of
from ladder_tools.formats.model import Item, Reading

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")


def give_names(readings: Sequence[Reading], folder: Path | None) -> None:
    """Name the pictures of the readings so that no two of them share a name, and none that of another in `folder`."""
    taken: dict[str, bytes] = {}
    for reading in readings:
        names = {}
        for name, data in reading.pictures.items():
            names[name] = _free_name(name, data, taken, folder)
            taken[names[name]] = data
        changed = {old: new for old, new in names.items() if old != new}
        reading.pictures = {names[name]: data for name, data in reading.pictures.items()}
        if changed:
            reading.items = [_with_names(item, changed) for item in reading.items]


def _free_name(name: str, data: bytes, taken: Mapping[str, bytes], folder: Path | None) -> str:
    there = folder / name if folder and _NAME.match(name) else None
    other = there.read_bytes() if there and there.is_file() else data
    if _NAME.match(name) and taken.get(name, data) == other == data:
        return name
    stem, dot, suffix = re.sub(r"[^A-Za-z0-9_.-]+", "-", name.replace("\\", "/").rpartition("/")[2]).lstrip(".-").rpartition(".")
    return f"{stem or 'picture'}-{hashlib.sha256(data).hexdigest()[:8]}{dot}{suffix}"


def _with_names(item: Item, names: Mapping[str, str]) -> Item:
    question = item.question
    if question is None:
        return item

    def named(text: str) -> str:
        return PICTURE.sub(lambda match: match[0].replace(f"({match[1]}", f"({names.get(match[1], match[1])}"), text)

    return replace(item, question=replace(
        question, stem=named(question.stem), explanation=named(question.explanation),
        choices=tuple(replace(choice, text=named(choice.text)) for choice in question.choices),
        key_points=tuple(replace(point, text=named(point.text)) for point in question.key_points),
    ))


def find_pictures(readings: Sequence[Reading], course: Path | None) -> dict[str, bytes]:
    """The pictures that the questions name: those the sources brought, else those in `static/` beside them or of the course.

    One that is nowhere is told.
    """
    found = {name: data for reading in readings for name, data in reading.pictures.items()}
    for reading in readings:
        folders = [Path(reading.file).parent / "static", *([course / "static"] if course else [])]
        for item in reading.items:
            for name in names_in(item.question) if item.question else ():
                path = next((folder / name for folder in folders if _NAME.match(name) and (folder / name).is_file()), None)
                if path and name not in found:
                    found[name] = path.read_bytes()
                elif name not in found:
                    reading.warn("missing-picture", item.line, item.column, name=name)
    return found


def names_in(question: Question) -> list[str]:
    """The names of the pictures that a question shows, each once, in their order."""
    return list(dict.fromkeys(match["name"] for text in texts_of(question) for match in PICTURE.finditer(text)))
