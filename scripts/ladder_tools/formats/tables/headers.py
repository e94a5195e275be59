"""Which column of a table holds what: the names that templates and people give to the columns of a question bank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ladder_tools.formats.tables.cells import Cell

SEARCHED_ROWS = 10
# The fields of a draft, and what else a table may say of a question. Of two columns for a field that named first here wins.
_NAMES = {
    "stem": "题干 题目 试题 试题内容 题目内容 试题题干 题干内容 题目描述 问题 问题描述 题目名称 题目标题 stem question "
            "questiontext 标题 title name",
    "type_word": "题型 题目类型 试题类型 类型 类别 questiontype type",
    "options": "选项 备选项 备选答案 候选项 选项内容 可选项 options choices",
    "answer": "正确答案 标准答案 参考答案 答案 答案选项 正确选项 标答 correctanswer correct answer answers key",
    "explanation": "解析 答案解析 试题解析 题目解析 解释说明 解释 题目依据 依据 explanation analysis 说明",
    "difficulty": "难度 难易度 难易程度 难度系数 难度等级 试题难度 difficulty level",
    "kb": "知识点 考点 知识点名称 能力项 kb knowledgepoint",
    "chapter": "章节 章 模块 知识模块 分类 一级纲要 目录 科目 题目分类 试题分类 所属章节 chapter category",
    "marks": "分值 分数 试题分数 题目分值 每题分值 得分 score points marks",
    "rule": "评分规则 计分方式 漏选得分 计分规则 得分规则 rule",
    "id": "编号 试题编码 试题编号 题目编号 题目id 试题id id code",
    "number": "题号 序号 no no. number #",
    "tags": "标签 关键词 tags tag",
    "image": "图片 附件 题目图片 配图 image picture attachment",
    "title": "题目简称 简称 标题 title name",
}
_FIELDS: Mapping[str, tuple[tuple[int, str], ...]] = {
    name: tuple((names.split().index(name), field) for field, names in _NAMES.items() if name in names.split())
    for name in {name for names in _NAMES.values() for name in names.split()}
}
_REMARK = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]")
_LETTER_IN_BRACKETS = re.compile(r"[(\[【]([a-z]|\d{1,2})[)\]】]")
_CHOICE = re.compile(
    r"(?:备选|候选)?(?:选项|答案|option|choice|answer)?(?P<letter>[a-z])(?:选项|项|答案)?\Z"
    r"|(?:备选|候选)?(?:选项|option|choice)(?P<digit>\d{1,2}|[一二三四五六七八九十])\Z"
)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Header:
    """The columns of a table by what they hold, `choices` by their letters; `unknown` are those whose names say nothing.

    `names` is the other way round: what each known column holds, `"choices"` for all of these. `digits`: choices have numbers.
    """

    row: int
    fields: Mapping[str, int]
    choices: Mapping[str, int]
    digits: bool
    unknown: Mapping[int, str]
    names: Mapping[int, str]

    @property
    def known(self) -> int:
        """How many columns say what they hold."""
        return len(self.fields) + len(self.choices)


def folded_name(text: str) -> str:
    """A column's name as it is compared: without width, case, spaces, stars and remarks such as (必填)."""
    name = unicodedata.normalize("NFKC", text[:100]).lower()
    name = _LETTER_IN_BRACKETS.sub(r"\1", "".join(name.split()))
    return _REMARK.sub("", name).replace("*", "").rstrip(":")


def find_header(rows: Mapping[int, Mapping[int, Cell]]) -> Header | None:
    """The header of a table: of its first rows that name the stem and more the first that names the answer, else the first.

    Below a header that spans several columns, such as 选项, the letters of the choices may stand in a row of their own.
    """
    found = []
    for row in sorted(rows)[:SEARCHED_ROWS]:
        below = rows.get(row + 1, {})
        letters = [_letter(folded_name(cell.text)) for _, cell in sorted(below.items())]
        lettered = len(letters) > 1 and letters == [chr(ord("A") + index) for index in range(len(letters))]
        header = _read_header(row + lettered, {**rows[row], **below} if lettered else rows[row])
        if header:
            found.append(header)
    return next((header for header in found if "answer" in header.fields), found[0] if found else None)


def _read_header(row: int, cells: Mapping[int, Cell]) -> Header | None:
    offers: dict[str, list[tuple[int, int]]] = {}
    choices: dict[str, int] = {}
    digits = False
    names = {column: name for column, cell in sorted(cells.items()) if (name := folded_name(cell.text))}
    for column, name in names.items():
        for rank, field in _FIELDS.get(name, ()):
            offers.setdefault(field, []).append((rank, column))
        letter = "" if name in _FIELDS else _letter(name)
        if letter and letter not in choices:
            choices[letter] = column
            digits = digits or letter.lower() not in name
    fields: dict[str, int] = {}
    for field, columns in offers.items():
        free = sorted((rank, column) for rank, column in columns if column not in fields.values())
        if free:
            fields[field] = free[0][1]
    if "stem" not in fields or len(fields) + len(choices) < 2:
        return None
    held = {**{column: field for field, column in fields.items()}, **dict.fromkeys(choices.values(), "choices")}
    unknown = {column: cells[column].text for column in names if column not in held}
    return Header(row, fields, choices, digits, unknown, held)


def _letter(name: str) -> str:
    """The letter of the choice that a name means; `""` when it means none."""
    choice = _CHOICE.match(name)
    if choice is None:
        return ""
    if choice["letter"]:
        return choice["letter"].upper()
    number = _NUMERALS.index(choice["digit"]) + 1 if choice["digit"] in _NUMERALS else int(choice["digit"])
    return chr(ord("A") + number - 1) if 1 <= number <= 26 else ""
