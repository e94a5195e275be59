"""An attempt that cannot be marked is shown to staff with the reason, and holds up nobody else."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ladder import exam_results
from ladder.core.errors import Refused
from ladder.exam_results import close_overdue
from ladder.records.isolation import Failed, alone, each
from ladder.records.journal import Unprepared
from ladder.records.models import Answer, Attempt, Mark, Regrade, Source, StageOpening
from ladder.records.source import keep_source
from ladder.records.stage import journeys
from trainee import Trainee
from written import EXAM as WRITTEN, FULL, Marker, add_written_exam, hand_in, text_of

EXAM = "first-exam"
CALM = "你的答案都已保存"
BROKEN = "---\nkind: exam\ntitle: 坏\n---\n"
# What may be wrong with an attempt, and what staff are told of it.
WRONG = {
    "its text cannot be read": "已无法读取",
    "its paper asks what is in no text": "文本里没有",
    "something that nobody has foreseen": "ValueError",
    "what is on record as its paper is none": "ValueError",
}


@pytest.fixture
def three(sign_in, act, site) -> list[Trainee]:
    return [Trainee(sign_in(f"trainee-{number}"), act, site) for number in range(3)]


@pytest.fixture
def spoil(monkeypatch) -> Callable[..., Attempt]:
    """Make the attempt of a trainee one that nothing can be made of."""
    return partial(_spoil, monkeypatch)


def _spoil(monkeypatch: pytest.MonkeyPatch, trainee: Trainee, exam: str = EXAM, wrong: str = "its text cannot be read") -> Attempt:
    attempt = Attempt.objects.filter(learner_id=trainee.id, block=exam).latest("id")
    if wrong == "its text cannot be read":
        Attempt.objects.filter(id=attempt.id).update(source=keep_source(BROKEN))
    elif wrong == "its paper asks what is in no text":
        Attempt.objects.filter(id=attempt.id).update(paper=[["no-such-question", 0, "100", [0, 1]]])
    elif wrong == "what is on record as its paper is none":
        Attempt.objects.filter(id=attempt.id).update(paper={"question": "s1"})
    else:
        marked = exam_results.marked
        monkeypatch.setattr(exam_results, "marked", lambda file, sitting, saved: broken() if sitting.id == attempt.id else marked(file, sitting, saved))
    attempt.refresh_from_db()
    return attempt


def begin(trainees: list[Trainee]) -> None:
    for trainee in trainees:
        sheet = trainee.start(EXAM)
        trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])


def desk(trainer: Trainee, **data: str) -> str:
    return text_of(trainer.do("exam", EXAM, "desk", data)["html"])


# -- left open ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", WRONG)
def test_one_that_cannot_be_closed_keeps_no_other_open_and_cron_says_whose_it_is(wrong, three, clock, spoil):
    begin(three)
    attempt = spoil(three[0], wrong=wrong)
    clock.go_on(minutes=30)
    said, complaint = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit):
        call_command("close_exams", stdout=said, stderr=complaint)
    assert said.getvalue() == "已自动交卷：2 份\n"
    assert str(three[0].id) in complaint.getvalue()
    assert WRONG[wrong] in complaint.getvalue()
    assert list(Attempt.objects.filter(submitted_at=None)) == [attempt]
    assert Attempt.objects.filter(passed=True).count() == 2


@pytest.mark.parametrize("wrong", WRONG)
def test_staff_see_it_with_the_reason_and_what_was_answered_and_can_void_it(wrong, three, trainer, clock, spoil):
    begin(three)
    attempt = spoil(three[0], wrong=wrong)
    clock.go_on(minutes=30)
    page = desk(trainer)
    assert "1 份答卷无法评分" in page
    assert WRONG[wrong] in page
    assert "trainee-0" in desk(trainer, state="unmarkable")
    assert "trainee-1" not in desk(trainer, state="unmarkable")
    shown = text_of(trainer.do("exam", EXAM, "open_attempt", {"attempt": attempt.id})["html"])
    assert WRONG[wrong] in shown or wrong.startswith("something"), "the paper itself can be shown"
    assert "trainee-0" in shown
    if wrong == "its text cannot be read":
        assert "48 / 3" in shown or "3 / 2" in shown, "the answer to the blanks"
    done = trainer.do("exam", EXAM, "void_attempt", {"attempt": attempt.id, "reason": "试卷损坏"})
    assert "试卷损坏" in done["html"]
    assert "无法评分" not in desk(trainer)
    assert three[0].start(EXAM).attempt == 2


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("late", [False, True])
def test_its_learner_is_told_calmly_whatever_they_do(wrong, late, three, clock, spoil):
    begin(three[:1])
    attempt = spoil(three[0], wrong=wrong)
    clock.go_on(minutes=30 if late else 1)
    shown = late or not wrong.startswith("something")  # the paper itself runs
    assert (CALM in three[0].see(EXAM)) is shown
    assert (CALM in three[0].do("exam", EXAM, "begin")["html"]) is shown
    for handler, data in {
        "answer": {"attempt": 1, "saves": [{"op_id": "operation-1", "item": 1, "revision": 9, "value": [0]}]},
        "submit": {"attempt": 1}, "time_left": {"attempt": 1},
    }.items():
        response = three[0].act("exam", EXAM, handler, data)
        assert response.status_code in (200, 409), handler
        assert response.status_code == 200 or CALM in str(response.json()) or "conflicts" in response.json()
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert Answer.objects.filter(attempt=attempt).count() == 5


def test_whose_marks_are_out_sees_them_though_the_paper_cannot_be_shown_any_more(three, spoil):
    three[0].sit(EXAM)
    spoil(three[0])
    page = text_of(three[0].see(EXAM))
    assert CALM in page
    assert "100 / 100" in page


def test_who_has_failed_may_sit_again_though_the_paper_cannot_be_shown_any_more(three, spoil):
    three[0].sit(EXAM, knows=lambda _: False)
    spoil(three[0])
    page = three[0].see(EXAM)
    assert CALM in page
    assert 'data-action="begin"' in page
    assert three[0].start(EXAM).attempt == 2


@pytest.mark.parametrize("done", [False, True])
def test_who_still_sits_or_has_passed_is_offered_no_other_attempt_there(done, three, spoil):
    begin(three[:1])
    if done:
        three[0].do("exam", EXAM, "submit", {"attempt": 1})
    spoil(three[0])
    page = three[0].see(EXAM)
    assert CALM in page
    assert 'data-action="begin"' not in page


def test_a_broken_text_of_today_is_no_matter_of_those_who_have_their_own(three, trainer, site):
    """The page of an exam that nobody can begin says so; the desk goes on."""
    from ladder_tools.preview.runtime import PreviewRuntime

    begin(three[:1])
    three[1].do("exam", EXAM, "begin")
    block = PreviewRuntime(site.now, trainer.client.user).get_block(site.usage("exam", EXAM))
    block.content = BROKEN
    visit = block.require_open()
    assert "trainee-0" in block._desk(visit)
    assert block._frame("x")


# -- handed in ------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(site, three, sign_in, act, spoil) -> Marker:
    """Three papers with written answers, the first of which nobody can read any more."""
    add_written_exam(site)
    for trainee in three:
        hand_in(trainee)
    spoil(three[0], WRITTEN)
    return Marker(sign_in("trainer"), act)


def test_the_others_are_marked_and_released(written, three):
    queue = text_of(written.do("marking")["html"])
    assert "1 份答卷无法在此显示" in queue
    written.mark_all(times=2)
    assert written.act("marking", {"question": "soothe", "code": "0" * 16}).status_code == 409
    said = written.do("release")
    assert "已公布 2 份" in said["say"] or "2" in said["say"]
    released = Attempt.objects.exclude(released_at=None)
    assert sorted(released.values_list("learner_id", flat=True)) == sorted(trainee.id for trainee in three[1:])
    assert set(released.values_list("marks", flat=True)) == {100}
    stuck = Attempt.objects.get(released_at=None)
    assert written.act("release", {"attempt": stuck.id}).status_code == 409
    assert "1 份答卷无法评分" in text_of(written.do("desk")["html"])
    assert "待评阅" not in three[1].see(WRITTEN)


def test_the_files_name_everybody(written, three):
    from blocks.test_export import file_of, read_csv

    rows = read_csv(file_of(written, "csv")[1])
    assert {row[1] for row in rows[1:]} == {f"trainee-{number}" for number in range(3)}
    assert [row[4] for row in rows if row[1] == "trainee-0"] == ["无法评分"]
    assert file_of(written, "xlsx")[1]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_regrade_leaves_it_its_marks_and_changes_the_others(wrong, three, trainer, site, spoil):
    from blocks.test_regrade import RIGHT_KEY, WRONG_KEY, only_judge, set_key

    only_judge(site)
    set_key(site, RIGHT_KEY, WRONG_KEY)
    for trainee in three:
        trainee.sit(EXAM, knows=lambda _: False)
    attempt = spoil(three[0], wrong=wrong)
    set_key(site, WRONG_KEY, RIGHT_KEY)
    assert "1 份答卷无法重新评分" in text_of(trainer.do("exam", EXAM, "regrade")["html"])
    trainer.do("exam", EXAM, "apply_regrade")
    assert sorted(Attempt.objects.values_list("marks", flat=True)) == [0, 100, 100]
    attempt.refresh_from_db()
    assert (attempt.marks, attempt.key_id) == (0, None)
    assert len(Regrade.objects.get().changes) == 2


def test_marks_whose_points_are_none_on_record_keep_back_nobodys_file_or_regrade(three, trainer):
    for trainee in three:
        trainee.sit(EXAM)
    Mark.objects.filter(attempt__learner_id=three[0].id).update(points=3)
    attempt = Attempt.objects.get(learner_id=three[0].id)
    for handler, data in {"export": {"format": "csv"}, "regrade": {}, "apply_regrade": {}, "open_attempt": {"attempt": attempt.id}}.items():
        trainer.do("exam", EXAM, handler, data)
    assert "100 / 100" in text_of(three[0].see(EXAM))


@pytest.mark.parametrize("value", [3, [[1]]])
def test_who_hands_in_an_answer_that_is_none_on_record_is_told_calmly(three, value):
    begin(three[:1])
    Answer.objects.filter(attempt__learner_id=three[0].id).update(value=value)
    response = three[0].act("exam", EXAM, "submit", {"attempt": 1})
    assert response.status_code in (200, 409)
    assert CALM in str(response.json())
    assert CALM in three[0].see(EXAM)


def test_statistics_leave_it_out_and_say_so(three, trainer):
    for trainee in three:
        trainee.sit(EXAM)
    Attempt.objects.filter(learner_id=three[0].id).update(paper=[1])
    page = text_of(trainer.do("exam", EXAM, "statistics")["html"])
    assert "1 份答卷无法读取" in page
    assert "答卷 2" in page or "2" in page


def test_an_exam_that_cannot_be_read_hides_no_flag_and_no_desk(three, trainer, site, monkeypatch):
    from ladder.desk import flags

    for _ in range(2):
        three[0].sit(EXAM, knows=lambda _: False)
    assert "连续两次" in desk(trainer)
    monkeypatch.setattr(flags, "parse_text", broken)
    assert "连续两次" in desk(trainer)


def broken(*_: Any) -> Any:
    raise ValueError("nobody has foreseen this")


def test_one_journey_that_cannot_be_read_hides_nobody_elses(three, site, monkeypatch):
    from ladder.records import stage

    for trainee in three:
        trainee.learn("welcome")
    read = stage._journey
    monkeypatch.setattr(stage, "_journey", lambda rows: broken() if rows[0].learner_id == three[0].id else read(rows))
    assert set(journeys(str(site.now.key))) == {trainee.id for trainee in three[1:]}


# -- kept from before ---------------------------------------------------------------------------------------------------


OLD_BANK = """

<!-- file: old.md -->
---
kind: bank
title: 旧题
---
## 旧空 {#old-blank}
{{/(a+)+b/|/[ab]{0,99}[ab]{0,99}[ab]{0,99}[ab]{0,99}c/|甲}}，{{48}}。
> 解
"""


@pytest.mark.parametrize(("values", "marks"), [(["甲", "48"], 100), (["a" * 5000, "48"], 50), (["甲", "9" * 20_000], 50), (["万" * 1000, "零" * 5000], 0)])
def test_what_was_drawn_before_there_were_bounds_is_marked_as_far_as_it_goes(values, marks, three, trainer, clock):
    """Patterns that are refused today, answers longer than a blank takes now."""
    begin(three[:1])
    attempt = Attempt.objects.get()
    text = Source.objects.get(digest=attempt.source_id).content
    paper = [["old-blank", 0, "100", []]]
    Attempt.objects.filter(id=attempt.id).update(source=keep_source(text + OLD_BANK), paper=paper)
    Answer.objects.create(attempt=attempt, question="old-blank", revision=1, value=values, op_id="operation-old", saved_at=clock.time)
    assert "ladder-sitting" in three[0].see(EXAM)
    clock.go_on(minutes=30)
    assert close_overdue(clock.time).closed == 1
    attempt.refresh_from_db()
    assert attempt.marks == marks
    assert three[0].see(EXAM)
    assert trainer.do("exam", EXAM, "open_attempt", {"attempt": attempt.id})
    assert trainer.do("exam", EXAM, "export", {"format": "xlsx"})


# -- the mechanism --------------------------------------------------------------------------------------------------


def test_each_goes_through_all_and_writes_down_who_failed(caplog):
    done = each([3, 0, 1], lambda number: 6 // number, "Dividing by {}".format)

    assert done.results == [(3, 2), (1, 6)]
    assert [(failure.item, type(failure.error)) for failure in done.failed] == [(0, ZeroDivisionError)]
    assert "Dividing by 0 failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text, "with its traceback"


def test_an_answer_that_is_no_fault_goes_on():
    with pytest.raises(Refused):
        alone(lambda: (_ for _ in ()).throw(Refused("No.")), "Asking", but=(Refused,))
    assert isinstance(alone(broken, "Breaking"), Failed)


def test_what_waits_until_a_lock_is_let_go_has_not_failed():
    def cold() -> None:
        raise Unprepared(lambda: None)

    with pytest.raises(Unprepared):
        alone(cold, "Reading")
    with pytest.raises(Unprepared):
        each([1], lambda _: cold(), "Reading {}".format)


def test_inside_a_transaction_what_failed_is_undone_and_the_others_are_kept(database, site, clock):
    def write(learner: int) -> None:
        StageOpening.objects.create(learner_id=learner, course="course", stage="start", opened_at=clock.time, evidence=[])
        if learner == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nothing FROM nowhere")

    with transaction.atomic():
        done = each([1, 2, 3], write, "Opening to {}".format, database=True)
    assert [type(failure.error).__mro__.index(DatabaseError) > 0 for failure in done.failed] == [True]
    assert sorted(StageOpening.objects.values_list("learner_id", flat=True)) == [2, 3]


def test_marks_of_those_who_were_marked_are_untouched(three, trainer, spoil):
    three[0].sit(EXAM)
    before = list(Mark.objects.values())
    spoil(three[0])
    desk(trainer)
    assert list(Mark.objects.values()) == before
    assert Attempt.objects.get().marks == Decimal(100)
    assert FULL
