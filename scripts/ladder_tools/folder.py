"""Reading a course folder and its banks from disk."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ladder.core.course import Course, parse_course
from ladder.core.document import parse_document
from ladder.core.kb import parse_article
from ladder.core.problems import Problem, Report, in_order
from ladder.core.reading import Files, Source, id_of

_STATIC_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")


def read_course(
    folder: Path, notify: Callable[[str], None] = lambda _: None
) -> tuple[Course | None, list[Problem], Files]:
    """Read and check the course in `folder`. The course is None when something stops a build."""
    files, problems = read_files(folder)
    course, found = parse_course(files, notify, datetime.datetime.now(datetime.UTC))
    problems = in_order([*problems, *found])
    if any(problem.severity == "error" for problem in problems):
        course = None
    return course, problems, files


def banks_folder(folder: Path) -> Path:
    """Where the banks of a course lie: `banks:` in course.md, else question_banks/<name> beside courses/."""
    named = _banks_setting(folder / "course.md")
    if named:
        return (folder / named).resolve()
    return folder.resolve().parent.parent / "question_banks" / folder.resolve().name


def _banks_setting(path: Path) -> str:
    if not path.is_file():
        return ""
    text = path.read_bytes().decode("utf-8-sig", "replace")
    document = parse_document(text, Report(path.name), ("course",))  # what is wrong in it is told when the course is read
    return document.meta.text("banks") if document else ""


def course_of(path: Path) -> Path | None:
    """The course that a bank's place belongs to: `courses/<name>` for what lies in `question_banks/<name>`."""
    for folder in (path.absolute(), *path.absolute().parents):
        if folder.parent.name == "question_banks":
            course = folder.parent.parent / "courses" / folder.name
            return course if course.is_dir() else None
    return None


def article_titles(course: Path) -> dict[str, str]:
    """The ids of the course's articles by title, alias and id."""
    ids: dict[str, str] = {}
    for path in sorted((course / "kb").glob("*.md")):
        report = Report(str(path))
        document = parse_document(path.read_bytes().decode("utf-8-sig", "replace"), report, ("article",))
        if document:
            article = parse_article(document, id_of(path.name), report)
            ids |= dict.fromkeys((article.title, *article.aliases, article.id), article.id)
    return ids


def watched_folders(folder: Path) -> list[Path]:
    """The folders whose files make up the course."""
    return [path for path in (folder, banks_folder(folder)) if path.is_dir()]


def read_files(folder: Path) -> tuple[Files, list[Problem]]:
    """The texts of a course, and what is wrong with the files themselves."""
    problems: list[Problem] = []
    unreadable: set[str] = set()
    banks_at = banks_folder(folder)
    inside = banks_at.relative_to(folder.resolve()).as_posix() if banks_at.is_relative_to(folder.resolve()) else "static"
    course = _read_texts(folder, problems, unreadable, lambda name: not name.startswith(("static/", f"{inside}/")))
    banks = _read_texts(banks_at, problems, unreadable, lambda name: "/" not in name) if banks_at.is_dir() else []
    static = []
    for path in sorted((folder / "static").rglob("*")) if (folder / "static").is_dir() else []:
        name = path.relative_to(folder / "static").as_posix()
        if path.is_symlink():
            problems.append(_file_problem(path, "symlink", name))
        elif path.is_file() and not _STATIC_NAME.match(name):
            problems.append(_file_problem(path, "bad-file-name", name))
        elif path.is_file():
            static.append(name)
    return Files(tuple(course), tuple(banks), frozenset(static), frozenset(unreadable)), problems


def _file_problem(path: Path, code: str, name: str) -> Problem:
    return Problem(_shown(path), 1, 1, code, (("name", name),))


def _shown(path: Path) -> str:
    """The path as the author would type it: relative to the working folder when it lies under it."""
    try:
        return (path.parent.resolve() / path.name).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.fspath(path)


def _read_texts(folder: Path, problems: list[Problem], unreadable: set[str], wanted: Callable[[str], bool]) -> list[Source]:
    sources = []
    shown_folder = _shown(folder / "-").removesuffix("-")
    for path in sorted(folder.rglob("*.md")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".") or "/." in name or path.name == "README.md" or not wanted(name):
            continue
        if path.is_symlink() or path.is_file():
            text = _read_text(path, name, problems)
            if text is None:
                unreadable.add(name)
            else:
                sources.append(Source(name, shown_folder + name, text))
    return sources


def _read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    if path.is_symlink():
        problems.append(_file_problem(path, "symlink", name))
        return None
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        problems.append(Problem(_shown(path), before.count(b"\n") + 1, column, "not-utf8"))
        return None


def read_banks(paths: Iterable[Path]) -> tuple[list[Source], list[Problem]]:
    """The texts of banks, of folders their `.md` files, each once; and what is wrong with the files themselves."""
    problems: list[Problem] = []
    texts: dict[str, str | None] = {}
    for path in paths:
        files = [file for file in sorted(path.glob("*.md")) if file.name != "README.md"] if path.is_dir() else [path]
        for file in files:
            if _shown(file) not in texts:
                texts[_shown(file)] = _read_text(file, file.name, problems)
    return [Source(shown, shown, text) for shown, text in texts.items() if text is not None], problems
