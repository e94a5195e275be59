"""Scores as an LMS keeps them, with edx-submissions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from submissions import api
from submissions.models import Score, Submission

from host import Host
from ladder.records.models import Attempt
from spy import Watch
from trainee import Trainee, op_id
from written import EXAM, FULL, Marker, add_written_exam, hand_in


def score_of(site: Any, trainee: Trainee, kind: str = "exam", name: str = "first-exam") -> tuple[int, int] | None:
    """Points earned and possible as the gradebook has them."""
    score = api.get_score({
        "student_id": f"preview-{trainee.id}", "course_id": str(site.now.key), "item_id": str(site.usage(kind, name)),
        "item_type": f"ladder_{kind}",
    })
    return (score["points_earned"], score["points_possible"]) if score else None


@pytest.fixture
def marker(site: Any, sign_in: Any, act: Any) -> Marker:
    add_written_exam(site)
    return Marker(sign_in("trainer-1"), act)


def test_marks_given_by_people_reach_the_gradebook_with_their_release(trainee, site, marker):
    hand_in(trainee)
    marker.mark_all()
    assert score_of(site, trainee, name=EXAM) is None
    marker.do("release")
    assert score_of(site, trainee, name=EXAM) == (100, 100)


def test_marking_again_after_the_release_and_voiding_are_told_to_the_gradebook(trainee, site, marker):
    hand_in(trainee)
    slip = marker.take("soothe")
    marker.mark_all()
    marker.do("release")
    marker.give(marker.take("soothe", code=slip.code), ["0", "0.5"])
    assert score_of(site, trainee, name=EXAM) == (80, 100)
    marker.do("void_attempt", {"attempt": Attempt.objects.get().id, "reason": "x"})
    assert score_of(site, trainee, name=EXAM) is None


def test_the_gradebook_is_told_numbers_and_nothing_that_anybody_has_written(trainee, site, marker):
    watch = Watch({})
    hand_in(trainee, {question: watch.plant(question) for question in FULL})
    for question, points in FULL.items():
        marker.mark(question, points, watch.plant(f"comment:{question}"))
    marker.do("release")
    marker.do("void_attempt", {"attempt": Attempt.objects.get().id, "reason": watch.plant("reason")})
    kept = [str(list(model.objects.values())) for model in apps.get_app_config("submissions").get_models()]
    assert "ladder_exam" in "".join(kept)
    assert not watch.pattern.findall("".join(kept).lower())


def test_a_score_that_was_lost_on_its_way_is_told_when_releasing_is_repeated(trainee, site, marker):
    hand_in(trainee)
    marker.mark_all()
    marker.do("release")
    Score.objects.all().delete()
    Submission.objects.all().delete()
    marker.do("release", {"attempt": Attempt.objects.get().id})
    assert score_of(site, trainee, name=EXAM) == (100, 100)


def fails(question: Any) -> bool:
    return bool(question.blanks)


def test_the_marks_of_an_exam_are_in_the_gradebook_as_soon_as_it_is_handed_in(trainee, site):
    assert score_of(site, trainee) is None
    trainee.sit("first-exam", knows=lambda question: not question.blanks)
    assert score_of(site, trainee) == (60, 100)


def test_the_gradebook_reads_whole_marks_rounded_down_so_that_who_fails_never_reads_the_pass_mark(trainee, site):
    trainee.sit("first-exam", knows=lambda question: not question.blanks and question.difficulty != 5)
    assert score_of(site, trainee) == (59, 100)


def test_handing_in_again_and_looking_again_tells_the_gradebook_nothing_new(trainee, site):
    trainee.sit("first-exam", knows=fails)
    for _ in range(3):
        trainee.do("exam", "first-exam", "submit", {"attempt": 1})
        trainee.see("first-exam")
    assert (Submission.objects.count(), Score.objects.count()) == (1, 1)
    assert score_of(site, trainee) == (40, 100)


def test_the_best_attempt_counts_whether_it_comes_first_or_last(trainee, site):
    trainee.sit("first-exam", knows=fails)
    trainee.sit("first-exam", knows=lambda _: False)
    assert score_of(site, trainee) == (40, 100), "a worse attempt takes nothing away"
    trainee.sit("first-exam")
    assert score_of(site, trainee) == (100, 100)


def test_an_attempt_closed_at_its_deadline_reaches_the_gradebook_too(trainee, site, clock):
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    clock.go_on(hours=1)
    assert score_of(site, trainee) is None
    trainee.see("first-exam")
    assert score_of(site, trainee) == (100, 100)


def test_a_score_that_was_lost_on_its_way_is_told_when_handing_in_is_repeated(trainee, site):
    """The LMS runs handlers outside of a transaction: the process may end between our commit and the gradebook."""
    trainee.sit("first-exam", knows=fails)
    Score.objects.all().delete()
    Submission.objects.all().delete()
    trainee.do("exam", "first-exam", "submit", {"attempt": 1})
    assert score_of(site, trainee) == (40, 100)
    assert Attempt.objects.count() == 1


def test_marks_that_change_while_the_gradebook_is_being_told_are_what_it_ends_with(trainee, site, marker):
    """Of two requests that tell it at once, the one that has read first may be the last to tell."""
    hand_in(trainee)
    slip = marker.take("soothe")
    marker.mark_all()
    corrected = []

    def marked_again_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if "submissions_" in sql and not corrected:
            corrected.append(sql)
            marker.give(marker.take("soothe", code=slip.code), ["0", "0.5"])
            assert score_of(site, trainee, name=EXAM) == (80, 100)
        return execute(sql, *rest)

    with connection.execute_wrapper(marked_again_meanwhile):
        marker.do("release")
    assert score_of(site, trainee, name=EXAM) == (80, 100)


def test_an_attempt_without_a_right_answer_is_a_score_of_nothing_and_not_no_score(trainee, site):
    trainee.sit("first-exam", knows=lambda _: False)
    assert score_of(site, trainee) == (0, 100)


def test_scores_of_two_trainees_are_kept_apart(trainee, sign_in, act, site):
    other = Trainee(sign_in("trainee-2"), act, site)
    trainee.sit("first-exam")
    other.sit("first-exam", knows=fails)
    assert (score_of(site, trainee), score_of(site, other)) == ((100, 100), (40, 100))


def test_an_exam_uses_no_second_way_into_the_gradebook(trainee, site, host):
    platform: Host = host(trainee)
    sheet = trainee.start("first-exam")
    trainee.save("first-exam", sheet, [(card, trainee.right(card)) for card in sheet.cards])
    platform.send(site.usage("exam", "first-exam"), "submit", {"attempt": 1})
    assert platform.published == []
    assert score_of(site, trainee) == (100, 100)


@pytest.mark.parametrize(("options", "marks"), [([0, 0], 100), ([1, 1], 0)])
def test_a_call_is_told_through_submissions_and_by_no_second_way(options, marks, trainee, site, host):
    platform: Host = host(trainee)
    usage = site.usage("case", "late-van")
    platform.send(usage, "begin")
    for position, option in enumerate(options):
        platform.send(usage, "choose", {"op_id": op_id(), "position": position, "option": option})
    assert "grade" not in dict(platform.published)
    assert score_of(site, trainee, "case", "late-van") == (marks, 100)


def test_the_best_call_counts_whether_it_comes_first_or_last(trainee, site):
    for options, best in (([0, 1], 40), ([1, 1], 40), ([0, 0], 100), ([0, 1], 100)):
        trainee.play("late-van", options)
        assert score_of(site, trainee, "case", "late-van") == (best, 100)


def test_of_two_exams_in_one_subsection_one_sat_with_full_marks_is_half(trainee, site, host):
    """The platform adds up what submissions hold of what was sat, and `max_score` of what was not."""
    trainee.sit("first-exam")
    earned, possible = score_of(site, trainee)
    other = host(trainee).get_block(site.usage("exam", "second-exam"))
    assert score_of(site, trainee, name="second-exam") is None
    assert earned / (possible + other.max_score()) == 0.5


def test_a_score_told_in_hundredths_by_an_earlier_version_is_told_anew(trainee, site):
    trainee.sit("first-exam")
    Score.objects.update(points_earned=10000, points_possible=10000)
    trainee.do("exam", "first-exam", "submit", {"attempt": 1})
    assert score_of(site, trainee) == (100, 100)


def test_links_lead_to_pages_of_the_lms(trainee, site):
    address = f"/courses/{site.now.key}/jump_to_id"
    assert f'href="{address}/limits"' in trainee.see("welcome")
    assert trainee.do("lesson", "welcome", "article", {"id": "limits"})["url"] == f"{address}/limits"


def test_everything_is_told_anew_and_one_who_cannot_be_told_keeps_no_other_back(trainee, site, sign_in, act, capsys):
    other = Trainee(sign_in("trainee-2"), act, site)
    for who in (trainee, other):
        who.play("late-van", [0, 0])
        who.sit("first-exam")
    Score.objects.update(points_earned=10000, points_possible=10000)
    get_user_model().objects.filter(id=trainee.id).delete()
    with pytest.raises(SystemExit):
        call_command("ladder_grades", str(site.now.key))
    said = capsys.readouterr()
    assert "已写入成绩册的成绩：2 个" in said.out
    assert f"用户 {trainee.id}，考试 first-exam" in said.err
    assert score_of(site, other) == score_of(site, other, "case", "late-van") == (100, 100)


@pytest.mark.parametrize("word", ["course-v1:Other+O1+1", "first"])
def test_a_word_that_is_no_course_of_this_site_is_refused(word, site):
    with pytest.raises(CommandError, match=re.escape(word)):
        call_command("ladder_grades", word)


def test_a_course_without_results_has_none_to_tell(site, capsys):
    call_command("ladder_grades", str(site.now.key))
    assert "已写入成绩册的成绩：0 个" in capsys.readouterr().out
