"""Parallel writers do not lose each other's rows. Django has such options for SQLite since 5.1 only."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

# A log that readers do not block, and every commit on the disk before it is acknowledged.
SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction takes the write lock when it starts: it cannot find out later that another was first."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection set up for the preview."""
        made = super().get_new_connection(conn_params)
        made.executescript(SETTINGS)
        return made

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")
