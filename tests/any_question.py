"""Questions of every type, their texts made of the characters that formats quarrel about. For hypothesis."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, strategies as st

from ladder.core.bank import Bank
from ladder.core.blank import fold
from ladder.core.question import Choice, KeyPoint, Question, Reference, Type, speaks_of_others
from ladder_tools import formats
from ladder_tools.formats import markdown
from ladder_tools.formats.escape import to_markdown, to_markdown_line
from ladder_tools.formats.losses import reduced
from ladder_tools.formats.model import Output

_WORDS = ("工单", "48", "a b", "[html]", "[markdown]", "%50%", "TRUE", "->", "####", "_____", "::", "//", "$CATEGORY:", "{1:SA:=x}", "&#35;",
          "&amp;", "<b>", "]]>", "\\n", "\\\\", "接受: 48", "= 2 ", "ANSWER: A", "40..50", "48±2", "[[1]]", "#", "%")
WORDS = st.lists(st.sampled_from(_WORDS) | st.text(st.sampled_from("\\`*_{}[]()>#+-.!~|<>&;=:?/%$@'\" a1甲，。"), min_size=1, max_size=8),
                 min_size=1, max_size=5).map("".join)
LINES = WORDS.map(to_markdown_line).filter(bool)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map("\n".join).map(to_markdown).filter(bool)
KEYS = st.lists(
    WORDS.map(lambda words: " ".join(words.replace("|", "").split())).filter(bool) | st.sampled_from(("48", "40..50", "48±2", "4.5±0.5 元", "-3..7", "/4[89]/")),
    min_size=1, max_size=3, unique=True,
).map(tuple)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """One question that our own Markdown can hold."""
    type_ = draw(st.sampled_from(Type))
    parts = draw(_PARTS[type_](type_))
    question = Question(**{
        "id": "q1", "title": " ".join(draw(WORDS).split()), "type": type_, "stem": draw(TEXTS), "choices": (), "blanks": (), "key_points": (),
        "difficulty": draw(st.integers(1, 5)), "kb": draw(st.sampled_from((None, Reference("hold", ""), Reference("hold", "时限[1]")))),
        "marks": draw(st.sampled_from((None, Decimal(1), Decimal("2.5")))), "fixed": False, "explanation": draw(st.just("") | TEXTS), "line": 0, **parts,
    })
    assume(_as_markdown(question) == question)
    return question


@st.composite
def _choices(draw: st.DrawFn, type_: Type) -> dict[str, object]:
    texts = draw(st.lists(LINES, min_size=2, max_size=5, unique_by=fold))
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=1 if type_ is Type.SINGLE else None))
    choices = tuple(Choice(text, index in right, speaks_of_others(text) or draw(st.booleans())) for index, text in enumerate(texts))
    return {"choices": choices, "fixed": draw(st.booleans())}


@st.composite
def _judge(draw: st.DrawFn, type_: Type) -> dict[str, object]:
    words = draw(st.permutations(draw(st.sampled_from((("正确", "错误"), ("对", "错"))))))
    right = draw(st.booleans())
    return {"choices": (Choice(words[0], right), Choice(words[1], not right)), "fixed": True}


@st.composite
def _blank(draw: st.DrawFn, type_: Type) -> dict[str, object]:
    texts = draw(st.lists(LINES | st.just(""), min_size=2, max_size=4).filter(any))
    stem = "".join(text + f"{{{{{number}}}}}" for number, text in enumerate(texts[:-1], 1)) + texts[-1]
    return {"stem": stem.strip(), "blanks": tuple(draw(KEYS) for _ in texts[1:])}


@st.composite
def _key_points(draw: st.DrawFn, type_: Type) -> dict[str, object]:
    keywords = st.lists(WORDS.map(lambda words: " ".join(words.replace("|", "").split())).filter(bool), max_size=2).map(tuple)
    marks = st.sampled_from((Decimal(1), Decimal("2.5")))
    return {"key_points": tuple(draw(st.lists(st.builds(KeyPoint, marks, LINES, keywords), min_size=1, max_size=3)))}


_PARTS = {
    Type.SINGLE: _choices, Type.MULTIPLE: _choices, Type.JUDGE: _judge, Type.BLANK: _blank, Type.SHORT: _key_points, Type.ESSAY: _key_points,
}


def _as_markdown(question: Question) -> Question | None:
    """The question after our own Markdown has held it."""
    data = markdown.write_bank(Bank("bank", "题库", (question,))).encode()
    found = [item.question for item in formats.read(formats.Source("bank.md", data), "markdown").items]
    return replace(found[0], line=0) if len(found) == 1 and found[0] else None


def through(question: Question, name: str) -> tuple[Question | None, Question, Output]:
    """A question after a format has held it, what must be left of it, and what the writer said. None when it was left out."""
    output = Output([Bank("bank", "题库", (question,))])
    formats.write(output, name)
    if output.left_out:
        return None, question, output
    (data,) = output.files.values()
    reading = formats.read(formats.Source("bank" + formats.FORMATS[name].extensions[0], data), name)
    assert not reading.problems, reading.problems
    (item,) = reading.items
    assert item.question, [(problem.code, problem.words) for problem in item.problems]
    assert not item.problems or output.losses, [(problem.code, problem.words) for problem in item.problems]
    return replace(item.question, line=0), reduced(question, formats.FORMATS[name].load().HOLDS), output
