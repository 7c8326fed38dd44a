"""Executions as they are recorded, without having run."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from audit import recorder
from audit.models import Execution
from executor.outcome import Outcome, Status

SOURCES = {"main.c": b"int main(void) { return 0; }\n", "net.h": b"#define LAYERS 3\n"}


def ran(person, project=None, ended=True, ago=0, **outcome):
    """Records an execution of somebody's; its id."""
    execution = recorder.began(
        execution_id=uuid4(),
        user=person,
        door="page",
        remote_address="",
        user_agent="",
        server="",
        sources=SOURCES,
        data_files={"x.data": b"1"},
        main="main.c",
        args=["500"],
        code_hash="c0de" * 16,
        interactive=False,
        validated=True,
        limits={},
        options={"sanitize": True},
        project=project and project["id"],
    )
    created = timezone.now() - timedelta(minutes=ago)
    Execution.objects.filter(pk=execution.pk).update(created=created)
    if ended:
        usual = Outcome(str(execution.pk), Status.SUCCESS, "It ran.", stdout="42\n", run_ms=5)
        recorder.ended(execution.pk, usual.as_dict() | outcome)
    return str(execution.pk)
