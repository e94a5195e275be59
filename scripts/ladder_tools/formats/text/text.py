"""Chinese papers and banks as plain text, in every habit of numbering, choices and answers; English ones of the same shape too.

Word files are read by the same grammar: their reader makes a `Row` of each paragraph or line of a table and calls `read_rows`.
`Row.number` becomes the line of the items, `Row.marked` are the spans shown as right by a colour, an underline, bold or a
highlight. A picture is written as `\ufffc`, its number and `\ufffc` again, and comes out as it was in stem, choices and key.

    from ladder_tools.formats.text.text import Row, read_rows

    reading = Reading("paper.docx")
    read_rows([Row(1, "1. 首问负责制是（ ）"), Row(2, "A. 甲  B. 乙"), Row(3, "答案：A")], reading)
"""

from __future__ import annotations

from collections.abc import Sequence

from ladder_tools.formats.drafts.choices import excerpt
from ladder_tools.formats.drafts.settle import settle
from ladder_tools.formats.encoding import decode
from ladder_tools.formats.model import Reading, Source
from ladder_tools.formats.text.builder import assemble
from ladder_tools.formats.text.dialects import habits_of, looks_like_paper
from ladder_tools.formats.text.in_stem import take_answers
from ladder_tools.formats.text.lines import Row, cut
from ladder_tools.formats.text.listed import take_listed
from ladder_tools.formats.text.match import match_keys, refuse_early

__all__ = ["Row", "looks_like", "read", "read_rows"]

# How much of a file is looked at to tell what it is.
SAMPLE = 30_000


def looks_like(source: Source) -> bool:
    """Whether a source is a paper: a question by its number or its section, and choices or answers as papers have them."""
    reading = Reading(source.file)
    text = decode(Source(source.file, _sample(source.data)), reading)
    return text is not None and looks_like_paper(text)


def _sample(data: bytes) -> bytes:
    """The beginning of a file, not cut inside a character."""
    if len(data) <= SAMPLE:
        return data
    head = data[:SAMPLE]
    if b"\x00" in head[:4000] or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head
    return head[: head.rfind(b"\n") + 1] or head


def read(source: Source) -> Reading:
    """Read a paper; each question is an item."""
    reading = Reading(source.file)
    text = decode(source, reading)
    if text is not None:
        read_rows([Row(number, line) for number, line in enumerate(text.split("\n"), 1)], reading)
    return reading


def read_rows(rows: Sequence[Row], reading: Reading) -> None:
    """Read the rows of a paper into a reading: each question is an item, and what belongs to none is told with its line."""
    paper = assemble(cut(rows), reading, habits_of(rows))
    match_keys(paper, reading)
    take_listed(paper.questions)
    take_answers(paper.questions)
    refuse_early(paper)
    reading.title = reading.title or paper.title
    for asked in paper.questions:
        question, said = settle(asked.draft, asked.report)
        reading.add(asked.report, asked.draft.line, asked.excerpt, question, said)
    for first, words in _blocks(paper.unplaced):
        reading.warn("text-unplaced", first, text=words)


def _blocks(unplaced: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines that stand together as one: the number of the first and the beginning of what they say."""
    blocks: list[list[tuple[int, str]]] = []
    for line, words in sorted(unplaced):
        if blocks and line - blocks[-1][-1][0] <= 1:
            blocks[-1].append((line, words))
        else:
            blocks.append([(line, words)])
    return [(block[0][0], excerpt(" ".join(words for _, words in block))) for block in blocks]
