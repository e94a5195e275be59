"""Starting the preview: database, accounts, watcher, server processes."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import select
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import click

from ladder_tools import check as checking
from ladder_tools.folder import watched_folders

CONNECTIONS = 4096  # at most, in each server process
_OTHER_FILES = 100  # what a process has open besides: the database, the listener, what is being watched


def serve_course(course: Path, *, host: str, port: int, data: Path, demo: bool, workers: int, spoken: str) -> None:
    """Serve `course` until interrupted."""
    if not _is_loopback(host):
        raise click.BadParameter(f"{host} is not a loopback address; the preview serves this machine only", param_hint="--host")
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    _configure(course, data, port)

    from django.core.management import call_command

    from ladder_tools.preview import accounts, views

    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    shelf = views.open_shelf()
    for line in checking.as_text(shelf.problems, spoken):
        click.echo(line, err=True)
    passwords = accounts.demo_passwords(data) if demo else {}
    if demo:
        _seed(shelf, passwords)
    else:
        accounts.close_demo_accounts()
    click.echo(f"Ladder is ready at http://{_shown(host)}:{port}/")
    for name, password in passwords.items():
        click.echo(f"  {name:<12} {password}")
    sys.stdout.flush()
    _run(listener, workers, course, shelf)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(f"port {port} is in use; try --port {port + 1}") from error
    listener.listen(1024)
    return listener


def _configure(course: Path, data: Path, port: int) -> None:
    os.environ["LADDER_COURSE"] = str(course.resolve())
    os.environ["LADDER_DATA"] = str(data.resolve())
    os.environ["LADDER_PORT"] = str(port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ladder_tools.preview.settings"
    import django

    django.setup()


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
    for _ in range(workers - 1):
        child = os.fork()
        if child == 0:
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
