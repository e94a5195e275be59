"""Which column of a table holds what: the names that templates and people give to the columns of a question bank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ladder_tools.formats.tables.cells import Cell

SEARCHED_ROWS = 10
MAX_NAME = 40  # letters of a column's name in a header further down
MAX_TABLES = 100  # on one sheet
# The fields of a draft, and what else a table may say of a question. Of two columns for a field that named first here wins.
_NAMES = {
    "stem": "题干 大题题干 题目 试题 试题内容 题目内容 试题题干 题干内容 题目描述 考题 考题内容 试题正文 题目正文 题目文本 题面 "
            "问题 问题描述 问题内容 问题题干 试题描述 题目名称 题目标题 试题名称 试题标题 stem question questiontext "
            "questioncontent questionstem questiontitle prompt 标题 title name",
    "part": "小题题干 小题 子题题干 子题",  # what is asked of the material that then stands in the stem
    "part_type": "小题题型 子题题型",
    "type_word": "题型 题目类型 试题类型 题目题型 试题题型 考题类型 题类 类型 类别 questiontype type",
    "options": "选项 备选项 备选答案 候选项 选项内容 可选项 题目选项 试题选项 选项列表 全部选项 options choices",
    "answer": "正确答案 标准答案 参考答案 答案 试题答案 题目答案 本题答案 答案选项 正确选项 答案内容 标答 correctanswer "
              "correctanswers correctoption rightanswer correct answer answers answerkey key 解答",
    "explanation": "解析 答案解析 试题解析 题目解析 答题解析 解析说明 答案说明 解释说明 解释 讲解 详解 注解 题目依据 依据 "
                   "explanation analysis rationale feedback 解答 说明",
    "difficulty": "难度 难易度 难易程度 难度系数 难度等级 难度级别 试题难度 题目难度 difficulty level",
    "kb": "知识点 考点 考查点 考核点 知识点名称 所属知识点 关联知识点 能力项 kb knowledgepoint",
    "chapter": "章节 章 模块 知识模块 分类 一级纲要 目录 科目 题目分类 试题分类 题库分类 所属分类 所属章节 所属目录 题库名称 "
               "所属题库 分类名称 试题分类名称 chapter category",
    "marks": "分值 分数 试题分数 题目分值 试题分值 每题分值 每题分数 单题分值 单题分数 本题分值 默认分值 标准分 得分 "
             "score points marks mark",
    "rule": "评分规则 计分方式 漏选得分 计分规则 得分规则 rule",
    "id": "编号 试题编码 试题编号 题目编号 题目id 试题id id code",
    "number": "题号 序号 no number #",
    "tags": "标签 试题标签 题目标签 分类标签 知识点标签 关键词 tags tag",
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
    r"(?:备选|候选|可|题目|试题|答案)?(?:选项|答案|option|choice|answer)?(?:内容)?(?P<letter>[a-z])(?:选项|项|答案)?(?:内容)?\Z"
    r"|(?:(?:备选|候选|可|题目|试题|答案)?选项|备选项|候选项|option|choice)(?:内容)?(?P<digit>\d{1,2}|[一二三四五六七八九十])\Z"
)
_LIKE_ANSWER = re.compile("答|选项|answer|correct|key", re.IGNORECASE)  # most cells of a large table are none
_NUMERALS = "一二三四五六七八九十"
STEMS = "甲乙丙丁戊己庚辛"  # the letters of older papers
_DISTRACTOR = re.compile(r"(?:干扰项|干扰选项|错误选项|错误答案|distractor|(?:wrong|incorrect)answer)[\da-h一二三四五六]?\Z")


@dataclass(frozen=True)
class Header:
    """The columns of a table by what they hold, `choices` by their letters; `unknown` are those whose names say nothing.

    `names` is the other way round: what each known column holds, `"choices"` for all of these. `digits`: choices have numbers.
    `distracting` are the columns of wrong choices where the answer is the right one. `older`: choices are 甲, 乙, 丙.
    """

    row: int
    fields: Mapping[str, int]
    choices: Mapping[str, int]
    digits: bool
    unknown: Mapping[int, str]
    names: Mapping[int, str]
    distracting: Mapping[str, int]
    older: bool = False
    lines: int = 1

    @property
    def top(self) -> int:
        """The first row of the header; `row` is its last."""
        return self.row - self.lines + 1

    @property
    def known(self) -> int:
        """How many columns say what they hold."""
        return len(self.fields) + len(self.choices)


def folded_name(text: str) -> str:
    """A column's name as it is compared: without width, case, spaces, stars and remarks such as (必填)."""
    name = unicodedata.normalize("NFKC", text[:100]).lower()
    name = _LETTER_IN_BRACKETS.sub(r"\1", "".join(name.split()))
    return _REMARK.sub("", name).replace("*", "").rstrip(":.、)")


def find_header(rows: Mapping[int, Mapping[int, Cell]]) -> Header | None:
    """The header of a table: of its first rows that name the stem and more the first that names the answer, else the first.

    Below a header that spans several columns, such as 选项, the letters of the choices may stand in a row of their own.
    """
    found = [header for row in sorted(rows)[:SEARCHED_ROWS] if (header := _header_at(rows, row))]
    return next((header for header in found if "answer" in header.fields), found[0] if found else None)


def _header_at(rows: Mapping[int, Mapping[int, Cell]], row: int) -> Header | None:
    below = rows.get(row + 1, {})
    letters = [_letter(folded_name(cell.text)) for _, cell in sorted(below.items())]
    lettered = len(letters) > 1 and letters == [chr(ord("A") + index) for index in range(len(letters))]
    header = _read_header(row + lettered, {**rows[row], **below} if lettered else rows[row])
    return replace(header, lines=1 + lettered) if header else None


def find_headers(rows: Mapping[int, Mapping[int, Cell]]) -> list[Header]:
    """The headers of the tables that stand one below the other: the first, and each further down that names stem and answer.

    A header that is only repeated, as on each printed page, begins no table.
    """
    first = find_header(rows)
    found = [first] if first else []
    for row in sorted(rows):
        if not found or len(found) == MAX_TABLES:
            break
        if row > found[-1].row and rows[row] != rows[found[-1].row] and any(map(_is_answer, rows[row].values())):
            header = _header_at(rows, row)
            if header and "answer" in header.fields and len(header.unknown) < header.known:
                found.append(header)
    return found


def _is_answer(cell: Cell) -> bool:
    if len(cell.text) >= MAX_NAME or not _LIKE_ANSWER.search(cell.text):
        return False
    return any(field == "answer" for _, field in _fields_of(folded_name(cell.text)))


def _fields_of(name: str) -> tuple[tuple[int, str], ...]:
    """What a column of this name may hold, with the name's rank among those for it; 题目/题干 is one of the two."""
    first, *others = (_FIELDS.get(part, ()) for part in name.split("/"))
    return first if all({field for _, field in first} & {field for _, field in other} for other in others) else ()


def _read_header(row: int, cells: Mapping[int, Cell]) -> Header | None:
    offers: dict[str, list[tuple[int, int]]] = {}
    choices: dict[str, int] = {}
    digits = False
    distracting: dict[str, int] = {}
    names = {column: name for column, cell in sorted(cells.items()) if (name := folded_name(cell.text))}
    for column, name in names.items():
        known = _fields_of(name)
        for rank, field in known:
            offers.setdefault(field, []).append((rank, column))
        letter = "" if known else _letter(name)
        if letter and letter not in choices:
            choices[letter] = column
            digits = digits or (letter.lower() not in name and name not in STEMS)
        elif _DISTRACTOR.match(name):
            distracting[name] = column
    fields: dict[str, int] = {}
    for field, columns in offers.items():
        free = sorted((rank, column) for rank, column in columns if column not in fields.values())
        if free:
            fields[field] = free[0][1]
    if "stem" not in fields or len(fields) + len(choices) < 2:
        return None
    if choices or "answer" not in fields:
        distracting = {}
    held = {column: field for field, column in fields.items()}
    held |= dict.fromkeys((*choices.values(), *distracting.values()), "choices")
    unknown = {column: cells[column].text for column in names if column not in held}
    older = bool(choices) and all(names[column] in STEMS for column in choices.values())
    return Header(row, fields, choices, digits, unknown, held, distracting, older)


def _letter(name: str) -> str:
    """The letter of the choice that a name means; `""` when it means none."""
    if len(name) == 1 and name in STEMS:
        return chr(ord("A") + STEMS.index(name))
    choice = _CHOICE.match(name)
    if choice is None:
        return ""
    if choice["letter"]:
        return choice["letter"].upper()
    number = _NUMERALS.index(choice["digit"]) + 1 if choice["digit"] in _NUMERALS else int(choice["digit"])
    return chr(ord("A") + number - 1) if 1 <= number <= 26 else ""
