"""Sessions in signed cookies, as Django has them, that end when somebody signs out: a copy of the cookie opens nothing any more.

In another process than the one that ended it, a copy may live for as long as users are remembered.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import signed_cookies
from django.core.cache import cache
from django.db.models import Exists
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import get_random_string

from ladder.records.journal import afterwards, together
from ladder_tools.preview.accounts import SECONDS, remember_user
from ladder_tools.preview.models import SignedOut

_NAME = "ladder-name"


class SessionStore(signed_cookies.SessionStore):
    """Only that a session has ended is a row."""

    def load(self) -> Any:
        """What the cookie holds; nothing when its session has ended."""
        data = super().load()
        if not _has_ended(data):
            return data
        self.create()
        return {}

    def flush(self) -> None:
        """End the session, in every copy of its cookie."""
        name = self.get(_NAME, "")
        super().flush()
        if name:
            cache.set(_key(name), True, settings.SESSION_COOKIE_AGE)
            afterwards(lambda: _end(name))


@receiver(user_logged_in)
def _name_the_session(request: Any, **_: Any) -> None:
    request.session[_NAME] = get_random_string(22)


def _key(name: str) -> str:
    return f"ladder-session-{name}"


def _has_ended(data: dict[str, Any]) -> bool:
    """One statement a minute for each session and process, which tells of its user, too."""
    name = data.get(_NAME)
    if not name:
        return False  # nobody's
    ended = cache.get(_key(name))
    if ended is None:
        found = get_user_model().objects.annotate(ended=Exists(SignedOut.objects.filter(session=name)))
        user = found.filter(pk=data.get(SESSION_KEY)).first()
        ended = user is None or user.ended
        if user is not None:
            remember_user(user)
        cache.set(_key(name), ended, SECONDS)
    return bool(ended)


@together
def _end(name: str) -> None:
    now = timezone.now()
    SignedOut.objects.filter(at__lt=now - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    SignedOut.objects.bulk_create([SignedOut(session=name, at=now)], ignore_conflicts=True)
