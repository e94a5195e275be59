"""The learner's book of mistakes: what stands in it, what it may show, and how a question leaves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html as markup

from author import keys_moved, plant_words
from ladder.core.course import questions_of
from ladder.records.marking import Marking, give, release
from ladder.records.models import Attempt, Redo
from ladder.records.voiding import void
from trainee import Trainee, op_id

BOOK = "mistakes"
EXAM = "first-exam"
PER_PAGE, PER_ACTION = 8, 6


def nothing(question: Any) -> bool:
    return False


def only(*names: str) -> Any:
    """Knows everything but these questions."""
    return lambda question: question.id not in names


@dataclass(frozen=True)
class Page:
    """The book as a page shows it: ids of the questions in it and of those mastered."""

    open: tuple[str, ...]
    mastered: tuple[str, ...]
    text: str


def page_of(html: str) -> Page:
    whole = markup.fromstring(f"<div>{html}</div>")
    tree = next(iter(whole.xpath("//div[@class='ladder-body']")), whole)
    rows = tree.xpath(".//li[@data-question]")
    mastered = tuple(row.get("data-question") for row in rows if row.xpath("ancestor::details[contains(@class, 'ladder-mastered')]"))
    shown = tuple(row.get("data-question") for row in rows if row.get("data-question") not in mastered)
    return Page(shown, mastered, re.sub(r"\s+", " ", tree.text_content()))


def book(trainee: Trainee) -> Page:
    return page_of(trainee.see(BOOK))


def do(trainee: Trainee, handler: str, **data: Any) -> dict[str, Any]:
    return trainee.do(BOOK, BOOK, handler, data)


@dataclass(frozen=True)
class Card:
    """A question to be answered again. `choices` are the texts in the order shown."""

    question: str
    name: str
    choices: tuple[str, ...]
    blanks: int


def card_of(html: str) -> Card:
    (form,) = markup.fromstring(f"<div>{html}</div>").xpath("//form[@data-redo]")
    choices = form.xpath(".//label[contains(@class, 'ladder-choice')]/span[not(@aria-hidden)]")
    values = [field.get("value") for field in form.xpath(".//input[@name='q1' and @type!='text']")]
    assert values == [str(place) for place in range(len(choices))]
    return Card(form.xpath("string(.//input[@name='question']/@value)"), form.xpath("string(.//input[@name='card']/@value)"),
                tuple(choice.text_content() for choice in choices), len(form.xpath(".//input[@type='text']")))


def open_card(trainee: Trainee, question: str) -> Card:
    return card_of(do(trainee, "card", question=question)["html"])


def answer(trainee: Trainee, card: Card, *, right: bool) -> list[Any]:
    question = questions_of(trainee.site.now.course.banks)[card.question]
    if question.blanks:
        return [accepted[-1] for accepted in question.blanks] if right else ["?"] * card.blanks
    key = [place for place, text in enumerate(card.choices) if text in {c.text for c in question.choices if c.correct}]
    return key if right else [next(place for place in range(len(card.choices)) if place not in key)]


def send(trainee: Trainee, card: Card, value: list[Any], op: str = "", **more: Any) -> Any:
    data = {"question": card.question, "op_id": op or op_id(), "card": card.name, "value": value}
    return trainee.act(BOOK, BOOK, "redo", data | more)


def redo(trainee: Trainee, question: str, *, right: bool = True) -> str:
    """Open the card of a question and answer it."""
    card = open_card(trainee, question)
    response = send(trainee, card, answer(trainee, card, right=right))
    assert response.status_code == 200, response.content.decode()
    return str(response.json()["html"])


def set_review(site: Any, rule: str) -> None:
    exam = site.folder / "01-start" / "40-first-exam.md"
    exam.write_text(exam.read_text(encoding="utf-8").replace("minutes: 20", f"minutes: 20\n{rule}"), encoding="utf-8")
    site.load()


# -- what stands in it ----------------------------------------------------------------------------------------------


def test_before_an_exam_was_sat_the_book_says_what_it_is_for(trainee):
    page = book(trainee)
    assert page.open == ()
    assert "还没有参加过考试" in page.text


def test_who_has_got_everything_right_is_told_so(trainee):
    trainee.sit(EXAM)
    page = book(trainee)
    assert page.open == page.mastered == ()
    assert "没有需要练习的题" in page.text


def test_every_question_that_was_not_fully_right_stands_in_the_book_and_no_other(trainee):
    sheet = trainee.start(EXAM)
    wrong = {trainee.key(card).id for card in sheet.cards if trainee.key(card).type in ("multiple", "blank")}
    half = next(card for card in sheet.cards if card.blanks)
    saves = [(card, trainee.right(card)) for card in sheet.cards if card.type not in ("multiple", "blank")]
    trainee.save(EXAM, sheet, [*saves, (half, [trainee.right(half)[0], "?"])])  # half of the blanks; several choices left empty
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    page = book(trainee)
    assert set(page.open) == wrong
    assert "入门考核，第 1 次" in page.text


def test_what_was_got_wrong_twice_stands_there_once_and_says_so(trainee, site):
    only_one(site)
    for _ in range(2):
        trainee.sit(EXAM, knows=nothing)
    page = book(trainee)
    assert page.open == ("listen",)
    assert "错 2 次" in page.text
    assert "入门考核，第 2 次" in page.text


def only_one(site: Any) -> None:
    """The exam asks one true-or-false question, so that every attempt meets it."""
    exam = site.folder / "01-start" / "40-first-exam.md"
    head = exam.read_text(encoding="utf-8").partition("## 一")[0]
    table = "| bank | kb | type | count | marks |\n| --- | --- | --- | --- | --- |\n| first | calming | judge | 1 | 100 |\n"
    exam.write_text(head + table, encoding="utf-8")
    site.load()


def test_the_book_can_be_looked_at_by_knowledge_point_and_by_exam(trainee):
    trainee.finish_first_stage()
    trainee.sit("second-exam", knows=nothing)
    everything = book(trainee)
    assert len(everything.open) == 4
    assert "退款（4）" in everything.text
    assert "退款考核（4）" in everything.text
    assert set(page_of(do(trainee, "show", point="refunds")["html"]).open) == set(everything.open)
    assert page_of(do(trainee, "show", point="limits")["html"]).open == ()
    assert page_of(do(trainee, "show", exam=EXAM)["html"]).open == ()
    assert page_of(do(trainee, "show", point="refunds", exam="second-exam")["html"]).open == everything.open
    assert do(trainee, "show", point="refunds")["say"] == "当前显示 4 道题。"


def test_questions_of_no_article_are_a_group_of_their_own(trainee, site):
    site.rewrite(site.banks / "first.md", "title: 入门题\nkb: limits", "title: 入门题")
    trainee.sit(EXAM, knows=nothing)
    page = book(trainee)
    named = set(page_of(do(trainee, "show", point="limits")["html"]).open) | set(page_of(do(trainee, "show", point="calming")["html"]).open)
    loose = set(page_of(do(trainee, "show", point="-")["html"]).open)
    assert loose
    assert not loose & named
    assert loose | named == set(page.open)
    assert f"其他（{len(loose)}）" in page.text


def test_nobody_sees_or_redoes_what_another_got_wrong(trainee, sign_in, act, site):
    trainee.sit(EXAM, knows=nothing)
    theirs = book(trainee).open
    other = Trainee(sign_in("trainee-2"), act, site)
    for who in (other, Trainee(sign_in("trainer"), act, site)):
        assert book(who).open == ()
        for question in theirs:
            assert who.act(BOOK, BOOK, "card", {"question": question}).status_code == 409
            data = {"question": question, "op_id": op_id(), "card": open_card(trainee, question).name, "value": [0]}
            assert who.act(BOOK, BOOK, "redo", data).status_code == 409
    other.sit(EXAM, knows=only("nothing"))
    redo(trainee, theirs[0])
    assert book(other).mastered == ()


def test_a_voided_attempt_leaves_no_mistakes(trainee, site, clock):
    trainee.sit(EXAM, knows=nothing)
    assert book(trainee).open
    attempt = Attempt.objects.get()
    void(attempt.id, str(site.now.key), EXAM, None, "演练", clock.time)
    assert book(trainee).open == ()


def test_a_regrade_by_a_corrected_key_takes_out_what_was_right_all_the_time(trainee, sign_in, act, site):
    only_one(site)
    bank = site.banks / "first.md"
    site.rewrite(bank, "- ( ) 对\n- (x) 错\n> 应当先听", "- (x) 对\n- ( ) 错\n> 应当先听")
    trainee.sit(EXAM, knows=nothing)
    assert book(trainee).open == ("listen",)
    site.rewrite(bank, "- (x) 对\n- ( ) 错\n> 应当先听", "- ( ) 对\n- (x) 错\n> 应当先听")
    assert book(trainee).open == ("listen",), "until the attempt is marked again"
    Trainee(sign_in("trainer"), act, site).do("exam", EXAM, "apply_regrade")
    assert book(trainee).open == ()


# -- what may be seen -----------------------------------------------------------------------------------------------


def test_an_exam_that_never_shows_its_answers_puts_nothing_into_the_book(trainee, site):
    set_review(site, "review: never")
    trainee.sit(EXAM, knows=nothing)
    page = book(trainee)
    assert page.open == ()
    assert "“入门考核”不公布答案" in page.text


def test_what_may_be_shown_only_after_the_exam_has_closed_waits_until_then(trainee, site, clock):
    closes = (clock.time.replace(microsecond=0)).isoformat()
    clock.go_on(days=-2)
    set_review(site, f'review: window\ncloses: "{closes}"')
    trainee.sit(EXAM, knows=nothing)
    page = book(trainee)
    assert page.open == ()
    assert "“入门考核”有 5 道题" in page.text
    clock.go_on(days=2)
    assert len(book(trainee).open) == 5


def one_judge(site: Any) -> None:
    """Only one question of the first bank is true-or-false, and both exams ask it."""
    site.rewrite(site.banks / "first.md", "- (x) 对\n- ( ) 错\n> 由客户", "- (x) 是\n- ( ) 不是\n> 由客户")
    site.rewrite(site.folder / "02-calls" / "30-second-exam.md", "| second | judge |", "| first | judge |")


@pytest.mark.parametrize("second", [EXAM, "second-exam"])
def test_a_question_on_a_running_paper_is_put_away_until_it_is_handed_in(second, trainee, site):
    """Else the book would be a crib: it shows the right answer of a question that is being asked."""
    one_judge(site)
    if second == EXAM:
        trainee.sit(EXAM, knows=nothing)
    else:
        for lesson in ("welcome", "voice"):
            trainee.learn(lesson)
        trainee.play("late-van", [0, 0])
        trainee.sit(EXAM, knows=only("listen"))
    card = open_card(trainee, "listen")
    right, sent = answer(trainee, card, right=True), op_id()
    assert send(trainee, card, right, sent).status_code == 200
    sheet = trainee.start(second)
    assert "listen" in {trainee.key(shown).id for shown in sheet.cards}
    page = book(trainee)
    assert "listen" not in page.open + page.mastered
    assert "正在作答的试卷" in page.text
    for handler, data in {
        "card": {"question": "listen"}, "redo": {"question": "listen", "op_id": sent, "card": card.name, "value": right},
    }.items():
        response = trainee.act(BOOK, BOOK, handler, data)
        assert response.status_code == 409
        assert set(response.json()) == {"error"}
        assert "交卷" in response.json()["error"]
    for turn in range(6):
        assert do(trainee, "practise", after="")["html"].count("应当先讲制度") == 0, turn
    trainee.do("exam", second, "submit", {"attempt": sheet.attempt})
    assert "listen" in book(trainee).open


def test_a_question_on_another_learners_running_paper_stays(trainee, sign_in, act, site):
    only_one(site)
    trainee.sit(EXAM, knows=nothing)
    Trainee(sign_in("trainee-2"), act, site).start(EXAM)
    assert book(trainee).open == ("listen",)


def test_the_key_is_in_no_page_before_the_question_was_answered_again(trainee, site):
    words = plant_words(site.folder, site.banks)
    site.load()
    sheet = trainee.start(EXAM)
    asked = {trainee.key(card).id for card in sheet.cards}
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    told = [trainee.see(BOOK), do(trainee, "show", point="limits")["html"]]
    told += [do(trainee, "card", question=question)["html"] for question in asked]
    seen = {name for name, word in words.items() for html in told if word in html}
    assert {name for name in seen if name.startswith(("stem:", "choice:"))} >= {f"stem:{question}" for question in asked}
    assert not {name for name in seen if not name.startswith(("stem:", "choice:"))}
    assert {name.partition(":")[2].partition("/")[0] for name in seen} == asked
    for question in asked:
        reply = redo(trainee, question, right=False)
        assert words[f"why:{question}"] in reply
        assert not [name for name, word in words.items() if word in reply and name.partition(":")[2].partition("/")[0] != question]


def test_book_and_card_are_the_same_to_the_byte_whichever_answers_are_right(trainee, site, clock):
    """The headings that an author gives to questions often tell the answer, too."""
    trainee.sit(EXAM, knows=nothing)
    asked = book(trainee).open

    def told() -> list[str]:
        return [do(trainee, "show")["html"], *(do(trainee, "card", question=question)["html"] for question in asked)]

    before = told()
    bank = site.banks / "first.md"
    bank.write_text(re.sub("^## .*? {", "## 标题 {", keys_moved(bank.read_text(encoding="utf-8")), flags=re.MULTILINE), encoding="utf-8")
    site.load()
    assert told() == before


# -- answering again ------------------------------------------------------------------------------------------------


def test_two_right_answers_in_a_row_take_a_question_out_and_a_mistake_in_an_exam_brings_it_back(trainee, site):
    only_one(site)
    trainee.sit(EXAM, knows=nothing)
    assert "连续答对 1 / 2 次" in redo(trainee, "listen")
    assert "连续答对 2 次" in redo(trainee, "listen", right=False)
    redo(trainee, "listen")
    page = book(trainee)
    assert (page.open, page.mastered) == (("listen",), ())
    assert "连续答对 1 / 2 次" in page.text
    assert "已移出错题本" in redo(trainee, "listen")
    page = book(trainee)
    assert (page.open, page.mastered) == ((), ("listen",))
    assert "都已掌握" in page.text
    trainee.sit(EXAM, knows=nothing)
    assert book(trainee).open == ("listen",)


@pytest.mark.parametrize("needed", [1, 3])
def test_the_author_says_how_many_right_answers_it_takes(needed, trainee, site):
    site.rewrite(site.folder / "course.md", "image: cover.png", f"image: cover.png\nmistakes: {{leaves_after: {needed}}}")
    trainee.sit(EXAM, knows=nothing)
    question = book(trainee).open[0]
    for _ in range(needed):
        assert question in book(trainee).open
        redo(trainee, question)
    assert question in book(trainee).mastered


def test_a_wrong_redo_of_a_mastered_question_puts_it_back(trainee):
    trainee.sit(EXAM, knows=only("listen", "hang-up"))
    (question,) = book(trainee).open
    for _ in range(2):
        redo(trainee, question)
    assert book(trainee).mastered == (question,)
    redo(trainee, question, right=False)
    assert book(trainee).open == (question,)


def test_every_type_that_a_program_marks_can_be_redone_right_and_wrong(trainee):
    trainee.sit(EXAM, knows=nothing)
    asked = book(trainee).open
    assert len(asked) == 5
    for question in asked:
        assert "<h2>没有全对</h2>" in redo(trainee, question, right=False)
        assert "<h2>答对了</h2>" in redo(trainee, question)


def test_some_of_the_right_choices_are_not_right_even_where_the_exam_gives_marks_for_them(trainee, site):
    trainee.finish_first_stage()
    trainee.sit("second-exam", knows=only("refund-papers"))
    card = open_card(trainee, "refund-papers")
    some = answer(trainee, card, right=True)[:1]
    assert "<h2>没有全对</h2>" in send(trainee, card, some).json()["html"]


def test_the_reply_shows_the_right_answer_why_and_where_to_read_it(trainee, site):
    trainee.sit(EXAM, knows=nothing)
    found = {question: redo(trainee, question, right=False) for question in book(trainee).open}
    assert all("正确答案" in html for html in found.values())
    assert all("查知识库" in html and re.search(r'data-link="(limits|calming)" href="/unit/', html) for html in found.values())
    assert all('class="ladder-why"' in html for html in found.values())


def test_the_order_of_the_choices_changes_from_redo_to_redo(trainee):
    trainee.sit(EXAM, knows=nothing)
    question = next(name for name in book(trainee).open if name in ("reply", "delivery"))
    orders = set()
    for _ in range(8):
        orders.add(open_card(trainee, question).choices)
        assert open_card(trainee, question).choices in orders, "looking again changes nothing"
        redo(trainee, question)
    assert len(orders) > 2


def test_practising_goes_through_all_of_a_selection_once_whatever_is_answered(trainee):
    trainee.finish_first_stage()
    trainee.sit("second-exam", knows=nothing)
    seen, reply = [], do(trainee, "practise", exam="second-exam")
    while "data-redo" in reply["html"]:
        card = card_of(reply["html"])
        html = send(trainee, card, answer(trainee, card, right=len(seen) % 2 == 0), exam="second-exam").json()["html"]
        seen.append(card.question)
        assert 'name="exam" value="second-exam"' in html, "the way on stays in the selection"
        reply = do(trainee, "practise", after=card.question, exam="second-exam")
    assert tuple(seen) == book(trainee).open
    assert "练完" in reply["say"]
    for question in seen:
        for _ in range(2):
            redo(trainee, question)
    assert "data-redo" not in do(trainee, "practise")["html"]


def test_the_same_request_again_gets_the_same_reply_and_counts_once(trainee):
    trainee.sit(EXAM, knows=nothing)
    question = book(trainee).open[0]
    card, sent = open_card(trainee, question), op_id()
    first = send(trainee, card, answer(trainee, card, right=True), sent)
    again = send(trainee, card, answer(trainee, card, right=True), sent)
    assert (again.status_code, again.content) == (200, first.content)
    redo(trainee, question, right=False)
    late = send(trainee, card, answer(trainee, card, right=True), sent)
    assert (late.status_code, late.content) == (200, first.content)
    assert list(Redo.objects.values_list("right", flat=True)) == [True, False]
    assert "连续答对 0 / 2 次" in book(trainee).text


def test_a_name_that_was_used_for_another_question_is_refused(trainee):
    trainee.sit(EXAM, knows=nothing)
    one, two = (open_card(trainee, question) for question in book(trainee).open[:2])
    sent = op_id()
    assert send(trainee, one, answer(trainee, one, right=True), sent).status_code == 200
    assert send(trainee, two, answer(trainee, two, right=True), sent).status_code == 400
    assert Redo.objects.count() == 1


def test_a_window_that_is_behind_gets_the_fresh_card_and_loses_nothing(trainee):
    trainee.sit(EXAM, knows=nothing)
    question = book(trainee).open[0]
    stale = open_card(trainee, question)
    redo(trainee, question)
    response = send(trainee, stale, answer(trainee, stale, right=False))
    assert response.status_code == 409
    assert "另一个窗口" in response.json()["error"]
    fresh = card_of(response.json()["html"])
    assert fresh == open_card(trainee, question)
    assert list(Redo.objects.values_list("right", flat=True)) == [True]
    assert send(trainee, fresh, answer(trainee, fresh, right=True)).status_code == 200
    assert question in book(trainee).mastered


def test_a_card_whose_question_was_rewritten_meanwhile_is_shown_anew(trainee, site):
    trainee.sit(EXAM, knows=nothing)
    question = next(name for name in book(trainee).open if name in ("reply", "delivery"))
    stale = open_card(trainee, question)
    bank = site.banks / "first.md"
    bank.write_text(bank.read_text(encoding="utf-8").replace("- ( ) 7 天", "- ( ) 8 天").replace("- ( ) 七天", "- ( ) 八天"), encoding="utf-8")
    site.load()
    response = send(trainee, stale, [0])
    assert response.status_code == 409
    assert {"8 天", "八天"} & set(card_of(response.json()["html"]).choices)
    assert not Redo.objects.exists()


def test_a_corrected_question_is_asked_as_it_is_today_and_a_removed_one_as_it_was(trainee, site):
    only_one(site)
    trainee.sit(EXAM, knows=nothing)
    bank = site.banks / "first.md"
    site.rewrite(bank, "应当先讲制度", "应当先讲规章")
    assert "应当先讲规章" in do(trainee, "card", question="listen")["html"]
    text = bank.read_text(encoding="utf-8")
    bank.write_text(text.replace("{#listen ", "{#to-listen "), encoding="utf-8")
    site.load()
    page = book(trainee)
    assert page.open == ("listen",)
    assert "应当先讲制度" in page.text
    card = open_card(trainee, "listen")
    assert card.choices == ("对", "错")
    assert "<h2>答对了</h2>" in send(trainee, card, [1]).json()["html"]


def test_mistakes_of_an_exam_that_was_removed_stay(trainee, site):
    one_judge(site)
    trainee.sit(EXAM, knows=only("listen"))
    (site.folder / "01-start" / "40-first-exam.md").unlink()
    site.rewrite(site.folder / "01-start" / "stage.md", "  theory: 60\n", "")
    page = book(trainee)
    assert page.open == ("listen",)
    assert "入门考核，第 1 次" in page.text
    assert "<h2>答对了</h2>" in send(trainee, open_card(trainee, "listen"), [1]).json()["html"]


MALFORMED: list[dict[str, Any]] = [
    {"value": None}, {"value": "0"}, {"value": [True]}, {"value": [9]}, {"value": [-1]}, {"value": [0, 0]}, {"value": [0, 1]}, {"value": ["0"]},
    {"value": [0.0]}, {"value": {}}, {"card": None}, {"card": 0}, {"card": "x" * 41}, {"question": None}, {"question": ""},
    {"question": "A"}, {"question": ["listen"]}, {"op_id": None}, {"op_id": "short"}, {"op_id": "UPPERCASE-1"}, {"point": 1},
    {"point": "a b"}, {"exam": "-"}, {"exam": None},
]


@pytest.mark.parametrize("change", MALFORMED, ids=str)
def test_a_request_that_no_page_sends_changes_nothing(change, trainee, site):
    only_one(site)
    trainee.sit(EXAM, knows=nothing)
    card = open_card(trainee, "listen")
    data = {"question": "listen", "op_id": op_id(), "card": card.name, "value": [0]}
    assert trainee.act(BOOK, BOOK, "redo", data | change).status_code == 400
    assert not Redo.objects.exists()
    assert trainee.act(BOOK, BOOK, "redo", data).status_code == 200


def test_no_answer_is_no_redo(trainee, site):
    trainee.sit(EXAM, knows=nothing)
    for question in book(trainee).open:
        card = open_card(trainee, question)
        response = send(trainee, card, [" "] * card.blanks)
        assert response.status_code == 409
        assert "先作答" in response.json()["error"]
    assert not Redo.objects.exists()


# -- written answers ------------------------------------------------------------------------------------------------


def with_written(site: Any) -> None:
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "| first | blank | | 1 | 40 |",
                 "| first | blank | | 1 | 32 |\n| first | short | | 1 | 8 |")


@pytest.fixture
def wrote(trainee, site) -> Trainee:
    """A trainee who got everything right but a written answer, which is not released yet."""
    with_written(site)
    sheet = trainee.start(EXAM)
    written = next(card for card in sheet.cards if card.type == "short")
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards if card is not written])
    trainee.save(EXAM, sheet, [(written, ["先听客户讲<b>"])])
    trainee.do("exam", EXAM, "submit", {"attempt": 1})
    return trainee


def give_marks(trainee: Trainee, clock: Any, comment: str = "") -> None:
    attempt, course = Attempt.objects.get(), str(trainee.site.now.key)
    marking = Marking("calm", 0, ("4", "0"), Decimal(4), Decimal(8), comment, 99)
    give(attempt.id, course, EXAM, marking, 60, clock.time)
    release(course, EXAM, attempt.id, clock.time, lambda digests: dict.fromkeys(digests, 60))


def test_what_has_not_been_released_waits_without_a_number(wrote, clock):
    """The number would tell the marks that are not to be known yet."""
    page = book(wrote)
    assert page.open == ()
    assert "“入门考核”正在评阅" in page.text
    assert not re.search(r"\d 道题", page.text)
    give_marks(wrote, clock)
    assert book(wrote).open == ("calm",)


def test_a_written_answer_is_shown_with_its_marks_and_what_the_marker_said(wrote, clock):
    give_marks(wrote, clock, "给出时限 <i>更好</i>")
    html = wrote.see(BOOK)
    assert "先听客户讲&lt;b&gt;" in html
    assert "给出时限 &lt;i&gt;更好&lt;/i&gt;" in html
    assert "4 / 8" in html
    assert "先处理心情" in html


def test_a_written_answer_is_ticked_off_and_can_be_put_back_but_not_redone(wrote, clock):
    give_marks(wrote, clock)
    assert wrote.act(BOOK, BOOK, "card", {"question": "calm"}).status_code == 409
    data = {"question": "calm", "op_id": op_id(), "card": "0-0", "value": ["x"]}
    assert wrote.act(BOOK, BOOK, "redo", data).status_code == 409
    assert "data-redo" not in do(wrote, "practise")["html"]
    page = page_of(do(wrote, "tick", question="calm", op_id=op_id(), have="yes")["html"])
    assert (page.open, page.mastered) == ((), ("calm",))
    page = page_of(do(wrote, "tick", question="calm", op_id=op_id(), have="no")["html"])
    assert (page.open, page.mastered) == (("calm",), ())
    for wrong in ({"have": True}, {"have": "maybe"}, {"have": "yes", "question": "Calm"}, {"have": "yes", "op_id": "x"}):
        assert wrote.act(BOOK, BOOK, "tick", {"question": "calm", "op_id": op_id()} | wrong).status_code == 400
    assert Redo.objects.count() == 2


def test_what_a_program_marks_cannot_be_ticked_off(trainee):
    trainee.sit(EXAM, knows=nothing)
    question = book(trainee).open[0]
    assert trainee.act(BOOK, BOOK, "tick", {"question": question, "op_id": op_id(), "have": "yes"}).status_code == 409
    assert not Redo.objects.exists()


# -- around it ------------------------------------------------------------------------------------------------------


def test_articles_open_in_place_as_far_as_their_stage_is_open(trainee):
    assert do(trainee, "article", id="limits")["title"] == "时限"
    assert trainee.act(BOOK, BOOK, "article", {"id": "refunds"}).status_code == 403
    trainee.finish_first_stage()
    assert do(trainee, "article", id="refunds")["title"] == "退款"


def test_the_course_page_leads_to_the_book(trainee):
    assert 'href="/unit/mistakes/"' in trainee.client.get("/course/").content.decode()


def statements(call: Any) -> list[str]:
    with CaptureQueriesContext(connection) as log:
        call()
    return [row["sql"] for row in log.captured_queries if not re.match(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", row["sql"])]


def costs(trainee: Trainee, question: str) -> dict[str, int]:
    """Statements of the page and of each action."""
    card = open_card(trainee, question)
    value = answer(trainee, card, right=False)
    calls: dict[str, Any] = {
        "page": lambda: trainee.see(BOOK), "show": lambda: do(trainee, "show", exam=EXAM), "card": lambda: open_card(trainee, question),
        "practise": lambda: do(trainee, "practise"), "redo": lambda: send(trainee, card, value), "stale": lambda: send(trainee, card, value),
    }
    return {name: len(statements(call)) for name, call in calls.items()}


def test_what_the_book_costs_is_little_and_does_not_grow(trainee, site, sign_in, act):
    trainee.sit(EXAM, knows=nothing)
    question = book(trainee).open[0]
    few = costs(trainee, question)
    assert few.pop("page") <= PER_PAGE
    assert {name: count for name, count in few.items() if count > PER_ACTION} == {}
    before = costs(trainee, question)
    for number in range(3):
        other = Trainee(sign_in(f"trainee-{number}"), act, site)
        other.sit(EXAM, knows=nothing)
    for _ in range(4):
        trainee.sit(EXAM, knows=nothing)
        for name in book(trainee).open:
            redo(trainee, name, right=False)
    assert costs(trainee, question) == before


def test_a_window_that_has_closed_costs_no_more_when_the_exam_was_sat_more_often(trainee, site, clock):
    set_review(site, f'review: window\ncloses: "{clock.time.replace(microsecond=0).isoformat()}"')

    def cost() -> tuple[int, int]:
        clock.go_on(days=-2)
        trainee.sit(EXAM, knows=nothing)
        clock.go_on(days=2)
        assert book(trainee).open
        return len(statements(lambda: trainee.see(BOOK))), len(statements(lambda: do(trainee, "show")))

    few = cost()
    assert few[0] <= PER_PAGE
    assert few[1] <= PER_ACTION
    assert cost() == cost() == few


def test_the_most_that_can_be_asked_keeps_to_the_budget(wrote, site, clock):
    """Written answers to show, and questions whose text is gone."""
    give_marks(wrote, clock)
    few = len(statements(lambda: wrote.see(BOOK)))
    bank = site.banks / "first.md"
    bank.write_text(bank.read_text(encoding="utf-8").replace("{#", "{#new-"), encoding="utf-8")
    site.load()
    assert book(wrote).open == ("calm",)
    assert few < len(statements(lambda: wrote.see(BOOK))) <= PER_PAGE
    assert len(statements(lambda: do(wrote, "show", point="calming"))) <= PER_ACTION


def test_ticking_off_keeps_to_the_budget(wrote, clock):
    give_marks(wrote, clock)
    for have in ("yes", "no"):
        assert len(statements(lambda have=have: do(wrote, "tick", question="calm", op_id=op_id(), have=have))) <= PER_ACTION
