"""The platform's `openedx/core/djangoapps/user_api/accounts/signals.py`. Each is sent with `user`, some with more."""

from django.dispatch import Signal

USER_RETIRE_MAILINGS = Signal()
USER_RETIRE_LMS_CRITICAL = Signal()
USER_RETIRE_LMS_MISC = Signal()
