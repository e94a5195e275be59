"""Who failed twice running is shown to the trainers, with the evidence, and to nobody else."""

from __future__ import annotations

from ladder.records.models import Attempt
from trainee import Trainee, squeeze

EXAM = "first-exam"
FLAG = "须由人复核"
COHORT = "连续两次低于60分"


def desk(trainer: Trainee) -> str:
    return str(trainer.do("exam", EXAM, "desk")["html"])


def fail(trainee: Trainee) -> None:
    trainee.sit(EXAM, knows=lambda _: False)


def test_two_failed_attempts_are_on_the_desk_with_marks_and_weak_points(trainee, trainer):
    fail(trainee)
    assert FLAG not in desk(trainer)
    fail(trainee)
    page = desk(trainer)
    assert FLAG in page
    evidence = squeeze(page[page.index(FLAG):page.index("</section>", page.index(FLAG))])
    assert "trainee" in evidence
    assert evidence.count("<strong>0</strong>") == 2
    assert "第1次" in evidence
    assert "第2次" in evidence
    assert "薄弱知识点" in evidence
    assert COHORT in squeeze(trainer.client.get("/course/").content.decode())


def test_a_pass_between_two_failures_is_no_row_of_two(sign_in, act, site, trainer):
    """The second stage's exam can be sat twice; a pass ends an exam, so the row goes over two exams."""
    trainee = Trainee(sign_in("trainee"), act, site)
    fail(trainee)
    trainee.finish_first_stage()
    trainee.sit("second-exam", knows=lambda _: False)
    assert FLAG not in desk(trainer)
    trainee.sit("second-exam", knows=lambda _: False)
    assert FLAG in desk(trainer)


def test_an_exam_that_no_plan_holds_is_no_result(trainee, trainer):
    """A copy made in Studio counts for no stage and no grade."""
    fail(trainee)
    fail(trainee)
    Attempt.objects.filter(number=2).update(block="copy-of-first-exam")
    assert FLAG not in desk(trainer)
    assert COHORT not in squeeze(trainer.client.get("/course/").content.decode())


def test_a_voided_failure_does_not_count(trainee, trainer, clock):
    fail(trainee)
    fail(trainee)
    Attempt.objects.filter(number=2).update(voided_at=clock.time)
    assert FLAG not in desk(trainer)


def test_a_corrected_key_takes_the_flag_away(site, trainee, trainer):
    exam = site.folder / "01-start" / "40-first-exam.md"
    text = exam.read_text(encoding="utf-8")
    table = "| bank | kb | type | count | marks |\n| --- | --- | --- | --- | --- |\n| first | calming | judge | 1 | 100 |\n"
    exam.write_text(text[: text.index("## 一")] + table, encoding="utf-8")
    right, wrong = "- ( ) 对\n- (x) 错\n> 应当先听。", "- (x) 对\n- ( ) 错\n> 应当先听。"
    site.rewrite(site.banks / "first.md", right, wrong)
    fail(trainee)
    fail(trainee)
    assert FLAG in desk(trainer)
    site.rewrite(site.banks / "first.md", wrong, right)
    trainer.do("exam", EXAM, "apply_regrade")
    assert FLAG not in desk(trainer)


def test_the_trainee_is_shown_no_flag(trainee):
    fail(trainee)
    fail(trainee)
    seen = trainee.see(EXAM) + trainee.client.get("/course/").content.decode() + trainee.see("start")
    assert FLAG not in seen
    assert COHORT not in squeeze(seen)
