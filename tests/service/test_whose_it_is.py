"""Whether another process lives is told from /proc; where that cannot be read, nobody is dead."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from executor.owner import label, owner, owner_is_gone, owner_lives

OWN = owner()


@pytest.fixture
def hidden(monkeypatch):
    """Every process' state is refused, as for an account that may not see it."""
    read = Path.read_text

    def refused(path, *options):
        if path.name == "stat":
            raise OSError(errno.EMFILE, "Too many open files", str(path))
        return read(path, *options)

    monkeypatch.setattr(Path, "read_text", refused)


def test_a_process_that_has_ended_is_gone_and_a_living_one_is_not():
    ended = subprocess.Popen(["sleep", "60"])
    it = label(ended.pid)
    assert not owner_is_gone(it)
    ended.kill()
    ended.wait()
    assert owner_is_gone(it)


def test_a_process_of_which_nothing_can_be_read_is_not_taken_for_dead(hidden):
    living = "/".join([OWN.partition("/")[0], str(os.getppid()), "1"])
    assert not owner_is_gone(living)
    assert not owner_lives(living)


def test_a_process_knows_who_it_is_without_looking_again(hidden):
    assert owner() == OWN
