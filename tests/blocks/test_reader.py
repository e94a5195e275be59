"""In which language a page and its replies speak."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from lxml import html as markup

from trainee import FIRST_STAGE, Trainee

EXAM = "first-exam"
ENGLISH_ONLY = override_settings(LANGUAGES=[("en", "English")], LANGUAGE_CODE="en")  # as Open edX is installed: one language released
CHINESE_ONLY = override_settings(LANGUAGES=[("zh-hans", "简体中文")], LANGUAGE_CODE="zh-hans")


def reads(trainee: Trainee, language: str) -> None:
    """Let a browser ask for a language from now on."""
    trainee.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language


def page_says(trainee: Trainee, language: str = "") -> None:
    """Let every request say what the page's script says of its page."""
    trainee.client.defaults["HTTP_X_LADDER_LANGUAGE"] = language


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
