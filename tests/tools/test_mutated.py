"""Whatever is wrong with a file, it is read or refused with a place and a reason. `LADDER_MUTATIONS` says how many files a format."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ladder.core.problem_texts import TEXTS
from ladder_tools import formats
from mutated import mutations

ZOO = Path(__file__).parent / "zoo"
READ = [name for name, format_ in formats.FORMATS.items() if format_.reads]
COUNT = int(os.environ.get("LADDER_MUTATIONS", "400"))


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_a_broken_file_is_read_or_refused_with_a_place(name: str) -> None:
    paths = sorted((ZOO / name).glob("*/input.*"))
    assert paths, f"the zoo has no {name}"
    suffix = paths[0].name.partition(".")[2]
    for number, data in enumerate(mutations([path.read_bytes() for path in paths], COUNT, seed=20261122)):
        source = formats.Source(f"input.{suffix}", data)
        try:
            formats.detect(source)
            reading = formats.read(source, name)
        except Exception as error:
            raise AssertionError(f"file {number} of {name}") from error
        told = [*reading.problems, *(problem for item in reading.items for problem in item.problems)]
        assert reading.items or reading.problems
        assert all(item.problems for item in reading.items if item.question is None)
        assert all(problem.line >= 1 and problem.column >= 1 and problem.code in TEXTS for problem in told), number
        assert all(problem.message("zh") and problem.hint("en") for problem in told)
