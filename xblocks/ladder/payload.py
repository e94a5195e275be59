"""A block's payload: one text that holds one or more of the author's files, read by the same parsers as the build."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ladder.core.document import Document, parse_document, split_documents
from ladder.core.errors import ContentError
from ladder.core.exam import parse_exam
from ladder.core.ladder_check import check_part, check_plan
from ladder.core.problems import Problem, Report, errors, in_order, unreadable
from ladder.core.reading import id_of
from ladder.core.script import parse_script
from ladder.core.stage import Plan, parse_plan
from ladder.records.journal import never_under_a_lock

Model = TypeVar("Model")
Parser = Callable[[Document, str, Report], Any]


def parse_files(content: str, parsers: Mapping[str, Parser]) -> tuple[dict[str, list[Any]], list[Problem]]:
    """The models in a payload by kind, and every problem found. Files of other kinds are passed over."""
    models: dict[str, list[Any]] = {kind: [] for kind in parsers}
    problems: list[Problem] = []
    for name, text in split_documents(content):
        report = Report(name)
        document = parse_document(text, report)
        if document is not None and document.kind in parsers:
            models[document.kind].append(parsers[document.kind](document, id_of(name), report))
        problems += report.problems
    return models, problems


def refuse_errors(problems: list[Problem]) -> None:
    """ContentError with all problems when any of them stops the text from being used."""
    wrong = in_order(errors(problems))
    if wrong:
        raise ContentError(wrong)


def parsed_once(size: int) -> Callable[[Callable[[str], Model]], Callable[[str], Model]]:
    """Keep what a parser makes of a text, or why it refuses it, for the last `size` texts of this process.

    A text that is not kept is never parsed while rows are being written: `journal.together` lets go of its lock first.
    """

    def keeping(parse: Callable[[str], Model]) -> Callable[[str], Model]:
        outcomes: OrderedDict[str, Model | ContentError] = OrderedDict()
        turn = threading.Lock()

        def outcome(content: str) -> Model | ContentError:
            with turn:
                if content in outcomes:
                    outcomes.move_to_end(content)
                    return outcomes[content]
            never_under_a_lock(lambda: outcome(content))
            found: Model | ContentError
            try:
                found = parse(content)
            except ContentError as error:
                found = error
            with turn:
                outcomes[content] = found
                if len(outcomes) > size:
                    outcomes.popitem(last=False)
            return found

        @functools.wraps(parse)
        def read(content: str) -> Model:
            found = outcome(content)
            if isinstance(found, ContentError):
                raise ContentError(found.problems)
            return found

        read.cache_clear = outcomes.clear  # type: ignore[attr-defined] # as lru_cache has it
        return read

    return keeping


def parser_of(
    kind: str, parse: Callable[[Document, str, Report], Model], *, kept: bool = False
) -> Callable[[str], Model]:
    """A parser of payloads that hold one file of `kind`, as they are `kept` or of today.

    A text is parsed once per version and process.
    """

    @parsed_once(512)
    def parse_text(content: str) -> Model:
        models, problems = parse_files(content, {kind: parse})
        if not models[kind] and not any(errors(problems)):
            report = Report("content")
            report.error("wrong-kind", 1, kind=kind)
            problems += report.problems
        refuse_errors(unreadable(problems) if kept else problems)
        model: Model = models[kind][0]
        return model

    return parse_text


def check_own_plan(content: str) -> None:
    """ContentError when the rules of the plan that a stage carries contradict each other."""
    refuse_errors(parse_files(content, {"plan": lambda document, _, report: check_plan(document, report)})[1])


def check_with_plan(content: str, kind: str, name: str, plan: Plan) -> None:
    """ContentError when the rules of an exam or a case that is called so contradict the ladder that holds it."""

    def check(document: Document, _: str, report: Report) -> None:
        read = Report(report.file)
        leaf = parse_exam(document, name, read) if kind == "exam" else parse_script(document, name, read)
        check_part(plan, replace(leaf, id=name), document.meta, report)

    refuse_errors(parse_files(content, {kind: check})[1])


@functools.lru_cache(maxsize=64)
def parse_ladder(content: str) -> Plan:
    """The plan of the ladder that a stage block carries."""
    plans = parse_files(content, {"plan": lambda document, _, report: parse_plan(document, report)})[0]["plan"]
    return plans[0] if plans else Plan(())
