"""How rows are written: together or not at all, and again when somebody else was first."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3


def together(write: Callable[P, R]) -> Callable[P, R]:
    """Run `write` in one transaction.

    Two requests may find the same gap and both try to fill it; the unique constraint lets one through. The other reads again and
    sees what happened. Inside an outer transaction (ATOMIC_REQUESTS) the database has already put them in a row.
    """

    @functools.wraps(write)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for last in (*[False] * (TRIES - 1), True):
            try:
                with transaction.atomic(savepoint=False):
                    return write(*args, **kwargs)
            except IntegrityError:
                if last or connection.in_atomic_block:
                    raise
        raise AssertionError("unreachable")

    return again
