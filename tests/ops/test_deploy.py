"""The files for deployment name only what is there, and are what the page about them says."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.core.management import get_commands
from prometheus_client.parser import text_string_to_metric_families

from audit import recorder, upkeep
from executor import image_watch, metrics
from executor.image import Freshness
from executor.live import Line
from executor.outcome import Category, Outcome, Severity, Status, Violation
from executor.pool import Pool
from ideproject.settings import BASE_DIR
from tests.site.test_settings import read_settings

DEPLOY = BASE_DIR / "deploy"
PAGE = (BASE_DIR / "docs/operations.md").read_text()
UNITS = sorted(DEPLOY.glob("*.service"))
NAMED = re.compile(r"\b((?:cloister|process)_\w+)(?:\{([^}]*)\})?")
ALERTS = (DEPLOY / "alerts.yml").read_text()


@pytest.fixture
def told(client, db, monkeypatch, settings, tmp_path, record, outcome, violation):
    """Everything that can be told, told at least once: the labels of each sample by its name."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(metrics._service, "watched", (Pool(None, 1), Line(1)))
    monkeypatch.setattr(image_watch._watch, "reachable", True)
    image = Freshness(datetime(2026, 11, 1, tzinfo=UTC), "Debian", None)
    monkeypatch.setattr(image_watch._watch, "image", image)
    found = Violation(Category.BLOCKED_PATTERN, "system-call", Severity.HIGH, "")
    ended = Outcome("1", Status.BLOCKED, "", violations=[found], run_ms=1, peak_memory_bytes=1)
    metrics.execution_ended("page", ended)
    metrics.submission_refused("busy")
    steps = (upkeep.Step("seal", True, "", 0),)
    upkeep.keep(upkeep.Upkeep(datetime.now(UTC), steps))
    recorder.ended(record().pk, outcome(status="blocked", violations=[violation()]))
    samples = {}
    for family in text_string_to_metric_families(client.get("/metrics").content.decode()):
        for sample in family.samples:
            samples.setdefault(sample.name, set()).update(sample.labels)
    return samples


def expressions():
    """Everything that the alert rules and the Grafana dashboard ask Prometheus."""
    board = json.loads((DEPLOY / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return [*asked, *re.split(r"- alert: ", ALERTS)[1:]]


def test_every_alert_and_every_panel_asks_for_metrics_and_labels_that_exist(told):
    asked = [one for text in expressions() for one in NAMED.findall(text)]
    assert len(asked) > 50
    for name, selector in asked:
        assert name in told, name
        labels = set(re.findall(r"(\w+)\s*=~?", selector)) - {"job"}
        assert labels <= told[name], name


def test_a_metric_that_does_not_exist_would_be_noticed(told):
    assert "cloister_executions" not in told
    assert "cloister_executions_total" in told


def test_every_label_that_is_summed_by_exists(told):
    known = set().union(*told.values())
    by = re.findall(r"\bby \(([\w, ]+)\)", " ".join(expressions()))
    assert by
    assert {label for labels in by for label in labels.split(", ")} <= known


def test_every_expression_closes_what_it_opens():
    for text in expressions():
        for opened, closed in ("()", "[]", "{}"):
            assert text.count(opened) == text.count(closed), text


def test_every_alert_says_how_grave_it_is_what_happened_and_what_to_do():
    rules = re.split(r"- alert: ", ALERTS)[1:]
    assert len(rules) > 15
    for rule in rules:
        for key in ("expr:", "labels: {severity:", "summary:", "action:"):
            assert key in rule, rule


def test_the_page_lists_every_metric_and_no_other(told):
    listed = set(re.findall(r"^\| `(cloister_\w+)`", PAGE, re.MULTILINE))
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in told}
    ours = {name for name in families if name.startswith("cloister_")} - {"cloister_executions"}
    assert listed == ours


# The units and the environment


def test_every_file_is_named_on_the_page():
    for file in DEPLOY.iterdir():
        assert f"`deploy/{file.name}`" in PAGE or f"(../deploy/{file.name})" in PAGE, file.name


@pytest.mark.parametrize("file", [*UNITS, DEPLOY / "cloister.cron"], ids=lambda file: file.name)
def test_the_commands_of_the_units_exist(file):
    named = re.findall(r"manage\.py (\w+)", file.read_text())
    modules = re.findall(r"python -m (\S+)", file.read_text())
    assert named or modules
    assert set(named) <= set(get_commands())
    assert all(find_spec(module) for module in modules)


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_a_unit_gives_away_nothing_that_it_does_not_need(unit):
    lines = unit.read_text().splitlines()
    is_broker = "User=cloister-broker" in lines
    assert is_broker or "User=cloister" in lines
    for wanted in (
        *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes"),
        *("CapabilityBoundingSet=", "UMask=0077"),
    ):
        assert wanted in lines
    # Docker's group and the data folder are never with the same account.
    assert ("SupplementaryGroups=docker" in lines) == is_broker
    assert ("StateDirectoryMode=0700" in lines) != is_broker


def test_server_uses_the_socket_on_which_systemd_listens_for_the_broker():
    unit = (DEPLOY / "cloister-broker.socket").read_text()
    (path,) = re.findall(r"^ListenSequentialPacket=(.*)$", unit, re.MULTILINE)
    assert "SocketUser=cloister\n" in unit
    assert "SocketMode=0600\n" in unit
    for name in ("cloister.service", "cloister-maintain.service", "cloister-manage"):
        assert f"SANDBOX_BROKER={path}" in (DEPLOY / name).read_text()


def test_the_server_may_have_more_descriptors_open_than_one_network_may_have_connections():
    unit = (DEPLOY / "cloister.service").read_text()
    allowed = re.search(r"^LimitNOFILE=(\d+)$", unit, re.MULTILINE)
    assert allowed
    assert int(allowed[1]) > 10 * settings.CONNECTIONS_PER_ADDRESS


@pytest.mark.parametrize("file", [DEPLOY / "cloister.env", *UNITS], ids=lambda file: file.name)
def test_the_environment_holds_settings_that_exist_and_no_secret(file):
    text = "\n".join(
        line.removeprefix("Environment=").replace(" ", "\n")
        for line in file.read_text().splitlines()
        if file.suffix == ".env" or line.startswith("Environment=")
    )
    names = set(re.findall(r"^([A-Z][A-Z_]+)=", text, re.MULTILINE))
    assert names - {"PYTHONDONTWRITEBYTECODE"} <= set(read_settings())
    assert not names & {"SECRET_KEY", "METRICS_TOKEN", "AUDIT_SIGNING_KEY", "ALERT_WEBHOOK_SECRET"}


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_no_proxy_hands_the_metrics_out(name):
    assert re.search(r"/metrics\b.*?404", (DEPLOY / name).read_text(), re.DOTALL)


def test_the_site_as_it_is_deployed_passes_djangos_checks(tmp_path):
    given = dict(
        re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "cloister.env").read_text(), re.MULTILINE)
    )
    usual = {name: value for name, value in given.items() if not name.endswith("_FILE")}
    assert {"HTTPS", "TRUST_PROXY"} <= set(usual)
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **usual},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stderr
