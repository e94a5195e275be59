"""Pictures in tables of old Excel, which lie beside the cells."""

from __future__ import annotations

from ladder_tools.formats.tables.cells import Picture
from ladder_tools.formats.tables.xls import records, workbook_stream
from ladder_tools.formats.tables.xls_pictures import find_pictures
from old_excel import blip, shape, workbook
from word_files import png

RED, GREEN = png(255, 0, 0), png(0, 255, 0)


def pictures(data: bytes) -> list[Picture]:
    return find_pictures(records(workbook_stream(data))).get(0, [])


def test_a_picture_lies_on_the_cell_of_its_upper_left_corner() -> None:
    found = pictures(workbook([blip("png", RED), blip("png", GREEN)], [shape(1, row=4, column=2), shape(0, row=0, column=0)]))
    assert [(picture.row, picture.column, picture.data) for picture in found] == [(5, 3, GREEN), (1, 1, RED)]
    assert all(picture.name.endswith(".png") for picture in found)


def test_a_picture_is_whole_whatever_stands_in_front_of_it() -> None:
    long = RED + bytes(20_000)  # longer than a record
    found = pictures(workbook([blip("jpg", long, digests=2, name=b"a\0b\0"), blip("png", GREEN, digests=2)], [shape(0, 1, 1), shape(1, 2, 1)]))
    assert [picture.data for picture in found] == [long, GREEN]
    assert [picture.name[-4:] for picture in found] == [".jpg", ".png"]


def test_a_picture_that_no_page_shows_is_told_by_its_kind() -> None:
    (found,) = pictures(workbook([blip("emf", b"\x01\x00\x00\x00")], [shape(0, 1, 1)]))
    assert (found.name, found.data) == ("picture.emf", b"")


def test_a_picture_in_a_chart_or_without_an_entry_lies_on_no_cell() -> None:
    assert pictures(workbook([blip("png", RED)], [shape(7, 1, 1)], in_chart=[shape(0, 1, 1)])) == []


def test_drawings_that_are_cut_short_do_no_harm() -> None:
    whole = workbook([blip("png", RED)], [shape(0, 1, 1)[:-12]])
    assert pictures(whole) == []
