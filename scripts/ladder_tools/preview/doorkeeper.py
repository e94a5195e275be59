"""Who guesses passwords is made to wait: by name and address, without a thread that sleeps and without a lock on the account.

Tries are rows, as several processes may serve, and are counted before the password is looked at: of many guesses at once none is
free. Names that nobody has are counted like any other. A browser that has signed in before is counted for itself, so that nobody
else, whatever they try from wherever, keeps its owner out.
"""

from __future__ import annotations

import datetime
import ipaddress
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import update_last_login
from django.core import signing
from django.db import OperationalError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from ladder.records.journal import together
from ladder_tools.preview.models import Tries
from ladder_tools.preview.sqlite.base import IN_PASSING, waiting_at_most

_SALT = "ladder.sign-in"
KNOWN_COOKIE = "ladder-known"
KNOWN_SECONDS = 180 * 24 * 3600
FORGOTTEN = datetime.timedelta(hours=1)  # after the last wrong password
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """How many wrong passwords are free; each one more doubles the seconds until the next may be tried."""

    free: int
    first: int
    longest: int

    def stops(self, tries: Tries, now: datetime.datetime) -> bool:
        """Whether after that many wrong ones, the last of them then, none is taken now."""
        if tries.wrong < self.free:
            return False
        seconds = min(self.longest, self.first * 2 ** min(tries.wrong - self.free, 16))
        return now < tries.last_at + datetime.timedelta(seconds=seconds)


PAIR = Limit(free=5, first=10, longest=300)  # one name from one address, or from one browser that is known
NAME = Limit(free=50, first=2, longest=60)  # one name from wherever
ADDRESS = Limit(free=50, first=2, longest=30)  # whatever names: a training room may share one


@dataclass(frozen=True)
class Knock:
    """Somebody at the sign-in: what is counted, each with its limit; the first is theirs alone."""

    counted: Sequence[tuple[str, Limit]]

    def may_try(self) -> bool:
        """Whether the password is looked at. Counts the try. Where nothing can be written now, nobody is kept out for that."""
        now = timezone.now()
        if self._waits(now):
            return False  # without the lock: who floods the door holds up nobody who saves
        try:
            with waiting_at_most(IN_PASSING):
                return self._count(now)
        except OperationalError as error:
            _log.warning("A try to sign in was not counted: %s", error)
            return True

    def _waits(self, now: datetime.datetime) -> bool:
        rows = Tries.objects.in_bulk([key for key, _ in self.counted])
        return any(key in rows and limit.stops(rows[key], now) for key, limit in self.counted)

    @together
    def _count(self, now: datetime.datetime) -> bool:
        Tries.objects.filter(last_at__lt=now - FORGOTTEN).delete()
        if self._waits(now):
            return False
        keys = [key for key, _ in self.counted]
        Tries.objects.bulk_create([Tries(key=key, wrong=0, last_at=now) for key in keys], ignore_conflicts=True)
        Tries.objects.filter(key__in=keys).update(wrong=F("wrong") + 1, last_at=now)
        return True

    def was_right(self, user: Any) -> None:
        """Take the try back: it was none. What is counted for this name here begins anew, and the account says when that was.

        Where nothing can be written now, nobody is kept out for that.
        """
        try:
            with waiting_at_most(IN_PASSING):
                self._take_back(user)
        except OperationalError as error:
            _log.warning("A sign-in was counted as a wrong try: %s", error)

    @together
    def _take_back(self, user: Any) -> None:
        update_last_login(None, user)
        (own, _), *others = self.counted
        Tries.objects.filter(key=own).delete()
        Tries.objects.filter(key__in=[key for key, _ in others], wrong__gt=0).update(wrong=F("wrong") - 1)


def knock(request: HttpRequest, username: str) -> Knock:
    """Who tries to sign in, as far as can be told."""
    name, known = _as_django_reads(username), _known(request, username)
    if known:
        return Knock([(_key("pair", name, known), PAIR)])
    address = _address(request)
    return Knock([(_key("pair", name, address), PAIR), (_key("name", name), NAME), (_key("address", address), ADDRESS)])


def remember(response: HttpResponse, username: str) -> None:
    """Let this browser be counted for itself from now on, when it signs in with this name."""
    value = signing.dumps([_as_django_reads(username), get_random_string(16)], salt=_SALT)
    response.set_cookie(KNOWN_COOKIE, value, max_age=KNOWN_SECONDS, path="/sign-in/", httponly=True, samesite="Strict")


def _known(request: HttpRequest, username: str) -> str:
    """The name of a browser that has signed in with this user name before; empty: it has not."""
    try:
        name, browser = signing.loads(request.COOKIES.get(KNOWN_COOKIE, ""), salt=_SALT, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return ""
    return str(browser) if name == _as_django_reads(username) else ""


def _as_django_reads(username: str) -> str:
    """Spellings that sign in to one account, and some more, are one name."""
    return unicodedata.normalize("NFKC", username[:300]).strip().casefold()


def _address(request: HttpRequest) -> str:
    """Where the request comes from. Of this machine, and of an IPv6 network, all addresses are one: they cost nothing."""
    try:
        found = ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return "loopback"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _key(*parts: str) -> str:
    return salted_hmac(_SALT, "\0".join(parts), algorithm="sha256").hexdigest()[:32]
