"""The real preview server in a process group of its own, that can be killed, and trainees who have signed in to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CSRF = "t" * 32


@dataclass(frozen=True)
class Account:
    """A trainee's id and the headers of every request of theirs."""

    id: int
    headers: dict[str, str]


class Preview:
    """`ladder serve` on one course and one data folder; always on the same port."""

    def __init__(self, course: Path, data: Path, workers: int = 1) -> None:
        self.course, self.data, self.workers = course, data, workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    @property
    def database(self) -> Path:
        """The file with the records."""
        return self.data / "records.sqlite3"

    def accounts(self, count: int) -> list[Account]:
        """Make trainees and their sessions, past the sign-in page. Sets Django up in this process."""
        os.environ |= {"LADDER_COURSE": str(self.course), "LADDER_DATA": str(self.data), "LADDER_PORT": str(self.port)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ladder_tools.preview.settings"
        import django

        django.setup()
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from django.db import connections
        from django.test import Client

        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        made = []
        for number in range(count):
            user = get_user_model().objects.create(username=f"trainee-of-many-{number}")
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(user)
            cookies = f"{client.cookies.output(attrs=[], header='', sep=';').strip()}; csrftoken={CSRF}"
            made.append(Account(user.id, {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": "application/json"}))
        connections.close_all()
        return made

    def start(self, *, wait: bool = True) -> None:
        """Start the server; by default until it answers. RuntimeError when it ends instead."""
        paths = [str(ROOT / "xblocks"), str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ladder_tools.cli", "serve", str(self.course), "--data", str(self.data),
             "--port", str(self.port), "--workers", str(self.workers), "--no-demo"],
            stdout=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )
        if wait:
            assert self._process.stdout is not None
            for line in self._process.stdout:
                if "http://" in line:
                    return
            raise RuntimeError(f"the server has ended with {self._process.wait()}")

    def kill(self) -> None:
        """End the whole process group at once, as when the machine fails."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None
