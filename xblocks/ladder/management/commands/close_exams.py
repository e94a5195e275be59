"""`manage.py close_exams`: for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from ladder import lms
from ladder.desk.reasons import reason_of
from ladder.exam_results import close_overdue


class Command(BaseCommand):
    """Hand in what was left open."""

    help = "Hand in every exam attempt whose time is over. What was saved counts; the time of handing in is the deadline."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were closed and which could not be; nothing when there are none, so that cron writes no mail about it."""
        closing = close_overdue(lms.now())
        for failure in closing.failed:
            attempt = failure.item
            text = gettext("Attempt %(number)s of user %(user)s at %(course)s %(name)s: %(reason)s")
            words = {"number": attempt.number, "user": attempt.learner, "course": attempt.course, "name": attempt.block}
            self.stderr.write(text % (words | {"reason": reason_of(failure.error)}))
        if closing.closed or options["verbosity"] > 1:
            self.stdout.write(gettext("Attempts closed: %(count)s") % {"count": closing.closed})
        if closing.failed:
            raise SystemExit(1)
