"""A corrected key: what would change is shown before it is changed, and nothing of it is forgotten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ladder.desk.export import result_rows
from ladder.records.models import Answer, Attempt, Mark, Regrade, Source
from ladder.records.source import source_text
from trainee import Trainee, squeeze

EXAM = "first-exam"
WRONG_KEY = "## 先听 {#listen d=1 kb=calming}\n客户激动时，应当先讲制度。\n- (x) 对\n- ( ) 错"
RIGHT_KEY = "## 先听 {#listen d=1 kb=calming}\n客户激动时，应当先讲制度。\n- ( ) 对\n- (x) 错"


def set_key(site: Any, old: str, new: str) -> None:
    site.rewrite(site.banks / "first.md", old, new)


def only_judge(site: Any) -> None:
    """The exam asks for one true-or-false question only, so that everybody meets it."""
    exam = site.folder / "01-start" / "40-first-exam.md"
    text = exam.read_text(encoding="utf-8")
    head = text[: text.index("## 一")]
    exam.write_text(f"{head}| bank | kb | type | count | marks |\n| --- | --- | --- | --- | --- |\n| first | calming | judge | 1 | 100 |\n", encoding="utf-8")
    site.load()


@pytest.fixture
def wrongly_marked(site, trainee, trainer) -> Trainee:
    """A trainee who answered rightly, marked by a wrong key."""
    only_judge(site)
    set_key(site, RIGHT_KEY, WRONG_KEY)
    trainee.sit(EXAM, knows=lambda _: False)  # by the wrong key: in truth, right
    assert Attempt.objects.get().marks == 0
    set_key(site, WRONG_KEY, RIGHT_KEY)
    return trainee


def desk(trainer: Trainee, action: str = "regrade") -> str:
    return str(trainer.do("exam", EXAM, action)["html"])


def test_what_a_corrected_key_would_change_is_shown_and_nothing_is_changed_yet(wrongly_marked, trainer):
    page = squeeze(desk(trainer))
    assert "0→<strong>100</strong>" in page
    assert "listen" in page
    assert "改为合格" in page
    assert Attempt.objects.get().marks == 0
    assert not Regrade.objects.exists()


def test_marking_again_gives_the_marks_keeps_the_old_ones_and_shows_the_right_key(wrongly_marked, trainer):
    desk(trainer, "apply_regrade")
    attempt = Attempt.objects.get()
    assert (attempt.marks, attempt.passed) == (100, True)
    assert list(Mark.objects.order_by("revision").values_list("revision", "marks")) == [(1, Decimal(0)), (2, Decimal(100))]
    change = Regrade.objects.get().changes[0]
    assert change["marks"] == ["0.00", "100.00"]
    assert change["passed"] == [False, True]
    assert Regrade.objects.get().staff_id == trainer.id
    page = wrongly_marked.see(EXAM)
    assert "<strong>100</strong> / 100" in page
    assert "is-right" in page
    assert "is-wrong" not in page


def test_marking_again_twice_changes_nothing_more(wrongly_marked, trainer):
    desk(trainer, "apply_regrade")
    page = desk(trainer, "apply_regrade")
    assert Regrade.objects.count() == 1
    assert Mark.objects.count() == 2
    assert "培训师" in page or "trainer" in page, "the history says who"


def test_a_regrade_that_passes_an_exam_opens_the_stage_on_the_next_visit_and_says_so_before(site, trainee, trainer):
    only_judge(site)
    set_key(site, RIGHT_KEY, WRONG_KEY)
    trainee.finish_all_but_the_exam()
    trainee.sit(EXAM, knows=lambda _: False)
    assert trainee.act("lesson", "refunding", "finish").status_code == 403
    set_key(site, WRONG_KEY, RIGHT_KEY)
    assert "接听来电" in desk(trainer), "the stage that would open is named"
    desk(trainer, "apply_regrade")
    assert "data-section" in trainee.see("refunding")


def test_a_stage_that_is_open_stays_open_when_a_regrade_takes_the_pass_away(site, trainee, trainer):
    only_judge(site)
    trainee.finish_first_stage()
    assert "data-section" in trainee.see("refunding")
    set_key(site, RIGHT_KEY, WRONG_KEY)
    assert "有1份答卷将由通过变为未通过" in squeeze(desk(trainer)), "said before it is confirmed"
    desk(trainer, "apply_regrade")
    assert Attempt.objects.get().passed is False
    assert "data-section" in trainee.see("refunding")


def test_a_question_that_is_another_one_now_keeps_its_marks(site, wrongly_marked, trainer):
    set_key(site, "- ( ) 对\n- (x) 错\n> 应当先听。", "- ( ) 正确\n- (x) 错误\n> 应当先听。")
    page = desk(trainer)
    assert "listen" in page
    assert "apply_regrade" not in page, "there is nothing to apply"
    desk(trainer, "apply_regrade")
    assert Attempt.objects.get().marks == 0


def test_voided_attempts_are_left_alone(wrongly_marked, trainer, clock):
    Attempt.objects.update(voided_at=clock.time)
    desk(trainer, "apply_regrade")
    assert Attempt.objects.get().marks == 0
    assert not Regrade.objects.exists()


def test_what_was_not_changed_is_not_stored_again(wrongly_marked, trainer):
    before = Source.objects.count()
    desk(trainer, "apply_regrade")
    assert Source.objects.count() == before + 1, "the corrected text is kept once"
    desk(trainer, "apply_regrade")
    assert Source.objects.count() == before + 1


@pytest.mark.parametrize("action", ["regrade", "apply_regrade"])
def test_trainees_cannot_have_anything_marked_again(action, wrongly_marked):
    assert wrongly_marked.act("exam", EXAM, action).status_code == 403
    assert not Regrade.objects.exists()


def test_what_the_page_costs_does_not_depend_on_how_many_have_sat_the_exam(wrongly_marked, trainer, site, sign_in, act):
    def cost() -> int:
        desk(trainer)
        with CaptureQueriesContext(connection) as log:
            desk(trainer)
        return len([query for query in log if not query["sql"].startswith(("BEGIN", "COMMIT"))])

    few = cost()
    assert few <= 8
    set_key(site, RIGHT_KEY, WRONG_KEY)
    for number in range(3):
        Trainee(sign_in(f"trainee-{number}"), act, site).sit(EXAM, knows=lambda _: False)
    set_key(site, WRONG_KEY, RIGHT_KEY)
    assert desk(trainer).count("改为合格") == 4
    assert cost() == few


def test_what_a_person_has_given_is_never_marked_again_by_the_program(site, trainee, trainer, clock):
    """Staff may give marks to an answer that was left empty: to the program it is worth nothing, before and after."""
    only_judge(site)
    trainee.start(EXAM)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    attempt = Attempt.objects.get()
    Mark.objects.create(attempt=attempt, question="listen", revision=2, marks=40, possible=100, marker_id=trainer.id,
                        comment="", marked_at=clock.time)
    Attempt.objects.update(marks=40)
    assert "apply_regrade" not in desk(trainer)
    desk(trainer, "apply_regrade")
    assert Attempt.objects.get().marks == 40
    assert Mark.objects.count() == 2


# -- hundredths -----------------------------------------------------------------------------------------------------

THIRDS = """---
kind: bank
title: 三空题
kb: limits
---
""" + "".join(f"## 填{number} {{#third-{number}}}\n{number}：{{{{甲}}}}，{{{{乙}}}}，{{{{丙}}}}。\n> 解\n\n" for number in range(3))


@pytest.fixture
def rounded_one_by_one(site, trainee, monkeypatch) -> Trainee:
    """A trainee whose three times a third of 20 were rounded before they were added, as it was done once: 20.01 of 60, and 40 more."""
    exam = site.folder / "01-start" / "40-first-exam.md"
    head = exam.read_text(encoding="utf-8").partition("## 一")[0]
    exam.write_text(f"{head}| bank | type | count | marks |\n| --- | --- | --- | --- |\n| thirds | blank | 3 | 20 |\n| first | judge | 1 | 40 |\n", encoding="utf-8")
    (site.banks / "thirds.md").write_text(THIRDS, encoding="utf-8")
    site.load()
    sheet = trainee.start(EXAM)
    answers = [(card, ["甲", "", ""] if card.type == "blank" else trainee.right(card)) for card in sheet.cards]
    trainee.save(EXAM, sheet, answers)
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    assert Attempt.objects.get().marks == 60, "and it is a pass"
    return trainee


def test_parts_and_their_sum_agree_on_every_page_and_in_the_files(rounded_one_by_one, trainer, site):
    page = squeeze(rounded_one_by_one.see(EXAM))
    assert "60" in page
    assert "59.9" not in page
    rows = {row.question: row.marks for row in Mark.objects.all()}
    assert sorted(rows[f"third-{number}"] for number in range(3)) == [Decimal("6.66"), Decimal("6.67"), Decimal("6.67")]
    assert sum(rows.values()) == Attempt.objects.get().marks
    assert result_rows(str(site.now.key), EXAM, source_text(Attempt.objects.get().source_id))[1][5:8] == [60, "是", 60]
    trainer.do("exam", EXAM, "apply_regrade")
    assert not Regrade.objects.exists(), "by the same key nothing changes"


def test_marks_that_were_rounded_one_by_one_stand_until_they_are_marked_again(rounded_one_by_one, trainer):
    Mark.objects.filter(question__startswith="third").update(marks=Decimal("6.66"))
    Attempt.objects.update(marks=Decimal("59.98"), passed=False)
    assert "59.98" in rounded_one_by_one.see(EXAM)
    trainer.do("exam", EXAM, "apply_regrade")
    attempt = Attempt.objects.get()
    assert (attempt.marks, attempt.passed) == (60, True)


def test_who_has_the_same_sum_in_another_order_is_left_alone(rounded_one_by_one, trainer):
    marks = dict(zip(Mark.objects.filter(question__startswith="third").order_by("id"), ["6.67", "6.67", "6.66"], strict=True))
    for mark, standing in marks.items():
        Mark.objects.filter(id=mark.id).update(marks=Decimal(standing))
    trainer.do("exam", EXAM, "apply_regrade")
    assert not Regrade.objects.exists()


def test_marks_of_answers_that_were_emptied_are_not_moved_by_hundredths(rounded_one_by_one, trainer):
    second = Mark.objects.filter(question__startswith="third").order_by("id")[1]
    Answer.objects.filter(question=second.question).update(value=["", "", ""])
    trainer.do("exam", EXAM, "apply_regrade")
    assert not Regrade.objects.exists()
    assert Attempt.objects.get().marks == 60
