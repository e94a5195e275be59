"""What is doubtful in a bank: what the rules must see, and what they must not take for it."""

from __future__ import annotations

import pytest

from ladder.core.bank import parse_bank
from ladder.core.bank_bias import Hits, at_least
from ladder.core.bank_lint import lint_bank
from ladder.core.document import parse_document
from ladder.core.negation import asks_negatively, is_negative, unmarked_negation
from ladder.core.problems import Report
from work import works

FRONT = "---\nkind: bank\nid: hotline\ntitle: 客服热线\nkb: limits\n---\n"


def lint(body: str) -> list[tuple[int, int, str]]:
    """Line, column and code of each finding; lines count from the first below the front matter."""
    report = Report("hotline.md")
    document = parse_document(FRONT + body, report, limit=10**7)
    assert document is not None
    bank = parse_bank(document, "hotline", report)
    assert report.problems == []
    lint_bank(bank, document, report)
    return [(problem.line - 6, problem.column, problem.code) for problem in report.problems]


def choices(*texts: str, stem: str = "怎么办？", square: bool = False, braces: str = "", explanation: str = "见知识库。") -> str:
    """A question; right choices begin with a star."""
    rows = [
        ("- [{}] {}" if square else "- ({}) {}").format("x" if text.startswith("*") else " ", text.removeprefix("*")) for text in texts
    ]
    return "\n".join([f"## 题 {{#one d=2{braces}}}", stem, *rows, f"> {explanation}", ""])


def codes(body: str) -> list[str]:
    return [code for _, _, code in lint(body)]


# -- negation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stem", "word"), [
    ("下面哪些不属于保密范围？", "不属于"),
    ("下列哪项做法不正确？", "不正确"),
    ("哪一项不需要核对？", "不需"),
    ("以下哪些情况没有积分？", "没有"),
    ("以下说法不正确的是（  ）。", "不正确"),
    ("客服代表的职责，不包括的是（ ）", "不包括"),
    ("关于转接，下列描述中，错误的是：", "错误"),
    ("关于退费的说法有误的一项是____", "有误"),
    ("下列行为不当的是（　　）？", "不当"),
    ("座席最不应该做的是（ ）。", "不应"),
    ("来电记录的内容不包括（  ）。", "不包括"),
    ("以下无法在电话里办的有（ ）", "无法"),
    ("除下面哪一项以外，其余都要记录？", "除"),
    ("除安全事故外，下列情形均按一般派单的是（ ）", "除"),
    ("Which of the following is not a duty of the agent?", "not"),
    ("All of the following are duties except", "except"),
    ("Which step should not be skipped?", "not"),
])
def test_a_stem_that_asks_for_what_is_not_so_is_found_with_its_word(stem: str, word: str) -> None:
    found = unmarked_negation(stem)

    assert found is not None
    assert found.word == word
    assert stem[stem.index(found.clause) + found.offset :].startswith(word)
    assert asks_negatively(stem)


@pytest.mark.parametrize("stem", [
    "下面哪些**不**属于保密范围？",
    "下列说法**错误**的是（ ）。",
    "下列说法<u>不正确</u>的是（ ）。",
    "**除**下面哪一项以外，其余都要记录？",
    "下列【不】属于职责的是（ ）",
    "Which of the following is **not** a duty?",
    "Which of the following is NOT a duty?",
])
def test_emphasis_makes_the_negation_plain(stem: str) -> None:
    assert unmarked_negation(stem) is None
    assert asks_negatively(stem)


@pytest.mark.parametrize("stem", [
    "客户不在家，应当怎样约？",
    "客户不在家时应当先做的是（ ）。",
    "客户不会操作，座席首先要说的是（ ）",
    "预计日期有变，资源组不能按时加好端口。下面哪种做法正确？",
    "客户说：“你们的人不负责任！”这是哪一类投诉？",
    "导致计费错误的是（ ）",
    "客户离开的原因是什么？",
    "下面哪一项能不能由座席决定？",
    "能不能退费，要看的是（ ）",
    "决定能不能退费的是（ ）",
    "座席不得（ ）客户的资料。",
    "除了道歉，还应当说什么？",
    "除登记姓名外，还要核对的是（ ）",
    "两种优惠不同，哪一种更低？",
    "客户不满意的是什么？",
    "What should you do when the customer does not answer?",
    "Which step comes next if the line is not free?",
])
def test_a_negation_that_is_not_what_is_asked_for_is_left_alone(stem: str) -> None:
    assert unmarked_negation(stem) is None
    assert not asks_negatively(stem)


def test_a_negation_is_told_in_the_stem_though_the_title_says_the_same() -> None:
    assert lint("## 下面哪些不属于 {#one d=2}\n下面哪些不属于职责？\n- (x) 评论\n- ( ) 记录\n> 见知识库。\n") == [(2, 5, "unmarked-negation")]


@pytest.mark.parametrize(("choice", "negative"), [
    ("不征得同意就按键", True), ("**不**记录", True), ("没有说明原因", True), ("Do not hang up", True),
    ("不同的部门", False), ("不仅道歉，还说明", False), ("道歉，不辩解", False), ("不断重复", False), ("Note it down", False),
])
def test_a_negative_choice_begins_with_its_negation(choice: str, negative: bool) -> None:
    assert is_negative(choice) is negative


def test_only_questions_with_choices_are_asked_negatively() -> None:
    assert codes("## 题 {#one d=2}\n下面不属于职责的，是评论别的部门。\n- (x) 正确\n- ( ) 错误\n> 见知识库。\n") == []
    assert codes("## 题 {#one d=2}\n下列不属于职责的是{{评论|评价}}。\n> 见知识库。\n") == []


# -- choices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("texts", [
    ("*先听他说完", "打断他", "转给班长", "挂断"),  # longer, but not by much
    ("*先听他说完，再用自己的话复述他的诉求", "打断他的话，请他先到营业厅", "挂断"),
    ("是", "*先听他说完再复述"),  # more than twice as long, but both are short
])
def test_a_right_choice_may_be_somewhat_longer(texts: tuple[str, ...]) -> None:
    assert codes(choices(*texts)) == []


@pytest.mark.parametrize(("right", "wrong", "found"), [
    ((21,), (10, 9), True), ((20,), (10, 9), False), ((25,), (15, 3), False), ((13,), (3, 3), True), ((12,), (3, 3), False),
    ((22, 30), (12, 3), False), ((25, 30), (12, 3), True),
])
def test_a_right_choice_is_too_long_from_twice_the_longest_wrong_one_and_ten_characters(
    right: tuple[int, ...], wrong: tuple[int, ...], found: bool
) -> None:
    texts = [mark + "听说读写答"[number] * size for number, (mark, size) in enumerate([*(("*", s) for s in right), *(("", s) for s in wrong)])]

    assert codes(choices(*texts, square=len(right) > 1)) == ["long-right-choice"] * found


def test_letters_are_half_as_long_as_chinese_characters() -> None:
    assert codes(choices("*Good morning, how can I help?", "Who is it?", "Hold on.")) == []
    assert codes(choices("*Good morning, this is the help desk, how can I help?", "Who is it?", "Hold on.")) == ["long-right-choice"]


def test_all_right_choices_must_be_long_to_give_themselves_away() -> None:
    long_, short = "*先听他说完，再用自己的话复述一遍他的诉求", ("打断他", "挂断他", "转走他")

    assert codes(choices(long_, long_ + "，并请他确认", *short, square=True)) == ["long-right-choice"]
    assert codes(choices(long_, "*道歉", *short, square=True)) == []


@pytest.mark.parametrize("texts", [
    ("*免费", "10 元", "*20 元"),
    ("不限", "*2 天", "3 天", "5 天"),  # a wrong one in words gives nothing away
    ("*2 天", "3 天", "5 天", "以上都不对"),
    ("24", "*48", "72"),
    ("*48 小时", "2 天"),
    ("先听。", "*后说"),  # of two neither is the odd one
    ("24", "*48 小时", "看情况", "不限"),
    ("先道歉。", "*先复述。", "先解释。"),
    ("“喂，哪位？”", "*“让您久等了。”", "“您好！”"),
])
def test_choices_of_one_shape_are_left_alone(texts: tuple[str, ...]) -> None:
    found = codes(choices(*texts, square=sum(text.startswith("*") for text in texts) > 1))

    assert not {"odd-full-stop", "odd-unit", "odd-number"} & set(found)


def test_choices_that_differ_in_punctuation_only_are_equal() -> None:
    assert codes(choices("先听、再说", "*先听再说", "先说再听")) == ["equal-choices"]
    assert codes(choices("1.5 倍速", "*15 倍速", "不变")) == [], "a point between digits says something"


@pytest.mark.parametrize("text", ["A、C", "AB都对", "A和B都对", "选项 B、C", "A、B 两项", "A B C D"])
def test_a_choice_that_names_others_by_letter_is_found(text: str) -> None:
    assert codes(choices("道歉", "复述", "记录", f"*{text}")) == ["letters-in-choice"]


def test_choices_that_are_letters_themselves_name_nothing() -> None:
    assert codes(choices("A", "B", "*AB", "O", stem="哪个分区有货？")) == []


@pytest.mark.parametrize("text", ["A15 挂机空调", "WiFi", "APP", "A 套餐", "CD 光盘", "3A 原则"])
def test_letters_that_are_names_are_left_alone(text: str) -> None:
    assert codes(choices("道歉", "复述", f"*{text}")) == []


@pytest.mark.parametrize(("explanation", "found"), [
    ("时限见总表，故选B。", True), ("正确答案为 C", True), ("答案：选 AB", True), ("【答案】B", True), ("应选 A 套餐", False), ("A 选项太长。", True), ("B项错误", True), ("选项C不对", True),
    ("The answer is B.", True), ("客户可以选 A 套餐", False), ("A 项目已结束", False), ("选 WiFi", False), ("应选 A30 空调", False),
])
def test_an_explanation_that_names_choices_by_letter(explanation: str, found: bool) -> None:
    texts = ("道歉", "*复述", "记录")

    told = codes(choices(*texts, explanation=explanation))

    assert set(told) <= {"letters-in-explanation", "other-key-explained"}
    assert bool(told) is found


def test_an_explanation_names_the_key_or_another() -> None:
    texts = ("道歉", "*复述", "*记录")

    for explanation, found in (("故选 BC。", []), ("故选C、B", []), ("答案：B", ["other-key-explained"]), ("故选 AB。", ["other-key-explained"])):
        assert codes(choices(*texts, explanation=explanation, square=True, braces=" .fixed")) == found
    assert codes(choices(*texts, explanation="故选 BC。", square=True)) == ["letters-in-explanation"], "these are shuffled"


# -- the stem -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stem", "found"), [
    ("时限是（B）。", ["key-in-stem"]), ("时限是( B )。", ["key-in-stem"]), ("时限是（A）。", []), ("时限是（  ）。", []),
    ("用 WiFi（B 型）时限是多久？", []), ("答“（对）”的要等多久？", []), ("参考答案：48 小时", ["key-in-stem", "answer-in-stem"]), ("多久？", []),
])
def test_a_key_left_in_the_stem_is_found(stem: str, found: list[str]) -> None:
    assert codes(choices("24 小时", "*48 小时", "72 小时", stem=stem)) == found


def test_several_letters_left_in_the_stem_are_those_of_the_key() -> None:
    texts = ("*时间", "心情", "*结果")

    assert codes(choices(*texts, stem="记什么（A、C）？", square=True)) == ["key-in-stem"]
    assert codes(choices(*texts, stem="记什么（A、B）？", square=True)) == []


@pytest.mark.parametrize(("stem", "found"), [
    ("按规定由当班班长批准的，是谁？", ["answer-in-stem"]),
    ("当班班长和值班主管，谁来批准？", []),  # a wrong one is there too
    ("班长在吗？", []),
])
def test_only_the_right_choice_in_the_stem_gives_itself_away(stem: str, found: list[str]) -> None:
    assert codes(choices("值班主管", "*当班班长", "账务组长", stem=stem)) == found
    assert codes(choices("解释", "*复述", "道歉", stem="组长说：先复述。为的是什么？")) == [], "a word of two characters may well be there"


@pytest.mark.parametrize(("stem", "found"), [
    ("班长本人跟进，由{{班长}}报主管。", ["answer-in-stem"]), ("第 3 次申报，由第 {{3}} 人跟进。", []), ("130 元的第 {{30}} 期", []),
    ("从 30 日到 {{30}} 日", ["answer-in-stem"]), ("先{{道歉}}。可选：道歉、复述", []), ("先{{道歉}}（复述 / 道歉）", []), ("每 {{48|四十八}} 小时一次，不是 {{24}} 小时", []),
])
def test_an_answer_that_stands_beside_its_blank_is_found(stem: str, found: list[str]) -> None:
    assert codes(f"## 题 {{#one d=2}}\n{stem}\n> 见知识库。\n") == found


def test_a_finding_points_to_the_blank_or_to_the_words_beside_it() -> None:
    assert lint("## 题 {#one d=2}\n这是对的吗？{{48}} 小时，{{ 是 }}。\n> 见知识库。\n") == [(2, 17, "yes-no-blank")]
    assert lint("## 题 {#one d=2}\n由{{班长}}报主管，班长跟进。\n> 见知识库。\n") == [(2, 12, "answer-in-stem")]


@pytest.mark.parametrize(("blank", "found"), [
    ("{{是}}", ["yes-no-blank"]), ("{{可以|能}}", ["yes-no-blank"]), ("{{重}}", ["one-character-blank"]), ("{{3}}", []), ("{{三}}", []),
    ("{{重|从重}}", []), ("{{可以|经班长同意才可以}}", []),
])
def test_a_blank_must_take_more_than_a_guess(blank: str, found: list[str]) -> None:
    assert codes(f"## 题 {{#one d=2}}\n处理的办法是{blank}吗\n> 见知识库。\n") == found


# -- what is lacking ------------------------------------------------------------------------------------------------


def test_what_all_questions_lack_is_told_once_with_the_number_and_a_few_ids() -> None:
    body = "".join(f"## 第 {n} 题 {{#q{n}}}\n{n} 加 {n} 是{{{{{2 * n}}}}}\n> 见知识库。\n" for n in range(1, 8))
    report = Report("hotline.md")
    document = parse_document(FRONT + body, report)
    assert document is not None

    lint_bank(parse_bank(document, "hotline", report), document, report)

    [only] = report.problems
    assert only.code == "no-difficulty"
    assert dict(only.words) == {"count": "7", "of": "7", "ids": "q1, q2, q3, q4, q5…"}


def test_a_word_like_a_difficulty_in_the_title_is_none() -> None:
    assert codes("## 设 d=3 时 {#one}\n结果是{{9}}\n> 见知识库。\n") == ["no-difficulty"]


# -- chance ---------------------------------------------------------------------------------------------------------


def test_the_probability_of_so_many_hits_is_exact_for_few_tries() -> None:
    assert at_least(0, [0.5] * 4) == pytest.approx(1)
    assert at_least(4, [0.5] * 4) == pytest.approx(1 / 16)
    assert at_least(1, [0.5, 0.25]) == pytest.approx(1 - 0.5 * 0.75)
    assert at_least(3, [0.5, 0.5]) == 0


def test_for_many_tries_it_is_the_same_within_a_percent() -> None:
    exact = at_least(60, [0.25] * 200)

    assert at_least(60, [0.25] * 200 + [1e-12]) == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize(("hits", "of", "chance", "often", "seldom"), [
    (7, 7, 0.25, False, False),  # too few questions to know
    (8, 8, 0.25, True, False),
    (5, 12, 0.25, False, False),  # chance does that now and then
    (300, 1000, 0.25, False, False),  # unlikely, but not worth a word
    (400, 1000, 0.25, True, False),
    (0, 20, 0.25, False, True),
    (1, 12, 0.25, False, False),
])
def test_what_is_told_is_unlikely_and_large(hits: int, of: int, chance: float, often: bool, seldom: bool) -> None:
    counted = Hits(hits, (chance,) * of)

    assert (counted.is_often(), counted.is_seldom()) == (often, seldom)


# -- hostile texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [
    "除外", "A ", "A、", "(A", "（ A ", "**", "<u>", "【", "__", "不是的是", "下列不", "答案", "which ", "{.pin}", "48 小时。", " ", "哪的是_",
])
def test_a_text_of_one_thing_again_and_again_is_little_work(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    question = choices("道歉", f"*又{text}好", "记录", stem=f"问{text}好", explanation=f"见{text}好")

    assert works(lambda: lint(question), 200) <= 200
