"""QTI in and out: keys are worked out from the rules for marking, packages are what other programs expect, nothing strange is let in."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from ladder.core.bank import Bank
from ladder.core.question import Choice, KeyPoint, Question, Reference, Type
from ladder_tools import formats
from ladder_tools.formats import Output, Reading, Source
from ladder_tools.formats.losses import reduced
from written_questions import Taste, make_bank

PICTURE = b"\x89PNG\r\n\x1a\n"
LABELS = "".join(f'<response_label ident="{letter}"><material><mattext>选项{letter}</mattext></material></response_label>' for letter in "ABC")


def item12(rules: str, cardinality: str = "Single", responses: str = "") -> Reading:
    """An item of QTI 1.2 with the choices A, B and C, marked by these rules."""
    responses = responses or f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{LABELS}</render_choice></response_lid>'
    text = f'<questestinterop><item ident="one"><presentation><material><mattext>先做什么？</mattext></material>{responses}</presentation><resprocessing>{rules}</resprocessing></item></questestinterop>'
    return formats.read(Source("one.xml", text.encode()), "qti12")


def item2(body: str, declaration: str = "", rest: str = "") -> Reading:
    """An item of QTI 2."""
    text = f'<assessmentItem identifier="one" title="一题">{declaration}<itemBody>{body}</itemBody>{rest}</assessmentItem>'
    return formats.read(Source("one.xml", text.encode()), "qti2")


def rule(condition: str, value: str = "1", action: str = "Set") -> str:
    return f'<respcondition><conditionvar>{condition}</conditionvar><setvar action="{action}">{value}</setvar></respcondition>'


def equal(letter: str) -> str:
    return f'<varequal respident="r">{letter}</varequal>'


def right(reading: Reading) -> str:
    """The letters of the right choices."""
    (item,) = reading.items
    assert item.question is not None, item.problems
    return "".join("ABC"[index] for index in item.question.key)


def codes(reading: Reading) -> list[str]:
    return [problem.code for item in reading.items for problem in item.problems]


@pytest.mark.parametrize(("rules", "cardinality", "key"), [
    (rule(equal("B")), "Single", "B"),
    (rule(f"<not>{equal('A')}</not><not>{equal('C')}</not>"), "Single", "B"),
    (rule(equal("A"), "0") + rule(equal("B"), "5"), "Single", "B"),
    (rule(equal("A"), "1", "Add") + rule(equal("A"), "1", "Subtract") + rule(equal("C"), "1", "Add"), "Single", "C"),
    (rule("<other/>", "0") + rule(equal("A"), "SCORE.max"), "Single", ""),  # what is true of all ends the marking
    (rule(f"<and>{equal('A')}{equal('B')}<not>{equal('C')}</not></and>"), "Multiple", "AB"),
    (rule(f"{equal('A')}{equal('C')}"), "Multiple", "AC"),
    (rule(equal("A"), "1", "Add") + rule(equal("B"), "1", "Add") + rule(equal("C"), "-1", "Add"), "Multiple", "AB"),
    (rule(f"<or>{equal('A')}{equal('B')}</or>"), "Single", "AB"),
])
def test_what_earns_most_is_the_key(rules: str, cardinality: str, key: str) -> None:
    reading = item12(rules, cardinality)
    if key:
        assert right(reading) == key
    else:
        assert codes(reading) == ["moodle-no-key"]


def test_a_rule_that_cannot_be_followed_refuses_the_item_by_name_and_line() -> None:
    reading = item12(f"\n\n{rule('<durgte>5</durgte>')}")
    ((problem,),) = [item.problems for item in reading.items]
    assert (problem.code, problem.line, dict(problem.words)["name"]) == ("qti-rule", 3, "durgte")


@pytest.mark.parametrize(("body", "declaration", "rest", "code"), [
    ("<p>x</p><gapMatchInteraction responseIdentifier='R'/>", "", "", "qti-type"),
    ("<p>x</p><choiceInteraction responseIdentifier='R'/><p><textEntryInteraction responseIdentifier='S'/></p>", "", "", "qti-mixed"),
    ("<p>x</p><p><textEntryInteraction responseIdentifier='R'/></p>", "<responseDeclaration identifier='R'><areaMapping/></responseDeclaration>", "", "qti-rule"),
    ("<p>x</p><p><textEntryInteraction responseIdentifier='R'/></p>", "", "<responseProcessing template='http://x.test/own'/>", "qti-rule"),
    ("<p>x</p><p><textEntryInteraction responseIdentifier='R'/></p>", "", "", "no-usable-answer"),
    ("<p>x</p><extendedTextInteraction responseIdentifier='R'/>", "", "", "qti-essay"),
])
def test_what_qti_2_says_and_we_cannot_is_refused(body: str, declaration: str, rest: str, code: str) -> None:
    assert codes(item2(body, declaration, rest)) == [code]


def test_qti_3_reads_like_qti_2() -> None:
    old = item2(
        "<choiceInteraction responseIdentifier='R' shuffle='true' maxChoices='1'><prompt>先做什么？</prompt>"
        "<simpleChoice identifier='A' fixed='true'>问候</simpleChoice><simpleChoice identifier='B'>挂断</simpleChoice></choiceInteraction>",
        "<responseDeclaration identifier='R' cardinality='single' baseType='identifier'><correctResponse><value>A</value></correctResponse></responseDeclaration>",
    )
    text = (
        "<qti-assessment-item xmlns='http://www.imsglobal.org/xsd/imsqtiasi_v3p0' identifier='one' title='一题'><qti-response-declaration identifier='R' cardinality='single' base-type='identifier'>"
        "<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><qti-choice-interaction response-identifier='R' shuffle='true' max-choices='1'>"
        "<qti-prompt>先做什么？</qti-prompt><qti-simple-choice identifier='A' fixed='true'>问候</qti-simple-choice><qti-simple-choice identifier='B'>挂断</qti-simple-choice></qti-choice-interaction></qti-item-body></qti-assessment-item>"
    )
    new = formats.read(Source("one.xml", text.encode()), "qti2")
    assert new.items[0].question == old.items[0].question
    assert old.items[0].question is not None
    assert old.items[0].question.choices == (Choice("问候", True, True), Choice("挂断", False))


def test_a_picture_inside_the_text_and_one_in_the_package_come_along() -> None:
    text = '<assessmentItem identifier="one"><itemBody><p>看图<img src="data:image/png;base64,iVBORw0KGgo="/><img src="../media/a%20b.png" alt="b"/></p><p><textEntryInteraction responseIdentifier="R"/></p></itemBody>'
    text = text.replace("<itemBody>", '<responseDeclaration identifier="R" baseType="string"><correctResponse><value>工单</value></correctResponse></responseDeclaration><itemBody>') + "</assessmentItem>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("items/one.xml", text)
        archive.writestr("media/a b.png", PICTURE + b"2")
        archive.writestr("media/unused.png", PICTURE)
    reading = formats.read(Source("bank.zip", buffer.getvalue()))
    assert codes(reading) == []
    assert sorted(reading.pictures.values()) == [PICTURE, PICTURE + b"2"]
    assert reading.items[0].question is not None
    assert all(f"({name})" in reading.items[0].question.stem for name in reading.pictures)


def test_what_is_no_picture_does_not_come_in_as_one() -> None:
    item = '<assessmentItem identifier="one"><itemBody><p>看<img src="secret.xml"/></p><p><textEntryInteraction responseIdentifier="R"/></p></itemBody></assessmentItem>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("one.xml", item.replace("<itemBody>", '<responseDeclaration identifier="R" baseType="string"><correctResponse><value>工单</value></correctResponse></responseDeclaration><itemBody>'))
        archive.writestr("secret.xml", "<x/>")
    reading = formats.read(Source("bank.zip", buffer.getvalue()))
    assert codes(reading) == ["qti-picture"]
    assert reading.pictures == {}


def written(*banks: Bank, **pictures: bytes) -> tuple[dict[str, bytes], Output]:
    """The files of the package that banks become."""
    output = Output(banks, pictures={f"{name}.png": data for name, data in pictures.items()}, name="bank.zip")
    formats.write(output, "qti2")
    with zipfile.ZipFile(io.BytesIO(output.files[""])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, output


def test_what_is_written_is_read_back_equal() -> None:
    bank = make_bank(150, seed=7, taste=Taste(nasty=0.1, lines=0))
    _, output = written(bank)
    reading = formats.read(Source("bank.zip", output.files[""]))
    holds = formats.FORMATS["qti2"].load().HOLDS
    left_out = {question.id for _, question, _ in output.left_out}
    lost = {question.id for _, question, _ in output.losses}
    there = {question.id: reduced(question, holds) for question in bank.questions if question.id not in left_out}
    back = {item.question.id: replace(item.question, line=0) for item in reading.items if item.question}
    assert back.keys() == there.keys()
    assert len(lost) < 5
    assert {id_: question for id_, question in back.items() if id_ not in lost} == {id_: question for id_, question in there.items() if id_ not in lost}
    assert (reading.id, reading.title) == (bank.id, bank.title)


def test_a_package_holds_what_readers_of_qti_look_for() -> None:
    question = Question("48-hours", "首次回复", Type.SINGLE, "见图。\n\n![流程](flow.png)", (Choice("是", True), Choice("否", False, True)), (), (), 4,
                        Reference("broadband", "时限"), Decimal(2), False, "见 [[broadband|规范]]。", 0)
    files, output = written(Bank("broadband", "宽带", (question,)), flow=PICTURE, unused=PICTURE)
    assert sorted(files) == ["imsmanifest.xml", "items/broadband-48-hours.xml", "media/flow.png", "test.xml"]
    assert output.losses == []
    roots = {name: etree.fromstring(data) for name, data in files.items() if name.endswith(".xml")}
    names = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1", "m": "http://www.imsglobal.org/xsd/imscp_v1p1"}
    item = roots["items/broadband-48-hours.xml"]
    assert [etree.QName(part).localname for part in item] == [
        "responseDeclaration", "outcomeDeclaration", "outcomeDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback",
    ]
    assert item.get("identifier") == "_48-hours"
    assert item.xpath("string(.//q:img/@src)", namespaces=names) == "../media/flow.png"
    assert item.xpath("string(q:modalFeedback)", namespaces=names).strip() == "见 规范。"
    assert item.xpath("string(.//q:setOutcomeValue//q:baseValue)", namespaces=names) == "2"
    manifest = roots["imsmanifest.xml"]
    listed = {file.get("href") for file in manifest.iter("{*}file")}
    assert listed == set(files) - {"imsmanifest.xml"}
    known = {resource.get("identifier") for resource in manifest.iter("{*}resource")}
    assert {part.get("identifierref") for part in manifest.iter("{*}dependency")} <= known
    assert roots["test.xml"].xpath("string(.//q:assessmentItemRef/@href)", namespaces=names) == "items/broadband-48-hours.xml"


def test_only_the_two_known_ways_of_marking_are_named_by_template() -> None:
    files, _ = written(make_bank(60, seed=3))
    templates = {part.get("template") for name, data in files.items() if name.startswith("items/") for part in etree.fromstring(data).iter("{*}responseProcessing")}
    root = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
    assert templates == {None, f"{root}/match_correct", f"{root}/map_response"}


def test_the_same_banks_give_the_same_bytes() -> None:
    bank = make_bank(20, seed=5)
    assert written(bank)[1].files == written(bank)[1].files


def test_several_banks_are_several_sections_of_one_package() -> None:
    one, two = make_bank(2, seed=1, id_="one"), make_bank(2, seed=2, id_="two")
    files, output = written(one, two)
    sections = etree.fromstring(files["test.xml"]).findall(".//{*}assessmentSection")
    assert [section.get("identifier") for section in sections] == ["one", "two"]
    assert len(formats.read(Source("banks.zip", output.files[""])).items) == 4


def test_a_blank_that_only_a_pattern_fills_is_left_out_and_told() -> None:
    question = Question("code", "码", Type.BLANK, "码是 {{1}}。", (), (("/[a-z]{3}/",),), (), 2, None, None, False, "", 0)
    files, output = written(Bank("b", "题库", (question,)))
    assert [(left.id, why) for _, left, why in output.left_out] == [("code", "no-plain-answer")]
    assert not [name for name in files if name.startswith("items/")]


def test_key_points_reach_the_scorer_and_come_back() -> None:
    points = (KeyPoint(Decimal("2.5"), "先**道歉**", ("抱歉", "对不起")), KeyPoint(Decimal(1), "a \\| b", ()))
    question = Question("calm", "安抚", Type.SHORT, "怎么安抚？", (), (), points, 2, None, None, False, "", 0)
    files, output = written(Bank("b", "题库", (question,)))
    rubric = etree.fromstring(files["items/b-calm.xml"]).find(".//{*}rubricBlock")
    assert rubric is not None
    assert rubric.get("view") == "scorer"
    assert formats.read(Source("b.zip", output.files[""])).items[0].question == replace(question, line=2)



@pytest.mark.parametrize("body", [
    '<response_lid ident="r" rcardinality="Multiple"><render_choice>{}</render_choice></response_lid>'.format("".join(f'<response_label ident="{n}"/>' for n in range(20_000))),
    "".join(f'<response_lid ident="{n}"><render_choice><response_label ident="A"/></render_choice></response_lid>' for n in range(10_000)),
], ids=["choices", "responses"])
def test_more_than_anyone_asks_is_refused(body: str) -> None:
    reading = item12("".join(rule(equal(str(n))) for n in range(5000)), responses=body)
    assert codes(reading) == ["qti-rule"]
