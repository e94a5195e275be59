"""Bringing questions into a bank that is there: what is the same stays to the letter, with its id; the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ladder.core.bank import Bank
from ladder.core.blank import fold
from ladder.core.duplicates import fingerprint, likeness
from ladder.core.problems import Report
from ladder.core.question import STAFF_MARKED, Choice, Question
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Item
from ladder_tools.naming import free_id, title_of

ALIKE = 0.75
_COMPARED = (
    "type", "stem", "choices", "blanks", "key_points", "explanation", "difficulty", "kb", "marks", "title", "fixed", "any_order",
    "multiple", "examples",
)


@dataclass(frozen=True)
class Change:
    """A question of the bank that the source says otherwise; `fields` are the names of what differs."""

    before: Question
    after: Question
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What an import does to a bank. `missing` are its questions that the source does not have."""

    added: tuple[Question, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Question, ...] = ()
    missing: tuple[Question, ...] = ()


def update(bank: Bank, items: Sequence[Item], *, drop: bool) -> tuple[Bank, Changes, list[Item]]:
    """The bank with the items brought in, what changed, and the items with the ids they have got.

    A question of the bank is found by its id, else by its stem and choices, else by its stem, else by likeness (with a warning).
    With `drop` those that no item speaks of go; else they stay.
    """
    matches = _match(bank, items)
    taken = {question.id for question in bank.questions}
    after: dict[str, Question] = {}
    added: list[Question] = []
    changed: list[Change] = []
    unchanged: list[Question] = []
    result: list[Item] = []
    for index, item in enumerate(items):
        if item.question is None:
            result.append(item)
            continue
        before, alike = matches.get(index, (None, False))
        if before is None:
            question = _new(item.question, bank, taken)
            taken.add(question.id)
            added.append(question)
        else:
            question = merged(before, item)
            after[before.id] = question
            fields = tuple(name for name in _COMPARED if getattr(question, name) != getattr(before, name))
            if fields:
                changed.append(Change(before, question, fields))
            else:
                unchanged.append(question)
        result.append(_with_warning(replace(item, question=question), question.id if alike else ""))
    missing = tuple(question for question in bank.questions if question.id not in after)
    kept = [after.get(question.id, question) for question in bank.questions if not drop or question.id in after]
    return replace(bank, questions=(*kept, *added)), Changes(tuple(added), tuple(changed), tuple(unchanged), missing), result


def _new(question: Question, bank: Bank, taken: set[str]) -> Question:
    """A question of this bank: what says nothing of its place in the knowledge base has the bank's."""
    return replace(
        question, id=question.id or free_id(question, taken), title=question.title or title_of(question),
        kb=question.kb or bank.kb,
    )


def _with_warning(item: Item, id_: str) -> Item:
    if not id_:
        return item
    report = Report(item.file, sheet=item.sheet)
    report.warning("matched-by-likeness", item.line, item.column, id=id_)
    return replace(item, problems=(*item.problems, *report.problems))


def _match(bank: Bank, items: Sequence[Item]) -> dict[int, tuple[Question, bool]]:
    """Of each item by its index the question it speaks of, and whether only likeness says so. Each question is found once."""
    found: dict[int, tuple[Question, bool]] = {}
    left = {question.id: question for question in bank.questions}
    for key, agree in ((_id, _always), (fingerprint, _always), (_stem, _share_a_choice)):
        table = _once(left.values(), key)
        asked = Counter(key(item.question) for index, item in enumerate(items) if item.question and index not in found)
        for index, item in enumerate(items):
            if index in found or item.question is None or asked[key(item.question)] > 1:
                continue
            match = table.get(key(item.question))
            if match and agree(match, item.question):
                found[index] = (left.pop(match.id), False)
    news = [(index, item.question) for index, item in enumerate(items)
            if item.question and index not in found and not item.question.id]
    for index, match in _alike(news, left):
        found[index] = (match, True)
    return found


def _once(questions: Iterable[Question], key: Callable[[Question], str]) -> dict[str, Question]:
    """Questions by a key that no two of them share."""
    table: dict[str, list[Question]] = {}
    for question in questions:
        table.setdefault(key(question), []).append(question)
    return {name: found[0] for name, found in table.items() if name and len(found) == 1}


def _id(question: Question) -> str:
    return question.id


def _stem(question: Question) -> str:
    return f"{question.type}:{fold(to_text(question.stem))}"


def _always(_one: Question, _other: Question) -> bool:
    return True


def _share_a_choice(one: Question, other: Question) -> bool:
    """`Which is right?` is asked of many things: only with a choice in common is it the same question."""
    texts = [{fold(to_text(choice.text)) for choice in question.choices} for question in (one, other)]
    return not (texts[0] or texts[1]) or bool(texts[0] & texts[1])


def _alike(news: Sequence[tuple[int, Question]], left: dict[str, Question]) -> Iterator[tuple[int, Question]]:
    """Pairs that are like each other, the likest first."""
    pairs = sorted(
        ((likeness(new, old), index, old.id) for index, new in news for old in left.values()),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    taken: set[int] = set()
    for like, index, id_ in pairs:
        if like >= ALIKE and index not in taken and id_ in left:
            taken.add(index)
            yield index, left.pop(id_)


def merged(before: Question, item: Item) -> Question:
    """A question as the source says it, and as the bank has it where the source is silent or says the same in plain words."""
    new = item.question
    assert new is not None
    said = {name: getattr(new, name) for name in item.said if name not in ("id", "line", "title")}
    said_kb = said.pop("kb", None)
    type_ = before.type if "type" not in item.said and {before.type, new.type} <= STAFF_MARKED else new.type
    said |= {"type": type_, "choices": _choices(before, new), "stem": _words(before.stem, new.stem)}
    if type_ is not before.type:
        said |= {"blanks": new.blanks, "key_points": new.key_points, "examples": (), "fixed": new.fixed}
    if "explanation" in said:
        said["explanation"] = _words(before.explanation, new.explanation)
    if "title" in item.said and new.title:
        said["title"] = new.title
    return replace(before, **said, kb=said_kb or before.kb)


def _words(before: str, after: str) -> str:
    return before if before == after or fold(to_text(before)) == fold(to_text(after)) else after


def _choices(before: Question, new: Question) -> tuple[Choice, ...]:
    """The source's choices in the bank's order when they are the same ones, with the bank's markup and pins."""
    old = {fold(to_text(choice.text)): choice for choice in before.choices}
    choices = []
    for choice in new.choices:
        same = old.get(fold(to_text(choice.text)))
        choices.append(Choice(same.text, choice.correct, same.pinned or choice.pinned) if same else choice)
    if {choice.text for choice in choices} == {choice.text for choice in before.choices}:
        right = {choice.text: choice for choice in choices}
        return tuple(right[choice.text] for choice in before.choices)
    return tuple(choices)
