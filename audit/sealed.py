"""The seals, what was taken out from under them, and what a record needs to be sealed."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.utils import timezone

from audit.canonical import NO_SEAL, digest, moment


def new_salt() -> str:
    """128 random bits in hex."""
    return secrets.token_hex(16)


class Seal(models.Model):
    """A batch of records that can no longer change unnoticed. Digests and keys are in hex."""

    number = models.PositiveIntegerField(primary_key=True)
    """From 1 on, without a gap."""
    form = models.PositiveSmallIntegerField()
    """Which of ``canonical.FORMS`` its records are in."""
    previous = models.CharField(max_length=64, default=NO_SEAL)
    """The digest of the seal before."""
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()
    """Whatever was settled by then is in this seal or one before; 1970: nothing is said yet."""
    late = models.BooleanField(default=False)
    """Its records turned up after a seal had said that there were no more; see ``seals``."""
    created = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=64)
    """The public key of ``signature``."""
    signature = models.CharField(max_length=128)
    leaves = models.TextField()
    """A line for each record, ``kind key leaf``, in the order of the tree."""

    class Meta:
        ordering = ("number",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"seal {self.number}"

    def header(self) -> dict[str, Any]:
        """What is signed, and what the next seal holds the digest of."""
        return {
            "number": self.number,
            "form": self.form,
            "previous": self.previous,
            "root": self.root,
            "count": self.count,
            "until": moment(self.until),
            "late": self.late,
            "created": moment(self.created),
            "key": self.key,
        }

    def digest(self) -> str:
        return digest(self.header())


class Sealable(models.Model):
    """A record that gets into a seal once it is settled."""

    seal = models.ForeignKey(Seal, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        abstract = True


class Personal(Sealable):
    """A record that names a person, and can be made to forget them."""

    salt = models.CharField(max_length=32, blank=True, default=new_salt, editable=False)
    commitment = models.CharField(max_length=64, blank=True, editable=False)
    """To what the personal fields were; empty for as long as they and the salt are there."""

    class Meta:
        abstract = True


class What(models.TextChoices):
    """What was taken out of the records."""

    PRUNED = "pruned"
    FORGOTTEN = "forgotten"
    ACCEPTED = "accepted"
    """No record was removed: an administrator accepted the database as it was."""


class Removal(Sealable):
    """Records of one seal that were pruned or forgot their person; signed, then sealed itself."""

    what = models.CharField(max_length=10, choices=What)
    why = models.TextField()
    created = models.DateTimeField(default=timezone.now)
    from_seal = models.PositiveIntegerField(null=True, db_index=True)
    """The number of the seal that the records are of; None: they were in none yet."""
    records = models.TextField()
    """A line for each record, ``kind key``."""
    pseudonym = models.CharField(max_length=150, blank=True)
    """What stands for the name of the person who was forgotten."""
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        ordering = ("id",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.what} {self.created:%Y-%m-%d %H:%M} UTC"

    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "what": self.what,
            "why": self.why,
            "created": moment(self.created),
            "from_seal": self.from_seal,
            "records": self.records,
            "pseudonym": self.pseudonym,
            "key": self.key,
        }


class JournalEntry(models.Model):
    """One step in the life of a record that no seal covers yet; see :mod:`audit.journal`."""

    chain = models.CharField(max_length=16)
    """Which journal it is of: each head file has one."""
    number = models.PositiveBigIntegerField()
    """From 1 on in its chain, without a gap."""
    previous = models.CharField(max_length=64)
    """The digest of the entry before."""
    event = models.CharField(max_length=10)
    """One of ``journal.EVENTS``."""
    kind = models.CharField(max_length=10, blank=True)
    record = models.CharField(max_length=80, blank=True)
    """The record's primary key; of an event without a record, what it is about."""
    form = models.PositiveSmallIntegerField()
    leaf = models.CharField(max_length=64, blank=True)
    """Of the record as it was then: all of it once it is settled, what is fixed before."""
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="journal_number"),)
        default_permissions = ()

    def __str__(self) -> str:
        return f"entry {self.number}"

    def statement(self) -> dict[str, Any]:
        """Return the signed text, whose digest the next entry holds."""
        return {
            "chain": self.chain,
            "number": self.number,
            "previous": self.previous,
            "event": self.event,
            "kind": self.kind,
            "record": self.record,
            "form": self.form,
            "leaf": self.leaf,
            "key": self.key,
        }

    def digest(self) -> str:
        return digest(self.statement())


class Passage(models.Model):
    """While there is a row here, sealed records can be changed: see ``audit.triggers``."""

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "open"
