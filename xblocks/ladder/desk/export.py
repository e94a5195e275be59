"""Results of an exam as a file for a spreadsheet."""

from __future__ import annotations

import base64
import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from ladder import lms
from ladder.core.errors import Malformed
from ladder.core.marks import plain
from ladder.core.moment import FORMS
from ladder.desk.attempts import attempts_now
from ladder.desk.attempts_page import state_words
from ladder.exam_file import files_of
from ladder.handlers import staff_action
from ladder.moments import zone_name
from ladder.records.desk import Attempted, State
from ladder.records.exam import receipt
from ladder.records.isolation import each
from ladder.records.regrade import Graded, graded
from ladder.records.source import digest_of
from ladder.visit import Visit

Cell = str | int | Decimal
# What a spreadsheet takes for the beginning of a formula, in full width too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# What no spreadsheet file can hold: XML has no such characters, and a cell has an end.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_CELL = 32_767
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExamExport:
    """Hand out the results. By POST: the platform checks no token on a GET."""

    content: str

    @staff_action
    def export(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """All attempts as `{"format": "csv"}` or `"xlsx"`; replies `{"file": {"name", "type", "base64"}}`."""
        form = data.get("format")
        if form not in ("csv", "xlsx"):
            raise Malformed("format")
        rows = result_rows(visit.course, visit.name, self.content, visit.now)
        body, type_ = (to_csv(rows), "text/csv;charset=utf-8") if form == "csv" else (to_xlsx(rows), _XLSX)
        name = f"{visit.name}-{timezone.localtime(visit.now):%Y%m%d-%H%M}.{form}"
        return {"file": {"name": name, "type": type_, "base64": base64.b64encode(body).decode("ascii")}}


def result_rows(course: str, block: str, content: str, now: datetime.datetime) -> list[list[Cell]]:
    """A header and a row for each attempt of a learner, the newest first. Marks are there once they are released."""
    attempts = [attempt for attempt in attempts_now(course, block, content, now).all if not attempt.trial]
    found = {attempt.sitting.id: attempt for attempt in graded(course, block) if not attempt.sitting.lost}
    people = lms.people({attempt.learner for attempt in attempts})
    titles = _titles([done.sitting.digest for done in reversed(found.values())], content)
    sections = max([len(titles), *(item.section + 1 for done in found.values() for item in done.sitting.paper.items)])
    done = each(
        attempts, lambda attempt: _row(attempt, found.get(attempt.id), people, sections),
        lambda attempt: f"The row of attempt {attempt.id}",
    )
    bare = [_row(failure.item, None, people, sections) for failure in done.failed]
    return [_header(titles, sections), *done.values, *bare]


def _row(attempt: Attempted, done: Graded | None, people: Mapping[int, tuple[str, str]], sections: int) -> list[Cell]:
    """One attempt; of one whose paper cannot be read what is on record of it."""
    name, username = people.get(attempt.learner, ("", ""))
    handed_in = timezone.localtime(attempt.submitted_at).strftime(FORMS["seconds"].parts) if attempt.submitted_at else ""
    earned: list[Cell] = [""] * sections
    released = attempt.state in (State.PASSED, State.FAILED) and attempt.marks is not None
    if done and released:
        sums = [Decimal(0)] * sections
        for item in done.sitting.paper.items:
            sums[item.section] += done.marks[item.question].earned if item.question in done.marks else 0
        earned = [*sums]
    passed = "" if not released else gettext("yes") if attempt.state is State.PASSED else gettext("no")
    return [
        name, username, attempt.number, handed_in, state_words()[attempt.state],
        attempt.marks if released and attempt.marks is not None else "", passed, *earned,
        receipt(done.sitting, done.saved) if done else "",
    ]


def _titles(digests: Sequence[str], content: str) -> list[str]:
    """The titles of the sections as they were when these papers were drawn, the newest first; today's where there are none."""
    files = dict(files_of({*digests} or {digest_of(content)}, content).results)
    told: list[dict[str, None]] = []
    for digest in dict.fromkeys(digests or files):
        for place, section in enumerate(files[digest].exam.sections if digest in files else ()):
            told += [{} for _ in range(place + 1 - len(told))]
            told[place] |= {section.title: None} if section.title else {}
    return [" / ".join(titles) for titles in told]


def _header(titles: Sequence[str], sections: int) -> list[Cell]:
    parts = [titles[place] if place < len(titles) and titles[place] else gettext("Part %(number)s") % {"number": place + 1}
             for place in range(sections)]
    handed_in = gettext("Handed in (%(zone)s)") % {"zone": zone_name()}
    return [gettext("Name"), gettext("Username"), gettext("Attempt"), handed_in, gettext("State"), gettext("Marks"),
            gettext("Passed"), *parts, gettext("Receipt")]


def to_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """CSV as Excel reads it: UTF-8 with a byte order mark. Text that would be a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_guarded(_writable(cell)) if isinstance(cell, str) else _number(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _number(cell: int | Decimal) -> str:
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text).encode("utf-16-le")[: 2 * MAX_CELL].decode("utf-16-le", "ignore")  # as Excel counts


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def to_xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook whose text cells are text, whatever they begin with."""
    from openpyxl import Workbook  # takes long to load
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column, _writable(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            if row == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
