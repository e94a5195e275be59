"""`manage.py ladder_check`: is everything in place?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from ladder import lms
from ladder.plugin.finding import Level
from ladder.plugin.health import check


class Command(BaseCommand):
    """One line for each finding; the exit status says whether there is an error."""

    help = "Check that Ladder is in order: blocks, tables, gradebook, completion, attempts, and each course. Changes nothing."
    requires_system_checks: list[str] = []  # a site that is out of order has to be looked at, too
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """`--course course-v1:…`."""
        parser.add_argument("--course", default="", help="check this course run only")

    def handle(self, *args: Any, course: str, **options: Any) -> None:
        """Print what is found, and end with 1 when there is an error among it."""
        if course and course not in (lms.courses() or ()):
            raise CommandError(gettext("There is no course “%(course)s” here.") % {"course": course})
        errors = 0
        for finding in check(course):
            self.stdout.write(str(finding))
            errors += finding.level is Level.ERROR
        if errors:
            raise SystemExit(1)
