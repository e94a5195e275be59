"""Of the platform's `lms/djangoapps/grades/signals/signals.py`, what edx-completion listens to."""

from django.dispatch import Signal

PROBLEM_WEIGHTED_SCORE_CHANGED = Signal()
