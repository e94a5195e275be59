"""The files that an XML of Moodle carries in base64 beside the texts that show them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import unquote

from lxml import etree

from ladder.core.problems import Report
from ladder.core.question import Question
from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.losses import texts_of
from ladder_tools.formats.model import Reading

_SHOWN = re.compile(r"@@PLUGINFILE@@/(?P<name>[^\"'\s<>()?#]+)(?:\?[^\"'\s<>()]*)?")


@dataclass
class Files:
    """The files of one source. Those of a question are taken, then named in its texts, then kept as far as they are shown."""

    reading: Reading
    _here: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _missing: list[str] = field(default_factory=list)

    def take(self, question: etree._Element) -> None:
        """Forget the files of the last question and take those of this one."""
        self._here, self._missing = {}, []
        for file in question.iter("file"):
            name = file.get("name") or ""
            try:
                data = base64.b64decode(file.text or "")
            except (binascii.Error, ValueError):  # ValueError: letters beyond ASCII
                continue
            if name and data:
                path = f"{file.get('path') or ''}/{name}".strip("/")
                self._here[path] = (self._free(_safe(name), data), data)

    def _free(self, name: str, data: bytes) -> str:
        """A name that no other file has."""
        here = dict(self._here.values())
        if here.get(name, self.reading.pictures.get(name, data)) == data:
            return name
        stem, dot, kind = name.rpartition(".")
        return f"{stem}-{sha256(data).hexdigest()[:8]}{dot}{kind}"

    def named(self, text: str) -> str:
        """A text with its files by the names that they have here."""
        return _SHOWN.sub(self._name, text) if "@@" in text else text

    def _name(self, shown: re.Match[str]) -> str:
        path = unquote(shown["name"]).strip("/")
        if path not in self._here:
            self._missing.append(path)
            return _safe(path.rpartition("/")[2])
        return self._here[path][0]

    def keep(self, question: Question | None, line: int, report: Report) -> None:
        """Give the pictures that a question shows to the reading, and tell of files that are missing or not shown."""
        if question is None:
            return
        texts = "\n".join(texts_of(question))
        for path in dict.fromkeys(self._missing):
            report.warning("moodle-file", line, name=excerpt(path))
        for path, (name, data) in self._here.items():
            if f"({name})" in texts:
                self.reading.pictures[name] = data
            else:
                report.warning("not-kept", line, what="file", value=excerpt(path))


def _safe(name: str) -> str:
    """A name that a file of a course may have."""
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.")
    if re.match(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.[A-Za-z0-9]+\Z", safe):
        return safe
    kind = safe.rpartition(".")[2].lower()
    return f"p-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}.{kind or 'bin'}"
