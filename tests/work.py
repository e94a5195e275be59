"""How much work something is, told without a clock: in ordinary pieces of work that the same process does beside it.

Seconds say more of what else a machine is doing than of a program. What takes ten times as long on a busy machine takes ten times as
many seconds for the ordinary piece, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ladder.core.bank import parse_bank
from ladder.core.document import parse_document
from ladder.core.problems import Report

_QUESTION = "## 答复时限之{n} {{#reply-{n} d=2}}\n客户投诉**最迟**应在多长时间内答复？\n- ( ) 24 小时\n- (x) 48 小时\n- ( ) 3 个工作日\n> 投诉 48 小时内答复。\n\n"
ORDINARY = "---\nkind: bank\ntitle: 平常\n---\n" + "".join(_QUESTION.format(n=number) for number in range(100))
TRIES = 5


def spent(do: Callable[[], object]) -> float:
    """Processor seconds of this process."""
    began = time.process_time()
    do()
    return time.process_time() - began


def read_ordinary() -> None:
    """The ordinary piece of work: reading a bank of a hundred questions."""
    report = Report("ordinary.md")
    document = parse_document(ORDINARY, report)
    assert document is not None
    parse_bank(document, "ordinary", report)
    assert not report.problems


def works(do: Callable[[], object], most: float) -> float:
    """How many ordinary pieces of work `do` is. What seems to be more than `most` is tried again: the least of some tries is told."""
    least = float("inf")
    for _ in range(TRIES):
        ordinary = spent(read_ordinary)
        least = min(least, spent(do) / ordinary)
        if least <= most:
            break
    return least
