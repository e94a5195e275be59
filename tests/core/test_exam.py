"""Exams: the blueprint, the paper drawn from it, answers, marks."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.bank import Bank, Choice, KeyPoint, Question, Reference, Type
from ladder.core.document import parse_document
from ladder.core.errors import Malformed, Refused
from ladder.core.exam import Exam, Row, Section, parse_exam
from ladder.core.marking import Rules, grade, mark
from ladder.core.paper import Item, Paper, check_supply, draw_paper, is_answered, read_answer, shown_answer
from ladder.core.problems import Report

FRONT = """---
kind: exam
title: 小考
minutes: 20
attempts: 3
pass: 70
---
"""
TABLE = """## 一、选择
每题 2 分。

| 题库 | 知识点 | 题型 | 难度 | 题数 | 每题分 |
| --- | --- | --- | --- | --- | --- |
| basics | limits | 单选 | 1-3 | 20 | 2.5 |
| basics | | 多选 | | 10 | 5 |
"""


def read(body: str, front: str = FRONT) -> tuple[Exam, list[tuple[int, int, str]]]:
    report = Report("30-test.md")
    document = parse_document(front + body, report)
    assert document is not None
    exam = parse_exam(document, "test", report)
    return exam, [(problem.line, problem.column, problem.code) for problem in report.problems]


def ask(
    id_: str, type_: Type = Type.SINGLE, *, kb: str = "limits", difficulty: int = 2, choices: str = "甲乙丙丁", key: str = "甲",
    blanks: tuple[tuple[str, ...], ...] = (), fixed: bool = False, line: int = 1,
) -> Question:
    """A question; each letter of `choices` is one, those in `key` are right."""
    closed = type_ in (Type.SINGLE, Type.MULTIPLE, Type.JUDGE)
    shown = tuple(Choice(letter, letter in key) for letter in choices) if closed else ()
    points = (KeyPoint(Decimal(2), "先听", ()),) if type_ in (Type.SHORT, Type.ESSAY) else ()
    return Question(id_, "题", type_, "问？", shown, blanks, points, difficulty, Reference(kb, ""), None, fixed, "解", line)


def bank_of(*questions: Question) -> dict[str, Bank]:
    placed = tuple(replace(question, line=line) for line, question in enumerate(questions, start=1))
    return {"basics": Bank("basics", "基础", placed, (), ())}


def row_of(count: int, type_: Type = Type.SINGLE, *, kb: str = "", low: int = 1, high: int = 5, marks: str = "1") -> Row:
    return Row("basics", kb, type_, low, high, count, Decimal(marks), 9, (("count", 5, 1), ("bank", 2, 6), ("kb", 3, 4)))


def exam_of(*sections: Sequence[Row], shuffle: bool = True) -> Exam:
    return Exam("test", "小考", 20, 0, 60, shuffle, 30, "all", tuple(Section("", "", tuple(rows)) for rows in sections), 1)


def supply_problems(exam: Exam, banks: dict[str, Bank], articles: tuple[str, ...] = ("limits", "calming")) -> list[str]:
    report = Report("30-test.md")
    check_supply(exam, banks, articles, report)
    return [f"{told.line}:{told.column} {told.code} {dict(told.words).get('found', '')}".strip() for told in report.problems]


# -- the blueprint --------------------------------------------------------------------------------------------------


def test_a_blueprint_is_read_whole() -> None:
    exam, problems = read(TABLE)

    assert problems == []
    assert (exam.id, exam.minutes, exam.attempts, exam.pass_marks, exam.shuffle) == ("test", 20, 3, 70, True)
    [section] = exam.sections
    assert (section.title, section.instructions) == ("一、选择", "每题 2 分。")
    first, second = exam.rows
    assert (first.bank, first.kb, first.type, first.low, first.high, first.count, first.marks) == (
        "basics", "limits", Type.SINGLE, 1, 3, 20, Decimal("2.5"),
    )
    assert (second.kb, second.type, second.low, second.high) == ("", Type.MULTIPLE, 1, 5)
    assert (exam.count, exam.marks) == (30, Decimal(100))


def test_what_is_left_out_has_a_default() -> None:
    exam, problems = read(TABLE, "---\nkind: exam\ntitle: 小考\n---\n")

    assert problems == []
    assert (exam.minutes, exam.attempts, exam.pass_marks, exam.shuffle) == (40, 0, 60, True)
    assert (exam.grace_seconds, exam.multiple) == (30, "all")


def test_columns_may_be_named_in_either_language_and_any_order() -> None:
    exam, problems = read("| marks | 题数 | Type | bank |\n|---|---|---|---|\n| 50 | 2 | judge | basics |\n")

    assert problems == []
    assert [(row.type, row.count, row.marks) for row in exam.rows] == [(Type.JUDGE, 2, Decimal(50))]


def test_each_heading_is_a_section_of_the_paper() -> None:
    table = "| bank | type | count | marks |\n|---|---|---|---|\n| basics | single | 1 | 50 |\n"
    exam, problems = read(f"## 一\n{table}\n## 二\n做完再交。\n\n{table}")

    assert problems == []
    assert [(section.title, section.instructions) for section in exam.sections] == [("一", ""), ("二", "做完再交。")]
    assert [len(section.rows) for section in exam.sections] == [1, 1]


@pytest.mark.parametrize(("old", "new", "problems"), [
    (TABLE, "", [(8, 1, "no-blueprint")]),
    ("| 10 | 5 |", "| 10 | 4 |", [(13, 37, "marks-not-100")]),
    ("题数", "提数", [(11, 24, "unknown-column")]),
    ("| 10 | 5 |", "| 10 |", [(14, 1, "wrong-cells")]),
    ("单选", "单项", [(13, 21, "unknown-value")]),
    ("单选", "简答", [(13, 21, "staff-marked")]),
    ("1-3", "3-1", [(13, 26, "bad-difficulty")]),
    ("1-3", "0", [(13, 26, "bad-difficulty")]),
    ("| 20 |", "| 0 |", [(13, 32, "bad-count")]),
    ("| 20 |", "| 1000 |", [(13, 32, "bad-count")]),
    ("| 2.5 |", "| 0 |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| 101 |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| two |", [(13, 37, "bad-marks")]),
    ("| 2.5 |", "| nan |", [(13, 37, "bad-marks")]),
])
def test_a_fault_in_the_blueprint_is_told_in_its_cell(old: str, new: str, problems: list[tuple[int, int, str]]) -> None:
    assert read(TABLE.replace(old, new))[1] == problems


# -- supply ---------------------------------------------------------------------------------------------------------


def test_a_bank_that_holds_enough_supplies_the_exam() -> None:
    assert supply_problems(exam_of([row_of(2)]), bank_of(ask("a"), ask("b"))) == []


def test_only_questions_that_fit_the_row_count() -> None:
    banks = bank_of(ask("a"), ask("b", kb="calming"), ask("c", difficulty=4), ask("d", Type.JUDGE))

    assert supply_problems(exam_of([row_of(2, kb="limits", high=3)]), banks) == ["9:5 short-supply 1"]


def test_two_rows_cannot_have_the_same_question() -> None:
    assert supply_problems(exam_of([row_of(1)], [row_of(1)]), bank_of(ask("a"))) == ["9:5 short-supply 0"]


def test_rows_that_compete_share_when_sharing_is_possible() -> None:
    """Each of three rows fits two of three questions: whoever takes its first blindly may leave the last with none."""
    banks = bank_of(
        ask("a", difficulty=1), ask("b", difficulty=2), ask("c", difficulty=3, kb="calming"),
        ask("d", difficulty=1, kb="calming"),
    )
    exam = exam_of([row_of(1, low=1, high=2), row_of(1, low=2, high=3), row_of(2, kb="calming")])

    assert supply_problems(exam, banks) == []
    for seed in range(20):
        assert len(draw_paper(exam, banks, str(seed)).items) == 4


def test_unknown_banks_and_articles_are_told_in_their_cells() -> None:
    exam = exam_of([replace(row_of(1), bank="basic"), row_of(1, kb="limit")])

    assert supply_problems(exam, bank_of(ask("a"))) == ["9:2 unknown-bank", "9:3 unknown-article"]


# -- the paper ------------------------------------------------------------------------------------------------------

_KINDS = st.tuples(st.sampled_from([Type.SINGLE, Type.JUDGE]), st.sampled_from(["limits", "calming"]), st.integers(1, 5))
_QUESTIONS = st.lists(_KINDS, min_size=1, max_size=24).map(
    lambda kinds: bank_of(*(ask(f"q{i}", type_, kb=kb, difficulty=d) for i, (type_, kb, d) in enumerate(kinds)))
)
_ROWS = st.builds(
    lambda count, type_, kb, span: row_of(count, type_, kb=kb, low=min(span), high=max(span)),
    st.integers(1, 4), st.sampled_from([Type.SINGLE, Type.JUDGE]), st.sampled_from(["", "limits", "calming"]),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
)
_EXAMS = st.lists(st.lists(_ROWS, min_size=1, max_size=3), min_size=1, max_size=2).map(lambda sections: exam_of(*sections))


def _supplied(drawn: list[tuple[tuple[Type, str, int], int]]) -> tuple[Exam, dict[str, Bank]]:
    """An exam whose rows are cut to groups 0, 1 and 2 of the questions drawn, so that the bank is sure to hold enough."""
    banks = bank_of(*(ask(f"q{i}", type_, kb=kb, difficulty=d) for i, ((type_, kb, d), _) in enumerate(drawn)))
    groups: dict[tuple[int, Type], list[Question]] = {}
    for question, (_, group) in zip(banks["basics"].questions, drawn, strict=True):
        groups.setdefault((group, question.type), []).append(question)
    rows = [
        row_of(len(group), type_, low=min(q.difficulty for q in group), high=max(q.difficulty for q in group),
               kb="limits" if all(q.kb == Reference("limits", "") for q in group) else "")
        for (number, type_), group in groups.items() if number < 3
    ]
    return exam_of(rows), banks


_SUPPLIED = st.lists(st.tuples(_KINDS, st.integers(0, 4)), min_size=2, max_size=20).map(_supplied)


def dealt(exam: Exam, banks: dict[str, Bank], paper: Paper) -> bool:
    """Whether the questions of a paper can be told off to the rows of the blueprint, section by section, one to one."""
    questions = {question.id: question for question in banks["basics"].questions}

    def fill(slots: list[Row], left: list[Question]) -> bool:
        if not slots:
            return not left
        return any(fill(slots[1:], left[:at] + left[at + 1 :]) for at, question in enumerate(left) if slots[0].fits(question))

    return all(
        fill([row for row in section.rows for _ in range(row.count)],
             [questions[item.question] for item in paper.items if item.section == number])
        for number, section in enumerate(exam.sections)
    )


@settings(max_examples=100, deadline=None)
@given(_SUPPLIED, st.text(max_size=8))
def test_a_bank_that_holds_enough_always_gives_the_paper_that_the_blueprint_asks_for(
    supplied: tuple[Exam, dict[str, Bank]], seed: str
) -> None:
    exam, banks = supplied

    assert supply_problems(exam, banks) == []
    assert dealt(exam, banks, draw_paper(exam, banks, seed))


@settings(max_examples=100, deadline=None)
@given(_EXAMS, _QUESTIONS, st.text(max_size=8))
def test_an_exam_is_drawn_exactly_when_it_passes_the_check(exam: Exam, banks: dict[str, Bank], seed: str) -> None:
    if supply_problems(exam, banks):
        with pytest.raises(Refused):
            draw_paper(exam, banks, seed)
        return
    paper = draw_paper(exam, banks, seed)

    assert dealt(exam, banks, paper)
    assert max(Counter(item.question for item in paper.items).values()) == 1
    assert sum(item.marks for item in paper.items) == exam.marks


@settings(max_examples=100, deadline=None)
@given(_SUPPLIED, st.text(max_size=8), st.sets(st.integers(0, 19)))
def test_questions_seen_before_come_only_when_unseen_ones_run_out(
    supplied: tuple[Exam, dict[str, Bank]], seed: str, numbers: set[int]
) -> None:
    exam, banks = supplied
    seen = {f"q{number}" for number in numbers}
    repeated = [item.question for item in draw_paper(exam, banks, seed, seen).items if item.question in seen]

    # Without one of the repeated questions, the unseen ones and the other repeated ones could not fill the paper.
    for question in repeated:
        kept = [q for q in banks["basics"].questions if q.id not in seen or (q.id in repeated and q.id != question)]
        assert supply_problems(exam, {"basics": replace(banks["basics"], questions=tuple(kept))}) != []


def test_a_second_paper_repeats_nothing_while_the_bank_lasts() -> None:
    banks, exam = bank_of(*(ask(f"q{i}") for i in range(10))), exam_of([row_of(5)])
    first = {item.question for item in draw_paper(exam, banks, "1").items}

    assert first.isdisjoint(item.question for item in draw_paper(exam, banks, "2", first).items)


def test_the_same_seed_gives_the_same_paper_and_another_seed_another() -> None:
    banks, exam = bank_of(*(ask(f"q{i}") for i in range(40))), exam_of([row_of(10)])

    assert draw_paper(exam, banks, "seed") == draw_paper(exam, banks, "seed")
    assert draw_paper(exam, banks, "seed") != draw_paper(exam, banks, "other")


def test_every_question_and_every_order_of_choices_has_its_turn() -> None:
    banks, exam = bank_of(*(ask(f"q{i}", choices="甲乙丙") for i in range(6))), exam_of([row_of(2)])
    items = [item for seed in range(120) for item in draw_paper(exam, banks, str(seed)).items]

    assert len(Counter(item.question for item in items)) == 6
    assert min(Counter(item.question for item in items).values()) > 15
    assert len({item.order for item in items}) == 6


def test_fixed_choices_keep_the_order_in_which_they_were_written() -> None:
    banks, exam = bank_of(ask("a", fixed=True), ask("b", Type.JUDGE, choices="对错", key="对", fixed=True)), exam_of(
        [row_of(1), row_of(1, Type.JUDGE)])

    for seed in range(20):
        paper = draw_paper(exam, banks, str(seed))
        assert {item.question: item.order for item in paper.items} == {"a": (0, 1, 2, 3), "b": (0, 1)}


def test_without_shuffling_the_paper_stands_as_the_bank_was_written() -> None:
    banks = bank_of(*(ask(f"q{i}", Type.SINGLE if i % 2 else Type.JUDGE) for i in range(8)))
    paper = draw_paper(exam_of([row_of(4), row_of(4, Type.JUDGE)], shuffle=False), banks, "seed", ["q1", "q2"])

    assert [item.question for item in paper.items] == ["q1", "q3", "q5", "q7", "q0", "q2", "q4", "q6"]
    assert {item.order for item in paper.items} == {(0, 1, 2, 3)}


def test_sections_stay_in_order_and_rows_mix_within_one() -> None:
    banks = bank_of(*(ask(f"q{i}", Type.SINGLE if i % 2 else Type.JUDGE) for i in range(20)))
    exam = exam_of([row_of(5), row_of(5, Type.JUDGE)], [row_of(5)])
    types = {question.id: question.type for question in banks["basics"].questions}
    paper = draw_paper(exam, banks, "seed")
    first = [types[item.question] for item in paper.items if item.section == 0]

    assert [item.section for item in paper.items] == [0] * 10 + [1] * 5
    assert first not in ([Type.SINGLE] * 5 + [Type.JUDGE] * 5, [Type.JUDGE] * 5 + [Type.SINGLE] * 5)


def test_a_missing_bank_refuses_politely() -> None:
    with pytest.raises(Refused, match="not ready"):
        draw_paper(exam_of([row_of(1)]), {}, "seed")


def test_a_paper_survives_storage() -> None:
    paper = draw_paper(exam_of([row_of(3, marks="2.50")], [row_of(2)]), bank_of(*(ask(f"q{i}") for i in range(9))), "seed")

    assert Paper.from_json(json.loads(json.dumps(paper.to_json()))) == paper


def test_a_large_bank_is_drawn_in_a_blink() -> None:
    banks = bank_of(*(ask(f"q{i}", difficulty=i % 5 + 1, kb="limits" if i % 3 else "calming") for i in range(600)))
    exam = exam_of([row_of(30, low=1, high=3), row_of(20, kb="limits"), row_of(30, low=2, high=4), row_of(20, kb="calming")])

    began = time.perf_counter()
    draw_paper(exam, banks, "seed")
    assert time.perf_counter() - began < 1


# -- answers --------------------------------------------------------------------------------------------------------

SHOWN = Item("a", 0, Decimal(2), (2, 0, 3, 1))


def test_positions_on_the_paper_become_the_authors_choices() -> None:
    assert read_answer([0], SHOWN, ask("a")) == (2,)
    assert read_answer([], SHOWN, ask("a")) == ()
    assert read_answer([3, 0], SHOWN, ask("a", Type.MULTIPLE)) == (1, 2)


@settings(deadline=None)
@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_a_stored_answer_is_shown_where_it_was_given(order: list[int], positions: set[int]) -> None:
    item, multiple = Item("a", 0, Decimal(2), tuple(order)), ask("a", Type.MULTIPLE)

    assert shown_answer(read_answer(sorted(positions), item, multiple), item) == sorted(positions)


def test_what_was_typed_is_kept_as_typed() -> None:
    blank, item = ask("a", Type.BLANK, blanks=(("48",), ("3",))), Item("a", 0, Decimal(2), ())

    assert read_answer([" 48 ", ""], item, blank) == (" 48 ", "")
    assert shown_answer((" 48 ", ""), item) == [" 48 ", ""]
    assert read_answer(["先听"], item, ask("a", Type.SHORT)) == ("先听",)


@pytest.mark.parametrize("value", [None, 0, "0", {"0": 1}, [4], [-1], ["0"], [True], [0.0], [0, 0], [0, 1], [[0]]])
def test_a_choice_that_no_page_of_ours_sends_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        read_answer(value, SHOWN, ask("a"))


@pytest.mark.parametrize(
    "value", [None, "48", [], ["48"], ["48", 3], ["48", None], ["48", "3", ""], ["48", "\0"], ["48", "长" * 20_001]]
)
def test_a_text_that_no_page_of_ours_sends_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        read_answer(value, Item("a", 0, Decimal(2), ()), ask("a", Type.BLANK, blanks=(("48",), ("3",))))


@pytest.mark.parametrize(("answer", "answered"), [
    (None, False), ((), False), (("", " "), False), ((0,), True), (("", "3"), True),
])
def test_an_answer_counts_as_given_when_something_was_chosen_or_written(answer: Sequence[object] | None, answered: bool) -> None:
    assert is_answered(answer) is answered


# -- marking --------------------------------------------------------------------------------------------------------

FULL = Decimal(4)
MULTIPLE = ask("m", Type.MULTIPLE, key="甲乙")
BLANKS = ask("b", Type.BLANK, blanks=(("48", "四十八"), ("3",), ("A b",)))


@pytest.mark.parametrize(("answer", "marks"), [((0,), 4), ((1,), 0), ((), 0), (None, 0)])
def test_a_single_choice_is_right_or_wrong(answer: tuple[int, ...] | None, marks: int) -> None:
    assert mark(ask("a"), answer, FULL, Rules("half")) == marks


@pytest.mark.parametrize(("answer", "all_or_nothing", "half"), [
    ((0, 1), 4, 4), ((0,), 0, 2), ((1,), 0, 2), ((0, 2), 0, 0), ((0, 1, 2), 0, 0), ((2,), 0, 0), ((), 0, 0),
])
def test_a_partly_right_answer_earns_half_where_the_exam_says_so(answer: tuple[int, ...], all_or_nothing: int, half: int) -> None:
    assert mark(MULTIPLE, answer, FULL, Rules("all")) == all_or_nothing
    assert mark(MULTIPLE, answer, FULL, Rules("half")) == half


@pytest.mark.parametrize(("answer", "marks"), [
    (("48", "3", "ab"), "4"), (("４８ ", "３", "ＡＢ"), "4"), (("四十八", "", "a b"), "2.67"), (("48小时", "3", ""), "2.67"),
    (("48天吧", "3", ""), "1.33"),
    (("", "", ""), "0"),
])
def test_each_right_blank_earns_its_share(answer: tuple[str, ...], marks: str) -> None:
    assert mark(BLANKS, answer, FULL, Rules("all")) == Decimal(marks)


def test_written_answers_wait_for_a_person() -> None:
    result = grade(
        Paper((Item("s", 0, Decimal(8), ()), Item("a", 0, FULL, (0, 1, 2, 3)))), {"s": ask("s", Type.SHORT), "a": ask("a")},
        {"s": ("先听",), "a": (0,)}, "all",
    )

    assert result.pending
    assert [(item.earned, item.possible) for item in result.items] == [(None, Decimal(8)), (FULL, FULL)]
    assert result.marks == FULL


_PAPERS = st.lists(
    st.tuples(
        st.sampled_from([Type.SINGLE, Type.MULTIPLE, Type.JUDGE, Type.BLANK]),
        st.integers(1, 5000).map(lambda hundredths: Decimal(hundredths) / 100) | st.sampled_from([Decimal("0.125")]),
        st.lists(st.one_of(st.integers(0, 3), st.sampled_from(["48", "3", "x", ""])), min_size=0, max_size=4, unique=True),
    ),
    min_size=1, max_size=8,
)

Drawn = list[tuple[Type, Decimal, list[object]]]


def sat(drawn: Drawn) -> tuple[Paper, dict[str, Question], dict[str, list[object]]]:
    """A paper, its questions, and answers of the right shape but any content."""
    questions, items, answers = {}, [], {}
    for number, (type_, marks, parts) in enumerate(drawn):
        id_ = f"q{number}"
        questions[id_] = ask(id_, type_, key="甲乙" if type_ is Type.MULTIPLE else "甲", blanks=(("48",), ("3",), ("x", "y")))
        items.append(Item(id_, 0, marks, (0, 1, 2, 3)))
        numbers = [part for part in parts if isinstance(part, int)]
        answers[id_] = [*map(str, [*parts, "", "", ""][:3])] if type_ is Type.BLANK else [*numbers]
    return Paper(tuple(items)), questions, answers


@settings(max_examples=150, deadline=None)
@given(_PAPERS, st.sampled_from(["all", "half"]))
def test_marks_lie_between_none_and_all(drawn: Drawn, multiple: str) -> None:
    paper, questions, answers = sat(drawn)
    result = grade(paper, questions, answers, Rules(multiple))

    assert all(item.earned is not None and 0 <= item.earned <= item.possible for item in result.items)
    assert 0 <= result.marks <= sum(item.marks for item in paper.items)


@settings(max_examples=100, deadline=None)
@given(_PAPERS, st.sampled_from(["all", "half"]))
def test_the_full_key_earns_full_marks(drawn: Drawn, multiple: str) -> None:
    paper, questions, _ = sat(drawn)
    keys = {id_: [blank[-1] for blank in q.blanks] if q.type is Type.BLANK else q.key for id_, q in questions.items()}

    assert grade(paper, questions, keys, Rules(multiple)).marks == sum(item.marks for item in paper.items)


@settings(max_examples=100, deadline=None)
@given(_PAPERS, st.randoms(), st.sampled_from(["all", "half"]))
def test_the_order_in_which_answers_were_given_does_not_matter(drawn: Drawn, chance: random.Random, multiple: str) -> None:
    paper, questions, answers = sat(drawn)
    turned = dict(reversed(answers.items()))
    for id_, question in questions.items():
        if question.choices:
            chance.shuffle(turned[id_])

    assert grade(paper, questions, turned, Rules(multiple)) == grade(paper, questions, answers, Rules(multiple))


@settings(deadline=None)
@given(_PAPERS)
def test_nothing_answered_earns_nothing(drawn: Drawn) -> None:
    paper, questions, _ = sat(drawn)

    assert grade(paper, questions, {}, Rules("half")).marks == 0
