"""A paper to print, and its key: what stands where, whatever it is printed with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree, html

from ladder.core.bank import Bank
from ladder.core.marks import plain
from ladder.core.markup import to_html
from ladder.core.pattern import is_pattern
from ladder.core.question import Question, Type
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Feature, Holds, Output

# What can be seen on the two parts. Numbers take the place of ids, and titles would give answers away.
HOLDS = Holds.of(
    Type, Feature.MARKS, Feature.FIXED, Feature.PINNED, Feature.EXPLANATION, Feature.ANY_ORDER, Feature.ALTERNATIVES,
    Feature.SPANS, Feature.PATTERNS, Feature.KEY_POINTS, Feature.KEY_POINT_MARKS, Feature.KEYWORDS, Feature.ESSAY, Feature.MARKUP,
    Feature.PICTURES,
)
CHOOSING = frozenset((Type.SINGLE, Type.MULTIPLE))
SHORT_KEYS = frozenset((Type.SINGLE, Type.MULTIPLE, Type.JUDGE))
ROW = 10  # answers beside each other in the table of a key
LINE = 44  # characters that fit beside each other on a line of choices
LONG_ANSWER = 8  # characters: beyond that a blank is longer
BLANK = re.compile(r"\{\{(\d+)\}\}")
_EMPTY_BRACKETS = re.compile(r"[(（]\s*[)）]")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6“”‘’…—]")


@dataclass(frozen=True)
class Words:
    """The words that a paper adds of its own, in one language; `about` stands after the name of a section.

    They are words that the readers of papers know.
    """

    language: str
    ordinals: Sequence[str]
    types: Mapping[Type, str]
    to_fill: tuple[str, ...]
    heading: str
    about: str
    count: str
    each: str
    in_all: str
    marks: str
    judge: str
    comma: str
    brackets: str
    key: str
    number: str
    answer: str
    explanation: str
    keywords: str
    any_order: str
    list_comma: str
    space: str


_ZH = Words(
    language="zh-CN",
    ordinals="一二三四五六",
    types={
        Type.SINGLE: "单项选择题", Type.MULTIPLE: "多项选择题", Type.JUDGE: "判断题", Type.BLANK: "填空题", Type.SHORT: "简答题",
        Type.ESSAY: "论述题",
    },
    to_fill=("姓名", "日期", "得分"),
    heading="{ordinal}、{name}",
    about="（{about}）",
    count="共 {number} 题",
    each="每题 {number} 分",
    in_all="共 {number} 分",
    marks="（{number} 分）",
    judge="正确的打“√”，错误的打“×”",
    comma="，",
    brackets="（\u3000\u3000）",
    key="参考答案",
    number="题号",
    answer="答案",
    explanation="解析：",
    keywords="关键词：",
    any_order="各空顺序不限。",
    list_comma="、",
    space="",
)
_EN = Words(
    language="en",
    ordinals=("I", "II", "III", "IV", "V", "VI"),
    types={
        Type.SINGLE: "Single choice", Type.MULTIPLE: "Multiple choice", Type.JUDGE: "True or false",
        Type.BLANK: "Fill in the blanks", Type.SHORT: "Short answers", Type.ESSAY: "Essays",
    },
    to_fill=("Name", "Date", "Score"),
    heading="Part {ordinal}. {name}",
    about=" ({about})",
    count="{number} question{s}",
    each="{number} mark{s} each",
    in_all="{number} mark{s} in all",
    marks="({number} mark{s})",
    judge="√ for what is right, × for what is wrong",
    comma=", ",
    brackets=" (\u2003\u2003)",
    key="Answer key",
    number="Question",
    answer="Answer",
    explanation="Explanation: ",
    keywords="Keywords: ",
    any_order="The blanks may be in any order. ",
    list_comma=", ",
    space=" ",
)
RIGHT, WRONG = "√", "×"


@dataclass(frozen=True)
class Numbered:
    """A question with its number on the paper. `marks` is empty when the heading of its section says them."""

    number: int
    bank: Bank
    question: Question
    marks: str


@dataclass(frozen=True)
class Section:
    """The questions of one type. `about`, in brackets, stands after the heading."""

    type: Type
    heading: str
    about: str
    questions: tuple[Numbered, ...]


@dataclass(frozen=True)
class Paper:
    """A paper; its numbers run through all sections, so that a key needs no more than them."""

    title: str
    words: Words
    sections: tuple[Section, ...]


def make_paper(output: Output) -> Paper:
    """The paper of all questions handed over, by type in the usual order."""
    words = _EN if output.language == "en" else _ZH
    sections: list[Section] = []
    number = 0
    for type_ in Type:
        found = [(bank, question) for bank in output.banks for question in bank.questions if question.type is type_]
        if found:
            ordinal = words.ordinals[len(sections)]
            sections.append(_section(type_, found, number, ordinal, words))
            number += len(found)
    return Paper(words.list_comma.join(bank.title for bank in output.banks), words, tuple(sections))


def _section(type_: Type, found: Sequence[tuple[Bank, Question]], before: int, ordinal: str, words: Words) -> Section:
    said = [question.marks for _, question in found if question.marks]
    equal = len(said) == len(found) and len(set(said)) == 1
    about = [counted(words.count, Decimal(len(found)))]
    if len(said) == len(found):
        about.append(counted(words.each, said[0]) if equal else counted(words.in_all, sum(said, Decimal(0))))
    if type_ is Type.JUDGE:
        about.append(words.judge)
    questions = tuple(
        Numbered(number, bank, question, "" if equal or not question.marks else counted(words.marks, question.marks))
        for number, (bank, question) in enumerate(found, before + 1)
    )
    heading = words.heading.format(ordinal=ordinal, name=words.types[type_])
    return Section(type_, heading, words.about.format(about=words.comma.join(about)), questions)


def counted(words: str, number: Decimal) -> str:
    """Words with a number in them; `{s}` is the ending that more than one has."""
    return words.format(number=plain(number), s="" if number == 1 else "s")


def letter(index: int) -> str:
    """The letter of a choice: A to Z, then AA, BB."""
    return chr(ord("A") + index % 26) * (index // 26 + 1)


def short_key(question: Question) -> str:
    """The key of a question with choices as it stands in a table: AC, √."""
    if question.type is Type.JUDGE:
        return RIGHT if any(choice.correct and choice.text in ("正确", "对") for choice in question.choices) else WRONG
    return "".join(map(letter, question.key))


def blanks_key(question: Question) -> str:
    """What fills the blanks, in order."""
    return "；".join(" / ".join(keys) for keys in question.blanks)


def told_below(section: Section) -> list[Numbered]:
    """The questions of which a key says more than its table of letters."""
    return [entry for entry in section.questions if section.type not in SHORT_KEYS or entry.question.explanation]


def needs_brackets(question: Question) -> bool:
    """Whether a place to write the answer must be added to the stem, as it has none of its own."""
    return question.type in SHORT_KEYS and not _EMPTY_BRACKETS.search(to_text(question.stem))


def choices_in_a_row(question: Question) -> int:
    """How many choices stand beside each other: all, two or one."""
    texts = [to_text(choice.text) for choice in question.choices]
    if any("\n" in text for text in texts) or any("![" in choice.text for choice in question.choices):
        return 1
    widest = max(map(width, texts)) + 3.5  # the letter before it, and space after it
    return next(count for count in (len(texts), 2, 1) if count * widest <= LINE or count == 1)


def width(text: str) -> float:
    """How many Chinese characters a text is wide."""
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 2


def is_long_blank(keys: Sequence[str]) -> bool:
    """Whether a blank needs the longer line."""
    return max((width(key) for key in keys if not is_pattern(key)), default=0) > LONG_ANSWER


def writing_lines(question: Question) -> int:
    """How many lines are left to write on."""
    if question.type is Type.ESSAY:
        return 16
    return max(5, len(question.key_points) + 2) if question.type is Type.SHORT else 0


def printable(markdown: str, entry: Numbered, output: Output) -> etree._Element:
    """A text as the HTML of a `div`, with nothing in it that only a screen has; pictures are left by their names.

    A picture that is not at hand becomes its words, and is noted as lost.
    """
    root = html.fragment_fromstring(to_html(markdown), create_parent="div")
    for element in list(root.iter("a", "div", "details", "summary", "img", *_HEADINGS)):
        if element is root:
            continue
        if element.tag == "img":
            _picture(element, entry, output)
        elif element.tag in _HEADINGS or element.tag == "summary":
            element.tag = "p"
            element.attrib.clear()
            element.set("class", "heading")
        elif element.tag == "a" and not element.get("href", "").startswith("#"):
            continue
        elif element.tag == "details" or "ladder-callout" in element.get("class", ""):
            element.tag = "blockquote"
            element.attrib.clear()
        else:
            element.drop_tag()
    return root


def _picture(element: etree._Element, entry: Numbered, output: Output) -> None:
    name = element.get("src", "").removeprefix("/static/")
    if name in output.pictures:
        element.set("src", name)
        element.set("alt", BLANK.sub("____", element.get("alt", "")))
        return
    output.lose(entry.bank, entry.question, Feature.PICTURES)
    element.tail = f"[{element.get('alt') or name}]{element.tail or ''}"
    element.drop_tree()
