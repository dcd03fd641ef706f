"""Settings: everything that differs between installations comes from the environment."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[1]
DATA_DIR = Path(os.environ.get("WEGMARKE_DATA", "wegmarke-data")).resolve()

SECRET_KEY = os.environ.get("WEGMARKE_SECRET_KEY", "only-for-tests")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("WEGMARKE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "wegmarke.ui",
    "wegmarke.team",
    "wegmarke.record",
    "wegmarke.plan",
    "wegmarke.capture",
    "wegmarke.insights",
]
AUTH_USER_MODEL = "team.User"
ROOT_URLCONF = "wegmarke.site.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "wegmarke.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    },
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MIDDLEWARE: list[str] = []
LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("WEGMARKE_TIME_ZONE", "Europe/Berlin")
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
