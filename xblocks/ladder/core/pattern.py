"""A pattern between slashes that a blank accepts: how long it can take at worst, read off before it is ever tried.

Patterns are tried by an engine that goes back and tries again. What may be written has no star, no plus and no repeated group,
so the ways through it can be counted: each `?` and each `{1,3}` multiplies those of what follows.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 100
MAX_STEPS = 200_000  # a few milliseconds
_TOKEN = re.compile(
    r"""
    (?P<open>\((?:\?:)?)                                    # (  (?:
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<count>\{(?P<least>[0-9]{1,2})(?:,(?P<most>[0-9]{1,2}))?\})   # {2}  {1,3}
    | (?P<maybe>\?)
    | (?P<one>
        \\[dwsDWS.?|/-]                                     # \\d  \\.
        | \[(?![^]]*(?:--|&&|~~|\|\|))[^\[\]\\]+\]          # [a-z], but no [a--b], which may mean something else one day
        | [^\\*+?{}()\[\]|]                                 # a  .
      )
    """,
    re.VERBOSE,
)
Cost = tuple[int, int]  # in how many ways a part can match at one place, and the steps that all of them take


def is_pattern(key: str) -> bool:
    """Whether a key is a pattern: written between slashes."""
    return len(key) > 2 and key.startswith("/") and key.endswith("/")


@lru_cache(maxsize=4096)
def worst_steps(pattern: str) -> int | None:
    """The most steps that trying a pattern on any text can take; None when it may not be written, or means nothing."""
    body = pattern[1:-1]
    steps = _count(body) if len(body) <= LONGEST else None
    if steps is None:
        return None
    try:
        re.compile(body)
    except re.error:
        return None
    return steps


def is_bounded(pattern: str) -> bool:
    """Whether a pattern can be tried on any answer in short time."""
    steps = worst_steps(pattern)
    return steps is not None and steps <= MAX_STEPS


def matches(pattern: str, text: str) -> bool:
    """Whether all of a text is what a pattern says; a pattern that is not bounded is never tried."""
    return is_bounded(pattern) and re.fullmatch(pattern[1:-1], text, re.IGNORECASE) is not None


def _count(body: str) -> int | None:
    """The steps of a whole pattern. Groups lie on a stack, so that no depth of them is too deep."""
    groups: list[list[list[Cost]]] = [[[]]]  # the open groups; of each its alternatives so far; of each its parts
    at, again = 0, ""  # which signs may still follow the part before; `=` is the ? that makes a repeat give way, at no cost
    while at < len(body):
        token = _TOKEN.match(body, at)
        if token is None:
            return None
        at = token.end()
        parts = groups[-1][-1]
        if token["open"]:
            groups.append([[]])
            again = ""
        elif token["close"]:
            if len(groups) == 1:
                return None
            group = _either(groups.pop())
            groups[-1][-1].append(group)
            again = "?"
        elif token["bar"]:
            groups[-1].append([])
            again = ""
        elif token["one"]:
            parts.append((1, 1))
            again = "?{"
        elif again == "=" and token["maybe"]:
            again = ""
        elif (token["maybe"] or token["count"])[0] in again:
            parts[-1] = _repeated(parts[-1], token)
            again = "="
        else:
            return None
    return _either(groups[0])[1] if len(groups) == 1 else None


def _repeated(part: Cost, token: re.Match[str]) -> Cost:
    """A part that may be left out, or a single character so many times."""
    ways, steps = part
    if token["maybe"]:
        return ways + 1, steps + 1
    least = int(token["least"])
    most = int(token["most"] or least)
    return max(most - least + 1, 1), most + 1


def _either(alternatives: list[list[Cost]]) -> Cost:
    """A group: each of its alternatives is tried."""
    ways = steps = 0
    for parts in alternatives:
        ways_here, steps_here = _in_a_row(parts)
        ways, steps = ways + ways_here, steps + steps_here + 1
    return ways, steps


def _in_a_row(parts: list[Cost]) -> Cost:
    """Parts one after the other: what follows is tried once for each way through what comes before."""
    ways, steps = 1, 0
    for of_part, taken in parts:
        steps += ways * taken
        ways *= of_part
    return ways, steps + ways
