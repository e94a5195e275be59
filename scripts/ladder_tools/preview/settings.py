"""Django settings of the preview. It serves this machine only: loopback hosts, DEBUG off, CSRF on, sign-in for everything."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

DATA = Path(os.environ.get("LADDER_DATA", ".ladder")).resolve()
COURSE = Path(os.environ.get("LADDER_COURSE", "courses/agent-onboarding"))
LANGUAGE = os.environ.get("LADDER_LANGUAGE", "zh-hans")


def _secret() -> str:
    """A key of this data folder's own, readable by its owner only."""
    path = DATA / "secret-key"
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "ladder_tools.preview.urls"
WSGI_APPLICATION = None

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "workbench",  # its runtime is ours; its views, models and open doors are not used
    "ladder.apps.LadderConfig",
    "ladder_tools.preview.apps.PreviewConfig",
]

MIDDLEWARE = [
    "ladder_tools.preview.middleware.bodiless_head",
    "ladder_tools.preview.middleware.policy",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ladder_tools.preview.middleware.BoundedWaits",
]

DATABASES = {
    "default": {
        "ENGINE": "ladder_tools.preview.sqlite",
        "NAME": DATA / "records.sqlite3",
        # No transaction around a request, as in the LMS: what only reads takes no lock, what writes takes it while it writes.
        "OPTIONS": {"timeout": 20},
        # Each thread keeps its connection: whoever closes the last one there is empties the log into the database file.
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}}

# Signed cookies: no statement and no row a request. Signing out drops the cookie.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Cookies know no ports: two previews on one machine must not sign each other out.
SESSION_COOKIE_NAME = "ladder-session-" + os.environ.get("LADDER_PORT", "8000")
CSRF_FAILURE_VIEW = "ladder_tools.preview.errors.form_too_old"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
AUTHENTICATION_BACKENDS = ["ladder_tools.preview.accounts.CachedUsers"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/course/"
LOGOUT_REDIRECT_URL = "/sign-in/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

LANGUAGE_CODE = LANGUAGE
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TZ") or "Asia/Shanghai"
STATIC_URL = "/static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "ladder_tools.preview.views.shared"]},
    }
]
WORKBENCH: dict[str, dict[str, str]] = {"services": {}}
LADDER_PAGE_URL = "/unit/{name}/"
LADDER_MODULESTORE = "ladder_tools.preview.store.PreviewStore"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A url_name is no field: XBlock says so for each block of each course.
    # Requests that wait a moment for a free thread are no news either.
    "loggers": {
        "django": {"handlers": []},  # no report of a fault by mail, with what was sent in it
        **{name: {"level": "ERROR"} for name in ("xblock.core", "django.request", "django.security", "waitress.queue")},
    },
}
