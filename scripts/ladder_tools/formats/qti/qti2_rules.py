"""How QTI 2 and 3 mark an item: declarations with keys and maps, and the two ways of using them that everyone knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lxml import etree

from ladder_tools.formats.exact.typed_keys import number_of

_TEMPLATES = ("match_correct", "map_response", "cc2_match", "cc2_map_response", "match_correct.xml", "map_response.xml")
# What the inline rules of the two ways are made of, with feedback and a sum over several blanks.
_KNOWN = frozenset((
    "responseProcessing", "responseCondition", "responseIf", "responseElseIf", "responseElse", "match", "variable", "correct",
    "baseValue", "setOutcomeValue", "mapResponse", "sum", "and", "or", "not", "isNull", "equal", "default", "multiple", "gt",
    "gte", "lt", "lte", "product", "divide", "subtract", "exitResponse", "null", "stringMatch", "member", "contains",
))
_COMPARED = frozenset(("stringMatch", "member", "contains"))


class Unread(Exception):
    """A rule that cannot be followed: its name and line."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name)
        self.name, self.line = name, line


@dataclass(frozen=True)
class Entry:
    """What one answer earns."""

    key: str
    value: Decimal
    case: bool


@dataclass(frozen=True)
class Declaration:
    """A response: its cardinality and type, its right answers, and what its map gives for each, where the map counts."""

    ident: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...]
    entries: tuple[Entry, ...]
    mapped: bool
    slack: tuple[Decimal, Decimal] | None = None

    @property
    def numeric(self) -> bool:
        """Whether a number is asked for."""
        return self.base_type in ("integer", "float")

    def of_gap(self, gap: str) -> Declaration:
        """What goes into one gap, of pairs of a word and its gap."""
        correct = tuple(pair.split()[0] for pair in self.correct if pair.split()[1:] == [gap])
        entries = tuple(replace(entry, key=entry.key.split()[0]) for entry in self.entries if entry.key.split()[1:] == [gap])
        return replace(self, cardinality="single", correct=correct, entries=entries)


def parse_declarations(item: etree._Element) -> dict[str, Declaration]:
    """The responses by identifier. Raises `Unread` for maps of places, templates and rules of other kinds."""
    for odd in item.iter("areaMapping", "templateDeclaration", "templateProcessing"):
        raise Unread(str(odd.tag), odd.sourceline or 1)
    slacks = dict(_check_rules(item))
    mapped = _is_mapped(item)
    return {ident: _declaration(element, mapped, slacks.get(ident)) for element in item.iterchildren("responseDeclaration")
            if (ident := element.get("identifier") or "")}


def _is_mapped(item: etree._Element) -> bool:
    """Whether the maps count."""
    for processing in item.iterchildren("responseProcessing"):
        name = processing.get("template") or processing.get("templateLocation") or ""
        return "map_response" in name or processing.find(".//mapResponse") is not None
    return True


def _declaration(element: etree._Element, mapped: bool, slack: tuple[Decimal, Decimal] | None) -> Declaration:
    entries = []
    for entry in element.iterfind("mapping/mapEntry"):
        value = number_of(entry.get("mappedValue") or "") or Decimal(0)
        entries.append(Entry(" ".join((entry.get("mapKey") or "").split()), value, entry.get("caseSensitive") == "true"))
    correct = tuple(" ".join("".join(value.itertext()).split()) for value in element.iterfind("correctResponse/value"))
    return Declaration(
        element.get("identifier") or "", element.get("cardinality") or "single", element.get("baseType") or "", correct,
        tuple(entries), mapped, slack,
    )


def _check_rules(item: etree._Element) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    """The tolerances of numbers, by response. Raises `Unread` for what is neither of the two ways of marking."""
    for processing in item.iterchildren("responseProcessing"):
        name = (processing.get("template") or processing.get("templateLocation") or "").rstrip("/").rpartition("/")[2]
        if name and name.lower() not in _TEMPLATES:
            raise Unread(name, processing.sourceline or 1)
        for element in processing.iter(etree.Element):
            if element.tag not in _KNOWN or (element.tag in _COMPARED and element.find("correct") is None):
                raise Unread(str(element.tag), element.sourceline or 1)
            if element.tag == "equal":
                yield from _tolerance(element)


def _tolerance(equal: etree._Element) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    mode = equal.get("toleranceMode") or "exact"
    variable, right = equal.find("variable"), equal.find("correct")
    if variable is None or mode == "exact":
        return
    numbers = [number_of(word) for word in (equal.get("tolerance") or "").split()]
    if mode != "absolute" or right is None or not numbers or None in numbers:
        raise Unread(f"equal toleranceMode={mode}", equal.sourceline or 1)
    low, high = numbers[0], numbers[-1]
    if low is not None and high is not None:
        yield variable.get("identifier") or "", (low, high)
