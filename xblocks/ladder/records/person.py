"""Everything that the tables hold about one person, whatever the table: for answering people who ask what is kept of them.

It reads every table there is by its columns, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from ladder.records.models import Regrade

Rows = dict[str, list[dict[str, Any]]]
_STAFF = ("staff_id", "marker_id", "voided_by")
_PLACE = ("id", "course", "block", "question")


def courses_of(learner_id: int) -> list[str]:
    """The courses in which something is held about a learner."""
    found: set[str] = set()
    for model, path in _owned():
        if path == "learner_id":
            found |= set(model.objects.filter(learner_id=learner_id).values_list("course", flat=True))
    return sorted(found)


def held(learner_id: int, course: str = "") -> Rows:
    """Every row about a learner by table, in one course or in all; columns by name. Tables without any are left out."""
    found: Rows = {}
    for model, path in _owned():
        rows = model.objects.filter(**{path: learner_id})
        if course:
            rows = rows.filter(**{path.replace("learner_id", "course"): course})
        found[model._meta.db_table] = list(rows.order_by("pk").values())
    found[Regrade._meta.db_table] = list(_regraded(learner_id, [course] if course else courses_of(learner_id)))
    return {table: rows for table, rows in found.items() if rows}


def _owned() -> Iterator[tuple[type[models.Model], str]]:
    """The tables whose rows belong to a learner, with the way from the row to the learner's id."""
    for model in apps.get_app_config("ladder").get_models():
        names = {field.name for field in model._meta.fields}
        if "learner_id" in names:
            yield model, "learner_id"
        elif owner := names & {"attempt", "call"}:
            yield model, f"{owner.pop()}__learner_id"


def _regraded(learner_id: int, courses: list[str]) -> Iterator[dict[str, Any]]:
    """What regrades have changed for a learner. Their rows are about many people: only what is about this one is taken."""
    for row in Regrade.objects.filter(course__in=courses).order_by("id"):
        changes = [change for change in row.changes if change["learner"] == learner_id]
        if changes:
            yield {"id": row.id, "course": row.course, "block": row.block, "applied_at": row.applied_at, "changes": changes}


def done_as_staff(staff_id: int) -> Rows:
    """What a person has done as staff, by table: what, where and when. What it says about others is theirs."""
    found: Rows = {}
    for model in apps.get_app_config("ladder").get_models():
        fields = {field.attname: field for field in model._meta.fields}
        for column in fields.keys() & {*_STAFF}:
            shown = [name for name, field in fields.items() if name in _PLACE or isinstance(field, models.DateTimeField)]
            rows = list(model.objects.filter(**{column: staff_id}).order_by("pk").values(*shown))
            if rows:
                found[model._meta.db_table] = rows
    return found
