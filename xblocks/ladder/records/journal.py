"""How rows are written: together or not at all, and again when somebody else was first."""

from __future__ import annotations

import functools
import sqlite3
import time
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connection, connections, models, transaction

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 5
PATIENCE = 2.0  # seconds: who has waited longer for somebody else's lock is not made to wait as long once more
PREPARATIONS = 3
_MYSQL_WAITED, _POSTGRESQL_WAITED = 1205, "55P03"  # ER_LOCK_WAIT_TIMEOUT, lock_not_available
_MYSQL_GAVE_WAY = (1020, 1213, _MYSQL_WAITED)  # ER_CHECKREAD, ER_LOCK_DEADLOCK
_POSTGRESQL_GAVE_WAY = ("40001", "40P01", _POSTGRESQL_WAITED)  # serialization_failure, deadlock_detected
_AS_IT_IS = (models.CharField, models.IntegerField)  # fields whose values every database takes without being asked
_due: ContextVar[list[Callable[[], object]] | None] = ContextVar("ladder_due", default=None)
_tries: ContextVar[int] = ContextVar("ladder_tries", default=TRIES)
_writing: ContextVar[bool] = ContextVar("ladder_writing", default=False)


class Unprepared(Exception):
    """Under a lock something is needed that takes long to make. `prepare` makes it, once the lock is let go."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        super().__init__()
        self.prepare = prepare


def never_under_a_lock(prepare: Callable[[], object]) -> None:
    """Called before something slow is done that can be kept.

    Inside `together` it raises `Unprepared`, so that the lock is let go meanwhile.
    """
    if _writing.get():
        raise Unprepared(prepare)


def together(write: Callable[P, R]) -> Callable[P, R]:
    """Run `write` in one transaction.

    Two requests may find the same gap and both try to fill it; the unique constraint lets one through. The other reads again and
    sees what happened. So does a request that the database has sent away so that another could go on. So does one that lacked
    something slow, which is made meanwhile (`never_under_a_lock`). Inside an outer transaction nothing is tried again: what came
    before would be lost. What `write` refuses undoes its own rows there, and the transaction goes on.
    """

    @functools.wraps(write)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return write(*args, **kwargs)
        began, tries, preparations = time.monotonic(), _tries.get(), PREPARATIONS
        while True:
            try:
                with transaction.atomic(), _written(waits=preparations > 0):
                    return write(*args, **kwargs)
            except Unprepared as cold:
                preparations -= 1  # after some, rather under the lock than never: what was kept may have been pushed out again
                cold.prepare()
            except (IntegrityError, OperationalError) as error:
                tries -= 1
                out_of_patience = _waited(error) and time.monotonic() - began > PATIENCE
                if not tries or out_of_patience or not _may_go_again(error):
                    raise

    return again


@contextmanager
def _written(*, waits: bool) -> Iterator[None]:
    token = _writing.set(waits)
    try:
        yield
    finally:
        _writing.reset(token)


def _may_go_again(error: Exception) -> bool:
    """Whether somebody else was in the way: a place taken, a row changed since, a deadlock, a lock not let go in time."""
    if isinstance(error, IntegrityError):
        return True
    gave_way = _postgresql_state(error) in _POSTGRESQL_GAVE_WAY or error.args[:1] in {(code,) for code in _MYSQL_GAVE_WAY}
    return gave_way or _waited(error)


def _waited(error: Exception) -> bool:
    """Whether a lock was not let go in time."""
    busy = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return busy or _postgresql_state(error) == _POSTGRESQL_WAITED or error.args[:1] == (_MYSQL_WAITED,)


def _postgresql_state(error: Exception) -> str | None:
    # psycopg 3 and psycopg2 name it differently.
    return getattr(error.__cause__, "sqlstate", None) or getattr(error.__cause__, "pgcode", None)


def in_passing() -> bool:
    """Whether what is being written need not be written now."""
    return _tries.get() == 1


def afterwards(write: Callable[[], object]) -> None:
    """Run `write` when the page or reply is made and what the request itself writes is committed, in a transaction of its own.

    For what is found due while a page is made: the page shows it computed. It is tried once, so that nobody waits for long; a
    database that can wait for less than it does elsewhere asks `in_passing`.
    Failing to write is logged and fails nothing; the next request finds it due again.
    """

    def once() -> None:
        token = _tries.set(1)
        try:
            write()
        finally:
            _tries.reset(token)

    due = _due.get()
    if due is None:
        transaction.on_commit(once, robust=True)
    else:
        due.append(once)


@contextmanager
def page_first() -> Iterator[None]:
    """While a page or reply is made, keep back what `afterwards` is given; then write it."""
    due: list[Callable[[], object]] = []
    token = _due.set(due)
    try:
        yield
    finally:
        _due.reset(token)
        for write in due:
            transaction.on_commit(write, robust=True)


def rows_of(model: Any, statement: str, values: Sequence[object]) -> list[Any]:
    """The rows of a statement that is written out, their columns by name; those that `model` has too are read as it reads them.

    `Model.objects.raw` makes an object of the model of each row, which takes longer than the statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = tuple(column[0] for column in cursor.description)
        found = [list(row) for row in cursor.fetchall()]
    for place, column in _columns(model, names, connection.vendor) if found else ():
        known = {value: value for value in (row[place] for row in found)}  # what reads the same is read once
        for read in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            known = {value: read(converted, column, connection) for value, converted in known.items()}
        for row in found:
            row[place] = known[row[place]]
    row_type = _row_type(names)
    return [row_type(*row) for row in found]


@functools.lru_cache(maxsize=64)
def _columns(model: Any, names: tuple[str, ...], vendor: str) -> list[tuple[int, Any]]:  # noqa: ARG001 (part of the key)
    """Which of these columns a database gives in another form than the model, by place."""
    known = {field.column: field.cached_col for field in model._meta.concrete_fields}
    found = [(place, known[name]) for place, name in enumerate(names) if name in known]
    return [
        (place, column) for place, column in found
        if connection.ops.get_db_converters(column) or column.get_db_converters(connection)
    ]


@functools.lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Callable[..., Any]:
    return namedtuple("Row", names)


def append(
    model: type[models.Model], shared: Mapping[str, object], columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Insert rows that share some values by one prepared statement: fifty rows take a third of the time of `bulk_create`."""
    database = connections[DEFAULT_DB_ALIAS]
    fields = [model._meta.get_field(column) for column in (*shared, *columns)]
    same = [field.get_db_prep_save(value, database) for field, value in zip(fields, shared.values(), strict=False)]
    own = [[row[place] for row in rows] for place in range(len(columns))]
    for place, field in enumerate(fields[len(same):]):
        if not isinstance(field, _AS_IT_IS):
            own[place] = _prepared(field, own[place], database)
    values = [(*same, *row) for row in zip(*own, strict=True)]
    names, holes = ", ".join(database.ops.quote_name(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    with database.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({holes})", values)  # noqa: S608 (names of ours)


def change(model: type[models.Model], id_: int, values: Mapping[str, object]) -> None:
    """Change columns of one row. Put together by the ORM, the statement takes four times as long."""
    database = connections[DEFAULT_DB_ALIAS]
    fields = [model._meta.get_field(column) for column in values]
    ready = [field.get_db_prep_save(value, database) for field, value in zip(fields, values.values(), strict=True)]
    names = ", ".join(f"{database.ops.quote_name(field.column)} = %s" for field in fields)
    with database.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {names} WHERE id = %s", [*ready, id_])  # noqa: S608 (names of ours)


def _prepared(field: Any, values: Sequence[Any], database: Any) -> list[object]:
    """Values as the database takes them.

    Marks and choices are few different ones, and to make one ready takes longer than a row: those that read the same are made
    ready once.
    """
    if not isinstance(field, models.DecimalField | models.JSONField):
        return [field.get_db_prep_save(value, database) for value in values]
    names = [repr(value) for value in values]
    ready = {name: field.get_db_prep_save(value, database) for name, value in dict(zip(names, values, strict=True)).items()}
    return [ready[name] for name in names]
