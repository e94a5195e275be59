"""The platform's `common/djangoapps/student/auth.py`, as far as blocks meet it: who of Studio's users may read or write a course."""

from __future__ import annotations

from typing import Any

READERS: set[str] = set()
WRITERS: set[str] = set()


def has_studio_read_access(user: Any, course_key: Any) -> bool:
    return user.username in READERS | WRITERS


def has_studio_write_access(user: Any, course_key: Any) -> bool:
    return user.username in WRITERS
