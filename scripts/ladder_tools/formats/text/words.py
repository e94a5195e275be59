"""The words and marks by which lines of a paper are told apart. All patterns are for text in half width, see `half_width`."""

from __future__ import annotations

import re

_HALF = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}


def half_width(text: str) -> str:
    """Text with ASCII for its full-width letters, digits and signs; each character keeps its place."""
    return text.translate(_HALF)


# The fields of a draft by the words that stand before a colon or in brackets; `_` is a space. `lost` is kept in no field.
_NAMES = {
    "answer": """正确答案 参考答案 标准答案 参考答案如下 答案如下 答案速查 答案汇总 正确选项 答案 正解 答
        correct_answer answer ans key""",
    "points": "评分标准 评分要点 得分点 采分点 答题要点 参考要点 答案要点 答题思路 要点 key_points",
    "explanation": """答案解析 参考解析 试题解析 题目解析 答案说明 解析 题解 分析 详解 解释说明 解释 解答
        点评 点睛 依据 易错点 explanation rationale""",
    "difficulty": "难易程度 难易度 难度系数 难度等级 难度 difficulty",
    "kb": "知识点 考点 考查点 知识条目",
    "marks": "分值 分数 本题分值 本题分数 marks points score",
    "type_word": "题型 试题类型 题目类型 type",
    "rule": "评分规则 计分方式 得分规则 评分方式 计分规则",
    "id": "试题编号 题目编号 编号 id",
    "lost": """章节 标签 出处 来源 分类 目录 科目 能力项 导语 正确率 错误率
        我的答案 考生答案 你的答案 您的答案 学员答案 学生答案 chapter tags source category""",
}
FIELDS = {name.replace("_", ""): field for field, names in _NAMES.items() for name in names.split()}
# These are common words too: they name a field only at the start of a line.
_AT_START = frozenset((
    "答", "要点", "题解", "依据", "易错点", "正确率", "错误率", "分析", "解释", "解答", "详解", "点评", "来源", "出处", "编号",
    "科目", "目录", "分类", "得分点", "id", "type", "points", "score", "marks", "source", "tags", "category", "chapter",
    "ans", "key",
))


def _any(*without: str) -> str:
    names = {name for names in _NAMES.values() for name in names.split()} - {*without}
    return "|".join(_spread(name) for name in sorted(names, key=len, reverse=True))


def _spread(name: str) -> str:
    """A name of two characters is often spread over the width of three: 答 案."""
    return rf"{name[0]}\s{{0,4}}{name[1]}" if len(name) == 2 and not name.isascii() else name.replace("_", r"\s?")


_ALL, _INSIDE = _any(), _any(*_AT_START)
FIELD = re.compile(
    rf"[【\[〔]\s*(?P<tag>{_ALL})\s*[】\]〕]\s*:?\s*|(?:^|(?<=[\s;。)】\]]))(?P<inside>{_INSIDE})[是为]?\s*:\s*", re.IGNORECASE
)
FIELD_AT_START = re.compile(
    rf"\s*(?:(?P<word>{_ALL})\s*[是为]?\s*:|(?P<typed>[【\[]?(?:单项?选择?|多项?选择?|不定项(?:选择)?|选择|判断|是非|填空)题?(?:参考)?答案)[】\]]?\s*:"
    r"|(?P<bare>正确答案|标准答案|参考答案|答案|answer)\s*[是为]?\s*(?=[A-Z√×✓✗]|正确|错误|[对错]\s*\Z|\d{1,4}\s*[.、)~-]\s*[A-Z\d√×✓✗对错])"
    r"|(?P<heading>答案解析|试题解析|参考解析|解析)\s*\Z)\s*",
    re.IGNORECASE,
)
FIELD_BOXED = re.compile(rf"\s*[【\[(](?P<word>{_ALL})\s*:\s*(?P<value>[^】\])]*)[】\])]\s*\Z", re.IGNORECASE)

ORDINALS = "一二三四五六七八九十"
_ROMANS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def ordinal_of(words: str | None) -> int:
    """The number that 二, 十二, II or 2 says; 0 for none."""
    if words and words.isascii():
        return int(words) if words.isdecimal() else _ROMANS.get(words.upper(), 0)
    tens, ten, ones = (words or "").rpartition("十")
    return (10 * (ORDINALS.find(tens[-1:]) + 1 if tens else 1) if ten else 0) + (ORDINALS.find(ones) + 1 if ones else 0)


_TYPE = (
    r"(?:单项?选择?|多项?选择?|不定项(?:选择)?|双项?选择?|选择|是非|判断(?:改错|正误|对错)?|填空|简答|问答|简述|论述|案例(?:分析)?|材料(?:分析)?"
    r"|分析|名词解释|综合|主观|客观|实操|情景(?:模拟|分析)?|计算|匹配|连线|排序|配对)"
)
ENGLISH_TYPE = (
    r"(?:(?:single|multiple)[ -](?:choice|answers?|response)|true(?:/| or )false|fill[ -]in(?:[ -]the)?[ -]blanks?"
    r"|short[ -]answers?|essays?)(?: questions?)?"
)
# 选择（ ）方式 is no heading, 选择题（每题2分） and 选择题，每题2分 are.
_REMARK = r"\s*(?:[(:]\s*[^\s()].*|[,;]\s*(?:每|共|计|本|满|请|下列|以下).*)?[】\])>=*:\s—-]*\Z"
_BARE_TYPE = r"(?:单选|单项选择|多选|多项选择|不定项选择|判断(?:正误|改错)?|填空|简答|问答|论述|名词解释|案例分析)"
SECTION = re.compile(
    rf"[=<>*#\s—-]*(?:"
    rf"[【\[(]?(?:(?P<ordinal>[{ORDINALS}]{{1,3}})\s*[】\])]?\s*[、.:)]?|第[{ORDINALS}\d]{{1,3}}(?:部分|大题|篇|章|节)\s*[、.:]?|part\s+(?P<part>\w{{1,4}})\s*[.:、-]?"
    rf")\s*(?:\w{{0,12}}?{_TYPE}题?(?:部分)?|{ENGLISH_TYPE}){_REMARK}"
    rf"|[【\[](?:{_TYPE}题?|{ENGLISH_TYPE})[】\]]\s*(?:\([^()]*\))?\s*\Z|{_BARE_TYPE}\s*(?:\([^()]*\))?\s*:?\s*\Z"
    rf"|(?:\d{{1,2}}\s*[、.]\s*)?(?:{_TYPE}题|{ENGLISH_TYPE})(?:部分)?{_REMARK})",
    re.IGNORECASE,
)
ORDINAL = re.compile(rf"\s*\(?(?P<ordinal>[{ORDINALS}]{{1,3}})\)?\s*[、.:)]\s*")
_UNITS = "元秒分小倍万亿个米%折级年月天次人名位条件"
# 1 首问责任人是, with nothing but space behind the number.
NUMBER_ALONE = re.compile(rf"0{{0,3}}(\d{{1,4}})\s+(?![\s\d{_UNITS}])")
NUMBER = re.compile(
    rf"\s*(?:\d{{1,2}}\.(?P<level>\d{{1,3}})(?:\s?[、)]|\s{{1,4}}(?![\s{_UNITS}]))|(?P<spoken>第\s*(?P<a>\d{{1,4}})\s*题)\s*[.、:)]?"
    rf"|(?:题目?|Q(?:uestion)?\s?)(?P<b>\d{{1,4}})\s*[.、:)]|问题\s?(?P<asked>\d{{1,4}})\s?[.、:)]|(?P<c>\d{{1,4}})(?:\s*[.、:)]|\t)"
    rf"|No\.?\s?(?P<no>\d{{1,4}})(?=[.、:)\s])[.、:)]?|第(?P<said>[{ORDINALS}]{{1,3}})题\s*[.、:)]?"
    rf"|(?P<tagged>\d{{1,4}})\s*(?=[\[【(]{_TYPE}题?[\]】)])|(?P<keycap>\d)\ufe0f?\u20e3[.、:)]?"
    r"|\((?P<paren>\d{1,4})\)\s*[.、:]?|[【\[]\s*第?\s*(?P<boxed>\d{1,4})\s*题?\s*[】\]]|(?P<circle>[①-⑳]))\s*"
)
TYPE_BEFORE_NUMBER = re.compile(
    rf"\s*(?P<tag>[【\[(](?:{_TYPE}题?|{ENGLISH_TYPE})[】\])])\s*(?=\d{{1,4}}\s*[.、])", re.IGNORECASE
)
# Brackets for a tick or a letter that stand before the number of a question.
BEFORE_NUMBER = re.compile(
    r"\s*(?:\(\s*(?P<answer>[A-Za-z]{0,8}|√|×|✓|✗|对|错|正确|错误)\s*\)|(?P<tick>[√×✓✗]))\s*(?=\d{1,4}\s*[.、](?!\d))"
)
MAX_KEY = 60  # characters of the heading of a key
KEY = re.compile(
    r"[\s【\[(=—#*-]*(?!\(?[A-Z]\)?[.、:)]|[□☐☑○◯●■◉])(?:附[件录]?\d?\s?:\s?)?(?:[^\s:。,;?]{0,30}?(?:参考|标准|试题|试卷|正确)?答案(?:[与及和]?(?:详细)?解析|[与及和]评分(?:标准|细则)|页|部分|汇总|如下|速查表?|一览)?"
    r"|answer\s*keys?|answers)[】\])=—*\s-]*:?\s*\Z",
    re.IGNORECASE,
)
# A key at the end of a paper without any heading.
KEY_LINE = re.compile(r"\s*(?>\d{1,4}\s*[-~—至到]{1,2}\s*\d{1,4}\s*题?\s*[.、:)]?\s*[(]?[A-Z√×✓✗][A-Z√×✓✗ ,、]*[)]?[\s;。]*)+\Z")
MATERIAL = re.compile(
    rf"\s*[【\[(]?(?:(?:阅读)?材料|案例|背景资料|背景|资料|情景|场景|共用题干|case|passage)\s*(?:[{ORDINALS}\d]{{0,2}}\s*(?:[】\])]\s*:?|:)|[{ORDINALS}\d]{{1,2}}\s*\Z)"
    r"|\s*\(?(?:请?阅读|请?根据|请?依据|请?结合|read)[^。]{0,16}(?:材料|案例|资料|情景|场景|对话|背景|passage)[^。]{0,16}(?:回答|完成|作答|解答|answer)",
    re.IGNORECASE,
)
CHAPTER = re.compile(rf"\s*第[{ORDINALS}百\d]{{1,4}}(?:章|节|篇|单元|讲|课|部分)(?:[\s:、.].{{0,40}}|[^\s。,?;!]{{0,20}})?\Z")
ASIDE = re.compile(
    r"\s*(?:第\s*\d{1,4}\s*页.{0,20}|[—-]\s*\d{1,4}\s*[—-]|\d{1,4}\s*/\s*\d{1,4}|page\s+\d.{0,12}"
    r"|(?:姓\s*名|工\s*号|部\s*门|班\s*级|班\s*组|得\s*分|学\s*号|考\s*号|单\s*位|评卷人|阅卷人|日\s*期|总\s*分|满\s*分|题\s*号|name|date)\s*(?:[:|_(\s].*)?"
    r"|(?:考试|注意|答题|作答|填写|试卷)(?:说明|须知|事项|时间|要求|时长|形式)\s*[:(].*|(?:说明|注意|注意事项|考生须知)\s*(?::.*)?|.{0,4}密封线.*"
    r"|[(—\s-]*(?:试卷|试题|考试|全卷)?(?:到此)?(?:结束|完)[)—\s-]*|以下(?:空白|无正文).{0,6})\Z",
    re.IGNORECASE,
)
RULER = re.compile(r"[\s=*~·.。#—-]{3,}\Z|_{8,}\Z")
TITLE = re.compile(r"卷|题库|题集|试题|测试|测验|考(?![虑勤察])|竞赛|练习|习题|quiz|test|exam", re.IGNORECASE)
BULLET = re.compile(
    r"\s*(?:[-*+•·▪◆\uf06c\uf0b7\uf0d8]\s+(?=\(?[A-Z]\)?\s*[.、:)]|\d{1,4}[.、]"
    rf"|[【\[]?(?:{_ALL})[】\]:：]|\[[ xX√]\])|[*★☆]\s*(?=\d{{1,4}}[.、])"
    rf"|[✅☑✔👉➡►▶※📌💡]\ufe0f?\s*(?=[【\[]?(?:{_ALL})(?:[】\]:：]|\s*\Z))|\#{{1,6}}\s+|>\s+)",
    re.IGNORECASE,
)
EMPHASIS = re.compile(r"\*\*(?=[^\s*])([^*\n]*[^\s*])\*\*")

TICKED, UNTICKED = "√✓✔☑☒●◉■*", "□☐○◯"
_BOX = rf"(?:(?P<box>[{TICKED}{UNTICKED}]|\[[ xX√]\])\s*)?"
_FIRST = r"(?:\(A\)|[\[【]A[\]】]|A\s*[.、,:)])"
FIRST_INSIDE = re.compile(rf"(?<=[\s)。?:_\u4e00-\u9fff])(?=(?:[{TICKED}{UNTICKED}]\s?)?{_FIRST})")
CHOICE = re.compile(
    rf"\s*{_BOX}(?:\((?P<a>[A-Z])\)\s*[.、:]?|[\[【](?P<b>[A-Z])[\]】]|(?P<c>[A-Z])\s*[.、,:)](?![A-Z][、,和及与]))\s*"
)
# Letters that are choices only when others follow: a) , A alone, A and a space, A and a Chinese character.
LOOSE_CHOICE = re.compile(
    rf"\s*{_BOX}(?:\((?P<a>[a-z])\)|(?P<b>[A-Za-z])(?:\s*[.、,:)]|\s|(?=[\u4e00-\u9fff])|\Z))\s*"
)
# Several of them on one line, with nothing but space before and behind their letters.
SPACED_CHOICE = re.compile(rf"(?<!\S){_BOX}(?P<b>[A-Za-z])\s+(?=\S)")
SPACED_INSIDE = re.compile(r"(?:(?<=[。?!):;_])\s+|\s{2,}|\t)(?=A\s)")
# A甲 B乙 C丙, with space before the letters or none; a. 甲 b. 乙.
TIGHT_CHOICE = re.compile(rf"(?<![A-Za-z0-9]){_BOX}(?P<b>[A-Za-z])(?=[\u4e00-\u9fff])")
TIGHT_INSIDE = re.compile(r"(?:(?<=[?)_])\s?|\s{2,}|\t)(?=A[\u4e00-\u9fff])")
SMALL_CHOICE = re.compile(rf"(?<![A-Za-z0-9]){_BOX}(?:\((?P<a>[a-z])\)|(?P<b>[a-z])\s*[.、,:)])\s*")
SMALL_INSIDE = re.compile(r"(?<=[。?!):;_\s])(?=\(?a\)?\s*[.、,:)]|\(a\))")
BOXED_CHOICE = re.compile(rf"\s*(?P<box>[{TICKED[:-1]}{UNTICKED}]|\[[ xX√]\])\s*(?=[^\s\]])")
BOXED_INSIDE = re.compile(rf"(?<=[。?!):;_\s])(?P<box>[{TICKED[:-1]}{UNTICKED}])\s?(?=[^\s{TICKED}{UNTICKED}])")
# A second column beside the first: A and C on one line, B and D on the next.
BESIDE = re.compile(r"(?:\s{2,}|\t)(?=[(\[【]?[B-Z][)\]】]?\s*[.、,:)\]】])")
RIGHT_AT_END = re.compile(
    r"(?:[(【\[]\s*(?:√|✓|✔|正确答案|正确|对|答案|correct)\s*[)】\]]|[√✓✔☑✅]|(?<=\s)\*|=>\s*\d{1,3}(?:\.\d)?\s*分?)\Z"
)
