"""The text of a case block, read: by which script a call is played."""

from __future__ import annotations

import functools

from ladder.core.case import Case, still_fits
from ladder.core.errors import ContentError
from ladder.core.script import parse_case, parse_script
from ladder.payload import parser_of
from ladder.records.case import Played
from ladder.records.source import digest_of, source_text

parse_text = parser_of("case", parse_script, kept=True)
"""The script of a payload; ContentError when it cannot be read.

Whether a call could begin by it today does not matter here: checks may have become stricter since calls were begun by it.
"""

parse_for_calls = parser_of("case", parse_case)
"""The script of a payload; ContentError when it cannot be read or nobody should be given a call by it."""


def script_of(call: Played, content: str) -> Case | None:
    """The script a call is played and reviewed by: the one kept with it. None when there is none that can be read.

    Of a call of an unknown version no script is known to be its own: today's could make somebody say what nobody said.
    """
    script = _kept(call.digest, content) if call.digest else None
    return script if script and still_fits(script, call.steps) else None


def _kept(digest: str, content: str) -> Case | None:
    try:
        return parse_text(content) if digest == digest_of(content) else _parse_kept(digest)
    except ContentError:
        return None


@functools.lru_cache(maxsize=128)
def _parse_kept(digest: str) -> Case:
    """What a digest names never changes: one statement for each version and process."""
    return parse_text(source_text(digest))
