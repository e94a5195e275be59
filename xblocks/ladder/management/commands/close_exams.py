"""`manage.py close_exams`: for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from ladder import lms
from ladder.exam_results import close_overdue


class Command(BaseCommand):
    """Hand in what was left open."""

    help = "Hand in every exam attempt whose time is over. What was saved counts; the time of handing in is the deadline."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were closed; nothing when none was, so that cron writes no mail about it."""
        closed = close_overdue(lms.now())
        if closed or options["verbosity"] > 1:
            self.stdout.write(gettext("Attempts closed: %(count)s") % {"count": closed})
