"""Whether a question asks for what is not so, and whether its author made that plain."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What is emphasised in a stem; the bounds keep a text of nothing but marks from taking long.
_EMPHASIS = re.compile(
    r"\*\*.{1,60}?\*\*|__.{1,60}?__|(?<!\*)\*[^*\n]{1,60}\*|<(u|b|strong|em|mark)>.{1,60}?</\1>|【[^】]{1,4}】"
)
_MARKS = re.compile(r"\*+|__|</?(?:u|b|strong|em|mark)>|[【】]")
_NOT = (  # 能不能 asks nothing negatively
    "(?<![是能会要应可])不(?:属于|是|对|正确|准确|符合|包括|包含|恰当|合适|合理|妥|规范|应|能|可以|得|需|必|要|用|会|允许|许|宜|利于|适合|适用|在|算|计入|受理)"
    "|无需|无须|无法"
)
_WRONG = "错误|有误|不当"
_SAYING = (
    "说法|做法|描述|表述|叙述|观点|理解|操作|行为|选项|内容|情况|情形|要求|条件|步骤|资料|信息|材料|业务|产品|项目|部门|人员"
)
_ITEM = "[一几]?[些项个种类条位句者]"
# 哪些不属于…, 下列说法错误的…
_ASKS_FIRST = re.compile(
    rf"(?:(?:下面|下列|以下|上述)哪?|哪)(?:{_ITEM})?(?:{_SAYING}|话)?[中里]?[,，]?(?P<word>{_NOT}|{_WRONG}|没有|未)"
)
# …不属于客服职责的是（ ）, …的说法中，错误的是: at the end of the stem. In 客户不在家时应当做的是 nothing is asked negatively.
_LAST = (
    rf"(?:(?![时后应])[^，。；！？,;!?]){{0,20}}?的(?:{_ITEM}|选项|说法|做法)?(?:是|有|为)(?:哪{_ITEM})?[\s(（_＿)）:：。.?？]*\Z"
)
_ASKS_LAST = re.compile(rf"(?P<word>{_NOT}){_LAST}")
_ASKS_WRONG = re.compile(rf"(?:{_SAYING})[中里]?[,，]?(?P<word>{_WRONG}){_LAST}")
# …不包括（ ）。
_ASKS_BRACKET = re.compile(rf"(?P<word>{_NOT})[该当于有]?\s?[（(][\s_＿]{{0,20}}[)）][。.]?\s*\Z")
_EXCEPT = re.compile(r"(?P<word>除)了?[^。！？!?还也]{1,30}?(?:以外|之外|外)[,，]?[^。！？!?还也]{0,30}?[都均皆全]")
_ENGLISH = re.compile(
    r"\b(?:[Ff]ollowing|[Ww]hich)\b(?:(?!\b(?:if|when|that|who|because|while)\b)[^.!?]){0,60}?"
    r"\b(?P<word>not|except|cannot|incorrect|false|untrue)\b"
)
_NEGATIVE = re.compile(
    r"不(?![同仅但管论久少断妨过如良足])|没|未|无需|无须|勿|(?:do|does|is|are) not\b|don't\b|never\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Negation:
    """The clause that asks for what is not so, the word in it that says it, and where that begins in the clause."""

    clause: str
    word: str
    offset: int


def unmarked_negation(stem: str) -> Negation | None:
    """Where a stem asks for what is not so, without emphasis on the word that says it (`**不**属于`, NOT)."""
    return _find(_EMPHASIS.sub("\N{BLACK SQUARE}", stem))


def asks_negatively(stem: str) -> bool:
    """Whether a stem asks for what is not so, with emphasis or without."""
    plain = _MARKS.sub("", stem)
    return _find(plain) is not None or _ENGLISH.search(plain.lower()) is not None


def is_negative(choice: str) -> bool:
    """Whether a choice begins with a negation."""
    return _NEGATIVE.match(_MARKS.sub("", choice)) is not None


def _find(stem: str) -> Negation | None:
    for pattern in (_ASKS_FIRST, _ASKS_LAST, _ASKS_WRONG, _ASKS_BRACKET, _EXCEPT, _ENGLISH):
        match = pattern.search(stem)
        if match:
            return Negation(match[0], match["word"], match.start("word") - match.start())
    return None
