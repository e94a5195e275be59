"""Moodle XML. The texts are HTML or Markdown with their pictures beside them; each question knows its own type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.archive import parse_xml
from ladder_tools.formats.drafts.answers import RIGHT, WRONG
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.encoding import clean, head_of
from ladder_tools.formats.escape import to_markdown_line, to_text
from ladder_tools.formats.exact.asked import GAP, WHOLE, Answer, Asked, gap_for_line, markdown_of, note_categories, offer, slug
from ladder_tools.formats.exact.question import choice_question, order_question, pairs_question, typed_question, written_question
from ladder_tools.formats.exact.typed_keys import number_of, short_answer
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.moodle.cloze import Place, numeric_answers, parse_cloze
from ladder_tools.formats.moodle.files import Files
from ladder_tools.formats.moodle.moodle_xml_write import HOLDS, write

__all__ = ["HOLDS", "looks_like", "read", "write"]

_ROOT = re.compile(r"\s{0,200}(?:<\?xml[^>]{0,200}\?>)?(?:\s|<!--[^>]{0,2000}-->){0,200}<quiz[\s>/]")
_FORMATS = {"html": "html", "markdown": "markdown", "plain_text": "plain"}
_DEFAULT_MARKS = "1.0000000"  # what Moodle writes for a question whose marks nobody set
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
# What Moodle puts there by itself.
_STOCK = re.compile(
    r"(?:your answer is (?:partially )?(?:in)?correct|(?:[你您]的)?(?:回答|答案)(?:部分)?不?(?:正确|错误))?[.。]?\Z",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\[\[(\d{1,3})\]\]")


@dataclass
class _Item:
    """One question element while it is read."""

    element: etree._Element
    asked: Asked
    report: Report
    files: Files
    format: str = "html"

    def text(self, path: str, format_: str = "") -> str:
        """A text below the question as Markdown."""
        element = self.element.find(path)
        return "" if element is None else self.markdown(element, format_)

    def markdown(self, element: etree._Element, format_: str = "") -> str:
        """The text of an element as Markdown, in its own format or that of the stem."""
        return markdown_of(self.files.named(_raw(element)), format_ or self.format_of(element))

    def format_of(self, element: etree._Element) -> str:
        """The format of an element's text."""
        name = element.get("format")
        return self.format if name is None else _FORMATS.get(name, "moodle")

    def word(self, path: str) -> str:
        """A word that settles something: true, 1, abc."""
        return (self.element.findtext(path) or "").strip()

    def answers(self, *, plain: bool) -> list[Answer]:
        """The answers; what is typed is plain text, whatever it says of its format."""
        return [
            Answer(
                _raw(answer).strip() if plain else self.markdown(answer),
                number_of(answer.get("fraction") or "0") or Decimal(0),
                self.markdown(feedback) if (feedback := answer.find("feedback")) is not None else "",
            )
            for answer in self.element.findall("answer")
        ]


def looks_like(source: Source) -> bool:
    """Whether a source is an XML of Moodle."""
    return _ROOT.match(head_of(source.data)) is not None


def read(source: Source) -> Reading:
    """Read an XML of Moodle; each question that asks something is an item. Raises `Hostile`."""
    reading = Reading(source.file)
    root = parse_xml(source.data)
    if root.tag != "quiz":
        return reading.fail("xml-broken", root.sourceline or 1, detail="quiz?")
    files = Files(reading)
    categories: list[tuple[int, str]] = []
    for element in root.iterchildren("question"):
        if element.get("type") == "category":
            categories.append((element.sourceline or 1, element.findtext("category/text") or ""))
            reading.id = reading.id or slug(element.findtext("idnumber") or "")
        else:
            _read_element(element, files, reading)
    note_categories(categories, reading)
    return reading


def _raw(element: etree._Element) -> str:
    """What an element says: in its `text`, or beside it as old exports have it."""
    words = element.findtext("text")
    return clean(words if words is not None else element.text or "").replace(GAP, "")


def _read_element(element: etree._Element, files: Files, reading: Reading) -> None:
    line, type_ = element.sourceline or 1, (element.get("type") or "").lower()
    report = reading.report()
    name = element.find("name")
    asked = Asked(line, title="" if name is None else _raw(name), id=element.findtext("idnumber") or "")
    item = _Item(element, asked, report, files)
    stem = element.find("questiontext")
    files.take(element)
    if stem is not None:
        item.format = item.format_of(stem)
        asked.stem = item.markdown(stem) if type_ not in ("cloze", "multianswer", "ddwtos", "gapselect") else ""
    if type_ == "description":
        reading.warn("asks-nothing", line, text=excerpt(asked.stem or asked.title))
        return
    _read_common(item)
    question = _TYPES.get(type_, _unknown)(item)
    if question:
        _tell_rest(item)
    files.keep(question, line, report)
    reading.add(report, line, asked.excerpt, question, asked.said)


def _read_common(item: _Item) -> None:
    asked = item.asked
    asked.title = "" if asked.title == asked.id else asked.title
    asked.explanation = item.text("generalfeedback")
    grade = item.word("defaultgrade")
    asked.marks = number_of(grade) if grade != _DEFAULT_MARKS else None
    shuffle = item.word("shuffleanswers").lower()
    asked.fixed = shuffle in ("false", "0") if shuffle else None
    asked.tags = [" ".join(_raw(tag).split()) for tag in item.element.iterfind("tags/tag")]


def _tell_rest(item: _Item) -> None:
    """Say what else stands there and no question of ours holds."""
    for name in _COMBINED:
        text = item.text(name)
        if not _STOCK.match(text):
            item.report.warning("not-kept", item.asked.line, what=name, value=excerpt(text))
    hints = [item.markdown(hint) for hint in item.element.iterfind("hint")]
    if any(hints):
        item.report.warning("not-kept", item.asked.line, what="hint", value=excerpt("; ".join(filter(None, hints))))


def _unknown(item: _Item) -> Question | None:
    item.report.error("moodle-type", item.asked.line, type=excerpt(item.element.get("type") or "?"))
    return None


def _multichoice(item: _Item) -> Question | None:
    several = item.word("single").lower() in ("false", "0")
    return choice_question(item.asked, item.answers(plain=False), item.report, several=several)


def _all_or_nothing(item: _Item) -> Question | None:
    item.asked.multiple = "all"
    return choice_question(item.asked, item.answers(plain=False), item.report, several=True)


def _ordering(item: _Item) -> Question | None:
    """What is to be put in order; the answers stand in that order."""
    picked = item.word("selecttype")
    if picked not in ("", "0", "ALL"):
        item.report.warning("not-kept", item.asked.line, what="selecttype", value=f"{picked} {item.word('selectcount')}".strip())
    words = [to_text(item.markdown(answer)) for answer in item.element.findall("answer")]
    return order_question(item.asked, words, item.report)


def _truefalse(item: _Item) -> Question | None:
    """Old exports have words of the site's language, the true one first."""
    item.asked.fixed = None
    answers = item.answers(plain=True)[:2]
    names = [{"true": RIGHT, "false": WRONG}.get(answer.text.lower(), "") for answer in answers]
    names = names if sorted(names) == sorted((RIGHT, WRONG)) else [RIGHT, WRONG]
    named = [Answer(name, answer.share, answer.feedback) for name, answer in zip(names, answers, strict=False)]
    return choice_question(item.asked, named, item.report, several=False)


def _shortanswer(item: _Item) -> Question | None:
    if item.word("usecase") == "1":
        item.report.warning("case-ignored", item.asked.line)
    item.asked.stem = gap_for_line(item.asked.stem)
    return typed_question(item.asked, [item.answers(plain=True)], item.report)


def _numerical(item: _Item) -> Question | None:
    written = [
        Answer(f"{answer.text}:{element.findtext('tolerance') or '0'}", answer.share, answer.feedback)
        for answer, element in zip(item.answers(plain=True), item.element.findall("answer"), strict=True)
    ]
    answers = numeric_answers(tuple(written), item.asked.line, item.report)
    units = [name for unit in item.element.iterfind("units/unit") if (name := unit.findtext("unit_name"))]
    if units:
        item.report.warning("not-kept", item.asked.line, what="units", value=excerpt(", ".join(units)))
    item.asked.stem = gap_for_line(item.asked.stem)
    return None if answers is None else typed_question(item.asked, [answers], item.report)


def _matching(item: _Item) -> Question | None:
    pairs = []
    for pair in item.element.iterfind("subquestion"):
        right = pair.find("answer")
        words = "" if right is None else to_text(item.markdown(right)) if right.get("format") else _raw(right)
        pairs.append((item.markdown(pair), words.strip()))
    others = [right for left, right in pairs if not left]
    return pairs_question(item.asked, [pair for pair in pairs if all(pair)], others, item.report)


def _essay(item: _Item) -> Question | None:
    grading = item.text("graderinfo")
    if not grading:
        grading, item.asked.explanation = item.asked.explanation, ""
    return written_question(item.asked, grading, item.report)


def _cloze(item: _Item) -> Question | None:
    asked, report = item.asked, item.report
    element = item.element.find("questiontext")
    text, places = parse_cloze("" if element is None else item.files.named(_raw(element)))
    asked.stem = markdown_of(text, item.format)
    if not places:
        report.error("no-usable-answer", asked.line, number=1)
        return None
    several = next((place for place in places if place.kind == "MULTIRESPONSE"), None)
    if several:
        report.error("moodle-type", asked.line, type=several.kind)
        return None
    gaps = [_gap(place, asked, report) for place in places]
    _show_menus(places, asked, report)
    if any(place.kind == "SHORTANSWER_C" for place in places):
        report.warning("case-ignored", asked.line)
    weights = [place.weight for place in places]
    if len(set(weights)) > 1:
        report.warning("not-kept", asked.line, what="weights", value=excerpt(", ".join(map(str, weights))))
    elif asked.marks is None and weights[0] != 1:
        asked.marks = sum(weights, Decimal(0))
    known = [gap for gap in gaps if gap is not None]
    return typed_question(asked, known, report) if len(known) == len(gaps) else None


def _gap(place: Place, asked: Asked, report: Report) -> list[Answer] | None:
    if place.kind != "NUMERICAL":
        return list(place.answers)
    return numeric_answers(place.answers, asked.line, report)


def _show_menus(places: list[Place], asked: Asked, report: Report) -> None:
    """What a menu offers goes into the stem, in brackets behind its blank."""
    texts = asked.stem.split(GAP)
    if len(texts) != len(places) + 1:
        return
    for number, place in enumerate(places, 1):
        if place.choices:
            words = " / ".join(map(to_markdown_line, place.choices))
            texts[number] = (f"（{words}）" if asked.chinese else f" ({words})") + texts[number]
            report.warning("choices-in-stem", asked.line, number=number)
    asked.stem = GAP.join(texts)


def _dragged(item: _Item) -> Question | None:
    """Words to be dragged or picked from a menu into `[[1]]`."""
    element = item.element.find("questiontext")
    raw = "" if element is None else item.files.named(_raw(element))
    words = [_raw(box).strip() for tag in ("dragbox", "selectoption") for box in item.element.iterfind(tag)]
    numbers = [int(number) for number in _NUMBERED.findall(raw)]
    item.asked.stem = markdown_of(_NUMBERED.sub(GAP, raw), item.format)
    if not numbers or not all(0 < number <= len(words) for number in numbers):
        item.report.error("no-usable-answer", item.asked.line, number=1)
        return None
    item.asked.stem += f"\n\n{offer(words, item.asked.chinese)}"
    item.report.warning("choices-in-stem", item.asked.line, number=1)
    return typed_question(item.asked, [[Answer(short_answer(words[number - 1]), WHOLE)] for number in numbers], item.report)


_TYPES: dict[str, Callable[[_Item], Question | None]] = {
    "multichoice": _multichoice, "multichoiceset": _all_or_nothing, "truefalse": _truefalse, "shortanswer": _shortanswer,
    "numerical": _numerical, "matching": _matching, "match": _matching, "ddmatch": _matching, "ordering": _ordering,
    "essay": _essay, "cloze": _cloze, "multianswer": _cloze, "ddwtos": _dragged, "gapselect": _dragged,
}
