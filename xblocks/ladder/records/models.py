"""The tables. Rows that say what somebody did are inserted and never changed.

Each says by the platform's annotations whether it holds anything personal. A column that does is named there in backticks;
`records.retirement` empties it when the platform retires the account. The platform's user ids are none: a retired account is
nobody's any more.
"""

from __future__ import annotations

from django.db import models

COURSE = 255
# Short enough that MySQL can index four of them together.
NAME = 120
REASON = 400
# The `voiding` of a row that counts. Not null: to a database no null is like another, and rows that count must be unique.
COUNTS = 0


class Source(models.Model):
    """The text an attempt was drawn from or a call is played by, kept once per version, so that later edits change neither.

    .. no_pii: what an author wrote for everybody.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.TextField()


class Attempt(models.Model):
    """One sitting of an exam. `paper` is frozen at the start; `deadline_at` is the server's clock plus the time allowed,
    `extra_minutes` is how much of that was granted to this learner.

    `pending` is true from handing in until all marks are given and released. A voided attempt counts for nothing and stays on
    record.

    .. pii: `void_reason` is free text about the learner
    .. pii_types: other
    .. pii_retirement: local_api
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    paper = models.JSONField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    extra_minutes = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    marks = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    pending = models.BooleanField(default=False)
    passed = models.BooleanField(default=False)
    # The text whose key marked it, when a regrade has used another than the one it was drawn from.
    key = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    # Staff who try an exam out are no trainees: their papers stay out of statistics and reviews.
    trial = models.BooleanField(default=False)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.BigIntegerField(null=True)
    void_reason = models.CharField(max_length=REASON, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "number"), name="ladder_attempt_once"),
        )
        indexes = (
            models.Index(fields=("course", "block"), name="ladder_attempt_block"),
            models.Index(fields=("submitted_at", "deadline_at"), name="ladder_attempt_open"),
        )


class Answer(models.Model):
    """One saved answer: the newest revision of a question counts. Insert-only.

    .. pii: `value` may hold free text written by the learner
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


class LateAnswer(models.Model):
    """An answer that reached the server after the end of its attempt. It counts for nothing; the first of a question is kept.

    Insert-only.

    .. pii: `value` may hold free text written by the learner
    .. pii_types: other
    .. pii_retirement: local_api
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    question = models.CharField(max_length=NAME)
    value = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("attempt", "question"), name="ladder_late_answer_once"),
        )


class Regrade(models.Model):
    """Attempts were marked again by a corrected key. `changes` says whose result changed and how.

    .. no_pii: marks by user id.
    """

    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    staff_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField()
    changes = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("course", "block"), name="ladder_regrade_block"),)


class Mark(models.Model):
    """Marks of one question of one attempt; the newest revision counts. Insert-only.

    `marker_id` is null for marks given by the program. `points` are the marks of each key point, as texts. Two markers who have
    seen the same revision cannot both write the next one.

    .. pii: `comment` is free text about the learner's answer
    .. pii_types: other
    .. pii_retirement: local_api
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    question = models.CharField(max_length=NAME)
    revision = models.PositiveIntegerField(default=1)
    marks = models.DecimalField(max_digits=6, decimal_places=2)
    possible = models.DecimalField(max_digits=6, decimal_places=2)
    points = models.JSONField(null=True)
    comment = models.TextField(blank=True, default="")
    marker_id = models.BigIntegerField(null=True)
    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, null=True)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("attempt", "question", "revision"), name="ladder_mark_revision"),
        )


class MarkingDraft(models.Model):
    """What a marker has noted and not yet given. Overwritten as the marker goes on; it counts for nothing.

    .. pii: `comment` is free text about the learner's answer
    .. pii_types: other
    .. pii_retirement: local_api
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    question = models.CharField(max_length=NAME)
    marker_id = models.BigIntegerField()
    points = models.JSONField()
    comment = models.TextField(blank=True, default="")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("attempt", "question", "marker_id"), name="ladder_draft_once"),
        )


class Allowance(models.Model):
    """Extra minutes and attempts at one exam for one learner; the newest row counts. Insert-only.

    .. pii: `reason` is free text about the learner
    .. pii_types: other
    .. pii_retirement: local_api
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    minutes = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=REASON, blank=True)
    staff_id = models.BigIntegerField(null=True)
    granted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("learner_id", "course", "block"), name="ladder_allowance_of"),)


class Override(models.Model):
    """Marks of an exam set by hand in the instructor tools. The newest row counts, one without marks undoes it. Insert-only.

    `passed` is whether they pass by the exam's own pass mark.

    .. no_pii: marks by user id.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    marks = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    passed = models.BooleanField(default=False)
    staff_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("learner_id", "course", "block"), name="ladder_override_of"),)


class Redo(models.Model):
    """A question from the learner's book of mistakes was answered again. Insert-only.

    .. no_pii: right or wrong by user id; what was written is not kept.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    question = models.CharField(max_length=NAME)
    right = models.BooleanField()
    op_id = models.CharField(max_length=64)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("learner_id", "course", "op_id"), name="ladder_redo_op"),)


class Voiding(models.Model):
    """What a learner had done in one block was taken back. Rows that bear its id count for nothing and stay on record.

    `staff_id` is null where the program cannot know who it was. Insert-only.

    .. pii: `reason` is free text about the learner
    .. pii_types: other
    .. pii_retirement: local_api
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    staff_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=REASON, blank=True, default="")
    voided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("learner_id", "course", "block"), name="ladder_voiding_of"),)


class Call(models.Model):
    """One playing of a case. `source` is the script it is played by; null for calls older than the keeping of scripts, of which
    nobody knows the version. A `trial` is one of staff.

    .. no_pii: calls and marks by user id.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    marks = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    passed = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True)
    trial = models.BooleanField(default=False)
    voiding = models.BigIntegerField(default=COUNTS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "number"), name="ladder_call_once"),
        )
        indexes = (models.Index(fields=("course", "block"), name="ladder_call_block"),)


class CaseStep(models.Model):
    """One choice made in a call. Insert-only; `position` makes two windows unable to choose twice.

    .. no_pii: which of the author's options were chosen.
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

    .. no_pii: which of the author's sections were read, by user id.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    block = models.CharField(max_length=NAME)
    section = models.CharField(max_length=NAME, blank=True)
    read_at = models.DateTimeField()
    voiding = models.BigIntegerField(default=COUNTS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "block", "section", "voiding"), name="ladder_section_once"),
        )


class StageOpening(models.Model):
    """A stage became open to a learner, and why. Sticky: never removed by a later change.

    `finished_at` is when the program first saw its rule met; null again when staff have taken back what met it. `rule` is the one
    by which it opened; null for openings older than the keeping of rules, of which nobody knows it.

    .. no_pii: stages and what opened them, by user id.
    """

    learner_id = models.BigIntegerField()
    course = models.CharField(max_length=COURSE)
    stage = models.CharField(max_length=NAME)
    opened_at = models.DateTimeField()
    evidence = models.JSONField()
    rule = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    voiding = models.BigIntegerField(default=COUNTS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("learner_id", "course", "stage", "voiding"), name="ladder_stage_once"),
        )
