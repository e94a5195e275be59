"""What authors do in Studio beside the editor: make a block, copy one. Studio gives ids of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ladder_tools.olx import Unit
from ladder_tools.preview.content import Position
from ladder_tools.preview.runtime import PreviewRuntime

FIELDS = ("display_name", "content", "stage")


def block_of(site: Any, kind: str, name: str) -> Any:
    """A block of the course, as nobody in particular."""
    return PreviewRuntime(site.now, None).get_block(site.usage(kind, name))


def make_block(site: Any, kind: str, name: str, fields: Mapping[str, str] | None = None) -> Any:
    """A new block from the menu: no field of it is set but these."""
    chapter = site.now.outline[0]
    unit = Unit(kind, name, name, "", "")
    position = Position(chapter, chapter.groups[0], unit, None, None)
    site.shelf.site = replace(site.now, positions={**site.now.positions, name: position})
    block = block_of(site, kind, name)
    for field, value in (fields or {}).items():
        setattr(block, field, value)
    block.save()
    return block


def copy_block(site: Any, kind: str, name: str, copy: str, **changed: str) -> Any:
    """*Duplicate*, or *Copy* and *Paste*: everything of the block but its id."""
    old = block_of(site, kind, name)
    return make_block(site, kind, copy, {field: getattr(old, field) for field in FIELDS} | changed)
