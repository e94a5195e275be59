"""What the demo cohort writes in the exams of this project's course."""

from __future__ import annotations

from pathlib import Path

from ladder.core.course import Course, questions_of
from ladder.core.question import STAFF_MARKED
from ladder_tools.folder import read_course
from ladder_tools.preview.demo_answers import ANSWERS

COURSE = Path(__file__).parents[2] / "courses" / "agent-onboarding"


def real_course() -> Course:
    course, problems, _ = read_course(COURSE)
    assert course is not None, problems
    return course


def test_there_are_answers_to_every_written_question_that_an_exam_may_ask() -> None:
    course = real_course()
    rows = [row for folder in course.stages for exam in folder.exams for row in exam.rows if row.type in STAFF_MARKED]
    asked = {
        question.id for row in rows for bank in course.banks if bank.id == row.bank
        for question in bank.questions if question.type is row.type
    }

    assert sorted(asked) == sorted(ANSWERS)


def test_the_answers_run_from_good_to_poor() -> None:
    """As far as a program can tell: the good one holds words of more key points than the poor one does."""
    questions = questions_of(real_course().banks)

    def touched(name: str, answer: str) -> int:
        return sum(any(word in answer for word in point.keywords) for point in questions[name].key_points)

    for name, (good, middling, poor, *_) in ANSWERS.items():
        assert touched(name, good) == len(questions[name].key_points), name
        assert touched(name, good) >= touched(name, middling) >= touched(name, poor), name
        assert touched(name, poor) < touched(name, good), name
