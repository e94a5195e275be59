"""Writing a built course: an OLX tree and the same as a tar.gz, byte for byte the same on every machine."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ladder.core.course import Course
from ladder.core.problems import Problem
from ladder_tools.folder import read_course
from ladder_tools.olx import olx_files

_SUMMARY = {
    "zh": "{stages} 个阶段，{lessons} 篇课文，{articles} 个条目，{cases} 个案例，{exams} 场考试，{questions} 道题 "
          "→ {archive}（{seconds:.1f} 秒）",
    "en": "{stages} stages, {lessons} lessons, {articles} articles, {cases} cases, {exams} exams, {questions} questions "
          "→ {archive} ({seconds:.1f} s)",
}


@dataclass(frozen=True)
class Built:
    """What a build made."""

    course: Course
    archive: Path
    seconds: float

    def summary(self, spoken: str) -> str:
        """One line: counts, the file, the time it took."""
        stages = self.course.stages
        return _SUMMARY[spoken].format(
            stages=len(stages), lessons=sum(len(s.lessons) for s in stages), articles=len(self.course.articles),
            cases=sum(len(s.cases) for s in stages), exams=sum(len(s.exams) for s in stages),
            questions=sum(len(bank.questions) for bank in self.course.banks), archive=self.archive, seconds=self.seconds,
        )


def read_static(folder: Path, names: frozenset[str]) -> dict[str, bytes]:
    """The bytes of the course's static files."""
    return {name: (folder / "static" / name).read_bytes() for name in sorted(names)}


def build_course(
    folder: Path, out: Path, notify: Callable[[str], None] = lambda _: None
) -> tuple[Built | None, list[Problem]]:
    """Build the course in `folder` into `out`. Nothing is written when something is wrong."""
    began = time.perf_counter()
    course, problems, files = read_course(folder, notify)
    if course is None:
        return None, problems
    name = folder.resolve().name
    tree = olx_files(course, read_static(folder, files.static))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as work:
        _write_tree(Path(work) / name, tree)
        (Path(work) / "archive").write_bytes(archive_of(name, tree))
        # Only now, with everything written, take the place of the last build.
        shutil.rmtree(out / name, ignore_errors=True)
        (Path(work) / name).rename(out / name)
        archive = (Path(work) / "archive").replace(out / f"{name}.tar.gz")
    return Built(course, archive, time.perf_counter() - began), problems


def _write_tree(root: Path, tree: Mapping[str, bytes]) -> None:
    for folder in {name.rpartition("/")[0] for name in tree}:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, data in tree.items():
        (root / name).write_bytes(data)


def archive_of(name: str, tree: Mapping[str, bytes]) -> bytes:
    """A tar.gz with everything under `name/`: sorted, without dates, owners or the writer's system."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in sorted(tree.items()):
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size, info.mode = len(data), 0o644
            tar.addfile(info, io.BytesIO(data))
    packed = bytearray(gzip.compress(plain.getvalue(), compresslevel=9, mtime=0))
    packed[9] = 255  # the header's "operating system": unknown, so that no machine leaves its mark
    return bytes(packed)
