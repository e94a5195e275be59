"""One budget for what is read of a container. What is asserted is counted: members and bytes, never time."""

from __future__ import annotations

import ast
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from hostile import FILES, overlapping, sparse, tar, zipped
from ladder_tools.convert import MAX_SOURCE, Request, convert
from ladder_tools.formats import Source, read
from ladder_tools.formats.archive import MAX_TOTAL, Budget, Hostile, open_archive

ROOT = Path(__file__).parents[2]
PIECE = 1_000_000


def refusal(data: bytes, budget: Budget | None = None) -> str:
    with pytest.raises(Hostile) as refused:
        open_archive(data, budget)
    return refused.value.code


def test_a_tar_of_446_bytes_that_unpacks_to_gigabytes_is_refused_before_a_byte_is_read() -> None:
    data, budget = sparse(60, 45), Budget()
    assert len(data) < 700
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert sum(member.size for member in archive) == 60 * 45_000_000
    assert refusal(data, budget) == "archive-odd"
    assert budget.bytes_read == 0


@pytest.mark.parametrize("megabytes", [1, 40])
def test_members_that_are_read_over_and_over_count_each_time(megabytes: int) -> None:
    budget = Budget()
    assert refusal(overlapping(200, megabytes), budget) == "archive-swells"
    assert budget.bytes_read <= MAX_TOTAL + PIECE


@pytest.mark.parametrize("data", [
    zipped({f"{number}.xml": b"x" * 400 for number in range(10)}),
    tar("a.xml", content=b"x" * 4000, mode="w"),
    tar("a.xml", content=b"x" * 4000),
], ids=["zip", "tar", "tar.gz"])
def test_every_container_is_read_on_the_same_budget(data: bytes) -> None:
    budget = Budget(size=4000)
    assert sum(map(len, open_archive(data, budget).values())) == budget.bytes_read == 4000
    budget = Budget(size=3999)
    assert refusal(data, budget) == "archive-swells"
    assert budget.bytes_read <= 4000


def test_members_are_counted_in_every_container_folders_too() -> None:
    folders = tar("a.xml", mode="w")
    for data, members in ((zipped({"a/": "", "a/b.xml": "x"}), 2), (folders, 1)):
        budget = Budget(members=members)
        open_archive(data, budget)
        assert budget.members_read == members
        assert refusal(data, Budget(members=members - 1)) == "archive-too-many"


def test_what_takes_too_much_work_is_given_up() -> None:
    assert refusal(zipped({"a.xml": "x"}), Budget(seconds=0)) == "archive-swells"


@pytest.mark.parametrize("name", ["unknown-kind.tar", "link.zip", "long-name.zip", "deep-folders.zip"])
def test_what_is_no_plain_file_is_refused_and_its_name_told_in_short(name: str) -> None:
    reading = read(Source(name, FILES[name]()), "olx" if name.endswith("tar") else "qti2")
    (problem,) = reading.problems
    assert problem.code == "archive-odd"
    assert len(problem.message("zh")) < 140


def test_packing_that_cannot_be_unpacked_in_pieces_is_refused() -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr("imsmanifest.xml", "<manifest/>")
        assert refusal(buffer.getvalue(), budget := Budget()) == "archive-odd"
        assert budget.bytes_read == 0


def test_a_file_too_large_to_be_read_whole_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bank.zip"
    with path.open("wb") as file:
        file.truncate(MAX_SOURCE + 1)  # a hole: it takes no room
    done = convert(Request((path,), tmp_path / "bank.md"))
    assert [problem.code for problem in done.problems] == ["source-too-big"]


def test_no_other_module_opens_a_container_of_strangers() -> None:
    """They write their own, and read back what they have just written."""
    found = set()
    for path in [*(ROOT / "scripts").rglob("*.py"), *(ROOT / "xblocks").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in ("zipfile.ZipFile", "tarfile.open", "gzip.open", "gzip.decompress", "zlib.decompress", "openpyxl.load_workbook", "docx.Document"):
                writes = any(isinstance(argument, ast.Constant) and argument.value == "w" for argument in [*node.args, *(word.value for word in node.keywords)])
                found |= set() if writes else {path.name}
    assert found == {"archive.py", "xlsx.py", "paper_docx.py", "docx_body.py", "olx_course.py"}
