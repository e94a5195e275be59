"""What people mark reaches a trainee with its release and not before; what staff say among themselves, never."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import pytest

from author import keys_moved, plant_words
from ladder.records.models import Attempt
from spy import Spy, Watch
from trainee import Trainee
from written import EXAM, Marker, add_written_exam, hand_in

FIRST_DAY = {"stage:start", "lesson:welcome", "lesson:voice", "article:limits", "article:calming", "briefing:late-van"}
RUBRICS = {"soothe": ["8", "11.5"], "verify": ["12", "7"], "sum-up": ["0", "10"]}
NEVER = ("title", "keyword", "draft", "superseded", "staff", "other", "reason", "alternative")


@pytest.fixture
def words(site) -> dict[str, str]:
    """The words planted in the small course with its written exam, by name."""
    add_written_exam(site)
    planted = plant_words(site.folder, site.banks)
    site.load()
    return planted


@pytest.fixture
def spy(sign_in, act, site, words) -> Spy:
    return Spy(sign_in("trainee"), act, site, Watch(words))


@pytest.fixture
def marker(sign_in, act, spy) -> Marker:
    return Marker(sign_in(f"trainer-{spy.watch.plant('staff:name')}"), act)


def planted_for(words: Mapping[str, str], *prefixes: str) -> set[str]:
    """The names of the words of the written exam's questions that begin so."""
    questions = ("hours", "soothe", "verify", "sum-up")
    return {name for name in words for prefix in prefixes if re.fullmatch(rf"{prefix}:({'|'.join(questions)})(/\d+)?", name)}


def on_paper(words: Mapping[str, str]) -> set[str]:
    return {"rules:written-exam"} | planted_for(words, "stem", "choice")


def in_result(words: Mapping[str, str]) -> set[str]:
    return planted_for(words, "why", "point")


def write_all(spy: Spy) -> set[str]:
    """Answer everything with planted words; they are the trainee's own, and theirs to see."""
    sheet = spy.start(EXAM)
    answers = [(card, spy.wrong(card) if card.choices else [f"核对签收，倾听。{spy.watch.plant(f'mine:{spy.key(card).id}')}"])
               for card in sheet.cards]
    spy.save(EXAM, sheet, answers)
    return {f"mine:{question}" for question in RUBRICS}


def note(marker: Marker, slip: Any, comment: str) -> None:
    data = {"question": slip.question, "code": slip.code, "revision": slip.revision, "comment": comment}
    marker.do("draft", data | {"points": [None] * len(slip.steps)})


def mark_all(marker: Marker, spy: Spy, whose: str, name: str = "comment") -> None:
    """Marks with comments for the oldest attempt that waits."""
    for question, points in RUBRICS.items():
        marker.mark(question, points, spy.watch.plant(f"{whose}{name}:{question}"))


def a_colleague_who_is_known_by_planted_words(spy: Spy, marker: Marker, sign_in: Any, act: Any) -> None:
    """Two attempts: one void, one marked and released; every text in them, and every name, is planted."""
    client = sign_in(f"trainee-{spy.watch.plant('other:username')}")
    client.user.first_name, client.user.email = spy.watch.plant("other:first"), f"{spy.watch.plant('other:mail')}@example.com"
    client.user.save()
    colleague = Trainee(client, act, spy.site)
    hand_in(colleague, {question: spy.watch.plant(f"other:void/{question}") for question in RUBRICS})
    marker.do("void_attempt", {"attempt": marker.attempts()[0], "reason": spy.watch.plant("reason:void")})
    hand_in(colleague, {question: spy.watch.plant(f"other:answer/{question}") for question in RUBRICS}, rightly=False)
    note(marker, marker.take("soothe"), spy.watch.plant("other:draft"))
    mark_all(marker, spy, "other:")
    marker.do("release")
    allowed = {"username": client.user.username, "minutes": 5, "attempts": 1, "reason": spy.watch.plant("other:reason")}
    marker.do("allow", allowed)


def test_from_the_first_answer_to_the_release_a_trainee_sees_exactly_what_is_due(spy, words, marker, sign_in, act, site):
    """Drafts, marks, comments, regrades, other people: at each point what was seen is compared with what could be."""
    a_colleague_who_is_known_by_planted_words(spy, marker, sign_in, act)
    due = set(FIRST_DAY)
    assert spy.look_everywhere() == due

    allowed = {"username": "trainee", "minutes": 5, "attempts": 1, "reason": spy.watch.plant("reason:allowance")}
    marker.do("allow", allowed)
    due |= on_paper(words) | write_all(spy)
    assert spy.look_everywhere() == due, "while it is running"

    spy.do("exam", EXAM, "submit", {"attempt": 1})
    assert spy.look_everywhere() == due, "handed in"

    for question in RUBRICS:
        note(marker, marker.take(question), spy.watch.plant(f"draft:{question}"))
    assert spy.look_everywhere() == due, "notes of a marker"

    second = Marker(sign_in(f"trainer-{spy.watch.plant('staff:second')}"), act)
    first = marker.take("soothe")
    mark_all(marker, spy, "superseded:")
    assert spy.look_everywhere() == due, "fully marked, not released"

    slip = slip_again(marker, first)
    assert second.give(slip, ["8", "12"], spy.watch.plant("comment:soothe")).status_code == 200
    note(marker, slip_again(marker, first), spy.watch.plant("draft:later"))
    bank = site.banks / "written.md"
    bank.write_text(keys_moved(bank.read_text(encoding="utf-8")), encoding="utf-8")
    site.load()
    for handler in ("statistics", "regrade", "apply_regrade", "statistics"):
        marker.do(handler)
    assert spy.look_everywhere() == due, "marked by two people and again by a corrected key"

    marker.do("release")
    due |= in_result(words) | {"comment:soothe", "superseded:comment:verify", "superseded:comment:sum-up"}
    assert spy.look_everywhere() == due, "released"
    assert Attempt.objects.filter(learner_id=spy.id).get().marks == 30 + 20 + 19 + 10, "the corrected key counts"

    marker.do("void_attempt", {"attempt": marker.attempts()[0], "reason": spy.watch.plant("reason:mine")})
    assert spy.look_everywhere() == due, "void"
    never = set(spy.watch.forms.values()) - due
    assert {name.partition(":")[0] for name in never} >= set(NEVER)
    assert not {name for name in due if name.startswith(NEVER)} - {"superseded:comment:verify", "superseded:comment:sum-up"}


def slip_again(marker: Marker, slip: Any) -> Any:
    """The form for an answer as it stands now."""
    return marker.take(slip.question, code=slip.code)


@pytest.mark.parametrize("rule", ["review: never", "review: window\ncloses: 2036-01-01T00:00+08:00"])
def test_what_a_policy_keeps_back_is_nowhere_after_the_release(rule, spy, words, marker, site, clock):
    site.rewrite(site.folder / "01-start" / "50-written-exam.md", "minutes: 30", f"minutes: 30\n{rule}")
    due = FIRST_DAY | on_paper(words) | write_all(spy)
    spy.do("exam", EXAM, "submit", {"attempt": 1})
    mark_all(marker, spy, "")
    assert spy.look_everywhere() == due
    marker.do("release")
    assert "<strong>48.5</strong>" in spy.see(EXAM), "the marks are told"
    assert spy.look_everywhere() == due
    clock.go_on(days=20 * 365)
    if "window" in rule:
        due |= in_result(words) | {f"comment:{question}" for question in RUBRICS}
    assert spy.look_everywhere() == due


@pytest.mark.parametrize("running", [EXAM, "mock-exam"])
def test_while_a_question_stands_on_a_running_paper_nothing_shows_its_key_again(running, spy, words, marker, site):
    """It was reviewed once, after this exam or another; what is seen while it runs is what counts."""
    files = site.folder / "01-start"
    (files / "60-mock-exam.md").write_text((files / "50-written-exam.md").read_text(encoding="utf-8"), encoding="utf-8")
    site.load()
    write_all(spy)
    spy.do("exam", EXAM, "submit", {"attempt": 1})
    mark_all(marker, spy, "")
    marker.do("release")
    spy.look_everywhere()
    assert spy.watch.seen >= in_result(words)
    spy.watch.seen = set()
    spy.start(running)
    assert spy.look_everywhere() & in_result(words) == set()
    assert spy.watch.seen >= on_paper(words)


@pytest.mark.parametrize(("late", "answered", "shown"), [(-1, True, False), (0, True, False), (30, True, False), (31, False, True)])
def test_a_closed_exam_shows_its_keys_to_nobody_as_long_as_anybodys_answers_are_taken(
    late, answered, shown, spy, words, marker, site, sign_in, act, clock
):
    """Answers under way at the end are still taken for some seconds: who has the keys by then could tell."""
    closes = clock.time.replace(microsecond=0) + datetime.timedelta(minutes=10)
    window = f"review: window\ncloses: {closes.isoformat()}"
    site.rewrite(site.folder / "01-start" / "50-written-exam.md", "minutes: 30", f"minutes: 30\n{window}")
    write_all(spy)
    spy.do("exam", EXAM, "submit", {"attempt": 1})
    mark_all(marker, spy, "")
    marker.do("release")
    colleague = Trainee(sign_in("trainee-2"), act, site)
    sheet = colleague.start(EXAM)
    clock.go_on(seconds=(closes - clock.time).total_seconds() + late)
    spy.look_everywhere()
    assert (spy.watch.seen & in_result(words)) == (in_result(words) if shown else set())
    card = next(card for card in sheet.cards if card.choices)
    saved = {"op_id": "operation-late", "item": card.item, "revision": 1, "value": colleague.right(card)}
    assert colleague.act("exam", EXAM, "answer", {"attempt": 1, "saves": [saved]}).status_code == (200 if answered else 409)
