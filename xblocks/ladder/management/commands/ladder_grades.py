"""`manage.py ladder_grades`: tell the gradebook anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

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
        try:
            course = str(CourseKey.from_string(options["course"]))
        except InvalidKeyError as error:
            raise CommandError(f"{options['course']} is no course run.") from error
        told, failed = publish_course(course)
        for kind, block, learner in failed:
            self.stderr.write(f"Not told: user {learner}, {kind} {block}. The log says why.")
        self.stdout.write(f"Results told: {told}")
        if failed:
            raise SystemExit(1)
