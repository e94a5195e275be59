"""The preview's settings with the apps of Open edX that our blocks meet.

Scores and completion are the platform's own packages. The platform itself is on no package index: beside this file stand those of
its modules that `ladder.lms` asks, with the platform's names and signatures.
"""

from ladder_tools.preview.settings import *  # noqa: F403
from ladder_tools.preview.settings import INSTALLED_APPS as PREVIEW_APPS

INSTALLED_APPS = [
    *PREVIEW_APPS, "eventtracking.django.apps.EventTrackingConfig", "waffle", "submissions", "completion", "lms.djangoapps.courseware", "common.djangoapps.student",
]
del LADDER_PAGE_URL  # noqa: F821 (an LMS has addresses of its own)
EVENT_TRACKING_ENABLED = True  # and no backend: the tests look at what is kept, not at the log
