"""All settings, read from the environment; ``docs/settings.md`` explains each one.

A value that cannot be understood stops the start with a sentence that says why.
"""

from __future__ import annotations

import math
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from executor.limits import Limits

BASE_DIR = Path(__file__).resolve().parent.parent
CORES = os.cpu_count() or 1

_Number = TypeVar("_Number", int, float)


def envstr(name: str, default: str) -> str:
    """The variable's value without the spaces around it."""
    return os.environ.get(name, default).strip()


def envbool(name: str, default: bool) -> bool:
    """1, true, yes or on; 0, false, no, off or nothing at all."""
    value = envstr(name, str(default)).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{value}”.")


def envint(name: str, default: int, least: int = 0) -> int:
    """A whole number, not below ``least``."""
    return _envnumber(name, default, least, int, "a whole number")


def envfloat(name: str, default: float, least: float = 0) -> float:
    """A number, not below ``least``."""
    return _envnumber(name, default, least, float, "a number")


def _envnumber(
    name: str, default: _Number, least: _Number, kind: Callable[[str], _Number], words: str
) -> _Number:
    value = envstr(name, str(default))
    try:
        number = kind(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be {words}, not “{value}”.") from error
    if not math.isfinite(number) or number < least:
        raise ImproperlyConfigured(f"{name} must be {words}, {least} or more, not “{value}”.")
    return number


def envlist(name: str, default: str = "") -> list[str]:
    """Values with commas between them."""
    return [item for part in envstr(name, default).split(",") if (item := part.strip())]


def envrate(name: str, default: str) -> str:
    """How often something may be done: ``20/m``, ``100/h``, ``5/30s``."""
    value = envstr(name, default)
    if not re.fullmatch(r"\d+/(\d+)?[smhd]", value):
        raise ImproperlyConfigured(
            f"{name} must be a number, a slash and s, m, h or d, as in 20/m, not “{value}”."
        )
    return value


def envsecret(name: str) -> str | None:
    """The variable's value, or the content of the file that ``NAME_FILE`` names.

    Raises ``ImproperlyConfigured`` when that file cannot be read or is empty,
    rather than going on with another secret than the one that was meant.
    """
    path = envstr(f"{name}_FILE", "")
    if not path:
        return envstr(name, "") or None
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: “{path}” cannot be read: {error}.") from error
    if not secret:
        raise ImproperlyConfigured(f"{name}_FILE: “{path}” is empty.")
    return secret


def envlimits() -> Limits:
    """The default limits, changed by ``LIMIT_<NAME>`` for each of their fields."""
    names = {f"LIMIT_{field.name.upper()}": field.name for field in fields(Limits)}
    unknown = [n for n in os.environ if n.startswith("LIMIT_") and n not in names]
    if unknown:
        raise ImproperlyConfigured(
            f"{unknown[0]} is not the name of a limit. The limits are: {', '.join(names)}."
        )
    overrides = {field: _envlimit(name, field) for name, field in names.items()}
    try:
        return Limits().with_overrides(overrides)
    except ValueError as error:
        raise ImproperlyConfigured(f"A LIMIT_ setting is not usable: {error}.") from error


def _envlimit(name: str, field: str) -> int | float:
    default: int | float = getattr(Limits(), field)
    if isinstance(default, int):
        return envint(name, default)
    return envfloat(name, default)


def kept_secret(path: Path) -> str:
    """The secret in ``path``, made at the first start.

    The file appears whole or not at all and is never replaced, so that two
    processes that start at the same moment agree on one secret.
    """
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)  # opened with O_EXCL, mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            os.unlink(draft)
    return path.read_text(encoding="utf-8").strip()


def version(changelog: Path) -> str:
    """The newest released version by the changelog's headings, or “unknown”."""
    try:
        text = changelog.read_text(encoding="utf-8")
    except OSError:
        return "unknown"
    heading = re.search(r"^##\s*\[?v?(\d+(?:\.\d+)+[\w.+-]*)", text, re.MULTILINE)
    return heading[1] if heading else "unknown"


# The installation

VERSION = version(BASE_DIR / "CHANGELOG.md")
DEBUG = envbool("DEBUG", False)
INSTANCE_NAME = envstr("INSTANCE_NAME", socket.gethostname())
DATA_DIR = Path(envstr("DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = envsecret("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")

# Where it is reached

ALLOWED_HOSTS = envlist("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = envlist("CSRF_TRUSTED_ORIGINS")
HTTPS = envbool("HTTPS", False)
TRUST_PROXY = envbool("TRUST_PROXY", False)

# The sandbox

LIMITS = envlimits()
SANDBOX_IMAGE = envstr("SANDBOX_IMAGE", "ruv-sandbox")
SANDBOX_RUNTIME = envstr("SANDBOX_RUNTIME", "")
SANDBOX_POOL_SIZE = envint("SANDBOX_POOL_SIZE", CORES)
SANDBOX_CONCURRENCY = envint("SANDBOX_CONCURRENCY", 2 * CORES, least=1)
SANDBOX_ALLOW_UNVALIDATED = envbool("SANDBOX_ALLOW_UNVALIDATED", False)
POLICY_FILE = envstr("POLICY_FILE", "")
POLICY_PROFILE = envstr("POLICY_PROFILE", "default")

# How often and how much

RUN_RATE = envrate("RUN_RATE", "20/m")
RUN_CONCURRENCY_PER_USER = envint("RUN_CONCURRENCY_PER_USER", 1, least=1)
QUEUE_LENGTH = envint("QUEUE_LENGTH", 200)
DETACH_GRACE_SECONDS = envfloat("DETACH_GRACE_SECONDS", 30)
LOGIN_RATE = envrate("LOGIN_RATE", "10/m")
SIGNUP_OPEN = envbool("SIGNUP_OPEN", True)
SIGNUP_RATE = envrate("SIGNUP_RATE", "30/h")

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
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "cloister.sqlite3",
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
}
RATELIMIT_USE_CACHE = "ratelimit"
SILENCED_SYSTEM_CHECKS = [
    # The counters are in this process's memory, which is exact as long as one process serves.
    "django_ratelimit.E003",
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
X_FRAME_OPTIONS = "DENY"
# Not “no-referrer”: over HTTPS the CSRF check needs to see our own pages.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
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
USE_I18N = False  # English only; and the formats below count
DATETIME_FORMAT = "Y-m-d H:i:s"
DATE_FORMAT = "Y-m-d"
TIME_ZONE = envstr("TIME_ZONE", "UTC")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "ideproject.logs.PlainFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": envstr("LOG_LEVEL", "INFO").upper()},
    # Without this, Django's own handlers would log requests past our formatter.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
