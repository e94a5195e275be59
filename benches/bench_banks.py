"""How much it costs to bring question banks in and to take them out, how that grows, and what other converters need for the same.

    python benches/bench_banks.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bank_texts import read_bank, write_latex, write_markdown, write_text2qti
from measure import Cost, Ratio, cost_of, milliseconds, table, verdict

from ladder_tools.formats import Output, write

GROWTH, SLOPE, FASTER = 2.2, 1.0, 20
SMALL, LARGE, LATEX = 500, 5_000, 200
HERE = Path(__file__).parent
LADDER = Path(sys.executable).parent / "ladder"
TEXT2QTI = Path(sys.executable).parent / "text2qti"
LATEX2EDX = HERE.parent / ".venv-bench-latex" / "bin" / "latex2edx"


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ladder-bench-") as work:
        root = Path(work)
        _convert(root, rounds)
        _against_text2qti(root, rounds)
        _against_latex2edx(root, rounds)


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
            source = write_markdown(root, count)
            to = root / f"out-{count}.tar.gz"
            if form == "markdown":
                output = Output([read_bank(source)], name="bank.xlsx")
                write(output, "xlsx")
                source = root / f"bank-{count}.xlsx"
                source.write_bytes(output.files[""])
                to = root / f"out-{count}.md"
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
    """Text to a QTI package, by the slope between two sizes: starting up counts for neither side."""
    sides = []
    for count in (SMALL, LARGE):
        source = write_markdown(root, count)
        sides.append(_ladder(source, root / f"ours-{count}.zip", "qti2"))
        folder = root / f"text2qti-{count}"
        folder.mkdir()
        write_text2qti(folder / "quiz.txt", read_bank(source))
        sides.append(lambda folder=folder: cost_of([str(TEXT2QTI), "quiz.txt"], folder))
    ours_small, theirs_small, ours_large, theirs_large = _in_turn(rounds, *sides)
    ours = _slopes(ours_small, ours_large)
    theirs = _slopes(theirs_small, theirs_large)
    ratio = Ratio.of(ours, theirs)
    table(
        f"A QTI package of {LARGE:,} questions, whole process, {rounds} rounds; a question more is the slope from {SMALL}",
        ("", "CPU", "a question more", "ratio", "min-max", "goal", ""),
        [
            ("text2qti (QTI 1.2)", f"{statistics.median(_cpu(theirs_large)):.2f} s", milliseconds(theirs), "1", "", "", ""),
            ("ladder bank convert (QTI 2.1)", f"{statistics.median(_cpu(ours_large)):.2f} s", milliseconds(ours),
             f"{ratio.median:.2f}", f"{ratio.low:.2f}-{ratio.high:.2f}", f"<= {SLOPE:g}", verdict(ratio.median <= SLOPE)),
        ],
    )


def _slopes(small: Sequence[Cost], large: Sequence[Cost]) -> list[float]:
    return [(many.cpu - few.cpu) / (LARGE - SMALL) for few, many in zip(small, large, strict=True)]


def _against_latex2edx(root: Path, rounds: int) -> None:
    """Text to OLX, the whole process of each."""
    source = write_markdown(root, LATEX)
    folder = root / "latex2edx"
    folder.mkdir()
    write_latex(folder / "bank.tex", read_bank(source))

    def theirs() -> Cost:
        return cost_of([str(LATEX2EDX), "-d", str(folder / "course"), "bank.tex"], folder)

    ours, others = _in_turn(rounds, _ladder(source, root / "ours-latex.tar.gz", "olx"), theirs)
    made = len(list((folder / "course").rglob("problem/*.xml")))
    if made < LATEX:
        raise RuntimeError(f"latex2edx has made {made} of {LATEX} problems")
    ratio = Ratio.of(_cpu(others), _cpu(ours))
    table(
        f"OLX of {LATEX} questions, whole process, {rounds} rounds",
        ("", "CPU", "ratio", "min-max", "goal", ""),
        [
            ("ladder bank convert", f"{statistics.median(_cpu(ours)):.2f} s", "1", "", "", ""),
            ("latex2edx", f"{statistics.median(_cpu(others)):.2f} s", f"{ratio.median:.0f}", f"{ratio.low:.0f}-{ratio.high:.0f}",
             f">= {FASTER}", verdict(ratio.median >= FASTER)),
        ],
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
