"""A list of people as a CSV file: a line a person, as a spreadsheet saves it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ladder_tools.formats.encoding import decode
from ladder_tools.formats.model import Reading, Source
from ladder_tools.preview.sentences import Stopped

_COLUMNS = {
    "account": ("账号", "用户名", "account", "username"),
    "name": ("姓名", "name", "full name"),
    "role": ("角色", "role"),
    "password": ("密码", "password"),
}
_ROLES = {"": "trainee", "学员": "trainee", "新人": "trainee", "trainee": "trainee", "培训师": "trainer", "trainer": "trainer"}


@dataclass(frozen=True)
class Person:
    """Somebody who is to have an account. `line` is that of the list, 0 for who stands in none."""

    account: str
    name: str
    role: str
    password: str = ""
    path: Path | None = None
    line: int = 0


def read_people(path: Path) -> list[Person]:
    """The people of a list. Raises `Stopped`, and OSError when the file cannot be opened."""
    reading = Reading(str(path))
    text = decode(Source(str(path), path.read_bytes()), reading)
    if text is None:
        raise Stopped("people-unread", path=path, why=reading.problems[0])
    try:
        return _people(csv.reader(io.StringIO(text)), path)
    except csv.Error as error:
        raise Stopped("people-unread", path=path, why=error) from error


def _people(rows: Any, path: Path) -> list[Person]:
    from django.contrib.auth import get_user_model

    places = _places(next(rows, []))
    if "account" not in places:
        raise Stopped("people-header", path=path)
    found: dict[str, Person] = {}
    for row in rows:
        cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
        if not any(cells.values()):
            continue
        account = str(get_user_model().normalize_username(cells["account"]))
        role = _ROLES.get(cells.get("role", "").lower())
        if role is None:
            raise Stopped("people-line", path=path, line=rows.line_num, why=Stopped("people-role", role=cells["role"]))
        if account.lower() in found:
            raise Stopped("people-line", path=path, line=rows.line_num, why=Stopped("user-taken", name=account))
        found[account.lower()] = Person(account, cells.get("name", ""), role, cells.get("password", ""), path, rows.line_num)
    if not found:
        raise Stopped("people-empty", path=path)
    return list(found.values())


def _places(header: list[str]) -> dict[str, int]:
    """The place of each column, by any of its names."""
    names = [cell.strip().lower() for cell in header]
    return {column: names.index(name) for column, known in _COLUMNS.items() for name in known if name in names}
