"""The platform's signal reaches us by the platform's own machinery of plugins."""

from __future__ import annotations

import re
from typing import Any

import pytest
from edx_django_utils.plugins import connect_plugin_receivers
from openedx.core.djangoapps.user_api.accounts import signals

from ladder.records.models import Answer
from trainee import Trainee

NAMES = ("USER_RETIRE_MAILINGS", "USER_RETIRE_LMS_CRITICAL", "USER_RETIRE_LMS_MISC")


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals as before the apps are ready."""
    for name in NAMES:
        monkeypatch.setattr(signals, name, type(getattr(signals, name))())


def write(trainee: Trainee) -> None:
    """Answers in which words of one's own stand."""
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, ["my own words", "3"]) for card in sheet.cards if card.blanks])


def words() -> list[str]:
    """What is written in answers."""
    return re.findall("my own words", str(list(Answer.objects.values_list("value", flat=True))))


def test_the_signal_of_a_retirement_reaches_us(trainee: Trainee) -> None:
    write(trainee)
    connect_plugin_receivers("lms.djangoapp")
    told: list[Any] = signals.USER_RETIRE_LMS_CRITICAL.send(sender=object, user=trainee.client.user)
    assert [receiver.__name__ for receiver, _ in told] == ["retire_learner"]
    assert words() == []


def test_what_goes_wrong_stops_the_retirement_and_empties_nothing(trainee: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform repeats a retirement that has failed; one that seems to be done is never looked at again."""
    write(trainee)
    connect_plugin_receivers("lms.djangoapp")
    monkeypatch.setattr("ladder.records.retirement.void_unmarked", None)
    with pytest.raises(TypeError):
        signals.USER_RETIRE_LMS_CRITICAL.send(sender=object, user=trainee.client.user)
    assert words() == ["my own words"]


def test_studio_and_other_signals_retire_nobody(trainee: Trainee) -> None:
    write(trainee)
    connect_plugin_receivers("cms.djangoapp")
    for name in NAMES:
        assert getattr(signals, name).send(sender=object, user=trainee.client.user) == []
    connect_plugin_receivers("lms.djangoapp")
    assert signals.USER_RETIRE_LMS_MISC.send(sender=object, user=trainee.client.user) == []
    assert words() == ["my own words"]
