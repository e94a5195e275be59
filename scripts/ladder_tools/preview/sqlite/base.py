"""Parallel writers do not lose each other's rows. Django has such options for SQLite since 5.1 only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.sqlite3 import base

from ladder.records.journal import in_passing
from ladder_tools.preview.sqlite.turn import Turn

# A log that readers do not block, and every commit on the disk before it is acknowledged.
SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
IN_PASSING = 1.0  # seconds that a page may be held up by what need not be written now
_turn = Turn()
_longest: ContextVar[float | None] = ContextVar("ladder_longest_wait", default=None)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Meanwhile a transaction waits no longer than this for the write lock; else as long as the settings say."""
    token = _longest.set(seconds)
    try:
        yield
    finally:
        _longest.reset(token)


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction takes the write lock when it starts: it cannot find out later that another was first."""

    _has_turn = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection set up for the preview."""
        made = super().get_new_connection(conn_params)
        made.executescript(SETTINGS)
        self._waits = self._usual_wait()
        return made

    def _usual_wait(self) -> float:
        return float(self.settings_dict["OPTIONS"]["timeout"])

    def _start_transaction_under_autocommit(self) -> None:
        longest = _longest.get()
        wait = self._usual_wait() if longest is None else longest
        if in_passing():
            wait = min(wait, IN_PASSING)
        self._has_turn = _turn.take(wait)
        wait = wait if self._has_turn else 0.0
        if wait != self._waits:
            self.connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
            self._waits = wait
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._pass_on()
            raise

    def _pass_on(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.give()

    def _commit(self) -> None:
        super()._commit()
        self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._pass_on()
