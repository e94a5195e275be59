"""Somebody who keeps an eye on every response: planted words are found in it however they are dressed."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import zlib
from typing import Any

from author import new_word
from host import block_classes
from ladder.core.course import questions_of
from trainee import FIRST_STAGE, Trainee

# -- finding a word, however it is dressed --------------------------------------------------------------------------


def disguises(word: str) -> set[str]:
    """The forms a word could travel in, in lower case."""
    raw = word.encode()
    forms = {word, word[::-1], raw.hex(), *(hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256", "sha512"))}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)[(0, 2, 3)[shift] : -4].decode()
        forms.add(coded.lower())
    return forms


def unpacked(text: str) -> str:
    """A text with what is packed inside it: entities, and runs of base64 that hold compressed data."""
    parts = [html.unescape(text)]
    for run in re.findall(r"[A-Za-z0-9_+/-]{24,}", text):
        whole = run[: len(run) // 4 * 4]
        raw = base64.b64decode(whole.replace("-", "+").replace("_", "/"))
        for start in (0, 1):
            try:
                parts.append(zlib.decompressobj().decompress(raw[start:]).decode("utf-8", "replace"))
            except zlib.error:
                continue
    return "\n".join(parts)


class Watch:
    """Remembers which planted words have been seen."""

    def __init__(self, words: dict[str, str]) -> None:
        self.seen: set[str] = set()
        self.forms: dict[str, str] = {}
        self.learn(words)

    def learn(self, words: dict[str, str]) -> None:
        """Watch out for these words from now on, too; they are given by name."""
        self.forms |= {form: name for name, word in words.items() for form in disguises(word)}
        self.pattern = re.compile("|".join(map(re.escape, sorted(self.forms, key=len, reverse=True))))

    def plant(self, name: str) -> str:
        """A new word, to be put where it must not be seen."""
        word = new_word()
        self.learn({name: word})
        return word

    def look(self, response: Any) -> None:
        """Look through a response: body, headers, cookies."""
        body = b"".join(response.streaming_content) if response.streaming else response.content
        told = f"{dict(response.headers)} {response.cookies.output()}\n{body.decode('utf-8', 'replace')}"
        self.seen |= {self.forms[form] for form in self.pattern.findall(unpacked(told).lower())}


# -- looking everywhere ---------------------------------------------------------------------------------------------

QUIET = {"display_name": "x", "content": "x", "check_only": True}
# What these do is due to whoever asks with such a request: it is done on purpose, step by step, or not at all.
LOUD = {"begin", "finish", "release", "apply_regrade"}


def handlers_of(kind: str) -> set[str]:
    """The names of all handlers of a kind of block."""
    block = block_classes()[kind]
    return {name for name in dir(block) if getattr(getattr(block, name, None), "_is_xblock_handler", False)}


class Spy(Trainee):
    """A trainee who keeps an eye on every response, and between steps tries every address there is."""

    def __init__(self, client: Any, act: Any, site: Any, watch: Watch) -> None:
        super().__init__(client, act, site)
        self.watch = watch

    def act(self, kind: str, name: str, handler: str, data: Any = None) -> Any:
        response = super().act(kind, name, handler, data)
        self.watch.look(response)
        return response

    def look_everywhere(self) -> set[str]:
        """All pages and what they link to, all authoring pages, all handlers with requests that change nothing."""
        units = [position.unit for position in self.site.now.positions.values()]
        articles = [unit.name for unit in units if unit.kind == "article"]
        todo = ["/", "/course/", "/version/", "/sign-in/", *(f"/static/{name}" for name in self.site.now.static)]
        for unit in units:
            todo += [f"/unit/{unit.name}/", f"/author/{unit.name}/", f"/author/{unit.name}/?view=author"]
            handlers = handlers_of(unit.kind) - LOUD
            todo += [f"/handler/{self.site.usage(unit.kind, unit.name)}/{handler}" for handler in handlers]
            for handler in handlers:
                self.act(unit.kind, unit.name, handler, QUIET)
            for article in articles if unit.name in FIRST_STAGE.values() else ():
                self.act(unit.kind, unit.name, "article", {"id": article})
        for question in questions_of(self.site.now.course.banks):
            self.act("mistakes", "mistakes", "card", {"question": question})
        known = set(todo)
        while todo:
            response = self.client.get(todo.pop())
            self.watch.look(response)
            found = re.findall(r'(?:href|src|action)="(/[^"#]*)"', response.content.decode("utf-8", "replace"))
            fresh = {html.unescape(url) for url in found} - known
            known |= fresh
            todo += fresh
        return self.watch.seen
