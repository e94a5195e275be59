"""CPU time, interleaved runs, medians and the table of results."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ratio:
    """Ratios of paired runs."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, above: Sequence[float], below: Sequence[float]) -> Ratio:
        """Each run of one side over the run of the other side that came with it."""
        ratios = [a / b for a, b in zip(above, below, strict=True)]
        return cls(statistics.median(ratios), min(ratios), max(ratios))


@dataclass(frozen=True)
class Cost:
    """CPU seconds (user and system) and the most memory, in MB, of a whole process."""

    cpu: float
    peak: float


def cpu_of(command: Sequence[str]) -> float:
    """CPU seconds of a whole process; RuntimeError when it fails."""
    return cost_of(command).cpu


def cost_of(command: Sequence[str], folder: Path | None = None) -> Cost:
    """What a whole process costs, run in a folder, its output thrown away; RuntimeError when it fails."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def in_turn(rounds: int, *sides: Callable[[], float]) -> list[list[float]]:
    """Run the sides A B A B …: what disturbs the machine disturbs all of them. Returns seconds by side and round."""
    found: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for seconds, side in zip(found, sides, strict=True):
            seconds.append(side())
    return found


def milliseconds(seconds: Sequence[float]) -> str:
    """The median."""
    return f"{statistics.median(seconds) * 1000:.1f} ms"


def verdict(ok: bool) -> str:
    """PASS or MISS."""
    return "PASS" if ok else "MISS"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a head, first column left, the rest right."""
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    print(f"\n{title}")
    for number, row in enumerate(texts):
        cells = [cell.ljust(width) if column == 0 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        print("  " + "  ".join(cells).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
    sys.stdout.flush()
