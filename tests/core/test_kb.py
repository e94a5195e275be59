"""Articles, their headings, and the links that point to them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given, settings, strategies as st

from ladder.core.document import Line, body_lines, parse_document
from ladder.core.kb import (
    HEADING,
    Article,
    Heading,
    column_in_braces,
    find_headings,
    find_links,
    outside_code,
    parse_article,
    prose,
    slug_of,
    spell_out_links,
)
from ladder.core.markup import to_html
from ladder.core.problems import Report
from work import works

FRONT = "---\nkind: article\ntitle: 时限\ncategory: 规范\nupdated: 2026-10-08\n---\n"


def read(text: str) -> tuple[Article, list[tuple[int, int, str]]]:
    report = Report("kb/limits.md")
    document = parse_document(text, report)
    assert document is not None
    article = parse_article(document, "limits", report)
    return article, [(problem.line, problem.column, problem.code) for problem in report.problems]


def lines_of(body: str) -> tuple[Line, ...]:
    return body_lines(body.split("\n"))


def headings_of(body: str) -> tuple[tuple[Heading, ...], list[tuple[int, int, str]]]:
    report = Report("page.md")
    headings = find_headings(lines_of(body), report)
    return headings, [(problem.line, problem.column, problem.code) for problem in report.problems]


# -- articles -------------------------------------------------------------------------------------------------------


def test_an_article_is_read_whole() -> None:
    article, problems = read(FRONT + "## 投诉\n48 小时，见 [[calming]]。\n")

    assert problems == []
    assert (article.id, article.title, article.category) == ("limits", "时限", "规范")
    assert article.updated == datetime.date(2026, 10, 8)
    assert article.body == "## 投诉\n48 小时，见 [[calming]]。\n"
    assert [(heading.title, heading.line) for heading in article.headings] == [("投诉", 7)]
    assert [(link.id, link.line) for link in article.links] == [("calming", 8)]


def test_an_article_says_what_it_is_and_when_it_was_confirmed() -> None:
    _, problems = read("---\nkind: article\n---\n正文\n")

    assert problems == [(2, 1, "missing-key")] * 3


def test_an_article_without_text_is_told() -> None:
    assert read(FRONT + "\n  \n")[1] == [(2, 1, "empty-body")]


# -- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "id_", "heading", "words"), [
    ("[[limits]]", "limits", "", ""),
    ("[[limits#投诉]]", "limits", "投诉", ""),
    ("[[limits#投诉 答复|多久]]", "limits", "投诉 答复", "多久"),
    ("[[limits|多久]]", "limits", "", "多久"),
    ("[[ limits # 投诉 | 多久 ]]", "limits", "投诉", "多久"),
    (r"[[limits\|多久]]", "limits", "", "多久"),
])
def test_a_link_names_an_article_a_heading_and_words(written: str, id_: str, heading: str, words: str) -> None:
    [link] = find_links(lines_of(f"见 {written}。"))

    assert (link.id, link.heading, link.words) == (id_, heading, words)
    assert (link.line, link.column, link.length) == (1, 3, len(written))


def test_code_holds_no_links() -> None:
    body = "`[[a]]` ``[[b]] ` `` [[c]]\n```\n[[d]]\n```\n[[e]]\n~~~\n```\n[[f]]\n~~~\n[[g]]"

    assert [link.id for link in find_links(lines_of(body))] == ["c", "e", "g"]


def test_a_line_that_begins_with_inline_code_opens_no_fence() -> None:
    assert [link.id for link in find_links(lines_of("```x``` 见\n[[a]]"))] == ["a"]


def test_prose_keeps_columns_and_numbers_true() -> None:
    assert list(prose(lines_of("一 `二三` 四\n```\n五\n```\n六"))) == [Line(1, "一      四"), Line(5, "六")]


# -- headings -------------------------------------------------------------------------------------------------------


def test_headings_come_with_level_line_and_anchor() -> None:
    headings, problems = headings_of("# 一\n正文\n### Two Words!\n```\n# 三\n```\n####### 七\n#四")

    assert problems == []
    assert headings == (Heading(1, "一", 1, "一"), Heading(3, "Two Words!", 3, "two-words"))


def test_two_headings_that_read_alike_cannot_be_told_apart() -> None:
    assert headings_of("## 一次\n## 二次\n### 一次！")[1] == [(3, 5, "duplicate-heading")]


@pytest.mark.parametrize("title", [
    "**重**要", "`码`", "见 [[limits]]", "[页](x)", "~~旧~~", "_斜_", r"5 \* 3", "A &amp; B", "<b>粗</b>", "题 {#id}", "？！",
    "长" * 81,
])
def test_a_heading_that_links_could_not_name_is_told(title: str) -> None:
    assert [code for _, _, code in headings_of(f"## {title}")[1]] == ["marked-heading"]


@pytest.mark.parametrize("title", [
    "5 * 3 = 15", "A & B", "9:00~18:00", "snake_case", "C#", "（一）先听，再说", "<3", "[注]", "长" * 80,
])
def test_a_heading_of_plain_words_is_fine(title: str) -> None:
    assert headings_of(f"## {title}")[1] == []


_WORDS = st.text(st.sampled_from("时限投诉 aZ1，。！-_*~`&#[]()<>\\:{}|\"'！"), min_size=1, max_size=12)


@settings(max_examples=150)
@given(_WORDS | st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12))
@example("a&b;c")
@example("&#1")
def test_the_anchor_in_the_page_is_the_one_that_links_use(title: str) -> None:
    headings, problems = headings_of(f"## {title}")
    if headings and not problems:
        assert f'<h2 id="s-{headings[0].slug}">' in to_html(f"## {title}")


def test_anchors_keep_letters_of_any_script() -> None:
    assert slug_of(" 投诉答复（48 小时）: Yes! ") == "投诉答复-48-小时-yes"


@pytest.mark.parametrize(("line", "title", "braces"), [
    ("## 题 {#a d=2}", "题", "#a d=2"),
    ("## 题{#a}", "题", "#a"),
    ("##  题  {#a}  ", "题", "#a"),
    ("## {#a}", "", "#a"),
    ("## 题 {{48}} 问 {#a}", "题 {{48}} 问", "#a"),
    ("## 题 ##", "题", None),
    ("## 题 {a} 问", "题 {a} 问", None),
])
def test_braces_close_a_heading(line: str, title: str, braces: str | None) -> None:
    match = HEADING.match(line)

    assert match is not None
    assert (match["title"], match["braces"]) == (title, braces)


@pytest.mark.parametrize("line", ["## 题" + " " * 5000 + "x{", "##" + " " * 5000 + "x" + "# " * 2500 + "{"])
def test_a_long_run_of_spaces_is_little_work(line: str) -> None:
    assert works(lambda: HEADING.match(line), 10) <= 10


def test_a_word_of_the_braces_is_found_where_it_stands() -> None:
    heading = Line(1, "## d= 是什么 {#add=1 d=2}")

    assert column_in_braces(heading, "d=") == 19
    assert column_in_braces(heading, "#add") == 12
    assert column_in_braces(heading, "kb=") == 11
    assert column_in_braces(Line(1, "## 无"), "d=") == 1


# -- links in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "spelled"), [
    ("[[limits]]", "[[limits|时限总表]]"),
    ("[[limits#投诉]]", "[[limits#投诉|投诉]]"),
    ("[[limits#投诉|多久]]", "[[limits#投诉|多久]]"),
    ("[[unknown]]", "[[unknown|unknown]]"),
    ("[[bracketed]]", "[[bracketed|旧  时限 表]]"),
    ("`[[limits]]` [[limits]]", "`[[limits]]` [[limits|时限总表]]"),
])
def test_a_link_without_words_takes_the_title(written: str, spelled: str) -> None:
    titles = {"limits": "时限总表", "bracketed": "旧[]时限|表"}

    assert spell_out_links(written, titles) == spelled


def test_spelled_links_still_lead_to_the_same_place() -> None:
    body = "[[limits#投诉]] [[calming]]\n| [[limits]] | x |"
    before, after = find_links(lines_of(body)), find_links(lines_of(spell_out_links(body, {"limits": "A|B"})))

    assert [(link.id, link.heading) for link in after] == [(link.id, link.heading) for link in before]


_BODIES = st.lists(
    st.sampled_from(["[[limits]]", "[[a#b]]", "`[[limits]]", "```", "~~~", "一", "", "\n", "`", "| [[a]] |", "\r"])
).map("".join)


@settings(max_examples=100)
@given(_BODIES)
def test_spelling_links_out_moves_no_line(body: str) -> None:
    spelled = spell_out_links(body, {"limits": "时限总表"})

    assert [len(row) > 0 for row in spelled.split("\n")] == [len(row) > 0 for row in body.split("\n")]
    assert [line.number for line in prose(lines_of(spelled))] == [line.number for line in prose(lines_of(body))]


@settings(max_examples=100)
@given(_BODIES)
def test_a_change_outside_code_that_changes_nothing_gives_the_text_back(body: str) -> None:
    assert outside_code(body, lambda part: part) == body
