"""One item of QTI 2 or 3 as a question of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from lxml import etree

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats import html
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.exact.asked import WHOLE, Answer, Asked
from ladder_tools.formats.exact.question import choice_question, order_question, pairs_question, typed_question, written_question
from ladder_tools.formats.exact.typed_keys import number_of, short_answer
from ladder_tools.formats.qti.qti2_body import (
    FEEDBACK,
    inner_html,
    interactions,
    is_inline,
    make_html,
    open_gaps,
    stem_html,
    taken,
)
from ladder_tools.formats.qti.qti2_rules import Declaration, Unread, parse_declarations
from ladder_tools.formats.qti.qti2_scoring import score_of
from ladder_tools.formats.qti.terms import (
    explain,
    is_for_right,
    is_for_wrong,
    share_of,
    show_menus,
    source_id,
    source_title,
    span_key,
)

SHORT_LINES = 5  # an answer expected to be no longer is a short one
_NONE = Declaration("", "single", "", (), (), mapped=False)
_SCORERS = frozenset(("scorer", "tutor", "author"))


class Item:
    """Reads one item. `name` gives the name of a picture for its address."""

    def __init__(self, element: etree._Element, report: Report, name: Callable[[str], str]) -> None:
        self.element, self.report, self.name = element, report, name
        title, ident = element.get("title") or "", element.get("identifier") or ""
        self.asked = Asked(element.sourceline or 1, title=source_title(title) if title != ident else "", id=source_id(ident))
        self.declared: dict[str, Declaration] = {}
        make_html(element)
        open_gaps(element)
        self.modal = [(part.get("identifier") or "", self._markdown(part)) for part in element.iterchildren("modalFeedback")]
        self.grading = list(taken(element, ("rubricBlock",), lambda part: bool(_SCORERS & {*(part.get("view") or "").split()})))
        self.remarks = {
            part.get("identifier") or "": self._markdown(part) for part in taken(element, FEEDBACK, lambda _: True)
        }
        body = element.find("itemBody")
        self.interactions = interactions(body) if body is not None else []
        self.asked.stem = html.to_markdown(stem_html(body, self.interactions), name) if body is not None else ""
        self.asked.marks = _marks(element)

    def _markdown(self, element: etree._Element) -> str:
        return html.to_markdown(inner_html(element), self.name)

    def _line(self, element: etree._Element) -> str:
        return html.to_markdown_line(inner_html(element), self.name)

    def _plain(self, element: etree._Element) -> str:
        return to_text(self._line(element))

    def question(self) -> Question | None:
        """The question; None when the report says why there is none."""
        for element in self.interactions:
            if element.tag not in _BLOCKS and not is_inline(element):
                self.report.error("qti-type", element.sourceline or 1, name=str(element.tag))
                return None
        names = list(dict.fromkeys(str(element.tag) for element in self.interactions))
        if len(self.interactions) > 1 and not all(map(is_inline, self.interactions)):
            self.report.error("qti-mixed", self.asked.line, names=", ".join(names))
            return None
        try:
            self.declared = parse_declarations(self.element)
        except Unread as rule:
            self.report.error("qti-rule", rule.line, name=rule.name)
            return None
        self._explain()
        return _BLOCKS.get(names[0], Item._blanks)(self)

    def _declaration(self, interaction: etree._Element) -> Declaration:
        declared = self.declared.get(interaction.get("responseIdentifier") or "", _NONE)
        return declared.of_gap(interaction.get("gap") or "") if interaction.get("gap") else declared

    def _explain(self) -> None:
        labels = {part.get("identifier") or "" for part in self.interactions[0].iter("simpleChoice")}
        said = [*self.modal, *((ident, text) for ident, text in self.remarks.items() if ident not in labels)]
        self.remarks |= {ident: text for ident, text in self.modal if ident in labels}
        rest = [(ident, text) for ident, text in said if ident not in labels and text]
        right = [text for ident, text in rest if is_for_right(ident)]
        wrong = [text for ident, text in rest if is_for_wrong(ident)]
        explain(self.asked, [text for ident, text in rest if not (is_for_right(ident) or is_for_wrong(ident))], right, wrong)

    # -- types --

    def _choices(self) -> Question | None:
        interaction = self.interactions[0]
        declared = self._declaration(interaction)
        choices = list(interaction.iter("simpleChoice"))
        several = declared.cardinality != "single" and interaction.get("maxChoices", "0") != "1"
        idents = [choice.get("identifier") or "" for choice in choices]
        earned = self._earned(declared, idents, several)
        if earned is None:
            return None
        answers = [
            Answer(self._line(choice), earned.get(ident, Decimal(0)), self.remarks.get(ident, ""))
            for ident, choice in zip(idents, choices, strict=True)
        ]
        fixed = [number for number, choice in enumerate(choices, 1) if choice.get("fixed") == "true"]
        shuffle = interaction.get("shuffle")
        self.asked.fixed = shuffle != "true" or len(fixed) == len(choices) if shuffle or fixed else None
        if fixed and not self.asked.fixed:
            self.asked.tags.append(f"pinned:{','.join(map(str, fixed))}")
        return choice_question(self.asked, answers, self.report, several=several)

    def _earned(self, declared: Declaration, idents: Sequence[str], several: bool) -> dict[str, Decimal] | None:
        """Per cent of the marks for each choice, by its declaration and by the rules where these are written out.

        None, with an error, when the declared key is not what earns most: only its author knows which of the two is meant.
        """
        found = _shares(declared, several)
        scores = {ident: score for ident in idents if (score := self._score(declared, {ident})) is not None}
        best = max(scores.values(), default=Decimal(0))
        if best > 0 and not several:
            found = {ident: share_of(score, best) for ident, score in scores.items()}
        right = {ident for ident in idents if (found.get(ident, 0) > 0 if several else found.get(ident, 0) >= WHOLE)}
        declared_right = {*declared.correct} & {*idents}
        beaten = several and (self._score(declared, right) or 0) < best
        if declared_right and (declared_right != right or beaten):
            self.report.error("qti-contradiction", self.asked.line)
            return None
        return found

    def _score(self, declared: Declaration, chosen: Iterable[str]) -> Decimal | None:
        return None if declared.mapped else score_of(self.element, declared.ident, declared.correct, chosen)

    def _blanks(self) -> Question | None:
        gaps = [self._keys(interaction, self._declaration(interaction)) for interaction in self.interactions]
        menus = [[self._plain(choice) for choice in interaction.iter("inlineChoice")] for interaction in self.interactions]
        show_menus(self.asked, menus, self.report)
        return typed_question(self.asked, gaps, self.report)

    def _keys(self, interaction: etree._Element, declared: Declaration) -> list[Answer]:
        words = {choice.get("identifier") or "": self._plain(choice) for choice in interaction.iter("inlineChoice")}
        if words:
            return [Answer(short_answer(words[key]), WHOLE) for key, share in _shares(declared, False).items()
                    if share >= WHOLE and key in words]
        compared = [rule for rule in self.element.iter("stringMatch") if _is_of(rule, declared.ident)]
        if any(entry.case for entry in declared.entries) or any(rule.get("caseSensitive") == "true" for rule in compared):
            self.report.warning("case-ignored", self.asked.line)
        if not declared.numeric:
            form = "*{}*" if any(rule.get("substring") == "true" for rule in compared) else "{}"
            return [Answer(form.format(short_answer(key)), share) for key, share in _shares(declared, False).items()]
        low, high = declared.slack or (Decimal(0), Decimal(0))
        numbers = [(number, share) for key, share in _shares(declared, False).items() if (number := number_of(key)) is not None]
        return [Answer(span_key(number - low, number + high, number), share, is_key=True) for number, share in numbers]

    def _written(self) -> Question | None:
        lines = self.interactions[0].get("expectedLines") or ""
        if re.fullmatch(r"\d{1,3}", lines) and int(lines) <= SHORT_LINES:
            self.asked.tags.append("short")
        grading = "\n".join(filter(None, map(self._points, self.grading)))
        if not grading:
            grading = "\n".join(self._declaration(self.interactions[0]).correct) or self.asked.explanation
            self.asked.explanation = "" if grading == self.asked.explanation else self.asked.explanation
        if not grading.strip():
            self.report.error("qti-essay", self.asked.line)
            return None
        return written_question(self.asked, grading, self.report)

    def _points(self, rubric: etree._Element) -> str:
        """The rows of a rubric; a table of marks, text and keywords as lines of ours."""
        rows = [list(row.iterchildren("td")) for row in rubric.iter("tr")]
        rows = [row for row in rows if 2 <= len(row) <= 3 and number_of("".join(row[0].itertext()))]
        if not rows:
            return self._markdown(rubric)
        lines = []
        for marks, text, *words in rows:
            keywords = [word.strip() for cell in words for word in "".join(cell.itertext()).split("|") if word.strip()]
            lines.append(" | ".join((f"= {''.join(marks.itertext()).strip()} {self._line(text)}", *keywords)))
        return "\n".join(lines)

    def _pairs(self) -> Question | None:
        interaction = self.interactions[0]
        words = {choice.get("identifier") or "": choice for choice in interaction.iter("simpleAssociableChoice")}
        asked = [pair.split() for pair, share in _shares(self._declaration(interaction), True).items() if share > 0]
        known = [(words[pair[0]], words[pair[1]]) for pair in asked if len(pair) == 2 and pair[0] in words and pair[1] in words]
        pairs = [(self._line(left), self._plain(right)) for left, right in known]
        sets = interaction.findall("simpleMatchSet")
        offered = [self._plain(choice) for choice in sets[1]] if len(sets) == 2 else []
        others = [word for word in offered if word not in {right for _, right in pairs}]
        return pairs_question(self.asked, pairs, others, self.report)

    def _order(self) -> Question | None:
        interaction = self.interactions[0]
        words = {choice.get("identifier") or "": self._plain(choice) for choice in interaction.iter("simpleChoice")}
        order = [words[key] for key in self._declaration(interaction).correct if key in words]
        return order_question(self.asked, order, self.report)


_BLOCKS: dict[str, Callable[[Item], Question | None]] = {
    "choiceInteraction": Item._choices, "extendedTextInteraction": Item._written, "matchInteraction": Item._pairs,
    "orderInteraction": Item._order,
}


def _is_of(rule: etree._Element, ident: str) -> bool:
    return any(variable.get("identifier") == ident for variable in rule.iterchildren("variable"))


def _marks(item: etree._Element) -> Decimal | None:
    """What an item is worth: MAXSCORE, else the maximum of SCORE."""
    for outcome in item.iterchildren("outcomeDeclaration"):
        if outcome.get("identifier") == "MAXSCORE":
            return number_of(outcome.findtext("defaultValue/value") or "")
    for outcome in item.iterchildren("outcomeDeclaration"):
        if outcome.get("identifier") == "SCORE" and outcome.get("normalMaximum"):
            return number_of(outcome.get("normalMaximum") or "")
    return None


def _shares(declared: Declaration, several: bool) -> dict[str, Decimal]:
    """Per cent of the marks for each answer that the declaration names."""
    shares = dict.fromkeys(declared.correct, WHOLE)
    values = {entry.key: entry.value for entry in declared.entries}
    earning = {key: value for key, value in values.items() if value > 0}
    if not earning or not (declared.mapped or not shares):
        return shares
    right = [key for key in declared.correct if key in earning] or list(earning)
    best = sum((earning[key] for key in right), Decimal(0)) if several else max(earning.values())
    return shares | {key: share_of(value, best) for key, value in values.items() if value}
