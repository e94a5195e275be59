"""One item of QTI 1.2 as a question of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce

from lxml import etree

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats import html
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.exact.asked import GAP, WHOLE, Answer, Asked, gap_for_line
from ladder_tools.formats.exact.question import choice_question, order_question, pairs_question, typed_question, written_question
from ladder_tools.formats.exact.typed_keys import number_of, short_answer
from ladder_tools.formats.qti.qti12_rules import Rule, Typed, Unread, parse_rules, shares, typed
from ladder_tools.formats.qti.qti12_text import PAIRED, material, metadata, said_before, text_of
from ladder_tools.formats.qti.terms import explain, is_for_right, is_for_wrong, show_menus, source_id, source_title, span_key

_UNHELD = frozenset((
    "calculated_question", "file_upload_question", "hot spot", "file upload", "calculated", "jumbled sentence", "quiz bowl",
))
_RENDERED = frozenset(("render_choice", "render_fib"))
_ESSAYS = frozenset(("essay_question", "essay", "short response", "cc.essay.v0p1"))
_MARKS = ("points_possible", "cc_weighting", "qmd_absolutescore_max", "qmd_weighting")
_TABLE = "RIGHT_MATCH_BLOCK"  # where Blackboard has what pairs are matched with


@dataclass
class Response:
    """What an item asks for. `labels` are choices as HTML by their idents; `name` is HTML too, in Canvas that of a blank."""

    element: etree._Element
    ident: str
    labels: dict[str, str] = field(default_factory=dict)
    name: str = ""
    inline: bool = False

    @property
    def several(self) -> bool:
        """Whether several choices may be made."""
        return (self.element.get("rcardinality") or "").lower() == "multiple"

    @property
    def numeric(self) -> bool:
        """Whether a number is typed."""
        kinds = [(fib.get("fibtype") or "").lower() for fib in self.element.iter("render_fib")]
        return self.element.tag == "response_num" or any(kind in ("integer", "decimal", "scientific") for kind in kinds)


class Item:
    """Reads one item. `name` gives the name of a picture for its address."""

    def __init__(self, element: etree._Element, report: Report, name: Callable[[str], str]) -> None:
        self.element, self.report, self.name = element, report, name
        self.fields = metadata(element)
        self.kind = self._kind()
        self.responses: list[Response] = []
        self.table: list[str] = []
        presentation = element.find("presentation")
        self.stem = "".join(self._walk(presentation)) if presentation is not None else ""
        title, ident = source_title(element.get("title") or ""), source_id(element.get("ident") or "")
        self.asked = Asked(element.sourceline or 1, title=title, id=ident)
        self.asked.stem = self._markdown(self.stem.replace(GAP, ""))
        self.asked.marks = number_of(_group_marks(element) or next(filter(None, map(self.fields.get, _MARKS)), ""))
        self.rules: tuple[Rule, ...] = ()
        self.remarks: dict[str, str] = {}

    def _kind(self) -> str:
        names = ("question_type", "bbmd_questiontype", "cc_profile", "qmd_itemtype")
        return next(filter(None, map(self.fields.get, names)), "").strip().lower()

    def _markdown(self, source: str) -> str:
        return html.to_markdown(source, self.name)

    def _walk(self, element: etree._Element) -> Iterator[str]:
        """The stem as HTML with `GAP` for each response; these are collected on the way."""
        is_pair = self.kind == "matching" and element.find("response_lid") is not None
        for child in element:
            tag = str(child.tag)
            if is_pair and not tag.startswith("response_"):
                continue  # in Blackboard this is what is to be matched
            if child.get("class") == _TABLE:
                self.table = [material(flow) for flow in child]
            elif tag.startswith("response_") or tag.startswith("render_"):
                yield self._respond(child)
            elif tag in ("flow", "material", "mat_extension", "altmaterial"):
                inner = "".join(self._walk(child))
                yield f"<div>{inner}</div>" if tag == "flow" and inner.replace(GAP, "") else inner
            else:
                said = text_of(child).replace(GAP, "")
                if said and self.responses:
                    self.responses[-1].inline = True
                yield said

    def _respond(self, element: etree._Element) -> str:
        own = "".join(material(part) for part in element.iterchildren("material"))
        labels = {label.get("ident") or "": material(label).replace(GAP, "") for label in element.iter("response_label")}
        self.responses.append(Response(element, element.get("ident") or "", labels, own))
        return GAP

    def question(self) -> Question | None:
        """The question; None when the report says why there is none."""
        odd = [element for element in self.element.iter(etree.Element) if _is_unheld(str(element.tag))]
        if self.kind in _UNHELD or odd or not self.responses:
            name = self.kind if self.kind in _UNHELD or not odd else str(odd[0].tag)
            self.report.error("qti-type", odd[0].sourceline or 1 if odd else self.asked.line, name=name or "?")
            return None
        try:
            self.rules = parse_rules(self.element, len(self.responses))
            self._feedback()
            return self._settled()
        except Unread as rule:
            self.report.error("qti-rule", rule.line, name=rule.name)
            return None

    def _settled(self) -> Question | None:
        first = self.responses[0]
        ordered = (first.element.get("rcardinality") or "").lower() == "ordered"
        if self.kind in _ESSAYS or not (any(rule.gains for rule in self.rules) or first.labels):
            return self._essay()
        if not any(response.element.find(".//render_choice") is not None for response in self.responses):
            return self._blanks()
        if ordered:
            return self._order(first)
        if len(self.responses) == 1 and self.kind != "matching":
            return self._choices(first)
        is_named = all(f"[{_plain(response.name)}]" in self.stem for response in self.responses)
        if is_named or self.kind.startswith(("fill_in_multiple", "multiple_dropdowns")):
            return self._named_blanks()
        return self._pairs()

    # -- types --

    def _choices(self, response: Response) -> Question | None:
        earned = shares(self.rules, response.ident, list(response.labels), several=response.several)
        answers = [
            Answer(self._word(label), earned.get(ident, Decimal(0)), self.remarks.get(ident, ""))
            for ident, label in response.labels.items()
        ]
        shuffled = {(part.get("shuffle") or "").lower() for part in response.element.iter("render_choice")}
        self.asked.fixed = {"no": True, "yes": False}.get(next(iter(shuffled), ""))
        unsaid = not response.element.get("rcardinality") and any(rule.gains and rule.action == "add" for rule in self.rules)
        several = response.several or (unsaid and sum(answer.share >= WHOLE for answer in answers) > 1)
        return choice_question(self.asked, answers, self.report, several=several)

    def _word(self, label: str) -> str:
        """A choice as a line; the names that Blackboard has for a pair of words become these."""
        line = html.to_markdown_line(label, self.name)
        words = PAIRED.get(to_text(line))
        return words[not self.asked.chinese] if words else line

    def _blanks(self) -> Question | None:
        names = {response.ident: f"[{response.ident}]" for response in self.responses}
        if all(name in self.stem for name in names.values()):  # in Blackboard the stem calls its blanks by name
            self.responses.sort(key=lambda response: self.stem.find(names[response.ident]))
            self.responses[0].inline = True
            self.stem = reduce(lambda stem, name: stem.replace(name, GAP, 1), names.values(), self.stem.replace(GAP, ""))
        keys = [self._keys(response) for response in self.responses]
        if any(response.inline for response in self.responses) or len(self.responses) > 1:
            self.asked.stem = self._markdown(self.stem)
        else:
            self.asked.stem = gap_for_line(self.asked.stem)
        return typed_question(self.asked, keys, self.report)

    def _keys(self, response: Response) -> list[Answer]:
        found = typed(self.rules, response.ident)
        has_spans = any(answer.low is not None for answer in found)
        if any(answer.case for answer in found):
            self.report.warning("case-ignored", self.asked.line)
        if not has_spans and not response.numeric:
            words = [f"*{short_answer(answer.text)}*" if answer.is_part else short_answer(answer.text) for answer in found]
            return [Answer(word, answer.share) for word, answer in zip(words, found, strict=True)]
        return list(filter(None, (self._number(answer, found) for answer in found)))

    def _number(self, answer: Typed, found: Sequence[Typed]) -> Answer | None:
        """A number or a span as a key; None for a number that lies in a span, which is then its middle."""
        if answer.low is None or answer.high is None:
            number = number_of(answer.text)
            if number is None or any(span.holds(number) for span in found):
                return None
            return Answer(span_key(number, number), answer.share, is_key=True)
        numbers = [number for other in found if (number := number_of(other.text)) is not None and answer.holds(number)]
        key = span_key(answer.low, answer.high, numbers[0] if numbers else None)
        if answer.is_open and answer.low != answer.high:
            self.report.warning("olx-open-end", self.asked.line, value=key)
        return Answer(key, answer.share, is_key=True)

    def _named_blanks(self) -> Question | None:
        """The blanks of Canvas: `[name]` in the stem, and a response of that name with what is accepted or offered."""
        stem, gaps, menus = self.stem.replace(GAP, ""), [], []
        order = sorted(self.responses, key=lambda response: stem.find(f"[{_plain(response.name)}]"))
        for response in order:
            stem = stem.replace(f"[{_plain(response.name)}]", GAP, 1)
            words = {ident: _plain(label) for ident, label in response.labels.items()}
            right = {answer.text for answer in typed(self.rules, response.ident)}
            all_count = self.kind.startswith("fill_in_multiple")
            gaps.append([Answer(short_answer(word), WHOLE) for ident, word in words.items() if all_count or ident in right])
            menus.append([] if all_count else list(words.values()))
        self.asked.stem = self._markdown(stem)
        if self.asked.stem.count(GAP) == len(menus):
            show_menus(self.asked, menus, self.report)
        return typed_question(self.asked, gaps, self.report)

    def _pairs(self) -> Question | None:
        pairs: list[tuple[str, str]] = []
        offered: list[str] = []
        for response in self.responses:
            table = [*self.table, *[""] * len(response.labels)]
            labels = [label or table[number] for number, label in enumerate(response.labels.values())]
            words = dict(zip(response.labels, map(_plain, labels), strict=True))
            right = [words[answer.text] for answer in typed(self.rules, response.ident) if answer.text in words]
            left = html.to_markdown_line(response.name or said_before(response.element), self.name)
            pairs.append((left, right[0] if right else ""))
            offered += words.values()
        if any(not right for _, right in pairs):
            self.report.error("moodle-no-key", self.asked.line)
            return None
        others = [word for word in dict.fromkeys(offered) if word and word not in {right for _, right in pairs}]
        return pairs_question(self.asked, pairs, others, self.report)

    def _order(self, response: Response) -> Question | None:
        words = {ident: _plain(label) for ident, label in response.labels.items()}
        order = dict.fromkeys(answer.text for answer in typed(self.rules, response.ident) if answer.text in words)
        return order_question(self.asked, [words[ident] for ident in order], self.report)

    def _essay(self) -> Question | None:
        solutions = [self._markdown(material(part)) for part in self.element.iter("solution")]
        grading = "\n".join(filter(None, solutions)) or self.asked.explanation
        if not solutions:
            self.asked.explanation = ""
        if not grading.strip():
            self.report.error("qti-essay", self.asked.line)
            return None
        return written_question(self.asked, grading, self.report)

    # -- feedback --

    def _feedback(self) -> None:
        """What is said after the answer: of choices to each, of the rest the explanation."""
        said = {part.get("ident") or "": self._markdown(material(part)) for part in self.element.iterchildren("itemfeedback")}
        of_choices = {shown: _only(rule) for rule in self.rules for shown in rule.feedback}
        labels = {ident for response in self.responses for ident in response.labels}
        general: list[str] = []
        right: list[str] = []
        wrong: list[str] = []
        for ident, text in said.items():
            if is_for_wrong(ident) or is_for_right(ident):
                (wrong if is_for_wrong(ident) else right).append(text)
                continue
            choice = of_choices.get(ident, "") or ident.removesuffix("_fb")
            if choice in labels:
                self.remarks[choice] = text
            else:
                general.append(text)
        if self.kind not in _ESSAYS:
            general += [self._markdown(material(part)) for part in self.element.iter("solution")]
        explain(self.asked, *(list(filter(None, texts)) for texts in (general, right, wrong)))
        hints = [to_text(self._markdown(material(hint))) for hint in self.element.iterchildren("hint")]
        if any(hints):
            self.report.warning("not-kept", self.asked.line, what="hint", value=excerpt("; ".join(hints)))


def _is_unheld(tag: str) -> bool:
    return tag == "response_xy" or (tag.endswith("_extension") and tag.startswith(("response", "render"))) or (
        tag.startswith("render_") and tag not in _RENDERED
    )


def _group_marks(item: etree._Element) -> str:
    """What each question of a group is worth in Canvas, whatever it says itself."""
    section = item.getparent()
    path = "selection_ordering/selection/selection_extension/points_per_item"
    return (section.findtext(path) or "").strip() if section is not None else ""


def _only(rule: Rule) -> str:
    """The choice that a rule is about, when it is about one."""
    tests = list(rule.condition.wanted())
    return tests[0].value if len(tests) == 1 and tests[0].kind == "equal" else ""


def _plain(source: str) -> str:
    return to_text(html.to_markdown_line(source))
