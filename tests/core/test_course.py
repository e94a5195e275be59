"""A whole course: order, ids, what is built from it, and the faults that only show across files.

Each single fault with its place is in `tests/tools/faults`; here is what those files cannot show.
"""

from __future__ import annotations

import datetime

import pytest

from ladder.core.course import Course, parse_course, questions_of
from ladder.core.places import Place
from ladder.core.problems import Problem
from ladder.core.reading import Files, Settings, Source, id_of, sort_key
from ladder.core.stage import Finish, Part

COURSE = {
    "course.md": """---
kind: course
title: 送货上门
org: Shop
number: ONB1
run: "2026"
start: 2026-01-01
end: 2036-01-01
image: cover.png
summary: 两个阶段。
---
关于 [[welcome]]。
""",
    "kb/limits.md": """---
kind: article
title: 时限
category: 规范
updated: 2026-10-08
---
## 投诉
48 小时。
""",
    "01-start/stage.md": """---
kind: stage
title: 认识小店
finish:
  lessons: all
---
""",
    "01-start/2-welcome.md": "---\nkind: lesson\ntitle: 欢迎\n---\n## 第一天\n见 [[limits#投诉]]。\n",
    "01-start/10-rules.md": "---\nkind: lesson\ntitle: 规定\n---\n## 一\n听。\n",
    "02-calls/stage.md": """---
kind: stage
title: 接听来电
opens_after: start
finish:
  theory: 70
---
""",
    "02-calls/30-test.md": """---
kind: exam
title: 小考
pass: 70
---
| bank | type | count | marks |
| --- | --- | --- | --- |
| basics | single | 2 | 50 |
""",
    "02-calls/20-late-van.md": """---
kind: case
title: 迟到的货车
customer: 周女士
pass: 80
criteria:
  态度: 100
---
## 接起 {#start}
> 喂？

- “抱歉。” → [完](#end)
  - 得分：态度 +100

## 完 {#end end=good}
""",
}
BANKS = {
    "basics.md": """---
kind: bank
title: 基础
---
## 一 {#one kb=limits}
几小时？
- (x) 48
- ( ) 24
> 48。

## 二 {#two}
几天？
- (x) 3
- ( ) 5
> 3。
""",
}


def files_of(course: dict[str, str], banks: dict[str, str] = BANKS) -> Files:
    return Files(
        tuple(Source(name, f"courses/shop/{name}", text) for name, text in course.items()),
        tuple(Source(name, f"question_banks/shop/{name}", text) for name, text in banks.items()), frozenset({"cover.png"}),
    )


def good() -> Course:
    course, problems = parse_course(files_of(COURSE))
    assert problems == []
    assert course is not None
    return course


def told(course: dict[str, str], banks: dict[str, str] = BANKS) -> list[str]:
    """`file:line:column code` of every problem."""
    return [brief(problem) for problem in parse_course(files_of(course, banks))[1]]


def brief(problem: Problem) -> str:
    name = problem.file.removeprefix("courses/shop/").removeprefix("question_banks/shop/")
    return f"{name}:{problem.line}:{problem.column} {problem.code}"


# -- a good course --------------------------------------------------------------------------------------------------


def test_a_course_is_read_whole() -> None:
    course = good()

    assert course.settings == Settings(
        "送货上门", "Shop", "ONB1", "2026", "zh-CN", datetime.date(2026, 1, 1), datetime.date(2036, 1, 1), "cover.png",
        "两个阶段。", "关于 [[welcome]]。",
    )
    assert [article.id for article in course.articles] == ["limits"]
    assert sorted(questions_of(course.banks)) == ["one", "two"]
    assert course.titles == {"limits": "时限", "welcome": "欢迎", "rules": "规定", "late-van": "迟到的货车", "test": "小考"}


def test_files_stand_in_the_order_of_their_numbers() -> None:
    course = good()

    assert [folder.stage.id for folder in course.stages] == ["start", "calls"]
    assert [lesson.id for lesson in course.stages[0].lessons] == ["welcome", "rules"]
    assert sorted(["kb/b.md", "10-b/1-x.md", "9-a/stage.md", "9-a/11-y.md", "9-a/2-z.md"], key=sort_key) == [
        "9-a/2-z.md", "9-a/11-y.md", "9-a/stage.md", "10-b/1-x.md", "kb/b.md",
    ]


def test_the_order_in_which_files_are_found_does_not_matter() -> None:
    turned = dict(reversed(COURSE.items()))

    assert parse_course(files_of(turned))[0] == good()


@pytest.mark.parametrize(("name", "id_"), [
    ("01-start/10-welcome.md", "welcome"), ("kb/service-limits.md", "service-limits"), ("01-start", "start"),
    ("kb/24-hours.md", "hours"),
    ("2026.md", "2026"),
])
def test_an_id_is_the_file_name_without_number_and_ending(name: str, id_: str) -> None:
    assert id_of(name) == id_


def test_the_plan_carries_the_ladder_with_what_each_stage_holds() -> None:
    start, calls = good().plan.stages

    assert (start.id, start.opens_after, start.finish) == ("start", "", Finish(lessons=True))
    assert start.lessons == (Part("welcome", "欢迎"), Part("rules", "规定"))
    assert calls.opens_after == "start"
    assert (calls.cases, calls.exams) == ((Part("late-van", "迟到的货车", 80),), (Part("test", "小考", 70),))
    assert good().first_stage == "start"


def test_every_article_knows_its_chapter_and_the_lessons_that_link_to_it() -> None:
    more = {
        "kb/calming.md": COURSE["kb/limits.md"].replace("时限", "安抚").replace("规范", "技巧"),
        "01-start/3-again.md": COURSE["01-start/2-welcome.md"].replace("欢迎", "再来") + "再见 [[limits]]，又见 [[limits#投诉]]。\n",
    }
    course, problems = parse_course(files_of(COURSE | more))

    assert problems == []
    assert course is not None
    assert course.chapters == {"calming": "技巧", "limits": "规范"}
    assert course.places == {
        "calming": Place("calming", "安抚", "技巧"),
        "limits": Place("limits", "时限", "规范", (Part("welcome", "欢迎"), Part("again", "再来"))),
    }


def test_a_chapter_whose_article_is_at_fault_is_not_told_as_well() -> None:
    exam = COURSE["02-calls/30-test.md"].replace("| bank |", "| bank | chapter |").replace("| basics |", "| basics | 规范 |")
    exam = exam.replace("| --- |", "| --- | --- |", 1)
    article = COURSE["kb/limits.md"]
    banks = {"basics.md": BANKS["basics.md"].replace("{#two}", "{#two kb=limits}")}
    course = COURSE | {"02-calls/30-test.md": exam}

    assert told(course, banks) == []
    assert told(course | {"kb/limits.md": article.replace("规范", "规定")}, banks) == ["02-calls/30-test.md:8:12 unknown-chapter"]
    for fault in (article.replace("category: 规范\n", ""), article.replace("category: 规范", "category:"), "无"):
        assert [brief.partition(":")[0] for brief in told(course | {"kb/limits.md": fault}, banks)] == ["kb/limits.md"]


def test_every_text_can_be_found_by_its_id() -> None:
    course = good()

    assert sorted(course.texts) == ["calls", "late-van", "limits", "rules", "start", "test", "welcome"]
    assert course.texts["start"].name == "01-start/stage.md"
    assert course.bank_texts["basics"].text == BANKS["basics.md"]


def test_progress_is_told_file_by_file() -> None:
    seen: list[str] = []
    parse_course(files_of(COURSE), seen.append)

    assert sorted(seen) == sorted([*COURSE, *BANKS])


def test_something_to_look_at_does_not_stop_the_build() -> None:
    course, problems = parse_course(files_of(COURSE, {"basics.md": BANKS["basics.md"].replace("> 3。\n", "")}))

    assert [(brief(problem), problem.severity) for problem in problems] == [("basics.md:11:1 no-explanation", "warning")]
    assert course is not None


def test_an_error_stops_the_build() -> None:
    course, problems = parse_course(files_of(COURSE | {"kb/limits.md": COURSE["kb/limits.md"].replace("category: 规范\n", "")}))

    assert [brief(problem) for problem in problems] == ["kb/limits.md:2:1 missing-key"]
    assert course is None


# -- faults across files --------------------------------------------------------------------------------------------


def test_an_empty_folder_is_no_course() -> None:
    course, problems = parse_course(Files((), (), frozenset()))

    assert course is None
    assert [brief(problem) for problem in problems] == ["course.md:1:1 no-course"]


def test_a_course_without_stages_is_told() -> None:
    assert told({"course.md": COURSE["course.md"].replace("关于 [[welcome]]。", "关于")}, {}) == ["course.md:1:1 no-stages"]


def test_each_rule_of_a_stage_needs_something_to_meet_it() -> None:
    stage = COURSE["01-start/stage.md"].replace("lessons: all\n", "lessons: all\n  cases: all\n  theory: 60\n  practice: 60\n")

    assert told(COURSE | {"01-start/stage.md": stage}) == [f"01-start/stage.md:{line}:3 cannot-finish" for line in (6, 7, 8)]


def test_a_stage_that_is_still_to_be_written_may_have_any_rule() -> None:
    empty = {"03-alone/stage.md": COURSE["02-calls/stage.md"].replace("opens_after: start", "opens_after: calls")}

    assert told(COURSE | empty) == []


def test_an_id_may_be_taken_by_any_kind_of_file() -> None:
    lesson = COURSE["01-start/10-rules.md"]

    assert told(COURSE | {"02-calls/10-limits.md": lesson}) == ["02-calls/10-limits.md:2:1 id-taken"]
    assert told(COURSE | {"02-calls/10-calls.md": lesson}) == ["02-calls/10-calls.md:2:1 id-taken"]
    assert told(COURSE | {"02-calls/10-basics.md": lesson}) == []


@pytest.mark.parametrize("id_", [
    "mistakes", "mistakes-section", "mistakes-group", "kb-section", "kb-1", "kb-12", "start-section", "start-stage", "start-lessons",
    "calls-cases", "calls-exams", "course", "overview", "updates",
])
def test_no_file_may_be_called_like_another_part_of_the_course(id_: str) -> None:
    """A link to the file would lead there: Open edX asks for the name and not for the type."""
    lesson = COURSE["01-start/10-rules.md"]

    assert told(COURSE | {f"02-calls/10-{id_}.md": lesson}) == [f"02-calls/10-{id_}.md:2:1 reserved-id"]
    named = lesson.replace("title:", f"id: {id_}\ntitle:")
    assert told(COURSE | {"02-calls/10-more.md": named}) == ["02-calls/10-more.md:3:5 reserved-id"]
    assert told(COURSE | {f"kb/{id_}.md": COURSE["kb/limits.md"]}) == [f"kb/{id_}.md:2:1 reserved-id"]


@pytest.mark.parametrize("id_", ["kb", "kb-one", "other-exams", "start-rules", "course-one", "overview-of-it", "section"])
def test_a_name_that_only_looks_like_one_of_those_is_free(id_: str) -> None:
    assert told(COURSE | {f"02-calls/10-{id_}.md": COURSE["01-start/10-rules.md"]}) == []


def test_a_stage_may_not_be_called_so_that_its_section_is_another() -> None:
    stage = COURSE["02-calls/stage.md"].replace("finish:\n  theory: 60\n", "")

    for folder in ("03-kb", "03-start-lessons"):
        assert told(COURSE | {f"{folder}/stage.md": stage}) == [f"{folder}/stage.md:2:1 reserved-id"]


def test_two_banks_cannot_have_one_id() -> None:
    other = BANKS["basics.md"].replace("#one", "#three").replace("#two", "#four").replace("title: 基础", "title: 二\nid: basics")

    assert told(COURSE, BANKS | {"more.md": other}) == ["more.md:4:5 id-taken"]


def test_a_link_may_lead_to_a_section_of_a_lesson() -> None:
    article = COURSE["kb/limits.md"]

    assert told(COURSE | {"kb/limits.md": article + "见 [[welcome#第一天]]。\n"}) == []
    assert told(COURSE | {"kb/limits.md": article + "见 [[welcome#第二天]]。\n"}) == ["kb/limits.md:9:3 broken-anchor"]


def test_an_article_of_a_later_stage_is_still_locked_for_an_earlier_lesson() -> None:
    article = COURSE["kb/limits.md"].replace("category: 规范", "category: 规范\nstage: calls")

    assert told(COURSE | {"kb/limits.md": article}) == ["01-start/2-welcome.md:6:3 locked-link"]
    assert told(COURSE | {"kb/limits.md": article.replace("stage: calls", "stage: start")}) == []


def test_links_in_code_are_no_links() -> None:
    assert told(COURSE | {"kb/limits.md": COURSE["kb/limits.md"] + "`[[nowhere]]`\n```\n[[nowhere]]\n```\n"}) == []


def test_every_kind_of_text_has_its_links_checked() -> None:
    broken = {name: text.rstrip("\n") + "\n[[nowhere]]\n" for name, text in COURSE.items()}
    banks = {"basics.md": BANKS["basics.md"].replace("> 3", "> [[nowhere]] 3")}

    problems = told(broken, banks)
    assert {problem.partition(":")[0] for problem in problems if problem.endswith("broken-link")} == {*COURSE, *BANKS}


def test_a_picture_may_be_named_with_its_folder() -> None:
    article = COURSE["kb/limits.md"]

    assert told(COURSE | {"kb/limits.md": article + "![门](/static/cover.png)\n"}) == []
    assert told(COURSE | {"kb/limits.md": article + '![门](cover.png "门")\n'}) == []
    assert told(COURSE | {"kb/limits.md": article + "![门](pictures/cover.png)\n"}) == ["kb/limits.md:9:6 missing-image"]
    assert told(COURSE | {"kb/limits.md": article + "![门](//example.com/cover.png)\n"}) == ["kb/limits.md:9:6 remote-image"]


@pytest.mark.parametrize("fault", ["nothing", "---\nkind: ???\n---\n", "---\ntitle: a: b\n---\n", "\0"])
@pytest.mark.parametrize("name", sorted(COURSE))
def test_a_file_that_cannot_be_read_is_told_once(name: str, fault: str) -> None:
    [problem] = parse_course(files_of(COURSE | {name: fault}))[1]

    assert problem.file == f"courses/shop/{name}"


def test_a_bank_that_cannot_be_read_is_told_once() -> None:
    for fault in ("nothing", BANKS["basics.md"].replace("- ( ) 24\n", "")):
        [problem] = parse_course(files_of(COURSE, {"basics.md": fault}))[1]
        assert problem.file == "question_banks/shop/basics.md"
