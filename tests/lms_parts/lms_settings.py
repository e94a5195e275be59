"""The preview's settings with the apps of Open edX that our blocks meet.

Scores and completion are the platform's own packages. The platform itself is on no package index: beside this file stand those of
its modules that `ladder.lms` asks, with the platform's names and signatures.
"""

from ladder_tools.preview.settings import *  # noqa: F403 (settings build on settings)
from ladder_tools.preview.settings import INSTALLED_APPS as PREVIEW_APPS, LANGUAGES as PREVIEW_LANGUAGES
from platform_names import platform_mixin

INSTALLED_APPS = [
    *PREVIEW_APPS, "eventtracking.django.apps.EventTrackingConfig", "waffle", "submissions", "completion", "lms.djangoapps.courseware", "common.djangoapps.student",
    "openedx.core.djangoapps.dark_lang",
]
LANGUAGES = [*PREVIEW_LANGUAGES, ("fr", "Français"), ("zh-cn", "中文 (简体)"), ("zh-tw", "中文 (台灣)")]  # some of the platform's
XBLOCK_MIXINS = (platform_mixin(),)
del LADDER_PAGE_URL  # noqa: F821 (an LMS has addresses of its own)
del LADDER_MODULESTORE  # noqa: F821 (and a modulestore)
EVENT_TRACKING_ENABLED = True  # and no backend: the tests look at what is kept, not at the log
