"""The Django app, found by Open edX through its plugin entry points."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig


class LadderConfig(AppConfig):
    """The package as an app: Django finds its tables, migrations, commands and translations in their usual places."""

    name = "ladder"
    verbose_name = "Ladder"
    default_auto_field = "django.db.models.BigAutoField"
    # Read by edx_django_utils.plugins, whose names for these keys are the same texts; only an LMS has that package.
    plugin_app: ClassVar[dict[str, Any]] = {
        "signals_config": {
            "lms.djangoapp": {
                "relative_path": "plugin.receivers",
                "receivers": [
                    {
                        "receiver_func_name": "retire_learner",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_CRITICAL",
                    },
                ],
            },
        },
    }
