"""The preview starts, or says in one sentence why not and what to do; other machines get in by the names that were given only."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ladder_tools.preview import data_folder, sentences
from ladder_tools.preview.data_folder import ROOM
from ladder_tools.preview.reach import names_of
from ladder_tools.preview.sentences import Stopped
from terminal import COURSE, ROOT, Served, as_anybody, ladder, serving

pytestmark = pytest.mark.slow
SPOKEN = {"zh": "错误：", "en": "Error: "}


def refused(*options: object, lang: str = "en", before: Callable[[], None] | None = None) -> str:
    """The one sentence that `ladder serve` ends with."""
    ended = ladder("serve", COURSE, "--port", "0", "--no-demo", "--lang", lang, *options, before=before)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(SPOKEN[lang])
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr.strip().removeprefix(SPOKEN[lang])


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with people in it, to be copied."""
    data = tmp_path_factory.mktemp("used") / "data"
    people = data.with_name("people.csv")
    people.write_text("账号,密码\n" + "".join(f"trainee-of-many-{number},hotline-2026\n" for number in range(3)), encoding="utf-8")
    assert ladder("users", "add", "--from", people, "--data", data).returncode == 0
    records = sqlite3.connect(data / "records.sqlite3")
    records.execute("PRAGMA journal_mode=DELETE")  # all in one file
    records.executemany("INSERT INTO ladder_source (digest, content) VALUES (?, ?)", [(f"{number:064}", "字" * 2000) for number in range(400)])
    records.commit()
    records.close()
    return data


@pytest.fixture
def data(used: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(used, tmp_path / "data"))


# -- the data folder --------------------------------------------------------------------------------------------------


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def make_newer(path: Path, app: str) -> None:
    records = sqlite3.connect(path)
    records.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, '0999_from_tomorrow', '2030-01-01')", [app])
    records.commit()
    records.close()


@pytest.mark.parametrize(("harm", "why"), [
    (lambda data: overwrite(data / "records.sqlite3", (data / "records.sqlite3").stat().st_size // 8192 * 4096, bytes(8192)),
     "已损坏"),
    (lambda data: cut_in_half(data / "records.sqlite3"), "已损坏"),
    (lambda data: overwrite(data / "records.sqlite3", 0, b"no database at all"), "已损坏"),
    (lambda data: make_newer(data / "records.sqlite3", "ladder"), "来自更新版本的 Ladder（0999_from_tomorrow）"),
    (lambda data: make_newer(data / "records.sqlite3", "ladder_preview"), "来自更新版本的 Ladder（0999_from_tomorrow）"),
    (lambda data: (data / "secret-key").write_bytes(b""), "删除它再启动"),
    (lambda data: (data / "secret-key").write_bytes(b"short"), "删除它再启动"),
    (lambda data: (data / "secret-key").write_bytes(os.urandom(64)), "删除它再启动"),
    (lambda data: (data / "secret-key").chmod(0), "secret-key 读不了（没有权限）"),
    (lambda data: (data / "records.sqlite3").chmod(0), "用不了"),
    (lambda data: (data / "records.sqlite3").chmod(0o400), "用不了"),
    (lambda data: data.chmod(0o500), "用不了（没有权限）"),
    (lambda data: data.chmod(0o300), "用不了（没有权限）"),
    (lambda data: (shutil.rmtree(data), data.write_text("a file")), "不是文件夹"),
], ids=["zeros", "half", "no-database", "newer", "newer-preview", "empty-key", "short-key", "odd-key", "unreadable-key", "unreadable", "read-only", "read-only-folder",
        "unreadable-folder", "file"])
def test_a_data_folder_that_cannot_be_used_is_told_in_a_sentence(harm: Callable[[Path], object], why: str, data: Path) -> None:
    harm(data)
    before = {path.name: path.stat().st_size for path in data.iterdir()} if data.is_dir() and os.access(data, os.R_OK) else {}
    said = refused("--data", data, lang="zh", before=as_anybody)
    assert why in said
    assert str(data) in said
    if before:
        data.chmod(0o700)
        assert {path.name: path.stat().st_size for path in data.iterdir()} == before, "nothing is changed, so that it can be rescued"


def test_a_folder_inside_a_file_or_where_nothing_may_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    assert "is no folder" in refused("--data", tmp_path / "file" / "data")
    (tmp_path / "closed").mkdir(0o500)
    assert "permission denied" in refused("--data", tmp_path / "closed" / "data", before=as_anybody)


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    said = refused("--data", tmp_path / "data", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
    assert f"free at least {ROOM // 1_000_000} MB" in said
    assert list((tmp_path / "data").iterdir()) == []


def test_damaged_demo_passwords_are_told(data: Path) -> None:
    for text in ("", "{", '{"trainee-1": ""}'):
        (data / "demo-passwords.json").write_text(text)
        assert "demo-passwords.json are damaged" in refused("--demo", "--data", data)


def test_what_is_wrong_with_the_folder_is_told_to_who_manages_the_accounts_too(data: Path) -> None:
    cut_in_half(data / "records.sqlite3")
    ended = ladder("users", "list", "--data", data, "--lang", "zh")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "已损坏" in ended.stderr


def test_records_that_another_program_holds_are_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "_SECONDS", 0.1)
    other = sqlite3.connect(data / "records.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Stopped) as stopped:
        data_folder.inspect(data)
    other.close()
    assert stopped.value.name == "database-busy"


def test_what_people_did_is_nobody_elses_on_this_machine_in_a_folder_that_was_there_too(tmp_path: Path) -> None:
    data_folder.inspect(tmp_path)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {"records.sqlite3": 0o600, "secret-key": 0o600}


def test_every_sentence_is_said_somewhere_with_the_same_words_in_both_languages() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "scripts" / "ladder_tools").rglob("*.py"))
    for name, (zh, en) in sentences._SENTENCES.items():
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), name
        assert code.count(f'"{name}"') > 1 or name.startswith("password_"), name  # those are Django's codes
        assert zh.isascii() == (not zh.strip()), name


def test_a_folder_that_is_sound_starts_as_often_as_one_likes_also_twice_at_once(data: Path) -> None:
    key = (data / "secret-key").read_text()
    with serving(data, "--no-demo") as one, serving(data, "--no-demo") as other:
        assert one.ask("GET", "/sign-in/")[0] == other.ask("GET", "/sign-in/")[0] == 200
    assert (data / "secret-key").read_text() == key
    assert not [path.name for path in data.iterdir() if path.name.startswith((".", "tmp"))]


def test_when_the_first_process_is_killed_the_others_end_and_the_port_is_free(data: Path) -> None:
    with serving(data, "--no-demo", "--workers", "3") as server:
        assert server.ask("GET", "/sign-in/")[0] == 200, "they are there"
        os.kill(server.process, signal.SIGKILL)
        for _ in range(100):
            if not is_taken(server.port):
                return
            time.sleep(0.1)
    pytest.fail("somebody serves on")


def is_taken(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


# -- the course and the port ------------------------------------------------------------------------------------------


def test_a_course_that_is_not_there_is_told(tmp_path: Path) -> None:
    ended = ladder("serve", tmp_path / "nothing", "--port", "0", "--data", tmp_path / "data", "--lang", "zh")
    assert (ended.returncode, ended.stderr) == (1, f"错误：没有课程文件夹 {tmp_path / 'nothing'}：检查路径\n")
    assert not (tmp_path / "data").exists()


def test_a_course_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    course = Path(shutil.copytree(COURSE.parents[1], tmp_path / "desk")) / "courses" / "small"
    (course / "course.md").chmod(0)
    ended = ladder("serve", course, "--port", "0", "--data", tmp_path / "data", "--lang", "en", before=as_anybody)
    assert ended.returncode == 1
    assert ended.stderr == f"Error: {course / 'course.md'} cannot be used (permission denied)\n"


def test_a_port_that_is_taken_is_told_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused("--port", port, "--data", tmp_path / "data", lang="zh").startswith(f"端口 {port} 已被占用：换一个，例如 --port ")
    assert not (tmp_path / "data").exists()


# -- other machines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "why"), [
    (("--host", "0.0.0.0"), "lets other machines in: say with --allow"),
    (("--host", "203.0.113.7", "--allow", "pc"), "is no address of this machine"),
    (("--allow", "training-pc.local"), "--allow goes with --host"),
])
def test_nobody_is_let_in_from_elsewhere_unless_it_is_said_by_which_name(options: tuple[str, ...], why: str, tmp_path: Path) -> None:
    assert why in refused(*options, "--data", tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("host", "allow", "sentence"), [
    ("::", (), "host-without-names"), ("192.168.0.7", (), "host-without-names"), ("8.8.8.8", (), "host-without-names"),
    ("ladder.example", ("pc",), "host-no-address"), ("localhost.example", (), "host-no-address"), ("", (), "host-no-address"),
    *(("0.0.0.0", (name,), "allow-no-name") for name in ("*", ".local", "http://pc", "pc:8000", "", "a b", "0.0.0.0", "pc,evil", "pc\n", "-pc")),
])
def test_an_address_or_name_that_says_too_much_is_refused(host: str, allow: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Stopped) as stopped:
        names_of(host, allow)
    assert stopped.value.name == sentence


@pytest.mark.parametrize(("host", "allow", "names"), [
    ("127.0.0.1", (), ()), ("localhost", (), ()), ("::1", (), ()), ("127.0.0.2", (), ()), ("0.0.0.0", ("PC.local", "192.0.2.7", "fe80::1"), ("pc.local", "192.0.2.7", "[fe80::1]")),
    ("192.0.2.7", ("pc",), ("pc", "192.0.2.7")), ("192.0.2.7", ("192.0.2.7",), ("192.0.2.7",)),
])
def test_the_names_are_those_that_a_browser_sends(host: str, allow: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert names_of(host, allow) == names


@pytest.fixture(scope="module")
def pilot(used: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    """A training room: a server for other machines, under two names."""
    folder = tmp_path_factory.mktemp("pilot")
    data = Path(shutil.copytree(used, folder / "data"))
    with serving(data, "--no-demo", "--host", "0.0.0.0", "--allow", "Training-PC.local", "--allow", "192.0.2.7", "--lang", "zh", lines=3) as server:
        yield server


def test_a_pilot_says_plainly_who_can_reach_it_and_that_nothing_is_encrypted(pilot: Served) -> None:
    assert pilot.said == [
        f"Ladder 已启动，请打开 http://training-pc.local:{pilot.port}/", f"  也可以打开 http://192.0.2.7:{pilot.port}/", pilot.said[2],
    ]
    said = pilot.complaints.read_text(encoding="utf-8")
    assert said.startswith(f"注意：凡是能连到本机 0.0.0.0 端口 {pilot.port} 的机器，都能打开这个服务（只认这些名字：training-pc.local, 192.0.2.7）。")
    assert "没有加密，密码和答卷在网络上可以被别人看到" in said


@pytest.mark.parametrize("host", ["training-pc.local", "192.0.2.7", "127.0.0.1", "localhost"])
def test_people_of_the_room_sign_in_and_save_by_the_names_that_were_given(host: str, pilot: Served) -> None:
    assert pilot.sign_in("trainee-of-many-1", "hotline-2026", host=host, headers={"Origin": f"http://{host}:{pilot.port}"}) == 302
    status, page, _ = pilot.ask("GET", "/unit/late-van/", host=host)
    assert status == 200
    usage = re.findall(r"block-v1:[^\"/&]+@late-van", page)[0]
    token = {"X-CSRFToken": pilot.cookies["csrftoken"], "Content-Type": "application/json"}
    for origin, answer in ((f"http://{host}:{pilot.port}", 200), ("http://evil.example", 403), (f"http://{host}:1", 403), ("null", 403)):
        assert pilot.ask("POST", f"/handler/{usage}/begin", host=host, says="{}", headers=token | {"Origin": origin})[0] == answer, origin


@pytest.mark.parametrize("host", ["evil.example", "training-pc.local.evil.example", "0.0.0.0", "192.0.2.8", "sub.training-pc.local", ""])
def test_a_name_that_was_made_to_lead_here_is_refused(host: str, pilot: Served) -> None:
    """DNS rebinding: a page of somebody else's asks under its own name."""
    for path in ("/", "/sign-in/", "/course/", "/version/", "/resource/ladder/ladder.js"):
        assert pilot.ask("GET", path, host=host)[0] == 400, path


def test_a_sign_in_of_another_site_is_refused_and_cookies_stay_with_this_one(pilot: Served) -> None:
    assert pilot.sign_in("trainee-of-many-1", "hotline-2026", host="training-pc.local", headers={"Origin": "http://evil.example"}) == 403
    connection = HTTPConnection("127.0.0.1", pilot.port, timeout=30)
    connection.request("GET", "/sign-in/", headers={"Host": f"training-pc.local:{pilot.port}"})
    cookie = connection.getresponse().headers["Set-Cookie"]
    connection.close()
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_every_address_of_this_machine_answers_for_a_pilot_of_both_kinds(data: Path) -> None:
    with serving(data, "--no-demo", "--host", "::", "--allow", "training-pc.local") as server:
        for address in ("127.0.0.1", "::1"):
            assert server.ask("GET", "/sign-in/", host="training-pc.local", to=address)[0] == 200
            assert server.ask("GET", "/sign-in/", host="evil.example", to=address)[0] == 400


def test_without_host_other_machines_find_no_door(data: Path) -> None:
    """Another address of this machine stands for another machine."""
    with serving(data, "--no-demo") as server:
        assert server.complaints.read_text() == ""
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/sign-in/", to="127.0.0.2")
