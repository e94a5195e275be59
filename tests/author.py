"""Changes an author makes, made by program: keys moved, and marks planted wherever something must stay hidden."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path


def keys_moved(text: str) -> str:
    """A bank in which every right answer has become wrong."""
    def move(run: re.Match[str]) -> str:
        marks = re.findall(r"^- ([(\[].[)\]])", run[0], re.MULTILINE)
        moved = iter([*marks[1:], marks[0]])
        return re.sub(r"^- [(\[].[)\]]", lambda _: f"- {next(moved)}", run[0], flags=re.MULTILINE)

    return re.sub(r"\{\{.*?\}\}", "{{99}}", re.sub(r"(?:^- [(\[].*\n)+", move, text, flags=re.MULTILINE))


Plant = Callable[[str], str]


def planted(folder: Path, banks: Path) -> dict[str, str]:
    """Plant a random word in every text of a course that is not for everybody at once; the words by name.

    Names: `lesson:`, `article:`, `stage:`, `briefing:`, `rules:` and the id; `said:`, `words:`, `reason:`, `label:` and the case, scene
    and option; `stem:`, `choice:`, `why:`, `key:`, `alternative:`, `point:` and the question.
    """
    words: dict[str, str] = {}

    def plant(name: str) -> str:
        assert name not in words, name
        words[name] = f"zq{secrets.token_hex(9)}"
        return words[name]

    for path in sorted(folder.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        kind, id_ = re.findall(r"^kind: (\w+)", text, re.MULTILINE)[0], re.sub(r"^\d+-", "", path.stem)
        if kind == "stage":
            id_ = re.sub(r"^\d+-", "", path.parent.name)
        if kind != "course":
            head, body = text[3:].split("\n---\n", 1)
            path.write_text(f"---{head}\n---\n{_PLANTERS[kind](id_, body, plant)}", encoding="utf-8")
    for path in sorted(banks.glob("*.md")):
        head, *questions = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text(head + "".join(_question(question, plant) for question in questions), encoding="utf-8")
    return words


def _prose(kind: str) -> Callable[[str, str, Plant], str]:
    return lambda id_, body, plant: f"{body}\n{plant(f'{kind}:{id_}')}\n"


def _exam(id_: str, body: str, plant: Plant) -> str:
    return f"## 说明\n{plant(f'rules:{id_}')}\n\n{body}" if not body.lstrip().startswith("##") else re.sub(
        r"\A(\s*##[^\n]*\n)", lambda head: f"{head[1]}{plant(f'rules:{id_}')}\n\n", body)


def _case(id_: str, body: str, plant: Plant) -> str:
    briefing, *scenes = re.split(r"^(?=## )", body, flags=re.MULTILINE)
    return f"{briefing.rstrip()} {plant(f'briefing:{id_}')}\n\n" + "".join(_scene(id_, scene, plant) for scene in scenes)


def _scene(case: str, text: str, plant: Plant) -> str:
    name = f"{case}/{re.findall(r'#([a-z-]+)', text)[0]}"
    option = -1
    lines = []
    for line in text.splitlines():
        if line.startswith("> "):
            line += plant(f"said:{name}") if f"said:{name}" not in lines else ""
        elif line.startswith("- "):
            option += 1
            words, _, target = line.partition(" → [")
            line = f"{words}{plant(f'words:{name}/{option}')} → [{plant(f'label:{name}/{option}')}{target}"
        elif "理由：" in line:
            line += plant(f"reason:{name}/{option}")
        lines.append(line)
    return "\n".join(lines) + "\n\n"


def _question(text: str, plant: Plant) -> str:
    name = re.findall(r"#([a-z-]+)", text)[0]
    lines, choice = [], 0
    for place, line in enumerate(text.splitlines()):
        if "{{" in line:
            line = re.sub(r"\{\{", lambda _: f"{{{{{plant(f'key:{name}/{line_blanks(lines)}')}|", line, count=1)
            line = line.replace("}}", f"|{plant(f'alternative:{name}')}}}}}", 1)
        if place == 1:
            line += plant(f"stem:{name}")
        elif line.startswith("- "):
            line += plant(f"choice:{name}/{choice}")
            choice += 1
        elif line.startswith("= "):
            line += plant(f"point:{name}/{place}")
        elif line.startswith("> "):
            line += plant(f"why:{name}")
        lines.append(line)
    return "\n".join(lines) + "\n\n"


def line_blanks(lines: list[str]) -> int:
    return len(lines)


_PLANTERS = {
    "lesson": _prose("lesson"), "article": _prose("article"), "stage": _prose("stage"), "case": _case, "exam": _exam,
}
