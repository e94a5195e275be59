"""A whole intake sits the first exam of the course at once: how long each thing takes, and whether all is kept.

    python benches/load.py [--trainees 500] [--seconds 240] [--workers 1]

The clients run on the same machine as the server and take their share of it. Exit status 1 when a request fails or an
acknowledged answer or result is lost; the times are looked at, not asserted.
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
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
for _room in ("tests", "scripts", "xblocks"):
    sys.path.insert(0, str(ROOT / _room))

from measure import table, verdict  # noqa: E402 (its room is put on the path first)

from durability.ledger import Ledger, Save, faults, some_answer  # noqa: E402 (its room is put on the path first)
from durability.preview import Account, Preview  # noqa: E402 (its room is put on the path first)
from ladder_tools.folder import read_course  # noqa: E402 (its room is put on the path first)
from trainee import sheet_of  # noqa: E402 (its room is put on the path first)

COURSE = ROOT / "courses" / "agent-onboarding"
ARRIVAL, STARTING, HANDING_IN = 20, 1, 5  # seconds over which all open the page, start, hand in
THINKING = (30, 90)  # seconds between two answers of one trainee
SAVE_GOAL, START_GOAL = 300, 2_500  # milliseconds, of 95 in 100


class Failed(Exception):
    """A request that was not answered as it should have been."""


class Browser:
    """One trainee's connection, kept open between requests as a browser keeps it."""

    def __init__(self, account: Account, port: int) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in account.headers.items())
        self._head, self._port = f"Host: 127.0.0.1:{port}\r\n{head}", port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, data: Any = None) -> str:
        """The body of a reply that must be 200."""
        body = b"" if data is None else json.dumps(data).encode()
        request = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        kept_open = self._streams is not None
        try:
            status, reply = await self._exchange(request)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            self.close()
            if not kept_open:
                raise Failed(repr(error)) from error
            # The server has closed a connection that was idle for long. A browser opens another and says nothing.
            try:
                status, reply = await self._exchange(request)
            except (ConnectionError, asyncio.IncompleteReadError) as again:
                raise Failed(repr(again)) from again
        if status != 200:
            raise Failed(f"{method} {path}: {status} {reply[:200]}")
        return reply

    async def _exchange(self, request: bytes) -> tuple[int, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(head[0].split()[1]), body.decode()

    def close(self) -> None:
        """Leave."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Intake:
    """All trainees, what they were told, and how long they waited."""

    def __init__(self, accounts: list[Account], port: int, usage: str, seconds: float, seed: int) -> None:
        self.accounts, self.port, self.usage, self.seconds = accounts, port, usage, seconds
        self.ledgers = [Ledger(account.id) for account in accounts]
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self._seed = seed

    async def sit(self) -> None:
        """The whole exam."""
        self._begin = time.monotonic() + ARRIVAL + 5
        await asyncio.gather(*(self._trainee(*one) for one in zip(self.accounts, self.ledgers, strict=True)))

    async def _trainee(self, account: Account, ledger: Ledger) -> None:
        chance, browser = random.Random(self._seed + account.id), Browser(account, self.port)
        try:
            await asyncio.sleep(chance.uniform(0, ARRIVAL))
            await self._timed("open the page", browser.ask("GET", f"/unit/{self.usage.rpartition('@')[2]}/"))
            if time.monotonic() > self._begin:
                raise Failed("the page was not there when the exam began")
            await self._until(self._begin + chance.uniform(0, STARTING))
            page = json.loads(await self._timed("start", self._act(browser, "begin", {})))["html"]
            await self._until(self._begin + STARTING + chance.uniform(*THINKING) / 2)
            sheet = sheet_of(page)
            assert sheet is not None
            attempt, known, end = ledger.attempts[sheet.attempt], defaultdict(int), self._begin + self.seconds
            await asyncio.sleep(chance.uniform(*THINKING) / 2)
            while time.monotonic() < end:
                card = chance.choice(sheet.cards)
                save = Save(f"{chance.getrandbits(64):016x}", card.item, known[card.item] + 1, some_answer(card, chance))
                data = {"attempt": sheet.attempt, "saves": [asdict(save)]}
                await self._timed("save an answer", self._act(browser, "answer", data))
                known[card.item] += 1
                attempt.saves.append(save)
                await self._until(min(time.monotonic() + chance.uniform(*THINKING), end))
            await self._until(end + chance.uniform(0, HANDING_IN))
            await self._timed("hand in", self._act(browser, "submit", {"attempt": sheet.attempt}))
            attempt.handed_in = True
        except Failed as failed:
            self.errors.append(f"trainee {account.id}: {failed}")
        finally:
            browser.close()

    async def _act(self, browser: Browser, handler: str, data: Any) -> str:
        return await browser.ask("POST", f"/handler/{self.usage}/{handler}", data)

    async def _timed(self, name: str, reply: Any) -> str:
        began = time.monotonic()
        body: str = await reply
        self.times[name].append((time.monotonic() - began) * 1000)
        return body

    @staticmethod
    async def _until(moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - time.monotonic()))


def report(intake: Intake, wrong: list[str], seed: int) -> None:
    """Print what was seen."""
    rows = []
    for name, times in intake.times.items():
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        rows.append((name, len(times), *(f"{value:.0f}" for value in (statistics.median(times), cuts[-1], max(times)))))
    cores = len(os.sched_getaffinity(0))
    table(f"{len(intake.accounts)} trainees, {intake.seconds:.0f} s, seed {seed}, {cores} cores for server and clients together",
          ("", "requests", "p50 ms", "p95 ms", "max ms"), rows)
    for name, goal in (("start", START_GOAL), ("save an answer", SAVE_GOAL)):
        if len(intake.times[name]) > 1:
            p95 = statistics.quantiles(intake.times[name], n=20, method="inclusive")[-1]
            print(f"  p95 of {name!r}: {p95:.0f} ms, goal {goal}: {verdict(p95 <= goal)}")
    print(f"  failed requests: {len(intake.errors)}; lost, doubled or wrongly marked: {len(wrong)}")
    for fault in [*intake.errors, *wrong][:20]:
        print(f"    {fault}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainees", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=240, help="from the first start to handing in")
    parser.add_argument("--workers", type=int, default=1, help="server processes")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    course, problems, _ = read_course(COURSE)
    if course is None:
        raise RuntimeError(str(problems))
    key, exam = course.settings, course.stages[0].exams[0].id
    usage = f"block-v1:{key.org}+{key.number}+{key.run}+type@ladder_exam+block@{exam}"
    with tempfile.TemporaryDirectory(prefix="ladder-load-") as work:
        server = Preview(COURSE, Path(work), given.workers)
        intake = Intake(server.accounts(given.trainees), server.port, usage, given.seconds, given.seed)
        server.start()
        try:
            asyncio.run(intake.sit())
        finally:
            server.kill()
        wrong = faults(server.database, course, exam, intake.ledgers)
    report(intake, wrong, given.seed)
    return 1 if intake.errors or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
