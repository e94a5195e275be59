"""The platform's `xmodule/modulestore/django.py`, as far as blocks meet it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class CourseBlock:
    """A course, of which our blocks ask the language."""

    language: str


class ModuleStore:
    """Every course is one in Chinese."""

    def get_course(self, course_key: Any) -> CourseBlock:
        return CourseBlock("zh-CN")


def modulestore() -> ModuleStore:
    return ModuleStore()
