"""What authors are told: where, what is wrong, what to write instead."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ladder.core.problem_texts import TEXTS, VALUE_TYPES

LANGUAGES = ("zh", "en")
# Found in what can be read all the same: nobody is asked it any more, and who was asked it is marked as far as it goes. So with
# the script of a call.
ONLY_FOR_NEW_PAPERS = frozenset({
    "unbounded-pattern", "long-answer", "too-many-answers", "fine-marks", "no-such-blank", "example-rejected", "example-accepted",
    "written-twice", "too-many-questions",
})


@dataclass(frozen=True)
class Problem:
    """One fault in one place. `line` and `column` count from 1, columns in characters.

    In a table `sheet` names the sheet, `line` is the row and `column` the column.
    """

    file: str
    line: int
    column: int
    code: str
    words: tuple[tuple[str, str], ...] = ()
    severity: str = "error"
    length: int = 1
    sheet: str = ""

    @property
    def where(self) -> str:
        """The place as people and editors read it: `file:line:column`, or `file:Sheet!C5`."""
        if not self.sheet:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file}:{self.sheet}!{column_letters(self.column)}{self.line}"

    def message(self, language: str = "zh") -> str:
        """What is wrong, in one sentence."""
        return self._text("message", language)

    def hint(self, language: str = "zh") -> str:
        """What to write instead."""
        return self._text("hint", language)

    def _text(self, part: str, language: str) -> str:
        words = {name: VALUE_TYPES[word][language] if name == "value_type" else word for name, word in self.words}
        return TEXTS[self.code][part][language].format(**words)


@dataclass
class Report:
    """Collects the problems of one file; parsers add and go on."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    sheet: str = ""

    def error(self, code: str, line: int, column: int = 1, length: int = 1, **words: object) -> None:
        """Note a fault that stops the build."""
        self._add("error", code, line, column, length, words)

    def warning(self, code: str, line: int, column: int = 1, length: int = 1, **words: object) -> None:
        """Note something to look at; the build goes on."""
        self._add("warning", code, line, column, length, words)

    def _add(self, severity: str, code: str, line: int, column: int, length: int, words: dict[str, object]) -> None:
        if code not in TEXTS:
            raise KeyError(code)
        texts = tuple(sorted((name, str(value)) for name, value in words.items()))
        self.problems.append(Problem(self.file, line, column, code, texts, severity, max(length, 1), self.sheet))


@functools.lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """The letters of a table's column, counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, line and column, each once."""
    return sorted(set(problems), key=lambda p: (p.file, p.sheet, p.line, p.column, p.code, p.words))


def errors(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Only those that stop the build."""
    return (problem for problem in problems if problem.severity == "error")


def unreadable(problems: Iterable[Problem]) -> list[Problem]:
    """Only those for which a text cannot be read at all, in order."""
    return in_order(problem for problem in errors(problems) if problem.code not in ONLY_FOR_NEW_PAPERS)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or the known words when none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return near[0] if near else ", ".join(names[:8]) or "-"
