"""A backup that was made while programs ran is a site again, with records that verify."""

import shutil
import stat
import threading

import pytest
from django.core.management import CommandError, call_command

from tests.service.serving import Person, Server

pytestmark = pytest.mark.docker

HELLO = "int main(void) { return 0; }"


def _seal(server):
    """Seal without the minute in which a record may still be on its way into the database."""
    at_once = "from audit import seals; from datetime import timedelta; seals.GRACE = timedelta(0)"
    sealed = server.manage("shell", "-v0", "-c", f"{at_once}; seals.seal()")
    assert sealed.returncode == 0, sealed.stderr


@pytest.fixture(scope="module")
def backup(tended, alice_there, tmp_path_factory):
    """Made while alice runs one program after the other."""
    folder = tmp_path_factory.mktemp("backup") / "copy"
    done, ran = threading.Event(), []

    def keep_running():
        with alice_there.socket() as socket:
            while not done.is_set():
                ran.append(socket.run(HELLO)[-1]["execution_id"])

    person = threading.Thread(target=keep_running)
    person.start()
    try:
        while not ran:
            assert person.is_alive()
        _seal(tended)
        made = tended.manage("backup", folder)
    finally:
        done.set()
        person.join()
    assert made.returncode == 0, made.stderr
    return folder, ran[0], made.stdout


@pytest.fixture(scope="module")
def restored(backup, tmp_path_factory):
    """A server on the restored folder, and nothing else of the first one."""
    data = shutil.copytree(backup[0], tmp_path_factory.mktemp("restored") / "data")
    one = Server(data, SANDBOX_POOL_SIZE=0)
    before = one.manage("audit", "verify")
    assert before.returncode == 1
    assert "the head file that belongs to it is missing" in before.stdout
    accepted = one.manage("audit", "accept", "--reason", "the first machine burned down")
    assert accepted.returncode == 0, accepted.stderr
    yield one.start()
    one.end()


def test_the_backup_says_what_is_in_it(backup):
    folder, _, said = backup
    assert "cloister.sqlite3" in said
    assert "is whole" in said
    assert "secret_key" in said
    assert (folder / "audit_signing_key").exists()


def test_the_backup_is_its_owners_and_holds_no_logs(backup):
    folder, *_ = backup
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "cloister.sqlite3").stat().st_mode) == 0o600
    assert not [file.name for file in folder.iterdir() if ".log" in file.name]


def test_the_restored_records_verify(restored):
    verified = restored.manage("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Accepted" in verified.stdout
    assert "UTC: the first machine burned down" in verified.stdout


def test_the_restored_site_knows_what_ran_and_everybodys_password(restored, backup):
    alice = Person(restored, "alice").log_in()
    assert alice.get(f"/executions/{backup[1]}/").status_code == 200


def test_who_was_logged_in_still_is(restored, alice_there):
    answer = alice_there.web.get(restored.origin + "/", allow_redirects=False, timeout=30)
    assert answer.status_code == 200


def test_programs_run_in_the_restored_site_and_are_sealed_behind_the_old_ones(restored):
    with Person(restored, "alice").log_in().socket() as socket:
        assert socket.run(HELLO)[-1]["status"] == "success"
    _seal(restored)
    verified = restored.manage("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.splitlines()[-1].startswith("head 2 ")


def test_a_folder_that_is_there_is_not_touched(db, tmp_path):
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(CommandError, match="already exists"):
        call_command("backup", str(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]
