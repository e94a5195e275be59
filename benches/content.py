"""A made-up course of any size, as authors write it. Its sentences are those of the course that comes with Ladder, so that it
parses and packs as real prose does; the same numbers give the same files."""

from __future__ import annotations

import functools
import random
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SENTENCE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9，、；：“”？！ ]{12,70}。")
_TOPIC = ("宽带", "移动", "家电", "订单", "安装", "移机", "故障", "账单", "发票", "退费",
          "回访", "保密", "礼仪", "倾听", "转接", "升级", "预约", "核身", "押金", "套餐")
_MATTER = ("办理条件", "时限", "步骤", "说法", "常见误会", "记录要求", "例外", "核对要点", "收费", "交接")
_NUMERAL = "一二三四五六七八九十"
WRITTEN = "written"
CLOSES = "closes: 2035-12-31T18:00+08:00"
KEY, OTHER_KEY = ("- (x) 照办", "- ( ) 不办"), ("- ( ) 照办", "- (x) 不办")


@functools.cache
def sentences() -> tuple[str, ...]:
    """The plain sentences of the course that comes with Ladder."""
    files = [*sorted((ROOT / "courses").rglob("*.md")), *sorted((ROOT / "question_banks").rglob("*.md"))]
    return tuple(sorted({found[0] for file in files for found in _SENTENCE.finditer(file.read_text(encoding="utf-8"))}))


@dataclass(frozen=True)
class Size:
    """How much a course holds, spread evenly over its stages and banks.

    `written` exams with short answers are all in the first stage; where there are any, the others keep their keys to themselves.
    """

    lessons: int
    questions: int
    articles: int = 60
    stages: int = 6
    banks: int = 5
    cases: int = 6
    exams: int = 6
    asked: int = 50
    written: int = 0

    def times(self, factor: int) -> Size:
        """The same course with more of everything but stages."""
        return Size(self.lessons * factor, self.questions * factor, self.articles * factor, self.stages, self.banks * factor,
                    self.cases * factor, self.exams * factor, self.asked, self.written * factor)


class Writer:
    """An author who never tires."""

    def __init__(self, size: Size, seed: int = 1) -> None:
        self.size = size
        self.chance = random.Random(seed)

    def sentence(self) -> str:
        """One sentence, every sixth with an emphasis."""
        text = self.chance.choice(sentences())
        return f"**{text[:-1]}**。" if self.chance.random() < 1 / 6 else text

    def plain(self) -> str:
        """One sentence without its full stop."""
        return self.chance.choice(sentences())[:-1]

    def paragraph(self, count: int) -> str:
        """A few sentences."""
        return "".join(self.sentence() for _ in range(count))

    def title(self, number: int) -> str:
        """A title that no other number has."""
        return f"{_TOPIC[number % len(_TOPIC)]}的{_MATTER[number // len(_TOPIC) % len(_MATTER)]}{number + 1}"

    def link(self) -> str:
        """A link to an article, one of its headings, or that with words of its own."""
        number = self.chance.randrange(self.size.articles)
        heading = _MATTER[self.chance.randrange(4)]
        return self.chance.choice((
            f"[[article-{number}]]", f"[[article-{number}#{heading}]]", f"[[article-{number}#{heading}|{self.title(number)}]]",
        ))

    # -- files ------------------------------------------------------------------------------------------------------

    def course(self) -> list[str]:
        """Its text is plain, as in the course that comes with Ladder."""
        about = "".join(f"{self.plain()}。" for _ in range(6))
        return ["---", "kind: course", "title: 客服代表入职培训", "org: Bench", "number: B1", 'run: "1"', "start: 2026-01-01",
                "end: 2036-01-01", "summary: 从新人到独立接线。", "---", about]

    def stage(self, number: int) -> list[str]:
        opens = [f"opens_after: stage-{number - 1}"] if number else []
        finish = ["  lessons: all"]
        finish += ["  cases: all"] if number < self.size.cases else []
        finish += ["  theory: 60"] if number < self.size.exams else []
        return ["---", "kind: stage", f"title: 第{_NUMERAL[number]}阶段", *opens, "finish:", *finish, "---", self.paragraph(6)]

    def article(self, number: int) -> list[str]:
        """About 2 KB, as the articles of the real course."""
        rows = ["---", "kind: article", f"title: {self.title(number)}", f"category: {_TOPIC[number % 6]}", "updated: 2026-10-08",
                f"aliases: [别名{number}, {_TOPIC[number % len(_TOPIC)]}]", "---"]
        for part in range(4):
            rows += [f"## {_MATTER[part]}", self.paragraph(4), ""]
            rows += [f"- {self.sentence()}" for _ in range(3)] if part % 2 else [f"另见 {self.link()}。"]
            rows += [""]
        return rows

    def lesson(self, number: int) -> list[str]:
        """About 5 KB, as the lessons of the real course."""
        rows = ["---", "kind: lesson", f"title: {self.title(number)}", f"minutes: {self.chance.randint(10, 40)}", "goals:"]
        rows += [f"  - {self.plain()}" for _ in range(3)]
        rows += ["---", self.paragraph(2), ""]
        for part in range(6):
            rows += [f"## {_NUMERAL[part]}、{_MATTER[part]}", self.paragraph(3), ""]
            if part % 3 == 0:
                rows += ["| 脱口而出 | 想一下再说 |", "| --- | --- |"]
                rows += [f"| {self.plain()} | {self.plain()} |" for _ in range(4)]
            elif part % 3 == 1:
                rows += ["> [!tip] 记住", f"> {self.sentence()}", "", *(f"{place}. {self.sentence()}" for place in (1, 2, 3))]
            else:
                rows += [f"- {self.sentence()}" for _ in range(4)]
            rows += ["", f"办法见 {self.link()} 和 {self.link()}。", ""]
        return rows

    def case(self, number: int) -> list[str]:
        """A call of five scenes, with a way on and a way out in each."""
        rows = ["---", "kind: case", f"title: {self.title(number)}", "customer: 周女士", "mood: 40", "pass: 60", "criteria:",
                "  沟通效果: 50", "  服务态度: 50", "---", self.paragraph(3), ""]
        for scene in range(5):
            target = f"s{scene + 1}" if scene < 4 else "good"
            rows += [f"## 第{_NUMERAL[scene]}幕 {{#s{scene}}}", f"> {self.plain()}", "",
                     f"- “{self.plain()}” → [下一幕](#{target})", "  - 得分:沟通效果 +10,服务态度 +10,情绪 +5",
                     f"  - 理由:{self.sentence()}见 {self.link()}。",
                     f"- “{self.plain()}” → [挂断](#bad)", f"  - 理由:{self.sentence()}", ""]
        return [*rows, "## 圆满 {#good end=good}", "> 好的。", "", "## 挂断 {#bad end=poor}", "> 算了。"]

    def bank(self, name: str, numbers: range) -> list[str]:
        """Questions: of ten, four single choices and two each of the other types."""
        rows = ["---", "kind: bank", f"id: {name}", f"title: 题库 {name}", "---"]
        for number in numbers:
            place = f"article-{number % self.size.articles}#{_MATTER[number % 4]}"
            stem, *rest = self._question(number)  # numbered: no two questions of an exam may read the same
            rows += [f"## {self.title(number)} {{#q{number:05} d={1 + number % 3} kb={place}}}", f"第{number + 1}问：{stem}",
                     *rest, f"> {self.sentence()}见 [[{place}]]。", ""]
        return rows

    def _question(self, number: int) -> list[str]:
        kind = number % 10
        if kind < 6:
            right = {0, 2} if kind >= 4 else {self.chance.randrange(4)}
            left, end = "[]" if kind >= 4 else "()"
            marks = ["x" if place in right else " " for place in range(4)]
            choices = [f"- {left}{mark}{end} {letter}说{self.plain()}" for mark, letter in zip(marks, "甲乙丙丁", strict=True)]
            return [f"{self.sentence()}下面哪种做法合适？", *choices]
        if kind < 8:
            return [self.sentence(), *(["- (x) 正确", "- ( ) 错误"] if kind == 6 else ["- ( ) 正确", "- (x) 错误"])]
        if kind == 8:
            return [f"{self.sentence()}答复须在 {{{{{self.chance.randint(2, 72)}}}}} 小时内给出。"]
        topic = self.chance.choice(_TOPIC)
        return [f"{self.sentence()}这件事属于 {{{{{topic}|{topic}业务}}}}。"]

    def exam(self, bank: str) -> list[str]:
        """A paper of `asked` questions, a multiple of ten, which share 100 marks."""
        tenth, each = self.size.asked // 10, f"{100 / self.size.asked:g}"
        parts = (("一、单选题", "单选", 4), ("二、多选题", "多选", 2), ("三、判断题", "判断", 2), ("四、填空题", "填空", 2))
        review = ["review: window", CLOSES] if self.size.written else []
        rows = ["---", "kind: exam", "title: 理论考核", "minutes: 40", "pass: 60", "multiple: half", *review, "---"]
        for title, kind, count in parts:
            rows += [f"## {title}", f"每题 {each} 分。", "", "| 题库 | 题型 | 题数 | 每题分 |", "| --- | --- | --- | --- |",
                     f"| {bank} | {kind} | {count * tenth} | {each} |", ""]
        return rows

    def written_bank(self) -> list[str]:
        """For each exam that draws from it, ten questions with one key, which is easily moved, and six short answers."""
        rows = ["---", "kind: bank", f"id: {WRITTEN}", "title: 书面题", "---"]
        for number in range(16 * self.size.written):
            place = f"article-{number % self.size.articles}#{_MATTER[number % 4]}"
            answer = ["= 20 先听完 | 听完", f"= 10 {self.plain()} | 规定"] if number % 16 > 9 else list(KEY)
            rows += [f"## {self.title(number)} {{#w{number:05} kb={place}}}", f"第{number + 1}问：{self.sentence()}应当怎样做？",
                     *answer, f"> {self.sentence()}", ""]
        return rows

    def written_exam(self) -> list[str]:
        """Four questions that the program marks, two short answers that people mark."""
        head, line = "| 题库 | 题型 | 题数 | 每题分 |", "| --- | --- | --- | --- |"
        return ["---", "kind: exam", "title: 书面考核", "minutes: 40", "---",
                "## 一、单选题", head, line, f"| {WRITTEN} | 单选 | 4 | 10 |", "",
                "## 二、简答题", head, line, f"| {WRITTEN} | 简答 | 2 | 30 |"]


def write_course(root: Path, size: Size) -> Path:
    """Write `root/courses/bench` and `root/question_banks/bench`; returns the course folder."""
    writer = Writer(size)
    course, banks = root / "courses" / "bench", root / "question_banks" / "bench"
    _write(course / "course.md", writer.course())
    for number in range(size.articles):
        _write(course / "kb" / f"article-{number}.md", writer.article(number))
    for number in range(size.banks):
        numbers = range(size.questions * number // size.banks, size.questions * (number + 1) // size.banks)
        _write(banks / f"bank-{number}.md", writer.bank(f"bank-{number}", numbers))
    if size.written:
        _write(banks / f"{WRITTEN}.md", writer.written_bank())
    for number in range(size.written):
        _write(course / "01-stage-0" / f"{number + 30_000}-written-{number}.md", writer.written_exam())
    for stage in range(size.stages):
        folder = course / f"{stage + 1:02}-stage-{stage}"
        _write(folder / "stage.md", writer.stage(stage))
        for number in range(stage, size.lessons, size.stages):
            _write(folder / f"{number + 10}-lesson-{number}.md", writer.lesson(number))
        for number in range(stage, size.cases, size.stages):
            _write(folder / f"{number + 10_000}-case-{number}.md", writer.case(number))
        for number in range(stage, size.exams, size.stages):
            _write(folder / f"{number + 20_000}-exam-{number}.md", writer.exam(f"bank-{number % size.banks}"))
    return course


def _write(path: Path, rows: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
