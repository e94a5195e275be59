"""What comes next: something that can be done now; or what is waited for."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.next_action import Next, PartState, next_action, row_action, standing
from ladder.core.stage import (
    Finish,
    Journey,
    Locked,
    Mark,
    Open,
    Part,
    Plan,
    PlannedStage,
    Tries,
    current,
    unlock,
    with_call,
    with_sitting,
)

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
MINUTE, HOUR, DAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=1), datetime.timedelta(days=1)
WELCOME, RULES = Part("welcome", "欢迎"), Part("rules", "规定")
LATE_VAN = Part("late-van", "迟到的货车")
EXAM = Part("exam", "小考", attempts=2, wait_hours=24)
FAILED, PASSED = Mark(Decimal(40), False), Mark(Decimal(70), True)
READ = {"welcome": NOON, "rules": NOON}


LESSONS_AND_THEORY = Finish(lessons=True, theory=60)


def plan_of(exam: Part = EXAM, finish: Finish = LESSONS_AND_THEORY) -> Plan:
    """Two lessons, a case and an exam; above them a lesson, and a stage of which nothing is written."""
    first = PlannedStage("start", "认识小店", "", finish, (WELCOME, RULES), (LATE_VAN,), (exam,))
    second = PlannedStage("calls", "接听来电", "start", Finish(lessons=True), (Part("listening", "倾听"),))
    return Plan((first, second, PlannedStage("alone", "独立上岗", "calls", Finish(theory=60))))


def ahead(journey: Journey, plan: Plan | None = None, now: datetime.datetime = NOON) -> Next:
    return next_action(unlock(plan or plan_of(), journey, now).values(), journey, now)


def led_to(journey: Journey, plan: Plan | None = None, now: datetime.datetime = NOON) -> tuple[str, str]:
    """Where the next action leads, and in which state that is."""
    go = ahead(journey, plan, now).go
    return (go.part.id, str(go.state)) if go else ("", "")


def sat(mark: Mark | None = None, **tries: Any) -> Journey:
    """Who has read everything and sat the exam."""
    return Journey(lessons=READ, exams={"exam": mark or Mark(None, False)}, tries={"exam": Tries(1, **tries)})


# -- one part -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("journey", "state", "may"), [
    (Journey(), "new", True),
    (sat(until=NOON + 38 * MINUTE), "running", True),
    (sat(until=NOON - MINUTE), "over", True),
    (sat(FAILED), "again", True),
    (sat(FAILED, ended_at=NOON - HOUR), "waiting", False),
    (sat(FAILED, ended_at=NOON - DAY), "again", True),
    (sat(PASSED), "done", False),
    (sat(Mark(None, False, pending=True)), "pending", False),
    (Journey(exams={"exam": FAILED}, tries={"exam": Tries(2)}), "used-up", False),
    (Journey(exams={"exam": FAILED}, tries={"exam": Tries(2, extra=1)}), "again", True),
    (Journey(exams={"exam": replace(PASSED, by_hand=True)}), "done", False),
    (Journey(exams={"exam": replace(FAILED, by_hand=True)}), "by-hand", False),
])
def test_the_state_of_an_exam(journey: Journey, state: str, may: bool) -> None:
    found = standing("exam", EXAM, journey, NOON)
    assert (found.state, found.may) == (state, may)


def test_an_exam_tells_the_moment_that_its_state_is_about() -> None:
    running = standing("exam", EXAM, sat(until=NOON + 38 * MINUTE + 30 * MINUTE / 60), NOON)
    assert (running.minutes, running.at) == (38, NOON + 38.5 * MINUTE)
    later, closed = (replace(EXAM, **{key: at}) for key, at in (("opens_at", NOON + DAY), ("closes_at", NOON)))
    assert [(one.state, one.at) for one in (standing("exam", part, Journey(), NOON) for part in (later, closed))] == [
        ("not-open", NOON + DAY), ("closed", NOON),
    ]
    assert standing("exam", EXAM, sat(FAILED, ended_at=NOON - HOUR), NOON).at == NOON + 23 * HOUR
    assert standing("exam", EXAM, sat(FAILED), NOON).left == 1


def test_what_is_begun_is_gone_on_with() -> None:
    begun = Journey(started=frozenset(("welcome", "late-van")), calling=frozenset(("late-van",)))
    assert standing("lesson", WELCOME, begun, NOON).state == "begun"
    assert standing("case", LATE_VAN, begun, NOON).state == "begun"
    assert standing("case", LATE_VAN, with_call(begun, "late-van", 40, False), NOON).state == "again"


def test_handing_in_ends_what_runs() -> None:
    after = with_sitting(sat(until=NOON + HOUR), "exam", FAILED, NOON)
    assert standing("exam", EXAM, after, NOON).state == "waiting"


# -- what comes next ------------------------------------------------------------------------------------------------


def test_the_clock_that_runs_comes_before_everything_else() -> None:
    running = Journey(exams={"exam": Mark(None, False)}, tries={"exam": Tries(1, until=NOON + HOUR)})
    assert led_to(running) == ("exam", "running")


def test_after_a_lesson_comes_the_next_lesson_and_then_the_exam() -> None:
    assert led_to(Journey()) == ("welcome", "new")
    assert led_to(Journey(lessons={"welcome": NOON})) == ("rules", "new")
    assert led_to(Journey(lessons=READ)) == ("exam", "new")
    assert led_to(sat(PASSED)) == ("listening", "new")


@pytest.mark.parametrize("journey", [
    sat(Mark(None, False, pending=True)), sat(FAILED, ended_at=NOON - HOUR),
    Journey(lessons=READ, exams={"exam": FAILED}, tries={"exam": Tries(2)}),
    Journey(lessons=READ, exams={"exam": replace(FAILED, by_hand=True)}),
])
def test_while_the_exam_cannot_be_sat_another_part_of_the_stage_is_offered(journey: Journey) -> None:
    assert led_to(journey) == ("late-van", "new")
    played = with_call(journey, "late-van", 80, True)
    found = ahead(played)
    assert found.go is None
    assert [one.part.id for one in found.waited] == ["exam"], "and when there is no other, it says what is waited for"


def test_of_two_exams_the_one_that_can_be_sat_comes_next() -> None:
    stage = PlannedStage("start", "一", "", Finish(theory=60), exams=(EXAM, Part("other", "另一场")))
    assert led_to(Journey(exams={"exam": FAILED}, tries={"exam": Tries(2)}), Plan((stage,))) == ("other", "new")


def test_a_customer_on_the_line_comes_before_the_next_call() -> None:
    stage = PlannedStage("start", "一", "", Finish(cases=True), cases=(Part("first", "一"), LATE_VAN))
    assert led_to(Journey(calling=frozenset(("late-van",))), Plan((stage,))) == ("late-van", "begun")


def test_marks_that_are_too_few_on_average_are_raised_by_calling_again() -> None:
    plan = plan_of(finish=Finish(practice=80))
    assert led_to(Journey(cases={"late-van": PASSED}), plan) == ("late-van", "again")
    assert led_to(Journey(cases={"late-van": Mark(Decimal(90), True)}), plan) == ("listening", "new")


def test_an_exam_passed_with_fewer_marks_than_the_stage_asks_for_is_no_way_on() -> None:
    plan = plan_of(finish=Finish(theory=80))
    found = ahead(with_call(sat(PASSED), "late-van", 80, True), plan)
    assert found.go is None
    assert [(one.state, one.needed) for one in found.waited] == [("short", 80)]


def test_days_are_waited_for_until_a_moment() -> None:
    plan = Plan((PlannedStage("start", "一", "", Finish(days=3), (WELCOME,)),))
    assert led_to(Journey(opened={"start": NOON}), plan) == ("welcome", "new"), "meanwhile there is something to do"
    found = ahead(Journey(opened={"start": NOON}, lessons={"welcome": NOON}), plan)
    assert found.go is None
    assert found.days is not None
    assert found.days.due_at == NOON + 3 * DAY


def test_where_nothing_is_written_yet_it_says_so() -> None:
    journey = replace(sat(PASSED), lessons=READ | {"listening": NOON})
    found = ahead(journey)
    assert (found.go, found.waited) == (None, ())
    assert found.preparing is not None
    assert found.preparing.id == "alone"


def test_who_has_done_what_is_written_of_a_stage_waits_for_the_rest() -> None:
    plan = Plan((PlannedStage("start", "一", "", Finish(lessons=True, theory=60), (WELCOME,)),))
    assert led_to(Journey(), plan) == ("welcome", "new")
    assert ahead(Journey(lessons={"welcome": NOON}), plan).preparing == plan.stages[0]


def test_who_has_finished_everything_is_led_nowhere() -> None:
    plan = Plan(plan_of().stages[:2])
    assert ahead(replace(sat(PASSED), lessons=READ | {"listening": NOON}), plan) == Next()


def test_in_a_stage_without_a_rule_its_parts_come_one_after_the_other() -> None:
    plan = Plan((PlannedStage("start", "一", "", Finish(), (WELCOME, RULES)),))
    assert led_to(Journey(lessons={"welcome": NOON}), plan) == ("rules", "new")


# -- anybody at all -------------------------------------------------------------------------------------------------

_TIMES = st.sampled_from([None, NOON - 2 * DAY, NOON - HOUR, NOON, NOON + HOUR])
_MARKS = st.builds(
    lambda earned, pending, by_hand: Mark(earned, earned is not None and earned >= 60, pending and not by_hand, by_hand=by_hand),
    st.sampled_from([None, Decimal(0), Decimal(59), Decimal(60), Decimal(100)]), st.booleans(), st.booleans(),
)
_TRIES = st.builds(Tries, st.integers(0, 3), st.integers(0, 1), _TIMES, _TIMES)
_EXAMS = st.builds(Part, st.just("exam"), st.just("小考"), st.just(60), st.integers(0, 2), st.sampled_from([0, 24]), _TIMES, _TIMES)
_FINISHES = st.builds(
    Finish, st.booleans(), st.booleans(), st.none() | st.integers(0, 100), st.none() | st.integers(0, 100), st.none() | st.integers(0, 3)
)
_NAMES = ["welcome", "rules", "listening"]
_JOURNEYS = st.builds(
    Journey,
    st.dictionaries(st.sampled_from(["start", "calls", "alone"]), st.just(NOON - DAY)),
    st.dictionaries(st.sampled_from(_NAMES), st.just(NOON)), st.frozensets(st.sampled_from(_NAMES)),
    st.dictionaries(st.just("late-van"), _MARKS.map(lambda mark: replace(mark, by_hand=False, pending=False))),
    st.dictionaries(st.just("exam"), _MARKS), st.just(frozenset()),
    st.dictionaries(st.just("exam"), _TRIES), st.frozensets(st.just("late-van")),
)
_WRITTEN = st.tuples(st.booleans(), st.booleans(), st.booleans())


@settings(max_examples=500)
@given(_FINISHES, _EXAMS, _JOURNEYS, _WRITTEN)
def test_the_next_action_never_leads_to_what_cannot_be_done(
    finish: Finish, exam: Part, journey: Journey, written: tuple[bool, bool, bool]
) -> None:
    plan = plan_of(exam, finish)
    first = plan.stages[0]
    kept = [parts if is_written else () for parts, is_written in zip((first.lessons, first.cases, first.exams), written, strict=True)]
    plan = Plan((replace(first, lessons=kept[0], cases=kept[1], exams=kept[2]), *plan.stages[1:]))
    states = unlock(plan, journey, NOON)
    found = next_action(states.values(), journey, NOON)
    go = found.go

    if go is not None:
        [owner] = [stage for stage in plan.stages if go.part.id in [part.id for _, part in stage.parts]]
        owning = states[owner.id]
        assert isinstance(owning, Open), "never into a locked stage"
        assert go.part.id not in journey.lessons, "never to a finished lesson"
        mark, tries = journey.exams.get("exam"), journey.tries.get("exam", Tries())
        if go.kind == "exam":
            assert not (mark and (mark.passed or mark.by_hand)), "never to a passed exam"
            if tries.until is None:
                assert not (mark and mark.pending), "never to one that is being marked"
                assert not exam.attempts or tries.used < exam.attempts + tries.extra, "never to one that is used up"
                assert exam.opens_at is None or exam.opens_at <= NOON, "never to one that is not open"
                assert exam.closes_at is None or exam.closes_at > NOON, "never to one that is closed"
                assert not exam.wait_hours or tries.ended_at is None or tries.ended_at + DAY <= NOON, "never before the waiting time is over"
        if go.kind == "case" and journey.cases.get("late-van") and "late-van" not in journey.calling:
            practice = [row for row in owning.requirements if row.kind == "practice" and not row.met]
            assert not journey.cases["late-van"].passed or practice, "a passed call is made again only for its marks"
    else:
        unfinished = [state for state in states.values() if isinstance(state, Open) and not state.finished]
        why = found.waited or found.days or found.preparing
        assert why or all(not state.requirements for state in unfinished), "whoever has nothing to do is told why"


@settings(max_examples=300)
@given(_FINISHES, _JOURNEYS, _WRITTEN)
def test_a_finished_stage_always_has_something_in_it_and_nobody_stands_before_0_of_0(
    finish: Finish, journey: Journey, written: tuple[bool, bool, bool]
) -> None:
    first = plan_of(finish=finish).stages[0]
    kept = [parts if is_written else () for parts, is_written in zip((first.lessons, first.cases, first.exams), written, strict=True)]
    plan = Plan((replace(first, lessons=kept[0], cases=kept[1], exams=kept[2]), *plan_of().stages[1:]))
    states = unlock(plan, journey, NOON + 30 * DAY)

    for state in states.values():
        rows = state.why if isinstance(state, Locked) else state.requirements
        assert all(row.unwritten for row in rows if row.kind != "days" and not row.needed and row.kind in ("lessons", "cases"))
        if isinstance(state, Open) and state.finished:
            assert state.stage.parts
            assert not state.stage.unwritten
    here = current(states.values())
    assert here is not None
    assert here.parts or not any(state.stage.parts for state in states.values() if isinstance(state, Open))


@settings(max_examples=200)
@given(_FINISHES, _EXAMS, _JOURNEYS)
def test_what_a_row_offers_is_one_of_its_own_parts(finish: Finish, exam: Part, journey: Journey) -> None:
    for state in unlock(plan_of(exam, finish), journey, NOON).values():
        for row in state.why if isinstance(state, Locked) else state.requirements:
            found = row_action(row, journey, NOON)
            assert (found is None) is (not row.missing)
            assert found is None or found.part in row.missing
            assert found is None or found.may or found.state != PartState.DONE, "what is done does not meet it any further"
