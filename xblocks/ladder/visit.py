"""One request of one learner."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ladder.core.stage import Journey, Locked, Open


@dataclass(frozen=True)
class Visit:
    """One request of one learner: who, when, and where the ladder stands."""

    learner: int
    course: str
    name: str
    now: datetime.datetime
    staff: bool
    journey: Journey
    states: dict[str, Open | Locked]
