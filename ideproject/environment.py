"""Values from the environment; one that cannot be understood stops the start and says why."""

from __future__ import annotations

import math
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from audit.private_files import give_to_owner_of_folder
from executor.limits import Limits

# Of one process, which has one thread for sockets and one for each request.
_CONNECTIONS = 10
_DATABASE_SECONDS = 5
_RECONNECT_SECONDS = 3
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


def envchoice(name: str, default: str, choices: list[str]) -> str:
    """One of ``choices``, in capitals or not."""
    value = envstr(name, default)
    for choice in choices:
        if value.lower() == choice.lower():
            return choice
    raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not “{value}”.")


def envkeys(name: str) -> list[str]:
    """Public keys with commas between them, each of 64 hex digits."""
    keys = [key.lower() for key in envlist(name)]
    for key in keys:
        if not re.fullmatch("[0-9a-f]{64}", key):
            raise ImproperlyConfigured(f"{name} must be keys of 64 hex digits, not “{key}”.")
    return keys


def envzone(name: str, default: str) -> str:
    """A time zone, as in ``Europe/London``."""
    value = envstr(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name} must be a time zone such as Europe/London, not “{value}”."
        ) from error
    return value


def envlog(name: str) -> str:
    """A file that can be appended to, or nothing."""
    path = envstr(name, "")
    try:
        if path:
            Path(path).open("a").close()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: “{path}” cannot be written: {error.strerror}."
        ) from error
    return path


def envaddress(name: str, default: str) -> str:
    """A web address, ``https://name/path``, or nothing; without a user name in it."""
    value = envstr(name, default)
    if value and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[^\s#]*)?", value, re.ASCII):
        raise ImproperlyConfigured(
            f"{name} must be an address that starts with http:// or https://, not “{value}”."
        )
    return value


def envrate(name: str, default: str) -> str:
    """How often something may be done: ``20/m``, ``100/h``, ``5/30s``."""
    value = envstr(name, default)
    if not re.fullmatch(r"\d+/(0*[1-9]\d*)?[smhd]", value):
        raise ImproperlyConfigured(
            f"{name} must be a number, a slash and s, m, h or d, as in 20/m, not “{value}”."
        )
    return value


def envsecret(name: str, *, least: int = 0) -> str | None:
    """The variable's value, or the content of the file that ``NAME_FILE`` names.

    Raises ``ImproperlyConfigured`` when that file cannot be read or is empty,
    rather than going on with another secret than the one that was meant, and for
    a secret of fewer than ``least`` characters.
    """
    secret = _secret_in_file(name) or envstr(name, "") or None
    if secret and len(secret) < least:
        raise ImproperlyConfigured(
            f"{name} has {len(secret)} characters; it needs at least {least} random ones."
        )
    return secret


def _secret_in_file(name: str) -> str | None:
    path = envstr(f"{name}_FILE", "")
    if not path:
        return None
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: “{path}” cannot be read: {error}.") from error
    if not secret:
        raise ImproperlyConfigured(f"{name}_FILE: “{path}” is empty.")
    return secret


def envdatabase(name: str) -> dict[str, Any] | None:
    """A PostgreSQL database as Django wants it; None where the variable is not set.

    ``postgresql://user:password@host:port/name?sslmode=require``. What follows the “?”
    is handed to the driver; a ``host`` there may be the folder of a socket. May come
    from a file, as a secret does.
    """
    value = envsecret(name)
    if value is None:
        return None
    parts = _split(name, value, ("postgresql", "postgres"), "postgresql://user:password@host/name")
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise ImproperlyConfigured(f"{name} names no database: …@host/name is missing its name.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # A connection that is made for each piece of work costs PostgreSQL more than the work.
        "CONN_HEALTH_CHECKS": True,
        # A database that does not answer is told to the person, who does not wait for minutes.
        "OPTIONS": {
            "connect_timeout": _DATABASE_SECONDS,
            # Likewise one whose machine vanished without a word; TCP alone waits for it for a
            # quarter of an hour, and all sockets of a web server wait with it.
            "tcp_user_timeout": 2 * _DATABASE_SECONDS * 1000,
            "keepalives_idle": _DATABASE_SECONDS,
            "keepalives_interval": _DATABASE_SECONDS,
            "keepalives_count": 2,
            "pool": {
                "min_size": 1,
                "max_size": _CONNECTIONS,
                "timeout": _DATABASE_SECONDS,
                # The pool doubles its pause between attempts for as long as this: with its
                # default, five minutes, a database that is back is not seen for as long again
                # as it was away. Afterwards whoever asks makes the next attempt at once.
                "reconnect_timeout": _RECONNECT_SECONDS,
            },
        }
        | options,
    }


def envredis(name: str) -> str:
    """The address of a Redis, ``redis://:password@host:port/0`` or ``rediss://`` over TLS.

    Empty where the variable is not set; may come from a file, as a secret does.
    """
    value = envsecret(name) or ""
    if value:
        _split(name, value, ("redis", "rediss"), "redis://:password@host:6379/0")
    return value


def _split(name: str, value: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """An address in its parts; the error does not show it, because it holds a password."""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and (parts.port or True)
    except ValueError:
        fits = False
    if not fits:
        raise ImproperlyConfigured(f"{name} must be an address such as {example}.")
    return parts


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
                give_to_owner_of_folder(path, handle)
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
