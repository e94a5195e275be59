"""Libraries for Studio: the older kind, and the archive of a content library."""

from __future__ import annotations

import io
import tarfile
import tomllib
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from ladder.core.bank import Bank
from ladder_tools import formats
from ladder_tools.formats.losses import reduced
from ladder_tools.formats.model import Feature, Output
from shown import shown
from written_questions import Taste, make_bank

PICTURE = b"\x89PNG\r\n"


def bank_for(name: str, seed: int = 1, id_: str = "made", title: str = "题库") -> Bank:
    types = formats.FORMATS[name].load().HOLDS.types
    bank = make_bank(18, seed, Taste(lines=0, pictures=0), id_=id_)
    return Bank(id_, title, tuple(question for question in bank.questions if question.type in types))


def written(name: str, *banks: Bank) -> Output:
    format_ = formats.FORMATS[name]
    output = Output(banks, {"box.png": PICTURE}, f"library{format_.extensions[0]}")
    formats.write(output, name)
    return output


def with_picture(bank: Bank) -> Bank:
    first, *rest = bank.questions
    return replace(bank, questions=(replace(first, stem=f"{first.stem}\n\n![光猫](box.png)"), *rest))


@pytest.mark.parametrize("name", ["olx-library", "content-library"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=6)
def test_questions_come_back_as_they_were(name: str, seed: int) -> None:
    banks = (bank_for(name, seed, "one"), bank_for(name, seed + 1, "two"))
    output = written(name, *banks)
    holds = formats.FORMATS[name].load().HOLDS
    reading = formats.read(formats.Source(output.name, output.files[""]))
    assert not reading.problems
    assert reading.title == "题库"
    lost = {question.stem for _, question, _ in output.losses}
    back = [shown(replace(item.question, id="")) for item in reading.items if item.question]
    there = [reduced(question, holds) for bank in banks for question in bank.questions]
    assert lost or back == [shown(replace(question, id="")) for question in there]


def test_a_library_of_studio_names_its_problems_in_its_root() -> None:
    first, second = bank_for("olx-library", 1, "one"), bank_for("olx-library", 2, "two")
    output = written("olx-library", with_picture(first), second)
    with tarfile.open(fileobj=io.BytesIO(output.files[""])) as archive:
        names = archive.getnames()
        root = etree.fromstring(archive.extractfile("library/library.xml").read())  # type: ignore[union-attr]
    assert (root.tag, root.get("library"), root.get("display_name")) == ("library", "one", "题库")
    assert [f"library/problem/{child.get('url_name')}.xml" in names for child in root] == [True] * (len(first.questions) + len(second.questions))
    assert "library/static/box.png" in names
    assert Feature.PICTURES not in formats.FORMATS["olx-library"].load().HOLDS.features


def test_an_archive_has_an_entity_for_each_problem_and_a_collection_for_each_bank() -> None:
    title = 'Title "quoted" \\ \x7f 题'
    output = written("content-library", with_picture(bank_for("content-library", 1, "one", title)), bank_for("content-library", 2, "two"))
    with zipfile.ZipFile(io.BytesIO(output.files[""])) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    package = tomllib.loads(files["package.toml"].decode())["learning_package"]
    assert (package["title"], package["key"]) == (title, "lib:Ladder:one")
    listed = tomllib.loads(files["collections/one.toml"].decode())["collection"]["entities"]
    first = output.banks[0].questions[0].id
    assert listed[0] == f"xblock.v1:problem:{first}"
    entity = tomllib.loads(files[f"entities/xblock.v1/problem/{first}.toml"].decode())
    assert entity["entity"]["draft"] == entity["entity"]["published"] == {"version_num": 1}
    assert files[f"entities/xblock.v1/problem/{first}/component_versions/v1/static/box.png"] == PICTURE
    assert written("content-library", *output.banks).files == output.files


def test_pictures_of_an_archive_come_along() -> None:
    output = written("content-library", with_picture(bank_for("content-library")))
    assert formats.read(formats.Source("library.zip", output.files[""])).pictures == {"box.png": PICTURE}
