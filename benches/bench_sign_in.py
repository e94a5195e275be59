"""A class signs in at the same moment while others write an exam: is anybody refused, and how long do saves take meanwhile?

    python benches/bench_sign_in.py [--class 30] [--writers 20] [--seconds 20]

Passwords are hashed as Django does it, a third of a second of CPU each. The clients run on the same machine as the server. Exit
status 1 when a request fails; the times are looked at, not asserted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
for _room in ("tests", "scripts", "xblocks"):
    sys.path.insert(0, str(ROOT / _room))

from load import Browser, Failed  # noqa: E402 (its room is put on the path first)
from measure import table, verdict  # noqa: E402 (its room is put on the path first)

from durability.ledger import Save, some_answer  # noqa: E402 (its room is put on the path first)
from durability.preview import CSRF, Account, Preview  # noqa: E402 (its room is put on the path first)
from ladder_tools.folder import read_course  # noqa: E402 (its room is put on the path first)
from trainee import sheet_of  # noqa: E402 (its room is put on the path first)

COURSE = ROOT / "courses" / "agent-onboarding"
PASSWORD = "password-of-the-bench"
THINKING = (0.5, 1.5)  # seconds between two saves of one writer
SAVE_GOAL = 1_000  # milliseconds, the slowest


class Morning:
    """Those who write, those who come, and how long each waited."""

    def __init__(self, writers: list[Account], names: list[str], port: int, usage: str, seconds: float) -> None:
        self.writers, self.names, self.port, self.usage, self.seconds = writers, names, port, usage, seconds
        waits = ("a save before", "a save meanwhile", "signing in", "a page meanwhile")
        self.times: dict[str, list[float]] = {name: [] for name in waits}
        self.errors: list[str] = []
        self._signing_in = False
        self._over = False

    async def go_by(self) -> None:
        """A quiet while, then everybody at once; the writers stop when the last has signed in."""
        writing = [asyncio.create_task(self._write(account)) for account in self.writers]
        await asyncio.sleep(self.seconds)
        self._signing_in = True
        await asyncio.gather(*(self._sign_in(name) for name in self.names))
        self._over = True
        await asyncio.gather(*writing)

    async def _write(self, account: Account) -> None:
        chance, browser = random.Random(account.id), Browser(account, self.port)
        try:
            page = await browser.ask("POST", f"/handler/{self.usage}/begin", {})
            sheet = sheet_of(json.loads(page)["html"])
            assert sheet is not None
            known: dict[int, int] = {}
            while not self._over:
                await asyncio.sleep(chance.uniform(*THINKING))
                card = chance.choice(sheet.cards)
                known[card.item] = known.get(card.item, 0) + 1
                save = Save(f"{chance.getrandbits(64):016x}", card.item, known[card.item], some_answer(card, chance))
                data = {"attempt": sheet.attempt, "saves": [asdict(save)]}
                during = "meanwhile" if self._signing_in else "before"
                await self._timed(f"a save {during}", browser.ask("POST", f"/handler/{self.usage}/answer", data))
                if self._signing_in:
                    await self._timed("a page meanwhile", browser.ask("GET", "/course/"))
        except Failed as failed:
            self.errors.append(f"a writer: {failed}")
        finally:
            browser.close()

    async def _sign_in(self, name: str) -> None:
        await self._timed("signing in", self._post_the_form(name))

    async def _post_the_form(self, name: str) -> None:
        body = urlencode({"username": name, "password": PASSWORD, "csrfmiddlewaretoken": CSRF}).encode()
        head = (f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: csrftoken={CSRF}\r\nConnection: close\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head.encode() + body)
        answer = (await reader.read()).decode("utf-8", "replace")
        writer.close()
        if not answer.startswith("HTTP/1.1 302"):
            self.errors.append(f"{name}: {answer[:200]}")

    async def _timed(self, name: str, reply: Awaitable[object]) -> None:
        began = time.monotonic()
        await reply
        self.times[name].append((time.monotonic() - began) * 1000)


def with_password(server: Preview, count: int) -> list[str]:
    """Accounts that sign in. One hash for all of them: what is slow is to check it."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password

    hashed = make_password(PASSWORD)
    users = get_user_model().objects
    return [users.create(username=f"early-bird-{number}", password=hashed).username for number in range(count)]


def report(morning: Morning) -> None:
    """Print what was seen."""
    rows = []
    for name, times in morning.times.items():
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=20, method="inclusive")
            rows.append((name, len(times), *(f"{value:.0f}" for value in (statistics.median(times), cuts[-1], max(times)))))
    cores = len(os.sched_getaffinity(0))
    table(f"{len(morning.names)} sign in at once, {len(morning.writers)} write, {cores} cores for server and clients together",
          ("", "requests", "p50 ms", "p95 ms", "max ms"), rows)
    slowest = max(morning.times["a save meanwhile"], default=0.0)
    print(f"  slowest save meanwhile {slowest:.0f} ms, goal {SAVE_GOAL}: {verdict(slowest <= SAVE_GOAL)}")
    print(f"  refused or failed: {len(morning.errors)}: {verdict(not morning.errors)}")
    for fault in morning.errors[:20]:
        print(f"    {fault}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--class", type=int, default=30, dest="size")
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10, help="of quiet writing before the class comes")
    given = parser.parse_args()
    course, problems, _ = read_course(COURSE)
    if course is None:
        raise RuntimeError(str(problems))
    key, exam = course.settings, course.stages[0].exams[0].id
    usage = f"block-v1:{key.org}+{key.number}+{key.run}+type@ladder_exam+block@{exam}"
    with tempfile.TemporaryDirectory(prefix="ladder-sign-in-") as work:
        server = Preview(COURSE, Path(work))
        writers = server.accounts(given.writers)
        morning = Morning(writers, with_password(server, given.size), server.port, usage, given.seconds)
        server.start()
        try:
            asyncio.run(morning.go_by())
        finally:
            server.kill()
    report(morning)
    return 1 if morning.errors else 0


if __name__ == "__main__":
    sys.exit(main())
