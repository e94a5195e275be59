"""What the commands of the preview say: each thing in one sentence that names what to do, in both languages."""
# ruff: noqa: E501 (a table: one entry a line reads best)

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ladder.core.problems import Problem

_SENTENCES = {
    # -- the data folder ----------------------------------------------------------------------------------------------
    "data-no-folder": ("{path} 不是文件夹：用 --data 换一个", "{path} is no folder: choose another with --data"),
    "data-missing": ("没有数据文件夹 {path}：用 --data 指明服务所用的那个",
                     "there is no data folder {path}: name with --data the one that the server uses"),
    "data-unusable": ("数据文件夹 {path} 用不了（{reason}）：改好权限，或用 --data 换一个",
                      "the data folder {path} cannot be used ({reason}): change its permissions, or choose another with --data"),
    "data-full": ("{path} 所在的磁盘空间不足：腾出至少 {megabytes} MB 后再启动",
                  "no room is left for {path}: free at least {megabytes} MB, then start again"),
    "key-unusable": ("密钥文件 {path} 是空的或已损坏：删除它再启动，会生成新的，所有人需重新登录",
                     "the key in {path} is empty or damaged: delete the file and start again; a new one is made, and everybody signs in anew"),
    "file-unreadable": ("{path} 读不了（{reason}）：让当前用户可以读它", "{path} cannot be read ({reason}): let this user read it"),
    "passwords-unusable": ("示例账号的密码文件 {path} 已损坏：删除它再启动，会生成新密码",
                           "the demo passwords in {path} are damaged: delete the file and start again; new ones are made"),
    "database-damaged": ("记录数据库 {path} 已损坏（{reason}）：请从备份恢复；没有备份时，先把它移到别处留存，再启动",
                         "the records in {path} are damaged ({reason}): restore a backup; without one, move the file away, keep it, and start again"),
    "database-unusable": ("记录数据库 {path} 用不了（{reason}）：检查权限和磁盘空间后再试",
                          "the records in {path} cannot be used ({reason}): look at its permissions and the room on the disk, then try again"),
    "database-busy": ("记录数据库 {path} 正被别的程序占用：稍等再试，或关掉那个程序",
                      "the records in {path} are in use by another program: try again in a moment, or end that program"),
    "database-newer": ("{path} 的记录来自更新版本的 Ladder（{name}）：请升级 Ladder，或用 --data 换一个文件夹",
                       "the records in {path} come from a newer version of Ladder ({name}): update Ladder, or choose another folder with --data"),
    # -- the course and the address -----------------------------------------------------------------------------------
    "course-no-folder": ("没有课程文件夹 {path}：检查路径", "there is no course folder {path}: look at the path"),
    "port-taken": ("端口 {port} 已被占用：换一个，例如 --port {other}", "port {port} is in use: take another, such as --port {other}"),
    "port-refused": ("不允许使用端口 {port}（{reason}）：换一个，例如 --port 8000",
                     "port {port} must not be used ({reason}): take another, such as --port 8000"),
    "host-no-address": ("{host} 不是地址：--host 写本机的地址，例如 0.0.0.0；机器名用 --allow 写",
                        "{host} is no address: give --host one of this machine, such as 0.0.0.0, and its name with --allow"),
    "host-not-here": ("{host} 不是这台机器的地址：用它自己的地址，或用 0.0.0.0 表示全部",
                      "{host} is no address of this machine: take one that is, or 0.0.0.0 for all"),
    "host-without-names": ("--host {host} 会让别的机器访问本服务：同时用 --allow 写明他们在浏览器里输入的机器名或地址，例如 --allow {example}",
                           "--host {host} lets other machines in: say with --allow by which name or address they open it, such as --allow {example}"),
    "allow-without-host": ("--allow 只和 --host 一起用，例如 --host 0.0.0.0 --allow {name}",
                           "--allow goes with --host, as in --host 0.0.0.0 --allow {name}"),
    "allow-no-name": ("--allow {name} 不行：写一个机器名或地址，不带 http://、端口和 *",
                      "--allow {name} is not possible: give the name or address of one machine, without http://, port or *"),
    "ready": ("Ladder 已启动，请打开 {url}", "Ladder is ready at {url}"),
    "ready-too": ("  也可以打开 {url}", "  and at {url}"),
    "open-to-others": (
        "注意：凡是能连到本机 {host} 端口 {port} 的机器，都能打开这个服务（只认这些名字：{names}）。传输没有加密，密码和答卷在网络上可以被别人看到：只在可信的网络里用，培训结束后关掉。",
        "Take care: every machine that reaches {host}, port {port}, of this one can open it, by these names only: {names}. "
        "Nothing is encrypted: passwords and answers can be read by others on the network. Use it in a network that you trust, and end it after the training."),
    "nobody": ("还没有人能登录。先开账号：{command}", "Nobody can sign in yet. Give somebody an account: {command}"),
    "somebody": ("{count} 个账号可以登录。管理账号：{command}", "Accounts that can sign in: {count}. To manage them: {command}"),
    # -- accounts -----------------------------------------------------------------------------------------------------
    "user-none": ("没有 {name} 这个账号：用 ladder users list 看有哪些", "there is no account {name}: ladder users list shows those that are"),
    "user-taken": ("已经有 {name} 这个账号：换个名字，或用 ladder users password 改密码",
                   "there is an account {name} already: take another name, or give it a password with ladder users password"),
    "user-removed": ("{name} 是移除过的账号，以前的记录还在：确是同一个人，就加上 --again 重新启用；否则换个名字",
                     "{name} was removed, and what that person did is kept: say --again if it is the same person, else take another name"),
    "user-closed": ("{name} 已经移除；要重新启用，用 ladder users add {name} --again",
                    "{name} is removed already; ladder users add {name} --again opens the account again"),
    "user-of-demo": ("{name} 是示例账号的名字：示例账号由 ladder serve 管理，请换个名字",
                     "{name} is a name of the demo, which ladder serve keeps: take another"),
    "user-in-demo": ("{name} 是示例账号：用 ladder serve --no-demo 启动，就会停用它", "{name} belongs to the demo: ladder serve --no-demo closes it"),
    "user-name": ("账号名 {name} 不行：只能用文字、数字和 @ . + - _，最多 150 个字",
                  "{name} cannot be an account's name: letters, digits and @ . + - _ only, at most 150"),
    "user-made": ("{name} 现在可以登录（{role}）", "{name} can sign in now ({role})"),
    "user-gone": ("{name} 不能再登录了，已登录的也会退出。学习记录都保留着；以后可用 ladder users add {name} --again 重新启用",
                  "{name} can sign in no more, and is signed out. What {name} did is kept; ladder users add {name} --again opens the account again"),
    "password-set": ("{name} 的密码已更改，原来的登录会退出", "The password of {name} is changed, and who was signed in with the old one is signed out"),
    "password-shown": ("以下密码只显示这一次：", "These passwords are shown this once:"),
    "password-ask": ("{name} 的密码", "Password of {name}"),
    "password-again": ("再输入一次", "The same again"),
    "password-differs": ("两次输入的密码不一样，请重新输入", "The two are not the same; once more, please"),
    "password-refused": ("{name} 的密码不行：{reason}", "the password of {name} will not do: {reason}"),
    "password_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters, please"),
    "password_too_common": ("太常见，容易被猜到", "it is too common, and easily guessed"),
    "password_too_similar": ("和账号名或姓名太像", "it is too much like the account or the name"),
    "password-missing": ("没有读到密码：在标准输入里给一行，或加上 --generate 自动生成",
                         "no password was given: put it on a line of the standard input, or say --generate"),
    "people-or-name": ("写一个账号名，或用 --from 给一个名单，两者只能选一", "give one account's name, or a list with --from, and not both"),
    "people-header": ("{path} 的第一行要有“账号”一列，还可以有“姓名”“角色”“密码”",
                      "the first line of {path} must name a column account, and may name name, role and password"),
    "people-line": ("{path} 第 {line} 行：{why}", "{path}, line {line}: {why}"),
    "people-role": ("角色 {role} 不行：写“学员”或“培训师”", "{role} is no role: write trainee or trainer"),
    "people-unread": ("{path} 读不了：{why}", "{path} cannot be read: {why}"),
    "people-empty": ("{path} 里没有人", "there is nobody in {path}"),
    # -- anything else ------------------------------------------------------------------------------------------------
    "file-unusable": ("{path} 用不了（{reason}）", "{path} cannot be used ({reason})"),
    "words": ("错误：", "Error: "),
}
_REASONS = {
    errno.EACCES: ("没有权限", "permission denied"),
    errno.EPERM: ("没有权限", "permission denied"),
    errno.EROFS: ("只读", "it is read-only"),
    errno.ENOENT: ("不存在", "it is not there"),
    errno.ENOTDIR: ("上级不是文件夹", "what it should lie in is no folder"),
    errno.EISDIR: ("是文件夹", "it is a folder"),
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("超出磁盘配额", "the disk quota is used up"),
    errno.EFBIG: ("文件大小受限", "files must not become that large"),
}


class Stopped(Exception):
    """Why a command cannot go on: the name of a sentence, and its words. A word may be a failure: its reason is told."""

    def __init__(self, name: str, /, **words: object) -> None:
        super().__init__(name)
        self.name, self.words = name, words


def say(name: str, spoken: str, /, **words: object) -> str:
    """A sentence in a language (`zh` or `en`)."""
    told = {word: reason(value, spoken) if isinstance(value, (Exception, Problem)) else value for word, value in words.items()}
    return _SENTENCES[name][spoken != "zh"].format(**told)


def reason(error: Exception | Problem, spoken: str) -> str:
    """Why something failed, in a few words."""
    if isinstance(error, Stopped):
        return say(error.name, spoken, **error.words)
    if isinstance(error, Problem):
        return error.message(spoken)
    known = _REASONS.get(error.errno or 0) if isinstance(error, OSError) else None
    if known:
        return known[spoken != "zh"]
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


@contextmanager
def told(spoken: str) -> Iterator[None]:
    """End the program with one sentence when what is inside cannot go on."""
    try:
        yield
    except Stopped as stopped:
        _end(say(stopped.name, spoken, **stopped.words), spoken)
    except OSError as error:
        _end(say("file-unusable", spoken, path=error.filename or "?", reason=error), spoken)


def _end(sentence: str, spoken: str) -> None:
    click.echo(say("words", spoken) + sentence, err=True)
    sys.exit(1)


def of_database(error: Exception, path: object) -> Stopped:
    """What an error of SQLite means to who starts the preview."""
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    code = getattr(cause, "sqlite_errorname", None) or ""
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Stopped("database-damaged", path=path, reason=error)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Stopped("database-busy", path=path)
    return Stopped("database-unusable", path=path, reason=error)
