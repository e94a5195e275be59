"""Showing problems: as text with the line and a caret under it, or as JSON, one object a line."""

from __future__ import annotations

import json
import locale
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from ladder.core.problems import Problem

WORDS = {
    "zh": {"error": "错误", "warning": "提醒", "hint": "建议"},
    "en": {"error": "error", "warning": "warning", "hint": "hint"},
}


def language(named: str | None = None) -> str:
    """`zh` or `en`: what was asked for, else what the locale says."""
    if named:
        return named
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


def width(text: str) -> int:
    """Columns a text takes in a terminal: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def as_text(problems: Iterable[Problem], spoken: str) -> Iterator[str]:
    """Lines for a terminal: head, offending line, caret, hint. The head's first part is what editors parse."""
    texts: dict[str, list[str]] = {}
    for problem in problems:
        yield f"{problem.where}: {problem.severity} {problem.code}: {problem.message(spoken)}"
        line = _line(problem, texts).replace("\t", " ")
        if line.strip():
            number = str(problem.line)
            before = line[: problem.column - 1]
            marked = line[problem.column - 1 : problem.column - 1 + problem.length] or " "
            yield f"  {number} | {line}"
            yield f"  {' ' * len(number)} | {' ' * width(before)}{'^' * max(width(marked), 1)}"
        yield f"  {WORDS[spoken]['hint']}: {problem.hint(spoken)}"


def as_json(problems: Iterable[Problem], spoken: str) -> Iterator[str]:
    """One JSON object a line, for other programs."""
    for problem in problems:
        yield json.dumps(
            {
                "file": problem.file, "line": problem.line, "column": problem.column, "severity": problem.severity,
                "code": problem.code, "message": problem.message(spoken), "hint": problem.hint(spoken),
            },
            ensure_ascii=False,
        )


def summary(problems: Iterable[Problem], spoken: str) -> str:
    """How many of each."""
    severities = [problem.severity for problem in problems]
    counts = {word: severities.count(word) for word in ("error", "warning")}
    if spoken == "zh":
        return "，".join(f"{count} 个{WORDS['zh'][word]}" for word, count in counts.items())
    return ", ".join(f"{count} {word}{'s' * (count != 1)}" for word, count in counts.items())


def _line(problem: Problem, texts: dict[str, list[str]]) -> str:
    if problem.file not in texts:
        path = Path(problem.file)
        text = path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
        texts[problem.file] = text.replace("\r\n", "\n").split("\n")
    rows = texts[problem.file]
    return rows[problem.line - 1] if problem.line <= len(rows) else ""
