"""Refuse account names that look like another account or misrepresent it.

Theory of operation
-------------------
A name's *skeleton* is what is left when characters that look alike become one character:
compatibility forms and case are folded (NFKC), each character of Unicode's list of
confusables becomes the one that stands for its group, and so do ``i``, ``l`` and ``1``,
which differ from each other in the other case only. Two names that look alike have one
skeleton. The database keeps it with the account, unique, so that of two who take such
names at once one is refused.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import NameSkeleton

TAKEN = "This name, or one that looks like it, is taken. Choose another name."
_PSEUDONYM = "deleted-"
_INVISIBLE = {"\u115f", "\u1160", "\u3164", "\uffa0"}
"""Hangul fillers: Unicode calls them letters, but they are invisible."""
_WRITTEN_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
_OF_ANY_SCRIPT = {"COMMON", "INHERITED"}
_SAME_IN_OTHER_CASE = str.maketrans("i1|", "lll")
_ROUNDS = 5
"""Each step can produce characters that the next must change; rare characters need two."""


def skeleton(name: str) -> str:
    """Return the skeleton that ``name`` shares with all names that look like it."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    for _ in range(_ROUNDS):
        mapped = "".join(_prototypes().get(char, char) for char in folded)
        folded = unicodedata.normalize("NFKC", mapped).casefold().translate(_SAME_IN_OTHER_CASE)
    return folded


def key_of(name: str) -> str:
    """Return the skeleton as it is stored: it may be many times as long as the name."""
    return hashlib.sha256(skeleton(name).encode("utf-8", "surrogatepass")).hexdigest()


def validate(name: str) -> None:
    """Raise ``ValidationError`` for a name that no account may take now.

    The name of an account passes, so that an older account can be saved unchanged.
    """
    if User.objects.filter(username=name).exists():
        return
    if error := _fault_of(name):
        raise ValidationError(error, code="misleading-name")
    if NameSkeleton.objects.filter(key=key_of(name)).exists():
        raise ValidationError(TAKEN, code="look-alike")


def keep_skeleton(instance: User, created: bool, raw: bool, **signal: Any) -> None:
    """Store the skeleton of an account that was saved; raise ``IntegrityError`` if it is taken."""
    fields = signal.get("update_fields")
    if fields is not None and "username" not in fields:
        return
    wanted = key_of(instance.username)
    own = NameSkeleton.objects.filter(user=instance).first()
    if own and own.key in (wanted, None):
        return
    try:
        with transaction.atomic():
            NameSkeleton.objects.update_or_create(user=instance, defaults={"key": wanted})
    except IntegrityError:
        if raw:  # loaded from elsewhere, where both were allowed
            NameSkeleton.objects.update_or_create(user=instance, defaults={"key": None})
            return
        if created and not transaction.get_connection().in_atomic_block:
            instance.delete()
        raise


def _fault_of(name: str) -> str:
    """Return what is wrong with the form of a name, or nothing."""
    if any(char in _INVISIBLE or not char.isprintable() or char.isspace() for char in name):
        return "The name contains an invisible character. Remove it."
    if skeleton(name).startswith(skeleton(_PSEUDONYM)):
        return (
            f"Names that begin with “{_PSEUDONYM}” stand for deleted accounts. Choose another name."
        )
    scripts = _scripts(name)
    if len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER):
        listed = ", ".join(sorted(script.capitalize() for script in scripts))
        return f"The name mixes letters of different scripts ({listed}). Use those of one script."
    return ""


def _scripts(name: str) -> set[str]:
    from confusable_homoglyphs import categories

    return {categories.alias(char) for char in name} - _OF_ANY_SCRIPT


@lru_cache
def _prototypes() -> dict[str, str]:
    """Return by each confusable character the text that stands for its group.

    The library's data has each character with all those that it is listed with; of a
    group, the one that all others are listed with is what Unicode's list maps them to.
    """
    from confusable_homoglyphs.confusables import confusables_data

    # Characters written from right to left come with marks around them.
    alike = {
        char.strip("\u200e"): [other["c"].strip("\u200e") for other in others]
        for char, others in confusables_data.items()
    }

    def rank(text: str) -> tuple[int, int, str]:
        return len(alike[text]), len(text), text

    return {
        char: max([char, *others], key=rank) for char, others in alike.items() if len(char) == 1
    }
