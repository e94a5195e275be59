"""What an author does to a course, by program: moves keys, and plants a word in every text that must stay hidden for a while."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path

Plant = Callable[[str], str]


def new_word() -> str:
    """A word that stands nowhere else."""
    return f"zq{secrets.token_hex(9)}"


def keys_moved(text: str) -> str:
    """A bank in which every right answer has become wrong."""

    def move(run: re.Match[str]) -> str:
        marks = re.findall(r"^- ([(\[].[)\]])", run[0], re.MULTILINE)
        moved = iter([*marks[1:], marks[0]])
        return re.sub(r"^- [(\[].[)\]]", lambda _: f"- {next(moved)}", run[0], flags=re.MULTILINE)

    return re.sub(r"\{\{.*?\}\}", "{{99}}", re.sub(r"(?:^- [(\[].*\n)+", move, text, flags=re.MULTILINE))


def plant_words(folder: Path, banks: Path) -> dict[str, str]:
    """Plant random words in a course; they are given by name.

    `lesson:`, `article:`, `stage:`, `briefing:`, `rules:` and an id; `happens:`, `said:`, `words:`, `reason:`, `label:` and a
    case, scene and option; `title:`, `stem:`, `choice:`, `why:`, `key:`, `alternative:`, `point:`, `keyword:` and a question.
    """
    words: dict[str, str] = {}

    def plant(name: str) -> str:
        assert name not in words, name
        words[name] = new_word()
        return words[name]

    for path in sorted(folder.rglob("*.md")):
        head, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        kind = re.findall(r"^kind: (\w+)", head, re.MULTILINE)[0]
        id_ = re.sub(r"^\d+-", "", path.parent.name if kind == "stage" else path.stem)
        if kind != "course":
            body = {"case": _case, "exam": _exam}.get(kind, _prose)(kind, id_, body, plant)
        path.write_text(f"---\n{head}\n---\n{body}", encoding="utf-8")
    for path in sorted(banks.glob("*.md")):
        head, *questions = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        path.write_text(head + "".join(_question(question, plant) for question in questions), encoding="utf-8")
    return words


def _prose(kind: str, id_: str, body: str, plant: Plant) -> str:
    return f"{body}\n{plant(f'{kind}:{id_}')}\n"


def _exam(kind: str, id_: str, body: str, plant: Plant) -> str:
    return re.sub(r"^\|", f"{plant(f'rules:{id_}')}\n\n|", body, count=1, flags=re.MULTILINE)


def _case(kind: str, id_: str, body: str, plant: Plant) -> str:
    briefing, *scenes = re.split(r"^(?=## )", body, flags=re.MULTILINE)
    return f"{briefing}{plant(f'briefing:{id_}')}\n\n" + "".join(_scene(id_, scene, plant) for scene in scenes)


def _scene(case: str, text: str, plant: Plant) -> str:
    name, option, lines = f"{case}/{re.findall(r'{#([a-z-]+)', text)[0]}", -1, []
    for line in text.splitlines():
        if line.startswith(">"):
            line += plant(f"said:{name}")
        elif line.startswith("- "):
            option += 1
            line = line.replace(" → [", f"{plant(f'words:{name}/{option}')} → [{plant(f'label:{name}/{option}')}")
        elif "理由：" in line:
            line += plant(f"reason:{name}/{option}")
        elif line and not line.startswith((" ", "#")):
            line += plant(f"happens:{name}")
        lines.append(line)
    return "\n".join(lines) + "\n\n"


def _question(text: str, plant: Plant) -> str:
    name, choice, lines = re.findall(r"{#([a-z-]+)", text)[0], 0, []
    for place, line in enumerate(text.splitlines()):
        if "{{" in line:
            line = re.sub(r"{{(.*?)}}", rf"{{{{{plant(f'key:{name}')}|\1|{plant(f'alternative:{name}')}}}}}", line, count=1)
        if place == 0:
            line = line.replace(" {#", f"{plant(f'title:{name}')} {{#")
        elif place == 1:
            line += plant(f"stem:{name}")
        elif line.startswith("- ") and not re.search(r"[对错]$|正确$|错误$", line):  # these would be no true or false any more
            line += plant(f"choice:{name}/{choice}")
            choice += 1
        elif line.startswith("= "):
            point, *keywords = line.split(" | ")
            line = " | ".join([point + plant(f"point:{name}/{place}"), *keywords, plant(f"keyword:{name}/{place}")])
        elif line.startswith(">"):
            line += plant(f"why:{name}")
        lines.append(line)
    return "\n".join(lines) + "\n\n"
