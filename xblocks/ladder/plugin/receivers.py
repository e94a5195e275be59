"""What is done when the platform says that something has happened. `LadderConfig.plugin_app` says what is heard."""

from __future__ import annotations

from typing import Any

from ladder import lms
from ladder.records.retirement import erase


def retire_learner(*, user: Any, **_: Any) -> None:
    """An account is retired (USER_RETIRE_LMS_CRITICAL). What goes wrong here stops the retirement, which is then repeated."""
    erase(user.id, lms.now())
