"""Threads that want to write go one after the other, in the order in which they came.

SQLite makes whoever finds the database locked look again every tenth of a second, so that one who is unlucky each time waits for
seconds while others come and go. Between processes that is still so: one of each stands there.
"""

from __future__ import annotations

import threading
from collections import deque


class Turn:
    """A lock that is handed on to who has waited longest."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn, for so long at most; whether it has come."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._mutex:
            if mine not in self._waiting:
                return True  # it came at the last moment
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """Let the next one go on."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
