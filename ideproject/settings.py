"""All settings, read from the environment; ``docs/settings.md`` explains each one.

A value that cannot be understood stops the start with a sentence that says why.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from executor.limits import Limits
from ideproject import logs
from ideproject import sandbox_settings as sandbox
from ideproject.environment import (
    envaddress,
    envbool,
    envchoice,
    envdatabase,
    envfloat,
    envint,
    envkeys,
    envlist,
    envlog,
    envrate,
    envredis,
    envsecret,
    envstr,
    envzone,
    kept_secret,
    version,
)

BASE_DIR = Path(__file__).resolve().parent.parent
CORES = os.cpu_count() or 1

# The installation

VERSION = version(BASE_DIR / "CHANGELOG.md")
DEBUG = envbool("DEBUG", False)
INSTANCE_NAME = envstr("INSTANCE_NAME", socket.gethostname())
DATA_DIR = Path(envstr("DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = envsecret("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")

# Past one machine

DATABASE_URL = envdatabase("DATABASE_URL")
REDIS_URL = envredis("REDIS_URL")
WORKER_DRAIN_SECONDS = envfloat("WORKER_DRAIN_SECONDS", 30)
WORKER_LOST_SECONDS = envfloat("WORKER_LOST_SECONDS", 8, least=2)
if REDIS_URL and not DATABASE_URL:
    raise ImproperlyConfigured(
        "REDIS_URL needs DATABASE_URL: workers and web servers write the same records."
    )
if REDIS_URL and not (envsecret("SECRET_KEY") and envsecret("AUDIT_SIGNING_KEY")):
    raise ImproperlyConfigured(
        "REDIS_URL needs SECRET_KEY and AUDIT_SIGNING_KEY, the same on every machine: those that "
        "each makes for itself would end people's sessions and sign with many keys."
    )

# Where it is reached

ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = envlist("CSRF_TRUSTED_ORIGINS")
HTTPS = envbool("HTTPS", False)
TRUST_PROXY = envbool("TRUST_PROXY", False)

# The sandbox

# The broker reads these as well, from the same environment.
LIMITS: Limits = sandbox.LIMITS
SANDBOX_IMAGE: str = sandbox.SANDBOX_IMAGE
SANDBOX_RUNTIME: str = sandbox.SANDBOX_RUNTIME
SANDBOX_POOL_MOST: int = sandbox.SANDBOX_POOL_MOST
SANDBOX_CONCURRENCY: int = sandbox.SANDBOX_CONCURRENCY
SANDBOX_REUSE: str = sandbox.SANDBOX_REUSE
SANDBOX_REUSE_MOST: int = sandbox.SANDBOX_REUSE_MOST
SANDBOX_REUSE_SECONDS: float = sandbox.SANDBOX_REUSE_SECONDS
SANDBOX_ALLOW_UNVALIDATED: bool = sandbox.SANDBOX_ALLOW_UNVALIDATED
SANDBOX_BROKER = envstr("SANDBOX_BROKER", "")
SANDBOX_REQUIRE_WALLS = envlist(
    "SANDBOX_REQUIRE_WALLS", "filters,files,names,memory,swap,processes"
)
SANDBOX_POOL_SIZE = envint("SANDBOX_POOL_SIZE", CORES + 1)
ALLOW_SHOW_WARNINGS = envbool("ALLOW_SHOW_WARNINGS", True)
POLICY_FILE = envstr("POLICY_FILE", "")
POLICY_PROFILE = envstr("POLICY_PROFILE", "default")

# How often and how much

RUN_RATE = envrate("RUN_RATE", "20/m")
TOOL_RATE = envrate("TOOL_RATE", "60/m")
RUN_CONCURRENCY_PER_USER = envint("RUN_CONCURRENCY_PER_USER", 1, least=1)
WAITING_MOST: int = sandbox.WAITING_MOST
WAITING_PER_USER = envint("WAITING_PER_USER", 2, least=1)
WAITING_PER_NETWORK = envint("WAITING_PER_NETWORK", max(1, WAITING_MOST // 2), least=1)
WAITING_FLOOR_SECONDS = envfloat("WAITING_FLOOR_SECONDS", 20, least=1)
QUEUE_LENGTH = envint("QUEUE_LENGTH", 200)
SOCKETS_PER_ADDRESS = envint("SOCKETS_PER_ADDRESS", 300, least=1)
CONNECTIONS_PER_ADDRESS = envint("CONNECTIONS_PER_ADDRESS", 1000, least=1)
CONNECTIONS = envint("CONNECTIONS", 10_000, least=2)
BODIES_BYTES = envint("BODIES_BYTES", 1 << 30, least=1)
REQUEST_SECONDS = envfloat("REQUEST_SECONDS", 60, least=1)
SESSION_CHECK_SECONDS = envfloat("SESSION_CHECK_SECONDS", 20)
DETACH_GRACE_SECONDS = envfloat("DETACH_GRACE_SECONDS", 30)
LOGIN_RATE = envrate("LOGIN_RATE", "10/m")
LOGIN_ADDRESS_RATE = envrate("LOGIN_ADDRESS_RATE", "300/15m")
LOGIN_NAME_RATE = envrate("LOGIN_NAME_RATE", "30/h")
LOGIN_KNOWN_DAYS = envint("LOGIN_KNOWN_DAYS", 90, least=1)
SIGNUP_OPEN = envbool("SIGNUP_OPEN", True)
SIGNUP_RATE = envrate("SIGNUP_RATE", "30/h")

# What people keep

PROJECTS_PER_USER = envint("PROJECTS_PER_USER", 100, least=1)
WORKSPACE_BYTES = envint("WORKSPACE_BYTES", 256 << 20, least=1)
# A date cannot go back more days than this.
TRASH_DAYS = min(envint("TRASH_DAYS", 30), 36_500)
TRASH_ITEMS = envint("TRASH_ITEMS", 1000)
SHARES_PER_PROJECT = envint("SHARES_PER_PROJECT", 20, least=1)
SHARES_PUBLIC = envbool("SHARES_PUBLIC", False)
# All that a project may be in one JSON object: characters escaped to six, bytes in base64.
LARGEST_BODY = (
    6 * (LIMITS.source_bytes + LIMITS.stdin_bytes) + LIMITS.data_bytes * 4 // 3 + (1 << 20)
)

if BODIES_BYTES < LARGEST_BODY:
    raise ImproperlyConfigured(
        f"BODIES_BYTES must be {LARGEST_BODY} or more, the size of the largest request."
    )

# What follows from violations

SEVERITIES = ["low", "medium", "high", "critical"]
REPEATED_VIOLATIONS_COUNT = envint("REPEATED_VIOLATIONS_COUNT", 6)
REPEATED_VIOLATIONS_MINUTES = envint("REPEATED_VIOLATIONS_MINUTES", 10, least=1)
REPEATED_VIOLATIONS_SEVERITY = envchoice("REPEATED_VIOLATIONS_SEVERITY", "medium", SEVERITIES)
PAUSE_MINUTES = envint("PAUSE_MINUTES", 30, least=1)
ALERT_SEVERITY = envchoice("ALERT_SEVERITY", "high", SEVERITIES)
ALERT_EMAILS = envlist("ALERT_EMAILS")
ALERT_WEBHOOK_URL = envaddress("ALERT_WEBHOOK_URL", "")
ALERT_WEBHOOK_SECRET: str = envsecret("ALERT_WEBHOOK_SECRET") or ""
ALERT_ATTEMPTS = envint("ALERT_ATTEMPTS", 30, least=1)
ALERT_RETRY_SECONDS = envint("ALERT_RETRY_SECONDS", 30, least=1)
SITE_URL = envaddress("SITE_URL", "").rstrip("/")
if ALERT_WEBHOOK_URL and not ALERT_WEBHOOK_SECRET:
    raise ImproperlyConfigured(
        "ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SECRET: what is not signed, anyone can forge."
    )

# How the records are kept

RECORD_BYTES_PER_DAY = envint("RECORD_BYTES_PER_DAY", 100 << 20)
RECORD_INPUT_BYTES = envint("RECORD_INPUT_BYTES", 64 << 10)
DISK_RESERVE_BYTES = envint("DISK_RESERVE_BYTES", 1 << 30)

# Made when it is first needed: not every process that reads the settings signs.
AUDIT_SIGNING_KEY: Any = envsecret("AUDIT_SIGNING_KEY", least=32) or SimpleLazyObject(
    lambda: kept_secret(DATA_DIR / "audit_signing_key")
)
AUDIT_TRUSTED_KEYS = envkeys("AUDIT_TRUSTED_KEYS")
AUDIT_SEAL_MINUTES = envint("AUDIT_SEAL_MINUTES", 5, least=1)
AUDIT_SEAL_RECORDS = envint("AUDIT_SEAL_RECORDS", 500, least=1)
AUDIT_HEAD_FILE = Path(envstr("AUDIT_HEAD_FILE", str(DATA_DIR / "audit_head")))
AUDIT_ANCHOR_FILE = envstr("AUDIT_ANCHOR_FILE", str(DATA_DIR / "audit_anchors"))
AUDIT_KEEP_DAYS = envint("AUDIT_KEEP_DAYS", 0)
AUDIT_KEEP_VIOLATIONS_DAYS = envint("AUDIT_KEEP_VIOLATIONS_DAYS", 0)
AUDIT_KEEP_ESCAPES_DAYS = envint("AUDIT_KEEP_ESCAPES_DAYS", 0)

# Looking after it

METRICS_TOKEN: str = envsecret("METRICS_TOKEN") or ""
LOG_FORMAT = envchoice("LOG_FORMAT", "plain", ["plain", "json"])
LOG_LEVEL = envchoice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
LOG_FILE = envlog("LOG_FILE")
LOG_FILE_BYTES = envint("LOG_FILE_BYTES", 10 << 20, least=1)
LOG_FILES_KEPT = envint("LOG_FILES_KEPT", 7)

# E-mail

EMAIL_HOST = envstr("EMAIL_HOST", "localhost")
EMAIL_PORT = envint("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = envstr("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = envsecret("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = envbool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = envstr("EMAIL_FROM", "cloister@localhost")

# Django: the parts

INSTALLED_APPS = [
    # Before staticfiles, or runserver has no WebSockets.
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_ratelimit",
    "accounts",
    "audit",
    "executor",
    "workspace",
]
MIDDLEWARE = [
    # What browsers are told comes before what answers, so that files are told with it too.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Files of the page are answered above and may be stored.
    "accounts.middleware.NoStore",
    # Before what reads a form to look for its token.
    "workspace.endpoint.LargestBody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "ideproject.urls"
ASGI_APPLICATION = "ideproject.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Django: storage

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {
    "default": DATABASE_URL
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "cloister.sqlite3",
        # For the one thread that serves the sockets: a quarter of the server's time of an
        # execution went into connecting. A request's thread is another each time, and
        # executor/apps.py closes what it had.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Both together: with either alone, concurrent writers still meet “database is locked”.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;"
            ),
            "transaction_mode": "IMMEDIATE",
        },
    }
}
CACHES: dict[str, dict[str, Any]] = {
    alias: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": alias,
        # With the usual 300 entries, 400 people would push each other's counters out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
    for alias in ("default", "ratelimit")
} | {
    # Counters that strangers can fill, each kind in a separate cache, so that none drives out
    # another's. Of accounts/counters.py, twice as many entries as there are buckets.
    alias: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": alias,
        "OPTIONS": {"MAX_ENTRIES": 1 << 17},
    }
    for alias in ("login-pair", "login-network", "login-name", "signup-network")
}
if REDIS_URL:
    CACHES = {
        alias: {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": f"cloister-{alias}",
            "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 3},
        }
        for alias in CACHES
    }
RATELIMIT_USE_CACHE = "ratelimit"
SILENCED_SYSTEM_CHECKS = [
    # In this process's memory the counters are exact as long as one process serves, and with
    # Redis they are shared; the check knows neither memory nor Django's own Redis cache.
    *([] if REDIS_URL else ["django_ratelimit.E003"]),
    "django_ratelimit.W001",
    # Sub-domains and the browsers' preload list are not this site's to decide about.
    "security.W005",
    "security.W021",
]

# Django: people

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "ide"
LOGOUT_REDIRECT_URL = "login"

# Django: what browsers are told

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# More than a project may have: the workspace's own answer says what the limit is.
DATA_UPLOAD_MAX_NUMBER_FILES = 10 * LIMITS.file_count
CSRF_FAILURE_VIEW = "workspace.endpoint.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Not “no-referrer”: over HTTPS the CSRF check needs to see our own pages.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Prometheus asks on this machine, past the proxy that makes HTTPS of it.
SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
SECURE_HSTS_SECONDS = envint("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Django: files, words, logs

STATIC_URL = "static/"
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = True  # served from where they are: no collectstatic needed
LANGUAGE_CODE = "en-gb"
USE_I18N = False  # English only
FORMAT_MODULE_PATH = "ideproject.formats"  # DATETIME_FORMAT here would not count
TIME_ZONE = envzone("TIME_ZONE", "UTC")
LOGGING = logs.configuration(LOG_LEVEL, LOG_FORMAT, LOG_FILE)
