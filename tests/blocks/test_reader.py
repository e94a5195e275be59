"""In which language a page and its replies speak, in which zone they tell times, and for whom a page may act."""

from __future__ import annotations

import base64
import csv
import io
import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from lxml import html as markup

from ladder.records.models import Attempt
from trainee import FIRST_STAGE, Trainee
from written import EXAM as WRITTEN, Marker, add_written_exam, hand_in

EXAM = "first-exam"
ENGLISH_ONLY = override_settings(LANGUAGES=[("en", "English")], LANGUAGE_CODE="en")  # as Open edX is installed: one language released
CHINESE_ONLY = override_settings(LANGUAGES=[("zh-hans", "简体中文")], LANGUAGE_CODE="zh-hans")


def reads(trainee: Trainee, language: str) -> None:
    """Let a browser ask for a language from now on."""
    trainee.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language


def page_says(trainee: Trainee, language: str = "", zone: str = "") -> None:
    """Let every request say what the page's script says of its page."""
    trainee.client.defaults |= {"HTTP_X_LADDER_LANGUAGE": language, "HTTP_X_LADDER_ZONE": zone}


def frame_of(page: str) -> str:
    """Our part of a page of the host."""
    return re.search(r'<section class="ladder .*</section>', page, re.DOTALL)[0]


def language_of(page: str) -> str:
    return str(markup.fromstring(frame_of(page)).get("lang"))


def is_english(text: str) -> bool:
    return not re.search(r"[一-鿿]", text)


# -- which language -------------------------------------------------------------------------------------------------


@ENGLISH_ONLY
@pytest.mark.parametrize("kind", FIRST_STAGE)
def test_a_chinese_course_speaks_chinese_on_a_platform_that_has_released_english_only(trainee, kind):
    reads(trainee, "en")
    page = trainee.see(FIRST_STAGE[kind])
    assert "Sign out" in page, "the host speaks English"
    assert language_of(page) == "zh-hans"
    assert not re.search(r">\s*[A-Z][a-z]+( [a-z]+)*[.!?]?\s*<", frame_of(page)), "no words of the interface are left in English"


@ENGLISH_ONLY
def test_so_do_its_replies_those_that_refuse_included(trainee, act, site):
    reads(trainee, "en")
    assert "我学完了" in trainee.see("welcome")
    replies = [
        (200, trainee.act("exam", EXAM, "begin")), (409, trainee.act("exam", EXAM, "submit", {"attempt": 9})),
        (400, trainee.act("exam", EXAM, "submit", [])), (403, trainee.act("exam", "second-exam", "begin")),
        (403, trainee.act("exam", EXAM, "desk")), (403, Trainee(Client(SERVER_NAME="127.0.0.1"), act, site).act("exam", EXAM, "begin")),
        (405, trainee.client.get(f"/handler/{site.usage('exam', EXAM)}/begin")),
        (403, trainee.act("exam", EXAM, "studio_save", {"display_name": "", "content": ""})),
    ]
    for status, reply in replies:
        assert reply.status_code == status
        said = reply.json()
        assert not is_english(said.get("html") or said["error"])


@ENGLISH_ONLY
def test_so_do_the_pages_of_its_authors(trainer, site):
    reads(trainer, "en")
    for view in ("author", "studio"):
        page = trainer.client.get(f"/author/welcome/?view={view}").content.decode()
        assert language_of(page) == "zh-hans"
    problem = trainer.do("lesson", "welcome", "studio_save", {"display_name": "", "content": "kind: lesson", "check_only": True})["problems"][0]
    assert not is_english(problem["message"])


@CHINESE_ONLY
def test_an_english_course_speaks_english_on_a_chinese_platform(trainee, site):
    site.rewrite(site.folder / "course.md", "org: Ladder", "org: Ladder\nlanguage: en")
    page = trainee.see("welcome")
    assert "退出" in page
    assert language_of(page) == "en"
    assert "I have studied this" in page


@override_settings(LANGUAGES=[("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("fr", "français"), ("en", "English")])
@pytest.mark.parametrize("language", ["zh-hant", "fr"])
def test_readers_of_a_language_that_we_have_no_words_for_get_the_courses(trainee, language):
    reads(trainee, language)
    page = trainee.see("welcome")
    assert f'<html lang="{language}"' in page
    assert language_of(page) == "zh-hans"
    assert "我学完了" in page


@override_settings(LANGUAGES=[("zh-cn", "简体中文"), ("en", "English")])
def test_where_both_are_released_the_reader_has_the_choice(trainee):
    for asked, language, words in (("en", "en", "I have studied this"), ("zh-CN", "zh-hans", "我学完了"), ("zh-SG", "zh-hans", "我学完了")):
        reads(trainee, asked)
        page = trainee.see("welcome")
        assert language_of(page) == language
        assert words in page


# -- one page, one language -----------------------------------------------------------------------------------------


def test_the_replies_to_a_page_speak_its_language_whatever_the_reader_has_chosen_since(trainee):
    reads(trainee, "en")
    page = trainee.see(EXAM)
    page_says(trainee, language_of(page))
    trainee.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    begun = trainee.do("exam", EXAM, "begin")["html"]
    assert "Hand in" in begun
    assert trainee.act("exam", EXAM, "submit", {"attempt": 9}).json()["error"] == "This attempt does not exist."
    assert is_english(trainee.act("exam", EXAM, "desk").json()["error"])
    page_says(trainee)
    assert "交卷" in trainee.do("exam", EXAM, "begin")["html"], "a page that does not say its language is asked for by its reader's"


def test_two_readers_of_one_paper_read_it_each_in_their_language(trainee, sign_in, act, site):
    other = Trainee(sign_in("trainee-2"), act, site)
    for reader, language in ((trainee, "en"), (other, "zh-hans"), (trainee, "en")):
        page_says(reader, language)
        assert ("Not answered" in reader.do("exam", EXAM, "begin")["html"]) is (language == "en")


@pytest.mark.parametrize("asked", ["fr", "zh-tw", "en\xff", "x" * 5000, "../en"])
def test_a_language_that_we_have_no_words_for_cannot_be_asked_for(trainee, asked):
    reads(trainee, "en")
    page_says(trainee, asked)
    assert "Hand in" in trainee.do("exam", EXAM, "begin")["html"]


# -- times ----------------------------------------------------------------------------------------------------------


def set_window(site, opens: str) -> None:
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20", f"minutes: 20\nopens: {opens}")


def times(html: str) -> list[str]:
    return [time.text_content() for time in markup.fromstring(html).iter("time")]


def test_a_time_says_its_zone_the_servers_where_nothing_is_known_of_the_readers(trainee, site):
    set_window(site, "2026-01-15T09:00+00:00")
    page = trainee.see(EXAM)
    assert times(page) == ["2026-01-15 17:00（UTC+8）"]
    assert 'datetime="2026-01-15T17:00:00+08:00"' in page, "for the page's script, which knows the browser's"


@pytest.mark.parametrize(("opens", "shown"), [
    ("2026-01-15T09:00+08:00", "2026-01-14 20:00（UTC-5）"), ("2026-07-15T09:00+08:00", "2026-07-14 21:00（UTC-4）"),
])
def test_a_time_is_told_in_the_zone_that_the_reader_prefers_summer_and_winter(trainee, site, host, opens, shown):
    set_window(site, opens)
    american = host(trainee, time_zone="America/New_York")
    fragment = american.render(american.get_block(site.usage("exam", EXAM)), "student_view")
    assert times(fragment.content) == [shown]
    assert '"zone": "America/New_York"' in fragment.content, "and the page's script goes by it"


def test_replies_tell_times_in_the_zone_of_the_browser_unless_the_reader_prefers_another(trainee, site, host, clock):
    usage = site.usage("exam", EXAM)
    trainee.sit(EXAM)
    Attempt.objects.update(submitted_at="2026-07-15T01:00:05Z")
    sent = {"X-Ladder-Language": "en", "X-Ladder-Zone": "America/New_York"}
    for preference, shown in ({}, "2026-07-14 21:00:05 (UTC-4)"), ({"time_zone": "Asia/Tokyo"}, "2026-07-15 10:00:05 (UTC+9)"):
        reply = host(trainee, **preference).send(usage, "submit", {"attempt": 1}, **sent)
        assert shown in times(reply.json["html"])


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "America", "Asia/Shanghai\xff", "x" * 5000])
def test_a_zone_that_there_is_not_is_the_servers(trainee, zone):
    page_says(trainee, "zh-hans", zone)
    shown = trainee.sit(EXAM)["html"]
    assert times(shown)[0].endswith("（UTC+8）")


def test_results_as_a_file_say_their_zone(site, sign_in, act, trainee):
    add_written_exam(site)
    hand_in(trainee)
    Attempt.objects.update(submitted_at="2026-07-15T01:00:05Z")
    marker = Marker(sign_in("trainer-1"), act)
    for zone, head, cell in (
        ("America/New_York", "交卷时间（America/New_York）", "2026-07-14 21:00:05"), ("", "交卷时间（Asia/Shanghai）", "2026-07-15 09:00:05"),
    ):
        page_says(marker, "zh-hans", zone)
        body = base64.b64decode(marker.do("export", {"format": "csv"})["file"]["base64"]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(body)))
        assert (rows[0][3], rows[1][3]) == (head, cell)


def test_wherever_an_hour_is_told_its_zone_is_said(site, sign_in, act, trainee, clock):
    """A learner's and a trainer's way through everything that tells times."""
    add_written_exam(site)
    site.rewrite(site.folder / "01-start" / "50-written-exam.md", "minutes: 30", "minutes: 30\nwait_hours: 5\ncloses: 2036-01-01T00:00+08:00\nreview: window")
    marker = Marker(sign_in("trainer-1"), act)
    pages = [trainee.see(WRITTEN)]
    hand_in(trainee, rightly=False)
    trainee.sit(EXAM, knows=lambda _: False)
    trainee.sit(EXAM, knows=lambda _: False)
    slip = marker.take("soothe")
    draft = {"question": "soothe", "code": slip.code, "revision": slip.revision, "points": ["8", "12"], "comment": "好"}
    marker.do("draft", draft)
    other = Marker(sign_in("trainer-2"), act)
    pages += [client.do("marking", {"question": "soothe"})["html"] for client in (marker, other)]
    pages += [marker.do("marking")["html"]]
    marker.mark_all()
    pages += [marker.do("desk")["html"], marker.do("open_attempt", {"attempt": marker.attempts()[0]})["html"]]
    marker.do("release")
    pages += [trainee.see(WRITTEN), trainee.see(EXAM), trainee.see("mistakes")]
    pages += [marker.do("void_attempt", {"attempt": marker.attempts()[0], "reason": "代考"})["html"], marker.do("desk")["html"]]
    told = 0
    for page in pages:
        tree = markup.fromstring(f"<div>{page}</div>")
        for time in tree.iter("time"):
            form, text = time.get("data-form"), time.text_content()
            if form == "row":
                assert tree.xpath("string(//*[@data-zone])") == "Asia/Shanghai", "above the table"
            elif form is not None and re.search(r"\d:\d", text):
                assert text.endswith("（UTC+8）")
            told += form is not None
            time.drop_tree()
        assert not re.search(r"\b[012]\d:[0-5]\d\b", tree.text_content()), "an hour outside of a <time>"
    assert told > 15


# -- for whom -------------------------------------------------------------------------------------------------------


def learner_of(page: str) -> str:
    """Whose page this is, as its script says with each request."""
    return re.search(r'"learner": "([0-9a-f]{16})"', page)[1]


def test_a_page_that_another_has_left_open_does_nothing_for_who_is_signed_in_now(sign_in, act, site):
    one, other = (Trainee(sign_in(name), act, site) for name in ("trainee-1", "trainee-2"))
    left_open, own = learner_of(one.see(EXAM)), learner_of(other.see(EXAM))
    assert left_open != own
    sheet = other.start(EXAM)
    saves = [{"op_id": "operation-1", "item": sheet.cards[0].item, "revision": 1, "value": []}]
    other.client.defaults["HTTP_X_LADDER_LEARNER"] = left_open
    for kind, unit, handler, data in (
        ("exam", EXAM, "answer", {"attempt": 1, "saves": saves}), ("exam", EXAM, "time_left", {"attempt": 1}),
        ("exam", EXAM, "submit", {"attempt": 1}), ("exam", EXAM, "begin", {}), ("case", "late-van", "begin", {}),
        ("lesson", "welcome", "finish", {}), ("exam", "second-exam", "begin", {}),
    ):
        response = other.act(kind, unit, handler, data)
        assert response.status_code == 403, handler
        assert response.json() == {
            "error": "这台设备上已换了别人登录。请在另一个标签页用你自己的账号重新登录，再回到这里继续。", "sign_in": True, "somebody_else": True,
        }
    assert Attempt.objects.get().submitted_at is None
    for name in (own, ""):
        other.client.defaults["HTTP_X_LADDER_LEARNER"] = name
        other.do("exam", EXAM, "time_left", {"attempt": 1})
