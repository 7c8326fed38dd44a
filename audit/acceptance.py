"""Accept the database as it is: at the first start with a journal, and after a restore.

Both enter the unsealed records into the journal as they are. The first happens by itself, once
in the life of a database. The second is an administrator's act with a reason: it is signed,
stored as a removal of nothing, sealed like one, and written to the head file.
"""

from __future__ import annotations

from audit import coverage, journal, leaves, recovery, retention
from audit.canonical import NO_SEAL
from audit.findings import Finding
from audit.head_file import now, text
from audit.journal import Draft, Notes
from audit.models import UNFINISHED, Execution, Pause
from audit.sealed import JournalEntry, Removal, Seal, What


def adopt() -> int:
    """Enter records older than the journal, once per database; return their number."""
    if not journal.file().peek().fresh:
        return 0
    with journal.step(durable=True) as step:
        drafts = _drafts()
        known = set(JournalEntry.objects.values_list("kind", "record"))
        drafts = [one for one in drafts if (one.kind, one.record) not in known]
        head = step.lock()
        if not head.fresh:
            return 0
        step.announce(head, drafts)
        step.confirmations.append(f"adopted {now()} {len(drafts)}")
    return len(drafts)


def accept(reason: str) -> list[Finding]:
    """Accept the database as it is; return its differences from the head file."""
    findings = [*recovery.head_findings(), *coverage.looked_through().findings]
    before, newest = journal.file().peek(), Seal.objects.order_by("-number").first()
    number, digest = (newest.number, newest.digest()) if newest else (0, NO_SEAL)
    lines = [
        f"head was seal {before.seal} {before.digest}",
        f"head is seal {number} {digest}",
        *map(str, findings),
    ]
    with journal.step(durable=True) as step:
        removal = Removal(what=What.ACCEPTED, why=reason, records="\n".join(lines))
        retention.store(Notes(), removal)
        drafts = _drafts()
        journal.begin_again(step, drafts)
        step.confirmations += [
            f"sealed {number} {digest}",
            f"accepted {now()} {text(reason)}",
            f"calm {now()}",
        ]
    return findings


def _drafts() -> list[Draft]:
    """Return entries for all unsealed records as they are now."""
    over = {
        "execution": Execution.objects.exclude(state__in=UNFINISHED),
        "pause": Pause.objects.filter(lifted_at__isnull=False),
    }
    notes = Notes()
    for kind, model in leaves.MODELS.items():
        records = model._default_manager.filter(seal=None)
        if kind in over:
            notes.begun(kind, *records.values_list("pk", flat=True))
            records = over[kind].filter(seal=None)
        notes.settled(kind, *records.values_list("pk", flat=True))
    return notes.drafts()
