"""Settings: everything that differs between installations comes from the environment.

WEGMARKE_DATA          the data folder (default: ./wegmarke-data)
WEGMARKE_SECRET_KEY    the secret; without it the file `secret` in the data folder, made by `wegmarke serve`
WEGMARKE_HOSTS         host names this installation answers to, separated by commas
WEGMARKE_HTTPS         1 when a proxy in front speaks TLS (it must set X-Forwarded-Proto itself)
WEGMARKE_DATABASE_URL  postgresql://user:password@host:port/name instead of the SQLite file
WEGMARKE_TIME_ZONE     time zone of the company
WEGMARKE_IMPORT_MAX_MB how large an uploaded file may be (default: 2048)
WEGMARKE_KEEP_UPLOADS  1 keeps an uploaded file after its events were imported (default: it is removed)
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wegmarke.site.environment import database, hosts, secret_key

ROOT = Path(__file__).resolve().parents[1]
DATA_DIR = Path(os.environ.get("WEGMARKE_DATA", "wegmarke-data")).resolve()
HTTPS = os.environ.get("WEGMARKE_HTTPS", "") == "1"

SECRET_KEY = secret_key(os.environ, DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = hosts(os.environ)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "wegmarke.ui",
    "wegmarke.team",
    "wegmarke.record",
    "wegmarke.plan",
    "wegmarke.people",
    "wegmarke.capture",
    "wegmarke.insights",
    "wegmarke.atlas",
    "wegmarke.profiles",
    "wegmarke.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "wegmarke.site.addresses.NumbersThatFitMiddleware",
    "wegmarke.team.middleware.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out raised anywhere inside into its page
]
ROOT_URLCONF = "wegmarke.site.urls"
WSGI_APPLICATION = "wegmarke.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wegmarke.ui.navigation.navigation",
                "wegmarke.site.company.company",
                "wegmarke.site.alarms.alarms",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
NAVIGATION = "wegmarke.site.navigation.PLACES"
PERSONAL_STORES = "wegmarke.site.erasure.STORES"
KEPT_DATA = "wegmarke.site.erasure.KEEPERS"
PROCESSING_FACTS = "wegmarke.site.processing.KNOWN"

DATABASES = {"default": database(os.environ, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may enter
AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # memory-hard and in the standard library
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "team:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "team:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock a colleague out from elsewhere
AXES_CLIENT_IP_CALLABLE = "wegmarke.team.access.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "wegmarke.team.views.locked_out"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler draws its check marks and arrows from data addresses in its CSS
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
CSRF_FAILURE_VIEW = "wegmarke.site.views.sent_too_late"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# Language, time, numbers
LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
USE_I18N = True
# Every room's own catalogue, also of rooms that are no Django applications (the command line).
LOCALE_PATHS = sorted(ROOT.glob("*/locale"))
USE_TZ = True
TIME_ZONE = os.environ.get("WEGMARKE_TIME_ZONE", "Europe/Berlin")

# Static files: `wegmarke serve` collects them into the data folder (hashed names, compressed), because an
# installed package may not be writable. Where nothing was collected they come from the packages, unhashed.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "wegmarke.site.static.CollectedOrPlain"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
# A form may have a box for each of five hundred touchpoints and each of some promises.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Room on the disk of the data folder below which no event is taken: the worker needs it for those accepted.
DISK_RESERVE_BYTES = int(os.environ.get("WEGMARKE_DISK_RESERVE_MB", "512")) * 1024**2

# Imports
IMPORT_MAX_BYTES = int(os.environ.get("WEGMARKE_IMPORT_MAX_MB", "2048")) * 1024**2
IMPORT_KEEP_FILES = os.environ.get("WEGMARKE_KEEP_UPLOADS", "") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "wegmarke": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
    },
}
