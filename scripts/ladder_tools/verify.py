"""Checks a built tree against what the platform's importer really does with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ladder_tools.olx import BLOCKS

POINTERS = {"course": "chapter", "chapter": "sequential", "sequential": "vertical"}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class _Unreadable(Exception):
    """A file that is not there or not what its name says; the text tells which."""


def verify_tree(root: Path) -> list[str]:
    """What an import of the tree in `root` would lose or refuse, one sentence each; empty when nothing."""
    found: list[str] = []
    try:
        found.extend(_verify(root))
    except _Unreadable as error:
        found.append(str(error))
    return found


def _verify(root: Path) -> Iterator[str]:
    pointer = _load(root, "course.xml")
    if pointer.tag != "course" or set(pointer.attrib) != {"url_name", "org", "course"} or len(pointer):
        yield "course.xml: must be <course url_name org course/> and nothing else"
        return
    run = pointer.get("url_name", "")
    seen: set[str] = set()
    yield from _walk(root, "course", run, seen)
    yield from _verify_names(root, seen)
    yield from _verify_policies(root, run)
    yield from _verify_grading(root, run)
    about = ("about/overview.html", "about/short_description.html")
    yield from (f"{name}: is missing" for name in about if not (root / name).exists())


def _load(root: Path, name: str) -> etree._Element:
    try:
        return etree.parse(str(root / name), _PARSER).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise _Unreadable(f"{name}: cannot be read: {error}") from error


def _load_json(root: Path, name: str) -> Any:
    try:
        return json.loads((root / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _Unreadable(f"{name}: cannot be read: {error}") from error


def _walk(root: Path, tag: str, name: str, seen: set[str]) -> Iterator[str]:
    file = f"{tag}/{name}.xml"
    if not (root / file).exists():
        yield f"{file}: is pointed to but missing"
        return
    if file in seen:
        yield f"{file}: is pointed to twice"
    seen.add(file)
    element = _load(root, file)
    if element.tag != tag:
        yield f"{file}: holds <{element.tag}>"
    if element.get("url_name"):
        yield f"{file}: repeats its url_name"
    if tag == "vertical":
        yield from _verify_vertical(name, element)
        return
    for child in element:
        if child.tag == "wiki":
            continue
        if child.tag != POINTERS[tag] or set(child.attrib) != {"url_name"} or len(child) or (child.text or "").strip():
            yield f"{file}: <{child.tag}> is not a pointer to a {POINTERS[tag]}"
        else:
            yield from _walk(root, child.tag, child.get("url_name", ""), seen)


def _verify_vertical(name: str, vertical: etree._Element) -> Iterator[str]:
    if len(vertical) != 1:
        yield f"vertical/{name}.xml: must hold one block, holds {len(vertical)}"
    for block in vertical:
        where = f"vertical/{name}.xml <{block.tag}>"
        if block.tag not in BLOCKS:
            yield f"{where}: not a block of ours"
        if set(block.attrib) != {"url_name", "display_name", "stage"}:
            yield f"{where}: attributes are {sorted(block.attrib)}"
        if len(block):
            yield f"{where}: element children would lose the whole block"
        if not (block.text or "").strip():
            yield f"{where}: is empty: a pointer would be imported as an empty block"
        if any("\n" in value for value in block.attrib.values()):
            yield f"{where}: an attribute holds a line break, which XML would flatten"


def _verify_names(root: Path, files: set[str]) -> Iterator[str]:
    """Open edX finds a page by its url_name alone, whatever its type. The course block is always called `course` there."""
    named = [("course", "the course"), *((Path(file).stem, file) for file in sorted(files) if not file.startswith("course/"))]
    for file in sorted(files):
        if file.startswith("vertical/"):
            named += [(block.get("url_name", ""), f"a <{block.tag}> in {file}") for block in _load(root, file)]
    seen: dict[str, str] = {}
    for name, where in named:
        if name in seen:
            yield f"{where}: is called “{name}”, and so is {seen[name]}"
        seen.setdefault(name, where)


def _verify_policies(root: Path, run: str) -> Iterator[str]:
    policy = _load_json(root, f"policies/{run}/policy.json").get(f"course/{run}", {})
    for key in ("start", "end", "course_image", "advanced_modules", "display_name"):
        if not policy.get(key):
            yield f"policy.json: {key} is missing"
    if set(policy.get("advanced_modules", [])) != set(BLOCKS):
        yield "policy.json: advanced_modules must name our blocks"
    if policy.get("course_image") and not (root / "static" / policy["course_image"]).exists():
        yield "policy.json: course_image is not in static/"
    for key in ("start", "end"):
        if '"' in policy.get(key, ""):
            yield f"policy.json: {key} is a quoted date"


def _verify_grading(root: Path, run: str) -> Iterator[str]:
    grading = _load_json(root, f"policies/{run}/grading_policy.json")
    elements = [_load(root, f"sequential/{path.name}") for path in sorted((root / "sequential").glob("*.xml"))]
    formats = [element.get("format") for element in elements if element.get("graded") == "true"]
    for grader in grading["GRADER"]:
        name, count = grader["type"], formats.count(grader["type"])
        if grader["min_count"] != count:
            yield f"grading_policy.json: {name} has {count} subsections, min_count says {grader['min_count']}"
    for name in sorted({str(name) for name in formats} - {grader["type"] for grader in grading["GRADER"]}):
        yield f"grading_policy.json: no grader for format {name}"
    if formats and abs(sum(grader["weight"] for grader in grading["GRADER"]) - 1) > 1e-9:
        yield "grading_policy.json: weights do not add up to 1"
