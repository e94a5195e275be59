"""The platform as the blocks meet it, without HTTP: it remembers what they tell it."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from typing import Any

from webob import Request, Response

from ladder_tools.preview.runtime import PreviewRuntime, SignedInUser


def block_classes() -> dict[str, Any]:
    """Our blocks by kind, as the platform finds them: by entry point."""
    found = entry_points(group="xblock.v1")
    return {entry.name.removeprefix("ladder_"): entry.load() for entry in found if entry.value.startswith("ladder.")}


class AccountHolder(SignedInUser):
    """A user with an account on the platform, where preferences are kept: `time_zone`, `pref-lang`."""

    def __init__(self, user: Any, preferences: dict[str, str]) -> None:
        super().__init__(user)
        self._preferences = preferences

    def get_current_user(self) -> Any:
        """Who is signed in, as the LMS's user service tells."""
        user = super().get_current_user()
        user.opt_attrs["edx-platform.user_preferences"] = self._preferences
        return user


class Host(PreviewRuntime):
    """The preview's runtime with a gradebook: `published` holds (event, data) in order. Users have preferences."""

    def __init__(self, site: Any, user: Any, **preferences: str) -> None:
        super().__init__(site, user)
        self._services["user"] = AccountHolder(user, preferences)
        self.published: list[tuple[str, dict[str, Any]]] = []

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """What the LMS would be told."""
        self.published.append((event_type, event_data))

    def send(self, usage: Any, handler: str, data: Any = None, **headers: str) -> Response:
        """A handler called as the LMS calls it: outside of any transaction."""
        body = json.dumps({} if data is None else data).encode()
        request = Request.blank("/", method="POST", body=body, content_type="application/json", headers=headers)
        return self.handle(self.get_block(usage), handler, request)
