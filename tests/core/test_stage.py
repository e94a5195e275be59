"""The gate: which stages are open to a learner, and why the others are not."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.document import parse_document
from ladder.core.problems import Report
from ladder.core.stage import (
    Finish,
    Journey,
    Locked,
    Mark,
    Open,
    Part,
    Plan,
    PlannedStage,
    Requirement,
    Stage,
    current,
    parse_plan,
    parse_stage,
    plan_document,
    rung_state,
    unlock,
    with_call,
    with_lesson,
    with_sitting,
)

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)

WELCOME, RULES = Part("welcome", "欢迎"), Part("rules", "规定")
LATE_VAN, ANGRY = Part("late-van", "迟到的货车"), Part("angry", "愤怒的客户")
BASICS, LIMITS = Part("basics", "基础"), Part("limits", "时限")


def plan_of(finish: Finish) -> Plan:
    """A first stage with two parts of each kind and this rule, and two stages above it."""
    first = PlannedStage("start", "认识小店", "", finish, (WELCOME, RULES), (LATE_VAN, ANGRY), (BASICS, LIMITS))
    second = PlannedStage("calls", "接听来电", "start", Finish(lessons=True), (Part("listening", "倾听"),))
    return Plan((first, second, PlannedStage("alone", "独立上岗", "calls", Finish(days=1))))


def marks(theory: str | None = None, *, pending: bool = False) -> Mark:
    earned = None if theory is None else Decimal(theory)
    return Mark(earned, earned is not None and earned >= 60, pending)


def second_stage(finish: Finish, journey: Journey, now: datetime.datetime = NOON) -> Open | Locked:
    return unlock(plan_of(finish), journey, now)["calls"]


def only_row(finish: Finish, journey: Journey, now: datetime.datetime = NOON) -> Requirement:
    """The one row of the first stage's rule."""
    first = unlock(plan_of(finish), journey, now)["start"]
    assert isinstance(first, Open)
    [row] = first.requirements
    assert isinstance(second_stage(finish, journey, now), Open) is row.met
    return row


# -- open or locked -------------------------------------------------------------------------------------------------


def test_a_stage_that_waits_for_no_other_is_open() -> None:
    assert isinstance(unlock(plan_of(Finish(lessons=True)), Journey(), NOON)["start"], Open)


def test_a_locked_stage_says_what_is_missing_and_where_to_go_on() -> None:
    state = second_stage(Finish(lessons=True, theory=60), Journey(lessons={"welcome": NOON}))

    assert isinstance(state, Locked)
    assert (state.stage.id, state.before.id, state.waits_for.id) == ("calls", "start", "start")
    assert [(row.kind, row.mine, row.needed, row.met, row.missing) for row in state.why] == [
        ("lessons", 1, 2, False, (RULES,)), ("theory", None, 60, False, (BASICS, LIMITS)),
    ]


def test_a_stage_far_above_names_the_lowest_stage_still_to_be_finished() -> None:
    states = unlock(plan_of(Finish(lessons=True)), Journey(), NOON)
    far = states["alone"]

    assert isinstance(far, Locked)
    assert (far.before.id, far.waits_for.id) == ("calls", "start")
    assert [row.kind for row in far.why] == ["lessons"]


def test_a_finished_stage_opens_the_next_and_keeps_the_evidence() -> None:
    journey = Journey(lessons={"welcome": NOON, "rules": NOON})
    state = second_stage(Finish(lessons=True), journey)

    assert isinstance(state, Open)
    assert [row.to_json() for row in state.evidence] == [{"kind": "lessons", "mine": "2", "needed": "2"}]
    assert isinstance(unlock(plan_of(Finish(lessons=True)), journey, NOON)["alone"], Locked)


def test_a_stage_opened_once_stays_open() -> None:
    state = second_stage(Finish(lessons=True), Journey(opened={"calls": NOON}))

    assert isinstance(state, Open)
    assert state.opened_at == NOON


def test_a_stage_that_asks_for_nothing_is_never_finished() -> None:
    assert isinstance(second_stage(Finish(), Journey(lessons={"welcome": NOON, "rules": NOON})), Locked)


@pytest.mark.parametrize("finish", [
    Finish(), Finish(lessons=True), Finish(cases=True), Finish(theory=0), Finish(practice=0), Finish(days=1), Finish(lessons=True, days=0),
])
def test_a_stage_of_which_nothing_is_written_is_in_preparation_and_finishes_never(finish: Finish) -> None:
    plan = Plan((PlannedStage("start", "空", "", finish), PlannedStage("calls", "二", "start", Finish())))
    states = unlock(plan, Journey(opened={"start": NOON}), NOON + 30 * DAY)

    assert plan.stages[0].in_preparation
    assert isinstance(states["calls"], Locked), "time alone opens nothing"
    assert states["calls"].waits_for == plan.stages[0]
    assert rung_state(states["start"]) == "preparation"


@pytest.mark.parametrize(("finish", "unwritten"), [
    (Finish(lessons=True, theory=0), ("theory",)), (Finish(lessons=True, cases=True, practice=0), ("cases", "practice")),
])
def test_a_stage_with_some_kinds_still_to_be_written_is_studied_and_not_finished(finish: Finish, unwritten: tuple[str, ...]) -> None:
    plan = Plan((PlannedStage("start", "一", "", finish, (WELCOME,)), PlannedStage("calls", "二", "start", Finish())))
    states = unlock(plan, Journey(lessons={"welcome": NOON}), NOON)
    start = states["start"]

    assert (plan.stages[0].in_preparation, plan.stages[0].unwritten) == (True, unwritten)
    assert isinstance(start, Open)
    assert [row.kind for row in start.requirements if row.unwritten] == list(unwritten)
    assert isinstance(states["calls"], Locked)
    assert rung_state(start) == "open", "there is something to do in it"


def test_a_stage_with_parts_and_no_rule_is_not_in_preparation() -> None:
    assert not PlannedStage("start", "一", "", Finish(), (WELCOME,)).in_preparation


def test_nobody_stands_in_a_stage_of_which_nothing_is_written() -> None:
    empty = PlannedStage("calls", "二", "start", Finish(lessons=True))
    plan = Plan((PlannedStage("start", "一", "", Finish(lessons=True), (WELCOME,)), empty))

    assert current(unlock(plan, Journey(lessons={"welcome": NOON}), NOON).values()) == plan.stages[0]
    assert current(unlock(Plan((replace(empty, opens_after=""),)), Journey(), NOON).values()) is not None, "there is no other"


@pytest.mark.parametrize("awaited", ["nowhere", "alone"])
def test_a_stage_that_waits_for_one_not_below_it_stays_locked(awaited: str) -> None:
    plan = plan_of(Finish(lessons=True))
    wrong = Plan((plan.stages[0], replace(plan.stages[1], opens_after=awaited), plan.stages[2]))

    assert isinstance(unlock(wrong, Journey(lessons={"welcome": NOON, "rules": NOON}), NOON)["calls"], Locked)


def test_the_learner_stands_on_the_first_open_stage_that_is_not_finished() -> None:
    plan = plan_of(Finish(lessons=True))
    all_read = {"welcome": NOON, "rules": NOON, "listening": NOON}

    def standing(journey: Journey) -> str:
        stage = current(unlock(plan, journey, NOON).values())
        assert stage is not None
        return stage.id

    assert standing(Journey()) == "start"
    assert standing(Journey(lessons={"welcome": NOON, "rules": NOON})) == "calls"
    assert standing(Journey(opened={"alone": NOON - DAY}, lessons=all_read)) == "calls", "of the last nothing is written"
    assert current([]) is None


# -- what finishes a stage ------------------------------------------------------------------------------------------


def test_every_lesson_must_be_read() -> None:
    assert only_row(Finish(lessons=True), Journey(lessons={"rules": NOON})).missing == (WELCOME,)
    assert only_row(Finish(lessons=True), Journey(lessons={"rules": NOON, "welcome": NOON})).met


def test_every_case_must_be_passed() -> None:
    failed = Journey(cases={"late-van": marks("90"), "angry": marks("30")})
    row = only_row(Finish(cases=True), failed)

    assert (row.mine, row.needed, row.met, row.missing) == (1, 2, False, (ANGRY,))
    assert only_row(Finish(cases=True), Journey(cases={"late-van": marks("90"), "angry": marks("60")})).met


@pytest.mark.parametrize(("lowest", "met"), [("60", True), ("60.00", True), ("59.99", False), ("95", True), ("0", False)])
def test_60_opens_and_59_99_does_not(lowest: str, met: bool) -> None:
    row = only_row(Finish(theory=60), Journey(exams={"basics": marks("95"), "limits": marks(lowest)}))

    assert (row.met, row.mine, row.needed) == (met, Decimal(lowest), 60)
    assert row.missing == (() if met else (LIMITS,))


def test_one_exam_of_two_is_not_enough() -> None:
    row = only_row(Finish(theory=60), Journey(exams={"basics": marks("95")}))

    assert (row.met, row.mine, row.missing) == (False, None, (LIMITS,))


def test_an_exam_that_waits_for_marks_is_neither_pass_nor_fail() -> None:
    waiting = only_row(Finish(theory=60), Journey(exams={"basics": marks("95"), "limits": marks(None, pending=True)}))
    partly = only_row(Finish(theory=60), Journey(exams={"basics": marks("95"), "limits": marks("40", pending=True)}))
    failed = only_row(Finish(theory=60), Journey(exams={"basics": marks("95"), "limits": marks("40")}))

    assert (waiting.met, waiting.pending) == (False, True)
    assert (partly.met, partly.pending) == (False, True)
    assert (failed.met, failed.pending) == (False, False)


def test_an_exam_that_is_passed_already_waits_for_nothing() -> None:
    row = only_row(Finish(theory=60), Journey(exams={"basics": marks("95"), "limits": marks("70", pending=True)}))

    assert (row.met, row.pending) == (True, False)


@pytest.mark.parametrize(("first", "second", "mine", "met"), [
    ("80", "40", "60", True), ("80", "39.99", "59.99", False), ("100", None, "50", False), ("100", "100", "100", True),
    ("0", "0", "0", False),
])
def test_practice_is_the_average_of_all_cases_and_a_call_not_made_counts_nothing(
    first: str, second: str | None, mine: str, met: bool
) -> None:
    cases = {"late-van": marks(first)} | ({"angry": marks(second)} if second else {})
    row = only_row(Finish(practice=60), Journey(cases=cases))

    assert (row.mine, row.met) == (Decimal(mine), met)
    assert row.missing[:1] == (() if met else (LATE_VAN,) if first == second else (ANGRY,))


def test_an_average_just_under_the_mark_is_not_shown_as_the_mark() -> None:
    third = Part("third", "第三个")
    plan = Plan((PlannedStage("start", "一", "", Finish(practice=60), (), (LATE_VAN, ANGRY, third)),))
    state = unlock(plan, Journey(cases={"late-van": marks("60"), "angry": marks("60"), "third": marks("59.99")}), NOON)["start"]

    assert isinstance(state, Open)
    assert (state.requirements[0].mine_shown, state.finished) == ("59.99", False)


@pytest.mark.parametrize(("waited", "mine", "met"), [
    (datetime.timedelta(), 0, False), (3 * DAY - datetime.timedelta(seconds=1), 2, False), (3 * DAY, 3, True),
    (30 * DAY, 30, True),
])
def test_days_are_whole_days_since_the_stage_opened(waited: datetime.timedelta, mine: int, met: bool) -> None:
    row = only_row(Finish(days=3), Journey(opened={"start": NOON}), NOON + waited)

    assert (row.mine, row.needed, row.met) == (mine, 3, met)


def test_days_do_not_run_before_the_stage_was_opened() -> None:
    assert not only_row(Finish(days=1), Journey(), NOON + 30 * DAY).met


def test_numbers_are_shown_as_people_write_them() -> None:
    assert Requirement("theory", Decimal("59.50"), Decimal("60.00"), False).mine_shown == "59.5"
    assert Requirement("theory", Decimal("100"), Decimal("60.00"), True).mine_shown == "100"
    assert Requirement("theory", None, Decimal("60.00"), False).mine_shown == "–"
    assert Requirement("theory", None, Decimal("60.00"), False).needed_shown == "60"


# -- any learner whatever -------------------------------------------------------------------------------------------

_PASSED = st.dictionaries(st.sampled_from(["welcome", "rules", "listening"]), st.just(NOON))
_MARKS = st.builds(marks, st.sampled_from([None, "0", "59.99", "60", "100"]), pending=st.booleans())
_JOURNEYS = st.builds(
    Journey, st.dictionaries(st.sampled_from(["start", "calls", "alone"]), st.just(NOON - DAY)), _PASSED, st.just(frozenset()),
    st.dictionaries(st.sampled_from(["late-van", "angry"]), _MARKS),
    st.dictionaries(st.sampled_from(["basics", "limits"]), _MARKS),
)
_FINISHES = st.builds(
    Finish, st.booleans(), st.booleans(), st.none() | st.integers(0, 100), st.none() | st.integers(0, 100),
    st.none() | st.integers(0, 3),
)


@settings(max_examples=150)
@given(_FINISHES, _JOURNEYS, st.integers(0, 5))
def test_the_gate_is_shut_exactly_while_the_stage_below_is_unfinished(finish: Finish, journey: Journey, days: int) -> None:
    states = unlock(plan_of(finish), journey, NOON + days * DAY)

    for stage in plan_of(finish).stages[1:]:
        state, below = states[stage.id], states[stage.opens_after]
        finished_below = isinstance(below, Open) and below.finished
        assert not (finished_below and below.stage.in_preparation)
        assert isinstance(state, Open) is (finished_below or stage.id in journey.opened)
        if isinstance(state, Locked) and isinstance(below, Open) and below.requirements:
            assert any(not row.met for row in state.why)


@settings(max_examples=100)
@given(_FINISHES, _JOURNEYS, st.sampled_from(["welcome", "rules", "listening"]), st.integers(0, 100), st.integers(0, 100))
def test_doing_more_never_shuts_a_stage(finish: Finish, journey: Journey, lesson: str, call: int, exam: int) -> None:
    more = with_lesson(journey, lesson, NOON)
    more = with_call(more, "late-van", call, call >= 60)
    more = with_sitting(more, "basics", marks(str(exam)))

    before, after = unlock(plan_of(finish), journey, NOON), unlock(plan_of(finish), more, NOON)
    assert [id_ for id_ in before if isinstance(before[id_], Open) and isinstance(after[id_], Locked)] == []


def test_the_best_attempt_counts() -> None:
    journey = with_sitting(with_sitting(Journey(), "basics", marks("70")), "basics", replace(marks("40"), attempts=2))
    journey = with_call(with_call(journey, "late-van", 90, True), "late-van", 10, False)

    assert journey.exams["basics"] == Mark(Decimal(70), True, False, 2)
    assert (journey.cases["late-van"].marks, journey.cases["late-van"].passed) == (90, True)


# -- what the author writes -----------------------------------------------------------------------------------------


def read(front: str) -> tuple[Stage, list[tuple[int, int, str]]]:
    report = Report("01-start/stage.md")
    document = parse_document(f"---\nkind: stage\ntitle: 认识小店\n{front}---\n读完。\n", report)
    assert document is not None
    stage = parse_stage(document, "start", report)
    return stage, [(problem.line, problem.column, problem.code) for problem in report.problems]


def test_a_stage_is_read_whole() -> None:
    rule = "finish:\n  lessons: all\n  cases: all\n  theory: 60\n  practice: 70\n  days: 3\n"
    stage, problems = read("opens_after: before\n" + rule)

    assert problems == []
    assert stage == Stage("start", "认识小店", "before", Finish(True, True, 60, 70, 3), "读完。\n")


def test_what_finish_leaves_out_does_not_count() -> None:
    assert read("finish: {theory: 0}\n")[0].finish == Finish(theory=0)
    assert read("")[0].finish == Finish()


@pytest.mark.parametrize(("front", "problem"), [
    ("finish: {lessons: 3}\n", (4, 19, "unknown-value")),
    ("finish: {theory: 101}\n", (4, 18, "out-of-range")),
    ("finish: {theory: 59.5}\n", (4, 18, "wrong-type")),
    ("finish: {theory: }\n", (4, 10, "missing-value")),
    ("finish: {lessons: }\n", (4, 10, "missing-value")),
    ("finish: {exams: all}\n", (4, 10, "unknown-key")),
    ("finish: all\n", (4, 9, "wrong-type")),
])
def test_a_rule_that_cannot_be_meant_is_told(front: str, problem: tuple[int, int, str]) -> None:
    assert read(front)[1] == [problem]


# -- the plan in a block's payload ----------------------------------------------------------------------------------


def stored(plan: Plan) -> Plan:
    report = Report("plan.md")
    document = parse_document(plan_document(plan), report)
    assert document is not None
    back = parse_plan(document, report)
    assert report.problems == []
    return back


_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
_MOMENTS = st.none() | st.datetimes(NOON.replace(tzinfo=None), timezones=st.just(datetime.UTC))
_EXAM_RULES = st.tuples(st.integers(0, 100), st.integers(0, 24 * 60), _MOMENTS, _MOMENTS)
_TITLES = st.text(_LETTERS, max_size=20).map(str.strip)


@settings(max_examples=100)
@given(_FINISHES, _TITLES, st.integers(0, 100), _EXAM_RULES)
def test_a_plan_survives_storage(finish: Finish, title: str, pass_marks: int, rules: tuple[Any, ...]) -> None:
    plan = plan_of(finish)
    first = replace(plan.stages[0], title=title, exams=(Part("basics", title, pass_marks, *rules),), lessons=())
    plan = Plan((first, *plan.stages[1:]))

    assert stored(plan) == plan


@pytest.mark.parametrize("id_", ["null", "true", "12", "1-5", "0x1"])
def test_an_id_that_reads_like_a_number_or_a_flag_survives_storage_too(id_: str) -> None:
    first = PlannedStage(id_, "认识小店", "", Finish(lessons=True), (Part(id_, "欢迎"),), (Part(id_, "来电"),), (Part(id_, "小考"),))
    plan = Plan((first, PlannedStage("calls", "接听来电", id_, Finish(days=1))))

    assert stored(plan) == plan


def test_a_plan_finds_its_stages_by_id() -> None:
    plan = plan_of(Finish())

    assert plan.stage("calls").title == "接听来电"
    with pytest.raises(KeyError):
        plan.stage("nowhere")


@pytest.mark.parametrize("stages", ["3", "[3]", "[{id: a, lessons: 3}]", "[{id: a, lessons: [3]}]", "[{id: a, finish: 3}]"])
def test_a_plan_that_no_build_writes_is_told(stages: str) -> None:
    report = Report("plan.md")
    document = parse_document(f"---\nkind: plan\nstages: {stages}\n---\n", report)
    assert document is not None
    parse_plan(document, report)

    assert [problem.code for problem in report.problems] == ["wrong-type"]
