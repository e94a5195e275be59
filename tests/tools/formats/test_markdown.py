"""Our own Markdown: what is written is read as the same bank, and written again as the same text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, strategies as st

from ladder.core.bank import Bank
from ladder.core.question import Choice, KeyPoint, Question, Type
from ladder.core.question_text import unguarded
from ladder_tools import formats
from ladder_tools.formats import markdown

ASKED = Question("q1", "核身", Type.SHORT, "怎样核身？", (), (), (KeyPoint(Decimal(2), "问姓名", ()),), 2, None, None, False, "见手册。", 0)
CHOOSE = replace(ASKED, type=Type.SINGLE, key_points=(), choices=(Choice("甲", True), Choice("乙", False)))
# Whatever means something to the parser, at the start of a line.
MEANING = (
    "- (1) 甲", "- [x] 甲", "* （一）甲", "+ 【注】", "= 2 分", "=1+1", "> 引用", "## 小结", "接受 1: 48", "拒绝: 24", "accept 1: x", "---", "--- ",
    "```", "~~~", "    码", "- 甲", "  - (1) 乙", "", "客户说：",
)
STEMS = st.lists(
    st.builds(lambda indent, words: " " * indent + words, st.sampled_from((0, 0, 0, 2, 3, 4)), st.sampled_from(MEANING)), min_size=1, max_size=6,
).map(lambda lines: "\n".join(["问：", *lines, "？"]))
LINES = st.sampled_from(("甲", "{.pin} 在前", "以上都对", "- (1) 甲", "> 引用", "接受 1: 48", "= 2 分"))


def again(question: Question) -> Question | None:
    """A question after it was written and read."""
    text = markdown.write_bank(Bank("bank", "题库", (question,)))
    reading = formats.read(formats.Source("bank.md", text.encode()), "markdown")
    found = next((item.question for item in reading.items), None)
    assert found is None or markdown.write_bank(Bank("bank", "题库", (found,))) == text
    return replace(found, line=0) if found else None


@given(STEMS.filter(lambda stem: stem.count("```") % 2 == 0 and stem.count("~~~") % 2 == 0))
def test_a_stem_may_say_what_means_something(stem: str) -> None:
    question = replace(ASKED, stem=unguarded(stem))
    assert again(question) == question


def test_what_an_author_indents_further_stays_as_it_is() -> None:
    """A nested list is one only with its spaces; one space alone is the guard, and Markdown does not see it."""
    text = markdown.write_bank(Bank("bank", "题库", (replace(ASKED, stem="问："),)))
    text = text.replace("问：", "问：\n- 甲\n  - (1) 乙\n\n > 引用\n - 丙")
    found = formats.read(formats.Source("bank.md", text.encode()), "markdown").items[0].question
    assert found is not None
    assert found.stem == "问：\n- 甲\n  - (1) 乙\n\n> 引用\n - 丙"
    assert again(found) == replace(found, line=0)


@given(st.lists(LINES, min_size=1, max_size=3).map("\n".join), st.booleans())
def test_a_choice_of_several_lines_keeps_its_pin(words: str, pinned: bool) -> None:
    question = replace(CHOOSE, choices=(Choice("丙", True), Choice(words, False, pinned or words == "以上都对")))
    assert again(question) == question


def test_a_pin_may_stand_on_the_first_line_too() -> None:
    text = markdown.write_bank(Bank("bank", "题库", (CHOOSE,))).replace("- ( ) 乙", "- ( ) 乙 {.pin}\n  先回访\n  再派单")
    found = formats.read(formats.Source("bank.md", text.encode()), "markdown").items[0].question
    assert found is not None
    assert found.choices[1] == Choice("乙\n先回访\n再派单", False, True)
