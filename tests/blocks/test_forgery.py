"""Marks come from answers and markers alone: whatever is sent they stay between nothing and all, and can be reckoned again."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from hypothesis import event, given, settings, strategies as st

from author import keys_moved
from ladder.core.drawing import draw_paper
from ladder.core.marking import Rules, grade
from ladder.core.rubric import steps
from ladder.desk.queue import code_of
from ladder.exam_file import file_with_key, parse_text
from ladder.exam_results import hand_in as close
from ladder.records.exam import Drawn, Save, answers, save_answers, sitting_of, start_sitting
from ladder.records.marking import Marking, give, release
from ladder.records.models import Attempt, Mark
from ladder_tools.preview.runtime import PreviewRuntime
from written import EXAM, FULL, Marker, add_written_exam, hand_in

ATTEMPTS = 1000
TOKENS = st.sampled_from([
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-0", "0", "1", "true", "null", '"8"', '"0"', '"-0"', '"8.0"', '"8.5"', '"1e1"', '"NaN"',
    '"inf"', '"９"', '" 8"', '"8\\n"', '"12"', '"0.5"', '"99999"', '"0.25"', "8", "7.5", "9" * 400, '"' + "9" * 400 + '"', "[]", '["8"]', "{}",
])
SOUND = {"soothe": ['["8", "12"]', '["0", "0"]', '["7.5", "11.5"]'], "verify": ['["12.5", "7.5"]', '["0.5", "3"]'],
         "sum-up": ['["20", "10"]', '["0", "9.5"]']}
POINTS = st.one_of(TOKENS, st.lists(TOKENS, max_size=4).map(lambda tokens: f"[{', '.join(tokens)}]"))
TEXTS = st.sampled_from(['""', '"gut"', "null", "1", '"\\u0000"', '"' + "x" * 2001 + '"', "[]"])
REVISIONS = st.sampled_from(['"0"', '"1"', '"2"', '"-1"', '"999999"', '"1e2"', '"٣"', "0", "1", "null", '""', '"0000000"', '"00"'])
QUESTIONS = st.sampled_from(['"soothe"', '"verify"', '"sum-up"', '"hours"', '"no-such"', '"calm"', "null", '"../x"', "1"])
FORGED = st.sampled_from(["", ', "marks": 100', ', "earned": "1e9", "possible": "1e9"', ', "attempt": 1, "released": true', ', "marker": 1'])
# Sound marks of which one field or two are something else.
REQUESTS = st.tuples(
    st.sampled_from([(f'"{question}"', points) for question, rows in SOUND.items() for points in rows]),
    st.lists(st.one_of(*(st.tuples(st.just(name), values) for name, values in (
        ("points", POINTS), ("comment", TEXTS), ("revision", REVISIONS), ("question", QUESTIONS)))), max_size=2).map(dict),
    FORGED,
)


@pytest.fixture(autouse=True)
def exam(site) -> None:
    add_written_exam(site)


@pytest.fixture
def marker(sign_in, act) -> Marker:
    return Marker(sign_in("trainer"), act)


def everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in apps.get_app_config("ladder").get_models()}


def newest_marks(attempt: int) -> dict[str, Mark]:
    return {row.question: row for row in Mark.objects.filter(attempt_id=attempt).order_by("revision")}


@pytest.mark.parametrize("released", [False, True])
@settings(max_examples=200)
@given(sent=REQUESTS, handler=st.sampled_from(["give_marks", "draft"]))
def test_whatever_a_marker_sends_marks_stay_within_bounds_and_the_malformed_changes_nothing(
    released, sent, handler, trainee, marker
):
    if not Attempt.objects.exists():
        hand_in(trainee)
        if released:
            marker.mark_all()
            marker.do("release")
    attempt = Attempt.objects.get()
    code = code_of(attempt.course, attempt.block, attempt.id)
    before, ((question, points), spoiled, forged) = everything(), sent
    standing = newest_marks(attempt.id).get(question.strip('"'))
    revision = f'"{standing.revision if standing else 0}"'
    fields = {"question": question, "code": f'"{code}"', "revision": revision, "points": points, "comment": '"gut"'} | spoiled
    body = "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + forged + "}"
    response = marker.act(handler, body.encode())
    assert response.status_code in (200, 400, 409), response.content.decode()
    event(f"{handler} {response.status_code}")
    if response.status_code == 400:
        assert everything() == before
    rubric = {row[0]: Decimal(row[2]) for row in attempt.paper}
    for id_, row in newest_marks(attempt.id).items():
        assert 0 <= row.marks <= row.possible == rubric[id_]
        assert row.points is None or sum(map(Decimal, row.points)) == row.marks
    attempt.refresh_from_db()
    assert attempt.marks is None or attempt.marks == sum(row.marks for row in newest_marks(attempt.id).values())
    assert attempt.marks is None or 0 <= attempt.marks <= 100
    assert (attempt.marks is None) == attempt.pending == (not released), "marks alone release nothing"
    if handler == "draft":
        assert everything()["Mark"] == before["Mark"]


def test_only_the_steps_of_each_key_point_are_marks(trainee, marker):
    """Of all texts that name a number only those on the page are taken, in the number that the question has."""
    hand_in(trainee)
    slip = marker.take("verify")
    assert slip.steps == (steps(Decimal("12.5")), steps(Decimal("7.5")))
    wrong = [["13", "0"], ["12.5"], ["12.5", "7.5", "0"], ["12.50", "7.5"], ["012", "7"], ["+12", "7"], ["12.25", "7"], ["-0", "0"],
             ["0", "-0.5"], ["1e1", "7"], ["١٢", "7"], [12, 7], [12.5, 7.5], [True, False], [None, "7"], ["", "7"]]
    before = everything()
    for points in wrong:
        assert marker.give(slip, points).status_code == 400, points
    assert everything() == before
    assert marker.give(slip, ["12.5", "7.5"]).status_code == 200


@pytest.mark.parametrize("field", ["marks", "earned", "score", "correct", "passed", "possible"])
def test_a_score_that_a_page_sends_is_read_by_nobody(field, trainee):
    sheet = trainee.start("first-exam")
    rows = [{"op_id": f"operation-{card.item}", "item": card.item, "revision": 1, "value": trainee.wrong(card), field: 100}
            for card in sheet.cards]
    trainee.do("exam", "first-exam", "answer", {"attempt": 1, "saves": rows, field: 100})
    trainee.do("exam", "first-exam", "submit", {"attempt": 1, field: 100})
    assert Attempt.objects.get().marks == 0


# -- the same marks every time --------------------------------------------------------------------------------------


def an_answer(chance: random.Random, question: Any) -> tuple[object, ...]:
    """Anything that a page could send for this question."""
    if question.choices:
        count = chance.randint(0, len(question.choices)) if question.type.value == "multiple" else chance.randint(0, 1)
        return tuple(sorted(chance.sample(range(len(question.choices)), count)))
    if question.blanks:
        return tuple(chance.choice([*accepted, "", "?"]) for accepted in question.blanks)
    return (chance.choice(["", " ", "诉求", "听完再说"]),)


def sit_and_mark(site: Any, clock: Any, block: str, learner: int, chance: random.Random) -> None:
    """One attempt: answers by chance, one of them changed, marks of people by chance, some of them given twice."""
    course, content = str(site.now.key), PreviewRuntime(site.now, None).get_block(site.usage("exam", block)).content
    file = parse_text(content)
    paper = draw_paper(file.pool, str(chance.random()))
    [sitting], _ = start_sitting(learner, course, block, content, clock.time, lambda _: Drawn(paper, clock.time))
    saves = [Save(f"operation-{revision}-{place}", item.question, revision, an_answer(chance, file.questions[item.question]))
             for revision in (1, 2) for place, item in enumerate(paper.items) if revision == 1 or place == 1]
    save_answers(learner, course, block, 1, clock.time, lambda _: saves)
    done = close(learner, course, block, 1, clock.time, content)
    for item in paper.items:
        for seen in range(chance.randint(1, 2) if item.question in FULL and item.question not in done.marks else 0):
            points = tuple(chance.choice(steps(point.marks)) for point in file.questions[item.question].key_points)
            earned = sum(map(Decimal, points), Decimal(0))
            give(sitting.id, course, block, Marking(item.question, seen, points, earned, item.marks, "", 1), 60, clock.time)


def test_a_thousand_attempts_reckoned_again_from_the_journal_have_the_marks_on_record(site, clock, sign_in, act):
    """By people and by the program, with answers changed, marks given twice and a corrected key: equal to the hundredth."""
    chance = random.Random(20260101)
    course = str(site.now.key)
    site.rewrite(site.folder / "01-start" / "40-first-exam.md", "minutes: 20", "minutes: 20\nmultiple: each\nrounding: exact")
    for learner in range(ATTEMPTS):
        sit_and_mark(site, clock, EXAM if learner % 2 else "first-exam", 1000 + learner, chance)
    release(course, EXAM, None, clock.time, lambda digests: dict.fromkeys(digests, 60))
    bank = site.banks / "first.md"
    bank.write_text(keys_moved(bank.read_text(encoding="utf-8")), encoding="utf-8")
    site.load()
    Marker(sign_in("trainer"), act, "first-exam").do("apply_regrade")
    contents = {block: PreviewRuntime(site.now, None).get_block(site.usage("exam", block)).content for block in (EXAM, "first-exam")}
    compared = people = 0
    for row in Attempt.objects.order_by("id"):
        sitting, standing = sitting_of(row), newest_marks(row.id)
        file = file_with_key(sitting, contents[row.block])
        given = {question: saved.value for question, saved in answers(sitting.id).items()}
        for item in grade(sitting.paper, file.questions, given, Rules(file.exam.multiple, file.exam.rounding)).items:
            mark = standing[item.question]
            by_hand = mark.points is not None
            assert mark.marks == (sum(map(Decimal, mark.points)) if by_hand else item.earned), (row.id, item)
            assert 0 <= mark.marks <= mark.possible == item.possible
            people += by_hand
        assert row.marks == sum((mark.marks for mark in standing.values()), Decimal(0))
        assert row.passed == (row.marks >= 60)
        assert not row.pending
        compared += 1
    assert compared == ATTEMPTS
    assert people > ATTEMPTS / 2
    assert Mark.objects.exclude(regrade=None).exists(), "the corrected key has changed marks"
    assert {row.marks % 1 for row in Mark.objects.all()} >= {Decimal("0.5"), Decimal("0.99")}
