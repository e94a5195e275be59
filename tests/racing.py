"""Calls at the same time, each in a thread with a connection to the database of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")


def in_a_thread(call: Callable[[], T]) -> T:
    """Run it and close what it has opened."""
    try:
        return call()
    finally:
        connections.close_all()


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run these in as many threads, all let go in the same moment."""
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        gate.wait(30)
        return in_a_thread(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result(120) for done in [pool.submit(go, call) for call in calls]]
