"""`ladder bank check`: what is wrong or doubtful in question banks, their figures, and what of the knowledge base they ask about.

    checked = check_banks([Path("question_banks/agent-onboarding")])
    print(as_json(checked, "en"))
"""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from ladder.core.bank import Bank, parse_bank
from ladder.core.bank_bias import Hits, judgements, letters, longest
from ladder.core.bank_lint import lacks_difficulty, lint_bank, written
from ladder.core.document import MAX_BYTES, Document, parse_document
from ladder.core.duplicates import Pair, find_duplicates
from ladder.core.problems import Problem, Report, in_order
from ladder.core.question import Type
from ladder.core.reading import Files, Reading, Source, id_of, read_file, sort_key
from ladder.core.references import check_question_ids, check_references
from ladder_tools import check as checking, formats
from ladder_tools.coverage import Coverage, cover, rows_of
from ladder_tools.exam_table import TYPES
from ladder_tools.folder import course_of, read_banks, read_files
from ladder_tools.twins import key_words

MAX_CHARACTERS = 20_000_000
_LEVELS = range(1, 6)
_LACKS = ("explanation", "kb", "difficulty")
_WORDS = {
    "zh": {
        "title": "题库概况（1 到 5 是难度）", "bank": "题库", "questions": "题数", "explanation": "无解析", "kb": "无知识点",
        "difficulty": "无难度", "keys": "答案分布", "longest": "最长即对", "truths": "对 {right} 错 {wrong}",
    },
    "en": {
        "title": "Banks (1 to 5 are difficulties)", "bank": "bank", "questions": "all", "explanation": "unexplained",
        "kb": "no kb", "difficulty": "no d", "keys": "keys", "longest": "longest",
        "truths": "right {right} wrong {wrong}",
    },
}


@dataclass(frozen=True)
class Figures:
    """A bank in numbers.

    `without`: how many questions lack an `explanation`, a `kb`, a `difficulty` of their own. `letters` by number of choices: how
    often the key stands at each place, from 0.
    """

    file: str
    id: str
    title: str
    questions: int
    types: Mapping[Type, int]
    difficulties: Mapping[int, int]
    without: Mapping[str, int]
    letters: Mapping[int, Counter[int]]
    judgements: Mapping[str, int]
    longest: Hits


@dataclass(frozen=True)
class Checked:
    """What was found in the banks given; `coverage` takes in all banks of the course, and is None without a course."""

    problems: tuple[Problem, ...]
    banks: tuple[Figures, ...]
    coverage: Coverage | None


def check_banks(paths: Sequence[Path], course: Path | None = None) -> Checked:
    """Check banks: files, or folders of them.

    Without a course named it is that of the first bank's folder, if there is one. Its other banks are read too: a question may be
    there already.
    """
    strange = [path for path in paths if path.is_file() and path.suffix.lower() != ".md"]
    given, problems = read_banks(path for path in paths if path not in strange)
    problems += [problem for path in strange for problem in _unconverted(path)]
    reading = Reading()
    course = course or next(filter(None, map(course_of, paths)), None)
    files = _read_course(course, reading) if course else None
    others = [source for source in files.banks if source.shown not in {each.shown for each in given}] if files else []
    for source in (*others, *given):  # what is told of two is told at the later one
        _read_bank(source, reading)
    if files:
        check_references(reading, files)
    else:
        check_question_ids(reading)
    wanted = {source.name for source in given}
    for bank, source in reading.banks:
        if source.name in wanted:
            lint_bank(bank, reading.documents[source.name], reading.report(source))
    _check_duplicates(reading)
    problems += [problem for name, report in reading.reports.items() if name in wanted for problem in report.problems]
    figures = tuple(
        _figures(bank, source.shown, reading.documents[source.name]) for bank, source in reading.banks if source.name in wanted
    )
    return Checked(tuple(in_order(problems)), figures, cover(reading) if files else None)


def _unconverted(path: Path) -> list[Problem]:
    to = shlex.quote(str(path.with_suffix(".md")))
    return formats.Reading(str(path)).fail("bank-unconverted", file=shlex.quote(str(path)), to=to).problems


def _read_course(folder: Path, reading: Reading) -> Files:
    """Read all of a course but its banks. What is wrong in it is for `ladder check` to say."""
    files, _ = read_files(folder)
    for name in files.unreadable:
        reading.lose(name)
    for source in sorted(files.course, key=lambda source: sort_key(source.name)):
        read_file(source, reading, files)
    return files


def _read_bank(source: Source, reading: Reading) -> None:
    """Read a bank of any length. One too long for a course is told so, and checked nevertheless."""
    report = reading.report(source)
    if len(source.text) > MAX_BYTES:
        report.error("too-long", 1, limit=MAX_BYTES // 1000)
    document = parse_document(source.text, report, ("bank",), MAX_CHARACTERS)
    if document:
        reading.documents[source.name] = document
        reading.banks.append((parse_bank(document, id_of(source.name), report), source))


def _check_duplicates(reading: Reading) -> None:
    """Tell each pair at its later question."""
    found = find_duplicates(bank for bank, _ in reading.banks)
    for pair in found.same:
        report, line, id_, other, place = _told_at(pair, reading)
        report.warning("repeated-question", line, id=id_, other=other, place=place)
    for pair in found.conflicting:
        report, line, _, _, place = _told_at(pair, reading)
        other, own = key_words(pair.first.question), key_words(pair.second.question)
        report.error("conflicting-keys", line, where=place, other=other, own=own)
    for pair in found.near:
        report, line, id_, other, place = _told_at(pair, reading)
        report.warning("near-question", line, id=id_, other=other, place=place, percent=round(100 * pair.likeness))


def _told_at(pair: Pair, reading: Reading) -> tuple[Report, int, str, str, str]:
    """Report, line and id of the later question, id and place of the earlier one."""
    here, there = pair.second, pair.first
    place = f"{reading.banks[there.bank][1].shown}:{there.question.line}"
    return reading.report(reading.banks[here.bank][1]), here.question.line, here.question.id, there.question.id, place


def _figures(bank: Bank, file: str, document: Document) -> Figures:
    return Figures(
        file, bank.id, bank.title, len(bank.questions),
        Counter(question.type for question in bank.questions), Counter(question.difficulty for question in bank.questions),
        {
            "explanation": sum(not question.explanation for question in bank.questions),
            "kb": sum(question.kb is None for question in bank.questions),
            "difficulty": sum(map(lacks_difficulty, written(bank, document.lines))),
        },
        letters(bank), judgements(bank), longest(bank),
    )


# -- showing --------------------------------------------------------------------------------------------------------


def figures_table(banks: Sequence[Figures], spoken: str) -> Table:
    """A row for each bank; what no bank has, and what no bank lacks, gets no column."""
    words = _WORDS[spoken]
    asked = [type_ for type_ in Type if any(bank.types.get(type_) for bank in banks)]
    levels = [level for level in _LEVELS if any(bank.difficulties.get(level) for bank in banks)]
    lacks = [name for name in _LACKS if any(bank.without[name] for bank in banks)]
    table = Table(title=words["title"], title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(words["bank"], ratio=1, overflow="fold")
    titles = [words["questions"], *(TYPES[spoken][type_] for type_ in asked), *map(str, levels)]
    for title in (*titles, *(words[name] for name in lacks), words["longest"]):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column(words["keys"], no_wrap=True)
    for bank in banks:
        counts = [bank.types.get(type_, 0) for type_ in asked] + [bank.difficulties.get(level, 0) for level in levels]
        counts += [bank.without[name] for name in lacks]
        longest_right = f"{bank.longest.hits}/{len(bank.longest.chances)}" if bank.longest.chances else ""
        shown = (str(count or "\N{MIDDLE DOT}") for count in counts)
        table.add_row(Text(bank.title or bank.file), str(bank.questions), *shown, longest_right, "\n".join(_keys(bank, spoken)))
    return table


def _keys(bank: Figures, spoken: str) -> Iterator[str]:
    for choices, counts in sorted(bank.letters.items()):
        yield " ".join(f"{chr(ord('A') + place)}{counts[place]}" for place in range(min(choices, 26)))
    if bank.judgements:
        yield _WORDS[spoken]["truths"].format(right=bank.judgements.get("对", 0), wrong=bank.judgements.get("错", 0))


def as_json(checked: Checked, spoken: str) -> str:
    """Everything as one JSON object: `problems`, `banks`, and `coverage` when there is a course."""
    told = {
        "problems": [json.loads(line) for line in checking.as_json(checked.problems, spoken)],
        "banks": list(map(_row, checked.banks)),
    }
    if checked.coverage:
        told["coverage"] = rows_of(checked.coverage)
    return json.dumps(told, ensure_ascii=False, indent=2)


def _row(bank: Figures) -> dict[str, object]:
    return {
        "file": bank.file, "id": bank.id, "title": bank.title, "questions": bank.questions,
        "types": {type_.value: count for type_, count in sorted(bank.types.items())},
        "difficulties": {str(level): count for level, count in sorted(bank.difficulties.items())},
        "without": dict(bank.without),
        "keys": {str(choices): [counts[place] for place in range(choices)] for choices, counts in sorted(bank.letters.items())},
        "judgements": {"right": bank.judgements.get("对", 0), "wrong": bank.judgements.get("错", 0)},
        "longest": {
            "right": bank.longest.hits, "of": len(bank.longest.chances), "expected": round(bank.longest.expected, 1),
        },
    }
