"""Writing GIFT. Everything a record says stands on few lines: a blank line would end it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ladder.core.bank import Bank
from ladder.core.pattern import is_pattern
from ladder.core.question import STAFF_MARKED, Question, Type
from ladder_tools.formats.escape import without_links
from ladder_tools.formats.exact.typed_keys import accepted_amounts, short_answer
from ladder_tools.formats.losses import SPAN
from ladder_tools.formats.model import Feature, Holds, Output, Reason
from ladder_tools.formats.moodle.terms import is_true_or_false, key_points, parts_of, shares, tags

HOLDS = Holds.of(
    Type, Feature.ID, Feature.TITLE, Feature.DIFFICULTY, Feature.KB, Feature.EXPLANATION, Feature.ALTERNATIVES, Feature.SPANS,
    Feature.KEY_POINTS, Feature.KEY_POINT_MARKS, Feature.KEYWORDS, Feature.ESSAY, Feature.MARKUP,
)
_MARKS = re.compile(r"[\\:#={}~]")
_RANGE = re.compile(r"-?\d+(?:\.\d+)?\.\.-?\d+(?:\.\d+)?\Z")


def write(output: Output) -> None:
    """Write each bank as a category of the file."""
    records: list[str] = []
    for bank in output.banks:
        records.append(f"$CATEGORY: $course$/top/{_escaped(bank.title.replace('/', '//'))}")
        records += (record for question in bank.questions if (record := _record(question, bank, output)))
    output.files[""] = ("\n\n".join(records) + "\n").encode()


def _record(question: Question, bank: Bank, output: Output) -> str:
    """One record; `""` when GIFT cannot say it."""
    if len(question.blanks) > 1:
        output.leave_out(bank, question, Reason.SEVERAL_BLANKS)
        return ""
    answers = list(_answers(question, bank, output))
    if not answers:
        return ""
    explanation = without_links(question.explanation)
    if question.type in STAFF_MARKED:
        explanation = f"{explanation}\n\n{key_points(question)}".strip()
    if explanation:
        answers.append(f"####{_text(explanation)}")
    apart, end = ("\n\t", "\n") if question.choices else ("", "")
    block = f"{{{''.join(apart + answer for answer in answers)}{end}}}"
    before, after = (*parts_of(question.stem), "")[:2]
    notes = " ".join((f"[id:{question.id}]", *(f"[tag:{_noted(tag)}]" for tag in tags(question))))
    title = f"::{_escaped(question.title)}::" if question.title else ""
    return f"// {notes}\n{title}[markdown]{_escaped(before)}{block}{_escaped(after)}"


def _answers(question: Question, bank: Bank, output: Output) -> Iterator[str]:
    if question.blanks:
        yield from _typed(question, bank, output)
    elif is_true_or_false(question):
        yield "TRUE" if question.choices[0].correct else "FALSE"
    elif question.choices:
        for choice, share in zip(question.choices, shares(question), strict=True):
            sign = ("=" if choice.correct else "~") if question.type is not Type.MULTIPLE else f"~%{share}%"
            yield sign + _text(without_links(choice.text))
    else:
        yield ""


def _typed(question: Question, bank: Bank, output: Output) -> Iterator[str]:
    (keys,) = question.blanks
    amounts = accepted_amounts(keys)
    if amounts:
        yield "#" + " ".join(f"={_number(key, amount.key)}" for key, amount in amounts)
        return
    held = [key for key in keys if not is_pattern(key) and not SPAN.match(key) and "->" not in key]
    if any(SPAN.match(key) for key in keys):
        output.lose(bank, question, Feature.SPANS)
    if any("->" in key for key in keys):
        output.lose(bank, question, Feature.ALTERNATIVES)  # with an arrow GIFT would take it for pairs
    if not all(key.endswith("}") for key in held):  # braces alone are no blank of ours
        yield " ".join(f"={_text(short_answer(key))}" for key in held)
    else:
        output.leave_out(bank, question, Reason.NO_PLAIN_ANSWER)


def _number(key: str, own: str) -> str:
    """A number with its tolerance; the key as it stands beside it where the number does not say it all."""
    if _RANGE.match(key):
        return key
    number = own.replace("±", ":")
    return number if own == key else f"{number}#{_text(key)}"


def _text(text: str) -> str:
    """A text whose beginning nobody takes for a weight or a format."""
    return ("[markdown]" if text.startswith(("%", "[")) else "") + _escaped(text)


def _noted(tag: str) -> str:
    return tag.replace("]", "\\]")


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda mark: "\\" + mark[0], text).replace("\n", "\\n")
