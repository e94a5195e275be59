"""What comes next, in the same words on the home page, on the ladder, on what is locked and at the end of a part."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lxml import html as markup

from ladder import lms
from ladder.core.sitting import Allowed
from ladder.records import allowance
from trainee import Row, Trainee, rows_of
from written import EXAM, FULL, add_written_exam, hand_in


def ahead_on(page: str) -> list[tuple[str, str]]:
    """What a page says comes next: words, and where the button leads (nowhere, when it says what is waited for)."""
    found = []
    for box in markup.fromstring(page).xpath("//*[contains(concat(' ', @class, ' '), ' ladder-next ')]"):
        links = box.xpath(".//a")
        found += [(_words(link), link.get("href")) for link in links] or [(_words(line), "") for line in box.xpath(".//p")]
    return found


def _words(node: Any) -> str:
    return " ".join(node.text_content().split())


def onward(page: str) -> tuple[str, str]:
    """The way on under a page: words and address."""
    found = markup.fromstring(page).xpath("//a[@rel='next']")
    return (_words(found[0]).removeprefix("下一节").strip(), found[0].get("href")) if found else ("", "")


def home(trainee: Trainee) -> str:
    return str(trainee.client.get("/course/").content.decode())


def states(page: str) -> dict[str, str]:
    """What the outline says of each unit."""
    found = markup.fromstring(page).xpath("//ul[@class='units']/li[span[@class='unit-state']]")
    return {row.xpath("string(a/@href)").split("/")[2]: _words(row.xpath("span[@class='unit-state']")[0]) for row in found}


def everywhere(trainee: Trainee) -> list[tuple[str, str]]:
    """What comes next, which every page says alike."""
    pages = [home(trainee), trainee.see("start"), trainee.see("refunding"), trainee.see("second-exam")]
    said = [ahead_on(page) or [(row.step, "") for row in rows_of(page) if row.step and not row.url] for page in pages]
    assert all(words == said[0] for words in said), said
    return said[0]


def rules(site: Any, text: str) -> None:
    """Give the first exam these rules."""
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20\n", f"minutes: 20\n{text}\n")


@pytest.fixture
def ready(trainee: Trainee) -> Trainee:
    """Somebody who has done all of the first stage but its exam."""
    trainee.finish_all_but_the_exam()
    return trainee


def fail(trainee: Trainee) -> None:
    trainee.sit("first-exam", knows=lambda _: False)


def test_the_first_thing_is_the_first_lesson(trainee):
    assert everywhere(trainee) == [("去学习：欢迎", "/unit/welcome/")]


def test_a_running_exam_calls_back_with_the_time_left_wherever_one_is(trainee, clock):
    trainee.start("first-exam")
    clock.go_on(minutes=1, seconds=30)
    words = ("考试进行中，还剩 18 分钟 — 回到考试", "/unit/first-exam/")
    assert everywhere(trainee) == [words]
    assert onward(trainee.see("welcome")) == words
    assert onward(trainee.see("limits")) == words
    assert rows_of(trainee.see("start"))[2] == Row("open", "考试中，及格线 60 分", words[1], words[0])
    assert states(home(trainee))["first-exam"] == "考试中"


def test_an_exam_whose_time_is_up_is_to_be_looked_at(ready, clock):
    ready.start("first-exam")
    clock.go_on(minutes=21)
    assert everywhere(ready) == [("“入门考核”时间已到 — 查看结果", "/unit/first-exam/")]


def test_what_is_being_marked_is_waited_for(site, trainee):
    add_written_exam(site)
    trainee.finish_first_stage()
    hand_in(trainee, dict.fromkeys(FULL, "先听客户说完。"))
    words = "书面考核：已交卷，等待评阅"
    stage = rows_of(trainee.see("start"))
    assert stage[2].step == words
    assert stage[2].url == ""
    assert (words, "") in ahead_on(home(trainee))
    assert states(home(trainee))[EXAM] == "待评阅"


def test_who_has_used_every_attempt_is_sent_to_the_trainer_until_another_is_granted(site, ready):
    rules(site, "attempts: 1")
    fail(ready)
    words = ("入门考核：次数已用完，请联系培训师", "")
    assert everywhere(ready) == [words]
    assert rows_of(ready.see("start"))[2] == Row("open", "0 分，及格线 60 分", *words[::-1])
    assert states(home(ready))["first-exam"] == "次数已用完"
    allowance.grant(ready.id, str(site.now.key), "first-exam", Allowed(attempts=1), None, lms.now())
    assert everywhere(ready) == [("再考一次：入门考核（还可考 1 次）", "/unit/first-exam/")]


@pytest.mark.parametrize(("rule", "words"), [
    ("opens: 2999-01-31T09:00+08:00", "入门考核：2999-01-31 09:00（UTC+8）开放"),
    ("closes: 2020-01-31T09:00+08:00", "入门考核：已于 2020-01-31 09:00（UTC+8）截止，请联系培训师"),
])
def test_an_exam_that_is_not_open_or_closed_says_since_when(site, ready, rule, words):
    rules(site, rule)
    assert everywhere(ready) == [(words, "")]
    assert rows_of(ready.see("start"))[2].url == ""


def test_the_waiting_time_is_told_and_passes(site, ready, clock):
    rules(site, "wait_hours: 24")
    fail(ready)
    [(words, url)] = everywhere(ready)
    assert re.fullmatch(r"入门考核：\d{4}-\d\d-\d\d \d\d:\d\d（UTC\+8）起可以再考", words)
    assert url == ""
    clock.go_on(hours=24)
    assert everywhere(ready) == [("再考一次：入门考核", "/unit/first-exam/")]


def test_while_the_exam_cannot_be_sat_something_else_of_the_stage_is_offered(site, trainee):
    rules(site, "opens: 2999-01-31T09:00+08:00")
    site.rewrite(site.folder / "01-start" / "stage.md", "  lessons: all\n  cases: all\n  theory: 60\n  practice: 60\n", "  theory: 60\n")
    assert everywhere(trainee) == [("去学习：欢迎", "/unit/welcome/")]


def test_a_lesson_and_a_call_that_are_begun_are_gone_on_with(trainee):
    trainee.do("lesson", "welcome", "read", {"sections": ["第一天"]})
    assert everywhere(trainee) == [("继续学习：欢迎", "/unit/welcome/")]
    trainee.learn("welcome")
    trainee.learn("voice")
    trainee.do("case", "late-van", "begin")
    assert everywhere(trainee) == [("继续通话：迟到的货车", "/unit/late-van/")]
    assert states(home(trainee))["late-van"] == "通话中"


# -- at the end of a part -------------------------------------------------------------------------------------------


def test_a_part_that_is_done_leads_to_the_next_that_can_be(trainee):
    assert ahead_on(trainee.learn("welcome")["html"]) == [("去学习：声音", "/unit/voice/")]
    assert onward(trainee.see("welcome")) == ("去学习：声音", "/unit/voice/")
    trainee.learn("voice")
    assert onward(trainee.see("welcome")) == ("去演练：迟到的货车", "/unit/late-van/"), "the second lesson is done already"
    assert ahead_on(trainee.play("late-van", [0, 0])["html"]) == [("去考试：入门考核", "/unit/first-exam/")]
    assert ahead_on(trainee.sit("first-exam")["html"]) == [("去学习：办退款", "/unit/refunding/")]
    assert ahead_on(trainee.see("first-exam")) == [("去学习：办退款", "/unit/refunding/")]
    assert onward(trainee.see("first-exam")) == ("去学习：办退款", "/unit/refunding/")


def test_a_part_says_nothing_about_itself(site, trainee):
    rules(site, "attempts: 1")
    trainee.finish_all_but_the_exam()
    trainee.play("late-van", [1, 1])
    fail(trainee)
    assert ahead_on(trainee.see("first-exam")) == [], "the page says already that no attempts are left"


def test_nobody_is_led_into_what_is_locked(trainee):
    assert onward(trainee.see("first-exam")) == ("· 未解锁接听来电", "/unit/calls/")
    assert onward(trainee.see("calls")) == ("· 未解锁独当一面", "/unit/later/"), "past the lessons of a locked stage"
    page = markup.fromstring(trainee.see("later"))
    assert page.xpath("//a[@rel='prev']/@href") == ["/unit/calls/"]
    assert onward(trainee.see("limits")) == ("", ""), "the next article is locked"


def locks(page: str) -> dict[str, bool]:
    """Each link into a lesson or an article: whether it says that what it leads to is locked."""
    links = markup.fromstring(page).xpath("//a[@data-link]")
    return {link.get("data-link"): "未解锁" in _words(link) for link in links}


def test_links_into_lessons_that_are_locked_say_so(site, trainee):
    site.rewrite(site.folder / "02-calls" / "10-refunding.md", "条件见", "时限见 [[limits#投诉]]，条件见")
    site.rewrite(site.folder / "01-start" / "10-welcome.md", "先看店里的图", "以后学 [[refunding]]，先看店里的图")
    assert locks(trainee.see("welcome")) == {"refunding": True, "limits": False}
    fail(trainee)
    assert {lesson: locks(trainee.see("first-exam"))[lesson] for lesson in ("welcome", "refunding")} == {"welcome": False, "refunding": True}
    trainee.finish_first_stage()
    assert True not in {*locks(trainee.see("welcome")).values(), *locks(trainee.see("first-exam")).values()}


# -- who climbs no ladder -------------------------------------------------------------------------------------------


def test_staff_see_every_step_open_and_none_of_it_theirs(trainer):
    trainer.learn("welcome")
    for name in ("start", "calls"):
        page = trainer.see(name)
        assert re.findall(r'<li class="ladder-rung is-(\w+)( is-here)?', page) == [("open", ""), ("open", ""), ("preparation", "")]
        assert ahead_on(page) == []
    assert [(row.mine, row.url) for row in rows_of(trainer.see("start"))] == [("2 节", ""), ("1 个", ""), ("及格线 60 分", ""), ("及格线 60 分", "")]
    page = home(trainer)
    assert ahead_on(page) == []
    assert set(states(page).values()) == {""}
    assert "我在这里" not in page
    assert ahead_on(trainer.see("welcome")) == []


# -- in the eyes of the trainer -------------------------------------------------------------------------------------


def cohort(trainer: Trainee) -> dict[str, list[str]]:
    """The cells of each trainee's row."""
    rows = markup.fromstring(home(trainer)).xpath("//section[@class='cohort']//tbody/tr")
    return {row.xpath("string(th/span[@class='quiet'])"): [_words(cell) for cell in row.xpath("td")] for row in rows}


def test_the_cohort_says_what_keeps_an_exam_from_being_sat(site, ready, trainer):
    rules(site, "attempts: 1")
    assert cohort(trainer)["trainee"] == ["认识小店", "2 / 2", "1 / 1", "–"]
    sheet = ready.start("first-exam")
    assert cohort(trainer)["trainee"][3] == "考试中"
    ready.do("exam", "first-exam", "submit", {"attempt": sheet.attempt})
    assert cohort(trainer)["trainee"][3] == "0 未通过 次数已用完"


def test_in_the_cohort_nobody_stands_before_0_of_0(trainee, trainer):
    trainee.finish_first_stage()
    trainee.learn("refunding")
    trainee.sit("second-exam")
    assert cohort(trainer)["trainee"] == ["接听来电 已完成，下一阶段编写中", "1 / 1", "–", "100 通过"]
    assert "0 / 0" not in home(trainer) + home(trainee) + trainee.see("later") + trainee.see("calls")


# -- in preparation -------------------------------------------------------------------------------------------------


def test_who_waits_for_what_is_being_written_is_told_everywhere(trainee):
    trainee.finish_first_stage()
    trainee.learn("refunding")
    words = [("“独当一面”正在编写，写好后从这里继续。", "")]
    assert ahead_on(trainee.sit("second-exam")["html"]) == words
    assert [ahead_on(page) for page in (home(trainee), trainee.see("calls"))] == [words] * 2
    assert "本阶段正在编写中" in trainee.see("later")
    assert "你已完成“接听来电”阶段。" in home(trainee)


def test_a_stage_above_one_in_preparation_says_what_it_waits_for(site, trainee):
    folder = site.folder / "04-alone"
    folder.mkdir()
    (folder / "stage.md").write_text("---\nkind: stage\nid: alone\ntitle: 独立上岗\nopens_after: later\nfinish:\n  lessons: all\n---\n好。\n", encoding="utf-8")
    (folder / "10-last.md").write_text("---\nkind: lesson\nid: last\ntitle: 最后一课\n---\n## 完\n完。\n", encoding="utf-8")
    site.rewrite(site.folder / "03-later" / "stage.md", "opens_after: calls\n", "opens_after: calls\nfinish:\n  lessons: all\n")
    trainee.finish_first_stage()
    trainee.learn("refunding")
    trainee.sit("second-exam")
    page = trainee.see("last")
    assert page.count("“独当一面”正在编写，写好后从这里继续。") == 1
    assert rows_of(page) == []
    assert trainee.act("lesson", "last", "finish").status_code == 403
