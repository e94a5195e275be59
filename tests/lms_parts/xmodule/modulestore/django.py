"""The platform's `xmodule/modulestore/django.py`, as far as Ladder meets it: it holds the course that the preview serves."""

from __future__ import annotations

from ladder_tools.preview.store import PreviewStore


def modulestore() -> PreviewStore:
    return PreviewStore()
