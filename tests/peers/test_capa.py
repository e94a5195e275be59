"""Exported problems under Open edX's own grader: the key gets full marks, whatever is wrong does not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from ladder.core.bank import Bank
from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Output
from peers.capa import Problem
from written_questions import Taste, make_bank

COUNT = 180


def exported(questions: tuple[Question, ...]) -> dict[str, bytes]:
    """The file of each question, by its id."""
    output = Output([Bank("bank", "题库", questions)])
    formats.write(output, "olx")
    return {path.removeprefix("problem/").removesuffix(".xml"): data for path, data in output.files.items()}


def problem_of(stem: str) -> Problem:
    """The problem of one question, written as an author does."""
    text = f"---\nkind: bank\nid: bank\ntitle: 题库\n---\n## 题 {{#q}}\n{stem}\n"
    reading = markdown.read(formats.Source("bank.md", text.encode()))
    assert reading.items[0].question, reading.items[0].problems
    return Problem(exported((reading.items[0].question,))["q"])


def wrong_choices(question: Question) -> Iterator[list[str]]:
    """Every other choice; of several, every other set."""
    everything = range(len(question.choices))
    sizes = range(1, len(question.choices) + 1) if question.type is Type.MULTIPLE else (1,)
    for size in sizes:
        for picked in combinations(everything, size):
            if picked != question.key:
                yield [f"choice_{index}" for index in picked]


@pytest.mark.parametrize("question", make_bank(COUNT, seed=7, taste=Taste(nasty=0.6)).questions, ids=lambda question: question.id)
def test_the_key_gets_full_marks_and_nothing_else_does(question: Question) -> None:
    if question.type in (Type.SHORT, Type.ESSAY):
        return
    problem = Problem(exported((question,))[question.id])
    several = question.type is Type.MULTIPLE
    if question.type is Type.BLANK:
        keys = [next(key for key in keys) for keys in question.blanks]
        assert problem.share(*map(typed, keys)) == 1
        for number in range(len(keys)):
            assert problem.share(*[typed(key) if at != number else "999999" for at, key in enumerate(keys)]) == (len(keys) - 1) / len(keys)
    else:
        right = [f"choice_{index}" for index in question.key]
        assert problem.share(right if several else right[0]) == 1
        for wrong in wrong_choices(question):
            assert problem.share(wrong if several else wrong[0]) == 0


def typed(key: str) -> str:
    """What a learner types who knows the answer: a number of a span."""
    return key.split("..")[0].split("±")[0] if ".." in key or "±" in key else key


@pytest.mark.parametrize("question", [q for q in make_bank(COUNT, seed=7).questions if q.choices], ids=lambda question: question.id)
def test_every_choice_is_on_the_page_with_its_words(question: Question) -> None:
    page = Problem(exported((question,))[question.id]).page
    shown = ["".join("".join(label.itertext()).split()) for label in page.iterfind(".//label/div")]
    assert sorted(shown) == sorted("".join(to_text(choice.text).split()) for choice in question.choices)


@pytest.mark.parametrize(("blank", "accepted", "rejected"), [
    ("{{48|四十八}}", ("48", "四十八", " 48 "), ("4", "148", "480", "四十", "48|四十八")),
    ("{{A_or_B}}", ("A_or_B", "a_or_b"), ("A", "B", "A_or_", "or")),
    ("{{甲_OR_乙|丙}}", ("甲_or_乙", "丙"), ("甲", "乙", "甲_OR_", "丙丙")),
    ("{{x_or_or_y}}", ("x_or_or_y",), ("x", "y", "or_y", "x_or")),
    ("{{/1000[0-9]/|总台}}", ("10008", "总台"), ("110008", "100088", "总", "1000", "总台1", "10008总台")),
    ("{{a.b(c)+*?^$[d]}}", ("a.b(c)+*?^$[d]",), ("axb(c)+*?^$[d]", "a.b")),
    ("{{/x?y/|a.b(c)+*?^$[d]\\e}}", ("a.b(c)+*?^$[d]\\e", "y", "xy"), ("axb(c)+*?^$[d]\\e", "xxy", "a")),
    ("{{10086}}", ("10086", "10086.0"), ("10085", "10086.1", "1008")),
    ("{{13800138000}}", ("13800138000",), ("13800138001", "13800137999")),
    ("{{40..50}}", ("40", "45.5", "50"), ("39.9", "50.1", "0")),
    ("{{48±2}}", ("46", "48", "50"), ("45.9", "50.1")),
    ("{{40..50 分钟}}", ("40", "50"), ("51",)),
    ("{{48 小时}}", ("48 小时",), ("48 天", "4")),
    ("{{Wi-Fi}}", ("Wi-Fi", "wi-fi", "WI-FI"), ("WiFi", "Wi")),
])
def test_a_blank_accepts_each_alternative_whole(blank: str, accepted: tuple[str, ...], rejected: tuple[str, ...]) -> None:
    problem = problem_of(f"填 {blank}。")
    assert [answer for answer in accepted if problem.share(answer) != 1] == []
    assert [answer for answer in rejected if problem.share(answer) > 0] == []


def test_blanks_stand_in_their_sentence() -> None:
    problem = problem_of("投诉须在 {{48}} 小时内答复，由 **{{投诉部}}** 负责。")
    words = " ".join("".join(problem.page.itertext()).split())
    assert words.index("投诉须在") < words.index("小时内答复") < words.index("负责")
    assert len(problem.page.findall(".//input[@type='text']")) == 2
    assert problem.share("48", "投诉部") == 1
    assert problem.share("48", "客服部") == 0.5


def test_a_pinned_choice_is_last_for_everybody_and_the_rest_is_shuffled() -> None:
    orders = set()
    for seed in range(20):
        problem = problem_of("选\n- (x) 一\n- ( ) 二\n- ( ) 三\n- ( ) 四\n- ( ) 以上都不对")
        problem.block.seed = seed
        orders.add(tuple("".join(label.itertext()).strip() for label in problem.page.iterfind(".//label/div")))
    assert {order[-1] for order in orders} == {"以上都不对"}
    assert len(orders) > 3


def test_the_platform_keeps_what_it_does_not_know() -> None:
    text = "---\nkind: bank\nid: bank\ntitle: 题库\n---\n## 投诉时限 {#q d=4 kb=complaints#时限 marks=2.5}\n问\n- (x) 一\n- ( ) 二\n"
    question = markdown.read(formats.Source("bank.md", text.encode())).items[0].question
    assert question
    block = Problem(exported((question,))["q"]).block
    assert (block.display_name, block.weight) == ("投诉时限", 2.5)
    assert block.xml_attributes.items() >= {"difficulty": "4", "kb": "complaints#时限"}.items()
