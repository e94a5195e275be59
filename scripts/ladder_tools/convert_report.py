"""Telling what a conversion did: tables and lines for a terminal, JSON or CSV for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from ladder.core.problems import Problem
from ladder.core.question import Question, Type
from ladder_tools.check import WORDS as CHECK_WORDS
from ladder_tools.convert import Conversion
from ladder_tools.exam_table import TYPES
from ladder_tools.formats import FORMATS
from ladder_tools.formats.escape import to_text
from ladder_tools.formats.model import Feature, Item, Outcome, Reason

_STYLE = {Outcome.IMPORTED: "green", Outcome.WARNED: "yellow", Outcome.REFUSED: "red"}
_SHOWN = 8
_ALIKE = 5  # of the same warning; a report holds all
_WORDS = {
    "zh": {
        Outcome.IMPORTED: "导入", Outcome.WARNED: "导入，有提醒", Outcome.REFUSED: "未导入",
        "preview": "预览", "place": "位置", "outcome": "结果", "type": "题型", "question": "题目", "key": "答案", "told": "说明",
        "totals": "共 {all} 题：导入 {imported}，导入但有提醒 {warned}，未导入 {refused}",
        "kept": "（保留；用 --drop 删去）", "dropped": "（已删去）",
        "bank": "{file}：新增 {added}，修改 {changed}，未变 {unchanged}，来源里没有的 {missing}{word}",
        "lost": "{format} 装不下{what}：{count} 题（{ids}）", "left-out": "{format} 没有{what}：{count} 题没有写出（{ids}）",
        "unwritten": "{format} 写不了{what}：{count} 题没有写出（{ids}）", "alike": "另有 {count} 题有同样的提醒 ({code})",
        "written": "写入 {file}（{size}）", "not-written": "没有写任何文件。改正后再来，或用 --keep-going 写入其余的题。",
        "dry": "这是预演，没有写任何文件。", "nothing": "没有可写的题目。",
        "same": "{file} 没有变化", "gaps": "来源没有写的：{gaps}", "gap": "{what} {count} 题",
        "kb": "知识点", "explanation": "解析", "difficulty": "难度（按 2 计）", "and": "等", "every": "全部",
    },
    "en": {
        Outcome.IMPORTED: "imported", Outcome.WARNED: "imported, warned", Outcome.REFUSED: "refused",
        "preview": "Preview", "place": "place", "outcome": "outcome", "type": "type", "question": "question", "key": "key",
        "told": "why",
        "totals": "questions: {all} ({imported} imported, {warned} imported with a warning, {refused} refused)",
        "kept": " (kept; --drop removes them)", "dropped": " (dropped)",
        "bank": "{file}: {added} added, {changed} changed, {unchanged} unchanged, {missing} not in the source{word}",
        "lost": "{format} cannot hold {what}: {ids} ({count})",
        "left-out": "{format} has no {what}: left out {ids} ({count})",
        "unwritten": "{format} cannot hold {what}: left out {ids} ({count})",
        "alike": "{count} more with the same warning ({code})",
        "written": "wrote {file} ({size})", "not-written": "Nothing was written. Mend it, or write the rest with --keep-going.",
        "dry": "A dry run: nothing was written.", "nothing": "There is no question to write.",
        "same": "{file} is as it was", "gaps": "The source does not say: {gaps}",
        "gap": "{what} ({count})",
        "kb": "the knowledge point", "explanation": "the explanation", "difficulty": "the difficulty (taken as 2)",
        "and": "and more", "every": "all",
    },
}
_FEATURES_ZH = {
    Feature.ID: "题目 id", Feature.TITLE: "题目标题", Feature.DIFFICULTY: "难度", Feature.KB: "知识点",
    Feature.MARKS: "分值", Feature.FIXED: "“选项不打乱”", Feature.PINNED: "固定位置的选项", Feature.EXPLANATION: "解析",
    Feature.MULTIPLE: "多选计分规则", Feature.ANY_ORDER: "“填空不论次序”", Feature.ALTERNATIVES: "一空多个答案",
    Feature.SPANS: "数值范围", Feature.PATTERNS: "答案模式", Feature.EXAMPLES: "接受/拒绝的例子",
    Feature.KEY_POINTS: "分条的要点", Feature.KEY_POINT_MARKS: "要点的分数", Feature.KEYWORDS: "要点的关键词",
    Feature.ESSAY: "“论述题”与简答题的区别", Feature.MARKUP: "文字格式", Feature.PICTURES: "图片", Feature.LINKS: "知识库链接",
}
_REASONS = {
    "zh": {
        Reason.SEVERAL_BLANKS: "有几个空的填空题", Reason.NO_PLAIN_ANSWER: "没有普通答案的填空题（只有模式或数值范围）",
        Reason.LIKE_CLOZE: "题干里有像 Cloze 答案的文字的题", Reason.CHOICES_OVER_8: "超过 8 个选项的题",
        Reason.NOT_READ_BACK: "写出后读不回原样的题", Reason.WORDING: "原来的写法",
    },
    "en": {
        Reason.SEVERAL_BLANKS: "several blanks in a question",
        Reason.NO_PLAIN_ANSWER: "a blank whose answers are only patterns or ranges",
        Reason.LIKE_CLOZE: "a stem that looks like the answers of a Cloze", Reason.CHOICES_OVER_8: "more than 8 choices",
        Reason.NOT_READ_BACK: "what would not be read back as it is", Reason.WORDING: "the exact wording",
    },
}
_FIELDS_ZH = {
    "type": "题型", "stem": "题干", "choices": "选项或答案", "blanks": "答案", "key_points": "要点", "explanation": "解析",
    "difficulty": "难度", "kb": "知识点", "marks": "分值", "title": "标题", "fixed": "选项次序", "any_order": "填空次序",
    "multiple": "计分规则", "examples": "例子",
}


def preview(done: Conversion, spoken: str) -> Table:
    """Each item in a row: where, what became of it, its type, its first words, its key, and why."""
    words = _WORDS[spoken]
    table = Table(title=words["preview"], title_justify="left")
    alone = len({item.file for item in done.items}) == 1
    for name in ("place", "outcome", "type", "question", "key", "told"):
        table.add_column(words[name], overflow="fold")
    for item in done.items:
        style = _STYLE[item.outcome]
        table.add_row(
            _place(item, alone=alone), Text(words[item.outcome], style),
            TYPES[spoken][item.question.type] if item.question else "",
            Text(item.excerpt), Text(_key(item.question) if item.question else ""),
            Text("\n".join(problem.message(spoken) for problem in item.problems)),
        )
    return table


def _place(item: Item, *, alone: bool) -> Text:
    """The place without its folders, so that it keeps to its column; a cell of the only file without its name too."""
    at = item.where.removeprefix(item.file)
    return Text(at.removeprefix(":") if alone and item.sheet else item.file.rpartition("/")[2] + at)


def _key(question: Question) -> str:
    if question.choices:
        letters = "".join(chr(ord("A") + index) for index in question.key)
        return to_text(question.choices[question.key[0]].text) if question.type is Type.JUDGE else letters
    return " | ".join("/".join(keys) for keys in question.blanks) or "；".join(to_text(p.text) for p in question.key_points)


def told(done: Conversion, spoken: str, *, whole: bool = False) -> Iterator[str]:
    """What is wrong: of each problem the place, what, the words it is about, and what to write instead.

    Of a warning that many items share the first few are told in full, the others counted, unless the whole is wanted.
    """
    for problem in done.problems:
        yield from _problem(problem, "", spoken)
    warned: Counter[str] = Counter()
    for item in done.items:
        warned.update({problem.code for problem in item.problems if problem.severity != "error"})
        for problem in item.problems:
            if whole or problem.severity == "error" or warned[problem.code] <= _ALIKE:
                yield from _problem(problem, item.excerpt, spoken)
    for code, count in warned.items():
        if count > _ALIKE and not whole:
            yield _WORDS[spoken]["alike"].format(count=count - _ALIKE, code=code)


def _problem(problem: Problem, excerpt: str, spoken: str) -> Iterator[str]:
    yield f"{problem.where}: {problem.severity} {problem.code}: {problem.message(spoken)}"
    if excerpt:
        yield f"  | {excerpt}"
    yield f"  {CHECK_WORDS[spoken]['hint']}: {problem.hint(spoken)}"


def summary(done: Conversion, spoken: str) -> Iterator[str]:
    """The totals, what each bank gains, and what the destination cannot hold."""
    words = _WORDS[spoken]
    yield words["totals"].format(all=len(done.items), **{outcome.value: done.count(outcome) for outcome in Outcome})
    yield from _gaps(done, spoken)
    for path, changes in done.changes.items():
        word = words["dropped" if done.request.drop else "kept"] if changes.missing else ""
        yield words["bank"].format(
            file=path, added=len(changes.added), changed=len(changes.changed), unchanged=len(changes.unchanged),
            missing=len(changes.missing), word=word,
        )
        yield from (f"  + {question.id}  {question.title}" for question in changes.added)
        for change in changes.changed:
            fields = (_FIELDS_ZH[name] if spoken == "zh" else name.replace("_", " ") for name in change.fields)
            yield f"  ~ {change.after.id}  {change.after.title}: {'、'.join(fields) if spoken == 'zh' else ', '.join(fields)}"
        mark = "-" if done.request.drop else "="
        yield from (f"  {mark} {question.id}  {question.title}" for question in changes.missing)
    yield from _losses(done, spoken)


def _gaps(done: Conversion, spoken: str) -> Iterator[str]:
    """What an author has to add to make good questions of those that came in."""
    words = _WORDS[spoken]
    come = [(item.question, item.said) for item in done.items if item.question]
    lacking = {
        "explanation": sum(not question.explanation for question, _ in come),
        "kb": sum(question.kb is None for question, _ in come),
        "difficulty": sum("difficulty" not in said for _, said in come),
    }
    gaps = [words["gap"].format(what=words[name], count=count) for name, count in lacking.items() if count]
    if gaps:
        yield words["gaps"].format(gaps=("、" if spoken == "zh" else ", ").join(gaps))


def _losses(done: Conversion, spoken: str) -> Iterator[str]:
    words, format_ = _WORDS[spoken], FORMATS[done.request.write_as]
    title = format_.title_zh if spoken == "zh" else format_.title_en
    everything = sum(len(bank.questions) for bank in done.banks)
    counted: Counter[tuple[bool, str]] = Counter()
    ids: dict[tuple[bool, str], list[str]] = {}
    for loss in done.losses:
        for what in loss.what:
            counted[loss.whole, what] += 1
            ids.setdefault((loss.whole, what), []).append(loss.question.id)
    for (whole, what), count in counted.items():
        shown = ", ".join(ids[whole, what][:_SHOWN]) + (f" {words['and']}" if count > _SHOWN else "")
        shown = words["every"] if count == everything > _SHOWN else shown
        line = "lost" if not whole else "unwritten" if what in set(Reason) else "left-out"
        yield words[line].format(format=title, what=_what(what, whole, spoken), count=count, ids=shown)


def _what(what: str, whole: bool, spoken: str) -> str:
    if whole and what in set(Type):
        return TYPES[spoken][Type(what)] + ("题" if spoken == "zh" else "")
    if what in set(Feature):
        return _FEATURES_ZH[Feature(what)] if spoken == "zh" else what.replace("-", " ")
    return _REASONS[spoken][Reason(what)]


def ending(done: Conversion, spoken: str, *, dry_run: bool, written: bool) -> Iterator[str]:
    """What was written, or why nothing was."""
    words = _WORDS[spoken]
    yield from (words["same"].format(file=path) for path in done.same)
    if not done.files:
        yield from () if done.same else (words["nothing"],)
    elif written:
        yield from (words["written"].format(file=path, size=_size(len(data))) for path, data in done.files.items())
    else:
        yield words["dry" if dry_run else "not-written"]


def _size(size: int) -> str:
    return f"{size / 1000:.1f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def report(done: Conversion, path: Path, spoken: str) -> bytes:
    """The whole report as JSON or CSV, by the extension of its file; text for any other."""
    if path.suffix == ".json":
        return _as_json(done, spoken)
    if path.suffix == ".csv":
        return _as_csv(done, spoken)
    return "\n".join([*told(done, spoken, whole=True), *summary(done, spoken), ""]).encode("utf-8")


def _as_json(done: Conversion, spoken: str) -> bytes:
    content = {
        "totals": {"items": len(done.items), **{outcome.value: done.count(outcome) for outcome in Outcome}},
        "problems": [_plain(problem, spoken) for problem in done.problems],
        "items": [
            {
                "where": item.where, "outcome": item.outcome.value, "excerpt": item.excerpt,
                "id": item.question.id if item.question else None, "type": item.question.type.value if item.question else None,
                "problems": [_plain(problem, spoken) for problem in item.problems],
            }
            for item in done.items
        ],
        "banks": [
            {
                "file": str(path), "added": [question.id for question in changes.added],
                "changed": [{"id": change.after.id, "fields": change.fields} for change in changes.changed],
                "unchanged": [question.id for question in changes.unchanged],
                "dropped" if done.request.drop else "missing": [question.id for question in changes.missing],
            }
            for path, changes in done.changes.items()
        ],
        "losses": [
            {"bank": loss.bank, "id": loss.question.id, "left_out": loss.whole, "what": loss.what} for loss in done.losses
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _plain(problem: Problem, spoken: str) -> dict[str, str]:
    return {
        "where": problem.where, "severity": problem.severity, "code": problem.code, "message": problem.message(spoken),
        "hint": problem.hint(spoken),
    }


def _as_csv(done: Conversion, spoken: str) -> bytes:
    """With a byte order mark, or Excel reads the Chinese wrongly; what Excel would take for a formula gets an apostrophe."""
    words = _WORDS[spoken]
    rows = [[words[name] for name in ("place", "outcome", "type", "question", "told")]]
    rows += [["", problem.severity, "", "", f"{problem.where}: {problem.message(spoken)}"] for problem in done.problems]
    rows += [_row(item, spoken) for item in done.items]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([[_guarded(cell) for cell in row] for row in rows])
    return buffer.getvalue().encode("utf-8-sig")


def _row(item: Item, spoken: str) -> list[str]:
    type_ = TYPES[spoken][item.question.type] if item.question else ""
    return [item.where, _WORDS[spoken][item.outcome], type_, item.excerpt, "\n".join(p.message(spoken) for p in item.problems)]


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def formats_table(spoken: str) -> Table:
    """The formats with their extensions, and which way they go."""
    heads = {"zh": ("格式", "", "扩展名", "读", "写"), "en": ("format", "", "extensions", "in", "out")}[spoken]
    table = Table(*heads)
    for format_ in FORMATS.values():
        title = format_.title_zh if spoken == "zh" else format_.title_en
        ways = ("✓" if way else "" for way in (format_.reads, format_.writes))
        table.add_row(format_.name, title, " ".join(format_.extensions), *ways)
    return table
