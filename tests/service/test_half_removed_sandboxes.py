"""A removal that the engine was interrupted in leaves a container without a name."""

import pytest

from executor.container import Engine, SandboxConfig
from executor.pool import reap

pytestmark = pytest.mark.docker


def test_a_container_without_a_name_is_told_by_its_id_and_does_not_stop_the_reaping(monkeypatch):
    engine = Engine(SandboxConfig())
    discarded = []
    nameless = {"Id": "5e1f", "Names": [], "Created": 0, "Labels": {}, "State": "exited"}
    monkeypatch.setattr(engine.client, "containers", lambda **_options: [nameless])
    monkeypatch.setattr(engine, "discard", lambda name: discarded.append(name) is None)
    assert reap(engine) == ["5e1f"]
    assert discarded == ["5e1f"]
