"""Made-up trainees at different points of the ladder, so that no page of the preview is empty.

They use the blocks' own handlers, as a browser would: nothing is written into the tables past the rules.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from webob import Request

from ladder.core.case import Case, best_path
from ladder.core.course import questions_of
from ladder.core.paper import Item
from ladder.core.question import STAFF_MARKED, Question, Type
from ladder.records.exam import sittings
from ladder_tools.preview.content import Site
from ladder_tools.preview.demo_answers import ANSWERS
from ladder_tools.preview.runtime import PreviewRuntime


@dataclass(frozen=True)
class Trainee:
    """How far somebody has come: units done in order, share of exam answers known, whether the last call went badly."""

    name: str
    units: int
    knows: float = 0.95
    careless: bool = False
    sittings: int = 1


# Units are counted over both written stages: lessons, then cases, then the exam of each.
TRAINEES = (
    Trainee("林晓雨", 22), Trainee("陈思远", 22, 0.85), Trainee("王佳宁", 22, 0.7),
    Trainee("赵一鸣", 16), Trainee("孙若彤", 14),
    Trainee("周子涵", 12), Trainee("吴雨桐", 10), Trainee("郑浩然", 9, 0.4),
    Trainee("冯可欣", 9, 0.45, careless=True, sittings=2), Trainee("许文博", 9, 0.8), Trainee("何静怡", 3), Trainee("唐嘉树", 1),
)


def seed(site: Site, notify: Callable[[str], None] = lambda _: None) -> None:
    """Let the made-up trainees study, unless they already have."""
    users = get_user_model().objects
    for number, trainee in enumerate(TRAINEES, start=1):
        with transaction.atomic():
            user, made = users.get_or_create(username=f"demo-{number:02}", defaults={"first_name": trainee.name})
            if made:
                user.set_unusable_password()
                user.save()
                _Player(site, user, trainee, random.Random(number)).play()  # noqa: S311 (an actor's script, no secret)
        notify(trainee.name)


DEFAULT = ("先听客户说完，再按知识库的说法答复，最后确认客户还有没有别的问题。",)


class _Player:
    """One trainee at work."""

    def __init__(self, site: Site, user: Any, trainee: Trainee, chance: random.Random) -> None:
        self.site, self.user, self.trainee, self.chance = site, user, trainee, chance
        self.runtime = PreviewRuntime(site, user)

    def play(self) -> None:
        units = [
            (folder, leaf) for folder in self.site.course.stages for leaf in (*folder.lessons, *folder.cases, *folder.exams)
        ]
        for folder, leaf in units[: self.trainee.units]:
            kind = "lesson" if leaf in folder.lessons else "case" if leaf in folder.cases else "exam"
            for _ in range(self.trainee.sittings if kind == "exam" else 1):
                getattr(self, f"_{kind}")(leaf)

    def _send(self, kind: str, name: str, action: str, data: dict[str, Any]) -> int:
        block = self.runtime.get_block(self.site.key.make_usage_key(f"ladder_{kind}", name))
        request = Request.blank("/", method="POST", body=json.dumps(data).encode(), content_type="application/json")
        return int(self.runtime.handle(block, action, request).status_int)

    def _op(self) -> str:
        return f"demo-{self.chance.getrandbits(64):016x}"

    def _lesson(self, lesson: Any) -> None:
        self._send("lesson", lesson.id, "read", {"sections": [section.slug for section in lesson.sections]})
        self._send("lesson", lesson.id, "finish", {})

    def _case(self, case: Case) -> None:
        self._send("case", case.id, "begin", {})
        for place, step in enumerate(best_path(case, careless=self.trainee.careless)):
            self._send("case", case.id, "choose", {"op_id": self._op(), "position": place, "option": step.option})

    def _exam(self, exam: Any) -> None:
        if self._send("exam", exam.id, "begin", {}) != 200:
            return
        sitting = sittings(self.user.id, str(self.site.key), exam.id)[-1]
        questions = questions_of(self.site.course.banks)
        saves = []
        for place, item in enumerate(sitting.paper.items, start=1):
            question = questions[item.question]
            if question.type in STAFF_MARKED:
                value = [self.chance.choice(ANSWERS.get(question.id, DEFAULT))]
            else:
                value = right_answer(item, question) if self.chance.random() < self.trainee.knows else []
            if value or not question.blanks:
                saves.append({"op_id": self._op(), "item": place, "revision": 1, "value": value})
        self._send("exam", exam.id, "answer", {"attempt": sitting.number, "saves": saves})
        self._send("exam", exam.id, "submit", {"attempt": sitting.number})


def right_answer(item: Item, question: Question) -> list[Any]:
    """What a page would send for a fully right answer."""
    if question.type is Type.BLANK:
        return [accepted[0] for accepted in question.blanks]
    return [item.order.index(choice) for choice in question.key]
