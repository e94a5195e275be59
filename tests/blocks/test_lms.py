"""The tests in `tests/lms`, run in a process whose Django has the platform's apps: settings are taken once a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FOLDER = TESTS / "lms"
NAMED = [
    f"{path.name}::{name}"
    for path in sorted(FOLDER.glob("test_*.py")) for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.fixture(scope="module")
def run_in_the_lms() -> str:
    """What those tests say."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "lms_settings", "PYTHONPATH": str(TESTS / "lms_parts")}
    command = [sys.executable, "-m", "pytest", str(FOLDER), "-rA", "--no-header", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, timeout=600)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMED)
def test_in_the_lms(name, run_in_the_lms):
    results = re.findall(rf"^(PASSED|FAILED|ERROR) \S+/{re.escape(name)}\b", run_in_the_lms, re.MULTILINE)
    assert results, run_in_the_lms
    assert set(results) == {"PASSED"}, run_in_the_lms
