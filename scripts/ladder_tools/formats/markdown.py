"""Our own Markdown: read by the course's parser, written in one canonical way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ladder.core.bank import Bank, parse_bank
from ladder.core.document import SLUG, parse_document, quoted
from ladder.core.marks import plain
from ladder.core.problems import Report
from ladder.core.question import Question, Type, speaks_of_others
from ladder.core.question_text import guarded
from ladder.core.reading import id_of
from ladder_tools.formats.encoding import decode
from ladder_tools.formats.model import Feature, Holds, Output, Reading, Source

HOLDS = Holds.of(Type, *Feature)
SAID = frozenset(Question.__dataclass_fields__) - {"line"}
MAX_CHARACTERS = 20_000_000
_BARE = re.compile(r"[^\s:#'\"&*!|>%@`{}\[\],?-][^:#'\"]*\Z")
_LIKE_VALUE = re.compile(r"(?:true|false|null|~|-?\d.*)\Z", re.IGNORECASE)


def looks_like(source: Source) -> bool:
    """Whether a source is a bank of ours."""
    head = source.data[:2000].lstrip(b"\xef\xbb\xbf")
    return head.startswith(b"---") and re.search(rb"^kind:\s*bank\s*$", head, re.MULTILINE) is not None


def read(source: Source) -> Reading:
    """Read a bank; each `##` heading is an item."""
    reading = Reading(source.file)
    text = decode(source, reading)
    if text is None:
        return reading
    report = Report(source.file)
    document = parse_document(text, report, ("bank",), MAX_CHARACTERS)
    bank = parse_bank(document, _default_id(source), report) if document else None
    if document is None or bank is None:
        reading.problems.extend(report.problems)
        return reading
    reading.id, reading.title, reading.kb = bank.id, bank.title, bank.kb
    headings = [line for line in document.lines if re.match(r"##\s", line.text) and not line.code]
    first = headings[0].number if headings else 10**9
    reading.problems.extend(problem for problem in report.problems if problem.line < first)
    by_line = {question.line: question for question in bank.questions}
    told = iter(sorted((problem for problem in report.problems if problem.line >= first), key=lambda problem: problem.line))
    problem = next(told, None)
    for index, heading in enumerate(headings):
        end = headings[index + 1].number if index + 1 < len(headings) else 10**9
        item = reading.report()
        while problem and problem.line < end:
            item.problems.append(problem)
            problem = next(told, None)
        title = re.sub(r"\s*\{[^{}]*\}\s*\Z", "", heading.text.lstrip("# "))
        reading.add(item, heading.number, title, by_line.get(heading.number), SAID)
    return reading


def _default_id(source: Source) -> str:
    id_ = id_of(source.file.replace("\\", "/"))
    return id_ if SLUG.match(id_) else "bank"


def write(output: Output) -> None:
    """Write each bank; several banks are several files, named by their ids."""
    for bank in output.banks:
        name = "" if len(output.banks) == 1 else f"{bank.id}.md"
        output.files[name] = write_bank(bank).encode("utf-8")


def write_bank(bank: Bank) -> str:
    """A bank as its one canonical text: what is written is read as the same bank, and written again as the same text."""
    head = ["---", "kind: bank", f"id: {bank.id}", f"title: {_value(bank.title)}"]
    if bank.kb:
        head.append(f"kb: {_value(str(bank.kb))}")
    return "\n".join([*head, "---", "\n\n".join("\n".join(_question(question, bank)) for question in bank.questions), ""])


def _value(text: str) -> str:
    """A value of front matter, quoted where YAML would read something else."""
    return text if _BARE.match(text) and not _LIKE_VALUE.match(text) and text == text.strip() else quoted(text)


def _question(question: Question, bank: Bank) -> Iterator[str]:
    yield f"## {question.title} {{{' '.join(_braces(question, bank))}}}"
    yield guarded(_stem(question))
    for choice in question.choices:
        mark = ("x" if choice.correct else " ").join("[]" if question.type is Type.MULTIPLE else "()")
        first, *more = choice.text.split("\n")
        pin = " {.pin}" if choice.pinned and not speaks_of_others(choice.text) else ""
        lines = [first, *(f"  {line}" for line in more)]
        lines[-1] += pin
        yield f"- {mark} {lines[0]}"
        yield from lines[1:]
    for point in question.key_points:
        yield " | ".join((f"= {plain(point.marks)} {point.text}", *point.keywords))
    for example in question.examples:
        yield f"{'接受' if example.accepted else '拒绝'} {example.blank}: {' | '.join(example.answers)}"
    for line in question.explanation.split("\n") if question.explanation else ():
        yield f"> {line}".rstrip()


def _braces(question: Question, bank: Bank) -> Iterator[str]:
    yield f"#{question.id}"
    yield f"d={question.difficulty}"
    if question.kb and question.kb != bank.kb:
        yield f"kb={question.kb}"
    if question.marks is not None:
        yield f"marks={plain(question.marks)}"
    if question.multiple:
        yield f"multiple={question.multiple}"
    for flag, word in (
        (question.type is Type.ESSAY, ".essay"),
        (question.fixed and question.type is not Type.JUDGE, ".fixed"),
        (question.any_order, ".any-order"),
    ):
        if flag:
            yield word


def _stem(question: Question) -> str:
    """The stem with its answers in the blanks."""
    if not question.blanks:
        return question.stem
    keys = iter(question.blanks)
    return re.sub(r"\{\{\d+\}\}", lambda _: "{{" + "|".join(next(keys)) + "}}", question.stem)
