"""Who may sign in to the preview."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache

from ladder_tools.preview.data_folder import private_text
from ladder_tools.preview.sentences import Stopped

TRAINEES = ("trainee-1", "trainee-2", "trainee-3")
TRAINER = "trainer-1"
NAMES = {"trainee-1": "新人一", "trainee-2": "新人二", "trainee-3": "新人三", TRAINER: "培训师"}
SECONDS = 60
_CHANGED = "accounts-changed"


class CachedUsers(ModelBackend):
    """Users from the database, remembered for a minute, or until the commands change an account: one statement less a request."""

    def get_user(self, user_id: int) -> Any:
        """The user, or None."""
        key = _key(user_id)
        user = cache.get(key)
        if user is None:
            user = super().get_user(user_id)
            cache.set(key, user, SECONDS)
        return user


def remember_user(user: Any) -> None:
    """A user who was read just now need not be read again."""
    if user.is_active:
        cache.set(_key(user.id), user, SECONDS)


def _key(user_id: Any) -> str:
    return f"ladder-user-{user_id}-{_changed_at()}"


def _changed_at() -> int:
    """When the commands changed an account the last time. Looked up each time: every server process must know at once."""
    try:
        return (Path(settings.DATA) / _CHANGED).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def note_change() -> None:
    """Let every server process look at the accounts anew. To be called once a change has been written."""
    path = Path(settings.DATA) / _CHANGED
    path.touch(mode=0o600)
    now = time.time_ns()
    os.utime(path, ns=(now, now))


def how_many() -> int:
    """How many accounts can sign in."""
    return sum(user.has_usable_password() for user in get_user_model().objects.filter(is_active=True))


def is_of_demo(name: str) -> bool:
    """Whether an account's name is one that the demo takes for itself."""
    return name.lower() in NAMES or re.fullmatch(r"demo-\d+", name.lower()) is not None


def demo_passwords(data: Path) -> dict[str, str]:
    """The passwords of the demo accounts: LADDER_DEMO_PASSWORD for all, or random ones kept in the data folder.

    Raises `Stopped`.
    """
    names = (*TRAINEES, TRAINER)
    fixed = os.environ.get("LADDER_DEMO_PASSWORD")
    if fixed:
        return dict.fromkeys(names, fixed)
    path = data / "demo-passwords.json"
    text = private_text(path, lambda: json.dumps({name: secrets.token_urlsafe(9) for name in names}))
    try:
        passwords = json.loads(text)
    except ValueError:
        passwords = None
    is_whole = isinstance(passwords, dict) and passwords.keys() == set(names)
    if not (is_whole and all(isinstance(word, str) and word for word in passwords.values())):
        raise Stopped("passwords-unusable", path=path)
    return passwords


def make_demo_accounts(passwords: dict[str, str]) -> None:
    """Create the demo accounts, or open them again with today's passwords."""
    users = get_user_model().objects
    for name, password in passwords.items():
        user, _ = users.get_or_create(username=name, defaults={"first_name": NAMES[name], "is_staff": name == TRAINER})
        if not (user.is_active and user.check_password(password)):
            user.is_active = True
            user.set_password(password)
            user.save()


def close_demo_accounts() -> None:
    """Without the demo nobody signs in with a demo account."""
    get_user_model().objects.filter(username__in=NAMES).update(is_active=False)
