"""A request to every handler of every block, such as somebody who may do so would send."""

from __future__ import annotations

from typing import Any

OPERATION = "operation-of-gate"
NO_ATTEMPT = 2**40
STUDIO = {"display_name": "x", "content": "x", "check_only": True}
# Every handler of every block, in an order in which somebody who may do so can go through all of them.
REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("stage", "article"): {"id": "refunds"},
    ("stage", "studio_save"): STUDIO,
    ("lesson", "article"): {"id": "refunds"},
    ("lesson", "read"): {"sections": ["先核对"]},
    ("lesson", "finish"): {},
    ("lesson", "studio_save"): STUDIO,
    ("article", "article"): {"id": "refunds"},
    ("article", "studio_save"): STUDIO,
    ("case", "article"): {"id": "refunds"},
    ("case", "begin"): {},
    ("case", "choose"): {"op_id": OPERATION, "position": 0, "option": 0},
    ("case", "studio_save"): STUDIO,
    ("exam", "article"): {"id": "refunds"},
    ("exam", "ask"): {},
    ("exam", "begin"): {},
    ("exam", "answer"): {"attempt": 1, "saves": [{"op_id": OPERATION, "item": 1, "revision": 1, "value": [0]}]},
    ("exam", "submit"): {"attempt": 1},
    ("exam", "studio_save"): STUDIO,
    ("exam", "look"): {},
    ("exam", "desk"): {},
    ("exam", "open_attempt"): {"attempt": NO_ATTEMPT},
    ("exam", "release"): {},
    ("exam", "void_attempt"): {"attempt": NO_ATTEMPT, "reason": "x"},
    ("exam", "allow"): {"username": "trainer", "minutes": 5, "attempts": 1, "reason": ""},
    ("exam", "export"): {"format": "csv"},
    ("exam", "marking"): {},
    ("exam", "draft"): {"question": "refund-check", "code": "0" * 16, "revision": "0", "points": [], "comment": ""},
    ("exam", "give_marks"): {"question": "refund-check", "code": "0" * 16, "revision": "0", "points": [], "comment": ""},
    ("exam", "statistics"): {},
    ("exam", "regrade"): {},
    ("exam", "apply_regrade"): {},
    ("mistakes", "article"): {"id": "refunds"},
    ("mistakes", "show"): {},
    ("mistakes", "card"): {"question": "refund-check"},
    ("mistakes", "practise"): {},
    ("mistakes", "redo"): {"question": "refund-check", "op_id": OPERATION, "card": "0-f7814b5b6301", "value": [0]},
    ("mistakes", "tick"): {"question": "refund-check", "op_id": OPERATION, "have": "yes"},
    ("mistakes", "studio_save"): STUDIO,
}
