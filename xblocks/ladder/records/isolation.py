"""One person's rows by themselves: what goes wrong with them is written down and told, and holds up nobody else.

Everything that goes through the rows of many people goes through `each`. It is the one place that catches whatever may happen: a
row is somebody's result, and nobody can say beforehand what is wrong with the row of another (ADR 0021).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from django.db import connection, transaction

from ladder.records.journal import Unprepared

_log = logging.getLogger(__name__)
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Failed(Generic[Item]):
    """Whose rows could not be gone through, and why."""

    item: Item
    error: Exception


@dataclass(frozen=True)
class Done(Generic[Item, Result]):
    """What came of each, in order, and those for whom it failed."""

    results: list[tuple[Item, Result]]
    failed: list[Failed[Item]]

    @property
    def values(self) -> list[Result]:
        """What came of each, without saying of whom."""
        return [result for _, result in self.results]


def alone(
    do: Callable[[], Result], what: str, but: tuple[type[Exception], ...] = (), *, database: bool = False
) -> Result | Failed[str]:
    """The result, or how it failed. `what` it was goes to the log; errors of `but` are answers and go on.

    With `database`, what was written or asked until it failed is undone, so that a transaction around it goes on.
    """
    try:
        with transaction.atomic() if database and connection.in_atomic_block else nullcontext():
            return do()
    except Unprepared:  # what waits until a lock is let go has not failed
        raise
    except but:
        raise
    except Exception as error:  # see above: whatever it is, it is this person's alone
        _log.exception("%s failed.", what)
        return Failed(what, error)


def each(
    items: Iterable[Item], do: Callable[[Item], Result], what: Callable[[Item], str], *, database: bool = False
) -> Done[Item, Result]:
    """Do something with each of many people's rows. What fails for one is logged, collected, and stops no other."""
    done: Done[Item, Result] = Done([], [])
    for item in items:
        result = alone(partial(do, item), what(item), database=database)
        if isinstance(result, Failed):
            done.failed.append(Failed(item, result.error))
        else:
            done.results.append((item, result))
    return done
