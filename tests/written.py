"""An exam with written answers for the small course: two short answers, an essay and one question that the program marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html as markup

from trainee import Trainee

EXAM = "written-exam"
PAPER = """---
kind: exam
title: 书面考核
minutes: 30
---
## 一、选择
每题 30 分。

| bank | type | count | marks |
| --- | --- | --- | --- |
| written | single | 1 | 30 |

## 二、书面
用自己的话写。

| bank | type | count | marks |
| --- | --- | --- | --- |
| written | short | 2 | 20 |
| written | essay | 1 | 30 |
"""
BANK = """---
kind: bank
title: 书面题
kb: limits
---
## 时限 {#hours}
投诉几小时内答复？
- (x) 48 小时
- ( ) 72 小时
> 48 小时。

## 安抚 {#soothe}
客户情绪激动时怎样做？
= 8 让客户把话说完 | 倾听 | 不打断
= 12 表示理解并道歉 | 道歉
> 先听后说的机密解析。

## 核对 {#verify}
退款之前核对什么？
= 12.5 核对签收日期 | 签收
= 7.5 核对发票
> 先核对。

## 总结 {#sum-up .essay}
写一段通话小结。
= 20 写清客户诉求 | 诉求
= 10 写清处理结果
> 小结写诉求与结果。
"""
FULL = {"soothe": ["8", "12"], "verify": ["12.5", "7.5"], "sum-up": ["20", "10"]}


def add_written_exam(site: Any) -> None:
    """Put the exam into the first stage, which is open to everybody."""
    (site.folder / "01-start" / "50-written-exam.md").write_text(PAPER, encoding="utf-8")
    (site.banks / "written.md").write_text(BANK, encoding="utf-8")
    site.load()


def hand_in(trainee: Trainee, texts: Mapping[str, str] | None = None, *, rightly: bool = True) -> dict[str, Any]:
    """A whole attempt: these texts for the written questions, a text of one's own for those not named."""
    texts = {"soothe": "先倾听，不打断，再道歉。", "verify": "核对签收日期。", "sum-up": "诉求和结果。"} | dict(texts or {})
    sheet = trainee.start(EXAM)
    answers = []
    for card in sheet.cards:
        question = trainee.key(card)
        if question.id in texts:
            answers.append((card, [texts[question.id]]))
        else:
            answers.append((card, trainee.right(card) if rightly else trainee.wrong(card)))
    trainee.save(EXAM, sheet, answers)
    return trainee.do("exam", EXAM, "submit", {"attempt": sheet.attempt})


@dataclass(frozen=True)
class Slip:
    """The form on which one answer is marked, as the page holds it. `chosen` are the marks picked, None where none are."""

    question: str
    code: str
    revision: str
    names: str
    steps: tuple[tuple[str, ...], ...]
    chosen: tuple[str | None, ...]
    comment: str


def slip_of(html: str) -> Slip | None:
    """The form on a page of the desk; None when no answer is shown there."""
    forms = markup.fromstring(f"<div>{html}</div>").xpath("//form[@data-marking]")
    if not forms:
        return None
    hidden = {field.get("name"): field.get("value") for field in forms[0].xpath(".//input[@type='hidden']")}
    steps, chosen = [], []
    for row in forms[0].xpath(".//fieldset"):
        picks = row.xpath(".//input[@type='radio']") or row.xpath(".//option[@value != '']")
        steps.append(tuple(pick.get("value") for pick in picks))
        picked = [pick.get("value") for pick in picks if pick.get("checked") is not None or pick.get("selected") is not None]
        assert len(picked) < 2
        chosen.append(picked[0] if picked else None)
    return Slip(**hidden, steps=tuple(steps), chosen=tuple(chosen), comment=forms[0].xpath("string(.//textarea)"))


class Marker:
    """A trainer at the desk of an exam, through its pages and handlers only."""

    def __init__(self, client: Any, act: Any, exam: str = EXAM) -> None:
        self.client, self._act, self.exam = client, act, exam

    def act(self, handler: str, data: Any = None) -> Any:
        """Any handler, whatever it answers."""
        return self._act(self.client, "exam", self.exam, handler, data)

    def do(self, handler: str, data: Any = None) -> dict[str, Any]:
        """A handler that must say yes."""
        response = self.act(handler, data)
        assert response.status_code == 200, (handler, response.status_code, response.content.decode()[:500])
        reply: dict[str, Any] = response.json()
        return reply

    def take(self, question: str, **more: Any) -> Slip:
        """The oldest answer to a question that waits."""
        slip = slip_of(self.do("marking", {"question": question} | more)["html"])
        assert slip is not None
        return slip

    def give(self, slip: Slip, points: Any, comment: Any = "", **more: Any) -> Any:
        """Give marks, whatever the answer."""
        data = {"question": slip.question, "code": slip.code, "revision": slip.revision, "names": slip.names}
        return self.act("give_marks", data | {"points": points, "comment": comment} | more)

    def mark(self, question: str, points: list[str], comment: str = "") -> dict[str, Any]:
        """Mark the oldest answer to a question that waits."""
        response = self.give(self.take(question), points, comment)
        assert response.status_code == 200, response.content.decode()[:500]
        reply: dict[str, Any] = response.json()
        return reply

    def mark_all(self, times: int = 1) -> None:
        """Full marks for that many attempts."""
        for question, points in FULL.items():
            for _ in range(times):
                self.mark(question, points)

    def attempts(self, **state: str) -> list[int]:
        """The ids of the attempts on the front page, in its order."""
        page = markup.fromstring(self.do("desk", state)["html"])
        return [int(id_) for id_ in page.xpath("//form[@data-action='open_attempt']/button/@value")]


def text_of(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(markup.fromstring(f"<div>{html}</div>").text_content().split())
