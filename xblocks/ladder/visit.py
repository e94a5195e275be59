"""One request of one learner."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ladder.core.stage import Journey, Locked, Open


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request of one learner: who, when, and where the ladder stands.

    Staff pass every gate. What is done on a `trial` (by staff, or by staff who look as a learner) counts for nobody. In
    `view_only`, staff look as this very learner: they see the learner's state, and nothing may be written.
    """

    learner: int
    course: str
    name: str
    now: datetime.datetime
    staff: bool
    trial: bool
    view_only: bool
    journey: Journey
    states: dict[str, Open | Locked]
