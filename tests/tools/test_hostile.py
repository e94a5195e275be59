"""Files made to harm are refused with a reason: within two seconds of work and 300 MB, whatever they claim to be.

Each is opened in a process of its own, as the command would, so that what it costs can be told.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hostile import FILES

# Time before the file is opened is not the file's doing. The peak that getrusage tells would be that of the process forked from.
PROGRAM = """
import json, re, sys, time
from pathlib import Path
from ladder_tools import formats
for format_ in formats.FORMATS.values():
    format_.load()
path = Path(sys.argv[1])
data = path.read_bytes()
began = time.process_time()
reading = formats.read(formats.Source(path.name, data))
spent = time.process_time() - began
told = [*reading.problems, *(problem for item in reading.items for problem in item.problems)]
print(json.dumps({
    "spent": spent, "memory": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000, "came_in": sum(i.question is not None for i in reading.items),
    "texts": [i.question.stem for i in reading.items if i.question], "told": [(p.where, p.severity, p.code) for p in told],
}))
"""
# What is long, and not harmful: it may come in, if it costs no more than it should.
HARMLESS = {"brackets.txt", "spaces.txt", "letters.txt", "numbers.txt", "columns.csv", "deep.md", "backslashes.gift", "worst.txt", "worst-lines.txt",
            "worst-answers.txt", "worst-blanks.txt", "worst-key.txt", "worst-aiken.txt", "worst.gift", "worst-cloze.xml", "worst-essay.xml", "worst-html.xml", "worst-edx.md",
            "worst.olx.xml"}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_reason_and_little_work(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["told"] or name in HARMLESS
    assert found["spent"] < 2
    assert found["memory"] < 300 + path.stat().st_size / 1_000_000  # the file itself is read whole
    if name not in HARMLESS:
        assert found["came_in"] == 0
        assert any(severity == "error" for _, severity, _ in found["told"])
    assert not any("root:" in text for text in found["texts"])
