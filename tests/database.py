"""Where the tests keep their rows: a file of SQLite, or the server that LADDER_TEST_DATABASE names by its kind and socket.

All are databases that commit, with threads that meet in them. `scripts/with-mariadb` and `scripts/with-postgres` start a server.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Protocol


class Database(Protocol):
    """One kind of database."""

    def settings(self, preview: dict[str, Any]) -> dict[str, Any]:
        """The DATABASES entry, made from the preview's own."""

    def make(self, folder: Path) -> None:
        """Migrate a database that will be emptied for each test. `folder` lasts as long as the run."""

    def renew(self, folder: Path) -> None:
        """Make it as it was after the migrations. `folder` is the test's own."""


class SQLite:
    """A file for each test, copied from a migrated one."""

    def settings(self, preview: dict[str, Any]) -> dict[str, Any]:
        return preview

    def make(self, folder: Path) -> None:
        from django.db import connections

        self._empty = folder / "records.sqlite3"
        connections.settings["default"]["NAME"] = str(self._empty)
        _migrate()

    def renew(self, folder: Path) -> None:
        from django.db import connections

        path = folder / "records.sqlite3"
        shutil.copyfile(self._empty, path)
        connections.settings["default"]["NAME"] = str(path)


class MariaDB:
    """One database of a server, whose rows are deleted before each test. Set up as Open edX sets up MySQL."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._name = f"ladder_{os.getpid()}"
        self._tables: list[str] = []

    def settings(self, preview: dict[str, Any]) -> dict[str, Any]:
        return {
            "ENGINE": "django.db.backends.mysql", "HOST": self._socket, "USER": "root", "NAME": self._name,
            "ATOMIC_REQUESTS": False,  # the LMS calls a block's handlers and views outside of any transaction
            "OPTIONS": {
                "charset": "utf8mb4",
                "init_command": "SET sql_mode = 'STRICT_TRANS_TABLES'",
                "isolation_level": os.environ.get("LADDER_TEST_ISOLATION", "read committed"),
            },
        }

    def make(self, folder: Path) -> None:
        import MySQLdb

        server = MySQLdb.connect(unix_socket=self._socket, user="root")
        server.cursor().execute(f"CREATE DATABASE {self._name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        server.close()
        _migrate()
        self._tables = _tables_without_rows()

    def renew(self, folder: Path) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
            for table in self._tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("SET FOREIGN_KEY_CHECKS = 1")


class PostgreSQL:
    """One database of a server, whose rows are deleted before each test. `folder` holds the server's socket."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._name = f"ladder_{os.getpid()}"
        self._tables: list[str] = []

    def settings(self, preview: dict[str, Any]) -> dict[str, Any]:
        return {
            "ENGINE": "django.db.backends.postgresql", "HOST": self._folder, "USER": "ladder", "NAME": self._name,
            "ATOMIC_REQUESTS": False,  # the LMS calls a block's handlers and views outside of any transaction
        }

    def make(self, folder: Path) -> None:
        import psycopg

        with psycopg.connect(host=self._folder, user="ladder", dbname="postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {self._name}")
        _migrate()
        self._tables = _tables_without_rows()

    def renew(self, folder: Path) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            # Not TRUNCATE: it makes new files for the tables and their indexes, which takes longer than a test.
            cursor.execute(f"""
                SET session_replication_role = replica;
                {"".join(f"DELETE FROM {table};" for table in self._tables)}
                SET session_replication_role = origin;
            """)


SERVERS = {"mysql": MariaDB, "postgresql": PostgreSQL}


def chosen() -> Database:
    """The kind of database that the environment asks for."""
    kind, _, socket = os.environ.get("LADDER_TEST_DATABASE", "").partition(":")
    return SERVERS[kind](socket) if kind else SQLite()


def _tables_without_rows() -> list[str]:
    """The tables that the tests fill."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT NOT EXISTS (SELECT 1 FROM {table})")
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
