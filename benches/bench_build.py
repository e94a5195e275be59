"""How much a build costs, against the least it could cost; and how that grows with the course.

    python benches/bench_build.py [ROUNDS]
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from content import Size, write_course
from lxml import etree
from measure import Ratio, cpu_of, in_turn, milliseconds, table, verdict

from ladder.core.document import split_documents
from ladder.core.kb import spell_out_links
from ladder_tools.folder import read_course
from ladder_tools.olx import olx_files

SIZE = Size(lessons=200, questions=500)
LIMIT, GROWTH = 3.0, 2.2
_BUILD = """
import pathlib, sys
from ladder_tools.build import build_course
built, problems = build_course(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
sys.exit(built is None or bool(problems))
"""


def main(rounds: int) -> None:
    # In memory where the system offers it: what else writes to the disk would be counted too.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ladder-bench-", dir=memory) as work:
        root = Path(work)
        course, double = write_course(root / "one", SIZE), write_course(root / "two", SIZE.times(2))
        floor, archive = _floor_folder(course, root / "floor"), root / "floor.tar.gz"

        def ours(folder: Path) -> float:
            return cpu_of([sys.executable, "-c", _BUILD, str(folder), str(root / "out")])

        def least() -> float:
            return cpu_of([sys.executable, str(Path(__file__).parent / "floor_build.py"), str(floor), str(archive)])

        in_turn(1, lambda: ours(course), least)
        built = root / "out" / f"{course.name}.tar.gz"
        if built.read_bytes() != archive.read_bytes():
            raise RuntimeError("the floor's archive is not that of the build")
        packed = len(built.read_bytes()) // 1000
        found = in_turn(rounds, lambda: ours(course), least, lambda: ours(double))
    one, floor_seconds, two = found
    ratio, growth = Ratio.of(one, floor_seconds), statistics.median(two) / statistics.median(one)
    spread = Ratio.of(two, one)
    table(
        f"Build of {SIZE.lessons} lessons and {SIZE.questions} questions ({packed} KB packed), whole process, {rounds} rounds",
        ("", "CPU", "ratio", "min-max", "goal", ""),
        [
            ("floor: read, lxml, tar.gz", milliseconds(floor_seconds), "1", "", "", ""),
            ("ladder build", milliseconds(one), f"{ratio.median:.2f}", f"{ratio.low:.2f}-{ratio.high:.2f}",
             f"<= {LIMIT:g}", verdict(ratio.median <= LIMIT)),
            ("ladder build, twice the content", milliseconds(two), f"{growth:.2f}", f"{spread.low:.2f}-{spread.high:.2f}",
             f"<= {GROWTH:g}", verdict(growth <= GROWTH)),
        ],
    )


def _floor_folder(folder: Path, floor: Path) -> Path:
    """The sources as they enter the XML, and what goes where: all that the floor does not work out for itself."""
    course, problems, _ = read_course(folder)
    if course is None or problems:
        raise RuntimeError(f"the course is faulty: {problems[:3]}")
    sources: dict[str | tuple[str, str], str] = {}
    for text in (*course.texts.values(), *course.bank_texts.values()):
        sources[text.name] = f"{len(sources)}.md"
        _write(floor / sources[text.name], spell_out_links(text.text, course.titles))

    def source_of(name: str, text: str) -> str:
        """The file of a document; what the build has made up (plan, places, settings of the book of mistakes) comes ready."""
        key = name if name in sources else (name, text)
        if key not in sources:
            sources[key] = f"{len(sources)}.md"
            _write(floor / sources[key], text)
        return sources[key]

    trees, files = {}, {}
    for name, data in olx_files(course, {}).items():
        if name.endswith(".xml"):
            trees[name] = _tree(data, source_of)
        else:
            files[name] = data.decode()
    _write(floor / "outline.json", json.dumps({"name": folder.name, "trees": trees, "files": files}))
    return floor


def _tree(data: bytes, source_of: Callable[[str, str], str]) -> list[list[object]]:
    """Tags and attributes, with the names of the sources in place of the text."""
    rows = []
    for node in etree.fromstring(data).iter():
        documents = split_documents(node.text) if (node.text or "").strip() else []
        rows.append([node.tag, dict(node.attrib), [(name, source_of(name, text)) for name, text in documents]])
    return rows


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
