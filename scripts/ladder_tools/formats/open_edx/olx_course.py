"""Banks as a course that Studio imports: a section for each bank, ten questions a subsection, a unit for each question."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from ladder.core.bank import Bank
from ladder_tools import olx
from ladder_tools.build import archive_of
from ladder_tools.formats.model import Output, Source
from ladder_tools.formats.open_edx.olx_write import Named, pictures_of, problem_file

ORG, RUN = "Ladder", "question_bank"
LANGUAGES = {"zh": "zh-cn", "en": "en"}
_START, _END = "2020-01-01T00:00:00Z", "2099-12-31T00:00:00Z"  # unsaid, a course begins in 2030
_SUBSECTION = {"zh": "第 {first}–{last} 题", "en": "Questions {first}–{last}"}
_PRACTICE = {"zh": "练习", "en": "Practice"}
_PER_SUBSECTION = 10


def course_archive(output: Output, problems: Sequence[Named]) -> bytes:
    """The archive of a course that holds these problems."""
    number = output.banks[0].id
    archive = archive_of(number, dict(_files(output, problems)))
    return archive if Source(output.name, b"").suffix == ".tar.gz" else gzip.decompress(archive)


def _files(output: Output, problems: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    """Names of blocks are unique across their kinds; ids have no underscore, so no name with one can be an id."""
    first = output.banks[0]
    yield "course.xml", olx.xml_file(etree.Element("course", url_name=RUN, org=ORG, course=first.id))
    chapters = [f"{bank.id}_bank" for bank in output.banks]
    yield f"course/{RUN}.xml", olx.xml_file(olx.pointers("course", first.title, "chapter", chapters))
    yield f"policies/{RUN}/policy.json", olx.json_file({f"course/{RUN}": _policy(output)})
    yield f"policies/{RUN}/grading_policy.json", olx.json_file(_grading_policy(output))
    for bank in output.banks:
        yield from _chapter(output, bank, [one for one in problems if one.bank is bank])
    for one in problems:
        vertical = olx.pointers("vertical", one.question.title, "problem", [one.name])
        yield f"vertical/{one.name}_unit.xml", olx.xml_file(vertical)
        yield f"problem/{one.name}.xml", problem_file(output, one)
        for name, data in pictures_of(one.question, output.pictures).items():
            yield f"static/{name}", data


def _chapter(output: Output, bank: Bank, problems: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    names = []
    for at in range(0, len(problems), _PER_SUBSECTION):
        group = problems[at : at + _PER_SUBSECTION]
        names.append(f"{bank.id}_{at + 1}")
        title = _SUBSECTION[output.language].format(first=at + 1, last=at + len(group))
        sequential = olx.pointers("sequential", title, "vertical", [f"{one.name}_unit" for one in group])
        yield f"sequential/{names[-1]}.xml", olx.xml_file(sequential)
    yield f"chapter/{bank.id}_bank.xml", olx.xml_file(olx.pointers("chapter", bank.title, "sequential", names))


def _policy(output: Output) -> dict[str, Any]:
    return {"start": _START, "end": _END, "language": LANGUAGES[output.language], "self_paced": True}


def _grading_policy(output: Output) -> dict[str, Any]:
    """Nothing in the course is graded, but a grading policy must have something to grade."""
    name = _PRACTICE[output.language]
    return {
        "GRADER": [{"type": name, "short_label": name, "min_count": 1, "drop_count": 0, "weight": 1.0}],
        "GRADE_CUTOFFS": {"Pass": 0.6},
    }
