"""`manage.py ladder_grades`: tell the gradebook anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from ladder import lms
from ladder.plugin.health import require_tables
from ladder.plugin.words import kind_word
from ladder.scores import publish_course


class Command(BaseCommand):
    """Tell the gradebook where everybody stands."""

    help = (
        "Tell the gradebook where every learner stands in the cases and exams of a course, from Ladder's own records: after a "
        "database was restored, or when marks were told on another scale."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The course."""
        parser.add_argument("course", help="course run, such as course-v1:Org+Number+Run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many results were told, and whose could not be."""
        require_tables()
        course = options["course"]
        if course not in (lms.courses() or ()):
            raise CommandError(gettext("There is no course “%(course)s” here.") % {"course": course})
        told, failed = publish_course(course)
        for kind, block, learner in failed:
            text = gettext("Not told: user %(user)s, %(kind)s %(name)s. The log says why.")
            self.stderr.write(text % {"user": learner, "kind": kind_word(kind), "name": block})
        self.stdout.write(gettext("Results told: %(count)s") % {"count": told})
        if failed:
            raise SystemExit(1)
