"""One hardened, single-use container. The only module that knows the engine.

Theory of operation
-------------------
A sandbox is created, attached to, started, and waits: its process 1 is the
supervisor, which says READY on standard output and then reads an order from
standard input. The container removes itself when the supervisor exits, and the
supervisor exits when its standard input ends. So a server that dies, however
suddenly, takes its sandboxes with it: its end of the attached socket closes,
the engine (``StdinOnce``) closes the container's standard input, and the kernel
ends everything in the container's pid namespace.

Two questions come before anything of a stranger's is sent. What is it made of: the
image's tag is looked up and the container made from the id that was found, so that
what is recorded is what ran, whatever the tag means a moment later. And do the walls
stand that the configuration demands: the engine's, asked again after every failure,
and each sandbox's own, by what its supervisor found. Where one is missing there is
no sandbox.

Nothing from a request reaches the engine's API: name, image, mounts and limits
come from the configuration alone, files and arguments travel in frames to a
process that is already confined.

On a site the broker is the one process that uses this module (``docs/broker.md``); a
library's caller and the tests use it directly.

Docker's API is spoken in threads: by ``engine_socket`` where an execution needs it, by
docker-py elsewhere. Only the attached stream, which carries every byte of an execution,
is read and written by the event loop.

A sandbox ends as it would if we died: its stream is closed, the supervisor exits, the
container removes itself. To have it killed costs the engine another process and 12 ms
(``docs/decisions/0054``); that is for the one that is still there two seconds later.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import socket
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import docker
import docker.errors
import docker.utils
import requests.exceptions

from executor.engine import LABEL as LABEL
from executor.engine import OWNER_LABEL as OWNER_LABEL
from executor.engine import SandboxEngine, want
from executor.engine import SandboxUnavailable as SandboxUnavailable
from executor.engine import is_wanted as is_wanted
from executor.engine_socket import ERRORS, EngineError, EngineSocket, NoSuchImage
from executor.owner import owner
from executor.profile import profile
from executor.sandbox_config import IMAGE as IMAGE
from executor.sandbox_config import UNVALIDATED_IMAGE as UNVALIDATED_IMAGE
from executor.sandbox_config import SandboxConfig as SandboxConfig
from executor.sandbox_config import container_body

BUILT_LABEL: Final = "io.cloister.built"
"""On every image of ours; ``build.sh`` writes it."""

_ENGINE_TIMEOUT_SECONDS = 30
_LEAVING_SECONDS = 2.0


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the engine's clients raise into :class:`SandboxUnavailable`, by type and status."""
    try:
        yield
    except (docker.errors.ImageNotFound, NoSuchImage) as error:
        raise SandboxUnavailable(
            "image-missing",
            "The sandbox image is missing. The administrator can build it with “make image”.",
        ) from error
    except (docker.errors.APIError, EngineError) as error:
        raise SandboxUnavailable(
            "engine-refused",
            "The Docker engine refused to create a sandbox. "
            "The administrator can ask “manage.py sandbox check” for the reason.",
        ) from error
    # Among them OSError: this process has no descriptor left for another connection.
    except (
        docker.errors.DockerException,
        requests.exceptions.RequestException,
        *ERRORS,
    ) as error:
        raise SandboxUnavailable(
            "engine-unreachable",
            "The sandbox is unreachable: the Docker engine does not answer. "
            "Nothing was run; try again in a moment.",
        ) from error


class Engine(SandboxEngine):
    """The Docker engine that the environment names, asked directly."""

    def __init__(self, config: SandboxConfig) -> None:
        super().__init__(config)
        self._client: docker.APIClient | None = None
        self._calls: EngineSocket | None = None
        self._profile = json.dumps(profile(reused=bool(config.reuse)))

    @property
    def client(self) -> docker.APIClient:
        """The connection to the engine; raises :class:`SandboxUnavailable`."""
        if self._client is None:
            with _translated():
                self._client = docker.APIClient(
                    **docker.utils.kwargs_from_env(),
                    version="auto",
                    timeout=_ENGINE_TIMEOUT_SECONDS,
                    num_pools=16,
                )
        return self._client

    @property
    def calls(self) -> EngineSocket:
        """The same engine for the calls that every execution needs."""
        if self._calls is None:
            host = os.environ.get("DOCKER_HOST")
            address = str(docker.utils.parse_host(host, tls="DOCKER_TLS_VERIFY" in os.environ))
            version = self.client.api_version
            self._calls = EngineSocket(address, version, _ENGINE_TIMEOUT_SECONDS)
        return self._calls

    def start(self, name: str, made_by: str | None = None) -> tuple[socket.socket, str]:
        """See the base class. ``made_by``: the process that owns it, if it is not this one."""
        stream = None
        try:
            with _translated():
                image_id = self.calls.image_id(self.config.image)
                self.calls.create(name, self._body(image_id, made_by or owner()))
                stream = self.calls.attach(name)
                self.calls.start(name)
        except BaseException:
            if stream is not None:
                stream.close()
            raise
        return stream, _exactly(self.config.image, image_id)

    def await_removal(self, name: str) -> bool:
        with _translated():
            return self.calls.await_removal(name, _LEAVING_SECONDS)

    def _body(self, image_id: str, made_by: str) -> dict[str, Any]:
        labels = {LABEL: "1", OWNER_LABEL: made_by}
        return container_body(self.config, image_id, self._profile, labels)

    def remove(self, name: str) -> None:
        with _translated():
            try:
                self.client.remove_container(name, force=True, v=True)
            except docker.errors.NotFound:
                pass
            except docker.errors.APIError as error:
                # 409: it is removing itself at this moment.
                if error.status_code != 409:
                    raise

    def sandboxes(self) -> list[dict[str, Any]]:
        with _translated():
            found: list[dict[str, Any]] = self.client.containers(all=True, filters={"label": LABEL})
        # The engine gives no name where a removal was cut short; each can still be told by its id.
        return [
            container | {"Names": container["Names"] or [container["Id"]]} for container in found
        ]

    def image(self) -> dict[str, Any]:
        with _translated():
            found: dict[str, Any] = self.client.inspect_image(  # type: ignore[no-untyped-call]
                self.config.image
            )
            return found

    def image_file(self, image_id: str, path: str) -> bytes:
        name = f"sandbox_{secrets.token_hex(6)}"
        want(name)
        try:
            with _translated():
                self.client.create_container_from_config(  # type: ignore[no-untyped-call]
                    self._body(image_id, owner()), name
                )
                chunks, _ = self.client.get_archive(name, path)
                archive = io.BytesIO(b"".join(chunks))
        except SandboxUnavailable as error:
            if isinstance(error.__cause__, docker.errors.NotFound):
                raise FileNotFoundError(path) from error
            raise
        finally:
            self.discard(name)
        with tarfile.open(fileobj=archive) as tar:
            member = tar.extractfile(tar.getmembers()[0])
            return member.read() if member else b""

    def remove_old_images(self, seconds: float) -> list[str]:
        with _translated():
            filters = {"dangling": True, "label": BUILT_LABEL}
            found = self.client.images(filters=filters)
            old = [one["Id"] for one in found if time.time() - one["Created"] > seconds]
            return [one for one in old if self._remove_image(one)]

    def _remove_image(self, image_id: str) -> bool:
        try:
            self.client.remove_image(image_id)
        except docker.errors.APIError as error:
            if error.status_code not in (404, 409):  # gone by itself; or a sandbox is made of it
                raise
            return False
        return True

    def info(self) -> dict[str, Any]:
        with _translated():
            found: dict[str, Any] = self.client.info()
            return found

    def version(self) -> dict[str, Any]:
        with _translated():
            found: dict[str, Any] = self.client.version()
            return found


def _exactly(image: str, image_id: str) -> str:
    """The image as it was named, with the id that the name had: ``ruv-sandbox@sha256:…``."""
    name = image.partition("@")[0]
    return image_id if name.startswith("sha256:") else f"{name}@{image_id}"
