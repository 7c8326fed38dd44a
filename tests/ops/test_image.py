"""An image that grew old, or whose base gets no updates any more, is said to be so."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from executor.image import BASES, OLD_IMAGE_DAYS, freshness
from ideproject.settings import BASE_DIR
from scripts import sbom

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def seen(base="debian", days=1, **labels):
    built = (NOW - timedelta(days=days)).isoformat()
    usual = {"io.cloister.base": base, "io.cloister.built": built}
    return freshness({"Config": {"Labels": usual | labels}})


def test_a_fresh_image_of_a_supported_base_is_nothing_to_warn_about():
    image = seen()
    assert image.age_days(NOW) == 1
    assert image.warnings(NOW) == []


def test_an_image_is_old_after_its_last_day():
    assert not seen(days=OLD_IMAGE_DAYS).is_old(NOW)
    old = seen(days=OLD_IMAGE_DAYS + 1)
    assert old.is_old(NOW)
    assert f"{OLD_IMAGE_DAYS + 1} days old" in old.warnings(NOW)[0]


def test_a_base_is_outdated_the_day_after_its_support_ended():
    image = seen()
    last = datetime.combine(image.supported_until, NOW.time(), UTC)
    assert not image.is_outdated(last)
    assert image.is_outdated(last + timedelta(days=1))


def test_the_warning_of_an_outdated_base_names_it_and_the_day():
    warning = seen("alpine").warnings(NOW)[0]
    assert "Alpine 3.20" in warning
    assert "2026-04-01" in warning


@pytest.mark.parametrize("labels", [None, {}, {"io.cloister.built": "soon"}])
def test_an_image_that_says_nothing_of_itself_is_warned_about_twice(labels):
    image = freshness({"Config": {"Labels": labels}})
    assert len(image.warnings(NOW)) == 2


def test_a_time_without_a_zone_is_utc():
    image = freshness({"Config": {"Labels": {"io.cloister.built": "2026-11-23T12:00:00"}}})
    assert image.age_days(NOW) == 1


def test_the_releases_are_those_that_the_build_takes():
    script = (BASE_DIR / "sandbox/build.sh").read_text()
    (codename,) = re.findall(r"libfann-dev,\S* (\w+) ", script)
    (alpine,) = re.findall(r"^alpine=alpine:([\d.]+)", script, re.MULTILINE)
    assert codename in BASES["debian"][0]
    assert BASES["alpine"][0].endswith(f" {alpine}")
    assert all(isinstance(until, date) for _, until in BASES.values())


@pytest.mark.docker
def test_bill_of_materials_names_the_packages_of_the_image():
    (bill,) = sbom.image().values()
    named = {component["name"]: component for component in bill["components"]}
    assert {"gcc-12", "libc6", "libfann2"} <= set(named)
    assert all(component["version"] and component["purl"] for component in named.values())
    assert bill["metadata"]["component"]["version"].startswith("sha256:")


def test_bills_of_materials_match_the_lock_files():
    page = json.loads((BASE_DIR / "package-lock.json").read_text())["packages"]
    expected = {
        "page": {
            (path.rpartition("node_modules/")[2], package["version"])
            for path, package in page.items()
            if path and not (package.get("dev") or package.get("optional"))
        },
        "server": set(
            re.findall(
                r"^(\S+)==(\S+)", (BASE_DIR / "requirements-scale.txt").read_text(), re.MULTILINE
            )
        ),
    }
    for name, packages in expected.items():
        bill = json.loads((BASE_DIR / f"sbom/{name}.cdx.json").read_text())
        assert {(one["name"], one["version"]) for one in bill["components"]} == packages
