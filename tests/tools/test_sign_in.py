"""Signing in to the preview: guessing is slow, whoever is meant is not kept out, and nothing tells which names there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ladder_tools.preview.doorkeeper import ADDRESS, FORGOTTEN, NAME, PAIR
from ladder_tools.preview.models import SignedOut, Tries

RIGHT, WRONG = "right-word", "wrong-word"
Try = Callable[..., Any]


@pytest.fixture(autouse=True)
def lin(site: Any) -> Any:
    """Somebody with an account."""
    return get_user_model().objects.create_user("lin", password=RIGHT)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`later(timedelta(seconds=9))`: so much time goes by."""
    now: list[datetime] = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def go_on(by: timedelta) -> None:
        now[0] += by

    return go_on


def attempt(password: str = WRONG, name: str = "lin", *, address: str = "192.0.2.1", client: Client | None = None) -> Any:
    """One try to sign in."""
    return (client or Client(SERVER_NAME="127.0.0.1")).post("/sign-in/", {"username": name, "password": password}, REMOTE_ADDR=address)


def test_who_guesses_one_password_after_the_other_gets_a_few_looked_at_an_hour(later):
    taken = 0
    for _ in range(360):
        taken += attempt().status_code == 200
        later(timedelta(seconds=10))
    assert taken < 25


def test_a_few_slips_cost_nothing(later):
    for _ in range(PAIR.free - 1):
        assert "用户名或密码不正确" in attempt().content.decode()
    assert attempt(RIGHT).status_code == 302
    for _ in range(PAIR.free):
        assert attempt().status_code == 200, "it begins anew"


def test_a_right_password_is_not_looked_at_either_until_the_wait_is_over_and_nobody_waits_longer_than_five_minutes(later):
    wrong = 0
    while wrong < 20:
        wrong += attempt().status_code == 200
        later(timedelta(seconds=30))
    while attempt().status_code != 200:
        later(timedelta(seconds=10))
    refused = attempt(RIGHT)
    assert refused.status_code == 429
    assert "登录尝试次数过多，请过几分钟再试。" in refused.content.decode()
    later(timedelta(seconds=PAIR.longest))
    assert attempt(RIGHT).status_code == 302


def test_another_address_and_another_name_are_not_kept_out(later):
    get_user_model().objects.create_user("wang", password=RIGHT)
    for _ in range(PAIR.free + 1):
        attempt()
    assert attempt(RIGHT).status_code == 429
    assert attempt(RIGHT, address="192.0.2.2").status_code == 302
    assert attempt(RIGHT, "wang").status_code == 302


def test_a_browser_that_has_signed_in_before_is_let_in_whoever_else_guesses_at_its_address(later):
    own = Client(SERVER_NAME="127.0.0.1")
    assert attempt(RIGHT, client=own).status_code == 302
    own.post("/sign-out/")
    for number in range(NAME.free + 5):
        attempt(address=f"192.0.2.{number % 50}")
    assert attempt(RIGHT).status_code == 429
    assert attempt(RIGHT, client=own).status_code == 302


def test_a_browser_that_has_signed_in_with_one_name_is_a_stranger_to_another(later):
    get_user_model().objects.create_user("wang", password=RIGHT)
    client = Client(SERVER_NAME="127.0.0.1")
    assert attempt(RIGHT, "wang", client=client).status_code == 302
    client.post("/sign-out/")
    for _ in range(PAIR.free):
        attempt()
    assert attempt(client=client).status_code == 429


@pytest.mark.parametrize("spelling", ["LIN", " lin ", "ｌｉｎ", "Ｌin"])
def test_another_spelling_of_the_name_is_no_new_beginning(spelling, later):
    for _ in range(PAIR.free):
        attempt()
    assert attempt(name=spelling).status_code == 429


@pytest.mark.parametrize(("one", "other"), [("127.0.0.1", "127.9.8.7"), ("::1", "127.0.0.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
                                            ("2001:db8::1", "2001:db8::ffff:ffff")])
def test_addresses_that_cost_nothing_are_one(one, other, later):
    for _ in range(PAIR.free):
        attempt(address=one)
    assert attempt(address=other).status_code == 429


def test_who_tries_a_password_on_many_names_is_made_to_wait_and_a_class_of_thirty_is_not(later):
    for number in range(30):
        assert attempt(name=f"nobody-{number}").status_code == 200
    assert attempt(RIGHT).status_code == 302
    taken = sum(attempt(name=f"somebody-{number}").status_code == 200 for number in range(ADDRESS.free))
    assert taken < ADDRESS.free
    later(timedelta(seconds=ADDRESS.longest))
    assert attempt(RIGHT).status_code == 302, "nobody else there waits longer than half a minute"


def test_nothing_tells_which_names_there_are(later):
    def told(name: str) -> list[tuple[int, str]]:
        own = re.compile(rf'value="(?:\w{{64}}|{name})"')
        return [(reply.status_code, own.sub("", reply.content.decode()))
                for reply in [attempt(name=name, address=f"192.0.2.{len(name)}") for _ in range(PAIR.free + 2)]]

    closed = get_user_model().objects.create_user("closed", password=RIGHT)
    closed.is_active = False
    closed.save()
    assert told("lin") == told("nobody") == told("closed")


def test_a_class_of_thirty_behind_one_address_signs_in_at_once(database):
    for number in range(30):
        get_user_model().objects.create_user(f"trainee-{number}", password=RIGHT)

    def come(number: int) -> int:
        try:
            return int(attempt(RIGHT, f"trainee-{number}").status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(come, range(30))) == {302}
    assert max(Tries.objects.values_list("wrong", flat=True)) == 0


def test_of_many_guesses_at_once_no_more_are_looked_at_than_one_by_one(database):
    def guess(_: int) -> int:
        try:
            return int(attempt().status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(guess, range(40)))
    assert statuses.count(200) == PAIR.free
    assert statuses.count(429) == 40 - PAIR.free


def test_what_is_counted_is_forgotten_and_names_nobody(later):
    for number in range(40):
        attempt(name=f"nobody-{number}")
    kept = str(list(Tries.objects.values()))
    assert "nobody" not in kept
    assert "192.0.2" not in kept
    later(FORGOTTEN + timedelta(seconds=1))
    attempt()
    assert Tries.objects.count() == 3


# -- signing out ----------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(lin: Any) -> tuple[Client, Client]:
    """Somebody who has signed in, and somebody with a copy of the cookie."""
    own, thief = (Client(SERVER_NAME="127.0.0.1") for _ in range(2))
    assert attempt(RIGHT, client=own).status_code == 302
    thief.cookies[settings.SESSION_COOKIE_NAME] = own.cookies[settings.SESSION_COOKIE_NAME].value
    assert thief.get("/course/").status_code == 200
    return own, thief


def test_a_copied_cookie_opens_nothing_after_signing_out(copied):
    own, thief = copied
    own.post("/sign-out/")
    assert thief.get("/course/").headers["Location"].startswith("/sign-in/")
    cache.clear()  # another process, or the same when a minute has gone by
    assert thief.get("/course/").status_code == 302


def test_signing_out_in_one_browser_ends_no_session_in_another(copied):
    own, _ = copied
    phone = Client(SERVER_NAME="127.0.0.1")
    assert attempt(RIGHT, client=phone).status_code == 302
    own.post("/sign-out/")
    assert phone.get("/course/").status_code == 200
    cache.clear()
    assert phone.get("/course/").status_code == 200


def test_that_somebody_has_signed_out_is_kept_no_longer_than_a_cookie_lives(copied, later):
    own, _ = copied
    own.post("/sign-out/")
    assert SignedOut.objects.count() == 1
    later(timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
    attempt(RIGHT, client=own)
    own.post("/sign-out/")
    assert SignedOut.objects.count() == 1


def test_a_session_costs_one_statement_a_minute(copied, lin):
    own, _ = copied
    cache.clear()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            own.get("/unit/welcome/")
        return sum("ladder_preview" in query["sql"] for query in queries)

    assert [asked() for _ in range(3)] == [1, 0, 0]


def test_whoever_signs_out_while_the_disk_is_full_is_out_in_this_browser(copied):
    own, _ = copied
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = on")
    try:
        assert own.post("/sign-out/").status_code == 302
        assert own.get("/course/").status_code == 302
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = off")


# -- what is written ------------------------------------------------------------------------------------------------


def test_signing_in_needs_no_room_on_the_disk(later):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = on")
    try:
        assert attempt(RIGHT).status_code == 302
        assert "用户名或密码不正确" in attempt().content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = off")
    assert get_user_model().objects.get().last_login is None


def test_an_account_says_when_somebody_last_signed_in_with_it(later):
    attempt()
    assert get_user_model().objects.get().last_login is None, "a wrong password is no sign-in"
    for _ in range(2):
        later(timedelta(hours=2))
        assert attempt(RIGHT).status_code == 302
        assert get_user_model().objects.get().last_login == timezone.now()
