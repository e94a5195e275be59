"""Words for administrators."""

from __future__ import annotations

from django.utils.translation import gettext


def kind_word(kind: str) -> str:
    """A kind of block, as it is read."""
    return {
        "stage": gettext("stage"), "lesson": gettext("lesson"), "case": gettext("case"), "exam": gettext("exam"),
        "article": gettext("article"), "mistakes": gettext("book of mistakes"),
    }.get(kind, kind)
