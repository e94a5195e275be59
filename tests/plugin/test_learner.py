"""`manage.py ladder_learner`: one person's records, shown, handed over, taken back, erased."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from ladder import lms
from ladder.core.sitting import Allowed
from ladder.desk.queue import code_of
from ladder.records import allowance, lesson, voiding
from ladder.records.late import keep_late
from ladder.records.mistakes import Done, record_redo
from ladder.records.models import Attempt, LessonProgress, Regrade, StageOpening, Voiding
from ladder.records.stage import journey
from spy import Watch
from trainee import Trainee, op_id
from written import EXAM, FULL, Marker, add_written_exam, hand_in

COURSE = "course-v1:Ladder+SMALL+2026"


def run(*arguments: str, language: str = "en") -> list[str]:
    """The lines that the command prints."""
    out = StringIO()
    with translation.override(language):
        call_command("ladder_learner", *arguments, stdout=out)
    return out.getvalue().splitlines()


def refusal(*arguments: str) -> str:
    """Why the command does nothing."""
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


@pytest.fixture
def marker(site: Any, sign_in: Any, act: Any) -> Marker:
    add_written_exam(site)
    return Marker(sign_in("trainer-1"), act)


def leave_something_everywhere(trainee: Trainee, marker: Marker, watch: Watch) -> None:
    """Rows in every table, with planted words in what is written."""
    who, course = trainee.client.user.username, str(trainee.site.now.key)
    trainee.finish_first_stage()
    hand_in(trainee, {question: watch.plant(f"{who}:{question}") for question in FULL})
    code = code_of(course, EXAM, Attempt.objects.get(learner_id=trainee.id, pending=True).id)
    note = {"question": "soothe", "code": code, "revision": "0", "names": "", "points": [None, None]}
    marker.do("draft", note | {"comment": watch.plant(f"{who}:draft")})
    marker.give(marker.take("verify", code=code), FULL["verify"], watch.plant(f"{who}:comment"))
    allowed = Allowed(5, 1, watch.plant(f"{who}:allowed"))
    allowance.grant(trainee.id, course, EXAM, allowed, marker.client.user.id, lms.now())
    allowance.record_override(trainee.id, course, "second-exam", allowance.ByHand(70, True), None, lms.now())
    lesson.record_finish(trainee.id, course, "refunding", lms.now())
    voiding.void_lesson(trainee.id, course, "refunding", None, watch.plant(f"{who}:voiding"), lms.now())
    attempt = Attempt.objects.filter(learner_id=trainee.id).order_by("id")[0]
    record_redo(trainee.id, course, attempt.id, "reply", op_id(), lms.now(), always_right)
    keep_late(attempt.id, [(op_id(), "limits", [watch.plant(f"{who}:late")])], lms.now())
    changes = [{"learner": attempt.learner_id, "attempt": attempt.id, "questions": []}, {"learner": 999_999, "attempt": 0, "questions": []}]
    Regrade.objects.create(course=course, block="first-exam", source_id=attempt.source_id, applied_at=lms.now(), changes=changes)


def always_right(_: list[Done]) -> bool:
    return True


@pytest.fixture
def people(trainee: Trainee, marker: Marker, sign_in: Any, act: Any, site: Any) -> tuple[Trainee, Watch]:
    """Two people who have left something in every table; the first of them, and what was planted."""
    watch = Watch({})
    leave_something_everywhere(trainee, marker, watch)
    leave_something_everywhere(Trainee(sign_in("trainee-2"), act, site), marker, watch)
    return trainee, watch


# -- show -----------------------------------------------------------------------------------------------------------


def test_a_person_is_shown_part_by_part(people):
    lines = run("trainee", "show")
    assert lines[0] == f"trainee (trainee), id {people[0].id}"
    said = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\+8\)", "TIME", line) for line in lines]
    for line in ("stage start: open since TIME, not finished, opened by: it waits for no other stage", "lesson welcome: finished at TIME", "case late-van: 100 marks of 100, passed, 1 call",
                 "exam first-exam: 100 marks of 100, passed, 1 attempt", f"exam {EXAM}: being marked, not passed, 1 attempt",
                 "exam second-exam: set by staff, 70 marks of 100, passed"):
        assert f"{COURSE}  {line}" in said, lines
    assert "ladder_attempt: 2 rows" in said
    assert not [line for line in said if "refunding" in line], "it was taken back"


def of_stage(name: str, language: str = "en") -> str:
    """What is said of a stage."""
    [line] = [line for line in run("trainee", "show", language=language) if f" {name}: " in line]
    return line


def test_a_stage_that_a_rule_opened_which_was_wrong_for_a_moment_is_known_by_it(site, trainee):
    stage = site.folder / "02-calls" / "stage.md"
    site.rewrite(stage, "opens_after: start\n", "")
    trainee.see("refunding")
    site.rewrite(stage, "title: 接听来电\n", "title: 接听来电\nopens_after: start\n")
    assert "data-section" in trainee.see("refunding"), "it stays open until somebody takes it back"
    assert of_stage("calls").endswith("opened by: it waits for no other stage, today's rule is another and would not open it")
    assert of_stage("calls", "zh-hans").endswith("开放依据：不需要先完成别的阶段, 规则已改，按今天的规则不会开放")
    trainee.finish_first_stage()
    assert of_stage("calls").endswith("opened by: it waits for no other stage"), "by today's rule it would be open now"


def test_a_stage_that_opened_by_the_rule_says_which(site, trainee):
    trainee.finish_first_stage()
    assert of_stage("calls").endswith("opened by: after start; lessons 2; cases 1; theory 60; practice 60")
    voiding.void_lesson(trainee.id, COURSE, "welcome", None, "", lms.now())
    assert of_stage("calls").endswith("what met the rule has been taken back")


def test_of_a_stage_that_opened_before_rules_were_kept_nobody_says_which(trainee):
    trainee.see("start")
    StageOpening.objects.create(learner_id=trainee.id, course=COURSE, stage="calls", opened_at=lms.now(), evidence=[])
    assert of_stage("calls").endswith("opened by: a rule that was not kept, today's rule would not open it")


def test_what_somebody_has_done_as_staff_is_shown_too(people, marker):
    lines = run("trainer-1", "show")
    assert "as staff: ladder_mark: 2 rows" in lines
    assert "as staff: ladder_allowance: 2 rows" in lines


def test_of_who_has_done_nothing_nothing_is_shown(sign_in):
    sign_in("new")
    assert run("new", "show")[1:] == ["Nothing is kept."]


def test_it_speaks_the_language_of_the_site(people):
    said = "\n".join(run("trainee", "show", language="zh-hans") + run("trainee", "erase", language="zh-hans"))
    assert re.findall(r"[A-Za-z]{4,}", re.sub(r"ladder_\w+|course-v1:\S+|trainee|--\w+|(?<= )[a-z]+-?[a-z]+:", "", said)) == []


# -- export ---------------------------------------------------------------------------------------------------------


def test_the_export_holds_every_row_of_one_person_and_of_nobody_else(people):
    trainee, watch = people
    told = "\n".join(run("trainee", "export"))
    assert {watch.forms[form] for form in watch.pattern.findall(told.lower())} == {
        name for name in watch.forms.values() if name.startswith("trainee:")
    }
    data = json.loads(told)
    ours = {model._meta.db_table for model in apps.get_app_config("ladder").get_models()} - {"ladder_source"}
    assert data["tables"].keys() == ours
    owned = [row["learner_id"] for rows in data["tables"].values() for row in rows if "learner_id" in row]
    assert set(owned) == {trainee.id}
    assert "999999" not in told, "a regrade's changes of other people are theirs"
    assert (data["id"], data["username"], data["as_staff"]) == (trainee.id, "trainee", {})


def test_the_export_of_staff_says_what_they_did_and_nothing_about_others(people):
    told = "\n".join(run("trainer-1", "export"))
    data = json.loads(told)
    assert data["as_staff"].keys() == {"ladder_mark", "ladder_markingdraft", "ladder_allowance"}
    assert not people[1].pattern.findall(told.lower())
    assert "learner_id" not in told
    assert all("marked_at" in row for row in data["as_staff"]["ladder_mark"])


def test_one_course_can_be_exported_alone(people):
    other = "course-v1:Ladder+OTHER+2026"
    LessonProgress.objects.create(learner_id=people[0].id, course=other, block="elsewhere", section="", read_at=lms.now())
    told = json.loads("\n".join(run("trainee", "export", "--course", other)))
    assert {table: len(rows) for table, rows in told["tables"].items()} == {"ladder_lessonprogress": 1}
    assert "as_staff" not in told


def test_a_file_of_the_export_is_for_its_owner_and_never_written_over(people, tmp_path):
    to = tmp_path / "trainee.json"
    assert run("trainee", "export", "--to", str(to)) == []
    assert json.loads(to.read_text(encoding="utf-8"))["username"] == "trainee"
    assert to.stat().st_mode & 0o077 == 0
    assert "trainee.json" in refusal("trainee", "export", "--to", str(to))
    assert "gone" in refusal("trainee", "export", "--to", str(tmp_path / "gone" / "x.json"))


# -- reset ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "kind"), [("welcome", "lesson"), ("late-van", "case"), ("first-exam", "exam"), ("start", "stage")])
def test_one_part_is_taken_back_with_its_reason_and_nothing_else(part, kind, people):
    trainee, _ = people
    before = journey(trainee.id, COURSE)
    lines = run("trainee", "reset", "--course", COURSE, "--part", part, "--reason", "moved to the night shift", "--yes")
    assert re.fullmatch(rf"taken back: {kind} {part} \([1-9]\d*\)", lines[0])
    after = journey(trainee.id, COURSE)
    parts = {"lesson": (before.lessons, after.lessons), "case": (before.cases, after.cases), "exam": (before.exams, after.exams),
             "stage": (before.opened, after.opened)}
    for name, (old, new) in parts.items():
        assert old.keys() - new.keys() == ({part} if name == kind else set())
    kept = {*Voiding.objects.values_list("reason", flat=True), *Attempt.objects.values_list("void_reason", flat=True)}
    assert "moved to the night shift" in kept


def test_all_of_a_course_is_taken_back(people):
    trainee, _ = people
    run("trainee", "reset", "--course", COURSE, "--all", "--reason", "again from the start", "--yes")
    done = journey(trainee.id, COURSE)
    assert (done.started, done.lessons, done.cases, done.opened) == (frozenset(), {}, {}, {})


def test_without_yes_it_says_what_it_would_do_and_does_nothing(people):
    trainee, _ = people
    before = journey(trainee.id, COURSE)
    lines = run("trainee", "reset", "--course", COURSE, "--all", "--reason", "x")
    assert "would be taken back: lesson welcome" in lines
    assert "would be taken back: stage start" in lines
    assert lines[-1] == "Nothing was changed. Say --yes to do it."
    assert journey(trainee.id, COURSE) == before


@pytest.mark.parametrize(("arguments", "said"), [
    (("nobody", "show"), "Nobody here signs in as “nobody”."),
    (("trainee", "show", "--course", "course-v1:x+y+z"), "There is no course “course-v1:x+y+z” here."),
    (("trainee", "reset", "--course", "x", "--all", "--reason", "x", "--yes"), "There is no course “x” here."),
    (("trainee", "reset", "--course", COURSE, "--part", "welcom", "--reason", "x", "--yes"),
     "This person has begun no part “welcom” of this course. Is it one of these: welcome?"),
    (("trainer-1", "reset", "--course", COURSE, "--all", "--reason", "x", "--yes"), "This person has begun nothing in this course."),
    (("trainee", "reset", "--course", COURSE, "--all", "--reason", " ", "--yes"), "The reason has 1 to 400 characters."),
    (("trainee", "reset", "--course", COURSE, "--all", "--reason", "x" * 401, "--yes"), "The reason has 1 to 400 characters."),
    (("trainee", "reset", "--course", COURSE, "--reason", "x"), "Error: one of the arguments --part --all is required"),
    (("trainee", "reset", "--all", "--reason", "x"), "Error: the following arguments are required: --course"),
    (("trainee", "reset", "--course", COURSE, "--all"), "Error: the following arguments are required: --reason"),
    (("trainee",), "Error: the following arguments are required: show | export | reset | erase"),
])
def test_what_cannot_be_done_is_said_and_nothing_is_changed(arguments, said, people):
    before = journey(people[0].id, COURSE)
    assert refusal(*arguments) == said
    assert journey(people[0].id, COURSE) == before


# -- erase ----------------------------------------------------------------------------------------------------------


def test_erasing_leaves_nothing_written_and_says_what_remains(people):
    _, watch = people
    lines = run("trainee", "erase", "--yes")
    assert lines[0] == "Emptied: answers 5, comments 1, reasons 2. Removed: drafts 1. Declared void: attempts 1."
    assert "  ladder_attempt: 2 rows" in lines
    assert "retire the account there" in lines[-1]
    told = "\n".join(run("trainee", "export"))
    assert not watch.pattern.findall(told.lower())
    other = "\n".join(run("trainee-2", "export"))
    assert {watch.forms[form] for form in watch.pattern.findall(other.lower())} == {
        name for name in watch.forms.values() if name.startswith("trainee-2:")
    }


def test_without_yes_nothing_is_erased(people):
    _, watch = people
    lines = run("trainee", "erase")
    assert lines[-1] == "Nothing was changed. Say --yes to do it."
    assert watch.pattern.findall("\n".join(run("trainee", "export")).lower())
