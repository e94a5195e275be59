"""A migration that has landed stays as it is, and databases kept from each earlier state come up to today's with every row.

When a migration lands: add the hash of its file to FROZEN (a test that fails says it), and keep a database of that state with
`tools/kept/make.py`. `kept/0002-first.sql` is of the 22 minutes before 0002 was edited; that is what must not happen again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

import ladder
from ladder_tools.preview.serve import migrate

MIGRATIONS = Path(ladder.__file__).parent / "migrations"
KEPT = sorted((Path(__file__).parent / "kept").glob("*.sql"))
FROZEN = {
    "0001_initial": "2a9b69b728d6bcfd2d6f51e88233d830134c114650b03d08e9b2ee958e38c79d",
    "0002_marking_desk": "89ba4b39f19969d902d707b660ea2118aa5e57713fc5e067fe2638597c83de58",
    "0003_extra_minutes": "2eea0c61d912e1c67ca67fbf18b8ca3e6a7515c209bb419e7b1f9c9bba5d2a51",
    "0004_what_counts": "f1b588e2053e7ec79d554fceca392c534da04d3099a97e2e088817da71d41906",
    "0005_late_answers": "764606ec9057130d508c37505fdb34132b4ea571d5e0bd985f740c936bc712dd",
    "0006_rule_of_opening": "4b22cb191bd9c76bcef7a070a38c438b37035094713912dbfbe4c18d93690924",
    "0007_trial_is_yes_or_no": "eae36296df61febd4ba0ccb65932870ec509e0b74a275c850269725299368e2a",
}


def test_a_migration_that_has_landed_is_never_edited() -> None:
    """Databases have applied it: they would never get what is added, and nobody would be told."""
    found = {path.stem: hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for path in MIGRATIONS.glob("0*.py")}
    assert found == FROZEN, "a new migration: add its hash. One that is there: put it back, and write another migration"


def test_a_database_is_kept_of_each_state_that_was_head() -> None:
    assert {"0001", "0002-first", "0002", "0003", "0004", "0007"} <= {path.stem for path in KEPT}


def rows(path: str) -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """The columns and rows of our tables and of the people, by table."""
    records = sqlite3.connect(path)
    try:
        tables = [name for (name,) in records.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'ladder%' OR name = 'auth_user')")]
        return {table: (tuple(column[1] for column in records.execute(f"PRAGMA table_info({table})")),
                        records.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()) for table in tables}
    finally:
        records.close()


def columns(path: str) -> dict[str, list[Any]]:
    records = sqlite3.connect(path)
    try:
        return {table: sorted(column[1:4] for column in records.execute(f"PRAGMA table_info({table})")) for table in rows(path)}
    finally:
        records.close()


@pytest.fixture(params=[pytest.param(path, id=path.stem, marks=pytest.mark.slow) for path in KEPT])
def kept(request: pytest.FixtureRequest, site: Any) -> Path:
    """A database of an earlier state, in the place of today's."""
    connections.close_all()
    path = Path(connections.settings["default"]["NAME"])
    path.unlink()
    records = sqlite3.connect(path)
    records.executescript(request.param.read_text(encoding="utf-8"))
    records.close()
    return path


def upgrade() -> None:
    migrate()
    connections.close_all()


def test_every_row_of_an_earlier_state_is_there_after_the_upgrade(kept: Path) -> None:
    before = rows(str(kept))
    assert sum(len(found) for _, found in before.values()) > 50
    upgrade()
    after = rows(str(kept))
    for table, (names, found) in before.items():
        new_names, new = after[table]
        places = [new_names.index(name) for name in names]
        assert [tuple(row[place] for place in places) for row in new] == found, table


def test_the_tables_of_an_earlier_state_become_those_of_a_new_database(kept: Path, migrated: Any) -> None:
    upgrade()
    assert columns(str(kept)) == columns(str(migrated._empty))


def test_only_what_staff_did_is_a_trial_in_an_upgraded_database(kept: Path) -> None:
    """Of the first 0002, SQLite made the word trial."""
    upgrade()
    records = sqlite3.connect(kept)
    found = records.execute("SELECT username, trial, typeof(trial) FROM ladder_attempt JOIN auth_user ON auth_user.id = learner_id").fetchall()
    records.close()
    assert {name: trial for name, trial, _ in found if name != "trainer"} == {"lin": 0, "wang": 0, "zhao": 0}
    assert {kind for _, _, kind in found} == {"integer"}
    assert [trial for name, trial, _ in found if name == "trainer"] in ([], [1])


def test_people_go_on_where_they_were_after_the_upgrade(kept: Path, sign_in: Callable[[str], Any], act: Callable[..., Any]) -> None:
    upgrade()
    people = {name: sign_in(name) for name in ("lin", "wang", "zhao", "trainer")}
    for client in people.values():
        for url in ("/course/", "/unit/first-exam/", "/unit/late-van/", "/unit/welcome/", "/unit/mistakes/"):
            assert client.get(url).status_code == 200, url
    assert people["lin"].get("/unit/refunding/").content.decode().count("ladder-locked") == 0, "the second stage stays open"
    desk = act(people["trainer"], "exam", "first-exam", "desk")
    assert desk.status_code == 200


def test_of_stages_that_opened_before_rules_were_kept_none_is_made_up(kept: Path) -> None:
    def rules() -> set[Any]:
        table, rows_ = rows(str(kept))["ladder_stageopening"]
        return {row[table.index("rule")] for row in rows_} if "rule" in table else {None}

    before = rules()
    upgrade()
    assert rules() == before
