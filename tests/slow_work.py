"""Somebody who notes what is slow and done while rows are being written: hashing, rendering, reading a text or a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, ModuleType
from typing import Any

from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.template import base, engines

from ladder import pages
from ladder.core import document, markup

SLOW: dict[CodeType, str] = {
    hashers.make_password.__code__: "a password is hashed",
    hashers.MD5PasswordHasher.encode.__code__: "a password is hashed",
    hashers.PBKDF2PasswordHasher.encode.__code__: "a password is hashed",
    markup.to_html.__code__: "Markdown is rendered",
    base.Template.render.__code__: "a page is rendered",
    base.Template.compile_nodelist.__code__: "a template is read",
    document.parse_document.__code__: "a text is parsed",
}
_watching: list[SlowWork] = []


class SlowWork:
    """What was done under the lock, and that something slow was done at all: else nothing is shown."""

    def __init__(self) -> None:
        self.under_the_lock: list[str] = []
        self.seen: set[str] = set()

    def note(self, what: str, where: str) -> None:
        self.seen.add(what)
        if connection.in_atomic_block:
            self.under_the_lock.append(f"{what}: {where}")


def _call(frame: FrameType, event: str, _: Any) -> None:
    if event == "call" and frame.f_code in SLOW:
        _watching[-1].note(SLOW[frame.f_code], _way_to(frame))


def _opened(event: str, given: tuple[Any, ...]) -> None:
    # A module that is imported late is read once in the life of a process.
    if event == "open" and _watching and not str(given[0]).endswith((".py", ".pyc")):
        _watching[-1].note("a file is opened", str(given[0]))


sys.addaudithook(_opened)


def _way_to(frame: FrameType | None) -> str:
    """The functions of ours that have led here."""
    found = []
    while frame is not None:
        if "ladder" in frame.f_globals.get("__name__", ""):
            found.append(frame.f_code.co_name)
        frame = frame.f_back
    return " < ".join(found[:6])


@contextmanager
def watching() -> Iterator[SlowWork]:
    """In this thread and block, note what is slow."""
    work = SlowWork()
    _watching.append(work)
    sys.setprofile(_call)
    try:
        yield work
    finally:
        sys.setprofile(None)
        _watching.pop()


def forget_everything(**_: Any) -> None:
    """What a process that has just been started does not know yet."""
    cache.clear()
    for engine in (pages._ENGINE, *(backend.engine for backend in engines.all())):
        for loader in engine.template_loaders:
            loader.reset()
    for module in [module for name, module in sys.modules.items() if name.startswith("ladder.")]:
        _forget(module)


def _forget(module: ModuleType) -> None:
    for kept in list(vars(module).values()):
        forget = getattr(kept, "cache_clear", None)
        if callable(forget):
            forget()
