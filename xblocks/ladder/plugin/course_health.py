"""Is one course whole? Its plan against its blocks, its texts, its language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from ladder import lms
from ladder.core.errors import ContentError
from ladder.core.plan_check import Fault, Held, Mismatch, mismatches, plan_of
from ladder.core.stage import Plan
from ladder.payload import parse_ladder
from ladder.plugin.finding import Finding, Level
from ladder.plugin.words import kind_word

_HARMLESS = {Fault.STAGE_NOT_PLANNED, Fault.PART_NOT_PLANNED}
_WITH_PLAN = {"stage", "mistakes"}


def check_course(course: str, kinds: Sequence[str]) -> Iterator[Finding]:
    """What is found in a course; nothing when it holds no block of ours."""
    blocks = lms.blocks_of(course, kinds)
    if not blocks:
        return
    held = [_held(block) for block in blocks]
    findings = [*_texts(course, blocks), *(_mismatch(course, wrong) for wrong in mismatches(held))]
    yield from findings
    if not findings:
        plan = plan_of(held)
        stages = len(plan.stages) if plan else 0
        text = gettext("Plan and blocks agree (%(stages)s stages, %(blocks)s blocks), and every text can be read.")
        yield Finding(Level.OK, course, text % {"stages": stages, "blocks": len(blocks)})
    yield from _language(course, lms.course_language(blocks[0]).lower())


def course_plan(course: str) -> Plan | None:
    """The ladder of a course; None when there is no telling, or no such course any more."""
    if course not in (lms.courses() or ()):
        return None
    return plan_of([_held(block) for block in lms.blocks_of(course, ("ladder_stage",))])


def _held(block: Any) -> Held:
    """A block as the plan knows it."""
    kind = lms.block_kind(block)
    plan = parse_ladder(block.content) if kind in _WITH_PLAN else None
    return Held(kind, lms.block_name(block), block.stage or "", plan)


def _texts(course: str, blocks: Sequence[Any]) -> Iterator[Finding]:
    """Blocks whose text cannot be read."""
    spoken = "zh" if (get_language() or "").startswith("zh") else "en"
    for block in blocks:
        words = {"kind": kind_word(lms.block_kind(block)), "name": lms.block_name(block)}
        try:
            block.parse_text(block.content)
        except ContentError as error:
            first = error.problems[0]
            text = ngettext(
                "%(kind)s “%(name)s” cannot be read, %(count)s problem: %(where)s %(message)s.",
                "%(kind)s “%(name)s” cannot be read, %(count)s problems, the first: %(where)s %(message)s.", len(error.problems),
            )
            words |= {"count": str(len(error.problems)), "where": first.where, "message": first.message(spoken)}
            yield Finding(Level.ERROR, course, text % words, first.hint(spoken))


def _mismatch(course: str, wrong: Mismatch) -> Finding:
    text, todo = _texts_of(wrong.fault)
    words = {"kind": kind_word(wrong.kind), "name": wrong.name, "stage": wrong.stage}
    return Finding(Level.WARNING if wrong.fault in _HARMLESS else Level.ERROR, course, text % words, todo)


def _texts_of(fault: Fault) -> tuple[str, str]:
    """What a fault means, and what to do."""
    build = gettext("Build the course with `ladder build` and import it again.")
    write = gettext("Write it in the folder of its stage, build and import; or delete it in Studio.")
    return {
        Fault.NO_PLAN: (gettext("%(kind)s “%(name)s” has no plan: nothing that belongs to it opens."), build),
        Fault.OTHER_PLAN: (gettext("%(kind)s “%(name)s” has another plan than most blocks of this course."), build),
        Fault.NO_STAGE: (
            gettext("stage “%(name)s” is in the plan, and its block is not in the course: nothing that belongs to it opens."),
            build,
        ),
        Fault.STAGE_NOT_PLANNED: (gettext("stage “%(name)s” is in no plan: it is on no ladder."), write),
        Fault.NO_PART: (
            gettext("%(kind)s “%(name)s” is in the plan of stage “%(stage)s”, not in the course: the stage cannot be finished."),
            build,
        ),
        Fault.PART_NOT_PLANNED: (
            gettext("%(kind)s “%(name)s” is in no plan: it counts for no stage and no grade."), write,
        ),
        Fault.OTHER_STAGE: (
            gettext("%(kind)s “%(name)s” is planned for stage “%(stage)s” and opens with another one."), build,
        ),
        Fault.UNKNOWN_STAGE: (
            gettext("%(kind)s “%(name)s” waits for stage “%(stage)s”, which is in no plan: it never opens."), build,
        ),
    }[fault]


def _language(course: str, spoken: str) -> Iterator[Finding]:
    """Whether the platform may speak the course's language. The blocks do in any case."""
    if spoken and lms.in_open_edx() and spoken not in {code.lower() for code in lms.released_languages()}:
        text = gettext("The course is in “%(language)s”, which the platform has not released: pages of its own are in another.")
        todo = gettext("Add it to the released languages in Django admin, under Dark_Lang, Dark lang configs.")
        yield Finding(Level.WARNING, course, text % {"language": spoken}, todo)
