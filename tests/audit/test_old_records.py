"""Records that version 0.2 wrote and sealed still match their seals."""

import json
import os
import subprocess
import sys
from pathlib import Path

from audit import packing
from audit.recorder import source_of

OLD = Path(__file__).with_name("records_of_0_2.sql")
# What signed them: a key of that database alone.
KEY = "5HSC61sicxxLmyyBsRhSlFbsaJmq6RKmCS0Dqa7fCmdXwIZcm4zQw0To22bHNUIlcZU"
WRONG = "f" * 64
UPGRADE = """
import json, sqlite3, sys
from datetime import timedelta
import django
django.setup()
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from audit import acceptance, recovery, retention, seals
from audit.models import Source
from audit.verification import Verification

def found():
    verification = Verification()
    return [str(one) for one in verification.findings()], verification.records

call_command("migrate", "audit", "0008_measures", verbosity=0)
database = sqlite3.connect(settings.DATABASES["default"]["NAME"])
database.execute("INSERT INTO audit_passage DEFAULT VALUES")
database.executescript(open(sys.argv[1]).read())
database.execute("DELETE FROM audit_passage")
database.execute(
    "INSERT INTO audit_source VALUES (?, ?, '2026-01-01 00:00:00')", [sys.argv[2], '{"a.c": {}}']
)
database.commit()
database.close()
call_command("migrate", "audit", verbosity=0)
recovery.recover()
acceptance.adopt()
told = {"upgraded": found()}
told["sources"] = {one.hash: sorted(one.contents()) for one in Source.objects.all()}
retention.forget(User.objects.get())
told["forgotten"] = found()
seals.GRACE = -timedelta(days=1)
seals.seal()
told["sealed"] = found()
print(json.dumps(told))
"""


def test_old_seals_hold_after_the_upgrade_and_after_their_person_is_forgotten(tmp_path):
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "ideproject.settings",
        "AUDIT_SIGNING_KEY": KEY,
        "DATABASE_URL": "",
    }
    command = [sys.executable, "-c", UPGRADE, str(OLD), WRONG]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # A source that was changed before is named after it, and nothing else is.
    changed = [f"source {WRONG} changed"]
    assert told["upgraded"] == [changed, 2]
    assert told["sources"].pop(WRONG) == ["unreadable"]
    assert sorted(told["sources"].values()) == [["b.h", "main.c"], ["main.c"], ["main.c"]]
    assert told["forgotten"] == [changed, 2]
    assert told["sealed"][0] == changed
    assert told["sealed"][1] > 2


def test_hash_of_a_source_is_unchanged_since_0_2():
    files = {"main.c": b"int main(void) { return 1; }\n", "b.h": b"\xff\x00"}
    known = "36981c4240fd70528792f4028830fe2719b80211d4d995102a2c9b327676878a"
    assert source_of(files).hash == packing.hash_of(files) == known
