"""The tables. Rows that say what somebody did are inserted and never changed."""

from __future__ import annotations

from django.db import models

COURSE = 255
# Short enough that MySQL can index four of them together.
NAME = 120


class Source(models.Model):
    """The text an attempt was drawn from, kept once per version, so that later edits change no attempt.

    .. no_pii:
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.TextField()


class Attempt(models.Model):
    """One sitting of an exam. `paper` is frozen at the start; `deadline_at` is the server's clock plus the time allowed.

    .. no_pii: learner_id is the platform's user id; names are never stored here.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    paper = models.JSONField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    marks = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    pending = models.BooleanField(default=False)
    passed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "number"), name="ladder_attempt_once"),
        )
        indexes = (models.Index(fields=("course", "block"), name="ladder_attempt_block"),)


class Answer(models.Model):
    """One saved answer: the newest revision of a question counts. Insert-only.

    .. pii: may hold free text written by the learner
    .. pii_types: other
    .. pii_retirement: local_api
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    question = models.CharField(max_length=NAME)
    revision = models.PositiveIntegerField()
    value = models.JSONField()
    op_id = models.CharField(max_length=64)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("attempt", "op_id"), name="ladder_answer_op"),
            models.UniqueConstraint(fields=("attempt", "question", "revision"), name="ladder_answer_revision"),
        )


class Mark(models.Model):
    """Marks of one question of one attempt; the newest row counts. Insert-only.

    `marker_id` is null for marks given by the program.

    .. no_pii:
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    question = models.CharField(max_length=NAME)
    marks = models.DecimalField(max_digits=6, decimal_places=2)
    possible = models.DecimalField(max_digits=6, decimal_places=2)
    marker_id = models.BigIntegerField(null=True)
    marked_at = models.DateTimeField()


class Call(models.Model):
    """One playing of a case.

    .. no_pii:
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    marks = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    passed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "number"), name="ladder_call_once"),
        )
        indexes = (models.Index(fields=("course", "block"), name="ladder_call_block"),)


class CaseStep(models.Model):
    """One choice made in a call. Insert-only; `position` makes two windows unable to choose twice.

    .. no_pii:
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE)
    position = models.PositiveIntegerField()
    scene = models.CharField(max_length=NAME)
    option = models.PositiveIntegerField()
    op_id = models.CharField(max_length=64)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("call", "position"), name="ladder_step_position"),
            models.UniqueConstraint(fields=("call", "op_id"), name="ladder_step_op"),
        )


class LessonProgress(models.Model):
    """A section that was read; the row with an empty section says that the lesson was finished. Insert-only.

    .. no_pii:
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    section = models.CharField(max_length=NAME, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "section"), name="ladder_section_once"),
        )


class StageOpening(models.Model):
    """A stage became open to a learner, and why. Sticky: never removed by a later change.

    .. no_pii:
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    stage = models.CharField(max_length=NAME)
    opened_at = models.DateTimeField()
    evidence = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("learner_id", "course", "stage"), name="ladder_stage_once"),)
