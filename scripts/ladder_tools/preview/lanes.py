"""Requests by what holds them up, each kind with threads of its own: nobody who saves stands behind a class that signs in."""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher

# Checking a password takes a quarter of a second of a core, by intent. One at a time in each process leaves the other core to
# those who write: two at a time doubled what a save took on two cores.
THREADS = {"passwords": 1, "reading": 4, "writing": 8}


def lane_of(method: str, path: str) -> str:
    """Where a request waits: for a core that checks passwords, for the write lock, or for neither."""
    if method in ("GET", "HEAD"):
        return "reading"
    return "passwords" if path.startswith("/sign-in/") else "writing"


class Lanes:
    """As much of waitress's task dispatcher as its server asks."""

    def __init__(self) -> None:
        self._lanes = {name: ThreadedTaskDispatcher() for name in THREADS}
        for name, lane in self._lanes.items():
            lane.set_thread_count(THREADS[name])

    def add_task(self, task: Any) -> None:
        """Take a connection on which a request has come in."""
        request = task.requests[0]
        lane = "reading" if request.error else lane_of(request.command, request.path)
        self._lanes[lane].add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End all threads; whether anything was waiting."""
        waiting = [lane.shutdown(cancel_pending, timeout) for lane in self._lanes.values()]
        return any(waiting)
