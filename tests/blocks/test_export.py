"""Results as files: what a spreadsheet would run is text, numbers are numbers, and a browser gets them by POST."""

from __future__ import annotations

import base64
import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from ladder.desk.export import to_csv, to_xlsx
from ladder.records.models import Attempt
from trainee import Trainee
from written import EXAM, Marker, add_written_exam, hand_in

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "=cmd|' /C calc'!A0"]
HARMLESS = ["王晓梅", "a=b", "3-4", "", " =1", "'=1", "，", '引号"和,逗号', "两\n行"]


@pytest.fixture(autouse=True)
def exam(site) -> None:
    add_written_exam(site)


@pytest.fixture
def marker(sign_in, act) -> Marker:
    return Marker(sign_in("trainer-1"), act)


def file_of(marker: Marker, form: str) -> tuple[dict[str, str], bytes]:
    file = marker.do("export", {"format": form})["file"]
    return file, base64.b64decode(file["base64"])


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def named(sign_in: Any, act: Any, site: Any, username: str, name: str) -> Trainee:
    client = sign_in(username)
    client.user.first_name = name
    client.user.save()
    return Trainee(client, act, site)


def test_everybodys_results_with_marks_by_part(sign_in, act, site, marker, clock):
    first, second = (named(sign_in, act, site, f"t-{number}", name) for number, name in ((1, "王晓梅"), (2, "李雷")))
    hand_in(first, rightly=False)
    hand_in(second)
    Trainee(sign_in("t-3"), act, site).start(EXAM)
    marker.mark("soothe", ["8", "11.5"])
    marker.mark("verify", ["12.5", "7.5"])
    marker.mark("sum-up", ["20", "10"])
    marker.do("release")
    file, body = file_of(marker, "csv")
    assert file["name"].startswith(f"{EXAM}-20")
    assert file["name"].endswith(".csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == body.count(b"\n") == 4
    head, running, waiting, done = read_csv(body)
    assert head[7:9] == ["一、选择", "二、书面"]
    assert done[:3] == ["王晓梅", "t-1", "1"]
    assert done[5] == "69.5"
    assert done[7:9] == ["0", "69.5"]
    assert (waiting[0], waiting[5:9]) == ("李雷", ["", "", "", ""]), "no marks before the release"
    assert waiting[9].count("-") == 2
    assert done[9] in first.see(EXAM), "the receipt that the trainee has"
    assert (running[1], running[3], running[9]) == ("t-3", "", "")
    assert len({row[4] for row in (done, waiting, running)}) == 3, "each in a state of its own"
    assert {len(row) for row in (head, running, waiting, done)} == {10}


def test_the_parts_are_called_as_they_were_when_the_papers_were_drawn(trainee, sign_in, act, site, marker):
    hand_in(trainee)
    paper = site.folder / "01-start" / "50-written-exam.md"
    site.rewrite(paper, "## 二、书面", "## 二、简答与论述")
    assert read_csv(file_of(marker, "csv")[1])[0][7:9] == ["一、选择", "二、书面"]
    hand_in(Trainee(sign_in("t-2"), act, site))
    assert read_csv(file_of(marker, "csv")[1])[0][7:9] == ["一、选择", "二、简答与论述 / 二、书面"]


def test_a_void_attempt_is_listed_as_void_and_without_marks(trainee, marker):
    hand_in(trainee)
    marker.mark_all()
    marker.do("release")
    marker.do("void_attempt", {"attempt": Attempt.objects.get().id, "reason": "代考"})
    row = read_csv(file_of(marker, "csv")[1])[1]
    assert row[5:] == ["", "", "", "", ""]


def test_what_trainers_have_sat_themselves_is_no_result(sign_in, act, site, marker, trainee):
    hand_in(trainee)
    hand_in(Trainee(sign_in("trainer-2"), act, site))
    assert [row[1] for row in read_csv(file_of(marker, "csv")[1])[1:]] == ["trainee"]
    assert len(marker.attempts()) == 2, "the desk shows it as what it is"


def test_an_exam_that_nobody_has_sat_gives_the_header_alone(marker):
    assert len(read_csv(file_of(marker, "csv")[1])) == 1
    assert load_workbook(io.BytesIO(file_of(marker, "xlsx")[1])).active.max_row == 1


def test_a_name_that_is_a_formula_arrives_as_text_in_both_files(sign_in, act, site, marker):
    trainee = named(sign_in, act, site, "-2+3", '=HYPERLINK("http://evil","x")')
    trainee.start(EXAM)
    row = read_csv(file_of(marker, "csv")[1])[1]
    assert row[:2] == ['\'=HYPERLINK("http://evil","x")', "'-2+3"]
    sheet = load_workbook(io.BytesIO(file_of(marker, "xlsx")[1])).active
    assert [(cell.value, cell.data_type) for cell in sheet[2][:2]] == [('=HYPERLINK("http://evil","x")', "s"), ("-2+3", "s")]
    assert sheet.cell(2, 3).value == 1


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_gets_an_apostrophe(text):
    assert read_csv(to_csv([[text]])) == [[f"'{text}"]]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert read_csv(to_csv([[text, "."]])) == [[text, "."]]


def test_numbers_stay_numbers():
    rows = [[Decimal("59.50"), Decimal("100.00"), Decimal("-1"), 7]]
    assert to_csv(rows).decode("utf-8-sig") == "59.5,100,-1,7\r\n"
    cells = next(load_workbook(io.BytesIO(to_xlsx(rows))).active.iter_rows())
    assert [(cell.value, cell.data_type) for cell in cells] == [(59.5, "n"), (100, "n"), (-1, "n"), (7, "n")]


def test_no_cell_of_a_workbook_is_a_formula_and_characters_it_cannot_hold_are_left_out():
    rows = [[*FORMULAS, "a\x00b\x0bc"]]
    book = load_workbook(io.BytesIO(to_xlsx(rows)))
    cells = next(book.active.iter_rows())
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[-1].value == "abc"
    assert cells[0].value == "=1+1"


@pytest.mark.parametrize(("text", "kept"), [
    ("甲\uffff乙", "甲乙"), ("\ufffe", ""), ("\ud800甲", "甲"), ("\x00\x0b\x1f甲", "甲"), ("甲" * 40_000, "甲" * 32_767), ("😀" * 20_000, "😀" * 16_383),
])
def test_a_name_that_no_file_can_hold_spoils_neither_file(text, kept):
    assert load_workbook(io.BytesIO(to_xlsx([[text]]))).active["A1"].value == (kept or None)
    assert read_csv(to_csv([[text, "乙"]])) == [[kept, "乙"]]


@pytest.mark.parametrize("form", ["pdf", "", None, 1, ["csv"]])
def test_other_kinds_of_files_are_malformed(form, marker):
    assert marker.act("export", {"format": form}).status_code == 400


def test_a_page_elsewhere_cannot_ask_for_the_file(site, marker):
    response = marker.client.get(f"/handler/{site.usage('exam', EXAM)}/export?format=csv")
    assert response.status_code == 405
