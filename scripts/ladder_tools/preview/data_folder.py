"""The folder with what people did: looked at before anything is served from it. Without Django, which wants its key first."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from ladder_tools.preview.sentences import Stopped, of_database

RECORDS = "records.sqlite3"
KEY = "secret-key"
ROOM = 8_000_000  # bytes that must be left: a morning's work of a class
_SHORTEST_KEY = 50  # characters: below this Django calls a key weak
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SECONDS = 20.0  # to wait for another program that writes
_APPS = {"ladder": "ladder", "ladder_preview": "ladder_tools.preview"}  # whose tables are ours, and where their migrations lie


def inspect(data: Path) -> None:
    """Make the folder where there is none, and look whether it can be used as it is. Raises `Stopped`."""
    _make(data)
    _write_something(data)
    secret_key(data)
    if not (data / RECORDS).exists():
        (data / RECORDS).touch(mode=0o600)  # others on this machine have no business in it, wherever the folder lies
    _look_at_records(data / RECORDS)


def secret_key(data: Path) -> str:
    """The key of this folder, made when there is none. Raises `Stopped` for one that is not usable."""
    path = data / KEY
    key = private_text(path, lambda: secrets.token_urlsafe(48)).strip()
    if len(key) < _SHORTEST_KEY or not key.isascii() or not key.isprintable():
        raise Stopped("key-unusable", path=path)
    return key


def private_text(path: Path, make: Callable[[], str]) -> str:
    """The text of a file that its owner only can read, made when there is none. Raises `Stopped` and OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # All of it or nothing under that name, whenever the machine fails, and whoever else is starting.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            _name_once(Path(name), path)
        finally:
            Path(name).unlink(missing_ok=True)
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise Stopped("file-unreadable", path=path, reason=error) from error


def _name_once(made: Path, path: Path) -> None:
    try:
        os.link(made, path)
    except FileExistsError:
        return  # another was first: its text holds for both
    except OSError:  # a disk that knows no links
        made.rename(path)


def _make(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Stopped("data-no-folder", path=data) from error
    except OSError as error:
        raise Stopped("data-unusable", path=data, reason=error) from error


def _write_something(data: Path) -> None:
    """As much as the folder must have room for, and take it away again."""
    try:
        os.listdir(data)
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(bytes(ROOM))
            file.flush()
        is_full = shutil.disk_usage(data).free < ROOM
    except OSError as error:
        if error.errno not in _FULL:
            raise Stopped("data-unusable", path=data, reason=error) from error
        is_full = True
    if is_full:
        raise Stopped("data-full", path=data, megabytes=ROOM // 1_000_000)


def _look_at_records(path: Path) -> None:
    try:
        records = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_SECONDS, isolation_level=None)
        try:
            (found,) = records.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                why = " ".join(found.removeprefix("*** in database main ***").split())
                raise Stopped("database-damaged", path=path, reason=why)
            records.execute("BEGIN IMMEDIATE")  # says whether it may be written
            records.execute("ROLLBACK")
            newer = sorted(_applied(records) - _known())
        finally:
            records.close()
    except sqlite3.Error as error:
        raise of_database(error, path) from error
    if newer:
        raise Stopped("database-newer", path=path, name=newer[0][1])


def _applied(records: sqlite3.Connection) -> set[tuple[str, str]]:
    if not records.execute("SELECT count(*) FROM sqlite_master WHERE name = 'django_migrations'").fetchone()[0]:
        return set()
    return {row for row in records.execute("SELECT app, name FROM django_migrations") if row[0] in _APPS}


def _known() -> set[tuple[str, str]]:
    return {
        (app, file.name.removesuffix(".py"))
        for app, package in _APPS.items() for file in (files(package) / "migrations").iterdir()
    }
