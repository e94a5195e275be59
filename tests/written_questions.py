"""Questions of every type and habit, made by dice: the same seed makes the same questions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ladder.core.bank import Bank
from ladder.core.blank import fold
from ladder.core.question import Choice, Example, KeyPoint, Question, Reference, Type, speaks_of_others
from ladder_tools.formats.escape import to_markdown, to_markdown_line

_WORDS = (
    "客户", "投诉", "工单", "安装", "宽带", "退费", "核身", "升级", "回访", "话术", "静音", "转接", "套餐", "时限", "派单", "押金", "月费",
    "WiFi", "IVR", "CRM", "VIP", "48 小时", "3 个工作日", "100%", "59.90 元", "9:00–18:00", "http", "A/B", "e-mail",
)
# What formats quarrel about: their own marks, quotes, markup of others, odd spaces.
_NASTY = (
    "a = b", "x ~ y", "{0}", "#1", "C:\\temp", "1 < 2 & 3 > 2", "“引号”", '"quote"', "it's", "50%", "*星*", "_下划线_", "`码`", "[方括号]",
    "（括号）", "a|b", "a;b", "->", "=>", "::", "//", "$x$", "A.", "B、", "1.", "（1）", "答案：", "- 减", "+ 加", "> 大于", "&amp;", "<b>粗</b>",
    "，。；", "…", "～", "①", "√", "@", "=1+1", "]]>", "{{", "}}", "~~", "!", "?", "\\n", "%", "TRUE", "0123", "1-2", "_or_",
)
_UNITS = ("小时", "天", "元", "个工作日", "次", "%")
_ENDS = ("？", "。", "", "：")


@dataclass(frozen=True)
class Taste:
    """How often something special is in the questions, 0 to 1."""

    nasty: float = 0.3
    markup: float = 0.3
    links: float = 0.1
    pictures: float = 0.05
    lines: float = 0.05  # choices of two lines


def make_bank(count: int, seed: int = 1, taste: Taste = Taste(), id_: str = "made") -> Bank:
    """A bank of `count` questions, all six types in turn, no two asking the same."""
    dice = random.Random(seed)
    makers = {
        Type.SINGLE: _single, Type.MULTIPLE: _multiple, Type.JUDGE: _judge, Type.BLANK: _blank, Type.SHORT: _short, Type.ESSAY: _short,
    }
    questions = []
    for number, type_ in zip(range(count), _turns(), strict=False):
        parts = makers[type_](dice, taste)
        stem = f"第 {number} 问：{parts.pop('stem', None) or _text(dice, taste)}"
        questions.append(Question(
            id=f"q{number}-{dice.choice(('a', 'limit', 'x9'))}", title=_title(dice), type=type_, stem=stem,
            difficulty=dice.randint(1, 5), kb=_kb(dice), explanation=_text(dice, taste) if dice.random() < 0.8 else "", line=0,
            marks=Decimal(dice.choice(("1", "2", "2.5", "10"))) if dice.random() < 0.4 else None,
            **{"choices": (), "blanks": (), "key_points": (), "fixed": False, **parts},
        ))
    return Bank(id_, "造出来的题库", tuple(questions), kb=Reference("broadband", ""))


def _turns() -> Iterator[Type]:
    while True:
        yield from Type


def _title(dice: random.Random) -> str:
    return "".join(dice.sample(_WORDS[:17], 3))


def _kb(dice: random.Random) -> Reference | None:
    return dice.choice((Reference("broadband", ""), Reference("broadband", ""), Reference("mobile", "办理条件"), Reference("billing", "")))


def _plain_words(dice: random.Random, taste: Taste, low: int, high: int) -> str:
    words = [dice.choice(_WORDS) for _ in range(dice.randint(low, high))]
    if dice.random() < taste.nasty:
        words.insert(dice.randint(0, len(words)), dice.choice(_NASTY))
    return dice.choice(("", " ")).join(words)


def _text(dice: random.Random, taste: Taste) -> str:
    """Markdown, sometimes with markup, sometimes of two paragraphs."""
    text = to_markdown(_plain_words(dice, taste, 3, 9)) + dice.choice(_ENDS)
    if dice.random() < taste.markup:
        text = dice.choice((
            f"**{dice.choice(_WORDS[:17])}**：{text}", f"{text}\n\n- {dice.choice(_WORDS[:17])}\n- {dice.choice(_WORDS[:17])}",
            f"{text}\n\n{dice.choice(_WORDS[:17])}。", f"`{dice.choice(_WORDS[:17])}` {text}", f"{text} *{dice.choice(_WORDS[:17])}*",
            f"{text}\n\n| 项 | 值 |\n| --- | --- |\n| {dice.choice(_WORDS[:17])} | 1 |",
            f"{text}\n\n```\n{dice.choice(_WORDS[:17])} = 1\n- (x) 不是选项\n## 也不是标题\n```\n\n记下来。",
        ))
    if dice.random() < taste.links:
        text = f"{text}\n\n见 {_link(dice)}。"
    if dice.random() < taste.pictures:
        text = f"{text}\n\n![{dice.choice(_WORDS[:17])}]({dice.choice(('flow.png', 'desk.jpg'))})"
    return text.strip()


def _link(dice: random.Random) -> str:
    return dice.choice(("[[broadband#端口资源|端口]]", "[[broadband#端口资源]]", "[[mobile|手机业务]]", "[[billing]]"))


def _choices(dice: random.Random, taste: Taste, count: int) -> list[str]:
    texts: list[str] = []
    while len(texts) < count:
        text = to_markdown_line(_plain_words(dice, taste, 1, 4))
        if dice.random() < taste.markup / 3:
            text = f"**{dice.choice(_WORDS[:17])}** {text}"
        if dice.random() < taste.links / 3:
            text = f"{text} {_link(dice)}"
        if dice.random() < taste.lines:
            text = f"{text}\n{dice.choice(_WORDS[:17])}"
        if text and fold(text) not in map(fold, texts):
            texts.append(text)
    return texts


def _single(dice: random.Random, taste: Taste) -> dict[str, object]:
    texts = _choices(dice, taste, dice.randint(2, 6))
    if dice.random() < 0.1:
        texts[-1] = "以上都对"
    right = dice.randrange(len(texts))
    choices = tuple(Choice(text, index == right, speaks_of_others(text)) for index, text in enumerate(texts))
    return {"choices": choices, "fixed": dice.random() < 0.1}


def _multiple(dice: random.Random, taste: Taste) -> dict[str, object]:
    texts = _choices(dice, taste, dice.randint(3, 6))
    right = set(dice.sample(range(len(texts)), dice.randint(1, len(texts))))
    choices = tuple(Choice(text, index in right, dice.random() < 0.05) for index, text in enumerate(texts))
    return {"choices": choices, "multiple": dice.choice(("", "", "", "half", "all", "1"))}


def _judge(dice: random.Random, taste: Taste) -> dict[str, object]:
    right = dice.random() < 0.5
    return {"choices": (Choice("正确", right), Choice("错误", not right)), "fixed": True}


def _key(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.1:
        low = dice.randint(1, 50)
        return dice.choice((f"{low}..{low + 5}", f"{low}±2"))
    if kind < 0.5:
        return f"{dice.randint(1, 999)}{dice.choice(('', ' '))}{dice.choice(_UNITS)}"
    return dice.choice(_WORDS[:20]) + dice.choice(("", "部", "单", " desk"))


def _blank(dice: random.Random, taste: Taste) -> dict[str, object]:
    count = dice.choice((1, 1, 1, 2, 3))
    parts = [to_markdown_line(_plain_words(dice, taste, 1, 3)) or "填" for _ in range(count + 1)]
    stem = parts[0] + "".join(f" {{{{{number}}}}} {part}" for number, part in enumerate(parts[1:], 1))
    blanks = []
    for _ in range(count):
        keys = [_key(dice)]
        if dice.random() < 0.3 and ".." not in keys[0] and "±" not in keys[0]:
            keys.append(dice.choice(_WORDS[:17]) + "处")
        blanks.append(tuple(dict.fromkeys(keys)))
    examples = (Example(True, 1, (blanks[0][0],)),) if dice.random() < 0.1 and ".." not in blanks[0][0] and "±" not in blanks[0][0] else ()
    return {"stem": stem.strip(), "blanks": tuple(blanks), "any_order": count > 1 and dice.random() < 0.3, "examples": examples}


def _short(dice: random.Random, taste: Taste) -> dict[str, object]:
    points = tuple(
        KeyPoint(Decimal(dice.choice(("1", "2", "2.5"))), to_markdown_line(_plain_words(dice, taste, 2, 5)),
                 tuple(dice.sample(_WORDS[:17], dice.randint(0, 3))))
        for _ in range(dice.randint(1, 4))
    )
    return {"key_points": points}
