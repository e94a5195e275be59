"""The command `ladder`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ladder import __version__
from ladder_tools import check as checking
from ladder_tools.folder import read_course
from ladder_tools.formats import FORMATS, for_destination
from ladder_tools.users import users

if TYPE_CHECKING:
    from ladder_tools.bank_check import Checked
    from ladder_tools.convert import Conversion

COURSE = click.argument("course", metavar="COURSE_DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages; by default your locale's.")


# Of a destination that is the name of no format, and of several.
_UNCLEAR = {
    "zh": ("看不出 {name} 是什么格式，用 --format 说明（见 ladder bank formats）", "{name} 可以是 {found}，用 --format 说明"),
    "en": ("{name} is the name of no format: say one of `ladder bank formats` with --format",
           "{name} can be {found}: say which with --format"),
}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ladder")
def main() -> None:
    """Turn a folder of Markdown into a staged Open edX course."""


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A bar for what takes longer than a second, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda _: progress.advance(task)


@main.command()
@COURSE
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print problems.")
@LANG
def check(course: Path, form: str, lang: str | None) -> None:
    """Say what is wrong with a course, without building it.

    \b
    Example:
        ladder check courses/agent-onboarding
    """
    spoken = checking.language(lang)
    with progress("check") as notify:
        _, problems, _ = read_course(course, notify)
    show = checking.as_text if form == "text" else checking.as_json
    for line in show(problems, spoken):
        click.echo(line)
    if form == "text":
        click.echo(checking.summary(problems, spoken))
    sys.exit(any(problem.severity == "error" for problem in problems))


@main.command()
@COURSE
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("build"), show_default=True,
              help="Folder that receives <name>/ and <name>.tar.gz.")
@LANG
def build(course: Path, out: Path, lang: str | None) -> None:
    """Build the course file that Open edX imports.

    \b
    Example:
        ladder build courses/agent-onboarding --out build
    """
    from ladder_tools.build import build_course

    spoken = checking.language(lang)
    with progress("build") as notify:
        built, problems = build_course(course, out, notify)
    for line in checking.as_text(problems, spoken):
        click.echo(line, err=True)
    if built is None:
        click.echo(checking.summary(problems, spoken), err=True)
        sys.exit(1)
    click.echo(built.summary(spoken))


@main.command()
@click.argument("course", metavar="COURSE_DIR", type=click.Path(readable=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind; 0.0.0.0 is every one of this machine.")
@click.option("--allow", metavar="NAME", multiple=True, help="Name that other machines open it by; needed with --host.")
@click.option("--data", type=click.Path(readable=False, path_type=Path), default=Path(".ladder"), show_default=True,
              help="Folder for learners' records and accounts.")
@click.option("--demo/--no-demo", default=True, help="With or without demo accounts and made-up trainees.")
@click.option("--workers", type=click.IntRange(1, 32), default=1, show_default=True,
              help="Server processes. One is right for most: all write to one file, and take turns.")
@LANG
def serve(
    course: Path, port: int, host: str, allow: tuple[str, ...], data: Path, demo: bool, workers: int, lang: str | None,
) -> None:
    """Preview a course in the browser; a saved file is on the page a moment later.

    \b
    Examples:
        ladder serve courses/agent-onboarding --port 8000
        ladder serve courses/agent-onboarding --no-demo --host 0.0.0.0 --allow training-pc.local
    """
    from ladder_tools.preview.reach import names_of
    from ladder_tools.preview.sentences import told
    from ladder_tools.preview.serve import Serving, serve_course

    spoken = checking.language(lang)
    with told(spoken):
        names = names_of(host, allow)
    serve_course(Serving(course=course, host=host, names=names, data=data, demo=demo, workers=workers, spoken=spoken), port)


main.add_command(users)


@main.group()
def exam() -> None:
    """Look at the exams of a course."""


@exam.command()
@COURSE
@click.argument("name", metavar="EXAM_ID")
@LANG
def show(course: Path, name: str, lang: str | None) -> None:
    """Print an exam's blueprint with its supply, and its two-way table (双向细目表).

    \b
    Example:
        ladder exam show courses/agent-onboarding orientation-exam
    """
    from rich.console import Console

    from ladder_tools.exam_table import exam_of, exam_tables

    spoken = checking.language(lang)
    read, problems, _ = read_course(course)
    if read is None:
        for line in checking.as_text(problems, spoken):
            click.echo(line, err=True)
        sys.exit(1)
    found = exam_of(read, name)
    if found is None:
        known = ", ".join(exam.id for folder in read.stages for exam in folder.exams)
        raise click.BadParameter(f"{name} is no exam of this course; there are: {known}", param_hint="EXAM_ID")
    Console(width=None if sys.stdout.isatty() else 140).print(exam_tables(read, found, spoken))


@main.group()
def bank() -> None:
    """Convert and check question banks."""


@bank.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--to", required=True, type=click.Path(path_type=Path), help="File or folder that receives the questions.")
@click.option("--from", "read_as", type=click.Choice([format_.name for format_ in FORMATS.values() if format_.reads]),
              help="Format of the sources; else it is found out.")
@click.option("--format", "write_as", type=click.Choice([format_.name for format_ in FORMATS.values() if format_.writes]),
              help="Format of the destination; else by its name.")
@click.option("--dry-run", is_flag=True, help="Show what would come in, and write nothing.")
@click.option("--report", "report_to", type=click.Path(dir_okay=False, path_type=Path),
              help="File for the report: .json, .csv or .txt.")
@click.option("--keep-going", is_flag=True, help="Write what is right although something is refused.")
@click.option("--drop", is_flag=True, help="Remove the questions of the bank that the sources do not have.")
@click.option("--course", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Course whose articles the questions point to; else the one beside the banks.")
@LANG
def convert(
    sources: tuple[Path, ...], to: Path, read_as: str | None, write_as: str | None, dry_run: bool, report_to: Path | None,
    keep_going: bool, drop: bool, course: Path | None, lang: str | None,
) -> None:
    """Bring questions in from Excel, Word, text, Moodle, QTI or Open edX, or take them there.

    A bank that is there is brought up to date: the same question keeps its id.

    \b
    Examples:
        ladder bank convert questions.xlsx --to question_banks/agent-onboarding/complaints.md --dry-run
        ladder bank convert question_banks/agent-onboarding --to paper.docx
        ladder bank formats
    """
    from rich.console import Console

    from ladder_tools import convert_report as telling
    from ladder_tools.convert import Request, convert as run, expand, write_files

    spoken = checking.language(lang)
    try:
        form = write_as or _format_of(to, spoken)
        request = Request(expand(sources), to, read_as or "", form, keep_going, drop, course)
        with progress("convert"):
            done = run(request)
    except OSError as error:
        raise click.FileError(str(error.filename), error.strerror) from error
    if dry_run and done.items:
        Console(width=None if sys.stdout.isatty() else 140).print(telling.preview(done, spoken))
    wanted = bool(done.files) and not dry_run and (keep_going or not done.failed)
    written = wanted and _saved(done, lambda: write_files(done))
    if report_to:
        _saved(done, lambda: report_to.write_bytes(telling.report(done, report_to, spoken)))
    for line in telling.told(done, spoken):
        click.echo(line, err=True)
    for line in (*telling.summary(done, spoken), *telling.ending(done, spoken, dry_run=dry_run, written=written)):
        click.echo(line)
    sys.exit(done.failed)


def _saved(done: Conversion, save: Callable[[], object]) -> bool:
    """Whether a file could be saved; the conversion says why not."""
    from ladder_tools.formats import Reading

    try:
        save()
    except OSError as error:
        done.problems += Reading(error.filename).fail("destination-unwritable", detail=error.strerror).problems
        return False
    return True


def _format_of(to: Path, spoken: str) -> str:
    """The format that a destination's name stands for; a folder is for Markdown."""
    from ladder_tools.convert import is_folder

    if is_folder(to):
        return "markdown"
    found = [format_.name for format_ in for_destination(to.name)]
    if len(found) == 1:
        return found[0]
    why = _UNCLEAR[spoken][bool(found)].format(name=to.name, found=", ".join(found))
    raise click.BadParameter(why, param_hint="--to")


@bank.command(name="check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--course", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Course whose articles the questions point to; else the one beside the banks.")
@click.option("--coverage", "whole_map", is_flag=True, help="Print the coverage of every section too.")
@click.option("--strict", is_flag=True, help="End with 1 after warnings too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print what is found.")
@LANG
def check_bank(paths: tuple[Path, ...], course: Path | None, whole_map: bool, strict: bool, form: str, lang: str | None) -> None:
    """Say what is wrong or doubtful in question banks, and what of the knowledge base nobody asks about.

    \b
    Example:
        ladder bank check question_banks/agent-onboarding
    """
    from ladder_tools import bank_check

    spoken = checking.language(lang)
    with progress("check"):
        checked = bank_check.check_banks(paths, course)
    if form == "json":
        click.echo(bank_check.as_json(checked, spoken))
    else:
        _show_checked(checked, spoken, whole_map=whole_map)
    sys.exit(any(strict or problem.severity == "error" for problem in checked.problems))


def _show_checked(checked: Checked, spoken: str, *, whole_map: bool) -> None:
    """Problems, the figures of the banks, the coverage, and how many problems."""
    from rich.console import Console

    from ladder_tools import bank_check, coverage

    console = Console(width=None if sys.stdout.isatty() else 120)
    for line in checking.as_text(checked.problems, spoken):
        click.echo(line)
    if checked.banks:
        console.print(bank_check.figures_table(checked.banks, spoken))
    if checked.coverage:
        if whole_map:
            console.print(coverage.coverage_table(checked.coverage, spoken))
        for line in coverage.bare_lines(checked.coverage, spoken):
            click.echo(line)
    click.echo(checking.summary(checked.problems, spoken))


@bank.command(name="formats")
@LANG
def list_formats(lang: str | None) -> None:
    """List the formats that questions can be read from and written to."""
    from rich.console import Console

    from ladder_tools.convert_report import formats_table

    Console(width=None if sys.stdout.isatty() else 140).print(formats_table(checking.language(lang)))


if __name__ == "__main__":
    main()
