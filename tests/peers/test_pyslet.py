"""Exported QTI under Pyslet, which knows what QTI 2.1 allows where, and runs its rules: the key gets full marks, less than that nobody else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from pyslet.qtiv2.variables import ItemSessionState
from pyslet.qtiv2.xml import QTIDocument

from ladder.core.bank import Bank
from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.model import Output
from written_questions import Taste, make_bank

BANKS = sorted((Path(__file__).parents[2] / "question_banks" / "agent-onboarding").glob("*.md"))
NAMESPACE = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
# The two templates that an item may name, in the words of the specification: Pyslet fetches none.
RESPONSE, SCORE = '<variable identifier="RESPONSE"/>', '<setOutcomeValue identifier="SCORE">{}</setOutcomeValue>'
VALUE = '<baseValue baseType="float">{}</baseValue>'
RULES = {
    "match_correct": f'<responseCondition><responseIf><match>{RESPONSE}<correct identifier="RESPONSE"/></match>{SCORE.format(VALUE.format(1))}'
                     f"</responseIf><responseElse>{SCORE.format(VALUE.format(0))}</responseElse></responseCondition>",
    "map_response": SCORE.format('<mapResponse identifier="RESPONSE"/>'),
}


def package(bank: Bank) -> Mapping[str, bytes]:
    """The files of a package, by their paths."""
    output = Output([bank], name="bank.zip")
    formats.write(output, "qti2")
    with zipfile.ZipFile(io.BytesIO(output.files[""])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_item(data: bytes) -> QTIDocument:
    """An item with the rules of its template in it. Raises what Pyslet raises for what QTI does not allow."""
    root = etree.fromstring(data)
    for rules in root.iter(f"{NAMESPACE}responseProcessing"):
        name = rules.attrib.pop("template", "").rpartition("/")[2]
        if name:
            rules.extend(etree.fromstring(f'<x xmlns="{NAMESPACE[1:-1]}">{RULES[name]}</x>'))
    document = QTIDocument()
    document.read(src=io.BytesIO(etree.tostring(root)))
    return document


def score(data: bytes, answers: Mapping[str, object]) -> float:
    """What the item's own rules give for these responses."""
    item = read_item(data).root
    state = ItemSessionState(item)
    state.begin_session()
    for name, answer in answers.items():
        state[name].set_value(answer)
    item.ResponseProcessing.run(state)
    return state["SCORE"].value or 0


def right(data: bytes) -> dict[str, object]:
    """The right response to each interaction, as the item declares it."""
    found: dict[str, object] = {}
    for declaration in etree.fromstring(data).iter(f"{NAMESPACE}responseDeclaration"):
        values = [value.text for value in declaration.iterfind(f"{NAMESPACE}correctResponse/{NAMESPACE}value")]
        found[declaration.get("identifier", "")] = values if declaration.get("cardinality") == "multiple" else values[0]
    return found


def real(path: Path) -> Bank:
    reading = markdown.read(formats.Source(path.name, path.read_bytes()))
    return Bank(reading.id, reading.title, tuple(item.question for item in reading.items if item.question))


@pytest.mark.parametrize("bank", [*map(real, BANKS), make_bank(120, seed=11, taste=Taste(nasty=0.6, pictures=0))], ids=lambda bank: bank.id)
def test_everything_stands_where_qti_allows_it(bank: Bank) -> None:
    files = {name: data for name, data in package(bank).items() if name.startswith("items/")}
    assert len(files) > len(bank.questions) * 0.9
    for data in files.values():
        assert read_item(data).root.xmlname == "assessmentItem"


def test_pyslet_would_tell_of_what_stands_elsewhere() -> None:
    (data,) = (data for name, data in package(real(BANKS[0])).items() if name.endswith("biz-bundle-discount.xml"))
    with pytest.raises(Exception, match="simpleChoice"):
        read_item(data.replace(b"</itemBody>", b'<simpleChoice identifier="Z">x</simpleChoice></itemBody>'))


@pytest.mark.parametrize("question", [
    question for bank in (*map(real, BANKS), make_bank(120, seed=11, taste=Taste(nasty=0.6, pictures=0))) for question in bank.questions
    if question.type not in (Type.SHORT, Type.ESSAY)
], ids=lambda question: question.id)
def test_the_key_gets_full_marks_and_nothing_else_does(question: Question) -> None:
    files = package(Bank("bank", "题库", (replace(question, marks=None),)))
    data = next((data for name, data in files.items() if name.startswith("items/")), b"")
    if not data:
        assert question.type is Type.BLANK  # of patterns or spans only
        return
    key = right(data)
    full = max(1, len(question.blanks))
    assert score(data, key) == full
    for name, answer in key.items():
        if question.type is Type.BLANK:
            assert score(data, {**key, name: "999999"}) == full - 1
        elif question.type is Type.MULTIPLE:
            letters = [chr(ord("A") + number) for number in range(len(question.choices))]
            for letter in letters:
                other = sorted({*answer, letter} if letter not in answer else {*answer} - {letter})
                assert score(data, {name: other}) < full
        else:
            assert all(score(data, {name: chr(ord("A") + number)}) == 0 for number, choice in enumerate(question.choices) if not choice.correct)
