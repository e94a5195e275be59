"""The course and the library under olxcleaner, which Studio runs on every course it imports."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from olxcleaner import validate
from olxcleaner.exceptions import ErrorLevel

from ladder.core.bank import Bank
from ladder_tools import formats
from ladder_tools.formats.model import Output
from written_questions import Taste, make_bank


def unpacked(format_: str, folder: Path) -> Path:
    """An archive of two banks, unpacked as Studio unpacks it."""
    banks = []
    for number, id_ in enumerate(("complaints", "billing"), 1):
        bank = make_bank(66, seed=number, taste=Taste(pictures=0), id_=id_)
        types = formats.FORMATS[format_].load().HOLDS.types
        banks.append(Bank(id_, f"题库{number}", tuple(question for question in bank.questions if question.type in types)))
    output = Output(banks, {"station.png": b"png"}, "course.tar.gz")
    formats.write(output, format_)
    with tarfile.open(fileobj=io.BytesIO(output.files[""])) as archive:
        archive.extractall(folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


def test_the_course_has_no_fault(tmp_path: Path) -> None:
    course, told, names = validate(str(unpacked("olx", tmp_path)))
    assert course is not None
    assert len(names) > 88
    faults = [error.description for error in told.errors if error.level_val >= ErrorLevel.WARNING.value]
    assert faults == ["The tag <course url_name='question_bank' display_name='题库1'> does not have the required setting 'course_image'."]


def test_each_problem_of_the_library_has_no_fault_in_a_course(tmp_path: Path) -> None:
    """olxcleaner knows no libraries: the problems are put into a course of one unit."""
    library = unpacked("olx-library", tmp_path)
    names = sorted(path.stem for path in (library / "problem").iterdir())
    unit = "".join(f'<problem url_name="{name}"/>' for name in names)
    (library / "course.xml").write_text(
        '<course url_name="run" org="Ladder" course="library" display_name="x"><chapter url_name="c" display_name="x">'
        f'<sequential url_name="s" display_name="x"><vertical url_name="v" display_name="x">{unit}</vertical></sequential></chapter></course>',
        encoding="utf-8",
    )
    course, told, found = validate(str(library))
    assert course is not None
    assert set(names) <= set(found)
    faults = [f"{error.filename}: {error.description}" for error in told.errors if error.level_val >= ErrorLevel.WARNING.value]
    assert [fault for fault in faults if "problem" in fault] == []
