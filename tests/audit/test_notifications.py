import hashlib
import hmac
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit import notify
from audit.models import Notification

SECRET = "between-the-two-of-us"


class Receiver(HTTPServer):
    """A real web server that answers as it is told to, and keeps what it got."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.got = [], []
        self.came = threading.Event()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/hook?to=ops"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers, body))
        self.server.came.set()
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver(settings):
    server = Receiver()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    settings.ALERT_WEBHOOK_URL, settings.ALERT_WEBHOOK_SECRET = server.address, SECRET
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def postbox(db, settings):
    settings.ALERT_EMAILS = ["ops@example.org", "sec@example.org"]
    return mail.outbox


@pytest.fixture
def attempt(refuse, alice):
    """An escape attempt of alice's."""

    def _attempt(severity="high", **changed):
        escape = {"category": "escape_attempt", "rule": "blocked-syscall", "severity": severity}
        return refuse(alice, escape | changed)[0]

    return _attempt


def wait_is_over():
    Notification.objects.filter(next_try__isnull=False).update(next_try=timezone.now())


def test_an_escape_attempt_is_told_at_once_by_mail(postbox, attempt, settings):
    settings.SITE_URL = "https://ide.example"
    violation = attempt(message="The program tried ptrace.")
    assert notify.deliver_due() == 1
    letter = postbox[0]
    assert letter.to == ["ops@example.org", "sec@example.org"]
    assert letter.subject.endswith("Escape attempt by alice")
    assert "blocked-syscall, at main.c:3:5\n    The program tried ptrace.\n" in letter.body
    assert f"https://ide.example/admin/audit/violation/{violation.pk}/change/" in letter.body
    assert notify.deliver_due() == 0, "it has arrived"


@pytest.mark.parametrize(("severity", "told"), [("medium", 0), ("high", 1), ("critical", 1)])
def test_how_grave_an_attempt_must_be_is_a_setting(postbox, attempt, severity, told):
    attempt(severity)
    assert Notification.objects.count() == told


def test_a_blocked_pattern_alone_is_not_told(postbox, refuse, alice):
    refuse(alice, {"severity": "critical"})
    assert not Notification.objects.exists()


def test_a_pause_is_told_with_its_end(postbox, refuse, alice, settings):
    settings.REPEATED_VIOLATIONS_COUNT = 2
    refuse(alice)
    refuse(alice)
    notify.deliver_due()
    assert postbox[0].subject.endswith("Submissions of alice are paused")
    assert "Paused until:" in postbox[0].body


def test_without_an_address_nothing_waits(attempt):
    attempt()
    assert not Notification.objects.exists()


def test_a_name_with_line_breaks_becomes_no_header_and_no_line(postbox, attempt, alice):
    alice.username = "x\r\nBcc: all@example.org"
    attempt(message="one\nSubject: two\x1b[2J\u202e", file="a\nb.c")
    notify.deliver_due()
    message = postbox[0].message()
    assert message["Bcc"] is None
    assert "\nSubject: two" not in postbox[0].body
    assert "\x1b" not in postbox[0].body
    assert "\\x1b[2J\\u202e" in postbox[0].body


def test_a_webhook_that_fails_twice_is_asked_again_until_it_accepts(receiver, attempt):
    receiver.answers = [500, 503]
    violation = attempt()
    sent = []
    for _ in range(3):
        sent.append(notify.deliver_due())
        wait_is_over()
    assert sent == [0, 0, 1]
    stored = Notification.objects.get()
    assert (stored.attempts, stored.last_error, stored.next_try) == (3, "", None)
    assert notify.deliver_due() == 0

    path, headers, body = receiver.got[-1]
    told = json.loads(body)
    assert path == "/hook?to=ops"
    assert headers["Content-Type"] == "application/json"
    assert told["event"] == "escape_attempt"
    assert told["user"] == "alice"
    assert [one["id"] for one in told["violations"]] == [violation.pk]
    assert told["timestamp"] == pytest.approx(time.time(), abs=60)
    assert len({json.loads(body)["id"] for _, _, body in receiver.got}) == 1


def test_the_signature_is_the_hmac_of_the_very_bytes(receiver, attempt):
    attempt()
    notify.deliver_due()
    _, headers, body = receiver.got[0]
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Cloister-Signature"] == f"sha256={expected}"


def test_the_pauses_between_tries_grow_up_to_an_hour(receiver, attempt, settings):
    settings.ALERT_RETRY_SECONDS = 30
    receiver.answers = [500] * 10
    attempt()
    waits = []
    for _ in range(9):
        notify.deliver_due()
        stored = Notification.objects.get()
        waits.append((stored.next_try - timezone.now()).total_seconds())
        wait_is_over()
    assert waits == pytest.approx([30, 60, 120, 240, 480, 960, 1920, 3600, 3600], abs=5)


def test_after_the_last_try_it_is_given_up_and_the_log_says_so(receiver, attempt, settings, caplog):
    settings.ALERT_ATTEMPTS = 2
    receiver.answers = [500, 500]
    attempt()
    for _ in range(3):
        notify.deliver_due()
        wait_is_over()
    stored = Notification.objects.get()
    assert (stored.attempts, stored.next_try, stored.sent_at) == (2, None, None)
    assert "given up" in caplog.text
    assert "the webhook answered 500" in stored.last_error


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(receiver, attempt, status):
    receiver.answers = [status]
    attempt()
    assert notify.deliver_due() == 0
    assert [path for path, _, _ in receiver.got] == ["/hook?to=ops"]


def test_a_webhook_that_is_not_there_does_not_hold_up_the_mail(postbox, attempt, settings):
    settings.ALERT_WEBHOOK_URL, settings.ALERT_WEBHOOK_SECRET = "http://127.0.0.1:9/", SECRET
    attempt()
    assert notify.deliver_due() == 1
    assert len(postbox) == 1
    assert "refused" in Notification.objects.get(kind="webhook").last_error


def test_however_much_waits_for_a_webhook_that_is_not_there_mail_is_sent_at_once(
    postbox, attempt, settings
):
    settings.ALERT_WEBHOOK_URL, settings.ALERT_WEBHOOK_SECRET = "http://127.0.0.1:9/", SECRET
    before = timezone.now() - timedelta(minutes=1)
    waiting = [Notification(kind="webhook", payload={}, next_try=before) for _ in range(60)]
    Notification.objects.bulk_create(waiting)
    attempt()
    assert notify.deliver_due() == 1
    assert len(postbox) == 1


def test_what_one_deliverer_has_claimed_no_other_sends(postbox, attempt):
    attempt()
    seen_by_both = Notification.objects.get()
    assert notify.deliver_due() == 1
    assert not notify._claimed(seen_by_both)


def test_what_a_deliverer_left_half_done_is_sent_again_later(postbox, attempt):
    attempt()
    assert notify._claimed(Notification.objects.get())
    assert notify.deliver_due() == 0
    Notification.objects.update(next_try=timezone.now() - timedelta(seconds=1))
    assert notify.deliver_due() == 1


def test_a_violation_that_is_not_stored_is_not_told(postbox, record, outcome, violation, alice):
    from audit import recorder

    execution = record(user=alice)
    escape = violation(category="escape_attempt")
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        recorder.ended(execution.pk, outcome(violations=[escape, violation(line=-1)]))
    assert not Notification.objects.exists()


def test_the_command_delivers_and_says_what_waits(postbox, attempt, capsys):
    attempt()
    call_command("notify")
    assert capsys.readouterr().out == "1 delivered, 0 waiting.\n"


def test_the_command_tries_every_channel(postbox, receiver):
    call_command("notify", "--test")
    assert postbox[0].subject.endswith("Test notification")
    assert json.loads(receiver.got[0][2])["event"] == "test"


def test_the_command_fails_when_a_channel_does(db, receiver):
    receiver.answers = [404]
    with pytest.raises(CommandError, match="the webhook answered 404"):
        call_command("notify", "--test")


def test_the_command_says_when_there_is_nobody_to_tell(db):
    with pytest.raises(CommandError, match="Neither ALERT_EMAILS nor ALERT_WEBHOOK_URL"):
        call_command("notify", "--test")


@pytest.mark.django_db(transaction=True)
def test_the_server_delivers_by_itself(receiver, attempt):
    end = notify.start()
    try:
        attempt()
        assert receiver.came.wait(20)
    finally:
        end()
    assert Notification.objects.get().sent_at
