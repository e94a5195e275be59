"""Front matter and body: values with their places, and several files in one text."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.document import Document, Meta, join_documents, parse_document, split_documents
from ladder.core.problems import Report


def read(text: str) -> tuple[Document | None, list[tuple[int, int, str]]]:
    report = Report("page.md")
    return parse_document(text, report), found(report)


def found(report: Report) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.column, problem.code) for problem in report.problems]


def meta_of(front: str) -> Meta:
    document, problems = read(f"---\nkind: lesson\n{front}\n---\n")
    assert document is not None
    assert problems == []
    return document.meta


# -- the file -------------------------------------------------------------------------------------------------------


def test_body_lines_know_their_number_in_the_file() -> None:
    document, problems = read("---\nkind: lesson\n---\n一\n\n二")

    assert problems == []
    assert document is not None
    assert [(line.number, line.text) for line in document.lines] == [(4, "一"), (5, ""), (6, "二")]
    assert document.body == "一\n\n二"


def test_windows_line_ends_read_like_others() -> None:
    unix, _ = read("---\nkind: lesson\ntitle: 一\n---\n正文\n")
    windows, problems = read("\ufeff---\r\nkind: lesson\r\ntitle: 一\r\n---\r\n正文\r\n")

    assert problems == []
    assert unix is not None
    assert windows is not None
    assert windows.lines == unix.lines
    assert windows.meta.text("title") == "一"


@pytest.mark.parametrize(("text", "problem"), [
    ("", (1, 1, "no-front-matter")),
    ("正文", (1, 1, "no-front-matter")),
    ("---\nkind: lesson\n", (1, 1, "open-front-matter")),
    ("---\n- a\n---\n", (2, 1, "yaml-not-keys")),
    ("---\nkind: lesson\ntitle: {{48}}\n---\n", (3, 9, "yaml-not-keys")),
    ("---\ntitle: a\n---\n", (2, 1, "missing-key")),
    ("---\n---\n", (1, 1, "missing-key")),
    ("---\nkind: {a: b}\n---\n", (2, 7, "wrong-type")),
    ("---\nkind: !!int abc\n---\n", (2, 7, "yaml")),
    ("---\nkind: lesson\nminutes: " + "9" * 5000 + "\n---\n", (3, 10, "yaml")),
    ("---\nkind: lesson\ngoals: " + "[" * 4000 + "\n---\n", (2, 1, "yaml")),
    ("---\nkind: &a [*a]\n---\n", (2, 7, "yaml-alias")),
    ("---\nkind: lesson\n---\n好\x00\n", (4, 2, "bad-character")),
    ("---\nkind: lesson\ntitle: a\u2028b: c\n---\n", (3, 9, "bad-character")),
])
def test_a_text_that_cannot_be_read_says_where(text: str, problem: tuple[int, int, str]) -> None:
    _, problems = read(text)

    assert problems[0] == problem


def test_only_the_kinds_asked_for_are_read() -> None:
    report = Report("bank.md")

    assert parse_document("---\nkind: lesson\n---\n", report, ("bank",)) is None
    assert found(report) == [(2, 7, "unknown-value")]


# -- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["yes", "no", "on", "1:30", "010", "2026-01-31", "0x1f", "1e3", "=", "48 小时"])
def test_what_other_yaml_readers_twist_stays_text(value: str) -> None:
    assert meta_of(f"title: {value}").text("title") == value


def test_only_true_and_false_are_flags() -> None:
    meta = meta_of("a: true\nb: false\nc: yes\nd: 1")

    assert (meta.flag("a", False), meta.flag("b", True), meta.flag("missing", True)) == (True, False, True)
    assert (meta.flag("c", False), meta.flag("d", False)) == (False, False)
    assert found(meta.report) == [(5, 4, "wrong-type"), (6, 4, "wrong-type")]


def test_a_whole_number_may_be_text_and_a_fraction_may_not() -> None:
    meta = meta_of("number: 101\nversion: 1.10")

    assert (meta.text("number"), meta.text("version")) == ("101", "")
    assert found(meta.report) == [(4, 10, "wrong-type")]


@pytest.mark.parametrize("written", ["title: |\n  一\n  二", 'title: "一\\n二"', 'title: "一\\0二"', 'title: "一\\u2028二"'])
def test_text_is_one_line_however_it_is_written(written: str) -> None:
    assert meta_of(written).text("title") == "一 二"


def test_a_list_of_lines_keeps_its_order() -> None:
    assert meta_of("goals:\n  - 听\n  - 说\n  - 48").texts("goals") == ("听", "说", "48")
    assert meta_of("goals: [听, 说]").texts("goals") == ("听", "说")
    assert meta_of("goals: []").texts("goals") == ()


@pytest.mark.parametrize("written", ["goals: 听", "goals:\n  - 听: 说", "goals:\n  - [听]", "goals:\n  -", "goals: [true]"])
def test_a_list_of_anything_but_lines_is_refused(written: str) -> None:
    meta = meta_of(written)

    assert meta.texts("goals") == ()
    assert [code for _, _, code in found(meta.report)] == ["wrong-type"]


@pytest.mark.parametrize(("written", "number", "problem"), [
    ("1", 1, None), ("240", 240, None), ("0", 15, "out-of-range"), ("241", 15, "out-of-range"),
    ("-3", 15, "out-of-range"), ("1.5", 15, "wrong-type"), ("true", 15, "wrong-type"), ("五", 15, "wrong-type"),
])
def test_a_number_lies_within_its_bounds(written: str, number: int, problem: str | None) -> None:
    meta = meta_of(f"minutes: {written}")

    assert meta.integer("minutes", 15, 1, 240) == number
    assert found(meta.report) == ([(3, 10, problem)] if problem else [])


def test_a_fraction_is_a_number_where_one_may_be() -> None:
    meta = meta_of("share: 0.5\nwhole: 2")

    assert (meta.number("share", 1, 0, 3, whole=False), meta.number("whole", 1, 0, 3, whole=False)) == (0.5, 2)
    assert found(meta.report) == []


def test_a_day_is_written_year_month_day() -> None:
    meta = meta_of("start: 2026-01-31\nend: 2026-02-30\nupdated: yesterday")

    assert meta.date("start") == datetime.date(2026, 1, 31)
    assert (meta.date("end"), meta.date("updated"), meta.date("missing")) == (None, None, None)
    assert found(meta.report) == [(4, 6, "bad-date"), (5, 10, "bad-date")]


@pytest.mark.parametrize(("written", "problems"), [
    ("2026-01-31T09:00+08:00", []), ("9999-12-31T23:59+00:00", []), ("2026-01-31T09:00", [(3, 8, "bad-moment")]),
    ("0001-01-01T00:00+08:00", [(3, 8, "bad-moment")]), ("9999-12-31T23:59-08:00", [(3, 8, "bad-moment")]),
])
def test_a_moment_has_its_zone_and_lies_where_all_zones_have_days(written: str, problems: list[tuple[int, int, str]]) -> None:
    meta = meta_of(f"opens: {written}")

    assert (meta.moment("opens") is None) == bool(problems)
    assert found(meta.report) == problems


def test_a_missing_value_is_told_at_its_key_or_at_the_top() -> None:
    meta = meta_of("title:\ncategory: ~")

    for key in ("title", "category", "updated"):
        meta.text(key, required=True)
    assert found(meta.report) == [(3, 1, "missing-key"), (4, 1, "missing-key"), (2, 1, "missing-key")]


@pytest.mark.parametrize("value", ["a", "service-limits", "0-1", "a1"])
def test_an_id_is_a_slug(value: str) -> None:
    meta = meta_of(f"id: {value}")

    assert meta.slug("id", "other") == value
    assert found(meta.report) == []


@pytest.mark.parametrize("value", ["A", "a--b", "-a", "a-", "a_b", "a b", "时限", "a.b", "a/b"])
def test_what_no_address_can_hold_is_no_id(value: str) -> None:
    meta = meta_of(f'id: "{value}"')

    meta.slug("id", "other")
    assert found(meta.report) == [(3, 5, "bad-id")]


def test_keys_that_nobody_asked_for_are_told() -> None:
    meta = meta_of("title: 一\ntitel: 二\nfinish: {days: 1, dais: 2}")
    meta.text("kind")
    meta.text("title")
    finish = meta.mapping("finish")
    assert finish is not None
    finish.integer("days", 0, 0, 9)

    meta.done()
    finish.done()

    assert found(meta.report) == [(4, 1, "unknown-key"), (5, 19, "unknown-key")]


# -- several files in one text --------------------------------------------------------------------------------------


def test_joined_files_come_back_under_their_names() -> None:
    files = [("02-a/30-test.md", "---\nkind: exam\n---\n一\n"), ("banks/b.md", "---\nkind: bank\n---\n\n二\n")]

    assert split_documents(join_documents(files)) == files


def test_a_text_that_was_never_joined_is_one_file() -> None:
    text = "---\nkind: lesson\n---\n一\n\n<!-- file: not at the top -->\n"

    assert split_documents(text) == [("content", text)]


def test_a_comment_that_reads_like_a_separator_stays_in_its_file() -> None:
    files = [("a.md", "一\n<!-- file: b.md -->\n<!--  file: c.md -->\n二\n"), ("d.md", "三\n")]

    assert split_documents(join_documents(files)) == files


_NAMES = st.text(st.sampled_from("ab-/. 课"), min_size=1).map(lambda name: f"{name}.md")
_TEXTS = st.lists(
    st.text(max_size=12) | st.sampled_from(["<!-- file: x -->", "<!--   file: x -->", "<!-- file: ", "---", "", " -->"]),
    max_size=8,
).map("\n".join)


@settings(max_examples=100)
@given(st.lists(st.tuples(_NAMES, _TEXTS), min_size=1, max_size=4))
def test_joining_and_splitting_gives_every_file_back(files: list[tuple[str, str]]) -> None:
    assert split_documents(join_documents(files)) == [(name, text.strip() + "\n") for name, text in files]
