"""The course that is served, as a program finds it that looks for courses in Open edX."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opaque_keys.edx.keys import CourseKey

from ladder_tools.preview.content import Site
from ladder_tools.preview.runtime import PreviewRuntime
from ladder_tools.preview.views import open_shelf


@dataclass(frozen=True)
class Summary:
    """What the platform says of a course."""

    id: CourseKey
    language: str | None


class PreviewStore:
    """As much of the platform's modulestore as Ladder asks. It holds one course, none while that cannot be read."""

    def __init__(self) -> None:
        self._site: Site | None = open_shelf().site

    def get_course_summaries(self) -> list[Summary]:
        """The course."""
        return [] if self._site is None else [Summary(self._site.key, self._site.course.settings.language)]

    def get_course(self, key: CourseKey) -> Summary | None:
        """The course, by its key."""
        return next((course for course in self.get_course_summaries() if course.id == key), None)

    @contextmanager
    def bulk_operations(self, key: CourseKey) -> Iterator[None]:
        """Nothing to be gained: all is in memory."""
        yield

    def get_items(self, key: CourseKey, qualifiers: dict[str, str], include_orphans: bool) -> list[Any]:
        """Its blocks of one kind, in the order of the outline."""
        if self._site is None or self._site.key != key:
            return []
        runtime = PreviewRuntime(self._site, None)
        usages = [self._site.usage_key(position.unit) for position in self._site.positions.values()]
        return [runtime.get_block(usage) for usage in usages if usage.block_type == qualifiers["category"]]
