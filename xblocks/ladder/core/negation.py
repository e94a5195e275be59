"""Whether a question asks for what is not so, and whether its author made that plain."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EMPHASIS = re.compile(r"\*\*.+?\*\*|__.+?__|(?<!\*)\*[^*\n]+\*|<(u|b|strong|em|mark)>.*?</\1>|【[^】]{1,4}】")
_MARKS = re.compile(r"\*+|__|</?(?:u|b|strong|em|mark)>|[【】]")
_VERBS = (
    "属于|是|对|正确|准确|符合|包括|包含|恰当|合适|合理|妥当|妥|规范|应当|应该|应|能够|能|可以|可|得|需要|需|必|要|用|会|允许|许|宜|利于|适合|适用|"
    "在|算|计入|受理"
)
_NOT = rf"不(?:{_VERBS})|无需|无须"
_NOUNS = (
    "说法|做法|情况|情形|内容|行为|选项|描述|表述|叙述|观点|理解|操作|话|项目|产品|业务|客户|信息|资料|材料|要求|条件|原因|步骤|人员|部门"
)
_WHICH = r"(?:下面|下列|以下|上述)?哪?(?:[一几]?[些项个种类条位句者])?"
# 哪些不属于…, 下列说法错误的…
_ASKS_FIRST = re.compile(
    rf"(?:下面|下列|以下|上述|哪)(?:哪)?(?:[一几]?[些项个种类条位句者])?(?:{_NOUNS})?[中里]?[,，]?(?P<word>{_NOT}|没有|未|错误|有误|不当)"
)
# …不属于客服职责的是（ ）, at the end of the stem
_ASKS_LAST = re.compile(
    rf"(?P<word>{_NOT}|(?:(?<={{noun}}))(?:错误|有误|不当))"
    .replace("{noun}", "说法|做法|描述|表述|叙述|观点|理解|操作|行为")
    + r"[^，。；！？,;!?]{0,20}?的(?:一?[项个种条句]|选项|说法|做法)?(?:是|有|为)(?:哪[一几]?[项个些种])?[\s(（_＿)）:：。.?？]*\Z"
)
_EXCEPT = re.compile(r"(?P<word>除)了?[^。！？!?还也]{1,30}?(?:以外|之外|外)[,，]?[^。！？!?还也]*?[都均皆全]")
_ENGLISH = re.compile(
    r"\b(?:following|which)\b(?:(?!\b(?:if|when|that|who|because|while)\b)[^.!?]){0,60}?\b(?P<word>not|except|cannot|incorrect|false|untrue)\b"
)
_NEGATIVE = re.compile(r"不(?!同|仅|但|管|论|久|少|断|妨|过|如|良|足)|没有|没|未|无需|无须|勿|(?:do|does|is|are) not\b|don't\b|never\b", re.IGNORECASE)


@dataclass(frozen=True)
class Negation:
    """The clause that asks negatively, and in it the word that does."""

    clause: str
    word: str
    offset: int


def _find(stem: str) -> Negation | None:
    for pattern in (_ASKS_FIRST, _ASKS_LAST, _EXCEPT, _ENGLISH):
        match = pattern.search(stem)
        if match:
            return Negation(match[0], match["word"], match.start("word") - match.start())
    return None


def unmarked_negation(stem: str) -> Negation | None:
    """Where a stem asks for what is not so, without emphasis on the word that says it (`**不**属于`, NOT)."""
    return _find(_EMPHASIS.sub("\N{BLACK SQUARE}", stem))


def asks_negatively(stem: str) -> bool:
    """Whether a stem asks for what is not so, marked or not."""
    return _find(_MARKS.sub("", stem)) is not None or _ENGLISH.search(stem.lower()) is not None


def is_negative(choice: str) -> bool:
    """Whether a choice begins with a negation."""
    return _NEGATIVE.match(_MARKS.sub("", choice)) is not None
