"""How much it costs to bring question banks in and to take them out, how that grows, and what other converters need for the same.

    python benches/bench_banks.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from bank_texts import write_latex, write_markdown, write_text2qti, write_xlsx
from measure import Cost, Ratio, cost_of, milliseconds, table, verdict

GROWTH, SLOPE, FASTER = 2.2, 1.0, 20
SIZES, LATEX_SIZES = (500, 5_000), (200, 1_000)
HERE = Path(__file__).parent
LADDER = Path(sys.executable).parent / "ladder"
TEXT2QTI = Path(sys.executable).parent / "text2qti"
LATEX2EDX = HERE.parent / ".venv-bench-latex" / "bin" / "latex2edx"


P, R = ParamSpec("P"), TypeVar("R")


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ladder-bench-") as work:
        root = Path(work)
        _convert(root, rounds)
        _against_text2qti(root, rounds)
        _against_latex2edx(root, rounds)


def _aside(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do something in a process of its own: the most memory this one has held would count as that of each that it starts."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def _ladder(source: Path, to: Path, form: str) -> Callable[[], Cost]:
    def run() -> Cost:
        to.unlink(missing_ok=True)
        return cost_of([str(LADDER), "bank", "convert", str(source), "--to", str(to), "--format", form])

    return run


def _in_turn(rounds: int, *sides: Callable[[], Cost]) -> list[list[Cost]]:
    found: list[list[Cost]] = [[] for _ in sides]
    for _ in range(rounds):
        for costs, side in zip(found, sides, strict=True):
            costs.append(side())
    return found


def _cpu(costs: Sequence[Cost]) -> list[float]:
    return [cost.cpu for cost in costs]


def _convert(root: Path, rounds: int) -> None:
    """10,000 questions in from a table and out to Open edX, and half as many."""
    rows: list[tuple[str, ...]] = []
    for title, form in (("xlsx -> Markdown", "markdown"), ("Markdown -> OLX tarball", "olx")):
        sides = []
        for count in (5_000, 10_000):
            source, to = _aside(write_markdown, root, count), root / f"out-{count}.tar.gz"
            if form == "markdown":
                _aside(write_xlsx, root / f"bank-{count}.xlsx", source)
                source, to = root / f"bank-{count}.xlsx", root / f"out-{count}.md"
            sides.append(_ladder(source, to, form))
        half, whole = _in_turn(rounds, *sides)
        growth = Ratio.of(_cpu(whole), _cpu(half))
        rows += [
            (f"{title}, 5,000", f"{statistics.median(_cpu(half)):.2f} s", f"{max(c.peak for c in half):.0f} MB", "1", "", "", ""),
            (f"{title}, 10,000", f"{statistics.median(_cpu(whole)):.2f} s", f"{max(c.peak for c in whole):.0f} MB",
             f"{growth.median:.2f}", f"{growth.low:.2f}-{growth.high:.2f}", f"<= {GROWTH:g}", verdict(growth.median <= GROWTH)),
        ]
    table(f"Converting banks, whole process, {rounds} rounds", ("", "CPU", "peak", "growth", "min-max", "goal", ""), rows)


def _against_text2qti(root: Path, rounds: int) -> None:
    """Text to a QTI package."""
    sides = []
    for count in SIZES:
        source = _aside(write_markdown, root, count)
        sides.append(_ladder(source, root / f"ours-{count}.zip", "qti2"))
        folder = root / f"text2qti-{count}"
        folder.mkdir()
        _aside(write_text2qti, folder / "quiz.txt", source)
        sides.append(lambda folder=folder: cost_of([str(TEXT2QTI), "quiz.txt"], folder))
    ours_few, theirs_few, ours_many, theirs_many = _in_turn(rounds, *sides)
    ours, theirs = _slopes(SIZES, ours_few, ours_many), _slopes(SIZES, theirs_few, theirs_many)
    ratio = Ratio.of(ours, theirs)
    _compared(
        f"A QTI package, whole process, {rounds} rounds", SIZES,
        ("text2qti (QTI 1.2)", *_seconds(theirs_few, theirs_many), milliseconds(theirs), "1", "", "", ""),
        ("ladder bank convert (QTI 2.1)", *_seconds(ours_few, ours_many), milliseconds(ours),
         f"{ratio.median:.2f}", f"{ratio.low:.2f}-{ratio.high:.2f}", f"<= {SLOPE:g}", verdict(ratio.median <= SLOPE)),
    )


def _against_latex2edx(root: Path, rounds: int) -> None:
    """Text to OLX."""
    sides = []
    for count in LATEX_SIZES:
        source = _aside(write_markdown, root, count)
        sides.append(_ladder(source, root / f"ours-{count}.tar.gz", "olx"))
        folder = root / f"latex2edx-{count}"
        folder.mkdir()
        _aside(write_latex, folder / "bank.tex", source)
        sides.append(lambda folder=folder, count=count: _latex2edx(folder, count))
    ours_few, theirs_few, ours_many, theirs_many = _in_turn(rounds, *sides)
    ours, theirs = _slopes(LATEX_SIZES, ours_few, ours_many), _slopes(LATEX_SIZES, theirs_few, theirs_many)
    ratio = Ratio.of(theirs, ours)
    _compared(
        f"OLX, whole process, {rounds} rounds", LATEX_SIZES,
        ("ladder bank convert", *_seconds(ours_few, ours_many), milliseconds(ours), "1", "", "", ""),
        ("latex2edx", *_seconds(theirs_few, theirs_many), milliseconds(theirs),
         f"{ratio.median:.0f}", f"{ratio.low:.0f}-{ratio.high:.0f}", f">= {FASTER}", verdict(ratio.median >= FASTER)),
    )


def _latex2edx(folder: Path, count: int) -> Cost:
    """RuntimeError when a problem is missing."""
    cost = cost_of([str(LATEX2EDX), "-d", "course", "bank.tex"], folder)
    made = len(list((folder / "course" / "problem").glob("*.xml")))
    if made != count:
        raise RuntimeError(f"latex2edx has made {made} of {count} problems")
    return cost


def _slopes(sizes: tuple[int, int], few: Sequence[Cost], many: Sequence[Cost]) -> list[float]:
    """What a question more costs, by round: starting up counts for neither side."""
    return [(more.cpu - less.cpu) / (sizes[1] - sizes[0]) for less, more in zip(few, many, strict=True)]


def _seconds(*sides: Sequence[Cost]) -> list[str]:
    return [f"{statistics.median(_cpu(costs)):.2f} s" for costs in sides]


def _compared(title: str, sizes: tuple[int, int], *rows: Sequence[str]) -> None:
    table(title, ("", *(f"{size:,}" for size in sizes), "a question more", "ratio", "min-max", "goal", ""), rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
