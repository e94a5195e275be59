"""Writing Moodle XML. Texts stay Markdown, which Moodle knows; pictures go beside them in base64."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from lxml import etree

from ladder.core.bank import Bank
from ladder.core.marks import plain
from ladder.core.pattern import is_pattern
from ladder.core.question import Question, Type
from ladder_tools.formats.escape import without_links
from ladder_tools.formats.exact.asked import GAP, gap_for_line
from ladder_tools.formats.exact.typed_keys import accepted_amounts, short_answer
from ladder_tools.formats.losses import PICTURE, SPAN
from ladder_tools.formats.model import Feature, Holds, Output, Reason
from ladder_tools.formats.moodle.cloze import parse_cloze, write_place
from ladder_tools.formats.moodle.terms import is_true_or_false, key_points, parts_of, shares, tags

HOLDS = Holds.of(
    Type, Feature.ID, Feature.TITLE, Feature.DIFFICULTY, Feature.KB, Feature.MARKS, Feature.FIXED, Feature.PINNED,
    Feature.EXPLANATION, Feature.ALTERNATIVES, Feature.SPANS, Feature.KEY_POINTS, Feature.KEY_POINT_MARKS, Feature.KEYWORDS,
    Feature.ESSAY, Feature.MARKUP, Feature.PICTURES,
)
_LINES = {Type.SHORT: "5", Type.ESSAY: "15"}


def write(output: Output) -> None:
    """Write each bank as a category of the file."""
    root = etree.Element("quiz")
    for bank in output.banks:
        category = etree.SubElement(root, "question", type="category")
        _text(category, "category", f"$course$/top/{bank.title.replace('/', '//')}")
        _word(category, "idnumber", bank.id)
        for question in bank.questions:
            element = _Writer(bank, question, output).element()
            if element is not None:
                root.append(element)
    etree.indent(root)
    output.files[""] = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


class _Writer:
    """Writes one question."""

    def __init__(self, bank: Bank, question: Question, output: Output) -> None:
        self.bank, self.question, self.output = bank, question, output

    def element(self) -> etree._Element | None:
        """The question's element; None when Moodle cannot ask it."""
        question = self.question
        if question.blanks:
            return self._blanks()
        if question.choices:
            return self._true_or_false() if is_true_or_false(question) else self._choices()
        return self._essay()

    def _new(self, type_: str, stem: str) -> etree._Element:
        question = self.question
        element = etree.Element("question", type=type_)
        _text(element, "name", question.title or question.id)
        self._markdown(element, "questiontext", stem)
        self._markdown(element, "generalfeedback", without_links(question.explanation))
        if question.marks is not None:
            _word(element, "defaultgrade", plain(question.marks))
        _word(element, "idnumber", question.id)
        return element

    def _end(self, element: etree._Element, *more: str) -> etree._Element:
        parent = etree.SubElement(element, "tags")
        for tag in (*tags(self.question), *more):
            _text(parent, "tag", tag)
        return element

    def _markdown(self, parent: etree._Element, tag: str, text: str) -> etree._Element:
        """A text of ours with the pictures that it shows."""
        pictures = self.output.pictures
        names = list(dict.fromkeys(match["name"] for match in PICTURE.finditer(text) if match["name"] in pictures))
        element = _text(parent, tag, PICTURE.sub(lambda match: self._placed(match), text) if names else text)
        element.set("format", "markdown")
        for name in names:
            file = etree.SubElement(element, "file", name=name, path="/", encoding="base64")
            file.text = base64.b64encode(pictures[name]).decode()
        return element

    def _placed(self, picture: re.Match[str]) -> str:
        if picture["name"] not in self.output.pictures:
            return picture[0]
        at = picture.start("name") - picture.start()
        return f"{picture[0][:at]}@@PLUGINFILE@@/{picture[0][at:]}"

    def _choices(self) -> etree._Element:
        question = self.question
        element = self._new("multichoice", without_links(question.stem))
        pinned = [str(number) for number, choice in enumerate(question.choices, 1) if choice.pinned]
        _word(element, "single", "false" if question.type is Type.MULTIPLE else "true")
        _word(element, "shuffleanswers", "false" if question.fixed or pinned else "true")
        _word(element, "answernumbering", "ABCD")
        for choice, share in zip(question.choices, shares(question), strict=True):
            self._markdown(element, "answer", without_links(choice.text)).set("fraction", share)
        places = [f"pinned:{','.join(pinned)}", *(["fixed"] if question.fixed else [])] if pinned else []
        return self._end(element, *places)

    def _true_or_false(self) -> etree._Element:
        element = self._new("truefalse", without_links(self.question.stem))
        for word, choice in zip(("true", "false"), self.question.choices, strict=True):
            _text(element, "answer", word).set("fraction", "100" if choice.correct else "0")
        return self._end(element)

    def _essay(self) -> etree._Element:
        element = self._new("essay", without_links(self.question.stem))
        _word(element, "responseformat", "editor")
        _word(element, "responsefieldlines", _LINES[self.question.type])
        self._markdown(element, "graderinfo", key_points(self.question))
        return self._end(element)

    def _blanks(self) -> etree._Element | None:
        gaps = [self._held(keys) for keys in self.question.blanks]
        parts = parts_of(self.question.stem)
        if not all(gaps):
            self.output.leave_out(self.bank, self.question, Reason.NO_PLAIN_ANSWER)
            return None
        stem = _with_line(parts)
        if stem is not None:
            return self._single(gaps[0], stem)
        marks = self.question.marks
        weight = int(marks / len(gaps)) if marks is not None and marks % len(gaps) == 0 else 1
        if marks is not None and weight * len(gaps) != marks:  # Moodle adds up the whole numbers that blanks are worth
            self.output.lose(self.bank, self.question, Feature.MARKS)
        places = [write_place(keys, weight) for keys in gaps]
        text = "".join(part + place for part, place in zip(parts, [*places, ""], strict=True))
        if len(parse_cloze(text)[1]) != len(gaps):  # the stem itself looks as if answers were embedded
            self.output.leave_out(self.bank, self.question, Reason.LIKE_CLOZE)
            return None
        return self._end(self._new("cloze", text))

    def _held(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The keys of a blank without patterns; numbers with a span only where there are only numbers.

        None when all that are left end with a brace: by themselves they are no blank of ours.
        """
        left = tuple(key for key in keys if not is_pattern(key))
        if any(SPAN.match(key) for key in left) and not accepted_amounts(left):
            self.output.lose(self.bank, self.question, Feature.SPANS)
            left = tuple(key for key in left if not SPAN.match(key))
        return left if not all(key.endswith("}") for key in left) else ()

    def _single(self, keys: tuple[str, ...], stem: str) -> etree._Element:
        amounts = accepted_amounts(keys)
        element = self._new("numerical" if amounts else "shortanswer", stem)
        if not amounts:
            _word(element, "usecase", "0")
            for key in keys:
                _text(element, "answer", short_answer(key)).set("fraction", "100")
        for key, amount in amounts:
            answer = _text(element, "answer", plain(amount.middle))
            answer.set("fraction", "100")
            _word(answer, "tolerance", plain(amount.slack))
            if amount.key != key:
                self._markdown(answer, "feedback", key)
        return self._end(element)


def _with_line(parts: Sequence[str]) -> str | None:
    """A stem with one blank as Moodle shows it: with a line, or without where the blank stands below. None if neither fits."""
    if len(parts) != 2:
        return None
    asked = GAP.join(parts)
    for stem in ("".join(parts).strip(), "_____".join(parts)):
        if gap_for_line(stem) == asked:
            return stem
    return None


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    etree.SubElement(element, "text").text = text
    return element


def _word(parent: etree._Element, tag: str, word: str) -> None:
    etree.SubElement(parent, tag).text = word
