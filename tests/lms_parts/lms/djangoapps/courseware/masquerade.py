"""The platform's `lms/djangoapps/courseware/masquerade.py`, as far as blocks meet it."""

from __future__ import annotations

from typing import Any


class CourseMasquerade:
    """Masquerade settings for a particular course, as the platform keeps them in the session."""

    def __init__(
        self, course_key: Any, role: str = "student", user_partition_id: int | None = None, group_id: int | None = None,
        user_name: str | None = None,
    ) -> None:
        self.course_key, self.role, self.user_name = course_key, role, user_name
        self.user_partition_id, self.group_id = user_partition_id, group_id


def get_course_masquerade(user: Any, course_key: Any) -> CourseMasquerade | None:
    """The masquerade of the user of the request; `setup_masquerade` has put it on that user."""
    return getattr(user, "masquerade_settings", {}).get(course_key, None)
