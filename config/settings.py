"""The one settings module. Every difference between machines comes from the environment (or `var/.env`)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()
VAR_DIR = Path(env.str("HUANWEI_VAR_DIR", default=str(VAR_DIR)))
environ.Env.read_env(VAR_DIR / ".env")


def _secret_key() -> str:
    """The key from SECRET_KEY; a machine without one makes its own and keeps it in `var/secret_key` (mode 600)."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return str(given)
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' is refused.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "template_partials",
    "csp",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "core",
    "accounts",
    "catalog",
    "sessions.apps.WindowSessionsConfig",
    "issues",
    "reports",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.MethodsMiddleware",
    "core.middleware.SlidingSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.middleware.LongestSignInMiddleware",
    "accounts.middleware.OwnPasswordMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "core.middleware.ReadableAddressMiddleware",
    "core.middleware.StoredPicturesMiddleware",
    "core.middleware.ConflictMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.page",
            ],
            "builtins": ["core.templatetags.huanwei"],
        },
    },
]


def _database() -> dict[str, Any]:
    """SQLite in `var/` unless DATABASE_URL names PostgreSQL."""
    url = env.str("DATABASE_URL", default="")
    if url:
        postgres: dict[str, Any] = env.db_url_config(url)
        postgres |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        return postgres
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "huanwei.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL, not NORMAL: an acknowledged write must survive a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        # A file, because threads of a test cannot share an in-memory database.
        "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# Periodic jobs of all layers: a function without arguments by its path, and its period in minutes (a divisor of 1440).
TICKS = {
    "core.job_services.tidy": 1440,
    "core.outbox_services.send_waiting": 5,
    "core.outbox_services.tidy": 1440,
    "accounts.services.disable_idle": 1440,
    "catalog.import_services.sweep": 60,
    "sessions.reminding.remind_due": 30,
    "issues.reminding.remind_due": 30,
    "reports.digest.send_morning": 15,
    "sessions.services.scheduled.publish_due_weeks": 5,
    "sessions.services.rotations.reap": 1,
    "sessions.strengths.refresh": 5,
}

# --- sign-in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.SimilarityValidator"},
    {"NAME": "accounts.passwords.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator"},
    {"NAME": "accounts.passwords.OwnWordsValidator"},
    {"NAME": "accounts.passwords.CommonCoreValidator"},
    {"NAME": "accounts.passwords.LongestValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole hall sits behind one address: the address part is wide. Narrow are the key of account and address together
# (`accounts.adapter`), and the account from anywhere.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/15m/key",
    "login_failed_anywhere": "20/30m/key",
    "pair_screen": "20/m/ip",
}
# Behind the hall's own proxy the sender is the last address it noted; otherwise no such note is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_TLS_PROXY", default=False) else 0
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:roster"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SLIDES_AFTER = 60
LONGEST_SIGN_IN = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- browser -------------------------------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SCREEN_COOKIE_NAME = "__Host-screen" if HTTPS else "screen"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
# Sites that may show the plain roster page inside theirs, such as https://www.example.gov.cn; no other page may be.
ROSTER_EMBED_SITES = env.list("ROSTER_EMBED_SITES", default=[])

# --- language and time ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = ""  # no address leads to a stored file; pictures are served by views that ask `visible_to`
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": env.str("STATICFILES_BACKEND", default=_HASHED)},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- import of the catalogue -----------------------------------------------------------------------------------
# Named by its path: what leaders' leave means belongs to the app above the catalogue.
CATALOG_KEEP_LEAVE = "sessions.importing_leave.keep_leave"
CATALOG_KNOWN_ISSUE = "issues.reading.is_known"
CATALOG_TODAYS_LIST = "sessions.reading.listed_on"

# --- the demo district and the public address ------------------------------------------------------------------
DEMO_DIR = BASE_DIR / "demo"
HUANWEI_DISTRICT = env.str("HUANWEI_DISTRICT", default="")

# --- what leaves the house -------------------------------------------------------------------------------------
# The site's own address (https://…), for links in mails.
PUBLIC_URL = env.str("PUBLIC_URL", default="")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="huanwei@localhost")
# Bots of a group chat (WeCom, DingTalk, Feishu) as apprise writes them; needs the extra `notify`.
NOTIFY_URLS = env.list("NOTIFY_URLS", default=[])
if NOTIFY_URLS and find_spec("apprise") is None:
    raise ImproperlyConfigured("NOTIFY_URLS needs the package apprise (the extra `notify`).")
# When messages may go out: named by its path, since hours belong to the halls of the app above.
OUTBOX_OPEN = "catalog.hours.at_work"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "core.log_masks.SecretPaths"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django_tasks_db": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "apprise": {"level": "WARNING"},
    },
}
