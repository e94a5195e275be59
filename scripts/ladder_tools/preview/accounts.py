"""Who may sign in to the preview."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache

TRAINEES = ("trainee-1", "trainee-2", "trainee-3")
TRAINER = "trainer-1"
NAMES = {"trainee-1": "新人一", "trainee-2": "新人二", "trainee-3": "新人三", TRAINER: "培训师"}
SECONDS = 60


class CachedUsers(ModelBackend):
    """Users from the database, remembered for a minute: one statement less a request."""

    def get_user(self, user_id: int) -> Any:
        """The user, or None."""
        user = cache.get(_key(user_id))
        if user is None:
            user = super().get_user(user_id)
            cache.set(_key(user_id), user, SECONDS)
        return user


def remember_user(user: Any) -> None:
    """A user who was read just now need not be read again."""
    if user.is_active:
        cache.set(_key(user.id), user, SECONDS)


def _key(user_id: Any) -> str:
    return f"ladder-user-{user_id}"


def demo_passwords(data: Path) -> dict[str, str]:
    """The passwords of the demo accounts: LADDER_DEMO_PASSWORD for all, or random ones kept in the data folder."""
    names = (*TRAINEES, TRAINER)
    fixed = os.environ.get("LADDER_DEMO_PASSWORD")
    if fixed:
        return dict.fromkeys(names, fixed)
    path = data / "demo-passwords.json"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({name: secrets.token_urlsafe(9) for name in names}, file)
    passwords: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
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
