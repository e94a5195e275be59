"""Cases: a call as a graph of scenes; what is told about it, what may be chosen in it, what it earns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.case import (
    Case,
    Option,
    Scene,
    Step,
    best_marks,
    best_path,
    choose,
    position,
    read_choice,
    score,
    score_on_record,
    still_fits,
)
from ladder.core.document import parse_document
from ladder.core.errors import Malformed, Refused
from ladder.core.problems import Report
from ladder.core.script import parse_case

CALL = """---
kind: case
title: 迟到的货车
customer: 周女士，在家等了一天
mood: 40
criteria:
  态度: 40
  解决 问题: 60
fatal:
  - 先挂断电话
---
货车今天没有来。

## 接起电话 {#start}
她很着急。

> 我的货呢？
> 我等了一天！
>
> 你们管不管？

- “抱歉让您久等，我马上查。” → [查单](#look-up)
  - 得分：态度 +40，情绪 +20
  - 理由：先接住情绪，见 [[calming]]。
- “不归我管。” -> [客户走了](#lost)
  - score: 态度 -10; 解决 问题 −5、情绪 -60
- （直接挂断） → [客户走了](#lost)
  - 致命：先挂断电话

## 查单 {#look-up}
- “今晚送到，可以吗？” → [挽回](#saved)
  - 得分：解决 问题 +60，情绪 +70
- “我再问问。” → [查单](#look-up)
  - 得分：解决 问题 -20

## 挽回 {#saved end=good}
> 行吧。

## 客户走了 {#lost end=poor}
> 退货！
"""


def read(text: str) -> tuple[Case, list[tuple[int, int, str]]]:
    report = Report("20-late-van.md")
    document = parse_document(text, report)
    assert document is not None
    case = parse_case(document, "late-van", report)
    return case, [(problem.line, problem.column, problem.code) for problem in report.problems]


def good() -> Case:
    case, problems = read(CALL)
    assert problems == []
    return case


# -- what is read ---------------------------------------------------------------------------------------------------


def test_a_case_is_read_whole() -> None:
    case = good()

    assert (case.id, case.title, case.customer) == ("late-van", "迟到的货车", "周女士，在家等了一天")
    assert (case.mood, case.pass_marks, case.minutes) == (40, 60, 10)
    assert (case.criteria, case.fatal) == ((("态度", 40), ("解决 问题", 60)), ("先挂断电话",))
    assert case.briefing == "货车今天没有来。"
    assert [(scene.id, scene.title, scene.end, scene.line) for scene in case.scenes] == [
        ("start", "接起电话", "", 14), ("look-up", "查单", "", 30), ("saved", "挽回", "good", 36),
        ("lost", "客户走了", "poor", 39),
    ]
    assert case.start.id == "start"
    assert [link.id for link in case.links] == ["calming"]


def test_a_scene_says_what_happens_and_what_the_customer_says() -> None:
    start = good().start

    assert start.happens == "她很着急。"
    assert start.said == ("我的货呢？我等了一天！", "你们管不管？")


def test_words_on_both_sides_of_a_pause_are_two_remarks() -> None:
    case, problems = read(CALL.replace("> 我等了一天！\n", "\n她叹气。\n\n> 我等了一天！\n>\n"))

    assert problems == []
    assert case.start.said == ("我的货呢？", "我等了一天！", "你们管不管？")


def test_options_carry_their_target_effects_and_reason() -> None:
    sorry, shirk, hang_up = good().start.options

    assert (sorry.words, sorry.target) == ("“抱歉让您久等，我马上查。”", "look-up")
    assert (sorry.effects, sorry.mood) == ((("态度", 40),), 20)
    assert sorry.why == "先接住情绪，见 [[calming]]。"
    assert (shirk.effects, shirk.mood, shirk.why) == ((("态度", -10), ("解决 问题", -5)), -60, "")
    assert (hang_up.words, hang_up.fatal, hang_up.effects) == ("（直接挂断）", "先挂断电话", ())


# -- what is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "new", "problems"), [
    ("criteria:\n  态度: 40\n  解决 问题: 60\n", "", [(2, 1, "missing-key")]),
    ("criteria:\n  态度: 40\n  解决 问题: 60\n", "criteria:\n", [(2, 1, "missing-key")]),
    ("criteria:\n  态度: 40\n  解决 问题: 60\n", "criteria: 态度\n", [(6, 11, "wrong-type")]),
    ("  态度: 40", "  态度: 0", [(7, 7, "bad-marks")]),
    ("  态度: 40", "  态度: true", [(7, 7, "bad-marks")]),
    ("  态度: 40", "  态度: 41", [(6, 1, "criteria-not-100")]),
    ("mood: 40", "mood: 101", [(5, 7, "out-of-range")]),
    ("{#saved end=good}", "{#saved end=great}", [(36, 19, "unknown-value")]),
    ("{#lost end=poor}", "{#saved end=poor}", [(25, 22, "unknown-scene"), (27, 20, "unknown-scene"), (39, 10, "duplicate-id")]),
    ("{#look-up}", "{#Look}", [(30, 8, "scene-id")]),
    ("{#look-up}", "", [(30, 1, "scene-id")]),
    (" → [查单](#look-up)\n  - 得分：态度", "\n  - 得分：态度", [(22, 1, "bad-option")]),
    ("[挽回](#saved)", "[挽回](#save)", [(31, 23, "unknown-scene")]),
    ("→ [挽回](#saved)", "→ [客户走了](#lost)", [(36, 1, "unreachable-scene")]),
    ("## 挽回 {#saved end=good}", "## 挽回 {#saved}", [(36, 1, "dead-end")]),
    ("## 查单 {#look-up}", "## 查单 {#look-up end=fair}", [(30, 17, "end-with-options")]),
    ("  - 理由：先", "  - 原因：先", [(24, 5, "unknown-row")]),
    ("态度 +40，", "态度 40，", [(23, 8, "bad-effect")]),
    ("态度 +40，", "态度 +1000，", [(23, 8, "bad-effect")]),
    ("态度 +40，", "服务 +40，", [(23, 8, "unknown-criterion")]),
    ("致命：先挂断电话", "致命：骂人", [(28, 8, "unknown-fatal")]),
    ("  - 致命：先挂断电话\n", "  - 致命：先挂断电话\n她哭了。\n", [(29, 1, "stray-text")]),
    ("  - 理由：先", "  - 得分：态度 +5\n  - 理由：先", [(24, 5, "written-twice")]),
    ("  - 理由：先", "  - why: 好。\n  - 理由：先", [(25, 5, "written-twice")]),
    ("  - 致命：先挂断电话\n", "  - 致命：先挂断电话\n  - fatal: 先挂断电话\n", [(29, 5, "written-twice")]),
    ("情绪 +20", "情绪 +20，情绪 +5", [(23, 22, "written-twice")]),
    ("{#lost end=poor}", "{#lost end=poor end=fair}", [(39, 25, "written-twice")]),
    ("{#look-up}", "{#look-up #look}", [(30, 17, "written-twice")]),
    ("解决 问题 +60", "解决 问题 +50", [(14, 1, "best-under-100")]),
    ("解决 问题 +60", "解决 问题 +10", [(14, 1, "no-passing-path")]),
])
def test_a_fault_is_told_in_its_place(old: str, new: str, problems: list[tuple[int, int, str]]) -> None:
    assert sorted(read(CALL.replace(old, new))[1]) == sorted(problems)


def test_a_case_without_scenes_is_told() -> None:
    assert read(CALL[: CALL.index("## ")])[1] == [(2, 1, "no-scenes")]


def test_a_loop_without_a_way_out_is_told_scene_by_scene() -> None:
    _, problems = read(CALL.replace("[挽回](#saved)", "[等](#wait)") + "\n## 等 {#wait}\n- “请等。” → [查单](#look-up)\n")

    assert sorted(problems) == [
        (14, 1, "no-passing-path"), (30, 1, "endless-scene"), (36, 1, "unreachable-scene"), (42, 1, "endless-scene"),
    ]


def test_a_way_through_a_fatal_option_does_not_help_to_pass() -> None:
    fatal = CALL.replace("  - 得分：解决 问题 +60，情绪 +70", "  - 得分：解决 问题 +60\n  - 致命：先挂断电话")

    assert read(fatal)[1] == [(14, 1, "no-passing-path")]


# -- playing --------------------------------------------------------------------------------------------------------


def test_a_call_moves_from_scene_to_scene() -> None:
    case = good()
    first = choose(case, [], 0, 0)
    second = choose(case, [first], 1, 0)

    assert (first, second) == (Step("start", 0), Step("look-up", 0))
    assert [position(case, steps).id for steps in ([], [first], [first, second])] == ["start", "look-up", "saved"]


def test_a_call_that_moved_on_in_another_window_is_refused() -> None:
    with pytest.raises(Refused, match="another window"):
        choose(good(), [Step("start", 0)], 0, 0)


@pytest.mark.parametrize("option", [3, 999, -1])
def test_only_what_is_offered_can_be_chosen(option: int) -> None:
    with pytest.raises(Malformed):
        choose(good(), [], 0, option)


def test_nothing_can_be_chosen_after_the_end() -> None:
    with pytest.raises(Malformed):
        choose(good(), [Step("start", 1)], 1, 0)


def test_a_choice_is_a_position_and_an_option() -> None:
    assert read_choice({"position": 2, "option": 0}) == (2, 0)


@pytest.mark.parametrize("data", [
    None, [2, 0], {}, {"position": 2}, {"position": "2", "option": 0}, {"position": 2, "option": -1},
    {"position": 2, "option": 1000},
    {"position": True, "option": 0}, {"position": 2.0, "option": 0}, {"position": 2, "option": None},
])
def test_a_choice_that_no_page_of_ours_sends_is_malformed(data: object) -> None:
    with pytest.raises(Malformed):
        read_choice(data)


def test_the_best_call_earns_everything_and_passes() -> None:
    outcome = score(good(), [Step("start", 0), Step("look-up", 0)])

    assert outcome.criteria == (("态度", 40, 40), ("解决 问题", 60, 60))
    assert (outcome.marks, outcome.mood, outcome.fatal, outcome.passed) == (100, 100, (), True)


def test_marks_never_fall_below_nothing_and_mood_stays_in_its_scale() -> None:
    outcome = score(good(), [Step("start", 1)])

    assert outcome.criteria == (("态度", 0, 40), ("解决 问题", 0, 60))
    assert (outcome.marks, outcome.mood, outcome.passed) == (0, 0, False)


def test_what_was_lost_below_nothing_need_not_be_earned_back() -> None:
    assert score(good(), [Step("start", 0), Step("look-up", 1), Step("look-up", 1), Step("look-up", 0)]).marks == 100


def test_a_broken_fatal_rule_fails_the_case_whatever_its_marks() -> None:
    case = good()
    fatal = replace(case.start.options[0], fatal="先挂断电话")
    scenes = (replace(case.start, options=(fatal,)), *case.scenes[1:])
    outcome = score(replace(case, scenes=scenes), [Step("start", 0), Step("look-up", 0)])

    assert (outcome.marks, outcome.fatal, outcome.passed) == (100, ("先挂断电话",), False)


def test_the_pass_mark_itself_passes() -> None:
    case = replace(good(), pass_marks=40)

    assert score(case, [Step("start", 0)]).passed
    assert not score(replace(case, pass_marks=41), [Step("start", 0)]).passed


def test_two_gains_of_one_criterion_in_one_option_add_up() -> None:
    case, problems = read(CALL.replace("得分：态度 +40，", "得分：态度 +15，态度 +25，"))

    assert problems == []
    assert score(case, [Step("start", 0)]).marks == 40


def test_the_best_path_is_the_one_that_earns_most_without_a_fatal_fault() -> None:
    case = good()
    tempting = replace(case.start.options[2], target="saved", effects=(("态度", 40), ("解决 问题", 60)))
    case = replace(case, scenes=(replace(case.start, options=(*case.start.options[:2], tempting)), *case.scenes[1:]))

    assert best_path(case) == [Step("start", 0), Step("look-up", 0)]
    assert score(case, best_path(case, careless=True)).marks == 0


# -- any case whatever ----------------------------------------------------------------------------------------------

_IDS = ("s0", "s1", "s2", "s3", "s4")
_EFFECTS = st.lists(st.tuples(st.sampled_from(["态度", "解决"]), st.integers(-80, 80)), max_size=3).map(tuple)
_OPTIONS = st.builds(
    Option, st.just("好。"), st.sampled_from(_IDS), _EFFECTS, st.integers(-99, 99), st.just(""),
    st.sampled_from(["", "", "挂断"]),
    st.just(1), st.just(1),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any graph of five scenes; the last is an end."""
    scenes = [
        Scene(id_, "场景", "", (), "", tuple(draw(st.lists(_OPTIONS, min_size=1, max_size=3))), 1) for id_ in _IDS[:-1]
    ]
    return Case("c", "案例", 10, "客户", draw(st.integers(0, 100)), 60, (("态度", 40), ("解决", 60)), ("挂断",), "",
                (*scenes, Scene(_IDS[-1], "结局", "good", (), "", (), 1)), ())


def play(case: Case, choices: Sequence[int]) -> list[Step]:
    """A call along these choices, until it ends or they run out."""
    steps: list[Step] = []
    for choice in choices:
        scene = position(case, steps)
        if scene.end:
            break
        steps.append(choose(case, steps, len(steps), choice % len(scene.options)))
    return steps


_CHOICES = st.lists(st.integers(0, 2), max_size=12)


@settings(max_examples=80)
@given(cases(), _CHOICES)
def test_marks_and_mood_stay_in_bounds_on_every_path(case: Case, choices: list[int]) -> None:
    steps = play(case, choices)
    outcome = score(case, steps)

    assert all(0 <= earned <= weight for _, earned, weight in outcome.criteria)
    assert 0 <= outcome.marks <= 100
    assert 0 <= outcome.mood <= 100
    if position(case, steps).end and not outcome.fatal:
        assert outcome.marks <= (best_marks(case) or 0)


@settings(max_examples=80)
@given(cases(), _CHOICES, st.integers(-2, 5))
def test_exactly_the_options_of_the_moment_can_be_chosen(case: Case, choices: list[int], option: int) -> None:
    steps = play(case, choices)
    offered = range(len(position(case, steps).options))

    if option in offered:
        assert still_fits(case, [*steps, choose(case, steps, len(steps), option)])
    else:
        with pytest.raises(Malformed):
            choose(case, steps, len(steps), option)


@settings(max_examples=80)
@given(cases(), cases(), _CHOICES)
def test_steps_that_still_fit_a_changed_script_can_be_walked_and_scored(before: Case, after: Case, choices: list[int]) -> None:
    steps = play(before, choices)

    assert still_fits(before, steps)
    if still_fits(after, steps):
        assert position(after, steps) in after.scenes
        assert 0 <= score(after, steps).marks <= 100
    else:
        at = next(at for at in range(len(steps)) if not still_fits(after, steps[: at + 1]))
        scene = position(after, steps[:at])
        assert steps[at].scene != scene.id or steps[at].option >= len(scene.options)


def test_a_call_does_not_fit_a_script_whose_scenes_or_options_have_gone() -> None:
    case = good()
    steps = [Step("start", 2)]

    assert still_fits(case, steps)
    assert not still_fits(replace(case, scenes=(replace(case.start, options=case.start.options[:2]), *case.scenes[1:])), steps)
    assert not still_fits(replace(case, scenes=case.scenes[1:]), steps)
    assert not still_fits(case, [Step("start", -1)])


def hub(gains: Sequence[int]) -> str:
    """A call in which the customer can be asked everything in any order, again and again."""
    asked = "".join(f"- “问 {place}” → [问](#hub)\n  - 得分：态度 +{gain}\n" for place, gain in enumerate(gains))
    return f"""---
kind: case
title: 问
customer: 周女士
criteria:
  态度: 100
---
## 问 {{#hub}}
> 喂？

{asked}- “完” → [完](#end)

## 完 {{#end end=good}}
"""


def test_a_case_with_more_ways_than_can_be_walked_is_let_through() -> None:
    case, problems = read(hub(range(1, 18)))

    assert best_marks(case) is None
    assert problems == []


def test_a_case_whose_gains_do_not_add_up_to_a_pass_is_told_however_many_ways_there_are() -> None:
    assert read(hub([1] * 40))[1] == [(8, 1, "no-passing-path")]


# -- going round ----------------------------------------------------------------------------------------------------

ROUND = """---
kind: case
title: 绕圈
customer: 周女士
pass: 60
criteria:
  态度: 100
---
## 甲 {#a}
> 喂？

- “您好” → [乙](#b)
  - 得分：态度 +10，情绪 +5
- “完” → [终](#good)
  - 得分：态度 +45

## 乙 {#b}
> 嗯。

- “您好” → [甲](#a)
  - 得分：态度 +10，情绪 +5

## 终 {#good end=good}
> 好。
"""
POLITE = [Step("a", 0), Step("b", 0)]


def test_who_goes_round_saying_the_same_is_paid_once() -> None:
    case, _ = read(ROUND)
    outcome = score(case, [*POLITE * 5, Step("a", 1)])

    assert (outcome.marks, outcome.mood) == (65, 100)
    assert score(case, [*POLITE, Step("a", 1)]).marks == 65


def test_the_best_call_does_not_go_round() -> None:
    poor = ROUND.replace("+45", "+39")

    assert best_marks(read(ROUND)[0]) == 65
    assert read(ROUND)[1] == [(9, 1, "best-under-100")]
    assert read(poor)[1] == [(9, 1, "no-passing-path")]


def test_a_scene_may_be_met_again_on_the_way_to_other_marks() -> None:
    """Without going through the hub twice nobody can ask both questions."""
    case, problems = read(hub([40, 60]))

    assert problems == []
    assert best_marks(case) == 100


def test_a_call_that_ended_when_marks_counted_each_time_keeps_what_it_earned() -> None:
    case, _ = read(ROUND)
    steps = [*POLITE * 3, Step("a", 1)]

    assert score_on_record(case, steps, 100).criteria == (("态度", 100, 100),)
    assert score_on_record(case, steps, 65).criteria == (("态度", 65, 100),)
