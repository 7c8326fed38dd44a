"""A database may do what it was asked and its answer be lost; asking again is no mistake then."""

import uuid

import pytest
from django.db import OperationalError

from audit import recorder
from audit.models import Execution
from executor import dispatch
from executor.frames import Tool
from executor.outcome import Outcome, Status
from executor.submission import Submission
from executor.tooling import Tooling
from executor.tools import Check


class Meets:
    """Where tools are used: the first look meets an attempt to get out, later ones nothing."""

    def __init__(self):
        self._found = [Check(), Check(escape=Outcome(str(uuid.uuid4()), Status.BLOCKED, "No."))]

    async def use_tool(self, tool, submission, may, account=None):
        return self._found.pop()


async def test_an_escape_whose_record_was_committed_unheard_is_ended_and_tools_go_on(
    transactional_db, monkeypatch
):
    began = recorder.began

    def unheard(**facts):
        began(**facts)
        monkeypatch.setattr(recorder, "began", began)
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(recorder, "began", unheard)
    monkeypatch.setattr(dispatch, "_current", Meets())
    tools, sender = Tooling(), dispatch.Sender(None, "page")
    submission = Submission.from_source("int main(void) { return 0; }\n")
    with pytest.raises(dispatch.Refused):
        await tools.use(Tool.CHECK, submission, sender)
    assert await tools.use(Tool.CHECK, submission, sender) == Check()
    assert [one.state async for one in Execution.objects.all()] == ["ended"]
