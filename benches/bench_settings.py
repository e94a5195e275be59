"""The preview's settings, with CAPA's templates."""

import importlib.util
from pathlib import Path

from ladder_tools.preview.settings import *  # noqa: F403
from ladder_tools.preview.settings import INSTALLED_APPS, TEMPLATES

_CONTRIB = importlib.util.find_spec("xblocks_contrib")
if _CONTRIB is not None and _CONTRIB.origin:
    INSTALLED_APPS = ["xblocks_contrib.problem.capa.apps.CapaAppConfig", *INSTALLED_APPS]
    TEMPLATES[0]["DIRS"] = [Path(_CONTRIB.origin).parent / "problem" / "capa" / "templates"]
