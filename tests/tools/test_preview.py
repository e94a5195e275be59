"""The preview over HTTP: for this machine and signed-in people only, always the last good version of the course."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from ladder.records.models import Attempt, Call, LessonProgress
from ladder.records.stage import journeys
from ladder_tools.preview import accounts, demo
from trainee import FIRST_STAGE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def stranger(site: Any) -> Client:
    """Somebody who has not signed in."""
    return Client(SERVER_NAME="127.0.0.1")


def broken(site: Any) -> Path:
    """The course with a fault in one file; the file."""
    lesson: Path = site.folder / "01-start" / "10-welcome.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("[[limits", "[[nowhere"), encoding="utf-8")
    site.shelf.load()
    return lesson


# -- who is let in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["ladder.example", "127.0.0.1.ladder.example", "192.168.0.7", "0.0.0.0", "localhost.example", "[::2]"])
def test_other_hosts_than_this_machine_are_refused(host: str, sign_in: Callable[[str], Any]) -> None:
    client = sign_in("trainee")
    for url in ("/", "/course/", "/unit/welcome/", "/version/", "/resource/ladder/ladder.js"):
        assert client.get(url, SERVER_NAME=host).status_code == 400
        assert client.get(url, HTTP_HOST=f"{host}:8000").status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_served_under_each_of_its_names(host: str, sign_in: Callable[[str], Any]) -> None:
    assert sign_in("trainee").get("/course/", HTTP_HOST=f"{host}:8000").status_code == 200


def test_a_forwarded_host_is_not_believed(sign_in: Callable[[str], Any]) -> None:
    response = sign_in("trainee").get("/", HTTP_X_FORWARDED_HOST="ladder.example")
    assert response.headers["Location"] == "/course/"


def test_a_page_whose_session_has_ended_is_told_so_in_words_of_its_language(site: Any, stranger: Client) -> None:
    response = stranger.post(f"/handler/{site.usage('case', 'late-van')}/begin", "{}", content_type="application/json")
    assert (response.status_code, response.json()) == (403, {"error": "请重新登录。", "sign_in": True})


@pytest.mark.parametrize("url", ["/course/", "/unit/welcome/", "/author/welcome/", "/static/cover.png", "/unit/nothing/"])
def test_a_stranger_is_sent_to_the_sign_in_and_comes_back_to_the_page(url: str, stranger: Client) -> None:
    response = stranger.get(url)
    assert (response.status_code, response.headers["Location"]) == (302, f"/sign-in/?next={url}")


def test_the_first_address_leads_to_the_sign_in_and_once_signed_in_to_the_course(stranger: Client, sign_in: Callable[[str], Any]) -> None:
    assert stranger.get("/").headers["Location"] == "/sign-in/"
    assert sign_in("trainee").get("/").headers["Location"] == "/course/"


def test_signing_in_takes_the_right_name_and_password(stranger: Client) -> None:
    get_user_model().objects.create_user("lin", password="right-word")
    form = stranger.get("/sign-in/").content.decode()
    assert re.findall(r'<input [^>]*name="(username|password)"', form) == ["username", "password"]
    wrong = stranger.post("/sign-in/", {"username": "lin", "password": "wrong-word"})
    assert "用户名或密码不正确" in wrong.content.decode()
    assert stranger.get("/course/").status_code == 302
    right = stranger.post("/sign-in/?next=/unit/welcome/", {"username": "lin", "password": "right-word", "next": "/unit/welcome/"})
    assert (right.status_code, right.headers["Location"]) == (302, "/unit/welcome/")
    assert stranger.get("/course/").status_code == 200


def test_after_signing_in_nobody_is_led_away_to_another_site(stranger: Client) -> None:
    get_user_model().objects.create_user("lin", password="right-word")
    response = stranger.post("/sign-in/", {"username": "lin", "password": "right-word", "next": "https://ladder.example/"})
    assert response.headers["Location"] == "/course/"


def test_signing_out_takes_a_post_and_ends_the_session(sign_in: Callable[[str], Any]) -> None:
    client = sign_in("trainee")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/course/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/course/").status_code == 302


def test_every_change_needs_the_token_of_this_site(site: Any, sign_in: Callable[[str], Any]) -> None:
    user = sign_in("trainee").user
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(user)
    url = f"/handler/{site.usage('case', 'late-van')}/begin"
    assert client.post(url, "{}", content_type="application/json").status_code == 403
    assert client.post("/sign-out/").status_code == 403
    assert client.post("/sign-in/", {"username": "x", "password": "x"}).status_code == 403
    assert not Call.objects.exists()
    client.get("/unit/late-van/")
    token = client.cookies["csrftoken"].value
    elsewhere = client.post(url, "{}", content_type="application/json", HTTP_X_CSRFTOKEN=token, HTTP_ORIGIN="http://ladder.example")
    assert elsewhere.status_code == 403
    assert client.post(url, "{}", content_type="application/json", HTTP_X_CSRFTOKEN=token).status_code == 200


# -- what is answered -----------------------------------------------------------------------------------------------


def test_units_and_handlers_that_do_not_exist_are_not_found(site: Any, sign_in: Callable[[str], Any]) -> None:
    client = sign_in("trainee")
    welcome = site.usage("lesson", "welcome")
    urls = [
        "/unit/nothing/", "/unit/Welcome/", "/author/welcome/", "/static/nothing.png", "/nothing/", "/admin/", "/reset_state", "/scenario/x/",
        f"/handler/{welcome}/nothing", f"/handler/{welcome}/student_view", f"/handler/{welcome}/require_open", "/handler/nothing/read",
        f"/handler/{site.usage('lesson', 'nothing')}/read", f"/handler/{str(welcome).replace('SMALL', 'OTHER')}/read",
        f"/handler/{str(welcome).replace('ladder_lesson', 'ladder_exam')}/start",
    ]
    assert {url: client.post(url, "{}", content_type="application/json").status_code for url in urls} == dict.fromkeys(urls, 404)


def test_only_our_own_scripts_and_styles_are_served(stranger: Client) -> None:
    for url in ("/resource/ladder/../exam.py", "/resource/ladder/..%2fexam.py", "/resource/ladder/%2e%2e%2fexam.py", "/resource/ladder/.hidden",
                "/resource/nothing/ladder.js", "/resource/ladder/", "/resource/ladder/nothing.js", "/resource/preview/..%2f..%2fsettings.py"):
        assert stranger.get(url).status_code == 404, url
    script = stranger.get("/resource/ladder/ladder.js?v=1")
    assert script.status_code == 200
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_and_styles_of_a_page_are_there_and_change_their_address_with_their_content(sign_in: Callable[[str], Any]) -> None:
    client = sign_in("trainee")
    for name in FIRST_STAGE.values():
        links = re.findall(r'(?:src|href)="(/resource/[^"]+)"', client.get(f"/unit/{name}/").content.decode())
        assert len(links) >= 4, links
        for link in links:
            response = client.get(link)
            assert response.status_code == 200, link
            assert ("immutable" in response.headers["Cache-Control"]) == ("?v=" in link)


def test_pictures_of_the_course_are_served_to_those_who_are_signed_in(site: Any, sign_in: Callable[[str], Any]) -> None:
    response = sign_in("trainee").get("/static/cover.png")
    assert response.content == (site.folder / "static" / "cover.png").read_bytes()
    assert response.headers["Content-Type"] == "image/png"


def test_pages_may_run_only_our_scripts_may_not_be_framed_and_stay_on_no_shared_computer(sign_in: Callable[[str], Any]) -> None:
    for url in ("/course/", "/unit/welcome/", "/nothing/"):
        headers = sign_in("trainee").get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "no-store")


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(stranger: Client) -> None:
    get_user_model().objects.create_user("lin", password="right-word")
    cookie = stranger.post("/sign-in/", {"username": "lin", "password": "right-word"}).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_fault_shows_nobody_the_inside(site: Any, sign_in: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.DEBUG is False
    client = sign_in("trainee")
    client.raise_request_exception = False
    monkeypatch.setitem(site.now.positions, "welcome", "no position")
    response = client.get("/unit/welcome/")
    assert response.status_code == 500
    assert "服务器出错了" in response.content.decode()
    assert "position" not in response.content.decode()
    missing = client.get("/nothing/").content.decode()
    assert "urlpatterns" not in missing
    assert "views" not in missing


def test_pages_speak_chinese_unless_the_browser_asks_for_english(sign_in: Callable[[str], Any]) -> None:
    client = sign_in("trainee")
    assert '<html lang="zh' in client.get("/course/").content.decode()
    english = client.get("/unit/late-van/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert '<html lang="en' in english
    assert "Take the call" in english


# -- the outline ----------------------------------------------------------------------------------------------------


def states(page: str) -> dict[str, str]:
    return {name: state for state, name in re.findall(r'<li class="is-(\w+)">.*?/unit/([a-z-]+)/', page, re.DOTALL)}


def test_the_outline_shows_where_each_unit_stands_and_what_is_next(trainee: Any) -> None:
    page = trainee.client.get("/course/").content.decode()
    assert states(page) == {
        "welcome": "open", "voice": "open", "late-van": "open", "first-exam": "open", "refunding": "locked", "refund-call": "locked",
        "second-exam": "locked", "limits": "open", "calming": "open", "refunds": "locked",
    }
    assert 'class="ladder-button" href="/unit/welcome/"' in page
    trainee.learn("welcome")
    trainee.do("lesson", "voice", "read", {"sections": ["语速"]})
    trainee.play("late-van", [1, 1])
    trainee.sit("first-exam", knows=lambda _: False)
    page = trainee.client.get("/course/").content.decode()
    assert {name: states(page)[name] for name in ("welcome", "voice", "late-van", "first-exam")} == {
        "welcome": "done", "voice": "started", "late-van": "failed", "first-exam": "failed",
    }
    assert 'class="ladder-button" href="/unit/voice/"' in page
    trainee.finish_first_stage()
    page = trainee.client.get("/course/").content.decode()
    assert states(page)["refunding"] == "open"
    assert states(page)["late-van"] == "done", "the best call counts"
    assert 'class="ladder-button" href="/unit/refunding/"' in page


def test_neighbours_lead_through_the_stages_and_not_on_into_the_articles(trainer: Any) -> None:
    way, name = [], "start"
    while name:
        way.append(name)
        found = re.findall(r'rel="next" href="/unit/([a-z-]+)/"', trainer.see(name))
        name = found[0] if found else ""
    assert way == ["start", "welcome", "voice", "late-van", "first-exam", "calls", "refunding", "refund-call", "second-exam", "later"]


def test_a_course_without_articles_is_served(site: Any, sign_in: Callable[[str], Any]) -> None:
    for path in [*(site.folder / "kb").iterdir(), *site.folder.glob("*/*.md"), *site.banks.iterdir()]:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\[\[[^\]]+\]\]", "条目", re.sub(r"^kb: \w+\n| kb=\S+?(?=[ }])", "", text, flags=re.MULTILINE)), encoding="utf-8")
    for path in (site.folder / "kb").iterdir():
        path.unlink()
    site.load()
    for name in ("trainee", "trainer"):
        assert sign_in(name).get("/course/").status_code == 200
    assert sign_in("trainee").get("/unit/welcome/").status_code == 200


# -- a file is saved ------------------------------------------------------------------------------------------------


def version(client: Client) -> int:
    return int(client.get("/version/").json()["version"])


def test_a_saved_file_is_on_the_page_and_open_pages_learn_of_it(site: Any, trainee: Any) -> None:
    before = version(trainee.client)
    assert f'data-version="{before}"' in trainee.see("voice")
    site.rewrite(site.folder / "01-start" / "20-voice.md", "一百二十", "一百三十")
    assert version(trainee.client) > before
    assert "一百三十" in trainee.see("voice")


def test_a_broken_file_leaves_the_last_good_course_and_its_fault_stands_on_every_page_of_staff(site: Any, trainee: Any, trainer: Any) -> None:
    before = version(trainee.client)
    lesson = broken(site)
    assert version(trainee.client) > before, "open pages are to show the fault"
    for url in ("/course/", "/unit/welcome/", "/unit/late-van/"):
        page = trainer.client.get(url).content.decode()
        assert "10-welcome.md:9:" in page
        assert "没有“nowhere”这个条目" in page
        assert "10-welcome.md" not in trainee.client.get(url).content.decode()
    assert "投诉时限" in trainee.see("welcome"), "as it was when it was good"
    assert trainee.learn("welcome")
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("[[nowhere", "[[limits"), encoding="utf-8")
    site.load()
    assert "10-welcome.md" not in trainer.see("welcome")


def test_faults_are_not_shown_to_strangers(site: Any, stranger: Client) -> None:
    broken(site)
    assert "10-welcome.md" not in stranger.get("/sign-in/").content.decode()


def test_a_course_that_was_never_good_says_so_and_opens_by_itself_once_it_is(
    site: Any, sign_in: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ladder_tools.preview import views
    from ladder_tools.preview.content import Shelf

    client, author = sign_in("trainee"), sign_in("trainer")
    lesson = broken(site)
    shelf = Shelf(site.folder)
    shelf.load()
    monkeypatch.setattr(views, "_shelf", shelf)
    page = client.get("/course/")
    assert page.status_code == 200
    assert "课程正在准备中" in page.content.decode()
    assert "10-welcome.md" not in page.content.decode()
    assert "10-welcome.md:9:" in author.get("/course/").content.decode()
    assert client.get("/unit/welcome/").status_code == 404
    assert client.post(f"/handler/{site.usage('lesson', 'welcome')}/finish").status_code == 404
    assert client.get("/sign-in/").status_code == 302
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("[[nowhere", "[[limits"), encoding="utf-8")
    shelf.load()
    assert client.get("/unit/welcome/").status_code == 200


# -- demo -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_fixed_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LADDER_DEMO_PASSWORD", raising=False)


@pytest.mark.usefixtures("no_fixed_password")
def test_demo_passwords_are_random_for_each_data_folder_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    one, two = (accounts.demo_passwords(folder) for folder in folders)
    assert len({*one.values(), *two.values()}) == 8
    assert all(len(password) >= 12 for password in one.values())
    assert accounts.demo_passwords(folders[0]) == one, "and stay the same from start to start"
    (kept,) = folders[0].iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_secret_key_is_the_data_folders_own_and_readable_by_its_owner_only() -> None:
    path = settings.DATA / "secret-key"
    assert path.read_text() == settings.SECRET_KEY
    assert len(settings.SECRET_KEY) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_demo_accounts_can_sign_in_are_closed_without_the_demo_and_opened_again_with_it(site: Any) -> None:
    passwords = dict.fromkeys(("trainee-1", accounts.TRAINER), "word-for-all")

    def can_sign_in(name: str) -> bool:
        response = Client(SERVER_NAME="127.0.0.1").post("/sign-in/", {"username": name, "password": "word-for-all"})
        return bool(response.status_code == 302)

    accounts.make_demo_accounts(passwords)
    assert can_sign_in("trainee-1")
    accounts.close_demo_accounts()
    assert not can_sign_in("trainee-1")
    accounts.make_demo_accounts(passwords)
    assert can_sign_in("trainee-1")
    assert [user.is_staff for user in get_user_model().objects.order_by("username")] == [False, True]


def test_made_up_trainees_stand_at_different_points_and_only_once(site: Any, sign_in: Callable[[str], Any]) -> None:
    demo.seed(site.now)
    done = journeys(str(site.now.key))
    users = {user.username: done[user.id] for user in get_user_model().objects.filter(username__startswith="demo-")}
    assert len(users) == len(demo.TRAINEES)
    assert len({"calls" in mine.opened for mine in users.values()}) == 2, "some have climbed, some have not"
    assert len({frozenset(mine.lessons) for mine in users.values()}) >= 3
    assert not any(user.has_usable_password() for user in get_user_model().objects.filter(username__startswith="demo-"))
    before = [model.objects.count() for model in (LessonProgress, Call, Attempt)]
    demo.seed(site.now)
    assert [model.objects.count() for model in (LessonProgress, Call, Attempt)] == before
    page = sign_in("trainer").get("/course/").content.decode()
    assert all(trainee.name in page for trainee in demo.TRAINEES)
    assert "认识小店" in page


def test_no_trainee_sees_where_the_others_stand(site: Any, sign_in: Callable[[str], Any]) -> None:
    demo.seed(site.now)
    assert not [t for t in demo.TRAINEES if t.name in sign_in("trainee").get("/course/").content.decode()]


# -- the command ----------------------------------------------------------------------------------------------------


def hears_ctrl_c() -> None:
    """A shell starts what it runs in the background deaf to it, and whoever is started from there is too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Server:
    """`ladder serve`, as somebody starts it in a terminal."""

    def __init__(self, course: Path, data: Path, *options: str) -> None:
        paths = os.pathsep.join(str(ROOT / name) for name in ("xblocks", "scripts"))
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("LADDER_", "DJANGO_"))}
        command = [sys.executable, "-m", "ladder_tools.cli", "serve", str(course), "--port", "0", "--data", str(data), *options]
        said = data.with_name(f"{data.name}-said.txt")
        with said.open("w") as complaints:
            self.process = subprocess.Popen(command, cwd=course.parents[1], env=environment | {"PYTHONPATH": paths},
                                            stdout=subprocess.PIPE, stderr=complaints, text=True, preexec_fn=hears_ctrl_c)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip().rpartition(" ")[2]
        assert self.url, said.read_text()
        self.passwords: dict[str, str] = {}
        for _ in range(0 if "--no-demo" in options else 4):
            name, password = self.process.stdout.readline().split()
            self.passwords[name] = password

    def get(self, path: str, data: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(data).encode() if data else None
        with self.opener.open(urllib.parse.urljoin(self.url, path), body, timeout=120) as response:
            return str(response.read().decode())

    def sign_in(self, name: str, password: str) -> str:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/sign-in/"))[0]
        return self.get("/sign-in/", {"username": name, "password": password, "csrfmiddlewaretoken": token, "next": ""})

    def sign_out(self) -> None:
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/course/"))[0]
        self.get("/sign-out/", {"csrfmiddlewaretoken": token})

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait(120)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The small course on an author's desk."""
    import shutil

    shutil.copytree(ROOT / "tests" / "course", tmp_path / "desk")
    return tmp_path / "desk" / "courses" / "small"


@pytest.fixture
def server(desk: Path, tmp_path: Path) -> Iterator[Server]:
    started = Server(desk, tmp_path / "data")
    yield started
    started.stop()


def soon(true: Callable[[], bool], seconds: float = 120) -> bool:
    """Whether something becomes true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_a_terminal_and_a_browser_are_enough(server: Server, desk: Path, tmp_path: Path) -> None:
    """Sign in with what the terminal shows, save a file, break it, mend it: the page follows."""
    assert server.url.startswith("http://127.0.0.1:")
    assert "家电小店接线入门" in server.sign_in("trainee-1", server.passwords["trainee-1"])
    lesson = desk / "01-start" / "20-voice.md"
    good = lesson.read_text(encoding="utf-8")
    before = json.loads(server.get("/version/"))["version"]
    lesson.write_text(good.replace("一百二十", "一百三十"), encoding="utf-8")
    assert soon(lambda: json.loads(server.get("/version/"))["version"] > before)
    assert soon(lambda: "一百三十" in server.get("/unit/voice/"))
    sound = json.loads(server.get("/version/"))["version"]
    lesson.write_text("---\nkind: lesson\n", encoding="utf-8")
    assert soon(lambda: json.loads(server.get("/version/"))["version"] > sound)
    assert "一百三十" in server.get("/unit/voice/")
    server.sign_out()
    assert "20-voice.md:1:1" in server.sign_in(accounts.TRAINER, server.passwords[accounts.TRAINER])
    lesson.write_text(good, encoding="utf-8")
    assert soon(lambda: "20-voice.md" not in server.get("/unit/voice/"))
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700, "what people did is nobody else's on this machine"


@pytest.mark.slow
def test_without_the_demo_there_is_no_account_and_no_made_up_trainee(desk: Path, tmp_path: Path) -> None:
    server = Server(desk, tmp_path / "data", "--no-demo")
    try:
        assert "登录" in server.get("/")
        for name in (*accounts.TRAINEES, accounts.TRAINER, "demo-01", "admin"):
            assert "用户名或密码不正确" in server.sign_in(name, "guess")
    finally:
        server.stop()
    with sqlite3.connect(tmp_path / "data" / "records.sqlite3") as database:
        counts = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("auth_user", "ladder_call", "ladder_attempt")]
    database.close()
    assert counts == [0, 0, 0]
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if "sqlite3" not in path.name) == ["secret-key"]


@pytest.mark.slow
def test_nobody_waits_for_the_log_to_be_emptied_into_the_database_after_each_request(server: Server, tmp_path: Path) -> None:
    """Whoever closes the last connection does that, and deletes the log: with a connection for each request it was nearly everybody."""
    server.sign_in("trainee-1", server.passwords["trainee-1"])
    server.get("/course/")

    assert not soon(lambda: not (tmp_path / "data" / "records.sqlite3-wal").exists(), 0.5)
