"""Writing one item of QTI 2.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from xml.sax.saxutils import quoteattr

from ladder.core.bank import Bank
from ladder.core.kb import LINK
from ladder.core.marks import plain
from ladder.core.markup import to_html
from ladder.core.pattern import is_pattern
from ladder.core.question import Choice, Question, Type, speaks_of_others
from ladder_tools.formats import html
from ladder_tools.formats.losses import SPAN
from ladder_tools.formats.model import Feature, Output, Reason
from ladder_tools.formats.qti.qti2_item import SHORT_LINES
from ladder_tools.formats.qti.qti2_xhtml import blocks_xml, line_xml, text_xml

_ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"'
)
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
_HEADS = {"zh": ("分值", "要点", "关键词"), "en": ("Marks", "Key point", "Keywords")}
_ESSAY_LINES = 15
_BLANK = re.compile(r"\{\{(\d+)\}\}")
_PARTS = Decimal("0.000001")
_SPACE = re.compile(r"(<pre>.*?</pre>)|\s+", re.DOTALL)


def identifier(id_: str) -> str:
    """An id of ours as an identifier of XML, which begins with no digit."""
    return f"_{id_}" if id_[:1].isdigit() else id_


def item_xml(bank: Bank, question: Question, output: Output) -> str | None:
    """The item; None when it cannot be written, which the output then knows."""
    keys = [tuple(key for key in accepted if not is_pattern(key) and not SPAN.match(key)) for accepted in question.blanks]
    if not all(keys):
        output.leave_out(bank, question, Reason.NO_PLAIN_ANSWER)
        return None
    return "\n".join(_Writer(bank, question, output, keys).lines())


class _Writer:
    """Writes one question."""

    def __init__(self, bank: Bank, question: Question, output: Output, keys: list[tuple[str, ...]]) -> None:
        self.bank, self.question, self.output, self.keys = bank, question, output, keys

    def lines(self) -> Iterator[str]:
        """The lines of the item."""
        question = self.question
        title = quoteattr(question.title or question.id)
        yield f'{_ITEM} identifier="{identifier(question.id)}" title={title} adaptive="false" timeDependent="false">'
        yield from self._responses()
        yield '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        if question.marks is not None:
            yield _outcome("MAXSCORE", "float", plain(question.marks))
        if question.explanation:
            yield _outcome("FEEDBACK", "identifier", "EXPLANATION")
        yield f"<itemBody>{self._body()}</itemBody>"
        yield from self._processing()
        if question.explanation:
            yield '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="EXPLANATION" showHide="show">'
            yield f"{self._blocks(question.explanation)}</modalFeedback>"
        self._tell_pins()
        yield "</assessmentItem>"

    def _tell_pins(self) -> None:
        question = self.question
        if question.fixed and any(choice.pinned and not speaks_of_others(choice.text) for choice in question.choices):
            self.output.lose(self.bank, question, Feature.PINNED)

    def _blocks(self, markdown: str) -> str:
        xml = blocks_xml(markdown)
        self._check(markdown, xml, html.to_markdown)
        return xml

    def _line(self, markdown: str) -> str:
        xml = line_xml(markdown)
        self._check(markdown, xml, html.to_markdown_line)
        return xml

    def _check(self, markdown: str, xml: str, read: Callable[[str, html.Name], str]) -> None:
        """Say so when a text will not look as it did: QTI holds less than Markdown. The caller tells links."""
        back = markdown if LINK.search(markdown) else read(xml, _name)
        if back != markdown and _shown(back) != _shown(markdown):
            self.output.lose(self.bank, self.question, Feature.MARKUP)

    # -- declarations --

    def _responses(self) -> Iterator[str]:
        question = self.question
        if question.choices:
            right = [_letter(index) for index in question.key]
            cardinality = "multiple" if question.type is Type.MULTIPLE else "single"
            yield f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">'
            yield f"<correctResponse>{''.join(f'<value>{letter}</value>' for letter in right)}</correctResponse>"
            yield "</responseDeclaration>"
        elif question.blanks:
            for number, keys in enumerate(self.keys, 1):
                yield from self._blank(number, keys)
        else:
            yield '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'

    def _blank(self, number: int, keys: tuple[str, ...]) -> Iterator[str]:
        yield f'<responseDeclaration identifier="{self._name(number)}" cardinality="single" baseType="string">'
        yield f"<correctResponse><value>{text_xml(keys[0])}</value></correctResponse>"
        marks = self.question.marks
        value = plain((marks / len(self.keys)).quantize(_PARTS)) if marks is not None else "1"
        entries = (f'<mapEntry mapKey={quoteattr(key)} mappedValue="{value}" caseSensitive="false"/>' for key in keys)
        yield f'<mapping defaultValue="0">{"".join(entries)}</mapping>'
        yield "</responseDeclaration>"

    def _name(self, number: int) -> str:
        return "RESPONSE" if len(self.keys) == 1 else f"RESPONSE_{number}"

    # -- body --

    def _body(self) -> str:
        question = self.question
        stem = self._blocks(question.stem)
        if question.choices:
            return f"{stem}\n{''.join(self._choices())}"
        if question.blanks:
            return _BLANK.sub(lambda blank: f'<textEntryInteraction responseIdentifier="{self._name(int(blank[1]))}"/>', stem)
        lines = SHORT_LINES if question.type is Type.SHORT else _ESSAY_LINES
        return f'{self._rubric()}\n{stem}\n<extendedTextInteraction responseIdentifier="RESPONSE" expectedLines="{lines}"/>'

    def _choices(self) -> Iterator[str]:
        question = self.question
        most = 0 if question.type is Type.MULTIPLE else 1
        shuffle = "false" if question.fixed else "true"
        yield f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{most}">\n'
        for index, choice in enumerate(question.choices):
            fixed = ' fixed="true"' if _stays(choice, question) else ""
            yield f'<simpleChoice identifier="{_letter(index)}"{fixed}>{self._line(choice.text)}</simpleChoice>\n'
        yield "</choiceInteraction>"

    def _rubric(self) -> str:
        heads = "".join(f"<th>{word}</th>" for word in _HEADS.get(self.output.language, _HEADS["en"]))
        points = self.question.key_points
        cells = ((plain(point.marks), self._line(point.text), text_xml(" | ".join(point.keywords))) for point in points)
        rows = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
        return f'<rubricBlock view="scorer"><table><tbody>\n<tr>{heads}</tr>\n{"".join(rows)}\n</tbody></table></rubricBlock>'

    # -- processing --

    def _processing(self) -> Iterator[str]:
        question = self.question
        if question.blanks and len(self.keys) == 1:
            yield f'<responseProcessing template="{_TEMPLATES}/map_response"/>'
        elif question.blanks:
            parts = "".join(f'<mapResponse identifier="{self._name(number)}"/>' for number in range(1, len(self.keys) + 1))
            yield _processing(_score(f"<sum>{parts}</sum>"))
        elif question.choices and question.marks is None:
            yield f'<responseProcessing template="{_TEMPLATES}/match_correct"/>'
        elif question.choices:
            right = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
            earned = _score(f'<baseValue baseType="float">{plain(question.marks or Decimal(1))}</baseValue>')
            yield _processing(f"<responseCondition><responseIf>{right}{earned}</responseIf></responseCondition>")


def _shown(markdown: str) -> str:
    """A text as it looks: outside code a line end is a space."""
    return _SPACE.sub(lambda found: found[1] or " ", to_html(markdown))


def _processing(rules: str) -> str:
    return f"<responseProcessing>{rules}</responseProcessing>"


def _score(expression: str) -> str:
    return f'<setOutcomeValue identifier="SCORE">{expression}</setOutcomeValue>'


def _outcome(name: str, type_: str, value: str) -> str:
    return (
        f'<outcomeDeclaration identifier="{name}" cardinality="single" baseType="{type_}">'
        f"<defaultValue><value>{value}</value></defaultValue></outcomeDeclaration>"
    )


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"C{index + 1}"


def _stays(choice: Choice, question: Question) -> bool:
    return choice.pinned and not question.fixed


def _name(address: str) -> str:
    return address.rpartition("/")[2]
