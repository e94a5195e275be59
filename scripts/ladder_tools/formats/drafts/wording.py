"""What the words of question banks mean: types, difficulties, marks, rules. Chinese first, English too."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ladder.core.question import Type

MAX_MARKS = 100
# In this order: 多选题 holds 选题, 案例选择题 is a choice and not an essay.
_TYPES = tuple(
    (re.compile(pattern), frozenset(types))
    for pattern, types in (
        (r"multiple[\s_-]*choice", (Type.SINGLE, Type.MULTIPLE)),
        (r"不定项|多项?选|复选|双项?选|multi|several|checkbox|select all", (Type.MULTIPLE,)),
        (r"单项?选|single|one answer|radio|dropdown", (Type.SINGLE,)),
        (r"判断|是非|对错|正误|true|t/f|judge|yes.?no|boolean", (Type.JUDGE,)),
        (r"填空|完成句子|blank|fill|completion|numeric", (Type.BLANK,)),
        (r"选择|选题|choice", (Type.SINGLE, Type.MULTIPLE)),
        (r"论述|作文|写作|essay", (Type.ESSAY,)),
        (r"案例|材料|分析|综合|情景", (Type.ESSAY, Type.SINGLE, Type.MULTIPLE, Type.JUDGE)),
        (r"主观|问题|open", (Type.SHORT, Type.ESSAY)),
        (r"简答|问答|简述|名词解释|解释|计算|实操|操作|short|free text", (Type.SHORT,)),
    )
)
_UNHELD = re.compile(r"连线|匹配|配对|排序|拖[拽放]|听力|录音|口语|画图|上传|matching|order|sort|drag|upload|hotspot")
_TYPE_ENDS = re.compile(r"[(:,。;]")
_LEVELS = {
    **dict.fromkeys(("易", "容易", "简单", "低", "非常简单", "入门", "easy", "very easy", "low", "simple"), 1),
    **dict.fromkeys(("较易", "偏易", "较简单", "较容易", "比较简单", "初级", "fairly easy"), 2),
    **dict.fromkeys(("中", "中等", "一般", "普通", "适中", "中级", "medium", "normal", "moderate", "average"), 3),
    **dict.fromkeys(("较难", "偏难", "比较难", "较困难", "高级", "fairly hard"), 4),
    **dict.fromkeys(("难", "困难", "高", "很难", "非常难", "极难", "hard", "difficult", "high", "very hard"), 5),
}
# The share of people who answer rightly, as papers print it: the least share that still counts as this level.
_SHARES = ((Decimal("0.8"), 1), (Decimal("0.65"), 2), (Decimal("0.5"), 3), (Decimal("0.35"), 4), (Decimal(0), 5))
_MARKS = re.compile(r"(?:每[小个]?[题空]|本[小大]?题|共|满分)?(?P<marks>\d{1,4}(?:\.\d{1,4})?)(?:分|points?|pts?|marks?)?\Z")
_MISSED = r"(?:少选|漏选|选对部分|部分选对|对[但而]不全|不全|部分|partial)"
_SOME = r"(\d{1,2}(?:\.\d)?)分?"


def folded(text: str) -> str:
    """Words as they are compared: half width, lower case, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def types_of(words: str) -> frozenset[Type]:
    """The types that words may mean: 单选题 one, 选择题 two, unknown words none."""
    name = _type_name(words)
    found = [(match.start(), rank, types) for rank, (pattern, types) in enumerate(_TYPES) if (match := pattern.search(name))]
    return min(found, key=lambda place: place[1])[2] if found else frozenset()


def is_unheld_type(words: str) -> bool:
    """Whether words name a type that is known and that no question of ours can be: 连线题, 排序题."""
    return not types_of(words) and _UNHELD.search(_type_name(words)) is not None


def _type_name(words: str) -> str:
    """The name itself, without the brackets around it or the remarks after it."""
    return _TYPE_ENDS.split(folded(words).lstrip("[【(").rstrip("]】)"), maxsplit=1)[0]


def difficulty_of(words: str) -> int | None:
    """A difficulty from 1, easy, to 5: a word, a level, stars, or the share of right answers (0.85 is easy)."""
    text = folded(words).removesuffix("题").removesuffix("级")
    if text in _LEVELS:
        return _LEVELS[text]
    if re.fullmatch(r"[★☆⭐]{1,5}", text) and text.strip("☆"):
        return len(text.strip("☆"))
    if re.fullmatch(r"[1-5](?:\.0+)?", text):
        return int(text[0])
    if re.fullmatch(r"0?\.\d{1,4}|0", text):
        return next(level for share, level in _SHARES if Decimal(text) >= share)
    return None


def marks_of(words: str) -> Decimal | None:
    """Marks as a paper writes them: 2, 2分, 2.5 分. None for what is none, and for 0 or more than 100."""
    match = _MARKS.match(re.sub(r"\s", "", folded(words)).strip("()[]【】"))
    marks = Decimal(match["marks"]) if match else Decimal(0)
    return marks.normalize() + 0 if 0 < marks <= MAX_MARKS else None


def rule_of(words: str) -> str:
    """The rule for a partly right multiple choice, as `Question.multiple` has it; `""` for words that say none."""
    text = re.sub(r"\s", "", folded(words))
    if text in ("all", "half", "each"):
        return text
    marks = re.search(rf"{_MISSED}的?[,:]?(?:得|给|各得)?{_SOME}", text) or re.fullmatch(_SOME, text)
    if marks:
        return marks[1] if Decimal(marks[1]) else "all"
    if re.search(rf"{_MISSED}.{{0,6}}(?:一半|半分|half|50%)|半对", text):
        return "half"
    if re.search(r"按比例|按选项|每[选答]对|每个?选项|部分得?分|^部分$|^partial$|per option", text):
        return "each"
    if re.search(r"全对|全部|完全正确|(?:少选|漏选|不全).{0,4}(?:不得分|0分|零分)|all or nothing", text):
        return "all"
    return ""
