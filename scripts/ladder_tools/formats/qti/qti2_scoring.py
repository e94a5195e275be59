"""What rules of QTI 2 and 3 that are written out earn for a choice: they are followed as a player of QTI would."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from ladder_tools.formats.exact.typed_keys import number_of

_SCORE = "SCORE"
_MOST_RULES = 2_000  # elements; nobody writes more for one choice


class _Unknown(Exception):
    """A rule that is followed by players alone."""


class _Exit(Exception):
    """The rules end here."""


_Value = bool | Decimal | frozenset[str]


@dataclass
class _Marking:
    """One response, its right answers, what was chosen, and the score so far."""

    ident: str
    correct: frozenset[str]
    chosen: frozenset[str]
    score: Decimal = Decimal(0)

    def follow(self, rules: Iterable[etree._Element]) -> None:
        for rule in rules:
            if rule.tag == "exitResponse":
                raise _Exit
            if rule.tag == "responseCondition":
                self._branch(rule)
            elif rule.tag != "setOutcomeValue":
                raise _Unknown
            elif rule.get("identifier") == _SCORE:
                self.score = self._number(self._value(rule[0])) if len(rule) else Decimal(0)

    def _branch(self, condition: etree._Element) -> None:
        for branch in condition:
            tests = branch[:0] if branch.tag == "responseElse" else branch[:1]
            if all(map(self._holds, tests)):
                self.follow(branch[len(tests) :])
                return

    def _holds(self, element: etree._Element) -> bool:
        value = self._value(element)
        if not isinstance(value, bool):
            raise _Unknown
        return value

    def _number(self, value: _Value) -> Decimal:
        if not isinstance(value, Decimal):
            raise _Unknown
        return value

    def _names(self, value: _Value) -> frozenset[str]:
        if not isinstance(value, frozenset):
            raise _Unknown
        return value

    def _value(self, element: etree._Element) -> _Value:
        rule = _RULES.get(str(element.tag))
        if rule is None:
            raise _Unknown
        return rule(self, element)

    def _variable(self, element: etree._Element) -> _Value:
        if element.get("identifier") == self.ident:
            return self.chosen
        if element.get("identifier") == _SCORE:
            return self.score
        raise _Unknown

    def _base(self, element: etree._Element) -> _Value:
        text = (element.text or "").strip()
        if element.get("baseType") in ("float", "integer"):
            return number_of(text) or Decimal(0)
        return frozenset((text,))

    def _match(self, element: etree._Element) -> _Value:
        one, other = map(self._value, element)
        return one == other

    def _within(self, element: etree._Element) -> _Value:
        one, other = (self._names(self._value(part)) for part in element)
        return one <= other if element.tag == "member" else one >= other


_RULES: dict[str, Callable[[_Marking, etree._Element], _Value]] = {
    "variable": _Marking._variable,
    "correct": lambda marking, _: marking.correct,
    "baseValue": _Marking._base,
    "multiple": lambda marking, element: frozenset().union(*(marking._names(marking._value(part)) for part in element)),
    "match": _Marking._match,
    "member": _Marking._within,
    "contains": _Marking._within,
    "and": lambda marking, element: all(marking._holds(part) for part in element),
    "or": lambda marking, element: any(marking._holds(part) for part in element),
    "not": lambda marking, element: not marking._holds(element[0]),
    "isNull": lambda marking, element: not marking._names(marking._value(element[0])),
    "sum": lambda marking, element: sum((marking._number(marking._value(part)) for part in element), Decimal(0)),
}


def score_of(item: etree._Element, ident: str, correct: Iterable[str], chosen: Iterable[str]) -> Decimal | None:
    """What choosing these earns by the rules written out in an item; None where there are none that can be followed."""
    processing = item.find("responseProcessing")
    if processing is None or not len(processing) or sum(1 for _ in processing.iter()) > _MOST_RULES:
        return None
    marking = _Marking(ident, frozenset(correct), frozenset(chosen))
    try:
        marking.follow(processing)
    except _Exit:
        pass
    except (_Unknown, IndexError, ValueError):
        return None
    return marking.score
