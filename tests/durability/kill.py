"""Kills the server again and again while trainees answer, and then looks for everything that was acknowledged.

    python tests/durability/kill.py [--answers 20000] [--kills 20] [--seed 1]

Exit status 1 when an acknowledged answer or result is lost, doubled or wrong, or a request was answered with a fault.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

for _room in ("tests", "scripts", "xblocks"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / _room))

from durability.course import EXAM, write_course  # noqa: E402 (its room is put on the path first)
from durability.ledger import Attempt, Ledger, Save, faults, some_answer  # noqa: E402 (its room is put on the path first)
from durability.preview import Account, Preview  # noqa: E402 (its room is put on the path first)
from ladder_tools.folder import read_course  # noqa: E402 (its room is put on the path first)
from trainee import sheet_of  # noqa: E402 (its room is put on the path first)

ANSWERS_PER_ATTEMPT = 100
PATIENCE = 120.0  # seconds that a trainee goes on trying one request


class Progress:
    """How many answers have been acknowledged, for the killer to wait on."""

    def __init__(self) -> None:
        self.answers = self.again = 0
        self.over = False
        self._changed = threading.Condition()

    def note(self, answers: int = 0, again: int = 0) -> None:
        """Count answers that were acknowledged and requests that had to be sent again."""
        with self._changed:
            self.answers += answers
            self.again += again
            self._changed.notify_all()

    def end(self) -> None:
        """No more answers will come."""
        with self._changed:
            self.over = True
            self._changed.notify_all()

    def wait_for(self, answers: int) -> bool:
        """Until so many are acknowledged; False when that will never be."""
        with self._changed:
            self._changed.wait_for(lambda: self.over or self.answers >= answers)
            return self.answers >= answers


class Taker:
    """A trainee who sends each request, under the same name, until it is acknowledged."""

    def __init__(self, account: Account, port: int, usage: str, progress: Progress, chance: random.Random) -> None:
        self.account, self.port, self.usage, self.progress, self.chance = account, port, usage, progress, chance
        self.ledger = Ledger(account.id)

    def sit(self, answers: int) -> None:
        """Attempts with so many answers altogether, each handed in."""
        while answers > 0:
            count = min(answers, ANSWERS_PER_ATTEMPT)
            self._attempt(count)
            answers -= count

    def _attempt(self, count: int) -> None:
        sheet = sheet_of(self._send("begin", {})["html"])
        assert sheet is not None
        attempt = self.ledger.attempts[sheet.attempt]
        assert not attempt.saves, "a new attempt has no answers"
        known = dict.fromkeys(range(1, len(sheet.cards) + 1), 0)
        while len(attempt.saves) < count:
            batch = self.chance.sample(sheet.cards, min(self.chance.choice((1, 1, 1, 2, 3)), count - len(attempt.saves)))
            saves = []
            for card in batch:
                known[card.item] += 1
                op_id = f"{self.chance.getrandbits(64):016x}"
                saves.append(Save(op_id, card.item, known[card.item], some_answer(card, self.chance)))
            self._save(sheet.attempt, saves)
            attempt.saves += saves
            self.progress.note(answers=len(saves))
            if self.chance.random() < 0.1:
                self._save(sheet.attempt, self._earlier(attempt))
        self._send("submit", {"attempt": sheet.attempt})
        attempt.handed_in = True

    def _earlier(self, attempt: Attempt) -> list[Save]:
        """Answers that come once more, as from a page that has missed the reply."""
        return self.chance.sample(attempt.saves, min(2, len(attempt.saves)))

    def _save(self, number: int, saves: list[Save]) -> None:
        self._send("answer", {"attempt": number, "saves": [asdict(save) for save in saves]})

    def _send(self, handler: str, data: dict[str, Any]) -> dict[str, Any]:
        """The reply, which must be a 200 in the end."""
        ends = time.monotonic() + PATIENCE
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request("POST", f"/handler/{self.usage}/{handler}", json.dumps(data), self.account.headers)
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException):
                if time.monotonic() > ends:
                    raise
                self.progress.note(again=1)
                time.sleep(0.05)
                continue
            finally:
                connection.close()
            if response.status != 200:
                raise RuntimeError(f"{handler} was answered with {response.status}: {body.decode()[:300]}")
            reply: dict[str, Any] = json.loads(body)
            return reply


def kill_now_and_then(server: Preview, progress: Progress, answers: int, kills: int, chance: random.Random) -> int:
    """Kill the server at so many random moments before `answers` are acknowledged; every fifth time once more while it starts."""
    done = 0
    for place in sorted(chance.sample(range(1, answers), kills)):
        if not progress.wait_for(place):
            break
        time.sleep(chance.uniform(0, 0.05))
        server.kill()
        done += 1
        if chance.random() < 0.2:
            server.start(wait=False)
            time.sleep(chance.uniform(0, 2))
            server.kill()
        server.start()
    return done


def run(work: Path, trainees: int, answers: int, kills: int, seed: int) -> tuple[str, list[str]]:
    """The report in one line, and what was wrong."""
    chance, began = random.Random(seed), time.monotonic()
    server = Preview(write_course(work), work / "data")
    accounts = server.accounts(trainees)
    course, problems, _ = read_course(server.course)
    if course is None:
        raise RuntimeError(str(problems))
    usage = f"block-v1:Ladder+ENDURE+2026+type@ladder_exam+block@{EXAM}"
    progress = Progress()
    takers = [Taker(account, server.port, usage, progress, random.Random(chance.getrandbits(64))) for account in accounts]
    server.start()
    try:
        with ThreadPoolExecutor(trainees) as pool:
            shares = [answers // trainees + (place < answers % trainees) for place in range(trainees)]
            sitting = [pool.submit(taker.sit, share) for taker, share in zip(takers, shares, strict=True)]
            for one in sitting:
                one.add_done_callback(lambda done: progress.end() if done.exception() or all(s.done() for s in sitting) else None)
            killed = kill_now_and_then(server, progress, answers, kills, chance)
            wrong = [f"a trainee had to stop: {error!r}" for one in sitting if (error := one.exception())]
    finally:
        server.kill()
    wrong += faults(server.database, course, EXAM, [taker.ledger for taker in takers])
    if killed < kills:
        wrong.append(f"killed {killed} times only")
    attempts = [attempt for taker in takers for attempt in taker.ledger.attempts.values()]
    return (
        f"seed {seed}: {trainees} trainees, {progress.answers} answers acknowledged, "
        f"{sum(attempt.handed_in for attempt in attempts)} of {len(attempts)} attempts handed in, "
        f"killed {killed} times, {progress.again} requests sent again, {time.monotonic() - began:.0f} s"
    ), wrong


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainees", type=int, default=20)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ladder-kill-") as work:
        report, wrong = run(Path(work), given.trainees, given.answers, given.kills, given.seed)
    print(report)
    for fault in wrong[:20]:
        print(f"  {fault}")
    print(f"{len(wrong)} faults" if wrong else "nothing lost, nothing doubled, every result as computed again")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
