"""The platform's `common/djangoapps/student/models`, as far as blocks meet them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField


class CourseEnrollment(models.Model):
    """Somebody takes part in a course, or did."""

    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    course_id = CourseKeyField(max_length=255, db_index=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        unique_together = (("user", "course_id"),)


def anonymous_id_for_user(user: Any, course_id: Any) -> str:
    return f"preview-{user.id}"


def user_by_anonymous_id(uid: str) -> Any:
    return get_user_model().objects.filter(id=uid.removeprefix("preview-")).first()
