"""The ladder walked before anybody has to: where one stops who passes with the pass mark, who repeats, who does just what is asked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from examiner import CHAPTERS, ask, bank_of, exam_of, row_of
from ladder.core import walk
from ladder.core.case import Case, Option, Scene
from ladder.core.drawing import make_pool
from ladder.core.exam import Exam
from ladder.core.question import Type
from ladder.core.stage import Finish, Part, Plan, PlannedStage
from ladder.core.walk import Ladder, Stop, closed_exams, passed_by_heart, stops

DAY = datetime.timedelta(days=1)
START = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
END = START + 100 * DAY


def exam(id_: str = "test", **rules: object) -> Exam:
    return replace(exam_of([row_of(1, marks="100")]), id=id_, **rules)  # type: ignore[arg-type] # any rule may be given


def stage(id_: str, finish: Finish, *exams: Exam, after: str = "", cases: tuple[Part, ...] = ()) -> PlannedStage:
    """A stage with a lesson and these exams and cases."""
    parts = tuple(Part(exam.id, exam.title, exam.pass_marks) for exam in exams)
    return PlannedStage(id_, id_, after, finish, (Part(f"{id_}-lesson", "课"),), cases, parts)


def ladder(*stages: PlannedStage, exams: tuple[Exam, ...] = (), cases: Mapping[str, Case] | None = None, ends_at: datetime.datetime = END) -> Ladder:
    return Ladder(Plan(stages), {exam.id: exam for exam in exams}, cases or {}, ends_at)


def told(found: list[Stop]) -> list[str]:
    """`code stage.key` or `code exam.key` of each stop."""
    return [f"{stop.code} {stop.exam or stop.stage}.{stop.key}" for stop in found]


def one_exam(finish: Finish, **rules: object) -> list[str]:
    """What is told of a stage with one exam."""
    only = exam(**rules)
    return told(stops(ladder(stage("first", finish, only), exams=(only,)), START))


# -- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theory", "passes", "found"), [
    (60, 60, []), (61, 60, ["passed-too-low first.theory"]), (60, 61, ["opens-unpassed first.theory"]), (100, 100, []),
    (0, 60, []),  # sat is enough, and that is said
])
def test_who_passes_an_exam_by_a_hair_can_go_on_and_has_passed_when_going_on(theory: int, passes: int, found: list[str]) -> None:
    assert one_exam(Finish(theory=theory), pass_marks=passes) == found


def test_every_exam_of_the_stage_must_bring_the_marks() -> None:
    hard, easy = exam("hard", pass_marks=80), exam("easy", pass_marks=60)

    assert told(stops(ladder(stage("first", Finish(theory=80), hard, easy), exams=(hard, easy)))) == ["passed-too-low first.theory"]


def test_a_later_stage_is_walked_although_nobody_gets_there() -> None:
    one, two = exam("one"), exam("two")
    first, second = stage("first", Finish(theory=70), one), stage("second", Finish(theory=80), two, after="first")

    assert told(stops(ladder(first, second, exams=(one, two)))) == ["passed-too-low first.theory", "passed-too-low second.theory"]


def test_a_stage_that_is_not_written_yet_is_let_be() -> None:
    empty = PlannedStage("empty", "空", "", Finish(lessons=True, cases=True, theory=60, practice=60, days=3))
    later = stage("later", Finish(theory=80), exam(), after="empty")

    assert told(stops(ladder(empty, later, exams=(exam(),)))) == ["passed-too-low later.theory"]


def test_a_rule_about_what_a_written_stage_does_not_have_is_told() -> None:
    finish = Finish(lessons=True, cases=True, theory=60, practice=60)

    assert told(stops(ladder(stage("first", finish)))) == [f"cannot-finish first.{key}" for key in ("cases", "theory", "practice")]


def call(id_: str, best: int, passes: int = 60) -> Case:
    """A case with one thing to say, worth `best`."""
    option = Option("好。", "end", (("态度", best),), 0, "", "", 1, 1)
    scenes = (Scene("start", "始", "", (), "", (option,), 1), Scene("end", "终", "good", (), "", (), 2))
    return Case(id_, id_, 10, "客户", 50, passes, (("态度", 100),), (), "", scenes, ())


@pytest.mark.parametrize(("best", "practice", "found"), [
    ((100, 100), 100, []), ((80, 60), 70, []), ((80, 60), 71, ["practice-too-high first.practice"]),
])
def test_cases_are_taken_again_until_they_average_enough_or_cannot(best: tuple[int, int], practice: int, found: list[str]) -> None:
    cases = {f"call-{number}": call(f"call-{number}", marks) for number, marks in enumerate(best)}
    parts = tuple(Part(id_, id_) for id_ in cases)

    assert told(stops(ladder(stage("first", Finish(practice=practice), cases=parts), cases=cases))) == found


@pytest.mark.parametrize(("all_cases", "found"), [(False, ["opens-unpassed first.practice"]), (True, [])])
def test_practice_below_the_pass_mark_of_a_case_is_told_unless_all_cases_must_be_passed(all_cases: bool, found: list[str]) -> None:
    part = stage("first", Finish(cases=all_cases, practice=60), cases=(Part("call", "来电", 80),))

    assert told(stops(ladder(part, cases={"call": call("call", 100, 80)}))) == found


# -- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "closes", "found"), [
    (4, 5, []), (5, 5, ["never-in-time test.closes"]), (99, 100, []), (100, 200, ["ends-too-soon first.days"]),
])
def test_who_must_wait_some_days_comes_before_the_exam_closes(days: int, closes: int, found: list[str]) -> None:
    only = exam(closes_at=START + closes * DAY)
    first, second = stage("first", Finish(days=days)), stage("second", Finish(theory=60), only, after="first")

    assert told(stops(ladder(first, second, exams=(only,)), START)) == found


def test_what_can_be_done_at_once_is_not_kept_waiting_by_another_stage() -> None:
    only = exam(closes_at=START + 5 * DAY)

    assert stops(ladder(stage("slow", Finish(days=30)), stage("quick", Finish(theory=60), only), exams=(only,)), START) == []


@pytest.mark.parametrize(("minutes", "found"), [(60, []), (61, ["window-short test.closes"])])
def test_somebody_can_have_all_the_minutes_of_an_exam(minutes: int, found: list[str]) -> None:
    opens = START + DAY

    assert one_exam(Finish(theory=60), minutes=minutes, opens_at=opens, closes_at=opens + datetime.timedelta(hours=1)) == found


@pytest.mark.parametrize(("attempts", "hours", "found"), [
    (1, 48, []), (3, 36, ["attempt-too-late test.wait_hours"]), (3, 35, []), (0, 71, []), (0, 72, ["attempt-too-late test.wait_hours"]),
])
def test_who_needs_every_attempt_has_the_time_for_it(attempts: int, hours: int, found: list[str]) -> None:
    assert one_exam(Finish(theory=60), attempts=attempts, wait_hours=hours, closes_at=START + 3 * DAY) == found


def test_waiting_for_the_next_attempt_may_outlast_the_course() -> None:
    assert one_exam(Finish(theory=60), attempts=3, wait_hours=24 * 50) == ["attempt-too-late test.wait_hours"]


def test_who_repeats_one_exam_may_come_too_late_to_the_next() -> None:
    one, two = exam("one", attempts=2, wait_hours=48), exam("two", closes_at=START + DAY)
    stages = stage("first", Finish(theory=60), one), stage("second", Finish(theory=60), two, after="first")

    assert told(stops(ladder(*stages, exams=(one, two)), START)) == ["repeaters-too-late two.closes"]


def test_an_exam_that_does_not_count_for_its_stage_is_looked_at_as_well() -> None:
    assert one_exam(Finish(lessons=True), closes_at=START) == ["never-in-time test.closes"]


@pytest.mark.parametrize(("days", "found"), [(4, []), (5, ["never-in-time test.closes"])])
def test_who_begins_now_may_find_closed_what_others_have_sat(days: int, found: list[str]) -> None:
    only = exam(closes_at=START + 5 * DAY)

    assert told(closed_exams(ladder(stage("first", Finish(theory=60), only), exams=(only,)), START + days * DAY)) == found


# -- questions ------------------------------------------------------------------------------------------------------


def sat_often(attempts: int, questions: int, **rules: object) -> tuple[int, Decimal] | None:
    """An exam of five questions for 20 marks each over a bank of so many."""
    rows = replace(exam_of([row_of(5, marks="20")]), attempts=attempts, **rules)  # type: ignore[arg-type] # any rule may be given
    return passed_by_heart(make_pool(rows, bank_of(*(ask(f"q{number}") for number in range(questions))), CHAPTERS))


@pytest.mark.parametrize(("attempts", "questions", "found"), [
    (1, 5, None), (2, 5, (2, 100)), (2, 7, (2, 60)), (2, 8, None), (3, 10, (3, 100)), (3, 13, None), (0, 5, None),
])
def test_the_banks_last_until_an_attempt_can_be_passed_by_remembering(
    attempts: int, questions: int, found: tuple[int, int] | None
) -> None:
    assert sat_often(attempts, questions) == found


@pytest.mark.parametrize("review", ["never", "window"])
def test_what_was_never_shown_cannot_be_remembered(review: str) -> None:
    assert sat_often(3, 5, review=review) is None


def test_rows_that_compete_share_what_is_unseen() -> None:
    both = replace(exam_of([row_of(2, marks="25"), row_of(2, kb="limits", marks="25")]), attempts=2)
    banks = bank_of(*(ask(f"q{number}", Type.SINGLE) for number in range(6)))

    assert passed_by_heart(make_pool(both, banks, CHAPTERS)) is None
    assert passed_by_heart(make_pool(replace(both, pass_marks=50), banks, CHAPTERS)) == (2, 50)


def test_a_ladder_that_is_too_long_to_walk_is_not_taken_for_one_that_cannot_be_climbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_STATES", 1)
    parts = (Part("call", "来电"),)

    assert stops(ladder(stage("first", Finish(practice=100), cases=parts), cases={"call": call("call", 100)})) == []


# -- any ladder at all ----------------------------------------------------------------------------------------------

_MOMENTS = st.none() | st.integers(-5, 120).map(lambda days: START + days * DAY)
_EXAMS = st.builds(
    lambda **rules: rules, pass_marks=st.sampled_from([1, 60, 100]), attempts=st.sampled_from([0, 1, 3, 100]),
    wait_hours=st.sampled_from([0, 1, 48, 1440]), minutes=st.sampled_from([1, 600]), opens_at=_MOMENTS, closes_at=_MOMENTS,
)
_MARKS = st.none() | st.sampled_from([0, 60, 100])
_FINISH = st.builds(Finish, st.booleans(), st.booleans(), _MARKS, _MARKS, st.none() | st.sampled_from([0, 7, 1000]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_FINISH, st.lists(_EXAMS, max_size=2), st.booleans(), st.sampled_from(["", "s0", "s1", "s2", "gone"])), max_size=4))
def test_any_ladder_is_walked_to_its_end_and_nothing_is_told_twice(rungs: list[tuple[Finish, list[dict[str, object]], bool, str]]) -> None:
    stages, exams = [], {}
    for number, (finish, rules, has_case, after) in enumerate(rungs):
        own = [exam(f"e{number}-{place}", **rule) for place, rule in enumerate(rules)]
        exams |= {each.id: each for each in own}
        stages.append(stage(f"s{number}", finish, *own, after=after, cases=(Part(f"c{number}", "来电"),) if has_case else ()))
    walked = Ladder(Plan(tuple(stages)), exams, {}, END)
    found = stops(walked, START)

    assert len({(stop.code, stop.stage, stop.exam, stop.key, stop.parts) for stop in found}) == len(found)
    assert {stop.stage for stop in found} <= {each.id for each in stages}
    assert stops(Ladder(walked.plan, {}, {})) == stops(Ladder(walked.plan, {}, {}))


def test_what_the_plan_says_of_an_exam_holds_where_the_exam_itself_is_not_at_hand() -> None:
    first = Part("a", "甲", opens_at=START + 50 * DAY)
    second = Part("b", "乙", closes_at=START + 20 * DAY)
    lesson = (Part("lesson", "课"),)
    plan = (
        PlannedStage("first", "first", "", Finish(theory=60), lesson, (), (first,)),
        PlannedStage("second", "second", "first", Finish(theory=60), lesson, (), (second,)),
    )
    assert told(stops(ladder(*plan), START)) == ["never-in-time b.closes"]
