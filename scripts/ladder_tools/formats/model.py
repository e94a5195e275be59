"""What every reader gives and every writer takes.

A reader turns one source into a `Reading`: each thing in it that asks something ends as an `Item`, imported, imported with a
warning, or refused with a reason. A writer turns banks into files and says what its format could not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ladder.core.bank import Bank
from ladder.core.problems import Problem, Report
from ladder.core.question import Question, Reference, Type
from ladder_tools.formats import texts

texts.define()

EXCERPT = 40
_FEW = 3
_CHINESE = re.compile("[\u3400-\u9fff]")


class Outcome(StrEnum):
    """What became of one item."""

    IMPORTED = "imported"
    WARNED = "warned"
    REFUSED = "refused"


class Feature(StrEnum):
    """What a question may carry beside its stem, its choices and its key; a format holds some of it."""

    ID = "id"
    TITLE = "title"
    DIFFICULTY = "difficulty"
    KB = "kb"
    MARKS = "marks"
    FIXED = "fixed"
    PINNED = "pinned"
    EXPLANATION = "explanation"
    MULTIPLE = "multiple"
    ANY_ORDER = "any-order"
    ALTERNATIVES = "alternatives"  # several answers accepted for one blank
    SPANS = "spans"  # 40..50, 48±2
    PATTERNS = "patterns"  # /…/
    EXAMPLES = "examples"
    KEY_POINTS = "key-points"  # divided into rows
    KEY_POINT_MARKS = "key-point-marks"
    KEYWORDS = "keywords"
    ESSAY = "essay"  # told apart from a short answer
    MARKUP = "markup"  # Markdown that is more than text
    PICTURES = "pictures"
    LINKS = "links"  # [[article#heading]]


class Reason(StrEnum):
    """Why a question could not be written although its type and features could be, or not just as it was."""

    SEVERAL_BLANKS = "several-blanks"
    NO_PLAIN_ANSWER = "no-plain-answer"  # patterns and spans alone are no answer there
    LIKE_CLOZE = "like-cloze"
    CHOICES_OVER_8 = "choices-over-8"
    NOT_READ_BACK = "not-read-back"
    WORDING = "wording"


@dataclass(frozen=True)
class Holds:
    """What a format can carry."""

    types: frozenset[Type]
    features: frozenset[Feature]

    @classmethod
    def of(cls, types: Iterable[Type], *features: Feature) -> Holds:
        """What a format can carry, written as a list."""
        return cls(frozenset(types), frozenset(features))


@dataclass(frozen=True)
class Item:
    """One thing in a source that asks. `line` and `column` count from 1; in tables row and column, in Word paragraphs.

    `said` names the fields of `Question` that the source speaks of; the others are defaults, and an update leaves them as the
    bank has them. A question whose id the source does not give has the id `""`, and one without a title the title `""`.
    """

    file: str
    sheet: str
    line: int
    column: int
    excerpt: str
    question: Question | None
    said: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def outcome(self) -> Outcome:
        """Imported, imported with a warning, or refused."""
        if self.question is None:
            return Outcome.REFUSED
        return Outcome.WARNED if self.problems else Outcome.IMPORTED

    @property
    def where(self) -> str:
        """The place as people read it."""
        return Problem(self.file, self.line, self.column, "", sheet=self.sheet).where


@dataclass
class Reading:
    """What a reader found in one source.

    `problems` are those of the source as a whole. `pictures` are the files that stems point to by name, without folder.
    `id`, `title` and `kb` are those of the bank, where the source gives them.
    """

    file: str
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    id: str = ""
    title: str = ""
    kb: Reference | None = None

    def report(self, sheet: str = "") -> Report:
        """A report for one item, to be handed to `add` with it."""
        return Report(self.file, sheet=sheet)

    def add(
        self, report: Report, line: int, excerpt: str, question: Question | None, said: Collection[str] = (), column: int = 1
    ) -> None:
        """End one item. A question with an error is refused; one without a question must have said why."""
        failed = any(problem.severity == "error" for problem in report.problems)
        if question is None and not failed:
            raise ValueError(f"{self.file}:{line}: refused without a reason")
        words = " ".join(excerpt.split())
        short = words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"
        self.items.append(Item(
            self.file, report.sheet, line, column, short, None if failed else question, frozenset(said), tuple(report.problems),
        ))

    def gather(self) -> None:
        """Tell once for the whole source what is not kept of many questions: a chapter in every row is no matter of the rows."""
        lost: dict[str, list[Problem]] = {}
        for item in self.items:
            for problem in item.problems:
                if problem.code == "not-kept":
                    lost.setdefault(dict(problem.words)["what"], []).append(problem)
        often = {what: found for what, found in lost.items() if len(found) > _FEW}
        for what, found in often.items():
            values = list(dict.fromkeys(dict(problem.words)["value"] for problem in found))
            shown = "、".join(values[:_FEW]) + ("…" if len(values) > _FEW else "")
            report = self.report(found[0].sheet)
            report.warning("not-kept-often", found[0].line, found[0].column, 1, what=what, count=len(found), values=shown)
            self.problems.extend(report.problems)
        gone = {id(problem) for found in often.values() for problem in found}
        self.items = [
            replace(item, problems=tuple(problem for problem in item.problems if id(problem) not in gone)) if gone else item
            for item in self.items
        ]

    def fail(self, code: str, line: int = 1, column: int = 1, **words: object) -> Reading:
        """Note why the source as a whole cannot be read, and return the reading."""
        report = Report(self.file)
        report.error(code, line, column, 1, **words)
        self.problems.extend(report.problems)
        return self

    def warn(self, code: str, line: int = 1, column: int = 1, **words: object) -> None:
        """Note something about the source as a whole."""
        report = Report(self.file)
        report.warning(code, line, column, 1, **words)
        self.problems.extend(report.problems)


@dataclass(frozen=True)
class Source:
    """One file to read, as it lies on disk."""

    file: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The extension with its dot, in lower case; `.tar.gz` counts as one."""
        name = self.file.replace("\\", "/").rpartition("/")[2].lower()
        if name.endswith((".tar.gz", ".tgz")):
            return ".tar.gz"
        return "." + name.rpartition(".")[2] if "." in name else ""


@dataclass
class Output:
    """What a writer is given and what it leaves behind.

    `name` is the destination's file name, `""` for a folder: some formats are a folder, one file or an archive by its
    extension. `files` maps a path below the destination to its bytes; `""` is the destination itself. `losses` collects what the
    format could not hold beyond what its `HOLDS` says, `left_out` the questions that could not be written at all, and why.
    `language` is that of the words the writer adds of its own, `zh` or `en`: unless it is said, that of the questions.
    """

    banks: Sequence[Bank]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    name: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    language: str = ""
    losses: list[tuple[str, Question, Feature | Reason]] = field(default_factory=list)
    left_out: list[tuple[str, Question, Reason]] = field(default_factory=list)

    def __post_init__(self) -> None:
        asked = "".join(question.stem for bank in self.banks for question in bank.questions)
        self.language = self.language or ("zh" if not asked or _CHINESE.search(asked) else "en")

    def lose(self, bank: Bank, question: Question, what: Feature | Reason) -> None:
        """Note that something of a question did not come along."""
        self.losses.append((bank.id, question, what))

    def leave_out(self, bank: Bank, question: Question, why: Reason) -> None:
        """Note that a question could not be written at all."""
        self.left_out.append((bank.id, question, why))


Reader = Callable[[Source], Reading]
Writer = Callable[[Output], None]
