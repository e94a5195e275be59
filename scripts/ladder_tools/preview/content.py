"""The course as the preview serves it: built in memory by the same code as the archive, then parsed as an import parses it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, IdGenerator, IdReader, KvsFieldData

from ladder.core.course import Course
from ladder.core.problems import Problem
from ladder_tools.build import read_static
from ladder_tools.folder import read_course
from ladder_tools.olx import Chapter, Group, Unit, chapters, olx_files

_PARSER = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True, load_dtd=False)


class KeyIds(IdReader, IdGenerator):
    """Usage keys are the ids: `block-v1:org+course+run+type@ladder_lesson+block@welcome`. A definition is its usage."""

    def get_definition_id(self, usage_id: UsageKey) -> UsageKey:
        """The usage itself."""
        return usage_id

    def get_block_type(self, def_id: UsageKey) -> str:
        """The type that the key names."""
        return str(def_id.block_type)

    def _no_asides(self, *_: Any) -> Any:
        raise NotImplementedError("The preview has no asides.")

    get_usage_id_from_aside = get_definition_id_from_aside = _no_asides
    get_aside_type_from_usage = get_aside_type_from_definition = create_aside = _no_asides
    create_usage = create_definition = _no_asides


KEY_IDS = KeyIds()


@dataclass(frozen=True)
class Position:
    """A unit in the outline, with its neighbours."""

    chapter: Chapter
    group: Group
    unit: Unit
    before: Unit | None
    after: Unit | None


@dataclass(frozen=True)
class Site:
    """One version of the course. Never changed: a new version takes its place."""

    course: Course
    key: CourseKey
    outline: tuple[Chapter, ...]
    static: Mapping[str, bytes]
    fields: KvsFieldData
    positions: Mapping[str, Position]

    def usage_key(self, unit: Unit) -> UsageKey:
        """The key of a unit's block."""
        return self.key.make_usage_key(f"ladder_{unit.kind}", unit.name)

    @cached_property
    def usage_keys(self) -> frozenset[UsageKey]:
        """Every block there is."""
        return frozenset(self.usage_key(position.unit) for position in self.positions.values())


def make_site(course: Course, static: Mapping[str, bytes]) -> Site:
    """Build the OLX in memory and parse each block from it through the XBlock runtime."""
    from ladder_tools.preview.runtime import PreviewRuntime

    outline = chapters(course)
    settings = course.settings
    key = CourseLocator(settings.org, settings.number, settings.run)
    site = Site(course, key, outline, static, KvsFieldData(DictKeyValueStore()), _positions(outline))
    runtime = PreviewRuntime(site, None)
    for name, data in olx_files(course, {}).items():
        if name.startswith("vertical/"):
            for node in etree.fromstring(data, _PARSER):
                usage = key.make_usage_key(node.tag, node.attrib.pop("url_name"))  # the key holds it; it is no field
                block = runtime.load_block_type(node.tag).parse_xml(node, runtime, ScopeIds(None, node.tag, usage, usage))
                block.save()
    return site


def _positions(outline: Iterable[Chapter]) -> dict[str, Position]:
    rows = [(chapter, group, unit) for chapter in outline for group in chapter.groups for unit in group.units]
    positions = {}
    for index, (chapter, group, unit) in enumerate(rows):
        # Articles and mistakes are books of their own: the way through the stages does not run on into them.
        neighbours = [rows[at][2] if 0 <= at < len(rows) else None for at in (index - 1, index + 1)]
        same = [other and _book(other) == _book(unit) for other in neighbours]
        before, after = (other if fits else None for other, fits in zip(neighbours, same, strict=True))
        positions[unit.name] = Position(chapter, group, unit, before, after)
    return positions


def _book(unit: Unit) -> str:
    return unit.kind if unit.kind in ("article", "mistakes") else ""


class Shelf:
    """The course now being served. A broken file leaves the last good version where it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = 0
        self.site: Site | None = None
        self.problems: tuple[Problem, ...] = ()
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read the folder again."""
        with self._lock:
            course, problems, files = read_course(self.folder)
            if course is not None:
                self.site = make_site(course, read_static(self.folder, files.static))
                problems = []
            self.problems = tuple(problem for problem in problems if problem.severity == "error")
            self.version += 1
