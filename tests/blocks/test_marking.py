"""People mark written answers: without names, each answer once, and trainees see nothing of it before it is released."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from lxml import html as markup

from host import Host
from ladder.core.errors import Refused
from ladder.records.marking import Marking, give
from ladder.records.models import Attempt, Mark, MarkingDraft
from ladder.records.voiding import void
from racing import at_once
from trainee import Trainee
from written import EXAM, FULL, Marker, add_written_exam, hand_in, slip_of, text_of

CODE = re.compile(r"[0-9a-f]{16}\Z")


@pytest.fixture(autouse=True)
def exam(site) -> None:
    add_written_exam(site)


@pytest.fixture
def marker(sign_in, act) -> Marker:
    return Marker(sign_in("trainer-1"), act)


@pytest.fixture
def other(sign_in, act) -> Marker:
    return Marker(sign_in("trainer-2"), act)


@pytest.fixture
def people(sign_in, act, site) -> Callable[[int], list[Trainee]]:
    """`people(3)`: three more trainees who have handed in, one after the other."""
    numbers = itertools.count()

    def made(count: int) -> list[Trainee]:
        found = [Trainee(sign_in(f"trainee-{next(numbers)}"), act, site) for _ in range(count)]
        for trainee in found:
            hand_in(trainee)
        return found

    return made


# -- the whole way --------------------------------------------------------------------------------------------------


def test_a_paper_is_marked_and_released_and_the_trainee_sees_marks_and_comment(trainee, marker, clock):
    handed_in = hand_in(trainee)["html"]
    assert "is-pending" in handed_in
    reply = marker.mark("soothe", ["8", "11.5"], "道歉写得真诚")
    assert "所有" not in reply["say"]
    marker.mark("verify", ["12.5", "0"])
    marker.mark("sum-up", ["20", "10"])
    clock.go_on(hours=1)
    marker.do("release")
    attempt = Attempt.objects.get()
    assert (attempt.marks, attempt.pending, attempt.passed, attempt.released_at) == (Decimal("92"), False, True, clock.time)
    page = trainee.see(EXAM)
    assert "<strong>92</strong>" in page
    assert "is-passed" in page
    assert "道歉写得真诚" in page
    assert "先听后说的机密解析" in page
    row = Mark.objects.get(question="soothe")
    assert (row.revision, row.marks, row.possible, row.points) == (1, Decimal("19.5"), 20, ["8", "11.5"])
    assert row.marker_id == marker.client.user.id


def test_the_queue_says_by_question_what_waits_what_is_marked_and_since_when(people, marker, clock):
    first = clock.time
    people(1)
    clock.go_on(minutes=10)
    people(2)
    marker.mark("soothe", ["8", "12"])
    page = markup.fromstring(marker.do("marking")["html"])
    rows = {row.xpath("string(.//strong)"): row for row in page.xpath("//li[@class='ladder-queue-row']")}
    assert list(rows) == ["总结", "核对", "安抚"], "the oldest first"
    for title, waits, marked, since in (("核对", 3, 0, first), ("安抚", 2, 1, clock.time)):
        assert rows[title].xpath("string(.//time/@datetime)") == timezone.localtime(since).replace(microsecond=since.microsecond).isoformat()
        numbers = [int(text) for text in re.findall(r"\d+", " ".join(rows[title].xpath(".//div[2]/span[not(time)]//text()")))]
        assert numbers == [number for number in (waits, marked) if number]


def test_an_empty_queue_says_so(marker, trainee):
    assert "ladder-queue" not in marker.do("marking")["html"]
    hand_in(trainee)
    marker.mark_all()
    marker.do("release")
    assert "ladder-queue" not in marker.do("marking")["html"]
    assert slip_of(marker.do("marking", {"question": "soothe"})["html"]) is None


def test_what_was_left_empty_waits_for_nobody(trainee, marker):
    hand_in(trainee, {"soothe": "", "verify": "  \n", "sum-up": "写了"})
    assert marker.do("marking")["html"].count("ladder-queue-row") == 1
    marker.mark("sum-up", ["0", "0.5"])
    marker.do("release")
    assert Attempt.objects.get().marks == Decimal("30.5")


def test_one_answer_after_the_other_the_oldest_first_until_none_is_left(people, marker):
    people(3)
    codes = []
    slip = marker.take("soothe")
    while slip:
        codes.append(slip.code)
        slip = slip_of(marker.give(slip, FULL["soothe"]).json()["html"])
    assert len(set(codes)) == 3
    assert list(Mark.objects.filter(question="soothe").order_by("id").values_list("attempt_id", flat=True)) == sorted(
        Attempt.objects.values_list("id", flat=True))


def test_a_marker_may_skip_go_back_and_mark_in_any_order(people, marker):
    people(3)
    html = marker.do("marking", {"question": "soothe"})["html"]
    first = slip_of(html)
    ways = [code for code in re.findall(r'name="code" value="([0-9a-f]{16})"', html) if code != first.code]
    assert len(ways) == 1, "the first has only one beside it"
    second = marker.take("soothe", code=ways[0])
    back = slip_of(marker.give(second, FULL["soothe"]).json()["html"])
    assert back.code not in (first.code, second.code), "on to the third"
    assert slip_of(marker.give(back, FULL["soothe"]).json()["html"]).code == first.code, "and round to what was skipped"


def test_the_page_offers_the_marks_of_each_key_point_and_chooses_none(trainee, marker):
    hand_in(trainee)
    html = marker.do("marking", {"question": "sum-up"})["html"]
    slip = slip_of(html)
    assert slip.steps[0][:3] + slip.steps[0][-1:] == ("0", "0.5", "1", "20")
    assert slip.chosen == (None, None)
    assert '<mark class="ladder-hit">诉求</mark>' in html
    assert "小结写诉求与结果" in html, "the explanation"
    assert 'data-link="limits"' in html


def test_an_answer_cannot_run_in_the_markers_browser(trainee, marker):
    hand_in(trainee, {"soothe": '<script>alert("道歉")</script><img src=x onerror=alert(1)>&amp;'})
    html = marker.do("marking", {"question": "soothe"})["html"]
    assert "&lt;script&gt;alert(&quot;<mark" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "&amp;amp;" in html
    opened = marker.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"]
    assert "<script" not in opened
    assert "<img" not in opened


@pytest.mark.parametrize("change", [
    {"points": ["8"]}, {"points": ["8.5", "12"]}, {"points": ["8", "-0.5"]}, {"points": [8, 12]}, {"points": ["8", None]},
    {"points": ["8", "NaN"]}, {"points": "8"}, {"comment": None}, {"comment": 5}, {"comment": "好" * 2001},
    {"revision": 0}, {"revision": "-1"}, {"revision": "x"}, {"revision": None}, {"revision": "7"}, {"question": "hours"}, {"question": "../x"},
    {"question": None}, {"code": ""}, {"code": 7}, {"code": "0" * 15}, {"names": 1}, {"names": "yes"}, {"names": ["1"]},
])
def test_what_no_page_sends_is_refused_and_changes_nothing(change, trainee, marker):
    hand_in(trainee)
    slip = marker.take("soothe")
    response = marker.give(slip, ["8", "12"], **change) if "points" not in change and "comment" not in change else marker.give(
        slip, change.get("points", ["8", "12"]), change.get("comment", ""))
    assert response.status_code == 400, response.content.decode()
    assert not Mark.objects.exclude(marker_id=None).exists()


def test_an_answer_that_is_not_there_is_refused(trainee, marker):
    hand_in(trainee)
    slip = marker.take("soothe")
    assert marker.give(slip, ["8", "12"], code="0" * 16).status_code == 409
    assert marker.act("marking", {"question": "nothing", "code": slip.code}).status_code == 400
    assert marker.act("open_attempt", {"attempt": 10**12}).status_code == 409
    assert not Mark.objects.exclude(marker_id=None).exists()


def test_an_answer_of_another_exam_cannot_be_reached(trainee, marker, sign_in, act):
    hand_in(trainee)
    attempt, slip = Attempt.objects.get().id, marker.take("soothe")
    elsewhere = Marker(marker.client, act, "first-exam")
    assert elsewhere.act("open_attempt", {"attempt": attempt}).status_code == 409
    assert elsewhere.act("void_attempt", {"attempt": attempt, "reason": "x"}).status_code == 409
    assert elsewhere.act("release", {"attempt": attempt}).status_code == 409
    assert elsewhere.give(slip, ["8", "12"]).status_code == 409
    assert Attempt.objects.get().voided_at is None


# -- names ----------------------------------------------------------------------------------------------------------


def test_names_are_not_on_the_page_until_they_are_asked_for(sign_in, act, site, marker):
    client = sign_in("trainee-secret")
    client.user.first_name = "王晓梅"
    client.user.save()
    hand_in(Trainee(client, act, site))
    for data in ({}, {"question": "soothe"}):
        html = marker.do("marking", data)["html"]
        assert "王晓梅" not in html
        assert "trainee-secret" not in html
    slip = marker.take("soothe")
    assert CODE.match(slip.code)
    assert slip.code[:6].upper() in html
    shown = marker.do("marking", {"question": "soothe", "code": slip.code, "names": "1"})["html"]
    assert "王晓梅" in shown
    following = marker.give(slip_of(shown), FULL["soothe"]).json()
    assert "王晓梅" not in following["html"] + following["say"], "the queue, when all is marked"


def test_code_names_cannot_be_computed_without_the_servers_secret(trainee, marker):
    hand_in(trainee)
    before = marker.take("soothe").code
    with override_settings(SECRET_KEY="another secret of another server"):
        marker.client.force_login(marker.client.user)
        after = marker.take("soothe").code
    assert before != after


# -- two markers ----------------------------------------------------------------------------------------------------


def test_the_second_of_two_markers_is_told_what_stands_and_keeps_what_was_typed(trainee, marker, other):
    hand_in(trainee)
    mine, theirs = marker.take("soothe"), other.take("soothe")
    assert other.give(theirs, ["4", "6"], "他们的评语").status_code == 200
    late = marker.give(mine, ["8", "0.5"], "我的评语")
    assert late.status_code == 409
    told = late.json()
    assert "trainer-2" in told["error"]
    page = slip_of(told["html"])
    assert (page.chosen, page.comment, page.revision) == (("8", "0.5"), "我的评语", "1")
    said = text_of(told["html"])
    assert "trainer-2" in said
    assert "10 / 20" in said
    assert "他们的评语" in said
    assert Mark.objects.filter(question="soothe").count() == 1
    assert slip_of(marker.do("marking", {"question": "soothe", "code": mine.code})["html"]).comment == "我的评语", "it is a draft, too"
    assert marker.give(page, page.chosen, page.comment).status_code == 200, "once more, on purpose"
    rows = Mark.objects.filter(question="soothe").order_by("revision").values_list("revision", "marks", "marker_id")
    assert list(rows) == [(1, 10, other.client.user.id), (2, Decimal("8.5"), marker.client.user.id)]


def test_the_same_marks_sent_again_are_taken_once(trainee, marker):
    hand_in(trainee)
    slip = marker.take("soothe")
    replies = [marker.give(slip, ["8", "12"], " 好 ") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200] * 3
    assert Mark.objects.filter(question="soothe").count() == 1
    assert marker.give(slip, ["8", "11.5"], "好").status_code == 409
    assert marker.give(slip, ["8", "12"], "改").status_code == 409


def test_of_markers_who_send_different_marks_at_once_one_wins_each_time_and_all_that_won_is_on_record(trainee, site, marker, sign_in):
    hand_in(trainee)
    users = [sign_in(f"trainer-{number}").user for number in range(4)]
    slip = marker.take("soothe")
    for race in range(5):
        def send(user: Any, points: list[str], seen: int = race) -> int:
            data = {"question": "soothe", "code": slip.code, "revision": str(seen), "points": points, "comment": user.username}
            return Host(site.now, user).send(site.usage("exam", EXAM), "give_marks", data).status_int

        statuses = at_once([lambda user=user, place=place: send(user, [str(place), "0"]) for place, user in enumerate(users)])
        assert Counter(statuses) == Counter({200: 1, 409: 3})
        row = Mark.objects.get(question="soothe", revision=race + 1)
        winner = statuses.index(200)
        assert (row.marker_id, row.marks, row.comment) == (users[winner].id, winner, users[winner].username)
    assert Mark.objects.filter(question="soothe").count() == 5


def test_releasing_from_many_windows_at_once_releases_once(people, marker, site):
    people(2)
    marker.mark_all(2)
    host = Host(site.now, marker.client.user)
    replies = at_once([lambda: host.send(site.usage("exam", EXAM), "release").status_int] * 4)
    assert replies == [200] * 4
    assert set(Attempt.objects.values_list("marks", "pending", "passed")) == {(Decimal(100), False, True)}


# -- drafts ---------------------------------------------------------------------------------------------------------


def draft(slip: Any, **data: Any) -> dict[str, Any]:
    return {"question": slip.question, "code": slip.code, "revision": slip.revision, "points": ["1.5", None], "comment": ""} | data


def test_a_draft_is_there_again_and_counts_for_nothing(trainee, marker, other, clock):
    hand_in(trainee)
    slip = marker.take("soothe")
    saved = marker.do("draft", draft(slip, comment="先写到这里"))
    assert saved["saved_at"] == clock.time.isoformat()
    again = marker.take("soothe")
    assert (again.chosen, again.comment) == (("1.5", None), "先写到这里")
    marker.do("draft", draft(slip, points=["2", "3.5"], comment="改"))
    assert marker.take("soothe").chosen == ("2", "3.5")
    assert MarkingDraft.objects.count() == 1
    assert other.take("soothe").chosen == (None, None), "everybody has a draft of their own"
    assert not Mark.objects.filter(question="soothe").exists()
    marker.give(again, ["8", "12"])
    assert not MarkingDraft.objects.exists(), "marks take the place of the draft"


def test_others_see_that_somebody_is_at_work_and_may_go_on_all_the_same(trainee, marker, other, clock):
    hand_in(trainee)
    slip = other.take("soothe")
    marker.do("draft", draft(slip))
    html = other.do("marking", {"question": "soothe"})["html"]
    assert "trainer-1" in html
    assert "trainer-1" not in marker.do("marking", {"question": "soothe"})["html"]
    clock.go_on(minutes=1)
    assert other.give(slip, ["8", "12"]).status_code == 200
    assert "trainer-1" not in other.do("marking", {"question": "soothe", "code": slip.code})["html"], "that was before"


def test_a_draft_that_comes_in_after_the_marks_is_dropped(trainee, marker):
    hand_in(trainee)
    slip = marker.take("soothe")
    marker.give(slip, ["8", "12"])
    marker.do("draft", draft(slip))
    assert not MarkingDraft.objects.exists()


@pytest.mark.parametrize("change", [
    {"points": ["1.5"]}, {"points": [1.5, None]}, {"points": ["9", None]}, {"points": None}, {"comment": None}, {"revision": 0},
])
def test_a_draft_that_no_page_sends_is_refused(change, trainee, marker):
    hand_in(trainee)
    assert marker.act("draft", draft(marker.take("soothe"), **change)).status_code == 400
    assert not MarkingDraft.objects.exists()


# -- before the release ---------------------------------------------------------------------------------------------


def test_trainees_see_nothing_of_marks_comments_drafts_and_key_points_before_the_release(trainee, marker, site, sign_in, act):
    hand_in(trainee)
    slip = marker.take("soothe")
    marker.do("draft", draft(slip, comment="草稿里的秘密"))
    marker.give(slip, ["7.5", "11.5"], "评语里的秘密")
    marker.do("draft", draft(marker.take("verify"), points=["12", "6.5"], comment="草稿里的秘密"))
    pages = [trainee.see(EXAM), trainee.do("exam", EXAM, "submit", {"attempt": 1})["html"]]
    told = [re.sub('datetime="[^"]+"', "", html) for html in pages]  # a second may have a 7.5 of its own
    for secret in ("秘密", "机密解析", "让客户把话说完", "表示理解", "7.5", "11.5", "trainer", "ladder-comment"):
        assert not [html for html in told if secret in html], secret
    marker.mark("verify", FULL["verify"])
    marker.mark("sum-up", FULL["sum-up"])
    assert "评语里的秘密" not in trainee.see(EXAM), "marked is not released"
    assert Attempt.objects.get().marks is None
    marker.do("release")
    page = trainee.see(EXAM)
    assert "评语里的秘密" in page
    assert "草稿里的秘密" not in page
    assert "<td>11.5</td>" in page
    assert "trainer" not in page


# -- release --------------------------------------------------------------------------------------------------------


def test_an_attempt_with_answers_to_be_marked_is_not_released(people, marker):
    people(1)
    marker.mark("soothe", FULL["soothe"])
    attempt = Attempt.objects.get()
    response = marker.act("release", {"attempt": attempt.id})
    assert response.status_code == 409
    assert "2" in response.json()["error"]
    marker.do("release")
    attempt.refresh_from_db()
    assert (attempt.pending, attempt.marks, attempt.released_at) == (True, None, None)


def test_all_that_are_fully_marked_are_released_and_the_others_wait(people, marker):
    people(3)
    marker.mark_all(2)
    reply = marker.do("release")
    assert "2" in reply["say"]
    assert Counter(Attempt.objects.values_list("pending", flat=True)) == Counter({False: 2, True: 1})
    assert "0" in marker.do("release")["say"], "there is nothing more to release"


def test_one_attempt_is_released_alone(people, marker):
    first, second = people(2)
    marker.mark_all(2)
    marker.do("release", {"attempt": Attempt.objects.get(learner_id=second.id).id})
    assert "is-pending" in first.see(EXAM)
    assert "is-passed" in second.see(EXAM)


def test_releasing_again_changes_nothing(people, marker, clock):
    people(1)
    marker.mark_all()
    marker.do("release")
    before = Attempt.objects.values().get()
    clock.go_on(days=1)
    for data in ({}, {"attempt": before["id"]}):
        assert "0" in marker.do("release", data)["say"]
    assert Attempt.objects.values().get() == before


def test_59_5_marks_fail_and_60_pass(people, marker):
    people(2)
    for points in (["8", "12"], ["8", "11.5"]):
        marker.mark("soothe", points)
        marker.mark("verify", ["0", "0"])
        marker.mark("sum-up", ["10", "0"])
    marker.do("release")
    rows = Attempt.objects.order_by("id").values_list("marks", "passed")
    assert list(rows) == [(Decimal(60), True), (Decimal("59.5"), False)]


@pytest.mark.parametrize("attempt", ["1", 1.0, True, None, -1, [1]])
def test_a_release_of_what_is_no_attempt_is_malformed(attempt, marker):
    assert marker.act("release", {"attempt": attempt}).status_code == 400


def test_the_next_stage_opens_with_the_release_and_not_before(trainee, marker):
    def is_open() -> bool:
        return trainee.act("lesson", "refunding", "read", {"sections": ["先核对"]}).status_code == 200

    trainee.finish_first_stage()
    hand_in(trainee)
    marker.mark_all()
    assert not is_open(), "an exam that is being marked is neither passed nor failed"
    marker.do("release")
    assert is_open()


# -- marking again --------------------------------------------------------------------------------------------------


def test_marking_again_after_the_release_changes_the_result_and_keeps_the_history(trainee, marker, other, clock):
    hand_in(trainee, rightly=False)
    marker.mark("soothe", ["0", "0"], "太短")
    marker.mark("verify", FULL["verify"])
    marker.mark("sum-up", FULL["sum-up"])
    marker.do("release")
    assert "is-failed" in trainee.see(EXAM)
    released_at = Attempt.objects.get().released_at
    clock.go_on(days=1)
    opened = other.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"]
    code = re.search(r'name="question" value="soothe"><input type="hidden" name="code" value="([0-9a-f]{16})"', opened)[1]
    slip = other.take("soothe", code=code, names="1")
    assert (slip.revision, slip.chosen, slip.comment) == ("1", ("0", "0"), "太短")
    reply = other.give(slip, ["8", "12"], "申诉后改判")
    assert reply.status_code == 200
    attempt = Attempt.objects.get()
    assert (attempt.marks, attempt.passed, attempt.released_at) == (Decimal(70), True, released_at)
    page = trainee.see(EXAM)
    assert "is-passed" in page
    assert "申诉后改判" in page
    assert "太短" not in page
    history = text_of(reply.json()["html"])
    for said in ("trainer-1", "太短", "trainer-2", "申诉后改判"):
        assert said in history


def test_the_attempt_shows_what_a_regrade_has_changed_and_who_has_applied_it(trainee, marker, other, site):
    hand_in(trainee, rightly=False)
    marker.mark_all()
    marker.do("release")
    site.rewrite(site.banks / "written.md", "- (x) 48 小时\n- ( ) 72 小时", "- ( ) 48 小时\n- (x) 72 小时")
    other.do("apply_regrade")
    page = markup.fromstring(marker.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"])
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//ul[@class='ladder-history']/li") if "/ 30" in row.text_content()]
    assert [row.split(" · ")[0] for row in rows[:2]] == ["30 / 30", "0 / 30"], "the newest first"
    assert "trainer-2" in rows[0]
    assert "trainer" not in rows[1]


def test_an_empty_answer_may_be_given_marks_on_purpose(trainee, marker):
    hand_in(trainee, {"soothe": ""})
    opened = marker.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"]
    code = re.search(r'name="code" value="([0-9a-f]{16})"', opened)[1]
    slip = marker.take("soothe", code=code)
    assert slip.revision == "1", "the program has given nothing for nothing"
    assert marker.give(slip, ["0", "2"]).status_code == 200
    assert Mark.objects.get(question="soothe", revision=2).marks == 2


# -- the front page -------------------------------------------------------------------------------------------------


def test_the_front_page_shows_everybodys_attempts_by_state_the_newest_first(people, marker, sign_in, act, site, clock):
    assert "ladder-attempts" not in marker.do("desk")["html"]
    people(4)
    Trainee(sign_in("trainee-9"), act, site).start(EXAM)
    marker.mark_all(2)
    first = Attempt.objects.order_by("id").first()
    marker.do("release", {"attempt": first.id})
    marker.do("void_attempt", {"attempt": Attempt.objects.get(learner_id=sign_in("trainee-3").user.id).id, "reason": "断电"})
    ids = list(Attempt.objects.order_by("-id").values_list("id", flat=True))
    assert marker.attempts() == ids
    by_state = {"running": [ids[0]], "void": [ids[1]], "marking": [ids[2]], "ready": [ids[3]], "passed": [ids[4]], "failed": []}
    assert {state: marker.attempts(state=state) for state in by_state} == by_state
    assert marker.act("desk", {"state": "nothing"}).status_code == 400
    assert marker.act("desk", {"state": 1}).status_code == 400


def test_an_attempt_that_nobody_has_closed_is_closed_when_the_desk_is_opened(trainee, marker, clock):
    trainee.start(EXAM)
    clock.go_on(hours=1)
    assert len(marker.attempts(state="failed")) == 1, "nothing was answered, so that nothing waits"
    assert Attempt.objects.get().submitted_at == Attempt.objects.get().deadline_at


def test_a_void_attempt_counts_for_nothing_and_stays_on_record(trainee, marker, clock):
    hand_in(trainee)
    marker.mark("soothe", FULL["soothe"])
    attempt = Attempt.objects.get()
    slip = marker.take("verify")
    for data in ({"reason": ""}, {"reason": "  "}):
        assert marker.act("void_attempt", {"attempt": attempt.id} | data).status_code == 409
    for data in ({}, {"reason": None}, {"reason": "x" * 401}):
        assert marker.act("void_attempt", {"attempt": attempt.id} | data).status_code == 400
    page = marker.do("void_attempt", {"attempt": attempt.id, "reason": "监考发现代考"})["html"]
    assert "监考发现代考" in page
    attempt.refresh_from_db()
    assert (attempt.void_reason, attempt.voided_by, attempt.voided_at) == ("监考发现代考", marker.client.user.id, clock.time)
    assert marker.give(slip, FULL["verify"]).status_code == 409
    assert marker.act("release", {"attempt": attempt.id}).status_code == 409
    assert "ladder-queue" not in marker.do("marking")["html"]
    assert Mark.objects.filter(question="soothe").exists()
    assert "is-pending" not in trainee.see(EXAM), "a new attempt may begin"


def test_marks_that_were_under_way_while_the_attempt_became_void_are_refused(trainee, marker, site, clock):
    hand_in(trainee)
    attempt, place = Attempt.objects.get().id, (str(site.now.key), EXAM)
    void(attempt, *place, marker.client.user.id, "代考", clock.time)
    marks = Marking("soothe", 0, ("8", "12"), Decimal(20), Decimal(20), "", marker.client.user.id)
    with pytest.raises(Refused):
        give(attempt, *place, marks, 60, clock.time)
    assert not Mark.objects.filter(question="soothe").exists()


def test_extra_time_reaches_an_attempt_that_is_running_and_extra_attempts_one_who_has_none_left(trainee, marker, clock, site, sign_in):
    trainee.start(EXAM)
    before = Attempt.objects.get().deadline_at
    data = {"username": "trainee", "minutes": 15, "attempts": 1, "reason": "视力障碍"}
    page = marker.do("allow", data)
    assert (Attempt.objects.get().deadline_at - before).total_seconds() == 15 * 60
    assert "视力障碍" in page["html"]
    assert "+15" in page["html"]
    assert "视力障碍" in marker.do("open_attempt", {"attempt": Attempt.objects.get().id})["html"]
    sign_in("trainee-new")
    assert "trainee-new" in marker.do("allow", data | {"username": "trainee-new", "reason": ""})["html"], "before the first attempt"
    missing = marker.act("allow", data | {"username": "nobody"})
    assert missing.status_code == 409
    assert "nobody" in missing.json()["error"]


@pytest.mark.parametrize("change", [
    {"username": ""}, {"username": 5}, {"username": "x" * 151}, {"minutes": -1}, {"minutes": 601}, {"minutes": "15"},
    {"minutes": 1.5}, {"minutes": True}, {"minutes": None}, {"attempts": 101}, {"attempts": None}, {"reason": 1}, {"reason": "x" * 401},
])
def test_an_allowance_that_no_page_sends_is_malformed(change, trainee, marker):
    data = {"username": "trainee", "minutes": 15, "attempts": 1, "reason": ""} | change
    assert marker.act("allow", data).status_code == 400


# -- what it costs --------------------------------------------------------------------------------------------------


def statements(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as log:
        call()
    return len([query for query in log if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


def costs(marker: Marker) -> dict[str, int]:
    slip = marker.take("soothe")
    attempt = Attempt.objects.order_by("id").first().id
    calls = {
        "desk": lambda: marker.do("desk"),
        "queue": lambda: marker.do("marking"),
        "answer": lambda: marker.do("marking", {"question": "soothe"}),
        "draft": lambda: marker.do("draft", draft(slip)),
        "give_marks": lambda: marker.give(slip, FULL["soothe"]),
        "open_attempt": lambda: marker.do("open_attempt", {"attempt": attempt}),
        "export": lambda: marker.do("export", {"format": "csv"}),
    }
    return {name: statements(call) for name, call in calls.items()}


def test_what_a_page_of_the_desk_costs_does_not_depend_on_how_many_have_sat_the_exam(people, marker):
    people(2)
    few = costs(marker)
    people(12)
    assert costs(marker) == few
    assert max(few[page] for page in ("desk", "queue", "answer", "open_attempt")) <= 8
    assert few["draft"] <= 6
    assert few["give_marks"] <= 12, "it makes the page of the next answer, too"
    assert few["export"] <= 10, "all answers and all marks of everybody"


def test_a_long_table_of_attempts_comes_in_pages(trainer, site):
    from ladder.desk import attempts_page
    from ladder.records.models import Source

    now = timezone.now()
    Source.objects.create(digest="text", content="")
    Attempt.objects.bulk_create(
        Attempt(learner_id=1000 + place, course=str(site.now.key), block="first-exam", number=1, source_id="text", paper=[],
                started_at=now, deadline_at=now, submitted_at=now, released_at=now, marks=place % 100, passed=place % 100 >= 60)
        for place in range(attempts_page.PER_PAGE + 3)
    )

    def rows(**data: str) -> int:
        return str(trainer.do("exam", "first-exam", "desk", data)["html"]).count('data-action="open_attempt"')

    assert rows() == attempts_page.PER_PAGE
    assert rows(page="1") == 3
    assert rows(page="99") == 3, "a page that is not there any more is the last"
    assert rows(state="passed", page="0") == sum(place % 100 >= 60 for place in range(attempts_page.PER_PAGE + 3))
    assert "较早" in trainer.do("exam", "first-exam", "desk")["html"]
    for page in (1, "-1", "x", None):
        assert trainer.act("exam", "first-exam", "desk", {"page": page}).status_code == 400
