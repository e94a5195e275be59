"""A trainer sees how the questions of an exam work; nobody else does, and only results that count are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from lxml import etree, html as markup

from ladder.desk import plots
from ladder.records.models import Answer, Attempt, Mark, Source
from ladder.records.source import keep_source
from ladder.records.statistics import exam_numbers
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import Trainee

EXAM = "first-exam"
PER_PAGE = 8
PAPER = [["reply", 0, "30.00", [3, 2, 1, 0]], ["record", 0, "20.00", [0, 1, 2, 3]], ["both-limits", 1, "50.00", []]]


@pytest.fixture
def page(site, sign_in, act) -> Any:
    """What the trainer is shown."""
    trainer = sign_in("trainer")

    def shown() -> str:
        response = act(trainer, "exam", EXAM, "statistics")
        assert response.status_code == 200, response.content.decode()
        return str(response.json()["html"])

    return shown


@pytest.fixture
def hand_in(site, clock) -> Any:
    """`hand_in(1, [30, 0, 50], [[1], [2], ["48"]])`: an attempt of that learner, marked and released."""
    source = Source.objects.create(digest="of-this-test", content="")

    def handed_in(
        learner: int, marks: Sequence[int], values: Sequence[list[Any] | None] = (), number: int = 1, **changed: Any
    ) -> Attempt:
        fields = {
            "course": str(site.now.key), "block": EXAM, "paper": PAPER, "started_at": clock.time, "deadline_at": clock.time,
            "submitted_at": clock.time, "released_at": clock.time, "marks": sum(marks), "passed": sum(marks) >= 60,
        }
        attempt = Attempt.objects.create(learner_id=learner, number=number, source=source, **fields | changed)
        for place, (question, _, possible, _) in enumerate(attempt.paper):
            Mark.objects.create(attempt=attempt, question=question, marks=marks[place], possible=Decimal(possible), marked_at=clock.time)
            if place < len(values) and values[place] is not None:
                Answer.objects.create(attempt=attempt, question=question, revision=1, value=values[place], op_id=f"op-{question}",
                                      saved_at=clock.time)
        return attempt

    return handed_in


@pytest.fixture
def cohort(hand_in) -> Any:
    """Twenty learners, of whom the better ones pick another choice of the first question than its key."""

    def sat(learners: range = range(1001, 1021)) -> None:
        for learner in learners:
            better = learner % 2
            hand_in(learner, [0 if better else 30, 20 if better else 10, 50 if learner % 4 else 0],
                    [[2] if better else [1], [0, 1] if better else [0], ["48", "3"]])

    return sat


def said(words: str) -> str:
    """Words of the interface in the language of these tests."""
    with translation.override("zh-hans"):
        return translation.gettext(words)


def cells(page: str, question: str) -> list[str]:
    """The row of a question: its words, papers, facility, discrimination."""
    row = markup.fromstring(f"<div>{page}</div>").xpath(f"//tbody[@id='s-item-{question}']/tr[1]/*")
    return [" ".join(cell.text_content().split()) for cell in row]


def picks(page: str, question: str) -> list[list[str]]:
    """Under the question, each choice with how many picked it, their share and the mean of the rest."""
    rows = markup.fromstring(f"<div>{page}</div>").xpath(f"//tbody[@id='s-item-{question}']//table/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def facts(page: str) -> list[str]:
    return [fact.text_content() for fact in markup.fromstring(f"<div>{page}</div>").xpath("//dl[@class='ladder-facts']//dd")]


# -- who may see it -------------------------------------------------------------------------------------------------


def test_a_trainee_is_refused_even_after_the_exam(trainee, cohort):
    cohort()
    trainee.sit(EXAM)
    response = trainee.act("exam", EXAM, "statistics")
    assert response.status_code == 403
    assert len(response.content) < 300


def test_no_page_of_a_trainee_holds_any_of_it(trainee, cohort, page):
    cohort()
    shown = page()
    assert "ladder-plot" in shown
    assert "ladder-items" in shown
    for html in (trainee.see(EXAM), trainee.do("exam", EXAM, "begin")["html"], trainee.sit(EXAM)["html"], trainee.see(EXAM)):
        assert "ladder-plot" not in html
        assert "ladder-items" not in html


# -- what counts ----------------------------------------------------------------------------------------------------


def test_before_any_result_the_page_says_so(page):
    shown = page()
    assert said("No results have been released yet. Statistics appear here as soon as there are some.") in shown
    assert "ladder-plot" not in shown


def test_with_fewer_than_ten_papers_only_the_exam_as_a_whole_is_shown(page, cohort):
    cohort(range(1001, 1010))
    shown = page()
    assert facts(shown)[0] == "9"
    assert facts(shown)[-1] == "–", "no reliability"
    assert "ladder-items" not in shown
    assert shown.count('<svg class="ladder-plot"') == 1, "the histogram alone"
    cohort(range(1010, 1011))
    assert "ladder-items" in page()


def test_the_page_tells_what_the_marks_say(page, cohort):
    cohort()
    shown = page()
    # Marks: 5 learners of each kind: odd, 70 (10 learners); even, not a multiple of 4, 90 (5); multiples of 4, 40 (5).
    assert facts(shown)[:4] == ["20", "75%", "67.5", "70.0"]
    words, n, facility, discrimination = cells(shown, "reply")
    assert words.startswith("答复时限 单选题 ")
    assert (n, facility) == ("20", "50%")
    # Of the question 0 (10 learners) and 30 (10); of the rest 70 (those 10), 60 (5) and 10 (5): sums of x, r, x², r² and xr are 300,
    # 1,050, 9,000, 67,500 and 10,500, so (210,000 - 315,000) / √((180,000 - 90,000)(1,350,000 - 1,102,500)).
    assert discrimination == "−0.70"
    assert said("Key may be wrong") in words
    assert said("Discriminates negatively") in words
    assert picks(shown, "reply") == [
        ["A 24 小时", "0", "0%", "–"], ["B 48 小时 正确答案", "10", "50%", "35.0"], ["C 3 天", "10", "50%", "70.0"],
        ["D 7 天", "0", "0%", "–"],
    ]
    assert picks(shown, "both-limits") == []
    assert "填时限" in cells(shown, "both-limits")[0]


def test_what_is_flagged_comes_first(page, cohort):
    cohort()
    order = re.findall(r'<tbody id="s-item-([^"]+)"', page())
    assert order[0] == "reply"
    assert set(order) == {"reply", "record", "both-limits"}


def test_only_released_attempts_that_were_not_voided_are_counted(page, cohort, hand_in, clock, trainee):
    cohort()
    before = page()
    hand_in(2030, [30, 20, 50], released_at=None, pending=True)
    hand_in(2031, [30, 20, 50], voided_at=clock.time)
    hand_in(2032, [30, 20, 50], block="second-exam")
    hand_in(2033, [30, 20, 50], course="course-v1:Other+O1+1")
    trainee.start(EXAM)
    assert page() == before
    hand_in(2034, [30, 20, 50])
    assert facts(page())[0] == "21"


def test_of_each_learner_the_first_released_attempt_counts(page, hand_in, clock):
    for learner in range(1001, 1011):
        hand_in(learner, [0, 0, 0], voided_at=clock.time)
        hand_in(learner, [30, 0, 0], number=2)
        hand_in(learner, [30, 20, 50], number=3)
    shown = page()
    assert facts(shown)[0] == "10"
    assert facts(shown)[2] == "30.0"
    assert [cells(shown, question)[1:3] for question in ("reply", "record")] == [["10", "100%"], ["10", "0%"]]


def test_the_newest_revision_of_an_answer_and_of_a_mark_counts(page, cohort, clock):
    cohort()
    for attempt in Attempt.objects.filter(learner_id__in=(1001, 1003)):
        Answer.objects.create(attempt=attempt, question="reply", revision=2, value=[1], op_id="op-2", saved_at=clock.time)
        Mark.objects.create(attempt=attempt, question="reply", revision=2, marks=30, possible=30, marked_at=clock.time)
    shown = page()
    assert cells(shown, "reply")[2] == "60%"
    assert [row[1] for row in picks(shown, "reply")] == ["0", "12", "8", "0"]


def test_after_marks_have_changed_the_page_is_reckoned_again(page, cohort, clock):
    cohort()
    assert cells(page(), "reply")[2] == "50%"
    for attempt in Attempt.objects.all():
        Mark.objects.create(attempt=attempt, question="reply", revision=2, marks=30, possible=30, marked_at=clock.time)
    assert cells(page(), "reply")[2] == "100%"
    Attempt.objects.filter(learner_id__lte=1005).update(voided_at=clock.time)
    assert cells(page(), "reply")[1] == "15"


def test_a_release_that_makes_up_for_a_voided_attempt_is_seen_too(page, cohort, hand_in, clock):
    """As many marks as before, and none of them newer."""
    waiting = hand_in(2001, [0, 0, 0], released_at=None, pending=True)
    cohort()
    assert cells(page(), "record")[2] == "75%"
    clock.go_on(minutes=1)
    Attempt.objects.filter(learner_id=1001).update(voided_at=clock.time)
    Attempt.objects.filter(id=waiting.id).update(released_at=clock.time, pending=False)
    assert cells(page(), "record")[2] == "70%"


def test_a_question_without_marks_is_left_out_of_its_paper(page, cohort):
    cohort()
    Mark.objects.filter(attempt__learner_id=1001, question="reply").delete()
    shown = page()
    assert [cells(shown, name)[1] for name in ("reply", "record")] == ["19", "20"]


def test_a_question_that_was_not_answered_counts_and_is_told_apart(page, cohort, hand_in):
    cohort()
    hand_in(2040, [0, 0, 0], [None, [], None])
    shown = page()
    assert cells(shown, "reply")[1] == "21"
    assert picks(shown, "reply")[-1] == [f"– {said('Not answered')}", "1", "5%", "–"]
    assert picks(shown, "record")[-1] == [f"– {said('Not answered')}", "1", "5%", "–"]


def test_a_question_that_has_left_the_banks_is_shown_by_its_id(page, cohort, hand_in):
    cohort()
    gone = [["long-gone", 0, "50.00", [1, 0]], *PAPER[1:]]
    for learner in range(2050, 2062):
        hand_in(learner, [50, 0, 0], [[0], [9], None], paper=gone)
    shown = page()
    assert cells(shown, "long-gone")[0].startswith(f"long-gone {said('no longer in the banks')}")
    assert picks(shown, "long-gone") == []
    assert [f"– {said('A choice that the question no longer has')}", "12", "38%", "50.0"] in picks(shown, "record")


def test_knowledge_points_are_named_by_their_articles(page, cohort):
    cohort()
    tables = markup.fromstring(f"<div>{page()}</div>").xpath("//figure//table/tbody")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in tables[1]]
    # All three questions are on the article “limits”: mean shares .5, .75 and .75.
    assert rows == [["时限", "60", "67%"]]


def test_a_result_that_came_about_by_handing_in_is_counted(page, cohort, sign_in, act, site):
    cohort(range(1001, 1010))
    Trainee(sign_in("trainee-1"), act, site).sit(EXAM)
    shown = page()
    assert facts(shown)[0] == "10"
    assert [cells(shown, "reply")[1], cells(shown, "both-limits")[1]] != ["", ""]


# -- what it costs --------------------------------------------------------------------------------------------------


def test_the_page_takes_as_few_statements_for_many_attempts_as_for_few(page, cohort):
    page()
    cohort(range(1001, 1013))
    with CaptureQueriesContext(connection) as few:
        page()
    cohort(range(1013, 1061))
    with CaptureQueriesContext(connection) as many:
        page()
    assert len(many) == len(few) <= PER_PAGE


def test_what_has_been_reckoned_is_kept(page, cohort, site):
    cohort()
    with CaptureQueriesContext(connection) as first:
        numbers = exam_numbers(str(site.now.key), EXAM)
    with CaptureQueriesContext(connection) as again:
        assert exam_numbers(str(site.now.key), EXAM) == numbers
    assert (len(first), len(again)) == (3, 1)


# -- plots ----------------------------------------------------------------------------------------------------------

NASTY = '"><script>&'


def drawn() -> list[str]:
    points = [plots.Point(x, y, NASTY, NASTY, flagged) for x, y, flagged in ((0, -1, True), (1, 1, False), (0.5, 0.149, True))]
    return [
        plots.histogram("x", (0,) * 10, 60), plots.histogram("x", (1, 0, 0, 2, 500, 3, 9, 0, 0, 1), 1),
        plots.histogram("x", (3,) * 10, 100), plots.scatter("x", points), plots.scatter("x", []),
        plots.bars("x", [plots.Bar(NASTY, 0, "0%"), plots.Bar("很" * 60, 1, "100%")]), plots.bars("x", []),
    ]


@pytest.mark.parametrize("place", range(7))
def test_plots_are_sound_named_and_without_styles(place):
    svg = drawn()[place]
    tree = etree.fromstring(svg)
    ids = tree.get("aria-labelledby").split()
    assert [tree.xpath(f"string(//*[@id='{id_}'])") != "" for id_ in ids] == [True, True]
    assert tree.get("role") == ("group" if tree.xpath("//a") or "x-map" in svg else "img")
    assert not tree.xpath("//@style | //style | //script")
    width, height = (float(side) for side in tree.get("viewBox").split()[2:])
    for shape in tree.xpath("//rect"):
        x, y, wide, high = (float(shape.get(name)) for name in ("x", "y", "width", "height"))
        assert min(x, y, wide, high) >= 0
        assert x + wide <= width + 0.1
        assert y + high <= height + 0.1


def test_the_map_puts_each_question_at_its_numbers_and_links_to_its_row(page, cohort):
    cohort()
    tree = markup.fromstring(f"<div>{page()}</div>")
    links = tree.xpath("//svg//a")
    assert {link.get("href") for link in links} == {f"#s-item-{name}" for name in ("reply", "record", "both-limits")}
    assert all(tree.xpath(f"//*[@id='{link.get('href')[1:]}']") for link in links)
    points = [plots.Point(0.25, 0.0, "low", "a", True), plots.Point(0.75, 0.5, "high", "b", False)]
    low, high = etree.fromstring(plots.scatter("x", points)).xpath("//circle[@class='ladder-plot-reach']/@cx")[::-1]
    assert float(high) - float(low) == pytest.approx((plots.WIDTH - 48) / 2, abs=0.2)


def test_bars_are_as_high_as_their_counts_and_the_pass_line_stands_at_the_pass_marks():
    tree = etree.fromstring(plots.histogram("x", (0, 0, 0, 0, 2, 0, 4, 0, 0, 0), 60))
    low, high = tree.xpath("//rect")
    assert float(low.get("height")) * 2 == pytest.approx(float(high.get("height")), abs=0.2)
    assert "is-below" in low.get("class")
    assert "is-below" not in high.get("class")
    line = tree.xpath("//line[@class='ladder-plot-pass']")[0]
    assert float(line.get("x1")) == pytest.approx(float(high.get("x")) - 1.5, abs=0.1)


@pytest.mark.parametrize(("label", "shown"), [
    ("时" * 20, "时" * 20), ("时" * 21, "时" * 19 + "…"), ("a" * 40, "a" * 40), ("a" * 41, "a" * 39 + "…"),
])
def test_long_labels_are_shortened_by_the_room_their_letters_take(label, shown):
    assert plots.shortened(label) == shown


def test_papers_of_staff_who_try_the_exam_out_count_for_nothing(site, sign_in, act):
    from ladder.records.review import outcomes
    from trainee import Trainee

    trainer, learner = Trainee(sign_in("trainer"), act, site), Trainee(sign_in("trainee-9"), act, site)
    trainer.sit("first-exam", knows=lambda _: False)
    learner.sit("first-exam")
    assert list(outcomes(str(site.now.key))) == [learner.id]
    page = trainer.do("exam", "first-exam", "statistics")["html"]
    assert "<dd>1</dd>" in page
    assert "<dd>100</dd>" in page or "100.0" in page


def test_what_was_picked_is_told_by_the_words_of_the_choice_and_not_by_its_place(site, page, hand_in, trainer):
    """The author has moved the choices and taken one out since half of the papers were drawn."""
    def text() -> str:
        return str(PreviewRuntime(site.now, trainer.client.user).get_block(site.usage("exam", EXAM)).content)

    then = keep_source(text())
    site.rewrite(site.banks / "first.md", "- ( ) 24 小时\n- (x) 48 小时\n- ( ) 3 天\n- ( ) 7 天", "- (x) 48 小时\n- ( ) 7 天\n- ( ) 3 天")
    now = keep_source(text())
    for learner in range(1, 11):
        hand_in(learner, [30, 20, 50], [[1], [0, 1], ["48", "3"]]).save()
        hand_in(learner + 100, [30, 20, 50], [[0], [0, 1], ["48", "3"]])
    hand_in(201, [0, 20, 50], [[0], [0, 1], ["48", "3"]])
    Attempt.objects.filter(learner_id__in=[*range(1, 11), 201]).update(source=then)
    Attempt.objects.filter(learner_id__range=(101, 110)).update(source=now)
    html = page()
    rows = markup.fromstring(f"<div>{html}</div>").xpath("//tbody[@id='s-item-reply']//table//tbody/tr")
    told = [["".join(cell.text_content().split()) for cell in row] for row in rows]
    assert [(row[0].replace("正确答案", ""), row[1]) for row in told] == [
        ("A48小时", "20"), ("B7天", "0"), ("C3天", "0"), ("–题目中已没有的选项", "1"),
    ]
