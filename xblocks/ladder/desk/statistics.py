"""The statistics of an exam, for its trainers: how marks are spread, and which questions need a look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from ladder.core.item_flags import FEWEST_PICKS, Flag, flags_of
from ladder.core.markup import to_inline_html
from ladder.core.problems import column_letters
from ladder.core.question import Question, Type
from ladder.core.reliability import FEWEST
from ladder.core.statistics import BIN, NOBODY, ArticleNumbers, ExamNumbers, ItemNumbers, Pick, by_article, places_today
from ladder.desk.frame import desk_frame
from ladder.desk.plots import Bar, Point, bars, histogram, scatter
from ladder.exam_file import ExamFile, files_of, parse_text
from ladder.handlers import staff_action
from ladder.pages import render
from ladder.records.source import digest_of
from ladder.records.statistics import Places, exam_numbers
from ladder.visit import Visit

NONE = "–"
_GRAVE, _DOUBTFUL, _NOTED = ("octagon-alert", "is-grave"), ("triangle-alert", "is-doubtful"), ("info", "")
_LOOKS = {
    Flag.WRONG_KEY: _GRAVE, Flag.NEGATIVE: _GRAVE, Flag.TOO_HARD: _DOUBTFUL, Flag.POOR: _DOUBTFUL,
    Flag.TOO_EASY: _NOTED, Flag.UNPICKED: _NOTED,
}


class ExamStatistics:
    """What an exam block shows its trainers of how the exam works."""

    content: Any
    title: str

    @staff_action
    def statistics(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        """The page of statistics over each learner's first released attempt."""
        file = parse_text(self.content)
        numbers = exam_numbers(visit.course, visit.name, digest_of(self.content), lambda digests: _places(digests, self.content))
        html = statistics_page(visit.name, file, numbers)
        return {"html": desk_frame(self.title, "statistics", html)}


def _places(digests: Collection[str], content: str) -> Places:
    """How the choices of today stand to those that were asked; nothing where no text has changed."""
    today = parse_text(content).questions
    older = files_of({*digests} - {digest_of(content)}, content).results
    return {
        digest: {id_: places_today(asked, today[id_]) for id_, asked in file.questions.items() if asked.choices and id_ in today}
        for digest, file in older
    }


def statistics_page(name: str, file: ExamFile, numbers: ExamNumbers) -> str:
    """Facts, marks, knowledge points, questions. `name` is the block's, for ids."""
    enough = numbers.n >= FEWEST
    context: dict[str, Any] = {"n": numbers.n, "fewest": FEWEST, "enough": enough, "left_out": numbers.left_out}
    if numbers.n:
        context |= {"facts": _facts(numbers), "bins": _bins(numbers.bins)}
        context["histogram"] = histogram(name, numbers.bins, file.exam.pass_marks)
    if enough:
        rows = _rows(numbers.items, file.questions)
        points = [
            Point(row["x"], row["y"], ", ".join((row["title"], row["facility"], row["discrimination"])), row["anchor"],
                  flagged=bool(row["flags"]))
            for row in rows if row["y"] is not None
        ]
        articles = [(_article_title(row, file), row) for row in by_article(numbers.items, file.questions)]
        drawn = [Bar(title, row.share, _percent(row.share)) for title, row in articles if row.share is not None]
        context |= {
            "rows": rows, "map": scatter(name, points) if points else "", "bars": bars(name, drawn) if drawn else "",
            "articles": [(title, row.n, _percent(row.share)) for title, row in articles], "fewest_picks": FEWEST_PICKS,
            "flagged": sum(bool(row["flags"]) for row in rows),
        }
    return render("exam_statistics", context)


def _facts(numbers: ExamNumbers) -> list[tuple[str, str]]:
    def marks(value: float | None) -> str:
        return NONE if value is None else f"{value:.1f}"

    return [
        (gettext("Papers"), str(numbers.n)), (gettext("Passed"), _percent(numbers.passed / numbers.n)),
        (gettext("Mean"), marks(numbers.mean)), (gettext("Median"), marks(numbers.median)),
        (gettext("Standard deviation"), marks(numbers.deviation)), (gettext("Reliability (α)"), _decimals(numbers.reliability)),
    ]


def _bins(bins: Sequence[int]) -> list[tuple[str, int]]:
    last = len(bins) - 1
    return [(f"{place * BIN}–{100 if place == last else place * BIN + BIN - 1}", count) for place, count in enumerate(bins)]


def _article_title(row: ArticleNumbers, file: ExamFile) -> str:
    place = file.places.get(row.article)
    return place.title if place else row.article or gettext("No knowledge point")


# -- questions ------------------------------------------------------------------------------------------------------


def _rows(items: Sequence[ItemNumbers], questions: Mapping[str, Question]) -> list[dict[str, Any]]:
    """A row of the table for each question: what is flagged first, the gravest on top, and what was asked too seldom last."""
    flagged = [(item, flags_of(item, questions.get(item.question))) for item in items]
    gravity = {flag: place for place, flag in enumerate(Flag)}

    def place(entry: tuple[ItemNumbers, tuple[Flag, ...]]) -> tuple[Any, ...]:
        item, flags = entry
        return gravity[flags[0]] if flags else len(gravity), item.facility is None, item.facility or 0, item.question

    return [_row(item, flags, questions.get(item.question)) for item, flags in sorted(flagged, key=place)]


def _row(item: ItemNumbers, flags: Sequence[Flag], question: Question | None) -> dict[str, Any]:
    facility = None if item.facility is None else float(item.facility)
    return {
        "anchor": f"s-item-{item.question}", "title": question.title if question else item.question, "gone": question is None,
        "type": _type_words()[question.type] if question else "", "n": item.n,
        "x": facility, "facility": _percent(facility), "y": item.discrimination, "discrimination": _decimals(item.discrimination),
        "flags": [(f"ladder/icons/{icon}.svg", css, _flag_words()[flag]) for flag in flags for icon, css in [_LOOKS[flag]]],
        "choices": _choice_rows(item, question) if question and facility is not None else [],
    }


def _choice_rows(item: ItemNumbers, question: Question) -> list[dict[str, Any]]:
    """What was picked: each choice in the author's order, what is no longer a choice, and nothing at all."""
    if not question.choices:
        return []
    rows = [
        _choice_row(item, column_letters(place + 1), to_inline_html(choice.text), item.picks.get(place, NOBODY),
                    correct=choice.correct)
        for place, choice in enumerate(question.choices)
    ]
    for place in item.picks.keys() - set(range(len(question.choices))):
        rows.append(_choice_row(item, NONE, gettext("A choice that the question no longer has"), item.picks[place]))
    silent = item.n - item.answered
    return [*rows, _choice_row(item, NONE, gettext("Not answered"), Pick(silent, None))] if silent else rows


def _choice_row(item: ItemNumbers, letter: str, html: str, pick: Pick, *, correct: bool = False) -> dict[str, Any]:
    return {
        "letter": letter, "html": html, "correct": correct, "count": pick.count, "share": _percent(pick.count / item.n),
        "rest": NONE if pick.mean_rest is None else f"{pick.mean_rest:.1f}",
    }


# -- words ----------------------------------------------------------------------------------------------------------


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{share * 100:.0f}%"


def _decimals(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}".replace("-", "−")


def _type_words() -> dict[Type, str]:
    return {
        Type.SINGLE: gettext("Single choice"), Type.MULTIPLE: gettext("Multiple choice"), Type.JUDGE: gettext("True or false"),
        Type.BLANK: gettext("Fill in"), Type.SHORT: gettext("Short answer"), Type.ESSAY: gettext("Essay"),
    }


def _flag_words() -> dict[Flag, str]:
    return {
        Flag.WRONG_KEY: gettext("Key may be wrong"), Flag.NEGATIVE: gettext("Discriminates negatively"),
        Flag.TOO_HARD: gettext("Too hard"), Flag.POOR: gettext("Discriminates poorly"), Flag.TOO_EASY: gettext("Too easy"),
        Flag.UNPICKED: gettext("A wrong choice that nobody picks"),
    }
