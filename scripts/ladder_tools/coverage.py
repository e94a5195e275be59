"""What of the knowledge base is asked about: the questions, lessons and cases that lead to each section of each article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.table import Table
from rich.text import Text

from ladder.core.case import Case
from ladder.core.document import Line
from ladder.core.exam import Exam
from ladder.core.kb import LINK, Article, Heading
from ladder.core.lesson import Lesson
from ladder.core.question import Question, Type
from ladder.core.reading import Reading
from ladder_tools.exam_table import TYPES

Target = tuple[str, str]
_LEVELS = range(1, 6)
_WORDS = {
    "zh": {
        "title": "知识库覆盖（每节有多少题；1 到 5 是难度）", "section": "条目和小节", "total": "题数", "none": "没有",
        "lessons": "课文", "cases": "案例",
        "summary": "知识库有 {sections} 个小节，{bare} 个没有题；有 {articles} 个条目，{bare_articles} 个没有题",
    },
    "en": {
        "title": "Coverage of the knowledge base (questions by section; 1 to 5 are difficulties)",
        "section": "article and section", "total": "all", "none": "none", "lessons": "lessons", "cases": "cases",
        "summary": "of {sections} sections {bare} have no question; of {articles} articles {bare_articles} have none",
    },
}


@dataclass(frozen=True)
class Section:
    """A section of an article with what leads there; the article as a whole where `heading` is empty.

    `is_written`: it has text of its own, not only sections below it.
    """

    article: str
    heading: str
    level: int
    line: int
    is_written: bool
    types: Mapping[Type, int]
    difficulties: Mapping[int, int]
    lessons: int
    cases: int

    @property
    def questions(self) -> int:
        """How many questions lead here."""
        return sum(self.types.values())

    @property
    def is_bare(self) -> bool:
        """Whether there is something to ask about, and nothing asks."""
        return self.is_written and not self.questions


@dataclass(frozen=True)
class Coverage:
    """Every article with its sections, in the order of the knowledge base."""

    sections: tuple[Section, ...]
    titles: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def bare(self) -> tuple[Section, ...]:
        """Sections that no question leads to, in articles that some question leads to."""
        missing = {section.article for section in self.bare_articles}
        return tuple(each for each in self.sections if each.heading and each.is_bare and each.article not in missing)

    @property
    def bare_articles(self) -> tuple[Section, ...]:
        """Articles that no question leads to."""
        return tuple(section for section in self.sections if not section.heading and not section.questions)


@dataclass
class _Led:
    """What leads to one target."""

    questions: list[Question] = field(default_factory=list)
    leaves: list[Lesson | Case] = field(default_factory=list)


def cover(reading: Reading) -> Coverage:
    """Count what leads to each section of the articles that were read.

    A question leads to its knowledge point and to what its stem, choices, key points and explanation link to. It counts once in
    each section and once in the article.
    """
    led: dict[Target, _Led] = defaultdict(_Led)
    for bank, _ in reading.banks:
        for question in bank.questions:
            for target in _with_articles(_targets(question)):
                led[target].questions.append(question)
    for leaf, _ in (each for leaves in reading.leaves.values() for each in leaves):
        if not isinstance(leaf, Exam):
            for target in _with_articles({(link.id, link.heading) for link in leaf.links}):
                led[target].leaves.append(leaf)
    articles = sorted(reading.articles, key=lambda each: (each[0].category, each[1].name))
    lines = {source.name: reading.documents[source.name].lines for _, source in articles}
    return Coverage(
        tuple(section for article, source in articles for section in _sections(article, lines[source.name], led)),
        {article.id: article.title for article, _ in articles}, {article.id: source.shown for article, source in articles},
    )


def _targets(question: Question) -> set[Target]:
    texts = [question.stem, question.explanation, *(choice.text for choice in question.choices)]
    texts += [point.text for point in question.key_points]
    found = {(match["id"].strip(), (match["heading"] or "").strip()) for text in texts for match in LINK.finditer(text)}
    return found | ({(question.kb.article, question.kb.heading)} if question.kb else set())


def _with_articles(targets: Collection[Target]) -> set[Target]:
    return {*targets, *((article, "") for article, _ in targets)}


def _sections(article: Article, lines: Sequence[Line], led: Mapping[Target, _Led]) -> Iterator[Section]:
    yield _section(article.id, None, True, led)
    ends = [*(heading.line for heading in article.headings), lines[-1].number + 1 if lines else 0][1:]
    for heading, end in zip(article.headings, ends, strict=True):
        own = lines[heading.line + 1 - lines[0].number : end - lines[0].number]
        yield _section(article.id, heading, any(line.text.strip() for line in own), led)


def _section(article: str, heading: Heading | None, is_written: bool, led: Mapping[Target, _Led]) -> Section:
    found = led.get((article, heading.title if heading else ""), _Led())
    return Section(
        article, heading.title if heading else "", heading.level if heading else 0, heading.line if heading else 1, is_written,
        Counter(question.type for question in found.questions), Counter(question.difficulty for question in found.questions),
        sum(isinstance(leaf, Lesson) for leaf in found.leaves), sum(isinstance(leaf, Case) for leaf in found.leaves),
    )


def coverage_table(coverage: Coverage, spoken: str) -> Table:
    """The map: a row for each article, below it one for each section."""
    words, types = _WORDS[spoken], TYPES[spoken]
    asked = [type_ for type_ in Type if any(section.types.get(type_) for section in coverage.sections)]
    levels = [level for level in _LEVELS if any(section.difficulties.get(level) for section in coverage.sections)]
    table = Table(title=words["title"], title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(words["section"], ratio=1, overflow="fold")
    for title in (words["total"], *(types[type_] for type_ in asked), *map(str, levels), words["lessons"], words["cases"]):
        table.add_column(title, justify="right", no_wrap=True)
    for section in coverage.sections:
        counts = [section.types.get(type_, 0) for type_ in asked] + [section.difficulties.get(level, 0) for level in levels]
        name = Text("  " * max(section.level - 1, 0) + (section.heading or coverage.titles[section.article]))
        total = words["none"] if section.is_bare else _shown(section.questions)
        table.add_row(
            name, total, *map(_shown, (*counts, section.lessons, section.cases)),
            style="red" if section.is_bare else None if section.heading else "bold",
        )
    return table


def _shown(count: int) -> str:
    return str(count) if count else "\N{MIDDLE DOT}"


def bare_lines(coverage: Coverage, spoken: str) -> Iterator[str]:
    """In words: how much is covered, and the places without a question, as editors parse them."""
    words, sections = _WORDS[spoken], [section for section in coverage.sections if section.heading and section.is_written]
    articles = coverage.bare_articles
    yield words["summary"].format(
        sections=len(sections), bare=sum(section.is_bare for section in sections), articles=len(coverage.titles),
        bare_articles=len(articles),
    )
    for section in (*articles, *coverage.bare):
        title = coverage.titles[section.article]
        yield f"  {coverage.files[section.article]}:{section.line}: {title}{' / ' if section.heading else ''}{section.heading}"


def rows_of(coverage: Coverage) -> list[dict[str, object]]:
    """The map for other programs: one object a section; the article as a whole has an empty `heading`."""
    return [
        {
            "article": section.article, "title": coverage.titles[section.article], "heading": section.heading,
            "file": coverage.files[section.article], "line": section.line, "questions": section.questions,
            "types": {type_.value: count for type_, count in sorted(section.types.items())},
            "difficulties": {str(level): count for level, count in sorted(section.difficulties.items())},
            "lessons": section.lessons, "cases": section.cases,
        }
        for section in coverage.sections
    ]
