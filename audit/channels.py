"""The ways in which a notification leaves: e-mail, and a signed webhook.

Both addresses are the operator's settings; nothing that a person sends can
choose or change one. The webhook's body is JSON and carries the ``timestamp``
of the attempt; ``X-Cloister-Signature`` is ``sha256=`` and the HMAC-SHA256 of
the body, in hex, under ``ALERT_WEBHOOK_SECRET``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from audit.models import Channel, Notification
from audit.visible import visible

TIMEOUT_SECONDS = 10
_SUBJECTS = {
    "escape_attempt": "Escape attempt by {user}",
    "repeated_violations": "Submissions of {user} are paused",
    "disk": "The disk is nearly full",
    "anchor": "The head of the audit's chain",
    "test": "Test notification",
}


class Undelivered(Exception):
    """The receiver did not accept it."""


def send(notification: Notification) -> None:
    """Deliver by the notification's channel; whatever it raises, it has not arrived."""
    if notification.kind == Channel.EMAIL:
        _send_email(notification.payload)
    else:
        _send_webhook({"id": str(notification.pk), **notification.payload})


def _send_email(payload: dict[str, Any]) -> None:
    if not settings.ALERT_EMAILS:
        raise Undelivered("ALERT_EMAILS is empty")
    user = payload["user"] or "nobody in particular"
    subject = f"[{payload['instance']}] {_SUBJECTS[payload['event']].format(user=user)}"
    # A name with a line break must not become a header of its own.
    message = EmailMessage(" ".join(visible(subject).split()), _text(payload))
    message.to = settings.ALERT_EMAILS
    message.send()


def _text(payload: dict[str, Any]) -> str:
    """The notification as plain text, in which nothing sent can hide or pose as another line."""
    facts = {
        "When": payload["created"],
        "Person": payload["user"],
        "Execution": payload["execution_id"],
        "Door": payload["door"],
        "Paused until": payload["paused_until"],
        "Anchor": payload.get("anchor"),
        "Disk": payload.get("disk"),
    }
    lines = [f"{name + ':':14}{fact}" for name, fact in facts.items() if fact]
    for violation in payload["violations"]:
        where = f", at {violation['place']}" if violation["place"] else ""
        lines += ["", f"{violation['severity']}: {violation['rule']}{where}"]
        lines += [f"    {violation['message']}", f"    {violation['dossier']}"]
    return "\n".join(visible(line.replace("\n", " ")) for line in lines) + "\n"


def _send_webhook(payload: dict[str, Any]) -> None:
    address = urlsplit(settings.ALERT_WEBHOOK_URL)
    if not address.hostname or not settings.ALERT_WEBHOOK_SECRET:
        raise Undelivered("ALERT_WEBHOOK_URL or its secret is not set")
    body = json.dumps({**payload, "timestamp": int(time.time())}).encode()
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname, address.port, timeout=TIMEOUT_SECONDS)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        # http.client follows no redirect: a receiver cannot send us anywhere else.
        connection.request("POST", path, body, _headers(body))
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Undelivered(f"the webhook answered {status}")


def _headers(body: bytes) -> dict[str, str]:
    secret = settings.ALERT_WEBHOOK_SECRET.encode()
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Cloister",
        "X-Cloister-Signature": f"sha256={signature}",
    }
