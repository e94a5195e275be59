"""One row of a table as a question: its cells checked for what spreadsheets do to them, its pictures put where they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ladder.core.problems import Report
from ladder.core.question import Question, Type
from ladder_tools.formats.drafts import wording
from ladder_tools.formats.drafts.answers import RIGHT, WRONG
from ladder_tools.formats.drafts.draft import Draft, DraftChoice, Habits
from ladder_tools.formats.drafts.settle import settle
from ladder_tools.formats.tables.cells import MAX_CELL, Cell, Kind, Picture
from ladder_tools.formats.tables.headers import Header
from ladder_tools.formats.tables.options import TwoWays, named, options_of_stem, split_options, without_letters

CONTENT = frozenset(("stem", "part", "options", "choices", "answer", "explanation"))
# A question stands or falls with these cells.
_ESSENTIAL = CONTENT - {"explanation"} | {"type_word"}
_MARKS = re.compile(r"(?:每空\s*)?\d{1,2}(?:\.\d{1,2})?\s*分")
_KEY_IN_STEM = re.compile(r"[(（]\s*([A-Z]{1,8}|[√×✓✗对错]|正确|错误)\s*[)）]")
_LOST = {"chapter": "章节", "tags": "标签", "image": "图片"}


@dataclass(frozen=True)
class Section:
    """A heading between the rows, and the marks it gives to each question."""

    heading: str = ""
    marks: str = ""


@dataclass
class Row:
    """The cells of one question by column, those merged into it too, and the pictures that lie on them."""

    number: int
    cells: dict[int, Cell]
    pictures: list[Picture] = field(default_factory=list)

    def go_on(self, cells: Mapping[int, Cell], pictures: Iterable[Picture], columns: Iterable[int]) -> None:
        """Add what a row below says in these columns."""
        for column in cells.keys() & set(columns):
            above = self.cells.get(column, Cell(""))
            self.cells[column] = Cell("\n".join(filter(None, (above.text, cells[column].text))), cells[column].kind)
        self.pictures.extend(pictures)


class RowReader:
    """Reads rows under one header. `numbers_are_names`: serial numbers are ids where there are no others.

    `digits`: answers call choices by number, from 1. `in_stems`: no row has an answer, so that questions may hold them.
    """

    def __init__(self, header: Header, *, numbers_are_names: bool, digits: bool, in_stems: bool) -> None:
        self._header, self._numbers_are_names, self._digits, self._in_stems = header, numbers_are_names, digits, in_stems
        self._material = ""

    def read(self, row: Row, section: Section, report: Report) -> tuple[Question | None, frozenset[str]]:
        """The question of a row and the fields it speaks of; None when the report says why not."""
        unnamed = sorted(row.cells.keys() - self._header.names.keys() - self._header.unknown.keys())
        if unnamed:
            report.warning("cell-no-column", row.number, unnamed[0], value=row.cells[unnamed[0]].text[:30])
        draft = self._draft(row, section, report)
        if any(problem.severity == "error" for problem in report.problems):
            return None, frozenset()
        question, said = settle(draft, report)
        if question and question.type is Type.SHORT:
            said -= {"type"}  # tables call an essay 简答题 too: the template has no other word
        return _with_pictures(question, row.pictures, report) if question else None, said

    def _draft(self, row: Row, section: Section, report: Report) -> Draft:
        """The question as the row says it; the report says what is wrong with its cells."""
        fields = self._header.fields
        draft = Draft(row.number, fields["stem"], habits=Habits(digits=self._digits))
        draft.section, draft.section_marks = section.heading, section.marks
        texts, loose = self._texts(row, report)
        draft.places = {name: (row.number, column) for name, column in fields.items()}
        draft.places |= {_LOST[name]: place for name, place in draft.places.items() if name in _LOST}
        draft.places["choices"] = (row.number, next(iter(self._header.choices.values()), fields.get("options", draft.column)))
        for name in ("type_word", "explanation", "difficulty", "kb", "marks", "rule", "title"):
            setattr(draft, name, texts.get(name, ""))
        draft.stem = "\n".join(filter(None, (self._asked(texts, draft), *loose)))
        draft.answer = texts.get("answer")
        self._take_answer(draft)
        in_type = _MARKS.search(draft.type_word)
        draft.marks = draft.marks or (in_type[0] if in_type else "")
        draft.id = texts.get("id") or (texts.get("number", "") if self._numbers_are_names else "")
        draft.lost = {label: texts[name] for name, label in _LOST.items() if texts.get(name)}
        self._offer(draft, row, texts, report)
        _check_zeros(row, self._header, report)
        return draft

    def _texts(self, row: Row, report: Report) -> tuple[dict[str, str], list[str]]:
        """What the cells say by field, and by letter for the choices; then the names of pictures that lie on no text.

        A picture stands in the texts by its name until these are Markdown.
        """
        names: dict[int, list[str]] = {}
        header = self._header
        for picture in row.pictures:
            if picture.data:
                names.setdefault(picture.column, []).append(picture.name)
        texts = {}
        for name, column in (*header.fields.items(), *header.choices.items(), *header.distracting.items()):
            field_ = header.names[column]
            text = _checked(row.cells[column], field_, (row.number, column), report) if column in row.cells else ""
            shown = names.pop(column, ()) if field_ in CONTENT else ()
            texts[name] = "\n".join(filter(None, (text, *shown)))
        return texts, [name for rest in names.values() for name in rest]

    def _asked(self, texts: Mapping[str, str], draft: Draft) -> str:
        """What the row asks; where it asks of some material, this stands before it, on rows below the first too."""
        if not texts.get("part"):
            return texts["stem"]
        self._material = texts["stem"] or self._material
        draft.type_word = texts.get("part_type") or draft.type_word
        return "\n\n".join(filter(None, (self._material, texts["part"])))

    def _take_answer(self, draft: Draft) -> None:
        """Take the answer out of the brackets of a question: 先说（B）, 可以外呼（√）."""
        found = list(_KEY_IN_STEM.finditer(draft.stem)) if self._in_stems else []
        if len(found) == 1 and _may_be_chosen(draft):
            draft.answer = found[0][1]
            draft.stem = f"{draft.stem[: found[0].start()]}（ ）{draft.stem[found[0].end() :]}"

    def _offer(self, draft: Draft, row: Row, texts: Mapping[str, str], report: Report) -> None:
        """Give a draft its choices, and its answer by their letters."""
        answer, digits = draft.answer or "", self._digits
        draft.choices = self._choices(row, texts)
        beside = self._header.distracting.items()
        wrong = [DraftChoice("", texts[name], row.number, column) for name, column in beside if texts[name]]
        if wrong and answer:
            draft.choices = [DraftChoice("", answer, *draft.place("answer")), *wrong]
        elif not draft.choices:
            parts, numbered = split_options(texts.get("options", ""), answer)
            digits = digits or numbered
            if not parts and _may_be_chosen(draft):
                draft.stem, parts = options_of_stem(draft.stem, answer)
            draft.habits = replace(draft.habits, digits=digits)
            draft.choices = [DraftChoice("", part, *draft.place("options")) for part in parts]
        for index, choice in enumerate(draft.choices):
            choice.label = choice.label or chr(ord("A") + index)
        try:
            draft.answer = "A" if wrong and answer else named(answer, draft.choices, digits=digits, older=self._header.older)
        except TwoWays:
            report.error("answer-two-ways", *draft.place("answer"), answer=answer[:30])

    def _choices(self, row: Row, texts: Mapping[str, str]) -> list[DraftChoice]:
        """The choices in columns of their own, without the letters that each of them may repeat."""
        choices = [DraftChoice(letter, texts[letter], row.number, column) for letter, column in self._header.choices.items()]
        filled = [choice for choice in choices if choice.text]
        bare = without_letters([choice.text for choice in filled], [choice.label for choice in filled])
        for choice, text in zip(filled, bare, strict=True):
            choice.text = text
        return choices if filled else []


def _may_be_chosen(draft: Draft) -> bool:
    wanted = wording.types_of(draft.type_word) or wording.types_of(draft.section)
    return not wanted or bool(wanted & {Type.SINGLE, Type.MULTIPLE, Type.JUDGE})


def _checked(cell: Cell, name: str, place: tuple[int, int], report: Report) -> str:
    """The text of a cell, after telling what its spreadsheet did to it."""
    essential = name in _ESSENTIAL
    if len(cell.text) > MAX_CELL:
        report.error("cell-too-long", *place, limit=MAX_CELL)
        return ""
    match cell.kind:
        case Kind.ERROR | Kind.UNCOMPUTED | Kind.UNCLOSED | Kind.DAY:
            tell = report.error if essential else report.warning
            tell(f"cell-{cell.kind}", *place, value=cell.text[:30])
            return ""
        case Kind.DATE if essential:
            report.warning("cell-date", *place, value=cell.text)
        case Kind.NUMBER if essential and cell.text.isdecimal() and len(cell.text) > 15:
            report.warning("cell-digits", *place, value=cell.text)
        case Kind.BOOLEAN if name in ("answer", "options", "choices"):
            words = RIGHT if cell.text == "TRUE" else WRONG
            report.warning("cell-boolean", *place, value=cell.text, words=words)
            return words
    return cell.text


def _check_zeros(row: Row, header: Header, report: Report) -> None:
    """Tell of numbers that stand beside choices like 0755 and are shorter than these: their zeros are gone."""
    cells = {column: row.cells[column] for column in header.choices.values() if column in row.cells}
    kept = [len(cell.text) for cell in cells.values() if cell.kind is Kind.TEXT and re.fullmatch(r"0\d+", cell.text)]
    for column, cell in cells.items():
        if cell.kind is Kind.NUMBER and cell.text.isdecimal() and len(cell.text) < max(kept, default=0):
            report.warning("cell-zeros", row.number, column, value=cell.text)


def _with_pictures(question: Question, pictures: Iterable[Picture], report: Report) -> Question:
    """A question in which the names of its pictures have become pictures."""
    shown = {}
    for picture in pictures:
        if picture.data:
            shown[picture.name] = f"![]({picture.name})"
        else:
            report.warning("not-kept", picture.row, picture.column, what=_LOST["image"], value=picture.name)
    if not shown:
        return question
    names = re.compile("|".join(map(re.escape, shown)))

    def drawn(text: str) -> str:
        return names.sub(lambda name: shown[name[0]], text)

    return replace(
        question, stem=drawn(question.stem), explanation=drawn(question.explanation),
        choices=tuple(replace(choice, text=drawn(choice.text)) for choice in question.choices),
        key_points=tuple(replace(point, text=drawn(point.text)) for point in question.key_points),
    )
