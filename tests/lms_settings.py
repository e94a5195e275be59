"""The preview's settings with the app that keeps scores in Open edX."""

from ladder_tools.preview.settings import *  # noqa: F403
from ladder_tools.preview.settings import INSTALLED_APPS as PREVIEW_APPS

INSTALLED_APPS = [*PREVIEW_APPS, "submissions"]
del LADDER_PAGE_URL  # noqa: F821 (an LMS has addresses of its own)
