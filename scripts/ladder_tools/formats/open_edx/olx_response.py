"""The responses of a problem of Open edX: choices and answers of blanks, taken out of the page that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from ladder.core.blank import fold
from ladder.core.pattern import is_pattern
from ladder.core.problems import Report, column_letters
from ladder.core.question import Choice, Type, speaks_of_others
from ladder_tools.formats.drafts import answers
from ladder_tools.formats.drafts.draft import DraftChoice
from ladder_tools.formats.encoding import clean
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.open_edx.olx_answers import Unreadable, number_keys, pattern_keys
from ladder_tools.formats.open_edx.olx_page import blank, elements, line_number, line_of, remove, replace_by

GROUPS = ("choicegroup", "checkboxgroup", "radiogroup", "optioninput")
INPUTS = ("textline", "formulaequationinput", "optioninput")
_UNWRITABLE = re.compile(r"[|\n]|\{\{|\}\}|\}\Z")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|([^\s,()'\"][^,()'\"]*)")
_ASIDE = ("additional_answer", "responseparam", "hintgroup", "answer")


def is_right(element: etree._Element) -> bool:
    """Whether a choice is marked as right."""
    return (element.get("correct") or "").strip().lower() == "true"


# -- choices --------------------------------------------------------------------------------------------------------


def take_choices(response: etree._Element, report: Report) -> tuple[Type, list[Choice]]:
    """The choices of a response, which leave the page, and the type that they make; the report says what is wrong with them."""
    group = next(iter(response.iter(*GROUPS)), None)
    line = line_number(response)
    choices = [] if group is None else _choices(group)
    right = sum(choice.correct for choice in choices)
    several = response.tag == "choiceresponse" and group is not None and group.tag != "radiogroup"
    several = several or (response.tag == "truefalseresponse" and right > 1)
    if not several:
        choices = _as_judgement(choices)
    _check_choices(choices, several, report, line)
    for owner, name in ((response, "partial_credit"), (group, "answer-pool")):
        value = owner.get(name) if owner is not None else None
        if value and value.lower() != "false":
            report.warning("not-kept", line, what=name, value=value)
    if group is not None:
        # A dropdown in the midst of a sentence leaves a gap there.
        inside = group.tag == "optioninput" and bool((response.tail or "").strip() or (group.tail or "").strip())
        replace_by(group, "（ ）" if inside else "")
    judged = {choice.text for choice in choices} in ({answers.RIGHT, answers.WRONG}, {"对", "错"}) and len(choices) == 2
    return Type.MULTIPLE if several else Type.JUDGE if judged else Type.SINGLE, choices


def _choices(group: etree._Element) -> list[Choice]:
    if group.tag == "optioninput":
        return [Choice(text, right, speaks_of_others(text)) for text, right in _options(group)]
    found = []
    for element in group.iter("choice"):
        text = line_of(element)
        found.append(Choice(text, is_right(element), element.get("fixed") == "true" or speaks_of_others(text)))
    return found


def _options(group: etree._Element) -> list[tuple[str, bool]]:
    """The options of a dropdown, in either of the two ways in which they are written."""
    written = list(group.iter("option"))
    if written:
        return [(line_of(option), is_right(option)) for option in written]
    right = (group.get("correct") or "").strip()
    texts = ["".join(match).strip() for match in _QUOTED.findall(group.get("options") or "")]
    return [(_as_line(text), text == right) for text in texts]


def _as_line(text: str) -> str:
    element = etree.Element("div")
    element.text = text
    return line_of(element)


def _as_judgement(choices: list[Choice]) -> list[Choice]:
    """True and False become the words that make a question of right or wrong."""
    drafts = [DraftChoice("", choice.text, 1) for choice in choices]
    if len(drafts) != 2 or not answers.is_judgement(drafts, asked=False):
        return choices
    words = answers.judgement_words(drafts)
    return [Choice(word, choice.correct) for word, choice in zip(words, choices, strict=True)]


def _check_choices(choices: Sequence[Choice], several: bool, report: Report, line: int) -> None:
    right = sum(choice.correct for choice in choices)
    seen: set[str] = set()
    for number, choice in enumerate(choices, 1):
        if not choice.text:
            report.error("choice-empty", line, letter=column_letters(number))
        elif fold(choice.text) in seen:
            report.error("same-choice", line, text=choice.text)
        seen.add(fold(choice.text))
    if len(choices) < 2:
        report.error("choices-missing", line, count=len(choices))
    elif not right:
        report.error("olx-no-key", line)
    elif right > 1 and not several:
        report.error("olx-two-keys", line, count=right)


# -- blanks ---------------------------------------------------------------------------------------------------------


def take_blanks(responses: Iterable[etree._Element], report: Report) -> list[tuple[str, ...]]:
    """What fills each blank; what stands for it on the page is where it was. The report says what is wrong."""
    blanks: list[tuple[str, ...]] = []
    for response in responses:
        keys, unit = _keys(response, report)
        inputs = list(elements(response, *INPUTS))
        for place in inputs or [etree.SubElement(response, "textline")]:
            if place.tag == "optioninput":
                keys = _chosen(place, report)
            if not keys and not any(problem.severity == "error" for problem in report.problems):
                report.error("answer-missing", line_number(place))
            blanks.append(keys)
            trailing = place.get("trailing_text") or ""
            offered = _offered(place, len(blanks), report) if place.tag == "optioninput" else ""
            replace_by(place, blank(len(blanks)) + offered + ("" if unit else trailing))
        for element in elements(response, *_ASIDE):
            remove(element)
        for code in response.iterancestors("pre", "code"):
            code.tag = "div" if code.tag == "pre" else "span"  # in code a mark would be no blank
    return blanks


def _chosen(dropdown: etree._Element, report: Report) -> tuple[str, ...]:
    """The right option of a dropdown among several: a blank to be filled."""
    right = [" ".join(to_text(text).split()) for text, right in _options(dropdown) if right]
    return _checked(right, report, line_number(dropdown))


def _offered(dropdown: etree._Element, number: int, report: Report) -> str:
    """What a dropdown in a sentence offers, to stand behind its blank."""
    report.warning("choices-in-stem", line_number(dropdown), number=number)
    return f"（{' / '.join(' '.join(to_text(text).split()) for text, _ in _options(dropdown))}）"


def _keys(response: etree._Element, report: Report) -> tuple[tuple[str, ...], bool]:
    """The answers of a response, and whether the unit behind its line has become part of them."""
    written = [response.get("answer") or ""]
    written += [element.get("answer") or element.text or "" for element in response.iter("additional_answer")]
    written = [answer for answer in (" ".join(clean(answer).split()) for answer in written) if answer]
    if response.tag == "optionresponse":
        return (), False
    if not written:
        return (), False
    if response.tag == "stringresponse":
        return _text_keys(response, written, report), False
    return _number_keys(response, written, report)


def _number_keys(response: etree._Element, written: list[str], report: Report) -> tuple[tuple[str, ...], bool]:
    line = line_number(response)
    tolerance = next((part.get("default", "") for part in response.iter("responseparam") if part.get("type") == "tolerance"), "")
    unit = next((place.get("trailing_text", "") for place in response.iter(*INPUTS)), "").rstrip()
    try:
        keys, opened = number_keys(written, tolerance, unit)
    except Unreadable as error:
        report.error("olx-number", line, value=str(error)[:40])
        return (), False
    if opened:
        report.warning("olx-open-end", line, value=written[0][:40])
    return _checked(keys, report, line), bool(unit) and keys[0].endswith(unit)


def _text_keys(response: etree._Element, written: list[str], report: Report) -> tuple[str, ...]:
    line = line_number(response)
    kinds = (response.get("type") or "").lower().split()
    if "_or_" in written[0]:
        written = [part.strip() for answer in written for part in answer.split("_or_")]
    elif "regexp" in kinds:
        try:
            return _checked(pattern_keys(written), report, line)
        except Unreadable as error:
            report.error("olx-pattern", line, pattern=str(error)[:60])
            return ()
    if "ci" not in kinds and any(answer.lower() != answer.upper() for answer in written):
        report.warning("olx-case", line, answer=written[0][:40])
    for answer in filter(is_pattern, written):
        report.error("blank-pattern", line, answer=answer[:40])
    return _checked(written, report, line)


def _checked(keys: Iterable[str], report: Report, line: int) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, keys)))
    for key in found:
        if _UNWRITABLE.search(key):
            report.error("blank-unwritable", line, answer=key[:40])
    return found
