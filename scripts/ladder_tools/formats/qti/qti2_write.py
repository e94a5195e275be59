"""Writing a QTI 2.1 package: a manifest with what LOM says of items, a test with a section a bank, the items, their pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from ladder.core.bank import Bank
from ladder.core.question import Question, Type
from ladder_tools.formats.losses import PICTURE, texts_of
from ladder_tools.formats.model import Feature, Holds, Output
from ladder_tools.formats.qti.qti2_metadata import DIFFICULTIES, REFERENCE
from ladder_tools.formats.qti.qti2_write_item import identifier, item_xml
from ladder_tools.formats.qti.qti2_xhtml import text_xml

HOLDS = Holds.of(
    Type, Feature.ID, Feature.TITLE, Feature.DIFFICULTY, Feature.KB, Feature.MARKS, Feature.FIXED, Feature.PINNED,
    Feature.EXPLANATION, Feature.ALTERNATIVES, Feature.KEY_POINTS, Feature.KEY_POINT_MARKS, Feature.KEYWORDS, Feature.ESSAY,
    Feature.MARKUP, Feature.PICTURES,
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:lom="http://ltsc.ieee.org/xsd/LOM" identifier="manifest"'
    ' xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1'
    ' http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd'
    ' http://ltsc.ieee.org/xsd/LOM http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd">'
)
_TEST = (
    '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"'
)


def write(output: Output) -> None:
    """Write all banks into one package. The same banks give the same bytes."""
    items: dict[str, str] = {}
    written: list[tuple[Bank, list[Question]]] = []
    for bank in output.banks:
        questions = []
        for question in bank.questions:
            text = item_xml(bank, question, output)
            if text is not None:
                items[_path(bank, question)] = text
                questions.append(question)
        written.append((bank, questions))
    files = {"imsmanifest.xml": "\n".join(_manifest(written, output)), "test.xml": "\n".join(_test(written)), **items}
    media = {f"media/{name}": output.pictures[name] for _, questions in written for name in _all_pictures(questions, output)}
    output.files[""] = _zipped({path: (_DECLARATION + text + "\n").encode() for path, text in files.items()} | media)


def _path(bank: Bank, question: Question) -> str:
    return f"items/{bank.id}-{question.id}.xml"


def _resource(bank: Bank, question: Question) -> str:
    return f"{identifier(bank.id)}.{question.id}"


def _pictures(question: Question, output: Output) -> list[str]:
    names = {match["name"] for text in texts_of(question) for match in PICTURE.finditer(text)}
    return sorted(names & set(output.pictures))


def _all_pictures(questions: list[Question], output: Output) -> list[str]:
    return sorted({name for question in questions for name in _pictures(question, output)})


def _manifest(written: list[tuple[Bank, list[Question]]], output: Output) -> Iterator[str]:
    title = text_xml(written[0][0].title if written else "")
    yield f"{_MANIFEST}"
    yield "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion>"
    yield f"<lom:lom><lom:general><lom:title><lom:string>{title}</lom:string></lom:title></lom:general></lom:lom></metadata>"
    yield "<organizations/>"
    yield "<resources>"
    yield '<resource identifier="test" type="imsqti_test_xmlv2p1" href="test.xml"><file href="test.xml"/>'
    for bank, questions in written:
        yield from (f'<dependency identifierref="{_resource(bank, question)}"/>' for question in questions)
    yield "</resource>"
    for bank, questions in written:
        for question in questions:
            yield from _resource_xml(bank, question, output)
    yield "</resources>\n</manifest>"


def _resource_xml(bank: Bank, question: Question, output: Output) -> Iterator[str]:
    path = _path(bank, question)
    yield f'<resource identifier="{_resource(bank, question)}" type="imsqti_item_xmlv2p1" href="{path}">'
    level = DIFFICULTIES[question.difficulty - 1]
    yield (
        "<metadata><lom:lom><lom:educational><lom:difficulty><lom:source>LOMv1.0</lom:source>"
        f"<lom:value>{level}</lom:value></lom:difficulty></lom:educational>"
    )
    if question.kb:
        yield (
            f"<lom:relation><lom:kind><lom:source>LOMv1.0</lom:source><lom:value>{REFERENCE}</lom:value></lom:kind><lom:resource>"
            f"<lom:description><lom:string>{text_xml(str(question.kb))}</lom:string></lom:description></lom:resource></lom:relation>"
        )
    yield "</lom:lom></metadata>"
    yield f'<file href="{path}"/>'
    yield from (f'<file href="media/{name}"/>' for name in _pictures(question, output))
    yield "</resource>"


def _test(written: list[tuple[Bank, list[Question]]]) -> Iterator[str]:
    first = written[0][0] if len(written) == 1 else None
    title, name = (first.title, first.id) if first else (" / ".join(bank.title for bank, _ in written), "test")
    yield f'{_TEST} identifier="{identifier(name)}" title={quoteattr(title)}>'
    yield '<testPart identifier="part" navigationMode="nonlinear" submissionMode="simultaneous">'
    for bank, questions in written:
        yield f'<assessmentSection identifier="{identifier(bank.id)}" title={quoteattr(bank.title)} visible="true">'
        for question in questions:
            yield f'<assessmentItemRef identifier="{_resource(bank, question)}" href="{_path(bank, question)}"/>'
        yield "</assessmentSection>"
    yield "</testPart>\n</assessmentTest>"


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if re.search(r"\.(?:png|jpe?g|gif|webp)\Z", path) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
