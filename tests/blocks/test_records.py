"""The tables: migrations say what the models say, rows are written together, and requests cost the same whatever the course holds."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from ladder.core.errors import Refused
from ladder.core.sitting import Allowed
from ladder.core.stage import Mark
from ladder.records import journal
from ladder.records.allowance import grant
from ladder.records.models import NAME, Attempt, Call, Override, Redo, StageOpening
from ladder.records.stage import _journey, journey, journeys
from ladder_tools.preview.sqlite.base import waiting_at_most
from trainee import Trainee, op_id

PER_PAGE, PER_ACTION = 8, 6


def test_the_migrations_say_what_the_models_say(database):
    found = io.StringIO()
    call_command("makemigrations", "ladder", check_changes=True, dry_run=True, stdout=found)
    assert "No changes detected" in found.getvalue()


def test_of_attempts_that_ran_before_extra_minutes_were_counted_they_are_counted(trainee, site, clock):
    trainee.start("first-exam")
    place = (trainee.id, str(site.now.key), "first-exam")
    grant(*place, Allowed(15), None, clock.time)
    grant(*place, Allowed(20), None, clock.time)
    call_command("migrate", "ladder", "0002", verbosity=0)
    call_command("migrate", "ladder", verbosity=0)
    ended_at = Attempt.objects.get().deadline_at
    grant(*place, Allowed(30), None, clock.time)
    assert Attempt.objects.get().deadline_at - ended_at == timedelta(minutes=10)


def test_what_was_done_before_anything_could_be_taken_back_counts_and_marks_set_by_hand_pass_as_they_did(trainee, site, clock):
    trainee.finish_all_but_the_exam()
    place = {"learner_id": trainee.id, "course": str(site.now.key), "made_at": clock.time}
    Override.objects.create(**place, block="first-exam", marks=60)
    Override.objects.create(**place, block="second-exam", marks=Decimal("59.99"))
    before = StageOpening.objects.get().opened_at
    call_command("migrate", "ladder", "0003", verbosity=0)
    call_command("migrate", "ladder", verbosity=0)
    done = journey(trainee.id, str(site.now.key))
    assert (done.lessons.keys(), done.cases["late-van"].marks, done.opened["start"]) == ({"welcome", "voice"}, 100, before)
    assert (done.exams["first-exam"].passed, done.exams["second-exam"].passed) == (True, False)
    assert "data-section" in trainee.see("refunding"), "the override opens the stage, as it did"


def test_the_database_itself_refuses_a_second_row_for_one_thing(database):
    """What no race may break is kept by constraints and not by care."""
    def fields(model: Any) -> set[tuple[str, ...]]:
        return {constraint.fields for constraint in model._meta.constraints}

    from django.apps import apps

    models = {model.__name__: model for model in apps.get_app_config("ladder").get_models()}
    unique = {name: fields(model) for name, model in models.items()}
    assert ("learner_id", "course", "block", "number") in unique["Attempt"] & unique["Call"]
    assert {("attempt", "op_id"), ("attempt", "question", "revision")} <= unique["Answer"]
    assert {("call", "position"), ("call", "op_id")} <= unique["CaseStep"]
    assert ("learner_id", "course", "block", "section", "voiding") in unique["LessonProgress"]
    assert ("learner_id", "course", "stage", "voiding") in unique["StageOpening"]
    with connection.cursor() as cursor:
        for name, model in models.items():
            there = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
            kept = {tuple(found["columns"]) for found in there if found["unique"] and not found["primary_key"]}
            assert kept == {tuple(model._meta.get_field(field).column for field in row) for row in unique[name]}, name


# -- journal --------------------------------------------------------------------------------------------------------


def failing(times: int, row: dict[str, Any]) -> Callable[[], str]:
    """A write that finds its place taken so many times, as when another window was first."""
    left = [times]

    @journal.together
    def write() -> str:
        StageOpening.objects.create(**row)
        if left[0]:
            left[0] -= 1
            StageOpening.objects.create(**row)
        return "written"

    return write


@pytest.fixture
def opening(site, clock) -> dict[str, Any]:
    return {"learner_id": 1, "course": "course", "stage": "start", "opened_at": clock.time, "evidence": []}


def test_a_write_whose_place_was_taken_is_undone_and_made_again(opening):
    assert failing(2, opening)() == "written"
    assert StageOpening.objects.count() == 1


def test_a_write_whose_place_is_always_taken_fails_in_the_end_and_leaves_nothing(opening):
    with pytest.raises(IntegrityError):
        failing(journal.TRIES, opening)()
    assert not StageOpening.objects.exists()


def test_inside_a_transaction_of_the_request_a_write_is_not_repeated(opening):
    with pytest.raises(IntegrityError), transaction.atomic():
        failing(1, opening)()
    assert not StageOpening.objects.exists()


def test_a_refusal_inside_a_transaction_of_the_request_undoes_its_own_write_and_nothing_else(opening):
    @journal.together
    def refused() -> None:
        StageOpening.objects.create(**opening | {"stage": "refused"})
        raise Refused("No.")

    with transaction.atomic():
        StageOpening.objects.create(**opening | {"stage": "before"})
        with pytest.raises(Refused):
            refused()
        StageOpening.objects.create(**opening | {"stage": "after"})
    assert set(StageOpening.objects.values_list("stage", flat=True)) == {"before", "after"}


BUSY = {"mysql": "SET SESSION innodb_lock_wait_timeout = 1", "postgresql": "SET lock_timeout = 200"}


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """A lock of somebody else's is waited for no longer than must be."""
    if connection.vendor in BUSY:
        with connection.cursor() as cursor:
            cursor.execute(BUSY[connection.vendor])
        yield
    else:
        with waiting_at_most(0.05):
            yield


def test_a_write_that_another_ones_lock_has_kept_out_is_made_again(opening):
    """The other lets go only when the database has sent the write away once."""
    StageOpening.objects.create(**opening)
    locked, let_go, refused = threading.Event(), threading.Event(), []

    def other() -> None:
        with transaction.atomic():
            StageOpening.objects.update(stage="other")
            locked.set()
            let_go.wait(30)
        connections.close_all()

    def note(execute: Any, *statement: Any) -> Any:
        try:
            return execute(*statement)
        except OperationalError as error:
            refused.append(error)
            let_go.set()
            holder.join()
            raise

    holder = threading.Thread(target=other)
    holder.start()
    assert locked.wait(30)
    with waiting_briefly(), connection.execute_wrapper(note):
        assert journal.together(StageOpening.objects.update)(evidence=["mine"]) == 1
    assert len(refused) == 1
    assert StageOpening.objects.get().stage == "other"
    assert StageOpening.objects.get().evidence == ["mine"]


def test_two_writes_that_take_the_same_rows_in_opposite_order_are_both_made(opening):
    # By its key, so that each statement locks one row: a database may read a small table from end to end, and lock all of it.
    row = {learner: StageOpening.objects.create(**opening | {"learner_id": learner}).id for learner in (1, 2)}
    # SQLite lets one writer begin after the other has ended; elsewhere both hold a row when they ask for the other's.
    both_hold_one = threading.Barrier(2 if connection.features.has_select_for_update else 1)
    tries: list[int] = []

    def write(first: int, second: int) -> None:
        @journal.together
        def writing() -> None:
            tries.append(first)
            StageOpening.objects.filter(id=row[first]).update(evidence=[first])
            if tries.count(first) == 1:
                both_hold_one.wait(30)
            StageOpening.objects.filter(id=row[second]).update(evidence=[first])

        try:
            writing()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, 1, 2), pool.submit(write, 2, 1)]:
            done.result(60)
    assert len(tries) == (3 if connection.features.has_select_for_update else 2)
    assert len({str(row.evidence) for row in StageOpening.objects.all()}) == 1, "each write is whole"


def test_what_is_slow_and_lacking_is_made_while_nobody_waits_for_it(opening):
    """It is asked for under the lock, made without, and what was written before is written again."""
    kept: list[str] = []
    locked: list[bool] = []

    def make() -> None:
        locked.append(connection.in_atomic_block)
        kept.append("made")

    @journal.together
    def write() -> str:
        StageOpening.objects.create(**opening)
        if not kept:
            journal.never_under_a_lock(make)
        return kept[0]

    assert write() == "made"
    assert locked == [False]
    assert StageOpening.objects.count() == 1


def test_what_does_not_stay_made_is_made_under_the_lock_in_the_end(opening):
    made: list[bool] = []

    @journal.together
    def write() -> None:
        journal.never_under_a_lock(lambda: made.append(True))
        StageOpening.objects.create(**opening)

    write()
    assert len(made) == journal.PREPARATIONS
    assert StageOpening.objects.count() == 1


def test_who_has_waited_long_for_a_lock_is_not_made_to_wait_as_long_again(opening, monkeypatch):
    """Else five times as long: a page that waits is told of a failure after one wait."""
    monkeypatch.setattr(journal, "PATIENCE", 0.01)
    locked, let_go, refused = threading.Event(), threading.Event(), []

    def other() -> None:
        with transaction.atomic():
            StageOpening.objects.create(**opening)
            locked.set()
            let_go.wait(30)
        connections.close_all()

    def note(execute: Any, *statement: Any) -> Any:
        try:
            return execute(*statement)
        except OperationalError as error:
            refused.append(error)
            raise

    holder = threading.Thread(target=other)
    holder.start()
    assert locked.wait(30)
    try:
        with waiting_briefly(), connection.execute_wrapper(note), pytest.raises(OperationalError):
            journal.together(StageOpening.objects.create)(**opening)
    finally:
        let_go.set()
        holder.join()
    assert len(refused) == 1


def test_a_fault_that_is_nobody_elses_is_not_tried_again(database):
    tries = []

    @journal.together
    def write() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM ladder_stageopening")

    with pytest.raises(DatabaseError):
        write()
    assert len(tries) == 1


def test_a_column_may_be_named_like_a_word_of_the_databases_own(opening):
    """`right` is such a word."""
    shared = {"learner_id": 1, "course": "course", "answered_at": opening["opened_at"]}
    journal.append(Redo, shared, ("question", "right", "op_id"), [("reply", True, "operation-1"), ("record", False, "operation-2")])
    assert list(Redo.objects.order_by("id").values_list("question", "right")) == [("reply", True), ("record", False)]


# -- queries --------------------------------------------------------------------------------------------------------


def test_the_journeys_of_everybody_are_those_of_each_one(site, sign_in, act):
    trainees = [Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(4)]
    trainees[0].finish_first_stage()
    trainees[1].play("late-van", [1, 1])
    trainees[2].sit("first-exam", knows=lambda question: not question.blanks and question.difficulty != 5)
    trainees[2].start("first-exam")
    trainees[3].see("welcome")
    course = str(site.now.key)
    assert journeys(course) == {trainee.id: journey(trainee.id, course) for trainee in trainees}


def test_a_journey_holds_what_was_done_with_its_times_and_exact_marks(trainee, site, clock):
    began = clock.time
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天"]})
    clock.go_on(hours=1)
    trainee.learn("voice")
    trainee.play("late-van", [0, 0])
    trainee.play("late-van", [2])
    trainee.sit("first-exam", knows=lambda question: not question.blanks and question.difficulty != 5)
    found = journey(trainee.id, str(site.now.key))
    assert found.opened == {"start": began}
    assert found.lessons == {"voice": clock.time}
    assert found.started == {"welcome", "voice", "late-van", "first-exam"}
    assert found.cases == {"late-van": Mark(100, True, False, 2)}
    assert {name: (str(mark.marks), mark.passed, mark.attempts) for name, mark in found.exams.items()} == {
        "first-exam": ("59.99", False, 1),
    }


def test_an_attempt_that_is_running_is_no_result(trainee, site):
    trainee.start("first-exam")
    assert journey(trainee.id, str(site.now.key)).exams["first-exam"] == Mark(None, False, False, 1)


def test_a_journey_holds_nothing_of_other_courses(trainee, site, clock):
    Call.objects.create(learner_id=trainee.id, course="course-v1:Ladder+SMALL+2027", block="late-van", number=1,
                        started_at=clock.time, ended_at=clock.time, marks=100, passed=True)
    assert not journey(trainee.id, str(site.now.key)).cases


def test_ids_of_any_sound_course_fit_the_tables():
    from ladder.core.document import SLUG

    assert SLUG.match("a" * 80)
    assert not SLUG.match("a" * (NAME + 1))


# -- what a request costs -------------------------------------------------------------------------------------------

UNITS = ("start", "welcome", "limits", "late-van", "first-exam", "refunding")
PAGES = {"course": "/course/", **{name: f"/unit/{name}/" for name in UNITS}}


def statements(call: Callable[[], Any]) -> int:
    """Statements of one request, without the transaction around it."""
    with CaptureQueriesContext(connection) as log:
        call()
    return sum(not re.match(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", entry["sql"]) for entry in log.captured_queries)


def costs(trainee: Trainee) -> dict[str, int]:
    """Statements of each page and each action on the way through the first stage, the most of each."""
    most: dict[str, int] = {}

    def count(name: str, call: Callable[[], Any]) -> Any:
        replies: list[Any] = []
        most[name] = max(most.get(name, 0), statements(lambda: replies.append(call())))
        return replies[0]

    def pages() -> None:
        for name, url in PAGES.items():
            count(f"page {name}", lambda url=url: trainee.client.get(url))

    def do(kind: str, name: str, handler: str, data: Any = None) -> Any:
        return count(f"{kind} {handler}", lambda: trainee.do(kind, name, handler, data))

    pages()
    for knows in (False, True):
        do("exam", "first-exam", "begin")
        sheet = trainee.start("first-exam")
        pages()
        answers = [(card, trainee.right(card) if knows else trainee.wrong(card)) for card in sheet.cards]
        saves = [{"op_id": op_id(), "item": card.item, "revision": 1, "value": value} for card, value in answers]
        do("exam", "first-exam", "answer", {"attempt": sheet.attempt, "saves": saves})
        do("exam", "first-exam", "submit", {"attempt": sheet.attempt})
        do("case", "late-van", "begin")
        for position in (0, 1):
            do("case", "late-van", "choose", {"op_id": op_id(), "position": position, "option": 0})
    do("exam", "first-exam", "article", {"id": "limits"})
    for part in trainee.site.now.course.stages[0].lessons:
        slugs = [section.slug for section in part.sections]
        do("lesson", part.id, "read", {"sections": slugs})
        do("lesson", part.id, "finish")
    pages()
    return most


def grow(site: Any) -> None:
    """The course with many times as many lessons, articles and questions, and a paper of four times the length."""
    def copy(path: Path) -> None:
        for number in range(100, 112):
            to = path.with_name(f"{number}-{re.sub('^[0-9]+-', '', path.stem)}-{number}.md")
            to.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")

    copy(site.folder / "01-start" / "20-voice.md")
    copy(site.folder / "kb" / "limits.md")
    bank, exam = site.banks / "first.md", site.folder / "01-start" / "40-first-exam.md"
    head, *questions = re.split(r"^(?=## )", bank.read_text(encoding="utf-8"), flags=re.MULTILINE)
    more = [
        re.sub(r"{#(.*\n.*)\n", rf"{{#copy-{number}-\1 {number}\n", question, count=1) for number in range(8) for question in questions
    ]
    bank.write_text(head + "".join([*questions, *more]), encoding="utf-8")
    text = exam.read_text(encoding="utf-8").replace("| 1 | 30 |", "| 12 | 2.5 |").replace("| 1 | 20 |", "| 8 | 2.5 |")
    exam.write_text(text, encoding="utf-8")
    site.load()


def test_each_page_and_each_action_takes_few_statements(trainee):
    found = costs(trainee)
    assert {name: count for name, count in found.items() if count > (PER_PAGE if name.startswith("page ") else PER_ACTION)} == {}


def test_what_a_request_costs_does_not_depend_on_how_much_the_course_holds(trainee, sign_in, act, site):
    small = costs(trainee)
    grow(site)
    assert costs(Trainee(sign_in("trainee-2"), act, site)) == small
    assert len(Trainee(sign_in("trainee-3"), act, site).start("first-exam").cards) == 23, "the paper has grown"


def test_what_a_request_costs_does_not_depend_on_what_was_done_before(trainee):
    for _ in range(2):
        trainee.sit("first-exam", knows=lambda _: False)
        trainee.play("late-van", [1, 1])
    few = [statements(lambda name=name: trainee.see(name)) for name in ("start", "first-exam", "late-van")]
    for _ in range(4):
        trainee.sit("first-exam", knows=lambda _: False)
        trainee.play("late-van", [1, 1])
    assert [statements(lambda name=name: trainee.see(name)) for name in ("start", "first-exam", "late-van")] == few


def test_the_trainers_overview_costs_the_same_for_three_trainees_and_for_thirty(sign_in, act, site):
    trainer = sign_in("trainer")

    def cost(number: int) -> int:
        for name in range(number):
            Trainee(sign_in(f"trainee-{name}"), act, site).see("welcome")
        trainer.get("/course/")
        return statements(lambda: trainer.get("/course/"))

    assert cost(3) == cost(30) <= PER_PAGE


def test_a_journey_is_the_same_in_whatever_order_the_database_gives_its_rows():
    """A union has no order: what staff have set and granted must not be put out by the attempts."""
    none = {"opened_at": None, "best": None, "any_passed": 0, "any_pending": 0, "times": 0, "finished_at": None}
    rows = [
        SimpleNamespace(**none | {"kind": "exam", "stage": "first-exam", "best": 32, "times": 2}),
        SimpleNamespace(**none | {"kind": "override", "stage": "first-exam", "best": 88, "any_passed": 1}),
        SimpleNamespace(**none | {"kind": "allowance", "stage": "first-exam", "times": 3}),
    ]
    for order in permutations(rows):
        found = _journey(order)
        assert (found.exams["first-exam"].marks, found.tries["first-exam"].used, found.tries["first-exam"].extra) == (88, 2, 3)
