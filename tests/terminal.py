"""`ladder` in processes of its own, as somebody runs it in a terminal."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "tests" / "course" / "courses" / "small"
_LADDER = (sys.executable, "-m", "ladder_tools.cli")


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(str(ROOT / name) for name in ("xblocks", "scripts"))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LADDER_", "DJANGO_"))}
    return kept | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}


def as_anybody() -> None:
    """In a child: root is asked for permission as everybody is."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def ladder(*options: object, says: str = "", before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `says` is its standard input. `before` runs in the child."""
    return subprocess.run([*_LADDER, *map(str, options)], input=says, capture_output=True, text=True, encoding="utf-8", timeout=90, env=_environment(),
                          preexec_fn=before, check=False)


@dataclass
class Served:
    """A server that is running: its port, what it has said, its process, and who asks."""

    port: int
    said: list[str]
    complaints: Path
    process: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, *, host: str = "127.0.0.1", to: str = "127.0.0.1", form: dict[str, str] | None = None,
            says: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of a request that names `host`, sent to the address `to`; it carries `form` or `says`. Cookies are kept."""
        connection = HTTPConnection(to, self.port, timeout=30)
        sent = {"Host": f"{host}:{self.port}", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (headers or {})
        body = urlencode(form) if form is not None else says
        try:
            connection.request(method, path, body, sent | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {}))
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies[name] = value
        return response.status, text, dict(response.headers)

    def sign_in(self, name: str, password: str, *, host: str = "127.0.0.1", headers: dict[str, str] | None = None) -> int:
        """The status of signing in: 302 lets in."""
        self.cookies = {}
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", "/sign-in/", host=host)[1])[0]
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token, "next": ""}
        return self.ask("POST", "/sign-in/", host=host, form=form, headers=headers)[0]


@contextmanager
def serving(data: Path, *options: str, lines: int = 1) -> Iterator[Served]:
    """`ladder serve`, once it has said so many lines."""
    complaints = data.with_name(f"{data.name}-complaints.txt")
    command = [*_LADDER, "serve", str(COURSE), "--port", "0", "--data", str(data), *options]
    with complaints.open("w") as errors:
        process = subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
    assert process.stdout is not None
    try:
        said = [process.stdout.readline().rstrip("\n") for _ in range(lines)]
        assert said[0], complaints.read_text(encoding="utf-8")
        yield Served(int(re.findall(r":(\d+)/", said[0])[0]), said, complaints, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        process.wait(20)
