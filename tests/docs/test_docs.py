"""The documents say what the code does; what is added to the code is added to them."""

import ast
import json
import re
import tomllib
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands

from executor import messages, outcome, verdict
from executor.limits import KIB, MIB, Limits
from executor.parsing import parse
from executor.rulebook import DEFAULT_PATH

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "sandbox/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
README = (ROOT / "README.md").read_text()
PROTOCOL = (ROOT / "docs/protocol.md").read_text()
POLICY = (ROOT / "docs/policy.md").read_text()
ENGINE = sorted((ROOT / "executor").glob("*.py"))
AUDIT = sorted((ROOT / "audit").glob("*.py"))
WORKSPACE = sorted((ROOT / "workspace").glob("*.py"))
BODIES = ROOT / "ideproject" / "bodies.py"
MAKE_TARGETS = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))

# The first argument of these is a stable code that a client or an operator may meet.
CODED = {"BadMessage", "BadSubmission", "Refused", "Error", "SandboxUnavailable"}
RULE = re.compile(r"[a-z]+-[a-z]+")
UNITS = {"MB": MIB, "KB": KIB, "s": 1, "%": 1}


def every_page(test):
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))(
        test
    )


def blocks(text, kind):
    """The content of the page's code blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section(text, heading):
    """What stands below a heading, down to the next one of its level or above."""
    level = heading.split()[0]
    below = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{len(level)}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]


def table(text):
    """The names in a table's first column."""
    first = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([\w-]+)`", cell)}


def calls(path):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def constants(call):
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant)]


def error_codes(modules=ENGINE):
    """Every code that the modules give to one of their errors."""
    coded = [call for path in modules for call in calls(path) if called(call) in CODED]
    return {call.args[0].value for call in coded if isinstance(call.args[0], ast.Constant)}


def hand_made_rules():
    """The rules of violations that are made in code and not by the policy file."""
    engine = [call for path in ENGINE for call in calls(path) if called(call) == "Violation"]
    named = {text for call in engine for text in constants(call) if RULE.fullmatch(text)}
    named |= {
        keyword.value.value
        for path in AUDIT
        for call in calls(path)
        for keyword in call.keywords
        if keyword.arg == "rule" and isinstance(keyword.value, ast.Constant)
    }
    sizes = re.findall(r'\("([a-z]+-(?:size|count))", ', (ROOT / "executor/sizes.py").read_text())
    objects = re.findall(r'refuse\("([a-z-]+)"', (ROOT / "sandbox/object.c").read_text())
    endings = [verdict.limit_violation(status, "") for status in outcome.Status]
    limits = {violation.rule for violation in endings if violation}
    return (
        named | set(sizes) | {f"object-{word}" for word in objects} | limits | set(verdict.OUTLIVED)
    )


def client_types():
    return {kind.type for kind in messages.ClientMessage.__args__}


def server_kinds():
    return [kind for kind in vars(messages).values() if isinstance(kind, type) and is_server(kind)]


def is_server(kind):
    return hasattr(kind, "type") and kind.type not in client_types()


# The protocol


def test_the_protocol_names_every_message_of_the_client():
    sent = section(PROTOCOL, "## What the client sends")
    headings = set(re.findall(r"^### `(\w+)`", sent, re.MULTILINE))
    described = headings | table(section(PROTOCOL, "### While it lives"))
    assert described == client_types()


def test_the_protocol_names_every_message_of_the_server_with_its_fields():
    sent = section(PROTOCOL, "## What the server sends")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", sent, re.MULTILINE))
    assert len(server_kinds()) >= 9
    for kind in server_kinds():
        named = set(re.findall(r"`(\w+)`", rows[kind.type]))
        wanted = {one.name for one in fields(kind)}
        assert named == (set() if kind is messages.Result else wanted), kind.type


def test_every_example_of_a_client_message_is_understood_by_the_server():
    examples = blocks(PROTOCOL, "json client")
    assert {parse(example).type for example in examples} == client_types()


def test_every_other_example_is_valid_json():
    for block in blocks(PROTOCOL, "json"):
        decoder, rest = json.JSONDecoder(), block.strip()
        while rest:
            example, end = decoder.raw_decode(rest)
            assert isinstance(example, dict)
            rest = rest[end:].lstrip()


def test_the_protocol_explains_every_error_code_and_no_other():
    assert len(error_codes()) > 15
    assert table(section(PROTOCOL, "### Error codes")) == error_codes()


def test_the_protocol_explains_every_error_code_of_the_api_and_no_other():
    known = table(section(PROTOCOL, "### Error codes"))
    described = table(section(PROTOCOL, "### Errors"))
    given = error_codes([*WORKSPACE, BODIES]) | {"code-size", "data-size"}
    # The API gives these two a meaning of its own.
    assert described == (given - known) | (given & {"busy", "unavailable"})
    assert len(described) > 10


def test_the_protocol_names_every_address_of_the_api():
    listed = {
        re.sub(r"<\w+>", "*", path)
        for path in re.findall(r"`(?:GET|POST|PUT|PATCH|DELETE) (/api/\S*)`", PROTOCOL)
    }
    served = set(addresses(import_module("ideproject.urls").urlpatterns, "/"))
    assert listed == {address for address in served if address.startswith("/api/")}


def addresses(patterns, before):
    """The addresses of URL patterns, each variable part as an asterisk."""
    for pattern in patterns:
        address = before + re.sub(r"<[\w:]+>", "*", str(pattern.pattern))
        inner = getattr(pattern, "url_patterns", None)
        yield from addresses(inner, address) if inner else [address]


def test_the_protocol_names_every_close_code():
    consumer = import_module("executor.consumers")
    codes = {value for name, value in vars(consumer).items() if name.startswith("CLOSED_")}
    listed = set(re.findall(r"^\| (\d{4}) \|", PROTOCOL, re.MULTILINE))
    assert listed == {str(code) for code in codes}


def test_the_protocol_explains_every_status_and_no_other():
    assert table(section(PROTOCOL, "### Statuses")) == {str(status) for status in outcome.Status}


def test_the_protocol_explains_every_field_of_the_result():
    described = table(section(PROTOCOL, "## The result").split("###")[0])
    assert described == {one.name for one in fields(outcome.Outcome)} - {
        *messages.Result.only_recorded
    }


def test_the_protocol_explains_every_field_and_value_of_a_violation():
    text = section(PROTOCOL, "### A violation")
    assert table(text) == {one.name for one in fields(outcome.Violation)}
    for value in [*outcome.Category, *outcome.Severity]:
        assert f"`{value}`" in text


@pytest.mark.parametrize("kind", [outcome.Diagnostic, outcome.OutputFile])
def test_the_protocol_names_every_field_of_what_a_result_lists(kind):
    for one in fields(kind):
        assert f"`{one.name}`" in section(PROTOCOL, "## The result")


# The policy


def test_every_rule_of_the_policy_is_listed_with_its_severity_and_reason():
    rules = tomllib.loads(DEFAULT_PATH.read_text())["rules"]
    rows = re.findall(
        r"^\| `([\w-]+)` \| (\w+) \| .* \| (.*) \|$", section(POLICY, "## The rules"), re.MULTILINE
    )
    assert rows == [(name, rule["severity"], rule["why"]) for name, rule in rules.items()]


def test_every_header_of_every_profile_is_listed():
    for headers in tomllib.loads(DEFAULT_PATH.read_text())["profiles"].values():
        missing = [name for name in headers if f"`{name}`" not in section(POLICY, "## Headers")]
        assert not missing


def test_violations_that_no_rule_makes_are_listed():
    made = hand_made_rules() - set(tomllib.loads(DEFAULT_PATH.read_text())["rules"])
    assert {"blocked-syscall", "no-verdict", "stdin-size"} <= made
    assert made == table(section(POLICY, "## Violations beyond the policy file"))


# The supervisor


@pytest.mark.parametrize("kind", ["ORDER", "EVENT"])
def test_every_frame_of_the_supervisors_protocol_is_explained(kind):
    frames = re.findall(rf"{kind}_\w+ = '(\w)'", (ROOT / "sandbox/frames.h").read_text())
    text = section((ROOT / "docs/architecture.md").read_text(), "## The supervisor's protocol")
    pairs = re.findall(r"^\| (`.*?) \| .*? \| (`.*?) \| ", text, re.MULTILINE)
    listed = " ".join(pair[kind == "EVENT"] for pair in pairs)
    assert sorted(re.findall(r"`(\w)`", listed)) == sorted(frames)


def test_every_file_of_the_sandbox_is_in_its_readme():
    text = (ROOT / "sandbox/README.md").read_text()
    pairs = set(re.findall(r"`(\w+)\.\[ch\]`", text))
    for file in (ROOT / "sandbox").iterdir():
        assert file.stem in pairs | {"README"} or f"`{file.name}" in text, file.name


# Limits


def test_every_limit_is_a_setting_that_is_explained():
    text = (ROOT / "docs/settings.md").read_text()
    missing = [one.name for one in fields(Limits) if f"`LIMIT_{one.name.upper()}`" not in text]
    assert not missing


def test_the_limits_in_the_readme_are_the_defaults():
    rows = re.findall(
        r"^\| .* \| ([\d.]+) (\w+|%) \| .* \| `LIMIT_(\w+)` \|$", README, re.MULTILINE
    )
    assert len(rows) >= 8
    for number, unit, name in rows:
        assert float(number) * UNITS[unit] == getattr(Limits(), name.lower()), name


# What people type


def test_the_readme_begins_with_the_commands_to_run_and_to_test():
    first = blocks(README, "sh")[0].splitlines()
    assert [line.split("#")[0].strip() for line in first] == ["make run", "make test"]


def test_ci_runs_what_the_readme_says():
    last = (ROOT / ".ci/run").read_text().strip().splitlines()[-1]
    assert last.removeprefix("exec ") == "make test"


@every_page
def test_every_make_target_that_is_named_exists(page):
    named = re.findall(r"(?:`|^|[A-Z_]+=\S+ )make (\w+)", page.read_text(), re.MULTILINE)
    assert set(named) <= MAKE_TARGETS


@every_page
def test_every_management_command_that_is_named_exists(page):
    text = page.read_text()
    assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())
    verbs = set(re.findall(r"manage\.py sandbox (\w+)", text))
    assert verbs <= {"build", "check", "kill", "logs", "prune", "ps"}


@every_page
def test_every_link_leads_to_a_file_and_a_heading(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


def anchors(page):
    """The headings' ids, as renderers of Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@every_page
def test_every_file_that_is_named_exists(page):
    folders = "audit|bench|docs|executor|ideproject|sandbox|scripts|static/src|tests|workspace"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text()):
        assert (ROOT / path).exists(), path


def test_every_decision_tells_what_was_asked_seen_and_chosen_and_what_would_change_it():
    pages = [page for page in PAGES if page.parent.name == "decisions"]
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        parts = re.findall(r"^\*\*(.+)\*\*$", page.read_text(), re.MULTILINE)
        assert parts == ["Question.", "Seen.", "Choice.", "What would change it."], page.name


# Examples


@pytest.mark.docker
def test_the_readmes_example_prints_what_the_readme_says(sandbox):
    source, printed = blocks(README, "c")[0], blocks(README, "text")[0]
    result = sandbox.execute_code(source)
    assert (result["status"], result["stdout"]) == ("success", printed)


@pytest.mark.docker
def test_the_readmes_other_example_is_refused_as_the_readme_says(sandbox):
    result = sandbox.execute_code(blocks(README, "c")[1])
    told = "".join(
        f"{one['file']}:{one['line']}:{one['column']}: {one['message']}\n    {one['suggestion']}\n"
        for one in result["violations"]
    )
    assert (result["status"], told) == ("blocked", blocks(README, "text")[1])
    assert not result["container"]


# Lock files


LOCKS = ["requirements.txt", "requirements-scale.txt", "requirements-dev.txt", "package-lock.json"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_host(name):
    text = (ROOT / name).read_text()
    assert text
    assert '"resolved"' not in text
    if name.startswith("requirements"):
        assert "http" not in re.sub(r"^(http\w*)==", "", text, flags=re.MULTILINE)
