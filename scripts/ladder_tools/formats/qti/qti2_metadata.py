"""What a manifest says of items beside them: difficulty in the five words of LOM, and what an item refers to."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lxml import etree

from ladder_tools.formats.qti.package import Document, joined

DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
REFERENCE = "references"  # the word of LOM for where more is said


def package_title(manifest: Document | None) -> str:
    """What a package is called."""
    found = manifest.root.find("metadata/lom/general/title") if manifest else None
    return _words(found)


def item_metadata(manifest: Document | None) -> dict[str, tuple[str, ...]]:
    """By path of an item, what is said of it, as tags: `difficulty:3`, `kb:refunds#deadline`."""
    if manifest is None:
        return {}
    folder = PurePosixPath(manifest.path).parent
    return {
        joined(folder, resource.get("href") or ""): tuple(_tags(resource))
        for resource in manifest.root.iter("resource") if resource.get("href")
    }


def _tags(resource: etree._Element) -> list[str]:
    level = _words(resource.find("metadata/lom/educational/difficulty")).lower().removeprefix("lomv1.0").strip()
    tags = [f"difficulty:{DIFFICULTIES.index(level) + 1}"] if level in DIFFICULTIES else []
    for relation in resource.iterfind("metadata/lom/relation"):
        target = _words(relation.find("resource/description"))
        if REFERENCE in _words(relation.find("kind")).lower() and re.match(r"[a-z0-9-]+(?:#\S+)?\Z", target):
            tags.append(f"kb:{target}")
    return tags


def _words(element: etree._Element | None) -> str:
    return "" if element is None else " ".join(" ".join(element.itertext()).split())
