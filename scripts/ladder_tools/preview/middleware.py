"""What holds for every request and every answer of the preview."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from ladder_tools.preview import errors
from ladder_tools.preview.sqlite.base import waiting_at_most

Respond = Callable[[HttpRequest], HttpResponse]
LONGEST_WAIT = 5.0  # seconds for the write lock: a page that saves is told within its own time limit, and sends again
_CONTENT_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
_NOT_NOW = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN}
_log = logging.getLogger(__name__)


def bodiless_head(get_response: Respond) -> Respond:
    """HEAD is answered as GET is, without the body: the server would send it, and the browser take it for the next answer."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD":
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return respond


def policy(get_response: Respond) -> Respond:
    """Nothing but our own files may run; nothing learners see is kept by a shared computer."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _CONTENT_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


class BoundedWaits:
    """Nobody waits for the database for long; a full disk and a lock that is not let go are told as such."""

    def __init__(self, get_response: Respond) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with waiting_at_most(LONGEST_WAIT):
            return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 for what another try may mend."""
        code = getattr(exception.__cause__, "sqlite_errorcode", 0) & 0xFF
        if not isinstance(exception, OperationalError) or code not in _NOT_NOW:
            return None
        _log.error("%s %s: %s", request.method, request.path, exception)
        return errors.unavailable(request)
