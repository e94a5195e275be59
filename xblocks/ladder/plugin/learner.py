"""One person's records, for administrators: what is kept, as lines and as JSON, and taking parts of it back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from ladder import lms
from ladder.core.marks import plain
from ladder.core.moment import FORMS, offset_name
from ladder.core.opening import Basis, Opening, Rule, basis_of
from ladder.core.stage import Locked, Mark, Open, Plan, unlock
from ladder.moments import moment_words
from ladder.plugin.course_health import course_plan
from ladder.plugin.words import kind_word
from ladder.records.person import courses_of, done_as_staff, held
from ladder.records.stage import journey, openings

# -- showing --------------------------------------------------------------------------------------------------------


def shown(learner: int, course: str = "") -> Iterator[str]:
    """Where a learner stands in each course, part by part, and how many rows the tables hold."""
    for one in [course] if course else courses_of(learner):
        yield from (f"{one}  {line}" for line in _standing(learner, one))
    for table, rows in held(learner, course).items():
        yield _counted(table, len(rows))
    for table, rows in ({} if course else done_as_staff(learner)).items():
        yield gettext("as staff: %(rows)s") % {"rows": _counted(table, len(rows))}


def _counted(table: str, number: int) -> str:
    return ngettext("%(table)s: %(count)s row", "%(table)s: %(count)s rows", number) % {"table": table, "count": number}


def _standing(learner: int, course: str) -> Iterator[str]:
    done = journey(learner, course)
    plan = course_plan(course)
    states = unlock(plan, done, lms.now()) if plan else {}
    for opening in openings(learner, course):
        finished = gettext("finished") if opening.finished_at else gettext("not finished")
        since = gettext("open since %(time)s") % {"time": _time(opening.opened_at)}
        yield _line("stage", opening.stage, since, finished, *_basis(opening, states.get(opening.stage) if plan else None, plan))
    for name in sorted(done.started - done.cases.keys() - done.exams.keys()):
        yield _line("lesson", name, _lesson(done.lessons.get(name)))
    for kind, marks in (("case", done.cases), ("exam", done.exams)):
        for name, mark in sorted(marks.items()):
            yield _line(kind, name, *_result(kind, mark))


def _basis(opening: Opening, state: Open | Locked | None, plan: Plan | None) -> Iterator[str]:
    """By which rule a stage has opened, and whether today's would open it."""
    yield gettext("opened by: %(rule)s") % {"rule": _rule(opening.rule)}
    if plan is None:
        return
    words = {
        Basis.OTHER_RULE: gettext("today's rule is another and would not open it"),
        Basis.UNKNOWN_RULE: gettext("today's rule would not open it"),
        Basis.LOST: gettext("what met the rule has been taken back"),
        Basis.NO_STAGE: gettext("the ladder of today has no such stage"),
    }
    basis = basis_of(opening.rule, state)
    if basis in words:
        yield words[basis]


def _rule(rule: Rule | None) -> str:
    """A rule that was kept with an opening, in a few words."""
    if rule is None:
        return gettext("a rule that was not kept")
    if not rule.get("after"):
        return gettext("it waits for no other stage")
    asked = [
        (gettext("lessons %(n)s"), len(rule["lessons"]) if "lessons" in rule else None),
        (gettext("cases %(n)s"), len(rule["cases"]) if rule.get("passed") else None),
        (gettext("theory %(n)s"), rule.get("theory")),
        (gettext("practice %(n)s"), rule.get("practice")),
        (gettext("days %(n)s"), rule.get("days")),
    ]
    after = gettext("after %(stage)s") % {"stage": rule["after"]}
    return "; ".join([after, *(words % {"n": number} for words, number in asked if number is not None)])


def _lesson(finished_at: datetime.datetime | None) -> str:
    return gettext("finished at %(time)s") % {"time": _time(finished_at)} if finished_at else gettext("begun")


def _result(kind: str, mark: Mark) -> Iterator[str]:
    if mark.by_hand:
        yield gettext("set by staff")
    if mark.marks is not None:
        yield gettext("%(marks)s marks of 100") % {"marks": plain(mark.marks)}
    if mark.pending:
        yield gettext("being marked")
    yield gettext("passed") if mark.passed else gettext("not passed")
    if mark.by_hand:
        return
    if kind == "case":
        yield ngettext("%(count)s call", "%(count)s calls", mark.attempts) % {"count": mark.attempts}
    else:
        yield ngettext("%(count)s attempt", "%(count)s attempts", mark.attempts) % {"count": mark.attempts}


def _line(kind: str, name: str, *said: str) -> str:
    return f"{kind_word(kind)} {name}: {', '.join(said)}"


def _time(at: datetime.datetime) -> str:
    here = timezone.localtime(at)
    return moment_words() % {"time": here.strftime(FORMS["minutes"].parts), "zone": offset_name(here)}


def begun(learner: int, course: str) -> list[tuple[str, str]]:
    """What may be taken back: the parts that a learner has begun, and the stages that have opened, as (kind, id)."""
    done = journey(learner, course)
    lessons = done.started - done.cases.keys() - done.exams.keys()
    parts = {"lesson": lessons, "case": done.cases, "exam": done.exams, "stage": done.opened}
    return [(kind, name) for kind, names in parts.items() for name in sorted(names)]


# -- exporting ------------------------------------------------------------------------------------------------------


def exported(learner: int, username: str, course: str = "") -> str:
    """Everything that is held about a person, as JSON: rows by table, columns by name.

    The texts that attempts were drawn from are the author's, and named by their digest only.
    """
    told: dict[str, Any] = {"id": learner, "username": username, "exported_at": lms.now(), "tables": held(learner, course)}
    if not course:
        told["as_staff"] = done_as_staff(learner)
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
