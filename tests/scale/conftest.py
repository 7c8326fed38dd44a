"""Two web servers and two workers on one PostgreSQL and one Redis, all real."""

from __future__ import annotations

import pytest

from tests.scale.cluster import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def alice(cluster):
    return cluster.person("alice", 0)


@pytest.fixture
def bob(cluster):
    return cluster.person("bob", 1)
