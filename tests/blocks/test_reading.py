"""A page shows what is so by now; what that makes due is written afterwards, and failing to write it fails no page."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from ladder.records.models import Attempt, StageOpening
from trainee import FIRST_STAGE

NoWriting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def no_writing(site: Any) -> NoWriting:
    """`with no_writing() as tried:` the database takes no row; `tried` are the statements that it has refused."""

    @contextmanager
    def refusing() -> Iterator[list[str]]:
        tried: list[str] = []

        def refuse(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
                tried.append(sql)
                raise OperationalError("the database is locked")
            return execute(sql, *rest)

        with connection.execute_wrapper(refuse):
            yield tried

    return refusing


def test_every_page_of_the_first_day_is_shown_though_nothing_can_be_written(trainee, no_writing):
    with no_writing() as tried:
        pages = [trainee.see(name) for name in FIRST_STAGE.values()]
    assert tried, "the opening of the first stage was due"
    assert "读完课文，练一通电话，再考一次。" in pages[0]
    assert not StageOpening.objects.exists()
    trainee.see("welcome")
    assert StageOpening.objects.get().stage == "start", "the next visit finds it due again"


def test_a_stage_that_has_opened_is_entered_though_that_cannot_be_written(trainee, no_writing):
    trainee.finish_first_stage()
    StageOpening.objects.filter(stage="calls").delete()
    with no_writing():
        assert "data-section" in trainee.see("refunding")
    assert not StageOpening.objects.filter(stage="calls").exists()


def test_what_a_learner_has_done_is_kept_though_the_stage_it_opens_cannot_be(trainee, monkeypatch):
    trainee.finish_all_but_the_exam()
    with monkeypatch.context() as patch:
        patch.setattr(StageOpening.objects, "bulk_create", _locked)
        reply = trainee.sit("first-exam")
    assert [stage["title"] for stage in reply["opened"]] == ["接听来电"]
    assert Attempt.objects.get().passed
    assert not StageOpening.objects.filter(stage="calls").exists()
    trainee.see("calls")
    assert StageOpening.objects.filter(stage="calls").exists()


def _locked(*_: Any, **__: Any) -> None:
    raise OperationalError("the database is locked")


def test_an_exam_whose_time_is_over_shows_its_result_though_it_cannot_be_handed_in(trainee, clock, no_writing):
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(hours=2)
    with no_writing() as tried:
        shown = trainee.see("first-exam")
        assert tried
        again = trainee.do("exam", "first-exam", "begin")["html"]
    assert "<strong>100</strong> / 100" in shown
    assert "<strong>100</strong> / 100" in again
    assert Attempt.objects.get().submitted_at is None
    written = trainee.see("first-exam")
    assert Attempt.objects.get().submitted_at == Attempt.objects.get().deadline_at
    assert re.findall("<code>(.+)</code>", shown) == re.findall("<code>(.+)</code>", written) != [], "one paper, one receipt"


def test_time_granted_between_looking_and_writing_lets_the_attempt_go_on(trainee, clock, monkeypatch):
    from ladder import exam

    trainee.start("first-exam")
    clock.go_on(hours=2)
    handing_in = exam.close_if_over

    def after_a_grant(*args: Any) -> Any:
        Attempt.objects.update(deadline_at=clock.time.replace(year=clock.time.year + 1))
        return handing_in(*args)

    monkeypatch.setattr(exam, "close_if_over", after_a_grant)
    trainee.see("first-exam")
    assert Attempt.objects.get().submitted_at is None
    assert trainee.running("first-exam").attempt == 1


def test_the_desk_is_shown_though_an_attempt_cannot_be_closed(trainee, trainer, clock, no_writing, caplog):
    trainee.start("first-exam")
    clock.go_on(hours=2)
    with no_writing() as tried, caplog.at_level(logging.ERROR):
        page = trainer.do("exam", "first-exam", "desk")["html"]
    assert tried
    assert "trainee" in page
    assert f"Handing in attempt {Attempt.objects.get().id} failed" in caplog.text
    assert "无法评分" not in page, "nothing is wrong with it"
