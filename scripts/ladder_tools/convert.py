"""Converting question banks: read every source, say what became of each question, and only then write."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ladder.core.bank import Bank
from ladder.core.problems import Problem
from ladder.core.question import Question, Reference
from ladder.core.reading import id_of
from ladder_tools import formats
from ladder_tools.folder import article_titles, course_of
from ladder_tools.formats import markdown
from ladder_tools.formats.losses import lost_features
from ladder_tools.formats.model import Item, Outcome, Output, Reading, Source
from ladder_tools.naming import named, slug_of_name
from ladder_tools.pictures import find_pictures, give_names
from ladder_tools.twins import refused, without_twins
from ladder_tools.update import Changes, update

MAX_SOURCE = 300_000_000  # a file is read whole


@dataclass(frozen=True)
class Request:
    """What is to be converted, and how. `read_as` and `write_as` are names of formats, `""` to find them out.

    `course` is the folder whose articles and pictures belong to the banks; None to look for it beside them.
    """

    sources: tuple[Path, ...]
    to: Path
    read_as: str = ""
    write_as: str = "markdown"
    keep_going: bool = False
    drop: bool = False
    course: Path | None = None


@dataclass(frozen=True)
class Loss:
    """What the destination's format cannot hold of a question: features by name, or the whole question."""

    bank: str
    question: Question
    whole: bool
    what: tuple[str, ...]


@dataclass
class Conversion:
    """What a conversion found, and the files it would write.

    `changes` are those to each bank that was there, by its file; `same` are the files that are already as they would be written.
    """

    request: Request
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    banks: list[Bank] = field(default_factory=list)
    changes: dict[Path, Changes] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    files: dict[Path, bytes] = field(default_factory=dict)
    same: list[Path] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything could not come in, or could not go out."""
        told = (*self.problems, *(problem for item in self.items for problem in item.problems))
        return any(problem.severity == "error" for problem in told) or any(loss.whole for loss in self.losses)

    def count(self, outcome: Outcome) -> int:
        """How many items ended so."""
        return sum(item.outcome is outcome for item in self.items)


def expand(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files themselves, and of folders the banks in them; a folder without any stands for itself, to be told of."""
    return tuple(file for path in paths for file in _banks_in(path) or [path])


def _banks_in(path: Path) -> list[Path]:
    return sorted(file for file in path.glob("*.md") if file.name != "README.md") if path.is_dir() else []


def convert(request: Request) -> Conversion:
    """Read and check everything and make the files, without writing any."""
    done = Conversion(request)
    course = request.course or course_of(request.to) or next(filter(None, map(course_of, request.sources)), None)
    readings = [_read(path, request.read_as) for path in request.sources]
    titles = article_titles(course) if course else {}
    folder = _pictures_folder(request, course)
    give_names(readings, folder)
    checked = iter(without_twins([_with_place(item, titles) for reading in readings for item in reading.items]))
    for reading in readings:
        reading.items = [next(checked) for _ in reading.items]
    if request.write_as == "markdown":
        _into_markdown(readings, done)
    else:
        _into_other(readings, course, done)
    if folder and done.files:
        done.files |= {folder / name: data for reading in readings for name, data in reading.pictures.items()}
    done.problems.extend(problem for reading in readings for problem in reading.problems)
    _spare_sources(done)
    done.same = [path for path, data in done.files.items() if path.is_file() and path.read_bytes() == data]
    done.files = {path: data for path, data in done.files.items() if path not in done.same}
    return done


def _spare_sources(done: Conversion) -> None:
    """A paper or a table must not take the place of the file it was made of: that one may hold more."""
    sources = {path.resolve() for path in done.request.sources}
    for path in list(done.files):
        if done.request.write_as != "markdown" and path.resolve() in sources:
            del done.files[path]
            done.problems.extend(Reading(str(path)).fail("destination-is-source").problems)


def write_files(done: Conversion) -> None:
    """Write what a conversion made, each file at once and whole, and none when one of them has no place.

    Raises OSError with the destination as its file name.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, data in done.files.items():
            ready.append((_beside(path, data), path))
        for temporary, path in ready:
            temporary.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    """A file beside the destination that holds what is to be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".ladder-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return Path(name)


def _read(path: Path, name: str) -> Reading:
    if path.is_dir():
        return Reading(str(path)).fail("source-folder", folder=path)
    try:
        if path.stat().st_size > MAX_SOURCE:
            return Reading(str(path)).fail("source-too-big", limit=MAX_SOURCE // 1_000_000)
        data = path.read_bytes()
    except OSError as error:
        return Reading(str(path)).fail("source-unreadable", detail=error.strerror or "")
    return formats.read(Source(str(path), data), name)


def _with_place(item: Item, titles: dict[str, str]) -> Item:
    """The item with its knowledge point found by the article's title."""
    unknown = next((problem for problem in item.problems if problem.code == "kb-unknown"), None)
    article, _, heading = dict(unknown.words).get("value", "").partition("#") if unknown else ("", "", "")
    if item.question is None or article.strip() not in titles:
        return item
    place = Reference(titles[article.strip()], heading.strip())
    rest = tuple(problem for problem in item.problems if problem is not unknown)
    return replace(item, question=replace(item.question, kb=place), said=item.said | {"kb"}, problems=rest)


def _bank_name(reading: Reading) -> str:
    stem = Source(reading.file, b"").suffix
    name = Path(reading.file).name
    return name[: -len(stem)] if stem and name.lower().endswith(stem) else name


def _into_markdown(readings: Sequence[Reading], done: Conversion) -> None:
    to = done.request.to
    targets: dict[Path, list[Reading]] = {}
    for reading in readings:
        name = f"{reading.id or slug_of_name(_bank_name(reading))}.md"
        targets.setdefault(to / name if is_folder(to) else to, []).append(reading)
    for path, group in targets.items():
        bank = _bank_there(path, group, done)
        if bank is None:
            continue
        items = [item for reading in group for item in reading.items]
        bank, changes, items = update(bank, items, drop=done.request.drop)
        items, lost = _unwritable(bank, items)
        bank = replace(bank, questions=tuple(question for question in bank.questions if question.id not in lost))
        if path.exists():
            done.changes[path] = changes
        done.items.extend(items)
        done.banks.append(bank)
        if bank.questions:
            done.files[path] = markdown.write_bank(bank).encode("utf-8")


def _bank_there(path: Path, group: Sequence[Reading], done: Conversion) -> Bank | None:
    """The bank that the questions go into: the one at `path`, or a new one. None when the one there is not whole."""
    if not path.exists():
        first = group[0]
        kb = first.kb if len(group) == 1 else None
        return Bank(slug_of_name(path.stem), first.title or _bank_name(first), (), kb=kb)
    reading = _bank_of(path)
    told = [*reading.problems, *(problem for item in reading.items for problem in item.problems)]
    wrong = [problem for problem in told if problem.severity == "error"]
    if wrong:
        done.problems.extend(wrong)
        done.items.extend(item for reading in group for item in reading.items)
        return None
    questions = tuple(item.question for item in reading.items if item.question)
    return Bank(reading.id or id_of(path.name), reading.title, questions, kb=reading.kb)


def _bank_of(path: Path) -> Reading:
    source = Source(str(path), path.read_bytes() if path.is_file() else b"")
    return formats.read(source, "markdown") if markdown.looks_like(source) else Reading(source.file).fail("destination-not-bank")


def _unwritable(bank: Bank, items: list[Item]) -> tuple[list[Item], set[str]]:
    """The last guard of an author's bank: what would not be read back as it is must not be written."""
    back = markdown.read(Source("bank.md", markdown.write_bank(bank).encode("utf-8", "replace")))
    read = {item.question.id: replace(item.question, line=0) for item in back.items if item.question}
    lost = {question.id for question in bank.questions if read.get(question.id) != replace(question, line=0)}
    result = [
        refused(item, "not-written-back", "error") if item.question and item.question.id in lost else item for item in items
    ]
    return result, lost & {item.question.id for item in items if item.question}


def _into_other(readings: Sequence[Reading], course: Path | None, done: Conversion) -> None:
    for reading in readings:
        reading.items = named(reading.items)
        name = _bank_name(reading)
        questions = tuple(item.question for item in reading.items if item.question)
        id_ = reading.id or slug_of_name(name)
        done.items.extend(reading.items)
        done.banks.append(Bank(id_, reading.title or name, questions, kb=reading.kb))
    pictures = find_pictures(readings, course)
    format_ = formats.FORMATS[done.request.write_as]
    held = [_held(bank, format_, done) for bank in done.banks]
    held = [bank for bank in held if bank.questions]
    to = done.request.to
    if is_folder(to) and not format_.folder:
        batches = [([bank], to / f"{bank.id}{format_.extensions[0]}") for bank in held]
    else:
        batches = [(held, to)] if held else []
    for banks, path in batches:
        output = Output(banks, pictures, "" if is_folder(path) else path.name)
        formats.write(output, format_.name)
        done.files |= {path / name if name else path: data for name, data in output.files.items()}
        done.losses += [Loss(bank_id, question, False, (what,)) for bank_id, question, what in output.losses]
        done.losses += [Loss(bank_id, question, True, (why,)) for bank_id, question, why in output.left_out]


def _held(bank: Bank, format_: formats.Format, done: Conversion) -> Bank:
    """The questions whose type the format has; the others, and what it cannot hold of any, are noted."""
    holds = format_.load().HOLDS
    for question in bank.questions:
        if question.type not in holds.types:
            done.losses.append(Loss(bank.id, question, True, (question.type,)))
        elif not format_.prints and (lost := lost_features(question, holds)):
            done.losses.append(Loss(bank.id, question, False, tuple(lost)))
    return replace(bank, questions=tuple(question for question in bank.questions if question.type in holds.types))


def is_folder(path: Path) -> bool:
    """Whether a destination is a folder: one that is there, or a name without an extension."""
    return path.is_dir() or not path.suffix


def _pictures_folder(request: Request, course: Path | None) -> Path | None:
    """Pictures go where the course looks for them, else beside the bank; in other formats they travel along."""
    if request.write_as != "markdown":
        return None
    return (course or (request.to if is_folder(request.to) else request.to.parent)) / "static"
