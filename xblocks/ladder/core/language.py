"""Which of our languages a page speaks."""

from __future__ import annotations

import functools

ENGLISH = "en"
CHINESE = "zh-hans"  # as Django and HTML name it
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "zh-yue")


def ours(code: str | None) -> str | None:
    """The language of ours that serves whoever reads `code` (`zh-cn`, `zh_CN`, `zh-Hans-SG`, `en-GB`, …), or None."""
    code = (code or "").lower().replace("_", "-")
    language = code.partition("-")[0].partition("@")[0]  # Open edX has an en@pirate
    if language == "zh":
        return None if code.startswith(_TRADITIONAL) else CHINESE
    return ENGLISH if language == "en" else None


def _nearest(code: str) -> str | None:
    """The same for a course: one in traditional Chinese is nearer to our Chinese than to English."""
    return CHINESE if code.lower().startswith("zh") else ours(code)


@functools.lru_cache(maxsize=256)
def spoken(reader: str | None, course: str, released: tuple[str, ...]) -> str:
    """The language of a page, given the reader's, the course's (empty: not known) and those that the platform has released.

    A reader has chosen between languages only where the course's own was among them: the platform does not offer one that it
    has not released, and shows everybody another. There, and to readers of a language that we have no words for, the page
    speaks as the course does.
    """
    offered = {_nearest(code) for code in released}
    mine, own = ours(reader), _nearest(course)
    if own is None:
        return mine or ENGLISH
    return mine if mine in offered and own in offered and mine is not None else own
