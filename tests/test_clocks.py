"""No test asks a clock whether something was quick enough: on a busy machine it would fail, and nothing would be wrong."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
CLOCKS = re.compile(r"\btime\.(?:time|monotonic|perf_counter|process_time|thread_time)(?:_ns)?\(|\bRLIMIT_CPU\b")
# Work by ratio; patience with what must come at last; how long a run has taken, which is told and not judged.
MAY = {"work.py", "tools/test_hostile.py", "tools/test_preview.py", "tools/test_users.py", "durability/kill.py"}


def test_no_test_looks_at_a_clock() -> None:
    looking = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py") if CLOCKS.search(path.read_text(encoding="utf-8"))}
    assert looking == MAY
