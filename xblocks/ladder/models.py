"""Where Django looks for the tables; they are in `records`."""

from ladder.records.models import *  # noqa: F403 (Django takes every table it finds here)
