"""Files made to harm are refused with a reason, with little work (see `work`) and within 300 MB, whatever they claim to be.

Each is opened in a process of its own, as the command would, so that what it costs can be told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile import FILES

# Loads every format once and forks for each file. What getrusage tells would be the peak of whoever forked first, so /proc is asked.
PROGRAM = """
import json, os, re, sys, time
from pathlib import Path
from ladder_tools import formats
from work import read_ordinary, spent
for format_ in formats.FORMATS.values():
    format_.load()

def opened(path):
    data = path.read_bytes()
    ordinary = min(spent(read_ordinary) for _ in range(3))
    began = time.process_time()
    reading = formats.read(formats.Source(path.name, data))
    works = (time.process_time() - began) / ordinary
    told = [*reading.problems, *(problem for item in reading.items for problem in item.problems)]
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000
    return {
        "works": works, "memory": peak, "came_in": sum(item.question is not None for item in reading.items),
        "texts": [item.question.stem for item in reading.items if item.question],
        "told": [(problem.where, problem.severity, problem.code) for problem in told],
    }

for line in sys.stdin:
    child = os.fork()
    if not child:
        print(json.dumps(opened(Path(line.strip()))), flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        print(json.dumps({"died": status}), flush=True)
"""
MOST = 600  # ordinary pieces of work: some two seconds
# What is long, and not harmful: it may come in, if it costs no more than it should.
HARMLESS = {"brackets.txt", "spaces.txt", "letters.txt", "numbers.txt", "columns.csv", "deep.md", "backslashes.gift", "worst.txt", "worst-lines.txt",
            "worst-answers.txt", "worst-blanks.txt", "worst-key.txt", "worst-aiken.txt", "worst.gift", "worst-cloze.xml", "worst-essay.xml", "worst-html.xml", "worst-edx.md",
            "worst.olx.xml"}


@pytest.fixture(scope="module")
def opener() -> Iterator[subprocess.Popen[str]]:
    """A process that opens each file whose path it is told, in a child of its own."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-c", PROGRAM]
    environment = os.environ | {"PYTHONPATH": paths}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield process
        process.communicate(timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_reason_and_little_work(name: str, opener: subprocess.Popen[str], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    assert opener.stdin is not None
    assert opener.stdout is not None
    print(path, file=opener.stdin, flush=True)
    found = json.loads(opener.stdout.readline())
    assert "died" not in found
    assert found["told"] or name in HARMLESS
    assert found["works"] < MOST
    assert found["memory"] < 300 + path.stat().st_size / 1_000_000  # the file itself is read whole
    if name not in HARMLESS:
        assert found["came_in"] == 0
        assert any(severity == "error" for _, severity, _ in found["told"])
    assert not any("root:" in text for text in found["texts"])
