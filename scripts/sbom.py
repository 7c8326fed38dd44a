"""Write the software bills of materials, in CycloneDX's JSON form.

    scripts/sbom.py server    sbom/server.cdx.json and sbom/page.cdx.json, from the lock files
    scripts/sbom.py image     sbom/image.cdx.json, from the packages that the image names

``make lock`` and ``make image`` call it. The image takes the newest packages of its distribution,
so its bill belongs to one build and is not committed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "sbom"
IMAGE = "ruv-sandbox"
DISTRIBUTIONS = {"debian": ("deb", "debian"), "alpine": ("apk", "alpine")}
_FOR_PYTHON = (
    *(sys.executable, "-m", "cyclonedx_py", "requirements", "requirements-scale.txt"),
    *("--output-reproducible", "--spec-version", "1.6", "--output-format", "JSON"),
)
_FOR_THE_PAGE = (
    *("npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"),
    *("--omit", "dev", "--omit", "optional"),
)


def server() -> dict[str, dict[str, Any]]:
    """Return the bills of the server and of its page, by file name."""
    bills = {"server": _FOR_PYTHON, "page": _FOR_THE_PAGE}
    return {f"{name}.cdx.json": _lasting(_output(command)) for name, command in bills.items()}


def image() -> dict[str, dict[str, Any]]:
    """Return the bill of the sandbox image, by file name.

    Raises ``subprocess.CalledProcessError`` when there is no image.
    """
    (inspected,) = json.loads(_output(("docker", "image", "inspect", IMAGE)))
    labels = inspected["Config"]["Labels"]
    kind, vendor = DISTRIBUTIONS[labels["io.cloister.base"]]
    bill = Bom(components=_packages(labels["io.cloister.packages"], kind, vendor))
    bill.metadata.component = made = Component(
        name=IMAGE, version=inspected["Id"], bom_ref=IMAGE, type=ComponentType.CONTAINER
    )
    bill.register_dependency(made, bill.components)
    return {"image.cdx.json": json.loads(JsonV1Dot6(bill).output_as_string())}


def _packages(listed: str, kind: str, vendor: str) -> Iterator[Component]:
    """Read ``name=version@checksum …``, the form that ``sandbox/build.sh`` writes."""
    for package in listed.split():
        name, _, rest = package.partition("=")
        version, _, checksum = rest.partition("@")
        algorithm, _, digest = checksum.partition(":")
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest)]
        yield Component(
            name=name,
            version=version,
            bom_ref=f"{name}@{version}",
            purl=PackageURL(kind, vendor, name, version),
            hashes=hashes if algorithm == "sha256" else [],
        )


def _lasting(text: str) -> dict[str, Any]:
    """Return a bill without what differs from call to call or names a registry's host."""
    bill: dict[str, Any] = json.loads(text)
    bill.pop("serialNumber", None)
    for key in ("timestamp", "tools"):
        bill["metadata"].pop(key, None)
    described = bill["metadata"].get("component", {})
    if described:
        # npm gives the name of the folder.
        described["name"] = described["bom-ref"].partition("@")[0]
    for component in (described, *bill["components"]):
        for key in ("externalReferences", "description"):
            component.pop(key, None)
    return bill


def _output(command: tuple[str, ...]) -> str:
    return subprocess.run(
        command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def main() -> int:
    """Write the bills that the command line names."""
    bills = {"server": server, "image": image}
    if len(sys.argv) != 2 or sys.argv[1] not in bills:
        print("usage: scripts/sbom.py server|image", file=sys.stderr)
        return 64
    FOLDER.mkdir(exist_ok=True)
    for name, bill in bills[sys.argv[1]]().items():
        (FOLDER / name).write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n")
        print(f"sbom: {len(bill['components'])} components in sbom/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
