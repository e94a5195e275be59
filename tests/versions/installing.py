"""What pip makes of our requirements: nothing the platform has pinned is changed, and what we call the oldest is what is tested.

Run by `make test-oldest`, in the environment that it makes. It asks the package index, which no test of `make test` does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PINS = Path(__file__).with_name("pins.txt")
ALL = "[author,mysql,postgres]"
# watchfiles brings anyio, which asks for a newer one. The authoring tools have no place in the platform's environment.
CHANGED = {"": set(), ALL: {"typing-extensions"}}


def pinned() -> dict[str, str]:
    """The platform's versions by name."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", PINS.read_text(encoding="utf-8"), re.MULTILINE))


def resolve(report: Path, *arguments: str, python: Path = Path(sys.executable)) -> dict[str, str]:
    """What pip would install, with the versions, into the environment of `python`."""
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--dry-run", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--report", str(report), *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = (item["metadata"] for item in json.loads(report.read_text(encoding="utf-8"))["install"])
    return {canonicalize_name(item["name"]): item["version"] for item in found}


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """The Python of an environment where pip finds what the platform has pinned. Only the names and versions are there."""
    venv.create(tmp_path / "platform", with_pip=False)
    python = tmp_path / "platform" / "bin" / "python"
    (packages,) = (tmp_path / "platform" / "lib").glob("python3.*/site-packages")
    for name, pin in pinned().items():
        information = packages / f"{name.replace('-', '_')}-{pin}.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {pin}\n", encoding="utf-8")
    return python


@pytest.mark.parametrize("extra", CHANGED)
def test_a_plain_pip_install_changes_none_of_the_platforms_versions(extra: str, platform: Path, tmp_path: Path) -> None:
    installed = resolve(tmp_path / "report", f"{ROOT}{extra}", python=platform)
    assert {"xblock-ladder", "pymdown-extensions", "openpyxl"} <= installed.keys()
    assert installed.keys() & {canonicalize_name(name) for name in pinned()} <= CHANGED[extra]


@pytest.mark.parametrize("extra", CHANGED)
def test_there_are_versions_of_all_we_need_that_go_with_the_platforms(extra: str, tmp_path: Path) -> None:
    pins = {canonicalize_name(name): pin for name, pin in pinned().items()}
    installed = resolve(tmp_path / "report", "--ignore-installed", "-c", str(PINS), f"{ROOT}{extra}")
    assert {"xblock", "django", "markdown", "lxml", "edx-submissions"} <= installed.keys() & pins.keys()
    assert {name: found for name, found in installed.items() if name in pins} == {name: pins[name] for name in installed if name in pins}


def test_the_oldest_versions_that_are_promised_are_those_that_are_tested() -> None:
    promised = [Requirement(row) for row in requires("xblock-ladder") or ()]
    oldest = {
        wanted.name: Version(part.version) for wanted in promised for part in wanted.specifier if part.operator == ">="
    }
    assert {"XBlock", "Django", "Markdown", "xblock-sdk", "psycopg"} <= oldest.keys()
    assert {name: Version(version(name)) for name in oldest} == oldest
    assert sys.version_info[:2] == (3, 11)
