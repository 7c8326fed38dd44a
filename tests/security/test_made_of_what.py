"""What a sandbox is made of is what its record says, and without its walls it is not used."""

import json

import pytest

from executor import CodeExecutor, container, profile
from executor.container import OWNER_LABEL, Engine, SandboxConfig, SandboxUnavailable
from executor.outcome import Status
from executor.submission import Submission
from executor.wall import ALL
from tests.conftest import RUNTIME

pytestmark = pytest.mark.docker

NOTHING = "int main(void) { return 0; }"
TAG = "ruv-sandbox:engine-moving-tag"


@pytest.fixture
def moving_tag():
    """Points a tag of the test's own at another image; gives that image's id."""
    client = Engine(SandboxConfig()).client

    def point(image):
        client.tag(image, *TAG.split(":"), force=True)
        return client.inspect_image(TAG)["Id"]

    yield point
    client.remove_image(TAG)
    client.close()


async def test_a_container_is_made_from_the_id_and_the_record_names_it(moving_tag):
    wanted = moving_tag(container.IMAGE)
    engine = Engine(SandboxConfig(image=TAG, runtime=RUNTIME))
    sandbox = await engine.create()
    seen = engine.client.inspect_container(sandbox.name)
    await sandbox.destroy()
    assert (seen["Image"], seen["Config"]["Image"]) == (wanted, wanted)
    assert sandbox.image == f"{TAG}@{wanted}"


async def test_a_tag_that_moved_is_seen_by_the_next_container(moving_tag):
    ids = [moving_tag(container.IMAGE)]
    async with CodeExecutor(SandboxConfig(image=TAG, runtime=RUNTIME)) as executor:
        submission = Submission.from_source(NOTHING)
        images = [(await executor.execute_async(submission)).image]
        ids.append(moving_tag(container.UNVALIDATED_IMAGE))
        images.append((await executor.execute_async(submission)).image)
    assert images == [f"{TAG}@{one}" for one in ids]
    assert len(set(images)) == 2


async def test_an_image_named_by_its_id_is_recorded_by_its_id(moving_tag):
    image_id = moving_tag(container.IMAGE)
    async with CodeExecutor(SandboxConfig(image=image_id, runtime=RUNTIME)) as executor:
        outcome = await executor.execute_async(Submission.from_source(NOTHING))
    assert (outcome.status, outcome.image) == (Status.SUCCESS, image_id)


@pytest.fixture
def without_landlock(tmp_path, monkeypatch):
    """A profile under which the supervisor finds no Landlock, as on an older kernel."""
    without = json.loads(profile.PROFILE.read_text())
    for group in without["syscalls"]:
        group["names"] = [name for name in group["names"] if not name.startswith("landlock")]
    without["syscalls"] = [group for group in without["syscalls"] if group["names"]]
    altered = tmp_path / "profile.json"
    altered.write_text(json.dumps(without))
    monkeypatch.setattr(profile, "PROFILE", altered)


@pytest.mark.skipif(bool(RUNTIME), reason="gVisor has no Landlock and applies no profile")
async def test_a_sandbox_without_a_demanded_wall_is_not_used_and_not_left(
    without_landlock, monkeypatch
):
    monkeypatch.setattr(container, "owner", lambda: "this-test/1/1")
    engine = Engine(SandboxConfig())
    with pytest.raises(SandboxUnavailable, match="walls are missing: files") as refusal:
        await engine.create()
    assert refusal.value.code == "walls-missing"
    labels = [one["Labels"][OWNER_LABEL] for one in engine.sandboxes()]
    assert "this-test/1/1" not in labels


@pytest.mark.skipif(bool(RUNTIME), reason="gVisor has no Landlock and applies no profile")
async def test_where_that_wall_is_not_demanded_the_result_says_that_it_was_missing(
    without_landlock,
):
    async with CodeExecutor(SandboxConfig(walls=ALL - {"files"})) as executor:
        outcome = await executor.execute_async(Submission.from_source(NOTHING))
    assert (outcome.status, outcome.walls["landlock"]) == (Status.SUCCESS, 0)
