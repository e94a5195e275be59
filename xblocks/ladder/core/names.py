"""What the sections, subsections and units of a course are called in Open edX, and the ids that authors therefore cannot use.

Open edX finds a page by its name alone (`jump_to_id`), of whatever type it is: of two with one name, a link leads to either.
Names of sections and subsections never change, because grades and overrides hang on a subsection's.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ladder.core.mistakes import BOOK

KNOWLEDGE_BASE = "kb"
PARTS = ("stage", "lessons", "cases", "exams")
# What every course of Open edX has beside its outline: the course itself, the texts of its pages, its updates.
_PLATFORM = frozenset((
    "course", "description", "duration", "effort", "handouts", "overview", "subtitle", "syllabus", "title", "updates", "video",
))
_CATEGORY = re.compile(rf"{KNOWLEDGE_BASE}-\d+")


def section(id_: str) -> str:
    """The section of a stage, of the book of mistakes or of the knowledge base."""
    return f"{id_}-section"


def subsection(id_: str, part: str | int) -> str:
    """The subsection that holds a part of a stage, or a category of the knowledge base by its number."""
    return f"{id_}-{part}"


def unit(id_: str) -> str:
    """The unit around a block. No id holds an underscore, so a unit is called like nothing else."""
    return f"{id_}_unit"


BOOKS_GROUP = subsection(BOOK, "group")
_TAKEN = _PLATFORM | {BOOK, BOOKS_GROUP, section(BOOK), section(KNOWLEDGE_BASE)}


def is_reserved(id_: str, stages: Collection[str]) -> bool:
    """Whether something else in a course with these stages has, or may come to have, the name that a file wants as its id.

    A stage's parts count whether they are there or not: the first exam of a stage must not find its name taken.
    """
    stage, _, part = id_.rpartition("-")
    return id_ in _TAKEN or _CATEGORY.fullmatch(id_) is not None or (part in (*PARTS, "section") and stage in stages)


def is_reserved_for_stage(id_: str) -> bool:
    """Whether a stage of this id would have a section that is somebody else's."""
    return id_ == KNOWLEDGE_BASE
