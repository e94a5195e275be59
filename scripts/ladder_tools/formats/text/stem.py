"""What a stem says beside the question: its type and marks in brackets, the answer in its brackets, tags of other programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from ladder.core.problems import Report
from ladder.core.question import Type
from ladder_tools.formats.drafts import answers, wording
from ladder_tools.formats.drafts.blanks import has_blank
from ladder_tools.formats.drafts.draft import Draft, DraftChoice

_TYPE = (
    r"(?:(?:单项?|多项?|双项?|不定项)选?择?|选择|判断|是非|填空|简答|问答|论述|案例分析|名词解释"
    r"|single(?: choice)?|multiple(?: choice)?|true(?:/| or )false|judge|fill in the blanks?|blank|short(?: answer)?|essay)题?"
)
_MARKS = r"(?:本[小大]?题|共|满分)?\s*\d{1,3}(?:\.\d)?\s*(?:分|marks?|points?)"
_EACH = r"每[小个]?[题空]\s*\d{1,3}(?:\.\d)?\s*分"
_BEFORE = re.compile(
    rf"\s*[\[【(（]\s*(?:(?P<type>{_TYPE})(?:\s*[,，、;；]?\s*(?P<with>{_MARKS}))?|(?P<marks>{_MARKS}))\s*[\]】)）]\s*"
    rf"(?:[(（]\s*(?P<grading>系统评分|人工评分)\s*[)）]\s*)?|\s*(?P<named>{_TYPE})(?:\s*[:：]|(?<=题)\s)\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[\[【(（]\s*(?:(?P<type>{_TYPE})|(?P<marks>{_MARKS}|{_EACH})(?:\s*[,，;；]\s*{_MARKS})?|(?:答案|正确答案|answer)\s*[:：]\s*(?P<answer>[^\[\]【】]*?)"
    rf"|(?:分值|分数|score)\s*[:：]\s*(?P<score>[\d.,，\s]+分?)|(?P<rule>全部|部分|按空|all|partial)|(?P<lost>人工|manual)"
    r"|(?:答案)?解析\s*[:：]\s*(?P<why>[^()（）\[\]【】]+)"
    r")\s*[\]】)）]\s*(?P<end>[。.]?)(?:\s*[*＊])?\Z",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(?P<open>[(（【\[])\s*(?P<answer>[A-ZＡ-Ｚ](?:[\s、,，]*[A-ZＡ-Ｚ])*)\s*(?P<close>[)）】\]])")
# ____A____, and behind the end of the question: 首问责任人是谁？A
_LETTERS_APART = re.compile(
    r"(?P<open>(?<!_)_{1,30})\s?(?P<answer>[A-ZＡ-Ｚ]{1,8})\s?(?P<close>_{1,30}(?!_))|(?<=[？?。：:])\s*(?P<bare>[A-ZＡ-Ｚ]{1,8})\Z"
    r"|[(（]\s*(?P<small>[a-h])\s*[)）]\s*[。.]?\Z"
)
_LETTERS_AT_END = re.compile(r"[(（]\s*(?P<answer>[A-ZＡ-Ｚ]{1,8})\s*[)）]\Z")
TICK = re.compile(
    r"(?P<open>[(（【\[])\s*(?P<answer>√|×|✓|✗|✔|✘|对|错|正确|错误|是|否|同意|不同意|[TFYNXtfx]|true|false)\s*(?P<close>[)）】\]])\s*[。.]?\Z",
    re.IGNORECASE,
)
_MARKS_BEFORE_BRACKETS = re.compile(rf"[\[【(（]\s*(?P<marks>{_MARKS})\s*[\]】)）]\s?(?=[(（]\s*[)）][。.]?\Z)")
_WRONG_AT_END = re.compile(r"\s?(?:[(（【\[]\s?(?:错误|错|×|✗|✘|❌)\s?[)）】\]]|[×✗✘❌])\Z")
# A judgement with the correction behind it: （×）应为两年; （错，不得争辩）
_CORRECTED = re.compile(
    r"[(（]\s?(?:(?P<answer>√|×|✓|✗|✔|✘|对|错|正确|错误)\s?(?:[,，:：。;；]\s?(?P<inside>[^()（）\n]+)[)）]"
    r"|[)）]\s?(?P<behind>(?:改正|订正|更正|应|正确的?[是为:：]|理由|原因|因为|解析)[^\n]+)))\Z"
)
_TICK_FIRST = re.compile(r"[(（【\[]\s?(?P<answer>√|×|对|错|正确|错误)\s?[)）】\]]\s*(?=\S)")
_BARE_TICK = re.compile(r"(?<=[\s。.])(?P<answer>[√×✓✗✔✘])\Z")
# A judgement as a word behind the end of a statement; 对 错 are there to choose from.
SAID_AT_END = re.compile(
    r"(?:(?<=[。.！!？?；;])\s*|(?<![对错确误√×/\s])\s+)"
    r"(?P<answer>正确|错误|对|错|(?:(?<=[。.])|(?<=[。.] ))(?:true|false))[。.]?\Z",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"(?:\(\(|（（)(?P<answer>[^()（）]+)(?:\)\)|））)")
_MODE = re.compile(r"\s*[\[【(（]?(?P<mode>乱序匹配|乱序|全对得分|按空得分)[\]】)）]?\s*")
MAX_TAGS = 8
_AT_END = re.compile(r"[\s。.?？!！]*\Z")


def judgement_in(stem: str) -> re.Match[str] | None:
    """The √, 对 or （错） at the end of a statement that is to be judged."""
    return TICK.search(stem) or _BARE_TICK.search(stem) or SAID_AT_END.search(stem)


def without_end(stem: str, start: int, end: int) -> str:
    """A stem without the answer at its end; the full stop behind that stays when there is none before."""
    before = stem[:start].rstrip()
    return before if before[-1:] in "。.！!？?；;" else before + stem[end:].strip()


def finish(draft: Draft, spans: Sequence[tuple[int, int]], report: Report) -> None:
    """Take out of a finished draft what its stem, its choices and its answer say beside the question."""
    _take_marked_blanks(draft, spans)
    _take_before(draft)
    _take_after(draft)
    _take_mode(draft)
    _take_double(draft)
    if draft.choices:
        _take_letters(draft, report)
        _take_wrong(draft)
    else:
        _take_tick(draft, report)
    marks = _MARKS_BEFORE_BRACKETS.search(draft.stem)
    if marks:
        _take_marks(draft, marks["marks"])
        draft.stem = draft.stem[: marks.start()] + draft.stem[marks.end() :]


def _take_wrong(draft: Draft) -> None:
    """（错误） behind choices, where （正确） is behind another."""
    if any(choice.marked for choice in draft.choices):
        for choice in draft.choices:
            choice.text = choice.text if choice.marked else _WRONG_AT_END.sub("", choice.text) or choice.text


def _take_marked_blanks(draft: Draft, spans: Sequence[tuple[int, int]]) -> None:
    """In a section of blanks, what is underlined in a stem without blanks is what was filled in."""
    if not spans or wording.types_of(draft.section) != {Type.BLANK} or draft.answer is not None or has_blank(draft.stem):
        return
    text, last = "", 0
    for start, end in spans:
        draft.blanks.append(draft.stem[start:end].strip())
        text += f"{draft.stem[last:start]}{{{{{len(draft.blanks)}}}}}"
        last = end
    draft.stem = text + draft.stem[last:]


def _take_before(draft: Draft) -> None:
    if "人工评分" in draft.section:
        draft.lost["评分方式"] = "人工评分"
    for _ in range(MAX_TAGS):
        tag = _BEFORE.match(draft.stem)
        if not tag:
            return
        draft.type_word = tag["type"] or tag["named"] or draft.type_word
        _take_marks(draft, tag["marks"] or tag["with"])
        if tag["grading"] == "人工评分":
            draft.lost["评分方式"] = tag["grading"]
        draft.stem = draft.stem[tag.end() :]


def _take_after(draft: Draft) -> None:
    """Tags at the end of a stem or of its first line: （多选）, （2分）, [单选题][答案:D][分值:5][全部]."""
    lines = draft.stem.split("\n")
    for index in sorted({0, len(lines) - 1}):
        line = lines[index]
        for _ in range(MAX_TAGS):
            tag = _AFTER.match(line, max(0, *map(line.rfind, "[【(（")))
            if not tag:
                break
            _apply(tag, draft)
            line = line[: tag.start()].rstrip() + tag["end"]
        rest = lines[index + 1 :]
        tagged = line != lines[index] and "[" in lines[index] and _is_choice(draft.type_word)
        if tagged and not draft.choices and len(rest) <= len(ascii_uppercase):  # choices without letters
            places = enumerate(zip(ascii_uppercase, rest, strict=False), draft.line + 1)
            draft.choices = [DraftChoice(letter, text, place) for place, (letter, text) in places]
            lines[index:] = [line]
            break
        lines[index] = line
    draft.stem = "\n".join(lines).strip()


def _is_choice(words: str) -> bool:
    return bool(wording.types_of(words)) and wording.types_of(words) <= {Type.SINGLE, Type.MULTIPLE}


def _apply(tag: re.Match[str], draft: Draft) -> None:
    draft.type_word = tag["type"] or draft.type_word
    _take_marks(draft, tag["marks"])
    if tag["answer"] and not draft.answer:
        draft.answer = re.sub(r"(?:\A|,\s*)(\d{1,2})\.", r" (\1)", tag["answer"]).strip()
    if tag["score"]:
        each = re.findall(r"\d+(?:\.\d+)?", tag["score"])
        draft.marks = f"{sum(map(float, each)):g}"
        if len(each) > 1:
            draft.lost["分值"] = tag["score"].strip()
    if tag["rule"] and tag["rule"].lower() != "按空":
        draft.rule = tag["rule"]
    if tag["lost"]:
        draft.lost["评分方式"] = tag["lost"]
    if tag["why"]:
        draft.explanation = f"{draft.explanation}\n{tag['why'].strip()}".strip()


def _take_marks(draft: Draft, marks: str | None) -> None:
    """Marks in brackets; those of a field count when there are both."""
    if marks and draft.marks and wording.marks_of(marks) != wording.marks_of(draft.marks):
        draft.lost["分值"] = marks
    draft.marks = draft.marks or marks or ""


def _take_mode(draft: Draft) -> None:
    for _ in range(MAX_TAGS):
        mode = _MODE.match(draft.answer or "")
        if not mode or not draft.answer:
            return
        draft.any_order = draft.any_order or mode["mode"].startswith("乱序")
        draft.rule = mode["mode"] if mode["mode"] == "全对得分" else draft.rule
        draft.answer = draft.answer[mode.end() :]


def _take_double(draft: Draft) -> None:
    """((甲;;乙)): the answer of a blank, or the answer of the question."""
    found = list(_DOUBLE.finditer(draft.stem))
    if not found or draft.answer or draft.blanks:
        return
    if draft.choices or answers.says(found[-1]["answer"], asked=True) is not None:
        draft.answer = found[-1]["answer"]
        draft.stem = f"{draft.stem[: found[-1].start()]}（ ）{draft.stem[found[-1].end() :]}"
        return
    draft.blanks = [match["answer"] for match in found]
    numbers = iter(range(1, len(found) + 1))
    draft.stem = _DOUBLE.sub(lambda _: f"{{{{{next(numbers)}}}}}", draft.stem)


def _take_letters(draft: Draft, report: Report) -> None:
    """The letters in the last brackets of a stem, or behind the last choice, when they are those of choices."""
    last_choice = draft.choices[-1]
    behind = _LETTERS_AT_END.search(last_choice.text)
    if behind and not draft.answer and behind.start() and _are_labels(behind["answer"], draft.choices):
        draft.answer, last_choice.text = behind["answer"], last_choice.text[: behind.start()].rstrip()
        return
    found = [match for match in _LETTERS.finditer(draft.stem) if _are_labels(match["answer"], draft.choices)]
    if not found:
        _take_apart(draft)
        return
    last = found[-1]
    if has_blank(draft.stem) and not _AT_END.match(draft.stem, last.end()):  # （B）级投诉由（ ）处理
        return
    given = answers.unwrapped(answers.letters_and_why(draft.answer or "")[0]).upper()
    letters = re.sub(r"[^A-Z]", "", wording.folded(last["answer"]).upper())
    if given and sorted(re.sub(r"[\W_]", "", given)) != sorted(letters):
        if _AT_END.match(draft.stem, last.end()):
            report.error("conflicting-key", *draft.place("answer"), written=given, marked=letters)
        return
    draft.answer = draft.answer or letters
    _empty(draft, last)


def _take_apart(draft: Draft) -> None:
    """The letters at the end of a stem or on a line in it, when nothing else answers."""
    found = _LETTERS_APART.search(draft.stem)
    letters = found["answer"] or found["bare"] or found["small"] if found else ""
    if not found or draft.answer or any(choice.marked for choice in draft.choices) or not _are_labels(letters, draft.choices):
        return
    draft.answer = letters
    if found["bare"]:
        draft.stem = draft.stem[: found.start()].rstrip()
    else:
        draft.stem = f"{draft.stem[: found.start()]}（ ）{draft.stem[found.end() :]}"


def _are_labels(letters: str, choices: Sequence[DraftChoice]) -> bool:
    found = re.findall("[A-Z]", wording.folded(letters).upper())
    return len(found) == len({*found}) and {*found} <= {choice.label for choice in choices}


def _take_tick(draft: Draft, report: Report) -> None:
    types = wording.types_of(draft.type_word) or wording.types_of(draft.section)
    if types and Type.JUDGE not in types:
        return
    corrected = _CORRECTED.search(draft.stem) if types == {Type.JUDGE} and not draft.answer else None
    if corrected:
        draft.answer = f"{corrected['answer']}，{(corrected['inside'] or corrected['behind']).strip()}"
        draft.stem = f"{draft.stem[: corrected.start()].rstrip()}（ ）"
        return
    first = _TICK_FIRST.match(draft.stem)
    if first and not draft.answer and (types or first["answer"] in "√×"):
        draft.answer, draft.stem = first["answer"], f"{draft.stem[first.end() :].strip()}（ ）"
        return
    tick = judgement_in(draft.stem) if types else TICK.search(draft.stem) or _BARE_TICK.search(draft.stem)
    if not tick:
        return
    given = answers.says(draft.answer or "", asked=True)
    if given is not None and given != answers.says(tick["answer"], asked=True):
        report.error("conflicting-key", *draft.place("answer"), written=draft.answer or "", marked=tick["answer"])
        return
    draft.answer = draft.answer or tick["answer"]
    if tick.re is SAID_AT_END:
        draft.stem = without_end(draft.stem, tick.start(), tick.end("answer"))
    else:
        _empty(draft, tick)


def _empty(draft: Draft, answer: re.Match[str]) -> None:
    draft.stem = f"{draft.stem[: answer.start('answer')].rstrip()} {draft.stem[answer.end('answer') :].lstrip()}".strip()
