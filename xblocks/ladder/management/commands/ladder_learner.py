"""`manage.py ladder_learner USERNAME show|export|reset|erase`: one person's records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext

from ladder import lms
from ladder.core.problems import nearest
from ladder.plugin.health import require_tables
from ladder.plugin.learner import begun, exported, shown
from ladder.plugin.words import kind_word
from ladder.records.person import courses_of
from ladder.records.retirement import erase
from ladder.reset import reset_part

MAX_REASON = 400


class Command(BaseCommand):
    """What is kept of one person: to look at, to hand over, to take back, to erase."""

    help = "Show, export, reset or erase what Ladder keeps of one person. Changes nothing without --yes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, then what to do."""
        parser.add_argument("username", help="the name the person signs in with")
        actions = parser.add_subparsers(dest="action", required=True, metavar="show | export | reset | erase")
        show = actions.add_parser("show", help="where the person stands, and how many rows there are")
        export = actions.add_parser("export", help="everything that is held, as JSON")
        export.add_argument("--to", type=Path, metavar="FILE", help="a new file; without it, it is printed")
        reset = actions.add_parser("reset", help="take back what was done in one part of a course, or in all of it")
        parts = reset.add_mutually_exclusive_group(required=True)
        parts.add_argument("--part", metavar="NAME", help="a lesson, case, exam or stage, by its id")
        parts.add_argument("--all", action="store_true", help="every part of the course, and all stages that have opened")
        reset.add_argument("--reason", required=True, help="why; it is kept on record")
        removal = actions.add_parser("erase", help="empty what the person has written, and what was written about them")
        for action in (show, export, reset):
            action.add_argument("--course", default="", required=action is reset, help="course-v1:…")
        for action in (reset, removal):
            action.add_argument("--yes", action="store_true", help="do it; without it, say what would be done")

    def handle(self, *args: Any, username: str, action: str, **options: Any) -> None:
        """Find the person, then do it."""
        require_tables()
        learner = lms.learner_named(username)
        if learner is None:
            raise CommandError(gettext("Nobody here signs in as “%(username)s”.") % {"username": username})
        course = options.get("course", "")
        if course and course not in {*courses_of(learner), *(lms.courses() or ())}:
            raise CommandError(gettext("There is no course “%(course)s” here.") % {"course": course})
        if action == "show":
            self._show(learner, username, course)
        elif action == "export":
            self._export(exported(learner, username, course), options["to"])
        elif action == "reset":
            self._reset(learner, course, options["part"], options["reason"].strip(), yes=options["yes"])
        else:
            self._erase(learner, yes=options["yes"])

    def _show(self, learner: int, username: str, course: str) -> None:
        name = lms.names([learner])[learner]
        self.stdout.write(gettext("%(name)s (%(username)s), id %(id)s") % {"name": name, "username": username, "id": learner})
        lines = list(shown(learner, course))
        for line in lines or [gettext("Nothing is kept.")]:
            self.stdout.write(line)

    def _export(self, text: str, to: Path | None) -> None:
        if to is None:
            self.stdout.write(text)
            return
        try:
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError as error:
            text = gettext("%(file)s could not be written: %(error)s.")
            raise CommandError(text % {"file": to, "error": error.strerror}) from error

    def _reset(self, learner: int, course: str, part: str | None, reason: str, *, yes: bool) -> None:
        if not 0 < len(reason) <= MAX_REASON:
            raise CommandError(gettext("The reason has 1 to %(most)s characters.") % {"most": MAX_REASON})
        told = True
        for kind, name in self._chosen(learner, course, part):
            words: dict[str, object] = {"kind": kind_word(kind), "name": name, "course": course}
            if not yes:
                self.stdout.write(gettext("would be taken back: %(kind)s %(name)s") % words)
                continue
            try:
                words["count"] = reset_part(kind, learner, course, name, None, reason, lms.now())
                text = gettext("taken back: %(kind)s %(name)s (%(count)s)")
            except lms.NotTold:
                told = False
                text = gettext(
                    "taken back: %(kind)s %(name)s. Not told to the gradebook: run `manage.py lms ladder_grades %(course)s`."
                )
            self.stdout.write(text % words)
            if kind == "stage":
                again = gettext("It opens again at the next visit if its rule is still met: reset what had opened it, too.")
                self.stdout.write(f"  {again}")
        self._done(yes=yes)
        if not told:
            raise SystemExit(1)

    @staticmethod
    def _chosen(learner: int, course: str, part: str | None) -> Iterator[tuple[str, str]]:
        parts = begun(learner, course)
        if not parts:
            raise CommandError(gettext("This person has begun nothing in this course."))
        chosen = [(kind, name) for kind, name in parts if part in (None, name)]
        if not chosen:
            known = nearest(str(part), {name for _, name in parts})
            raise CommandError(
                gettext("This person has begun no part “%(part)s” of this course. Is it one of these: %(known)s?")
                % {"part": part, "known": known}
            )
        yield from chosen

    def _erase(self, learner: int, *, yes: bool) -> None:
        with transaction.atomic():
            erased = erase(learner, lms.now())
            text = gettext(
                "Emptied: answers %(answers)s, comments %(comments)s, reasons %(reasons)s. Removed: drafts %(drafts)s. "
                "Declared void: attempts %(attempts)s."
            ) if yes else gettext(
                "Would be emptied for good: answers %(answers)s, comments %(comments)s, reasons %(reasons)s. Would be removed: "
                "drafts %(drafts)s. Would be declared void: attempts %(attempts)s."
            )
            self.stdout.write(text % vars(erased))
            self.stdout.write(gettext("What remains, under an id only: times, marks, choices."))
            for line in shown(learner):
                self.stdout.write(f"  {line}")
            transaction.set_rollback(not yes)
        self.stdout.write(gettext("Scores, completion and the account itself are the platform's: retire the account there."))
        self._done(yes=yes)

    def _done(self, *, yes: bool) -> None:
        if not yes:
            self.stdout.write(gettext("Nothing was changed. Say --yes to do it."))
