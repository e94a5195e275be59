"""Is this site fit for Ladder? A list of small checks, each of which says what it found and what to do."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata

from django.apps import apps
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext, ngettext
from xblock.core import XBlock
from xblock.plugin import AmbiguousPluginError, PluginMissingError
from xblock.runtime import Mixologist

from ladder import lms
from ladder.plugin.course_health import check_course
from ladder.plugin.finding import Finding, Level
from ladder.records.exam import overdue

LATE = datetime.timedelta(hours=1)  # grace is ten minutes at most, and who closes attempts regularly does so more often


def check(course: str = "") -> Iterator[Finding]:
    """Everything, or of the courses only one. What stands on what is broken is not checked."""
    blocks = list(_blocks())
    yield from blocks
    tables = list(_tables())
    yield from tables
    yield from _asked(_gradebook)
    yield from _asked(_completion)
    if _wrong(tables):
        yield Finding(Level.UNCHECKED, gettext("attempts"), gettext("The tables have to be put right first."))
    else:
        yield from _attempts(course)
    yield from _asked(lambda: _scores(course))
    if _wrong(blocks):
        yield Finding(Level.UNCHECKED, gettext("courses"), gettext("The blocks have to be put right first."))
    else:
        yield from _asked(lambda: _courses(course))


def _asked(ask: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds. Where tables of the platform are missing, that is what it finds, and the next check goes on."""
    try:
        yield from ask()
    except DatabaseError as error:
        text = gettext("The platform's own tables cannot be read: %(error)s.") % {"error": error}
        yield Finding(Level.ERROR, gettext("database"), text, gettext("Run `manage.py lms migrate`."))


def _wrong(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.ERROR for finding in findings)


# -- blocks ---------------------------------------------------------------------------------------------------------


def block_kinds() -> list[str]:
    """Our kinds of blocks (`ladder_exam`), as the platform finds them: by entry point."""
    return sorted({entry.name for entry in metadata.entry_points(group="xblock.v1") if entry.value.startswith("ladder.")})


def _blocks() -> Iterator[Finding]:
    about, kinds = gettext("blocks"), block_kinds()
    if not kinds:
        yield Finding(Level.ERROR, about, gettext("No block of Ladder is installed."), gettext("Install Ladder with pip."))
    mixins, sound = lms.mixins(), True
    for kind in kinds:
        for finding in _block(kind, mixins, about):
            sound = False
            yield finding
    if kinds and sound:
        yield Finding(Level.OK, about, gettext("All load: %(kinds)s.") % {"kinds": ", ".join(kinds)})
    if not mixins:
        yield Finding(Level.UNCHECKED, about, gettext("Only Open edX mixes its own fields into blocks."))


def _block(kind: str, mixins: tuple[type, ...], about: str) -> Iterator[Finding]:
    try:
        mixed = Mixologist(mixins).mix(XBlock.load_class(kind))
    except (ImportError, AttributeError, TypeError, AmbiguousPluginError, PluginMissingError) as error:
        yield Finding(
            Level.ERROR, about, gettext("%(kind)s does not load: %(error)s.") % {"kind": kind, "error": error},
            gettext("Install Ladder again, and look for another package with a block of this name."),
        )
        return
    theirs = {name: field for mixin in mixins for name, field in getattr(mixin, "fields", {}).items()}
    hidden = sorted(name for name, field in theirs.items() if not isinstance(getattr(mixed, name, None), type(field)))
    if hidden:
        yield Finding(
            Level.ERROR, about,
            gettext("%(kind)s hides fields of the platform: %(names)s. Courses with such a block cannot be used.")
            % {"kind": kind, "names": ", ".join(hidden)},
            gettext("Use a version of Ladder made for this release of Open edX."),
        )


def require_tables() -> None:
    """CommandError with what to do when the tables are not as the program wants them."""
    wrong = [finding for finding in _tables() if finding.level is Level.ERROR]
    if wrong:
        raise CommandError("\n".join(map(str, wrong)))


# -- tables ---------------------------------------------------------------------------------------------------------


def _tables() -> Iterator[Finding]:
    about, todo = gettext("tables"), gettext("Run `manage.py lms migrate ladder`.")
    executor = MigrationExecutor(connection)
    waiting = [str(migration.name) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes("ladder"))]
    if waiting:
        text = gettext("Migrations that have not been applied: %(names)s.") % {"names": ", ".join(waiting)}
        yield Finding(Level.ERROR, about, text, todo)
        return
    missing = list(_missing())
    if missing:
        yield Finding(
            Level.ERROR, about, gettext("Missing in the database: %(names)s.") % {"names": ", ".join(missing)},
            gettext("Restore the database, or apply the migrations of Ladder once more from the first."),
        )
        return
    yield Finding(Level.OK, about, gettext("All are there, all migrations are applied."))


def _missing() -> Iterator[str]:
    """Tables, and columns of tables, that the database has not."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_app_config("ladder").get_models():
            table = model._meta.db_table
            if table not in there:
                yield table
                continue
            columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            yield from (f"{table}.{field.column}" for field in model._meta.local_fields if field.column not in columns)


# -- the platform ---------------------------------------------------------------------------------------------------


def _gradebook() -> Iterator[Finding]:
    about = gettext("gradebook")
    if lms.has_gradebook():
        yield Finding(Level.OK, about, gettext("edx-submissions is installed."))
    elif lms.in_open_edx():
        yield Finding(
            Level.ERROR, about, gettext("edx-submissions is not installed: marks of exams reach no gradebook."),
            gettext("Put `submissions` into INSTALLED_APPS."),
        )
    else:
        yield Finding(Level.UNCHECKED, about, gettext("There is none outside of Open edX."))


def _completion() -> Iterator[Finding]:
    about = gettext("completion")
    if lms.has_completion():
        yield Finding(Level.OK, about, gettext("The platform keeps what is completed."))
    elif lms.in_open_edx():
        yield Finding(
            Level.WARNING, about, gettext("The platform does not keep what is completed: the outline has no ticks."),
            gettext("Run `manage.py lms waffle_switch --create completion.enable_completion_tracking on`."),
        )
    else:
        yield Finding(Level.UNCHECKED, about, gettext("There is none outside of Open edX."))


# -- records --------------------------------------------------------------------------------------------------------


def _attempts(course: str) -> Iterator[Finding]:
    about = gettext("attempts")
    late = sum(course in ("", attempt.course) for attempt in overdue(lms.now() - LATE))
    if late:
        text = ngettext(
            "%(count)s attempt has been over for more than an hour and is still open.",
            "%(count)s attempts have been over for more than an hour and are still open.", late,
        )
        todo = gettext("Run `manage.py lms close_exams`, and let cron run it every few minutes.")
        yield Finding(Level.WARNING, about, text % {"count": late}, todo)
    else:
        yield Finding(Level.OK, about, gettext("None is left open past its time."))


def _scores(course: str) -> Iterator[Finding]:
    about = gettext("scores")
    if not lms.has_gradebook():
        return
    there = lms.courses() or ()  # nobody reads the scores of a course that is gone
    old = {of: count for of, count in lms.old_scores(course).items() if of in there}
    for of, count in old.items():
        text = ngettext(
            "%(count)s score of an exam stands in the gradebook in hundredths of a mark.",
            "%(count)s scores of exams stand in the gradebook in hundredths of a mark.", count,
        )
        todo = gettext("Run `manage.py lms ladder_grades %(course)s`.") % {"course": of}
        yield Finding(Level.ERROR, of, text % {"count": count}, todo)
    if not old:
        yield Finding(Level.OK, about, gettext("All are told in marks of 100."))


# -- courses --------------------------------------------------------------------------------------------------------


def _courses(only: str) -> Iterator[Finding]:
    about, there, kinds = gettext("courses"), lms.courses(), block_kinds()
    if there is None:
        yield Finding(Level.UNCHECKED, about, gettext("This site keeps none that could be looked at."))
        return
    if not there and not lms.in_open_edx():
        text = gettext("The course in LADDER_COURSE cannot be read.")
        yield Finding(Level.ERROR, about, text, gettext("Run `ladder check` on its folder."))
        return
    found = False
    for course in [only] if only else there:
        for finding in check_course(course, kinds):
            found = True
            yield finding
    if not found:
        yield Finding(Level.WARNING, about, gettext("None holds a block of Ladder."), gettext("Import one in Studio."))
