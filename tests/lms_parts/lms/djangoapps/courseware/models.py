"""The platform's `lms/djangoapps/courseware/models.py`, as far as blocks meet it."""

from __future__ import annotations

from django.db import models
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField


class StudentModule(models.Model):
    """The platform's own state of one block for one learner: what its instructor tools reset and delete."""

    student = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    course_id = CourseKeyField(max_length=255)
    module_state_key = UsageKeyField(max_length=255, db_column="module_id")
    module_type = models.CharField(max_length=32)
    state = models.TextField(null=True)

    class Meta:
        unique_together = (("student", "module_state_key", "course_id"),)
