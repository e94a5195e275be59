"""When an exam may be begun, what of it is shown and when, and what a change by its author means for those who sit it."""

from __future__ import annotations

import datetime
import re

import pytest
from lxml import html as markup

from author import keys_moved
from ladder.core.errors import ContentError
from ladder.core.sitting import Allowed
from ladder.records.allowance import grant
from ladder.records.models import Attempt, Source
from ladder.records.source import digest_of
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import Trainee, card_of, op_id, sheet_of

EXAM = "first-exam"


# -- when it may be begun -------------------------------------------------------------------------------------------


def settings_of(site, *rows: str) -> None:
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20", "\n".join(("minutes: 20", *rows)))


def moment(time: datetime.datetime) -> str:
    return time.astimezone(datetime.timezone(datetime.timedelta(hours=8))).isoformat(timespec="seconds")


def test_an_exam_can_be_begun_from_its_opening_to_its_closing_and_not_before_or_after(trainee, site, clock):
    clock.time = clock.time.replace(microsecond=0)
    opens, closes = clock.time + datetime.timedelta(hours=1), clock.time + datetime.timedelta(hours=3)
    settings_of(site, f"opens: {moment(opens)}", f"closes: {moment(closes)}")
    for time, words in ((opens - datetime.timedelta(seconds=1), "还没有开放"), (closes, "已经截止")):
        clock.time = time
        page = trainee.see(EXAM)
        assert words in page
        assert 'data-action="begin"' not in page
        assert trainee.act("exam", EXAM, "begin").status_code == 409
    assert not Attempt.objects.exists()
    clock.time = opens
    assert trainee.start(EXAM).seconds_left == 20 * 60


def test_an_attempt_ends_when_the_exam_closes_even_if_minutes_are_left(trainee, site, clock):
    clock.time = clock.time.replace(microsecond=0)
    closes = clock.time + datetime.timedelta(minutes=5)
    settings_of(site, f"closes: {moment(closes)}")
    sheet = trainee.start(EXAM)
    assert sheet.seconds_left == 5 * 60
    clock.go_on(minutes=5, seconds=31)
    late = {"op_id": op_id(), "item": 1, "revision": 1, "value": trainee.right(sheet.cards[0])}
    assert trainee.act("exam", EXAM, "answer", {"attempt": 1, "saves": [late]}).status_code == 409
    assert sheet_of(trainee.see(EXAM)) is None
    assert Attempt.objects.get().submitted_at == closes


def test_between_two_attempts_the_waiting_time_must_pass(trainee, site, clock):
    settings_of(site, "wait_hours: 24")
    shown = trainee.sit(EXAM, knows=lambda _: False)["html"]
    assert 'data-action="begin"' not in shown
    clock.go_on(hours=24, seconds=-1)
    refusal = trainee.act("exam", EXAM, "begin")
    assert refusal.status_code == 409
    assert "还没有到可以再考的时间" in refusal.json()["error"]
    clock.go_on(seconds=1)
    assert 'data-action="begin"' in trainee.see(EXAM)
    assert trainee.start(EXAM).attempt == 2


# -- what is asked before it is begun -----------------------------------------------------------------------------


def asked(someone: Trainee) -> str:
    """The words of the question."""
    return re.sub(r"\s+", " ", markup.fromstring(someone.do("exam", EXAM, "ask")["ask"]).text_content())


def test_whoever_begins_is_told_how_long_the_attempt_lasts_and_which_it_is(trainee, site):
    settings_of(site, "attempts: 3")
    first = asked(trainee)
    assert all(words in first for words in ("现在开始考试？", "20 分钟", "第 1 次，共 3 次", "关闭页面也照样计时"))
    assert not Attempt.objects.exists(), "asking begins nothing"
    trainee.sit(EXAM, knows=lambda _: False)
    again = asked(trainee)
    assert all(words in again for words in ("现在再考一次？", "第 2 次，共 3 次"))


def test_granted_time_and_attempts_are_told_before_it_is_begun(trainee, trainer, site):
    settings_of(site, "attempts: 1")
    grant(trainee.id, str(site.now.key), EXAM, Allowed(minutes=15, attempts=1), trainer.id, datetime.datetime.now(datetime.UTC))
    words = asked(trainee)
    assert all(part in words for part in ("35 分钟", "15 分钟", "第 1 次，共 2 次"))


def test_an_exam_without_a_number_of_attempts_says_so(trainee, site):
    settings_of(site, "attempts: 0")
    assert "第 1 次，次数不限" in asked(trainee)


def test_staff_are_told_that_what_they_begin_is_a_trial(trainer):
    words = asked(trainer)
    assert all(part in words for part in ("现在开始试答？", "20 分钟", "不计入统计和成绩册"))


@pytest.mark.parametrize(("closes_in", "lasts"), [(180, "3 分钟"), (178, "不到 3 分钟"), (20, "不到 1 分钟")])
def test_a_late_start_is_told_the_time_that_is_left_before_and_while_it_is_asked(trainee, site, clock, closes_in, lasts):
    clock.time = clock.time.replace(microsecond=0)
    closes = clock.time + datetime.timedelta(seconds=closes_in)
    settings_of(site, f"closes: {moment(closes)}")
    page = trainee.see(EXAM)
    assert f"<dd>{lasts}</dd>" in page
    assert "规定时长 20 分钟" in page
    words = asked(trainee)
    assert lasts in words
    assert "规定时长 20 分钟" in words
    assert f"将于 {closes.astimezone().strftime('%Y-%m-%d %H:%M')}" in words


def test_the_question_tells_the_time_of_now_not_that_of_the_page(trainee, site, clock):
    clock.time = clock.time.replace(microsecond=0)
    settings_of(site, f"closes: {moment(clock.time + datetime.timedelta(hours=1))}")
    assert "<dd>20 分钟</dd>" in trainee.see(EXAM)
    clock.go_on(minutes=57)
    assert "3 分钟" in asked(trainee)


def test_where_nothing_can_be_begun_the_answer_is_the_page_as_it_stands(trainee, site, clock):
    running = trainee.start(EXAM)
    assert sheet_of(trainee.do("exam", EXAM, "ask")["html"]).cards == running.cards
    clock.go_on(hours=2)
    assert "已自动交卷" in trainee.do("exam", EXAM, "ask")["html"], "what has run out is shown before another is begun"
    assert "第 2 次" in asked(trainee)
    settings_of(site, f"closes: {moment(clock.time)}")
    assert "已经截止" in trainee.do("exam", EXAM, "ask")["html"]


def test_a_paper_that_time_handed_in_says_so_and_one_handed_in_by_hand_does_not(trainee, clock):
    trainee.start(EXAM)
    clock.go_on(hours=1)
    assert "已自动交卷" in trainee.see(EXAM)
    assert "已自动交卷" not in trainee.sit(EXAM, knows=lambda _: False)["html"]


# -- what is shown --------------------------------------------------------------------------------------------------


def test_right_answers_and_explanations_come_with_the_result_and_not_before(trainee):
    sheet = trainee.start(EXAM)
    keys = [trainee.key(card) for card in sheet.cards]
    for page in (trainee.see(EXAM), trainee.do("exam", EXAM, "begin")["html"]):
        assert not [key.id for key in keys if key.explanation[:6] in page]
        assert "is-key" not in page
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert all(key.explanation[:6] in shown for key in keys)
    assert shown.count("ladder-choice is-key") == sum(len(key.key) for key in keys)


@pytest.mark.parametrize(("review", "before", "at", "after"), [
    ("release", True, True, True), ("window", False, True, True), ("never", False, False, False),
])
def test_keys_and_explanations_are_shown_when_the_exam_says_so(review, before, at, after, trainee, site, clock):
    clock.time = clock.time.replace(microsecond=0)
    closes = clock.time + datetime.timedelta(hours=1)
    settings_of(site, f"review: {review}", f"closes: {moment(closes)}")
    sheet = trainee.start(EXAM)
    keys = [trainee.key(card) for card in sheet.cards]
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    for time, revealed in ((clock.time, before), (closes - datetime.timedelta(seconds=1), before), (closes, at),
                           (closes + datetime.timedelta(days=9), after)):
        clock.time = time
        page = trainee.see(EXAM)
        assert "<strong>0</strong> / 100" in page, "marks are shown in any case"
        assert [key.id for key in keys if key.explanation[:6] in page] == [key.id for key in keys if revealed]
        assert ("is-key" in page) == revealed
    assert ("is-key" in shown) == before


def test_the_author_decides_today_when_the_keys_of_past_attempts_are_shown(trainee, site, clock):
    """Else whoever sat the exam before its closing was put off would have the keys while others still sit it."""
    clock.time = clock.time.replace(microsecond=0)
    closes, later = (clock.time + datetime.timedelta(hours=hours) for hours in (1, 3))
    settings_of(site, "review: window", f"closes: {moment(closes)}")
    trainee.sit(EXAM, knows=lambda _: False)
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", moment(closes), moment(later))
    clock.time = closes
    page = trainee.see(EXAM)
    assert "is-key" not in page
    assert later in map(datetime.datetime.fromisoformat, re.findall(r'datetime="([^"]+)"', page)), "the page says when"
    clock.time = later
    assert "is-key" in trainee.see(EXAM)
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "review: window", "review: never")
    assert "is-key" not in trainee.see(EXAM)


def test_keys_wait_for_whoever_sits_on_in_extra_time_after_the_exam_has_closed(trainee, site, clock, sign_in, act):
    clock.time = clock.time.replace(microsecond=0)
    closes = clock.time + datetime.timedelta(minutes=10)
    settings_of(site, "review: window", f"closes: {moment(closes)}")
    slow = Trainee(sign_in("trainee-2"), act, site)
    grant(slow.id, str(site.now.key), EXAM, Allowed(minutes=15), None, clock.time)
    slow.start(EXAM)
    trainee.sit(EXAM, knows=lambda _: False)
    clock.time = closes + datetime.timedelta(minutes=14)
    assert "is-key" not in trainee.see(EXAM)
    slow.do("exam", EXAM, "submit", {"attempt": 1})
    assert "is-key" in trainee.see(EXAM)


def test_the_result_shows_my_answer_beside_the_right_one(trainee):
    sheet = trainee.start(EXAM)
    judge, blank = card_of(sheet, "judge"), card_of(sheet, "blank")
    trainee.save(EXAM, sheet, [(judge, trainee.wrong(judge)), (blank, ["<b>四</b>", ""])])
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert "我的答案" in shown
    assert "&lt;b&gt;四&lt;/b&gt;" in shown, "what learners write is text"
    assert "<b>四" not in shown


def test_what_a_learner_writes_comes_back_as_it_was_written(trainee):
    sheet = trainee.start(EXAM)
    blank = card_of(sheet, "blank")
    written = ["\"'><script>alert(1)</script>&amp;\u202e😀", "=1+1\t\r\n{{1}}"]
    trainee.save(EXAM, sheet, [(blank, written)])
    page = trainee.see(EXAM)
    assert "<script>alert" not in page
    assert trainee.running(EXAM).state[str(blank.item)]["value"] == written


ODD = "".join(map(chr, [*range(0xE000, 0xE008), 0xF0B7]))


def test_odd_characters_that_word_processors_leave_in_a_question_change_nothing_of_it(trainee, site):
    bank = site.banks / "first.md"
    text = re.sub(r"^(.*[？。])$", rf"\1{ODD}", bank.read_text(encoding="utf-8"), flags=re.MULTILINE)
    bank.write_text(re.sub(r"^(- \([ x]\) .{3,})$", rf"\1{ODD}", text, flags=re.MULTILINE), encoding="utf-8")
    site.load()
    sheet = trainee.start(EXAM)
    assert all(ODD in card.stem for card in sheet.cards)
    assert len(card_of(sheet, "single").choices) >= 2
    assert "<strong>100</strong>" in trainee.sit(EXAM)["html"]


def test_odd_characters_that_a_learner_sends_change_nothing_of_the_page(trainee):
    sheet = trainee.start(EXAM)
    blank = card_of(sheet, "blank")
    written = "".join(map(chr, [*range(1, 9), *range(0xE000, 0xE008)])) + "\x061\x06\x051\x05\ue0051\ue005{{1}}"
    trainee.save(EXAM, sheet, [(blank, [written, ""])])
    assert trainee.running(EXAM).state[str(blank.item)]["value"] == [written, ""]
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert written in shown


# -- the author changes the exam ------------------------------------------------------------------------------------


def change_everything(site) -> None:
    bank = site.banks / "first.md"
    bank.write_text(keys_moved(bank.read_text(encoding="utf-8")), encoding="utf-8")
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20\ngrace_seconds: 30", "minutes: 1\npass: 100")


def test_a_running_attempt_is_kept_and_marked_as_it_was_drawn_whatever_the_author_changes(trainee, site, clock):
    sheet = trainee.start(EXAM)
    right = [(card, trainee.right(card)) for card in sheet.cards[1:]]
    change_everything(site)
    clock.go_on(minutes=20, seconds=30)
    assert trainee.running(EXAM).cards == sheet.cards, "the time allowed is the one of the start"
    trainee.save(EXAM, sheet, right)
    shown = trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    attempt = Attempt.objects.get()
    assert attempt.marks == (80 if sheet.cards[0].type == "multiple" else 70), "the first question was left out"
    assert attempt.passed, "the pass mark is the one of the start"
    assert shown in trainee.see(EXAM)


def test_a_question_that_the_author_has_removed_stays_on_papers_that_hold_it(trainee, site):
    sheet = trainee.start(EXAM)
    right = [(card, trainee.right(card)) for card in sheet.cards]
    bank = site.banks / "first.md"
    bank.write_text(bank.read_text(encoding="utf-8").replace("{#", "{#new-"), encoding="utf-8")
    site.load()
    trainee.save(EXAM, sheet, right)
    assert "<strong>100</strong>" in trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]


@pytest.mark.parametrize(("old", "new", "fault"), [
    ("| 1-3 | 1 | 30 |", "| 1-3 | 30 | 1 |", "short-supply"), ("| 1-3 | 1 | 30 |", "| 1-3 | 301 | 30 |", "too-many-questions"),
    ("{#reply d=1", "{#reply d=3 d=1", "written-twice"),
])
def test_checks_that_have_become_stricter_take_no_attempt_away(old, new, fault, trainee, sign_in, act, site):
    """A text that no paper may be drawn from any more: papers that were drawn from it go on, and nothing new is drawn."""
    sheet = trainee.start(EXAM)
    block = PreviewRuntime(site.now, trainee.client.user).get_block(site.usage("exam", EXAM))
    faulty = block.content.replace(old, new)
    with pytest.raises(ContentError, match=fault):
        block.parse_text(faulty)
    site.now.fields.set(block, "content", faulty)
    Source.objects.create(digest=digest_of(faulty), content=faulty)
    Attempt.objects.update(source=digest_of(faulty))
    assert trainee.running(EXAM).cards == sheet.cards
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    assert "<strong>100</strong>" in trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]
    assert "<strong>100</strong>" in trainee.see(EXAM)
    other = Trainee(sign_in("trainee-2"), act, site)
    refusal = other.act("exam", EXAM, "begin")
    assert refusal.status_code == 409
    assert "准备" in refusal.json()["error"]
    assert Attempt.objects.count() == 1


def test_the_next_attempt_is_drawn_and_marked_by_the_new_text(trainee, site):
    trainee.sit(EXAM, knows=lambda _: False)
    change_everything(site)
    shown = trainee.sit(EXAM)["html"]
    assert "<strong>100</strong>" in shown, "by the keys of today"
    assert Source.objects.count() == 2, "each text is kept once"
    assert len(set(Attempt.objects.values_list("source", flat=True))) == 2


def test_many_attempts_on_one_text_keep_it_once(sign_in, act, site):
    for number in range(5):
        Trainee(sign_in(f"trainee-{number}"), act, site).start(EXAM)
    assert Source.objects.count() == 1


def test_full_marks_are_known_without_a_learner(site):
    block = PreviewRuntime(site.now, None).get_block(site.usage("exam", EXAM))
    assert (block.max_score(), block.has_score, type(block).has_custom_completion) == (100.0, True, True)


def test_an_exam_is_told_by_no_second_way(trainee, site, host):
    """Its marks go through edx-submissions; a block with two channels would be counted wrongly."""
    usage, platform = site.usage("exam", EXAM), host(trainee)
    trainee.start(EXAM)
    platform.send(usage, "submit", {"attempt": 1})
    assert platform.published == []
    sheet = trainee.start(EXAM)
    trainee.save(EXAM, sheet, [(card, trainee.right(card)) for card in sheet.cards])
    platform.send(usage, "submit", {"attempt": 2})
    assert platform.published == []
