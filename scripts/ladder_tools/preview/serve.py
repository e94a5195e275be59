"""Starting the preview: database, accounts, watcher, server processes."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ladder_tools import check as checking
from ladder_tools.folder import watched_folders
from ladder_tools.preview import data_folder
from ladder_tools.preview.reach import in_url, listen
from ladder_tools.preview.sentences import Stopped, of_database, say, told

CONNECTIONS = 4096  # at most, in each server process
_OTHER_FILES = 100  # what a process has open besides: the database, the listener, what is being watched


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How to serve. `names`: what others may call this machine by; none when it serves itself only."""

    course: Path
    host: str
    names: tuple[str, ...]
    data: Path
    demo: bool
    workers: int
    spoken: str


def serve_course(serving: Serving, port: int) -> None:
    """Serve until interrupted. Ends with a sentence where that is not possible."""
    with told(serving.spoken):
        if not serving.course.is_dir():
            raise Stopped("course-no-folder", path=serving.course)
        listener = listen(serving.host, port)
        port = listener.getsockname()[1]
        data_folder.inspect(serving.data)
        configure(serving.data, course=serving.course, port=port, names=serving.names, demo=serving.demo)
        shelf = _prepare(serving, port)
    _run(listener, serving.workers, serving.course, shelf)


def _prepare(serving: Serving, port: int) -> Any:
    """Bring the records up to date, read the course, open the accounts, and say where it is served. Raises `Stopped`."""
    from django.db import DatabaseError

    from ladder_tools.preview import accounts, views

    try:
        migrate()
        shelf = views.open_shelf()
        for line in checking.as_text(shelf.problems, serving.spoken):
            click.echo(line, err=True)
        passwords = accounts.demo_passwords(serving.data) if serving.demo else {}
        if serving.demo:
            _seed(shelf, passwords)
        else:
            accounts.close_demo_accounts()
        _announce(serving, port, passwords, accounts.how_many())
    except DatabaseError as error:
        raise of_database(error, serving.data / data_folder.RECORDS) from error
    return shelf


def _announce(serving: Serving, port: int, passwords: dict[str, str], accounts: int) -> None:
    """Where it is served, to whom, and how anybody gets in."""
    spoken, hosts = serving.spoken, serving.names or (in_url(serving.host),)
    if serving.names:
        click.echo(say("open-to-others", spoken, host=serving.host, port=port, names=", ".join(hosts)), err=True)
    for number, name in enumerate(hosts):
        click.echo(say("ready-too" if number else "ready", spoken, url=f"http://{name}:{port}/"))
    for name, password in passwords.items():
        click.echo(f"  {name:<12} {password}")
    if not serving.demo:
        data = f" --data {shlex.quote(str(serving.data))}"
        command = f"ladder users list{data}" if accounts else f"ladder users add NAME --role trainer{data}"
        click.echo(say("somebody" if accounts else "nobody", spoken, count=accounts, command=command))
    sys.stdout.flush()


def configure(data: Path, *, course: Path | None = None, port: int = 0, names: tuple[str, ...] = (), demo: bool = False) -> None:
    """Set Django up for a data folder."""
    if course:
        os.environ["LADDER_COURSE"] = str(course.resolve())
    os.environ["LADDER_DATA"] = str(data.resolve())
    os.environ["LADDER_PORT"] = str(port)
    os.environ["LADDER_HOSTS"] = ",".join(names)
    os.environ["LADDER_DEMO"] = "1" if demo else ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "ladder_tools.preview.settings"
    import django

    django.setup()


def migrate() -> None:
    """Bring the records up to date."""
    from django.core.management import call_command

    # The SDK has migrations from one version on: its tables are there already where an earlier one has made them.
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True, fake_initial=True)


def _seed(shelf: Any, passwords: dict[str, str]) -> None:
    from ladder_tools.cli import progress
    from ladder_tools.preview import accounts, demo

    accounts.make_demo_accounts(passwords)
    if shelf.site is not None:
        with progress("demo") as notify:
            demo.seed(shelf.site, notify)


def _run(listener: socket.socket, workers: int, course: Path, shelf: Any) -> None:
    from django.db import connections

    connections.close_all()
    children = []
    alive, ours = os.pipe()  # the other end is closed when this process ends, however that comes about
    for _ in range(workers - 1):
        child = os.fork()
        if child == 0:
            os.close(ours)
            threading.Thread(target=_end_at_the_end_of, args=(alive,), daemon=True).start()
            _work(listener, course, shelf)
            os._exit(0)
        children.append(child)
    if children:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the children are ended too
    try:
        _work(listener, course, shelf)
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)


def _end_at_the_end_of(other: int) -> None:
    """Who serves on after the first process was killed holds the port, and nobody knows of them."""
    os.read(other, 1)
    os._exit(1)


def _work(listener: socket.socket, course: Path, shelf: Any) -> None:
    from waitress import create_server

    from ladder_tools.preview.lanes import Lanes
    from ladder_tools.preview.wsgi import application

    threading.Thread(target=_watch, args=(course, shelf), daemon=True).start()
    server = create_server(
        application, sockets=[listener], _dispatcher=Lanes(), ident="ladder",
        connection_limit=_room_for_connections(), asyncore_use_poll=hasattr(select, "poll"),
    )
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def _room_for_connections() -> int:
    """How many connections may be open: browsers keep theirs between requests, and who finds no room waits for minutes."""
    if sys.platform == "win32":
        return 400  # it has no limit to raise, and its `select` takes 512
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _OTHER_FILES
    files = max(soft, wanted if hard == resource.RLIM_INFINITY else min(hard, wanted))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return min(CONNECTIONS, files - _OTHER_FILES)


def _watch(course: Path, shelf: Any) -> None:
    """Read the course again when a file of it is saved."""
    from watchfiles import watch

    for _ in watch(*watched_folders(course), debounce=200, step=50):
        with contextlib.suppress(FileNotFoundError):  # a file went away while it was read: that is a change, too, and comes next
            shelf.load()
