"""The key that seals are signed with, and the keys that are believed."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from audit.canonical import canonical

_LEAST_CHARACTERS = 32


def public_key() -> str:
    """Of this site's key, 64 hex digits."""
    return _public_key(str(settings.AUDIT_SIGNING_KEY))


def sign(statement: dict[str, Any]) -> str:
    """An Ed25519 signature of the statement's canonical form, in hex."""
    return _private_key(str(settings.AUDIT_SIGNING_KEY)).sign(canonical(statement)).hex()


def is_trusted(key: str) -> bool:
    """Whether ``key`` is this site's, or one of those it had before."""
    return key == public_key() or key in settings.AUDIT_TRUSTED_KEYS


def is_signed(statement: dict[str, Any], key: str, signature: str) -> bool:
    """Whether ``signature`` is of ``statement`` and by ``key``; nonsense is not."""
    try:
        raw = bytes.fromhex(signature)
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(raw, canonical(statement))
    except (InvalidSignature, TypeError, ValueError):
        return False
    # Spaces and capitals would make another text of the same signature.
    return raw.hex() == signature


@lru_cache(maxsize=4)
def _public_key(secret: str) -> str:
    return _private_key(secret).public_key().public_bytes_raw().hex()


@lru_cache(maxsize=4)
def _private_key(secret: str) -> Ed25519PrivateKey:
    if len(secret) < _LEAST_CHARACTERS:
        raise ImproperlyConfigured(
            f"AUDIT_SIGNING_KEY has {len(secret)} characters; it needs at least "
            f"{_LEAST_CHARACTERS} random ones."
        )
    # The secret may be of any length and alphabet; a key has 32 bytes.
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())
