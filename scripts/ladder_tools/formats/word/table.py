"""Tables of a Word file: a sheet of questions under a header, a key by numbers, or only a way to lay out lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ladder_tools.formats.tables.cells import Cell, Sheet
from ladder_tools.formats.tables.headers import find_header
from ladder_tools.formats.word.lines import Line, Paragraph, Table, joined

_NUMBERS = frozenset(("题号", "序号", "question", "no", "no."))
_ANSWERS = frozenset(("答案", "参考答案", "正确答案", "标准答案", "answer", "key"))
_LABEL = re.compile(r"[(（]?\s?(?:\d{1,4}|[A-HＡ-Ｈ])\s?[)）.、．:：]?\Z")
NumberedLine = tuple[int, Line]


def as_sheet(table: Table, name: str) -> Sheet | None:
    """The table as a sheet of questions; None when it has no header that says so."""
    rows = {
        row: {column: Cell(text) for column, cell in enumerate(cells, 1) if (text := _text(cell))}
        for row, cells in enumerate(table.rows, 1)
    }
    sheet = Sheet(name, {row: cells for row, cells in rows.items() if cells})
    header = find_header(sheet.rows)
    return sheet if header and ("answer" in header.fields or header.choices) else None


def lines_of(table: Table) -> Iterator[NumberedLine]:
    """The lines of a table with the numbers of their paragraphs, row by row. Of a key by numbers: `1. A`, `2. B`."""
    rows = [[_lines(cell) for cell in row] for row in table.rows]
    yield from _key(rows) or (line for row in rows for line in _row(row))


def _text(cell: tuple[Paragraph, ...]) -> str:
    return "\n".join(paragraph.text for paragraph in cell).strip()


def _lines(cell: tuple[Paragraph, ...]) -> list[NumberedLine]:
    return [(paragraph.number, line) for paragraph in cell for line in paragraph.lines]


def _word(cell: list[NumberedLine]) -> str:
    return "".join("".join(line.text for _, line in cell).split()).lower().rstrip(":：")


def _key(rows: list[list[list[NumberedLine]]]) -> list[NumberedLine]:
    """A key by numbers: the numbers in one row and the answers in the next, or in columns beside each other."""
    heads = [_word(row[0]) if row else "" for row in rows]
    if len(rows) % 2 == 0 and {*heads[::2]} <= _NUMBERS and {*heads[1::2]} <= _ANSWERS:
        pairs = [pair for row in range(0, len(rows), 2) for pair in zip(rows[row][1:], rows[row + 1][1:], strict=False)]
    elif rows and rows[0] and all(_word(cell) in (_ANSWERS if column % 2 else _NUMBERS) for column, cell in enumerate(rows[0])):
        pairs = [pair for row in rows[1:] for pair in zip(row[::2], row[1::2], strict=False)]
    else:
        return []
    return [
        (answer[0][0], joined([Line(f"{int(_word(number))}. "), *(line for _, line in answer)], ""))
        for number, answer in pairs if answer and re.fullmatch(r"\d{1,4}", _word(number))
    ]


def _row(row: list[list[NumberedLine]]) -> Iterator[NumberedLine]:
    """The lines of one row: cells of one line beside each other, a number or a letter alone before what it belongs to."""
    cells: list[list[NumberedLine]] = []
    for cell in filter(None, row):
        label = cells[-1] if cells else []
        if len(label) == 1 and _LABEL.match(label[0][1].text.strip()):
            sign = label[0][1].text.strip()
            between = " " if not sign[-1].isalnum() else ". "
            cells[-1] = [(label[0][0], joined([Line(sign), cell[0][1]], between)), *cell[1:]]
        else:
            cells.append(cell)
    if len(cells) > 1 and all(len(cell) == 1 for cell in cells):
        yield cells[0][0][0], joined((cell[0][1] for cell in cells), "\t")
    else:
        for cell in cells:
            yield from cell
