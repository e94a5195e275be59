"""What stands beside the text of a Word file, brought to the questions it belongs to: pictures, and what is told of the rest."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from ladder.core.problems import Problem, Report
from ladder.core.question import Question
from ladder_tools.formats.model import Item, Reading
from ladder_tools.formats.word.lines import PICTURE, Picture, Told

_PLACE = re.compile(f"{PICTURE}(\\d+){PICTURE}")


def place_told(reading: Reading, told: Sequence[Told]) -> None:
    """Tell what does not come along at the item whose paragraphs it stands in; what stands before the first at the file."""
    starts = [item.line for item in reading.items]
    more: dict[int, list[Problem]] = {}
    for one in told:
        report = Report(reading.file)
        report.warning(one.code, one.paragraph, text=one.text)
        more.setdefault(bisect_right(starts, one.paragraph) - 1, []).extend(report.problems)
    reading.problems += more.pop(-1, [])
    for index, problems in more.items():
        item = reading.items[index]
        reading.items[index] = replace(item, problems=(*item.problems, *problems))


def place_pictures(reading: Reading, pictures: Sequence[Picture]) -> None:
    """Put the pictures where the text has their numbers, under names made of the file's name and of what they show."""
    names = [_name(reading.file, picture) for picture in pictures]

    def show(text: str) -> str:
        return _PLACE.sub(lambda place: f"![{pictures[int(place[1]) - 1].alt}]({names[int(place[1]) - 1]})", text)

    def tell(text: str) -> str:
        return _PLACE.sub(lambda place: f"[{names[int(place[1]) - 1]}]", text).replace(PICTURE, "")

    for index, item in enumerate(reading.items):
        if item.question:
            texts = "\n".join(_texts(item.question))
            reading.pictures |= {names[number]: pictures[number].data for number in (int(at) - 1 for at in _PLACE.findall(texts))}
        reading.items[index] = _replaced(item, show, tell)


def _name(file: str, picture: Picture) -> str:
    stem = file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "word"
    return f"{slug}-{sha256(picture.data).hexdigest()[:8]}.{picture.kind}"


def _texts(question: Question) -> list[str]:
    return [
        question.stem, question.explanation, *(choice.text for choice in question.choices),
        *(point.text for point in question.key_points),
    ]


def _replaced(item: Item, show: Callable[[str], str], tell: Callable[[str], str]) -> Item:
    question = item.question
    if question:
        question = replace(
            question, stem=show(question.stem), explanation=show(question.explanation),
            choices=tuple(replace(choice, text=show(choice.text)) for choice in question.choices),
            key_points=tuple(
                replace(point, text=show(point.text), keywords=tuple(filter(None, map(tell, point.keywords))))
                for point in question.key_points
            ),
            blanks=tuple(tuple(map(tell, keys)) for keys in question.blanks),
        )
    problems = tuple(
        replace(problem, words=tuple((name, tell(word)) for name, word in problem.words)) for problem in item.problems
    )
    return replace(item, excerpt=tell(item.excerpt), question=question, problems=problems)
