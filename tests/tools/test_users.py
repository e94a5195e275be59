"""`ladder users`: who may sign in, changed from a terminal while the server runs."""

from __future__ import annotations

import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from ladder.records.models import LessonProgress
from ladder_tools.preview import accounts
from terminal import ladder, serving

pytestmark = pytest.mark.slow


def rows(data: Path, statement: str) -> list[tuple[Any, ...]]:
    records = sqlite3.connect(data / "records.sqlite3")
    try:
        return records.execute(statement).fetchall()
    finally:
        records.close()


def soon(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_without_the_demo_the_first_account_is_made_while_the_server_runs_and_removed_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, "--no-demo", "--workers", "2", "--lang", "zh", lines=2) as server:
        assert server.said[0].startswith("Ladder 已启动，请打开 http://127.0.0.1:")
        assert server.said[1] == f"还没有人能登录。先开账号：ladder users add NAME --role trainer --data {data}"
        assert "请联系培训师" in server.ask("GET", "/sign-in/")[1]
        made = ladder("users", "add", "林晓雨", "--data", data, "--lang", "zh", says="hotline-2026\n")
        assert (made.returncode, made.stdout, made.stderr) == (0, "林晓雨 现在可以登录（学员）\n", "")
        assert "从未" in ladder("users", "list", "--data", data, "--lang", "zh").stdout
        assert server.sign_in("林晓雨", "hotline-2026") == 302
        assert "从未" not in ladder("users", "list", "--data", data, "--lang", "zh").stdout, "when that was is in the list"
        for _ in range(6):  # so that each server process remembers who this is
            assert server.ask("GET", "/course/")[0] == 200
        gone = ladder("users", "remove", "林晓雨", "--data", data, "--lang", "zh")
        assert "学习记录都保留着" in gone.stdout
        assert soon(lambda: all(server.ask("GET", "/course/")[0] == 302 for _ in range(6)))
        assert server.sign_in("林晓雨", "hotline-2026") == 200, "the sign-in page again"
    assert rows(data, "SELECT username, is_active FROM auth_user") == [("林晓雨", 0)]


def test_another_password_ends_the_sessions_of_the_old_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert ladder("users", "add", "lin", "--data", data, says="hotline-2026\n").returncode == 0
    with serving(data, "--no-demo", "--lang", "en", lines=2) as server:
        assert server.said[1] == f"Accounts that can sign in: 1. To manage them: ladder users list --data {data}"
        server.sign_in("lin", "hotline-2026")
        assert server.ask("GET", "/course/")[0] == 200
        changed = ladder("users", "password", "lin", "--generate", "--data", data, "--lang", "en")
        (word,) = re.findall(r"^  lin  (\S+)$", changed.stdout, re.MULTILINE)
        assert soon(lambda: server.ask("GET", "/course/")[0] == 302)
        assert server.sign_in("lin", "hotline-2026") == 200
        assert server.sign_in("lin", word) == 302


def test_a_class_comes_in_from_a_list_as_a_spreadsheet_saves_it_all_or_nobody(tmp_path: Path) -> None:
    data, people = tmp_path / "data", tmp_path / "people.csv"
    people.write_bytes("账号,姓名,角色,密码\r\nwang,王佳宁,,\r\n\r\n赵一鸣,赵一鸣,培训师,call-centre-26\r\n".encode("gb18030"))
    made = ladder("users", "add", "--from", people, "--data", data, "--lang", "zh")
    assert made.returncode == 0, made.stderr
    assert re.findall(r"^  (\S+)  \S{12}$", made.stdout, re.MULTILINE) == ["wang"], "only what was made up is printed"
    assert "call-centre-26" not in made.stdout
    assert rows(data, "SELECT username, first_name, is_staff FROM auth_user ORDER BY id") == [("wang", "王佳宁", 0), ("赵一鸣", "赵一鸣", 1)]
    for text, line, why in (
        ("账号\n新人甲\nwang\n", 3, "已经有 wang 这个账号"), ("账号\n新人甲\nWang\n", 3, "已经有 wang 这个账号"),
        ("账号\n新人甲\n新人甲\n", 3, "已经有 新人甲 这个账号"), ("账号,角色\n新人甲,\n乙,校长\n", 3, "角色 校长 不行"),
        ("账号,密码\n新人甲,\n乙,short\n", 3, "至少 8 个字符"), ("账号\n新人甲\na b\n", 3, "只能用文字、数字"), ("账号\n新人甲\ndemo-01\n", 3, "示例账号"),
    ):
        people.write_text(text, encoding="utf-8")
        refused = ladder("users", "add", "--from", people, "--data", data, "--lang", "zh")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith(f"错误：{people} 第 {line} 行：")
        assert why in refused.stderr
    for text in ("姓名\n新人甲\n", "账号\n", "", "账号\n" + "x" * 200_000, "账号\n\0"):
        people.write_text(text, encoding="utf-8")
        refused = ladder("users", "add", "--from", people, "--data", data, "--lang", "zh")
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert rows(data, "SELECT count(*) FROM auth_user") == [(2,)]


def test_who_was_removed_comes_back_with_what_they_did_only_when_it_is_said_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ladder("users", "add", "lin", "--data", data, says="hotline-2026\n")
    ladder("users", "remove", "lin", "--data", data)
    refused = ladder("users", "add", "lin", "--data", data, "--lang", "en", says="hotline-2027\n")
    assert refused.returncode == 1
    assert "what that person did is kept: say --again" in refused.stderr
    assert ladder("users", "add", "lin", "--again", "--data", data, says="hotline-2027\n").returncode == 0
    assert rows(data, "SELECT id, username, is_active FROM auth_user") == [(1, "lin", 1)]


def test_the_list_shows_roles_and_states_and_nothing_of_passwords(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ladder("users", "add", "林晓雨", "--full-name", "小林", "--data", data, says="hotline-2026\n")
    ladder("users", "add", "teacher", "--role", "trainer", "--data", data, says="hotline-2026\n")
    ladder("users", "remove", "林晓雨", "--data", data)
    listed = ladder("users", "list", "--data", data, "--lang", "zh").stdout
    assert [re.findall(r"[^\s│]+", line) for line in listed.splitlines()[3:-1]] == [
        ["teacher", "培训师", "可登录", "从未"], ["林晓雨", "小林", "学员", "已移除", "从未"],
    ]
    everything = listed + ladder("users", "password", "teacher", "--data", data, says="hotline-2028\n").stdout
    assert not re.search(r"pbkdf2|hotline", everything)


@pytest.mark.parametrize(("command", "says", "why"), [
    (("add", "trainee-1"), "hotline-2026\n", "a name of the demo"),
    (("add", "demo-07"), "hotline-2026\n", "a name of the demo"),
    (("add", "lin"), "", "no password was given"),
    (("add", "lin"), "lin-lin\n", "at least 8 characters"),
    (("add", "lin"), "password\n", "too common"),
    (("add", "xiaoyu.lin"), "xiaoyu.lin1\n", "too much like the account"),
    (("add",), "", "give one account's name"),
    (("add", "a b"), "hotline-2026\n", "cannot be an account's name"),
    (("add", "x" * 200), "hotline-2026\n", "cannot be an account's name"),
    (("remove", "trainer-1"), "", "there is no account trainer-1"),
    (("remove", "nobody"), "", "there is no account nobody"),
    (("password", "nobody"), "hotline-2026\n", "there is no account nobody"),
    (("add", "--from", "nothing.csv"), "", "nothing.csv cannot be used (it is not there)"),
])
def test_what_is_not_possible_is_said_in_a_sentence_and_changes_nothing(command: tuple[str, ...], says: str, why: str, tmp_path: Path) -> None:
    refused = ladder("users", *command, "--data", tmp_path / "data", "--lang", "en", says=says)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert why in refused.stderr
    assert rows(tmp_path / "data", "SELECT count(*) FROM auth_user") == [(0,)]


def test_accounts_of_the_demo_are_the_demos(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ladder("users", "add", "lin", "--data", data, says="hotline-2026\n")
    records = sqlite3.connect(data / "records.sqlite3")
    records.execute("UPDATE auth_user SET username = 'trainer-1'")
    records.commit()
    records.close()
    for command in ("remove", "password"):
        refused = ladder("users", command, "trainer-1", "--data", data, "--lang", "en", says="hotline-2027\n")
        assert refused.stderr == "Error: trainer-1 belongs to the demo: ladder serve --no-demo closes it\n"
    assert "示例" in ladder("users", "list", "--data", data, "--lang", "zh").stdout


def test_the_list_of_a_folder_that_is_not_there_makes_none(tmp_path: Path) -> None:
    refused = ladder("users", "list", "--data", tmp_path / "mistyped", "--lang", "en")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert not (tmp_path / "mistyped").exists()


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    terminal, line = pty.openpty()
    command = [sys.executable, "-m", "ladder_tools.cli", "users", "add", "lin", "--data", str(tmp_path / "data"), "--lang", "zh"]
    process = subprocess.Popen(command, stdin=line, stdout=line, stderr=line, start_new_session=True, env=os.environ | {"TERM": "dumb", "PYTHONIOENCODING": "utf-8"},
                               preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)))
    os.close(line)
    seen = b""
    for question, answer in (("lin 的密码: ", "short"), ("至少 8 个字符", ""), ("lin 的密码: ", "hotline-2026"), ("再输入一次: ", "hotline-2027"), ("两次输入的密码不一样", ""),
                             ("lin 的密码: ", "hotline-2026"), ("再输入一次: ", "hotline-2026"), ("lin 现在可以登录", "")):
        while question.encode() not in seen:
            assert select.select([terminal], [], [], 30)[0], seen.decode()
            seen += os.read(terminal, 1000)
        seen = seen.partition(question.encode())[2]
        assert b"hotline" not in seen
        os.write(terminal, f"{answer}\n".encode() if answer else b"")
    assert process.wait(20) == 0
    os.close(terminal)


def test_an_account_that_was_remembered_is_looked_up_again_after_a_change_and_not_otherwise(site: Any, sign_in: Callable[[str], Any], trainee: Any) -> None:
    client: Client = trainee.client
    trainee.learn("welcome")
    assert client.get("/course/").status_code == 200
    get_user_model().objects.update(is_active=False)
    assert client.get("/course/").status_code == 200, "remembered for a minute"
    accounts.note_change()
    assert client.get("/course/").status_code == 302
    assert LessonProgress.objects.exists()
