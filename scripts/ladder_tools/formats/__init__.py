"""Question banks of other programs, in and out: a module a format, with `looks_like`, `read`, `write` and what it `HOLDS`.

    from pathlib import Path
    from ladder_tools import formats

    reading = formats.read(formats.Source("bank.xlsx", Path("bank.xlsx").read_bytes()))
    for item in reading.items:
        print(item.where, item.outcome, item.excerpt)
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from ladder_tools.formats import unread
from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.model import Feature, Holds, Item, Outcome, Output, Reading, Source

__all__ = [
    "FORMATS", "Feature", "Format", "Holds", "Item", "Outcome", "Output", "Reading", "Source", "detect", "for_destination",
    "read", "write",
]


@dataclass(frozen=True)
class Format:
    """One format: its name on the command line, its words, its module, and the extensions it may have, the first when writing.

    `folder`: it may be written as a folder of files; others are one file. `prints`: it is a paper for people, and what it does
    not show is no loss.
    """

    name: str
    title_zh: str
    title_en: str
    module: str
    extensions: tuple[str, ...]
    reads: bool = True
    writes: bool = False
    folder: bool = False
    prints: bool = False

    def load(self) -> ModuleType:
        """The module; loaded when it is needed, as some bring large libraries."""
        return import_module(f"ladder_tools.formats.{self.module}")


# In the order in which a source is asked whether it is one.
FORMATS = {
    format_.name: format_
    for format_ in (
        Format("markdown", "本项目的 Markdown", "our Markdown", "markdown", (".md",), writes=True),
        Format("xlsx", "Excel 表格和考试宝模板", "Excel tables, and the template of 考试宝", "tables.xlsx", (".xlsx", ".xlsm"),
               writes=True),
        Format("xls", "旧版 Excel 表格", "tables of old Excel", "tables.xls", (".xls",)),
        Format("csv", "CSV 表格", "CSV tables", "tables.csv_table", (".csv", ".tsv")),
        Format("docx", "Word 试卷", "Word", "word.docx", (".docx",)),
        Format("olx", "Open edX 题目", "Open edX problems", "open_edx.olx", (".xml", ".tar.gz", ".tar"), writes=True,
               folder=True),
        Format("olx-library", "Studio 旧版题库", "a library of older Studios", "open_edx.olx_library", (".tar.gz",), False, True),
        Format("content-library", "Open edX 内容库", "a content library", "open_edx.content_library", (".zip",), writes=True),
        Format("moodle", "Moodle XML", "Moodle XML", "moodle.moodle_xml", (".xml",), writes=True),
        Format("qti12", "QTI 1.2", "QTI 1.2", "qti.qti12", (".zip", ".xml", ".imscc")),
        Format("qti2", "QTI 2.1、2.2、3.0", "QTI 2.1, 2.2, 3.0", "qti.qti2", (".zip", ".xml"), writes=True),
        Format("gift", "GIFT", "GIFT", "moodle.gift", (".gift", ".txt"), writes=True),
        Format("aiken", "Aiken", "Aiken", "moodle.aiken", (".aiken", ".txt")),
        Format("edx-markdown", "Open edX 的 Markdown", "Open edX's Markdown", "open_edx.edx_markdown", (".md", ".txt")),
        Format("text", "中文文本试卷", "Chinese text", "text.text", (".txt", ".md")),
        Format("paper-html", "打印试卷 (HTML)", "a paper to print", "paper.paper_html", (".html",), False, True, prints=True),
        Format("paper-docx", "打印试卷 (Word)", "a paper in Word", "paper.paper_docx", (".docx",), False, True, prints=True),
    )
}


def detect(source: Source) -> Format | None:
    """The format of a source by its extension and content; None when no format knows it."""
    readers = [format_ for format_ in FORMATS.values() if format_.reads]
    likely = [format_ for format_ in readers if source.suffix in format_.extensions]
    rest = [format_ for format_ in readers if format_ not in likely]
    return next((format_ for format_ in (*likely, *rest) if format_.load().looks_like(source)), None)


def for_destination(name: str) -> tuple[Format, ...]:
    """The formats that are written to a file of this name."""
    suffix = Source(name, b"").suffix
    return tuple(format_ for format_ in FORMATS.values() if format_.writes and suffix in format_.extensions)


def read(source: Source, name: str = "") -> Reading:
    """Read a source in the format named, else in that found. Never raises for what stands in the source: the reading tells it."""
    format_ = FORMATS[name] if name else detect(source)
    if format_ is None:
        return unread.refuse(source, ", ".join(sorted(format_.name for format_ in FORMATS.values() if format_.reads)))
    try:
        reading: Reading = format_.load().read(source)
    except Hostile as error:
        return Reading(source.file).fail(error.code, error.line, error.column, **error.words)
    if not reading.items and not reading.problems:
        reading.fail("source-empty")
    reading.gather()
    return reading


def write(output: Output, name: str) -> None:
    """Write banks in the format named, into `output.files`."""
    FORMATS[name].load().write(output)
