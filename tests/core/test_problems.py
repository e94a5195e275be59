"""What authors are told: every problem has its words, stands inside its file, and nothing they write brings the reader down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings, strategies as st

import ladder.core
import ladder_tools
from ladder.core.course import parse_course
from ladder.core.document import parse_document
from ladder.core.problem_texts import TEXTS
from ladder.core.problems import LANGUAGES, Problem, Report, errors, in_order, nearest
from ladder.core.reading import Files, Source
from ladder.core.stage import parse_plan
from ladder_tools.formats.texts import CODES

BASE = Path(__file__).parents[1] / "tools/faults/base"


# -- the words ------------------------------------------------------------------------------------------------------


def places(text: str) -> set[str]:
    """The names in braces that a text fills in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_problem_is_told_alike_in_both_languages(code: str) -> None:
    for part in ("message", "hint"):
        words = TEXTS[code][part]
        assert sorted(words) == sorted(LANGUAGES)
        assert all(text.strip() for text in words.values())
        assert places(words["zh"]) == places(words["en"])
        assert re.search(r"[\u4e00-\u9fff]", words["zh"])
        assert code in CODES or not re.search(r"[\u4e00-\u9fff]", words["en"])  # imports quote what Chinese tables say


def told_in_source() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every problem the source can tell: where, its code, and the words it gives (None where they come in a tuple)."""
    for package in (ladder, ladder.core, ladder_tools):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    yield from _told_in(function, path.name)


def _told_in(function: ast.FunctionDef, file: str) -> Iterator[tuple[str, str, set[str] | None]]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        where = f"{file}:{call.lineno}"
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("error", "warning"):
            codes = [call.args[0]] if isinstance(call.args[0], ast.Constant) else list(ast.walk(function))
            words = {keyword.arg for keyword in call.keywords if keyword.arg}
            for code in codes:
                if isinstance(code, ast.Constant) and code.value in TEXTS:
                    yield where, str(code.value), words
        elif isinstance(call.func, ast.Name) and call.func.id in ("Problem", "_file_problem", "_stop", "_about_marks", "replace"):
            for code in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "code")):
                if isinstance(code, ast.Constant) and code.value in TEXTS:
                    yield where, code.value, None
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "_stop" and isinstance(call.args[0], ast.Constant):
            yield where, str(call.args[0].value), {keyword.arg for keyword in call.keywords if keyword.arg}


def test_every_problem_with_words_can_be_told_and_every_told_problem_has_words() -> None:
    told = {code for _, code, _ in told_in_source()}

    assert told - set(TEXTS) == set()
    assert set(TEXTS) - told <= CODES, "the zoo of formats shows those of imports and exports"


def test_every_problem_is_given_the_words_its_texts_fill_in() -> None:
    wanting = [
        f"{where} {code}: {sorted(needed - words)}"
        for where, code, words in told_in_source() if words is not None
        for needed in [places(TEXTS[code]["message"]["zh"]) | places(TEXTS[code]["hint"]["zh"])] if needed - words
    ]

    assert wanting == []


def test_a_code_without_words_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        Report("a.md").error("no-such-code", 1)


def test_what_a_value_should_be_is_said_in_the_language_of_the_rest() -> None:
    report = Report("a.md")
    report.error("wrong-type", 1, key="minutes", value_type="whole number")

    assert report.problems[0].hint("zh") == "应为：整数"
    assert report.problems[0].hint("en") == "it should be: a whole number"


def test_words_with_braces_are_shown_as_they_are() -> None:
    report = Report("a.md")
    report.error("unknown-key", 1, key="{key}", known="{0}")

    assert report.problems[0].message("en") == "there is no key `{key}` here"
    assert report.problems[0].hint("en") == "did you mean {0}?"


# -- the list -------------------------------------------------------------------------------------------------------


def test_problems_come_in_file_order_and_each_once() -> None:
    first, second, third = Problem("a.md", 2, 9, "yaml"), Problem("a.md", 10, 1, "yaml"), Problem("b.md", 1, 1, "yaml")

    assert in_order([third, second, first, second]) == [first, second, third]


def test_two_problems_in_one_place_come_in_the_same_order_every_time() -> None:
    """Sets of text are shuffled anew in each process."""
    rows = [Problem("a.md", 1, 1, "missing-key", (("key", key),)) for key in "gfedcba"]

    assert [dict(problem.words)["key"] for problem in in_order(rows)] == [*"abcdefg"]


def test_only_errors_stop_a_build() -> None:
    report = Report("a.md")
    report.warning("no-explanation", 1, id="a")
    report.error("no-stem", 1, id="a")

    assert [problem.code for problem in report.problems] == ["no-explanation", "no-stem"]
    assert [problem.code for problem in errors(report.problems)] == ["no-stem"]


@pytest.mark.parametrize(("word", "known", "meant"), [
    ("minuts", ["minutes", "title"], "minutes"),
    ("zzz", ["b", "a"], "a, b"),
    ("zzz", [], "-"),
    ("zzz", [str(number) for number in range(10, 30)], "10, 11, 12, 13, 14, 15, 16, 17"),
])
def test_the_nearest_word_is_offered_or_the_known_ones(word: str, known: list[str], meant: str) -> None:
    assert nearest(word, known) == meant


# -- whatever is written --------------------------------------------------------------------------------------------

GOOD = {
    name: (BASE / name).read_text(encoding="utf-8")
    for name in (path.relative_to(BASE).as_posix() for path in sorted(BASE.rglob("*.md")))
}
_SNIPPETS = st.sampled_from([
    "---", "## 题 {#a d=9 kb=x#y marks=z}", "## {#a}", "# ", "- (x) 甲", "- [ ] 乙", "- （x） 丙", "> 解", "{{48|}}", "{{",
    "= 2 要点 | 词", "=x",
    "| a | b |", "|", "| --- |", "  - 得分：态度 +5", "  - 致命：x", "- “好” → [去](#a)", "## 完 {#b end=good}",
    "[[limits#x|y]]", "[[", "![x](y)",
    "```", "title: [", "kind: &a *a", "? x", "kind: exam", "criteria: {a: 100}", "minutes: -1", "\t", "\r", "\u2028", "\x00",
    "\ufeff",
    "finish: {days: 1}", "a: !!int x", "- - - a", "%YAML 1.1", "...", "id: x", "opens_after: calls", "fatal: [x]",
])
_LINES = st.one_of(_SNIPPETS, st.text(max_size=12))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the good course with a few lines put in, taken out or broken off."""
    name = draw(st.sampled_from(sorted(GOOD)))
    lines = GOOD[name].split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["put in", "replace", "take out", "break off", "twice"])):
            case "put in":
                lines.insert(at, draw(_LINES))
            case "replace":
                lines[at] = draw(_LINES)
            case "take out" if len(lines) > 1:
                del lines[at]
            case "break off":
                lines[at] = lines[at][: draw(st.integers(0, 12))] + draw(st.text(max_size=3))
            case _:
                lines.insert(at, lines[at])
    return name, draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines)


def outside(problems: list[Problem], texts: dict[str, str]) -> list[Problem]:
    """Problems that stand in no line and column of their file. Where something is missing is one column behind the last."""
    rows = {name: text.replace("\r\n", "\n").split("\n") for name, text in texts.items()}
    return [
        problem for problem in problems
        if not (1 <= problem.line <= len(rows[problem.file])
                and 1 <= problem.column <= len(rows[problem.file][problem.line - 1]) + 1 and problem.length >= 1)
    ]


def course_of(texts: dict[str, str]) -> Files:
    sources = [Source(name.partition("/shop/")[2], name, text) for name, text in texts.items()]
    return Files(
        tuple(source for source in sources if source.shown.startswith("courses")),
        tuple(source for source in sources if source.shown.startswith("question_banks")), frozenset({"cover.png"}),
    )


@settings(max_examples=150)
@given(spoilt())
def test_whatever_is_written_every_problem_stands_inside_its_file(change: tuple[str, str]) -> None:
    texts = GOOD | {change[0]: change[1]}
    course, problems = parse_course(course_of(texts))

    assert outside(problems, texts) == []
    assert (course is None) is any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert all(problem.message(language) and problem.hint(language) for language in LANGUAGES)


@settings(max_examples=100)
@given(st.sampled_from(sorted(GOOD)), st.text() | st.lists(_LINES, max_size=8).map(lambda lines: "---\n" + "\n".join(lines)))
def test_any_text_at_all_can_be_checked(name: str, text: str) -> None:
    texts = GOOD | {name: text}

    assert outside(parse_course(course_of(texts))[1], texts) == []


@settings(max_examples=100)
@given(st.lists(_LINES, max_size=6))
def test_any_plan_at_all_can_be_read(lines: list[str]) -> None:
    text = "\n".join(["---", "kind: plan", "stages:", *lines, "---"])
    report = Report("plan.md")
    document = parse_document(text, report)
    if document is not None:
        parse_plan(document, report)

    assert outside(report.problems, {"plan.md": text}) == []
