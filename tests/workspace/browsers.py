"""People with a browser of their own, which speaks JSON and has a token against forged requests."""

import hashlib
import json

from django.test import Client


class Browser:
    """A logged-in client whose requests pass the real CSRF check."""

    def __init__(self, person=None):
        self.client = Client(enforce_csrf_checks=True)
        self.token = ""
        if person:
            self.client.force_login(person)
        self._fetch_token()

    def _fetch_token(self):
        # Any page with a form carries it; the cookie itself is closed to scripts.
        answer = self.client.get("/accounts/login/")
        if answer.status_code == 302:
            answer = self.client.get("/")
        self.token = str(answer.context["csrf_token"])

    def ask(self, method, path, body=None, **headers):
        """One request with a JSON body, or with raw bytes."""
        if isinstance(body, bytes):
            data, kind = body, "application/octet-stream"
        else:
            data, kind = json.dumps(body) if body is not None else "", "application/json"
        return self.client.generic(
            method, path, data, kind, headers={"X-CSRFToken": self.token, **headers}
        )

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def upload(self, path, *files, **fields):
        """A form with files, as the browser sends it."""
        return self.client.post(
            path, {"files": list(files), **fields}, headers={"X-CSRFToken": self.token}
        )

    def make(self, name="Nets", files=None, **fields):
        """A new project; its object."""
        body = {"name": name, **fields}
        if files is not None:
            body["files"] = [{"path": path, "content": text} for path, text in files.items()]
        answer = self.ask("POST", "/api/projects/", body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def project(self, made):
        return self.get(f"/api/projects/{made['id']}/").json()

    def texts(self, made):
        """The project's files as text, by path."""
        return {file["path"]: file["text"] for file in self.project(made)["files"]}


def address(made, rest=""):
    return f"/api/projects/{made['id']}/{rest}"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()
