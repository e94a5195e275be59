"""Questions asked twice: what counts as the same, as another key, and as nearly the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from ladder.core.bank import Bank
from ladder.core.duplicates import NEAR, Duplicates, find_duplicates, fingerprint, key_of, likeness, same_key, same_stem
from ladder.core.question import Choice, KeyPoint, Question, Type


def ask(stem: str, *texts: str, id_: str = "q", type_: Type = Type.SINGLE) -> Question:
    """A question; right choices begin with a star."""
    shown = tuple(Choice(text.removeprefix("*"), text.startswith("*")) for text in texts)
    return Question(id_, "题", type_, stem, shown, (), (), 2, None, None, False, "解", 1)


def blank(stem: str, *blanks: tuple[str, ...], any_order: bool = False) -> Question:
    return Question("q", "题", Type.BLANK, stem, (), blanks, (), 2, None, None, False, "解", 1, any_order=any_order)


def written(stem: str, type_: Type = Type.SHORT) -> Question:
    return Question("q", "题", type_, stem, (), (), (KeyPoint(Decimal(2), "先听", ()),), 2, None, None, False, "解", 1)


def found(*banks: list[Question]) -> Duplicates:
    return find_duplicates(Bank(f"b{number}", "题库", tuple(questions)) for number, questions in enumerate(banks))


LIMIT = ask("答复时限是多久？", "24 小时", "*48 小时", "3 天")


# -- the same question ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", [
    ask("答复时限是多久？", "*48 小时", "3 天", "24 小时"),
    ask("答复时限 是多久?", "２４小时", "*48小时。", "3天"),
    ask("**答复时限**是多久（  ）", "24 小时", "*48 小时", "3 天"),
    ask("答复时限是多久？", "24 小时", "*48 小时", "*3 天", type_=Type.MULTIPLE),
])
def test_the_same_question_is_known_in_another_dress(other: Question) -> None:
    assert fingerprint(other) == fingerprint(LIMIT)


@pytest.mark.parametrize("other", [
    ask("答复时限不是多久？", "24 小时", "*48 小时", "3 天"),
    ask("答复时限是多久？", "24 小时", "*48 小时"),
    ask("答复时限是多久？", "24 小时", "*48 小时", "5 天"),
    ask("答复时限是多久？", "2.4 小时", "*48 小时", "3 天"),
    written("答复时限是多久？"),
    blank("答复时限是{{1}}多久？", ("48",)),
])
def test_another_question_is_another_question(other: Question) -> None:
    assert fingerprint(other) != fingerprint(LIMIT)


@pytest.mark.parametrize(("text", "other"), [("1.5 倍", "15 倍"), ("9:00", "900"), ("-5 度", "5 度"), ("3-5 天", "35 天"), (">", "<"), ("，", "。")])
def test_punctuation_counts_where_it_says_something(text: str, other: str) -> None:
    assert fingerprint(ask("多少？", text, "*别的")) != fingerprint(ask("多少？", other, "*别的"))


def test_of_a_judgement_only_the_stem_counts() -> None:
    one = ask("先讲制度。", "正确", "*错误", type_=Type.JUDGE)

    assert fingerprint(one) == fingerprint(ask("先讲制度（ ）", "*错", "对", type_=Type.JUDGE))
    assert fingerprint(one) != fingerprint(ask("先讲制度。", "正确", "*错误", "看情况"))
    assert same_key(one, ask("先讲制度。", "*错", "对", type_=Type.JUDGE))
    assert not same_key(one, ask("先讲制度。", "错", "*对", type_=Type.JUDGE))


def test_blanks_count_by_their_places() -> None:
    assert fingerprint(blank("投诉 {{1}} 小时答复", ("48",))) == fingerprint(blank("投诉{{1}}小时答复。", ("四十八",)))
    assert fingerprint(blank("投诉 {{1}} 小时答复", ("48",))) != fingerprint(blank("投诉 48 小时{{1}}", ("答复",)))
    assert fingerprint(blank("{{1}}小时", ("48",))) != fingerprint(blank("小时{{1}}", ("48",)))


def test_the_same_stem_may_have_other_choices() -> None:
    assert same_stem(LIMIT, ask("答复时限是多久", "*1 天", "2 天"))
    assert not same_stem(LIMIT, ask("安装时限是多久？", "24 小时", "*48 小时", "3 天"))


@given(st.permutations(["24 小时", "*48 小时", "*3 天", "5 天"]))
def test_the_order_of_the_choices_says_nothing(texts: list[str]) -> None:
    one, other = ask("多久？", "24 小时", "*48 小时", "*3 天", "5 天", type_=Type.MULTIPLE), ask("多久？", *texts, type_=Type.MULTIPLE)

    assert fingerprint(one) == fingerprint(other)
    assert key_of(one) == key_of(other)
    assert likeness(one, other) == 1


# -- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mine", "theirs", "same"), [
    ((("48", "四十八"),), (("48",),), True),
    ((("四十八小时",),), (("48",),), True),
    ((("回音",),), (("有回音", "回音"),), True),
    ((("48",),), (("24",),), False),
    ((("/4[78]/",),), (("48",),), True),
    ((("40..50",),), (("48",),), True),
    ((("48",), ("3",)), (("3",), ("48",)), False),
])
def test_one_blank_may_accept_more_than_another(
    mine: tuple[tuple[str, ...], ...], theirs: tuple[tuple[str, ...], ...], same: bool
) -> None:
    assert same_key(blank("x", *mine), blank("x", *theirs)) is same
    assert same_key(blank("x", *theirs), blank("x", *mine)) is same


def test_blanks_in_any_order_have_the_same_key_in_another_order() -> None:
    one = blank("{{1}}和{{2}}", ("事实", "实情"), ("情绪",), any_order=True)

    assert same_key(one, blank("{{1}}和{{2}}", ("情绪",), ("事实",), any_order=True))
    assert not same_key(one, blank("{{1}}和{{2}}", ("情绪",), ("期望",), any_order=True))


def test_written_answers_have_no_key() -> None:
    assert same_key(written("怎么办？"), written("怎么办？", Type.ESSAY))


# -- among many -----------------------------------------------------------------------------------------------------


def test_what_is_asked_again_is_told_with_the_first_that_asks_it() -> None:
    first, again, once_more = (replace(LIMIT, id=name) for name in ("first", "again", "once-more"))
    turned = replace(LIMIT, id="turned", choices=tuple(replace(choice, correct=not choice.correct) for choice in LIMIT.choices[:2]) + LIMIT.choices[2:])

    told = found([first, again], [once_more, turned])

    assert [(pair.first.question.id, pair.second.question.id, pair.second.bank) for pair in told.same] == [("first", "again", 0), ("first", "once-more", 1)]
    assert [(pair.first.question.id, pair.second.question.id) for pair in told.conflicting] == [("first", "turned")]
    assert told.near == ()


@pytest.mark.parametrize(("stem", "near"), [
    ("铃响超过规定次数才接起来，第一句应该说什么？", True),
    ("铃响超过规定次数才接起来，最后一句应当怎样说得更好一些？", False),
])
def test_nearly_the_same_is_told_with_how_like_it_is(stem: str, near: bool) -> None:
    texts = ("*让您久等了", "喂，请问哪位", "刚才线路很忙", "请问您贵姓")
    one, other = ask("铃响超过规定次数才接起来，第一句应当说什么？", *texts), ask(stem, *texts)

    told = found([one], [other])

    assert [(pair.first.question, pair.second.question) for pair in told.near] == ([(one, other)] if near else [])
    assert all(NEAR <= pair.likeness == likeness(one, other) < 1 for pair in told.near)


def test_variants_are_written_on_purpose() -> None:
    texts = ("按制度一项一项地讲明白", "先听他把话说完再复述", "收窄到两个套餐请他挑选")
    hasty, hesitant = ask("急躁型的客户应当怎样应对？", texts[0], "*" + texts[1], texts[2]), ask("犹豫型的客户应当怎样应对？", *texts[:2], "*" + texts[2])
    small, large = (ask(f"核实清楚以后，一笔退费是 {sum_} 元，按现在的规定应当由谁来批准？", "座席本人", "*当班班长", "值班主管") for sum_ in (60, 80))

    assert likeness(hasty, hesitant) >= NEAR <= likeness(small, large)
    assert found([hasty, hesitant, small, large]).near == ()


def test_the_same_stem_with_nearly_the_same_choices_is_told_whatever_its_key() -> None:
    one = ask("铃响超过规定次数才接起来，第一句应当说什么？", "*让您久等了", "喂，请问哪位", "刚才线路很忙")
    other = ask("铃响超过规定次数才接起来，第一句应当说什么？", "让您久等了", "喂，请问哪位", "*刚才线路太忙")

    assert [(pair.first.question, pair.second.question) for pair in found([one, other]).near] == [(one, other)]


def naive(questions: list[Question]) -> set[frozenset[str]]:
    """Every pair that is near, each compared with each."""
    pairs = [(a, b) for a, b in combinations(questions, 2) if fingerprint(a) != fingerprint(b)]
    return {frozenset((a.id, b.id)) for a, b in pairs if likeness(a, b) >= NEAR and (key_of(a) == key_of(b) or same_stem(a, b))}


_STEMS = st.text("甲乙丙丁", min_size=3, max_size=12)


@given(st.lists(st.tuples(_STEMS, _STEMS, st.booleans()), min_size=2, max_size=12), st.integers(0, 10))
def test_no_near_question_is_missed_and_none_made_up(asked: list[tuple[str, str, bool]], shared: int) -> None:
    """Against comparing each with each: of any two that are alike one is told at least, always with something it is like."""
    common = "先听完客户的话再答复"[:shared]
    questions = [
        ask(f"{common}{stem}", *(("*对", choice) if first else ("对", f"*{choice}")), id_=f"q{number}")
        for number, (stem, choice, first) in enumerate(asked)
    ]

    pairs = {frozenset((pair.first.question.id, pair.second.question.id)) for pair in found(questions).near}

    first = list({fingerprint(question): question for question in reversed(questions)}.values())
    assert pairs <= naive(questions)
    told = {id_ for pair in pairs for id_ in pair}
    assert all(pair & told for pair in naive(first))
