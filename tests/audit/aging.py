"""Records that are older than the test."""

from audit import journal
from audit.models import UNFINISHED, Execution


def set_times(executions, **times):
    """Change times of executions, as if the server had recorded them so."""
    keys = list(executions.values_list("pk", flat=True))
    with journal.transaction() as notes:
        Execution.objects.filter(pk__in=keys).update(**times)
        notes.begun("execution", *keys)
        over = Execution.objects.filter(pk__in=keys).exclude(state__in=UNFINISHED)
        notes.settled("execution", *over.values_list("pk", flat=True))
