"""What pip installs is whole, holds nothing that must not be published, and asks an LMS for nothing it does not need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PUBLISHED = {".html", ".svg", ".js", ".css", ".mo", ".po"}
NAMED = {"py.typed", "LICENSE"}
AUTHORING = {"click", "rich", "watchfiles", "waitress", "xblock-sdk", "python-docx", "xlrd", "olefile"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the project."""
    copy, out = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("wheel")
    for folder in ("xblocks", "scripts"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """The files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_both_packages(names: set[str]) -> None:
    for package, folder in (("ladder", ROOT / "xblocks" / "ladder"), ("ladder_tools", ROOT / "scripts" / "ladder_tools")):
        there = {
            f"{package}/{path.relative_to(folder).as_posix()}"
            for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        }
        assert there - names == set()


@pytest.mark.slow
def test_the_wheel_holds_nothing_but_the_two_packages(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ladder", "ladder_tools"}
    assert not [name for name in names if name.endswith((".md", ".xlsx", ".tar.gz", ".sqlite3", ".json"))], "no course, no bank, no key"


@pytest.mark.parametrize("package", ["xblocks/ladder", "scripts/ladder_tools"])
def test_a_package_holds_no_file_that_nobody_expects(package: str) -> None:
    """Everything in `ladder` but Python files is published to browsers by an LMS: collectstatic takes it all."""
    files = [path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 20
    assert not [path for path in files if path.suffix not in PUBLISHED | {".py"} and path.name not in NAMED]


@pytest.mark.slow
def test_an_lms_needs_nothing_of_the_authoring_tools(metadata: Message) -> None:
    wanted = metadata.get_all("Requires-Dist") or []
    needed = {re.split(r"[^\w.-]", row, maxsplit=1)[0].lower() for row in wanted if "extra ==" not in row}
    assert {"xblock", "django", "lxml", "nh3", "bleach", "pyyaml"} <= needed
    assert not needed & AUTHORING
    extra = {re.split(r"[^\w.-]", row, maxsplit=1)[0].lower() for row in wanted if re.search(r"extra == .author.", row)}
    assert extra & AUTHORING == extra - {"xblock"}, "and the authors' extra asks for them"
    assert metadata["Requires-Python"] == ">=3.11.5"


def test_the_blocks_run_where_no_authoring_tool_is_installed() -> None:
    program = """
import sys
for name in ("click", "rich", "watchfiles", "waitress", "workbench", "ladder_tools", "openpyxl", "docx", "hypothesis"):
    sys.modules[name] = None
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "ladder.apps.LadderConfig"], USE_TZ=True,
                   DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import ladder.article, ladder.case, ladder.exam, ladder.lesson, ladder.mistakes, ladder.stage
from ladder.stage import StageBlock
for block in (ladder.article.ArticleBlock, ladder.case.CaseBlock, ladder.exam.ExamBlock, ladder.lesson.LessonBlock,
              ladder.mistakes.MistakesBlock, StageBlock):
    for title, xml in block.workbench_scenarios():
        block.parse_text(xml.partition("<![CDATA[")[2].partition("]]>")[0])
print("all six")
"""
    paths = os.pathsep.join(str(ROOT / name) for name in ("xblocks", "scripts"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LADDER_", "DJANGO_"))}
    done = subprocess.run([sys.executable, "-c", program], env=environment | {"PYTHONPATH": paths}, capture_output=True, text=True, timeout=300)
    assert done.stdout == "all six\n", done.stderr


@pytest.mark.slow
def test_open_edx_finds_blocks_tables_and_command_by_entry_point(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        told = archive.read(name).decode()
    for kind in ("stage", "lesson", "article", "case", "exam", "mistakes"):
        assert f"ladder_{kind} = ladder.{kind}:{kind.capitalize()}Block" in told
    for group in ("lms.djangoapp", "cms.djangoapp"):
        assert re.search(rf"\[{group}\]\nladder\w* = ladder.apps:LadderConfig", told)
    assert "ladder = ladder_tools.cli:main" in told


@pytest.mark.slow
def test_what_pip_installs_draws_every_page_with_its_pictures_and_in_chinese(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--target"]
    subprocess.run([*command, str(target), str(wheel)], check=True, timeout=300)
    shutil.copytree(ROOT / "tests" / "course", tmp_path / "desk")
    program = """
import os
import ladder, ladder_tools
from pathlib import Path
for package in (ladder, ladder_tools):
    assert Path(package.__file__).is_relative_to(os.environ["PYTHONPATH"]), package
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, run_syncdb=True)
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(get_user_model().objects.create(username="lin"))
for name in ("start", "welcome", "limits", "late-van", "refunding"):
    page = client.get(f"/unit/{name}/").content.decode()
    assert '<section class="ladder ' in page and "<svg" in page.partition('<section class="ladder ')[2], name
    assert "退出" in page, name
assert "接起电话" in client.get("/unit/late-van/").content.decode()
for script in ("ladder/ladder.js", "ladder/exam.js", "ladder/ladder.css", "preview/preview.js", "preview/runtime.js", "preview/icon.svg"):
    assert client.get(f"/resource/{script}").status_code == 200, script
print("drawn")
"""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LADDER_", "DJANGO_"))} | {
        "PYTHONPATH": str(target), "LADDER_COURSE": str(tmp_path / "desk/courses/small"), "LADDER_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "ladder_tools.preview.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.stdout == "drawn\n", done.stderr


def test_every_string_of_the_interface_is_translated_and_compiled() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "translations.py"), "--check"], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
