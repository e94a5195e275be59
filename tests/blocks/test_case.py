"""A simulated call: only what is offered can be said, nothing is said twice, the best call counts, and no edit changes one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings, strategies as st

from ladder.core.case import Outcome, Step
from ladder.core.errors import Refused
from ladder.records.case import take_step
from ladder.records.models import Call, CaseStep, Source
from ladder.records.source import keep_source
from ladder.records.voiding import void_calls
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import Row, Trainee, op_id, rows_of

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
    refusal = choose(trainee, 0)
    assert refusal.status_code == 409
    assert refusal.json()["html"] in trainee.see("late-van"), "the briefing comes along"
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
    review = trainee.play("late-van", [0, 0])["html"]
    late = choose(trainee, 0, position=2)
    assert late.status_code == 409
    assert late.json()["html"] == review
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
    assert cases == Row("met", "已通过 1 / 1 个")
    assert practice == Row("met", "平均 100 分，及格线 60 分")


# -- the author changes the script ----------------------------------------------------------------------------------


def first_scene_renamed(text: str) -> str:
    return text.replace("{#start}", "{#hello}")


def chosen_option_removed(text: str) -> str:
    return text[: text.index("- “您再等等吧。”")] + text[text.index("## 查单") :]


def words_changed(text: str) -> str:
    return text.replace("我马上查", "我这就查").replace("到底还送不送", "究竟送不送").replace("我的货呢", "货呢").replace("我也没办法", "没办法")


def worth_changed(text: str) -> str:
    return text.replace("+40", "+5").replace("+60", "+1").replace("pass: 60", "pass: 1")


def reasons_changed(text: str) -> str:
    return text.replace("先接住情绪", "先道歉").replace("没有道歉", "冷淡").replace("推掉了责任", "推脱")


def rules_changed(text: str) -> str:
    return text.replace("态度", "礼貌").replace("先挂断电话", "挂断")


def options_reordered(text: str) -> str:
    first, second, end = (text.index(start) for start in ("- “抱歉", "- “您再等等", "## 查单"))
    return text[:first] + text[second:end] + text[first:second] + text[end:]


def ends_exchanged(text: str) -> str:
    return text.replace("(#saved)", "(#other)").replace("(#lost)", "(#saved)").replace("(#other)", "(#lost)")


def everything_deleted(_: str) -> str:
    return "还在写"


CHANGES = [
    first_scene_renamed, chosen_option_removed, words_changed, worth_changed, reasons_changed, rules_changed, options_reordered,
    ends_exchanged, everything_deleted,
]
any_change = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
Change = Callable[[str], str]


def block(site):
    return PreviewRuntime(site.now, None).get_block(site.usage("case", "late-van"))


def publish(site, text: str) -> None:
    """Put a text in place of today's, whatever is in it."""
    found = block(site)
    found.content = text
    found.save()


def publish_changed(site, change: Change) -> None:
    before = block(site).content
    publish(site, change(before))
    assert block(site).content != before


@any_change
def test_a_running_call_goes_on_with_the_script_it_was_begun_by(change, trainee, site):
    review = trainee.play("late-van", [1, 0])["html"]
    trainee.do("case", "late-van", "begin")
    shown = choose(trainee, 1).json()["html"]
    publish_changed(site, change)
    assert shown in trainee.see("late-van")
    assert trainee.do("case", "late-van", "begin")["html"] == shown, "picking up again goes on with the same call"
    assert choose(trainee, 0, position=1).json()["html"] == review
    assert marks(trainee) == [(60, True)] * 2
    assert steps(trainee) == [(0, "start", 1), (1, "look-up", 0)] * 2


@any_change
def test_the_review_of_a_call_does_not_change_with_the_script(change, trainee, site):
    op = op_id()
    trainee.do("case", "late-van", "begin")
    choose(trainee, 1)
    review = choose(trainee, 0, position=1, op=op).json()["html"]
    publish_changed(site, change)
    assert review in trainee.see("late-van")
    assert choose(trainee, 0, position=1, op=op).json()["html"] == review
    assert marks(trainee) == [(60, True)]
    assert rows_of(trainee.see("start"))[3] == Row("met", "平均 60 分，及格线 60 分")


def test_the_next_call_is_played_by_the_new_script(trainee, site):
    trainee.play("late-van", [0, 0])
    site.rewrite(script(site), "我的货呢", "我的货到哪了")
    site.rewrite(script(site), "解决 +60", "解决 +30")
    assert "我的货到哪了" in trainee.do("case", "late-van", "begin")["html"]
    choose(trainee, 0)
    choose(trainee, 0, position=1)
    assert marks(trainee) == [(100, True), (70, True)]


def greeted_again(text: str) -> str:
    """The first answer leads back to where it was given, and the way on is the second."""
    return text.replace("我马上查。” → [查单](#look-up)", "我马上查。” → [接起电话](#start)")


def test_marks_of_what_is_said_again_and_again_count_once_and_the_review_says_so(trainee, site):
    publish_changed(site, greeted_again)
    review = trainee.play("late-van", [0, 0, 1, 0])["html"]
    assert marks(trainee) == [(100, True)]
    assert review.count("态度 +40") == 1
    assert review.count("已计过分") == 1
    assert "40 / 40" in review


def test_a_call_from_when_marks_counted_each_time_is_reviewed_with_the_marks_it_has(trainee, site):
    publish_changed(site, lambda text: greeted_again(text).replace("态度 +40，情绪 +20", "态度 +20，情绪 +20"))
    trainee.play("late-van", [0, 0, 1, 1])
    assert marks(trainee) == [(20, False)]
    Call.objects.update(marks=40)
    page = trainee.see("late-van")
    assert "<strong>40</strong>" in page
    assert "40 / 40" in page
    assert page.count("态度 +20") == 2
    assert marks(trainee) == [(40, False)]


def test_a_call_goes_on_and_is_reviewed_by_a_script_in_which_something_is_written_twice(trainee, site):
    """As long as nobody looked for it, the later row held."""
    trainee.do("case", "late-van", "begin")
    publish_changed(site, lambda text: text.replace("  - 理由：先接住情绪", "  - 理由：先别急。\n  - 理由：先接住情绪"))
    Call.objects.update(source=keep_source(block(site).content))
    choose(trainee, 0)
    review = choose(trainee, 0, position=1).json()["html"]
    assert "先接住情绪" in review
    assert "先别急" not in review
    assert marks(trainee) == [(100, True)]
    assert trainee.act("case", "late-van", "begin").status_code == 409


def test_a_script_is_kept_once_however_many_are_called_by_it(trainee, trainer, site):
    first = block(site).content
    for _ in range(2):
        trainee.play("late-van", [0, 0])
    trainer.do("case", "late-van", "begin")
    publish_changed(site, words_changed)
    trainee.do("case", "late-van", "begin")
    second = block(site).content
    assert list(Call.objects.order_by("id").values_list("source__content", "trial")) == [
        (first, False), (first, False), (first, True), (second, False),
    ]
    assert Source.objects.count() == 2


def test_nobody_is_called_by_a_script_that_cannot_be_read(trainee, site):
    trainee.play("late-van", [0, 1])
    publish_changed(site, everything_deleted)
    assert trainee.act("case", "late-van", "begin").status_code == 409
    assert Call.objects.count() == 1
    assert not Source.objects.filter(content=block(site).content).exists()


def test_the_script_of_a_call_is_asked_for_once_and_only_when_it_is_not_todays(trainee, site):
    def asked(request: Callable[[], Any]) -> int:
        """How many statements read a kept text."""
        with CaptureQueriesContext(connection) as log:
            request()
        return sum(entry["sql"].startswith("SELECT") and "ladder_source" in entry["sql"] for entry in log.captured_queries)

    def whole_call() -> list[int]:
        return [
            asked(lambda: trainee.do("case", "late-van", "begin")), asked(lambda: trainee.see("late-van")),
            asked(lambda: choose(trainee, 0)), asked(lambda: choose(trainee, 0, position=1)),
            asked(lambda: trainee.see("late-van")),
        ]

    publish_changed(site, lambda text: text.replace("我的货呢", "这个测试的货呢"))  # nobody has asked for this one before
    assert whole_call() == [0] * 5
    trainee.do("case", "late-van", "begin")
    publish_changed(site, words_changed)
    assert max(whole_call()) <= 1


LONG_CALL = """---
kind: case
title: 迟到的货车
customer: 周女士
mood: 40
pass: 60
criteria:
  态度: 40
  解决: 60
fatal:
  - 先挂断电话
---
货车今天没有来。

## 接起电话 {#start}
> 我的货呢？

- “抱歉让您久等。” → [查单](#look-up)
  - 得分：态度 +30，情绪 +20
  - 理由：先接住情绪。
- “您再等等吧。” → [查单](#look-up)
  - 得分：情绪 -20
- （直接挂断） → [客户走了](#lost)
  - 得分：态度 +40，解决 +60
  - 致命：先挂断电话

## 查单 {#look-up}
系统里没有派车。

> 到底还送不送？

- “我再问问。” → [查单](#look-up)
  - 得分：解决 -10，情绪 -5
- “今晚六点前送到。” → [约定](#promise)
  - 得分：解决 +30，情绪 +30
  - 理由：给出了明确的时限。
- “我也没办法。” → [客户走了](#lost)

## 约定 {#promise}
> 说话算数？

- “算数，我盯着。” → [挽回](#saved)
  - 得分：解决 +30，态度 +10
- “应该吧。” → [查单](#look-up)

## 挽回 {#saved end=good}
> 行吧，我等着。

## 客户走了 {#lost end=poor}
> 退货！
"""
_SCENE, _OPTION = re.compile(r"^(?=## )", re.MULTILINE), re.compile(r"^(?=- )", re.MULTILINE)


def edited_scene(text: str, number: int, edit: Callable[[str], str]) -> str:
    head, *scenes = _SCENE.split(text)
    if scenes:
        scenes[number % len(scenes)] = edit(scenes[number % len(scenes)])
    return head + "".join(scenes)


def turn_options(text: str, number: int) -> str:
    def turned(scene: str) -> str:
        head, *options = _OPTION.split(scene.rstrip("\n") + "\n")
        return head + "".join([*options[1:], *options[:1]]) + "\n"

    return edited_scene(text, number, turned)


def delete_option(text: str, number: int) -> str:
    return edited_scene(text, number, lambda scene: "".join(_OPTION.split(scene)[:-1]) or scene)


def change_words(text: str, number: int) -> str:
    return edited_scene(text, number, lambda scene: re.sub("[？！。]", f"（改{number}）。", scene))


def change_worth(text: str, number: int) -> str:
    return re.sub(r"[+-]\d+", f"+{number}", text)


def change_targets(text: str, number: int) -> str:
    targets = re.findall(r"\{#([a-z-]+)", text) or ["start"]
    return edited_scene(text, number, lambda scene: re.sub(r"\(#[a-z-]+\)", f"(#{targets[number % len(targets)]})", scene))


def change_rules(text: str, number: int) -> str:
    return text.replace("pass: 60", f"pass: {number + 1}").replace("先挂断电话", "挂断").replace("mood: 40", f"mood: {number}")


def rename_scene(text: str, number: int) -> str:
    return edited_scene(text, number, lambda scene: re.sub(r"\{#([a-z-]+)", rf"{{#\1-{number}", scene, count=1))


def delete_scene(text: str, number: int) -> str:
    return edited_scene(text, number, lambda _: "")


EDITS = (turn_options, delete_option, change_words, change_worth, change_targets, change_rules, rename_scene, delete_scene)
_edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 9)), max_size=3)
_trainees = itertools.count(1)


@pytest.mark.slow
@settings(max_examples=25)
@given(turns=st.lists(st.tuples(st.integers(0, 2), _edits), min_size=1, max_size=6), last=_edits)
def test_no_edit_between_the_steps_of_a_call_changes_a_word_or_a_mark_of_it(turns, last, sign_in, act, site):
    def play(edit: Callable[[list[Any]], None]) -> tuple[list[str], Any]:
        """Everything shown in a call along these turns, and what it has earned."""
        trainee = Trainee(sign_in(f"trainee-{next(_trainees)}"), act, site)
        publish(site, LONG_CALL)
        shown = [trainee.do("case", "late-van", "begin")["html"]]
        for position, (option, edits) in enumerate(turns):
            offered = shown[-1].count('name="option"')
            if offered:
                edit(edits)
                assert shown[-1] in trainee.see("late-van")
                shown.append(choose(trainee, option % offered, position).json()["html"])
        edit(last)
        assert shown[-1] in trainee.see("late-van")
        return shown, marks(trainee)

    def publish_edited(edits: list[Any]) -> None:
        text = block(site).content
        for edit, number in edits:
            text = edit(text, number)
        publish(site, text)

    assert play(publish_edited) == play(lambda _: None)


# -- calls whose script nobody has ----------------------------------------------------------------------------------


def forget_scripts() -> None:
    """As if these calls were older than the keeping of scripts."""
    Call.objects.update(source=None)


def lose_scripts() -> None:
    """As if what could be read once could be read no longer."""
    Call.objects.update(source=keep_source("---\nkind: case\ntitle: 迟到的货车\n---\n## {#start}\n"))


def forget_script_and_rename_scene(site) -> None:
    forget_scripts()
    publish_changed(site, first_scene_renamed)


def forget_script_and_remove_option(site) -> None:
    forget_scripts()
    publish_changed(site, chosen_option_removed)


def lose_script(_: Any) -> None:
    lose_scripts()


def forget_script(_: Any) -> None:
    forget_scripts()


STICKING = [forget_script, forget_script_and_rename_scene, forget_script_and_remove_option, lose_script]


@pytest.fixture(params=STICKING, ids=lambda way: way.__name__)
def stuck(request, trainee, site) -> str:
    """A running call that cannot go on; the name of the operation of its only step."""
    trainee.do("case", "late-van", "begin")
    op = op_id()
    assert choose(trainee, 1, op=op).status_code == 200
    request.param(site)
    return op


def test_a_call_that_cannot_go_on_says_so_and_shows_the_briefing_again(stuck, trainee):
    page = trainee.see("late-van")
    assert "上一通电话的剧本已失效" in page
    assert "我的货呢" not in page
    assert 'data-action="begin"' in page


def test_in_a_call_that_cannot_go_on_nothing_more_can_be_said(stuck, trainee):
    refusal = choose(trainee, 0, position=1)
    assert refusal.status_code == 409
    assert "剧本" in refusal.json()["error"]
    assert 'data-action="begin"' in refusal.json()["html"]
    assert steps(trainee) == [(0, "start", 1)]


def test_a_choice_sent_again_in_a_call_that_cannot_go_on_shows_the_briefing(stuck, trainee):
    again = choose(trainee, 1, op=stuck)
    assert again.status_code == 200
    assert 'data-action="begin"' in again.json()["html"]


def test_a_call_that_cannot_go_on_is_closed_uncounted_when_a_new_one_begins(stuck, trainee):
    assert "我的货呢" in trainee.do("case", "late-van", "begin")["html"]
    assert marks(trainee) == [(None, False), (None, False)]
    assert [call.ended_at is None for call in Call.objects.order_by("number")] == [False, True]
    choose(trainee, 0)
    choose(trainee, 0, position=1)
    assert marks(trainee) == [(None, False), (100, True)]


def test_a_call_that_cannot_go_on_stays_open_until_a_new_one_can_begin(stuck, trainee, site):
    publish_changed(site, everything_deleted)
    assert trainee.act("case", "late-van", "begin").status_code == 409
    assert Call.objects.get().ended_at is None
    assert "请稍后再来" in trainee.see("late-van")


@pytest.mark.parametrize(("script_gone", "said"), [(forget_scripts, "当时的剧本没有保留"), (lose_scripts, "剧本已无法读取")])
@pytest.mark.parametrize("change", [lambda text: text, words_changed, everything_deleted], ids=["same", "edited", "broken"])
def test_of_a_call_whose_script_nobody_has_the_result_is_shown_and_no_word_is_made_up(script_gone, said, change, trainee, site):
    trainee.play("late-van", [0, 1])
    trainee.play("late-van", [0, 0])
    op = CaseStep.objects.order_by("-id")[0].op_id
    script_gone()
    publish(site, change(block(site).content))
    page = trainee.see("late-van")
    assert said in page
    assert "<strong>100</strong> / 100" in page
    assert "is-passed" in page
    assert not any(words in page for words in ("我的货", "我马上查", "我这就查", "今晚六点", "先接住情绪", "态度"))
    assert said in choose(trainee, 0, position=1, op=op).json()["html"]
    assert marks(trainee) == [(40, False), (100, True)]
    assert rows_of(trainee.see("start"))[3] == Row("met", "平均 100 分，及格线 60 分")


def test_a_call_goes_on_by_a_script_that_nobody_could_be_called_by_today(trainee, site):
    """Its best path earns less than its pass mark."""
    trainee.do("case", "late-van", "begin")
    publish_changed(site, lambda text: text.replace("解决 +60，情绪 +30", "解决 +10").replace("，解决 +60", ""))
    assert trainee.act("case", "late-van", "begin").status_code == 200
    Call.objects.update(source=keep_source(block(site).content))
    assert "我的货呢" in trainee.see("late-van")
    choose(trainee, 0)
    assert "10 / 60" in choose(trainee, 0, position=1).json()["html"]
    assert marks(trainee) == [(50, False)]
    assert trainee.act("case", "late-van", "begin").status_code == 409


def test_full_marks_are_known_without_a_learner(site):
    case = block(site)
    assert (case.max_score(), case.has_score, type(case).has_custom_completion) == (100.0, True, True)


def test_the_last_step_into_a_call_that_was_taken_back_meanwhile_is_refused_and_not_kept(trainee, site, clock):
    trainee.do("case", "late-van", "begin")
    choose(trainee, 0)
    place = trainee.id, str(site.now.key), "late-van"

    def decide(_: Any) -> tuple[Step, Outcome]:
        """Staff take the call back while its last step is being decided."""
        void_calls(*place, None, "", clock.time)
        return Step("saved", 0), Outcome((("态度", 40, 40),), 50, (), 60)

    with pytest.raises(Refused, match="The call is over"):
        take_step(*place, op_id(), (1, 0), clock.time, decide)
    assert steps(trainee) == [(0, "start", 0)]
    assert marks(trainee) == [(None, False)]
