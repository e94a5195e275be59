"""What tests of the blocks, the records and the preview share: a small course, a fresh database, people who sign in."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from database import Database, chosen
from trainee import Trainee

# A test that fails tells of what was changed, not of the day's luck; `make explore` goes where no run has been.
# How long an example takes is nothing to fail by, and a learner may stay the same from one example to the next.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]}
hypothesis.settings.register_profile("same", derandomize=True, **PATIENT)
hypothesis.settings.register_profile("explore", print_blob=True, **PATIENT)
hypothesis.settings.load_profile("same")

TESTS = Path(__file__).parent
SMALL = TESTS / "course"
NEEDS_DJANGO = ("blocks", "lms", "mysql", "plugin", "tools")
SLOW = {
    "test_build.py", "test_chance.py", "test_encodings.py", "test_clock.py", "test_crawl.py", "test_export.py", "test_foreign.py", "test_forgery.py", "test_gate.py", "test_learner.py", "test_lms.py", "test_made_in_studio.py", "test_marking.py",
    "test_mistakes.py", "test_nothing_told.py", "test_package.py", "test_preview.py", "test_races.py", "test_reader.py", "test_records.py", "test_retirement.py", "test_scores.py",
    "test_secrets.py", "test_statistics.py", "test_unreleased.py", "test_locks.py", "test_broken_course.py", "test_sign_in.py", "test_unmarkable.py",
    "test_preview_faults.py", "test_regrade.py", "test_author.py", "test_exam_rules.py",
}
# Formats one by one: what they read is in the zoo, which does not wait.
SLOW_FOLDER = TESTS / "tools" / "formats"
Act = Callable[..., Any]
# The programs of others have an environment of their own, and this is none of it.
collect_ignore = [] if importlib.util.find_spec("openedx_content") else ["peers"]
# SQLite lets one request write at a time: of two that meet it has little to say.
collect_ignore += [] if os.environ.get("LADDER_TEST_DATABASE") else ["mysql"]
# The platform's apps want a process of their own: blocks/test_lms.py runs these.
collect_ignore += [] if os.environ.get("DJANGO_SETTINGS_MODULE") == "lms_settings" else ["lms", "lms_parts"]


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Modules of these folders import tables, so Django is set up before they are; the tests of the rules go without."""
    folder = collector.path.relative_to(TESTS).parts[:1] if collector.path.is_relative_to(TESTS) else ()
    if isinstance(collector, pytest.Module) and folder and folder[0] in NEEDS_DJANGO:
        set_up_django(collector.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts processes, builds packages or crawls everything waits for `make test`."""
    for item in items:
        if item.path.name in SLOW or item.path.parent == SLOW_FOLDER:
            item.add_marker(pytest.mark.slow)


def set_up_django(config: pytest.Config) -> None:
    """The preview's own settings on a data folder of this run."""
    from django.apps import apps

    if apps.ready:
        return
    data = config._tmp_path_factory.mktemp("data")  # type: ignore[attr-defined]
    os.environ |= {
        "LADDER_DATA": str(data), "LADDER_COURSE": str(SMALL / "courses" / "small"), "LADDER_LANGUAGE": "zh-hans",
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder_tools.preview.settings")
    os.environ.pop("LADDER_DEMO_PASSWORD", None)
    import django
    from django.conf import settings

    settings.DATABASES = {"default": chosen().settings(settings.DATABASES["default"])}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second
    django.setup()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A migrated database without rows, of the kind that the environment asks for."""
    from django.db import connections

    made = chosen()
    made.make(tmp_path_factory.mktemp("empty"))
    connections.close_all()
    return made


@pytest.fixture
def database(migrated: Database, tmp_path: Path) -> Iterator[None]:
    """A database as after the migrations, so that commits and threads are real."""
    from django.core.cache import cache
    from django.db import connections

    connections.close_all()
    migrated.renew(tmp_path)
    cache.clear()
    yield
    connections.close_all()


class Site:
    """The small course as the preview serves it, in a folder of this test's own."""

    def __init__(self, folder: Path) -> None:
        from ladder_tools.preview.content import Shelf

        self.folder = folder
        self.banks = folder.parent.parent / "question_banks" / folder.name
        self.shelf = Shelf(folder)
        self.load()

    def load(self) -> None:
        """Read the folder again; it must be sound."""
        self.shelf.load()
        assert not self.shelf.problems, self.shelf.problems

    @property
    def now(self) -> Any:
        """The version being served."""
        return self.shelf.site

    def rewrite(self, path: Path, old: str, new: str) -> None:
        """Change a file of the course as its author would."""
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path.name} does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.load()

    def usage(self, kind: str, name: str) -> Any:
        """The key of a block."""
        return self.now.key.make_usage_key(f"ladder_{kind}", name)


def copy_small_course(to: Path) -> Path:
    """The small course and its banks, laid out as an author has them."""
    shutil.copytree(SMALL, to, dirs_exist_ok=True)
    return to / "courses" / "small"


@pytest.fixture
def site(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The small course, served."""
    return serve(copy_small_course(tmp_path / "desk"), monkeypatch)


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Make the preview serve the course in `folder`."""
    from ladder_tools.preview import views

    made = Site(folder)
    monkeypatch.setattr(views, "_shelf", made.shelf)
    return made


@pytest.fixture
def sign_in(site: Site) -> Callable[[str], Any]:
    """`sign_in("trainee")` gives a test client of that user; a name that begins with trainer makes staff."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    def signed_in(username: str) -> Any:
        user, _ = get_user_model().objects.get_or_create(username=username, defaults={"is_staff": username.startswith("trainer")})
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user)
        client.user = user  # type: ignore[attr-defined]
        return client

    return signed_in


@pytest.fixture
def act(site: Site) -> Act:
    """`act(client, kind, name, handler, data)` posts JSON to a handler, as a page's script does."""

    def acted(client: Any, kind: str, name: str, handler: str, data: Any = None) -> Any:
        body = data if isinstance(data, bytes) else json.dumps({} if data is None else data)
        return client.post(f"/handler/{site.usage(kind, name)}/{handler}", body, content_type="application/json")

    return acted


class Clock:
    """The server's clock, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from ladder import lms

        self.time = lms.now()
        monkeypatch.setattr(lms, "now", lambda: self.time)

    def go_on(self, **by: float) -> None:
        """Let time pass: `clock.go_on(minutes=20)`."""
        self.time += timedelta(**by)


@pytest.fixture
def clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until it is told to go on."""
    return Clock(monkeypatch)


@pytest.fixture
def trainee(site: Site, sign_in: Callable[[str], Any], act: Act) -> Trainee:
    """Somebody on the first day."""
    return Trainee(sign_in("trainee"), act, site)


@pytest.fixture
def trainer(site: Site, sign_in: Callable[[str], Any], act: Act) -> Trainee:
    """Staff, who use the same pages."""
    return Trainee(sign_in("trainer"), act, site)


@pytest.fixture
def host(site: Site) -> Callable[..., Any]:
    """`host(trainee, time_zone="Asia/Tokyo")` is the platform as the blocks meet it when that trainee, who prefers that, is there."""
    from host import Host

    return lambda trainee, **preferences: Host(site.now, trainee.client.user, **preferences)
