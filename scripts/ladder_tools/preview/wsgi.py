"""The WSGI application, for any server: set LADDER_COURSE and LADDER_DATA first."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder_tools.preview.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from ladder_tools.preview.views import open_shelf  # noqa: E402 (and Django before the views)

open_shelf()
