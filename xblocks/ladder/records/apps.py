"""The Django app, found by Open edX through its plugin entry points."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Tables of the package; also where Django finds our templates and translations."""

    name = "ladder.records"
    label = "ladder"
    verbose_name = "Ladder"
    default_auto_field = "django.db.models.BigAutoField"
    # The app's folder is the whole package: `templates/` and `locale/` belong to all of it.
    path = str(Path(__file__).parent.parent)
    # Read by edx_django_utils.plugins; nothing to add but the app itself.
    plugin_app: ClassVar[dict[str, Any]] = {}
