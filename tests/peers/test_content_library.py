"""The archive of a content library, restored by openedx-core into the tables that Studio reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ladder.core.bank import Bank
from ladder.core.question import Type
from ladder_tools import formats
from ladder_tools.formats.model import Output
from written_questions import Taste, make_bank

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def held(count: int, id_: str) -> Bank:
    """A bank of questions that Open edX has types for."""
    bank = make_bank(count, taste=Taste(lines=0, pictures=0), id_=id_)
    return Bank(id_, f"题库“{id_}”", tuple(question for question in bank.questions if question.type not in (Type.SHORT, Type.ESSAY)))


def restored(archive: bytes, folder: Path, name: str) -> Any:
    """The learning package that openedx-core makes of an archive."""
    from django.contrib.auth import get_user_model
    from openedx_content import api

    path = folder / "library.zip"
    path.write_bytes(archive)
    user, _ = get_user_model().objects.get_or_create(username=name)
    told = api.load_learning_package(str(path), user=user)
    assert told["status"] == "success", told["log_file_error"].getvalue()
    return told["lp_restored_data"]


@pytest.fixture
def library(tables: None, tmp_path: Path) -> tuple[Output, Any]:
    """Two banks written and restored."""
    first, second = held(60, "complaints"), held(12, "billing")
    shown = first.questions[0]
    pictured = type(shown)(**{**shown.__dict__, "stem": f"{shown.stem}\n\n![图](station.png)"})
    output = Output([Bank(first.id, first.title, (pictured, *first.questions[1:])), second], {"station.png": PICTURE}, "library.zip")
    formats.write(output, "content-library")
    return output, restored(output.files[""], tmp_path, "author")


def test_every_problem_is_a_published_component_and_every_bank_a_collection(library: tuple[Output, Any]) -> None:
    from openedx_content import api

    output, told = library
    questions = [question for bank in output.banks for question in bank.questions]
    assert (told["num_components"], told["num_collections"]) == (len(questions), 2)
    versions = [component.versioning for component in api.get_components(told["id"])]
    assert sorted(version.published.title for version in versions) == sorted(question.title for question in questions)
    assert all(version.draft == version.published for version in versions)
    collections = {collection.title: collection.entities.count() for collection in api.get_collections(told["id"])}
    assert collections == {bank.title: len(bank.questions) for bank in output.banks}


def test_what_openedx_core_backs_up_is_read_as_the_same_questions(library: tuple[Output, Any], tmp_path: Path) -> None:
    from openedx_content import api

    output, told = library
    path = tmp_path / "backup.zip"
    api.create_zip_file(told.get("package_ref") or told["key"], str(path))  # the key was renamed with version 1
    ours = formats.read(formats.Source("library.zip", output.files[""]))
    theirs = formats.read(formats.Source("backup.zip", path.read_bytes()))
    assert not theirs.problems
    by_id = {item.question.id: item.question for item in theirs.items if item.question}
    assert by_id == {item.question.id: item.question for item in ours.items if item.question}
    assert len(by_id) == sum(len(bank.questions) for bank in output.banks)
    assert theirs.pictures == {"station.png": PICTURE}
    assert (theirs.title, ours.title) == (output.banks[0].title,) * 2
