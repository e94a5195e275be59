"""How QTI 1.2 marks an item: conditions that add to a score. What earns most is the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from ladder_tools.formats.exact.typed_keys import number_of
from ladder_tools.formats.qti.terms import share_of

_FULL = Decimal(100)
_TESTS = {
    "varequal": "equal", "varsubset": "part", "varsubstring": "part", "vargt": "above", "vargte": "from", "varlt": "below",
    "varlte": "to", "unanswered": "empty", "other": "always",
}
_GROUPS = {"conditionvar": "and", "and": "and", "or": "or", "not": "not", "and_selection": "and", "or_selection": "or"}
_LIMIT = 100_000  # conditions tried for one item

Given = Mapping[str, frozenset[str]]


class Unread(Exception):
    """A rule that cannot be followed: its name and line."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name)
        self.name, self.line = name, line


@dataclass(frozen=True)
class Condition:
    """A test of one response, or a group of them: `and`, `or`, `not`."""

    kind: str
    parts: tuple[Condition, ...] = ()
    response: str = ""
    value: str = ""
    case: bool = False

    def holds(self, given: Given) -> bool:
        """Whether it is true for these responses."""
        if self.kind in ("and", "or", "not"):
            found = (part.holds(given) for part in self.parts)
            return all(found) if self.kind == "and" else any(found) if self.kind == "or" else not any(found)
        values = given.get(self.response, frozenset())
        return {"equal": self.value in values, "empty": not values, "always": True}.get(self.kind, False)

    def wanted(self) -> Iterator[Condition]:
        """The tests below it that ask for something, not against it."""
        if self.kind in ("and", "or"):
            for part in self.parts:
                yield from part.wanted()
        elif self.kind != "not":
            yield self


@dataclass(frozen=True)
class Rule:
    """A condition, what it does to the score, and what feedback it shows. `ends`: rules after it are not tried."""

    condition: Condition
    action: str
    score: Decimal
    ends: bool
    feedback: tuple[str, ...]

    @property
    def gains(self) -> bool:
        """Whether it earns something."""
        return self.action in ("set", "add") and self.score > 0


def parse_rules(item: etree._Element, responses: int) -> tuple[Rule, ...]:
    """The rules of an item that asks for so many responses. Raises `Unread` for rules of other kinds, and for too many."""
    rules = tuple(_rule(element) for element in item.iter("respcondition"))
    if len(rules) * responses > _LIMIT:
        raise Unread("resprocessing", item.sourceline or 1)
    return rules


def _rule(element: etree._Element) -> Rule:
    parts = [_condition(part) for part in element.iterchildren("conditionvar")]
    changes = [(change.get("action") or "Set", (change.text or "").strip()) for change in element.iterchildren("setvar")]
    action, words = changes[0] if changes else ("", "")
    score = (number_of(words) or Decimal(0)) if not words.upper().startswith("SCORE") else _FULL
    ends = bool(changes) and action.lower() == "set" and (element.get("continue") or "No").lower() != "yes"
    shown = tuple(link.get("linkrefid") or "" for link in element.iterchildren("displayfeedback"))
    return Rule(Condition("and", tuple(parts)), action.lower(), score, ends, shown)


def _condition(element: etree._Element) -> Condition:
    name = str(element.tag)
    if name in _GROUPS:
        return Condition(_GROUPS[name], tuple(_condition(part) for part in element))
    if name not in _TESTS:
        raise Unread(name, element.sourceline or 1)
    value, match = (element.text or "").strip(), (element.get("setmatch") or "").lower()
    if match == "matches":  # a regular expression of Blackboard
        raise Unread(f"{name} setmatch={match}", element.sourceline or 1)
    kind, case = "equal" if match == "exact" else _TESTS[name], (element.get("case") or "no").lower() == "yes"
    return Condition(kind, (), element.get("respident") or "", value, case)


def score(rules: Sequence[Rule], given: Given) -> Decimal:
    """What these responses earn."""
    total = Decimal(0)
    for rule in rules:
        if rule.action and rule.condition.holds(given):
            if rule.action == "set":
                total = rule.score
            elif rule.action in ("add", "subtract"):
                total += rule.score if rule.action == "add" else -rule.score
            if rule.ends:
                break
    return total


def shares(rules: Sequence[Rule], response: str, names: Sequence[str], *, several: bool) -> dict[str, Decimal]:
    """Per cent of the marks for each choice, of one response. Raises `Unread` when there is too much to try."""
    if len(names) * len(rules) * 2 > _LIMIT:
        raise Unread("resprocessing", 1)
    alone = {name: score(rules, {response: frozenset({name})}) for name in names}
    if not several:
        best = max(alone.values(), default=Decimal(0))
        return {name: share_of(earned, best) if best > 0 else Decimal(0) for name, earned in alone.items()}
    asked = [frozenset(test.value for test in rule.condition.wanted() if test.response == response and test.kind == "equal")
             for rule in rules if rule.gains]
    sets = [*asked, frozenset(name for name, earned in alone.items() if earned > 0)]
    best_set = max(sets, key=lambda chosen: score(rules, {response: chosen}))
    if not best_set or score(rules, {response: best_set}) <= 0:
        return dict.fromkeys(names, Decimal(0))
    adds_up = all(alone.get(name, 0) > 0 for name in best_set)
    total = sum((alone[name] for name in best_set if name in alone), Decimal(0)) if adds_up else Decimal(1)
    wrong = {name: share_of(min(earned, Decimal(0)), total) for name, earned in alone.items() if name not in best_set}
    return {name: share_of(alone[name], total) if adds_up else _FULL for name in names if name in best_set} | wrong


@dataclass(frozen=True)
class Typed:
    """One accepted answer for what is typed: a text, a part of one (`is_part`), or numbers from `low` to `high`."""

    text: str
    share: Decimal
    case: bool = False
    is_part: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    is_open: bool = False

    def holds(self, number: Decimal) -> bool:
        """Whether it is numbers, and this one among them."""
        return self.low is not None and self.high is not None and self.low <= number <= self.high


def typed(rules: Sequence[Rule], response: str) -> list[Typed]:
    """The accepted answers for one response, each with its share of the best."""
    gaining = [(rule, list(_typed(rule.condition, response))) for rule in rules if rule.gains]
    gaining = [(rule, answers) for rule, answers in gaining if answers]
    best = max((rule.score for rule, _ in gaining), default=Decimal(1))
    return [
        Typed(answer.text, share_of(rule.score, best), answer.case, answer.is_part, answer.low, answer.high, answer.is_open)
        for rule, answers in gaining for answer in answers
    ]


def _typed(condition: Condition, response: str) -> Iterator[Typed]:
    here = [part for part in condition.parts if part.response == response]
    span = _span(here) if condition.kind == "and" else None
    if span:
        yield span
    for part in condition.parts:
        if part.kind in ("and", "or"):
            yield from _typed(part, response)
        elif part.response == response and part.kind in ("equal", "part"):
            yield Typed(part.value, _FULL, part.case, part.kind == "part")


def _span(tests: Sequence[Condition]) -> Typed | None:
    numbers = {test.kind: number_of(test.value) for test in tests if test.kind in ("above", "from", "below", "to")}
    low = numbers.get("from", numbers.get("above"))
    high = numbers.get("to", numbers.get("below"))
    if low is None or high is None:
        return None
    return Typed("", _FULL, low=low, high=high, is_open="above" in numbers or "below" in numbers)
