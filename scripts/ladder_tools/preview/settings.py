"""Django settings of the preview: DEBUG off, CSRF on, sign-in for everything.

It serves this machine only, unless `ladder serve --host` was given the names that others open it by.
"""

from __future__ import annotations

import os
from pathlib import Path

from ladder_tools.preview.data_folder import RECORDS, secret_key

DATA = Path(os.environ.get("LADDER_DATA", ".ladder")).resolve()
COURSE = Path(os.environ.get("LADDER_COURSE", "courses/agent-onboarding"))
LANGUAGE = os.environ.get("LADDER_LANGUAGE", "zh-hans")


SECRET_KEY = secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("LADDER_HOSTS", "").split(","))]
HAS_DEMO = bool(os.environ.get("LADDER_DEMO"))
# Browsers heed it over HTTPS and on this machine only, and complain of it elsewhere.
SECURE_CROSS_ORIGIN_OPENER_POLICY = None if os.environ.get("LADDER_HOSTS") else "same-origin"
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
        "NAME": DATA / RECORDS,
        # No transaction around a request, as in the LMS: what only reads takes no lock, what writes takes it while it writes.
        "OPTIONS": {"timeout": 20},
        # Each thread keeps its connection: whoever closes the last one there is empties the log into the database file.
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}}

# Signed cookies: no row a session and no statement a request. Signing out ends every copy of the cookie.
SESSION_ENGINE = "ladder_tools.preview.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Cookies know no ports: two previews on one machine must not sign each other out.
SESSION_COOKIE_NAME = "ladder-session-" + os.environ.get("LADDER_PORT", "8000")
CSRF_FAILURE_VIEW = "ladder_tools.preview.errors.form_too_old"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
AUTHENTICATION_BACKENDS = ["ladder_tools.preview.accounts.CachedUsers"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]
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
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "ladder_tools.preview.views.shared"],
            "builtins": ["ladder.moments"],  # the blocks' own templates, some of which our pages include, tell times with it
        },
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
