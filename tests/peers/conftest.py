"""The programs of others, set up as far as they need to load what we write. They live in an environment of their own."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)  # after there is a place for files
def pytest_configure(config: pytest.Config) -> None:
    """One Django for both: the tables of openedx-core, the templates of CAPA."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    from openedx_content.settings_api import openedx_content_backcompat_apps_to_install

    contrib = importlib.util.find_spec("xblocks_contrib")
    assert contrib is not None
    assert contrib.origin is not None
    data = config._tmp_path_factory.mktemp("peers")  # type: ignore[attr-defined]
    settings.configure(
        SECRET_KEY="tests", USE_TZ=True, STATIC_URL="/static/", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "peers.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "xblocks_contrib.problem.capa.apps.CapaAppConfig",
            "openedx_content", *openedx_content_backcompat_apps_to_install(),
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(contrib.origin).parent / "problem" / "capa" / "templates"], "APP_DIRS": True,
        }],
        STORAGES={"default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(data / "media")}}},
        OPENEDX_LEARNING={"MEDIA": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(data / "media")}}},
    )
    django.setup()


@pytest.fixture(scope="session")
def tables() -> None:
    """The tables of openedx-core, empty."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
