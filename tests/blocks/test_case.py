"""A simulated call: only what is offered can be said, nothing is said twice, the best call counts."""

from __future__ import annotations

from typing import Any

import pytest

from ladder.records.models import Call, CaseStep
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import Row, op_id, rows_of

GREETING = "抱歉让您久等，我马上查。"
FIRST_OPTIONS = ("抱歉让您久等，我马上查。", "您再等等吧。", "（直接挂断）")
SECOND_OPTIONS = ("今晚六点前送到，可以吗？", "我也没办法。")


def choose(trainee, option: Any, position: Any = 0, op: Any = None):
    return trainee.act("case", "late-van", "choose", {"op_id": op or op_id(), "position": position, "option": option})


def steps(trainee) -> list[tuple[int, str, int]]:
    found = CaseStep.objects.filter(call__learner_id=trainee.id).order_by("call__number", "position")
    return list(found.values_list("position", "scene", "option"))


def marks(trainee) -> list[Any]:
    return list(Call.objects.filter(learner_id=trainee.id).order_by("number").values_list("marks", "passed"))


def script(site):
    return site.folder / "01-start" / "30-late-van.md"


# -- what is shown --------------------------------------------------------------------------------------------------


def test_the_briefing_tells_the_customer_and_what_counts_but_nothing_of_the_call(trainee):
    page = trainee.see("late-van")
    assert "周女士，在家等了一天" in page
    assert "货车今天没有来" in page
    assert "态度" in page
    assert "先挂断电话" in page, "rules that fail a call are told beforehand"
    for words in ("我的货呢", *FIRST_OPTIONS, *SECOND_OPTIONS):
        assert words not in page


def test_a_running_call_shows_what_was_said_and_what_can_be_said_now_and_no_more(trainee):
    shown = trainee.do("case", "late-van", "begin")["html"]
    assert "我的货呢" in shown
    assert all(words in shown for words in FIRST_OPTIONS)
    assert not any(words in shown for words in SECOND_OPTIONS)
    assert "先接住情绪" not in shown, "reasons come after the call"
    shown = choose(trainee, 0).json()["html"]
    assert GREETING in shown
    assert "到底还送不送" in shown
    assert "系统里没有派车" in shown
    assert all(words in shown for words in SECOND_OPTIONS)
    assert not any(words in shown for words in FIRST_OPTIONS[1:])


def test_a_call_is_where_it_was_after_the_page_is_opened_again(trainee):
    trainee.do("case", "late-van", "begin")
    shown = choose(trainee, 0).json()["html"]
    assert shown in trainee.see("late-van")
    assert trainee.do("case", "late-van", "begin")["html"] == shown, "picking up again goes on with the same call"
    assert Call.objects.count() == 1


def test_the_customers_mood_follows_what_was_said(trainee):
    assert 'value="40"' in trainee.do("case", "late-van", "begin")["html"]
    assert 'value="60"' in choose(trainee, 0).json()["html"]


def test_the_review_shows_each_step_with_its_reason_and_the_marks_by_criterion(trainee):
    shown = trainee.play("late-van", [0, 1])["html"]
    assert "先接住情绪，再办事" in shown
    assert "推掉了责任" in shown
    assert "<strong>40</strong> / 100" in shown
    assert "40 / 40" in shown
    assert "0 / 60" in shown
    assert "客户走了" in shown, "how it ended"
    assert "给出了明确的时限" not in shown, "the reason of what was not said stays with the author"
    assert "is-failed" in shown
    assert shown in trainee.see("late-van")


# -- choosing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", [3, 999, 1000, -1, True, 0.0, 1.5, "0", None, [0], {"a": 0}, 10**30])
def test_an_option_that_is_not_offered_now_is_refused_and_nothing_changes(option, trainee):
    before = trainee.do("case", "late-van", "begin")["html"]
    assert choose(trainee, option).status_code == 400
    assert steps(trainee) == []
    assert before in trainee.see("late-van")


def test_an_option_of_another_scene_cannot_be_reached_by_its_number(trainee):
    trainee.do("case", "late-van", "begin")
    choose(trainee, 0)
    assert choose(trainee, 2, position=1).status_code == 400, "the third option was offered in the first scene only"
    assert steps(trainee) == [(0, "start", 0)]


@pytest.mark.parametrize("position", [-1, True, 0.0, "0", None, 10**30])
def test_a_position_no_page_sends_is_refused(position, trainee):
    trainee.do("case", "late-van", "begin")
    assert choose(trainee, 0, position=position).status_code == 400
    assert steps(trainee) == []


@pytest.mark.parametrize("op", ["short", "x" * 65, "with space", "中文中文中文中文", 12345678, ["operation-1"], {"a": 1}])
def test_an_operation_without_a_proper_name_is_refused(op, trainee):
    trainee.do("case", "late-van", "begin")
    assert choose(trainee, 0, op=op).status_code == 400
    assert steps(trainee) == []


def test_nothing_can_be_said_before_the_phone_is_picked_up(trainee):
    assert choose(trainee, 0).status_code == 409
    assert Call.objects.count() == 0


def test_the_same_choice_sent_again_is_answered_with_the_call_as_it_stands(trainee):
    trainee.do("case", "late-van", "begin")
    op = op_id()
    first = choose(trainee, 0, op=op)
    again = choose(trainee, 0, op=op)
    assert (again.status_code, again.json()) == (200, first.json())
    assert steps(trainee) == [(0, "start", 0)]


def test_the_last_choice_sent_again_is_answered_with_the_same_review(trainee):
    trainee.do("case", "late-van", "begin")
    choose(trainee, 0)
    op = op_id()
    first = choose(trainee, 0, position=1, op=op)
    again = choose(trainee, 0, position=1, op=op)
    assert again.status_code == 200
    assert again.json()["html"] == first.json()["html"]
    assert marks(trainee) == [(100, True)]


def test_of_two_windows_the_second_is_told_that_the_call_has_moved_on(trainee):
    trainee.do("case", "late-van", "begin")
    assert choose(trainee, 0).status_code == 200
    late = choose(trainee, 2)
    assert late.status_code == 409
    assert "另一个窗口" in late.json()["error"]
    assert late.json()["html"] in trainee.see("late-van"), "the call as it stands comes along"
    assert GREETING in late.json()["html"]
    assert steps(trainee) == [(0, "start", 0)]
    assert choose(trainee, 0, position=1).status_code == 200


def test_nothing_can_be_said_after_the_call_is_over(trainee):
    trainee.play("late-van", [0, 0])
    assert choose(trainee, 0, position=2).status_code == 409
    assert choose(trainee, 1, position=0).status_code == 409
    assert marks(trainee) == [(100, True)]


# -- what counts ----------------------------------------------------------------------------------------------------


def test_a_broken_rule_fails_the_call_whatever_its_marks(trainee):
    shown = trainee.play("late-van", [2])["html"]
    assert "<strong>100</strong> / 100" in shown
    assert "is-failed" in shown
    assert "先挂断电话" in shown
    assert marks(trainee) == [(100, False)]


def test_the_best_call_counts_and_a_worse_one_takes_nothing_away(trainee):
    trainee.play("late-van", [0, 0])
    trainee.play("late-van", [1, 1])
    assert marks(trainee) == [(100, True), (0, False)]
    _, cases, _, practice = rows_of(trainee.see("start"))
    assert cases == Row("met", "1", "1", "")
    assert practice == Row("met", "100", "60", "")


def test_a_call_that_passes_completes_the_block(trainee, site, host):
    usage, platform = site.usage("case", "late-van"), host(trainee)
    platform.send(usage, "begin")
    for position in (0, 1):
        assert not platform.published
        reply = platform.send(usage, "choose", {"op_id": op_id(), "position": position, "option": 0})
    assert "is-passed" in reply.json["html"]
    assert platform.published == [("completion", {"completion": 1.0})]


def test_a_call_that_fails_completes_nothing(trainee, site, host):
    usage, platform = site.usage("case", "late-van"), host(trainee)
    platform.send(usage, "begin")
    for position, option in enumerate([0, 1]):
        platform.send(usage, "choose", {"op_id": op_id(), "position": position, "option": option})
    assert platform.published == []


# -- the author changes the script ----------------------------------------------------------------------------------


def test_a_call_goes_on_when_only_words_of_the_script_have_changed(trainee, site):
    trainee.do("case", "late-van", "begin")
    choose(trainee, 0)
    site.rewrite(script(site), "到底还送不送？", "你们到底送不送？")
    assert "你们到底送不送" in trainee.see("late-van")
    assert choose(trainee, 0, position=1).status_code == 200


def first_scene_renamed(text: str) -> str:
    return text.replace("{#start}", "{#hello}")


def chosen_option_removed(text: str) -> str:
    return text[: text.index("- “您再等等吧。”")] + text[text.index("## 查单") :]


@pytest.fixture(params=[first_scene_renamed, chosen_option_removed], ids=lambda change: change.__name__)
def overtaken(request, trainee, site) -> str:
    """A call whose script was changed after its first step, which fits no longer; the name of that step's operation."""
    trainee.do("case", "late-van", "begin")
    op = op_id()
    assert choose(trainee, 1, op=op).status_code == 200
    script(site).write_text(request.param(script(site).read_text(encoding="utf-8")), encoding="utf-8")
    site.load()
    return op


def test_a_call_overtaken_by_its_script_shows_the_briefing_again(overtaken, trainee):
    page = trainee.see("late-van")
    assert "我的货呢" not in page
    assert 'data-action="begin"' in page


def test_in_a_call_overtaken_by_its_script_nothing_more_can_be_said(overtaken, trainee):
    refusal = choose(trainee, 0, position=1)
    assert refusal.status_code == 409
    assert "剧本" in refusal.json()["error"]
    assert 'data-action="begin"' in refusal.json()["html"]
    assert steps(trainee) == [(0, "start", 1)]


def test_a_choice_sent_again_after_the_script_has_changed_shows_the_briefing(overtaken, trainee):
    again = choose(trainee, 1, op=overtaken)
    assert again.status_code == 200
    assert 'data-action="begin"' in again.json()["html"]


def test_a_call_overtaken_by_its_script_is_closed_uncounted_when_a_new_one_begins(overtaken, trainee):
    assert "我的货呢" in trainee.do("case", "late-van", "begin")["html"]
    assert marks(trainee) == [(None, False), (None, False)]
    assert [call.ended_at is None for call in Call.objects.order_by("number")] == [False, True]
    choose(trainee, 0)
    choose(trainee, 0, position=1)
    assert marks(trainee) == [(None, False), (100, True)]


def test_a_review_whose_script_has_changed_gives_way_to_the_briefing_and_its_marks_stay(trainee, site):
    op = op_id()
    trainee.do("case", "late-van", "begin")
    choose(trainee, 0)
    choose(trainee, 0, position=1, op=op)
    site.rewrite(script(site), "{#start}", "{#hello}")
    assert 'data-action="begin"' in trainee.see("late-van")
    assert choose(trainee, 0, position=1, op=op).status_code == 200
    assert marks(trainee) == [(100, True)]
    assert rows_of(trainee.see("start"))[3] == Row("met", "100", "60", "")


def test_full_marks_are_known_without_a_learner(site):
    block = PreviewRuntime(site.now, None).get_block(site.usage("case", "late-van"))
    assert (block.max_score(), block.has_score, type(block).has_custom_completion) == (100.0, True, True)
