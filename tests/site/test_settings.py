import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from executor.limits import Limits
from ideproject import settings as site

DOCUMENTED = dict(
    re.findall(
        r"^\| `(\w+)` \| (.+?) \| .", (site.BASE_DIR / "docs/settings.md").read_text(), re.MULTILINE
    )
)


def read_settings():
    """Each variable that the settings read, with its default where that is written as a value."""
    calls = [
        node
        for module in (site, site.sandbox)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text()))
        if isinstance(node, ast.Call) and re.match(r"env\w+", getattr(node.func, "id", ""))
    ]
    read = {}
    for call in calls:
        if call.args and isinstance(call.args[0], ast.Constant):
            given = call.args[1] if len(call.args) > 1 else None
            read[call.args[0].value] = given.value if isinstance(given, ast.Constant) else None
            if call.func.id in ("envsecret", "envdatabase", "envredis"):
                read[f"{call.args[0].value}_FILE"] = None
    return read | {f"LIMIT_{f.name.upper()}": getattr(Limits(), f.name) for f in fields(Limits)}


def start(show, **environment):
    """Read the settings in a process of their own; the value of ``show``, or the error's text."""
    shown = f"import json, ideproject.settings as s; print(json.dumps({show}, default=str))"
    process = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=site.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if process.returncode:
        return process.stderr.strip().splitlines()[-1]
    return json.loads(process.stdout)


def test_every_setting_is_explained_and_nothing_else_is():
    read = read_settings()
    assert len(read) > 40
    assert set(DOCUMENTED) == set(read)


def test_the_explained_defaults_are_the_real_ones():
    for name, default in read_settings().items():
        if default not in (None, ""):
            value = int(default) if isinstance(default, bool) else default
            assert DOCUMENTED[name] == f"`{value}`", name


def test_the_usual_values_hold_without_any_variable(tmp_path):
    shown = "[s.DEBUG, s.ALLOWED_HOSTS, s.SANDBOX_IMAGE, s.LIMITS.run_seconds, s.HTTPS]"
    assert start(shown, DATA_DIR=str(tmp_path)) == [
        False,
        ["localhost", "127.0.0.1", "[::1]"],
        "ruv-sandbox",
        10.0,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG must be 1 or 0, not “maybe”."),
        ("QUEUE_LENGTH", "many", "QUEUE_LENGTH must be a whole number, not “many”."),
        ("RUN_CONCURRENCY_PER_USER", "0", "must be a whole number, 1 or more, not “0”."),
        ("RUN_RATE", "20 per minute", "RUN_RATE must be a number, a slash"),
        ("LIMIT_RUN_SECONDS", "nan", "LIMIT_RUN_SECONDS must be a number, 0 or more, not “nan”."),
        ("LIMIT_RUN_SECONDS", "0", "limit run_seconds must be greater than zero"),
        ("LIMIT_MEMORY_BYTES", "128M", "LIMIT_MEMORY_BYTES must be a whole number"),
        ("LIMIT_RUN_SECOND", "9", "LIMIT_RUN_SECOND is not the name of a limit."),
        ("ALERT_SEVERITY", "bad", "ALERT_SEVERITY must be one of low, medium, high, critical, not"),
        ("ALERT_WEBHOOK_URL", "file:///etc/passwd", "must be an address that starts with http"),
        ("ALERT_WEBHOOK_URL", "https://me:pass@example.org/", "must be an address that starts"),
        ("ALERT_WEBHOOK_URL", "https://example.org/", "ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SEC"),
        ("RUN_RATE", "5/0s", "RUN_RATE must be a number, a slash"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("LOG_FILE", "/nowhere/log", "LOG_FILE: “/nowhere/log” cannot be written: No such file"),
        ("TIME_ZONE", "Mars/Base", "TIME_ZONE must be a time zone such as Europe/London, not “M"),
        ("AUDIT_SIGNING_KEY", "short", "AUDIT_SIGNING_KEY has 5 characters; it needs at least 32"),
        ("AUDIT_TRUSTED_KEYS", "a key", "AUDIT_TRUSTED_KEYS must be keys of 64 hex digits"),
        ("SECRET_KEY_FILE", "/nowhere/key", "SECRET_KEY_FILE: “/nowhere/key” cannot be read"),
        ("SECRET_KEY_FILE", "/dev/null", "SECRET_KEY_FILE: “/dev/null” is empty."),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start_and_says_why(tmp_path, name, value, sentence):
    assert sentence in start("1", DATA_DIR=str(tmp_path), **{name: value})


def test_limits_are_set_one_by_one(tmp_path):
    shown = "[s.LIMITS.run_seconds, s.LIMITS.memory_bytes, s.LIMITS.open_files]"
    changed = {"LIMIT_RUN_SECONDS": "2.5", "LIMIT_MEMORY_BYTES": "1048576"}
    assert start(shown, DATA_DIR=str(tmp_path), **changed) == [2.5, 1048576, 64]


def test_https_makes_cookies_and_redirects_strict_and_trusts_no_proxy_unasked(tmp_path):
    shown = (
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_PROXY_SSL_HEADER]"
    )
    plain = start(shown, DATA_DIR=str(tmp_path))
    https = start(shown, DATA_DIR=str(tmp_path), HTTPS="1")
    behind = start(shown, DATA_DIR=str(tmp_path), HTTPS="1", TRUST_PROXY="1")
    assert plain == [False, False, False, 0, None]
    assert https == [True, True, True, 31_536_000, None]
    assert behind[-1] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_a_key_is_made_once_and_kept_where_only_its_owner_reads_it(tmp_path):
    data = tmp_path / "deep" / "data"
    key = start("s.SECRET_KEY", DATA_DIR=str(data))
    assert len(key) >= 50
    assert start("s.SECRET_KEY", DATA_DIR=str(data)) == key
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secret_key"]


def test_a_key_of_ones_own_is_used_and_not_written_down(tmp_path):
    secret = tmp_path / "given"
    secret.write_text("from-a-file\n")
    data = tmp_path / "data"
    assert start("s.SECRET_KEY", DATA_DIR=str(data), SECRET_KEY="ours") == "ours"
    assert start("s.SECRET_KEY", DATA_DIR=str(data), SECRET_KEY_FILE=str(secret)) == "from-a-file"
    assert not list(data.iterdir())


def test_processes_that_start_at_once_agree_on_the_key(tmp_path):
    path = tmp_path / "secret_key"
    script = (
        "import sys; from pathlib import Path; from ideproject.settings import kept_secret;"
        "sys.stdin.readline(); print(kept_secret(Path(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            cwd=site.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert keys == {path.read_text()}
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_another_process_made_first_is_the_one_that_counts(tmp_path, monkeypatch):
    path = tmp_path / "secret_key"

    def late(draft, target):
        path.write_text("theirs")
        raise FileExistsError

    monkeypatch.setattr(os, "link", late)
    assert site.kept_secret(path) == "theirs"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n## [0.2.0] – 2026-12-01\n\n## [0.1.0]\n", "0.2.0"),
        ("## v1.10.3-rc.1 (soon)\n", "1.10.3-rc.1"),
        ("no heading 1.2.3\n", "unknown"),
    ],
)
def test_the_version_is_the_changelogs_newest(tmp_path, text, version):
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(text)
    assert site.version(changelog) == version
    assert site.version(tmp_path / "missing.md") == "unknown"


def test_a_switch_that_is_set_to_nothing_is_off(monkeypatch):
    monkeypatch.setenv("SOME_SWITCH", "")
    assert site.envbool("SOME_SWITCH", True) is False


def test_secret_and_switch_errors_are_of_the_kind_django_reports(monkeypatch):
    monkeypatch.setenv("SOME_FILE", "/nowhere")
    with pytest.raises(ImproperlyConfigured):
        site.envsecret("SOME")
