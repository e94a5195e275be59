"""A server that is killed keeps what it has acknowledged. `make durability` is the long form of this."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

KILL = Path(__file__).parent / "kill.py"


@pytest.mark.slow
def test_a_server_that_is_killed_loses_and_doubles_nothing() -> None:
    command = [sys.executable, str(KILL), "--trainees", "6", "--answers", "400", "--kills", "3"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "400 answers acknowledged, 6 of 6 attempts handed in, killed 3 times" in ended.stdout
    assert int(re.search(r"(\d+) requests sent again", ended.stdout)[1]) > 0, "the server was killed while requests were on their way"
