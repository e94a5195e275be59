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
from shown import shown
from written_questions import Taste, make_bank

PICTURE = b"\x89PNG\r\n\x1a\n"
LABELS = "".join(f'<response_label ident="{letter}"><material><mattext>选项{letter}</mattext></material></response_label>' for letter in "ABC")


def item12(rules: str, cardinality: str = "Single", responses: str = "") -> Reading:
    """An item of QTI 1.2 with the choices A, B and C, marked by these rules."""
    responses = responses or f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{LABELS}</render_choice></response_lid>'
    return formats.read(Source("one.xml", item12_text(responses, rules).encode()), "qti12")


def item12_text(responses: str, rules: str, stem: str = "先做什么？") -> str:
    presentation = f"<presentation><material><mattext>{stem}</mattext></material>{responses}</presentation>"
    return f'<questestinterop><item ident="one">{presentation}<resprocessing>{rules}</resprocessing></item></questestinterop>'


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
    (rule(f"<and>{equal('A')}{equal('B')}</and>"), "", ""),
    (rule(equal("A"), "50", "Add") + rule(equal("B"), "50", "Add"), "", "AB"),
])
def test_what_earns_most_is_the_key(rules: str, cardinality: str, key: str) -> None:
    reading = item12(rules, cardinality)
    if key:
        assert right(reading) == key
    else:
        assert codes(reading) == ["moodle-no-key"]


@pytest.mark.parametrize("rules", [rule(f"<or>{equal('A')}{equal('B')}</or>"), rule(f"<not>{equal('C')}</not>"), rule(equal("A")) + rule(equal("B"))])
def test_two_choices_each_right_alone_are_no_multiple_choice(rules: str) -> None:
    assert codes(item12(rules)) == ["moodle-two-keys"]


def test_a_rule_that_cannot_be_followed_refuses_the_item_by_name_and_line() -> None:
    reading = item12(f"\n\n{rule('<durgte>5</durgte>')}")
    ((problem,),) = [item.problems for item in reading.items]
    assert (problem.code, problem.line, dict(problem.words)["name"]) == ("qti-rule", 3, "durgte")


@pytest.mark.parametrize(("match", "keys", "said"), [
    ("Exact", ("热线",), []), ("Contains", ("/.{0,40}热线.{0,40}/",), ["wildcard"]), ("Matches", None, ["qti-rule"]),
])
def test_blackboard_compares_what_is_typed_in_three_ways(match: str, keys: tuple[str, ...] | None, said: list[str]) -> None:
    rules = rule(f'<varsubset respident="response" setmatch="{match}">热线</varsubset>', "SCORE.max")
    reading = item12(rules, responses='<response_str ident="response"><render_fib/></response_str>')
    (item,) = reading.items
    assert (item.question and item.question.blanks[0], codes(reading)) == (keys, said)


@pytest.mark.parametrize(("pair", "texts"), [("yes_no", ["是", "否"]), ("right_wrong", ["正确", "错误"]), ("agree_disagree", ["同意", "不同意"])])
def test_the_two_words_of_blackboard_are_written_out(pair: str, texts: list[str]) -> None:
    labels = "".join(f'<response_label ident="{pair}.{word}"><flow_mat><material><mattext>{pair}.{word}</mattext></material></flow_mat></response_label>' for word in ("true", "false"))
    responses = f'<response_lid ident="r" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid>'
    (item,) = item12(rule(equal(f"{pair}.false"), "SCORE.max"), responses=responses).items
    assert item.question is not None
    assert ([choice.text for choice in item.question.choices], item.question.key) == (texts, (1,))


def test_questions_that_are_drawn_from_elsewhere_are_told() -> None:
    item = item12_text(f'<response_lid ident="r"><render_choice>{LABELS}</render_choice></response_lid>', rule(equal("A"))).removeprefix("<questestinterop>").removesuffix("</questestinterop>")
    drawn = "<section><selection_ordering><selection><sourcebank_ref>{0}</sourcebank_ref><selection_number>2</selection_number></selection></selection_ordering></section>"
    text = f'<questestinterop><assessment ident="quiz"><section>{item}<itemref linkrefid="one"/><itemref linkrefid="two"/>{drawn.format("bank-1")}{drawn.format("bank-2")}</section></assessment><objectbank ident="bank-2"/></questestinterop>'
    reading = formats.read(Source("one.xml", text.encode()), "qti12")
    assert [dict(problem.words)["name"] for problem in reading.problems if problem.code == "qti-elsewhere"] == ["two", "bank-1"]


def test_blanks_that_the_stem_calls_by_name_are_put_where_their_names_stand() -> None:
    responses = "".join(f'<response_str ident="{name}"><render_fib/></response_str>' for name in ("hours", "step"))
    rules = rule('<and><or><varequal respident="hours">48</varequal></or><or><varequal respident="step">核实</varequal></or></and>', "SCORE.max")
    reading = formats.read(Source("one.xml", item12_text(responses, rules, "先[step]，[hours] 小时内回复。").encode()), "qti12")
    (item,) = reading.items
    assert item.question is not None
    assert (item.question.stem, item.question.blanks) == ("先{{1}}，{{2}} 小时内回复。", (("核实",), ("48",)))


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


RIGHT = '<match><variable identifier="R"/><correct identifier="R"/></match>'


def given(letter: str) -> str:
    return f'<match><variable identifier="R"/><baseValue baseType="identifier">{letter}</baseValue></match>'


def branch(name: str, condition: str, value: str, outcome: str = "SCORE") -> str:
    return f'<{name}>{condition}<setOutcomeValue identifier="{outcome}"><baseValue baseType="float">{value}</baseValue></setOutcomeValue></{name}>'


def marked(processing: str, correct: str = "A", mapping: str = "", cardinality: str = "single") -> Reading:
    """An item of QTI 2 with the choices A, B and C, declared and marked so."""
    values = "".join(f"<value>{letter}</value>" for letter in correct)
    entries = "".join(f'<mapEntry mapKey="{part[0]}" mappedValue="{part[1:]}"/>' for part in mapping.split())
    choices = "".join(f'<simpleChoice identifier="{letter}">选项{letter}</simpleChoice>' for letter in "ABC")
    return item2(
        f'<choiceInteraction responseIdentifier="R" maxChoices="{int(cardinality == "single")}"><prompt>先做什么？</prompt>{choices}</choiceInteraction>',
        f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier"><correctResponse>{values}</correctResponse>'
        f'{f"<mapping>{entries}</mapping>" if entries else ""}</responseDeclaration>',
        processing,
    )


def inline(*branches: str) -> str:
    return f"<responseProcessing><responseCondition>{''.join(branches)}</responseCondition></responseProcessing>"


MAPPED = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'


@pytest.mark.parametrize(("reading", "key"), [
    (marked(inline(branch("responseIf", RIGHT, "1"), branch("responseElse", "", "0"))), "A"),
    (marked(inline(branch("responseIf", f"<not>{RIGHT}</not>", "0"), branch("responseElse", "", "2"))), "A"),
    (marked(inline(branch("responseIf", given("A"), "1"), branch("responseElseIf", given("B"), "0"))), "A"),
    (marked(inline(branch("responseIf", given("B"), "5", "FEEDBACK"), branch("responseElseIf", RIGHT, "1"))), "A"),
    (marked(MAPPED, "AB", "A1 B1 C-1", "multiple"), "AB"),
    (marked(MAPPED, "", "A1 B1", "multiple"), "AB"),
    (marked(inline(branch("responseIf", RIGHT, "1")), "BC", "", "multiple"), "BC"),
])
def test_the_declared_key_counts_where_the_marking_follows_it(reading: Reading, key: str) -> None:
    assert right(reading) == key


@pytest.mark.parametrize("reading", [
    marked(inline(branch("responseIf", f"<not>{RIGHT}</not>", "1"))),
    marked(inline(branch("responseIf", given("B"), "2"), branch("responseElseIf", RIGHT, "1"))),
    marked(inline(branch("responseIf", given("C"), "1"))),
    marked(MAPPED, "AB", "A1 C1", "multiple"),
    marked(MAPPED, "A", "A0.5 B1"),
])
def test_a_key_that_the_marking_contradicts_is_refused(reading: Reading) -> None:
    assert codes(reading) == ["qti-contradiction"]


def test_a_choice_that_the_rules_give_a_part_of_the_marks_is_told() -> None:
    reading = marked(inline(branch("responseIf", RIGHT, "2"), branch("responseElseIf", given("B"), "1")))
    assert (right(reading), codes(reading)) == ("A", ["partly-right"])


@pytest.mark.parametrize(("part", "case", "key", "said"), [("true", "false", "/.{0,40}vip.{0,40}/", ["wildcard"]), ("false", "true", "VIP", ["case-ignored"])])
def test_a_string_may_be_compared_in_part_and_by_case(part: str, case: str, key: str, said: list[str]) -> None:
    compared = f'<stringMatch caseSensitive="{case}" substring="{part}"><variable identifier="R"/><correct identifier="R"/></stringMatch>'
    reading = item2(
        '<p>叫 <textEntryInteraction responseIdentifier="R"/>。</p>',
        '<responseDeclaration identifier="R" cardinality="single" baseType="string"><correctResponse><value>VIP</value></correctResponse></responseDeclaration>',
        inline(branch("responseIf", compared, "1")),
    )
    assert reading.items[0].question is not None
    assert (reading.items[0].question.blanks, codes(reading)) == (((key,),), said)


def test_words_that_go_into_gaps_are_blanks_with_what_is_offered() -> None:
    words = "".join(f'<gapText identifier="{ident}" matchMax="1">{word}</gapText>' for ident, word in (("L", "倾听"), ("S", "共情"), ("Q", "争辩")))
    reading = item2(
        f'<gapMatchInteraction responseIdentifier="R"><prompt>填词。</prompt>{words}<p>先<gap identifier="G1"/>，再<gap identifier="G2"/>。</p></gapMatchInteraction>',
        '<responseDeclaration identifier="R" cardinality="multiple" baseType="directedPair"><correctResponse><value>L G1</value><value>S G2</value></correctResponse></responseDeclaration>',
    )
    (item,) = reading.items
    assert item.question is not None
    assert item.question.stem == "填词。\n\n先{{1}}（倾听 / 共情 / 争辩），再{{2}}（倾听 / 共情 / 争辩）。"
    assert (item.question.blanks, codes(reading)) == ((("倾听",), ("共情",)), ["choices-in-stem"] * 2)


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
    assert {id_: shown(back[id_]) for id_ in back.keys() - lost} == {id_: shown(there[id_]) for id_ in there.keys() - lost}
    assert (reading.id, reading.title) == (bank.id, bank.title)


@pytest.mark.parametrize(("stem", "lost"), [
    ("48 小时内回复，\n并记录工单", []),  # a line end is a space
    ("VIP\n客户", []),
    ("转接a\\|b", []),  # written in another way
    ("```\na  = 1\n    b\n```", []),
    ("客户问：\n\n<details><summary>背景</summary>\n\n上周报修\n\n</details>", ["markup"]),
])
def test_only_what_looks_different_is_announced_as_lost(stem: str, lost: list[str]) -> None:
    question = Question("q", "题", Type.JUDGE, stem, (Choice("正确", True), Choice("错误", False)), (), (), 2, None, None, True, "", 0)
    _, output = written(Bank("b", "题库", (question,)))
    assert [what for _, _, what in output.losses] == lost


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
